# insight, parameters, bayestestR, and what asks them (report, modelsummary, performance).

# bayestestR::ci(): confint(), or Wald's.
ci_of_fit <- function(x, ci = 0.95, method = if (has_likelihood(x)) "profile" else "wald",
                      vcov = NULL, ...) {
  if (is_separated(x) && !is.null(vcov)) refuse_wald(x, "`vcov`")
  ours <- method == "profile" || (method == "wald" && is_separated(x))
  if (!ours) {
    return(bayestestR::ci(plain_glm(x, rows = TRUE), ci = ci, method = method, vcov = vcov, ...))
  }
  if (!is.null(vcov)) {
    fit_warning(
      "fastlogit_ignored", "`vcov` has no say in intervals by the profile of the likelihood."
    )
  }
  ci_table(x, ci, method)
}

ci_table <- function(fit, ci, method, vcov = NULL) {
  tables <- lapply(ci, function(level) {
    bounds <- matrix(stats::confint(fit, level = level, method = method, vcov = vcov), ncol = 2L)
    data.frame(
      Parameter = gsub("`", "", names(stats::coef(fit)), fixed = TRUE), CI = level,
      CI_low = bounds[, 1L], CI_high = bounds[, 2L]
    )
  })
  do.call(rbind, tables)
}

# For parameters, which takes a class that it does not know for one of t tests.
column_of_sets <- function(column, title) {
  function(model, vcov = NULL, ...) {
    table <- generics::tidy(model, vcov = vcov)
    stats::setNames(
      data.frame(gsub("`", "", table$term, fixed = TRUE), table[[column]]), c("Parameter", title)
    )
  }
}

ci_of_sets <- function(x, ci = 0.95, method = NULL, vcov = NULL, ...) {
  by_profile <- has_likelihood(x) && is.null(vcov)
  ci_table(x, ci, method %||% if (by_profile) "profile" else "wald", vcov)
}

# parameters::model_parameters(): its method for a glm asks generics that have methods of ours.
parameters_of_fit <- function(model, ..., ci_method = NULL, bootstrap = FALSE, vcov = NULL) {
  name <- substitute(model)
  fit <- in_memory(model)
  # No likelihood, no profile.
  if (is.null(ci_method) && !bootstrap && !has_likelihood(fit)) ci_method <- "wald"
  asked <- fit
  # It looks for `vcov` among the arguments of the class' methods before it asks them.
  if (!is.null(vcov) && !is_separated(fit)) {
    if (is_ridge(fit)) check_no_sandwich(vcov)
    asked <- plain_glm(fit, rows = !is_ridge(fit))
  }
  # The warning that profiles take time does not hold here.
  out <- withCallingHandlers(
    call_by_name(
      method_of("parameters", "model_parameters", "glm"), name, "model", asked,
      alist(..., ci_method = ci_method, bootstrap = bootstrap, vcov = vcov), environment()
    ),
    message = function(m) {
      slow <- grepl("Profiled confidence intervals", conditionMessage(m), fixed = TRUE)
      if (slow) tryInvokeRestart("muffleMessage")
    }
  )
  attr(out, "test_statistic") <- insight::find_statistic(plain_glm(fit, rows = FALSE))
  out
}

# --- many classes ---------------------------------------------------------------------------------

# As of a multinom; of separated fits as summary() and confint() have it.
as_of_multinom <- function(package, generic, argument) {
  force(package)
  method <- function(x, ...) {
    fit <- get(argument, inherits = FALSE)
    if (is_separated(fit) && !is.null(list(...)$vcov)) refuse_wald(fit, "`vcov`")
    as_multinom <- inherited_method(package, generic, c("multinom", "default"))
    answer <- as_multinom(fit, ...)
    if (is_separated(fit)) in_limit_of_classes(answer, fit, generic) else answer
  }
  names(formals(method))[1L] <- argument
  method
}

in_limit_of_classes <- function(answer, fit, generic) {
  columns <- c(Estimate = "estimate", SE = "std.error", Statistic = "statistic", p = "p.value")
  column <- columns[names(columns_in_limit[[generic]])]
  table <- generics::tidy(fit)
  answer[[names(column)]] <- table[[column]][rows_of_table(answer, table, fit)]
  answer
}

# Two classes are not named in the answer.
rows_of_table <- function(answer, table, fit) {
  class <- answer$Response %||% fit$lab[2L]
  match(
    paste(class, answer$Parameter), paste(table$y.level, gsub("`", "", table$term, fixed = TRUE))
  )
}

ci_of_classes <- function(x, ci = 0.95, ..., vcov = NULL) {
  found <- inherited_method("parameters", "ci", c("multinom", "default"))(x, ci = ci, ...)
  if (!is_separated(x)) return(found)
  if (!is.null(vcov)) refuse_wald(x, "`vcov`")
  for (level in ci) {
    table <- generics::tidy(x, conf.int = TRUE, conf.level = level)
    rows <- found$CI == level
    at <- rows_of_table(found[rows, ], table, x)
    found$CI_low[rows] <- table$conf.low[at]
    found$CI_high[rows] <- table$conf.high[at]
  }
  found
}

# What was maximised.
algorithm_of_fit <- function(x, ...) {
  list(algorithm = paste0("ML", if (!is.null(x$penalty)) paste(" with", penalty_title(x$penalty))))
}
