# A sparse design: a dgCMatrix, copied row by row by the C++ core.

is_sparse <- function(x) methods::is(x, "sparseMatrix")

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

# --- what the fit keeps of the information -------------------------------------------------------

# A sparse factor comes as the list of its columns.
as_cholesky <- function(solved) {
  lapply(solved[c("expected", "observed")], function(factor) {
    if (!is.list(factor)) return(factor)
    structure(factor, class = "sparse_cholesky")
  })
}

has_sparse_factor <- function(fit) inherits(.subset2(fit, "cholesky")$expected, "sparse_cholesky")

# Up to this many coefficients a covariance matrix is a matter of course.
moderate_size <- 5000L

# The inverse of the information, by the coefficients that are not aliased.
inverse_information <- function(fit, curvature = "expected") {
  estimated <- !is.na(fit$coefficients)
  factor <- fit$cholesky[[curvature]]
  inverse <- if (is.null(factor)) {
    unknown_triangle(fit, curvature)
  } else if (is.list(factor)) {
    inverse_of_sparse_impl(factor)[estimated, estimated, drop = FALSE]
  } else {
    inverse_of_triangle_impl(factor)
  }
  names <- names(fit$coefficients)[estimated]
  dimnames(inverse) <- list(names, names)
  inverse
}

# Its diagonal.
unscaled_variances <- function(fit, inverse) {
  if (!is.null(inverse)) return(diag(inverse))
  inverse_diagonal_impl(fit$cholesky$expected)[!is.na(fit$coefficients)]
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

# --- summary, without chol2inv() -----------------------------------------------------------------

# R's own inverse of a large triangle takes minutes. What summary.glm() says of no coefficients is
# completed here.
summarise_wide <- function(fit, dispersion, correlation, symbolic.cor,
                           covariance = !has_sparse_factor(fit) || fit$rank <= moderate_size) {
  out <- plain_summary(without_coefficients(fit), dispersion = dispersion)
  estimated <- !is.na(fit$coefficients)
  inverse <- if (covariance) inverse_information(fit)
  estimate <- fit$coefficients[estimated]
  error <- sqrt(out$dispersion * unscaled_variances(fit, inverse))
  ratio <- estimate / error
  known <- !is.null(dispersion) || has_known_dispersion(fit$family)
  p_value <- if (known) {
    2 * stats::pnorm(-abs(ratio))
  } else {
    2 * stats::pt(-abs(ratio), fit$df.residual)
  }
  out$coefficients <- cbind(estimate, error, ratio, p_value)
  letter <- if (known) "z" else "t"
  dimnames(out$coefficients) <- list(
    names(estimate),
    c("Estimate", "Std. Error", paste(letter, "value"), paste0("Pr(>|", letter, "|)"))
  )
  out$df <- c(fit$rank, fit$df.residual, length(estimated))
  out$aliased <- !estimated
  names(out$aliased) <- names(fit$coefficients)
  out$cov.unscaled <- inverse
  out$cov.scaled <- if (!is.null(inverse)) out$dispersion * inverse
  if (correlation && !is.null(inverse)) {
    out$correlation <- stats::cov2cor(inverse)
    out$symbolic.cor <- symbolic.cor
  }
  out
}

without_coefficients <- function(fit) {
  fit <- unclass(fit)
  fit$coefficients <- numeric()
  fit$rank <- 0L
  structure(fit, class = c("glm", "lm"))
}

is_wide <- function(fit) has_sparse_factor(fit) || fit$rank > 200L

# --- predictions ---------------------------------------------------------------------------------

# As predict.glm(), for links and means.
predict_sparse <- function(fit, newdata, type, na.action) {
  rows <- sparse_rows(fit, newdata, na.action)
  eta <- rows$offset +
    rows$padded(rows$x %*% ifelse(is.na(fit$coefficients), 0, fit$coefficients))
  if (length(eta)) names(eta) <- rows$names
  value <- if (type == "response") fit$family$linkinv(eta) else eta
  if (fit$rank < length(fit$coefficients) && !is.null(newdata)) {
    fit_warning(
      "fastlogit_rank_deficient", "prediction from a rank-deficient fit may be misleading"
    )
  }
  value
}

# The rows of `newdata`, or those of the fit: offset, names, the design x of those where nothing is
# missing, and `padded()`, which makes what is computed from them NA elsewhere.
sparse_rows <- function(fit, newdata, na.action) {
  if (is.null(newdata)) {
    offset <- fit$offset
    x <- fit[["x"]]
    if (is.null(x)) x <- sparse_model_matrix(design_from(blueprint_of(fit), stats::model.frame(as_lm(fit))))
    return(list(
      x = x, offset = if (is.null(offset)) 0 else offset, names = names(fit$linear.predictors),
      padded = as.vector
    ))
  }
  frame <- frame_of_newdata(fit, newdata, na.action)
  complete <- stats::complete.cases(frame)
  if (length(frame) == 0L) complete <- rep(TRUE, nrow(frame))
  terms <- attr(frame, "terms")
  offset <- offset_of_newdata(fit, newdata, frame)
  names <- row.names(frame)
  if (!all(complete)) frame <- structure(frame[complete, , drop = FALSE], terms = terms)
  list(
    x = sparse_model_matrix(design_from(blueprint_of_newdata(fit), frame)), offset = offset, names = names,
    padded = function(values) replace(rep(NA_real_, length(complete)), complete, as.vector(values))
  )
}

# x' V x for the rows of a sparse matrix, V the inverse of the information.
quadratic_forms <- function(fit, x) {
  x <- x[, !is.na(fit$coefficients), drop = FALSE]
  quadratic_forms_impl(as_compressed(Matrix::t(x)), inverse_information(fit))
}

# --- leverages -----------------------------------------------------------------------------------

#' @importFrom stats hatvalues
#' @export
hatvalues.fastlogit <- function(model, ...) {
  if (!is_sparse_fit(model)) return(NextMethod())
  without_na(stats::naresid(model$na.action, leverages(model)))
}

#' @importFrom stats influence
#' @export
influence.fastlogit <- function(model, do.coef = TRUE, ...) {
  if (do.coef || !is_sparse_fit(model)) {
    return(method_of("stats", "influence", "glm")(as_decomposed(model), do.coef, ...))
  }
  # Rows without weight have no influence, and rows that na.exclude has left out come back.
  of_used <- function(type) {
    complete <- model
    complete$na.action <- NULL
    stats::residuals(complete, type)[model$prior.weights != 0]
  }
  padded <- function(values) stats::naresid(model$na.action, values)
  hat <- leverages(model)
  deviance_residuals <- of_used("deviance")
  rest <- sum(deviance_residuals^2) - deviance_residuals^2 / (1 - hat)
  sigma <- sqrt(pmax(0, rest) / (model$df.residual - 1L))
  list(
    hat = without_na(padded(hat)), sigma = padded(sigma),
    dev.res = padded(deviance_residuals), pear.res = padded(of_used("pearson"))
  )
}

# Far on the way to infinity weights vanish, and the rows no longer tell some coefficients: without
# those, as lm.influence() takes the decomposition and the coefficients to be of one rank.
as_decomposed <- function(model) {
  qr <- model$qr
  if (is.null(qr) || qr$rank == model$rank) return(model)
  model$coefficients[qr$pivot[seq_along(qr$pivot) > qr$rank]] <- NA
  model$rank <- qr$rank
  model$qr <- qr
  model
}

#' @importFrom stats dfbeta
#' @export
dfbeta.fastlogit <- function(model, infl = stats::lm.influence(as_decomposed(model)), ...) {
  method_of("stats", "dfbeta", "lm")(as_decomposed(model), infl, ...)
}

#' @importFrom stats dfbetas
#' @export
dfbetas.fastlogit <- function(model, infl = stats::lm.influence(as_decomposed(model)), ...) {
  model <- as_decomposed(model)
  if (model$rank == 0L) return(stats::dfbeta(model, infl))
  method_of("stats", "dfbetas", "lm")(model, infl, ...)
}

# influence.measures() names its columns by them.
#' @importFrom stats variable.names
#' @export
variable.names.fastlogit <- function(object, ...) {
  method_of("stats", "variable.names", "lm")(as_decomposed(object), ...)
}

# A row that is not there has no leverage.
without_na <- function(hat) {
  hat[is.na(hat)] <- 0
  hat
}

is_sparse_fit <- function(fit) isTRUE(.subset2(fit, "sparse"))

leverages <- function(fit) {
  rows <- sparse_rows(fit, NULL, NULL)
  used <- fit$prior.weights != 0
  hat <- fit$weights[used] * quadratic_forms(fit, rows$x[used, , drop = FALSE])
  names(hat) <- rows$names[used]
  hat
}
