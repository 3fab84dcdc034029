# What a fit has to say of separation.

#' @rdname separation
#' @order 3
#' @export
print.separation <- function(x, ..., max = 100L) {
  if (x$kind == "none") {
    cat(wrapped(paste0(
      "No separation: all maximum-likelihood estimates are finite (", counted(x$used, "row"), ")."
    )), sep = "\n")
    return(invisible(x))
  }
  cat(wrapped(paste0(capitalised(x$kind), " separation: ", estimates_told(x), ".")), "", sep = "\n")
  print_first(x$coefficients, max)
  cat("\n0: finite. Inf, -Inf: infinite.", if (anyNA(x$coefficients)) "NA: the data leave it open.")
  if (length(x$undecided)) cat("\n", wrapped(undecided_told(x, "")), sep = "\n")
  cat("\n", wrapped(paste0("Because: ", x$cause, ".")), sep = "\n")
  rows <- if (is.null(names(x$rows))) x$rows else names(x$rows)
  told <- listed(rows, 20L, max(length(rows), x$separated))
  noun <- if (length(rows) == 1L) "row" else "rows"
  cat(wrapped(paste0("Separated: ", noun, " ", told, ".")), sep = "\n")
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
#' @param max at most how many coefficients are printed.
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
  if (!is_fit(fit)) {
    input_error(
      "`fit` must be a fit by fastlogit() or fastmultinom(): found ", described(fit), ". ",
      "detect_separation() takes a formula and data."
    )
  }
  if (is_separated(fit)) return(fit$separation_details)
  if (!is.null(fit$penalty) || !is_known_to_be_finite(fit)) return(separation_of_rows(fit))
  if (inherits(fit, "fastclogit")) {
    return(no_separation(names(fit$coefficients), NULL, as.integer(fit$sets$rows)))
  }
  known <- all_coefficients(fit)
  no_separation(names(known), dimnames(known), used_rows(fit))
}
