# What other packages make of estimates and standard errors: refused, or taken to the limit, where
# under separation these do not exist.

# What is computed from estimates and their covariances.
refuse_wald <- function(fit, what, instead = "drop1(), anova(), lr_test() or confint()") {
  fit_error(
    "fastlogit_infinite_estimates",
    what, " goes by estimates and their standard errors, and under separation they do not exist: ",
    estimates_told(fit$separation_details), ". Use ", instead,
    ", or refit with `penalty = \"firth\"`."
  )
}

# Refused under separation; otherwise as of a glm.
unless_separated <- function(package, generic, argument) {
  force(package)
  method <- function(x, ...) {
    name <- eval(call("substitute", as.name(argument)))
    fit <- get(argument, inherits = FALSE)
    if (is_separated(fit)) refuse_wald(fit, paste0(generic, "()"))
    as_of_glm <- inherited_method(package, generic)
    call_by_name(as_of_glm, name, argument, fit, list(quote(...)), environment())
  }
  names(formals(method))[1L] <- argument
  method
}

#' @exportS3Method car::linearHypothesis
linearHypothesis.fastlogit <- function(model, ...) {
  if (is_separated(model)) refuse_wald(model, "linearHypothesis()")
  NextMethod()
}

#' @exportS3Method lmtest::waldtest
waldtest.fastlogit <- function(object, ...) {
  for (fit in Filter(is_fit, list(object, ...))) {
    if (is_separated(fit)) refuse_wald(fit, "waldtest()")
  }
  with_clusters(object, NextMethod())
}

#' @exportS3Method car::deltaMethod
deltaMethod.fastlogit <- function(object, ...) {
  if (is_separated(object)) refuse_wald(object, "deltaMethod()")
  NextMethod()
}

#' @exportS3Method car::S
S.fastlogit <- function(object, ...) {
  if (is_separated(object)) refuse_wald(object, "S()", "summary()")
  if (!is_ridge(object) || "vcov." %in% names_in_dots(environment())) return(NextMethod())
  # The rows know nothing of the penalty.
  method_of("car", "S", "glm")(object, vcov. = stats::vcov(object, complete = FALSE), ...)
}

#' @exportS3Method car::Confint
Confint.fastlogit <- function(object, estimate = TRUE, exponentiate = FALSE, vcov., ...) {
  if (!is_separated(object)) return(NextMethod())
  if (!missing(vcov.)) refuse_wald(object, "`vcov.`")
  bounds <- stats::confint(object, ...)
  if (estimate) bounds <- cbind(Estimate = shown_estimates(object), bounds)
  if (exponentiate) exp(bounds) else bounds
}

# Estimates as they are shown, for methods that go by coef() and vcov().
as_shown <- function(fit) structure(fit, class = c("fastlogit_shown", class(fit)))

#' @export
coef.fastlogit_shown <- function(object, ...) shown_estimates(object)

#' @exportS3Method lmtest::coeftest
coeftest.fastlogit <- function(x, vcov. = NULL, df = NULL, ...) {
  if (!is_separated(x)) return(with_clusters(x, NextMethod()))
  if (!is.null(vcov.)) refuse_wald(x, "`vcov.`")
  method_of("lmtest", "coeftest", "default")(as_shown(x), df = df %||% Inf, ...)
}

#' @exportS3Method lmtest::coefci
coefci.fastlogit <- function(x, parm = NULL, level = 0.95, vcov. = NULL, df = NULL, ...) {
  if (!is_separated(x)) return(with_clusters(x, NextMethod()))
  if (!is.null(vcov.)) refuse_wald(x, "`vcov.`")
  method_of("lmtest", "coefci", "default")(
    as_shown(x), parm = parm, level = level, df = df %||% Inf, ...
  )
}

#' @exportS3Method sandwich::bread
bread.fastlogit <- function(x, ...) {
  if (is_separated(x)) refuse_wald(x, "bread()", "vcov(type = \"robust\")")
  NextMethod()
}

# --- means and effects ---------------------------------------------------------------------------

# Of the limit, in which an infinite mean cannot be estimated.
#' @exportS3Method emmeans::emm_basis
emm_basis.fastlogit <- function(object, trms, xlev, grid, vcov. = plain_covariance, ...) {
  if (is_separated(object)) {
    model <- limit_model(object)
    if (is.null(model)) refuse_wald(object, "emmeans", "predict(interval = \"confidence\")")
    object <- model
  }
  inherited_method("emmeans", "emm_basis")(object, trms, xlev, grid, vcov. = vcov., ...)
}

# emmeans hands all its arguments on to vcov(), which refuses what it does not know.
plain_covariance <- function(object, ...) stats::vcov(object, complete = FALSE)

#' @exportS3Method effects::Effect
Effect.fastlogit <- function(focal.predictors, mod, ...) {
  if (is_separated(mod)) refuse_wald(mod, "Effect()", "predict(interval = \"confidence\")")
  inherited_method("effects", "Effect")(focal.predictors, mod, ...)
}

# --- as a glm -------------------------------------------------------------------------------------

# What a package does with a glm. NextMethod() does not know the generic where packages call methods
# by do.call().
inherited_method <- function(package, generic, classes = c("glm", "lm", "default")) {
  for (class in classes) {
    method <- utils::getS3method(generic, class, TRUE, envir = asNamespace(package))
    if (!is.null(method)) return(method)
  }
}

plain_glm <- function(fit, rows) {
  # broom looks at class(x)[1], too.
  if (!rows) return(structure(as_light_glm(fit), class = c("glm", "lm")))
  fit <- in_memory(fit)
  if (is.null(.subset2(fit, "qr"))) fit[on_demand] <- decompose_again(fit)[on_demand]
  class(fit) <- c("glm", "lm")
  fit
}

check_no_sandwich <- function(vcov) {
  if (!is.character(vcov) && !is.function(vcov)) return(invisible())
  input_error(
    "the covariance matrix of a ridge fit has to be a matrix here: use ",
    "`vcov = vcov(fit, type = \"robust\")`."
  )
}

# called(name = value, arguments), where `name` is what the caller called the value.
call_by_name <- function(called, name, argument, value, arguments, env) {
  if (!is.symbol(name) || startsWith(as.character(name), "..")) name <- as.name(argument)
  named <- stats::setNames(list(value), as.character(name))
  eval(as.call(c(list(called, name), arguments)), list2env(named, parent = env))
}

as_tibble_if_any <- function(table) {
  if (requireNamespace("tibble", quietly = TRUE)) tibble::as_tibble(table) else table
}

# --- tables of coefficients -----------------------------------------------------------------------

# Tables of coefficients by other packages: estimates, errors and intervals as summary() and
# confint() have them, also of penalised and of separated fits.

# --- broom ---------------------------------------------------------------------------------------

#' @exportS3Method generics::tidy
tidy.fastlogit <- function(x, conf.int = FALSE, conf.level = 0.95, exponentiate = FALSE,
                           vcov = NULL, ...) {
  warn_of_unknown()
  table <- shown_table(x, vcov)
  table <- data.frame(
    term = as.character(names(stats::coef(x))), estimate = table[, 1L], std.error = table[, 2L],
    statistic = table[, 3L], p.value = table[, 4L], row.names = NULL
  )
  if (conf.int) {
    bounds <- matrix(stats::confint(x, level = conf.level, vcov = vcov), ncol = 2L)
    table[c("conf.low", "conf.high")] <- as.data.frame(bounds)
  }
  as_tibble_if_any(if (exponentiate) as_ratios(table) else table)
}

as_ratios <- function(table) {
  ratios <- intersect(c("estimate", "conf.low", "conf.high"), names(table))
  table[ratios] <- lapply(table[ratios], exp)
  table
}

# The coefficients of summary(), aliased ones among them.
shown_table <- function(fit, vcov = NULL) {
  estimates <- shown_estimates(fit)
  table <- summary(fit, vcov = vcov)$coefficients
  table <- table[match(names(estimates), rownames(table)), , drop = FALSE]
  table[, 1L] <- estimates
  rownames(table) <- names(estimates)
  table
}

# The table that broom has for a glm, and which covariance matrix was meant, if not the model's own.
#' @exportS3Method generics::glance
glance.fastlogit <- function(x, vcov = NULL, ...) {
  warn_of_unknown()
  table <- data.frame(
    null.deviance = x$null.deviance, df.null = as.integer(x$df.null),
    logLik = as.numeric(stats::logLik(x)), AIC = stats::AIC(x), BIC = stats::BIC(x),
    deviance = x$deviance, df.residual = as.integer(x$df.residual),
    nobs = as.integer(stats::nobs(x))
  )
  as_tibble_if_any(with_vcov_type(table, x, vcov))
}

with_vcov_type <- function(table, fit, vcov) {
  if (!is.null(vcov)) table$vcov.type <- covariance_of(fit, vcov)$title
  table
}

# broom's for a glm, with the standard errors of predict().
#' @exportS3Method generics::augment
augment.fastlogit <- function(x, data = stats::model.frame(x), newdata = NULL,
                              type.predict = c("link", "response", "terms"),
                              type.residuals = c("deviance", "pearson"), se_fit = FALSE, ...) {
  warn_of_unknown()
  type <- check_choice(type.predict, c("link", "response", "terms"), "type.predict")
  plain <- plain_glm(in_memory(x), rows = is.null(newdata))
  # Names of rows, which broom takes from the data, would take most of the time.
  plain[row_components] <- lapply(plain[row_components], unname)
  out <- broom::augment(
    plain, data = data, newdata = newdata, type.predict = type, type.residuals = type.residuals
  )
  if (!se_fit) return(out)
  predicted <- if (is.null(newdata)) {
    stats::predict(x, type = type, se.fit = TRUE)
  } else {
    stats::predict(x, newdata, type = type, se.fit = TRUE)
  }
  at <- match(".fitted", names(out))
  out$.se.fit <- unname(predicted$se.fit)
  out[append(setdiff(names(out), ".se.fit"), ".se.fit", at)]
}

# --- separated fits ------------------------------------------------------------------------------

# The column of an answer that summary() has otherwise, and its number there.
columns_in_limit <- list(
  get_parameters = c(Estimate = 1L), standard_error = c(SE = 2L), get_statistic = c(Statistic = 3L),
  p_value = c(p = 4L)
)

in_limit <- function(answer, fit, generic) {
  column <- columns_in_limit[[generic]]
  if (is.null(column)) return(answer)
  table <- shown_table(fit)
  at <- match(answer$Parameter, gsub("`", "", rownames(table), fixed = TRUE))
  answer[[names(column)]] <- unname(table[at, column])
  answer
}

refuse_in_limit <- function(fit, generic, arguments) {
  intervals <- generic == "get_predicted" && !is.null(arguments$ci)
  if (intervals || generic == "sanitize_model_specific") {
    refuse_wald(fit, paste0(generic, "()"), "predict(interval = \"confidence\")")
  }
  if (!is.null(arguments$vcov)) refuse_wald(fit, "`vcov`")
}
