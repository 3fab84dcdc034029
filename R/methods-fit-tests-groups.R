# Tests of goodness of fit by groups of rows.

hosmer_lemeshow <- function(rows, groups) {
  group <- groups_by_quantiles(fit_score(rows), rows$weights, groups)
  observed <- rowsum(rows$weights * rows$observed, group)
  expected <- rowsum(rows$weights * rows$probability, group)
  there <- nrow(observed)
  each <- ifelse(observed == expected, 0, (observed - expected)^2 / expected)
  table <- table_of_groups(rows, group, observed, expected)
  fewer <- if (there < groups) {
    paste0(" of the ", groups, " asked for, as rows of the same probability stay together")
  }
  if (there < 3L) {
    return(not_tested(
      paste0("Hosmer-Lemeshow: no test, with ", counted(there, "group"), fewer, "."), groups = table
    ))
  }
  more <- if (is.null(rows$ordered)) 0 else ncol(observed) - 2  # Fagerland and Hosmer (2013)
  tested(
    sum(each), (there - 2) * (ncol(observed) - 1) + more,
    paste0("Hosmer-Lemeshow: ", there, " groups by quantiles", fewer, "."), groups = table
  )
}

# What rows are grouped by: the probability of not being in the first class; of ordered classes the
# mean of their numbers.
fit_score <- function(rows) {
  if (is.null(rows$ordered)) return(1 - rows$probability[, 1L])
  as.vector(rows$probability %*% seq_len(ncol(rows$probability)))
}

# For each row the number of its group: between the quantiles (type 7, as quantile() has them) of
# the values, each repeated as often as its weight says. A quantile belongs to the group below.
groups_by_quantiles <- function(values, weights, groups) {
  in_order <- order(values)
  sorted <- values[in_order]
  upto <- cumsum(weights[in_order])
  total <- upto[length(upto)]
  # Sums of weights that are no whole numbers have rounding errors.
  at <- function(place) sorted[pmin(findInterval(place - 1e-9, upto) + 1L, length(sorted))]
  place <- 1 + max(total - 1, 0) * seq(0, 1, 1 / groups)
  low <- at(floor(place))
  high <- at(ceiling(place))
  share <- place - floor(place)
  between <- ifelse(share > 0 & high != low, (1 - share) * low + share * high, low)
  # Of weights that are below 1 the first and the last row may lie beyond.
  between[c(1L, groups + 1L)] <- sorted[c(1L, length(sorted))]
  group <- findInterval(values, unique(between), left.open = TRUE, rightmost.closed = TRUE)
  match(group, sort(unique(group)))
}

table_of_groups <- function(rows, group, observed, expected) {
  score <- fit_score(rows)
  ends <- vapply(split(score, group), range, numeric(2L))
  out <- data.frame(lowest = ends[1L, ], highest = ends[2L, ], n = rowSums(observed))
  out[paste0("observed.", rows$outcomes)] <- observed
  out[paste0("expected.", rows$outcomes)] <- expected
  out
}

# --- of ordered classes ---------------------------------------------------------------------------

# Lipsitz, Fitzmaurice and Molenberghs (1996): the groups of the Hosmer-Lemeshow test, but for the
# first, are added to the model as terms with one slope for all cuts.
lipsitz <- function(fit, groups) {
  if (is_stored(fit)) {
    return(not_tested("Lipsitz: no test, as the rows are stored: it adds columns to the design."))
  }
  rows <- all_rated_rows(fit)
  group <- groups_by_quantiles(fit_score(rows), rows$weights, groups)
  there <- max(group)
  if (there < 2L) return(not_tested("Lipsitz: no test, with one group."))
  blueprint <- blueprint_of(fit)
  member <- outer(group, seq_len(there)[-1L], `==`) + 0
  design <- as_design(cbind(stats::model.matrix(fit), member, deparse.level = 0L))
  design$names <- c(blueprint$columns, rep.int("added", there - 1L))
  design$assign <- c(blueprint$assign, rep.int(-1L, there - 1L))
  control <- quietly(complete_control(list(), "newton"))
  response <- list(category = fit$category - 1L, weights = fit$weights)
  core <- core_model(model_of(fit), list(levels = fit$lev), design)
  problem <- plain_problem(design, response, rows_of(fit)$offset, core, control$threads)
  start <- c(known_start(core_values(fit)), numeric(there - 1L))
  solved <- solve_problem(problem, list(list(coefficients = start)), control, "newton")
  if (solved$status != "converged") warn_refit(solved)
  tested(
    max(0, fit$deviance + 2 * solved$logLik), sum(!solved$aliased) - fit$edf,
    paste0("Lipsitz: ", there, " groups as terms of the model.")
  )
}
