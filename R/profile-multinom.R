# The rows of a fit of many classes, for fits of parts of it.

class_problem <- function(fit) {
  frame <- stats::model.frame(fit)
  y <- stats::model.response(frame, "any")
  list(
    response = suppressWarnings(as_class_response(y, class_weights_in_frame(frame), fit$lab[1L])),
    offset = fit$offset,
    model = class_model(length(fit$lab), fit$penalty)
  )
}

# As the C++ core reads them for profiles.
class_rows <- function(fit, threads) {
  if (is_elsewhere(fit)) return(rows_elsewhere(fit, threads))
  problem <- class_problem(fit)
  design <- as_design(stats::model.matrix(fit))
  list(
    design = design, response = response_rows(problem$response, problem$offset),
    model = model_of_columns(problem$model, design), threads = threads
  )
}
