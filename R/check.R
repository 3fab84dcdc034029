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

check_no_unknown <- function(..., what, known) {
  if (...length() == 0L) return(invisible())
  names <- names(list(...))
  unnamed <- is.null(names) || any(names == "")
  input_error(
    if (unnamed) paste0("unnamed ", what) else paste0("unknown ", what, " ", quoted(names)),
    ": known are ", quoted(setdiff(known, "...")), "."
  )
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
  if (inherits(fit, "fastlogit")) return(fit)
  input_error("`", name, "` must be a fit by fastlogit(): found ", described(fit), ".")
}

check_flag <- function(value, name) {
  if (is.logical(value) && length(value) == 1L && !is.na(value)) return(value)
  input_error("`", name, "` must be TRUE or FALSE: found ", described(value), ".")
}

check_weights <- function(weights, n) {
  check_one_column(weights, "weights")
  check_row_values(weights, n, "weights")
  bad <- which(weights < 0)
  if (length(bad)) {
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
  bad <- which(!is.finite(values))
  if (length(bad) == 0L) return(invisible())
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
  if (!anyNA(start)) return(invisible())
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

check_has_columns <- function(columns) {
  if (columns) return(invisible())
  input_error("the formula has no predictors and no intercept: there is nothing to estimate.")
}
