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
#' @param x a summary.
#' @param ... passed on to `print.summary.glm()`, such as `digits` and `signif.stars`.
#' @return A list of class `c("summary.fastlogit", "summary.glm")` with the components of
#'   `summary.glm()`, `found`, the last line, and `infinite`, the line on separation or `NULL`.
#' @examples
#' summary(fastlogit(fail ~ temp, data = oring))
#' @export
summary.fastlogit <- function(object, dispersion = NULL, correlation = FALSE,
                              symbolic.cor = FALSE, ...) {
  out <- if (is_wide(object)) {
    summarise_wide(object, dispersion, correlation, symbolic.cor, ...)
  } else {
    stats::summary.glm(
      as_light_glm(object),
      dispersion = dispersion, correlation = correlation, symbolic.cor = symbolic.cor, ...
    )
  }
  if (!is.null(object$recession)) out <- with_infinite_estimates(out, object)
  out$found <- how_it_was_found(object)
  class(out) <- c("summary.fastlogit", class(out))
  out
}

#' @rdname summary.fastlogit
#' @export
print.summary.fastlogit <- function(x, ...) {
  # printCoefmat() rounds estimates by their standard errors, and is at a loss where there are none.
  if (has_numbers(x$coefficients)) NextMethod() else NextMethod(cs.ind = integer(), tst.ind = 3L)
  cat(wrapped(c(x$infinite, x$found)), sep = "\n")
  invisible(x)
}

# "Newton-Raphson, logit link: converged in 5 iterations (decrement 3e-21); 23 rows, 1 thread"
how_it_was_found <- function(fit) {
  decrement <- utils::tail(fit$history$decrement, 1L)
  rows <- NROW(fit$fitted.values)
  paste0(
    method_title(fit$algorithm), ", ", information_used(fit), ", ", link_title(fit),
    if (!is.null(fit$penalty)) paste0(", ", penalty_title(fit$penalty)), ": ",
    outcome_title(fit$status), " ", counted(fit$iter, "iteration"),
    if (length(decrement)) paste0(" (decrement ", format(decrement, digits = 1L), ")"),
    "; ", counted(rows, "row"), ", ", counted(fit$threads, "thread"),
    if (fit$orthogonalised) "; nearly dependent columns, orthogonalised"
  )
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

counted <- function(n, noun, plural = "s") paste0(n, " ", noun, if (n != 1) plural)
