# Profiles of the likelihood: the maximum over all coefficients but one, as a function of that one.

#' Profile likelihoods of the coefficients
#'
#' How fast the likelihood falls beside the estimate, as from the method for `glm` objects (of
#' package MASS, or of stats from R 4.4.0 on; Venables and Ripley 2002): for each coefficient the
#' signed root of the rise of the deviance on a grid of values, the others being refitted. The
#' points are computed in C++, in parallel for several coefficients.
#'
#' @param fitted a fit by [fastlogit()].
#' @param which the coefficients, by number or name; by default all.
#' @param alpha the profile goes as far as a likelihood-ratio test of this level needs.
#' @param maxsteps the largest number of steps to a side, plus one.
#' @param del a step, in standard errors.
#' @param trace unused.
#' @param threads the number of threads; see [fastlogit_control()].
#' @param ... `test = "Rao"`, which the method for `glm` has from R 4.4.0 on, is handed to it.
#' @return An object of class `c("profile.glm", "profile")`, which `pairs()` and `confint()` of MASS
#'   or stats take: a list of a data frame for each coefficient in `which`, a row for each value on
#'   its grid, with the signed root (`z`, or `tau` where the dispersion is estimated) and
#'   `par.vals`, a matrix of all p coefficients there, on the scale of the linear predictor (log
#'   odds ratios for the logit link). Its attribute `one_sided` has, of a separated fit, a data
#'   frame for each coefficient whose estimate is infinite: `value`, and the `root` by which the
#'   likelihood falls short of its least upper bound there. `plot()` draws the profiles, see
#'   [plot.profile.glm()].
#' @inherit confint.fastlogit references
#' @seealso [confint.fastlogit()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' profile(fit)
#' @importFrom stats profile
#' @export
profile.fastlogit <- function(fitted, which = seq_along(fitted$coefficients), alpha = 0.01,
                              maxsteps = 10, del = zmax / 5, trace = FALSE, threads = NULL, ...) {
  check_no_unknown(also = "test")
  if (wants_score_profile(fitted, ...)) return(NextMethod())
  check_has_likelihood(fitted)
  summary <- summary(fitted)
  known <- has_known_dispersion(fitted$family)
  zmax <- if (known) {
    sqrt(stats::qchisq(1 - alpha, 1))
  } else {
    sqrt(stats::qf(1 - alpha, 1, length(fitted$fitted.values) - length(fitted$coefficients)))
  }
  names <- names(fitted$coefficients)
  errors <- summary$coefficients[, "Std. Error"][match(names, rownames(summary$coefficients))]
  which <- match_terms(which, names)
  title <- if (known) "z" else "tau"
  profiles_about(fitted, summary, which, zmax, del * errors, maxsteps, threads, title)
}

# summary: with the dispersion. steps: by coefficient.
profiles_about <- function(fitted, summary, which, zmax, steps, maxsteps, threads, title = "z") {
  coefficients <- fitted$coefficients
  names <- names(coefficients)
  root <- sqrt(summary$dispersion)
  profiled <- with_maximum(as_profiled(fitted, threads), names, which)
  coefficients[] <- profiled$coefficients
  which <- setdiff(which, profiled$without)
  estimated <- which[!is.na(coefficients[which])]
  curves <- profile_grid(
    profiled, estimated, steps[estimated], zmax * root, maxsteps - 1L, summary$dispersion
  )
  profiles <- stats::setNames(vector("list", length(which)), names[which])
  profiles[names[estimated]] <- lapply(curves, as_profile, coefficients, root, title)
  structure(
    profiles, one_sided = one_sided_profiles(profiled, names, zmax, summary$dispersion),
    original.fit = fitted, summary = summary, class = c("profile.glm", "profile")
  )
}

#' @rdname profile.fastlogit
#' @export
profile.fastclogit <- function(fitted, which = seq_along(fitted$coefficients), alpha = 0.01,
                               maxsteps = 10, del = zmax / 5, trace = FALSE, threads = NULL, ...) {
  check_no_unknown()
  check_has_likelihood(fitted)
  names <- names(fitted$coefficients)
  which <- match_terms(which, names)
  summary <- summary(fitted)
  summary$dispersion <- 1
  zmax <- sqrt(stats::qchisq(1 - alpha, 1))
  errors <- errors_by(covariance_of(fitted))
  profiles_about(fitted, summary, which, zmax, del * errors, maxsteps, threads)
}

profile_grid <- function(profiled, which, steps, quantile, most, dispersion) {
  if (!length(which)) return(list())
  about_best(profiled, dispersion, function(rows, coefficients) {
    profile_grid_impl(rows, coefficients, which, steps, quantile, most)
  })$curves
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

# Under separation the rows that decide the finite estimates, which coefficients are `without` a
# maximum to profile about, those of them that were asked for, and the fit as it was.
with_maximum <- function(profiled, names, which) {
  if (is.null(profiled$signs)) return(profiled)
  without <- which(is.na(profiled$signs) | profiled$signs != 0)
  asked <- intersect(which, without)
  if (length(asked)) {
    fit_warning(
      "fastlogit_separation",
      "the estimates of ", named_shortly(names[asked]), " are infinite or open, see separation(): ",
      "there is nothing to profile about. confint() has their intervals, and plot() of the ",
      "profiles how the likelihood rises."
    )
  }
  limit <- if (length(without) < length(profiled$signs)) at_supremum(limit_finder(profiled)())
  if (is.null(limit$rows)) limit <- profiled
  c(limit, list(without = without, asked = asked, separated = profiled))
}

# The profiles of coefficients without a maximum to profile about: by name data frames of values and
# of the root of the fall below the least upper bound, up to `most`; of one that the data leave open
# that is zero everywhere. NULL where there is none.
one_sided_profiles <- function(profiled, names, most, dispersion) {
  separated <- profiled$separated
  if (length(profiled$asked) == 0L) return(NULL)
  limit <- limit_finder(separated)
  top <- log_supremum(limit())
  profiles <- lapply(stats::setNames(profiled$asked, names[profiled$asked]), function(j) {
    side <- separated$signs[j]
    if (is.nan(side) || is.na(top)) return(NULL)
    if (is.na(side)) return(data.frame(value = c(-1, 1), root = 0))
    held <- limit(j)
    root <- most * c(0.02, 0.05, seq(0.1, 1, 0.075))
    value <- vapply(root, function(root) {
      end_of_limit(held, j, -sign(side), sqrt(dispersion) * root, top)
    }, 0)
    data.frame(value = value, root = root)[!is.na(value), ]
  })
  Filter(function(profile) NROW(profile) > 1L, profiles)
}

# --- tests of single coefficients -----------------------------------------------------------------

# Tests of single coefficients, and where Wald's misleads.

#' Likelihood-ratio tests of the coefficients
#'
#' For each coefficient the hypothesis that it is zero (for the logit link, that the odds ratio is
#' one), against the fit of all others. Unlike
#' [stats::drop1()], which drops terms, it takes the coefficients of a factor one by one, and forms
#' no model matrix.
#'
#' Unlike the Wald test it does not lose its power where an effect is large (Hauck and Donner 1977).
#' Of a penalised fit the likelihood is the penalised one, with the penalty of the whole model where
#' the coefficient is zero (Heinze and Schemper 2002); `drop1()` and `anova()` do the same for
#' terms, see [drop1.fastlogit()].
#'
#' @param object a fit by [fastlogit()] or [fastordinal()] (whose slopes are tested).
#' @param parm the coefficients, by number or name; by default all.
#' @param threads the number of threads; see [fastlogit_control()].
#' @param exact logical, of matched sets: the exact conditional tests of [exact_test()]?
#' @param ... nothing: an unknown argument is an error.
#' @return A data frame of class `"anova"`, one row for each coefficient in `parm`, with the columns
#'   that `drop1(test = "LRT")` has, for `quasibinomial()` `drop1(test = "F")`: `Df`, `Deviance` (of
#'   the fit without it; not for penalised fits), and `LRT` and `Pr(>Chi)`, or `F value` and
#'   `Pr(>F)`. `NA` for aliased coefficients.
#' @references
#' Heinze, G. and Schemper, M. (2002) A solution to the problem of separation in logistic
#' regression. *Statistics in Medicine* **21**, 2409-2419.
#'
#' Hauck, W. W. and Donner, A. (1977) Wald's test as applied to hypotheses in logit analysis.
#' *Journal of the American Statistical Association* **72**, 851-853.
#' @seealso [hauck_donner()], [confint.fastlogit()], [summary.fastlogit()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' lr_test(fit)
#' @export
lr_test <- function(object, parm, threads = NULL, exact = FALSE, ...) {
  check_no_unknown()
  if (!is_ordered_fit(object)) check_fit(object, "object")
  if (check_flag(exact, "exact")) return(exact_test(object, parm))
  check_has_likelihood(object)
  coefficients <- stats::coef(object)
  names <- names(coefficients)
  parm <- match_terms(parm, names)
  known <- !is.na(coefficients[parm])
  rise <- deviance <- rep(NA_real_, length(parm))
  if (any(known)) {
    dispersion <- dispersion_of(object)
    at <- core_positions(object, parm[known])
    zero <- profile_zero(as_profiled(object, threads), at, dispersion)
    rise[known] <- zero$rise
    deviance[known] <- zero$deviance
  }
  table <- data.frame(Df = ifelse(known, 1, NA), row.names = names[parm])
  if (is.null(object$penalty)) table$Deviance <- deviance
  as_test_table(table, rise, object, "Likelihood-ratio tests of single coefficients\n")
}

#' The Hauck-Donner effect
#'
#' As an effect grows, its Wald statistic (estimate over standard error) first grows and then falls
#' back towards zero (Hauck and Donner 1977), since the standard error grows faster than the
#' estimate: a large effect passes for none. Where the statistic's derivative in the coefficient is
#' negative, that has begun, and the likelihood-ratio test, which never does so, is to be preferred.
#'
#' The derivative is that of Yee (2022): of the Wald statistic by the expected information at the
#' estimates, in one coefficient, the others kept.
#'
#' @param object a fit by [fastlogit()].
#' @param parm the coefficients, by number or name; by default all.
#' @param threads the number of threads; see [fastlogit_control()].
#' @param ... nothing: an unknown argument is an error.
#' @return A vector of a derivative for each coefficient in `parm`, by its name: negative where the
#'   effect is present. `NA` for aliased coefficients, and where there is no covariance matrix.
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
hauck_donner <- function(object, parm, threads = NULL, ...) {
  check_no_unknown()
  check_fit(object, "object")
  names <- names(stats::coef(object))
  parm <- match_terms(parm, names)
  wald_slopes(object, parm, 0, threads)
}

# least: coefficients below it, times the largest entry of their column, are not looked at.
wald_slopes <- function(fit, parm, least, threads = NULL) {
  coefficients <- stats::coef(fit)
  slopes <- stats::setNames(rep(NA_real_, length(parm)), names(coefficients)[parm])
  known <- !is.na(coefficients[parm])
  if (!any(known)) return(slopes)
  profiled <- as_profiled(fit, threads)
  if (!is.null(profiled$signs)) {
    # Of infinite estimates there is no such statistic.
    known <- known & !is.na(profiled$signs[parm]) & profiled$signs[parm] == 0
    if (!any(known)) return(slopes)
    profiled <- at_supremum(limit_finder(profiled)())
    if (is.null(profiled$rows)) return(slopes)
  }
  found <- wald_slopes_impl(profiled$rows, profiled$coefficients, parm[known], least)
  slopes[known] <- ifelse(is.nan(found), NA, found) / sqrt(dispersion_of(fit))
  slopes
}

# The coefficients whose Wald tests mislead, by name. Where the p-value is below 0.001 the statistic
# falls, too, but misleads nobody (the intercept of a rare outcome is always of that kind). Only
# looked for where the rows are at hand.
misleading_tests <- function(fit, coefficients) {
  if (is_stripped(fit)) return(.subset2(fit, "stripped")$hauck.donner)
  known <- unclass(fit)  # nothing here is made on demand
  if (is.null(known$model) || !known$converged || !has_likelihood(fit)) return(character())
  # Each takes two passes, and of so many nobody reads the tests.
  if (has_sparse_factor(fit) && fit$rank > moderate_size) return(character())
  p_value <- coefficients[, 4L]
  doubtful <- rownames(coefficients)[!is.na(p_value) & p_value > 0.001]
  doubtful <- doubtful[doubtful != "(Intercept)"]  # of which nobody asks whether it is zero
  if (!length(doubtful)) return(character())
  # A weight of the logit link changes by less than itself as the linear predictor grows by one, so
  # that the statistic rises up to there.
  least <- if (is_canonical(known$family)) 2 else 0
  parm <- match(doubtful, names(known$coefficients))
  parm <- parm[abs(known$coefficients[parm]) * largest_entries(known, parm) > least]
  if (!length(parm)) return(character())
  slopes <- wald_slopes(fit, parm, least, known$threads)
  names(slopes)[!is.na(slopes) & slopes < 0]
}

# Of the columns of some coefficients the largest entry: of a variable of numbers, or of a factor's
# indicators. Inf of others, so that the core looks.
largest_entries <- function(fit, parm) {
  blueprint <- .subset2(fit, "blueprint")
  if (is.null(blueprint)) return(rep(Inf, length(parm)))
  pieces <- blueprint$pieces[match(blueprint$assign[parm], unique(blueprint$assign))]
  vapply(pieces, function(piece) {
    if (length(piece$variables) != 1L) return(Inf)
    coding <- piece$codings[[1L]]
    if (!is.null(coding)) return(if (is_indicators(coding)) 1 else Inf)
    x <- .subset2(fit$model, piece$variables)
    if (is.numeric(x) && is.null(dim(x)) && !is.object(x)) max(x, -min(x)) else Inf
  }, 0)
}
