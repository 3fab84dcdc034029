# Matched sets: tests of terms, by likelihood ratios on the rows of the fit.

# The terms that have coefficients, by their numbers.
set_terms <- function(fit) match(names(fit$assign), attr(fit$terms, "term.labels"))

# The log-likelihoods of models with some of the terms, and how many coefficients these have.
fits_of_set_terms <- function(fit, sets) {
  check_has_likelihood(fit)
  if (!is.null(fit$penalty)) {
    input_error(
      "tests of terms compare maximum-likelihood fits, and this is one with ",
      penalty_title(fit$penalty), ": use lr_test(), which has the penalised likelihood."
    )
  }
  rows <- rows_of(fit)
  nest <- nest_of(fit, rows)
  loglik <- rep(fit$loglik[1L], length(sets))
  df <- numeric(length(sets))
  some <- which(lengths(sets) > 0L)
  if (length(some)) {
    found <- shared_fits(nest, sets[some])
    unknown <- is.na(found$deviance)
    for (i in which(unknown)) {
      refit <- refit_set_terms(sets[some][[i]], nest)
      found$deviance[i] <- refit$deviance
      found$edf[i] <- refit$edf
    }
    loglik[some] <- -found$deviance / 2
    df[some] <- found$edf
  }
  list(loglik = loglik, df = df)
}

# By a fit of its own, where columns depend on each other or estimates are infinite.
refit_set_terms <- function(set, nest) {
  rows <- nest$rows
  kept <- rows$design$assign %in% set
  x <- design_matrix(rows$design)[, kept, drop = FALSE]
  rows$design <- c(as_design(x), list(assign = rows$design$assign[kept]))
  if (!is.null(rows$sets)) rows$grouped <- grouped_rows(rows, rows$sets)
  options <- list(control = nest$control, method = nest$algorithm)
  solved <- solve_model(nest$model, rows, NULL, options)
  least <- least_deviance(solved$separation)
  if (is.null(solved$separation) && solved$status != "converged") warn_refit(solved)
  list(deviance = least %||% (-2 * solved$logLik), edf = sum(!solved$aliased))
}

#' Tests of terms of matched sets
#'
#' Likelihood-ratio tests: of one fit its terms in their order, or of several fits each against the
#' one before. `drop1()` leaves out each term that can be.
#'
#' @param object a fit by [fastclogit()].
#' @param ... more fits to the same rows, smaller or larger.
#' @param test `"Chisq"` or `"none"`; for `drop1()` also `"LRT"`.
#' @param scope the terms to leave out, as for [stats::drop1()].
#' @param scale,k as for [stats::drop1()].
#' @return A data frame of class `"anova"`, as [survival::anova.coxph()] returns it: `loglik`,
#'   `Chisq`, `Df` and `Pr(>|Chi|)`; of `drop1()` as [stats::drop1()] returns it.
#' @examples
#' fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert)
#' anova(fit)
#' anova(update(fit, . ~ . - induced), fit)
#' drop1(fit, test = "LRT")
#' @importFrom stats anova drop1
#' @export
anova.fastclogit <- function(object, ..., test = "Chisq") {
  test <- check_choice(test, c("Chisq", "none"), "test")
  others <- list(...)
  if (length(others)) return(anova_of_sets(c(list(object), others), test))
  terms <- set_terms(object)
  sets <- c(list(integer()), lapply(seq_along(terms), function(i) terms[seq_len(i)]))
  found <- fits_of_set_terms(object, sets)
  table <- data.frame(
    loglik = found$loglik, Chisq = c(NA, 2 * diff(found$loglik)), Df = c(NA, diff(found$df)),
    row.names = c("NULL", names(object$assign))
  )
  if (test == "Chisq") table[["Pr(>|Chi|)"]] <- chi_squared_tail(table$Chisq, table$Df)
  as_anova(table, c(
    paste0(
      "Analysis of Deviance Table\n Conditional likelihood: response is ",
      deparse1(object$formula[[2L]]), "\nTerms added sequentially (first to last)\n"
    )
  ))
}

anova_of_sets <- function(fits, test) {
  for (fit in fits) {
    check_that(inherits(fit, "coxph"), fit, "anova() compares fits by fastclogit() or clogit()")
  }
  rows <- vapply(fits, function(fit) as.numeric(fit$n), 0)
  if (any(rows != rows[1L])) input_error("the models were not all fitted to the same rows.")
  penalised <- vapply(fits, function(fit) !is.null(fit$penalty), NA)
  if (any(penalised)) {
    input_error("anova() compares maximum-likelihood fits: found a penalised one.")
  }
  loglik <- vapply(fits, function(fit) fit$loglik[length(fit$loglik)], 0)
  df <- vapply(fits, function(fit) sum(!is.na(fit$coefficients)), 0)
  table <- data.frame(
    loglik = loglik, Chisq = c(NA, 2 * abs(diff(loglik))), Df = c(NA, abs(diff(df)))
  )
  if (test == "Chisq") table[["Pr(>|Chi|)"]] <- chi_squared_tail(table$Chisq, table$Df)
  formulas <- vapply(fits, function(fit) deparse1(fit$formula), "")
  as_anova(table, c(
    "Analysis of Deviance Table\n Conditional likelihood\n",
    paste0(" Model ", seq_along(fits), ": ", formulas, collapse = "\n")
  ))
}

#' @rdname anova.fastclogit
#' @export
drop1.fastclogit <- function(object, scope, scale = 0, test = c("none", "LRT", "Chisq"), k = 2,
                             ...) {
  check_no_unknown(also = "trace")
  test <- check_choice(test, c("none", "LRT", "Chisq"), "test")
  labels <- attr(object$terms, "term.labels")
  scope <- if (missing(scope)) {
    setdiff(stats::drop.scope(stats::formula(object$terms)), labels[-set_terms(object)])
  } else {
    setdiff(scope_of_deletions(object, scope), labels[-set_terms(object)])  # step() asks for all
  }
  numbers <- match(scope, labels)
  found <- fits_of_set_terms(object, lapply(numbers, setdiff, x = set_terms(object)))
  lost <- object$rank - found$df
  table <- data.frame(
    Df = c(NA, lost), AIC = -2 * c(object$loglik[2L], found$loglik) + k * c(object$rank, found$df),
    row.names = c("<none>", scope)
  )
  if (test != "none") {
    table$LRT <- c(NA, pmax(0, 2 * (object$loglik[2L] - found$loglik)))
    table[["Pr(>Chi)"]] <- chi_squared_tail(table$LRT, table$Df)
  }
  as_anova(table, c("Single term deletions", "\nModel:", deparse(object$formula)))
}

#' @exportS3Method car::Anova
Anova.fastclogit <- function(mod, type = c("II", "III", 2, 3), test.statistic = c("LR", "Wald"),
                             ...) {
  check_no_unknown()
  type <- check_choice(as.character(type), c("II", "III", "2", "3"), "type")
  test <- check_choice(test.statistic, c("LR", "Wald"), "test.statistic")
  terms <- set_terms(mod)
  factors <- attr(mod$terms, "factors") > 0
  above <- lapply(terms, function(i) {
    contains <- colSums(factors[factors[, i], , drop = FALSE]) == sum(factors[, i])
    if (type %in% c("II", "2")) setdiff(intersect(which(contains), terms), i) else integer()
  })
  if (test == "Wald") {
    covariance <- stats::vcov(mod)
    rise <- vapply(mod$assign, function(at) wald_of_all(mod, covariance, at), 0)
    df <- vapply(mod$assign, function(at) sum(!is.na(mod$coefficients[at])), 0)
  } else {
    with_own <- lapply(seq_along(terms), function(i) setdiff(terms, c(terms[i], above[[i]])))
    found <- fits_of_set_terms(mod, c(with_own, lapply(above, setdiff, x = terms)))
    own <- seq_along(terms)
    rise <- 2 * (found$loglik[-own] - found$loglik[own])
    df <- found$df[-own] - found$df[own]
  }
  table <- data.frame(
    rise, df, chi_squared_tail(rise, df), row.names = names(mod$assign), check.names = FALSE
  )
  statistic <- if (test == "LR") "LR Chisq" else "Chisq"
  names(table) <- c(statistic, "Df", "Pr(>Chisq)")
  as_anova(table, c(
    paste0("Analysis of Deviance Table (Type ", if (type %in% c("II", "2")) "II" else "III",
           " tests)\n"),
    paste("Response:", deparse1(mod$formula[[2L]]))
  ))
}
