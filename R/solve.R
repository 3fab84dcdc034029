# From a design and a response to coefficients: the one caller of the C++ fit.

# response: as as_response() or as_class_response() makes it; model: list(family, predictors,
# penalty); starts: candidates, see starting_points(). That there is a maximum (control$finite) is
# something only the separation check knows.
solve_rows <- function(design, response, offset, model, starts, control, method) {
  rows <- list(
    design = design, response = response_rows(response, offset),
    model = model_of_columns(model, design), threads = control$threads
  )
  solve_problem(rows, starts, control, method)
}

# rows: as src/problem.h takes them, wherever they are.
solve_problem <- function(rows, starts, control, method) {
  if (!is.null(control$engine)) rows$ask <- answerer(control$engine, rows)
  solved <- fit_impl(rows, starts, solver_control(control, method))
  if (solved$status == "infeasible") report_no_start(rows$model$family)
  solved
}

# The control as the C++ core reads it.
solver_control <- function(control, method) {
  list(
    method = method, epsilon = control$epsilon, maxit = control$maxit,
    trace = isTRUE(as.logical(control$trace)), finite = isTRUE(control$finite),
    after_pass = control$after_pass
  )
}

# The response as the C++ core reads it.
response_rows <- function(response, offset) {
  list(
    y = response$y, complement = response$complement, category = response$category,
    weights = if (is.null(response$successes) && any(response$weights != 1)) response$weights,
    offset = offset
  )
}

# The model as the C++ core reads it.
model_of_columns <- function(model, design) {
  model["penalty"] <- list(penalty_of_columns(model$penalty, design$names))
  model
}

# A two-class model as the C++ core knows it.
binary_model <- function(family, penalty = NULL) {
  list(family = family$link, predictors = 1L, penalty = penalty)
}

# Where the iterations may begin, best first; the last one is the default.
#   * the user's coefficients, linear predictors or means;
#   * without an offset, the fit of the intercept alone (or zero, if there is none);
#   * with one, the linear predictors that glm() starts from, less the offset.
check_mustart <- function(mustart) {
  bad <- which(!is.null(mustart) & (mustart <= 0 | mustart >= 1))
  if (length(bad)) {
    input_error(
      "`mustart` must lie between 0 and 1: found ", format(mustart[[bad[1L]]]), " in ",
      rows_listed(bad), "."
    )
  }
}

starting_points <- function(design, response, offset, family, start, etastart, mustart) {
  given <- if (!is.null(start)) {
    list(coefficients = ifelse(is.na(start), 0, start))
  } else if (!is.null(etastart)) {
    list(eta = as.numeric(etastart))
  } else if (!is.null(mustart)) {
    list(eta = as.numeric(family$linkfun(mustart)))
  }
  given <- if (length(given) && all(is.finite(given[[1L]]))) given
  default <- if (is.null(offset)) {
    list(coefficients = intercept_only(design, response, family))
  } else {
    list(eta = as.numeric(family$linkfun(starting_means(response))))
  }
  c(if (!is.null(given)) list(given), list(default))
}

intercept_only <- function(design, response, family) {
  beta <- numeric(length(design$names))
  intercept <- match("(Intercept)", design$names)
  if (is.na(intercept)) return(beta)
  weights <- response$weights
  successes <- if (is.null(response$successes)) sum(weights * response$y) else response$successes
  # As for glm()'s starting means, half a success and half a failure keep the mean inside.
  mean <- (successes + 0.5) / (sum(weights) + 1)
  beta[intercept] <- family$linkfun(mean)
  beta
}
