# Partitions of the rows of a data frame. They are the data's, not the workers': so sums do not
# depend on who makes them.

# The first row of each partition, and one past the last: of so many rows that a question is worth
# its way, and so many partitions that the work of a lost worker can be shared out, but not so many
# that their sums (about coefficients^2 / 2 numbers each) swamp the one who adds them.
partition_starts <- function(rows, coefficients) {
  most <- max(24, min(rows / 1e6, 2.5e8 / coefficients^2))
  partitions <- max(1, min(rows %/% 1000, ceiling(most)))
  floor(seq(0, rows, length.out = partitions + 1)) + 1
}

# Bytes of rows that a worker is sent at a time: there are copies on the way.
largest_batch <- 1e8

# The rows from `first` to `last`, as the C++ core reads them.
slice_rows <- function(rows, first, last) {
  at <- seq(first, last)
  design <- rows$design[c("rows", "names", "variables", "largest", "terms", "sparse")]
  design <- design[!vapply(design, is.null, NA)]
  design$rows <- length(at)
  if (is.null(design$sparse)) {
    design$variables <- lapply(design$variables, slice, at)
  } else {
    design$sparse <- design$sparse[at, , drop = FALSE]
  }
  response <- lapply(rows$response, slice, at)
  if (!is.null(response$weights)) response$heaviest <- max(rows$response$weights)
  list(design = design, response = response, model = rows$model, threads = rows$threads)
}

slice <- function(x, at) {
  if (is.null(x)) return(NULL)
  x <- unclass(x)
  if (is.matrix(x)) x[at, , drop = FALSE] else x[at]
}

# What answers for these rows in memory: a function of a request. Those that the workers have need
# not be placed again.
answerer <- function(engine, problem) {
  if (!identical(engine$rows, problem)) {
    coefficients <- as.double(length(problem$design$names)) * problem$model$predictors
    starts <- partition_starts(problem$design$rows, coefficients)
    size <- as.numeric(utils::object.size(slice_rows(problem, 1, starts[2L] - 1)))
    place_partitions(engine, length(starts) - 1L,
      function(i) slice_rows(problem, starts[i], starts[i + 1L] - 1),
      batch = max(1, floor(largest_batch / size))
    )
    engine$rows <- problem
  }
  function(request) ask(engine, request)
}
