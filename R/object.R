# Objects: what a fit returns. Which one is the model's matter; which of its parts are kept row by
# row that of the rows.

# solved: see solve_model(); null: see null_model().
as_fit <- function(model, solved, rows, null, options) UseMethod("as_fit", model$class)

# spec: as for fit_model(), with `data`.
finish_fit <- function(model, fit, rows, spec, options) UseMethod("finish_fit", model$class)

# Of rows: how many are of positive weight; the parts that a fit has for each of them; the family's
# aic() of them all, at the means where these are at hand; what is kept to answer for them; and a
# fit with what the call asks to keep.
used_in <- function(rows) UseMethod("used_in", rows$class)
parts_by_row <- function(rows, family, solved) UseMethod("parts_by_row", rows$class)
saturated_and_deviance <- function(rows, family, solved, mu) {
  UseMethod("saturated_and_deviance", rows$class)
}
kept_of <- function(rows, family, solved) UseMethod("kept_of", rows$class)
with_rows <- function(rows, fit, options) UseMethod("with_rows", rows$class)

# The part of a blueprint that the object has not otherwise, see blueprint_of().
kept_blueprint <- function(blueprint) blueprint[c("used", "columns", "assign", "pieces", "levels")]

on_demand <- c("qr", "R", "effects")

row_components <- c(
  "residuals", "fitted.values", "linear.predictors", "weights", "prior.weights", "y"
)

class_row_components <- c("fitted.values", "residuals", "linear.predictors", "weights")

# data.frame() would cost more than a small fit.
as_history <- function(columns) {
  attr(columns, "row.names") <- seq_along(columns$iteration)
  class(columns) <- "data.frame"
  columns
}

# The solver's log-likelihood is relative to the saturated model; R's is not.
absolute_history <- function(history, aic, rank, deviance, family) {
  saturated <- (deviance - (aic - 2 * rank)) / 2
  if (is.finite(saturated)) history$logLik <- history$logLik + saturated
  as_history(history)
}

is_surveyed <- function(fit) !is.null(.subset2(fit, "survey.design"))

# Did the data say so? Then `separation_details` has what they said.
is_separated <- function(fit) !is.null(fit$separation_details)

# The coefficients with infinite ones as such; NA where the data leave them open.
shown_estimates <- function(fit) {
  estimates <- all_coefficients(fit)
  found <- fit$separation_details
  if (is.null(found)) return(estimates)
  if (!is.null(found$limit)) {
    estimates[!is.na(estimates)] <- found$limit$coefficients[!is.na(estimates)]
  }
  affected <- is.na(found$coefficients) | found$coefficients != 0
  estimates[affected] <- found$coefficients[affected]
  estimates
}

shown_by_class <- function(fit) flat_values(list(coefficients = shown_estimates(fit)))
