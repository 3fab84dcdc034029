# Many fits of one design, side by side, that differ by the weights of its rows.

# rows: in memory. times: a column for each fit, by which the rows' weights are multiplied. start:
# the coefficients that all begin with, predictor by predictor. A list of
#   coefficients  p q x fits, zero for aliased columns
#   aliased       p x fits
#   status, certified, and range, of the linear predictors, 2 x fits
solve_reweighted <- function(rows, model, times, start, control, method) {
  problem <- problem_of(rows, model, control$threads)
  refits_impl(problem, start, times_as_read(rows, times), solver_control(control, method))
}

# The same with `status` "converged", "separated" or "not converged", and what the estimates are to
# be `shown` as, in the object's order: NA for aliased columns and where there is none, infinite
# under separation. What is in doubt is left to a fit of its own, which asks the rows.
refit_reweighted <- function(rows, model, times, start, control, method) {
  found <- solve_reweighted(rows, model, times, start, control, method)
  doubtful <- !are_certain(found, model)
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

# Have fits ended at a maximum, beyond doubt? found: their `status`, `certified` and `range`, a
# column for each.
are_certain <- function(found, model) {
  ended <- found$status %in% c("converged", "boundary")
  if (!is.null(model$penalty)) return(ended)
  ended & found$certified & are_within(found$range[1L, ], found$range[2L, ], model$link)
}

# By all that a fit does about separation; quietly, as many have the same to say.
refit_alone <- function(rows, model, times, control, method) {
  solved <- solve_alone(rows, model, times, control, method)
  if (is.null(solved)) return(list(status = "not converged"))
  status <- ending_of(solved)
  shown <- if (status != "not converged") {
    shown_solution(solved, object_order(model, rows, length(solved$coefficients)))
  }
  c(list(status = status, shown = shown), solved[c("coefficients", "aliased")])
}

# NULL where there is no start.
solve_alone <- function(rows, model, times, control, method) {
  response <- rows$response
  if (model$kind == "binary") response$mustart <- starting_means(response)
  response$weights <- response$weights * times
  response["successes"] <- NULL
  rows$response <- response
  rows <- arrange_again(model, rows)
  tryCatch(
    suppressMessages(suppressWarnings({
      null <- null_model(model, rows, control)
      solve_model(model, rows, null, list(control = control, method = method))
    })),
    fastlogit_no_start = function(condition) NULL
  )
}

ending_of <- function(solved) {
  found <- solved$separation
  if (!is.null(found) && found$kind != "none") return("separated")
  if (solved$status %in% c("converged", "boundary")) "converged" else "not converged"
}

# Where in the core's order the coefficients of the object are.
object_order <- function(model, rows, size) {
  if (model$kind != "ordered") return(seq_len(size))
  ordered_layout(model, rows$design, rows$response$levels)$position
}

shown_solution <- function(solved, order = seq_along(solved$coefficients)) {
  estimates <- solved$coefficients
  estimates[rep_len(solved$aliased, length(estimates))] <- NA
  estimates <- estimates[order]
  found <- solved$separation
  if (!is.null(found)) found$coefficients <- flat_values(found)
  estimates_in_limit(estimates, found)
}

# A separated fit stops short of the deviance that it comes as close to as one likes: that of the
# rows which are left. NULL where that is not known.
least_deviance <- function(separation) {
  if (identical(separation$kind, "complete")) 0 else separation$limit$deviance
}
