# Many classes: confidence intervals, Wald's and those of the profile likelihood.

#' Confidence intervals of multinomial coefficients
#'
#' @param object a fit by [fastmultinom()].
#' @param parm the terms, by number or name; by default all.
#' @param level the confidence level.
#' @param method `"wald"`: estimate and standard error; `"profile"`: the values that a
#'   likelihood-ratio test does not reject. Each bound takes a few refits of the other coefficients;
#'   it is infinite where the likelihood never falls below the level, as for separated classes.
#' @param ... unused.
#' @return As for [nnet::multinom()]: an array of terms, bounds and classes; for two classes a
#'   matrix.
#' @examples
#' fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
#' confint(fit)
#' confint(fit, "InflHigh", method = "profile")
#' @export
confint.fastmultinom <- function(object, parm, level = 0.95, method = c("wald", "profile"), ...) {
  method <- check_choice(method, c("wald", "profile"), "method")
  check_level(level, "level")
  coefficients <- coefficient_matrix(object)
  terms <- colnames(coefficients)
  parm <- if (missing(parm)) seq_along(terms) else match_terms(parm, terms)
  bounds <- switch(method,
    wald = wald_bounds(object, coefficients, level),
    profile = all_profile_bounds(object, coefficients, parm, level)
  )
  tails <- c((1 - level) / 2, (1 + level) / 2)
  named <- array(
    aperm(bounds, c(2L, 3L, 1L))[parm, , , drop = FALSE], c(length(parm), 2L, nrow(coefficients)),
    list(
      terms[parm], paste(format(100 * tails, trim = TRUE, scientific = FALSE, digits = 3L), "%"),
      rownames(coefficients)
    )
  )
  if (nrow(coefficients) > 1L) return(named)
  array(named, dim(named)[1:2], dimnames(named)[1:2])
}

match_terms <- function(parm, terms) {
  found <- if (is.character(parm)) match(parm, terms) else match(parm, seq_along(terms))
  if (!anyNA(found)) return(found)
  input_error(
    "`parm` must name terms of the model: found ", described(parm[is.na(found)][1L]),
    "; known are ", listed(paste0("\"", terms, "\""), 10L), "."
  )
}

# (K - 1) x p x 2.
wald_bounds <- function(object, coefficients, level) {
  errors <- sqrt(diag(stats::vcov(object)))
  half <- stats::qnorm((1 + level) / 2) * matrix(errors, nrow(coefficients), byrow = TRUE)
  array(c(coefficients - half, coefficients + half), c(dim(coefficients), 2L))
}

# (K - 1) x p x 2; NA for terms that are not asked for, and for aliased ones.
all_profile_bounds <- function(object, coefficients, parm, level) {
  bounds <- array(NA_real_, c(dim(coefficients), 2L))
  kept <- which(!is.na(coefficients[1L, ]))
  estimate <- as.vector(t(coefficients))
  aliased <- is.na(estimate)
  estimate[aliased] <- 0
  covariance <- stats::vcov(object)
  covariance[aliased, ] <- covariance[, aliased] <- 0
  problem <- refit_problem(object)
  quantile <- stats::qnorm((1 + level) / 2)
  for (class in seq_len(nrow(coefficients))) {
    for (term in intersect(parm, kept)) {
      index <- term + (class - 1L) * ncol(coefficients)
      bounds[class, term, ] <- profile_bounds(
        problem, index, estimate, covariance, object$deviance, quantile
      )
    }
  }
  bounds
}

# Both bounds of one coefficient: where the root of the deviance difference is `quantile`.
profile_bounds <- function(problem, index, estimate, covariance, deviance, quantile) {
  error <- sqrt(covariance[index, index])
  # In a quadratic log-likelihood the other coefficients follow the one that is held along a line.
  direction <- covariance[, index] / covariance[index, index]
  vapply(c(-1, 1), function(side) {
    last <- list(value = estimate[index], coefficients = estimate)
    excess <- function(distance) {
      value <- estimate[index] + side * distance * error
      start <- last$coefficients + direction * (value - last$value)
      fit <- refit_with_fixed(problem, index, value, start)
      last <<- list(value = value, coefficients = fit$coefficients)
      sqrt(max(fit$deviance - deviance, 0)) - quantile
    }
    estimate[index] + side * error * rising_root(excess, -quantile, quantile)
  }, 0)
}

# The positive root of a rising, nearly linear function that is `at_zero` at 0 and should have risen
# to about 0 at `guess`: by secants, halving the bracket (or doubling the distance, while there is
# none) when they leave it. Inf if the function is still as low at four times the guess.
rising_root <- function(f, at_zero, guess, tolerance = 1e-7, most = 60L) {
  low <- before <- c(0, at_zero)
  high <- c(Inf, Inf)
  x <- guess
  for (i in seq_len(most)) {
    here <- c(x, f(x))
    if (is.na(here[2L])) here[2L] <- Inf
    if (abs(here[2L]) <= tolerance) return(x)
    if (here[2L] > 0) high <- here else low <- here
    if (low[1L] >= 4 * guess && low[2L] < 0.9 * at_zero) return(Inf)
    x <- next_distance(before, here, low, high)
    before <- here
    if (high[1L] - low[1L] <= 1e-10 * low[1L]) return(x)
  }
  x
}

next_distance <- function(before, here, low, high) {
  slope <- (here[2L] - before[2L]) / (here[1L] - before[1L])
  secant <- here[1L] - here[2L] / slope
  usable <- is.finite(secant) && secant > low[1L]
  if (is.infinite(high[1L])) {
    if (!usable) return(2 * low[1L])
    # Beyond the last point by enough to matter, at most twice as far.
    return(min(max(secant, low[1L] * (1 + 1e-6)), 2 * low[1L]))
  }
  if (usable && secant < high[1L]) secant else (low[1L] + high[1L]) / 2
}
