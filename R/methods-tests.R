# What all tests share: is there a likelihood, which columns belong to which term, and what a table
# looks like.

# A table of tests, with the columns of anova(test = "LRT") or (test = "F"). rise: of the deviance,
# or of what takes its place under a penalty.
as_test_table <- function(table, rise, fit, heading) {
  if (is.null(fit$family) || has_known_dispersion(fit$family)) {
    table[["LRT"]] <- rise
    table[["Pr(>Chi)"]] <- chi_squared_tail(rise, table$Df)
  } else {
    ratio <- rise / table$Df / dispersion_of(fit)
    table[["F value"]] <- ratio
    table[["Pr(>F)"]] <- stats::pf(ratio, table$Df, fit$df.residual, lower.tail = FALSE)
  }
  as_anova(table, c(if (!is.null(fit$penalty)) "Penalised likelihood\n", heading))
}

as_anova <- function(table, heading) {
  structure(table, heading = heading, class = c("anova", "data.frame"))
}

# NA where nothing is tested.
chi_squared_tail <- function(statistic, df) {
  df[!is.na(df) & df <= 0] <- NA
  stats::pchisq(statistic, df, lower.tail = FALSE)
}

# Of penalised fits there is one test: of the fall of the penalised likelihood.
check_test <- function(test, fit) {
  known_dispersion <- is.null(fit$family) || has_known_dispersion(fit$family)
  check_choice(test, if (known_dispersion) c("LRT", "Chisq") else "F", "test")
}

# step() asks for AICs, with `k` and `scale`.
no_aic <- function(fit) {
  input_error(
    "step() and drop1(k = ) compare the AIC of maximum-likelihood fits, and this is one with ",
    penalty_title(fit$penalty), ". Test its terms by drop1()."
  )
}

check_no_penalty <- function(fit) {
  if (is.null(fit$penalty)) return(invisible())
  input_error(
    "add1() compares maximum-likelihood fits, and this is one with ", penalty_title(fit$penalty),
    ". Fit the larger model, and test its terms by drop1()."
  )
}

# Is the fit the maximum of a likelihood, penalised or not?
has_likelihood <- function(fit) {
  if (is_surveyed(fit) || is_corrected(fit)) return(FALSE)
  if (is.null(.subset2(fit, "penalty"))) return(TRUE)
  penalises_likelihood(fit$penalty, has_canonical_link(fit))
}

check_has_likelihood <- function(fit) {
  if (has_likelihood(fit)) return(invisible())
  check_not_surveyed(fit)
  input_error(
    penalty_title(fit$penalty), " (", link_title(fit), ") adjusts the score, and is not a penalty ",
    "of the likelihood: there are no likelihood ratios. ",
    "Use Wald's tests and intervals: summary(), confint(method = \"wald\")."
  )
}

check_not_surveyed <- function(fit) {
  if (is_corrected(fit)) {
    input_error(
      "the estimates have a bias correction and are no maximum of the likelihood: there are no ",
      "likelihood ratios. Use Wald's tests and intervals: summary(), confint(method = \"wald\"), ",
      "wald_test()."
    )
  }
  if (!is_surveyed(fit)) return(invisible())
  input_error(
    "this is a fit of a survey design: its likelihood is a pseudo-likelihood, of which ratios ",
    "have no chi-squared distribution. Use summary(), wald_test() or survey::regTermTest()."
  )
}

# Coefficients by class (one row for two classes, and of ordered ones the slopes) and column.
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

columns_of_terms <- function(fit, scope) {
  columns <- kept_columns(fit)
  lapply(match(scope, attr(fit$terms, "term.labels")), function(term) which(columns == term))
}

# Names of terms, from a formula or from names; by default all that can be dropped.
scope_of_deletions <- function(fit, scope) {
  labels <- attr(fit$terms, "term.labels")
  scope <- if (is.null(scope)) {
    stats::drop.scope(fit)
  } else if (is.character(scope)) {
    scope
  } else {
    attr(stats::terms(stats::update.formula(fit, scope)), "term.labels")
  }
  unknown <- setdiff(scope, labels)
  if (length(unknown)) {
    input_error("`scope` must name terms of the model: found ", quoted(unknown), ".")
  }
  scope
}

# The fits that anova() is to compare, without its other arguments, which have names.
compared_fits <- function(..., class) {
  given <- list(...)
  fits <- if (is.null(names(given))) given else given[names(given) == ""]
  for (fit in fits) {
    kinds <- c(
      glm = "fastlogit() or glm()", multinom = "fastmultinom() or multinom()",
      polr = "fastordinal() or polr()"
    )
    check_that(inherits(fit, class), fit, "anova() compares fits by ", kinds[[class]])
  }
  fits
}

is_fit <- function(x) inherits(x, c("fastlogit", "fastmultinom", "fastordinal", "fastclogit"))

check_is_fit <- function(fit, name = "fit") {
  if (is_fit(fit)) return(invisible())
  input_error(
    "`", name, "` must be a fit by fastlogit(), fastmultinom(), fastordinal() or fastclogit(): ",
    "found ", described(fit), "."
  )
}

any_penalised <- function(fits) !all(vapply(fits, function(fit) is.null(fit$penalty), NA))

match_terms <- function(parm, terms) {
  if (missing(parm)) return(seq_along(terms))
  found <- if (is.character(parm)) match(parm, terms) else match(parm, seq_along(terms))
  if (!anyNA(found)) return(found)
  input_error(
    "`parm` must name terms of the model: found ", described(parm[is.na(found)][1L]),
    "; known are ", listed(paste0("\"", terms, "\""), 10L), "."
  )
}

percentages <- function(level) {
  tails <- c((1 - level) / 2, (1 + level) / 2)
  paste(format(100 * tails, trim = TRUE, scientific = FALSE, digits = 3L), "%")
}

# A method that its package does not export.
method_of <- function(package, generic, class) {
  utils::getS3method(generic, class, envir = asNamespace(package))
}

check_dispersion <- function(fit, test) {
  if (is.null(test) || test[1L] == "none" || has_known_dispersion(fit$family)) return(invisible())
  if (!is.nan(dispersion_of(fit))) return(invisible())
  input_error(
    "no residual degrees of freedom are left to estimate the dispersion of ",
    fit$family$family, "() from: there are no tests."
  )
}
