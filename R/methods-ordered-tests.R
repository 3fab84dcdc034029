# Ordered classes: comparisons of models, and tests of slopes that are the same at all cuts.

#' Likelihood-ratio tests of fits of ordered classes
#'
#' Of the terms of one fit, added one after another or dropped one by one, or of several nested
#' fits, each against the next smaller one.
#'
#' @param object a fit by [fastordinal()].
#' @param ... further fits to the same rows, by `fastordinal()` or [MASS::polr()], in any order.
#' @param test `"Chisq"` or `"LRT"` (the same), or `"none"`.
#' @param scope,k as for [stats::drop1()].
#' @return For one fit a table as [stats::anova.glm()] gives it, for several as `polr()`'s method.
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastordinal(Sat ~ Infl + Type, data = MASS::housing, weights = Freq)
#' anova(fit)
#' anova(fit, update(fit, . ~ Infl))
#' drop1(fit, test = "Chisq")
#' @export
anova.fastordinal <- function(object, ..., test = c("Chisq", "LRT", "none")) {
  check_no_unknown(unnamed = TRUE)
  test <- check_choice(test, c("Chisq", "LRT", "none"), "test")
  fits <- compared_fits(object, ..., class = "polr")
  for (fit in fits) check_not_penalised(fit)
  if (length(fits) == 1L) return(ordered_sequence(object, test))
  compare_ordered(fits, test)
}

check_not_penalised <- function(fit) {
  if (is.null(fit$penalty)) return(invisible())
  input_error(
    "penalised fits of ordered classes are not nested: each has the penalty of its own design. ",
    "Use lr_test() or wald_test()."
  )
}

ordered_sequence <- function(object, test) {
  terms <- attr(object$terms, "term.labels")
  smaller <- fits_of_terms(nest_of(object), lapply(seq_along(terms) - 1L, seq_len))
  table_of_sequence(object, smaller, object$n, test, link_title(object))
}

compare_ordered <- function(fits, test) {
  for (fit in fits) {
    if (fit$n != fits[[1L]]$n || !identical(fit$lev, fits[[1L]]$lev)) {
      input_error(
        "the models must be fits to the same rows and classes: found ", format(fits[[1L]]$n),
        " and ", format(fit$n), " rows. Missing values?"
      )
    }
  }
  table_of_models(fits, fits[[1L]]$n, test, "ordinal regression models", model_words)
}

model_words <- function(fit) {
  words <- deparse1(stats::formula(fit)[[3L]])
  varying <- if (is_ordered_fit(fit)) attr(fit$terms, "term.labels")[fit$varying]
  if (length(varying) == 0L) return(words)
  paste0(words, " (varying: ", paste(varying, collapse = ", "), ")")
}

#' @rdname anova.fastordinal
#' @importFrom stats drop1
#' @export
drop1.fastordinal <- function(object, scope = NULL, k = 2, test = c("none", "Chisq", "LRT"), ...) {
  check_no_unknown(also = c("trace", "scale"))
  test <- check_choice(test, c("none", "Chisq", "LRT"), "test")
  check_not_penalised(object)
  scope <- scope_of_deletions(object, scope)
  labels <- attr(object$terms, "term.labels")
  sets <- lapply(match(scope, labels), function(term) setdiff(seq_along(labels), term))
  found <- fits_of_terms(nest_of(object), sets)
  table <- data.frame(
    Df = c(NA, object$edf - found$edf),
    AIC = c(object$deviance, found$deviance) + k * c(object$edf, found$edf),
    row.names = c("<none>", scope)
  )
  if (test != "none") {
    table$LRT <- c(NA, pmax(0, found$deviance - object$deviance))
    table[["Pr(>Chi)"]] <- chi_squared_tail(table$LRT, table$Df)
  }
  as_anova(table, heading_of_changes(object, 0, -1))
}

#' Are slopes the same at all cuts?
#'
#' Tests of the assumption of parallel slopes (for the logit link, of proportional odds), of each
#' term and of all together, against models in which their slopes vary from cut to cut.
#'
#' The score test needs no fit of the larger model, which cannot always be fitted (its cumulative
#' probabilities may fall); the likelihood-ratio test is that of [fastordinal()] with the term left
#' out of `parallel`. Brant's is Wald's, of the slopes of separate fits of two classes at each cut
#' (at or below it against above; of continuation ratios the class below it against those above):
#' the test that packages brant and car (`poTest()`) have for the logit link, here also with
#' weights, offsets and other links.
#'
#' @param object a fit by [fastordinal()].
#' @param test `"score"`, `"LRT"` or `"Brant"` (not of adjacent classes).
#' @param ... nothing: an unknown argument is an error.
#' @return A data frame of class `"anova"`: a row for each term, and the last for all of them.
#' @references
#' Brant, R. (1990) Assessing proportionality in the proportional odds model for ordinal logistic
#' regression. *Biometrics* **46**, 1171-1178.
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastordinal(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' parallel_test(fit)
#' parallel_test(fit, test = "LRT")
#' parallel_test(fit, test = "Brant")
#' @export
parallel_test <- function(object, test = c("score", "LRT", "Brant"), ...) {
  check_no_unknown()
  check_that(
    is_ordered_fit(object), object, "`object` must be a fit by fastordinal()"
  )
  test <- check_choice(test, c("score", "LRT", "Brant"), "test")
  check_not_penalised(object)
  labels <- attr(object$terms, "term.labels")
  parallel <- setdiff(seq_along(labels), object$varying)
  if (length(parallel) == 0L) {
    input_error("all terms vary from cut to cut: there is nothing to test.")
  }
  sets <- as.list(parallel)
  names(sets) <- labels[parallel]
  if (length(parallel) > 1L) sets[["all terms"]] <- parallel
  found <- if (test == "Brant") {
    brant_statistics(object, sets)
  } else {
    vapply(sets, parallel_statistic, numeric(2L), object, rows_of(object), test)
  }
  name <- c(score = "Rao score", LRT = "LRT", Brant = "Brant")[[test]]
  table <- data.frame(Df = found[1L, ], row.names = names(sets))
  table[[name]] <- found[2L, ]
  table[["Pr(>Chi)"]] <- chi_squared_tail(table[[name]], table$Df)
  as_anova(table, c(
    paste0("Tests of parallel slopes (", link_title(object), ")\n"),
    paste0("Model: ", deparse1(stats::formula(object)), "\n")
  ))
}

# Degrees of freedom, and the statistic of the terms of a set.
parallel_statistic <- function(set, object, rows, test) {
  model <- model_of(object)
  model$varying <- sort(c(object$varying, set))
  values <- start_with_varying(object, model, rows)
  control <- complete_control(list(), "newton")
  problem <- problem_of(rows, model, control$threads)
  if (test == "score") {
    known <- which(!is.na(values))
    df <- length(known) - object$edf
    if (df == 0) return(c(0, NA))
    return(c(df, score_statistics(problem, ifelse(is.na(values), 0, values), list(known))))
  }
  starts <- list(list(coefficients = ifelse(is.na(values), 0, values)))
  solved <- solve_problem(problem, starts, quietly(control), "newton")
  if (solved$status != "converged") warn_refit(solved)
  c(sum(!solved$aliased) - object$edf, object$deviance + 2 * solved$logLik)
}

# The fit's coefficients, in the core's order, as those of a model in which more terms vary.
start_with_varying <- function(object, model, rows) {
  of <- function(varying) {
    ordered_layout(replace(model, "varying", list(varying)), rows$design, object$lev)
  }
  layout <- of(model$varying)
  values <- stats::setNames(flat_values(object), flat_names(object))[layout$names]
  new <- which(is.na(match(layout$names, flat_names(object))))
  # A slope of the one sign is a coefficient of the other at each cut.
  columns <- rows$design$labels
  for (i in seq_along(new)) {
    label <- columns[endsWith(layout$names[new[i]], paste0(":", columns))]
    label <- label[which.max(nchar(label))]
    values[new[i]] <- -object$coefficients[[label]]
  }
  unname(values)[order(layout$position)]
}
