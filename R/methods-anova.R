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
  check_not_surveyed(object)
  if (is.null(object$penalty)) {
    check_dispersion(object, test)
    table <- table_of_deletions(object, if (!missing(scope)) scope, scale, test, k)
    if (!is.null(table)) return(table)
    drop_terms <- with_our_fits(method_of("stats", "drop1", "glm"))
    return(drop_terms(object, scope, scale = scale, test = test, k = k, ...))
  }
  drop_penalised(
    object, if (!missing(scope)) scope, if (!missing(test)) test, !missing(k) || !missing(scale)
  )
}

#' @export
add1.fastlogit <- function(object, scope, scale = 0,
                           test = c("none", "Rao", "LRT", "Chisq", "F"), x = NULL, k = 2, ...) {
  check_no_unknown(also = "trace")
  check_not_surveyed(object)
  check_no_penalty(object)
  check_dispersion(object, test)
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
  NextMethod()
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

columns_of_terms <- function(fit, scope) {
  columns <- kept_columns(fit)
  lapply(match(scope, attr(fit$terms, "term.labels")), function(term) which(columns == term))
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

# --- without a penalty ----------------------------------------------------------------------------

# drop1() of fits without a penalty: the table of stats' method for `glm`, from fits with the
# coefficients of a term held at zero. Those have more than one start, say whether they have
# converged, and know what separation does; glm.fit(), which stats' method calls, has none of it.

# NULL where stats' method is to be asked: for score tests, and where aliased columns might come
# back.
table_of_deletions <- function(fit, scope = NULL, scale = 0, test = "none", k = 2) {
  test <- match.arg(test[1L], c("none", "Rao", "LRT", "Chisq", "F"))
  if (test == "Rao" || anyNA(fit$coefficients)) return(NULL)
  scope <- scope_of_deletions(fit, scope)
  fit <- with_least_deviance(fit)
  groups <- columns_of_terms(fit, scope)
  dispersion <- if (scale == 0) dispersion_of(fit) else scale
  zero <- profile_zero(as_profiled(fit), groups, dispersion)
  deviance <- c(fit$deviance, zero$deviance)
  table <- data.frame(
    Df = c(NA, lengths(groups)), Deviance = deviance, row.names = c("<none>", scope)
  )
  aic <- deviance / dispersion - k * c(0, lengths(groups))
  aic <- aic + stats::extractAIC(fit, k = k)[2L] - aic[1L]
  if (!all(is.na(aic))) table$AIC <- aic
  if (test %in% c("LRT", "Chisq")) {
    rise <- c(NA, zero$rise) / dispersion
    table[[if (dispersion == 1) "LRT" else "scaled dev."]] <- rise
    table[["Pr(>Chi)"]] <- chi_squared_tail(rise, table$Df)
  }
  if (test == "F") table <- with_f_tests(table, fit, zero$rise)
  as_anova(table, c(
    "Single term deletions", "\nModel:", deparse(stats::formula(fit)),
    if (scale > 0) paste("\nscale: ", format(scale), "\n")
  ))
}

# As in stats, by the mean deviance.
with_f_tests <- function(table, fit, rise) {
  if (fit$family$family == "binomial") {
    fit_warning("fastlogit_dispersion", "the F test assumes the quasibinomial family.")
  }
  ratio <- c(NA, rise) / table$Df / (fit$deviance / fit$df.residual)
  table[["F value"]] <- ratio
  table[["Pr(>F)"]] <- stats::pf(ratio, table$Df, fit$df.residual, lower.tail = FALSE)
  table
}

# --- refits ---------------------------------------------------------------------------------------

# Fits of smaller and larger models inside of methods for a glm.

# A method for glm whose own fits are glm.fit()'s, with fits of ours, which end at the maximum for
# every link. That such a model is separated, too, is no news.
with_our_fits <- function(method) {
  environment(method) <- list2env(list(glm.fit = refitted), parent = environment(method))
  function(object, ...) method(with_least_deviance(object), ...)
}

refitted <- function(...) {
  with_least_deviance(withCallingHandlers(fit_matrix(...), fastlogit_separation = function(w) {
    tryInvokeRestart("muffleWarning")
  }))
}

# A separated fit stops short of the deviance that it comes as close to as one likes: that of the
# rows which are left.
with_least_deviance <- function(fit) {
  if (!is_separated(fit)) return(fit)
  found <- fit$separation_details
  least <- if (found$kind == "complete") 0 else found$limit$deviance
  if (is.null(least)) return(fit)
  if (!is.null(fit$aic)) fit$aic <- fit$aic - (fit$deviance - least)
  fit$deviance <- least
  fit
}
