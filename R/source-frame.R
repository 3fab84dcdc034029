# Rows from a data frame (or from the formula's environment): the model frame, as glm() makes it.

# call: the matched call of the fitting function, whose arguments are evaluated in `env`.
frame_from_call <- function(call, formula, env, drop_unused = TRUE) {
  wanted <- c("formula", "data", "subset", "weights", "na.action", "etastart", "mustart", "offset")
  frame_call <- call[c(1L, match(wanted, names(call), 0L))]
  frame_call$formula <- formula
  frame_call$drop.unused.levels <- drop_unused
  frame_call[[1L]] <- quote(stats::model.frame)
  frame <- function(call) tryCatch(eval(call, env), error = function(e) frame_error(e, formula))
  if (!is.null(frame_call$na.action) || !omits_by_default()) return(frame(frame_call))
  # na.omit() copies all rows even where nothing is missing: it is left out until something is.
  unchecked <- frame_call
  unchecked$na.action <- quote(stats::na.pass)
  complete <- frame(unchecked)
  if (anyNA(complete, recursive = TRUE)) frame(frame_call) else complete
}

# Does the session's na.action leave complete rows as they are?
omits_by_default <- function() {
  action <- getOption("na.action")
  is.character(action) && action %in% c("na.omit", "na.exclude", "na.fail")
}

# R's words for what goes wrong here speak of its internals; the causes are few.
frame_error <- function(error, formula) {
  if (inherits(error, "fastlogit_error")) rethrow(error)
  text <- conditionMessage(error)
  if (grepl("^object '.*' not found$", text)) {
    name <- sub("^object '(.*)' not found$", "\\1", text)
    input_error(
      "variable `", name, "` was not found, neither in `data` nor where the formula was written."
    )
  }
  if (grepl("^variable lengths differ", text)) {
    name <- sub(".*\\(found for '(.*)'\\).*", "\\1", text)
    input_error(
      "`", sub("^\\((.*)\\)$", "\\1", name),
      "` has another number of values than the other variables."
    )
  }
  if (grepl("missing values in object", text)) {
    input_error("the data have missing values, and `na.action` is na.fail.")
  }
  input_error("the model frame could not be made: ", text, ".")
}

as_model_formula <- function(formula, env) {
  if (inherits(formula, "formula")) return(formula)
  made <- tryCatch(stats::as.formula(formula, env = env), error = function(e) NULL)
  if (!is.null(made)) return(made)
  input_error("`formula` must be a formula, such as y ~ x: found ", described(formula), ".")
}

check_data <- function(data) {
  if (is.null(data) || is.list(data) || is.environment(data)) return(invisible())
  input_error("`data` must be a data frame: found ", described(data), ".")
}
