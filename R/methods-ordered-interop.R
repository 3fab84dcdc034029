# Ordered classes, other packages. What they do with a polr is right for ours as well where nothing
# stands here: insight, parameters, performance, ggeffects, marginaleffects, vif() and Confint() of
# car, lrtest() of fits without a penalty.

# What takes a polr's cumulative probabilities, and slopes that all cuts share, for granted.
check_like_polr <- function(fit, what, instead) {
  if (fit$steps == "cumulative" && length(fit$varying) == 0L) return(invisible())
  input_error(
    what, " takes a polr's model for granted, cumulative probabilities with the same slopes at ",
    "all cuts, and this fit's is another (",
    if (fit$steps == "cumulative") {
      paste0("slopes of ", quoted(attr(fit$terms, "term.labels")[fit$varying]), " vary")
    } else {
      paste0("family \"", fit$steps, "\"")
    }, "): use ", instead, "."
  )
}

# --- broom ---------------------------------------------------------------------------------------

# As broom's, where `p.values` are those of likelihood ratios; by `vcov` they are Wald's.
#' @exportS3Method generics::tidy
tidy.fastordinal <- function(x, conf.int = FALSE, conf.level = 0.95, exponentiate = FALSE,
                             p.values = FALSE, vcov = NULL, ...) {
  warn_of_unknown()
  found <- covariance_of(x, vcov)
  wald <- wald_table(shown_estimates(x), unname(errors_by(found)), found$df)
  table <- data.frame(
    term = flat_names(x), estimate = wald[, 1L], std.error = wald[, 2L], statistic = wald[, 3L],
    row.names = NULL
  )
  slopes <- seq_along(x$coefficients)
  if (conf.int) {
    check_level(conf.level, "conf.level")
    # Of the slopes, as confint() has them.
    bounds <- matrix(NA_real_, nrow(table), 2L)
    if (length(slopes)) bounds[slopes, ] <- stats::confint(x, level = conf.level, vcov = vcov)
    table$conf.low <- bounds[, 1L]
    table$conf.high <- bounds[, 2L]
  }
  if (check_flag(p.values, "p.values")) {
    by_ratios <- is.null(vcov) && has_likelihood(x)
    tested <- if (by_ratios) lr_test(x)[["Pr(>Chi)"]] else wald[slopes, 4L]
    table$p.value <- replace(rep(NA_real_, nrow(table)), slopes, tested)
  }
  table$coef.type <- rep(c("coefficient", "scale"), c(length(slopes), length(x$zeta)))
  as_tibble_if_any(if (exponentiate) as_ratios(table) else table)
}

#' @exportS3Method generics::glance
glance.fastordinal <- function(x, vcov = NULL, ...) {
  warn_of_unknown()
  likelihood <- stats::logLik(x)
  as_tibble_if_any(with_vcov_type(data.frame(
    edf = x$edf, logLik = as.numeric(likelihood), AIC = stats::AIC(likelihood),
    BIC = stats::BIC(likelihood), deviance = x$deviance, df.residual = x$df.residual, nobs = x$nobs
  ), x, vcov))
}

# As of many classes, see augment.fastmultinom().
#' @exportS3Method generics::augment
augment.fastordinal <- function(x, data = stats::model.frame(x), newdata = NULL, se_fit = FALSE,
                                ...) {
  warn_of_unknown()
  rows <- if (is.null(newdata)) data else newdata
  given <- if (!is.null(newdata) || !missing(data)) rows
  found <- predict_ordered(
    x, ordered_rows_to_predict(x, given, stats::na.pass), "probs", if (se_fit) covariance_of(x)
  )
  out <- as_tibble_if_any(as.data.frame(rows))
  out$.fitted <- most_probable_of_ordered(x, found$fit)
  out[paste0(".fitted_", x$lev)] <- as.data.frame(found$fit)
  if (se_fit) out[paste0(".se.fit_", x$lev)] <- as.data.frame(found$se.fit)
  out
}

# --- sandwich -----------------------------------------------------------------------------------

# n x coefficients, in the order of vcov(): the derivatives of each row's log-likelihood. Unlike the
# method for a polr they know of offsets.
#' @exportS3Method sandwich::estfun
estfun.fastordinal <- function(x, ...) {
  design <- design_from(blueprint_of(x), stats::model.frame(x), x$threads)
  if (is_stored(x)) x <- with_ordered_rows(x)
  rows <- length(x$category)
  scores <- ordered_group_scores(x, design, ordered_scores(x), seq_len(rows), rows)
  scores <- scores[, x$position, drop = FALSE]
  dimnames(scores) <- list(x$row_names, flat_names(x))
  scores[, covariance_names(x), drop = FALSE]
}

# sandwich() divides by the number of rows of estfun(), which is not that of their weights.
#' @exportS3Method sandwich::bread
bread.fastordinal <- function(x, ...) {
  if (is_separated(x)) refuse_wald(x, "bread()", "confint(method = \"profile\")")
  vcov.fastordinal(x, complete = FALSE) * number_of_rows(x)
}

# --- lmtest --------------------------------------------------------------------------------------

# z tests, as summary() has them.
#' @exportS3Method lmtest::coeftest
coeftest.fastordinal <- function(x, vcov. = NULL, df = Inf, ...) {
  if (is_separated(x)) refuse_wald(x, "coeftest()", "summary() or lr_test()")
  method_of("lmtest", "coeftest", "default")(x, vcov. = vcov. %||% plain_covariance, df = df, ...)
}

#' @exportS3Method lmtest::coefci
coefci.fastordinal <- function(x, parm = NULL, level = 0.95, vcov. = NULL, df = Inf, ...) {
  if (is_separated(x)) refuse_wald(x, "coefci()", "confint()")
  method_of("lmtest", "coefci", "default")(
    x, parm = parm, level = level, vcov. = vcov. %||% plain_covariance, df = df, ...
  )
}

#' @exportS3Method lmtest::lrtest
lrtest.fastordinal <- function(object, ...) {
  for (fit in Filter(is_ordered_fit, list(object, ...))) check_not_penalised(fit)
  method_of("lmtest", "lrtest", "default")(object, ...)
}

#' @exportS3Method lmtest::waldtest
waldtest.fastordinal <- function(object, ...) {
  for (fit in Filter(is_fit, list(object, ...))) {
    if (is_separated(fit)) refuse_wald(fit, "waldtest()")
  }
  method_of("lmtest", "waldtest", "default")(object, ...)
}

# --- car -----------------------------------------------------------------------------------------

# car refits by polr() with the logit link and without offsets, whatever the fit's.
#' @exportS3Method car::Anova
Anova.fastordinal <- function(mod, type = c("II", "III", 2, 3), ...) {
  type <- check_choice(as.character(type), c("II", "III", "2", "3"), "type")
  check_no_unknown()
  check_not_penalised(mod)
  table_of_types(mod, type %in% c("II", "2"))
}

#' @exportS3Method car::deltaMethod
deltaMethod.fastordinal <- function(object, ...) {
  if (is_separated(object)) refuse_wald(object, "deltaMethod()")
  inherited_method("car", "deltaMethod", c("polr", "default"))(object, ...)
}

#' @exportS3Method car::linearHypothesis
linearHypothesis.fastordinal <- function(model, ...) {
  if (is_separated(model)) refuse_wald(model, "linearHypothesis()")
  inherited_method("car", "linearHypothesis", c("polr", "default"))(model, ...)
}

# car's has neither weights nor offsets.
#' @exportS3Method car::poTest
poTest.fastordinal <- function(model, ...) {
  check_like_polr(model, "poTest()", "parallel_test(test = \"Brant\")")
  weighs <- is_stored(model) || any(model$weights != 1)
  if (!weighs && is.null(model$offset)) {
    return(inherited_method("car", "poTest", "polr")(model, ...))
  }
  input_error(
    "poTest() knows neither weights nor offsets: use parallel_test(test = \"Brant\"), the same ",
    "test."
  )
}

# --- effects, emmeans ----------------------------------------------------------------------------

#' @exportS3Method effects::Effect
Effect.fastordinal <- function(focal.predictors, mod, ...) {
  if (is_separated(mod)) refuse_wald(mod, "Effect()", "predict(type = \"probs\")")
  check_like_polr(mod, "effects", "average_predictions() or predict(interval = \"confidence\")")
  inherited_method("effects", "Effect", c("polr", "default"))(focal.predictors, mod, ...)
}

#' @exportS3Method emmeans::emm_basis
emm_basis.fastordinal <- function(object, trms, xlev, grid, vcov. = plain_covariance, ...) {
  if (is_separated(object)) refuse_wald(object, "emmeans")
  check_like_polr(object, "emmeans", "average_predictions() or predict(interval = \"confidence\")")
  inherited_method("emmeans", "emm_basis", "polr")(object, trms, xlev, grid, vcov. = vcov., ...)
}

# --- marginaleffects -----------------------------------------------------------------------------

#' @exportS3Method marginaleffects::get_coef
get_coef.fastordinal <- function(model, ...) {
  if (is_separated(model)) refuse_wald(model, "marginaleffects", "predict(type = \"probs\")")
  flat_estimates(model)[covariance_names(model)]
}

# The fit at other coefficients, for numerical derivatives: what predict() reads of it.
#' @exportS3Method marginaleffects::set_coef
set_coef.fastordinal <- function(model, coefs, ...) {
  values <- flat_values(model)
  values[!is.na(values)] <- coefs
  slopes <- seq_along(model$coefficients)
  model$coefficients[] <- values[slopes]
  model$zeta[] <- values[setdiff(seq_along(values), slopes)]
  model
}
