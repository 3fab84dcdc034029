# Profiles of the likelihood: the maximum over all coefficients but one, as a function of that one.

#' Profile likelihoods of the coefficients
#'
#' As the method for `glm` objects (of package MASS, or of stats from R 4.4.0 on): for each
#' coefficient the signed root of the rise of the deviance on a grid of values, the others being
#' refitted. The points are computed in C++, in parallel for several coefficients.
#'
#' @param fitted a fit by [fastlogit()].
#' @param which the coefficients, by number or name; by default all.
#' @param alpha the profile goes as far as a likelihood-ratio test of this level needs.
#' @param maxsteps the largest number of steps to a side, plus one.
#' @param del a step, in standard errors.
#' @param trace unused.
#' @param threads the number of threads; see [fastlogit_control()].
#' @param ... `test = "Rao"`, which the method for `glm` has from R 4.4.0 on, is handed to it.
#' @return An object of class `c("profile.glm", "profile")`, which `plot()`, `pairs()` and
#'   `confint()` of MASS or stats take.
#' @inherit confint.fastlogit references
#' @seealso [confint.fastlogit()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' profile(fit)
#' @importFrom stats profile
#' @export
profile.fastlogit <- function(fitted, which = seq_along(coefficients), alpha = 0.01, maxsteps = 10,
                              del = zmax / 5, trace = FALSE, threads = NULL, ...) {
  check_no_unknown(also = "test")
  if (wants_score_profile(fitted, ...)) return(NextMethod())
  check_has_likelihood(fitted)
  coefficients <- stats::coef(fitted)
  names <- names(coefficients)
  which <- match_terms(which, names)
  summary <- summary(fitted)
  known <- has_known_dispersion(fitted$family)
  zmax <- if (known) {
    sqrt(stats::qchisq(1 - alpha, 1))
  } else {
    sqrt(stats::qf(1 - alpha, 1, length(fitted$fitted.values) - length(coefficients)))
  }
  root <- sqrt(summary$dispersion)
  errors <- summary$coefficients[, "Std. Error"][match(names, rownames(summary$coefficients))]
  profiled <- with_maximum(as_profiled(fitted, threads), names, which)
  coefficients[] <- profiled$coefficients
  which <- setdiff(which, profiled$without)
  estimated <- which[!is.na(coefficients[which])]
  curves <- profile_grid(
    profiled, estimated, del * errors[estimated], zmax * root, maxsteps - 1L, summary$dispersion
  )
  profiles <- stats::setNames(vector("list", length(which)), names[which])
  for (i in seq_along(estimated)) {
    profiles[[names[estimated[i]]]] <- as_profile(
      curves[[i]], coefficients, root, if (known) "z" else "tau"
    )
  }
  structure(
    profiles,
    original.fit = fitted, summary = summary, class = c("profile.glm", "profile")
  )
}

# One coefficient's data frame, in the order of the root.
as_profile <- function(curve, coefficients, root, title) {
  z <- c(0, curve$root / root)
  values <- rbind(unname(coefficients), t(curve$coefficients))
  values[, is.na(coefficients)] <- NA
  colnames(values) <- names(coefficients)
  in_order <- order(z)
  profile <- stats::setNames(data.frame(z[in_order]), title)
  profile$par.vals <- values[in_order, , drop = FALSE]
  profile
}

profile_grid <- function(profiled, which, steps, quantile, most, dispersion) {
  if (!length(which)) return(list())
  about_best(profiled, dispersion, function(rows, coefficients) {
    profile_grid_impl(rows, coefficients, which, steps, quantile, most)
  })$curves
}

# Under separation the rows that decide the finite estimates, and which coefficients are `without` a
# maximum to profile about.
with_maximum <- function(profiled, names, which) {
  if (is.null(profiled$signs)) return(profiled)
  without <- which(is.na(profiled$signs) | profiled$signs != 0)
  asked <- intersect(which, without)
  if (length(asked)) {
    fit_warning(
      "fastlogit_separation",
      "the estimates of ", named_shortly(names[asked]), " are infinite or open, see separation(): ",
      "there is nothing to profile about. confint() has their intervals."
    )
  }
  limit <- if (length(without) < length(profiled$signs)) at_supremum(limit_finder(profiled)())
  if (is.null(limit$rows)) limit <- profiled
  c(limit, list(without = without))
}

# The dispersion that the deviance is measured in.
dispersion_of <- function(fit) {
  if (has_known_dispersion(fit$family)) return(1)
  if (is_stored(fit)) return(fit$stored$dispersion)
  plain_summary(without_coefficients(fit))$dispersion
}
