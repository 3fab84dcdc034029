# Matched sets: predictions, residuals, and what other methods ask of the rows.

#' Predictions of matched sets and choices
#'
#' Linear predictors, and probabilities within the sets.
#'
#' @param object a fit by [fastclogit()].
#' @param newdata a data frame; by default the rows of the fit. For probabilities its sets are those
#'   of `strata()` in it. Where it has the response, that tells how many cases a set has; otherwise
#'   there is one in each, as where one of several alternatives is chosen.
#' @param type `"lp"`, the linear predictor; `"risk"`, its exponential; `"expected"`, the
#'   probability of each row to be a case (to be chosen) given how many its set has, which is what
#'   the residuals are about; `"terms"`, the terms of the linear predictor.
#' @param se.fit logical: standard errors? Of probabilities by the delta method.
#' @param na.action what is done with rows of `newdata` that have missing values: by default they
#'   are `NA`.
#' @param terms for `type = "terms"`: which terms, by name or number.
#' @param reference what a linear predictor is compared with, as for [survival::predict.coxph()]:
#'   `"strata"`, the mean of the row's set (as predictors of different sets cannot be compared);
#'   `"sample"`, the means `fit$means`, the default for `"terms"`; `"zero"`, a row of zeros. The
#'   means of sets are those of the fit. A set that the fit does not have, and all those that
#'   several variables make, have the mean of their rows in `newdata`.
#' @param vcov which covariance matrix the standard errors come from, see [covariances].
#' @param ... nothing: an unknown argument is an error.
#' @return A vector (for `"terms"` a matrix), or with `se.fit` a list of `fit` and `se.fit`.
#' @examples
#' fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert)
#' head(predict(fit, type = "expected"))
#' new <- data.frame(stratum = 1, spontaneous = 0:2, induced = 0)
#' predict(fit, new, type = "expected", se.fit = TRUE)
#' @export
predict.fastclogit <- function(object, newdata, type = c("lp", "risk", "expected", "terms"),
                               se.fit = FALSE, na.action = stats::na.pass,
                               terms = names(object$assign),
                               reference = c("strata", "sample", "zero"), vcov = NULL, ...) {
  check_no_unknown()
  type <- check_choice(type, c("lp", "risk", "expected", "terms"), "type")
  if (missing(reference) && type == "terms") reference <- "sample"
  reference <- check_choice(reference, c("strata", "sample", "zero"), "reference")
  check_flag(se.fit, "se.fit")
  terms <- match_terms(terms, names(object$assign))
  by_set <- type == "expected" || reference == "strata"
  rows <- if (missing(newdata) || is.null(newdata)) {
    own_set_rows(object)
  } else {
    new_set_rows(object, newdata, na.action, by_set, type == "expected")
  }
  found <- if (type == "expected") {
    predict_chances(object, rows, if (se.fit) covariance_of(object, vcov))
  } else {
    predict_linear(object, rows, type, reference, if (se.fit) covariance_of(object, vcov))
  }
  if (type == "terms") found <- lapply(found, function(of) of[, terms, drop = FALSE])
  padded <- function(values) {
    if (is.matrix(values)) rownames(values) <- rows$names else names(values) <- rows$names
    stats::napredict(rows$na.action, values)
  }
  if (se.fit) lapply(found[c("fit", "se.fit")], padded) else padded(found$fit)
}

predict_linear <- function(fit, rows, type, reference, found) {
  beta <- ifelse(is.na(fit$coefficients), 0, fit$coefficients)
  x <- rows$x
  offset <- rep_len(rows$offset, nrow(x))
  if (reference == "sample") {
    x <- x - rep(fit$means, each = nrow(x))
  } else if (reference == "strata") {
    about <- cbind(x, offset) - means_of_sets(rows, cbind(x, offset))
    x <- about[, seq_len(ncol(x)), drop = FALSE]
    offset <- about[, ncol(about)]
  }
  errors <- if (!is.null(found)) errors_by_matrix(fit, found)
  if (type == "terms") return(predict_set_terms(fit, x, beta, errors))
  eta <- drop(x %*% beta) + offset
  error <- if (!is.null(errors)) errors(x)
  if (type == "lp") return(list(fit = eta, se.fit = error))
  # As survival has it, of the risk's root.
  list(fit = exp(eta), se.fit = if (!is.null(error)) error * sqrt(exp(eta)))
}

predict_set_terms <- function(fit, x, beta, errors) {
  columns <- fit$assign
  by_term <- function(f) {
    values <- vapply(columns, f, numeric(nrow(x)))
    matrix(values, nrow(x), length(columns), dimnames = list(NULL, names(columns)))
  }
  only <- function(at) {
    x[, -at] <- 0
    x
  }
  c(
    list(fit = by_term(function(at) drop(x[, at, drop = FALSE] %*% beta[at]))),
    if (!is.null(errors)) list(se.fit = by_term(function(at) errors(only(at))))
  )
}

# The probabilities within sets. Their derivatives in a coefficient are the covariances of a row's
# outcome with the column's sum: central differences along the column.
predict_chances <- function(fit, rows, found) {
  beta <- ifelse(is.na(fit$coefficients), 0, fit$coefficients)
  eta <- drop(rows$x %*% beta) + rows$offset
  known <- !is.na(eta)
  at <- which(known)[order(rows$set[known])]
  chances <- function(eta) {
    rows$y[at] - residuals_within_sets(eta, rows$y[at], rows$set[at])
  }
  spread <- function(values) replace(rep(NA_real_, length(eta)), at, values)
  fitted <- spread(chances(eta[at]))
  if (is.null(found)) return(list(fit = fitted))
  variances <- diag(found$covariance)
  used <- which(!is.na(fit$coefficients) & is.finite(variances))
  slopes <- vapply(used, function(j) {
    column <- rows$x[at, j] - mean(rows$x[at, j])
    step <- 1e-5 / max(1e-300, abs(column))
    (chances(eta[at] + step * column) - chances(eta[at] - step * column)) / (2 * step)
  }, numeric(length(at)))
  slopes <- matrix(slopes, length(at))
  covariance <- found$covariance[used, used, drop = FALSE]
  list(fit = fitted, se.fit = spread(sqrt(rowSums((slopes %*% covariance) * slopes))))
}

#' @importFrom stats fitted
#' @export
fitted.fastclogit <- function(object, ...) {
  stats::napredict(object$na.action, object$fitted.values)
}

#' Residuals of matched sets
#'
#' How far each row is from what is expected of it, given how many cases its set has.
#'
#' @param object a fit by [fastclogit()].
#' @param type `"martingale"`, or `"response"`: observed less expected given how many cases the set
#'   has; `"deviance"`: of the same, as survival has them; `"score"`: that times the row's
#'   predictors, whose sums over sets are the sets' scores; `"dfbeta"`: the scores times the
#'   covariance matrix, whose sums over sets are about how much the coefficients change with the
#'   set; `"dfbetas"`: these in standard errors; `"pearson"`: standardised by the conditional
#'   variance.
#' @param collapse a value for each row, such as `fit$set`: sums over rows of equal values. `NULL`:
#'   each row.
#' @param ... nothing: an unknown argument is an error.
#' @return A vector, or for `"score"`, `"dfbeta"` and `"dfbetas"` a matrix with a column for each
#'   coefficient.
#' @examples
#' fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert)
#' head(residuals(fit))
#' head(residuals(fit, type = "dfbetas", collapse = fit$set))
#' @export
residuals.fastclogit <- function(object, type = c("martingale", "response", "deviance", "score",
                                   "dfbeta", "dfbetas", "pearson"), collapse = NULL, ...) {
  check_no_unknown()
  type <- check_choice(
    type, c("martingale", "response", "deviance", "score", "dfbeta", "dfbetas", "pearson"), "type"
  )
  object <- in_memory(object)
  r <- object$residuals
  y <- object$fitted.values + r
  values <- switch(type,
    martingale = , response = r,
    deviance = sign(r) * sqrt(-2 * (r + y * log(pmax(object$fitted.values, 1e-300)))),
    score = r * about_sets(stats::model.matrix(object), object$set),
    dfbeta = influences_of_rows(object),
    dfbetas = influences_of_rows(object) / rep(sqrt(diag(stats::vcov(object))), each = length(r)),
    pearson = ifelse(r == 0, 0, r / sqrt(object$fitted.values * (1 - object$fitted.values)))
  )
  if (is.null(collapse)) return(stats::naresid(object$na.action, values))
  check_length(collapse, length(r), "collapse")
  drop(rowsum(values, collapse))
}

influences_of_rows <- function(fit) {
  scores <- fit$residuals * (fit$weights %||% 1) *
    about_sets(stats::model.matrix(fit), fit$set)
  known <- !is.na(fit$coefficients)
  influences <- scores
  influences[, known] <- scores[, known, drop = FALSE] %*% stats::vcov(fit, complete = FALSE)
  influences[, !known] <- NA
  influences
}
