# Average effects and average predictions: what is compared with what.

#' Average effects of variables on probabilities
#'
#' How much the mean probability changes with a variable, the others being as they are in the
#' data: average marginal effects, risk differences, risk ratios and odds ratios by standardisation,
#' with standard errors by the delta method.
#'
#' Each row's probability is computed with the variable changed, and the average over the rows is
#' taken: of a factor, a character or a logical variable at each level and at the first one (the
#' reference); of a number as `comparison` says. Whatever the formula makes of the variable follows:
#' interactions, splines, polynomials, offsets. A number that enters the model only by the levels of
#' a factor, as `factor(x)`, is compared by these levels.
#'
#' @param fit a fit by [fastlogit()], [fastmultinom()] or [fastordinal()].
#' @param variables which variables of the data: names, or values to compare by, as in
#'   `list(age = c(40, 60), sex = c("m", "f"))`, each with the first of them. By default all
#'   predictors; those that enter by an offset alone have to be named.
#' @param comparison `"difference"`: of probabilities. Of a number it is the average derivative, in
#'   units of probability per unit of the number (the average marginal effect), unless values are
#'   given. `"ratio"`: of the average probabilities (the adjusted risk ratio); `"odds ratio"`: of
#'   their odds (the marginal odds ratio, which unlike the coefficients' does not depend on what
#'   else is in the model). Of a number both compare the rows as they are with the number raised by
#'   one; of one that is 0 or 1 in all rows, 1 with 0.
#' @param by names of predictors: averages within each group of rows that have the same values.
#' @param newdata a data frame whose rows, each counted once, are averaged over instead of those of
#'   the fit, which count by their weights (times their numbers of trials). Rows with missing values
#'   are left out.
#' @param vcov which covariance matrix of the coefficients: see [covariances].
#' @param level the confidence level.
#' @order 1
#' @return A data frame of class `average_effects` with a row for each comparison (of many classes,
#'   for each comparison and class), on the scale of probabilities, or of their ratios:
#'   \item{term, contrast}{the variable, and what is compared: `dY/dX` is the derivative}
#'   \item{class}{of many classes, whose probability it is}
#'   \item{...}{the variables of `by`}
#'   \item{estimate, std.error}{the average effect and its standard error by the delta method}
#'   \item{statistic, p.value}{of the test of no effect, a difference of 0 or a ratio of 1}
#'   \item{conf.low, conf.high}{the interval: symmetric, of ratios on the scale of the logarithm}
#'
#'   It prints with what it is an average over, and `plot()` draws points and intervals and returns
#'   its argument invisibly.
#'
#' @details
#' The derivatives of a polynomial, a spline or another function of a number are found by finite
#' differences of the function, to about ten digits; those of the number itself and of its products
#' are exact. Aliased coefficients count as zero, with a warning.
#'
#' After a bias correction (see [fixed_effects]) the averages are corrected, too:
#' differences, over the rows of the fit, of variables that enter as they are.
#'
#' `margins, dydx()` of Stata, and `avg_slopes()`, `avg_comparisons()` and `avg_predictions()` of
#' package marginaleffects, give the same numbers; the latter do not weight rows unless they are
#' asked to (`wts`), compare 1 with 0 where a number has no other values, and have symmetric
#' intervals of ratios. The derivatives are those of Greene (2018), the standardised risks those of
#' Muller and MacLehose (2014).
#'
#' @section Errors:
#' Of a fit with infinite estimates, see [separation()], averages have no standard errors, and
#' those of rows that no data determine are undefined: it is an error that asks for a penalised
#' fit. Where a changed row has a probability above 1, as it may with the log link, the average is
#' `NA`, with a warning.
#'
#' @references
#' Greene, W. H. (2018) *Econometric Analysis*, 8th edition, section 17.3.2. Pearson.
#'
#' Muller, C. J. and MacLehose, R. F. (2014) Estimating predicted probabilities from logistic
#' regression: different methods correspond to different target populations. *International Journal
#' of Epidemiology* **43**, 962-970.
#'
#' @seealso [average_predictions()], [predict.fastlogit()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' average_effects(fit)
#'
#' cars <- fastlogit(am ~ hp + factor(cyl), data = mtcars, penalty = "firth")
#' average_effects(cars)
#' average_effects(cars, "cyl", comparison = "ratio")
#' average_effects(cars, list(hp = c(100, 150)))
#' plot(average_effects(cars))
#' @export
average_effects <- function(fit, variables = NULL,
                            comparison = c("difference", "ratio", "odds ratio"), by = NULL,
                            newdata = NULL, vcov = NULL, level = 0.95) {
  if (inherits(fit, "fastclogit")) {
    comparison <- if (missing(comparison)) "slope" else comparison
    return(choice_effects(fit, variables, comparison, by, newdata, vcov, level))
  }
  comparison <- check_choice(comparison, c("difference", "ratio", "odds ratio"), "comparison")
  if (is_corrected(fit)) {
    given <- list(by = by, newdata = newdata, vcov = vcov)
    return(corrected_effects(fit, variables, comparison, given, level))
  }
  check_averages(fit, by, newdata, level)
  facts <- formula_facts(fit, newdata)
  check_predictors(facts, by, "by")
  check_has_columns(facts, newdata)
  if (length(predictor_names(facts)) == 0L) {
    input_error("the model has no predictors, and so no effects.")
  }
  asked <- variables_asked(facts, variables)
  contrasts <- unlist(
    lapply(asked, contrasts_of_variable, facts, fit, newdata, comparison), recursive = FALSE
  )
  found <- averages(fit, facts, changes_of(contrasts), list(newdata = newdata, by = by), vcov)
  rows <- lapply(contrasts, estimate_contrast, found, comparison)
  effects_table(fit, contrasts, rows, found, comparison, level)
}

#' Average predicted probabilities: adjusted risks
#'
#' Mean probabilities over the rows: as they are, or with variables set to values in all of them
#' (standardised, or adjusted, risks), with standard errors by the delta method.
#'
#' @inheritParams average_effects
#' @param variables which variables are set, in all combinations of their values: names, of factors
#'   (all levels), characters and logicals, and of numbers (the five numbers of [stats::fivenum()],
#'   or 0 and 1 where there are no others); or values, as in `list(age = c(40, 60))`. By default
#'   none: the rows as they are.
#' @order 1
#' @return A data frame of class `average_predictions` with a row for each combination of values (of
#'   many classes, for each combination and class), on the scale of probabilities:
#'   the variables, those of `by`, `class` (of many classes), and `estimate`, `std.error`,
#'   `statistic`, `p.value`, `conf.low` and `conf.high` as of [average_effects()]; the interval is
#'   symmetric, and the test is of a probability of zero. `plot()` returns its argument invisibly.
#' @inheritSection average_effects Errors
#' @inherit average_effects references
#' @seealso [average_effects()] for their differences and ratios.
#' @examples
#' fit <- fastlogit(am ~ hp + factor(cyl), data = mtcars, penalty = "firth")
#' average_predictions(fit)
#' average_predictions(fit, "cyl")
#' average_predictions(fit, list(hp = c(100, 150, 200)))
#' average_predictions(fit, by = "cyl")
#' @export
average_predictions <- function(fit, variables = NULL, by = NULL, newdata = NULL, vcov = NULL,
                                level = 0.95) {
  if (inherits(fit, "fastclogit")) return(choice_shares(fit, by, newdata, vcov, level))
  if (is_corrected(fit)) {
    input_error("average predictions have no bias correction: see average_effects().")
  }
  check_averages(fit, by, newdata, level)
  facts <- formula_facts(fit, newdata)
  check_predictors(facts, by, "by")
  check_has_columns(facts, newdata)
  asked <- if (!is.null(variables)) variables_asked(facts, variables)
  twice <- intersect(by, vapply(asked, function(of) of$predictor$name, ""))
  if (length(twice)) {
    input_error(
      quoted(twice), " cannot be in `by` as well as in `variables`, which set it to values."
    )
  }
  values <- lapply(asked, values_of_variable, fit, newdata)
  settings <- all_settings(asked, values)
  changes <- lapply(settings$each, function(each) if (length(each)) value_change(facts, each))
  found <- averages(fit, facts, changes, list(newdata = newdata, by = by), vcov)
  rows <- lapply(seq_along(changes), function(k) found$mean(changes[[k]]))
  predictions_table(fit, settings$shown, rows, found, level)
}

check_averages <- function(fit, by, newdata, level) {
  check_is_fit(fit)
  check_level(level, "level")
  if (!is.null(by) && (!is.character(by) || anyNA(by) || length(by) == 0L)) {
    input_error("`by` must be names of predictors: found ", described(by), ".")
  }
  if (!is.null(newdata) && !is.data.frame(newdata)) {
    input_error("`newdata` must be a data frame: found ", described(newdata), ".")
  }
  if (is_separated(fit)) {
    input_error(
      "the fit has infinite estimates (", fit$separation_details$kind, " separation), and ",
      "averages of it have no standard errors: refit with `penalty = \"firth\"`. See ?separation.",
      class = "fastlogit_separation"
    )
  }
  if (anyNA(coefficient_table(fit))) {
    fit_warning(
      "fastlogit_rank_deficient",
      "averages from a rank-deficient fit may be misleading: aliased coefficients count as zero."
    )
  }
}

# What is found elsewhere has the rows of the fit.
check_has_columns <- function(facts, newdata) {
  missing <- if (!is.null(newdata)) setdiff(predictor_names(facts, TRUE), names(newdata))
  if (length(missing)) input_error("`newdata` lacks ", quoted(missing), ", of the model's formula.")
}
