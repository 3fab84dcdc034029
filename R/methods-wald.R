# Wald's statistics: estimates, their standard errors by some covariance matrix, and what they are
# referred to. found: see covariance_of().

# Estimates in the order of the covariance matrix.
shown_in_order <- function(fit) {
  shown <- shown_estimates(fit)
  if (is.matrix(shown)) as.vector(t(shown)) else shown
}

# Coefficients class by class, and whether they are estimated.
covariance_names <- function(fit) {
  table <- coefficient_table(fit)
  names <- if (is_of_classes(fit)) coefficient_names(table) else colnames(table)
  stats::setNames(!is.na(as.vector(t(table))), names)
}

with_aliased <- function(fit, covariance) {
  estimated <- covariance_names(fit)
  names <- names(estimated)
  full <- matrix(NA_real_, length(names), length(names), dimnames = list(names, names))
  full[estimated, estimated] <- covariance
  full
}

# As summary.glm() has it.
own_df <- function(fit) {
  if (is.null(fit$family) || has_known_dispersion(fit$family)) Inf else fit$df.residual
}

# Standard errors of all coefficients.
errors_by <- function(found) {
  variances <- diag(found$covariance)
  none <- which(variances < 0)
  if (length(none)) {
    fit_warning(
      "fastlogit_negative_variance",
      "the covariance matrix (", found$title, ") has negative variances: there are no standard ",
      "errors of ", named_shortly(names(variances)[none]), "."
    )
    variances[none] <- NA
  }
  sqrt(variances)
}

two_sided <- function(ratio, df) {
  if (is.finite(df)) 2 * stats::pt(-abs(ratio), df) else 2 * stats::pnorm(-abs(ratio))
}

quantile_for <- function(level, df) {
  if (is.finite(df)) stats::qt((1 + level) / 2, df) else stats::qnorm((1 + level) / 2)
}

# "Standard errors: robust (HC1)." NULL for the model's own.
covariance_line <- function(found) {
  if (is.null(found$title)) return(NULL)
  paste0(
    "Standard errors: ", found$title,
    if (is.finite(found$df)) {
      paste0("; t distribution with ", counted(found$df, "degree"), " of freedom")
    }, "."
  )
}

# Estimates, standard errors, ratios and p-values, as summary.glm() has them.
table_by <- function(estimates, errors, df) {
  errors[!is.finite(estimates)] <- NA
  ratio <- estimates / errors
  letter <- if (is.finite(df)) "t" else "z"
  table <- cbind(estimates, errors, ratio, two_sided(ratio, df))
  dimnames(table) <- list(
    names(estimates),
    c("Estimate", "Std. Error", paste(letter, "value"), paste0("Pr(>|", letter, "|)"))
  )
  table
}
