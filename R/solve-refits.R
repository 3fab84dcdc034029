# Many fits of one design, side by side, that differ by the weights of its rows.

# rows: in memory. times: a column for each fit, by which the rows' weights are multiplied. start:
# the coefficients that all begin with, predictor by predictor. A list of
#   coefficients  p q x fits, zero for aliased columns
#   aliased       p x fits
#   status, certified, and range, of the linear predictors, 2 x fits
solve_reweighted <- function(rows, model, times, start, control, method) {
  problem <- problem_of(rows, model, control$threads)
  refits_impl(problem, start, times, solver_control(control, method))
}

# The same with `status` "converged", "separated" or "not converged", and what the estimates are to
# be `shown` as, in the object's order: NA for aliased columns and where there is none, infinite
# under separation. What is in doubt is left to a fit of its own, which asks the rows.
refit_reweighted <- function(rows, model, times, start, control, method) {
  found <- solve_reweighted(rows, model, times, start, control, method)
  doubtful <- vapply(seq_len(ncol(times)), is_in_doubt, NA, found = found, model = model)
  predictors <- nrow(found$coefficients) / nrow(found$aliased)
  of_all <- rep(seq_len(nrow(found$aliased)), predictors)
  found$status[!doubtful] <- "converged"
  found$shown <- found$coefficients
  found$shown[found$aliased[of_all, , drop = FALSE]] <- NA
  position <- object_order(model, rows, nrow(found$shown))
  found$shown <- found$shown[position, , drop = FALSE]
  for (i in which(doubtful)) {
    alone <- refit_alone(rows, model, times[, i], control, method)
    found$status[i] <- alone$status
    found$shown[, i] <- alone$shown %||% NA
    if (is.null(alone$coefficients)) next
    found$coefficients[, i] <- alone$coefficients
    found$aliased[, i] <- alone$aliased
  }
  found[c("coefficients", "shown", "aliased", "status")]
}

is_in_doubt <- function(i, found, model) {
  if (!found$status[i] %in% c("converged", "boundary")) return(TRUE)
  solved <- list(
    aliased = found$aliased[, i], status = found$status[i], certified = found$certified[i],
    linear.predictors = found$range[, i]
  )
  is.null(model$penalty) && looks_separated(solved, model$link)
}

# By all that a fit does about separation; quietly, as many have the same to say.
refit_alone <- function(rows, model, times, control, method) {
  response <- rows$response
  if (model$kind == "binary") response$mustart <- starting_means(response)
  response$weights <- response$weights * times
  response["successes"] <- NULL
  rows$response <- response
  solved <- tryCatch(
    suppressMessages(suppressWarnings({
      null <- null_model(model, rows, control)
      solve_model(model, rows, null, list(control = control, method = method))
    })),
    fastlogit_no_start = function(condition) NULL
  )
  if (is.null(solved)) return(list(status = "not converged"))
  found <- solved$separation
  separated <- !is.null(found) && found$kind != "none"
  ended <- separated || solved$status %in% c("converged", "boundary")
  order <- object_order(model, rows, length(solved$coefficients))
  c(
    list(
      status = if (separated) "separated" else if (ended) "converged" else "not converged",
      shown = if (ended) shown_solution(solved, order)
    ),
    solved[c("coefficients", "aliased")]
  )
}

# Where in the core's order the coefficients of the object are.
object_order <- function(model, rows, size) {
  if (model$kind != "ordered") return(seq_len(size))
  ordered_layout(model, rows$design, rows$response$levels)$position
}

shown_solution <- function(solved, order) {
  estimates <- solved$coefficients
  estimates[rep_len(solved$aliased, length(estimates))] <- NA
  estimates <- estimates[order]
  found <- solved$separation
  if (!is.null(found)) found$coefficients <- flat_values(found)
  estimates_in_limit(estimates, found)
}
