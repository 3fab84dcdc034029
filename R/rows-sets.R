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
  # Pairs are read as their differences, and others as they are, set by set.
  rows$grouped <- if (all(found$size == 2)) paired_rows(rows, found) else grouped_rows(rows, found)
  rows
}

# Of two rows the case is the one it is with the probability that a logit model of their difference
# gives: pairs are rows of such a model, of which all are successes.
paired_rows <- function(rows, found) {
  at <- found$at %||% seq_len(rows$design$rows)
  first <- at[c(TRUE, FALSE)]
  second <- at[c(FALSE, TRUE)]
  sign <- 2 * rows$response$y[first] - 1
  x <- design_matrix(rows$design)
  x <- (x[first, , drop = FALSE] - x[second, , drop = FALSE]) * sign
  design <- as_design(x)
  design[c("names", "labels", "assign")] <- rows$design[c("names", "labels", "assign")]
  pairs <- length(first)
  list(
    design = design, paired = TRUE,
    response = list(y = rep.int(1, pairs), weights = rows$response$weights[first]),
    offset = if (!is.null(rows$offset)) (rows$offset[first] - rows$offset[second]) * sign
  )
}

# The model as the core reads it of such rows.
core_of_sets <- function(core, read) {
  if (isTRUE(read$paired)) core$family <- "logit"
  core
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
  value <- one_value(unname(variables))
  at <- if (is.unsorted(value)) order(value, method = "radix")
  n <- length(response$y)
  inside <- if (length(left_out)) replace(rep.int(1, n), left_out, 0)
  weights <- if (any(response$weights != 1)) response$weights
  found <- sets_impl(value, at, response$y, weights, inside)
  if (found$uneven > 0) check_even_weights(found, weights)
  weight <- found$weights
  rows <- found$rows
  cases <- found$cases
  varies <- cases > 0 & cases < rows & weight > 0
  if (!all(varies) || !is.null(inside)) {
    in_order <- at %||% seq_len(n)
    kept <- rep.int(varies, found$size)
    if (!is.null(inside)) kept <- kept & inside[in_order] > 0
    at <- in_order[kept]
  }
  used <- rows[varies]
  list(
    of_row = found$of_row, at = at, number = rep.int(seq_along(used), used), size = used,
    cases = cases[varies],
    dropped = c(
      single = sum(weight > 0 & rows == 1), without = sum(weight > 0 & rows > 1 & cases == 0),
      full = sum(weight > 0 & rows > 1 & cases == rows), weightless = sum(weight == 0)
    )
  )
}

# Numbers, equal where all variables are.
one_value <- function(variables) {
  x <- if (length(variables) == 1L) in_order_of_values(variables[[1L]])
  if (is.numeric(x)) x else numbers_of_sets(variables)
}

check_known_set <- function(x) {
  if (!anyNA(x)) return(invisible())
  input_error("strata() has missing values (", rows_listed(which(is.na(x))), "): ",
    "each row has to belong to a set.")
}

# A set is one observation, whose weight all of its rows have.
check_even_weights <- function(found, weights) {
  row <- found$uneven
  input_error(
    "`weights` are of sets, and have to be the same in all rows of one: found ",
    format(found$weights[found$of_row[row]]), " and ", format(weights[row]), " in the set of row ",
    row, "."
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

# Of all sets, whatever the core reads.
all_grouped <- function(rows) {
  if (isTRUE(rows$grouped$paired)) grouped_rows(rows, rows$sets) else rows$grouped
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

# used: how many sets vary; rows, cases: in them; dropped: see find_sets().
sets_counted <- function(rows) {
  of <- rows$sets
  if (is.null(of$size)) return(of)
  list(
    used = length(of$size), rows = sum(of$size), cases = sum(of$cases), largest = max(of$size),
    paired = all(of$size == 2), single = all(of$cases == 1), dropped = of$dropped
  )
}
