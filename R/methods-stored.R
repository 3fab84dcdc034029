# Methods of fits whose rows are stored: what needs no row is at hand, what needs all of them is
# read in one pass, see object-rows.R.

#' @export
nobs.fastlogit_stored <- function(object, ...) object$stored$response$n_ok

#' @export
logLik.fastlogit_stored <- function(object, ...) {
  structure(
    object$rank - object$aic / 2,
    nobs = object$stored$design$rows, df = object$rank, class = "logLik"
  )
}

#' @export
extractAIC.fastlogit_stored <- function(fit, scale = 0, k = 2, ...) {
  c(fit$rank, fit$aic + (k - 2) * fit$rank)
}

# What stats asks of a plain glm.
#' @export
nobs.fastlogit_rowless <- nobs.fastlogit_stored

#' @export
logLik.fastlogit_rowless <- logLik.fastlogit_stored

#' @export
summary.fastlogit_stored <- function(object, ...) {
  out <- NextMethod()
  out$deviance.resid <- NULL
  class(out) <- c("summary_stored", class(out))
  out
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

#' @export
residuals.fastlogit_stored <- function(object, ...) stats::residuals(in_memory(object), ...)

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
nobs.fastmultinom_stored <- function(object, ...) sum(object$stored$response$totals)

#' @export
model.matrix.fastlogit_stored <- function(object, ...) stats::model.matrix(in_memory(object), ...)

#' @export
hatvalues.fastlogit_stored <- function(model, ...) stats::hatvalues(in_memory(model), ...)

#' @export
influence.fastlogit_stored <- function(model, ...) stats::influence(in_memory(model), ...)
