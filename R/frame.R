# Rows from a data frame (or from the formula's environment): the model frame, as glm() makes it.

# call: the matched call of the fitting function, whose arguments are evaluated in `env`; data: its
# value. sized: is the frame to have the attribute `known`, see plain_frame()?
#
# The variables are evaluated once. na.omit() copies all rows even where nothing is missing: it is
# left out unless something is.
frame_from_call <- function(call, formula, env, data = NULL, threads = NULL, sized = FALSE) {
  # So that the formula's functions see numbers, whether package bit64 is loaded or not.
  if (any(long_integers(data))) data <- call$data <- without_long_integers(data)
  withCallingHandlers(
    {
      made <- plain_frame(call, formula, data, threads, sized)
      if (is.null(made)) {
        frame <- without_long_integers(passed_frame(call, formula, env))
        made <- list(frame = frame, missing = anyNA(frame, recursive = TRUE))
      }
      action <- na_action_of(call, data, env)
      complete <- !made$missing && leaves_complete_rows(action)
      if (complete) made$frame else with_na_action(made$frame, action)
    },
    error = function(e) frame_error(e, formula)
  )
}

# R's own, with all rows that are asked for.
passed_frame <- function(call, formula, env) {
  wanted <- c("formula", "data", "subset", "weights", "etastart", "mustart", "offset")
  call <- call[c(1L, match(wanted, names(call), 0L))]
  call$formula <- formula
  call$na.action <- quote(stats::na.pass)
  call[[1L]] <- quote(stats::model.frame)
  eval(call, env)
}

# What model.frame.default() makes of the rows that are asked for, before it looks for missing
# values, in a third of its time, which would be a fifth of a small fit's. NULL where there is more
# to do, or to say. Whether values are missing is told by the largest of numbers, the levels that
# some row has and the words, which the design needs as well: that is one way through memory. They
# are the attribute `known`, a list as the frame is, to be taken off.
plain_frame <- function(call, formula, data, threads = NULL, sized = FALSE) {
  from_variables <- inherits(data, "data.frame") || is.environment(data)
  plain <- from_variables && identical(oldClass(formula), "formula")
  if (!plain) return(NULL)
  terms <- stats::terms.formula(formula, data = data)
  variables <- attr(terms, "variables")
  env <- environment(formula)
  values <- eval(variables, data, env)
  names(values) <- names_of_symbols_impl(variables)
  symbols <- !anyNA(names(values))
  if (!symbols) names(values) <- names_of_calls(names(values), variables)
  by_row <- c("weights", "etastart", "mustart", "offset")
  if (any(match(by_row, names(call), 0L))) {
    values <- c(values, further_in_frame(call, by_row, data, env))
  }
  found <- describe_variables_impl(values, threads)
  if (is.null(found)) return(NULL)
  row_names <- .row_names_info(data, 0L)
  if (length(row_names) != found$rows) row_names <- c(NA_integer_, found$rows)
  attr(terms, "predvars") <-
    if (symbols && !found$objects) variables else as_predicted(variables, values)
  subset <- eval(call$subset, data, env)
  if (!is.null(subset)) {
    values <- rows_asked_for(values, row_names, subset)
    row_names <- attr(values, "row.names")
    found <- describe_variables_impl(values, threads)
    if (is.null(found)) return(NULL)
  }
  classes <- found$classes
  if (anyNA(classes)) {
    for (i in which(is.na(classes))) classes[i] <- stats::.MFclass(values[[i]])
  }
  names(classes) <- names(values)
  attr(terms, "dataClasses") <- classes  # nolint: object_name_linter. The name is R's.
  attributes(values) <- list(
    names = names(values), terms = terms, row.names = row_names, class = "data.frame",
    known = if (sized) found$known
  )
  list(frame = values, missing = found$missing)
}

# `[` of a data frame; nearly always by a condition, for which its rows are soon told.
rows_asked_for <- function(values, row_names, subset) {
  names <- names(values)
  attributes(values) <- list(names = names, row.names = row_names, class = "data.frame")
  all <- attr(values, "row.names")
  by_condition <- is.logical(subset) && length(subset) == length(all) && !anyNA(subset)
  if (!by_condition) return(values[subset, , drop = FALSE])
  values <- lapply(unclass(values), function(x) {
    if (length(dim(x)) == 2L) x[subset, , drop = FALSE] else x[subset]
  })
  attributes(values) <- list(names = names, row.names = all[subset], class = "data.frame")
  values
}

names_of_calls <- function(names, variables) {
  for (i in which(is.na(names))) {
    names[i] <- paste(deparse(variables[[i + 1L]], width.cutoff = 500L), collapse = " ")
  }
  names
}

# Of the arguments that go by row.
further_in_frame <- function(call, by_row, data, env) {
  given <- by_row[by_row %in% names(call)]
  values <- eval(as.call(c(quote(list), as.list(call)[given])), data, env)
  names(values) <- paste0("(", given, ")")
  values[!vapply(values, is.null, NA)]
}

# How predict() has to ask for the variables of new rows: by the knots of these, and so on.
as_predicted <- function(variables, values) {
  for (i in seq_along(variables)[-1L]) {
    x <- .subset2(values, i - 1L)
    if (is.symbol(variables[[i]]) && !is.object(x)) next
    variables[[i]] <- stats::makepredictcall(x, variables[[i]])
  }
  variables
}

# Which columns of a list are 64-bit integers of package bit64? They are stored as doubles, of which
# only their class tells that their bits mean something else.
long_integers <- function(data) {
  if (!is.list(data)) return(FALSE)
  for (x in unclass(data)) {
    if (is.object(x) && inherits(x, "integer64")) {
      return(vapply(unclass(data), inherits, NA, what = "integer64"))
    }
  }
  FALSE
}

# The same data, or vector, with doubles in their place; of other classes there is none in R whose
# numbers are not what they look like.
without_long_integers <- function(x) {
  if (inherits(x, "integer64")) return(long_integers_impl(x))
  if (!is.list(x)) return(x)
  for (i in which(long_integers(x))) x[[i]] <- long_integers_impl(x[[i]])
  x
}

# Numbers of any class (differences of times, units, labelled ones, ...) as plain ones.
as_numbers <- function(x) {
  if (is.null(x) || is.atomic(x) && !is.object(x)) return(x)
  x <- without_long_integers(x)
  if (!is.object(x) || !is_number_like(x)) return(x)
  attributes(x) <- attributes(x)[c("names", "dim", "dimnames")]
  x
}

weights_in_frame <- function(frame) as_numbers(.subset2(frame, "(weights)"))

# Without the names of rows that model.response() gives it.
response_itself <- function(frame) {
  response <- attr(attr(frame, "terms"), "response")
  if (response > 0L) .subset2(frame, response)
}

# Dates stay, to be refused by name.
response_in_frame <- function(frame) {
  y <- response_itself(frame)
  if (!is.object(y) && is.null(dim(y))) return(y)
  if (is.matrix(y) && ncol(y) == 1L) dim(y) <- NULL
  if (inherits(y, c("Date", "POSIXct"))) y else as_numbers(y)
}

# The sum of the offsets, of the argument and of the formula, or NULL.
offset_in_frame <- function(frame) {
  in_formula <- attr(attr(frame, "terms"), "offset")
  if (is.null(in_formula) && is.null(.subset2(frame, "(offset)"))) return(NULL)
  columns <- unclass(frame)
  offsets <- c(columns["(offset)"], columns[in_formula])
  offset <- Reduce(add_offsets, lapply(Filter(Negate(is.null), offsets), as_numbers))
  if (is.integer(offset) || is.logical(offset)) storage.mode(offset) <- "double"
  offset
}

# Columns are those of the same classes.
add_offsets <- function(a, b) {
  for (offset in list(a, b)) check_row_values(ifelse(is.na(offset), 0, offset), NROW(a), "offset")
  of <- colnames(a)
  if (NCOL(a) != NCOL(b) || !setequal(of, colnames(b))) {
    input_error("the offsets of the model have different columns, so they cannot be added.")
  }
  if (length(of) && NCOL(b) > 1L) b <- b[, of, drop = FALSE]
  storage.mode(b) <- "double"  # integers would overflow
  if (NCOL(a) == 1L) as.vector(a) + as.vector(b) else a + b
}

# As model.frame(drop.unused.levels = TRUE), which looks for the unused levels with unique(); but
# for the columns of these numbers.
drop_unused_levels <- function(frame, except = integer(), threads = NULL) {
  columns <- unclass(frame)
  known <- attr(frame, "known")
  for (i in seq_along(columns)) {
    x <- columns[[i]]
    if (!is.object(x) || !is_plain_factor(x) || i %in% except) next
    of <- known[[i]] %||% levels_seen(list(x), threads)[[1L]]
    if (of$damaged || all(of$seen)) next
    frame[[i]] <- x[, drop = TRUE]
    if (!is.null(known)) attr(frame, "known")[[i]] <- levels_seen(frame[i], threads)[[1L]]
    if (identical(attr(x, "contrasts"), attr(frame[[i]], "contrasts"))) next
    warn_contrasts_dropped(names(columns)[i])
  }
  frame
}

warn_contrasts_dropped <- function(name) {
  fit_warning(
    "fastlogit_contrasts", "contrasts dropped from factor ", name, " due to missing levels"
  )
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

check_data <- function(data) {
  found <- is.null(data) || is.list(data) || is.environment(data)
  check_that(found, data, "`data` must be a data frame")
  if (!inherits(data, c("twophase", "twophase2", "DBIsvydesign", "DBIrepdesign"))) {
    return(invisible())
  }
  input_error(
    "survey designs of two phases, or in a database, are not fitted: use survey::svyglm(), or ",
    "give a design of a data frame."
  )
}
