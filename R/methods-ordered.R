# Ordered classes: printing, covariances, intervals, and what stats' functions ask of a model.

#' @export
print.fastordinal <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:  ", paste(deparse(x$call), collapse = "\n"), "\n", sep = "")
  shown <- shown_estimates(x)
  slopes <- seq_along(x$coefficients)
  if (length(slopes)) {
    cat("\nCoefficients:\n")
    print.default(format(shown[slopes], digits = digits), print.gap = 2L, quote = FALSE)
  } else {
    cat("\nNo coefficients\n")
  }
  cuts <- shown[-slopes]
  if (length(slopes) == 0L) cuts <- shown
  cat("\nCut-points:\n")
  few <- utils::head(cuts, most_cuts_shown)
  print.default(format(few, digits = digits), print.gap = 2L, quote = FALSE)
  if (length(cuts) > length(few)) cat("... (", length(cuts), " in all)\n", sep = "")
  cat("\nResidual Deviance:", format(x$deviance, digits = digits + 2L))
  cat("\tAIC:", format(x$deviance + 2 * x$edf, digits = digits + 2L), "\n")
  if (length(x$na.action)) cat("(", stats::naprint(x$na.action), ")\n", sep = "")
  cat(wrapped(how_it_was_found(x)), sep = "\n")
  invisible(x)
}

most_cuts_shown <- 20L

#' Summary and covariances of a fit of ordered classes
#'
#' The table of slopes and cut-points with standard errors from any covariance matrix, what is known
#' of infinite estimates and of how the fit was found, and the covariance matrix alone.
#'
#' @param object a fit by [fastordinal()].
#' @param correlation logical: the correlation matrix of the estimates as well?
#' @param digits,signif.stars as for [stats::printCoefmat()].
#' @param vcov which covariance matrix, see [covariances]. By default the model's own.
#' @param complete logical: `NA` for aliased coefficients?
#' @param type,cluster as for [vcov.fastlogit()]. By default the inverse of the observed information
#'   (of the expected one where the fit goes by that: `method = "fisher"`, and penalties).
#' @param x a summary.
#' @param ... for `print()`, as for [stats::printCoefmat()]; for others nothing: an unknown argument
#'   is an error.
#' @return `summary()`: a list of class `c("summary.fastordinal", "summary.polr")`, with
#'   `coefficients` as `polr()`'s summary has them (all coefficients, the cut-points last, with
#'   standard errors and their ratios), and `table`, with p-values.
#'   `vcov()`: the covariance matrix of the slopes and the cut-points.
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastordinal(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' summary(fit)
#' summary(fit, vcov = "HC0")
#' @export
summary.fastordinal <- function(object, correlation = FALSE,
                                digits = max(3L, getOption("digits") - 3L), vcov = NULL, ...) {
  check_no_unknown()
  found <- covariance_of(object, vcov)
  estimates <- shown_estimates(object)
  out <- unclass(object)
  out$table <- wald_table(estimates, errors_by(found), found$df)
  out$coefficients <- `colnames<-`(
    out$table[, 1:3, drop = FALSE], c("Value", "Std. Error", "t value")
  )
  out$pc <- length(object$coefficients)
  out$digits <- digits
  out <- with_notes(out, object, found, correlation)
  structure(out, class = c("summary.fastordinal", "summary.polr"))
}

#' @rdname summary.fastordinal
#' @export
print.summary.fastordinal <- function(x, digits = x$digits,
                                      signif.stars = getOption("show.signif.stars"), ...) {
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n", sep = "")
  slopes <- seq_len(x$pc)
  parts <- list(
    "Coefficients" = x$table[slopes, , drop = FALSE],
    "Cut-points" = x$table[setdiff(seq_len(nrow(x$table)), slopes), 1:3, drop = FALSE]
  )
  for (part in names(parts)) {
    shown <- parts[[part]]
    if (nrow(shown) == 0L) next
    cat("\n", part, ":\n", sep = "")
    of_part <- if (part == "Coefficients") {
      list(signif.stars = signif.stars, has.Pvalue = TRUE)
    } else {
      list(signif.stars = FALSE, has.Pvalue = FALSE)
    }
    few <- shown[seq_len(min(nrow(shown), max(most_cuts_shown, x$pc))), , drop = FALSE]
    do.call(stats::printCoefmat, c(
      list(few, digits = digits, na.print = "NA"), of_part, rounded_columns(shown), list(...)
    ))
    if (nrow(few) < nrow(shown)) cat("... (", nrow(shown), " in all)\n", sep = "")
  }
  print_deviance(x$deviance, x$deviance + 2 * x$edf, digits)
  if (length(x$na.action)) cat("(", stats::naprint(x$na.action), ")\n", sep = "")
  cat(wrapped(c(x$errors, x$infinite, x$found)), sep = "\n")
  invisible(x)
}

#' @rdname summary.fastordinal
#' @export
vcov.fastordinal <- function(object, complete = TRUE,
                             type = c(
                               "observed", "expected", "robust", "HC0", "HC1", "stata", "CR0",
                               "CR1"
                             ), cluster = NULL, ...) {
  check_no_unknown()
  type <- if (missing(type)) own_curvature(object) else check_covariance_type(type, "type")
  found <- ordered_covariance(object, type, cluster)$covariance
  stats::.vcov.aliased(!covariance_names(object), found, complete)
}

#' Confidence intervals of slopes and cut-points
#'
#' By the profile of the likelihood, or by standard errors (Wald intervals) from any covariance
#' matrix: on the scale of the linear predictors, for the logit link log odds ratios.
#'
#' @param object a fit by [fastordinal()].
#' @param parm the coefficients, by number or name, those of the cut-points among them; by default
#'   all slopes.
#' @param level the confidence level.
#' @param method `"profile"`: the values that a likelihood-ratio test does not reject, see
#'   [confint.fastlogit()]; `"wald"`: estimate and standard error.
#' @param vcov which covariance matrix the standard errors come from, see [covariances]; the method
#'   is `"wald"` then.
#' @param threads the number of threads; see [fastlogit_control()].
#' @param ... `trace`, as `polr()`'s method has it: nothing is printed. Any other is an error.
#' @return A matrix of lower and upper ends, or for one coefficient a vector.
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastordinal(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' confint(fit)
#' confint(fit, "Low|Medium")
#' @export
confint.fastordinal <- function(object, parm, level = 0.95, method = c("profile", "wald"),
                                threads = NULL, vcov = NULL, ...) {
  check_no_unknown(also = c("trace", "silent"))
  if (missing(method) && by_wald(object, vcov)) method <- "wald"
  method <- check_intervals(object, method, c("profile", "wald"), level, vcov)
  names <- flat_names(object)
  parm <- if (missing(parm)) {
    seq_along(object$coefficients)
  } else if (is.numeric(parm)) {
    match_terms(parm, names[seq_along(object$coefficients)])
  } else {
    match_terms(parm, names)
  }
  found <- if (method == "wald") covariance_of_intervals(object, vcov)
  bounds <- interval_ends(object, parm, level, found, threads)
  dimnames(bounds) <- list(names[parm], percentages(level))
  if (method == "profile") drop(bounds) else bounds
}

# As MASS has it for a polr, by fits of the model itself: those of other families, with offsets and
# aliased columns among them.
#' @export
profile.fastordinal <- function(fitted, which = seq_along(coefficients), alpha = 0.01,
                                maxsteps = 10, del = zmax / 5, trace = FALSE, threads = NULL, ...) {
  check_no_unknown()
  check_has_likelihood(fitted)
  if (is_separated(fitted)) refuse_wald(fitted, "profile()", "confint()")
  coefficients <- fitted$coefficients
  names <- names(coefficients)
  which <- match_terms(which, names)
  zmax <- sqrt(stats::qchisq(1 - alpha, 1))
  found <- summary(fitted)
  estimated <- which[!is.na(coefficients[which])]
  steps <- del * found$table[estimated, 2L]
  curves <- profile_grid(
    as_profiled(fitted, threads), core_positions(fitted, estimated), steps, zmax, maxsteps - 1L, 1
  )
  slopes <- fitted$position[seq_along(coefficients)]
  profiles <- lapply(curves, function(curve) {
    curve$coefficients <- curve$coefficients[slopes, , drop = FALSE]
    as_profile(curve, coefficients, 1, "z")
  })
  structure(
    stats::setNames(profiles, names[estimated]), original.fit = fitted, summary = found,
    class = c("profile.polr", "profile")
  )
}

# --- what stats' functions ask of a model ---------------------------------------------------------

#' @export
logLik.fastordinal <- function(object, ...) {
  structure(-object$deviance / 2, df = object$edf, nobs = object$nobs, class = "logLik")
}

#' @export
nobs.fastordinal <- function(object, ...) object$nobs

#' @export
extractAIC.fastordinal <- function(fit, scale = 0, k = 2, ...) {
  c(fit$edf, fit$deviance + k * fit$edf)
}

#' @export
model.frame.fastordinal <- model.frame.fastmultinom

#' @export
model.matrix.fastordinal <- model.matrix.fastmultinom

# One response for each row, whatever its weight.
#' @importFrom stats simulate
#' @export
simulate.fastordinal <- function(object, nsim = 1, seed = NULL, ...) {
  warn_of_unknown()
  p <- stats::fitted(object)
  simulated(nsim, seed, rownames(p) %||% seq_len(nrow(p)), function() draw_classes(p, TRUE))
}
