# The rows of a fit of many classes, for fits of parts of it.

class_problem <- function(fit) {
  frame <- stats::model.frame(fit)
  y <- stats::model.response(frame, "any")
  list(
    response = suppressWarnings(as_class_response(y, stats::model.weights(frame), fit$lab[1L])),
    offset = fit$offset,
    model = list(family = "multinomial", predictors = length(fit$lab) - 1L)
  )
}

# As the C++ core reads them for profiles.
class_rows <- function(fit, threads) {
  problem <- class_problem(fit)
  list(
    design = as_design(stats::model.matrix(fit)),
    response = response_rows(problem$response, problem$offset), model = problem$model,
    threads = threads
  )
}
