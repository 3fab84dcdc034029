# The design as the C++ core reads it, in place: a list of
#   rows, names   n, and what the p columns are called, in the object (`labels`) and in messages
#   assign, contrasts, row_names  as model.matrix() gives them
#   variables     numbers (vectors or matrices) and the integer codes of factors
#   largest       for each variable of numbers, the largest absolute value of each column
#   terms         as the blueprint's pieces: products of these variables
# R objects are never copied to make one, save for character and logical predictors.

# The rows of a model frame, as the blueprint learnt from it or from another one says.
# known: what is known of the frame's variables, see plain_frame().
design_from <- function(blueprint, frame, threads = NULL, known = NULL) {
  row_names <- attr(frame, "row.names")
  rows <- length(row_names)
  variables <- unclass(frame)
  used <- blueprint$used
  columns <- vector("list", length(attr(blueprint$terms, "variables")) - 1L)
  sizes <- columns
  numbers <- used
  for (i in used) {
    levels <- blueprint$levels[[i]]
    if (is.null(levels)) {
      x <- variables[[i]]
      columns[[i]] <- if (is.object(x)) without_long_integers(x) else x
    } else {
      columns[[i]] <- codes_of(variables[[i]], levels, names(variables)[i], known[[i]], threads)
      numbers <- numbers[numbers != i]
    }
  }
  names <- names(variables)
  sizes[numbers] <- if (is.null(known) || !all(is.finite(unlist(known[numbers])))) {
    check_numbers(columns[numbers], rows, threads, names[numbers])
  } else {
    known[numbers]
  }
  names(sizes) <- names[seq_along(sizes)]
  list(
    rows = rows, names = blueprint$columns,
    labels = if (length(blueprint$columns)) blueprint$columns,
    assign = blueprint$assign, contrasts = blueprint$contrasts,
    row_names = row_names, variables = columns, largest = sizes,
    terms = blueprint$pieces
  )
}

# For each row the number of its level. known: see plain_frame().
codes_of <- function(x, levels, name, known = NULL, threads = NULL) {
  if (is.factor(x)) return(codes_of_factor(x, levels, name, known, threads))
  label <- paste0("predictor `", name, "`")
  if (is.character(x)) {
    found <- known %||% words_of(x)
    if (anyNA(found$words)) check_finite(as.integer(factor(x)), label)
    return(match(found$words, levels)[found$codes])
  }
  if (anyNA(x)) check_finite(as.integer(factor(x)), label)
  if (is.logical(x)) x + 1L else match(as.character(x), levels)
}

codes_of_factor <- function(x, levels, name, known, threads) {
  label <- paste0("predictor `", name, "`")
  if (typeof(x) != "integer") check_codes(x, label)
  seen <- known %||% levels_seen(list(x), threads)[[1L]]
  if (seen$damaged) check_codes(x, label)
  if (seen$missing) check_finite(as.integer(x), label)
  if (identical(levels(x), levels)) x else match(levels(x), levels)[x]
}

# How many numbers a dense matrix would hold: integers would overflow.
entries_of <- function(design) as.double(design$rows) * length(design$names)

# Up to this many numbers in the design what a glm has for each row costs next to nothing, and is
# kept, so that a small fit holds all that a glm holds; a larger one makes it on demand.
is_small <- function(design, numbers = 1e5) entries_of(design) <= numbers

intercept_design <- function(rows) {
  list(
    rows = rows, names = "(Intercept)", labels = "(Intercept)", variables = list(),
    largest = list(), terms = list(intercept_piece)
  )
}

# With one more column of numbers, the last, which is a term of its own.
with_column <- function(design, x, name) {
  size <- max(abs(x))
  design$names <- c(design$names, name)
  design$labels <- c(design$labels, name)
  design$assign <- c(design$assign, max(design$assign, 0L) + 1L)
  if (!is.null(design$sparse)) {
    design[c("sparse", "largest")] <- list(cbind(design$sparse, x), c(design$largest, size))
    return(design)
  }
  design$variables <- c(design$variables, list(x))
  design$largest <- c(design$largest, list(size))
  term <- list(variables = length(design$variables), codings = list(NULL))
  design$terms <- c(design$terms, list(term))
  design
}

# glm()'s at its default epsilon; a column is aliased when less than this part of its norm is left.
alias_tolerance <- 1e-11

# n x p numbers, as model.matrix() gives them.
design_matrix <- function(design) {
  x <- numbers_of_design(design)
  dimnames(x) <- names_of_matrix(design)
  attr(x, "assign") <- design$assign
  attr(x, "contrasts") <- design$contrasts
  x
}

names_of_matrix <- function(design) list(as.character(design$row_names), design$labels)

numbers_of_design <- function(design) design_matrix_impl(design)

# The largest absolute values, all of them finite.
check_numbers <- function(variables, rows, threads, names) {
  largest <- largest_impl(variables, rows, threads)
  if (all(is.finite(unlist(largest)))) return(largest)
  for (i in which(!vapply(largest, function(v) all(is.finite(v)), NA))) {
    values <- as.matrix(variables[[i]])
    j <- which(!is.finite(largest[[i]]))[1L]
    name <- if (is.null(names)) column_names(values)[j] else names[i]
    check_finite(values[, j], paste0("predictor `", name, "`"))
  }
}

# Numbers below the least that has all its digits would have coefficients beyond the largest.
check_sizes <- function(design) {
  sizes <- unlist(design$largest, use.names = FALSE)
  if (all(sizes == 0 | sizes >= .Machine$double.xmin)) return(invisible())
  tiny <- vapply(design$largest, function(v) any(v > 0 & v < .Machine$double.xmin), NA)
  names <- if (is.null(names(design$largest))) design$names else names(design$largest)
  input_error(
    "the numbers of ", quoted(names[tiny]), " are below 2.2e-308, too small to compute with: give ",
    "them in other units."
  )
}

column_names <- function(x) {
  if (is.null(colnames(x))) sprintf("x%d", seq_len(ncol(x))) else colnames(x)
}
