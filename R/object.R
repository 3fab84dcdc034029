# Objects: what a fit returns. Which one is the model's matter; which of its parts are kept row by
# row that of the rows.

# solved: see solve_model(); null: see null_model().
as_fit <- function(model, solved, rows, null, options) UseMethod("as_fit", model$class)

# spec: as for fit_model(), with `data`.
finish_fit <- function(model, fit, rows, spec, options) UseMethod("finish_fit", model$class)

# Of rows: how many are of positive weight; the parts that a fit has for each of them; the family's
# aic() of them all, at the means where these are at hand; and a fit with what the call asks to
# keep.
used_in <- function(rows) UseMethod("used_in", rows$class)
parts_by_row <- function(rows, family, solved) UseMethod("parts_by_row", rows$class)
saturated_and_deviance <- function(rows, family, solved, mu) {
  UseMethod("saturated_and_deviance", rows$class)
}
with_rows <- function(rows, fit, options) UseMethod("with_rows", rows$class)

# What is kept of stored rows to answer for them. family: NULL of many classes.
kept_of <- function(rows, family, solved) {
  if (are_in_memory(rows)) return(NULL)
  eta <- as.numeric(solved$linear.predictors)
  rows[c("engine", "omitted", "excluded")] <- NULL
  rows$range_of_means <- if (is.null(family)) stats::plogis(eta) else family$linkinv(eta)
  rows
}

# The part of a blueprint that the object has not otherwise, see blueprint_of().
kept_blueprint <- function(blueprint) blueprint[c("used", "columns", "assign", "pieces", "levels")]

on_demand <- c("qr", "R", "effects")

row_components <- c(
  "residuals", "fitted.values", "linear.predictors", "weights", "prior.weights", "y"
)

class_row_components <- c("fitted.values", "residuals", "linear.predictors", "weights")

set_row_components <- c(
  "linear.predictors", "residuals", "fitted.values", "set", "weights", "y"
)

is_ordered_fit <- function(fit) inherits(fit, "fastordinal")
is_of_sets <- function(fit) !is.null(.subset2(fit, "sets"))
is_deferred <- function(fit) !is.null(.subset2(fit, "deferred"))
is_stripped <- function(fit) !is.null(.subset2(fit, "stripped"))

deferred_rows <- function(fit) {
  if (is_of_sets(fit)) return(set_row_components)
  if (is.null(.subset2(fit, "family"))) class_row_components else row_components
}

# strip() has taken the rows out of a fit: see object-stripped.R.
check_has_rows_left <- function(fit, what = "what this needs") {
  if (!is_stripped(fit)) return(invisible())
  fit_error(
    "fastlogit_stripped", what, " is gone: strip() has taken the rows out of this fit (",
    listed(paste0("`", .subset2(fit, "stripped")$components, "`"), 20L), "). Ask the fit that was ",
    "stripped, or fit again: update() does so, to the data that the call names."
  )
}

# Has the list a value for each row? Else what is known of all of them, see kept_of(),
# object-deferred.R and object-stripped.R: `dispersion`, where it is estimated, `range_of_means`.
has_values_by_row <- function(fit) is.null(known_of_rows(fit))

known_of_rows <- function(fit) {
  for (name in c("stored", "deferred", "stripped")) {
    known <- .subset2(fit, name)
    if (!is.null(known)) return(known)
  }
}

number_of_rows <- function(fit) {
  if (is_stored(fit)) return(.subset2(fit, "stored")$design$rows)
  if (is_ordered_fit(fit) && !is_stripped(fit)) return(length(.subset2(fit, "category")))
  if (has_values_by_row(fit)) NROW(fit$residuals) else known_of_rows(fit)$rows
}

# Those with a weight.
used_rows <- function(fit) {
  if (is_stored(fit)) return(.subset2(fit, "stored")$response$n_ok)
  if (!has_values_by_row(fit)) return(known_of_rows(fit)$used)
  sum((if (is.null(fit$family)) fit$weights else fit$prior.weights) != 0)
}

# Of many classes the sum of the weights.
cases_of <- function(fit) {
  if (is_stored(fit)) return(sum(.subset2(fit, "stored")$response$totals))
  if (has_values_by_row(fit)) sum(fit$weights) else known_of_rows(fit)$total
}

# An example of the model frame.
frame_prototype <- function(fit) {
  if (is_stored(fit)) return(.subset2(fit, "stored")$prototype)
  if (!is_stripped(fit)) return(stats::model.frame(fit))
  structure(.subset2(fit, "stripped")$prototype, terms = fit$terms)
}

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

is_surveyed <- function(fit) !is.null(.subset2(fit, "design_covariance"))

# Did the data say so? Then `separation_details` has what they said.
is_separated <- function(fit) !is.null(.subset2(fit, "separation_details"))

# The coefficients with infinite ones as such; NA where the data leave them open.
shown_estimates <- function(fit) {
  estimates_in_limit(all_coefficients(fit), fit$separation_details)
}

shown_by_class <- function(fit) flat_values(list(coefficients = shown_estimates(fit)))

# Those of aliased columns are NA.
known_coefficients <- function(solved, design) {
  coefficients <- solved$coefficients
  coefficients[solved$aliased] <- NA
  names(coefficients) <- design$labels
  coefficients
}

# With what only the call knows.
with_call <- function(fit, spec, blueprint) {
  c(fit, list(
    call = spec$call, formula = spec$formula, terms = blueprint$terms,
    contrasts = blueprint$contrasts, xlevels = blueprint$xlevels,
    blueprint = kept_blueprint(blueprint)
  ), if (is_stored(fit)) list(data = spec$data))
}
