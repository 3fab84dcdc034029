# The object of many classes: what nnet's multinom() returns, with what is ours behind it.

as_fit.classes_model <- function(model, solved, rows, null, options) {
  design <- rows$design
  response <- rows$response
  levels <- response$levels
  predictors <- length(levels) - 1L
  kept <- !solved$aliased
  coefficients <- matrix(
    solved$coefficients, predictors, length(design$names),
    byrow = TRUE, dimnames = list(levels[-1L], design$labels)
  )
  coefficients[, !kept] <- NA
  rank <- sum(kept)
  edf <- rank * predictors
  # As nnet's: minus twice the log-likelihood, which leaves out the multinomial coefficients.
  deviance <- -2 * (solved$logLik + response$entropy)
  solved$history$logLik <- solved$history$logLik + response$entropy
  solved$history$deviance <- -2 * solved$history$logLik
  deferred <- deferral_of(model, rows, solved)
  skipped <- !is.null(deferred) && can_skip_rows(model, rows, solved, options)
  if (!skipped) {
    solved <- with_values_by_row(solved, problem_of(rows, model, options$control$threads))
  }
  by_row <- if (skipped) no_class_rows(rows) else parts_by_row(rows, NULL, solved)
  fit <- c(
    nnet_components(coefficients, by_row$probabilities, by_row$observed, deviance),
    list(
      lev = if (!by_row$counts) levels, lab = levels, declared = response[c("levels", "all")],
      weights = by_row$weights, deviance = deviance, rank = rank, edf = edf,
      AIC = deviance + 2 * edf, coefnames = design$labels, vcoefnames = design$labels,
      Hessian = named_information(solved$expected, coefficients),
      coefficients = without_single_row(coefficients),
      linear.predictors = by_row$linear.predictors,
      df.residual = used_in(rows) * predictors - edf, offset = by_row$offset,
      iter = length(solved$history$iteration), converged = solved$status == "converged",
      algorithm = options$method, status = solved$status, history = as_history(solved$history),
      cholesky = list(expected = solved$expected, observed = solved$observed),
      orthogonalised = solved$orthogonalised,
      separation = signs_of_infinity(solved, design$labels, levels[-1L]), threads = solved$threads
    )
  )
  fit$separation_details <- solved$separation
  fit$stored <- kept_of(rows, NULL, solved)
  fit$deferred <- deferred
  if (is_stored(fit)) fit[class_row_components] <- NULL
  fit
}

# For rows in memory whose values are made later.
no_class_rows <- function(rows) {
  response <- rows$response
  c(empty_classes(response$levels), list(offset = rows$offset, counts = !is.null(response$y)))
}

# Of no rows.
empty_classes <- function(levels) {
  classes <- length(levels)
  list(
    probabilities = matrix(0, 0L, classes, dimnames = list(NULL, levels)),
    observed = matrix(0, 0L, classes), linear.predictors = NULL, weights = NULL
  )
}

# Of rows in memory.
class_parts_by_row <- function(rows, solved) {
  response <- rows$response
  levels <- response$levels
  eta <- as_predictors(solved$linear.predictors, length(levels) - 1L, rows$names, levels)
  probabilities <- class_probabilities(unname(eta))
  dimnames(probabilities) <- list(rows$names, levels)
  list(
    probabilities = probabilities, observed = observed_classes(response), linear.predictors = eta,
    weights = matrix(response$weights, dimnames = list(rows$names, NULL)), offset = rows$offset,
    counts = !is.null(response$y)
  )
}

finish_fit.classes_model <- function(model, fit, rows, spec, options) {
  fit <- with_call(with_rows(rows, fit, options), spec, rows$blueprint)
  class(fit) <- c(if (is_stored(fit)) "fastmultinom_stored", "fastmultinom", "multinom", "nnet")
  fit
}

# The parts by which nnet's own code knows the network: p + 1 inputs (one is its bias), no hidden
# units, K outputs.
nnet_components <- function(coefficients, probabilities, observed, deviance) {
  two <- nrow(coefficients) == 1L
  p <- ncol(coefficients)
  known <- ifelse(is.na(coefficients), 0, coefficients)
  outputs <- if (two) 1L else ncol(probabilities)
  weights <- if (two) cbind(0, known) else cbind(0, rbind(0, known))
  shown <- if (two) probabilities[, 2L, drop = FALSE] else probabilities
  if (two) colnames(shown) <- NULL
  list(
    n = c(p, 0, outputs), nunits = as.integer(p + 1L + outputs),
    nconn = c(numeric(p + 2L), seq_len(outputs) * (p + 1)), conn = rep(seq(0, p), outputs),
    nsunits = if (two) p + 2 else p + 1, decay = 0, entropy = two, softmax = !two,
    censored = FALSE, value = deviance / 2, wts = as.vector(t(unname(weights))), convergence = 0L,
    fitted.values = shown,
    residuals = (if (two) observed[, 2L, drop = FALSE] else observed) - shown
  )
}

# The information, with zeros for aliased coefficients.
named_information <- function(factor, coefficients) {
  names <- coefficient_names(coefficients)
  kept <- !is.na(as.vector(t(coefficients)))
  information <- matrix(0, length(names), length(names), dimnames = list(names, names))
  if (!is.null(factor)) information[kept, kept] <- crossprod(factor)
  information
}

# The coefficients as a (K - 1) x p matrix, whatever the number of classes.
coefficient_matrix <- function(fit) {
  if (is.matrix(fit$coefficients)) return(fit$coefficients)
  matrix(fit$coefficients, 1L, dimnames = list(fit$lab[2L], names(fit$coefficients)))
}

# n x K, also for two classes.
all_probabilities <- function(fit) {
  shown <- fit$fitted.values
  if (ncol(shown) > 1L) return(shown)
  both <- cbind(1 - shown, shown)
  colnames(both) <- fit$lab
  both
}

all_residuals <- function(fit) {
  shown <- fit$residuals
  both <- if (ncol(shown) > 1L) shown else cbind(-shown, shown)
  colnames(both) <- fit$lab
  both
}
