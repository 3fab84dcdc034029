# Matched sets: print, summary, covariances, intervals.

#' @export
print.fastclogit <- function(x, digits = max(1L, getOption("digits") - 3L), signif.stars = FALSE,
                             ...) {
  cat("Call:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  table <- coxph_table(x, covariance_of(x))
  colnames(table)[ncol(table)] <- "p"
  stats::printCoefmat(
    table, digits = digits, signif.stars = signif.stars, P.values = TRUE, has.Pvalue = TRUE, ...
  )
  test <- lr_of_all(x)
  cat("\n")
  if (!is.na(test[["test"]])) {
    cat(
      "Likelihood ratio test=", format(round(test[["test"]], 2L)), " on ", test[["df"]], " df, p=",
      format.pval(test[["pvalue"]], digits = 4L), "\n", sep = ""
    )
  }
  cat("n= ", x$n, ", number of events= ", x$nevent, "\n", sep = "")
  cat(wrapped(c(sets_line(x), how_it_was_found(x))), sep = "\n")
  invisible(x)
}

# Estimates, ratios, standard errors and tests, as coxph() has them. found: see covariance_of().
coxph_table <- function(fit, found) {
  estimates <- shown_estimates(fit)
  wald <- wald_table(estimates, errors_by(found), found$df)
  table <- cbind(wald[, 1L], exp(wald[, 1L]), wald[, -1L, drop = FALSE])
  letter <- if (is.finite(found$df)) "t" else "z"
  dimnames(table) <- list(
    names(estimates), c("coef", "exp(coef)", "se(coef)", letter, paste0("Pr(>|", letter, "|)"))
  )
  table
}

lr_of_all <- function(fit) {
  test <- -2 * diff(rev(fit$loglik))
  if (!is.null(fit$penalty)) test <- NA_real_
  c(test = test, df = fit$rank, pvalue = stats::pchisq(test, fit$rank, lower.tail = FALSE))
}

# "83 sets of 2 to 3 rows, one case in each; dropped: 4 sets (3 of one row, 1 without a case)."
sets_line <- function(fit) {
  of <- fit$sets
  dropped <- sum(of$dropped)
  paste0(
    counted(of$used, "set"), " that ", if (of$used == 1) "varies" else "vary", ": ",
    counted(of$rows, "row"), ", ", counted(of$cases, "case"),
    if (of$paired) " (pairs)" else if (of$single) " (one in each)",
    if (dropped > 0) {
      paste0("; ", counted(dropped, "set"), " dropped: ", dropped_told(of$dropped))
    }, "."
  )
}

#' Summary of a conditional logistic regression
#'
#' As the summary of [survival::clogit()]'s, with lines on the sets and on how the fit was found.
#'
#' @param object a fit by [fastclogit()].
#' @param conf.int the confidence level of the intervals of the odds ratios.
#' @param vcov which covariance matrix, see [covariances]: `"robust"` has the outer products of the
#'   sets' scores, a formula such as `~ firm` those of clusters of sets. By default the model's own.
#' @param lrt logical: likelihood-ratio tests of the coefficients beside Wald's? They are those of
#'   [lr_test()].
#' @param x a summary.
#' @param digits,signif.stars as for [stats::printCoefmat()].
#' @param ... nothing: an unknown argument is an error.
#' @return A list of class `c("summary.fastclogit", "summary.coxph")` with the components of
#'   `summary.coxph()` (`coefficients`, `conf.int`, `logtest`, `sctest`, `waldtest`, `rsq`, ...),
#'   and the lines `sets`, `errors` (with `vcov`), `infinite` and `found`.
#' @examples
#' fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert)
#' summary(fit)
#' summary(fit, vcov = "robust")
#' @export
summary.fastclogit <- function(object, conf.int = 0.95, vcov = NULL, lrt = FALSE, ...) {
  check_no_unknown()
  check_level(conf.int, "conf.int")
  found <- covariance_of(object, vcov)
  table <- coxph_table(object, found)
  kept <- !is.na(object$coefficients) | !is.na(table[, 1L])
  ends <- interval_ends(object, seq_along(object$coefficients), conf.int, found)
  shown <- table[, 1L]
  ratios <- cbind(exp(shown), exp(-shown), exp(ends))
  dimnames(ratios) <- list(
    names(shown), c("exp(coef)", "exp(-coef)", paste(c("lower", "upper"), sub("^0", "", conf.int)))
  )
  df <- object$rank
  tail <- function(test) c(test = test, df = df, pvalue = chi_squared_tail(test, df))
  wald <- if (is_separated(object)) {
    NA_real_
  } else if (is.null(vcov)) {
    object$wald.test
  } else {
    wald_of_all(object, found$covariance)
  }
  explained <- lr_of_all(object)[["test"]]
  structure(
    list(
      call = object$call, fail = NULL, na.action = object$na.action, n = object$n,
      loglik = object$loglik, nevent = object$nevent, coefficients = table[kept, , drop = FALSE],
      conf.int = ratios[kept, , drop = FALSE], logtest = lr_of_all(object),
      sctest = tail(object$score),
      rsq = c(
        rsq = 1 - exp(-explained / object$n), maxrsq = 1 - exp(2 * object$loglik[1L] / object$n)
      ),
      waldtest = tail(wald), used.robust = FALSE,
      concordance = concordance_of(object), lrt = if (check_flag(lrt, "lrt")) lr_test(object),
      sets = sets_line(object), errors = if (!is.null(vcov)) covariance_line(found),
      infinite = if (is_separated(object)) infinite_note(object$separation_details),
      found = how_it_was_found(object)
    ),
    class = c("summary.fastclogit", "summary.coxph")
  )
}

# That the coefficients `at` are zero.
wald_of_all <- function(fit, covariance, at = seq_along(fit$coefficients)) {
  known <- at[!is.na(fit$coefficients[at])]
  if (anyNA(diag(covariance)[known])) return(NA_real_)  # of infinite estimates
  beta <- fit$coefficients[known]
  sum(beta * solve(covariance[known, known, drop = FALSE], beta))
}

# Of pairs of a case and another row of its set, in how many the case has the larger predictor, ties
# counting one half; with the standard error by the sets.
concordance_of <- function(fit) {
  if (is_stripped(fit)) return(.subset2(fit, "stripped")$concordance)
  if (is_stored(fit)) return(NULL)
  fit <- in_memory(fit)
  concordance_within(fit$linear.predictors, case_of_rows(fit), fit$set, fit$weights)
}

# By the ranks of the cases among the rows of their sets. set: numbers from 1; weights: NULL for 1.
concordance_within <- function(eta, y, set, weights = NULL) {
  in_order <- order(set, eta, method = "radix")
  set <- set[in_order]
  tied <- c(TRUE, diff(set) != 0 | diff(eta[in_order]) != 0)
  place <- seq_along(set)
  run <- cumsum(tied)
  rank <- (rowsum(as.double(place), run) / tabulate(run))[run] - match(set, set) + 1
  is_case <- y[in_order] == 1
  sizes <- tabulate(set)
  cases <- tabulate(set[is_case], length(sizes))
  ranks <- numeric(length(sizes))
  ranks[cases > 0] <- rowsum(rank[is_case], set[is_case])
  weight <- rep.int(1, length(sizes))
  if (!is.null(weights)) weight[set] <- weights[in_order]
  ahead <- weight * (ranks - cases * (cases + 1) / 2)
  pairs <- weight * cases * (sizes - cases)
  share <- sum(ahead) / sum(pairs)
  c(C = share, `se(C)` = sqrt(sum((ahead - share * pairs)^2)) / sum(pairs))
}

case_of_rows <- function(fit) unname(unclass(fit$y)[, "status"])

#' @rdname summary.fastclogit
#' @export
print.summary.fastclogit <- function(x, digits = max(getOption("digits") - 3L, 3L),
                                     signif.stars = getOption("show.signif.stars"), ...) {
  cat("Call:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("  n= ", x$n, ", number of events= ", x$nevent, "\n", sep = "")
  if (length(x$na.action)) cat("  (", stats::naprint(x$na.action), ")\n", sep = "")
  cat("\n")
  if (has_numbers(x$coefficients[, c(1L, 3L), drop = FALSE])) {
    stats::printCoefmat(
      x$coefficients, digits = digits, signif.stars = signif.stars, cs.ind = c(1L, 3L),
      tst.ind = 4L, P.values = TRUE, has.Pvalue = TRUE, ...
    )
  } else {
    print(x$coefficients, digits = digits)
  }
  cat("\n")
  print(x$conf.int, digits = digits)
  cat("\n")
  if (!is.null(x$lrt)) print_tests(x$coefficients, x$lrt)
  if (!is.null(x$concordance)) {
    cat(
      "Concordance= ", format(round(x$concordance[1L], 3L)), "  (se = ",
      format(round(x$concordance[2L], 3L)), ")\n", sep = ""
    )
  }
  print_one_test("Likelihood ratio test= ", x$logtest)
  print_one_test("Wald test            = ", x$waldtest)
  print_one_test("Score (logrank) test = ", x$sctest)
  cat("\n", sep = "")
  cat(wrapped(c(x$errors, x$sets, x$infinite, x$found)), sep = "\n")
  invisible(x)
}

print_one_test <- function(title, test) {
  if (is.na(test[["test"]])) return(invisible())
  cat(
    title, format(round(test[["test"]], 2L)), "  on ", test[["df"]], " df,   p=",
    format.pval(test[["pvalue"]], digits = 1L), "\n", sep = ""
  )
}

# --- covariances ----------------------------------------------------------------------------------

#' Covariance matrix of the estimates of matched sets
#'
#' The inverse of the information at the estimate, or a sandwich in which the sets, or clusters of
#' sets, are what is independent.
#'
#' @param object a fit by [fastclogit()].
#' @param complete logical: rows and columns of `NA` for aliased coefficients?
#' @param type `"expected"` (the same as `"observed"`), or a sandwich: `"HC0"` or `"robust"` of the
#'   sets' scores as they are; `"HC1"` times S / (S - k), with S sets and k
#'   coefficients; `"stata"` times S / (S - 1); with `cluster` as for [vcov.fastlogit()].
#' @param cluster a formula, such as `~ firm`, or a value for each row: clusters of whole sets. The
#'   sets themselves are those of `type = "robust"`.
#' @param ... nothing: an unknown argument is an error.
#' @return A symmetric matrix with the names of the coefficients; `NA` where estimates are infinite.
#' @examples
#' fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert)
#' vcov(fit, type = "robust")
#' vcov(fit, cluster = ~ education)
#' @export
vcov.fastclogit <- function(object, complete = TRUE, type = c("expected", "observed", "robust",
                              "HC0", "HC1", "stata", "CR0", "CR1"), cluster = NULL, ...) {
  check_no_unknown()
  chosen <- !missing(type)
  type <- if (chosen) check_covariance_type(type, "type") else "expected"
  if (!is.null(cluster) && !chosen) type <- "CR1"
  found <- estimated_covariance(object, type, cluster)$covariance
  stats::.vcov.aliased(is.na(object$coefficients), found, complete)
}

# --- intervals ------------------------------------------------------------------------------------

#' Confidence intervals of the coefficients of matched sets
#'
#' Intervals from the profile of the conditional likelihood, or Wald's from any covariance matrix of
#' the fit.
#'
#' @param object a fit by [fastclogit()].
#' @param parm the coefficients, by number or name; by default all.
#' @param level the confidence level.
#' @param method `"profile"`: the values that a likelihood-ratio test does not reject, see
#'   [confint.fastlogit()]; `"wald"`: estimate plus and minus a multiple of the standard error.
#' @param vcov which covariance matrix the standard errors come from, see [covariances]; the method
#'   is `"wald"` then.
#' @param threads the number of threads; see [fastlogit_control()].
#' @param ... nothing: an unknown argument is an error.
#' @return A matrix of lower and upper ends, `NA` for aliased coefficients. Under separation ends
#'   are infinite where the likelihood rises for ever.
#' @seealso [exact_test()] for small sets
#' @examples
#' fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert)
#' confint(fit)
#' confint(fit, method = "wald")
#' @export
confint.fastclogit <- function(object, parm, level = 0.95, method = c("profile", "wald"),
                               vcov = NULL, threads = NULL, ...) {
  check_no_unknown()
  if (missing(method) && by_wald(object, vcov)) method <- "wald"
  method <- check_intervals(object, method, c("profile", "wald"), level, vcov)
  names <- names(object$coefficients)
  parm <- match_terms(parm, names)
  found <- if (method == "wald") covariance_of_intervals(object, vcov)
  bounds <- interval_ends(object, parm, level, found, threads)
  dimnames(bounds) <- list(names[parm], percentages(level))
  bounds
}
