# What estimates are measured against: fixtures/reference.csv, computed in 256-bit arithmetic, and a
# plain-R Newton for data that have no fixture.

reference_table <- function() {
  utils::read.csv(test_path("fixtures", "reference.csv"), check.names = FALSE)
}

# One model of the fixture: vectors named by term, and the deviance.
reference_of <- function(name, link, table = reference_table()) {
  rows <- table[table$data_set == name & table$link == link, ]
  if (nrow(rows) == 0) stop("no reference for ", name, " with link ", link)
  named <- function(column) stats::setNames(rows[[column]], rows$term)
  list(
    coefficients = named("coefficient"), se_expected = named("se_expected"),
    se_observed = named("se_observed"), deviance = rows$deviance[1]
  )
}

# Correct decimal digits of the worst element: -log10 of the largest relative error, at most 17.
correct_digits <- function(estimate, reference) {
  if (length(estimate) != length(reference) || anyNA(estimate)) return(-Inf)
  error <- abs(estimate - reference) / abs(reference)
  error[estimate == reference] <- 0
  -log10(max(error, 1e-17))
}

expect_digits <- function(estimate, reference, digits, label) {
  estimate <- estimate[!is.na(estimate)]
  if (!is.null(names(estimate))) expect_identical(names(estimate), names(reference), label = label)
  found <- correct_digits(estimate, reference)
  expect(
    found >= digits,
    sprintf("%s: %.1f correct digits, %s wanted.", label, found, format(digits))
  )
  invisible(found)
}

# The maximum likelihood estimate by Newton's method with step halving, which is left off where the
# log-likelihood no longer resolves a step. It stops when steps no longer shrink. `y` is a
# proportion and `weights` are trials; the columns of `x` must be linearly independent. Nothing here
# is shared with the package.
reference_fit <- function(x, y, weights = rep(1, length(y)), offset = numeric(length(y)),
                          link = "logit", start = NULL) {
  beta <- if (is.null(start)) reference_start(x, offset, link) else start
  at <- function(beta) reference_moments(drop(x %*% beta) + offset, y, weights, link)
  moments <- at(beta)
  before <- Inf
  for (iteration in 1:500) {
    step <- reference_step(x, moments)
    gain <- sum(step * crossprod(x, moments$residual))
    scale <- 1
    rises <- function(scale) isTRUE(at(beta + scale * step)$loglik >= moments$loglik)
    while (gain > 1e-9 * abs(moments$loglik) && !rises(scale)) scale <- scale / 2
    beta <- beta + scale * step
    moments <- at(beta)
    size <- max(abs(step / beta))
    if (size < 1e-8 && size >= before) break
    before <- size
  }
  reference_result(x, y, weights, beta, moments)
}

reference_start <- function(x, offset, link) {
  if (link != "log") return(numeric(ncol(x)))
  qr.coef(qr(x), rep(-1 - max(offset, 0), nrow(x)))
}

# The residual dl / d eta and both information weights, by row.
reference_moments <- function(eta, y, weights, link) {
  term <- reference_terms(eta, link)
  loglik <- y * ifelse(y > 0, term$log_mu, 0) + (1 - y) * ifelse(y < 1, term$log_nu, 0)
  if (anyNA(loglik)) return(list(loglik = -Inf))
  list(
    loglik = sum(weights * loglik),
    residual = weights * (y * term$a + (1 - y) * term$b),
    expected = -weights * term$a * term$b,
    observed = -weights * (y * term$da + (1 - y) * term$db)
  )
}

# log mu and log(1 - mu), their first derivatives a and b in eta, and the second, da and db.
reference_terms <- function(eta, link) {
  switch(link,
    logit = {
      mu <- stats::plogis(eta)
      nu <- stats::plogis(-eta)
      list(
        log_mu = stats::plogis(eta, log.p = TRUE), log_nu = stats::plogis(-eta, log.p = TRUE),
        a = nu, b = -mu, da = -mu * nu, db = -mu * nu
      )
    },
    probit = {
      log_mu <- stats::pnorm(eta, log.p = TRUE)
      log_nu <- stats::pnorm(-eta, log.p = TRUE)
      a <- exp(stats::dnorm(eta, log = TRUE) - log_mu)
      b <- -exp(stats::dnorm(eta, log = TRUE) - log_nu)
      list(
        log_mu = log_mu, log_nu = log_nu, a = a, b = b, da = -a * (eta + a), db = -b * (eta + b)
      )
    },
    cloglog = {
      hazard <- exp(eta)
      a <- hazard / expm1(hazard)
      a[hazard > 700] <- 0
      list(
        log_mu = log(-expm1(-hazard)), log_nu = -hazard, a = a, b = -hazard,
        da = a * (1 - hazard - a), db = -hazard
      )
    },
    cauchit = {
      mu <- stats::pcauchy(eta)
      nu <- stats::pcauchy(-eta)
      slope <- -2 * eta / (1 + eta^2)
      a <- stats::dcauchy(eta) / mu
      b <- -stats::dcauchy(eta) / nu
      list(
        log_mu = log(mu), log_nu = log(nu), a = a, b = b, da = slope * a - a^2,
        db = slope * b - b^2
      )
    },
    log = {
      eta[eta >= 0] <- NaN
      odds <- exp(eta) / -expm1(eta)
      list(
        log_mu = eta, log_nu = log(-expm1(eta)), a = 1 + 0 * eta, b = -odds,
        da = 0 * eta, db = -odds * (1 + odds)
      )
    }
  )
}

# The inverse of x' diag(weight) x, by QR of columns of equal length.
reference_inverse <- function(x, weight) {
  rows <- sqrt(weight) * x
  length <- sqrt(colSums(rows^2))
  decomposition <- qr(sweep(rows, 2, length, "/"), tol = 1e-15)
  chol2inv(qr.R(decomposition)) / outer(length, length)
}

# With the observed information, or the expected one where the weight of a row is negative.
reference_step <- function(x, moments) {
  weight <- if (all(moments$observed >= 0)) moments$observed else moments$expected
  drop(reference_inverse(x, weight) %*% crossprod(x, moments$residual))
}

reference_result <- function(x, y, weights, beta, moments) {
  standard_error <- function(weight) {
    if (any(weight < 0)) return(sqrt(diag(solve(crossprod(x, weight * x)))))
    sqrt(diag(reference_inverse(x, weight)))
  }
  saturated <- sum(weights * (xlogx(y) + xlogx(1 - y)))
  list(
    coefficients = stats::setNames(beta, colnames(x)),
    se_expected = standard_error(moments$expected),
    se_observed = standard_error(moments$observed),
    loglik = moments$loglik - saturated,
    deviance = 2 * (saturated - moments$loglik)
  )
}

xlogx <- function(p) ifelse(p > 0, p * log(p), 0)
