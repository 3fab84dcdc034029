# What becomes of rows with missing values.

# As model.frame.default() finds it.
na_action_of <- function(call, data, env) {
  if ("na.action" %in% names(call)) return(eval(call$na.action, env))
  of_data <- attr(data, "na.action", exact = TRUE)
  if (!is.null(of_data) && mode(of_data) != "numeric") return(of_data)
  getOption("na.action", stats::na.fail)
}

leaves_complete_rows <- function(action) {
  is.character(action) && action[1L] %in% c("na.omit", "na.exclude", "na.fail") ||
    identical(action, stats::na.omit) || identical(action, stats::na.exclude) || is.null(action)
}

# What model.frame() makes of rows that are there: its terms have the values themselves in place of
# what they come from, so that nothing is evaluated again.
with_na_action <- function(frame, action) {
  terms <- by_values <- attr(frame, "terms")
  values <- unclass(frame)
  of_terms <- seq_len(length(attr(terms, "variables")) - 1L)
  attr(by_values, "predvars") <- as.call(c(quote(list), unname(values[of_terms])))
  further <- values[-of_terms]
  names(further) <- substr(names(further), 2L, nchar(names(further)) - 1L)
  arguments <- c(list(by_values, frame, na.action = action), further)
  made <- do.call(stats::model.frame.default, arguments, quote = TRUE)
  classes <- attr(attr(made, "terms"), "dataClasses")
  structure(made, terms = structure(terms, dataClasses = classes))
}
