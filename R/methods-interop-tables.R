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

# broom's for a glm, and which covariance matrix was meant, if it is not the model's own.
#' @exportS3Method generics::glance
glance.fastlogit <- function(x, vcov = NULL, ...) {
  warn_of_unknown()
  with_vcov_type(generics::glance(as_glm(x, rows = FALSE)), x, vcov)
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
  out <- broom::augment(
    as_glm(x, rows = TRUE), data = data, newdata = newdata, type.predict = type,
    type.residuals = type.residuals
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

# --- insight, parameters and what asks them ------------------------------------------------------

# bayestestR::ci(): confint(), or Wald's.
ci_of_fit <- function(x, ci = 0.95, method = if (has_likelihood(x)) "profile" else "wald",
                      vcov = NULL, ...) {
  if (is_separated(x) && !is.null(vcov)) refuse_wald(x, "`vcov`")
  ours <- method == "profile" || (method == "wald" && is_separated(x))
  if (!ours) {
    return(bayestestR::ci(as_glm(x, rows = TRUE), ci = ci, method = method, vcov = vcov, ...))
  }
  if (!is.null(vcov)) {
    fit_warning(
      "fastlogit_ignored", "`vcov` has no say in intervals by the profile of the likelihood."
    )
  }
  tables <- lapply(ci, function(level) {
    bounds <- matrix(stats::confint(x, level = level, method = method), ncol = 2L)
    data.frame(
      Parameter = gsub("`", "", names(stats::coef(x)), fixed = TRUE), CI = level,
      CI_low = bounds[, 1L], CI_high = bounds[, 2L]
    )
  })
  do.call(rbind, tables)
}

# parameters::model_parameters(): its method for a glm asks generics that have methods of ours.
parameters_of_fit <- function(model, ..., ci_method = NULL, bootstrap = FALSE) {
  name <- substitute(model)
  fit <- if (is_stored(model)) in_memory(model) else model
  # No likelihood, no profile.
  if (is.null(ci_method) && !bootstrap && !has_likelihood(fit)) ci_method <- "wald"
  # The warning that profiles take time does not hold here.
  out <- withCallingHandlers(
    call_by_name(
      method_of("parameters", "model_parameters", "glm"), name, "model", fit,
      alist(..., ci_method = ci_method, bootstrap = bootstrap), environment()
    ),
    message = function(m) {
      slow <- grepl("Profiled confidence intervals", conditionMessage(m), fixed = TRUE)
      if (slow) tryInvokeRestart("muffleMessage")
    }
  )
  attr(out, "test_statistic") <- insight::find_statistic(as_glm(fit, rows = FALSE))
  out
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
