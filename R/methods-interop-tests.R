# Tests by other packages that compare likelihoods: penalised ones, where the fit has a penalty.

#' @exportS3Method lmtest::lrtest
lrtest.fastlogit <- function(object, ...) {
  if (!any_penalised(Filter(is_fit, list(object, ...)))) {
    return(method_of("lmtest", "lrtest", "default")(object, ...))
  }
  models <- asked_models(object, ...)
  compared <- compare_in_largest(models)
  table <- data.frame(
    `#Df` = compared$df, LogLik = compared$loglik, Df = c(NA, diff(compared$df)),
    Chisq = c(NA, 2 * abs(diff(compared$loglik))), check.names = FALSE
  )
  table[["Pr(>Chisq)"]] <- chi_squared_tail(table$Chisq, abs(table$Df))
  formulas <- vapply(models, function(model) deparse1(model$formula), "")
  as_anova(table, c(
    "Likelihood ratio test, penalised likelihood\n",
    paste0("Model ", seq_along(models), ": ", formulas, collapse = "\n")
  ))
}

#' @exportS3Method lmtest::lrtest
lrtest.fastmultinom <- lrtest.fastlogit

# As lmtest names models: fits, or parts of the model before: by a formula to update it with, or by
# terms to leave out, as names or numbers; without any, the intercept alone. Parts need no fit.
asked_models <- function(object, ...) {
  asked <- if (...length()) list(...) else list(. ~ 1)
  models <- list(model_of_fit(object))
  for (model in asked) {
    part <- inherits(model, "formula") || is.character(model) || is.numeric(model)
    last <- models[[length(models)]]
    models <- c(models, list(if (part) part_of(last, model) else model_of_fit(model)))
  }
  models
}

# columns: their terms, "" for the intercept, by the coefficients' names; NA where aliased.
model_of_fit <- function(fit) {
  check_that(
    is_fit(fit), fit,
    "a penalised fit is compared with others of fastlogit() or fastmultinom(), with the same ",
    "penalty"
  )
  check_has_likelihood(fit)
  columns <- c("", attr(fit$terms, "term.labels"))[kept_columns(fit) + 1L]
  list(
    fit = fit, formula = stats::formula(fit),
    columns = stats::setNames(columns, colnames(coefficient_table(fit)))
  )
}

part_of <- function(model, asked) {
  labels <- attr(stats::terms(model$formula), "term.labels")
  if (is.numeric(asked)) asked <- labels[asked]
  if (is.character(asked)) asked <- stats::as.formula(paste(c(". ~ .", asked), collapse = " - "))
  model$formula <- stats::update(model$formula, asked)
  kept <- stats::terms(model$formula)
  unknown <- setdiff(attr(kept, "term.labels"), labels)
  if (length(unknown)) {
    input_error(quoted(unknown), " is not in the model: fit the larger model first.")
  }
  kept <- c(if (attr(kept, "intercept") > 0L) "", attr(kept, "term.labels"))
  model$columns <- model$columns[model$columns %in% kept]
  model
}

# The penalised log-likelihood of each model as a part of the largest, under its penalty.
compare_in_largest <- function(models) {
  names <- lapply(models, function(model) names(model$columns))
  most <- which.max(lengths(names))
  largest <- models[[most]]$fit
  parts <- parts_of_largest(lapply(models, `[[`, "fit"), names, most)
  list(df = parts$kept * predictors_of(largest), loglik = largest$penalised_loglik - parts$fall / 2)
}

#' @exportS3Method car::Anova
Anova.fastlogit <- function(mod, type = c("II", "III", 2, 3),
                            test.statistic = c("LR", "Wald", "F"), ...) {
  type <- check_choice(as.character(type), c("II", "III", "2", "3"), "type")
  test <- check_choice(test.statistic, c("LR", "Wald", "F"), "test.statistic")
  if (test != "LR") {
    if (is_separated(mod)) refuse_wald(mod, paste0("test.statistic = \"", test, "\""))
    if (test == "F" && !is.null(mod$penalty)) {
      input_error("there is no F test of a penalised fit: use test.statistic = \"LR\" or \"Wald\".")
    }
  }
  second <- type %in% c("II", "2")
  likely <- !is.null(mod$penalty) || is_separated(mod)
  if (test != "LR" || (!likely && !is_tested_by_refits(mod, second, ...))) {
    return(method_of("car", "Anova", "glm")(mod, type = type, test.statistic = test, ...))
  }
  check_no_unknown(also = "singular.ok")
  check_has_likelihood(mod)
  table_of_types(mod, second)
}

# car has words for aliased coefficients, which tests of type III are not for, for a model without
# terms, and for arguments that a test of likelihoods does not take.
is_tested_by_refits <- function(fit, second, ..., singular.ok = second) {
  ...length() == 0L && length(attr(fit$terms, "term.labels")) > 0L &&
    (singular.ok || !anyNA(fit$coefficients))
}

# Type II tests of terms, or type III; of twice the (penalised) log-likelihood.
table_of_types <- function(fit, second) {
  terms <- attr(fit$terms, "term.labels")
  factors <- attr(fit$terms, "factors") > 0
  # For type II, the terms that contain term i.
  above <- lapply(seq_along(terms), function(i) {
    contains <- colSums(factors[factors[, i], , drop = FALSE]) == sum(factors[, i])
    if (second) setdiff(which(contains), i) else integer()
  })
  with_own <- Map(c, seq_along(terms), above)
  if (is.null(fit$penalty)) {
    without <- lapply(c(with_own, above), setdiff, x = seq_along(terms))
    found <- fits_of_terms(nest_of(fit), unique(without))[c("deviance", "edf")]
    found <- lapply(found, `[`, match(without, unique(without)))
    own <- seq_along(terms)
    rise <- found$deviance[own] - found$deviance[-own]
    df <- found$edf[-own] - found$edf[own]
  } else {
    columns <- kept_columns(fit)
    fall <- function(sets) {
      fall_without(fit, lapply(sets, function(set) which(columns %in% set)))
    }
    rise <- fall(with_own) - fall(above)
    df <- vapply(seq_along(terms), function(i) sum(columns == i, na.rm = TRUE), 0L)
    df <- df * predictors_of(fit)
  }
  if (!is.null(fit$family)) rise <- rise / dispersion_of(fit)
  rise[df == 0] <- NA
  table <- data.frame(
    `LR Chisq` = rise, Df = df, `Pr(>Chisq)` = chi_squared_tail(rise, df), check.names = FALSE,
    row.names = terms
  )
  as_anova(table, c(
    if (!is.null(fit$penalty)) "Penalised likelihood\n",
    paste0("Analysis of Deviance Table (Type ", if (second) "II" else "III", " tests)\n"),
    paste("Response:", deparse1(stats::formula(fit)[[2L]]))
  ))
}

# --- steps ---------------------------------------------------------------------------------------

#' @exportS3Method MASS::dropterm
dropterm.fastlogit <- function(object, scope, ...) {
  scope <- if (!missing(scope)) scope
  if (!is.null(object$penalty)) return(dropterm_penalised(object, scope, ...))
  as_term_table(function(...) stats::drop1(object, scope, ...), ...)
}

# MASS' words for the table of drop1() and add1(), which stands in order of the AIC if asked for.
as_term_table <- function(table_of, ..., sorted = FALSE, trace = FALSE) {
  check_no_unknown(also = c("scale", "test", "k"))
  table <- table_of(...)
  attributes <- attributes(table)
  if (sorted && !is.null(table$AIC)) table <- table[order(table$AIC), ]
  names(table) <- sub("(>", "(", names(table), fixed = TRUE)
  as_anova(table, attributes$heading)
}

dropterm_penalised <- function(object, scope, ...) {
  check_no_unknown(also = c("scale", "test", "k", "sorted", "trace"))
  with_aic <- any(c("k", "scale") %in% names_in_dots(environment()))
  drop_penalised(object, scope, with_aic = with_aic)
}

#' @exportS3Method MASS::dropterm
dropterm.fastmultinom <- function(object, scope, ...) {
  if (is.null(object$penalty)) return(NextMethod())
  dropterm_penalised(object, if (!missing(scope)) scope, ...)
}

#' @exportS3Method MASS::addterm
addterm.fastlogit <- function(object, scope, ...) {
  check_no_penalty(object)
  as_term_table(function(...) stats::add1(object, scope, ...), ...)
}

#' @exportS3Method MASS::addterm
addterm.fastmultinom <- function(object, ...) {
  check_no_penalty(object)
  NextMethod()
}

# performance's comparisons of models.
unless_penalised <- function(...) {
  if (!any_penalised(Filter(is_fit, list(...)))) return(NextMethod())
  input_error(
    "this compares likelihoods without their penalty, and a fit is penalised: use anova(), which ",
    "compares penalised likelihoods."
  )
}
