# print and summary: glm()'s, and what was used.

# R's own inverse of a large triangle takes minutes. What summary.glm() says of no coefficients is
# completed here; of many coefficients the matrices are made when they are read.
summarise_wide <- function(fit, dispersion, correlation, symbolic.cor,
                           covariance = !has_sparse_factor(fit) || fit$rank <= moderate_size) {
  out <- plain_summary(without_coefficients(fit), dispersion = dispersion)
  estimated <- !is.na(fit$coefficients)
  inverse <- if (covariance && fit$rank <= many_variances) inverse_information(fit)
  variances <- if (is.null(inverse)) unscaled_variances(fit) else diag(inverse)
  out$coefficients <- wald_table(
    fit$coefficients[estimated], sqrt(out$dispersion * variances),
    if (is.null(dispersion)) own_df(fit) else Inf
  )
  out$df <- c(fit$rank, fit$df.residual, length(estimated))
  out$aliased <- stats::setNames(!estimated, names(fit$coefficients))
  out$cov.unscaled <- inverse
  out$cov.scaled <- if (!is.null(inverse)) out$dispersion * inverse
  if (covariance && is.null(inverse)) out <- with_covariance_on_demand(out, fit)
  if (correlation && covariance) {
    out$correlation <- stats::cov2cor(out$cov.unscaled)
    out$symbolic.cor <- symbolic.cor
  }
  out
}

with_covariance_on_demand <- function(summary, fit) {
  of <- list(coefficients = fit$coefficients, cholesky = fit$cholesky, rank = fit$rank)
  names <- rownames(summary$coefficients)
  on_demand <- function(what, dispersion) {
    matrix_on_demand_impl(maker_of_covariance(of, dispersion), what, names)
  }
  summary$cov.unscaled <- on_demand("cov.unscaled", 1)
  summary$cov.scaled <- on_demand("cov.scaled", summary$dispersion)
  summary
}

# It keeps no more of the fit than it needs.
maker_of_covariance <- function(of, dispersion) {
  force(of)
  force(dispersion)
  function(name) as.vector(dispersion * inverse_information(of))
}

is_wide <- function(fit) has_sparse_factor(fit) || fit$rank > most_by_lapack

# The summary of a two-class fit.
with_infinite_estimates <- function(out, fit) {
  found <- fit$separation_details
  estimated <- rownames(out$coefficients)
  at <- match(estimated, names(fit$coefficients))
  shown <- stats::setNames(shown_estimates(fit)[at], estimated)
  errors <- out$coefficients[, 2L]
  if (!is.null(found$limit)) errors <- sqrt(out$dispersion * found$limit$variances[at])
  errors[!is.finite(shown)] <- NA
  z_tests <- grepl("z", colnames(out$coefficients)[4L])
  out$coefficients <- wald_table(shown, errors, if (z_tests) Inf else fit$df.residual)
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

# Before R 4.3.0 the quantiles of the deviance residuals come first: not of rows that are stored, or
# gone. The iterations are told in the last line, with what was iterated.
lines_of_glm <- function(lines, residuals) {
  iterations <- which(startsWith(lines, "Number of Fisher Scoring iterations:"))
  if (length(iterations)) lines <- lines[-(utils::tail(iterations, 1L) + 0:1)]
  if (!nzchar(utils::tail(lines, 1L))) lines <- utils::head(lines, -1L)
  at <- which(startsWith(lines, "Deviance Residuals:"))
  if (residuals || length(at) == 0L) lines else lines[-(at[1L] + 0:3)]
}

# How many coefficients a printed table leaves out.
left_out_line <- function(left_out, all, printed = "") {
  if (left_out == 0L) return(NULL)
  paste0(
    left_out, " of ", counted(all, "coefficient"), if (left_out == 1L) " is" else " are",
    " not shown: print() ", printed, "with `max = Inf`, or see its `coefficients`."
  )
}

# --- print and summary ----------------------------------------------------------------------------

#' @export
print.fastlogit <- function(x, digits = max(3L, getOption("digits") - 3L), ..., max = 100L) {
  check_most(max)
  shown <- unclass(x)
  estimates <- shown_estimates(x)
  shown$coefficients <- utils::head(estimates, max)
  print(structure(shown, class = c("glm", "lm")), digits = digits, ...)
  left_out <- left_out_line(length(estimates) - length(shown$coefficients), length(estimates))
  if (!is.null(left_out)) cat(wrapped(left_out), sep = "\n")
  cat(wrapped(how_it_was_found(x)), sep = "\n")
  invisible(x)
}

#' Summary of a logistic regression
#'
#' Coefficients (log odds ratios for the logit link) with standard errors, z values and p-values, as
#' from [stats::summary.glm()], and a last line on how the fit was found.
#'
#' The standard errors are those of the expected information at the estimate, as `glm()`'s are but
#' for the digits. Where the data are separated, infinite estimates are shown as `Inf` or `-Inf`,
#' without a standard error, and the others are those of the rows that are left; see [separation()].
#'
#' @param object a fit by [fastlogit()].
#' @param dispersion,correlation,symbolic.cor as for [stats::summary.glm()].
#' @param lrt logical: likelihood-ratio tests of the coefficients beside Wald tests? They are those
#'   of [lr_test()].
#' @param vcov which covariance matrix, see [covariances]. By default the model's own.
#' @param x a summary.
#' @param max how many coefficients are printed at most; the line below them says how many are left
#'   out. `max = Inf` shows all.
#' @param ... for `print()` what `print.summary.glm()` takes, such as `digits` and `signif.stars`;
#'   for `summary()` nothing: an unknown argument is an error.
#' @return A list of class `c("summary.fastlogit", "summary.glm")` with the components of
#'   `summary.glm()` (`coefficients`: a matrix of four columns and a row for each coefficient that
#'   is not `NA`, estimates and standard errors on the scale of the linear predictor, log odds
#'   ratios for the logit link; `cov.scaled`: as many rows and columns), `found`, the last line,
#'   `infinite`, the line on separation or `NULL`, `extreme`, the line on fitted probabilities
#'   numerically 0 or 1 (of which `glm()` warns) or `NULL`, with `vcov` the line `errors` on it
#'   (`cov.scaled` is that matrix, and of the t distribution `errors.df` the degrees of freedom),
#'   with `lrt` the table `lrt`, and `hauck.donner`, the names of coefficients whose Wald tests
#'   mislead, if there are any.
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
  if (is_deferred(object) && !has_known_dispersion(object$family)) object <- in_memory(object)
  out <- if (is_wide(object)) {
    summarise_wide(object, dispersion, correlation, symbolic.cor)
  } else {
    plain_summary(
      as_light_glm(object),
      dispersion = dispersion, correlation = correlation, symbolic.cor = symbolic.cor
    )
  }
  if (is_separated(object)) out <- with_infinite_estimates(out, object)
  by_matrix <- !is.null(vcov) || is_surveyed(object)
  if (by_matrix) out <- with_errors_by(out, object, vcov)
  misleading <- if (!by_matrix) misleading_tests(object, out$coefficients)
  if (length(misleading)) out$hauck.donner <- misleading
  if (check_flag(lrt, "lrt")) out$lrt <- lr_test(object)
  out$extreme <- extreme_means_note(object)
  out$found <- how_it_was_found(object)
  if (!has_values_by_row(object)) out$deviance.resid <- residuals_if_shown(object, out)
  class(out) <- c("summary.fastlogit", class(out))
  out
}

# Before R 4.3.0 the summary of a glm has them.
residuals_if_shown <- function(fit, summary) {
  if (is_deferred(fit) && !is.null(summary$deviance.resid)) stats::residuals(fit)
}

#' @rdname summary.fastlogit
#' @export
print.summary.fastlogit <- function(x, ..., max = 50L) {
  check_most(max)
  all <- length(x$aliased)
  shown <- first_coefficients(x, max)
  lines <- utils::capture.output(print_as_glm(shown, ...))
  cat(lines_of_glm(lines, residuals = !is.null(x$deviance.resid)), "", sep = "\n")
  if (!is.null(x$lrt)) print_tests(shown$coefficients, x$lrt)
  if (length(x$hauck.donner)) cat(wrapped(hauck_donner_line(x)), "", sep = "\n")
  left_out <- left_out_line(all - length(shown$aliased), all, "the summary ")
  cat(wrapped(c(left_out, x$errors, x$infinite, x$extreme, x$found)), sep = "\n")
  invisible(x)
}

# The first of a vector, or of the columns of a matrix.
print_first <- function(x, max) {
  check_most(max)
  count <- NCOL(t(x))
  if (count <= max) return(print(x))
  print(if (is.matrix(x)) x[, seq_len(max), drop = FALSE] else utils::head(x, max))
  cat(wrapped(left_out_line(count - max, count)), sep = "\n")
}

check_most <- function(max) {
  sound <- is.numeric(max) && length(max) == 1L && !is.na(max) && max >= 1
  check_that(sound, max, "`max` must be a number of 1 or more")
}

first_coefficients <- function(x, max) {
  if (length(x$aliased) <= max) return(x)
  x$aliased <- utils::head(x$aliased, max)
  x$coefficients <- x$coefficients[names(x$aliased)[!x$aliased], , drop = FALSE]
  x
}

print_as_glm <- function(x, ...) {
  class(x) <- "summary.glm"
  if (is.null(x$deviance.resid)) x$deviance.resid <- numeric(5L)
  do.call(print, c(list(x), rounded_columns(x$coefficients), list(...)))
}

# printCoefmat() rounds estimates by their standard errors, and is at a loss where there are none.
rounded_columns <- function(table) {
  if (has_numbers(table)) list() else list(cs.ind = integer(), tst.ind = 3L)
}

# Of many classes, in order or not: what a summary says besides its tables, and its last numbers, as
# those of nnet and MASS have them.
with_notes <- function(summary, fit, found, correlation) {
  summary$infinite <- if (is_separated(fit)) infinite_note(fit$separation_details)
  summary$found <- how_it_was_found(fit)
  summary$errors <- covariance_line(found)
  if (correlation) {
    kept <- covariance_names(fit)
    summary$correlation <- correlations(found$covariance[kept, kept, drop = FALSE])
  }
  summary
}

print_deviance <- function(deviance, aic, digits) {
  cat("\nResidual deviance: ", format(deviance, digits = max(5L, digits + 1L)), "\n", sep = "")
  cat("AIC: ", format(aic, digits = max(4L, digits + 1L)), "\n\n", sep = "")
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
