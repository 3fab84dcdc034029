# Ordered classes: the scores of rows in their linear predictors, and their sums over clusters.

# The derivatives of the rows' log-likelihoods, times their weights, in the predictors of the cuts,
# as triplets of `row`, `cut` and `value`: of cumulative probabilities a row has two of them at
# most.
ordered_scores <- function(fit) {
  eta <- ordered_predictors(fit)
  class <- fit$category
  count <- ncol(eta)
  rows <- seq_along(class)
  probability <- ordered_probabilities(eta, fit$steps, fit$link)
  own <- probability[cbind(rows, class)]
  of_cut <- function(j) {
    touched <- if (fit$steps == "cumulative") which(class == j | class == j + 1L) else rows
    slope <- probability_slopes(
      eta[touched, , drop = FALSE], fit$steps, fit$link, probability[touched, , drop = FALSE], j
    )
    value <- fit$weights[touched] * slope[cbind(seq_along(touched), class[touched])] / own[touched]
    value[fit$weights[touched] == 0] <- 0
    list(row = touched, cut = rep(j, length(touched)), value = value)
  }
  parts <- lapply(seq_len(count), of_cut)
  lapply(
    stats::setNames(nm = c("row", "cut", "value")), function(name) unlist(lapply(parts, `[[`, name))
  )
}

# Groups x coefficients, in the core's order. score: as ordered_scores() gives them; by_column: a
# function of a number for each row, of their sums by group and column of the design.
ordered_group_scores <- function(fit, design, score, group, groups,
                                 by_column = function(values) {
                                   as.matrix(scores_by_group(design, matrix(values), group, groups))
                                 }) {
  count <- length(fit$zeta)
  sums <- function(rows, cuts, values) {
    as.matrix(Matrix::sparseMatrix(rows, cuts, x = values, dims = c(groups, count)))
  }
  core <- core_model(model_of(fit), list(levels = fit$lev), design)$cuts
  shared <- setdiff(seq_len(core$columns), c(core$intercept, core$varying))
  totals <- numeric(length(group))
  summed <- rowsum(score$value, score$row)
  totals[as.integer(rownames(summed))] <- summed
  own <- sums(group[score$row], score$cut, score$value)
  varying <- lapply(seq_len(count), function(j) {
    if (length(core$varying) == 0L) return(NULL)
    at <- score$cut == j
    of_cut <- replace(numeric(length(group)), score$row[at], score$value[at])
    by_column(of_cut)[, core$varying, drop = FALSE]
  })
  of_varying <- lapply(seq_along(core$varying), function(c) {
    vapply(varying, function(of_cut) of_cut[, c], numeric(groups))
  })
  cbind(own, do.call(cbind, of_varying), -by_column(totals)[, shared, drop = FALSE])
}

# Of a run of stored rows, of the design x, their scores by group.
ordered_run_scores <- function(fit, problem, first, last, x) {
  run <- ordered_run(fit, problem, first, last)
  score <- ordered_scores(run)
  function(group, groups) {
    ordered_group_scores(run, fit$stored$design, score, group, groups, function(values) {
      as.matrix(scores_of_groups(x, matrix(values), group, groups))
    })
  }
}

# The information that the standard errors of a fit go by.
own_curvature <- function(fit) {
  expected <- fit$algorithm == "fisher" || adjusts_score(fit$penalty)
  if (expected || is.null(fit$cholesky$observed)) "expected" else "observed"
}
