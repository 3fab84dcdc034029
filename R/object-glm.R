# The glm-like object.

# What glm.fit() returns, but for the QR decomposition, with what is ours behind it. Of rows that
# are stored nothing is kept row by row, see object-rows.R.
as_fit.binary_model <- function(model, solved, rows, null, options) {
  family <- model$family
  design <- rows$design
  deviance <- -2 * solved$logLik
  rank <- sum(!solved$aliased)
  used <- used_in(rows)
  deferred <- deferral_of(model, rows, solved)
  skipped <- !is.null(deferred) && can_skip_rows(model, rows, solved, options)
  if (!skipped) {
    solved <- with_values_by_row(solved, problem_of(rows, model, options$control$threads))
  }
  by_row <- if (!skipped) parts_by_row(rows, family, solved)
  aic <- saturated_and_deviance(rows, family, solved, by_row$fitted.values) + 2 * rank
  boundary <- solved$status == "boundary"
  fit <- list(
    coefficients = known_coefficients(solved, design),
    residuals = by_row$residuals,
    fitted.values = by_row$fitted.values,
    rank = rank,
    family = family,
    linear.predictors = by_row$linear.predictors,
    deviance = deviance,
    aic = aic,
    null.deviance = null$deviance,
    iter = length(solved$history$iteration),
    weights = by_row$weights,
    prior.weights = by_row$prior.weights,
    df.residual = used - rank,
    df.null = used - as.integer(rows$intercept),
    y = by_row$y,
    converged = boundary || solved$status == "converged",
    boundary = boundary,
    algorithm = options$method,
    status = solved$status,
    history = absolute_history(solved$history, aic, rank, deviance, family),
    cholesky = as_cholesky(solved),
    orthogonalised = solved$orthogonalised,
    separation = signs_of_infinity(solved, design$labels),
    threads = solved$threads
  )
  fit$separation_details <- solved$separation
  fit$stored <- kept_of(rows, family, solved)
  fit$deferred <- deferred
  # What is a value for each row is not there where these are stored.
  if (is.null(fit$stored)) fit else fit[!vapply(fit, is.null, NA)]
}

# What only the call knows.
finish_fit.binary_model <- function(model, fit, rows, spec, options) {
  blueprint <- rows$blueprint
  fit <- with_rows(rows, fit, options)
  stored <- !is.null(fit$stored)
  fit <- c(fit, list(
    call = spec$call, formula = spec$formula, terms = blueprint$terms, data = spec$data
  ), if (!stored) list(offset = rows$given_offset), list(
    control = options$control[c("epsilon", "maxit", "trace")],
    method = options$fitter, contrasts = blueprint$contrasts,
    xlevels = blueprint$xlevels, blueprint = kept_blueprint(blueprint)
  ))
  if (!is.null(fit$deferred)) fit <- without_doubles(fit)
  class(fit) <- c(if (stored) "fastlogit_stored", "fastlogit", "glm", "lm")
  fit
}

# --- the QR decomposition, which glm() keeps and we make on demand -------------------------------

# What depends on the rows' QR decomposition: `effects`, `R` and `qr`, as in a glm. LINPACK's
# compact form, as influence() hands it on to C code that knows no other; at glm()'s default
# tolerance.
decomposition <- function(fit, x, offset) {
  if (ncol(x) == 0L) return(list())
  good <- has_working_values(fit)
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

# The components in glm()'s order, ours last: coefficients, residuals, fitted.values and rank come
# first in as_fit(). make_x: a function that gives the design matrix, whose names are `dimnames`.
with_decomposition <- function(fit, make_x, dimnames, offset) {
  make <- function() decomposition(fit, make_x(), offset)
  middle <- promised_decomposition(fit, make, dimnames)
  if (is.null(middle)) {
    middle <- list(effects = NULL, R = NULL, qr = NULL)
    found <- make()
    middle[names(found)] <- found
  }
  c(fit[1:3], middle[1:2], fit[4L], middle[3L], fit[-(1:4)])
}

# The decomposition takes as long as a small fit, and hardly anybody asks for it: its numbers are
# made when they are read. NULL where one cannot tell beforehand how it comes out.
promised_decomposition <- function(fit, make, dimnames) {
  upper <- fit$cholesky$expected
  # That of a ridge penalty is not the rows' alone.
  if (!is.matrix(upper) || is_ridge(fit)) return(NULL)
  made <- NULL
  number <- function(name) {
    if (is.null(made)) {
      all <- make()
      made <<- list(effects = all$effects, R = all$R, qr = all$qr$qr, qraux = all$qr$qraux)
      make <<- NULL
    }
    as.vector(made[[name]])
  }
  decomposition_on_demand_impl(fit, upper, dimnames, number, alias_tolerance)
}

has_working_values <- function(fit) {
  fit$prior.weights > 0 & is.finite(fit$weights) & is.finite(fit$residuals)
}

decompose_again <- function(fit) {
  fit <- unclass(fit)
  x <- if (is.null(fit[["x"]])) stats::model.matrix(as_lm(fit)) else as.matrix(fit[["x"]])
  decomposition(fit, x, fit$offset)
}

as_lm <- function(fit) {
  check_has_rows_left(fit)
  structure(fit, class = "lm")
}

# --- a glm without rows --------------------------------------------------------------------------

# A plain glm whose `qr` is the p x p triangle of the information's Cholesky factor: all that
# summary.glm() and predict.glm() need of it, at no cost, and with the digits of the final estimate.
as_light_glm <- function(fit, curvature = "expected") {
  rowless <- !has_values_by_row(fit)
  fit <- if (rowless) as_rowless(fit) else unclass(fit)
  aliased <- is.na(fit$coefficients)
  triangle <- as_triangle(fit$cholesky[[curvature]], !aliased)
  if (is.null(triangle)) triangle <- unknown_triangle(fit, curvature)
  pivot <- seq_along(aliased)
  if (any(aliased)) {
    pivot <- c(pivot[!aliased], pivot[aliased])
    padded <- diag(length(pivot))
    kept <- seq_len(nrow(triangle))
    padded[kept, kept] <- triangle
    triangle <- padded
  }
  dimnames(triangle) <- list(NULL, names(aliased)[pivot])
  qr <- list(
    qr = triangle, rank = fit$rank, qraux = numeric(length(pivot)), pivot = pivot,
    tol = alias_tolerance
  )
  class(qr) <- "qr"
  fit$qr <- qr
  class(fit) <- c(if (rowless) "fastlogit_rowless", "glm", "lm")
  fit
}

# A plain glm of which summary.glm() and predict.glm() find all that they ask for: one row stands
# for the others' dispersion.
as_rowless <- function(fit) {
  family <- fit$family
  fit <- unclass(fit)
  fit$family <- family
  dispersion <- known_of_rows(fit)$dispersion
  fit$residuals <- if (is.null(dispersion)) 0 else sqrt(dispersion * fit$df.residual)
  fit$weights <- fit$prior.weights <- 1
  fit$y <- fit$fitted.values <- 0
  fit
}

# What summary.glm() says of a glm without rows.
plain_summary <- function(fit, ...) {
  with_classed_warnings("fastlogit_summary_warning", stats::summary.glm(fit, ...))
}

without_coefficients <- function(fit) {
  fit <- if (has_values_by_row(fit)) unclass(fit) else as_rowless(fit)
  fit$coefficients <- numeric()
  fit$rank <- 0L
  structure(fit, class = c("glm", "lm"))
}

# The dispersion that the deviance is measured in.
dispersion_of <- function(fit) {
  if (is.null(fit$family) || has_known_dispersion(fit$family)) return(1)
  if (!has_values_by_row(fit)) return(known_of_rows(fit)$dispersion)
  plain_summary(without_coefficients(fit))$dispersion
}

# The variance of each coefficient by the model, NA where it is aliased or infinite.
own_variances <- function(fit) {
  variances <- stats::setNames(rep(NA_real_, length(fit$coefficients)), names(fit$coefficients))
  held <- if (is_separated(fit)) fit$separation_details$limit else fit
  if (is.null(held)) return(variances)
  known <- !is.na(held$coefficients)
  variances[known] <- if (is_separated(fit)) held$variances[known] else unscaled_variances(held)
  variances[!is.finite(shown_estimates(fit))] <- NA
  dispersion_of(fit) * variances
}

# The outcomes by name: failure, success.
outcomes_of <- function(response) {
  if (is.factor(response)) {
    levels <- levels(response)
    if (length(levels) <= 2L) return(levels)
    return(c(levels[1L], paste(levels[-1L], collapse = " or ")))
  }
  if (is.logical(response)) c("FALSE", "TRUE") else c("0", "1")
}

# --- rows in memory ------------------------------------------------------------------------------

used_in.memory_rows <- function(rows) {
  response <- rows$response
  if (is.null(response$successes)) sum(response$weights != 0) else length(response$y)
}

parts_by_row.memory_rows <- function(rows, family, solved) {
  if (identical(family$kind, "strata")) return(set_parts_by_row(rows, solved))
  if (is.null(family)) return(class_parts_by_row(rows, solved))
  y <- rows$response$y
  eta <- as.numeric(solved$linear.predictors)
  mu <- family$linkinv(eta)
  weights <- as.numeric(solved$weights)
  single <- !is.null(rows$response$successes)
  slope <- if (single && is_slope(weights, family)) weights else family$mu.eta(eta)
  parts <- list(
    residuals = (y - mu) / slope, fitted.values = mu, linear.predictors = eta,
    weights = weights, prior.weights = as.numeric(rows$response$weights), y = y
  )
  if (is.null(rows$names)) parts else each_with_names_impl(parts, rows$names)
}

# The weight of a single trial is the slope of the logistic function, as long as that is above the
# least that R's own `mu.eta` gives.
is_slope <- function(weights, family) {
  least <- min(weights)
  !is.na(least) && least > 4 * .Machine$double.eps && is_canonical(family)
}

# mu: NULL if it is not there yet.
# Where every row is one trial, the saturated model gives its outcome the probability one.
saturated_and_deviance.memory_rows <- function(rows, family, solved, mu) {
  response <- rows$response
  deviance <- -2 * solved$logLik
  if (family$family == "binomial" && !is.null(response$successes)) return(deviance)
  if (is.null(mu)) mu <- family$linkinv(as.numeric(solved$linear.predictors))
  names(mu) <- NULL  # functions of a million of them would copy these
  aic_of_rows(family, response$y, response$n, mu, response$weights, deviance)
}

# Rows of no weight may lie outside of the link's domain, where the family's aic() finds no number.
aic_of_rows <- function(family, y, n, mu, weights, deviance) {
  family$aic(y, n, replace(mu, weights == 0, 0.5), weights, deviance)
}

with_rows.memory_rows <- function(rows, fit, options) {
  design <- rows$design
  if (is_light(design)) {
    fit$sparse <- TRUE
  } else if (!is.null(fit$family) && is_small(design)) {
    fit <- with_decomposition(
      fit, function() design_matrix(design), names_of_matrix(design), rows$given_offset
    )
  }
  omitted <- attr(rows$frame, "na.action")
  fit <- c(
    fit, if (options$model) list(model = rows$frame),
    if (!is.null(fit$family)) list(outcomes = outcomes_of(response_itself(rows$frame))),
    if (!is.null(omitted)) list(na.action = omitted),
    if (isTRUE(options$x)) list(x = matrix_of(design))
  )
  if (!is.null(options$y) && !options$y) fit$y <- NULL
  if (is.null(fit$deferred)) fit else defer_rows(fit, rows, options)
}

matrix_of <- function(design) if (is_light(design)) sparse_of(design) else design_matrix(design)
