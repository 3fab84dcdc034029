# Tests of terms of fits without a penalty: the tables of stats' methods for a glm, from fits that
# begin with the coefficients at hand and share their passes over the rows.

# drop1(): the coefficients of a term are held at zero. Where passes that are shared do not tell,
# these fits have more than one start, say whether they have converged, and know what separation
# does, see profile_zero(); but of aliased columns some might come back.
table_of_deletions <- function(fit, scope, scale, test, k) {
  test <- test_of_terms(test)
  scope <- scope_of_deletions(fit, scope)
  fit <- with_least_deviance(fit)
  labels <- attr(fit$terms, "term.labels")
  sets <- lapply(match(scope, labels), setdiff, x = seq_along(labels))
  nest <- nest_of(fit)
  found <- shared_fits(nest, sets, exact = test == "Rao")
  unknown <- which(is.na(found$deviance))
  if (length(unknown) && test != "Rao" && !anyNA(fit$coefficients)) {
    groups <- columns_of_terms(fit, scope[unknown])
    found$deviance[unknown] <- profile_zero(as_profiled(fit), groups, dispersion_of(fit))$deviance
  } else {
    found <- refit_unknown(nest, sets, found)
  }
  score <- if (test == "Rao") {
    statistics <- score_tests(nest)
    all <- list(seq_along(labels))
    vapply(seq_along(sets), function(i) statistics(found$coefficients[, i], all), 0)
  }
  found$deviance <- c(fit$deviance, found$deviance)
  found$edf <- c(fit$rank, found$edf)
  table_of_changes(fit, found, scope, score, list(scale = scale, test = test, k = k), -1)
}

# add1(): the design of the model with all of `scope` is made once.
table_of_additions <- function(fit, scope, scale, test, k) {
  test <- test_of_terms(test)
  scope <- scope_of_additions(fit, scope)
  fit <- with_least_deviance(fit)
  if (is_stored(fit)) {
    if (test == "Rao") {
      input_error("score tests of terms to add need the rows in memory: use test = \"LRT\".")
    }
    found <- added_by_update(fit, scope)
    return(table_of_changes(fit, found, scope, NULL, list(scale = scale, test = test, k = k), 1))
  }
  larger <- nest_of_additions(fit, scope)
  if (larger$omitted > 0L) warn_of_rows(larger)
  nest <- larger$nest
  found <- fits_of_terms(nest, larger$sets, exact = test == "Rao")
  score <- if (test == "Rao") score_tests(nest)(found$coefficients[, 1L], larger$sets[-1L])
  table_of_changes(fit, found, scope, score, list(scale = scale, test = test, k = k), 1)
}

# Rows that are stored hold the columns of the fit's own terms.
added_by_update <- function(fit, scope) {
  fits <- lapply(scope, function(term) {
    call <- stats::update(fit, stats::reformulate(c(".", term)), evaluate = FALSE)
    with_least_deviance(eval(call, environment(fit$terms)))
  })
  fits <- c(list(fit), fits)
  list(deviance = vapply(fits, `[[`, 0, "deviance"), edf = vapply(fits, `[[`, 0, "rank"))
}

warn_of_rows <- function(larger) {
  rows <- larger$nest$rows$design$rows
  fit_warning(
    "fastlogit_fewer_rows", "using the ", rows, "/", rows + larger$omitted,
    " rows from a combined fit: the others have missing values in the terms to be added."
  )
}

test_of_terms <- function(test) {
  test <- check_choice(test[1L], c("none", "Rao", "LRT", "Chisq", "F"), "test")
  if (test == "Chisq") "LRT" else test
}

# found: deviances and numbers of coefficients, first of the fit itself. direction: 1 where the
# others are larger, -1 where they are smaller. settings: the arguments scale, test and k.
table_of_changes <- function(fit, found, names, score, settings, direction) {
  deviance <- found$deviance
  dispersion <- if (settings$scale == 0) dispersion_of(fit) else settings$scale
  table <- data.frame(
    Df = direction * (found$edf - found$edf[1L]), Deviance = deviance,
    row.names = c("<none>", names)
  )
  table$Df[1L] <- NA
  aic <- deviance / dispersion + settings$k * found$edf
  aic <- aic + stats::extractAIC(fit, k = settings$k)[2L] - aic[1L]
  if (!all(is.na(aic))) table$AIC <- aic
  change <- pmax(0, direction * (deviance[1L] - deviance))
  change[1L] <- NA
  known <- dispersion == 1
  table <- switch(settings$test,
    none = table,
    LRT = with_chi_squared(table, change / dispersion, if (known) "LRT" else "scaled dev."),
    Rao = with_chi_squared(
      table, c(NA, score) / dispersion, if (known) "Rao score" else "scaled Rao sc."
    ),
    `F` = with_f_tests(table, fit, change, direction)
  )
  as_anova(table, heading_of_changes(fit, settings$scale, direction))
}

heading_of_changes <- function(fit, scale, direction) {
  c(
    if (direction > 0) "Single term additions" else "Single term deletions",
    "\nModel:", deparse(stats::formula(fit)),
    if (scale > 0) paste("\nscale: ", format(scale), "\n")
  )
}

with_chi_squared <- function(table, statistic, name) {
  table[[name]] <- statistic
  table[["Pr(>Chi)"]] <- chi_squared_tail(statistic, table$Df)
  table
}

# As in stats, by the mean deviance of the larger model.
with_f_tests <- function(table, fit, change, direction) {
  if (fit$family$family == "binomial") {
    fit_warning("fastlogit_dispersion", "the F test assumes the quasibinomial family.")
  }
  rest <- fit$df.residual
  unit <- table$Deviance[1L] / rest
  if (direction > 0) {
    rest <- rest - table$Df
    unit <- table$Deviance / rest
  }
  ratio <- change / table$Df / unit
  ratio[table$Df < 1e-4] <- NA
  table[["F value"]] <- ratio
  table[["Pr(>F)"]] <- stats::pf(ratio, table$Df, rest, lower.tail = FALSE)
  table
}

# --- anova() of one fit ---------------------------------------------------------------------------

# settings: the arguments of anova() that have names.
anova_in_sequence <- function(fit, settings) {
  test <- if ("test" %in% names(settings)) settings$test else default_test(fit, settings$dispersion)
  terms <- fit$terms
  labels <- attr(terms, "term.labels")
  fit <- with_least_deviance(fit)
  scores <- identical(test, "Rao")
  nest <- nest_of(fit)
  sets <- lapply(seq_along(labels), function(term) seq_len(term - 1L))
  # Of the null model the deviance is known.
  if (!scores) sets <- sets[-1L]
  found <- fits_of_terms(nest, sets, exact = scores)
  smaller <- if (scores) -1L else seq_along(sets)
  deviance <- c(fit$null.deviance, found$deviance[smaller], fit$deviance)
  df <- c(fit$df.null, fit$df.residual + fit$rank - found$edf[smaller], fit$df.residual)
  storage.mode(df) <- typeof(fit$df.residual)
  table <- data.frame(c(NA, -diff(df)), c(NA, pmax(0, -diff(deviance))), df, deviance)
  if (length(labels) == 0L) table <- table[1L, , drop = FALSE]
  dimnames(table) <- list(c("NULL", labels), c("Df", "Deviance", "Resid. Df", "Resid. Dev"))
  if (scores) {
    table <- cbind(table, Rao = c(NA, scores_in_sequence(nest, found$coefficients)))
  }
  if (!is.null(test) && !isFALSE(test)) {
    table <- tested_in_sequence(table, fit, test, settings$dispersion, nest$rows$design$rows)
  }
  response <- as.character(attr(terms, "variables")[-1L])[1L]
  as_anova(table, paste0(
    "Analysis of Deviance Table\n\nModel: ", fit$family$family, ", link: ",
    name_of_link(fit$family), "\n\nResponse: ", response,
    "\n\nTerms added sequentially (first to last)\n\n"
  ))
}

# Of each term, at the coefficients of those before it; about the mean, which these have fitted.
scores_in_sequence <- function(nest, coefficients) {
  statistics <- score_tests(nest, about_mean = FALSE)
  vapply(seq_len(ncol(coefficients)), function(term) {
    statistics(coefficients[, term], list(seq_len(term)))
  }, 0)
}

tested_in_sequence <- function(table, fit, test, dispersion, rows) {
  known <- if (is.null(dispersion)) has_known_dispersion(fit$family) else TRUE
  if (known && test == "F") {
    fit_warning(
      "fastlogit_dispersion", "using F test with ",
      if (fit$family$family == "binomial") "a 'binomial' family" else "a fixed dispersion",
      " is inappropriate"
    )
  }
  stats::stat.anova(
    table, test, dispersion %||% dispersion_of(fit), if (known) Inf else fit$df.residual, rows
  )
}

# From R 4.4.0 on stats tests unless it is asked not to.
default_test <- function(fit, dispersion) {
  asks <- formals(method_of("stats", "anova", "glm"))$test
  if (is.null(asks)) return(NULL)
  if (!is.null(dispersion) || has_known_dispersion(fit$family)) "Chisq" else "F"
}

# --- stats' own methods ---------------------------------------------------------------------------

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

with_least_deviance <- function(fit) {
  least <- least_deviance(fit$separation_details)
  if (is.null(least)) return(fit)
  if (!is.null(fit$aic)) fit$aic <- fit$aic - (fit$deviance - least)
  fit$deviance <- least
  fit
}
