# Standard errors of linear predictors x'b: the lengths of U'^-1 x, where U'U is the information, in
# which nothing cancels. Where estimates are infinite, those of the limit model.

# link: linear predictors, or the matrix of terms. how: dispersion, na.action and pad, whether rows
# that na.exclude left out come back.
with_errors <- function(link, object, newdata, type, how) {
  dispersion <- how$dispersion
  if (is.null(dispersion) || dispersion == 0) dispersion <- dispersion_of(object)
  rows <- rows_to_predict_at(object, newdata, type, how$na.action)
  errors <- error_finder(object)
  error <- if (type == "terms") {
    errors_of_terms(object, rows$x, colnames(link), errors)
  } else {
    stats::setNames(rows$padded(errors(rows$x)), if (length(object$coefficients)) rows$names)
  }
  if (how$pad) error <- stats::napredict(object$na.action, error)
  error <- sqrt(dispersion) * error
  error[is.na(link)] <- NA  # values that are missing
  fit <- link
  link_error <- error
  if (type == "response" && length(link)) {
    fit[] <- object$family$linkinv(link)
    error <- ifelse(is.infinite(error), NA, error * abs(object$family$mu.eta(link)))
  }
  list(
    fit = fit, se.fit = error, residual.scale = as.vector(sqrt(dispersion)), link = link,
    link.error = link_error
  )
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
  if (!is.null(fit$separation_details)) return(error_finder_in_limit(fit))
  known <- !is.na(fit$coefficients)
  if (!any(known)) return(function(x) numeric(nrow(x)) + rowSums(x[, known, drop = FALSE]))
  if (is.null(fit$cholesky$expected)) {
    report_no_errors(fit)
    return(function(x) rep(NA_real_, nrow(x)))
  }
  if (has_sparse_factor(fit)) return(function(x) sqrt(quadratic_forms(fit, x)))
  triangle <- fit$cholesky$expected
  function(x) {
    if (is_sparse(x)) return(sqrt(quadratic_forms(fit, x)))
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
