# From a model and rows to a solution, and what there is to ask about it.

# The coefficients of a model for some rows, and whether they are all finite. null: see
# null_model(). core, count: not computed unless somebody asks.
solve_model <- function(model, rows, null, options,
                        core = core_model(model, rows$response, rows$design),
                        count = coefficient_count(core, length(rows$design$names))) {
  if (!is.null(rows$etastart) || !is.null(rows$mustart)) check_row_starts(rows)
  design <- rows$design
  if (length(design$names) == 0L) {
    check_start(options$start, 0, "start", "column of the design")
    return(solve_empty(rows, model))
  }
  given <- NULL
  if (!is.null(options$start)) {
    check_start(options$start, count, "start", coefficients_of_each[[model$kind]])
    given <- options$start <- by_class(options$start)
  }
  watch <- watch_of(rows, core, options, count)
  if (!is.null(watch)) {
    on.exit(watch$done())
    options["start"] <- list(watch$start)
  }
  starts <- starts_of(model, rows, null, options)
  solve <- function(control, without = NULL, light = !is.null(without)) {
    if (!light) control$after_pass <- watch$after_pass
    problem <- problem_of(rows, model, control$threads, without, light)
    solved <- solve_problem(problem, starts, control, options$method)
    if (!is.null(solved$linear.predictors) || is_certain(solved, model$link)) return(solved)
    with_values_by_row(solved, problem)
  }
  options$control$by_row <- !can_do_without_values(model, rows, options)
  ahead <- NULL
  if (length(design$names) >= many_coordinates) {
    ahead <- levels_ahead(model, rows, starts, options$control, solve)
    options$control$aliased <- if (!is.null(ahead)) logical(length(design$names))
    starts <- ahead$starts %||% start_far_out(starts, rows, model, options$control, solve)
  }
  solved <- solve(control_after(ahead, options$control))
  if (isTRUE(watch$resumed) && failed_to_resume(solved)) {
    starts <- starts[-1L]
    solved <- solve(options$control)
  }
  if (!is.null(ahead)) solved$history <- ahead$limit$history
  if (!is.null(ahead) || is.null(model$penalty) && looks_separated(solved, model$link)) {
    solved <- resolve_separation(solved, model, rows, options$control, solve, ahead)
  }
  if (anyNA(given) && is.null(core$cuts)) check_start_aliased(given, solved$aliased, design$names)
  c(solved, starts = length(starts))
}

# Nobody asks for the linear predictors of many rows by the end of a fit, see object-deferred.R,
# where they are known to be within bounds, see is_certain(). An offset has a range of its own, and
# where rows are not single trials the family's aic() asks for their means.
can_do_without_values <- function(model, rows, options) {
  if (is.null(rows$frame) || is_small(rows$design)) return(FALSE)
  many <- model$kind == "classes"
  if (!many && model$kind != "binary" || !are_in_memory(rows)) return(FALSE)
  plain <- many || !is.null(rows$response$successes) && model$link != user_link &&
    has_known_dispersion(model$family)
  plain && isTRUE(options$model) && is.null(rows$offset) && is.null(rows$engine) &&
    is.null(rows$survey)
}

# What fit_impl() has left out; a problem that is not asked is not made.
with_values_by_row <- function(solved, problem) {
  if (!is.null(solved$linear.predictors)) return(solved)
  c(solved, rows_at_coefficients(problem, solved$coefficients))
}

coefficients_of_each <- c(
  binary = "column of the design", classes = "class but the baseline and column",
  ordered = "slope and cut-point", strata = "column of the design"
)

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
    orthogonalised = FALSE, ill_conditioned = FALSE, history = empty_history(),
    linear.predictors = eta,
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

# Where nearly each row may have a level of its own, a fit of the sparse rows takes no time beside
# one iteration with all that is dense; where it finds no maximum it has gone the way there.
start_far_out <- function(starts, rows, model, control, solve) {
  design <- rows$design
  columns <- length(design$names)
  possible <- model$kind == "binary" && are_in_memory(rows) &&
    length(starts) == 1L && is.null(model$penalty)
  if (!possible || columns < many_levels || design$rows > 20 * columns) return(starts)
  if (is_light(design) || !is_light(light_design(design))) return(starts)
  first <- solve(quietly(control), light = TRUE)
  if (!looks_separated(first, model$link) || !all(is.finite(first$coefficients))) return(starts)
  list(list(coefficients = first$coefficients))
}

many_levels <- 500L
