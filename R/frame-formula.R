# The formula that the user gave.

as_model_formula <- function(formula, env) {
  if (inherits(formula, "formula")) return(formula)
  if (is.data.frame(formula) || is_source(formula)) {
    input_error(
      "`formula` must be a formula, such as y ~ x: found the data. Give the formula first, and ",
      "in a pipe the data by name: `data = _`."
    )
  }
  made <- tryCatch(stats::as.formula(formula, env = env), error = function(e) NULL)
  if (!is.null(made)) return(made)
  input_error("`formula` must be a formula, such as y ~ x: found ", described(formula), ".")
}

no_formula <- function() input_error("`formula` is missing: give a formula, such as y ~ x.")

# Terms such as (1 | id) are other packages' way to write random effects; to R they are a logical
# or. data: where the variables are, NULL for a source.
report_bars <- function(formula, data) {
  if (!any(match(c("|", "||"), all.names(formula), 0L))) return(invisible())
  for (bar in bars_in(formula[[length(formula)]])) {
    if (is_logical_or(bar, data, environment(formula))) next
    fit_warning(
      "fastlogit_random_effect",
      "`", deparse1(bar), "` is R's logical or, TRUE or FALSE for each row, and no random effect: ",
      "mixed models are fitted by lme4::glmer() or glmmTMB::glmmTMB()."
    )
  }
}

# The calls of | between which a formula's operators stand.
bars_in <- function(expression) {
  if (!is.call(expression)) return(list())
  operator <- as.character(expression[[1L]])[1L]
  if (operator %in% c("|", "||")) return(list(expression))
  if (!operator %in% c("+", "-", "*", ":", "/", "^", "%in%", "(")) return(list())
  unlist(lapply(as.list(expression)[-1L], bars_in), recursive = FALSE)
}

# Is it between conditions? Of a source nobody has looked at yet: unless a number stands there.
is_logical_or <- function(bar, data, env) {
  condition <- function(expression) {
    if (is.null(data)) return(!any(vapply(all_parts(expression), is.numeric, NA)))
    is.logical(tryCatch(eval(expression, data, env), error = function(e) NULL))
  }
  condition(bar[[2L]]) && condition(bar[[3L]])
}

# What stands in an expression of sums.
all_parts <- function(expression) {
  if (!is.call(expression)) return(list(expression))
  if (!as.character(expression[[1L]])[1L] %in% c("+", "-", "(")) return(list())
  unlist(lapply(as.list(expression)[-1L], all_parts), recursive = FALSE)
}

response_name <- function(terms) {
  response <- attr(terms, "variables")[[attr(terms, "response") + 1L]]
  paste0("the response `", deparse1(response), "`")
}
