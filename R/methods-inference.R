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
#'   formula, such as `~ id`, or a value for each row. As `sandwich::vcovCL()` has it, with the
#'   factor G / (G - 1) for G clusters.
#' @param dispersion the dispersion; by default 1 for `binomial()`, and estimated for
#'   `quasibinomial()` as [stats::summary.glm()] does.
#' @param ... unused.
#' @return A symmetric matrix with the names of the coefficients. Under separation it is that of the
#'   rows that are left, and `NA` where estimates are infinite; see [separation()].
#' @references
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
  type <- check_choice(type, c("expected", "observed", "robust"), "type")
  if (type == "robust" || !is.null(cluster)) return(robust_covariance(object, cluster, complete))
  if (is.null(dispersion)) dispersion <- dispersion_of(object)
  covariance <- if (is.null(object$recession)) {
    inverse_information(object, type)
  } else {
    estimated <- !is.na(object$coefficients)
    limit_covariance(object, type)[estimated, estimated, drop = FALSE]
  }
  stats::.vcov.aliased(is.na(object$coefficients), dispersion * covariance, complete)
}

# Of a separated fit, in the limit.
robust_covariance <- function(object, cluster, complete) {
  if (is.null(object$recession)) return(sandwich_covariance(object, cluster, complete))
  model <- limit_model(object)
  names <- names(object$coefficients)
  covariance <- if (is.null(model)) {
    matrix(NA_real_, length(names), length(names), dimnames = list(names, names))
  } else {
    without_infinite(sandwich_covariance(model, cluster, TRUE), object)
  }
  kept <- complete | !is.na(object$coefficients)
  covariance[kept, kept, drop = FALSE]
}
