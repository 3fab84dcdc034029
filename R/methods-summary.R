# print and summary: glm()'s, and what was used.

# R's own inverse of a large triangle takes minutes. What summary.glm() says of no coefficients is
# completed here.
summarise_wide <- function(fit, dispersion, correlation, symbolic.cor,
                           covariance = !has_sparse_factor(fit) || fit$rank <= moderate_size) {
  out <- plain_summary(without_coefficients(fit), dispersion = dispersion)
  estimated <- !is.na(fit$coefficients)
  inverse <- if (covariance) inverse_information(fit)
  estimate <- fit$coefficients[estimated]
  error <- sqrt(out$dispersion * unscaled_variances(fit, inverse))
  out$coefficients <- table_by(estimate, error, if (is.null(dispersion)) own_df(fit) else Inf)
  out$df <- c(fit$rank, fit$df.residual, length(estimated))
  out$aliased <- !estimated
  names(out$aliased) <- names(fit$coefficients)
  out$cov.unscaled <- inverse
  out$cov.scaled <- if (!is.null(inverse)) out$dispersion * inverse
  if (correlation && !is.null(inverse)) {
    out$correlation <- stats::cov2cor(inverse)
    out$symbolic.cor <- symbolic.cor
  }
  out
}

is_wide <- function(fit) has_sparse_factor(fit) || fit$rank > 200L

# The summary of a two-class fit.
with_infinite_estimates <- function(out, fit) {
  found <- fit$separation_details
  estimated <- rownames(out$coefficients)
  at <- match(estimated, names(fit$coefficients))
  table <- out$coefficients
  table[, 1L] <- shown_estimates(fit)[at]
  if (!is.null(found$limit)) table[, 2L] <- sqrt(out$dispersion * found$limit$variances[at])
  table[!is.finite(table[, 1L]), 2L] <- NA
  table[, 3L] <- table[, 1L] / table[, 2L]
  table[, 4L] <- if (grepl("z", colnames(table)[4L])) {
    2 * stats::pnorm(-abs(table[, 3L]))
  } else {
    2 * stats::pt(-abs(table[, 3L]), fit$df.residual)
  }
  out$coefficients <- table
  if (!is.null(out$cov.unscaled)) {
    out$cov.unscaled <- limit_covariance(fit, "expected")[at, at, drop = FALSE]
    out$cov.scaled <- out$dispersion * out$cov.unscaled
    if (!is.null(out$correlation)) out$correlation <- correlations(out$cov.unscaled)
  }
  out$infinite <- infinite_note(found)
  out
}

infinite_note <- function(found) {
  note <- paste0(capitalised(found$kind), " separation: ", estimates_told(found), ".")
  open <- anyNA(found$coefficients)
  paste0(
    note, if (open) " These are shown as NA.", undecided_told(found, " "), " See separation()."
  )
}

has_numbers <- function(table) nrow(table) == 0L || any(is.finite(table[, 1:2]))

# Of stored rows there are no residuals to show.
#' @export
print.summary_stored <- function(x, ...) {
  x$deviance.resid <- numeric(5L)
  cat(without_residuals_shown(utils::capture.output(NextMethod())), sep = "\n")
  invisible(x)
}

# Before R 4.3.0 the quantiles of the deviance residuals come first.
without_residuals_shown <- function(lines) {
  at <- which(startsWith(lines, "Deviance Residuals:"))
  if (length(at)) lines[-(at[1L] + 0:3)] else lines
}

# --- print and summary ----------------------------------------------------------------------------

#' @export
print.fastlogit <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  shown <- unclass(x)
  shown$coefficients <- shown_estimates(x)
  print(structure(shown, class = c("glm", "lm")), digits = digits, ...)
  cat(wrapped(how_it_was_found(x)), sep = "\n")
  invisible(x)
}

#' Summary of a logistic regression
#'
#' As [stats::summary.glm()], with a last line on how the fit was found.
#'
#' The standard errors are those of the expected information at the estimate, as `glm()`'s are but
#' for the digits. Where the data are separated, infinite estimates are shown as `Inf` or `-Inf`,
#' without a standard error, and the others are those of the rows that are left; see [separation()].
#'
#' @param object a fit by [fastlogit()].
#' @param dispersion,correlation,symbolic.cor as for [stats::summary.glm()].
#' @param lrt logical: likelihood-ratio tests of the coefficients beside Wald's? They are those of
#'   [lr_test()].
#' @param vcov which covariance matrix, see [covariances]. By default the model's own.
#' @param x a summary.
#' @param ... for `print()` what `print.summary.glm()` takes, such as `digits` and `signif.stars`;
#'   for `summary()` nothing: an unknown argument is an error.
#' @return A list of class `c("summary.fastlogit", "summary.glm")` with the components of
#'   `summary.glm()`, `found`, the last line, `infinite`, the line on separation or `NULL`,
#'   `extreme`, the line on fitted probabilities numerically 0 or 1 (of which `glm()` warns) or
#'   `NULL`, with `vcov` the line `errors` on it (`cov.scaled` is that matrix, and of the t
#'   distribution `errors.df` the degrees of freedom), with `lrt` the table
#'   `lrt`, and `hauck.donner`, the names of coefficients whose Wald tests mislead, if there are
#'   any.
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' summary(fit)
#' summary(fit, lrt = TRUE)
#' summary(fit, vcov = "HC3")
#' @export
summary.fastlogit <- function(object, dispersion = NULL, correlation = FALSE,
                              symbolic.cor = FALSE, lrt = FALSE, vcov = NULL, ...) {
  check_no_unknown()
  if (!is.null(vcov) && !is.null(dispersion)) {
    input_error("`vcov` and `dispersion` are two answers to one question: give one of them.")
  }
  out <- if (is_wide(object)) {
    summarise_wide(object, dispersion, correlation, symbolic.cor)
  } else {
    plain_summary(
      as_light_glm(object),
      dispersion = dispersion, correlation = correlation, symbolic.cor = symbolic.cor
    )
  }
  if (is_separated(object)) out <- with_infinite_estimates(out, object)
  if (!is.null(vcov)) out <- with_errors_by(out, object, vcov)
  misleading <- if (is.null(vcov)) misleading_tests(object, out$coefficients)
  if (length(misleading)) out$hauck.donner <- misleading
  if (check_flag(lrt, "lrt")) out$lrt <- lr_test(object)
  out$extreme <- extreme_means_note(object)
  out$found <- how_it_was_found(object)
  class(out) <- c("summary.fastlogit", class(out))
  out
}

#' @rdname summary.fastlogit
#' @export
print.summary.fastlogit <- function(x, ...) {
  # printCoefmat() rounds estimates by their standard errors, and is at a loss where there are none.
  if (has_numbers(x$coefficients)) NextMethod() else NextMethod(cs.ind = integer(), tst.ind = 3L)
  if (!is.null(x$lrt)) print_tests(x$coefficients, x$lrt)
  if (length(x$hauck.donner)) cat(wrapped(hauck_donner_line(x)), "", sep = "\n")
  cat(wrapped(c(x$errors, x$infinite, x$extreme, x$found)), sep = "\n")
  invisible(x)
}

# The table by another covariance matrix.
with_errors_by <- function(out, fit, vcov) {
  found <- covariance_of(fit, vcov)
  at <- match(rownames(out$coefficients), names(fit$coefficients))
  out$coefficients <- table_by(out$coefficients[, 1L], errors_by(found)[at], found$df)
  out$cov.scaled <- found$covariance[at, at, drop = FALSE]
  if (!is.null(out$correlation)) out$correlation <- correlations(out$cov.scaled)
  out$errors <- covariance_line(found)
  out$errors.df <- if (is.finite(found$df)) found$df
  out
}

# The two p-values of each coefficient.
print_tests <- function(coefficients, lrt) {
  lrt <- as.matrix(lrt[rownames(coefficients), utils::tail(names(lrt), 2L), drop = FALSE])
  table <- cbind(format(signif(lrt[, 1L], 5L)), format.pval(lrt[, 2L], 3L),
                 format.pval(coefficients[, 4L], 3L))
  dimnames(table) <- list(rownames(coefficients), c(colnames(lrt), colnames(coefficients)[4L]))
  cat("Likelihood-ratio tests, beside Wald's:\n")
  print(table, quote = FALSE, right = TRUE)
  cat("\n")
}

hauck_donner_line <- function(summary) {
  one <- length(summary$hauck.donner) == 1L
  paste0(
    "Hauck-Donner effect: the Wald ", if (one) "test of " else "tests of ",
    quoted(summary$hauck.donner), if (one) " misleads" else " mislead",
    " (a larger estimate would have a larger p-value). ",
    if (is.null(summary$lrt)) "Use summary(, lrt = TRUE)." else "Use the likelihood-ratio test."
  )
}
