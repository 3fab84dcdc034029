#' Confidence intervals of the coefficients
#'
#' @param object a fit by [fastlogit()].
#' @param parm the coefficients, by number or name; by default all.
#' @param level the confidence level.
#' @param method `"profile"`: the values that a likelihood-ratio test does not reject, as
#'   [confint()] gives them for a `glm`; `"wald"`: estimate plus and minus a multiple of the
#'   standard error. That is the default where there is no likelihood, see [drop1.fastlogit()].
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
#' Under separation an end is `Inf` or `-Inf` where the likelihood never falls enough, however far
#' the coefficient goes.
#' @section Differences from glm():
#' Nothing is printed. Ends are not interpolated. Infinite ends are told from those that were not
#' found.
#' @return As for a `glm`: a matrix of lower and upper ends, or for one coefficient a vector; `NA`
#'   for aliased coefficients.
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
                              trace = FALSE, threads = NULL, ...) {
  check_no_unknown(also = c("test", "silent"))  # car asks for silence
  if (missing(method) && !has_likelihood(object)) method <- "wald"
  method <- check_choice(method, c("profile", "wald"), "method")
  check_level(level, "level")
  if (wants_score_profile(object, ...)) return(NextMethod())
  coefficients <- stats::coef(object)
  names <- names(coefficients)
  parm <- if (missing(parm)) seq_along(names) else match_terms(parm, names)
  if (method == "wald") return(stats::confint.default(object, names[parm], level))
  check_has_likelihood(object)
  dispersion <- dispersion_of(object)
  bounds <- matrix(
    NA_real_, length(parm), 2L, dimnames = list(names[parm], percentages(level))
  )
  known <- !is.na(coefficients[parm])
  if (is.finite(dispersion)) {
    bounds[known, ] <- profile_ends(
      binary_rows(object, threads), coefficients, parm[known], level, dispersion
    )
  }
  drop(bounds)
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

# A row of both ends for each of `which`.
profile_ends <- function(rows, coefficients, which, level, dispersion = 1) {
  if (!length(which)) return(matrix(0, 0L, 2L))
  quantile <- sqrt(dispersion) * stats::qnorm((1 + level) / 2)
  found <- profile_ends_impl(rows, coefficients, which, quantile)
  check_no_better(found$better, dispersion)
  found$bounds
}

percentages <- function(level) {
  tails <- c((1 - level) / 2, (1 + level) / 2)
  paste(format(100 * tails, trim = TRUE, scientific = FALSE, digits = 3L), "%")
}

match_terms <- function(parm, terms) {
  found <- if (is.character(parm)) match(parm, terms) else match(parm, seq_along(terms))
  if (!anyNA(found)) return(found)
  input_error(
    "`parm` must name terms of the model: found ", described(parm[is.na(found)][1L]),
    "; known are ", listed(paste0("\"", terms, "\""), 10L), "."
  )
}
