# What average effects are measured against: R's own predictions of changed data, and derivatives in
# the coefficients by differences of them.

# Personalised system of instruction and grades (Spector and Mazzeo 1980; Greene, Econometric
# Analysis, table F14.1).
spector_data <- function() {
  data.frame(
    grade = c(
      0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1
    ),
    gpa = c(
      2.66, 2.89, 3.28, 2.92, 4, 2.86, 2.76, 2.87, 3.03, 3.92, 2.63, 3.32, 3.57, 3.26, 3.53, 2.74,
      2.75, 2.83, 3.12, 3.16, 2.06, 3.62, 2.89, 3.51, 3.54, 2.83, 3.39, 2.67, 3.65, 4, 3.1, 2.39
    ),
    tuce = c(
      20, 22, 24, 12, 21, 17, 17, 21, 25, 29, 20, 23, 23, 25, 26, 19, 25, 19, 23, 25, 22, 28, 14,
      26, 24, 27, 17, 24, 21, 23, 21, 19
    ),
    psi = rep(0:1, c(18, 14))
  )
}

effects_data <- function(n = 300) {
  with_seed(5, {
    d <- data.frame(
      x = rnorm(n), z = runif(n, 1, 5), f = factor(sample(c("a", "b", "c"), n, TRUE)),
      g = sample(c("u", "v"), n, TRUE), l = runif(n) > 0.5, k = sample(c(4, 6, 8), n, TRUE),
      t = runif(n, 1, 3), w = sample(1:4, n, TRUE)
    )
    eta <- 0.5 * d$x + (d$f == "b") - 0.4 * log(d$z)
    d$y <- rbinom(n, 1, plogis(eta))
    d$m <- factor(c("p", "q", "r")[1 + rbinom(n, 2, plogis(eta))])
    d$s <- rbinom(n, d$w + 2L, plogis(eta))
    d$r <- d$w + 2L - d$s
    d
  })
}

# Probabilities of rows at coefficients: n x 1, or n x K. beta: predictor by predictor.
probabilities_at <- function(fit, data, beta) {
  terms <- delete.response(fit$terms)
  frame <- model.frame(terms, data, xlev = fit$xlevels)
  x <- suppressWarnings(model.matrix(terms, frame, contrasts.arg = fit$contrasts))
  eta <- x %*% matrix(ifelse(is.na(beta), 0, beta), ncol(x))
  offset <- model.offset(frame)
  if (!is.null(offset)) eta <- eta + offset
  if (!is.null(fit$family)) return(matrix(fit$family$linkinv(eta)))
  odds <- exp(cbind(0, eta))
  odds / rowSums(odds)
}

# statistic(p): of p(data, beta). As the delta method has it, with derivatives in the coefficients
# by central differences.
delta_reference <- function(fit, statistic) {
  beta <- if (is.null(fit$family)) as.vector(t(rbind(coef(fit)))) else unname(coef(fit))
  at <- function(beta) statistic(function(data) suppressWarnings(probabilities_at(fit, data, beta)))
  gradient <- vapply(seq_along(beta), function(j) {
    h <- replace(numeric(length(beta)), j, 1e-4)
    (8 * (at(beta + h) - at(beta - h)) - (at(beta + 2 * h) - at(beta - 2 * h))) / 12e-4
  }, at(beta))
  gradient <- matrix(gradient, ncol = length(beta))
  list(estimate = at(beta), std.error = sqrt(rowSums((gradient %*% vcov(fit)) * gradient)))
}

# The average derivative in a number, by differences of fourth order.
mean_slope <- function(p, data, name, weights, h = 1e-3) {
  moved <- function(step) p(replace(data, name, list(data[[name]] + step)))
  slope <- (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
  colSums(slope * weights) / sum(weights)
}

mean_at <- function(p, data, name, value, weights) {
  data[[name]] <- rep(value, nrow(data))
  colSums(p(data) * weights) / sum(weights)
}

# The numbers of a table without its attributes.
expect_same_effects <- function(table, other, tolerance = 1e-10) {
  expect_equal(as.data.frame(table), as.data.frame(other), tolerance = tolerance)
}

expect_delta <- function(table, reference, tolerance = 1e-7) {
  expect_equal(table$estimate, reference$estimate, tolerance = tolerance)
  expect_equal(table$std.error, reference$std.error, tolerance = tolerance)
}
