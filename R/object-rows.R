# Fits to rows that are stored: what they keep, and what comes of a pass over the rows, by runs of
# blocks, when it is asked for.

used_in.stored_rows <- function(rows) rows$response$n_ok

parts_by_row.stored_rows <- function(rows, family, solved) {
  if (!is.null(family)) return(NULL)
  c(empty_classes(rows$response$levels), list(counts = !is.null(rows$response$rows$y)))
}

# Where counts are whole, the saturated model tells; else the family has to be asked at the means.
saturated_and_deviance.stored_rows <- function(rows, family, solved, mu) {
  if (family$family != "binomial") return(NA_real_)
  saturated <- rows$response$saturated
  if (!is.na(saturated)) return(-2 * solved$logLik + saturated)
  coefficients <- ifelse(solved$aliased, NA, solved$coefficients)
  sum_rows(list(coefficients = coefficients, family = family, stored = rows), function(row) {
    aic_of_rows(family, row$y, row$n, family$linkinv(row$eta), row$weights, NULL)
  })
}

with_rows.stored_rows <- function(rows, fit, options) {
  if (!is.null(fit$family)) {
    if (!has_known_dispersion(fit$family)) fit$stored$dispersion <- stored_dispersion(fit)
    fit$outcomes <- outcomes_of(response_itself(rows$prototype))
  }
  fit$na.action <- rows_left_out(rows)
  fit
}

# Pearson's, as summary.glm() estimates it.
stored_dispersion <- function(fit) {
  if (fit$df.residual <= 0) return(NaN)
  family <- fit$family
  sum_rows(fit, function(row) {
    used <- row$working > 0
    sum((row$working * working_residuals(row, family)^2)[used])
  }) / fit$df.residual
}

# --- what a fit in memory keeps of its rows ------------------------------------------------------

# The components asked for, by one pass.
read_components <- function(fit, names) {
  family <- fit$family
  make <- list(
    residuals = function(row) working_residuals(row, family),
    fitted.values = function(row) family$linkinv(row$eta),
    linear.predictors = function(row) row$eta, weights = function(row) row$working,
    prior.weights = function(row) row$weights, y = function(row) row$y
  )[names]
  out <- lapply(make, function(f) numeric(fit$stored$design$rows))
  done <- 0
  problem <- problem_of_fit(fit, 1L)
  for_each_run(fit$stored$handle, function(first, last) {
    row <- run_of_rows(fit, first, last, problem)
    at <- done + seq_along(row$y)
    for (name in names) out[[name]][at] <<- make[[name]](row)
    done <<- done + length(row$y)
  })
  out
}

# The same of many classes.
read_class_rows <- function(fit) {
  of <- fit$stored
  levels <- fit$lab
  coefficients <- t(coefficient_matrix(fit))
  coefficients[is.na(coefficients)] <- 0
  problem <- problem_of_fit(fit, 1L)
  eta <- matrix(0, of$design$rows, length(levels) - 1L, dimnames = list(NULL, levels[-1L]))
  observed <- matrix(0, of$design$rows, length(levels))
  weights <- matrix(0, of$design$rows, 1L)
  done <- 0
  for_each_run(of$handle, function(first, last) {
    predicted <- stored_predictors(problem, as.vector(coefficients), first, last)$eta
    run <- class_run(of, first, last)
    at <- done + seq_len(nrow(predicted))
    eta[at, ] <<- predicted
    observed[at, ] <<- run$observed
    weights[at, ] <<- run$weights
    done <<- done + nrow(predicted)
  })
  probabilities <- class_probabilities(eta)
  colnames(probabilities) <- levels
  parts <- nnet_components(coefficient_matrix(fit), probabilities, observed, fit$deviance)
  c(parts[c("fitted.values", "residuals")], list(linear.predictors = eta, weights = weights))
}

# --- components that are made when they are asked for ---------------------------------------------

# Components that are made when they are asked for: what takes another n x p, and of many rows, or
# of rows that are stored, all that there is for each of them. So `$`, `[[` and `[` are methods,
# once for all objects.

#' @export
`$.fastlogit` <- function(x, name) {
  value <- .subset2(x, name)
  if (!is.null(value) || is_never_made(x, name)) return(value)
  name <- full_name(name, c(names(x), made_on_demand(x)), known_components(x))
  value <- .subset2(x, name)
  if (is.null(value)) made_component(x, name) else value
}

#' @export
`[[.fastlogit` <- function(x, i, ...) {
  value <- .subset2(x, i, ...)
  if (!is.null(value) || length(i) != 1L) return(value)
  made_component(x, if (is.character(i)) i else names(x)[i])
}

#' @export
`[.fastlogit` <- function(x, i) {
  if (missing(i)) return(x)
  parts <- unclass(x)[i]
  absent <- if (is_deferred(x)) intersect(names(parts), not_yet_made(x))
  if (length(absent)) parts[absent] <- unclass(with_deferred(x))[absent]
  parts
}

#' @export
with.fastlogit <- function(data, expr, ...) {
  eval(substitute(expr), unclass(in_memory(data)), enclos = parent.frame())
}

#' @export
`$.fastmultinom` <- `$.fastlogit`

#' @export
`[[.fastmultinom` <- `[[.fastlogit`

#' @export
`$.fastordinal` <- `$.fastlogit`

#' @export
`[[.fastordinal` <- `[[.fastlogit`

#' @export
`$.fastclogit` <- `$.fastlogit`

#' @export
`[[.fastclogit` <- `[[.fastlogit`

#' @export
`[.fastclogit` <- `[.fastlogit`

#' @export
`[.fastmultinom` <- `[.fastlogit`

#' @export
with.fastmultinom <- with.fastlogit

#' @export
with.fastclogit <- with.fastlogit

is_of_classes <- function(fit) inherits(fit, "fastmultinom")

# In order or not.
is_of_many <- function(fit) is_of_classes(fit) || is_ordered_fit(fit)

made_on_demand <- function(fit) {
  if (is_ordered_fit(fit)) return(c(made_of_ordered, removed_from(fit)))
  if (is_of_sets(fit)) {
    rows <- if (is_stored(fit)) c("means", set_row_components)
    return(c(rows, if (is_deferred(fit)) not_yet_made(fit), removed_from(fit)))
  }
  rows <- if (is_of_classes(fit)) class_row_components else row_components
  c(
    if (!is_of_classes(fit)) on_demand, if (is_stored(fit)) rows,
    if (is_deferred(fit)) not_yet_made(fit), removed_from(fit)
  )
}

# Much that is asked of a fit is there only of some, and is never made: that has to be told soon.
is_never_made <- function(fit, name) {
  if (is_stripped(fit) || name %in% ever_made()) return(FALSE)
  components <- known_components(fit)
  all(components[startsWith(components, name)] == name)
}

# Of any fit but a stripped one.
ever_made <- function() {
  c(on_demand, row_components, set_row_components, made_of_ordered, "means", "data", "offset")
}

# NULL where there is nothing to make.
made_component <- function(fit, name) {
  if (!name %in% made_on_demand(fit)) return(NULL)
  if (is_ordered_fit(fit)) return(made_ordered_component(fit, name))
  if (is_stripped(fit)) return(stripped_component(fit, name))
  if (is_of_sets(fit) && is_stored(fit)) return(in_memory(fit)[[name]])
  if (is_deferred(fit) && !name %in% on_demand) return(made_of_deferred(fit, name))
  if (name %in% on_demand) return(decompose_again(in_memory(fit))[[name]])
  if (is_of_classes(fit)) read_class_rows(fit)[[name]] else read_components(fit, name)[[name]]
}

# The names that a glm, or a multinom, may have, and no other, can be asked for by their beginnings:
# code that tries `fit$se` must not be given `separation`.
known_components <- function(fit) {
  if (is_ordered_fit(fit)) return(polr_components)
  if (is_of_sets(fit)) return(clogit_components)
  if (is_of_classes(fit)) multinom_components else glm_components
}

polr_components <- c(
  "coefficients", "zeta", "deviance", "fitted.values", "lev", "terms", "df.residual", "edf", "n",
  "nobs", "call", "method", "convergence", "niter", "lp", "Hessian", "model", "contrasts",
  "xlevels", "na.action"
)

clogit_components <- c(
  "coefficients", "var", "loglik", "score", "iter", "linear.predictors", "residuals", "means",
  "method", "n", "nevent", "terms", "assign", "wald.test", "concordance", "y", "timefix", "formula",
  "call", "userCall", "weights", "model", "contrasts", "xlevels", "na.action", "strata", "x"
)

glm_components <- c(
  "coefficients", "residuals", "fitted.values", "effects", "R", "rank", "qr", "family",
  "linear.predictors", "deviance", "aic", "null.deviance", "iter", "weights", "prior.weights",
  "df.residual", "df.null", "y", "converged", "boundary", "model", "na.action", "x", "call",
  "formula", "terms", "data", "offset", "control", "method", "contrasts", "xlevels"
)

multinom_components <- c(
  "n", "nunits", "nconn", "conn", "nsunits", "decay", "entropy", "softmax", "censored", "value",
  "wts", "convergence", "fitted.values", "residuals", "lev", "call", "terms", "weights", "deviance",
  "rank", "lab", "coefnames", "vcoefnames", "contrasts", "xlevels", "edf", "AIC", "Hessian",
  "model", "na.action"
)

# present: the names that the fit has.
full_name <- function(name, present, components) {
  if (name %in% present) return(name)
  at <- pmatch(name, components[components %in% present])
  if (is.na(at)) name else components[components %in% present][at]
}

# A fit with all that there is for each row, also where that is made on demand, or where the rows
# are stored: as large as they are.
in_memory <- function(fit) {
  check_has_rows_left(fit)
  if (is_deferred(fit)) return(with_deferred(fit))
  if (!is_stored(fit)) return(fit)
  if (is_of_sets(fit)) return(with_stored_sets(fit))
  many <- is_of_classes(fit)
  class <- setdiff(class(fit), c("fastlogit_stored", "fastmultinom_stored"))
  names <- if (many) class_row_components else row_components
  parts <- if (many) read_class_rows(fit) else read_components(fit, names)
  rows <- rows_of(fit)
  fit <- unclass(fit)
  fit[names] <- parts[names]
  fit$model <- stored_frame(rows)
  fit["stored"] <- NULL
  fit$offset <- if (many) stored_class_offset(rows, fit$declared) else offset_in_frame(fit$model)
  structure(fit, class = class)
}

# Of two classes, row by row, without names.
components_by_row <- function(fit, names) {
  if (is_stored(fit)) return(stats::setNames(read_components(fit, names), names))
  lapply(unclass(in_memory(fit))[names], unname)
}

# n x q, of two classes as well: the derivatives of the rows' log-likelihoods in their linear
# predictors; zero where there is no weight, and there may be no residual.
scores_in_eta <- function(fit) {
  fit <- in_memory(fit)
  if (is_of_sets(fit)) return(matrix(fit$residuals * (fit$weights %||% 1)))
  if (is.null(fit$family)) return(as.vector(fit$weights) * all_residuals(fit)[, -1L, drop = FALSE])
  score <- as.vector(fit$weights) * as.vector(fit$residuals)
  matrix(replace(score, as.vector(fit$weights) == 0, 0))
}
