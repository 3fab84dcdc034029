# The glm-like object.

# What glm.fit() returns, but for the QR decomposition, with what is ours behind it.
as_glm_fit <- function(solved, design, row_names, response, offset, family, control, method,
                       intercept) {
  y <- response$y
  weights <- response$weights
  eta <- as.numeric(solved$linear.predictors)
  mu <- family$linkinv(eta)
  slope <- family$mu.eta(eta)
  deviance <- -2 * solved$logLik
  rank <- sum(!solved$aliased)
  n_ok <- if (is.null(response$successes)) sum(weights != 0) else length(y)
  named <- function(v) {
    names(v) <- row_names
    v
  }
  aic <- akaike(family, response, mu, deviance) + 2 * rank
  list(
    coefficients = known_coefficients(solved, design),
    residuals = named((y - mu) / slope),
    fitted.values = named(mu),
    rank = rank,
    family = family,
    linear.predictors = named(eta),
    deviance = deviance,
    aic = aic,
    null.deviance = null_deviance(response, offset, family, control, intercept),
    iter = length(solved$history$iteration),
    weights = named(as.numeric(solved$weights)),
    prior.weights = named(as.numeric(weights)),
    df.residual = n_ok - rank,
    df.null = n_ok - as.integer(intercept),
    y = named(y),
    converged = solved$status %in% c("converged", "boundary"),
    boundary = solved$status == "boundary",
    algorithm = method,
    status = solved$status,
    history = absolute_history(solved$history, aic, rank, deviance, family),
    cholesky = as_cholesky(solved),
    orthogonalised = solved$orthogonalised,
    separation = signs_of_infinity(solved, design$labels),
    threads = solved$threads
  )
}

# Those of aliased columns are NA.
known_coefficients <- function(solved, design) {
  coefficients <- solved$coefficients
  coefficients[solved$aliased] <- NA
  names(coefficients) <- design$labels
  coefficients
}

# Where every row is one trial, the saturated model gives its outcome the probability one.
akaike <- function(family, response, mu, deviance) {
  if (family$family == "binomial" && !is.null(response$successes)) return(deviance)
  family$aic(response$y, response$n, mu, response$weights, deviance)
}

# The solver's log-likelihood is relative to the saturated model; R's is not.
absolute_history <- function(history, aic, rank, deviance, family) {
  saturated <- (deviance - (aic - 2 * rank)) / 2
  if (is.finite(saturated)) history$logLik <- history$logLik + saturated
  as_history(history)
}

# data.frame() would cost more than a small fit.
as_history <- function(columns) {
  attr(columns, "row.names") <- seq_along(columns$iteration)
  class(columns) <- "data.frame"
  columns
}

# With an offset the null model needs a fit of its own.
null_deviance <- function(response, offset, family, control, intercept) {
  y <- response$y
  weights <- response$weights
  if (!intercept) {
    mu <- family$linkinv(if (is.null(offset)) numeric(length(y)) else offset)
    return(sum(family$dev.resids(y, mu, weights)))
  }
  if (is.null(offset)) {
    successes <- response$successes
    if (!is.null(successes)) return(deviance_of_trials(successes, length(y), family))
    mean <- sum(weights * y) / sum(weights)
    return(sum(family$dev.resids(y, rep.int(mean, length(y)), weights)))
  }
  design <- intercept_design(length(y))
  starts <- starting_points(design, response, offset, family, NULL, NULL, NULL)
  control["engine"] <- list(NULL)  # the rows of this design are here
  control$trace <- FALSE
  model <- binary_model(family)
  # The intercept alone is infinite only where the response is constant.
  control$finite <- has_both_outcomes(response)
  solved <- solve_rows(design, response, offset, model, starts, control, "newton")
  if (control$finite) report_null(solved)
  -2 * solved$logLik
}

has_both_outcomes <- function(response) {
  y <- response$y[response$weights > 0]
  any(y > 0) && any(y < 1)
}

# Of single trials about their mean: all rows of an outcome contribute the same.
deviance_of_trials <- function(successes, total, family) {
  counts <- c(successes, total - successes)
  seen <- counts > 0
  mean <- rep.int(successes / total, sum(seen))
  sum(family$dev.resids(c(1, 0)[seen], mean, counts[seen]))
}

# --- the QR decomposition, which glm() keeps and we make on demand -------------------------------

# What depends on the rows' QR decomposition: `effects`, `R` and `qr`, as in a glm. LINPACK's
# compact form, as influence() hands it on to C code that knows no other; at glm()'s default
# tolerance.
decomposition <- function(fit, x, offset) {
  if (ncol(x) == 0L) return(list())
  good <- fit$prior.weights > 0 & is.finite(fit$weights) & is.finite(fit$residuals)
  root <- sqrt(fit$weights)
  eta <- fit$linear.predictors
  working <- (if (is.null(offset)) eta else eta - offset) + fit$residuals
  root <- root[good]
  if (!all(good)) x <- x[good, , drop = FALSE]
  solved <- stats::.lm.fit(x * root, root * working[good], alias_tolerance)
  # LINPACK squares: columns near the ends of the range of doubles have no decomposition.
  if (!all(is.finite(solved$qraux))) return(list())
  # Attributes of the model matrix have come along.
  attr(solved$qr, "assign") <- attr(solved$qr, "contrasts") <- NULL
  columns <- colnames(x)[solved$pivot]
  if (!is.null(columns)) colnames(solved$qr) <- columns
  effects <- solved$effects
  names(effects) <- c(columns[seq_len(solved$rank)], character(length(effects) - solved$rank))
  triangle <- diag(ncol(x))
  rows <- seq_len(min(nrow(solved$qr), ncol(x)))
  triangle[rows, ] <- solved$qr[rows, ]
  triangle[lower.tri(triangle)] <- 0
  dimnames(triangle) <- list(columns, columns)
  qr <- structure(solved[c("qr", "rank", "qraux", "pivot", "tol")], class = "qr")
  list(effects = effects, R = triangle, qr = qr)
}

# glm()'s at its default epsilon; a column is aliased when less than this part of its norm is left.
alias_tolerance <- 1e-11

# The components in glm()'s order, ours last: coefficients, residuals, fitted.values and rank come
# first in as_glm_fit().
with_decomposition <- function(fit, x, offset) {
  middle <- stats::setNames(vector("list", 3L), on_demand)
  found <- decomposition(fit, x, offset)
  middle[names(found)] <- found
  c(fit[1:3], middle[c("effects", "R")], fit["rank"], middle["qr"], fit[-(1:4)])
}

# Up to this many numbers in the design the decomposition costs next to nothing, and is kept, so
# that a small fit holds all that a glm holds; a larger one answers `$qr`, `$R` and `$effects` on
# demand.
decomposition_is_cheap <- function(design) entries_of(design) <= 1e5

on_demand <- c("qr", "R", "effects")

# The names that a glm, or a multinom, may have, and no other, can be asked for by their beginnings:
# code that tries `fit$se` must not be given `separation`.
glm_components <- c(
  "coefficients", "residuals", "fitted.values", "effects", "R", "rank", "qr", "family",
  "linear.predictors", "deviance", "aic", "null.deviance", "iter", "weights", "prior.weights",
  "df.residual", "df.null", "y", "converged", "boundary", "model", "call", "formula", "terms",
  "data", "offset", "control", "method", "contrasts", "xlevels", "na.action", "x"
)

# present: the names that the fit has.
full_name <- function(name, present, components) {
  if (name %in% present) return(name)
  at <- pmatch(name, components[components %in% present])
  if (is.na(at)) name else components[components %in% present][at]
}

#' @export
`$.fastlogit` <- function(x, name) {
  name <- full_name(name, c(names(x), on_demand), glm_components)
  value <- .subset2(x, name)
  if (is.null(value) && name %in% on_demand) decompose_again(x)[[name]] else value
}

#' @export
`[[.fastlogit` <- function(x, i, ...) {
  value <- .subset2(x, i, ...)
  if (is.null(value) && length(i) == 1L && i %in% on_demand) decompose_again(x)[[i]] else value
}

decompose_again <- function(fit) {
  fit <- unclass(fit)
  x <- if (is.null(fit[["x"]])) stats::model.matrix(as_lm(fit)) else as.matrix(fit[["x"]])
  decomposition(fit, x, fit$offset)
}

as_lm <- function(fit) structure(fit, class = "lm")

# --- a glm without rows --------------------------------------------------------------------------

# A plain glm whose `qr` is the p x p triangle of the information's Cholesky factor: all that
# summary.glm() and predict.glm() need of it, at no cost, and with the digits of the final estimate.
as_light_glm <- function(fit, curvature = "expected") {
  fit <- unclass(fit)
  elsewhere <- !is.null(fit$elsewhere)
  if (elsewhere) fit <- as_rowless(fit)
  aliased <- is.na(fit$coefficients)
  triangle <- as_triangle(fit$cholesky[[curvature]], !aliased)
  if (is.null(triangle)) triangle <- unknown_triangle(fit, curvature)
  pivot <- c(which(!aliased), which(aliased))
  padded <- diag(length(pivot))
  kept <- seq_len(nrow(triangle))
  padded[kept, kept] <- triangle
  colnames(padded) <- names(fit$coefficients)[pivot]
  fit$qr <- structure(
    list(qr = padded, rank = fit$rank, qraux = numeric(length(pivot)), pivot = unname(pivot),
         tol = alias_tolerance),
    class = "qr"
  )
  structure(fit, class = c(if (elsewhere) "fastlogit_rowless", "glm", "lm"))
}

# What summary.glm() says of a glm without rows.
plain_summary <- function(fit, ...) {
  with_classed_warnings("fastlogit_summary_warning", stats::summary.glm(fit, ...))
}

# A fit that has run away has no standard errors, but it can be looked at.
unknown_triangle <- function(fit, curvature) {
  if (curvature == "observed") no_information(curvature)
  matrix(NaN, fit$rank, fit$rank)
}

no_information <- function(curvature) {
  fit_error(
    "fastlogit_no_information",
    "the ", curvature, " information is not positive definite at the estimate, so there is no ",
    "covariance matrix: see fit$status and fit$history."
  )
}
