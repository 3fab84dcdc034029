# Profiles of the likelihood, coefficient by coefficient.

#' Pictures of profile likelihoods
#'
#' For each coefficient the log-likelihood, maximised over the others, less its maximum (of
#' `quasibinomial()` over the dispersion). Dashed is
#' where the 95% interval ends. Under separation the profile of a coefficient whose estimate is
#' infinite rises to its least upper bound and never reaches it: what is drawn is the profile less
#' that bound, and its interval has one end; see [separation()].
#'
#' @param x,object what [profile.fastlogit()] returns. The profile of a plain `glm` is drawn by the
#'   method of MASS, or from R 4.4.0 on of stats.
#' @param ask logical: ask before each page? By default on a screen, if there are several pages.
#' @param ... nothing: an unknown argument is an error.
#' @return `plot()`: nothing, as the methods of MASS and stats. `autoplot()`: a plot of package
#'   ggplot2, or a list of them, as [plot.fastlogit()] has them.
#' @seealso [confint.fastlogit()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' plot(profile(fit))
#'
#' # Wherever x is 1, y is 1
#' d <- data.frame(x = rep(0:1, c(8, 4)), z = 1:12, y = c(0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1))
#' separated <- suppressWarnings(fastlogit(y ~ x + z, data = d))
#' plot(suppressWarnings(profile(separated)))
#' @export
plot.profile.glm <- function(x, ask = NULL, ...) {
  if (!is_fit(attr(x, "original.fit"))) return(NextMethod())
  check_no_unknown()
  if (!is.null(ask)) check_flag(ask, "ask")
  draw_pictures(list(profile_picture(x)), ask)
  invisible()
}

#' @rdname plot.profile.glm
#' @method autoplot profile.glm
#' @rawNamespace S3method(ggplot2::autoplot,profile.glm)
autoplot.profile.glm <- function(object, ...) {
  check_no_unknown()
  as_ggplots(list(profile_picture(object)))
}

profile_picture <- function(profiles) {
  one_sided <- attr(profiles, "one_sided")
  there <- Filter(function(profile) NROW(profile) > 1L, unclass(profiles)[names(profiles)])
  curves <- c(
    Map(two_sided_curve, there, names(there)), Map(one_sided_curve, one_sided, names(one_sided))
  )
  if (length(curves) == 0L) {
    input_error("there is no profile to draw: the coefficients are aliased, or not decided.")
  }
  known <- names(stats::coef(attr(profiles, "original.fit")))
  curves <- unname(curves[order(match(names(curves), known))])
  least <- min(vapply(curves, function(curve) min(curve$loglik), 0))
  limits <- c(min(least, -2) * 1.04, 0.15)
  panels <- lapply(curves, function(curve) {
    profile_panel(curve, limits, one_sided[[curve$coefficient[1L]]])
  })
  as_picture(panels, do.call(rbind, curves))
}

points_of_profile <- 61L

two_sided_curve <- function(profile, name) {
  found <- stats::spline(profile$par.vals[, name], profile[[1L]], points_of_profile)
  data.frame(coefficient = name, value = found$x, loglik = -found$y^2 / 2)
}

# Close to its bound the logarithm of the fall is linear in the value.
one_sided_curve <- function(profile, name) {
  if (all(profile$root == 0)) {
    return(data.frame(coefficient = name, value = profile$value, loglik = 0))
  }
  found <- stats::spline(log(profile$root), profile$value, points_of_profile)
  data.frame(coefficient = name, value = found$y, loglik = -exp(found$x)^2 / 2)
}

# one_sided: the profile of a coefficient without a maximum, or NULL.
profile_panel <- function(curve, limits, one_sided) {
  line <- data.frame(x = curve$value, y = curve$loglik)
  layers <- list(
    rule_at(h = c(if (!is.null(one_sided)) 0, -stats::qchisq(0.95, 1) / 2)),
    as_layer("line", line[order(line$x), ])
  )
  note <- if (!is.null(one_sided)) {
    open <- all(one_sided$root == 0)
    if (open) "the data leave it open" else "rises to a bound: infinite estimate"
  }
  as_panel(
    layers, axis_of("coefficient", line$x), note = note, title = curve$coefficient[1L],
    axis_of("log-likelihood less its maximum", limits = limits)
  )
}
