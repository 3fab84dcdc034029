# What penalised estimates are measured against: adjusted scores in plain R, from the formulae of
# the papers.

# mu'' / mu'
log_slope_change <- function(eta, link) {
  switch(link,
    logit = 1 - 2 * stats::plogis(eta), probit = -eta, cloglog = 1 - exp(eta),
    cauchit = -2 * eta / (1 + eta^2), log = rep(1, length(eta))
  )
}

# y: proportions, of `trials`.
penalised_problem <- function(fit) {
  list(
    x = stats::model.matrix(fit), y = fit$y, trials = fit$prior.weights,
    offset = if (is.null(fit$offset)) numeric(length(fit$y)) else fit$offset,
    link = fit$family$link
  )
}

rows_at <- function(problem, beta) {
  link <- stats::make.link(problem$link)
  eta <- drop(problem$x %*% beta) + problem$offset
  mu <- link$linkinv(eta)
  slope <- link$mu.eta(eta)
  variance <- mu * (1 - mu)
  list(
    eta = eta, mu = mu, slope = slope, variance = variance,
    weight = problem$trials * slope^2 / variance
  )
}

reference_information <- function(problem, beta) {
  crossprod(problem$x * sqrt(rows_at(problem, beta)$weight))
}

# Kosmidis & Firth (2009), Kosmidis & Firth (2021), Kenne Pagui, Salvan & Sartori (2017).
adjusted_score <- function(problem, beta, penalty) {
  x <- problem$x
  rows <- rows_at(problem, beta)
  information <- reference_information(problem, beta)
  inverse <- solve(information)
  h <- rows$weight * rowSums((x %*% inverse) * x)
  curved <- log_slope_change(rows$eta, problem$link)
  variance_change <- (1 - 2 * rows$mu) * rows$slope / rows$variance
  score <- crossprod(x, problem$trials * rows$slope / rows$variance * (problem$y - rows$mu))
  if (penalty$name == "ridge") {
    return(score - penalty$amount * beta * !colnames(x) %in% penalty$unpenalised)
  }
  if (penalty$name == "jeffreys") {
    return(score + penalty$amount * crossprod(x, h * (2 * curved - variance_change)))
  }
  score <- score + crossprod(x, h * curved) / 2
  if (penalty$name == "firth") return(score)
  third <- rows$weight * (variance_change / 6 - curved / 2)
  shift <- colSums(third * (x %*% inverse)^3) / diag(inverse)
  score + information %*% shift
}

# The length of the adjusted score, in standard errors.
expect_solves <- function(fit, problem = penalised_problem(fit), tolerance = 1e-8, label = NULL) {
  beta <- stats::coef(fit)
  score <- adjusted_score(problem, beta, fit$penalty)
  distance <- sqrt(sum(score * solve(reference_information(problem, beta), score)))
  expect_lt(distance, tolerance, label = label)
}

# Central differences.
numeric_gradient <- function(f, at, step = 1e-5) {
  vapply(seq_along(at), function(j) {
    h <- replace(numeric(length(at)), j, step)
    (f(at + h) - f(at - h)) / (2 * step)
  }, 0)
}

endometrial <- function() {
  skip_if_not_installed("brglm2")
  env <- new.env()
  utils::data("endometrial", package = "brglm2", envir = env)
  env$endometrial
}

# The same model by brglm2, tightly.
brglm_fit <- function(formula, link, data, type, start = NULL) {
  suppressWarnings(stats::glm(
    formula, stats::binomial(link), data, method = brglm2::brglmFit, start = start,
    control = list(type = type, epsilon = 1e-12, maxit = 5000)
  ))
}

brglm_types <- c(firth = "AS_mean", median = "AS_median", jeffreys = "MPL_Jeffreys")
