# Many classes: printing, coefficients, covariances and what follows from the likelihood.

#' Coefficients and covariances of a multinomial fit
#'
#' Log odds ratios in the baseline-category form, or in the symmetric softmax form, in which the K
#' classes' coefficients of each column sum to zero. The latter is what Newton's method with a
#' pseudo-inverse reaches from zero on the over-parametrised model of K coefficient vectors.
#'
#' @param object a fit by [fastmultinom()].
#' @param type for `coef()` `"baseline"` or `"softmax"`, the form. For `vcov()` `"expected"`,
#'   `"observed"` (both are the same here, as the link is canonical), or a sandwich, as for
#'   [vcov.fastlogit()], in the baseline form, which `"baseline"` means too; `"softmax"`: the
#'   expected one in the softmax form.
#' @param complete logical: `NA` for aliased coefficients?
#' @param cluster for a sandwich of the scores' sums over clusters, see [vcov.fastlogit()].
#' @param ... nothing: for `vcov()` an unknown argument is an error, `coef()` warns of it.
#' @return For p columns of the design and K classes, `coef()`: a (K - 1) x p matrix of log odds
#'   (intercepts) and log odds ratios against the baseline (a vector of p for two classes); in the
#'   softmax form K x p, of which the difference of two rows is the log odds (ratios) of one class
#'   against the other. `vcov()`: the covariance matrix of the coefficients class by class, with
#'   names `level:term`: (K - 1) p rows and columns, or K p in the softmax form.
#' @seealso [odds_ratios()], [confint.fastmultinom()], [wald_test()], [covariances]
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
#' coef(fit)
#' coef(fit, type = "softmax")
#' sqrt(diag(vcov(fit)))
#' @export
coef.fastmultinom <- function(object, type = c("baseline", "softmax"), complete = TRUE, ...) {
  warn_of_unknown()
  type <- check_choice(type, c("baseline", "softmax"), "type")
  coefficients <- object$coefficients
  if (type == "softmax") coefficients <- softmax_contrasts(object) %*% coefficient_matrix(object)
  if (complete) return(coefficients)
  kept <- !is.na(coefficient_matrix(object)[1L, ])
  if (is.matrix(coefficients)) coefficients[, kept, drop = FALSE] else coefficients[kept]
}

# K x (K - 1): from coefficients relative to the baseline to those that sum to zero.
softmax_contrasts <- function(object) {
  classes <- length(object$lab)
  contrasts <- rbind(0, diag(classes - 1L)) - 1 / classes
  dimnames(contrasts) <- list(object$lab, object$lab[-1L])
  contrasts
}

#' @rdname coef.fastmultinom
#' @export
vcov.fastmultinom <- function(object, complete = TRUE,
                              type = c(
                                "expected", "observed", "robust", "HC0", "HC1", "stata", "CR0",
                                "CR1", "baseline", "softmax"
                              ), cluster = NULL, ...) {
  check_no_unknown()
  by_design <- is_surveyed(object) && missing(type) && is.null(cluster)
  type <- if (missing(type)) {
    "expected"
  } else {
    check_covariance_type(type, "type", c("baseline", "softmax"))
  }
  coefficients <- coefficient_matrix(object)
  kept <- !is.na(coefficients[1L, ])
  covariance <- if (by_design) {
    design_covariance(object)
  } else {
    class_covariance(object, type, cluster)$covariance
  }
  if (type == "softmax") {
    # Covariances of C beta: C on the classes, the identity on the columns.
    map <- kronecker(softmax_contrasts(object), diag(sum(kept)))
    covariance <- map %*% covariance %*% t(map)
    coefficients <- coef(object, type = "softmax")
  }
  names <- coefficient_names(coefficients)
  aliased <- stats::setNames(rep(!kept, nrow(coefficients)), names)
  dimnames(covariance) <- list(names[!aliased], names[!aliased])
  stats::.vcov.aliased(aliased, covariance, complete)
}

#' Change the baseline of a multinomial fit
#'
#' Relates the same model to another class: a linear map of the coefficients, no refit.
#'
#' @param x a fit by [fastmultinom()].
#' @param ref the new baseline, by name.
#' @param ... nothing.
#' @return A fit as `fastmultinom(..., reference = ref)` gives it, whose (K - 1) x p coefficients
#'   are log odds (ratios) against the class `ref`; of a fit to a source one with its rows in
#'   memory.
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
#' relevel(fit, "High")
#' @importFrom stats relevel
#' @export
relevel.fastmultinom <- function(x, ref, ...) {
  check_no_unknown()
  # What reads stored rows knows their classes in the order of the fit.
  x <- in_memory(x)
  levels <- with_reference_first(x$lab, ref, "the response", "ref")
  # Rows of this matrix: the new classes' coefficients from the old ones'.
  old <- rbind(0, diag(length(levels) - 1L))
  rownames(old) <- x$lab
  others <- levels[-1L]
  map <- old[others, , drop = FALSE] - old[rep(levels[1L], length(others)), , drop = FALSE]
  transformed(x, levels, map)
}

# The fit in coefficients `map %*% coefficients`.
transformed <- function(fit, levels, map) {
  coefficients <- map %*% coefficient_matrix(fit)
  rownames(coefficients) <- levels[-1L]
  probabilities <- all_probabilities(fit)[, levels, drop = FALSE]
  observed <- probabilities + all_residuals(fit)[, levels, drop = FALSE]
  fit[c("fitted.values", "residuals", "wts")] <- nnet_components(
    coefficients, probabilities, observed, fit$deviance
  )[c("fitted.values", "residuals", "wts")]
  kept <- sum(!is.na(coefficients[1L, ]))
  back <- kronecker(solve(map), diag(kept))
  fit$cholesky <- lapply(fit$cholesky, function(factor) {
    if (!is.null(factor)) qr.R(qr(factor %*% back))
  })
  fit$Hessian <- named_information(fit$cholesky$expected, coefficients)
  fit$coefficients <- without_single_row(coefficients)
  fit$linear.predictors <- fit$linear.predictors %*% t(map)
  colnames(fit$linear.predictors) <- levels[-1L]
  if (!is.null(fit$offset)) {
    fit$offset <- fit$offset %*% t(map)
    fit$baseline_map <- if (is.null(fit$baseline_map)) map else map %*% fit$baseline_map
  }
  if (!is.null(fit$lev)) fit$lev <- levels
  fit$lab <- levels
  # What an offset of the call is relative to stays, see replay_newdata().
  if (is.null(fit$offset)) fit$declared$levels <- levels
  fit$call$reference <- levels[1L]
  fit$separation <- shaped(numeric(length(coefficients)), NULL, dimnames(coefficients))
  if (is_separated(fit)) {
    fit$separation_details <- separation_of_rows(fit)
    fit$separation <- fit$separation_details$coefficients
  }
  fit
}

#' @export
print.fastmultinom <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:  ", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("Coefficients:\n")
  print.default(format(shown_estimates(x), digits = digits), print.gap = 2L, quote = FALSE)
  cat("\nResidual Deviance:", format(x$deviance, digits = digits + 2L))
  cat("\tAIC:", format(x$AIC, digits = digits + 2L), "\n")
  cat(wrapped(how_it_was_found(x)), sep = "\n")
  invisible(x)
}

#' Summary of a multinomial fit
#'
#' For each class against the baseline the coefficients (log odds ratios) with standard errors, z
#' values and p-values, and a last line on how the fit was found.
#'
#' @param object a fit by [fastmultinom()].
#' @param x a summary.
#' @param correlation logical: the correlation matrix of the estimates as well?
#' @param vcov which covariance matrix, see [covariances]. By default the model's own.
#' @param digits,signif.stars as for [stats::printCoefmat()].
#' @param max how many coefficients are printed at most, as for [summary.fastlogit()].
#' @param ... for `print()`, as for [stats::printCoefmat()]; for `summary()` nothing but the
#'   `Wald.ratios` of `nnet`'s method, which are always there: an unknown argument is an error.
#' @return A list of class `c("summary.fastmultinom", "summary.multinom")`: `coefficients`, log odds
#'   (ratios) against the baseline, and `standard.errors`, (K - 1) x p (vectors for two classes);
#'   `tables`, for each class a p x 4 matrix of estimates, standard errors, z values and two-sided
#'   p-values; `Wald.ratios`, `deviance`, `AIC`, `edf`, `call`, `errors` and `extreme`, as for
#'   [summary.fastlogit()], and `found`, how the fit was found.
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' summary(fastmultinom(Sat ~ Infl + Type, data = MASS::housing, weights = Freq))
#' @export
summary.fastmultinom <- function(object, correlation = FALSE,
                                 digits = max(3L, getOption("digits") - 3L), vcov = NULL, ...) {
  check_no_unknown(also = "Wald.ratios")
  coefficients <- coefficient_matrix(object)
  found <- covariance_of(object, vcov)
  errors <- coefficients
  errors[] <- matrix(errors_by(found), nrow(errors), byrow = TRUE)
  coefficients[] <- shown_estimates(object)
  tables <- lapply(stats::setNames(nm = rownames(coefficients)), function(class) {
    named <- stats::setNames(coefficients[class, ], colnames(coefficients))
    wald_table(named, errors[class, ], found$df)
  })
  out <- unclass(object)
  out$coefficients <- without_single_row(coefficients)
  out$standard.errors <- without_single_row(errors)
  out$Wald.ratios <- without_single_row(coefficients / errors)
  out$is.binomial <- nrow(coefficients) == 1L
  out$digits <- digits
  out$tables <- tables
  out$extreme <- extreme_means_note(object)
  out <- with_notes(out, object, found, correlation)
  structure(out, class = c("summary.fastmultinom", "summary.multinom"))
}

#' @rdname summary.fastmultinom
#' @export
print.summary.fastmultinom <- function(x, digits = x$digits,
                                       signif.stars = getOption("show.signif.stars"), ...,
                                       max = 50L) {
  check_most(max)
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n", sep = "")
  tables <- first_rows_of(x$tables, max)
  classes <- names(tables)
  for (class in classes) {
    cat("\nCoefficients of ", class, " against ", x$lab[1L], ":\n", sep = "")
    table <- tables[[class]]
    legend <- signif.stars && class == classes[length(classes)]
    do.call(stats::printCoefmat, c(rounded_columns(table), list(
      table, digits = digits, signif.stars = signif.stars, signif.legend = legend,
      na.print = "NA", ...
    )))
  }
  print_deviance(x$deviance, x$AIC, digits)
  count <- function(tables) sum(vapply(tables, nrow, 0L))
  left_out <- left_out_line(count(x$tables) - count(tables), count(x$tables))
  cat(wrapped(c(left_out, x$errors, x$infinite, x$extreme, x$found)), sep = "\n")
  invisible(x)
}

# Class by class, so many in all.
first_rows_of <- function(tables, max) {
  before <- c(0, cumsum(vapply(tables, nrow, 0L))[-length(tables)])
  shown <- Map(function(table, before) utils::head(table, max(0, max - before)), tables, before)
  Filter(nrow, shown)
}

# Package mice has one for any "multinom", by rows.
#' @importFrom stats df.residual
#' @export
df.residual.fastmultinom <- function(object, ...) object$df.residual
