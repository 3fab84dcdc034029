# Fits with some coefficients held fixed, from which profile likelihoods are made.

# The rows of a fit, encoded once for many refits.
refit_problem <- function(fit) {
  x <- stats::model.matrix(fit)
  frame <- stats::model.frame(fit)
  y <- stats::model.response(frame, "any")
  weights <- stats::model.weights(frame)
  list(
    design = as_design(x),
    response = suppressWarnings(as_class_response(y, weights, fit$lab[1L])),
    offset = fit$offset,
    model = class_model(length(fit$lab), fit$penalty)
  )
}

# The fit with coefficient `index` (class by class) held at `value`: its deviance, and all
# coefficients, which are the best start for the next value.
refit_with_fixed <- function(problem, index, value, start) {
  start[index] <- value
  solved <- solve_rows(
    problem$design, problem$response, problem$offset, problem$model,
    list(list(coefficients = start)), fastlogit_control(), "newton",
    fixed = seq_along(start) == index
  )
  list(
    deviance = -2 * (solved$logLik + problem$response$entropy),
    coefficients = solved$coefficients, status = solved$status
  )
}
