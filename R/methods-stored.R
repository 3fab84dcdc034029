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

#' @exportS3Method generics::glance
glance.fastlogit_stored <- function(x, ...) {
  out <- NextMethod()
  out$nobs <- stats::nobs(x)
  out$BIC <- stats::BIC(x)
  out
}

#' @export
summary.fastlogit_stored <- function(object, ...) {
  out <- NextMethod()
  out$deviance.resid <- NULL
  class(out) <- c("summary_stored", class(out))
  out
}

#' @export
anova.fastlogit_stored <- function(object, ..., dispersion = NULL, test = NULL) {
  check_no_unknown(unnamed = TRUE)
  fits <- compared_fits(object, ..., class = "glm")
  if (any_penalised(fits)) return(penalised_anova(fits, list(dispersion = dispersion, test = test)))
  if (length(fits) > 1L) return(anova_of_models(fits, dispersion, test))
  if (identical(test, "Rao")) {
    input_error("score tests need the rows, which are stored: use test = \"Chisq\".")
  }
  terms <- object$stored$blueprint$terms
  labels <- attr(terms, "term.labels")
  smaller <- fits_of_terms(object, lapply(seq_along(labels)[-length(labels)], seq_len))
  deviance <- c(object$null.deviance, smaller$deviance, object$deviance)
  df <- c(object$df.null, object$df.residual + object$rank - smaller$edf, object$df.residual)
  table <- data.frame(c(NA, -diff(df)), c(NA, pmax(0, -diff(deviance))), df, deviance)
  if (length(labels) == 0L) table <- table[1L, , drop = FALSE]
  dimnames(table) <- list(c("NULL", labels), c("Df", "Deviance", "Resid. Df", "Resid. Dev"))
  known <- has_known_dispersion(object$family)
  if (!is.null(test) && !isFALSE(test)) {
    table <- stats::stat.anova(
      table, test, dispersion %||% dispersion_of(object), if (known) Inf else object$df.residual,
      object$stored$design$rows
    )
  }
  response <- deparse1(attr(terms, "variables")[[attr(terms, "response") + 1L]])
  as_anova(table, paste0(
    "Analysis of Deviance Table\n\nModel: ", object$family$family, ", link: ",
    name_of_link(object$family), "\n\nResponse: ", response,
    "\n\nTerms added sequentially (first to last)\n\n"
  ))
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
