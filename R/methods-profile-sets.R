# Profiles of matched sets under separation: what is left of the sets with coefficients held.

# Sets in the order of the core: what is left of them with coefficients held, see limit_finder().
left_of_sets <- function(rows) {
  x <- set_design(rows$design)
  response <- rows$response
  asked <- set_demands(x, response)
  function(free, held) {
    nothing <- list(strict = logical(length(asked$set)))
    cone <- if (length(free)) cone_of_sets(asked, free) else nothing
    if (is.null(cone)) return(NULL)
    apart <- rows_decided(asked, cone$strict)
    list(
      rows = if (!all(apart)) without_set_rows(rows, which(apart)),
      demands = tied_demands(asked, cone$strict, free), strict = cone$strict
    )
  }
}

# Of demands by way of a threshold, those of rows that are tied: their differences.
tied_demands <- function(asked, strict, columns) {
  demands <- asked$rows(seq_along(asked$set))[, columns, drop = FALSE]
  sign <- (asked$ahead > 0) - (asked$behind > 0)
  tied <- which(sign != 0 & !strict)
  if (length(tied) == 0L) return(demands)
  first <- tied[match(asked$set[tied], asked$set[tied])]
  demands[tied, ] <- sign[tied] * demands[tied, , drop = FALSE] -
    sign[first] * demands[first, , drop = FALSE]
  demands
}

# A problem without some rows; what is left of a set may not vary, and then adds nothing.
without_set_rows <- function(rows, left_out) {
  if (length(left_out) == 0L) return(rows)
  kept <- seq_len(rows$design$rows)[-left_out]
  rows$design <- rows_of_design(rows$design, kept)
  rows$response <- lapply(rows$response, slice, kept)
  rows
}
