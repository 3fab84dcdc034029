# Data of two classes, separated or nearly so, by the number.
nearly_separated <- function(number, link) {
  set.seed(number)
  n <- sample(12:40, 1)
  d <- data.frame(x1 = rnorm(n), x2 = rbinom(n, 1, 0.4), x3 = sample(0:3, n, TRUE))
  eta <- drop(scale(as.matrix(d)) %*% rnorm(3))
  d$y <- switch(1 + number %% 3,
    as.integer(eta > rnorm(1, sd = 0.5)), replace(rbinom(n, 1, plogis(eta)), d$x2 == 1, 1),
    rbinom(n, 1, plogis(eta))
  )
  if (length(unique(d$y)) == 1) d$y[1] <- 1 - d$y[1]
  d$w <- if (number %% 5 == 0) sample(0:3, n, TRUE) else 1
  if (length(unique(d$y[d$w > 0])) == 1) d$w <- 1
  d$o <- if (number %% 4 == 0) rnorm(n, sd = sample(c(1, 5), 1)) else 0
  list(d = d, fit = suppressWarnings(
    fastlogit(y ~ x1 + x2 + x3, binomial(link), d, weights = w, offset = o)
  ))
}

expect_exact_profiles <- function(number, link) {
  case <- nearly_separated(number, link)
  fit <- case$fit
  label <- paste(link, number)
  free <- which(!is.na(coef(fit)))
  x <- model.matrix(fit)[, free, drop = FALSE]
  bound <- function(j = NULL, value = 0) {
    bound_by_brute_force(x, case$d$y, case$d$w + numeric(nrow(x)), case$d$o + numeric(nrow(x)),
                         link, j, value)
  }
  signs <- unname(brute_force(x, case$d$y, case$d$w + numeric(nrow(x)), link)$signs)
  least <- bound()
  found <- confint(fit, free)
  found <- matrix(found, ncol = 2)
  dimnames(found) <- NULL
  up <- is.na(signs) | signs == Inf
  down <- is.na(signs) | signs == -Inf
  infinite <- cbind(found[, 1] == -Inf, found[, 2] == Inf)
  expect_identical(infinite, unname(cbind(down, up)), label = label)
  for (end in which(is.finite(found))) {
    root <- sqrt(max(0, bound((end - 1) %% nrow(found) + 1, found[end]) - least))
    expect_equal(root, qnorm(0.975), tolerance = 1e-5, label = label)
  }
  rise <- vapply(seq_along(free), bound, 0) - least
  expect_equal(lr_test(fit, free)$LRT, rise, tolerance = 1e-5, label = label)
}

test_that("ends and tests are those of constrained refits, separated or not", {
  for (link in c("logit", "probit", "cloglog")) {
    for (number in 1:15) expect_exact_profiles(number, link)
  }
})

test_that("the log link has its ends and tests where the maximum is on the edge of the domain", {
  for (number in 1:6) {
    set.seed(number)
    d <- data.frame(x = sample(0:3, 30, TRUE), z = round(rnorm(30), 1))
    d$y <- as.integer(d$x + d$z > 2.5)
    d$y[1:4] <- c(1, 0, 0, 1)
    fit <- suppressWarnings(fastlogit(y ~ x + z, binomial("log"), d))
    if (fit$status != "boundary") next
    bounds <- confint(fit)
    rest <- c(x = "z", z = "x")
    for (term in names(rest)) {
      # The deviance with the coefficient held, by one-dimensional searches in the package's own log
      # likelihood: of the intercept within that of the other slope, both concave.
      held <- function(value) least_log_deviance(d, d[[term]] * value, d[[rest[[term]]]])
      for (end in bounds[term, is.finite(bounds[term, ])]) {
        inwards <- end - 1e-4 * sign(end - coef(fit)[[term]])
        expect_lt(held(inwards), fit$deviance + qchisq(0.95, 1))
        outwards <- held(end + 1e-4 * sign(end - coef(fit)[[term]]))
        expect_gt(outwards, fit$deviance + qchisq(0.95, 1))
      }
      expect_equal(lr_test(fit, term)$LRT, held(0) - fit$deviance, tolerance = 1e-4)
    }
  }
})

test_that("a maximum that profiling finds is the one that intervals and tests are about", {
  d <- simulate_binary(60, 2)
  fit <- fastlogit(y ~ x1 + x2, data = d)
  short <- suppressWarnings(fastlogit(y ~ x1 + x2, data = d, maxit = 1))
  for (method in list(confint, lr_test)) {
    expect_warning(found <- method(short), class = "fastlogit_better_fit")
    expect_equal(found, method(fit), tolerance = 1e-6)
  }
})

test_that("weights of any size scale the ends, and the level goes as far as it is asked", {
  d <- simulate_binary(80, 2)
  for (weight in c(1e6, 1e12)) {
    fit <- fastlogit(y ~ x1 + x2, data = d, weights = rep(weight, 80))
    errors <- sqrt(diag(vcov(fit)))
    bounds <- confint(fit)
    expect_equal((bounds[, 2] - coef(fit)) / errors, rep(qnorm(0.975), 3), tolerance = 1e-3,
                 ignore_attr = TRUE)
  }
  fit <- fastlogit(y ~ x1 + x2, data = d)
  bounds <- confint(fit, level = 0.999999)
  held <- glm(y ~ x2 + offset(bounds["x1", 2] * x1), binomial, d, epsilon = 1e-14)
  expect_equal(held$deviance - fit$deviance, qchisq(0.999999, 1), tolerance = 1e-7)
})
