# Matched sets: rows with what came of them and what is predicted, and measures of prediction.

# With the probability of each row, given how many cases its set has.
with_chances <- function(rows) {
  in_order <- order(rows$set, method = "radix")
  residual <- numeric(length(rows$y))
  residual[in_order] <- residuals_within_sets(
    rows$eta[in_order], rows$y[in_order], rows$set[in_order]
  )
  case <- rows$y - residual
  rows$probability <- cbind(1 - case, case, deparse.level = 0L)
  rows
}

# Of rows of sets that vary.
measures_of_sets <- function(rows) {
  in_order <- order(rows$set, method = "radix")
  y <- rows$y[in_order]
  eta <- rows$eta[in_order]
  set <- match(rows$set[in_order], unique(rows$set[in_order]))
  weights <- rows$weights[in_order]
  likely <- within_sets(eta, y, set, weights)$loglik
  by_chance <- within_sets(numeric(length(eta)), y, set, weights)$loglik
  concordance <- concordance_within(eta, y, set, weights)
  estimate <- c(
    brier = sum(rows$weights * (rows$y - rows$probability[, 2L])^2) / sum(rows$weights),
    log_loss = -likely / sum(weights[!duplicated(set)]), concordance = concordance[[1L]],
    accuracy = cases_found(eta, y, set, weights), mcfadden = 1 - likely / by_chance
  )
  std.error <- replace(estimate, TRUE, NA)
  std.error["concordance"] <- concordance[[2L]]
  list(estimate = estimate, std.error = std.error)
}

# The share of the cases that are among as many rows of their sets as there are cases, those of the
# largest predictors; of ties at the end the share that a draw would have.
cases_found <- function(eta, y, set, weights) {
  in_order <- order(set, -eta, method = "radix")
  size <- tabulate(set)
  cases <- tabulate(set[y == 1], length(size))
  last <- eta[in_order][cumsum(c(0, size))[seq_along(size)] + cases]  # of each set
  beyond <- eta > last[set]
  at_end <- eta == last[set]
  left <- cases - tabulate(set[beyond], length(size))
  share <- beyond + at_end * (left / tabulate(set[at_end], length(size)))[set]
  sum((weights * share)[y == 1]) / sum(weights[y == 1])
}
