# Large problems begin with a sample of their rows, and take steps with an old information. Neither
# may be seen in the answer.

# Above the size from which a sample is taken. A start that is given, if only the default one, takes
# its place.
n_large <- 60000
in_sample <- (seq_len(n_large) - 1) %% 2048 < 64

simulate_large <- function(link = "logit", slope = 1) {
  with_seed(5, {
    x <- stats::rnorm(n_large)
    z <- as.numeric(stats::runif(n_large) < 0.2)
    mu <- stats::binomial(link)$linkinv(-0.5 + slope * x - 0.5 * z)
    data.frame(
      y = as.numeric(stats::runif(n_large) < mu), x = x, z = z, w = sample(1:3, n_large, TRUE),
      o = stats::runif(n_large, -0.5, 0.5)
    )
  })
}

default_start <- function(y, coefficients, link = "logit") {
  mean <- (sum(y) + 0.5) / (length(y) + 1)
  c(stats::binomial(link)$linkfun(mean), numeric(coefficients - 1))
}

expect_same_fit <- function(fit, other, label, tolerance = 1e-11) {
  expect_true(fit$converged, label = label)
  expect_equal(coef(fit), coef(other), tolerance = tolerance, label = label)
  expect_equal(vcov(fit), vcov(other), tolerance = tolerance, label = label)
  expect_equal(deviance(fit), deviance(other), tolerance = 1e-13, label = label)
  expect_equal(fitted(fit), fitted(other), tolerance = tolerance, label = label)
  expect_equal(fit$weights, other$weights, tolerance = tolerance, label = label)
}

expect_sane_history <- function(fit, label) {
  expect_identical(fit$history$iteration, seq_len(nrow(fit$history)), label = label)
  expect_true(all(diff(fit$history$deviance) <= 1e-12 * deviance(fit)), label = label)
  expect_true(all(diff(fit$history$decrement) < 0), label = label)
  expect_identical(fit$iter, nrow(fit$history), label = label)
}

tight <- list(epsilon = 1e-14, maxit = 50)

test_that("a start from a sample saves iterations, and leads where glm() goes", {
  for (link in links_but_log) {
    d <- simulate_large(link)
    start <- default_start(d$y, 3, link)
    fit <- catch_glm_warnings(fastlogit(y ~ x + z, binomial(link), d))$value
    other <- catch_glm_warnings(fastlogit(y ~ x + z, binomial(link), d, start = start))$value
    expect_same_fit(fit, other, link)
    expect_lt(nrow(fit$history), nrow(other$history))
    expect_sane_history(fit, link)
  }
  theirs <- glm(y ~ x + z, binomial("logit"), simulate_large(), control = tight)
  expect_same_fit(fastlogit(y ~ x + z, data = simulate_large()), theirs, "glm", 1e-10)
})

test_that("whatever the order of the rows, with weights and offsets", {
  d <- simulate_large()
  formula <- y ~ x + z + offset(o)
  theirs <- glm(formula, binomial, d, weights = w, control = tight)
  for (by in list(seq_len(n_large), order(d$y), order(d$x), order(d$y, d$z), order(d$w, -d$o))) {
    fit <- fastlogit(formula, data = d[by, ], weights = w)
    expect_sane_history(fit, "sorted")
    expect_equal(coef(fit), coef(theirs), tolerance = 1e-10)
    expect_equal(vcov(fit), vcov(theirs), tolerance = 1e-10)
    expect_equal(fitted(fit)[row.names(d)], fitted(theirs), tolerance = 1e-10)
  }
})

test_that("a sample that is not like the rows is not believed", {
  d <- simulate_large()
  separated <- transform(d, y = ifelse(in_sample, as.numeric(x > 0), y))
  half_separated <- transform(d, y = ifelse(in_sample & z == 1, 1, y))
  misled <- transform(d, y = ifelse(in_sample, as.numeric(stats::plogis(-3 * x) > 0.5), y))
  reversed <- transform(d, y = ifelse(in_sample, 1 - y[order(x)][rank(-x)], y))
  for (d in list(separated, half_separated, misled, reversed)) {
    fit <- fastlogit(y ~ x + z, data = d)
    other <- fastlogit(y ~ x + z, data = d, start = default_start(d$y, 3))
    expect_same_fit(fit, other, "sample")
    expect_lte(nrow(fit$history), nrow(other$history))
    expect_sane_history(fit, "sample")
  }
  fit <- fastlogit(y ~ x + z, data = separated)
  other <- fastlogit(y ~ x + z, data = separated, start = default_start(separated$y, 3))
  expect_identical(fit$history, other$history)
})

test_that("a column that is constant in the sample is estimated all the same", {
  d <- transform(simulate_large(), z = ifelse(in_sample, 0, z), u = as.numeric(!in_sample))
  fit <- fastlogit(y ~ x + z + u, data = d)
  expect_false(anyNA(coef(fit)))
  expect_same_fit(
    fit, fastlogit(y ~ x + z + u, data = d, start = default_start(d$y, 4)), "constant"
  )
  d$twice <- 2 * d$x
  fit <- fastlogit(y ~ x + twice + z, data = d)
  expect_identical(unname(is.na(coef(fit))), c(FALSE, FALSE, TRUE, FALSE))
})

test_that("separation is seen in large data, too", {
  d <- simulate_large()
  for (separated in list(
    transform(d, y = as.numeric(x > 0)), transform(d, y = ifelse(z == 1, 1, y))
  )) {
    fit <- suppressWarnings(fastlogit(y ~ x + z, data = separated))
    expect_identical(fit$status, "diverging")
  }
})

# 60 columns: the information is dear.
simulate_wide <- function(link, n = 4000, p = 60) {
  with_seed(8, {
    x <- matrix(stats::rnorm(n * (p - 1)), n)
    eta <- drop(x %*% stats::rnorm(p - 1)) * 1.5 / sqrt(p) - 0.5
    list(
      x = cbind("(Intercept)" = 1, x),
      y = as.numeric(stats::runif(n) < stats::binomial(link)$linkinv(eta))
    )
  })
}

test_that("steps with an old information lead where glm() goes", {
  for (link in links_but_log) {
    d <- simulate_wide(link)
    fit <- catch_glm_warnings(fastlogit_fit(d$x, d$y, family = binomial(link)))$value
    reference <- reference_fit(d$x, d$y, link = link, start = fit$coefficients)
    expect_true(fit$converged)
    expect_digits(unname(fit$coefficients), reference$coefficients, 11, link)
    expect_sane_history(fit, link)
    # Newton's steps would shrink quadratically.
    last <- utils::tail(fit$history$decrement, 3)
    expect_gt(last[3] / last[2], (last[2] / last[1])^1.9)
    fisher <- catch_glm_warnings(
      fastlogit(d$y ~ d$x - 1, binomial(link), method = "fisher", maxit = 100)
    )$value
    expect_true(fisher$converged)
    expect_equal(unname(coef(fisher)), unname(fit$coefficients), tolerance = 1e-9)
  }
})

test_that("few iterations are not spent on small gains", {
  d <- simulate_wide("cauchit")
  fit <- fastlogit_fit(d$x, d$y, family = binomial("cauchit"), control = list(maxit = 9))
  expect_true(fit$converged)
})

test_that("any number of threads gives the same bits, with a sample and with an old information", {
  d <- simulate_large()
  one <- fastlogit(y ~ x + z, data = d, threads = 1)
  two <- fastlogit(y ~ x + z, data = d, threads = 2)
  expect_identical(coef(one), coef(two))
  expect_identical(one$history, two$history)
  expect_identical(one$fitted.values, two$fitted.values)
  d <- simulate_wide("logit")
  one <- fastlogit_fit(d$x, d$y, family = binomial(), control = list(threads = 1))
  two <- fastlogit_fit(d$x, d$y, family = binomial(), control = list(threads = 2))
  expect_identical(one$coefficients, two$coefficients)
  expect_identical(one$history, two$history)
})

test_that("single trials and counts of one are the same data", {
  d <- simulate_large()[1:5003, ]
  d$w[c(1, 5, 5003)] <- 0
  fit <- fastlogit(y ~ x + z, data = d, weights = w)
  other <- fastlogit(cbind(y, 1 - y) ~ x + z, data = d, weights = w)
  expect_equal(coef(fit), coef(other), tolerance = 1e-13)
  expect_equal(deviance(fit), deviance(other), tolerance = 1e-13)
  expect_equal(vcov(fit), vcov(other), tolerance = 1e-13)
  expect_equal(fit$weights, other$weights, tolerance = 1e-12)
})

# Many classes: the information is so dear that its drafts, of some of the rows, lead the way.
simulate_classes <- function(n = 40000, p = 15, classes = 41) {
  with_seed(3, {
    x <- cbind("(Intercept)" = 1, matrix(stats::rnorm(n * (p - 1)), n))
    slopes <- matrix(stats::rnorm(p * classes, sd = 0.3), p)
    gumbel <- -log(-log(matrix(stats::runif(n * classes), n)))
    list(x = x, y = factor(max.col(x %*% slopes + gumbel), seq_len(classes)))
  })
}

# By its definition: the score and the covariance at the estimate, for classes against the first.
expect_solution <- function(fit, d, label) {
  beta <- coef(fit)
  kept <- !is.na(beta[1, ])
  x <- d$x[, kept]
  odds <- exp(cbind(0, tcrossprod(x, beta[, kept])))
  p <- odds / rowSums(odds)
  residual <- (outer(as.integer(d$y), seq_len(ncol(p)), "==") - p)[, -1]
  covariance <- vcov(fit)
  covariance <- covariance[!is.na(diag(covariance)), !is.na(diag(covariance))]
  step <- covariance %*% as.numeric(crossprod(x, residual))
  expect_lt(max(abs(step) / sqrt(diag(covariance))), 1e-9, label = label)
  # Some columns of the information times the covariance are those of the identity.
  for (k in c(1, ncol(p) - 1)) {
    own <- crossprod(x, x[, 2] * -p[, k + 1] * p[, -1])
    own[, k] <- own[, k] + crossprod(x, x[, 2] * p[, k + 1])
    column <- (k - 1) * ncol(x) + 2
    unit <- as.numeric(seq_len(nrow(covariance)) == column)
    expect_equal(
      as.numeric(covariance %*% as.numeric(own)), unit, tolerance = 1e-8, label = label
    )
  }
}

test_that("drafts lead to the maximum, and the last information is of all rows", {
  d <- simulate_classes()
  fit <- fastmultinom(d$y ~ d$x - 1, threads = 1)
  expect_true(fit$converged)
  expect_solution(fit, d, "plain")
  expect_true(all(diff(fit$history$deviance) <= 1e-12 * deviance(fit)))
  expect_identical(coef(fastmultinom(d$y ~ d$x - 1, threads = 2)), coef(fit))
  # A column that is zero in the rows of the drafts, and one that depends on others.
  drafted <- (seq_along(d$y) - 1) %/% 512 %% 2 == 0
  d$x <- cbind(d$x, ifelse(drafted, 0, d$x[, 2] > 1), d$x[, 3] - 2 * d$x[, 4])
  fit <- fastmultinom(d$y ~ d$x - 1, threads = 1)
  expect_true(fit$converged)
  expect_identical(unname(which(is.na(coef(fit)[1, ]))), ncol(d$x))
  expect_solution(fit, d, "aliased")
})
