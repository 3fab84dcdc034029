# What a kept cache says of its rows: numbers and words, see pack_fields(). A file may have been
# damaged, or made by anybody: all that it says is checked against the file and the call, from which
# the formula, its terms and their expressions are taken.

# seen: see encode_source(). NULL where the first rows cannot be noted.
notes_of <- function(seen, key) {
  head <- lapply(seen$head, column_note)
  if (any(vapply(head, is.null, NA))) return(NULL)
  known <- c(
    "rows", "omitted", "read", "excluded", "variables", "response", "offset", "file_columns",
    "kinds"
  )
  c(seen[intersect(known, names(seen))], list(
    key = key, head = unname(head), head_names = names(head),
    parameters = lapply(seen$parameters, parameters_of)
  ))
}

# What was seen of the rows when they were written.
seen_in_notes <- function(handle, key, spec, coding) {
  facts <- cache_facts(handle)
  notes <- tryCatch(unpack_fields(facts$notes), fastlogit_unreadable = function(e) NULL)
  if (!is.list(notes) || !identical(notes[["key"]], key)) {
    unsound_cache(handle$path, "holds other rows")
  }
  head <- head_of(notes)
  plan <- if (!is.null(head)) tryCatch(plan_frame(spec, head), error = function(e) NULL)
  if (is.null(plan) || !are_sound(notes, plan, facts, coding)) not_sound(handle$path)
  notes$plan <- plan
  notes$head <- head
  notes$parameters <- Map(with_noted_parameters, plan$bases, notes$parameters)
  if (!fits_head(notes)) not_sound(handle$path)
  notes
}

not_sound <- function(path) unsound_cache(path, "is damaged: what it says of its rows cannot be")

unsound_cache <- function(path, what) {
  fit_error(
    "fastlogit_cache_error",
    "the cache of rows cannot be used: ", path, " ", what, ". Delete it, and fit again."
  )
}

# --- checks --------------------------------------------------------------------------------------

are_sound <- function(notes, plan, facts, coding) {
  of_flat <- attributes(plan$flat)
  names <- vapply(as.list(of_flat$variables)[-1L], variable_name, "")
  expected <- c(names[-c(of_flat$response, of_flat$offset)], names(plan$bases))
  variables <- notes[["variables"]]
  most <- facts$columns
  is.list(variables) && setequal(names(variables), expected) &&
    length(variables) == length(unique(expected)) &&
    all(vapply(variables, is_variable, NA, most)) &&
    is_sound_count(notes, facts) && are_kinds(notes[["kinds"]]) &&
    is_offset(notes[["offset"]], most) &&
    is_sound_response(notes[["response"]], most, coding) &&
    identical(as.character(names(notes[["parameters"]])), as.character(names(plan$bases))) &&
    all(as.logical(Map(are_parameters, plan$bases, notes[["parameters"]])))
}

is_sound_count <- function(notes, facts) {
  excluded <- notes[["excluded"]]
  counts <- notes[c("rows", "omitted", "read")]
  all(vapply(counts, is_amount, NA)) && counts$rows == facts$rows &&
    is_amount(notes[["file_columns"]]) && notes$file_columns == facts$columns &&
    (is.null(excluded) || is_columns(excluded, counts$rows + counts$omitted, counts$omitted) &&
       !is.unsorted(excluded, strictly = TRUE))
}

# Numbers of n columns, of any number of columns, of the file.
is_columns <- function(x, most, n = NULL) {
  is.numeric(x) && length(x) > 0L && (is.null(n) || length(x) == n) && !anyNA(x) &&
    all(x >= 1 & x <= most & x == floor(x))
}

is_no_or_one <- function(x, most) is.null(x) || is_columns(x, most, 1L)

is_amount <- function(x, n = 1L) is.numeric(x) && length(x) == n && all(is.finite(x)) && all(x >= 0)

are_kinds <- function(x) is.null(x) || is.character(x) && !is.null(names(x)) && !anyNA(x)

are_words <- function(x) is.character(x) && !anyNA(x) && !anyDuplicated(x)

is_dictionary <- function(x) {
  sets <- x[["sets"]]
  is.list(x) && are_words(x[["words"]]) && is_amount(x[["counts"]], length(x[["words"]])) &&
    (is.null(sets) || is.list(sets) && all(vapply(sets, function(set) {
      are_words(set) && all(set %in% x$words)
    }, NA)))
}

is_variable <- function(x, most) {
  if (!is.list(x) || !is_columns(x[["columns"]], most)) return(FALSE)
  switch(paste(x[["kind"]], collapse = " "),
    number = is_amount(x[["largest"]], length(x$columns)),
    code = length(x$columns) == 1L && is_dictionary(x),
    FALSE
  )
}

is_offset <- function(x, most) {
  if (is.null(x)) return(TRUE)
  names <- x[["names"]]
  is.list(x) && is_columns(x[["columns"]], most) && is_flag(x[["any"]]) &&
    (is.null(names) || is.character(names) && length(names) == length(x$columns))
}

is_sound_response <- function(x, most, coding) {
  if (!is.list(x) || !all(vapply(x[c("largest_weight", "n_ok")], is_amount, NA))) return(FALSE)
  columns <- lapply(c("complement", "weights", "trials", "category"), function(name) x[[name]])
  coded <- !is.null(x[["dictionary"]])
  is.character(x[["name"]]) && length(x$name) == 1L && is_flag(x[["single"]]) &&
    all(vapply(columns, is_no_or_one, NA, most)) && (!coded || is_dictionary(x$dictionary)) &&
    (if (coding != "classes") is_sound_binary(x, most, coded) else is_sound_class(x, most, coded))
}

is_sound_binary <- function(x, most, coded) {
  saturated <- x[["saturated"]]
  is_columns(x[["y"]], most, 1L) && is_amount(x[["total"]]) && is.numeric(saturated) &&
    length(saturated) == 1L && (is.na(saturated) || is.finite(saturated)) &&
    if (coded) {
      is_amount(x[["by_code"]], length(x$dictionary$words))
    } else {
      is_amount(x[["successes"]]) && is_flag(x[["logical"]]) && is_flag(x[["counts"]])
    }
}

is_sound_class <- function(x, most, coded) {
  is_number(x[["entropy"]]) &&
    if (coded) {
      is_columns(x[["category"]], most, 1L) && is_flag(x[["numbers"]]) &&
        is_amount(x[["by_code"]], length(x$dictionary$words))
    } else {
      are_words(x[["classes"]]) && is_columns(x[["y"]], most, length(x$classes)) &&
        is_amount(x[["by_code"]], length(x$classes))
    }
}

# Are the variables what the first rows make of them?
fits_head <- function(notes) {
  frame <- tryCatch(prototype_frame(notes), error = function(e) NULL)
  if (is.null(frame)) return(FALSE)
  all(vapply(names(notes$variables), function(name) {
    known <- notes$variables[[name]]
    x <- .subset2(frame, name)
    if (is.null(x)) return(name %in% basis_names(notes))
    if (known$kind == "code") has_codes(x) else !has_codes(x) && NCOL(x) == length(known$columns)
  }, NA))
}

# The variables that only bases are made of.
basis_names <- function(notes) {
  vapply(notes$plan$bases, function(call) variable_name(call[[2L]]), "")
}

# --- parameters of bases -------------------------------------------------------------------------

parameters_of <- function(call) {
  if (function_name(call) == "scale") as.list(call)[c("center", "scale")] else call$coefs
}

are_parameters <- function(call, parameters) {
  if (!is.list(parameters)) return(FALSE)
  finite <- function(x, n) is.double(x) && length(x) == n && all(is.finite(x))
  if (function_name(call) == "scale") {
    known <- identical(names(parameters), c("center", "scale"))
    return(known && all(vapply(parameters, function(x) isFALSE(x) || finite(x, 1L), NA)))
  }
  degree <- poly_degree(call)
  identical(names(parameters), c("alpha", "norm2")) && finite(parameters$alpha, degree) &&
    finite(parameters$norm2, degree + 2)
}

with_noted_parameters <- function(call, parameters) {
  if (function_name(call) == "scale") {
    call[c("center", "scale")] <- parameters
  } else {
    call$coefs <- parameters
  }
  call
}

# --- the first rows ------------------------------------------------------------------------------

# Of columns of these classes: what else such a column has.
noted_classes <- list(
  character(), factor = "levels", "ordered factor" = "levels", Date = character(),
  "IDate Date" = character(), ITime = character(), "POSIXct POSIXt" = "tzone",
  difftime = "units", "hms difftime" = "units"
)
names(noted_classes)[1L] <- "none"

class_noted <- function(class) if (is.null(class)) "none" else paste(class, collapse = " ")

# NULL for a column of another class.
column_note <- function(x) {
  class <- class_noted(oldClass(x))
  beside <- attributes(x)
  beside$class <- NULL
  plain <- typeof(x) %in% c("logical", "integer", "double", "character")
  if (!plain || !may_have(class, beside)) return(NULL)
  attributes(x) <- NULL
  list(class = class, values = x, beside = as.list(beside))
}

may_have <- function(class, beside) {
  class %in% names(noted_classes) && all(names(beside) %in% noted_classes[[class]]) &&
    all(vapply(beside, is.character, NA))
}

# The data frame, or NULL where there can have been none.
head_of <- function(notes) {
  names <- notes[["head_names"]]
  columns <- notes[["head"]]
  if (!is.character(names) || anyNA(names) || !is.list(columns)) return(NULL)
  if (length(names) != length(columns) || !length(columns)) return(NULL)
  columns <- lapply(columns, column_of)
  lengths <- unique(lengths(columns))
  if (any(vapply(columns, is.null, NA)) || length(lengths) != 1L || lengths > 100L) return(NULL)
  structure(columns, names = names, class = "data.frame", row.names = .set_row_names(lengths))
}

column_of <- function(note) {
  if (!is.list(note) || !is.atomic(note[["values"]])) return(NULL)
  class <- note[["class"]]
  beside <- note[["beside"]]
  if (!is.character(class) || length(class) != 1L || !is.list(beside)) return(NULL)
  if (anyDuplicated(names(beside)) || !may_have(class, beside)) return(NULL)
  values <- note$values
  if (class == "none") return(values)
  words <- strsplit(class, " ", fixed = TRUE)[[1L]]
  if ("factor" %in% words) {
    levels <- beside$levels
    codes <- is.integer(values) && all(values %in% c(NA, seq_along(levels)))
    if (!codes || !are_words(levels)) return(NULL)
  } else if (!is.numeric(values)) {
    return(NULL)
  }
  attributes(values) <- c(beside, list(class = words))
  values
}
