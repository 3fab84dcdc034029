# The object of matched sets: what survival's clogit() returns, with what is ours behind it.

as_fit.strata_model <- function(model, solved, rows, null, options) {
  design <- rows$design
  coefficients <- known_coefficients(solved, design)
  kept <- !solved$aliased
  deferred <- deferral_of_sets(rows, solved, options)
  by_row <- if (is.null(deferred)) parts_by_row(rows, model, solved)
  tests <- tests_of_all(solved, null, kept)
  solved$history$deviance <- -2 * solved$history$logLik
  fit <- list(
    coefficients = coefficients, var = NULL, loglik = c(null$logLik, solved$logLik),
    score = tests$score, iter = length(solved$history$iteration),
    linear.predictors = by_row$linear.predictors, residuals = by_row$residuals,
    means = if (are_in_memory(rows)) means_of_columns(design), method = "exact",
    n = rows_counted(rows), nevent = cases_counted(rows),
    wald.test = tests$wald, weights = by_row$weights, rank = sum(kept),
    deviance = -2 * solved$logLik, converged = solved$status == "converged",
    sets = sets_counted(rows), set = by_row$set, fitted.values = by_row$fitted.values,
    algorithm = options$method, status = solved$status, history = as_history(solved$history),
    cholesky = as_cholesky(solved), orthogonalised = solved$orthogonalised,
    separation = signs_of_infinity(solved, design$labels), threads = solved$threads
  )
  fit$var <- variances_by_column(fit, kept)
  fit$separation_details <- solved$separation
  fit$stored <- kept_of(rows, NULL, solved)
  fit$deferred <- deferred
  fit[!vapply(fit, is.null, NA)]
}

# Each row takes a part in its set's recursion: a tenth of what is small for a glm is small here.
is_small_in_sets <- function(design) is_small(design, 1e4)

# What a large fit to a data frame makes when it is asked for, see object-deferred.R.
deferral_of_sets <- function(rows, solved, options) {
  if (is.null(rows$frame) || is_small_in_sets(rows$design) || !isTRUE(options$model)) return(NULL)
  list(
    rows = rows$design$rows, used = used_in(rows), coefficients = solved$coefficients,
    names = if (all(rows$response$weights == 1)) setdiff(set_row_components, "weights") else
      set_row_components
  )
}

# As coxph() has them: zero for coefficients that are NA.
variances_by_column <- function(fit, kept) {
  variances <- matrix(0, length(kept), length(kept))
  variances[kept, kept] <- inverse_information(fit)
  variances
}

# Rao's statistic at zero, and Wald's.
tests_of_all <- function(solved, null, kept) {
  at_zero <- chol_or_null(null$information[kept, kept, drop = FALSE])
  beta <- solved$coefficients[kept]
  wald <- if (is.matrix(solved$expected)) sum((solved$expected %*% beta)^2) else NA_real_
  score <- if (is.null(at_zero)) {
    NA_real_
  } else {
    sum(backsolve(at_zero, null$score[kept], transpose = TRUE)^2)
  }
  list(score = score, wald = wald)
}

chol_or_null <- function(a) tryCatch(chol(a), error = function(e) NULL)

rows_counted <- function(rows) rows$counted$n %||% as.integer(rows$design$rows)

cases_counted <- function(rows) {
  rows$counted$nevent %||% sum(rows$response$y[rows$response$weights > 0])
}

# Of rows in memory, in their order. What coxph() calls the linear predictors is about the `means`,
# those of columns that are not just -1, 0 and 1.
set_parts_by_row <- function(rows, solved) {
  of <- rows$sets
  eta <- predictors_of_rows(rows, solved$coefficients)
  used <- if (is.null(of$at)) eta else eta[of$at]
  residuals <- in_order_of_rows(rows, residuals_within_sets(used, used_cases(rows), of$number), 0)
  named <- function(values) {
    if (!is.null(rows$names)) names(values) <- rows$names
    values
  }
  weights <- rows$response$weights
  list(
    linear.predictors = eta - sum(means_of_columns(rows$design) * solved$coefficients),
    residuals = named(residuals), fitted.values = rows$response$y - residuals, set = of$of_row,
    weights = if (any(weights != 1)) weights, y = as_survival_response(rows$response$y)
  )
}

# A fit to a source as one to a data frame, in the order of the source.
with_stored_sets <- function(fit) {
  of <- .subset2(fit, "stored")
  frame <- frame_of_stored_sets(of)
  class <- setdiff(oldClass(fit), "fastclogit_stored")
  fit <- unclass(fit)
  fit$model <- frame
  fit["stored"] <- NULL
  rows <- rows_of_frame(frame, blueprint_of(fit), strata_model(fit$penalty))
  coefficients <- ifelse(is.na(fit$coefficients), 0, fit$coefficients)
  fit$means <- means_of_columns(rows$design)
  parts <- set_parts_by_row(rows, list(coefficients = unname(coefficients)))
  fit[names(parts)] <- parts
  structure(fit, class = class)
}

# Which rows are cases, of sets that vary.
used_cases <- function(rows) {
  if (is.null(rows$sets$at)) rows$response$y else rows$response$y[rows$sets$at]
}

predictors_of_rows <- function(rows, coefficients) {
  core <- list(family = "conditional", predictors = 1L, penalty = NULL)
  problem <- plain_problem(rows$design, rows$response, rows$offset, core, 1L)
  problem$response$set <- seq_len(rows$design$rows)
  as.numeric(predictors_impl(problem, coefficients))
}

# As coxph() centres them.
means_of_columns <- function(design) {
  means <- column_means_impl(design)
  names(means) <- design$labels
  means
}

# What only the call knows.
finish_fit.strata_model <- function(model, fit, rows, spec, options) {
  blueprint <- rows$blueprint
  fit <- with_rows(rows, fit, options)
  formula <- spec$formula
  attributes(formula) <- list(class = "formula", .Environment = environment(spec$given))
  if (is_deferred(fit)) fit[fit$deferred$names] <- list(NULL)
  if (has_values_by_row(fit)) fit$y <- as_survival_response(rows$response$y)
  fit <- c(
    fit, list(assign = columns_by_term(blueprint), timefix = TRUE, userCall = spec$call)
  )
  spec$formula <- formula
  fit <- with_call(fit, spec, blueprint)
  class(fit) <- c(if (is_stored(fit)) "fastclogit_stored", "fastclogit", "clogit", "coxph")
  fit
}

# Which columns each term has, as coxph() notes it.
columns_by_term <- function(blueprint) {
  labels <- attr(blueprint$terms, "term.labels")
  found <- split(seq_along(blueprint$assign), factor(blueprint$assign, seq_along(labels)))
  names(found) <- labels
  found[lengths(found) > 0L]
}

# What coxph() calls the response: a time of one for all rows, and who is a case.
as_survival_response <- function(y) {
  values <- cbind(time = rep.int(1, length(y)), status = y)
  structure(values, type = "right", class = "Surv")
}
