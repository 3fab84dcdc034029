#' Confidence intervals of the coefficients
#'
#' By the profile of the likelihood, without a refit on a grid, or by standard errors (Wald
#' intervals), from any covariance matrix: on the scale of the coefficients, log odds ratios for the
#' logit link. Their exponentials are those of [odds_ratios()].
#'
#' @param object a fit by [fastlogit()].
#' @param parm the coefficients, by number or name; by default all.
#' @param level the confidence level.
#' @param method `"profile"`: the values that a likelihood-ratio test does not reject, as
#'   [confint()] gives them for a `glm`; `"wald"`: estimate plus and minus a multiple of the
#'   standard error. That is the default where there is no likelihood, see [drop1.fastlogit()].
#' @param vcov which covariance matrix the standard errors come from, see [covariances]; the method
#'   is `"wald"` then.
#' @param trace unused.
#' @param threads the number of threads; see [fastlogit_control()].
#' @param ... `test = "Rao"`, which the method for `glm` has from R 4.4.0 on, is handed to it.
#' @details
#' The ends of a profile interval are found one by one, each by a few passes over the rows from the
#' quadratic approximation at the estimate (Venzon and Moolgavkar 1988) or, where that does not get
#' on, by fits with the coefficient held; coefficients are spread over the threads. The method for
#' `glm` interpolates a profile on a grid: the difference is usually below 1e-4 of a standard error,
#' and more where profiles bend.
#'
#' Of a penalised fit the likelihood is the penalised one (Heinze and Schemper 2002).
#'
#' Under separation the profile is that of the likelihood's supremum. It rises without bound to
#' a side where the coefficient goes to infinity ([separation()] says `Inf` or `-Inf`), so that this
#' end is infinite; where the data leave a coefficient open (`NA`), both are. That is decided by
#' linear programs, and not by a search that finds no end.
#'
#' Where there may be several maxima (the cauchit link, Jeffreys' prior), and the search comes to a
#' better one than the fit's, the intervals are about that one, with a warning. An end that no fit
#' with the coefficient held confirms is `NA`, with a warning.
#' @section Differences from glm():
#' Nothing is printed. Ends are not interpolated. Infinite ends are told from those that were not
#' found.
#' @return As for a `glm`: a matrix of a row for each of the coefficients in `parm` and two columns,
#'   the lower and the upper end, on the scale of the linear predictor (for the logit link log odds
#'   for the intercept, log odds ratios for the others); for one coefficient by `"profile"` a vector
#'   of these two. `NA` for aliased coefficients, `-Inf` and `Inf` for infinite ends.
#' @references
#' Heinze, G. and Schemper, M. (2002) A solution to the problem of separation in logistic
#' regression. *Statistics in Medicine* **21**, 2409-2419.
#'
#' Venzon, D. J. and Moolgavkar, S. H. (1988) A method for computing profile-likelihood-based
#' confidence intervals. *Applied Statistics* **37**, 87-94.
#'
#' Venables, W. N. and Ripley, B. D. (2002) *Modern Applied Statistics with S*, 4th ed. Springer.
#' (Section 8.4.)
#' @seealso [profile.fastlogit()], [lr_test()], [vcov.fastlogit()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' confint(fit)
#' confint(fit, "temp", method = "wald")
#' @importFrom stats confint
#' @export
confint.fastlogit <- function(object, parm, level = 0.95, method = c("profile", "wald"),
                              trace = FALSE, threads = NULL, vcov = NULL, ...) {
  check_no_unknown(also = c("test", "silent"))  # car asks for silence
  if (missing(method) && by_wald(object, vcov)) method <- "wald"
  method <- check_choice(method, c("profile", "wald"), "method")
  check_level(level, "level")
  if (wants_score_profile(object, ...)) return(NextMethod())
  names <- names(stats::coef(object))
  parm <- match_terms(parm, names)
  if (method == "profile") check_has_profile(object, vcov)
  found <- if (method == "wald") covariance_of_intervals(object, vcov)
  bounds <- interval_ends(object, parm, level, found, threads)
  dimnames(bounds) <- list(names[parm], percentages(level))
  # Wald's are a matrix also of one coefficient.
  if (method == "profile") drop(bounds) else bounds
}

# The method, if it and what comes with it can be had.
check_intervals <- function(fit, method, choices, level, vcov) {
  method <- check_choice(method, choices, "method")
  check_level(level, "level")
  if (method == "profile") check_has_profile(fit, vcov)
  method
}

check_has_profile <- function(fit, vcov) {
  check_no_profile_by(vcov)
  check_has_likelihood(fit)
}

# confint.default() has the normal distribution, whatever the dispersion.
covariance_of_intervals <- function(fit, vcov, found = variances_of(fit, vcov)) {
  if (is.null(vcov) && !is_surveyed(fit)) found$df <- Inf
  found
}

# A row for each of `which`, class by class. found: see covariance_of(), of Wald's, which are NA
# where estimates are infinite; NULL for those of the profile.
interval_ends <- function(fit, which, level, found, threads = NULL) {
  if (!is.null(found)) {
    tail <- quantile_for(level, found$df)
    return(shown_by_class(fit)[which] + outer(errors_by(found)[which], c(-tail, tail)))
  }
  ends <- matrix(NA_real_, length(which), 2L)
  known <- !is.na(flat_values(fit)[which])
  dispersion <- dispersion_of(fit)
  if (is.finite(dispersion)) {
    ends[known, ] <- profile_ends(
      as_profiled(fit, threads), core_positions(fit, which[known]), level, dispersion
    )
  }
  ends
}

check_no_profile_by <- function(vcov) {
  if (is.null(vcov)) return(invisible())
  input_error(
    "`vcov` has no say in intervals by the profile of the likelihood: use `method = \"wald\"`."
  )
}

# R 4.4.0 brought profiles of the score test.
wants_score_profile <- function(fit, test = "LRT", ...) {
  if (check_choice(test, c("LRT", "Rao"), "test") == "LRT") return(FALSE)
  if (!is.null(fit$penalty)) {
    input_error("`test = \"Rao\"` is for fits without a penalty: use the profile, or Wald's.")
  }
  of_glm <- utils::getS3method("profile", "glm", optional = TRUE)
  if (!"test" %in% names(formals(of_glm))) {
    input_error("`test = \"Rao\"` needs R 4.4.0 or newer, whose profile() of a glm has it.")
  }
  TRUE
}

# --- many classes ---------------------------------------------------------------------------------

# Many classes: confidence intervals, Wald's and those of the profile likelihood.

#' Confidence intervals of multinomial coefficients
#'
#' By standard errors (Wald intervals), from any covariance matrix, or by the profile of the
#' likelihood, for the log odds and log odds ratios of each class against the baseline.
#'
#' @param object a fit by [fastmultinom()].
#' @param parm the terms, by number or name; by default all.
#' @param level the confidence level.
#' @param method `"wald"`: estimate and standard error; `"profile"`: the values that a
#'   likelihood-ratio test does not reject; see [confint.fastlogit()]. A bound is
#'   infinite where the likelihood never falls below the level, as for separated classes. That is
#'   the default of separated fits.
#' @param vcov which covariance matrix the standard errors come from, see [covariances]; the method
#'   is `"wald"` then.
#' @param ... nothing: an unknown argument is an error.
#' @return As for [nnet::multinom()]: an array of terms (as many as in `parm`) x 2 ends x (K - 1)
#'   classes, in log odds against the baseline; for two classes a matrix of terms x 2 ends.
#' @seealso [confint.fastlogit()], [odds_ratios()] for relative-risk ratios
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
#' confint(fit)
#' confint(fit, "InflHigh", method = "profile")
#' @export
confint.fastmultinom <- function(object, parm, level = 0.95, method = c("wald", "profile"),
                                 vcov = NULL, ...) {
  check_no_unknown()
  # Under separation estimate and standard error say nothing.
  if (missing(method) && is_separated(object) && is.null(vcov)) method <- "profile"
  method <- check_intervals(object, method, c("wald", "profile"), level, vcov)
  coefficients <- coefficient_matrix(object)
  terms <- colnames(coefficients)
  parm <- match_terms(parm, terms)
  classes <- nrow(coefficients)
  # Class by class, as the solver counts them.
  which <- as.integer(outer(parm, (seq_len(classes) - 1L) * length(terms), "+"))
  found <- if (method == "wald") covariance_of_intervals(object, vcov)
  bounds <- array(interval_ends(object, which, level, found), c(length(parm), classes, 2L))
  named <- aperm(bounds, c(1L, 3L, 2L))
  dimnames(named) <- list(terms[parm], percentages(level), rownames(coefficients))
  if (classes > 1L) return(named)
  array(named, dim(named)[1:2], dimnames(named)[1:2])
}
