# Covariances of the estimates.

#' Covariance matrix of the estimates
#'
#' The inverse of the information at the estimate, times the dispersion.
#'
#' @param object a fit by [fastlogit()].
#' @param complete logical: rows and columns of `NA` for aliased coefficients?
#' @param type `"expected"`, as `glm()` reports it, or `"observed"`: the inverse of minus the second
#'   derivative of the log-likelihood. They coincide for the logit link.
#' @param dispersion the dispersion; by default 1 for `binomial()`, and estimated for
#'   `quasibinomial()` as [stats::summary.glm()] does.
#' @param ... unused.
#' @return A symmetric matrix with the names of the coefficients.
#' @examples
#' fit <- fastlogit(fail ~ temp, binomial("probit"), data = oring)
#' vcov(fit)
#' vcov(fit, type = "observed")
#' @export
vcov.fastlogit <- function(object, complete = TRUE, type = c("expected", "observed"),
                           dispersion = NULL, ...) {
  type <- check_choice(type, c("expected", "observed"), "type")
  if (is_wide(object)) {
    found <- stats::summary.glm(without_coefficients(object), dispersion = dispersion)
    covariance <- found$dispersion * inverse_information(object, type)
    return(stats::.vcov.aliased(is.na(object$coefficients), covariance, complete))
  }
  summary <- stats::summary.glm(as_light_glm(object, type), dispersion = dispersion)
  stats::vcov(summary, complete = complete)
}
