# Many classes: likelihoods, comparisons of models, and what stats' functions ask of a model.

#' @export
logLik.fastmultinom <- function(object, ...) {
  structure(-object$deviance / 2, df = object$edf, nobs = stats::nobs(object), class = "logLik")
}

# As in multinom()'s log-likelihood: the number of cases or trials, not of rows.
#' @export
nobs.fastmultinom <- function(object, ...) cases_of(object)

#' @export
extractAIC.fastmultinom <- function(fit, scale = 0, k = 2, ...) {
  c(fit$edf, fit$AIC + (k - 2) * fit$edf)
}

#' Likelihood-ratio tests of multinomial fits
#'
#' For the terms of one fit, added one after another, or for several nested fits, each against the
#' next smaller one.
#'
#' @param object a fit by [fastmultinom()].
#' @param ... further fits to the same rows, by `fastmultinom()` or [nnet::multinom()], in any
#'   order.
#' @param test `"Chisq"` or `"LRT"` (the same), or `"none"`.
#' @return For one fit a table as [stats::anova.glm()] gives it, one row for the null model and one
#'   for each term; for several fits a data frame of one row a fit with
#'   the columns of `nnet`'s method: `Model`, `Resid. df`, `Resid. Dev`, `Test`, `   Df`,
#'   `LR stat.` and `Pr(Chi)`. Deviances are minus twice log-likelihoods. For penalised fits see
#'   [anova.fastlogit()].
#' @seealso [drop1.fastlogit()], whose tests of terms are for many classes, too; [wald_test()]
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastmultinom(Sat ~ Infl + Type, data = MASS::housing, weights = Freq)
#' anova(fit)
#' anova(fit, update(fit, . ~ Infl))
#' drop1(fit, test = "Chisq")
#' @export
anova.fastmultinom <- function(object, ..., test = c("Chisq", "LRT", "none")) {
  check_no_unknown(unnamed = TRUE)
  check_not_surveyed(object)
  fits <- compared_fits(object, ..., class = "multinom")
  if (any_penalised(fits)) return(penalised_anova(fits, list(test = if (!missing(test)) test)))
  test <- check_choice(test, c("Chisq", "LRT", "none"), "test")
  if (...length() == 0L) return(test_sequence(object, test))
  compare_fits(fits, test)
}

test_sequence <- function(object, test) {
  terms <- attr(object$terms, "term.labels")
  smaller <- fits_of_terms(nest_of(object), lapply(seq_along(terms) - 1L, seq_len))
  title <- paste0("multinomial, ", length(object$lab), " classes")
  table_of_sequence(object, smaller, object$df.residual + object$edf, test, title)
}

# cases: what residual degrees of freedom count from. title: of the model.
table_of_sequence <- function(object, smaller, cases, test, title) {
  deviance <- c(smaller$deviance, object$deviance)
  edf <- c(smaller$edf, object$edf)
  table <- data.frame(
    Df = c(NA, diff(edf)), Deviance = c(NA, -diff(deviance)), `Resid. Df` = cases - edf,
    `Resid. Dev` = deviance, check.names = FALSE,
    row.names = c("NULL", attr(object$terms, "term.labels"))
  )
  if (test != "none") table$`Pr(>Chi)` <- chi_squared_tail(table$Deviance, table$Df)
  as_anova(table, paste0(
    "Analysis of Deviance Table\n\nModel: ", title, "\n\nResponse: ",
    deparse1(stats::formula(object)[[2L]]), "\n\nTerms added sequentially (first to last)\n\n"
  ))
}

compare_fits <- function(fits, test) {
  for (fit in fits) check_comparable(fit, fits[[1L]])
  first <- Find(function(fit) inherits(fit, "fastmultinom"), fits)
  table_of_models(
    fits, first$df.residual + first$edf, test, "Multinomial Models",
    function(fit) deparse1(stats::formula(fit)[[3L]])
  )
}

# The fits by their size, with the tests of each against the one before. cases: see above. words:
# of a fit.
table_of_models <- function(fits, cases, test, title, words) {
  edf <- vapply(fits, function(fit) as.numeric(fit$edf), 0)
  fits <- fits[order(edf)]
  edf <- sort(edf)
  deviance <- vapply(fits, function(fit) fit$deviance, 0)
  table <- data.frame(
    Model = vapply(fits, words, ""), `Resid. df` = cases - edf, `Resid. Dev` = deviance,
    Test = c("", paste(seq_along(edf)[-length(edf)], "vs", seq_along(edf)[-1L])),
    `   Df` = c(NA, diff(edf)), `LR stat.` = c(NA, -diff(deviance)), check.names = FALSE
  )
  if (test != "none") table$`Pr(Chi)` <- chi_squared_tail(table$`LR stat.`, table$`   Df`)
  structure(
    table,
    heading = c(
      paste0("Likelihood ratio tests of ", title, "\n"),
      paste("Response:", deparse1(stats::formula(fits[[1L]])[[2L]]))
    ),
    class = c("anova_fastmultinom", "Anova", "data.frame")
  )
}

check_comparable <- function(fit, first) {
  rows <- c(number_of_rows(first), number_of_rows(fit))
  if (rows[1L] != rows[2L]) {
    input_error(
      "the models must be fits to the same rows: found ", rows[1L], " and ", rows[2L],
      " rows. Missing values?"
    )
  }
}

#' @export
print.anova_fastmultinom <- function(x, digits = getOption("digits"), ...) {
  cat(attr(x, "heading"), sep = "\n")
  shown <- as.data.frame(lapply(x, format, digits = digits), check.names = FALSE)
  shown[is.na(x)] <- ""
  print.data.frame(shown, ...)
  invisible(x)
}

#' @importFrom stats add1
#' @export
add1.fastmultinom <- function(object, scope, scale = 0, test = c("none", "Chisq"), k = 2, ...) {
  check_no_unknown(also = "trace")
  check_not_surveyed(object)
  check_no_penalty(object)
  # Rows that are stored hold the columns of the fit's own terms: stats' method fits by update().
  if (is_stored(object)) {
    return(method_of("stats", "add1", "default")(object, scope, scale, test, k, ...))
  }
  scope <- scope_of_additions(object, scope)
  larger <- nest_of_additions(object, scope)
  if (larger$omitted > 0L) {
    input_error("the terms in scope have missing values: the number of rows in use has changed.")
  }
  found <- fits_of_changes(object, larger$nest, scope, larger$sets[-1L], "+")
  table_of_class_changes(object, found, scope, list(scale = scale, test = test, k = k), 1)
}

#' @importFrom stats drop1
#' @export
drop1.fastmultinom <- function(object, scope, scale = 0, test = c("none", "Chisq"), k = 2, ...) {
  check_no_unknown(also = "trace")
  check_not_surveyed(object)
  if (!is.null(object$penalty)) {
    return(drop_penalised(
      object, if (!missing(scope)) scope, if (!missing(test)) test, !missing(k) || !missing(scale)
    ))
  }
  scope <- scope_of_deletions(object, if (!missing(scope)) scope)
  labels <- attr(object$terms, "term.labels")
  sets <- lapply(match(scope, labels), setdiff, x = seq_along(labels))
  found <- fits_of_changes(object, nest_of(object), scope, sets, "-")
  table_of_class_changes(object, found, scope, list(scale = scale, test = test, k = k), -1)
}

# stats' default methods fit the changed formulas by update(): where one codes a factor in another
# way than the nest's design does, as without an intercept or without a main effect, so do we.
fits_of_changes <- function(fit, nest, scope, sets, sign) {
  formulas <- lapply(scope, function(term) {
    stats::update.formula(fit, stats::as.formula(paste(". ~ .", sign, term)))
  })
  coded <- codings_by_term(nest$terms, nest)
  recoded <- vapply(formulas, function(formula) {
    own <- codings_by_term(stats::terms(formula), nest)
    !identical(own, coded[names(own)])
  }, NA)
  shared <- fits_of_terms(nest, sets[!recoded])
  deviance <- edf <- numeric(length(scope))
  deviance[!recoded] <- shared$deviance
  edf[!recoded] <- shared$edf
  for (i in which(recoded)) {
    changed <- stats::update(fit, formulas[[i]], evaluate = FALSE)
    changed <- eval(changed, environment(stats::formula(fit)))
    deviance[i] <- changed$deviance
    edf[i] <- changed$edf
  }
  list(deviance = deviance, edf = edf)
}

# How each term codes its variables, see coding_of_terms(); the nest's rows know their levels.
codings_by_term <- function(terms, nest) {
  levels <- nest$rows$blueprint$levels
  names(levels) <- rownames(attr(nest$terms, "factors"))
  codings <- coding_of_terms(terms, levels[rownames(attr(terms, "factors"))])
  names(codings) <- vapply(attr(terms, "term.labels"), sorted_label, "")
  lapply(codings, function(coding) {
    coding <- coding[coding > 0L]
    coding[order(names(coding))]
  })
}

# As stats' default methods make it. direction: 1 where the others are larger, -1 where they are
# smaller than the fit.
table_of_class_changes <- function(fit, found, names, settings, direction) {
  test <- check_choice(settings$test[1L], c("none", "Chisq"), "test")
  edf <- c(fit$edf, found$edf)
  deviance <- c(fit$deviance, found$deviance)
  table <- data.frame(
    Df = direction * (edf - fit$edf), AIC = deviance + settings$k * edf,
    row.names = c("<none>", names)
  )
  table$Df[1L] <- NA
  if (test == "Chisq") {
    table <- with_chi_squared(table, c(NA, direction * (fit$deviance - found$deviance)), "LRT")
  }
  as_anova(table, heading_of_changes(fit, settings$scale, direction))
}

# With `.` written out, as formula() of a glm is.
#' @export
formula.fastmultinom <- function(x, ...) {
  expanded <- stats::formula(x$terms)
  environment(expanded) <- environment(x$formula)
  expanded
}

#' @export
model.frame.fastmultinom <- function(formula, ...) {
  changed <- list(...)
  changed <- changed[intersect(names(changed), c("data", "na.action", "subset"))]
  if (length(changed) == 0L && !is.null(formula$model)) return(formula$model)
  call <- formula$call
  call[names(changed)] <- changed
  frame <- frame_from_call(call, formula$terms, environment(formula$formula))
  drop_unused_levels(frame, except = attr(attr(frame, "terms"), "response"))
}

#' @export
model.matrix.fastmultinom <- function(object, ...) {
  stats::model.matrix.default(
    object$terms, stats::model.frame(object, ...), contrasts.arg = object$contrasts
  )
}

#' Simulate responses from a multinomial fit
#'
#' Draws classes, or counts of them, by the fitted probabilities of each row.
#'
#' @param object a fit by [fastmultinom()].
#' @param nsim the number of responses.
#' @param seed `NULL`, or a number for [set.seed()].
#' @param ... disregarded, with a warning.
#' @return A data frame of n rows and `nsim` responses, one a column, with an attribute `seed` as
#'   [stats::simulate()] has it. A response is a factor, of one class for each row whatever the
#'   weights of the rows, or a matrix of counts with the observed totals where the fit's response is
#'   one. Where weights are frequencies, counts are the response to simulate: with a factor a
#'   message says so.
#' @examples
#' fit <- fastmultinom(Species ~ Sepal.Width, data = iris)
#' head(simulate(fit, 2, seed = 1))
#' @export
simulate.fastmultinom <- function(object, nsim = 1, seed = NULL, ...) {
  warn_of_unknown()
  p <- stats::napredict(object$na.action, all_probabilities(object))
  y <- stats::model.response(stats::model.frame(object), "any")
  counts <- is.matrix(y) && ncol(y) > 1L
  if (!counts && any(object$weights != 1)) {
    fit_message(
      "fastlogit_weights_ignored",
      "rows with weights were simulated once each: for frequencies, fit a matrix of counts."
    )
  }
  classes <- if (counts) colnames(y) else levels(as_class_factor(y, "the response"))
  classes <- intersect(classes, object$lab)
  if (length(classes) == 0L) classes <- object$lab
  trials <- if (counts) stats::napredict(object$na.action, rowSums(y))
  simulated(nsim, seed, rownames(p) %||% seq_len(nrow(p)), function() {
    if (counts) draw_counts(p[, classes], trials) else draw_classes(p[, classes])
  })
}

# A factor: for each row of p, the first class at which the cumulated probabilities exceed u.
draw_classes <- function(p, ordered = FALSE) {
  u <- stats::runif(nrow(p))
  cumulated <- 0
  category <- rep.int(1L, nrow(p))
  for (j in seq_len(ncol(p) - 1L)) {
    cumulated <- cumulated + as.vector(p[, j])
    category <- category + as.vector(u > cumulated)
  }
  factor(category, seq_len(ncol(p)), colnames(p), ordered = ordered)
}

# Multinomial counts, class by class: binomial of what the classes before have left.
draw_counts <- function(p, trials) {
  counts <- array(0, dim(p), dimnames(p))
  left <- trials
  share <- rep.int(1, nrow(p))
  for (j in seq_len(ncol(p) - 1L)) {
    chance <- ifelse(share > 0, pmin(p[, j] / share, 1), 0)
    counts[, j] <- stats::rbinom(nrow(p), left, chance)
    left <- left - counts[, j]
    share <- pmax(share - p[, j], 0)
  }
  counts[, ncol(p)] <- left
  counts
}
