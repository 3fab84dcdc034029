# From a problem and starts to coefficients: the one caller of the C++ fit.

# problem: as problem_of() makes it. starts: candidates, see starts_of(). That there is a maximum
# (control$finite) is something only the separation check knows.
solve_problem <- function(problem, starts, control, method) {
  solved <- fit_impl(problem, starts, solver_control(control, method))
  if (solved$status == "infeasible") report_no_start(problem$model$family)
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

# For a fit on the way to another one.
quietly <- function(control) {
  control$trace <- FALSE
  control$maxit <- max(control$maxit, 100)
  control
}

# The coefficients of a model for some rows, and whether they are all finite. null: see null_model().
solve_model <- function(model, rows, null, options) {
  check_row_starts(rows)
  design <- rows$design
  if (length(design$names) == 0L) {
    check_start(options$start, 0, "start", "column of the design")
    return(solve_empty(rows, model))
  }
  core <- core_model(model, rows$response)
  count <- as.double(length(design$names)) * core$predictors
  of_each <- if (model$kind == "binary") "column of the design" else "class but the baseline and column"
  check_start(options$start, count, "start", of_each)
  options$start <- by_class(options$start)
  watch <- watch_fit(
    options$checkpoint, schema_of(rows, core, options$method), options$start, count
  )
  on.exit(watch$done())
  starts <- starts_of(model, rows, null, replace(options, "start", list(watch$start)))
  solve <- function(control, without = NULL, light = !is.null(without)) {
    if (!light) control$after_pass <- watch$after_pass
    problem <- problem_of(rows, model, control$threads, without, light)
    solve_problem(problem, starts, control, options$method)
  }
  starts <- start_far_out(starts, rows, model, options$control, solve)
  solved <- solve(options$control)
  if (led_nowhere(watch, solved)) {
    starts <- starts[-1L]
    solved <- solve(options$control)
  }
  solved <- resolve_separation(solved, model, rows, options$control, solve)
  check_start_aliased(options$start, solved$aliased, design$names)
  solved$starts <- length(starts)
  solved
}

# Without columns there is nothing to estimate: eta is the offset.
solve_empty <- function(rows, model) {
  response <- rows$response
  family <- model$family
  eta <- if (is.null(rows$offset)) numeric(length(response$y)) else as.numeric(rows$offset)
  mu <- family$linkinv(eta)
  if (!family$valideta(eta) || !family$validmu(mu)) {
    fit_error("fastlogit_no_start", "without coefficients the means are not between 0 and 1.")
  }
  deviance <- sum(family$dev.resids(response$y, mu, response$weights))
  list(
    coefficients = numeric(), aliased = logical(), expected = matrix(0, 0L, 0L),
    observed = matrix(0, 0L, 0L), logLik = -deviance / 2, status = "converged",
    orthogonalised = FALSE, blurred = FALSE, history = empty_history(), linear.predictors = eta,
    weights = response$weights * family$mu.eta(eta)^2 / family$variance(mu), start = 1L,
    starts = 1L, threads = 1L
  )
}

empty_history <- function() {
  list(
    iteration = integer(), logLik = numeric(), deviance = numeric(), step = numeric(),
    halvings = integer(), decrement = numeric()
  )
}
