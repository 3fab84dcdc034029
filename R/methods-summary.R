# print and summary: glm()'s, and what was used.

# R's own inverse of a large triangle takes minutes. What summary.glm() says of no coefficients is
# completed here.
summarise_wide <- function(fit, dispersion, correlation, symbolic.cor,
                           covariance = !has_sparse_factor(fit) || fit$rank <= moderate_size) {
  out <- plain_summary(without_coefficients(fit), dispersion = dispersion)
  estimated <- !is.na(fit$coefficients)
  inverse <- if (covariance) inverse_information(fit)
  out$coefficients <- wald_table(
    fit$coefficients[estimated], sqrt(out$dispersion * unscaled_variances(fit, inverse)),
    if (is.null(dispersion)) own_df(fit) else Inf
  )
  out$df <- c(fit$rank, fit$df.residual, length(estimated))
  out$aliased <- stats::setNames(!estimated, names(fit$coefficients))
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
left_out_line <- function(left_out, all) {
  if (left_out == 0L) return(NULL)
  paste0(
    left_out, " of ", counted(all, "coefficient"), if (left_out == 1L) " is" else " are",
    " not shown: print() the summary with `max = Inf`, or see its `coefficients`."
  )
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
  left_out <- left_out_line(all - length(shown$aliased), all)
  cat(wrapped(c(left_out, x$errors, x$infinite, x$extreme, x$found)), sep = "\n")
  invisible(x)
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
  # printCoefmat() rounds estimates by their standard errors, and is at a loss where there are none.
  if (has_numbers(x$coefficients)) print(x, ...) else print(x, cs.ind = integer(), tst.ind = 3L, ...)
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

# --- separation -----------------------------------------------------------------------------------

#' @rdname separation
#' @order 3
#' @export
print.separation <- function(x, ...) {
  if (x$kind == "none") {
    cat(wrapped(paste0(
      "No separation: all maximum-likelihood estimates are finite (", counted(x$used, "row"), ")."
    )), sep = "\n")
    return(invisible(x))
  }
  cat(wrapped(paste0(capitalised(x$kind), " separation: ", estimates_told(x), ".")), "", sep = "\n")
  print(x$coefficients)
  cat("\n0: finite. Inf, -Inf: infinite.", if (anyNA(x$coefficients)) "NA: the data leave it open.")
  if (length(x$undecided)) cat("\n", wrapped(undecided_told(x, "")), sep = "\n")
  cat("\n", wrapped(paste0("Because: ", x$cause, ".")), sep = "\n")
  rows <- if (is.null(names(x$rows))) x$rows else names(x$rows)
  told <- listed(rows, 20L, max(length(rows), x$separated))
  cat(wrapped(paste0("Separated: ", if (length(rows) == 1L) "row " else "rows ", told, ".")), sep = "\n")
  invisible(x)
}

#' Separation: which maximum-likelihood estimates are infinite
#'
#' Where a linear combination of the predictors tells successes from failures, without error in some
#' rows and with nothing to tell in the others, the likelihood has no maximum: it keeps rising as
#' the coefficients go to infinity along that combination. `separation()` tells which coefficients
#' do, in which direction, and which rows cause it. [fastlogit()] and [fastmultinom()] ask by
#' themselves wherever a fit shows a sign of it; `detect_separation()` asks before any fit.
#'
#' A direction \eqn{b}{b} is one of *recession* if no row's likelihood falls along it: \eqn{x_i'b
#' \ge 0}{x_i'b >= 0} for successes, \eqn{x_i'b \le 0}{x_i'b <= 0} for failures, and \eqn{x_i'b =
#' 0}{x_i'b = 0} where both were observed (\eqn{0 < y_i < 1}{0 < y_i < 1}). Offsets, and the sizes
#' of positive weights, play no part; rows of weight zero are left out. These directions form a
#' convex cone \eqn{C}{C}. Where it holds zero alone the maximum exists, otherwise it does not
#' (Albert and Anderson 1984). The separation is *complete* where some direction in \eqn{C}{C} has
#' \eqn{x_i'b \neq 0}{x_i'b != 0} in all rows, else *quasi-complete*. This holds for the logit,
#' probit, cloglog, cauchit and log-log links. With the log link, whose linear predictors must stay
#' below zero, a success has no slack: \eqn{x_i'b = 0}{x_i'b = 0} where \eqn{y_i > 0}{y_i > 0},
#' \eqn{x_i'b \le 0}{x_i'b <= 0} where \eqn{y_i = 0}{y_i = 0}. Under the identity link nothing is
#' infinite. A link of one's own is like one of these where its means rise from 0 to 1, by the edges
#' of its domain; of others it is an error to ask (class `fastlogit_not_decided`). With many classes
#' a row of class \eqn{c}{c} asks for \eqn{x_i'(b_c - b_k) \ge 0}{x_i'(b_c - b_k) >= 0} for each
#' other class \eqn{k}{k}, where \eqn{b}{b} is zero for the baseline.
#'
#' The estimate of a coefficient is infinite where \eqn{b_j}{b_j} keeps one sign on \eqn{C}{C} and
#' is not zero on all of it: then it goes to infinity on every way up. Where it is zero on all of
#' \eqn{C}{C} the estimate is finite, and it is that of the rows that remain when the separated ones
#' are left out (`summary()` shows it, with its standard error). Where it takes both signs on
#' \eqn{C}{C}, as most coefficients do under complete separation, the data leave it open: the
#' likelihood comes as close to its supremum with either sign. Such a coefficient is `NA`.
#'
#' All this is decided exactly, up to rounding, by linear programs (Konis 2007), not by the size of
#' estimates: an estimate of 30 may be finite, and one of 12 on its way to infinity. One program is
#' not enough, as its solution need not show all rows that can be separated: it is repeated on the
#' rows that are left until their sum shows that there are no more. Then each coefficient is asked
#' for its least and its largest value on \eqn{C}{C}, in the few dimensions that it has. The
#' programs are solved on some rows; those that a solution violates are added until there are none,
#' so that the number of rows hardly matters. Separated rows may be left out one after another,
#' which is also what makes the method of Correia, Guimaraes and Zylkin (2019) work.
#'
#' Where the score at the end of a fit proves that there is a maximum, whatever the method, no
#' program is solved. More than a hundred coefficients, such as those of a factor of thousands of
#' levels, are decided by fits of the rows' demands and by parts that share no row; what is left
#' undecided, if anything, is named.
#'
#' @param fit a fit by [fastlogit()] or [fastmultinom()]. The estimates of a penalised fit are
#'   finite (and its `separation` is zero); what is told are those that it would have without.
#' @param formula,data,weights,subset,na.action,offset,contrasts as for [fastlogit()]; a response of
#'   more than two classes as for [fastmultinom()].
#' @param family [stats::binomial()] or [stats::quasibinomial()]; of no matter for many classes.
#' @param x an object of class `separation`.
#' @param ... for `detect_separation()` nothing: an unknown argument is an error.
#' @order 1
#' @return An object of class `separation`, for p columns of the design a list of
#'   \item{kind}{`"none"`, `"quasi-complete"` or `"complete"`}
#'   \item{coefficients}{for each coefficient, a log odds ratio for the logit link, `0` (finite, or
#'     aliased), `Inf`, `-Inf`, or `NA` (open): a vector of p, or a (K - 1) x p matrix as
#'     [coef.fastmultinom()] gives it. This is `fit$separation`}
#'   \item{rows}{the numbers of the rows that are separated, by the names of the rows}
#'   \item{direction}{coefficients, of the shape of `coefficients`, that separate all these rows at
#'     once, and leave the others alone}
#'   \item{undecided}{the names of coefficients that are `NA` because they are not decided: there
#'     are many dimensions of recession that do not fall into parts, and fits did not tell}
#'   \item{separated}{how many rows are separated: of a source only the first thousand are named}
#'   \item{used}{the number of rows of positive weight}
#'   \item{cause}{what the separated rows have in common, in words}
#' @references
#' Albert, A. and Anderson, J. A. (1984) On the existence of maximum likelihood estimates in
#' logistic regression models. *Biometrika* **71**, 1-10.
#'
#' Konis, K. (2007) *Linear Programming Algorithms for Detecting Separated Data in Binary Logistic
#' Regression Models*. DPhil thesis, University of Oxford.
#'
#' Correia, S., Guimaraes, P. and Zylkin, T. (2019) Verifying the existence of maximum likelihood
#' estimates for generalized linear models. arXiv:1903.01633.
#'
#' Heinze, G. and Schemper, M. (2002) A solution to the problem of separation in logistic
#' regression. *Statistics in Medicine* **21**, 2409-2419.
#' @seealso `vignette("separation")`; [penalty_ridge()] for penalties that make estimates finite,
#'   [summary.fastlogit()], [confint.fastlogit()]
#' @examples
#' d <- data.frame(dose = c(1, 1, 2, 2, 3, 3, 4, 4), y = c(0, 0, 0, 1, 0, 1, 1, 1))
#' detect_separation(y ~ dose, data = d)
#' detect_separation(y ~ factor(dose), data = d)
#'
#' fit <- suppressWarnings(fastlogit(y ~ factor(dose), data = d))
#' fit$separation
#' separation(fit)
#' summary(fit)
#' @export
separation <- function(fit) {
  if (!is_fit(fit) && !is_ordered_fit(fit)) {
    input_error(
      "`fit` must be a fit by fastlogit() or fastmultinom(): found ", described(fit), ". ",
      "detect_separation() takes a formula and data."
    )
  }
  if (is_separated(fit)) return(fit$separation_details)
  if (!is.null(fit$penalty) || !is_known_to_be_finite(fit)) return(separation_of_rows(fit))
  known <- all_coefficients(fit)
  no_separation(names(known), dimnames(known), used_rows(fit))
}
