# Rows of matched sets: which rows make a set, which sets have something to say, and the rows in the
# order of their sets, as the C++ core reads them.

# What a model needs of rows besides their design and response.
arrange_rows <- function(model, rows) UseMethod("arrange_rows", model$class)

arrange_rows.default <- function(model, rows) rows

arrange_rows.strata_model <- function(model, rows) {
  terms <- rows$blueprint$terms
  strata <- strata_terms(terms)$variables
  found <- find_sets(unclass(rows$frame)[strata], rows$response)
  check_some_set(found, response_name(terms))
  rows$sets <- found
  rows$grouped <- grouped_rows(rows, found)
  rows
}

# A list of
#   of_row   for each row the number of its set, in the order of the sets' values
#   at       the rows of the sets that vary, set by set; NULL: all rows as they are
#   number   of these rows, counting only such sets
#   size, cases   of these sets
#   dropped  how many sets do not vary: c(single = , without = , full = , weightless = )
# variables: those of strata(). left_out: rows that are to be none.
find_sets <- function(variables, response, left_out = integer()) {
  for (x in variables) check_known_set(x)
  values <- lapply(unname(variables), in_order_of_values)
  n <- length(response$y)
  at <- if (!is_in_order(values)) do.call(order, c(values, list(method = "radix")))
  starts <- which(begins_set(if (is.null(at)) values else lapply(values, `[`, at)))
  size <- diff(c(starts, n + 1L))
  in_order <- function(x) if (is.null(at)) x else x[at]
  of_row <- rep.int(seq_along(size), size)
  weight <- weight_of_sets(in_order(response$weights), starts, of_row, at)
  inside <- rep.int(1, n)
  inside[left_out] <- 0
  rows <- sums_of_sets(in_order(inside), starts)
  cases <- sums_of_sets(in_order(response$y * inside), starts)
  varies <- cases > 0 & cases < rows & weight > 0
  kept <- rep.int(varies, size) & in_order(inside) > 0
  list(
    of_row = if (is.null(at)) of_row else replace(integer(n), at, of_row),
    at = if (!all(kept)) (at %||% seq_len(n))[kept] else at,
    number = rep.int(seq_len(sum(varies)), rows[varies]), size = rows[varies],
    cases = cases[varies],
    dropped = c(
      single = sum(weight > 0 & rows == 1), without = sum(weight > 0 & rows > 1 & cases == 0),
      full = sum(weight > 0 & rows > 1 & cases == rows), weightless = sum(weight == 0)
    )
  )
}

check_known_set <- function(x) {
  if (!anyNA(x)) return(invisible())
  input_error("strata() has missing values (", rows_listed(which(is.na(x))), "): ",
    "each row has to belong to a set.")
}

is_in_order <- function(values) {
  length(values) == 1L && is.numeric(values[[1L]]) && !is.unsorted(values[[1L]])
}

# x: by rows in the order of the sets.
sums_of_sets <- function(x, starts) {
  total <- cumsum(x)
  ends <- c(starts[-1L] - 1L, length(x))
  diff(c(0, total[ends]))
}

# A set is one observation, whose weight all of its rows have.
weight_of_sets <- function(weights, starts, of_row, at) {
  n <- length(weights)
  same <- weights[-1L] == weights[-n] | of_row[-1L] != of_row[-n]
  if (all(same)) return(weights[starts])
  row <- which(!same)[1L] + 1L
  input_error(
    "`weights` are of sets, and have to be the same in all rows of one: found ",
    format(weights[row - 1L]), " and ", format(weights[row]), " in the set of row ",
    if (is.null(at)) row else at[row], "."
  )
}

check_some_set <- function(found, name) {
  if (length(found$size)) return(invisible())
  input_error(
    "there is nothing to compare: no set has both cases and others (", dropped_told(found$dropped),
    "). The sets are those of strata(), and ", gsub("^the response ", "", name),
    " has to differ within them."
  )
}

# "2 of one row, 3 without a case"
dropped_told <- function(dropped) {
  words <- c(
    single = " of one row", without = " without a case", full = " of cases only",
    weightless = " of weight zero"
  )
  some <- dropped[dropped > 0]
  if (length(some) == 0L) return("none at all")
  paste0(format(some, trim = TRUE, scientific = FALSE), words[names(some)], collapse = ", ")
}

# Their rows, as the core reads them.
grouped_rows <- function(rows, found) {
  at <- found$at
  if (is.null(at)) {
    response <- rows$response
    response$set <- found$number
    return(list(design = rows$design, response = response, offset = rows$offset))
  }
  response <- lapply(rows$response, `[`, at)
  response$set <- found$number
  list(
    design = rows_of_design(rows$design, at), response = response, offset = rows$offset[at]
  )
}

# The same without some rows: what they leave of a set is one, if it varies.
grouped_without <- function(rows, left_out) {
  variables <- list(rows$sets$of_row)
  grouped_rows(rows, find_sets(variables, rows$response, left_out))
}

# Values of the rows in the order of the core, to that of the rows; `other` where a row is in no set
# that varies.
in_order_of_rows <- function(rows, values, other) {
  at <- rows$sets$at
  if (is.null(at)) return(values)
  all <- rep.int(other, rows$design$rows)
  all[at] <- values
  all
}
