# Rows of matched sets: which rows make a set, which sets have something to say, and the rows in the
# order of their sets, as the C++ core reads them.

# What a model needs of rows besides their design and response.
arrange_rows <- function(model, rows) UseMethod("arrange_rows", model$class)

arrange_rows.default <- function(model, rows) rows

arrange_rows.strata_model <- function(model, rows) {
  check_dense_size(model, rows)
  terms <- rows$blueprint$terms
  strata <- strata_terms(terms)$variables
  found <- find_sets(unclass(rows$frame)[strata], rows$response)
  check_some_set(found, response_name(terms))
  rows$sets <- found
  with_grouped(rows)
}

# Of two rows the case is the one it is with the probability that a logit model of their difference
# gives: pairs are rows of such a model, of which all are successes. read: see grouped_rows();
# given: the design of all rows.
paired_rows <- function(read, given) {
  y <- read$response$y
  x <- pair_differences_impl(read$design, y)
  dimnames(x) <- list(NULL, given$labels)
  design <- as_design(x)
  design[c("names", "labels", "assign")] <- given[c("names", "labels", "assign")]
  first <- c(TRUE, FALSE)
  offset <- read$offset
  list(
    design = design, paired = TRUE,
    response = list(y = rep.int(1, nrow(x)), weights = read$response$weights[first]),
    offset = if (!is.null(offset)) (offset[first] - offset[!first]) * (2 * y[first] - 1)
  )
}

# With other weights of sets: which of them vary may be others.
arrange_again <- function(model, rows) {
  if (is.null(rows$sets)) return(rows)
  rows$sets <- find_sets(list(rows$sets$of_row), rows$response)
  with_grouped(rows)
}

with_grouped <- function(rows) {
  of <- rows$sets
  read <- grouped_rows(rows, of)
  read$design <- without_noise(read$design, of$number)
  # Pairs are read as their differences, and others as they are, set by set.
  rows$grouped <- if (all(of$size == 2)) paired_rows(read, rows$design) else read
  rows
}

# What is the same in all rows of a set but for rounding, as a polynomial of an age that the sets
# are matched on, is no predictor: zero, it is aliased.
without_noise <- function(design, set) {
  spread <- spread_within_impl(design, set)
  noise <- spread > 0 & spread < alias_tolerance
  if (!any(noise)) return(design)
  x <- design_matrix(design)
  x[, noise] <- 0
  parts <- c("variables", "largest", "terms")
  replace(design, parts, as_design(x)[parts])
}

# A column for each fit, of rows in the order of the core.
times_as_read <- function(rows, times) {
  if (is.null(rows$sets)) return(times)
  at <- rows$sets$at %||% seq_len(nrow(times))
  if (isTRUE(rows$grouped$paired)) at <- at[c(TRUE, FALSE)]
  times[at, , drop = FALSE]
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
  weights <- if (any(response$weights != 1)) response$weights
  inside <- if (length(left_out)) replace(rep.int(1, length(response$y)), left_out, 0)
  found <- sets_impl(lapply(unname(variables), set_values), response$y, weights, inside)
  check_even_weights(found$uneven, weights)
  c(
    list(of_row = found$of_row, at = found$rows), found[c("number", "size", "cases")],
    list(dropped = stats::setNames(found$dropped, names(kinds_dropped)))
  )
}

check_known_set <- function(x) {
  if (!anyNA(x)) return(invisible())
  input_error("strata() has missing values (", rows_listed(which(is.na(x))), "): ",
    "each row has to belong to a set.")
}

# A set is one observation, whose weight all of its rows have. uneven: two rows of one.
check_even_weights <- function(uneven, weights) {
  if (length(uneven) == 0L) return(invisible())
  found <- paste0(format(weights[uneven], trim = TRUE), " in row ", uneven, collapse = " and ")
  input_error(
    "`weights` are of sets, and have to be the same in all rows of one: found ", found,
    ", of the same set."
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
  some <- dropped[dropped > 0]
  if (length(some) == 0L) return("none at all")
  paste0(
    format(some, trim = TRUE, scientific = FALSE), kinds_dropped[names(some)], collapse = ", "
  )
}

kinds_dropped <- c(
  single = " of one row", without = " without a case", full = " of cases only",
  weightless = " of weight zero"
)

# Their rows, as the core reads them.
grouped_rows <- function(rows, found) {
  at <- found$at
  response <- rows$response["y"]
  if (any(rows$response$weights != 1)) response$weights <- rows$response$weights
  read <- list(design = rows$design, response = response, offset = rows$offset)
  if (!is.null(at)) {
    read <- list(
      design = rows_of_design(rows$design, at), response = lapply(response, slice, at),
      offset = rows$offset[at]
    )
  }
  read$response$set <- found$number
  read
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
