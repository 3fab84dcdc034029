# Tests of single coefficients, and where Wald's misleads.

#' Likelihood-ratio tests of the coefficients
#'
#' For each coefficient the test that it is zero, from the fit of all others. Unlike
#' [stats::drop1()], which drops terms, it takes the coefficients of a factor one by one, and forms
#' no model matrix.
#'
#' @param object a fit by [fastlogit()].
#' @param parm the coefficients, by number or name; by default all.
#' @param threads the number of threads; see [fastlogit_control()].
#' @return A data frame of class `"anova"`, one row a coefficient, with the columns that
#'   `drop1(test = "LRT")` has, for `quasibinomial()` `drop1(test = "F")`: `Df`, `Deviance` (of the
#'   fit without it), and `LRT` and `Pr(>Chi)`, or `F value` and `Pr(>F)`. `NA` for aliased
#'   coefficients.
#' @references
#' Hauck, W. W. and Donner, A. (1977) Wald's test as applied to hypotheses in logit analysis.
#' *Journal of the American Statistical Association* **72**, 851-853.
#' @seealso [hauck_donner()], [confint.fastlogit()], [summary.fastlogit()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' lr_test(fit)
#' @export
lr_test <- function(object, parm, threads = NULL) {
  check_fit(object, "object")
  coefficients <- stats::coef(object)
  names <- names(coefficients)
  parm <- if (missing(parm)) seq_along(names) else match_terms(parm, names)
  known <- !is.na(coefficients[parm])
  rise <- rep(NA_real_, length(parm))
  if (any(known)) {
    rise[known] <- profile_zero_impl(binary_rows(object, threads), coefficients, parm[known])
  }
  table <- data.frame(Df = ifelse(known, 1, NA), Deviance = object$deviance + rise)
  if (has_known_dispersion(object$family)) {
    table[["LRT"]] <- rise
    table[["Pr(>Chi)"]] <- stats::pchisq(rise, 1, lower.tail = FALSE)
  } else {
    ratio <- rise / dispersion_of(object)
    table[["F value"]] <- ratio
    table[["Pr(>F)"]] <- stats::pf(ratio, 1, object$df.residual, lower.tail = FALSE)
  }
  rownames(table) <- names[parm]
  structure(
    table,
    heading = c("Likelihood-ratio tests of single coefficients\n"), class = c("anova", "data.frame")
  )
}

#' The Hauck-Donner effect
#'
#' As an effect grows, its Wald statistic (estimate over standard error) first grows and then falls
#' back towards zero, since the standard error grows faster than the estimate: a large effect passes
#' for none. Where the statistic's derivative in the coefficient is negative, that has begun, and
#' the likelihood-ratio test, which never does so, is to be preferred.
#'
#' The derivative is that of Yee (2022): of the Wald statistic by the expected information at the
#' estimates, in one coefficient, the others kept.
#'
#' @param object a fit by [fastlogit()].
#' @param parm the coefficients, by number or name; by default all.
#' @param threads the number of threads; see [fastlogit_control()].
#' @return A vector of the derivatives, named as the coefficients: negative where the effect is
#'   present. `NA` for aliased coefficients, and where there is no covariance matrix.
#' @references
#' Hauck, W. W. and Donner, A. (1977) Wald's test as applied to hypotheses in logit analysis.
#' *Journal of the American Statistical Association* **72**, 851-853.
#'
#' Yee, T. W. (2022) On the Hauck-Donner effect in Wald tests: Detection, tipping points, and
#' parameter space characterization. *Journal of the American Statistical Association* **117**,
#' 1763-1774.
#' @seealso [lr_test()], [summary.fastlogit()], which flags coefficients
#' @examples
#' # All of 20 against 12 of 20: the larger effect has the smaller Wald statistic
#' trials <- data.frame(group = c("a", "b"), s = c(12, 19), f = c(8, 1))
#' fit <- fastlogit(cbind(s, f) ~ group, data = trials)
#' hauck_donner(fit)
#' @export
hauck_donner <- function(object, parm, threads = NULL) {
  check_fit(object, "object")
  names <- names(stats::coef(object))
  parm <- if (missing(parm)) seq_along(names) else match_terms(parm, names)
  wald_slopes(object, parm, 0, threads)
}

# least: coefficients below it, times the largest entry of their column, are not looked at.
wald_slopes <- function(fit, parm, least, threads = NULL) {
  coefficients <- stats::coef(fit)
  slopes <- stats::setNames(rep(NA_real_, length(parm)), names(coefficients)[parm])
  known <- !is.na(coefficients[parm])
  if (!any(known)) return(slopes)
  found <- wald_slopes_impl(binary_rows(fit, threads), coefficients, parm[known], least)
  slopes[known] <- ifelse(is.nan(found), NA, found) / sqrt(dispersion_of(fit))
  slopes
}

# The coefficients whose Wald tests mislead, by name. Where the p-value is below 0.001 the statistic
# falls, too, but misleads nobody (the intercept of a rare outcome is always of that kind). Only
# looked for where the rows are at hand.
misleading_tests <- function(fit, coefficients) {
  if (is.null(fit$model) || !fit$converged) return(character())
  p_value <- coefficients[, 4L]
  doubtful <- rownames(coefficients)[!is.na(p_value) & p_value > 0.001]
  if (!length(doubtful)) return(character())
  # A weight of the logit link changes by less than itself as the linear predictor grows by one, so
  # that the statistic rises up to there.
  least <- if (is_canonical(fit$family)) 2 else 0
  parm <- match(doubtful, names(fit$coefficients))
  slopes <- wald_slopes(fit, parm, least, fit$threads)
  names(slopes)[!is.na(slopes) & slopes < 0]
}
