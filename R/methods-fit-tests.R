# Tests of goodness of fit.

#' Tests of goodness of fit
#'
#' Do the fitted probabilities agree with the observed outcomes? Answers for a
#' maximum-likelihood fit: by Hosmer and Lemeshow (1980), le Cessie and van Houwelingen (1991) and
#' Stukel (1988), and for ordered classes by Lipsitz et al. (1996). A row of weight w counts as w
#' rows, and of counts each trial is a row.
#'
#' With y the outcome (1 for success, 0 for failure), p its fitted probability, V = p(1 - p), D the
#' derivative of p in the linear predictor \eqn{\eta}{eta} and W = D^2 / V (for the logit link D and
#' W are V):
#' \describe{
#'   \item{`"hosmer-lemeshow"`}{rows are grouped by the quantiles of p (of many classes of 1 less
#'     the probability of the baseline), and \eqn{\sum (O - E)^2 / E}{the sum of (O - E)^2 / E} over
#'     groups and outcomes, O observed and E expected numbers, is referred to the chi-squared
#'     distribution with g - 2 degrees of freedom, of K classes (g - 2)(K - 1), g the number of
#'     groups. Rows with the same p are in the same group: if that leaves fewer groups than were
#'     asked for, the degrees of freedom follow, and a line below the table says so. As
#'     `ResourceSelection::hoslem.test()`, and for many classes (Fagerland, Hosmer and Bofin 2008)
#'     `generalhoslem::logitgof()`. Ordered classes are grouped by their mean number, and have
#'     K - 2 degrees of freedom more (Fagerland and Hosmer 2013).}
#'   \item{`"le-cessie"`}{the unweighted sum of squares of le Cessie and van Houwelingen (1991),
#'     also called Copas's, in the normal approximation of Hosmer et al. (1997): the sum over rows
#'     \eqn{\sum (y - p)^2 - p (1 - p) = \sum (1 - 2p)(y - p)}{of (y - p)^2 - p(1 - p), which is
#'     (1 - 2p)(y - p)}, over its standard deviation given the estimated coefficients. A z statistic
#'     with a two-sided p-value, for the logit link that of `residuals(type = "gof")` of package
#'     rms.}
#'   \item{`"stukel"`}{(logit link) the score test of two covariates added to the model
#'     (Stukel 1988), \eqn{z_a = \eta^2/2}{za = eta^2 / 2} where \eqn{\eta \ge 0}{eta >= 0} and
#'     \eqn{z_b = -\eta^2/2}{zb = -eta^2 / 2} where \eqn{\eta < 0}{eta < 0}, each zero elsewhere:
#'     are the tails of the link longer or shorter than the logit's? As `anova(test = "Rao")` of the
#'     fit and the one with both. Chi-squared with 2 degrees of freedom, or fewer where a covariate
#'     is zero or depends on the model's own.}
#'   \item{`"lipsitz"`}{(ordered classes) the likelihood-ratio test of indicators of the groups of
#'     the Hosmer-Lemeshow test, added to the model: chi-squared with g - 1 degrees of freedom.}
#' }
#' The second and the third are linear in the residuals, \eqn{\sum a (y - p)}{the sum of a (y - p)},
#' with the
#' covariance \eqn{A'VA - A'DX (X'WX)^{-1} X'DA}{A'VA - A'DX (X'WX)^-1 X'DA} that such sums have
#' once the coefficients are estimated: no model is fitted anew, and the design is read twice.
#'
#' @param fit a fit by [fastlogit()], by [fastmultinom()] (the Hosmer-Lemeshow test) or by
#'   [fastordinal()] (that and Lipsitz's), without a penalty, whose estimates are finite.
#' @param test one or several of the tests; by default all that there are for the fit.
#' @param groups how many groups the Hosmer-Lemeshow test makes: a whole number of at least 3. For
#'   `print()` logical: the table of groups as well?
#' @param ... nothing: an unknown argument is an error. For `print()` as for [print.data.frame()].
#' @return A data frame of class `"gof_test"`, one row for each test in `test`, named as in `test`,
#'   with the columns `test` (words), `statistic`, `df` (`NA` of a z statistic) and `p.value`. Its
#'   attribute `groups` is a data frame of the Hosmer-Lemeshow groups: `lowest` and `highest` fitted
#'   probability, `n` (the sum of weights), and for each outcome `observed.` and `expected.`
#'   numbers; its attribute `sum_of_squares` the observed and expected sum of squares and the
#'   standard deviation of their difference. `plot()` draws observed against expected proportions,
#'   group by group. `plot()` and `print()` return their argument invisibly.
#' @section Errors and missing answers:
#' It is an error (of class `"fastlogit_input_error"`) if the fit has a penalty, infinite estimates
#' (see [separation()]), a survey design or an estimate at the edge of what the link allows, as the
#' distributions are those of maximum-likelihood estimates from independent rows; if it is of family
#' `quasibinomial()`, whose variance is not that of single outcomes; and if a test that is named is
#' not for the fit's link or number of classes. A test is `NA`, with a line below the table, where
#' the rows leave nothing to test: fewer than three groups, or a model that fits any curve in the
#' linear predictor.
#' @references
#' Fagerland, M. W., Hosmer, D. W. and Bofin, A. M. (2008) Multinomial goodness-of-fit tests for
#' logistic regression models. *Statistics in Medicine* **27**, 4238-4253.
#'
#' Fagerland, M. W. and Hosmer, D. W. (2013) A goodness-of-fit test for the proportional odds
#' regression model. *Statistics in Medicine* **32**, 2235-2249.
#'
#' Lipsitz, S. R., Fitzmaurice, G. M. and Molenberghs, G. (1996) Goodness-of-fit tests for ordinal
#' response regression models. *Applied Statistics* **45**, 175-190.
#'
#' Hosmer, D. W. and Lemeshow, S. (1980) Goodness of fit tests for the multiple logistic regression
#' model. *Communications in Statistics - Theory and Methods* **9**, 1043-1069.
#'
#' Hosmer, D. W., Hosmer, T., le Cessie, S. and Lemeshow, S. (1997) A comparison of goodness-of-fit
#' tests for the logistic regression model. *Statistics in Medicine* **16**, 965-980.
#'
#' le Cessie, S. and van Houwelingen, J. C. (1991) A goodness-of-fit test for binary regression
#' models, based on smoothing methods. *Biometrics* **47**, 1267-1282.
#'
#' Stukel, T. A. (1988) Generalized logistic models. *Journal of the American Statistical
#' Association* **83**, 426-431.
#' @seealso [metrics()]
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastlogit(low ~ age + lwt + factor(race) + smoke, data = MASS::birthwt)
#' gof_test(fit)
#' print(gof_test(fit, "hosmer-lemeshow", groups = 8), groups = TRUE)
#' plot(gof_test(fit))
#' @export
gof_test <- function(fit, test = c("hosmer-lemeshow", "le-cessie", "stukel", "lipsitz"),
                     groups = 10, ...) {
  check_no_unknown()
  check_is_fit(fit)
  check_not_of_sets(fit)
  check_may_be_tested(fit)
  wanted <- if (missing(test)) tests_of_kind(fit) else check_fit_tests(test, fit)
  whole <- is_number(groups) && groups >= 3 && groups == round(groups)
  check_that(whole, groups, "`groups` must be a whole number of at least 3")
  found <- list()
  if ("hosmer-lemeshow" %in% wanted) {
    found[["hosmer-lemeshow"]] <- hosmer_lemeshow(rated_rows(fit), groups)
  }
  if ("lipsitz" %in% wanted) found$lipsitz <- lipsitz(fit, groups)
  found <- c(found, tests_of_residuals(fit, setdiff(wanted, names(found))))[wanted]
  column <- function(name) vapply(found, `[[`, 0, name)
  table <- data.frame(
    test = names_of_tests[wanted], statistic = column("statistic"), df = column("df"),
    p.value = column("p.value"), row.names = wanted
  )
  footer <- unlist(lapply(found, `[[`, "note"), use.names = FALSE)
  out <- as_result_table(
    table, "gof_test", paste0("Goodness of fit (", link_title(fit), ")"), footer, axis = NULL
  )
  attr(out, "groups") <- found[["hosmer-lemeshow"]]$groups
  attr(out, "sum_of_squares") <- found[["le-cessie"]]$sum_of_squares
  out
}

names_of_tests <- c(
  `hosmer-lemeshow` = "Hosmer-Lemeshow, chi-squared",
  `le-cessie` = "le Cessie-van Houwelingen, z", stukel = "Stukel, score test, chi-squared",
  lipsitz = "Lipsitz, likelihood ratio, chi-squared"
)

tests_of_kind <- function(fit) {
  if (is_ordered_fit(fit)) return(c("hosmer-lemeshow", "lipsitz"))
  if (is_of_classes(fit)) return("hosmer-lemeshow")
  c("hosmer-lemeshow", "le-cessie", if (is_canonical(fit$family)) "stukel")
}

check_fit_tests <- function(test, fit) {
  if (!is.character(test) || length(test) == 0L) check_choice(test, names(names_of_tests), "test")
  test <- unique(vapply(test, check_choice, "", names(names_of_tests), "test", USE.NAMES = FALSE))
  without <- setdiff(test, tests_of_kind(fit))
  if (length(without) == 0L) return(test)
  input_error(
    "`test = \"", without[1L], "\"` is for ",
    if (without[1L] == "lipsitz") {
      "ordered classes: see fastordinal()."
    } else if (is_of_many(fit)) {
      paste0("two classes: of many there is ", enumerated(dQuote(tests_of_kind(fit), FALSE)), ".")
    } else {
      paste0("the logit link, and this fit has ", name_of_link(fit$family), ": use the others.")
    }
  )
}

check_not_of_sets <- function(fit) {
  if (!is_of_sets(fit)) return(invisible())
  input_error(
    "the tests compare outcomes with fitted probabilities, and those of matched sets are known ",
    "given their numbers of cases only, by which rows are no groups of a size. Compare with a ",
    "larger model by anova(), and see metrics() and plot(fit, \"influence\")."
  )
}

# The distributions are those of maximum-likelihood estimates inside of the parameter space.
check_may_be_tested <- function(fit) {
  why <- if (!is.null(fit$penalty)) {
    paste("this is one with", penalty_title(fit$penalty))
  } else if (is_surveyed(fit)) {
    "this one is of a survey design, whose rows are not independent"
  } else if (is_corrected(fit)) {
    "this one has a bias correction"
  } else if (is_separated(fit)) {
    "this one has infinite estimates, see separation()"
  } else if (length(fit$coefficients) == 0L) {
    "this one has nothing that was estimated"
  } else if (isTRUE(fit$boundary)) {
    "this one's estimate is at the edge of what the link allows"
  } else if (!is.null(fit$family) && !has_known_dispersion(fit$family)) {
    "under quasibinomial() the variances are not those of single outcomes"
  }
  if (is.null(why)) return(invisible())
  input_error(
    "gof_test() is for maximum-likelihood fits of binomial() with finite estimates, and ", why,
    ". metrics() measures calibration."
  )
}

# --- printing ----------------------------------------------------------------------------------

#' @rdname gof_test
#' @param x what `gof_test()` returns.
#' @param digits the number of significant digits.
#' @export
print.gof_test <- function(x, digits = max(3L, getOption("digits") - 3L), ..., groups = FALSE) {
  NextMethod()
  table <- attr(x, "groups")
  if (isTRUE(groups) && !is.null(table)) {
    cat("\n")
    print(table, digits = digits, ...)
  }
  invisible(x)
}
