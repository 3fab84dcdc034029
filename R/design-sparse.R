# Designs of mostly zeros, and matrices as designs.

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

# Of a factor's levels the codes are enough: from here on their pattern takes a small part of the
# time.
levels_by_themselves <- 400L

# A dense information of so many columns takes minutes an iteration; of `most_dense` coefficients,
# with its factor and its inverse, all memory.
report_light <- function(design, model) {
  if (is_light(design) || !is_mostly_zero(design, 4999L)) return(invisible())
  fit_message(
    "fastlogit_sparse_advice",
    "the design has ", length(design$names), " columns, and ",
    format(entries_of_row(design), digits = 2L), " numbers in a row that are not zero: ",
    if (model$kind == "binary") {
      "with `sparse = TRUE` a fit takes a small part of the time."
    } else {
      "the information is dense all the same, and an iteration takes minutes."
    }
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
  x <- if (is.null(design$sparse)) numbers_of_design(design) else unname(as.matrix(design$sparse))
  if (length(used) == nrow(x)) x else x[used, , drop = FALSE]
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
