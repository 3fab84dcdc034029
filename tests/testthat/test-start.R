# Where the way from the default start does not lead to the maximum, others do.

wide_offsets <- function(seed, link, sd, n = 40) {
  with_seed(seed, {
    d <- data.frame(
      x1 = stats::rnorm(n), x2 = stats::rnorm(n), x3 = as.numeric(stats::runif(n) < 0.4)
    )
    eta <- -1 + 0.5 * d$x1
    if (link == "log") eta <- eta - max(eta) - 0.1
    d$y <- stats::rbinom(n, 1, stats::binomial(link)$linkinv(eta))
    d$o <- stats::rnorm(n, 0, sd)
    d
  })
}

# The derivative of each row's log-likelihood in eta, to full precision in the tails.
score_of_rows <- function(link, eta, y) {
  ratio <- function(p, d) function(e) exp(d(e, log = TRUE) - p(e, log.p = TRUE))
  up <- switch(link,
    logit = function(e) stats::plogis(-e),
    probit = ratio(stats::pnorm, stats::dnorm),
    cauchit = ratio(stats::pcauchy, stats::dcauchy),
    cloglog = function(e) ifelse(e < -37, 1, ifelse(e > 6, 0, exp(e) / expm1(exp(e))))
  )
  down <- if (link == "cloglog") exp else function(e) up(-e)
  ifelse(y == 1, up(eta), -down(eta))
}

# Relative to the terms, whose sum it is.
largest_score <- function(x, r) max(abs(crossprod(x, r))) / max(crossprod(abs(x), abs(r)))

fit_wide <- function(d, link, ...) {
  suppressMessages(suppressWarnings(
    fastlogit(y ~ x1 + x2 + x3, binomial(link), d, offset = o, ...)
  ))
}

test_that("offsets of any size have a way to the maximum", {
  for (link in c("logit", "probit", "cloglog", "cauchit")) {
    for (sd in c(10, 100, 1000)) {
      for (seed in 1:4) {
        label <- paste(link, sd, seed)
        d <- wide_offsets(seed, link, sd)
        fit <- fit_wide(d, link)
        expect_true(fit$converged || !is.null(fit$separation_details), label = label)
        if (!fit$converged) next
        x <- model.matrix(fit)
        # As exact as the rounding of eta allows.
        r <- score_of_rows(link, fit$linear.predictors, d$y)
        expect_lt(largest_score(x, r), 1e-5, label = label)
        expect_false(anyNA(coef(fit)), label = label)
      }
    }
  }
})

test_that("every method finds the maximum of wide offsets", {
  for (link in c("logit", "probit", "cloglog")) {
    d <- wide_offsets(3, link, 100)
    newton <- fit_wide(d, link)
    for (method in c("fisher", "gradient")) {
      other <- fit_wide(d, link, method = method)
      expect_true(other$converged, label = paste(link, method))
      expect_equal(deviance(other), deviance(newton), tolerance = 1e-8)
    }
  }
})

test_that("the log link has a start and an end under wide offsets", {
  for (sd in c(10, 100, 1000)) {
    for (seed in 1:3) {
      d <- wide_offsets(seed, "log", sd)
      fit <- fit_wide(d, "log")
      label <- paste(sd, seed)
      expect_true(fit$converged, label = label)
      x <- model.matrix(fit)
      # As a reference the interior-point method of stats, from inside.
      minus_loglik <- function(b) {
        eta <- drop(x %*% b) + d$o
        if (any(eta >= 0)) return(Inf)
        -sum(ifelse(d$y == 1, eta, log(-expm1(eta))))
      }
      inside <- coef(fit) - c(1, 0, 0, 0)
      reference <- stats::constrOptim(
        inside, minus_loglik, NULL, ui = -x, ci = d$o, outer.eps = 1e-10,
        control = list(maxit = 5000, reltol = 1e-12)
      )
      expect_lte(deviance(fit), 2 * reference$value * (1 + 1e-7), label = label)
    }
  }
})

test_that("many classes find the maximum of wide offsets", {
  for (seed in 1:5) {
    n <- 60
    d <- with_seed(seed, data.frame(
      x1 = stats::rnorm(n), x2 = stats::rnorm(n), y = factor(sample(c("a", "b", "c"), n, TRUE))
    ))
    o <- with_seed(seed + 10, matrix(stats::rnorm(2 * n, 0, 1000), n))
    fit <- suppressWarnings(fastmultinom(y ~ x1 + x2 + offset(o), data = d))
    expect_true(fit$converged, label = seed)
    r <- (outer(d$y, levels(d$y), "==") - fitted(fit))[, -1L]
    for (class in 1:2) expect_lt(largest_score(model.matrix(fit), r[, class]), 1e-8, label = seed)
  }
})

test_that("wide offsets lead to the same end in every storage", {
  d <- wide_offsets(2, "logit", 300)
  dense <- fit_wide(d, "logit")
  sparse <- fit_wide(d, "logit", sparse = TRUE)
  expect_true(dense$converged && sparse$converged)
  expect_equal(coef(sparse), coef(dense), tolerance = 1e-8)
  source <- suppressWarnings(
    fastlogit(y ~ x1 + x2 + x3 + offset(o), data = source_function(chunks_of(d, 15)))
  )
  expect_true(source$converged)
  expect_equal(coef(source), coef(dense), tolerance = 1e-8)
  expect_equal(source$null.deviance, dense$null.deviance, tolerance = 1e-10)
})

test_that("a direction that no row sees any more keeps the others from nothing", {
  # Of the intercept alone, the likelihood is flat between two rows that are far apart.
  d <- data.frame(y = c(0, 1, 0, 1, 0, 1), o = c(-3000, -2000, -500, 500, 2000, 3500))
  fit <- suppressWarnings(fastlogit(y ~ 1, data = d, offset = o))
  expect_true(fit$converged)
  sum_of <- function(b) -2 * sum(stats::plogis((2 * d$y - 1) * (b + d$o), log.p = TRUE))
  expect_lte(deviance(fit), min(vapply(seq(-4000, 4000, 10), sum_of, 0)) + 1e-8)
})

test_that("the null deviance is that of the intercept's own fit", {
  for (link in c("logit", "probit", "cloglog")) {
    d <- wide_offsets(5, link, 20)
    fit <- fit_wide(d, link)
    eta_to_loglik <- function(eta, up) {
      switch(link,
        logit = stats::plogis(if (up) eta else -eta, log.p = TRUE),
        probit = stats::pnorm(if (up) eta else -eta, log.p = TRUE),
        cloglog = if (up) log(-expm1(-exp(eta))) else -exp(eta)
      )
    }
    null <- function(b) {
      eta <- b + d$o
      -2 * sum(ifelse(d$y == 1, eta_to_loglik(pmax(eta, -700), TRUE), eta_to_loglik(eta, FALSE)))
    }
    best <- stats::optimize(null, c(-100, 100), tol = 1e-10)$objective
    expect_equal(fit$null.deviance, best, tolerance = 1e-6, label = link)
  }
})

test_that("a design without a single estimable column is fitted", {
  z <- numeric(5)
  y <- c(0, 1, 1, 0, 1)
  o <- c(8, -27, -24, 25, -8)
  for (link in c("logit", "probit", "cloglog", "cauchit")) {
    for (method in c("newton", "fisher", "gradient")) {
      fit <- fastlogit(y ~ z - 1, binomial(link), offset = o, method = method)
      expect_true(fit$converged, label = paste(link, method))
      expect_identical(coef(fit), c(z = NA_real_))
      expect_equal(unname(fit$linear.predictors), o)
    }
  }
})

test_that("offsets do not hide that a level is separated", {
  # All rows of the level are failures, and their offsets say so already.
  d <- wide_offsets(1, "logit", 1)
  d$y[d$x3 == 1] <- 0L
  d$o[d$x3 == 1] <- -80
  for (link in c("logit", "probit", "cloglog")) {
    fit <- fit_wide(d, link)
    expect_identical(fit$separation[["x3"]], -Inf, label = link)
  }
})

jeffreys_data <- function(seed) {
  with_seed(seed, {
    n <- 25
    d <- data.frame(x1 = stats::rnorm(n), x2 = stats::rnorm(n), x3 = stats::rnorm(n))
    d$m <- stats::rpois(n, 5) + 1
    d$y <- stats::rbinom(n, d$m, stats::plogis(3 * d$x1 - 1)) / d$m
    d
  })
}

test_that("of several maxima of a penalised likelihood a fit is not the lowest", {
  fit_from <- function(d, link, ...) {
    suppressMessages(suppressWarnings(fastlogit(
      y ~ x1 + x2 + x3, binomial(link), d, weights = m, penalty = "jeffreys", ...
    )))
  }
  for (link in c("probit", "cloglog")) {
    for (seed in 1:15) {
      d <- jeffreys_data(seed)
      fit <- fit_from(d, link)
      expect_true(fit$converged, label = paste(link, seed))
      zero <- fit_from(d, link, start = numeric(4))
      if (!zero$converged) next
      expect_gte(fit$penalised_loglik, zero$penalised_loglik - 1e-6, label = paste(link, seed))
    }
  }
})

test_that("a cauchit fit is the best from several starts, and says that there are several", {
  better <- 0
  messages <- 0
  for (seed in 1:8) {
    d <- wide_offsets(seed, "cauchit", 10)
    message <- tryCatch(
      suppressWarnings(fastlogit(y ~ x1 + x2 + x3, binomial("cauchit"), d, offset = o)),
      fastlogit_local_maxima = function(m) m
    )
    messages <- messages + inherits(message, "fastlogit_local_maxima")
    fit <- fit_wide(d, "cauchit")
    zero <- fit_wide(d, "cauchit", start = numeric(4))
    expect_lte(deviance(fit), deviance(zero) + 1e-6, label = seed)
    better <- better + (deviance(fit) < deviance(zero) - 1e-3)
  }
  expect_gt(better, 0)
  expect_gt(messages, 0)
})

test_that("an adjusted score vanishes where a fit under the log link says that it has converged", {
  converged <- 0
  for (seed in 1:15) {
    d <- jeffreys_data(seed)
    if (seed %% 2 == 0) d$y <- with_seed(seed, stats::rbinom(25, d$m, 0.3)) / d$m
    fit <- suppressWarnings(fastlogit(
      y ~ x1 + x2 + x3, binomial("log"), d, weights = m, penalty = "firth"
    ))
    if (!fit$converged) next
    converged <- converged + 1
    # mu'' / mu' is 1.
    nu <- -expm1(fit$linear.predictors)
    x <- model.matrix(fit)
    h <- rowSums(qr.Q(qr(x * sqrt(d$m * (1 - nu) / nu)))^2)
    adjusted <- crossprod(x, d$m * (d$y - (1 - d$y) * (1 - nu) / nu) + h / 2)
    expect_lt(max(abs(adjusted)), 1e-5, label = seed)
  }
  expect_gt(converged, 2)
})
