# The design as the C++ core reads it, in place: a list of
#   rows, names   n, and what the p columns are called, in the object (`labels`) and in messages
#   assign, contrasts, row_names  as model.matrix() gives them
#   variables     numbers (vectors or matrices) and the integer codes of factors
#   largest       for each variable of numbers, the largest absolute value of each column
#   terms         as the blueprint's pieces: products of these variables
# R objects are never copied to make one, save for character and logical predictors.

# The rows of a model frame, as the blueprint learnt from it or from another one says.
# largest: where that is known of the frame's variables.
design_from <- function(blueprint, frame, threads = NULL, largest = NULL) {
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
      columns[[i]] <- without_long_integers(variables[[i]])
    } else {
      columns[[i]] <- codes_of(variables[[i]], levels, names(variables)[i])
      numbers <- numbers[numbers != i]
    }
  }
  names <- names(variables)
  sizes[numbers] <- check_numbers(
    columns[numbers], rows, threads, names[numbers], if (!is.null(largest)) largest[numbers]
  )
  names(sizes) <- names[seq_along(sizes)]
  list(
    rows = rows, names = blueprint$columns,
    labels = if (length(blueprint$columns)) blueprint$columns,
    assign = blueprint$assign, contrasts = blueprint$contrasts,
    row_names = row_names, variables = columns, largest = sizes,
    terms = blueprint$pieces
  )
}

# For each row the number of its level.
codes_of <- function(x, levels, name) {
  if (is.factor(x)) check_codes(x, paste0("predictor `", name, "`"))
  if (anyNA(x)) check_finite(as.integer(factor(x)), paste0("predictor `", name, "`"))
  if (is.logical(x)) return(x + 1L)
  if (is.factor(x) && identical(levels(x), levels)) return(x)
  match(as.character(x), levels)
}

# How many numbers a dense matrix would hold: integers would overflow.
entries_of <- function(design) as.double(design$rows) * length(design$names)

# Up to this many numbers in the design what a glm has for each row costs next to nothing, and is
# kept, so that a small fit holds all that a glm holds; a larger one makes it on demand.
is_small <- function(design) entries_of(design) <= 1e5

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
check_numbers <- function(variables, rows, threads, names, largest = NULL) {
  if (is.null(largest)) largest <- largest_values(variables, rows, threads)
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

# --- sparse ---------------------------------------------------------------------------------------

# A sparse design: a dgCMatrix, copied row by row by the C++ core.

is_sparse <- function(x) isS4(x) && methods::is(x, "sparseMatrix")

# Any sparse matrix by columns, in doubles.
as_compressed <- function(x) {
  if (methods::is(x, "dgCMatrix")) return(x)
  methods::as(methods::as(methods::as(x, "dMatrix"), "generalMatrix"), "CsparseMatrix")
}

as_sparse_design <- function(x) {
  largest <- sparse_largest_impl(x@p, x@x)
  for (j in which(!is.finite(largest))) {
    check_finite(x[, j], paste0("predictor `", column_names(x)[j], "`"))
  }
  list(
    rows = nrow(x), names = column_names(x), labels = colnames(x), sparse = x, largest = largest
  )
}

# The terms of a design such that X'WX keeps to its pattern: the codes of factors as they are, or a
# sparse matrix where some contrasts are no indicators.
as_light <- function(design) {
  if (!has_wide_factors(design)) return(make_sparse(design))
  c(design, light = TRUE)
}

# Are there factors whose levels are codes to the core, and each of them no more than a column?
has_wide_factors <- function(design) {
  widths <- vapply(design$terms, columns_of_factors, 0)
  wide <- design$terms[widths >= worth_cells]
  length(wide) > 0L && all(vapply(wide, function(term) {
    all(vapply(term$codings, function(coding) is.null(coding) || is_indicators(coding), NA))
  }, NA))
}

is_indicators <- function(coding) {
  is.list(coding) && !anyDuplicated(coding$row) && all(coding$value == 1)
}

columns_of_term <- function(term, design) {
  numbers <- vapply(seq_along(term$variables), function(k) {
    if (!is.null(term$codings[[k]])) return(1)
    as.double(NCOL(design$variables[[term$variables[k]]]))
  }, 0)
  prod(numbers) * columns_of_factors(term)
}

columns_of_factors <- function(term) {
  prod(vapply(term$codings, function(coding) {
    if (is.null(coding)) 1 else as.double(if (is.list(coding)) coding$columns else ncol(coding))
  }, 0))
}

# As DesignBuilder has it.
worth_cells <- 16

sparse_of <- function(design) design$sparse %||% make_sparse(design)$sparse

is_light <- function(design) !is.null(design$sparse) || isTRUE(design$light)

# A design of the blueprint's terms as a sparse matrix.
make_sparse <- function(design) {
  x <- sparse_model_matrix(design)
  # Messages about numbers that are not finite have been given: what is left are products.
  c(design[c("assign", "contrasts", "row_names")], as_sparse_design(x))
}

# What model.matrix() would give, in a dgCMatrix without names of rows.
sparse_model_matrix <- function(design) {
  slots <- sparse_columns_impl(design)
  if (!is.list(slots)) {
    fit_error(
      "fastlogit_too_large", "the sparse design would have ", format(slots), " entries that are ",
      "not zero, and a sparse matrix of R holds 2^31 - 1."
    )
  }
  x <- methods::new(
    methods::getClass("dgCMatrix", where = asNamespace("Matrix")),
    i = slots$i, p = slots$p, x = slots$x,
    Dim = c(as.integer(design$rows), length(design$names)), Dimnames = list(NULL, design$labels)
  )
  attr(x, "assign") <- design$assign
  attr(x, "contrasts") <- design$contrasts
  x
}

is_sparse_fit <- function(fit) isTRUE(.subset2(fit, "sparse"))

# More coordinates than this are told apart by fits first.
many_coordinates <- 100L

# Up to this many numbers a dense matrix is no matter.
dense_enough <- 2e7

is_too_large <- function(design) {
  if (entries_of(design) <= dense_enough) return(FALSE)
  !is.null(design$sparse) || 10 * entries_of_row(design) < length(design$names)
}

# How many numbers that are not zero a row has, about.
entries_of_row <- function(design) {
  of_term <- function(term) {
    prod(vapply(seq_along(term$variables), function(k) {
      coding <- term$codings[[k]]
      if (is.null(coding)) return(as.double(NCOL(design$variables[[term$variables[k]]])))
      if (is.list(coding)) length(coding$row) / coding$levels else as.double(ncol(coding))
    }, 0))
  }
  sum(vapply(design$terms, of_term, 0))
}

# Sparse where there are many columns of mostly zeros: rows without some others leave columns that
# depend on each other, and to find them takes a decomposition of all that is dense.
light_design <- function(design) {
  if (is_light(design) || !is_mostly_zero(design, many_coordinates)) design else as_light(design)
}

# More than so many columns, of which a row has a tenth at most.
is_mostly_zero <- function(design, columns) {
  length(design$names) > columns && 10 * entries_of_row(design) < length(design$names)
}

# Beyond so many columns a dense information takes seconds an iteration, and soon all memory.
sparse_by_itself <- 1000L

# A dense information of so many columns takes minutes an iteration.
report_light <- function(design) {
  if (is_light(design) || !is_mostly_zero(design, 4999L)) return(invisible())
  fit_message(
    "fastlogit_sparse_advice",
    "the design has ", length(design$names), " columns, and ",
    format(entries_of_row(design), digits = 2L), " numbers in a row that are not zero: with ",
    "`sparse = TRUE` a fit takes a small part of the time."
  )
}

# A dense matrix as a dgCMatrix.
as_sparse <- function(x) {
  at <- which(x != 0)
  Matrix::sparseMatrix(
    i = (at - 1L) %% nrow(x) + 1L, j = (at - 1L) %/% nrow(x) + 1L, x = x[at], dims = dim(x)
  )
}

# The rows of a design, sparse where it has many columns, for each of some predictors, or is too
# large to be made dense.
used_rows_of <- function(design, used, predictors = 1L) {
  many <- length(design$names) * predictors > many_coordinates
  if (!many && !is_too_large(design)) return(dense_rows(design, used))
  x <- sparse_of(design)
  x@Dimnames <- list(NULL, NULL)
  if (length(used) < nrow(x)) x[used, , drop = FALSE] else x
}

# Some of them, as a design of its own; of a sparse one, dense.
rows_of_design <- function(design, rows) {
  if (!is.null(design$sparse)) return(as_design(as.matrix(design$sparse[rows, , drop = FALSE])))
  design$variables <- lapply(design$variables, function(v) {
    if (is.matrix(v)) v[rows, , drop = FALSE] else v[rows]
  })
  design$rows <- length(rows)
  design$row_names <- design$row_names[rows]
  design
}

dense_rows <- function(design, used) {
  x <- if (is.null(design$sparse)) design_matrix(design) else as.matrix(design$sparse)
  unname(if (length(used) == nrow(x)) x else x[used, , drop = FALSE])
}

# A matrix of numbers.
as_design <- function(x, threads = NULL) {
  if (is_sparse(x)) return(as_sparse_design(x))
  if (!is.matrix(x) || !is.numeric(x)) {
    input_error("`x` must be a numeric matrix: found ", described(x), ".")
  }
  list(
    rows = nrow(x), names = column_names(x), labels = colnames(x), variables = list(x),
    largest = check_numbers(list(x), nrow(x), threads, NULL),
    terms = list(list(variables = 1L, codings = list(NULL)))
  )
}
