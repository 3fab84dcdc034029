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
  columns <- kept_columns(fit)
  groups <- lapply(match(scope, attr(fit$terms, "term.labels")), function(term) {
    which(columns == term)
  })
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
  structure(
    table,
    heading = c("Single term deletions", "\nModel:", deparse(stats::formula(fit)),
                if (scale > 0) paste("\nscale: ", format(scale), "\n")),
    class = c("anova", "data.frame")
  )
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
