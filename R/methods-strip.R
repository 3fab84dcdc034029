# Fits without their rows: what strip() keeps, and what it asks of the rows before.

#' A fit without its rows
#'
#' All that a fit has for each of its rows is taken out: it becomes a few kilobytes, whatever the
#' number of rows, and still predicts. For fits that are kept, sent or deployed.
#'
#' What goes is the model frame, the data, the response, the weights, linear predictors, fitted
#' values, residuals and the decomposition; and of the environments of the formula and of the link
#' all that the formula does not refer to, so that data in a function's environment do not come
#' along. What the rows alone could tell, and that is asked of a fit without them, is found out
#' before: their number, the dispersion, the range of the fitted means, which Wald tests mislead
#' (see [summary.fastlogit()]).
#'
#' These work as before: `print()`, [coef()], [vcov()] (of type `"expected"` and `"observed"`, and
#' that of a survey design), [summary()], [confint()] with `method = "wald"`, [predict()] and
#' [classify()] of `newdata` (also with standard errors and intervals), [odds_ratios()],
#' [wald_test()], [average_effects()] and [average_predictions()] of `newdata`, [metrics()] of
#' `newdata`, [logLik()], [AIC()], [nobs()], [separation()] (of fits without a penalty), and broom's
#' `tidy()` and `glance()`.
#' [update()] fits again, to the data that the call names. What needs the rows of the fit
#' (`residuals()`, `fitted()`, `predict()` without `newdata`, robust covariance matrices, profiles,
#' tests of terms, plots) is an error of class `fastlogit_stripped`.
#'
#' The size does not depend on the number of rows, but on that of the coefficients, of which there
#' is the square (for the expected and the observed information), and on the levels of factors. A
#' formula that looks up names by itself (`get()`, `eval()`) keeps its environment.
#'
#' With package butcher its `butcher()`, and its axes, do the same.
#'
#' @param fit a fit by [fastlogit()], [fastmultinom()], [fastordinal()] or [fastclogit()], to rows
#'   in memory or to a source.
#' @return The fit, of the same class (a fit to a source becomes one like others), with a component
#'   `stripped`: a list of what the rows had to tell (counts of rows, a range of two
#'   probabilities), among which `components`, the names of what was taken out. Coefficients stay
#'   log odds (under the logit link), in the same order.
#' @seealso [predict.fastlogit()]; [fastlogit()], whose fits to many rows make what there is for
#'   each row on demand
#' @examples
#' fit <- strip(fastlogit(fail ~ temp, data = oring))
#' predict(fit, data.frame(temp = 31), interval = "confidence")
#' try(residuals(fit))
#' @export
strip <- function(fit) {
  check_is_fit(fit)
  if (is_stripped(fit)) return(fit)
  facts <- formula_facts(fit)
  code <- c(facts$replays, facts$offsets, fit$call$weights)
  of_rows <- union(facts$by_row, Filter(
    function(name) !is.null(facts$example(name)), unique(unlist(lapply(code, all.vars)))
  ))
  walk <- walk_references(c(
    items_of(code, facts$env, of_rows), lapply(link_functions_of(fit), item_of, globalenv())
  ))
  homes <- homes_of(walk)
  fit_without_rows(fit, told_by_rows(fit, facts, homes), homes)
}

link_functions_of <- function(fit) {
  if (is.null(fit$family) || core_link(fit$family) != user_link) return(list())
  link_object(fit$family)[link_functions]
}

told_by_rows <- function(fit, facts, homes) {
  known <- list(
    components = removable(fit), rows = number_of_rows(fit),
    prototype = frame_prototype(fit)[0L, , drop = FALSE],
    example = Filter(Negate(is.null), lapply(stats::setNames(nm = facts$by_row), function(name) {
      rows_at(facts$example(name), 0L)
    })),
    survey = if (is_surveyed(fit)) title_of_survey(fit)
  )
  if (is_of_sets(fit)) {
    limit <- if (is_separated(fit)) errors_in_limit(fit)
    return(c(known, list(concordance = concordance_of(fit), limit = limit)))
  }
  known$used <- used_rows(fit)
  if (!is_ordered_fit(fit)) known$range_of_means <- range(fitted_means(fit))
  if (is.null(fit$family)) return(c(known, list(total = cases_of(fit))))
  link <- link_object(fit$family)
  if (!is.character(link)) link[] <- lapply(link, rehomed, homes)
  c(known, list(
    dispersion = dispersion_of(fit), family = list(name = fit$family$family, link = link),
    hauck.donner = summary(fit)$hauck.donner %||% character(),
    limit = if (is_separated(fit)) errors_in_limit(fit)
  ))
}

# What the fit answers for its rows.
removable <- function(fit) {
  own <- c("x", "data", "offset")
  own <- own[!vapply(own, function(name) is.null(fit[[name]]), NA)]
  if (is_of_sets(fit)) return(c(set_row_components, "model", own))
  if (is_ordered_fit(fit)) return(c(ordered_row_components, "model", own))
  c(deferred_rows(list(family = fit$family)), "model", own, if (!is.null(fit$family)) on_demand)
}

# --- butcher -------------------------------------------------------------------------------------

# Its axes take out one part each, of objects whose parts do not tell of each other.
axe_any <- function(x, ...) strip(x)

# nolint start: object_name_linter. The generics are butcher's.
#' @exportS3Method butcher::axe_call
axe_call.fastlogit <- axe_any

#' @exportS3Method butcher::axe_ctrl
axe_ctrl.fastlogit <- axe_any

#' @exportS3Method butcher::axe_data
axe_data.fastlogit <- axe_any

#' @exportS3Method butcher::axe_env
axe_env.fastlogit <- axe_any

#' @exportS3Method butcher::axe_fitted
axe_fitted.fastlogit <- axe_any

#' @exportS3Method butcher::axe_call
axe_call.fastclogit <- axe_any

#' @exportS3Method butcher::axe_ctrl
axe_ctrl.fastclogit <- axe_any

#' @exportS3Method butcher::axe_data
axe_data.fastclogit <- axe_any

#' @exportS3Method butcher::axe_env
axe_env.fastclogit <- axe_any

#' @exportS3Method butcher::axe_fitted
axe_fitted.fastclogit <- axe_any

#' @exportS3Method butcher::axe_call
axe_call.fastmultinom <- axe_any

#' @exportS3Method butcher::axe_ctrl
axe_ctrl.fastmultinom <- axe_any

#' @exportS3Method butcher::axe_data
axe_data.fastmultinom <- axe_any

#' @exportS3Method butcher::axe_env
axe_env.fastmultinom <- axe_any

#' @exportS3Method butcher::axe_fitted
axe_fitted.fastmultinom <- axe_any

#' @exportS3Method butcher::axe_call
axe_call.fastordinal <- axe_any

#' @exportS3Method butcher::axe_ctrl
axe_ctrl.fastordinal <- axe_any

#' @exportS3Method butcher::axe_data
axe_data.fastordinal <- axe_any

#' @exportS3Method butcher::axe_env
axe_env.fastordinal <- axe_any

#' @exportS3Method butcher::axe_fitted
axe_fitted.fastordinal <- axe_any
# nolint end
