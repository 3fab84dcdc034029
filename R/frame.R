# Rows from a data frame (or from the formula's environment): the model frame, as glm() makes it.

# call: the matched call of the fitting function, whose arguments are evaluated in `env`; data: its
# value.
frame_from_call <- function(call, formula, env, data = NULL) {
  wanted <- c("formula", "data", "subset", "weights", "na.action", "etastart", "mustart", "offset")
  frame_call <- call[c(1L, match(wanted, names(call), 0L))]
  frame_call$formula <- formula
  # So that the formula's functions see numbers, whether package bit64 is loaded or not.
  if (any(long_integers(data))) frame_call$data <- without_long_integers(data)
  frame_call[[1L]] <- quote(stats::model.frame)
  frame <- function(call) {
    made <- tryCatch(eval(call, env), error = function(e) frame_error(e, formula))
    without_long_integers(made)
  }
  if (!is.null(frame_call$na.action) || !omits_by_default()) return(frame(frame_call))
  # na.omit() copies all rows even where nothing is missing: it is left out until something is.
  unchecked <- frame_call
  unchecked$na.action <- quote(stats::na.pass)
  complete <- frame(unchecked)
  if (anyNA(complete, recursive = TRUE)) frame(frame_call) else complete
}

# Which columns of a list are 64-bit integers of package bit64? They are stored as doubles, of which
# only their class tells that their bits mean something else.
long_integers <- function(data) {
  if (!is.list(data)) return(FALSE)
  columns <- unclass(data)
  if (!"integer64" %in% unlist(lapply(columns, oldClass))) return(FALSE)
  vapply(columns, inherits, NA, what = "integer64")
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
  x <- without_long_integers(x)
  if (!is.object(x) || !is_number_like(x)) return(x)
  attributes(x) <- attributes(x)[c("names", "dim", "dimnames")]
  x
}

weights_in_frame <- function(frame) as_numbers(stats::model.weights(frame))

# Without the names of rows that model.response() gives it.
response_itself <- function(frame) {
  .subset2(frame, attr(attr(frame, "terms"), "response"))
}

# Dates stay, to be refused by name.
response_in_frame <- function(frame) {
  y <- stats::model.response(frame, "any")
  if (inherits(y, c("Date", "POSIXct"))) y else as_numbers(y)
}

# The sum of the offsets, of the argument and of the formula, or NULL.
offset_in_frame <- function(frame) {
  columns <- unclass(frame)
  in_formula <- attr(attr(frame, "terms"), "offset")
  if (is.null(in_formula) && is.null(columns[["(offset)"]])) return(NULL)
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
drop_unused_levels <- function(frame, except = integer()) {
  columns <- unclass(frame)
  for (i in seq_along(columns)) {
    x <- columns[[i]]
    if (!is.factor(x) || i %in% except || all(tabulate(x, nlevels(x)) > 0L)) next
    frame[[i]] <- x[, drop = TRUE]
    if (identical(attr(x, "contrasts"), attr(frame[[i]], "contrasts"))) next
    fit_warning(
      "fastlogit_contrasts", "contrasts dropped from factor ", names(columns)[i],
      " due to missing levels"
    )
  }
  frame
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

check_data <- function(data) {
  if (is.null(data) || is.list(data) || is.environment(data)) return(invisible())
  input_error("`data` must be a data frame: found ", described(data), ".")
}
