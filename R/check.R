# Checks of arguments: each returns its argument, or says what is wrong with it.

is_number <- function(x) is.numeric(x) && length(x) == 1L && is.finite(x)

# Doubles or integers, whatever their class makes is.numeric() say of them, but for factors.
is_number_like <- function(x) typeof(x) %in% c("double", "integer") && !is.factor(x)

# What was found, in a few words.
described <- function(x) {
  if (is.null(x)) return("NULL")
  if (is.character(x) && length(x) == 1L) return(paste0("\"", x, "\""))
  if (is.atomic(x) && length(x) == 1L) return(format(x))
  if (is.factor(x)) return(paste("a factor of length", length(x)))
  if (is.atomic(x)) {
    class <- class(x)[1L]
    article <- if (grepl("^[aeiou]", class)) "an" else "a"
    return(paste(article, class, "vector of length", length(x)))
  }
  paste0("an object of class \"", class(x)[1L], "\"")
}

# What the `...` of the calling function holds and nobody reads is refused, by name; nothing of it
# is evaluated. also: names that it may hold, or (`partial`) their beginnings; unnamed: may it hold
# values without a name?
check_no_unknown <- function(also = character(), what = "argument", partial = FALSE,
                             unnamed = FALSE) {
  given <- names_in_dots(parent.frame())
  if (unnamed) given <- given[given != ""]
  if (length(given) == 0L) return(invisible())
  known <- unique(c(names(formals(sys.function(sys.parent()))), also))
  read <- if (partial) pmatch(given, also, duplicates.ok = TRUE) else match(given, also)
  unknown <- given[is.na(read)]
  if (length(unknown) == 0L) return(invisible())
  input_error(told_unknown(unknown, known, what), class = "fastlogit_unknown_argument")
}

# The same of methods to which other packages pass arguments of their own: a warning, as chkDots()
# gives it.
warn_of_unknown <- function() {
  # Packages for all kinds of models ask for means without random effects: there are none here.
  given <- names_in_dots(parent.frame())
  if (length(given) == 0L) return(invisible())
  unknown <- setdiff(given, "re.form")
  if (length(unknown) == 0L) return(invisible())
  known <- names(formals(sys.function(sys.parent())))
  fit_warning(
    "fastlogit_unknown_argument", "disregarded: ", told_unknown(unknown, known, "argument")
  )
}

# "" for those without; of a call's environment.
names_in_dots <- function(frame) {
  n <- evalq(...length(), frame)
  if (n == 0L) return(character())
  names <- names(evalq(substitute(list(...)), frame))[-1L]
  if (is.null(names)) character(n) else names
}

# "unknown argument `weigths`: did you mean `weights`?"
told_unknown <- function(unknown, known, what) {
  named <- unknown[unknown != ""]
  known <- setdiff(known, "...")
  meant <- unlist(lapply(named, nearest_name, known = known))
  hint <- if (length(meant)) {
    paste0("did you mean ", quoted(meant), "?")
  } else if (length(named) && length(known) > 10L) {
    in_order <- order(name_distance(named[1L], known))
    paste0("the nearest known are ", quoted(known[in_order[1:3]]), ".")
  } else {
    paste0("known are ", quoted(known), ".")
  }
  paste0(
    if (length(named)) "unknown " else "unnamed ", what, if (length(named) > 1L) "s",
    if (length(named)) paste0(" ", quoted(named)), ": ", hint
  )
}

name_distance <- function(name, known) drop(utils::adist(name, known, ignore.case = TRUE))

# The known name that was meant, if one is near: two letters or a quarter of them may be wrong.
nearest_name <- function(name, known) {
  distance <- name_distance(name, known)
  best <- which.min(distance)
  length <- max(nchar(name), nchar(known[best]))
  if (distance[best] <= min(max(2, length / 4), length / 2)) known[best]
}

check_choice <- function(value, choices, name) {
  if (identical(value, choices)) return(choices[1L])
  if (is.character(value) && length(value) == 1L && !is.na(value)) {
    matched <- pmatch(value, choices)
    if (!is.na(matched)) return(choices[matched])
  }
  input_error(
    "`", name, "` must be one of ", paste0("\"", choices, "\"", collapse = ", "), ": found ",
    described(value), "."
  )
}

check_fit <- function(fit, name) {
  if (inherits(fit, c("fastlogit", "fastclogit"))) return(fit)
  input_error("`", name, "` must be a fit by fastlogit(): found ", described(fit), ".")
}

# Each by its name.
check_flags <- function(...) {
  flags <- list(...)
  for (i in seq_along(flags)) {
    if (!is_flag(flags[[i]])) check_flag(flags[[i]], names(flags)[i])
  }
}

is_flag <- function(x) is.logical(x) && length(x) == 1L && !is.na(x)

check_flag <- function(value, name) {
  if (is_flag(value)) return(value)
  input_error("`", name, "` must be TRUE or FALSE: found ", described(value), ".")
}

check_weights <- function(weights, n) {
  check_one_column(weights, "weights")
  check_row_values(weights, n, "weights")
  if (any(weights < 0)) {
    bad <- which(weights < 0)
    input_error(
      "`weights` must be non-negative: found ", format(weights[[bad[1L]]]), " in ",
      rows_listed(bad), "."
    )
  }
  if (n > 0L && length(weights) && all(weights == 0)) {
    input_error("`weights` must not all be zero: no row is left to fit.")
  }
  check_total(sum(as.numeric(weights)), "`weights`")
}

# Log-likelihoods are sums of weights times numbers of some size.
check_total <- function(total, what) {
  if (total < 1e304) return(invisible())
  input_error(
    "the sum of ", what, " is ", format(total), ", too large to compute with: divide them by a ",
    "number (the estimates are the same)."
  )
}

# A number for each row, or NULL.
check_row_values <- function(values, n, name) {
  if (is.null(values)) return(invisible())
  if (!is.numeric(values) && !(name == "offset" && is.logical(values))) {
    input_error("`", name, "` must be a numeric vector: found ", described(values), ".")
  }
  check_length(values, n, name)
  check_finite(values, paste0("`", name, "`"))
}

# Of a factor that was not made by factor().
check_codes <- function(x, name) {
  if (typeof(x) == "integer" && codes_are_valid_impl(x, nlevels(x))) return(invisible())
  bad <- which(!unclass(x) %in% c(NA, seq_len(nlevels(x))))
  input_error(
    name, " is a damaged factor of ", nlevels(x), " levels: its code is ",
    format(unclass(x)[bad[1L]]), " in ", rows_listed(bad), "."
  )
}

check_one_column <- function(values, name) {
  if (NCOL(values) <= 1L) return(invisible())
  input_error("`", name, "` must be a vector: found a matrix of ", ncol(values), " columns.")
}

check_length <- function(x, n, name) {
  if (NROW(x) == n) return(invisible())
  input_error("`", name, "` must have one value for each of the ", n, " rows: found ", NROW(x), ".")
}

# values: a vector, or a matrix of as many rows.
check_finite <- function(values, what) {
  if (all(is.finite(values))) return(invisible())
  bad <- which(!is.finite(values))
  first <- values[[bad[1L]]]
  kind <- if (is.nan(first)) "NaN" else if (is.na(first)) "missing" else "infinite"
  rows <- unique((bad - 1L) %% NROW(values) + 1L)
  input_error(kind, " value in ", what, " (", rows_listed(rows), "): it must be finite.")
}

# start, etastart, mustart: one value for each `what`.
check_start <- function(value, n, name, what) {
  if (is.null(value)) return(invisible())
  if (!is.numeric(value) && !is.logical(value)) {
    input_error("`", name, "` must be a numeric vector: found ", described(value), ".")
  }
  if (length(value) != n) {
    input_error("`", name, "` must have ", n, " values, one for each ", what, ": found ",
      length(value), ".")
  }
  # The coefficients of another fit may be aliased, see check_start_aliased().
  if (name == "start") value <- value[!is.na(value) | is.nan(value)]
  check_finite(value, paste0("`", name, "`"))
}

# Of a start with missing values: are they those of aliased columns (for each class, for many)?
check_start_aliased <- function(start, aliased, names) {
  missing <- rowSums(is.na(matrix(start, length(names)))) > 0L
  wrong <- names[missing & !aliased]
  if (length(wrong) == 0L) return(invisible())
  input_error(
    "`start` is missing for ", quoted(wrong), ": only coefficients of columns that depend on ",
    "others may be."
  )
}

check_has_rows <- function(rows) {
  if (rows > 0L) return(invisible())
  input_error(
    "there are no rows to fit: `data` is empty, or `subset` or missing values left nothing.",
    class = "fastlogit_no_rows"
  )
}

no_columns <- function() {
  input_error("the formula has no predictors and no intercept: there is nothing to estimate.")
}

is_source <- function(x) inherits(x, "fastlogit_source")

# `holds` of a value that the user gave; else what it must be, and what was found.
check_that <- function(holds, value, ...) {
  if (!holds) input_error(..., ": found ", described(value), ".")
}

`%||%` <- function(x, otherwise) if (is.null(x)) otherwise else x

# In bytes; Inf where the system does not tell.
available_memory <- function() {
  lines <- tryCatch(
    suppressWarnings(readLines("/proc/meminfo")),
    error = function(e) character()
  )
  free <- grep("^MemAvailable:", lines, value = TRUE)
  if (length(free) == 0L) Inf else 1024 * as.numeric(gsub("[^0-9]", "", free[1L]))
}
