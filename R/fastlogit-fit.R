# For a design that is at hand.

#' Fit a logistic regression to a design matrix
#'
#' For a design matrix and a response that are at hand, without a formula: the arguments and the
#' result of [stats::glm.fit()]. It can be given to `glm()` as its `method`, for code that insists
#' on `glm()`.
#'
#' @param x numeric design matrix, n x p, or a sparse matrix of package Matrix, of which no dense
#'   copy is made.
#' @param y response: n proportions or 0/1 values, a logical vector, a factor of two levels (the
#'   first is failure), or an n x 2 matrix of counts (successes, failures).
#' @param weights n prior weights, non-negative: the numbers of trials where `y` holds proportions.
#' @param start,etastart,mustart where to begin: p coefficients, n linear predictors or n means. A
#'   start from which there is no way on is replaced by the default one, with a message.
#' @param offset n values that are added to the linear predictor.
#' @param family [stats::binomial()] or [stats::quasibinomial()] with link logit, probit, cloglog,
#'   cauchit, log or identity, or one of your own, see [fastlogit()]. Any other family is passed on
#'   to `glm.fit()`, for the score tests of `anova(test = "Rao")`, which fit a gaussian model by the
#'   same method.
#' @param control a list as [fastlogit_control()] makes it.
#' @param intercept logical: does the null model have an intercept?
#' @param singular.ok logical: if `FALSE`, linearly dependent columns are an error.
#' @param ... nothing: an unknown argument is an error.
#' @return The list that `glm.fit()` returns, see there: `coefficients`, p values on the scale of
#'   the linear predictor (log odds and log odds ratios for the logit link), `NA` for aliased
#'   columns; `fitted.values`, `linear.predictors`, `residuals`, `weights`, `prior.weights` and `y`,
#'   n values each; and so on. It has `algorithm`, `status`, `history`, `cholesky`, `orthogonalised`
#'   and `threads` of [fastlogit()], too. The numbers of `qr`, `R` and `effects` are computed when
#'   they are read, for which the list keeps `x`. For a sparse one it has none of them, but
#'   `std.errors`, the standard errors of the p coefficients as [summary.fastlogit()] has them,
#'   which are computed when they are read, too.
#' @seealso [fastlogit()]
#' @examples
#' x <- cbind("(Intercept)" = 1, temp = oring$temp)
#' fastlogit_fit(x, oring$fail)$coefficients
#' glm(fail ~ temp, binomial, oring, method = "fastlogit_fit")
#' @export
fastlogit_fit <- function(x, y, weights = rep.int(1, nobs), start = NULL, etastart = NULL,
                          mustart = NULL, offset = rep.int(0, nobs), family = stats::gaussian(),
                          control = list(), intercept = TRUE, singular.ok = TRUE, ...) {
  if (...length()) check_no_unknown()
  nobs <- NROW(y)
  family <- family_as_written(substitute(family), sys.call(), parent.frame()) %||% family
  fit_matrix(
    x, y, if (!missing(weights)) weights, start, etastart, mustart, if (!missing(offset)) offset,
    family, control, intercept, singular.ok
  )
}
