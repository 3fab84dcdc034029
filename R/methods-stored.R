# Methods of fits whose rows are stored, or made on demand: what needs no row is at hand, what needs
# all of them is read in one pass, see object-rows.R.

#' @export
nobs.fastlogit <- function(object, ...) used_rows(object)

#' @export
logLik.fastlogit <- function(object, ...) {
  structure(
    object$rank - object$aic / 2, nobs = number_of_rows(object), df = object$rank, class = "logLik"
  )
}

# What stats asks of a plain glm.
#' @export
nobs.fastlogit_rowless <- nobs.fastlogit

#' @export
logLik.fastlogit_rowless <- logLik.fastlogit

# As of a glm, which counts the rows without a weight among the parameters.
#' @export
extractAIC.fastlogit <- function(fit, scale = 0, k = 2, ...) {
  edf <- number_of_rows(fit) - fit$df.residual
  c(edf, fit$aic + (k - 2) * edf)
}

#' @export
extractAIC.fastlogit_stored <- function(fit, scale = 0, k = 2, ...) {
  c(fit$rank, fit$aic + (k - 2) * fit$rank)
}

#' @export
anova.fastlogit_stored <- function(object, ...) {
  check_no_unknown(also = c("dispersion", "test"), unnamed = TRUE)
  fits <- compared_fits(object, ..., class = "glm")
  settings <- list(...)
  if (any_penalised(fits)) return(penalised_anova(fits, settings))
  if (length(fits) > 1L) return(anova_of_models(fits, settings$dispersion, settings$test))
  anova_in_sequence(object, settings)
}

anova_of_models <- function(fits, dispersion, test) {
  rows <- vapply(fits, function(fit) as.numeric(attr(stats::logLik(fit), "nobs")), 0)
  if (any(rows != rows[1L])) input_error("the models were not all fitted to the same rows.")
  plain <- lapply(fits, function(fit) {
    if (inherits(fit, "fastlogit")) fit <- as_light_glm(fit)
    fit$residuals <- numeric()  # the rows are the same, as was checked
    class(fit) <- c("glm", "lm")
    fit
  })
  do.call(stats::anova, c(plain, list(dispersion = dispersion, test = test)))
}

#' @importFrom stats fitted
#' @export
fitted.fastlogit_stored <- function(object, ...) {
  stats::napredict(.subset2(object, "na.action"), object$fitted.values)
}

#' @export
fitted.fastmultinom_stored <- fitted.fastlogit_stored

#' @export
model.frame.fastlogit_stored <- function(formula, ...) stored_frame(rows_of(formula))

#' @export
model.frame.fastmultinom_stored <- model.frame.fastlogit_stored

#' @export
model.frame.fastordinal_stored <- model.frame.fastlogit_stored

#' @export
model.matrix.fastlogit_stored <- function(object, ...) stats::model.matrix(in_memory(object), ...)
