# Coefficients as ratios.

#' Odds ratios, risk ratios and relative-risk ratios
#'
#' The coefficients' exponentials, with intervals and p-values. Of the logit link they are
#' odds ratios; of the log link risk ratios (ratios of probabilities); of the cloglog link ratios of
#' hazards; of many classes relative-risk ratios, the ratios by which the odds of a class against
#' the baseline grow. Each is for one unit more of the predictor, or for a level against the
#' baseline of its factor, all else equal. The row of the intercept holds the odds (the probability,
#' the hazard) where all predictors are zero.
#'
#' @param fit a fit by [fastlogit()], [fastmultinom()] or [fastordinal()].
#' @param level the confidence level.
#' @param method `"profile"`: the values that a likelihood-ratio test does not reject, with the
#'   p-values of likelihood-ratio tests; `"wald"`: the exponentials of Wald intervals. That is the
#'   default where there is no likelihood, see [drop1.fastlogit()], and with `vcov`.
#' @param vcov which covariance matrix Wald intervals and tests come from, see [covariances].
#' @param x what `odds_ratios()` returns.
#' @param digits the number of significant digits.
#' @param main a title of the plot.
#' @param ... nothing: an unknown argument is an error. For `print()` as for [print.data.frame()].
#' @return A data frame of class `"odds_ratios"`, one row a coefficient: p rows (for many classes (K
#'   - 1) p, `class` by `class`) on the scale of ratios, not of their logarithms: `term`,
#'   `estimate`, `conf.low`, `conf.high` and `p.value`, named by the coefficients. Under separation
#'   ratios are 0 or `Inf`, and intervals go up to there; `NA` for aliased coefficients, and where
#'   the data leave an estimate open. `plot()` draws a forest plot, without the intercept, on a
#'   logarithmic axis; ends beyond it are arrows. `plot()` and `print()` return their argument
#'   invisibly.
#' @seealso [confint.fastlogit()] for the log odds ratios; [average_effects()] for differences and
#'   ratios of probabilities, whatever the link
#' @examples
#' fit <- fastlogit(case ~ spontaneous + induced, data = infert)
#' odds_ratios(fit)
#' odds_ratios(fit, vcov = ~ stratum)
#' plot(odds_ratios(fit))
#' @export
odds_ratios <- function(fit, level = 0.95, method = c("profile", "wald"), vcov = NULL, ...) {
  check_no_unknown()
  check_is_fit(fit)
  check_level(level, "level")
  if (missing(method) && by_wald(fit, vcov)) method <- "wald"
  method <- check_choice(method, c("profile", "wald"), "method")
  if (method == "profile") {
    check_no_profile_by(vcov)
    check_has_likelihood(fit)
  }
  ratio <- kind_of_ratio(fit)
  found <- if (method == "wald") variances_of(fit, vcov)
  as_result_table(
    ratio_table(fit, level, vcov, found), "odds_ratios",
    paste0(capitalised(ratio), "s", against_baseline(fit)),
    c(interval_line(level, method), if (!is.null(found)) covariance_line(found)),
    axis = ratio
  )
}

# What exp(beta) is.
kind_of_ratio <- function(fit) {
  if (is_of_classes(fit)) return("relative-risk ratio")
  if (inherits(fit, "fastclogit")) return("odds ratio")
  if (is_ordered_fit(fit)) return(kind_of_ordered_ratio(fit))
  link <- core_link(fit$family)
  ratios <- c(logit = "odds ratio", log = "risk ratio", cloglog = "hazard ratio")
  if (link %in% names(ratios)) return(ratios[[link]])
  input_error(
    "the exponential of a coefficient under the ", link_title(fit), " is no ratio of odds or ",
    "risks: use average_effects(fit, comparison = \"ratio\") or \"odds ratio\"."
  )
}

# Of higher classes against lower ones.
kind_of_ordered_ratio <- function(fit) {
  if (fit$link == "logit") return(paste(fit$steps, "odds ratio"))
  input_error(
    "the exponential of a slope under ", link_title(fit), " is no ratio of odds: use the logit ",
    "link."
  )
}

against_baseline <- function(fit) {
  if (is_of_classes(fit)) paste0(" against \"", fit$lab[1L], "\"")
}

# found: see covariance_of(); NULL for the profile.
ratio_table <- function(fit, level, vcov, found) {
  shown <- if (is_ordered_fit(fit)) seq_along(fit$coefficients) else TRUE  # no cut-points
  estimates <- shown_by_class(fit)[shown]
  names <- names(covariance_names(fit))[shown]
  classes <- if (is_of_classes(fit)) rownames(coefficient_matrix(fit))
  terms <- if (is_of_classes(fit)) colnames(coefficient_matrix(fit)) else names
  of_intervals <- if (!is.null(found)) covariance_of_intervals(fit, vcov, found)
  bounds <- exp(interval_ends(fit, seq_along(names), level, of_intervals))
  p_value <- if (is.null(found)) {
    ratio_tests(fit)
  } else {
    two_sided(estimates / errors_by(found)[shown], found$df)
  }
  out <- data.frame(
    term = rep(terms, max(1L, length(classes))), estimate = exp(unname(estimates)),
    conf.low = bounds[, 1L], conf.high = bounds[, 2L], p.value = unname(p_value), row.names = names
  )
  if (is.null(classes)) out else cbind(class = rep(classes, each = length(terms)), out)
}

# p-values of likelihood-ratio tests, in the order of the covariance matrix.
ratio_tests <- function(fit) {
  if (!is_of_classes(fit)) {
    return(lr_test(fit)[[if (is.finite(own_df(fit))) "Pr(>F)" else "Pr(>Chi)"]])
  }
  estimated <- covariance_names(fit)
  rise <- rep(NA_real_, length(estimated))
  rise[estimated] <- profile_zero(as_profiled(fit), which(unname(estimated)))$rise
  chi_squared_tail(rise, ifelse(estimated, 1, NA))
}

interval_line <- function(level, method) {
  paste0(
    format(100 * level), " % intervals by ",
    if (method == "profile") "the profile likelihood, p-values by likelihood ratios." else
      "Wald's method."
  )
}

#' @rdname odds_ratios
#' @name print.odds_ratios
#' @method print odds_ratios
#' @export
print.odds_ratios <- function(x, digits = max(3L, getOption("digits") - 3L), ...) NextMethod()
