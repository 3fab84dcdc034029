# Standard errors of linear predictors x'b: the lengths of U'^-1 x, where U'U is the information, in
# which nothing cancels. Where estimates are infinite, those of the limit model.

# link: linear predictors, or the matrix of terms. how: dispersion, na.action and pad, whether rows
# that na.exclude left out come back.
with_errors <- function(link, object, newdata, type, how) {
  dispersion <- how$dispersion %||% 0
  if (dispersion == 0) dispersion <- dispersion_of(object)
  rows <- rows_to_predict_at(object, newdata, type, how$na.action)
  errors <- if (is.null(how$found)) error_finder(object) else errors_by_matrix(object, how$found)
  error <- if (type == "terms") {
    errors_of_terms(object, rows$x, colnames(link), errors)
  } else {
    stats::setNames(rows$padded(errors(rows$x)), if (length(object$coefficients)) rows$names)
  }
  if (how$pad) error <- stats::napredict(object$na.action, error)
  if (is.null(how$found)) error <- sqrt(dispersion) * error
  error[is.na(link)] <- NA  # values that are missing
  found <- list(
    fit = link, se.fit = error, residual.scale = as.vector(sqrt(dispersion)), link = link,
    link.error = error
  )
  if (type == "response" && length(link)) {
    found$fit[] <- object$family$linkinv(link)
    found$se.fit <- ifelse(is.infinite(error), NA, error * abs(object$family$mu.eta(link)))
  }
  found
}

# The design of new rows, or of the rows of the fit, as sparse_rows() has it.
rows_to_predict_at <- function(object, newdata, type, na.action) {
  if (is_sparse_fit(object) && type != "terms") return(sparse_rows(object, newdata, na.action))
  x <- if (is.null(newdata)) {
    stats::model.matrix(as_lm(unclass(object)))
  } else {
    frame <- frame_of_newdata(object, newdata, na.action)
    stats::model.matrix(attr(frame, "terms"), frame, contrasts.arg = object$contrasts)
  }
  list(x = x, names = rownames(x), padded = identity)
}

# Each term relative to the means of the fit's rows, as predict.lm() has it.
errors_of_terms <- function(object, x, terms, errors) {
  design <- stats::model.matrix(as_lm(unclass(object)))
  if (attr(object$terms, "intercept") > 0L) {
    x <- sweep(x, 2L, colMeans(design), check.margin = FALSE)
  }
  term <- attr(design, "assign")
  of_term <- function(name) {
    alone <- x
    alone[, term != match(name, attr(object$terms, "term.labels"))] <- 0
    errors(alone)
  }
  error <- vapply(terms, of_term, numeric(nrow(x)))
  matrix(error, nrow(x), length(terms), dimnames = list(rownames(x), terms))
}

# A function from rows of the design to their errors, at dispersion 1.
error_finder <- function(fit) {
  if (is_separated(fit)) return(error_finder_in_limit(fit))
  known <- !is.na(fit$coefficients)
  if (!any(known)) return(function(x) numeric(nrow(x)) + rowSums(x[, known, drop = FALSE]))
  if (is.null(fit$cholesky$expected)) {
    report_no_errors(fit)
    return(function(x) rep(NA_real_, nrow(x)))
  }
  triangle <- fit$cholesky$expected
  function(x) {
    if (is_sparse(x) || has_sparse_factor(fit)) return(sqrt(quadratic_forms(fit, x)))
    if (!nrow(x)) return(numeric())
    x <- x[, known, drop = FALSE]
    error <- sqrt(colSums(backsolve(triangle, t(x), transpose = TRUE)^2))
    error[is.na(rowSums(x))] <- NA
    error
  }
}

report_no_errors <- function(fit) {
  fit_warning(
    "fastlogit_no_information",
    "there are no standard errors: the expected information is not positive definite at the ",
    "estimate, see fit$status and fit$history."
  )
}

# The covariances at dispersion 1; NA where an estimate is infinite, open or aliased.
limit_covariance <- function(fit, curvature) {
  full <- no_covariance(fit)
  limit <- fit$separation_details$limit
  if (is.null(limit)) return(full)
  if (is.null(limit$cholesky[[curvature]])) no_information(curvature)
  known <- !is.na(limit$coefficients)
  full[known, known] <- inverse_information(limit, curvature)
  without_infinite(full, shown_estimates(fit))
}

no_covariance <- function(fit) {
  names <- names(fit$coefficients)
  matrix(NA_real_, length(names), length(names), dimnames = list(names, names))
}

without_infinite <- function(covariance, estimates) {
  infinite <- !is.finite(estimates)
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
  if (is_of_sets(fit)) return(limit_of_sets(fit))
  stored <- is_stored(fit)
  fit <- in_memory(fit)
  rows <- if (stored) separation_of_rows(fit)$rows else fit$separation_details$rows
  frame <- stats::model.frame(fit)
  weights <- replace(model_weights(frame), rows, 0)
  x <- model_design(fit, frame)
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

model_design <- function(fit, frame) {
  if (is_sparse_fit(fit)) return(sparse_model_matrix(design_from(blueprint_of(fit), frame)))
  stats::model.matrix(as_lm(unclass(fit)))
}

model_weights <- function(frame) stats::model.weights(frame) %||% rep.int(1, nrow(frame))

# As error_finder(): infinite for rows that are no combination of those that are left.
error_finder_in_limit <- function(fit) {
  known <- !is.na(fit$coefficients)
  limit <- errors_in_limit(fit)
  if (is.null(limit)) {
    return(function(x) {
      length <- rowSums(abs(x[, known, drop = FALSE]))
      ifelse(length > 0, Inf, length)
    })
  }
  stays <- finite_rows(limit, known)
  errors <- error_finder(limit)
  function(x) ifelse(stays(x), errors(x), Inf)
}

# Of the model of the rows that are left its coefficients and information, and how their columns
# make the others, as_others(); NULL where there are no such rows.
errors_in_limit <- function(fit) {
  if (is_stripped(fit)) return(.subset2(fit, "stripped")$limit)
  model <- limit_model(fit)
  if (is.null(model)) return(NULL)
  known <- !is.na(fit$coefficients)
  c(model[c("coefficients", "cholesky", "rank")], list(as_others = as_others(model, known)))
}

# Is a row a combination of the rows that are left? A column that is none of theirs is one of the
# others', and then so is the row's value there.
finite_rows <- function(limit, known) {
  kept <- !is.na(limit$coefficients)
  lost <- known & !kept
  function(x) {
    inside <- x[, kept, drop = FALSE]
    value <- x[, lost, drop = FALSE]
    scale <- abs(value) + abs(inside) %*% abs(limit$as_others)
    differs <- abs(value - inside %*% limit$as_others) > 1e-8 * scale
    as.vector(Matrix::rowSums(differs)) == 0
  }
}

# kept x lost: what makes the lost columns of those that are kept.
as_others <- function(model, known) {
  kept <- !is.na(model$coefficients)
  lost <- known & !kept
  x <- if (is_of_sets(model)) {
    about_sets(stats::model.matrix(model), model$set)
  } else {
    model_design(model, model$model)[model$prior.weights > 0, , drop = FALSE]
  }
  inside <- x[, kept, drop = FALSE]
  if (!is_sparse(x)) return(qr.coef(qr(inside, tol = 1e-14), x[, lost, drop = FALSE]))
  # The indicator of a level without rows is zero, and nothing makes it.
  cross <- as_compressed(Matrix::crossprod(inside, x[, lost, drop = FALSE]))
  some <- which(diff(cross@p) > 0)
  others <- Matrix::sparseMatrix(integer(), integer(), dims = dim(cross), x = 0)
  if (length(some)) {
    others[, some] <- Matrix::solve(Matrix::crossprod(inside), cross[, some, drop = FALSE])
  }
  others
}

# --- very many coefficients -----------------------------------------------------------------------

# Beyond that a covariance matrix takes gigabytes, and minutes.
widest_covariance <- 20000L

is_too_wide <- function(fit) has_sparse_factor(fit) && fit$rank > widest_covariance

check_not_too_wide <- function(fit) {
  if (!is_too_wide(fit)) return(invisible())
  fit_error(
    "fastlogit_too_large",
    "the covariance matrix of ", fit$rank, " coefficients has ",
    format(8e-9 * fit$rank^2, digits = 2L), " GB, and is not made. Standard errors of all are in ",
    "summary(), intervals in confint(method = \"wald\"), those of predictions in predict(se.fit = ",
    "TRUE)."
  )
}
