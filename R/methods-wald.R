# Wald's statistics: estimates, their standard errors by some covariance matrix, and what they are
# referred to. found: see covariance_of().

# Coefficients class by class, and whether they are estimated.
covariance_names <- function(fit) {
  stats::setNames(!is.na(flat_values(fit)), flat_names(fit))
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
  if (is_surveyed(fit)) return(if (fit$df.residual > 0) fit$df.residual else NaN)
  if (is.null(fit$family) || has_known_dispersion(fit$family)) Inf else fit$df.residual
}

# Standard errors of all coefficients.
errors_by <- function(found) {
  variances <- found$variances %||% diag(found$covariance)
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

# Infinite degrees of freedom: the normal distribution.
two_sided <- function(ratio, df) 2 * stats::pt(-abs(ratio), df)

quantile_for <- function(level, df) stats::qt((1 + level) / 2, df)

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
wald_table <- function(estimates, errors, df = Inf) {
  errors[!is.finite(estimates)] <- NA
  ratios <- estimates / errors
  letter <- if (is.finite(df)) "t" else "z"
  heads <- c("Estimate", "Std. Error", paste(letter, "value"), paste0("Pr(>|", letter, "|)"))
  values <- c(estimates, errors, ratios, two_sided(ratios, df))
  matrix(values, ncol = 4L, dimnames = list(names(estimates), heads))
}

# The same, as broom names them.
tidy_columns <- function(estimates, errors, df) {
  table <- as.data.frame(unname(wald_table(unname(estimates), unname(errors), df)))
  stats::setNames(table, c("estimate", "std.error", "statistic", "p.value"))
}

# A function from rows of the design to the standard errors of their linear predictors; infinite for
# rows in which a coefficient without a variance has a part.
errors_by_matrix <- function(fit, found) {
  estimated <- !is.na(fit$coefficients)
  known <- estimated & is.finite(diag(found$covariance))
  covariance <- found$covariance[known, known, drop = FALSE]
  function(x) {
    inside <- x[, known, drop = FALSE]
    variance <- as.vector(Matrix::rowSums((inside %*% covariance) * inside))
    beyond <- as.vector(Matrix::rowSums(x[, estimated & !known, drop = FALSE] != 0)) > 0
    ifelse(beyond, Inf, sqrt(variance))
  }
}
