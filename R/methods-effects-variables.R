# What a fit's formula says of the variables of its data, for average effects: which variables of
# the model frame depend on which of them, and how a change of one becomes a change of the others.

# A list of
#   blueprint, env   see blueprint_of(); where the formula was written
#   calls, replays   what makes the variables of the model frame, and what makes them of new rows
#   names, widths    of these: what they are called, and how many numbers they have
#   kinds            for each an example without rows, or NULL
#   offsets          the calls of the offsets
#   example          see example_finder()
#   predictors       how many linear predictors there are
formula_facts <- function(fit, newdata = NULL) {
  blueprint <- blueprint_of(fit)
  terms <- blueprint$terms
  calls <- as.list(attr(terms, "variables"))[-1L]
  replays <- as.list(attr(terms, "predvars"))[-1L]
  if (length(replays) == 0L) replays <- calls
  frame <- unclass(frame_prototype(fit))[seq_along(calls)]
  facts <- list(
    blueprint = blueprint, env = environment(terms), calls = calls, replays = replays,
    names = vapply(calls, variable_name, ""), widths = vapply(frame, NCOL, 0L),
    kinds = lapply(frame, function(x) if (is.null(dim(x))) x[0L]),
    offsets = c(replays[attr(terms, "offset")], fit$call$offset),
    example = example_finder(fit, newdata, NROW(frame[[1L]])),
    predictors = nrow(coefficient_table(fit))
  )
  themselves <- vapply(Filter(is.symbol, calls[blueprint$used]), as.character, "")
  facts$by_row <- Filter(
    function(name) name %in% themselves || !is.null(facts$example(name)),
    unique(unlist(lapply(c(calls[blueprint$used], facts$offsets), all.vars)))
  )
  facts
}

# A function of a name: the values in some rows, or NULL where it has none for each row. The data
# of the fit are looked at when they are needed.
example_finder <- function(fit, newdata, rows) {
  delayedAssign("data", examples_of_fit(fit))
  function(name) {
    if (name %in% names(newdata)) return(newdata[[name]])
    if (is.list(data) && name %in% names(data)) return(data[[name]])
    value <- get0(name, if (is.environment(data)) data else environment(fit$terms))
    if (is.atomic(value) && rows > 1L && NROW(value) >= rows) value
  }
}

data_of_fit <- function(fit) {
  if (is_stripped(fit)) return(.subset2(fit, "stripped")$example)
  if (!is.null(fit$data)) return(fit$data)
  tryCatch(eval(fit$call$data, environment(fit$terms)), error = function(e) NULL)
}

examples_of_fit <- function(fit) {
  data <- data_of_fit(fit)
  if (is_source(data)) first_chunk(data) else data
}

first_chunk <- function(source) {
  reader <- open_source(source, NULL)
  on.exit(reader$close())
  reader$next_chunk()
}

# What an expression depends on, row by row.
varying_in <- function(facts, expression) intersect(all.vars(expression), facts$by_row)

# The variables of the data that the terms depend on, or also those of the offsets.
predictor_names <- function(facts, offsets = FALSE) {
  calls <- c(facts$calls[facts$blueprint$used], if (offsets) facts$offsets)
  intersect(unique(unlist(lapply(calls, all.vars))), facts$by_row)
}

check_predictors <- function(facts, names, argument) {
  known <- predictor_names(facts, offsets = TRUE)
  unknown <- setdiff(names, known)
  if (length(unknown) == 0L) return(invisible())
  input_error(
    "`", argument, "` names ", quoted(unknown), ", which is no predictor of the model: predictors ",
    "are ", if (length(known)) quoted(known) else "none", "."
  )
}

# A variable of the data: a list of
#   name, at   what it is called, and which variables of the model frame depend on it
#   levels     what it is compared by, NULL for a number
#   coded      the variable of the model frame that has these levels, where it is a factor made of
#              numbers
#   raw        a function of a level: the value in the data
# values: those that are asked for, or NULL; of a number they are levels where they name such.
predictor_of <- function(facts, name, values = NULL) {
  at <- touched_by(facts, name)
  own <- Filter(function(i) identical(facts$calls[[i]], as.name(name)), at)
  if (any(facts$widths[own] > 1L)) {
    input_error(
      "`", name, "` is a matrix: effects are of variables of one column each, so give the columns ",
      "of it as such."
    )
  }
  like <- if (length(own)) facts$kinds[[own]] else facts$example(name)
  levels <- if (length(own)) facts$blueprint$levels[[own]] else levels_of(like[!is.na(like)])
  if (is.factor(like)) levels <- intersect(levels, levels(like))
  out <- list(name = name, at = at, levels = levels, raw = function(level) as_level(level, like))
  if (!is.null(levels)) return(out)
  codes <- Filter(function(i) !is.null(facts$blueprint$levels[[i]]), at)
  alone <- length(codes) == 1L && length(at) == 1L && !in_offset(facts, name)
  if (alone && all(as.character(values) %in% facts$blueprint$levels[[at]])) {
    return(c(out[c("name", "at")], list(levels = facts$blueprint$levels[[at]], coded = at)))
  }
  if (length(codes) && is.null(values)) {
    input_error(
      "`", name, "` is a number in the data, and enters the model both by the levels of ",
      quoted(facts$names[codes]), " and otherwise: give values to compare, as in ",
      "`variables = list(", name, " = c(0, 1))`."
    )
  }
  out
}

# A value of a level, as the data have it.
as_level <- function(level, like) {
  if (is.logical(like)) return(as.logical(level))
  if (!is.factor(like)) return(level)
  factor(level, levels(like), ordered = is.ordered(like))
}

# --- changes --------------------------------------------------------------------------------------

# A change of some variables, the same in all rows: a list of
#   kind    "value": set to a value; "step": raised by 1; "slope": the derivative
#   raw     the new values in the data, by name; of a step or a slope the variable's name alone
#   fixed   variables of the model frame (by position) that become the same in all rows: a level's
#           code, or numbers
#   moved   those that become something else in each row
#   offset  is the offset among what changes?

# settings: for each variable list(of = a predictor, value = ).
value_change <- function(facts, settings) {
  codes <- Filter(function(setting) !is.null(setting$of$coded), settings)
  others <- setdiff(settings, codes)
  raw <- lapply(others, `[[`, "value")
  names(raw) <- vapply(others, function(setting) setting$of$name, "")
  fixed <- list()
  for (setting in codes) {
    fixed[[as.character(setting$of$coded)]] <- code_of_level(facts, setting$of$coded, setting$value)
  }
  moved <- integer()
  for (i in touched_by(facts, names(raw))) {
    if (all(varying_in(facts, facts$calls[[i]]) %in% names(raw))) {
      fixed[[as.character(i)]] <- value_at(facts, i, raw, others)
    } else {
      moved <- c(moved, i)
    }
  }
  list(
    kind = "value", raw = raw, fixed = fixed, moved = moved,
    offset = moves_offset(facts, names(raw))
  )
}

# By one, or infinitely little.
number_change <- function(facts, predictor, kind) {
  name <- predictor$name
  list(
    kind = kind, raw = name, fixed = list(), moved = touched_by(facts, name),
    offset = moves_offset(facts, name)
  )
}

touched_by <- function(facts, names) {
  Filter(function(i) any(names %in% all.vars(facts$calls[[i]])), facts$blueprint$used)
}

in_offset <- function(facts, names) {
  any(vapply(facts$offsets, function(x) any(names %in% all.vars(x)), NA))
}

moves_offset <- function(facts, names) {
  moves <- in_offset(facts, names)
  if (moves && facts$predictors > 1L) {
    input_error(
      "the offset depends on ", quoted(names), ": the effect of that is defined for two classes ",
      "only."
    )
  }
  moves
}

# Of a variable of the model frame: its code, or its numbers. What is made of a single variable of
# levels is looked up among all of them, as relevel() and the like need them all.
value_at <- function(facts, i, raw, settings) {
  at <- 1L
  of <- Filter(
    function(setting) identical(varying_in(facts, facts$calls[[i]]), setting$of$name), settings
  )
  levels <- if (length(of)) of[[1L]]$of$levels
  if (!is.null(levels)) {
    at <- match(as.character(raw[[of[[1L]]$of$name]]), levels)
    raw[[of[[1L]]$of$name]] <- of[[1L]]$of$raw(levels)
  }
  value <- rows_at(suppressWarnings(eval(facts$replays[[i]], raw, facts$env)), at)
  if (!is.null(facts$blueprint$levels[[i]])) return(code_of_level(facts, i, value))
  numbers <- as.double(as_numbers(value))
  check_finite(numbers, paste0("`", facts$names[i], "` at the values of `variables`"))
  numbers
}

code_of_level <- function(facts, i, value) {
  levels <- facts$blueprint$levels[[i]]
  code <- match(as.character(value), levels)
  if (length(code) == 1L && !is.na(code)) return(code)
  input_error(
    "`variables` asks for a level of `", facts$names[i], "` that the fit did not see (",
    described(as.character(value)), "); known are ", listed(paste0("\"", levels, "\""), 10L), "."
  )
}

# Of a vector, a matrix, or each of a list of them.
rows_at <- function(x, rows) {
  if (is.list(x)) return(lapply(x, rows_at, rows))
  if (is.matrix(x)) x[rows, , drop = FALSE] else x[rows]
}
