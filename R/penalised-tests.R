# Tests of the terms of penalised fits: what stats' methods compare are maximum-likelihood fits.

#' Tests of the terms of a fit
#'
#' For fits without a penalty the tables are those of the methods for `glm`; the fits of `drop1()`
#' hold coefficients at zero, as [lr_test()] does, so that they are right under separation, too. Of
#' a penalised fit the penalised likelihoods are compared: of the fit, and of the same model with
#' the coefficients of some terms
#' held at zero. The penalty is that of the whole model in both, so that they are nested
#' (Heinze and Schemper 2002): fits of the smaller models would have penalties of their own, and
#' might have a higher penalised likelihood.
#'
#' `add1()` and what compares fits by AIC, like `step()`, are for maximum-likelihood fits. Firth's
#' correction with another link than the logit, and median bias reduction, are not penalties of a
#' likelihood: there are Wald's tests only.
#'
#' @param object a fit by [fastlogit()] or [fastmultinom()].
#' @param scope the terms to test, as a formula or by name; by default all that can be dropped.
#' @param scale,test,k as for [stats::drop1()]. For penalised fits there are no AICs, and the test
#'   is that of the likelihood ratio (`"F"` for `quasibinomial()`).
#' @param ... for `anova()`, further fits, without names, and `test` and `dispersion`. Penalised
#'   fits are compared with those that have the same penalty, and whose terms are among those of the
#'   largest. An unknown argument is an error.
#' @return A data frame of class `"anova"` with the columns `Df`, `LRT` and `Pr(>Chi)` (for
#'   `quasibinomial()` `F value` and `Pr(>F)`), one row a term, or a fit.
#' @references
#' Heinze, G. and Schemper, M. (2002) A solution to the problem of separation in logistic
#' regression. *Statistics in Medicine* **21**, 2409-2419.
#' @seealso [lr_test()] for single coefficients
#' @examples
#' d <- data.frame(x = c(1, 1, 2, 2, 2, 3, 3, 3), y = c(0, 0, 0, 1, 0, 1, 1, 1))
#' fit <- fastlogit(y ~ x + I(x^2), data = d, penalty = "firth")
#' drop1(fit)
#' anova(fit)
#' @export
drop1.fastlogit <- function(object, scope, scale = 0,
                            test = c("none", "Rao", "LRT", "Chisq", "F"), k = 2, ...) {
  check_no_unknown(also = "trace")
  if (is.null(object$penalty)) {
    check_dispersion(object, test)
    table <- table_of_deletions(object, if (!missing(scope)) scope, scale, test, k)
    if (!is.null(table)) return(table)
    drop_terms <- with_our_fits(method_of("stats", "drop1", "glm"))
    return(drop_terms(object, scope, scale = scale, test = test, k = k, ...))
  }
  check_has_likelihood(object)
  if (!missing(k) || !missing(scale)) no_aic(object)
  if (!missing(test)) check_test(test, object)
  tests_of_terms(object, if (!missing(scope)) scope)
}

#' @export
add1.fastlogit <- function(object, scope, scale = 0,
                           test = c("none", "Rao", "LRT", "Chisq", "F"), x = NULL, k = 2, ...) {
  check_no_unknown(also = "trace")
  check_no_penalty(object)
  check_dispersion(object, test)
  add_terms <- with_our_fits(method_of("stats", "add1", "glm"))
  add_terms(object, scope, scale = scale, test = test, x = x, k = k, ...)
}

#' @rdname drop1.fastlogit
#' @export
anova.fastlogit <- function(object, ...) {
  check_no_unknown(also = c("dispersion", "test"), unnamed = TRUE)
  fits <- compared_fits(object, ..., class = "glm")
  if (any_penalised(fits)) return(penalised_anova(fits, list(...)))
  check_dispersion(object, list(...)$test)
  NextMethod()
}

# --- two classes and many ------------------------------------------------------------------------

any_penalised <- function(fits) !all(vapply(fits, function(fit) is.null(fit$penalty), NA))

# The fits that anova() is to compare, without its other arguments, which have names.
compared_fits <- function(..., class) {
  given <- list(...)
  fits <- if (is.null(names(given))) given else given[names(given) == ""]
  for (fit in fits) {
    if (inherits(fit, class)) next
    kinds <- c(glm = "fastlogit() or glm()", multinom = "fastmultinom() or multinom()")
    input_error("anova() compares fits by ", kinds[[class]], ": found ", described(fit), ".")
  }
  fits
}

# settings: the arguments of anova() that have names.
penalised_anova <- function(fits, settings) {
  for (fit in fits) {
    if (!inherits(fit, c("fastlogit", "fastmultinom"))) {
      input_error(
        "anova() of penalised fits compares those with the same penalty: found ",
        described(fit), "."
      )
    }
    check_has_likelihood(fit)
  }
  if (!is.null(settings$dispersion)) {
    input_error("`dispersion` is for fits without a penalty: theirs is estimated.")
  }
  if (!is.null(settings$test)) check_test(settings$test, fits[[1L]])
  if (length(fits) == 1L) tests_in_sequence(fits[[1L]]) else tests_of_fits(fits)
}

tests_of_terms <- function(fit, scope = NULL) {
  scope <- scope_of_deletions(fit, scope)
  columns <- kept_columns(fit)
  labels <- attr(fit$terms, "term.labels")
  groups <- lapply(match(scope, labels), function(term) which(columns == term))
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
  for (i in seq_along(fits)) check_nested(fits[[i]], names[[i]], largest, names[[length(fits)]])
  all_names <- names[[length(fits)]]
  known <- !is.na(kept_columns(largest))
  groups <- lapply(names, function(own) which(known & !all_names %in% own))
  fall <- fall_without(largest, groups)
  df <- c(NA, -diff(lengths(groups))) * predictors_of(largest)
  models <- vapply(fits, function(fit) deparse1(stats::formula(fit)), "")
  table <- data.frame(Df = df, row.names = paste0(seq_along(fits), ": ", models))
  as_test_table(table, c(NA, -diff(fall)), largest, character())
}

check_nested <- function(fit, names, largest, all_names) {
  same <- identical(fit$penalty, largest$penalty) &&
    NROW(fit$fitted.values) == NROW(largest$fitted.values)
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

# Coefficients by class (one row for two classes) and column.
coefficient_table <- function(fit) {
  if (inherits(fit, "fastmultinom")) return(coefficient_matrix(fit))
  t(fit$coefficients)
}

predictors_of <- function(fit) nrow(coefficient_table(fit))

# The term of each column; NA for aliased ones.
kept_columns <- function(fit) {
  term <- blueprint_of(fit)$assign
  term[is.na(coefficient_table(fit)[1L, ])] <- NA
  term
}

# --- is there a likelihood at all? ---------------------------------------------------------------

# Is the fit the maximum of a likelihood, penalised or not?
has_likelihood <- function(fit) {
  if (is.null(fit$penalty)) return(TRUE)
  penalises_likelihood(fit$penalty, is.null(fit$family) || is_canonical(fit$family))
}

check_has_likelihood <- function(fit) {
  if (has_likelihood(fit)) return(invisible())
  input_error(
    penalty_title(fit$penalty), " (", link_title(fit), ") adjusts the score, and is not a penalty ",
    "of the likelihood: there are no likelihood ratios. ",
    "Use Wald's tests and intervals: summary(), confint(method = \"wald\")."
  )
}

check_no_penalty <- function(fit) {
  if (is.null(fit$penalty)) return(invisible())
  input_error(
    "add1() compares maximum-likelihood fits, and this is one with ", penalty_title(fit$penalty),
    ". Fit the larger model, and test its terms by drop1()."
  )
}

# step() asks for AICs, with `k` and `scale`.
no_aic <- function(fit) {
  input_error(
    "step() and drop1(k = ) compare the AIC of maximum-likelihood fits, and this is one with ",
    penalty_title(fit$penalty), ". Test its terms by drop1()."
  )
}

# Of penalised fits there is one test: of the fall of the penalised likelihood.
check_test <- function(test, fit) {
  known_dispersion <- is.null(fit$family) || has_known_dispersion(fit$family)
  check_choice(test, if (known_dispersion) c("LRT", "Chisq") else "F", "test")
}
