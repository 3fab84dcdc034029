# The design as the C++ core reads it, in place: a list of
#   rows, names   n, and what the p columns are called, in the object (`labels`) and in messages
#   row_names     of the model frame
#   variables     numbers (vectors or matrices) and the integer codes of factors
#   largest       for each variable of numbers, the largest absolute value of each column
#   terms         as the blueprint's pieces: products of these variables
# R objects are never copied to make one, save for character and logical predictors.

# The rows of a model frame, as the blueprint learnt from it or from another one says.
design_from <- function(blueprint, frame, threads = NULL) {
  variables <- seq_len(length(attr(blueprint$terms, "variables")) - 1L)
  used <- unique(unlist(lapply(blueprint$pieces, `[[`, "variables")))
  columns <- vector("list", length(variables))
  largest <- columns
  is_number <- vapply(variables, function(i) is.null(blueprint$levels[[i]]), NA)
  for (i in used) {
    columns[[i]] <- if (is_number[i]) frame[[i]] else codes_of(frame[[i]], blueprint$levels[[i]])
  }
  numbers <- used[is_number[used]]
  largest[numbers] <- check_numbers(columns[numbers], NROW(frame), threads, names(frame)[numbers])
  for (i in setdiff(used, numbers)) check_codes(columns[[i]], names(frame)[i])
  list(
    rows = NROW(frame), names = blueprint$columns,
    labels = if (length(blueprint$columns)) blueprint$columns,
    row_names = attr(frame, "row.names"), variables = columns, largest = largest,
    terms = blueprint$pieces
  )
}

# For each row the number of its level.
codes_of <- function(x, levels) {
  if (is.logical(x)) return(x + 1L)
  if (is.factor(x) && identical(levels(x), levels)) return(x)
  match(as.character(x), levels)
}

check_codes <- function(codes, name) {
  if (anyNA(codes)) check_finite(as.integer(codes), paste0("predictor `", name, "`"))
}

# A matrix of numbers.
as_design <- function(x, threads = NULL) {
  if (!is.matrix(x) || !is.numeric(x)) {
    input_error("`x` must be a numeric matrix: found ", described(x), ".")
  }
  list(
    rows = nrow(x), names = column_names(x), labels = colnames(x), variables = list(x),
    largest = check_numbers(list(x), nrow(x), threads, NULL),
    terms = list(list(variables = 1L, codings = list(NULL)))
  )
}

intercept_design <- function(rows) {
  list(
    rows = rows, names = "(Intercept)", labels = "(Intercept)", variables = list(),
    largest = list(), terms = list(intercept_piece)
  )
}

# n x p numbers.
design_matrix <- function(design) {
  x <- design_matrix_impl(design)
  dimnames(x) <- list(as.character(design$row_names), design$labels)
  x
}

# The largest absolute values, all of them finite.
check_numbers <- function(variables, rows, threads, names) {
  largest <- largest_impl(variables, rows, threads)
  for (i in which(!vapply(largest, function(v) all(is.finite(v)), NA))) {
    values <- as.matrix(variables[[i]])
    j <- which(!is.finite(largest[[i]]))[1L]
    name <- if (is.null(names)) column_names(values)[j] else names[i]
    check_finite(values[, j], paste0("predictor `", name, "`"))
  }
  largest
}

column_names <- function(x) {
  if (is.null(colnames(x))) sprintf("x%d", seq_len(ncol(x))) else colnames(x)
}
