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
#' Under separation the profile is that of the likelihood's least upper bound. It rises for ever to
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
  if (method == "wald") return(wald_intervals(object, parm, level))
  check_has_likelihood(object)
  dispersion <- dispersion_of(object)
  bounds <- matrix(
    NA_real_, length(parm), 2L, dimnames = list(names[parm], percentages(level))
  )
  known <- !is.na(coefficients[parm])
  if (is.finite(dispersion)) {
    bounds[known, ] <- profile_ends(as_profiled(object, threads), parm[known], level, dispersion)
  }
  drop(bounds)
}

# A matrix also of one coefficient; NA where the estimate is infinite.
wald_intervals <- function(object, parm, level) {
  estimates <- shown_estimates(object)[parm]
  errors <- sqrt(diag(stats::vcov(object)))[parm]
  tail <- stats::qnorm((1 + level) / 2)
  bounds <- estimates + outer(errors, c(-tail, tail))
  dimnames(bounds) <- list(names(estimates), percentages(level))
  bounds
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
profile_ends <- function(profiled, which, level, dispersion = 1) {
  if (!length(which)) return(matrix(0, 0L, 2L))
  quantile <- sqrt(dispersion) * stats::qnorm((1 + level) / 2)
  bounds <- if (is.null(profiled$signs)) {
    ends_about_maximum(profiled, which, quantile, dispersion)
  } else {
    ends_under_separation(profiled, which, quantile, dispersion)
  }
  unknown <- is.na(bounds)
  bounds[unknown] <- NA
  if (any(unknown)) warn_unknown(sum(unknown), "end", "of profile intervals")
  bounds
}

ends_about_maximum <- function(profiled, which, quantile, dispersion) {
  about_best(profiled, dispersion, function(rows, coefficients) {
    profile_ends_impl(rows, coefficients, which, quantile)
  })$bounds
}

ends_under_separation <- function(profiled, which, quantile, dispersion) {
  signs <- profiled$signs[which]
  limit <- limit_finder(profiled)
  bounds <- matrix(c(-Inf, Inf), length(which), 2L, byrow = TRUE)
  bounds[is.nan(signs), ] <- NA
  finite <- !is.na(signs) & signs == 0
  if (any(finite)) {
    bounds[finite, ] <- NA
    rest <- at_supremum(limit())
    if (!is.null(rest$rows)) {
      bounds[finite, ] <- ends_about_maximum(rest, which[finite], quantile, dispersion)
    }
  }
  one_sided <- which(is.infinite(signs))
  if (length(one_sided)) top <- log_supremum(limit())
  for (i in one_sided) {
    side <- if (signs[i] > 0) 1L else 2L
    bounds[i, side] <- end_of_limit(limit(which[i]), which[i], c(-1, 1)[side], quantile, top)
  }
  bounds
}

# The least upper bound of the log-likelihood, relative to the saturated model, with a group of
# coefficients held at zero. limit: as limit_finder() finds it.
log_supremum <- function(limit, group = integer()) {
  if (is.null(limit)) return(NA_real_)
  if (is.null(limit$rows)) return(0)
  found <- held_at_zero(limit, group)
  known <- found$sure && (is.finite(found$loglik) || length(group))
  if (known) found$loglik else NA_real_
}

held_at_zero <- function(limit, group) {
  held_at_zero_impl(limit$rows, limit$coefficients, group)
}

# With the coefficients that reach it, where they are known.
at_supremum <- function(limit) {
  if (is.null(limit$rows)) return(limit)
  found <- held_at_zero(limit, integer())
  if (found$sure && length(found$coefficients)) {
    known <- !is.na(limit$coefficients)
    limit$coefficients[known] <- found$coefficients[known]
  }
  limit
}

end_of_limit <- function(limit, which, side, quantile, top) {
  if (is.null(limit) || is.na(top)) return(NA_real_)
  profile_limit_impl(limit$rows, limit$coefficients, which, side, quantile, top)
}

# profile(rows, coefficients), and again from the better solution that it has seen, as long as it
# sees one.
about_best <- function(profiled, dispersion, profile) {
  coefficients <- profiled$coefficients
  better <- 0
  for (attempt in seq_len(most_restarts)) {
    found <- profile(profiled$rows, coefficients)
    better <- better + found$better
    if (is.null(found$coefficients)) break
    coefficients <- ifelse(is.na(coefficients), NA, found$coefficients)
  }
  if (better > 1e-3 * dispersion) warn_better(better)
  found
}

most_restarts <- 5L

warn_better <- function(better) {
  fit_warning(
    "fastlogit_better_fit",
    "profiling has found a better solution (its deviance is lower by ", format(better, digits = 3L),
    "), and goes on from there: the original fit had not converged to the maximum, see ",
    "fit$status, or fit again with another `start`."
  )
}

warn_unknown <- function(count, noun, of) {
  fit_warning(
    "fastlogit_unknown_profile",
    counted(count, noun), " ", of, if (count == 1L) " is" else " are", " NA: the fits with the ",
    "coefficient held have not converged."
  )
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
