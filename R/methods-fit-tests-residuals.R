# Tests of fit whose statistics are sums of rows' residuals times numbers that the fit says, and
# what a test is.

tested <- function(statistic, df, note = NULL, ...) {
  list(statistic = statistic, df = df, p.value = chi_squared_tail(statistic, df), note = note, ...)
}

not_tested <- function(note, ...) tested(NA_real_, NA_real_, note, ...)

# The sums of a (y - p) over the rows, for columns a of `factors`, and their covariance once the
# coefficients are estimated. The scores x D (y - p) / V are zero at the estimate, so a sum is the
# same for a less what a regression on x D / V, with weights V, explains of it; and of that the sum
# of V a^2 is the variance. It is formed row by row, as little may be left of a.
tests_of_residuals <- function(fit, wanted) {
  if (length(wanted) == 0L) return(list())
  names <- c("linear.predictors", "fitted.values", "prior.weights", "residuals")
  rows <- components_by_row(fit, names)
  names(rows) <- names
  eta <- rows$linear.predictors
  slope <- fit$family$mu.eta(eta)
  # Stukel's are for the logit link, under which the score is y - p.
  factors <- cbind(
    1 - 2 * rows$fitted.values, ifelse(eta >= 0, eta^2 / 2, 0), ifelse(eta < 0, -eta^2 / 2, 0),
    deparse.level = 0L
  )
  spread <- rows$fitted.values * (1 - rows$fitted.values)
  variance <- rows$prior.weights * spread
  used <- variance > 0
  residual <- ifelse(used, rows$prior.weights * rows$residuals * slope, 0)
  total <- colSums(factors^2 * variance)
  explained <- explained_by_design(fit, factors * (rows$prior.weights * slope))
  factors <- factors - explained * (slope / spread)
  factors[!used, ] <- 0
  left <- crossprod(factors, factors * variance)
  sums <- drop(crossprod(factors, residual))
  diag(left)[diag(left) <= negligible * total] <- 0
  list(
    `le-cessie` = le_cessie(sums[1L], left[1L, 1L], sum(variance)),
    stukel = stukel(sums[-1L], left[-1L, -1L])
  )[wanted]
}

# X (X'WX)^-1 X'v, n x k.
explained_by_design <- function(fit, v) {
  known <- !is.na(fit$coefficients)
  cross <- matrix(0, length(known), ncol(v))
  visit_design(fit, function(x, at) {
    cross <<- cross + as.matrix(Matrix::crossprod(x, v[at, , drop = FALSE]))
  })
  coefficients <- matrix(0, length(known), ncol(v))
  coefficients[known, ] <- as.matrix(inverse_information(fit) %*% cross[known, , drop = FALSE])
  visit_design(fit, function(x, at) v[at, ] <<- as.matrix(x %*% coefficients))
  v
}

# visit(x, at) for runs of rows of the design, those of weight zero among them; at: their numbers.
visit_design <- function(fit, visit) {
  if (is_stored(fit)) {
    done <- 0
    problem <- problem_of_fit(fit, 1L)
    for_each_run(fit$stored$handle, function(first, last) {
      x <- stored_design(problem, first, last)
      visit(x, done + seq_len(nrow(x)))
      done <<- done + nrow(x)
    })
    return(invisible())
  }
  design <- rows_of(fit, fit$threads)$design
  if (!is.null(design$sparse)) return(visit(design$sparse, seq_len(design$rows)))
  together <- max(1000, floor(2e6 / max(1, length(design$names))))
  for (first in seq(1, design$rows, by = together)) {
    at <- seq(first, min(first + together - 1, design$rows))
    visit(design_matrix(rows_of_design(design, at)), at)
  }
}

# What is left of a variance, as a part of it, that is nothing but rounding.
negligible <- 1e-14

# sum: of squares, less what is expected; left: its variance.
le_cessie <- function(sum, left, expected) {
  squares <- c(observed = sum + expected, expected = expected, sd = sqrt(left))
  if (left == 0) {
    return(not_tested(
      "le Cessie-van Houwelingen: no test, as the model fits the sum of squares, whatever came.",
      sum_of_squares = replace(squares, "sd", NA)
    ))
  }
  z <- sum / sqrt(left)
  list(
    statistic = z, df = NA_real_, p.value = two_sided(z, Inf), sum_of_squares = squares,
    note = paste0(
      "le Cessie-van Houwelingen: sum of squares ", format(squares[[1L]], digits = 5L),
      ", expected ", format(expected, digits = 5L), "."
    )
  )
}

# The score test, by the directions in which the scores vary.
stukel <- function(score, left) {
  varying <- diag(left) > 0
  if (!any(varying)) {
    return(not_tested("Stukel: no test, as the added covariates depend on those of the model."))
  }
  scale <- sqrt(diag(left)[varying])
  parts <- eigen(left[varying, varying, drop = FALSE] / outer(scale, scale), symmetric = TRUE)
  kept <- parts$values > 1e-10  # of directions that are of length 1
  along <- drop(crossprod(parts$vectors[, kept, drop = FALSE], score[varying] / scale))
  note <- if (sum(kept) < 2L) "Stukel: one of the two covariates is zero, or depends on others."
  tested(sum(along^2 / parts$values[kept]), sum(kept), note)
}
