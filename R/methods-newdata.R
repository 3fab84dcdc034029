# New rows for a fit: what R's model.frame() makes of them, and in our words why it cannot.

# The model frame of new rows, as predict.lm() makes it.
frame_of_newdata <- function(object, newdata, na.action) {
  terms <- stats::delete.response(object$terms)
  frame <- stats::model.frame(terms, newdata, na.action = na.action, xlev = object$xlevels)
  classes <- attr(terms, "dataClasses")
  if (!is.null(classes)) stats::.checkMFClasses(classes, frame)
  frame
}

# The offsets of new rows, whose frame is at hand: those of the formula, and that of the argument,
# as the fit would evaluate it.
offset_of_newdata <- function(object, newdata, frame) {
  omitted <- attr(frame, "na.action")
  rows <- nrow(frame) + length(omitted)
  argument <- eval(object$call$offset, newdata, environment(object$terms))
  if (!length(argument) %in% c(0L, 1L, rows)) {
    input_error(
      "the argument `offset = ", deparse1(object$call$offset), "` of the fit has ",
      length(argument), " values, and `newdata` has ", rows, if (rows == 1L) " row" else " rows",
      ": fit with a column of the data as offset."
    )
  }
  if (length(omitted) && length(argument) > 1L) argument <- argument[-omitted]
  if (length(argument)) frame[["(offset)"]] <- rep_len(as.vector(as_numbers(argument)), nrow(frame))
  as.vector(offset_in_frame(frame) %||% 0)
}

# An error of `expr`, which evaluates the fit's formula for new rows, that is the fault of these.
with_newdata_errors <- function(object, newdata, na.action, expr) {
  tryCatch(expr, error = function(e) {
    if (inherits(e, "fastlogit_error")) rethrow(e)
    check_columns(object, newdata)
    check_known_levels(object, newdata)
    tryCatch(frame_of_newdata(object, newdata, na.action), error = function(again) {
      input_error("`newdata` does not fit the model: ", conditionMessage(again), ".")
    })
    rethrow(e)
  })
}

# Which columns are missing is asked of R itself, variable by variable: a name in a formula may be
# that of a column, but as well of a component, of a function's argument, ...
check_columns <- function(object, newdata) {
  terms <- stats::delete.response(object$terms)
  variables <- attr(terms, "predvars") %||% attr(terms, "variables")
  expressions <- c(as.list(variables)[-1L], object$call$offset)
  missing <- unique(unlist(lapply(expressions, not_found, newdata, environment(terms))))
  if (length(missing) == 0L) return(invisible())
  input_error(
    "`newdata` lacks ", if (length(missing) == 1L) "the column " else "the columns ",
    quoted(missing), "."
  )
}

# The names for which an expression cannot be evaluated.
not_found <- function(expression, newdata, env) {
  if (!is.list(newdata) && !is.environment(newdata)) newdata <- list()
  value <- tryCatch(eval(expression, newdata, env), error = identity)
  if (is.symbol(expression) && is.function(value)) return(as.character(expression))
  if (!inherits(value, "error")) return(NULL)
  pattern <- "^object '(.*)' not found$"
  text <- conditionMessage(value)
  if (grepl(pattern, text)) return(sub(pattern, "\\1", text))
  # In another language.
  Filter(
    function(name) !name %in% names(newdata) && !exists(name, envir = env), all.vars(expression)
  )
}

check_known_levels <- function(object, newdata) {
  for (name in intersect(names(object$xlevels), names(newdata))) {
    values <- unique(as.character(newdata[[name]]))
    new <- setdiff(values[!is.na(values)], object$xlevels[[name]])
    if (length(new)) {
      input_error(
        "`newdata$", name, "` has ", if (length(new) == 1L) "a level" else "levels",
        " that the fit did not see: ", listed(paste0("\"", new, "\"")), "; known are ",
        listed(paste0("\"", object$xlevels[[name]], "\""), 10L), "."
      )
    }
  }
}

# The rows of `newdata`, or those of the fit: offset, names, the design x of those where nothing is
# missing, and `padded()`, which makes what is computed from them NA elsewhere.
sparse_rows <- function(fit, newdata, na.action) {
  if (is.null(newdata)) {
    return(list(
      x = fit[["x"]] %||% rows_of(fit)$design$sparse, offset = fit$offset %||% 0,
      names = names(fit$linear.predictors), padded = as.vector
    ))
  }
  frame <- frame_of_newdata(fit, newdata, na.action)
  complete <- stats::complete.cases(frame)
  if (length(frame) == 0L) complete <- rep(TRUE, nrow(frame))
  terms <- attr(frame, "terms")
  offset <- offset_of_newdata(fit, newdata, frame)
  names <- row.names(frame)
  if (!all(complete)) frame <- structure(frame[complete, , drop = FALSE], terms = terms)
  list(
    x = sparse_model_matrix(design_from(blueprint_of_newdata(fit), frame)), offset = offset,
    names = names,
    padded = function(values) replace(rep(NA_real_, length(complete)), complete, as.vector(values))
  )
}
