# Many classes: confidence intervals, Wald's and those of the profile likelihood.

#' Confidence intervals of multinomial coefficients
#'
#' @param object a fit by [fastmultinom()].
#' @param parm the terms, by number or name; by default all.
#' @param level the confidence level.
#' @param method `"wald"`: estimate and standard error; `"profile"`: the values that a
#'   likelihood-ratio test does not reject; see [confint.fastlogit()]. A bound is
#'   infinite where the likelihood never falls below the level, as for separated classes. That is
#'   the default of separated fits.
#' @param ... nothing: an unknown argument is an error.
#' @return As for [nnet::multinom()]: an array of terms, bounds and classes; for two classes a
#'   matrix.
#' @examples
#' fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
#' confint(fit)
#' confint(fit, "InflHigh", method = "profile")
#' @export
confint.fastmultinom <- function(object, parm, level = 0.95, method = c("wald", "profile"), ...) {
  check_no_unknown()
  # Under separation estimate and standard error say nothing.
  if (missing(method) && !is.null(object$separation_details)) method <- "profile"
  method <- check_choice(method, c("wald", "profile"), "method")
  check_level(level, "level")
  if (method == "profile") check_has_likelihood(object)
  coefficients <- coefficient_matrix(object)
  terms <- colnames(coefficients)
  parm <- if (missing(parm)) seq_along(terms) else match_terms(parm, terms)
  bounds <- switch(method,
    wald = wald_bounds(object, coefficients, level),
    profile = profile_bounds(object, coefficients, parm, level)
  )
  named <- array(
    aperm(bounds, c(2L, 3L, 1L))[parm, , , drop = FALSE], c(length(parm), 2L, nrow(coefficients)),
    list(terms[parm], percentages(level), rownames(coefficients))
  )
  if (nrow(coefficients) > 1L) return(named)
  array(named, dim(named)[1:2], dimnames(named)[1:2])
}

# (K - 1) x p x 2.
wald_bounds <- function(object, coefficients, level) {
  errors <- sqrt(diag(stats::vcov(object)))
  half <- stats::qnorm((1 + level) / 2) * matrix(errors, nrow(coefficients), byrow = TRUE)
  coefficients[is.na(half)] <- NA
  array(c(coefficients - half, coefficients + half), c(dim(coefficients), 2L))
}

# (K - 1) x p x 2; NA for terms that are not asked for, and for aliased ones.
profile_bounds <- function(object, coefficients, parm, level) {
  bounds <- array(NA_real_, c(dim(coefficients), 2L))
  kept <- parm[!is.na(coefficients[1L, parm])]
  classes <- nrow(coefficients)
  # Class by class, as the solver counts them.
  which <- outer(kept, (seq_len(classes) - 1L) * ncol(coefficients), "+")
  ends <- profile_ends(as_profiled(object), as.integer(which), level)
  bounds[, kept, ] <- aperm(array(ends, c(length(kept), classes, 2L)), c(2L, 1L, 3L))
  bounds
}
