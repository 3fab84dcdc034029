# print and summary: glm()'s, and what was used.

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
#' @param x a summary.
#' @param ... for `print()` what `print.summary.glm()` takes, such as `digits` and `signif.stars`;
#'   for `summary()` nothing: an unknown argument is an error.
#' @return A list of class `c("summary.fastlogit", "summary.glm")` with the components of
#'   `summary.glm()`, `found`, the last line, `infinite`, the line on separation or `NULL`,
#'   `extreme`, the line on fitted probabilities numerically 0 or 1 (of which `glm()` warns) or
#'   `NULL`, with `lrt` the table `lrt`, and `hauck.donner`, the names of coefficients whose Wald
#'   tests mislead, if there are any.
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' summary(fit)
#' summary(fit, lrt = TRUE)
#' @export
summary.fastlogit <- function(object, dispersion = NULL, correlation = FALSE,
                              symbolic.cor = FALSE, lrt = FALSE, ...) {
  check_no_unknown()
  out <- if (is_wide(object)) {
    summarise_wide(object, dispersion, correlation, symbolic.cor)
  } else {
    plain_summary(
      as_light_glm(object),
      dispersion = dispersion, correlation = correlation, symbolic.cor = symbolic.cor
    )
  }
  if (!is.null(object$separation_details)) out <- with_infinite_estimates(out, object)
  misleading <- misleading_tests(object, out$coefficients)
  if (length(misleading)) out$hauck.donner <- misleading
  if (check_flag(lrt, "lrt")) out$lrt <- lr_test(object)
  out$extreme <- extreme_means_note(object)
  out$found <- how_it_was_found(object)
  class(out) <- c("summary.fastlogit", class(out))
  out
}

# Of rows elsewhere there are no residuals to show.
#' @export
print.summary_stored <- function(x, ...) {
  x$deviance.resid <- numeric(5L)
  cat(without_residuals_shown(utils::capture.output(NextMethod())), sep = "\n")
  invisible(x)
}

#' @rdname summary.fastlogit
#' @export
print.summary.fastlogit <- function(x, ...) {
  # printCoefmat() rounds estimates by their standard errors, and is at a loss where there are none.
  if (has_numbers(x$coefficients)) NextMethod() else NextMethod(cs.ind = integer(), tst.ind = 3L)
  if (!is.null(x$lrt)) print_tests(x$coefficients, x$lrt)
  if (length(x$hauck.donner)) cat(wrapped(hauck_donner_line(x)), "", sep = "\n")
  cat(wrapped(c(x$infinite, x$extreme, x$found)), sep = "\n")
  invisible(x)
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

# "Newton-Raphson, logit link: converged in 5 iterations (decrement 3e-21); 23 rows, 1 thread"
how_it_was_found <- function(fit) {
  decrement <- utils::tail(fit$history$decrement, 1L)
  rows <- if (is_stored(fit)) fit$stored$design$rows else NROW(fit$fitted.values)
  paste0(
    method_title(fit$algorithm), ", ", information_used(fit), ", ", link_title(fit),
    if (!is.null(fit$penalty)) paste0(", ", penalty_title(fit$penalty)), ": ",
    outcome_title(fit$status), " ", counted(fit$iter, "iteration"),
    if (length(decrement)) paste0(" (decrement ", format(decrement, digits = 1L), ")"),
    "; ", counted(rows, "row"), ", ", who_worked(fit),
    if (fit$orthogonalised) "; nearly dependent columns, orthogonalised"
  )
}

who_worked <- function(fit) {
  if (is.null(fit$workers)) counted(fit$threads, "thread") else counted(fit$workers, "worker")
}

wrapped <- function(line) strwrap(line, width = 0.95 * getOption("width"), exdent = 2L)

method_title <- function(algorithm) {
  switch(algorithm,
    newton = "Newton-Raphson", fisher = "Fisher scoring", gradient = "L-BFGS"
  )
}

information_used <- function(fit) {
  if (fit$algorithm == "gradient") return("first derivatives")
  many <- is.null(fit$family)
  if (many || fit$algorithm == "fisher" || is_canonical(fit$family)) return("expected information")
  "observed information"
}

link_title <- function(fit) {
  if (is.null(fit$family)) return(counted(length(fit$lab), "class", "es"))
  paste(fit$family$link, "link")
}

outcome_title <- function(status) {
  switch(status,
    converged = "converged in", boundary = "on the boundary after",
    diverging = "separation, stopped after",
    paste0("not converged (", status, "), stopped after")
  )
}

counted <- function(n, noun, plural = "s") {
  paste0(format(n, scientific = FALSE), " ", noun, if (n != 1) plural)
}
