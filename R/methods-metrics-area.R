# Areas under ROC curves, in the time that it takes to sort.

# Weights of successes and failures at each value of a score, from the lowest.
roc_curve <- function(score, success, failure) {
  in_order <- order(score)
  score <- score[in_order]
  last <- which(c(score[-1L] != score[-length(score)], TRUE))
  at_each <- function(weights) diff(c(0, cumsum(weights[in_order])[last]))
  list(success = at_each(success), failure = at_each(failure))
}

# To be drawn: few points of many.
thinned <- function(curve, most = 1000L) {
  values <- length(curve$success)
  if (values <= most) return(curve)
  group <- ceiling(seq_len(values) * (most / values))
  lapply(curve, function(weights) rowsum(weights, group)[, 1L])
}

# With DeLong's standard error: of the placements of successes among failures, and of failures among
# successes.
area_under <- function(curve) {
  successes <- sum(curve$success)
  failures <- sum(curve$failure)
  below <- function(weights) cumsum(weights) - weights / 2
  of_success <- below(curve$failure) / failures
  of_failure <- 1 - below(curve$success) / successes
  area <- sum(curve$success * of_success) / successes
  variance <- sum(curve$success * (of_success - area)^2) / (successes - 1) / successes +
    sum(curve$failure * (of_failure - area)^2) / (failures - 1) / failures
  list(estimate = area, std.error = if (min(successes, failures) > 1) sqrt(variance) else NaN)
}

# Classes that none of the rows belongs to are in no pair.
area_of_pairs <- function(rows) {
  there <- which(totals_of(rows) > 0)
  if (length(there) < 2L) return(NaN)
  weights <- rows$weights * rows$observed
  one_way <- function(i, j) {
    of <- weights[, i] > 0 | weights[, j] > 0
    area_under(roc_curve(rows$probability[of, i], weights[of, i], weights[of, j]))$estimate
  }
  pairs <- utils::combn(there, 2L)
  mean(mapply(function(i, j) (one_way(i, j) + one_way(j, i)) / 2, pairs[1L, ], pairs[2L, ]))
}
