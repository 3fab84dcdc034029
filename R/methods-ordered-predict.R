# Ordered classes: predictions with their standard errors.

#' Predictions from a fit of ordered classes
#'
#' Standard errors are those of the delta method. Intervals are symmetric on the scale of the linear
#' predictors; those of a probability p are symmetric for log(p / (1 - p)), and so stay between 0
#' and 1. A row with a missing value is predicted to be `NA`. Aliased coefficients count as zero,
#' with a warning for new data.
#'
#' @param object a fit by [fastordinal()].
#' @param newdata a data frame; by default the rows of the fit.
#' @param type `"class"`: the most probable class, an ordered factor; `"probs"`, or `"response"`:
#'   the probabilities of all classes, n x K; `"cumulative"`: those at or below each cut, n x (K -
#'   1); `"linear"`: the linear predictors of the cuts, \eqn{\zeta_j - x'\beta}{zeta_j - x' beta},
#'   n x (K - 1). With `se.fit` or an interval the default is `"probs"`.
#' @param se.fit logical: standard errors as well?
#' @param interval `"none"` or `"confidence"`.
#' @param level the confidence level.
#' @param na.action what to do with missing values in `newdata`: by default they give `NA`.
#' @param vcov which covariance matrix standard errors and intervals come from, see [covariances].
#' @param ... disregarded, with a warning.
#' @return For `type = "class"` a factor, ordered as the response. Otherwise a matrix of one row for
#'   each row of the data, for a single row a vector. With `se.fit` a list of `fit` and `se.fit`,
#'   with an interval of `fit`, `lower` and `upper`, each of that shape.
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastordinal(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' new <- data.frame(Infl = c("Low", "High"), Type = "Tower", Cont = "High")
#' predict(fit, new)
#' predict(fit, new, type = "cumulative", interval = "confidence")
#' @export
predict.fastordinal <- function(object, newdata = NULL,
                                type = c("class", "probs", "cumulative", "linear", "response"),
                                se.fit = FALSE, interval = c("none", "confidence"), level = 0.95,
                                na.action = stats::na.pass, vcov = NULL, ...) {
  warn_of_unknown()
  types <- c("class", "probs", "cumulative", "linear", "response")
  asked <- prediction_asked(if (!missing(type)) type, types, se.fit, interval, level)
  rows <- ordered_rows_to_predict(object, newdata, na.action)
  if (asked$type == "class") {
    return(most_probable_of_ordered(object, predict_ordered(object, rows, "probs")$fit))
  }
  by <- if (asked$uncertain) covariance_of(object, vcov)
  found <- lapply(predict_ordered(object, rows, asked$type, by, level), drop)
  if (asked$uncertain) found[asked$parts] else found$fit
}

# Matrices of a row each, `fit`, and by a covariance also its errors and bounds. rows: see
# ordered_rows_to_predict().
predict_ordered <- function(object, rows, type, by = NULL, level = 0.95) {
  found <- ordered_values(object, rows, type)
  if (!is.null(by)) found <- with_ordered_errors(object, rows, type, found, by, level)
  lapply(found, function(values) {
    shown <- rows$shown(values)
    dimnames(shown) <- list(rows$names, outcome_names(object, type))
    shown
  })
}

outcome_names <- function(object, type) {
  if (type == "probs") object$lev else names(object$zeta)
}

most_probable_of_ordered <- function(object, probability) {
  factor(
    max.col(round(probability, 12L), "first"), seq_along(object$lev), object$lev, ordered = TRUE
  )
}

# Linear predictors of the cuts, `eta`; the design `x` without its intercept; names; and `shown()`,
# which puts back the rows that na.exclude left out.
ordered_rows_to_predict <- function(object, newdata, na.action) {
  if (is.null(newdata)) {
    if (is_stored(object)) object <- with_ordered_rows(object)
    shown <- function(values) stats::napredict(object$na.action, values)
    eta <- ordered_predictors(object)
    names <- object$row_names
    if (!is.null(names)) names <- rownames(shown(matrix(0, nrow(eta), 1L, dimnames = list(names))))
    x <- function() stats::model.matrix(object)
    return(list(eta = eta, x = x, names = names, shown = shown))
  }
  new <- replay_newdata(object, newdata, na.action)
  x <- new$x
  if (anyNA(object$coefficients)) warn_rank_deficient()
  maps <- ordered_maps(object, x)
  values <- flat_values(object)
  values[is.na(values)] <- 0
  eta <- vapply(maps, function(of_cut) as.vector(of_cut$x %*% values[of_cut$at]), numeric(nrow(x)))
  eta <- matrix(eta, nrow(x))
  if (!is.null(new$offset)) eta <- eta - new$offset
  check_order_of_cuts(object, eta)
  list(eta = eta, x = function() x, names = rownames(x), shown = identity)
}

# For each cut the rows in the coefficients that it has, and where these are among all.
ordered_maps <- function(object, x) {
  count <- length(object$zeta)
  columns <- match(object$columns, colnames(x))
  x <- x[, columns, drop = FALSE]
  intercept <- match("(Intercept)", object$columns, 0L)
  varying <- which(blueprint_of(object)$assign %in% object$varying)
  shared <- setdiff(seq_len(ncol(x)), c(intercept, varying))
  slopes <- length(shared)
  lapply(seq_len(count), function(j) {
    list(
      x = cbind(-x[, shared, drop = FALSE], x[, varying, drop = FALSE], rep_len(1, nrow(x))),
      at = c(
        seq_len(slopes), slopes + (seq_along(varying) - 1L) * count + j,
        slopes + length(varying) * count + j
      )
    )
  })
}

# Where coefficients vary from cut to cut, cumulative probabilities may fall.
check_order_of_cuts <- function(object, eta, of = "`newdata`") {
  if (object$steps != "cumulative" || length(object$varying) == 0L || nrow(eta) == 0L) {
    return(invisible())
  }
  crossed <- which(rowSums(eta[, -1L, drop = FALSE] <= eta[, -ncol(eta), drop = FALSE]) > 0)
  if (length(crossed) == 0L) return(invisible())
  input_error(
    "the cumulative probabilities of ", rows_listed(crossed), " of ", of, " are not in order: ",
    "the terms that vary from cut to cut lead to negative probabilities there. Such rows are ",
    "outside of the model."
  )
}

ordered_values <- function(object, rows, type) {
  if (type == "linear") return(list(fit = rows$eta))
  probability <- ordered_probabilities(rows$eta, object$steps, object$link)
  if (type == "probs") return(list(fit = probability))
  if (object$steps == "cumulative") {
    return(list(fit = exp(apply_to(rows$eta, distributions[[object$link]]$below))))
  }
  list(fit = row_sums_so_far(probability)[, -ncol(probability), drop = FALSE])
}

# by: list(covariance =, df =).
with_ordered_errors <- function(object, rows, type, found, by, level) {
  fit <- found$fit
  maps <- ordered_maps(object, rows$x())
  kept <- covariance_names(object)
  covariance <- by$covariance
  # Infinite estimates have none, and neither have rows that depend on them.
  infinite <- kept & is.na(diag(covariance))
  covariance[!kept | infinite, ] <- covariance[, !kept | infinite] <- 0
  variance <- function(slopes) {
    # slopes: for each cut a vector, one for each row.
    gradient <- matrix(0, nrow(fit), length(kept))
    for (j in seq_along(maps)) {
      at <- maps[[j]]$at
      gradient[, at] <- gradient[, at] + slopes[[j]] * maps[[j]]$x
    }
    rowSums((gradient %*% covariance) * gradient)
  }
  unknown <- vapply(maps, function(of_cut) {
    rowSums(of_cut$x[, infinite[of_cut$at], drop = FALSE] != 0) > 0
  }, logical(nrow(fit)))
  unknown <- matrix(unknown, nrow(fit))
  of_outcome <- outcome_slopes(object, rows$eta, type)
  errors <- fit
  for (k in seq_len(ncol(fit))) {
    errors[, k] <- sqrt(pmax(0, variance(of_outcome(k))))
    cuts <- cuts_of_outcome(object$steps, type, k, length(maps))
    errors[rowSums(unknown[, cuts, drop = FALSE]) > 0, k] <- NA
  }
  tail <- quantile_for(level, by$df)
  if (type == "linear") {
    half <- tail * errors
    return(list(fit = fit, se.fit = errors, lower = fit - half, upper = fit + half))
  }
  logit <- stats::qlogis(fit)
  half <- tail * errors / (fit * (1 - fit))
  list(
    fit = fit, se.fit = errors, lower = stats::plogis(logit - half),
    upper = stats::plogis(logit + half)
  )
}

# The cuts that an outcome depends on.
cuts_of_outcome <- function(steps, type, k, count) {
  if (type == "linear" || (type == "cumulative" && steps == "cumulative")) return(k)
  switch(steps,
    cumulative = intersect(c(k - 1L, k), seq_len(count)), continuation = seq_len(min(k, count)),
    adjacent = seq_len(count)
  )
}

# A function of the number of an outcome: its derivatives in the predictors, a vector for each cut.
outcome_slopes <- function(object, eta, type) {
  count <- ncol(eta)
  if (type == "linear") {
    return(function(k) lapply(seq_len(count), function(j) rep(as.numeric(j == k), nrow(eta))))
  }
  probability <- ordered_probabilities(eta, object$steps, object$link)
  slopes <- lapply(seq_len(count), function(j) {
    slope <- probability_slopes(eta, object$steps, object$link, probability, j)
    if (type == "cumulative") row_sums_so_far(slope) else slope
  })
  function(k) lapply(slopes, function(slope) slope[, k])
}

#' @export
fitted.fastordinal <- function(object, ...) {
  stats::napredict(object$na.action, object$fitted.values)
}
