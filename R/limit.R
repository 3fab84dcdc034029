# The limit of a separated fit is the fit of the rows that separation leaves (Geyer 2009, Likelihood
# inference in exponential families and directions of recession, Electronic Journal of Statistics
# 3). What goes to infinity cannot be estimated there, as if its columns were aliased; all else has
# the estimates, standard errors and tests that it tends to.

# The covariances at dispersion 1; NA where an estimate is infinite, open or aliased.
limit_covariance <- function(fit, curvature) {
  full <- no_covariance(fit)
  limit <- fit$separation_details$limit
  if (is.null(limit)) return(full)
  if (is.null(limit$cholesky[[curvature]])) no_information(curvature)
  known <- !is.na(limit$coefficients)
  full[known, known] <- inverse_information(limit, curvature)
  without_infinite(full, fit)
}

no_covariance <- function(fit) {
  names <- names(fit$coefficients)
  matrix(NA_real_, length(names), length(names), dimnames = list(names, names))
}

without_infinite <- function(covariance, fit) {
  infinite <- !is.finite(shown_estimates(fit))
  covariance[infinite, ] <- NA
  covariance[, infinite] <- NA
  covariance
}

# NA beside NA, one on the diagonal.
correlations <- function(covariance) {
  root <- sqrt(diag(covariance))
  correlation <- covariance / outer(root, root)
  diag(correlation)[!is.na(root)] <- 1
  correlation
}

# A fit as fastlogit() would give it with weights of zero in the separated rows, or NULL where there
# are no others.
limit_model <- function(fit) {
  if (fit$separation_details$kind == "complete") return(NULL)
  rows <- fit$separation_details$rows
  if (is_stored(fit)) {
    fit <- in_memory(fit)
    rows <- separation_of_rows(fit)$rows
  }
  frame <- stats::model.frame(fit)
  weights <- stats::model.weights(frame)
  if (is.null(weights)) weights <- rep.int(1, nrow(frame))
  weights[rows] <- 0
  x <- if (is_sparse_fit(fit)) {
    sparse_model_matrix(design_from(blueprint_of(fit), frame))
  } else {
    stats::model.matrix(as_lm(unclass(fit)))
  }
  control <- c(fit$control[c("epsilon", "maxit")], threads = fit$threads)
  found <- suppressWarnings(suppressMessages(fit_matrix(
    x, stats::model.response(frame, "any"), weights, NULL, NULL, NULL, fit$offset, fit$family,
    complete_control(control, "newton"), attr(fit$terms, "intercept") > 0L
  )))
  fit[names(found)] <- found
  fit$separation_details <- NULL
  frame[["(weights)"]] <- weights
  fit$model <- frame
  fit
}

# As error_finder(): infinite for rows that are no combination of those that are left.
error_finder_in_limit <- function(fit) {
  known <- !is.na(fit$coefficients)
  model <- limit_model(fit)
  if (is.null(model)) {
    return(function(x) {
      length <- rowSums(abs(x[, known, drop = FALSE]))
      ifelse(length > 0, Inf, length)
    })
  }
  stays <- finite_rows(model, known)
  errors <- error_finder(model)
  function(x) ifelse(stays(x), errors(x), Inf)
}

# Is a row a combination of the rows that are left? A column that is none of theirs is one of the
# others', and then so is the row's value there.
finite_rows <- function(model, known) {
  kept <- !is.na(model$coefficients)
  lost <- known & !kept
  x <- if (is_sparse_fit(model)) {
    sparse_model_matrix(design_from(blueprint_of(model), model$model))
  } else {
    stats::model.matrix(as_lm(unclass(model)))
  }
  x <- x[model$prior.weights > 0, , drop = FALSE]
  as_others <- if (is_sparse(x)) {
    known <- x[, kept, drop = FALSE]
    cross <- Matrix::crossprod(known, x[, lost, drop = FALSE])
    as.matrix(Matrix::solve(Matrix::crossprod(known), cross))
  } else {
    qr.coef(qr(x[, kept, drop = FALSE], tol = 1e-14), x[, lost, drop = FALSE])
  }
  function(x) {
    combined <- as.matrix(x[, kept, drop = FALSE] %*% as_others)
    scale <- as.matrix(abs(x[, kept, drop = FALSE]) %*% abs(as_others))
    value <- as.matrix(x[, lost, drop = FALSE])
    rowSums(abs(value - combined) > 1e-8 * (abs(value) + scale)) == 0
  }
}
