# Methods of fits whose rows are elsewhere: what needs no row is at hand, what needs all of them is
# read in one pass, see rows-elsewhere.R.

# A plain glm of which summary.glm() and predict.glm() find all that they ask for: one row stands
# for the others' dispersion.
as_rowless <- function(fit) {
  dispersion <- fit$elsewhere$dispersion
  fit$residuals <- if (is.null(dispersion)) 0 else sqrt(dispersion * fit$df.residual)
  fit$weights <- fit$prior.weights <- 1
  fit$y <- fit$fitted.values <- 0
  fit
}

#' @export
nobs.fastlogit_elsewhere <- function(object, ...) object$elsewhere$settled$response$n_ok

#' @export
logLik.fastlogit_elsewhere <- function(object, ...) {
  structure(
    object$rank - object$aic / 2,
    nobs = object$elsewhere$rows, df = object$rank, class = "logLik"
  )
}

#' @export
extractAIC.fastlogit_elsewhere <- function(fit, scale = 0, k = 2, ...) {
  c(fit$rank, fit$aic + (k - 2) * fit$rank)
}

# What stats asks of a plain glm.
#' @export
nobs.fastlogit_rowless <- nobs.fastlogit_elsewhere

#' @export
logLik.fastlogit_rowless <- logLik.fastlogit_elsewhere

#' @exportS3Method generics::glance
glance.fastlogit_elsewhere <- function(x, ...) {
  out <- NextMethod()
  out$nobs <- stats::nobs(x)
  out$BIC <- stats::BIC(x)
  out
}

#' @export
summary.fastlogit_elsewhere <- function(object, ...) {
  out <- NextMethod()
  out$deviance.resid <- NULL
  class(out) <- c("summary_elsewhere", class(out))
  out
}

# Before R 4.3.0 the quantiles of the deviance residuals come first.
without_residuals_shown <- function(lines) {
  at <- which(startsWith(lines, "Deviance Residuals:"))
  if (length(at)) lines[-(at[1L] + 0:3)] else lines
}

#' @export
anova.fastlogit_elsewhere <- function(object, ..., dispersion = NULL, test = NULL) {
  check_no_unknown(unnamed = TRUE)
  fits <- compared_fits(object, ..., class = "glm")
  if (any_penalised(fits)) {
    return(penalised_anova(fits, list(dispersion = dispersion, test = test)))
  }
  if (length(fits) > 1L) return(anova_of_models(fits, dispersion, test))
  if (identical(test, "Rao")) {
    input_error("score tests need the rows, which are elsewhere: use test = \"Chisq\".")
  }
  terms <- object$elsewhere$settled$blueprint$terms
  labels <- attr(terms, "term.labels")
  fits <- lapply(seq_along(labels)[-length(labels)], fit_first_terms, fit = object)
  deviance <- c(object$null.deviance, vapply(fits, `[[`, 0, "deviance"), object$deviance)
  df <- c(object$df.null, vapply(fits, `[[`, 0, "df"), object$df.residual)
  table <- data.frame(
    c(NA, -diff(df)), c(NA, pmax(0, -diff(deviance))), df, deviance
  )
  if (length(labels) == 0L) table <- table[1L, , drop = FALSE]
  dimnames(table) <- list(c("NULL", labels), c("Df", "Deviance", "Resid. Df", "Resid. Dev"))
  known <- has_known_dispersion(object$family)
  if (is.null(dispersion)) dispersion <- dispersion_of(object)
  if (!is.null(test) && !isFALSE(test)) {
    table <- stats::stat.anova(
      table, test, dispersion, if (known) Inf else object$df.residual, object$elsewhere$rows
    )
  }
  response <- deparse1(attr(terms, "variables")[[attr(terms, "response") + 1L]])
  structure(
    table,
    heading = paste0(
      "Analysis of Deviance Table\n\nModel: ", object$family$family, ", link: ",
      object$family$link, "\n\nResponse: ", response, "\n\nTerms added sequentially (first to ",
      "last)\n\n"
    ),
    class = c("anova", "data.frame")
  )
}

# The model of the first terms, on the same rows.
fit_first_terms <- function(terms, fit) {
  settled <- fit$elsewhere$settled
  settled$design <- first_columns(settled$design, settled$blueprint, terms)
  model <- binary_model(fit$family, fit$penalty)
  control <- complete_control(fit$control[c("epsilon", "maxit")], fit$algorithm)
  rows <- cache_rows(fit$elsewhere$handle, settled, model, control$threads)
  start <- list(coefficients = numeric(length(settled$design$names)))
  solved <- solve_problem(rows, list(start), control, fit$algorithm)
  list(
    deviance = -2 * solved$logLik, df = settled$response$n_ok - sum(!solved$aliased)
  )
}

first_columns <- function(design, blueprint, terms) {
  kept <- design$assign <= terms
  intercept <- attr(blueprint$terms, "intercept")
  design[c("names", "labels", "assign")] <- lapply(
    design[c("names", "labels", "assign")], function(x) x[kept]
  )
  design$terms <- design$terms[seq_len(intercept + terms)]
  # Only what is needed is read.
  needed <- unlist(lapply(design$terms, `[[`, "variables"))
  design$variables[setdiff(seq_along(design$variables), needed)] <- list(NULL)
  design
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
residuals.fastlogit_elsewhere <- function(object, ...) stats::residuals(bring_rows(object), ...)

#' @importFrom stats fitted
#' @export
fitted.fastlogit_elsewhere <- function(object, ...) {
  stats::napredict(.subset2(object, "na.action"), object$fitted.values)
}

#' @export
model.matrix.fastlogit_elsewhere <- function(object, ...) {
  stats::model.matrix(bring_rows(object), ...)
}

#' @export
hatvalues.fastlogit_elsewhere <- function(model, ...) stats::hatvalues(bring_rows(model), ...)

#' @export
influence.fastlogit_elsewhere <- function(model, ...) stats::influence(bring_rows(model), ...)
