# Many classes: predictions with their standard errors, and residuals.

#' Predictions from a multinomial fit
#'
#' Classes and probabilities, as `nnet`'s method for [nnet::multinom()] has them, and linear
#' predictors (log odds against the baseline), standard errors and confidence intervals.
#'
#' Standard errors are those of the delta method. Intervals are symmetric on the scale of the linear
#' predictors; those of a probability p are symmetric for log(p / (1 - p)), and so stay between 0
#' and 1. A row with a missing value is predicted to be `NA`. Aliased coefficients count as zero,
#' with a warning for new data. An offset, in the formula or as an argument of the fit, is evaluated
#' in `newdata`.
#'
#' @param object a fit by [fastmultinom()].
#' @param newdata a data frame; by default the rows of the fit.
#' @param type `"class"`: the most probable class, a factor; `"probs"`, or `"response"` as for two
#'   classes: the probabilities of all classes, n x K; `"link"`: the linear predictors, n x (K - 1).
#'   With `se.fit` or an interval the default is `"probs"`.
#' @param se.fit logical: standard errors as well?
#' @param interval `"none"` or `"confidence"`.
#' @param level the confidence level.
#' @param na.action what to do with missing values in `newdata`: by default they give `NA`.
#' @param vcov which covariance matrix standard errors and intervals come from, see [covariances].
#' @param ... disregarded, with a warning.
#' @return For n rows and K classes: for `type = "class"` a factor of length n. Otherwise a matrix,
#'   n x K of probabilities, or n x (K - 1) of linear predictors, log odds against the baseline; a
#'   vector for a single row, and for two classes, where it is the probability (or the linear
#'   predictor) of the second. With `se.fit` a list of `fit` and `se.fit`, with an interval a list
#'   of `fit`, `lower` and `upper`, each of that shape.
#' @section Differences from multinom():
#' Of several classes that are most probable the first is predicted, not one at random.
#' @seealso [residuals.fastmultinom()], [plot.fastmultinom()]
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastmultinom(Sat ~ Infl + Cont, data = MASS::housing, weights = Freq)
#' new <- data.frame(Infl = c("Low", "High"), Cont = "High")
#' predict(fit, new)
#' predict(fit, new, type = "probs", se.fit = TRUE)
#' predict(fit, new, interval = "confidence", level = 0.9)
#' @export
predict.fastmultinom <- function(object, newdata = NULL,
                                 type = c("class", "probs", "link", "response"), se.fit = FALSE,
                                 interval = c("none", "confidence"),
                                 level = 0.95, na.action = stats::na.pass, vcov = NULL, ...) {
  warn_of_unknown()
  types <- c("class", "probs", "link", "response")
  asked <- prediction_asked(if (!missing(type)) type, types, se.fit, interval, level)
  rows <- rows_to_predict(object, newdata, na.action, design = asked$uncertain)
  if (asked$type == "class") {
    return(most_probable(rows$shown(class_probabilities(rows$eta)), object$lab))
  }
  by <- if (asked$uncertain) estimated_part(object, covariance_of(object, vcov))
  predicted <- if (asked$type == "probs") predict_probabilities else predict_links
  found <- predicted(object, rows, by, level)
  found <- lapply(found, function(values) as_prediction(rows$shown(values), object, rows$names))
  if (asked$uncertain) found[asked$parts] else found$fit
}

# What predict() of classes, in order or not, is asked for: the `type`, whether that is to be
# `uncertain`, and then the `parts` of the answer. type: NULL where none is given. types: those that
# there are.
prediction_asked <- function(type, types, se.fit, interval, level) {
  interval <- check_choice(interval, c("none", "confidence"), "interval")
  se.fit <- check_flag(se.fit, "se.fit")
  check_level(level, "level")
  uncertain <- se.fit || interval == "confidence"
  type <- check_choice(type %||% if (uncertain) "probs" else "class", types, "type")
  if (type == "response") type <- "probs"
  if (type == "class" && uncertain) {
    others <- paste0("\"", setdiff(types, c("class", "response")), "\"")
    others[1L] <- paste0("`type = ", others[1L], "`")
    input_error(
      "a class has no standard error and no interval: ask for ",
      sub(" and ", " or ", enumerated(others)), "."
    )
  }
  list(
    type = type, uncertain = uncertain,
    parts = c("fit", if (se.fit) "se.fit", if (interval != "none") c("lower", "upper"))
  )
}

# Without the aliased coefficients.
estimated_part <- function(fit, found) {
  kept <- covariance_names(fit)
  found$covariance <- found$covariance[kept, kept, drop = FALSE]
  found
}

# Linear predictors `eta`, row names, the design `x` without aliased columns (if it is wanted), and
# `shown()`, which puts back the rows that na.exclude left out.
rows_to_predict <- function(object, newdata, na.action, design) {
  beta <- coefficient_matrix(object)
  kept <- !is.na(beta[1L, ])
  if (is.null(newdata)) {
    object <- in_memory(object)
    shown <- function(values) stats::napredict(object$na.action, values)
    return(list(
      eta = object$linear.predictors, names = rownames(shown(object$linear.predictors)),
      x = if (design) stats::model.matrix(object)[, kept, drop = FALSE], shown = shown
    ))
  }
  new <- replay_newdata(object, newdata, na.action)
  if (!all(kept)) warn_rank_deficient()
  x <- new$x[, kept, drop = FALSE]
  eta <- tcrossprod(x, beta[, kept, drop = FALSE])
  if (!is.null(new$offset)) eta <- eta + new$offset
  list(eta = eta, names = rownames(x), x = x, shown = identity)
}

# The design and the offset of new rows, as the fit would have made them.
replay_newdata <- function(object, newdata, na.action) {
  if (!is.data.frame(newdata)) newdata <- as.data.frame(newdata)
  newdata <- without_long_integers(newdata)
  frame <- with_newdata_errors(
    object, newdata, na.action, class_frame_of_newdata(object, newdata, na.action)
  )
  terms <- stats::delete.response(object$terms)
  list(
    x = stats::model.matrix(terms, frame, contrasts.arg = object$contrasts),
    offset = class_offset(object, frame)
  )
}

# With the offset of the call.
class_frame_of_newdata <- function(object, newdata, na.action) {
  terms <- stats::delete.response(object$terms)
  frame_call <- as.call(list(
    quote(stats::model.frame), terms, newdata,
    na.action = na.action, xlev = object$xlevels, offset = object$call$offset
  ))
  frame <- eval(frame_call, environment(terms))
  classes <- attr(terms, "dataClasses")
  if (!is.null(classes)) stats::.checkMFClasses(classes, frame)
  frame
}

# Of each predictor, rows x (K - 1), or NULL.
class_offset <- function(object, frame) {
  offset <- offset_in_frame(frame)
  if (is_ordered_fit(object)) return(offset)
  if (!is.null(offset)) offset <- shape_class_offset(offset, object$declared)
  # After relevel(): from the baseline that the call speaks of.
  if (is.null(object$baseline_map)) offset else tcrossprod(offset, object$baseline_map)
}

# Probabilities that differ by rounding count as equal.
most_probable <- function(probabilities, levels) {
  factor(max.col(round(probabilities, 12L), "first"), seq_along(levels), levels)
}

# Two classes show the second, as does multinom().
as_prediction <- function(values, object, row_names) {
  classes <- length(object$lab)
  if (classes == 2L) return(stats::setNames(values[, ncol(values)], row_names))
  shown <- object$lab[seq.int(to = classes, length.out = ncol(values))]
  dimnames(values) <- list(row_names, shown)
  drop(values)
}

# by: list(covariance =, df =) of the coefficients that are not aliased; NULL where the errors are
# not wanted.
predict_links <- function(object, rows, by, level) {
  if (is.null(by)) return(list(fit = rows$eta))
  errors <- rows$eta
  each_covariance(object, rows$x, by$covariance, function(k, l, covariance) {
    if (k == l) errors[, k] <<- sqrt(covariance)
  })
  half <- quantile_for(level, by$df) * errors
  list(fit = rows$eta, se.fit = errors, lower = rows$eta - half, upper = rows$eta + half)
}

# By the delta method for logit(p_j) = eta_j - log(sum of exp(eta_k) over the others), whose
# derivatives are 1 in eta_j and -exp(eta_k) / (that sum) in eta_k: nothing is lost where p_j rounds
# to 0 or 1.
predict_probabilities <- function(object, rows, by, level) {
  fit <- class_probabilities(rows$eta)
  if (is.null(by)) return(list(fit = fit))
  if (nrow(fit) == 0L) return(list(fit = fit, se.fit = fit, lower = fit, upper = fit))
  eta <- with_baseline(rows$eta)
  rest <- vapply(
    seq_len(ncol(eta)), function(j) log_sum_exp(eta[, -j, drop = FALSE]), numeric(nrow(eta))
  )
  dim(rest) <- dim(eta)
  slopes <- function(k) {
    slope <- -exp(eta[, k + 1L] - rest)
    slope[, k + 1L] <- 1
    slope
  }
  variance <- array(0, dim(eta))
  each_covariance(object, rows$x, by$covariance, function(k, l, covariance) {
    variance <<- variance + (if (k == l) 1 else 2) * covariance * slopes(k) * slopes(l)
  })
  logit <- eta - rest
  errors <- sqrt(pmax(variance, 0))
  half <- quantile_for(level, by$df) * errors
  list(
    fit = fit, se.fit = stats::plogis(logit) * stats::plogis(-logit) * errors,
    lower = stats::plogis(logit - half), upper = stats::plogis(logit + half)
  )
}

# Calls `visit(k, l, a)` for each pair of linear predictors, l <= k, with their covariances a, one
# for each row of x: in this way they never need more room than the predictions.
each_covariance <- function(object, x, covariance, visit) {
  columns <- function(k) seq_len(ncol(x)) + (k - 1L) * ncol(x)
  for (k in seq_len(length(object$lab) - 1L)) {
    for (l in seq_len(k)) {
      block <- covariance[columns(k), columns(l), drop = FALSE]
      visit(k, l, rowSums((x %*% block) * x))
    }
  }
}

log_sum_exp <- function(eta) {
  most <- row_largest(eta)
  most + log(rowSums(exp(eta - most)))
}

#' Residuals of a multinomial fit
#'
#' What the observed proportions of the classes have beyond the fitted probabilities: as it is,
#' standardised, or as parts of the deviance.
#'
#' @param object a fit by [fastmultinom()].
#' @param type `"response"`: the observed proportions y less the fitted probabilities p, n x K;
#'   `"pearson"`: \eqn{\sqrt w (y - p) / \sqrt{p (1 - p)}}{sqrt(w) (y - p) / sqrt(p (1 - p))},
#'   n x K; `"deviance"`: the root of each row's part of the deviance,
#'   \eqn{\sqrt{2 w \sum_j y_j \log(y_j / p_j)}}{sqrt(2 w times the sum of y_j log(y_j / p_j))}, a
#'   vector.
#' @param ... disregarded, with a warning.
#' @return For n rows and K classes a matrix, n x K, for `"response"` and `"pearson"`, on the scale
#'   of proportions and of standard normal values; a vector of n values for `"deviance"`. For two
#'   classes the matrices have one column, for the second class, and the deviance residuals have its
#'   sign, as those of a `glm`.
#' @seealso [predict.fastmultinom()], [plot.fastmultinom()]
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
#' head(residuals(fit))
#' head(residuals(fit, type = "deviance"))
#' @export
residuals.fastmultinom <- function(object, type = c("response", "pearson", "deviance"), ...) {
  warn_of_unknown()
  type <- check_choice(type, c("response", "pearson", "deviance"), "type")
  object <- in_memory(object)
  residuals <- switch(type,
    response = object$residuals,
    pearson = pearson_residuals(object),
    deviance = deviance_residuals(object)
  )
  stats::naresid(object$na.action, residuals)
}

pearson_residuals <- function(object) {
  p <- object$fitted.values
  scaled <- object$residuals * sqrt(as.vector(object$weights)) / sqrt(p * (1 - p))
  # Where a probability has rounded to 0 or 1, and rightly so.
  scaled[object$residuals == 0] <- 0
  scaled
}

deviance_residuals <- function(object) {
  eta <- with_baseline(object$linear.predictors)
  log_p <- eta - log_sum_exp(eta)
  y <- observed_of(object)
  terms <- ifelse(y > 0, y * (log(pmax(y, 0)) - log_p), 0)
  residuals <- sqrt(2 * as.vector(object$weights) * pmax(rowSums(terms), 0))
  if (ncol(y) == 2L) residuals <- residuals * ifelse(object$residuals[, 1L] > 0, 1, -1)
  stats::setNames(residuals, rownames(object$residuals))
}

# Observed proportions, n x K: exact zeros and ones unless the response is counts.
observed_of <- function(object) {
  y <- all_residuals(object) + all_probabilities(object)
  if (is.null(object$lev)) y else round(y)
}
