# Checks of arguments: each returns its argument, or says what is wrong with it.

is_number <- function(x) is.numeric(x) && length(x) == 1L && is.finite(x)

# What was found, in a few words.
described <- function(x) {
  if (is.null(x)) return("NULL")
  if (is.character(x) && length(x) == 1L) return(paste0("\"", x, "\""))
  if (is.atomic(x) && length(x) == 1L) return(format(x))
  if (is.atomic(x)) return(paste0("a ", class(x)[1L], " of length ", length(x)))
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

check_flag <- function(value, name) {
  if (is.logical(value) && length(value) == 1L && !is.na(value)) return(value)
  input_error("`", name, "` must be TRUE or FALSE: found ", described(value), ".")
}

check_weights <- function(weights, n) {
  if (is.null(weights)) return(invisible())
  if (!is.numeric(weights)) {
    input_error("`weights` must be a numeric vector: found ", described(weights), ".")
  }
  check_length(weights, n, "weights")
  bad <- which(!is.finite(weights))
  if (length(bad)) {
    input_error("`weights` must be finite: found ", format(weights[bad[1L]]), " in ", rows_listed(bad), ".")
  }
  bad <- which(weights < 0)
  if (length(bad)) {
    input_error(
      "`weights` must be non-negative: found ", format(unname(weights[bad[1L]])), " in ",
      rows_listed(bad), "."
    )
  }
  if (n > 0L && all(weights == 0)) {
    input_error("`weights` must not all be zero: no row is left to fit.")
  }
}

check_offset <- function(offset, n) {
  if (is.null(offset)) return(invisible())
  if (!is.numeric(offset)) {
    input_error("`offset` must be a numeric vector: found ", described(offset), ".")
  }
  check_length(offset, n, "offset")
  bad <- which(!is.finite(offset))
  if (length(bad)) {
    input_error("`offset` must be finite: found ", format(offset[bad[1L]]), " in ", rows_listed(bad), ".")
  }
}

check_length <- function(x, n, name) {
  if (NROW(x) == n) return(invisible())
  input_error("`", name, "` must have one value for each of the ", n, " rows: found ", NROW(x), ".")
}

# start, etastart, mustart
check_start <- function(value, n, name, what) {
  if (is.null(value)) return(invisible())
  if (!is.numeric(value)) {
    input_error("`", name, "` must be a numeric vector: found ", described(value), ".")
  }
  if (length(value) != n) {
    input_error("`", name, "` must have ", n, " values, ", what, ": found ", length(value), ".")
  }
  value
}

# The largest absolute value of each column of the design, all of them finite.
check_design <- function(x) {
  if (!is.matrix(x) || !is.numeric(x)) {
    input_error("`x` must be a numeric matrix: found ", described(x), ".")
  }
  if (nrow(x) == 0L) {
    input_error("there are no rows to fit: `data` is empty, or `subset` or missing values left nothing.")
  }
  largest <- column_largest_impl(x)
  bad <- which(!is.finite(largest))
  if (length(bad) == 0L) return(largest)
  j <- bad[1L]
  rows <- which(!is.finite(x[, j]))
  name <- if (is.null(colnames(x))) paste("column", j, "of `x`") else paste0("predictor `", colnames(x)[j], "`")
  kind <- if (is.nan(x[rows[1L], j])) "NaN" else if (is.na(x[rows[1L], j])) "missing" else "infinite"
  input_error(kind, " value in ", name, " (", rows_listed(rows), "): it must be finite.")
}
