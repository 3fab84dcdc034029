# From a problem and starts to coefficients: the one caller of the C++ fit.

# problem: as problem_of() makes it. starts: candidates, see starts_of(). That there is a maximum
# (control$has_maximum) is something only the separation check knows.
solve_problem <- function(problem, starts, control, method) {
  solved <- fit_impl(problem, starts, solver_control(control, method))
  if (solved$status == "infeasible") report_no_start(problem$model$family)
  solved
}

# The linear predictors, and weights, of all rows at some coefficients.
rows_at_coefficients <- function(problem, coefficients) {
  # They need no pattern of the information.
  if (is.null(problem$ask)) problem$design$for_values <- TRUE
  at_rows_impl(problem, coefficients)
}

# The control as the C++ core reads it: besides what the user sets, a fit on the way may have
# has_maximum, after_pass, by_row and aliased.
solver_control <- function(control, method) {
  control$method <- method
  control
}

predictors_at <- function(rows, model, coefficients) {
  at <- rows_at_coefficients(problem_of(rows, model), coefficients)
  as.numeric(at$linear.predictors)
}

# For a fit on the way to another one.
quietly <- function(control) {
  control$trace <- FALSE
  control$maxit <- max(control$maxit, 100)
  control
}

# Some links have a domain, outside of which no linear predictor may be; under the others none is
# out of range, but offsets may be.
report_no_start <- function(link) {
  fit_error(
    "fastlogit_no_start",
    if (link == "log") {
      paste0(
        "no coefficients were found that give all rows a probability below 1 under the log link: ",
        "add an intercept, or give `start`."
      )
    } else if (link %in% c("identity", "user link")) {
      paste0(
        "no coefficients were found that give all rows a probability between 0 and 1 under the ",
        link, if (link == "identity") " link", ": add an intercept, check the offset, or give ",
        "`start`."
      )
    } else {
      paste0(
        "no coefficients were found at which the log-likelihood is a number: with these offsets ",
        "it is below -1e308 (", link, " link). Check the offset, or give `start`."
      )
    }
  )
}

# --- the information at the solution --------------------------------------------------------------

# A sparse factor comes as the list of its columns.
as_cholesky <- function(solved) {
  both <- solved[c("expected", "observed")]
  if (!is.list(both$expected) && !is.list(both$observed)) return(both)
  lapply(both, function(factor) {
    if (!is.list(factor)) return(factor)
    structure(factor, class = "sparse_cholesky")
  })
}

has_sparse_factor <- function(fit) inherits(.subset2(fit, "cholesky")$expected, "sparse_cholesky")

# Up to this many coefficients a covariance matrix is a matter of course.
moderate_size <- 5000L

# R's own inverse of a larger triangle takes seconds, and soon minutes.
most_by_lapack <- 200L

# The inverse of the information, by the coefficients that are not aliased.
inverse_information <- function(fit, curvature = "expected") {
  estimated <- !is.na(fit$coefficients)
  factor <- fit$cholesky[[curvature]]
  inverse <- if (is.null(factor)) {
    unknown_triangle(fit, curvature)
  } else {
    inverse_of_factor(factor, estimated)
  }
  names <- names(fit$coefficients)[estimated]
  dimnames(inverse) <- list(names, names)
  inverse
}

# Of many classes class by class.
inverse_of_all <- function(fit, curvature = "expected") {
  if (!is.null(fit$family) || !is.null(fit$sets)) return(inverse_information(fit, curvature))
  factor <- fit$cholesky[[curvature]] %||% fit$cholesky$expected %||% no_information(curvature)
  if (!is.list(factor) && nrow(factor) <= most_by_lapack) return(chol2inv(factor))
  inverse_of_factor(factor, !is.na(core_values(fit)))
}

inverse_of_factor <- function(factor, estimated) {
  if (!is.list(factor)) return(inverse_of_triangle_impl(factor))
  inverse_of_sparse_impl(factor)[estimated, estimated, drop = FALSE]
}

# The variances of so many coefficients are made without their covariances, in half of the time and
# with a part of the memory. That is rounding apart from the diagonal of the matrix.
many_variances <- 1000L

# The diagonal of the inverse of the expected information.
unscaled_variances <- function(fit) {
  factor <- fit$cholesky$expected
  if (is.list(factor)) return(inverse_diagonal_impl(factor)[!is.na(fit$coefficients)])
  if (is.null(factor) || nrow(factor) <= many_variances) return(diag(inverse_information(fit)))
  diagonal_of_triangle_impl(factor)
}

# An upper triangular U with U' U = information, whatever is stored.
as_triangle <- function(factor, estimated) {
  if (!is.list(factor)) return(factor)
  lower <- Matrix::sparseMatrix(
    i = factor$row, p = factor$start, x = factor$value, index1 = FALSE,
    dims = rep(length(factor$order), 2L)
  )
  back <- order(factor$order)
  chol(as.matrix(Matrix::tcrossprod(lower)[back, back])[estimated, estimated, drop = FALSE])
}

no_information <- function(curvature) {
  fit_error(
    "fastlogit_no_information",
    "the ", curvature, " information is not positive definite at the estimate, so there is no ",
    "covariance matrix: see fit$status and fit$history."
  )
}

# A fit that has run away has no standard errors, but it can be looked at.
unknown_triangle <- function(fit, curvature) {
  if (curvature == "observed") no_information(curvature)
  matrix(NaN, fit$rank, fit$rank)
}

# The inverse of the sparse factor, in its order, times columns of all coefficients.
half_solved <- function(fit, x) {
  factor <- fit$cholesky$expected
  lower <- Matrix::sparseMatrix(
    i = factor$row, p = factor$start, x = factor$value, index1 = FALSE, triangular = TRUE,
    dims = rep(length(factor$order), 2L)
  )
  Matrix::solve(lower, x[factor$order + 1L, , drop = FALSE])
}

# x' V x for the rows of a sparse matrix, V the inverse of the information.
quadratic_forms <- function(fit, x) {
  if (has_sparse_factor(fit) && length(fit$coefficients) > moderate_size) {
    return(wide_quadratic_forms(fit, x))
  }
  x <- x[, !is.na(fit$coefficients), drop = FALSE]
  quadratic_forms_impl(as_compressed(Matrix::t(x)), inverse_information(fit))
}

# Some rows at a time, as the levels of one factor may be joined by another.
wide_quadratic_forms <- function(fit, x) {
  columns <- as_compressed(Matrix::t(as_compressed(x)))
  aliased <- is.na(fit$coefficients)
  if (any(aliased)) columns <- as_compressed(Matrix::Diagonal(x = as.numeric(!aliased)) %*% columns)
  runs <- split(seq_len(ncol(columns)), (seq_len(ncol(columns)) - 1L) %/% 10000L)
  of_run <- function(at) Matrix::colSums(half_solved(fit, columns[, at, drop = FALSE])^2)
  as.numeric(unlist(lapply(runs, of_run)))
}

# Of the object's coefficients in the core.
core_positions <- function(fit, which) {
  if (inherits(fit, "fastordinal")) fit$position[which] else which
}

# In the core's order.
core_values <- function(fit) {
  if (!inherits(fit, "fastordinal")) return(flat_values(fit))
  unname(c(fit$coefficients, fit$zeta))[order(fit$position)]
}
