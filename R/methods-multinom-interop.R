# Many classes, other packages. What they do with a multinom is right for ours as well where nothing
# stands here: effects, insight, performance, parameters, lrtest() of lmtest. The methods below are
# registered when, and only when, the package is there.

# --- broom ---------------------------------------------------------------------------------------

# As broom's; a class is named also where there are only two, and counts are a response like others.
#' @exportS3Method generics::tidy
tidy.fastmultinom <- function(x, conf.int = FALSE, conf.level = 0.95, exponentiate = FALSE,
                              vcov = NULL, ...) {
  warn_of_unknown()
  coefficients <- coefficient_matrix(x)
  found <- covariance_of(x, vcov)
  table <- data.frame(
    y.level = rep(rownames(coefficients), each = ncol(coefficients)),
    term = rep(colnames(coefficients), nrow(coefficients)),
    tidy_columns(shown_by_class(x), errors_by(found), found$df)
  )
  if (conf.int) {
    check_level(conf.level, "conf.level")
    # Terms, bounds and classes; a matrix for two classes.
    bounds <- stats::confint(x, level = conf.level, vcov = vcov)
    bounds <- array(bounds, c(ncol(coefficients), 2L, nrow(coefficients)))
    table$conf.low <- as.vector(bounds[, 1L, ])
    table$conf.high <- as.vector(bounds[, 2L, ])
  }
  as_tibble_if_any(if (exponentiate) as_ratios(table) else table)
}

# broom counts the rows, not their weights.
#' @exportS3Method generics::glance
glance.fastmultinom <- function(x, vcov = NULL, ...) {
  warn_of_unknown()
  as_tibble_if_any(with_vcov_type(data.frame(
    edf = as.numeric(x$edf), deviance = x$deviance, AIC = x$AIC, nobs = number_of_rows(x)
  ), x, vcov))
}

# `.fitted` is the predicted class, as for broom's other models of classes; the probabilities follow
# as `.fitted_<class>`, and their standard errors as `.se.fit_<class>`.
#' @exportS3Method generics::augment
augment.fastmultinom <- function(x, data = stats::model.frame(x), newdata = NULL, se_fit = FALSE,
                                 ...) {
  warn_of_unknown()
  rows <- if (is.null(newdata)) data else newdata
  found <- predict_all_classes(x, if (!is.null(newdata) || !missing(data)) rows, se_fit)
  out <- as_tibble_if_any(as.data.frame(rows))
  out$.fitted <- most_probable(found$fit, x$lab)
  out[paste0(".fitted_", x$lab)] <- as.data.frame(found$fit)
  if (se_fit) out[paste0(".se.fit_", x$lab)] <- as.data.frame(found$se.fit)
  out
}

# n x K matrices, whatever n and K; without newdata those of the rows of the fit.
predict_all_classes <- function(fit, newdata = NULL, se_fit = FALSE) {
  rows <- rows_to_predict(fit, newdata, stats::na.pass, design = se_fit)
  by <- if (se_fit) estimated_part(fit, covariance_of(fit))
  found <- predict_probabilities(fit, rows, by, 0.95)
  lapply(found, function(values) `dimnames<-`(values, list(NULL, fit$lab)))
}

# --- sandwich -----------------------------------------------------------------------------------

# n x (K - 1)p, in the order of vcov(): the derivatives of each row's log-likelihood.
#' @exportS3Method sandwich::estfun
estfun.fastmultinom <- function(x, ...) {
  x <- in_memory(x)
  design <- stats::model.matrix(x)
  coefficients <- coefficient_matrix(x)
  kept <- !is.na(coefficients[1L, ])
  design <- design[, kept, drop = FALSE]
  scores <- as.vector(x$weights) * all_residuals(x)[, -1L, drop = FALSE]
  blocks <- lapply(seq_len(ncol(scores)), function(k) scores[, k] * design)
  scores <- do.call(cbind, blocks)
  colnames(scores) <- coefficient_names(coefficients[, kept, drop = FALSE])
  scores
}

# sandwich() divides by the number of rows of estfun().
#' @exportS3Method sandwich::bread
bread.fastmultinom <- function(x, ...) {
  if (is_separated(x)) refuse_wald(x, "bread()", "confint(method = \"profile\")")
  vcov.fastmultinom(x, complete = FALSE) * number_of_rows(x)
}

# --- lmtest --------------------------------------------------------------------------------------

# Default methods expect a vector of coefficients.
in_one_row <- function(fit) structure(fit, class = c("fastmultinom_row", class(fit)))

#' @export
coef.fastmultinom_row <- function(object, ...) {
  stats::setNames(shown_by_class(object), flat_names(object))[!is.na(flat_values(object))]
}

#' @export
vcov.fastmultinom_row <- function(object, complete = FALSE, ...) {
  vcov.fastmultinom(object, complete = FALSE)
}

# z tests, as for a glm.
#' @exportS3Method lmtest::coeftest
coeftest.fastmultinom <- function(x, vcov. = NULL, df = Inf, ...) {
  method_of("lmtest", "coeftest", "default")(in_one_row(x), vcov. = vcov., df = df, ...)
}

#' @exportS3Method lmtest::coefci
coefci.fastmultinom <- function(x, parm = NULL, level = 0.95, vcov. = NULL, df = Inf, ...) {
  method_of("lmtest", "coefci", "default")(
    in_one_row(x), parm = parm, level = level, vcov. = vcov., df = df, ...
  )
}

# --- car -----------------------------------------------------------------------------------------

# Likelihood-ratio tests as car's for a multinom, which are refits by multinom() of the columns of
# the design; these keep the offset, and end at the maximum.
#' @exportS3Method car::Anova
Anova.fastmultinom <- function(mod, type = c("II", "III", 2, 3), ...) {
  type <- check_choice(as.character(type), c("II", "III", "2", "3"), "type")
  check_has_likelihood(mod)
  table_of_types(mod, type %in% c("II", "2"))
}

# car's own for a multinom, to which the coefficients are a vector, named `level:term`.
#' @exportS3Method car::deltaMethod
deltaMethod.fastmultinom <- function(object, ...) {
  if (is_separated(object)) refuse_wald(object, "deltaMethod()")
  method_of("car", "deltaMethod", "multinom")(in_one_row(object), ...)
}

#' @exportS3Method car::linearHypothesis
linearHypothesis.fastmultinom <- function(model, ...) {
  if (is_separated(model)) refuse_wald(model, "linearHypothesis()")
  method_of("car", "linearHypothesis", "default")(in_one_row(model), ...)
}

# --- emmeans -------------------------------------------------------------------------------------

# emmeans' own for a multinom, which takes the classes from `lev` (nnet has none for counts) and
# knows nothing of aliased columns.
#' @exportS3Method emmeans::emm_basis
emm_basis.fastmultinom <- function(object, trms, xlev, grid, vcov. = plain_covariance, ...) {
  if (is_separated(object)) refuse_wald(object, "emmeans", "predict(type = \"probs\")")
  object$lev <- object$lab
  basis <- method_of("emmeans", "emm_basis", "multinom")(
    object, trms, xlev, grid, vcov. = vcov., ...
  )
  if (!anyNA(basis$bhat)) return(basis)
  each <- estimability::nonest.basis(stats::model.matrix(object))
  basis$nbasis <- kronecker(diag(length(object$lab) - 1L), each)
  hook <- basis$misc$postGridHook
  if (!is.null(hook)) basis$misc$postGridHook <- function(...) estimable_grid(hook, ...)
  basis
}

# emmeans' step from coefficients to probabilities, which become the grid's parameters: those that
# cannot be estimated are NA, and directions of their own.
estimable_grid <- function(hook, object, ...) {
  known <- estimability::is.estble(object@linfct, object@nbasis)
  kept <- !is.na(object@bhat)
  object@linfct <- object@linfct[, kept, drop = FALSE]
  object@bhat <- object@bhat[kept]
  object <- hook(object, ...)
  object@nbasis <- if (all(known)) {
    estimability::all.estble
  } else {
    diag(length(known))[, !known, drop = FALSE]
  }
  object@bhat[!known] <- NA
  object@V <- object@V[known, known, drop = FALSE]
  object
}

# --- marginaleffects -----------------------------------------------------------------------------

#' @exportS3Method marginaleffects::get_coef
get_coef.fastmultinom <- function(model, ...) {
  if (is_separated(model)) refuse_wald(model, "marginaleffects", "predict(type = \"probs\")")
  coef.fastmultinom_row(model)
}

# --- effects -------------------------------------------------------------------------------------

#' @exportS3Method effects::Effect
Effect.fastmultinom <- function(focal.predictors, mod, ...) {
  if (is_separated(mod)) refuse_wald(mod, "Effect()", "predict(type = \"probs\")")
  inherited_method("effects", "Effect", c("multinom", "default"))(focal.predictors, mod, ...)
}

# The fit at other coefficients, for numerical derivatives: what predict() reads of it.
#' @exportS3Method marginaleffects::set_coef
set_coef.fastmultinom <- function(model, coefs, ...) {
  values <- flat_values(model)
  values[!is.na(values)] <- coefs
  model$coefficients <- shaped(values, NULL, dimnames(coefficient_matrix(model)))
  model
}

# "response" is what marginaleffects asks a class for that it does not know; "latent", as for a
# multinom, are log-probabilities less their mean. Of two classes the second is shown.
#' @exportS3Method marginaleffects::get_predict
get_predict.fastmultinom <- function(model, newdata, type = "probs", ...) {
  values <- predict_all_classes(model, newdata)$fit
  if (identical(type, "latent")) {
    values <- log(values)
    values <- values - rowMeans(values)
  }
  if (ncol(values) == 2L) values <- values[, 2L, drop = FALSE]
  out <- data.frame(
    group = factor(rep(colnames(values), each = nrow(values)), colnames(values)),
    estimate = as.vector(values)
  )
  if ("rowid" %in% names(newdata)) out$rowid <- rep(newdata$rowid, ncol(values))
  out
}
