# What a large fit in memory has for each row. It is made when it is asked for, by the pass that
# the fit itself would have made: for a million rows each of these vectors is as large as a column
# of the data, and its names are several times that.
#
# Such a component is NULL in the list, under its name, so that the object has the names of a glm
# in their order; who sets it to NULL takes the name away, and with it the component.
#
# fit$deferred is a list of
#   rows, used       how many rows there are, and how many of them have a weight
#   total            of many classes the sum of the weights
#   coefficients     at which the values are, whatever becomes of the fit's own
#   range_of_means   of two classes; or `bounds_of_means`, between which they are
#   dispersion       where it is estimated
#   kept             where there is no model frame, what the values are made from instead
#   data             of the data what the model frame has not, see without_shared()

# NULL for rows of which all is kept: those of a matrix, few ones, and those of which each has a
# link of its own.
deferral_of <- function(model, rows, solved) {
  kept <- is.null(rows$frame) || is_small(rows$design) || length(rows$design$names) == 0L ||
    isTRUE(model$described$by_row)
  if (kept) return(NULL)
  many <- model$kind == "classes"
  list(
    rows = rows$design$rows, used = used_in(rows),
    total = if (many) sum(rows$response$weights),
    coefficients = solved$coefficients,
    range_of_means = if (!many && !is.null(solved$linear.predictors)) means_between(model, solved),
    bounds_of_means = if (!many && !is.null(solved$reach)) {
      range(model$family$linkinv(c(-solved$reach, solved$reach)))
    }
  )
}

# Means rise, or fall, with the linear predictor; of a user's link one does not know.
means_between <- function(model, solved) {
  eta <- as.numeric(solved$linear.predictors)
  if (model$link == user_link) return(range(model$family$linkinv(eta)))
  range(model$family$linkinv(range(eta)))
}

# Has nobody asked for what is deferred by the end of the fit? Where estimates are infinite a report
# asks whether the outcomes differ.
can_skip_rows <- function(model, rows, solved, options) {
  known <- model$kind == "classes" || has_known_dispersion(model$family)
  known && isTRUE(options$model) && is.null(rows$survey) &&
    (is.null(solved$separation) || has_both_trials(rows$response)) &&
    solved$status != "boundary"
}

# Of zeros and ones, of which the ones are counted.
has_both_trials <- function(response) {
  !is.null(response$successes) && response$successes > 0 &&
    response$successes < length(response$y)
}

# The fit without them.
defer_rows <- function(fit, rows, options) {
  if (!is.null(fit$family) && !has_known_dispersion(fit$family)) {
    fit$deferred$dispersion <- dispersion_by_rows(fit)
  }
  if (!isTRUE(options$model)) fit$deferred$kept <- kept_for_rows(fit, rows)
  fit[intersect(deferred_rows(fit), names(fit))] <- list(NULL)
  fit
}

# As summary.glm() estimates it.
dispersion_by_rows <- function(fit) {
  if (fit$df.residual <= 0) return(NaN)
  sum((fit$weights * fit$residuals^2)[fit$weights > 0]) / fit$df.residual
}

# Without names, of which the row names are the source.
kept_for_rows <- function(fit, rows) {
  solved <- list(linear.predictors = unname(fit$linear.predictors))
  response <- rows$response
  if (!is.null(fit$family)) {
    solved$weights <- unname(fit$weights)
    single <- !is.null(response$successes)
    response <- c(response["y"], if (!single) response["weights"])
  }
  list(
    class = rows$class, response = response, offset = rows$offset, solved = solved,
    row.names = if (!is.null(rows$names)) .row_names_info(rows$frame, 0L)
  )
}

# --- what the model frame has as well -------------------------------------------------------------

# fit: that of two classes, complete but for its class.
without_doubles <- function(fit) {
  if (is.null(fit$model)) return(fit)
  if (is.data.frame(fit$data)) {
    fit$deferred$data <- without_shared(fit$data, fit$model)
    if (!is.null(fit$deferred$data)) fit["data"] <- list(NULL)
  }
  fit["offset"] <- list(NULL)
  fit
}

# A data frame less the columns, and the row names, that the model frame has as well, down to the
# last bit: NULL where there are none. at: where they are there, NA for the others.
without_shared <- function(data, frame) {
  columns <- unclass(data)
  at <- match(names(columns), names(frame))
  for (i in which(!is.na(at))) {
    if (!is_same_vector(columns[[i]], .subset2(frame, at[i]))) at[i] <- NA
  }
  if (all(is.na(at))) return(NULL)
  columns[!is.na(at)] <- list(NULL)
  names <- .row_names_info(data, 0L)
  shared_names <- is_same_vector(names, .row_names_info(frame, 0L))
  if (shared_names) attr(columns, "row.names") <- NULL
  list(columns = columns, at = at, shared_names = shared_names, class = oldClass(data))
}

# Of the same vector that takes no time.
is_same_vector <- function(a, b) {
  identical(a, b, num.eq = FALSE, single.NA = FALSE, attrib.as.set = FALSE)
}
