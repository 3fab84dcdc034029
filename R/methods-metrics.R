# Measures of prediction.

#' Measures of prediction: Brier score, log loss, area under the curve, calibration
#'
#' How well a fit's probabilities predict, in its own rows or in new ones, weights and numbers of
#' trials respected: a row of weight w counts as w rows, and of counts each trial is a row.
#'
#' With y the outcome (1 for success, 0 for failure), p its predicted probability and means over the
#' rows:
#' \describe{
#'   \item{Brier score}{the mean of \eqn{(y - p)^2}{(y - p)^2}, from 0 to 1. For many classes that
#'     of \eqn{\sum_k (y_k - p_k)^2}{the sum over classes of (y_k - p_k)^2}, from 0 to 2.}
#'   \item{log loss}{the mean of \eqn{-\log p}{-log p} of the observed outcome, in natural units
#'     (nats).}
#'   \item{AUC}{the area under the ROC curve, the probability that of a success and a failure the
#'     success has the higher prediction, ties counting one half; with the standard error and the
#'     interval of DeLong et al. (1988), cut off at 0 and 1. For many classes that of Hand and Till
#'     (2001), the mean over all pairs of classes (i, j) of \eqn{(A(i|j) + A(j|i)) / 2}{(A(i|j) +
#'     A(j|i)) / 2}, where A(i|j) is the area among the rows of these two by the probability of i;
#'     it has no interval.}
#'   \item{calibration intercept and slope}{(two classes) logistic regressions of the outcome on the
#'     logit of p (Cox 1958). The intercept is that beside the logit as an offset, 0 if as many
#'     successes come as are predicted ("calibration in the large"); the slope is the coefficient
#'     of the logit beside an intercept of its own, below 1 if predictions are too extreme. With
#'     Wald intervals. The intercept of `rms::val.prob()` is another one, that beside the slope.}
#'   \item{accuracy}{the proportion of rows whose outcome is the one that is predicted: of two
#'     classes success where \eqn{p \ge 1/2}{p >= 1/2}, of many the most probable class.}
#'   \item{Tjur's R2}{(two classes; Tjur 2009) the mean of p over successes less that over
#'     failures.}
#'   \item{Nagelkerke's R2}{(Nagelkerke 1991) \eqn{(1 - e^{2 (l_0 - l) / n}) / (1 - e^{2 l_0 /
#'     n})}{(1 - exp(2 (l0 - l) / n)) / (1 - exp(2 l0 / n))} with the log-likelihood l of the
#'     predictions and that of the rows' own proportions, l0. In new rows it may be negative.}
#' }
#' Of matched sets (fits by [fastclogit()]) p is the probability of a row to be a case given how
#' many its set has, and sets that do not vary have no say. The log loss is the mean over sets of
#' minus the conditional log-likelihood. The *concordance* is, of all pairs of a case and another
#' row of its set, the share in which the case has the larger predictor, ties counting one half. The
#' *accuracy* is the share of the cases among the rows of the largest predictors, as many of a set
#' as it has cases (of choices: the share that were predicted). *McFadden's R2* is 1 - l / l0 with
#' the log-likelihood l0 of equal chances within the sets.
#'
#' Of a fit to a survey design the rows have its weights, and there are no intervals.
#'
#' In the rows of the fit all of them are optimistic, and a maximum-likelihood fit has there the
#' calibration intercept 0 and the slope 1.
#'
#' @param fit a fit by [fastlogit()], [fastmultinom()], [fastordinal()] or [fastclogit()].
#' @param newdata a data frame with the predictors and the response, coded as in the fit's data:
#'   a factor may be given as words, whatever its levels, as long as these are among those of the
#'   fit. Where the fit has `weights`, they are evaluated in `newdata`. By default the rows of the
#'   fit; where these are stored they are read once.
#' @param level the confidence level.
#' @param ... nothing: an unknown argument is an error.
#' @return A data frame of class `"metrics"`, one row a measure (eight for two classes, five for
#'   many and for matched sets), with the columns `measure` (words), `estimate`, `std.error`,
#'   `conf.low` and `conf.high`, the last three `NA` where there is no interval. The rows are named
#'   `brier`, `log_loss`, `auc`,
#'   `calibration_intercept`, `calibration_slope`, `accuracy`, `tjur` and `nagelkerke`; of matched
#'   sets `brier`, `log_loss`, `concordance`, `accuracy` and `mcfadden`. `plot()`
#'   draws the ROC curve of two classes. `plot()` and `print()` return their argument invisibly.
#' @section Errors and missing answers:
#' It is an error (of class `"fastlogit_input_error"`) if `newdata` lacks the response, a predictor
#' or the column of weights, if the response has levels that the fit did not see, or if a predicted
#' probability is above 1, as it may be in new rows under the log link. Rows with missing values are
#' left out, and counted below the table. Estimates are `NA` where the rows have none: the AUC
#' without a success or without a failure, the calibration slope where the predictions separate the
#' outcomes (no finite estimate exists).
#' @references
#' Cox, D. R. (1958) Two further applications of a model for binary regression. *Biometrika* **45**,
#' 562-565.
#'
#' DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988) Comparing the areas under two or
#' more correlated receiver operating characteristic curves: a nonparametric approach. *Biometrics*
#' **44**, 837-845.
#'
#' Hand, D. J. and Till, R. J. (2001) A simple generalisation of the area under the ROC curve for
#' multiple class classification problems. *Machine Learning* **45**, 171-186.
#'
#' Nagelkerke, N. J. D. (1991) A note on a general definition of the coefficient of determination.
#' *Biometrika* **78**, 691-692.
#'
#' Tjur, T. (2009) Coefficients of determination in logistic regression models. *The American
#' Statistician* **63**, 366-372.
#' @seealso [gof_test()]
#' @examples
#' fit <- fastlogit(case ~ spontaneous + induced, data = infert, subset = stratum <= 50)
#' metrics(fit)
#' metrics(fit, newdata = subset(infert, stratum > 50))
#' @export
metrics <- function(fit, newdata = NULL, level = 0.95, ...) {
  check_no_unknown()
  check_is_fit(fit)
  check_level(level, "level")
  rows <- rated_rows(fit, newdata)
  found <- measures_of(rows)
  # Rows of a design are not independent, and its weights are no numbers of rows.
  if (rows$survey) found$std.error[] <- NA
  half <- quantile_for(level, Inf) * found$std.error
  bounds <- cbind(found$estimate - half, found$estimate + half)
  areas <- intersect(c("auc", "concordance"), rownames(bounds))
  bounds[areas, ] <- pmin(pmax(bounds[areas, ], 0), 1)
  table <- data.frame(
    measure = names_of_measures[rownames(bounds)], estimate = unname(found$estimate),
    std.error = unname(found$std.error), conf.low = unname(bounds[, 1L]),
    conf.high = unname(bounds[, 2L]), row.names = rownames(bounds)
  )
  out <- as_result_table(
    table, "metrics", title_of_metrics(rows), notes_on_metrics(rows, found, level), axis = NULL
  )
  attr(out, "roc") <- thinned(found$roc)
  out
}

names_of_measures <- c(
  brier = "Brier score", log_loss = "log loss", auc = "AUC",
  calibration_intercept = "calibration intercept", calibration_slope = "calibration slope",
  accuracy = "accuracy", tjur = "Tjur's R2", nagelkerke = "Nagelkerke's R2",
  concordance = "concordance within sets", mcfadden = "McFadden's R2"
)

# By what the rows are of.
measures_known <- function(rows) {
  known <- names(names_of_measures)
  if (!is.null(rows$set)) return(c("brier", "log_loss", "concordance", "accuracy", "mcfadden"))
  not <- c("concordance", "mcfadden")
  if (is.null(rows$family)) not <- c(not, "calibration_intercept", "calibration_slope", "tjur")
  setdiff(known, not)
}

measures_of <- function(rows, ...) {
  if (!is.null(rows$set)) return(measures_of_sets(rows))
  if (is.null(rows$family)) measures_of_classes(rows) else measures_of_two(rows, ...)
}

title_of_metrics <- function(rows) {
  paste0(
    "Measures of prediction in ",
    if (rows$new) "new rows" else "the rows of the fit", ": ",
    counted(length(rows$weights), "row"), " (",
    listed(paste0(rows$outcomes, ": ", format(totals_of(rows), trim = TRUE)), 10L), ")"
  )
}

notes_on_metrics <- function(rows, found, level) {
  known <- is.finite(found$std.error)
  sets <- !is.null(rows$set)
  auc <- if (!sets) found$estimate[["auc"]]
  missing <- names_of_measures[names(found$estimate)[is.na(found$estimate)]]
  c(
    if (any(known)) paste0(
      format(100 * level), " % intervals: ",
      if (sets) "by the sets' spread." else "AUC by DeLong's method, others by Wald's."
    ),
    if (sets) "Log loss: of a set, given its number of cases.",
    if (rows$survey) "Weighted by the survey design: there are no intervals.",
    if (is.null(rows$family) && !sets) "AUC: the mean over pairs of classes (Hand and Till).",
    if (!rows$new) "In the rows of the fit measures are optimistic.",
    if (!sets && auc %in% 0:1) {
      "The predictions separate the outcomes: the AUC's interval has no width."
    },
    if (length(missing)) paste0("Not to be had in these rows: ", enumerated(missing), "."),
    if (rows$omitted > 0L) {
      paste0(counted(rows$omitted, "row"), " left out, as values are missing.")
    }
  )
}

# --- measures -------------------------------------------------------------------------------------

# Those of calibration, which take fits, only where they are among the wanted ones.
measures_of_two <- function(rows, wanted = names(names_of_measures)) {
  success <- rows$weights * rows$observed[, 2L]
  failure <- rows$weights * rows$observed[, 1L]
  of_success <- rows$probability[, 2L]
  curve <- roc_of_two(rows)
  area <- area_under(curve)
  calibration <- if (any(names(not_calibrated) %in% wanted)) {
    calibrate(rows)
  } else {
    list(estimate = not_calibrated, std.error = not_calibrated)
  }
  likely <- log_likelihood_of(rows)
  right <- sum(ifelse(of_success >= 0.5, success, failure))
  estimate <- c(
    brier = brier_score(rows) / 2, log_loss = -likely / sum(rows$weights), auc = area$estimate,
    calibration$estimate, accuracy = right / sum(rows$weights),
    tjur = sum(success * of_success) / sum(success) - sum(failure * of_success) / sum(failure),
    nagelkerke = nagelkerke(rows, likely)
  )
  std.error <- replace(estimate, TRUE, NA)
  std.error["auc"] <- area$std.error
  std.error[names(calibration$std.error)] <- calibration$std.error
  list(estimate = without_nan(estimate), std.error = without_nan(std.error), roc = curve)
}

# Linear predictors have the digits of probabilities near 1; but a link of the user's may fall.
roc_of_two <- function(rows) {
  by_link <- core_link(rows$family) != user_link
  score <- if (by_link) rows$eta[, 1L] else rows$probability[, 2L]
  roc_curve(score, rows$weights * rows$observed[, 2L], rows$weights * rows$observed[, 1L])
}

measures_of_classes <- function(rows) {
  predicted <- as.integer(most_probable(rows$probability, rows$outcomes))
  likely <- log_likelihood_of(rows)
  right <- rows$observed[cbind(seq_along(predicted), predicted)]
  estimate <- c(
    brier = brier_score(rows), log_loss = -likely / sum(rows$weights), auc = area_of_pairs(rows),
    accuracy = sum(rows$weights * right) / sum(rows$weights), nagelkerke = nagelkerke(rows, likely)
  )
  list(estimate = without_nan(estimate), std.error = replace(estimate, TRUE, NA))
}

without_nan <- function(values) replace(values, is.nan(values), NA)

# Over all classes; of two that is twice the score of success. A row of proportions is one for each
# class, of their weights.
brier_score <- function(rows) {
  y <- rows$observed
  p <- rows$probability
  sum(rows$weights * (y * (1 - p)^2 + (1 - y) * p^2)) / sum(rows$weights)
}

# Without the multinomial coefficients, as all trials are rows of their own. By the core, which
# knows log p where p has rounded to 0.
log_likelihood_of <- function(rows) {
  if (!is.null(rows$ordered)) {
    class <- max.col(rows$observed, "first")
    log <- ordered_log_probability(rows$eta, class, rows$ordered[["steps"]], rows$ordered[["link"]])
    return(sum(rows$weights * log))
  }
  y <- if (is.null(rows$family)) rows$observed else rows$observed[, 2L]
  link <- if (is.null(rows$family)) "multinomial" else core_link(rows$family)
  if (link == user_link) {
    seen <- rows$observed > 0
    return(sum((rows$weights * rows$observed)[seen] * log(rows$probability[seen])))
  }
  relative <- evaluate_family_impl(link, rows$eta, y, NULL, rows$weights, "expected")$loglik
  relative + sum(rows$weights * x_log_x(rows$observed))
}

x_log_x <- function(x) x * log(ifelse(x > 0, x, 1))

# likely: the log-likelihood of the predictions.
nagelkerke <- function(rows, likely) {
  trials <- sum(rows$weights)
  null <- trials * sum(x_log_x(totals_of(rows) / trials))
  if (null == 0) return(NaN)  # nothing is left to explain
  expm1(2 * (null - likely) / trials) / expm1(2 * null / trials)
}

# Logistic regressions of the outcomes on the logit of their probability: the intercept beside it as
# an offset, and its slope. NA where there is no finite estimate.
calibrate <- function(rows) {
  logit <- if (is_canonical(rows$family)) rows$eta[, 1L] else stats::qlogis(rows$probability[, 2L])
  out <- list(estimate = not_calibrated, std.error = not_calibrated)
  if (any(totals_of(rows) == 0) || any(is.infinite(logit))) return(out)
  success <- range(logit[rows$observed[, 2L] > 0])
  failure <- range(logit[rows$observed[, 1L] > 0])
  overlap <- success[1L] < failure[2L] && failure[1L] < success[2L]
  one <- rep.int(1, length(logit))
  share <- totals_of(rows)[2L] / sum(rows$weights)
  centre <- stats::qlogis(share) - sum(rows$weights * logit) / sum(rows$weights)
  fits <- list(refit(cbind(one, deparse.level = 0L), rows, logit, centre))
  if (overlap) {
    both <- cbind(one, logit, deparse.level = 0L)
    fits[[2L]] <- refit(both, rows, NULL, c(stats::qlogis(share), 0))
  }
  for (i in seq_along(fits)) {
    if (fits[[i]]$status != "converged" || any(fits[[i]]$aliased)) next
    out$estimate[i] <- fits[[i]]$coefficients[i]
    out$std.error[i] <- sqrt(chol2inv(fits[[i]]$expected)[i, i])
  }
  out
}

not_calibrated <- c(calibration_intercept = NA_real_, calibration_slope = NA_real_)

refit <- function(x, rows, offset, start) {
  response <- list(y = rows$observed[, 2L], weights = rows$weights)
  control <- quietly(complete_control(list(), "newton"))
  problem <- plain_problem(
    as_design(x), response, offset, list(family = "logit", predictors = 1L), control$threads
  )
  solve_problem(problem, list(list(coefficients = start)), control, "newton")
}
