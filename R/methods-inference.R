# Covariances of the estimates.

#' Covariance matrix of the estimates
#'
#' The inverse of the information at the estimate, times the dispersion; or a sandwich, which holds
#' where the rows' variances are not those of the model, or where rows of a cluster are dependent.
#'
#' @param object a fit by [fastlogit()].
#' @param complete logical: rows and columns of `NA` for aliased coefficients?
#' @param type `"expected"`, as `glm()` reports it, or `"observed"`: the inverse of minus the second
#'   derivative of the log-likelihood. They coincide for the logit link. `"robust"`: the sandwich of
#'   the inverse expected information and the rows' squared scores (White 1982), as
#'   `sandwich::vcovHC(type = "HC0")` has it.
#' @param cluster for a sandwich of the scores' sums over clusters (Liang and Zeger 1986): a
#'   formula, such as `~ id`, or a value for each row. Of several variables, `~ firm + year`, or the
#'   columns of a data frame, the multiway estimator (Cameron, Gelbach and Miller 2011). As
#'   `sandwich::vcovCL(type = "HC0", cadjust = TRUE)`, its default for a `glm`, has it: each term
#'   has the factor G / (G - 1) of its G clusters, and there is none of the number of coefficients.
#'   Of a source the columns by name. With `type = "observed"` the observed information is on both
#'   sides.
#' @param dispersion the dispersion; by default 1 for `binomial()`, and estimated for
#'   `quasibinomial()` as [stats::summary.glm()] does.
#' @param ... nothing: an unknown argument is an error.
#' @return A symmetric matrix with the names of the coefficients. (The multiway estimator need not
#'   be positive definite.) Under separation it is that of the rows that are left, and `NA` where
#'   estimates are infinite; see [separation()].
#' @details
#' Of a penalised fit the scores in a sandwich are those of the likelihood, and the information is
#' that of the penalised fit, as package sandwich has it.
#' @references
#' Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2011) Robust inference with multiway
#' clustering. *Journal of Business & Economic Statistics* **29**, 238-249.
#'
#' White, H. (1982) Maximum likelihood estimation of misspecified models. *Econometrica* **50**,
#' 1-25.
#'
#' Liang, K.-Y. and Zeger, S. L. (1986) Longitudinal data analysis using generalized linear models.
#' *Biometrika* **73**, 13-22.
#' @examples
#' fit <- fastlogit(fail ~ temp, binomial("probit"), data = oring)
#' vcov(fit)
#' vcov(fit, type = "observed")
#' vcov(fit, type = "robust")
#' @export
vcov.fastlogit <- function(object, complete = TRUE, type = c("expected", "observed", "robust"),
                           dispersion = NULL, cluster = NULL, ...) {
  check_no_unknown()
  type <- check_choice(type, c("expected", "observed", "robust"), "type")
  estimated <- !is.na(object$coefficients)
  if (type == "robust" || !is.null(cluster)) {
    if (!is.null(dispersion)) input_error("`dispersion` cancels out of a sandwich: leave it out.")
    curvature <- if (type == "observed") "observed" else "expected"
    covariance <- robust_covariance(object, cluster, curvature)
    return(stats::.vcov.aliased(!estimated, covariance, complete))
  }
  if (is.null(dispersion)) dispersion <- dispersion_of(object)
  covariance <- if (!is_separated(object)) {
    inverse_information(object, type)
  } else {
    limit_covariance(object, type)[estimated, estimated, drop = FALSE]
  }
  stats::.vcov.aliased(!estimated, dispersion * covariance, complete)
}

# Of the coefficients that are not aliased; of a separated fit, in the limit.
robust_covariance <- function(object, cluster, curvature) {
  if (!is_separated(object)) return(sandwich_covariance(object, cluster, curvature))
  full <- no_covariance(object)
  model <- limit_model(object)
  if (!is.null(model)) {
    known <- !is.na(model$coefficients)
    full[known, known] <- sandwich_covariance(model, cluster, curvature)
  }
  estimated <- !is.na(object$coefficients)
  without_infinite(full, object)[estimated, estimated, drop = FALSE]
}
