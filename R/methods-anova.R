# The doors to tests of terms, and those of penalised fits: what stats' methods compare are
# maximum-likelihood fits.

#' Tests of the terms of a fit
#'
#' `drop1()`, `add1()` and `anova()`: what each term adds to a fit, and comparisons of nested fits.
#'
#' For fits without a penalty the tables are those of the methods for `glm`, of `step()` as of
#' `drop1()`, `add1()` and `anova()` (and of `car::Anova()`, `MASS::dropterm()` and `addterm()`).
#' The smaller and larger models are fitted to the design that is there (of `add1()`, that of all of
#' `scope`), from the coefficients at hand, and share their passes over the rows, so that all tests
#' together take a few times the time of the fit. Where that does not lead to a maximum for certain
#' (columns that depend on each other, separation, several maxima), each model has a fit of its own;
#' under separation the deviance is the least that there is. Rao's score tests (`test = "Rao"`) need
#' no further fit. Those of `add1()` are the comparisons of the two fits by `anova(test = "Rao")`
#' with an offset, too, which the method for `glm` takes there for a part of the response.
#'
#' Of a penalised fit the penalised likelihoods are compared: of the fit, and of the same model with
#' the coefficients of some terms held at zero. The penalty is that of the whole model in both, so
#' that they are nested (Heinze and Schemper 2002): fits of the smaller models would have penalties
#' of their own, and might have a higher penalised likelihood.
#'
#' `add1()` and what compares fits by AIC, like `step()`, are for maximum-likelihood fits. Firth's
#' correction with another link than the logit, and median bias reduction, are not penalties of a
#' likelihood: there are Wald tests only.
#'
#' @param object a fit by [fastlogit()] or [fastmultinom()].
#' @param scope the terms to test, as a formula or by name; by default all that can be dropped.
#' @param scale,test,k as for [stats::drop1()]. For penalised fits there are no AICs, and the test
#'   is that of the likelihood ratio (`"F"` for `quasibinomial()`).
#' @param ... for `anova()`, further fits, without names, and `test` and `dispersion`. Penalised
#'   fits are compared with those that have the same penalty, and whose terms are among those of the
#'   largest. An unknown argument is an error.
#' @return A data frame of class `"anova"`, one row a term, or a fit, and a first one for the model
#'   as it is (`drop1()`, `add1()`) or for the smallest (`anova()`). Without a penalty it has the
#'   columns of the methods for `glm`: `Df`, `Deviance`, `AIC` and those of the test, or for
#'   `anova()` `Df`, `Deviance`, `Resid. Df` and `Resid. Dev`. For penalised fits these are `Df`,
#'   `LRT` and `Pr(>Chi)` (for `quasibinomial()` `F value` and `Pr(>F)`). Deviances and `LRT` are
#'   twice differences of log-likelihoods; AICs are on that scale, too.
#' @references
#' Heinze, G. and Schemper, M. (2002) A solution to the problem of separation in logistic
#' regression. *Statistics in Medicine* **21**, 2409-2419.
#'
#' Rao, C. R. (1948) Large sample tests of statistical hypotheses concerning several parameters with
#' applications to problems of estimation. *Mathematical Proceedings of the Cambridge Philosophical
#' Society* **44**, 50-57.
#' @seealso [lr_test()] and [wald_test()] for single coefficients, [anova.fastmultinom()] for many
#'   classes
#' @examples
#' d <- data.frame(x = c(1, 1, 2, 2, 2, 3, 3, 3), y = c(0, 0, 0, 1, 0, 1, 1, 1))
#' fit <- fastlogit(y ~ x + I(x^2), data = d, penalty = "firth")
#' drop1(fit)
#' anova(fit)
#' @export
drop1.fastlogit <- function(object, scope, scale = 0,
                            test = c("none", "Rao", "LRT", "Chisq", "F"), k = 2, ...) {
  check_no_unknown(also = "trace")
  check_not_surveyed(object)
  if (!is.null(object$penalty)) {
    return(drop_penalised(
      object, if (!missing(scope)) scope, if (!missing(test)) test, !missing(k) || !missing(scale)
    ))
  }
  check_dispersion(object, test)
  table_of_deletions(object, if (!missing(scope)) scope, scale, test, k)
}

#' @export
add1.fastlogit <- function(object, scope, scale = 0,
                           test = c("none", "Rao", "LRT", "Chisq", "F"), x = NULL, k = 2, ...) {
  check_no_unknown(also = "trace")
  check_not_surveyed(object)
  check_no_penalty(object)
  check_dispersion(object, test)
  if (is.null(x)) return(table_of_additions(object, scope, scale, test, k))
  add_terms <- with_our_fits(method_of("stats", "add1", "glm"))
  add_terms(object, scope, scale = scale, test = test, x = x, k = k, ...)
}

#' @rdname drop1.fastlogit
#' @export
anova.fastlogit <- function(object, ...) {
  check_no_unknown(also = c("dispersion", "test"), unnamed = TRUE)
  check_not_surveyed(object)
  fits <- compared_fits(object, ..., class = "glm")
  if (any_penalised(fits)) return(penalised_anova(fits, list(...)))
  check_dispersion(object, list(...)$test)
  if (length(fits) > 1L) return(NextMethod())
  anova_in_sequence(object, list(...))
}

# --- two classes and many ------------------------------------------------------------------------

# settings: the arguments of anova() that have names.
penalised_anova <- function(fits, settings) {
  for (fit in fits) {
    check_that(is_fit(fit), fit, "anova() of penalised fits compares those with the same penalty")
    check_has_likelihood(fit)
  }
  if (!is.null(settings$dispersion)) {
    input_error("`dispersion` is for fits without a penalty: theirs is estimated.")
  }
  if (!is.null(settings$test)) check_test(settings$test, fits[[1L]])
  if (length(fits) == 1L) tests_in_sequence(fits[[1L]]) else tests_of_fits(fits)
}

# with_aic: were AICs asked for?
drop_penalised <- function(fit, scope, test = NULL, with_aic = FALSE) {
  check_has_likelihood(fit)
  if (with_aic) no_aic(fit)
  if (!is.null(test)) check_test(test, fit)
  scope <- scope_of_deletions(fit, scope)
  groups <- columns_of_terms(fit, scope)
  table <- data.frame(Df = lengths(groups) * predictors_of(fit), row.names = scope)
  as_test_table(
    table, fall_without(fit, groups), fit,
    c("Single term deletions\n", paste0("Model: ", deparse1(stats::formula(fit)), "\n"))
  )
}

tests_in_sequence <- function(fit) {
  labels <- attr(fit$terms, "term.labels")
  columns <- kept_columns(fit)
  later <- lapply(seq_along(labels), function(term) which(!is.na(columns) & columns >= term))
  df <- vapply(seq_along(labels), function(term) sum(columns == term, na.rm = TRUE), 0)
  table <- data.frame(Df = df * predictors_of(fit), row.names = labels)
  rise <- -diff(c(fall_without(fit, later), 0))
  as_test_table(table, rise, fit, c(
    paste0("Model: ", deparse1(stats::formula(fit)), "\n"),
    "Terms added sequentially (first to last)\n"
  ))
}

# Each fit against the next larger one, all of them in the largest.
tests_of_fits <- function(fits) {
  names <- lapply(fits, function(fit) colnames(as.matrix(coefficient_table(fit))))
  in_order <- order(lengths(names))
  fits <- fits[in_order]
  names <- names[in_order]
  largest <- fits[[length(fits)]]
  parts <- parts_of_largest(fits, names, length(fits))
  df <- c(NA, diff(parts$kept)) * predictors_of(largest)
  models <- vapply(fits, function(fit) deparse1(stats::formula(fit)), "")
  table <- data.frame(Df = df, row.names = paste0(seq_along(fits), ": ", models))
  as_test_table(table, c(NA, -diff(parts$fall)), largest, character())
}

# Of each fit, as a part of the largest: how many of its columns are kept, and the fall without the
# others. names: of the columns of each.
parts_of_largest <- function(fits, names, largest) {
  for (i in seq_along(fits)) check_nested(fits[[i]], names[[i]], fits[[largest]], names[[largest]])
  known <- !is.na(kept_columns(fits[[largest]]))
  groups <- lapply(names, function(own) which(known & !names[[largest]] %in% own))
  list(kept = sum(known) - lengths(groups), fall = fall_without(fits[[largest]], groups))
}

check_nested <- function(fit, names, largest, all_names) {
  same <- identical(fit$penalty, largest$penalty) &&
    number_of_rows(fit) == number_of_rows(largest)
  if (same && all(names %in% all_names)) return(invisible())
  input_error(
    "anova() of penalised fits needs the same penalty and rows in all, and that the coefficients ",
    "of each are among those of the largest: found `", deparse1(stats::formula(fit)), "` and `",
    deparse1(stats::formula(largest)), "`."
  )
}

# By how much twice the penalised log-likelihood falls without groups of columns.
fall_without <- function(fit, groups) {
  fall <- numeric(length(groups))
  some <- lengths(groups) > 0L
  if (!any(some)) return(fall)
  columns <- ncol(coefficient_table(fit))
  by_class <- (seq_len(predictors_of(fit)) - 1L) * columns
  held <- lapply(groups[some], function(group) as.integer(outer(group, by_class, "+")))
  fall[some] <- profile_zero(as_profiled(fit), held)$rise
  fall
}
