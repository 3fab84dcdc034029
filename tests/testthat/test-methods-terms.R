# Fits of some of the terms on the rows of all: shared passes and fits of their own end alike.

nest_and_sets <- function(fit) {
  count <- length(attr(fit$terms, "term.labels"))
  list(nest = nest_of(fit), sets = c(
    lapply(seq_len(count), setdiff, x = seq_len(count)), lapply(seq_len(count) - 1L, seq_len)
  ))
}

fits_with_terms <- function() {
  set.seed(43)
  d <- data.frame(x = rnorm(400), z = rexp(400), g = factor(sample(letters[1:4], 400, TRUE)))
  eta <- d$x + (d$g == "b") - d$z / 2
  d$y <- rbinom(400, 1, plogis(eta))
  d$class <- factor(ifelse(runif(400) < plogis(eta), "b", sample(c("a", "c"), 400, TRUE)))
  d$s <- cbind(a = rpois(400, exp(eta / 3)), b = rpois(400, 2), c = rpois(400, 1 + d$z)) + 1
  list(
    fastlogit(y ~ x * g + z, data = d), fastlogit(y ~ 0 + x + z + g, binomial("probit"), d),
    fastlogit(y ~ x * g + z, binomial("cloglog"), d), fastlogit(y ~ x + g, data = d, sparse = TRUE),
    fastmultinom(class ~ x * g + z, data = d), fastmultinom(s ~ 0 + x + g, data = d)
  )
}

test_that("passes that are shared end where fits of their own do", {
  for (fit in fits_with_terms()) {
    case <- nest_and_sets(fit)
    shared <- shared_fits(case$nest, case$sets, exact = TRUE)
    expect_false(anyNA(shared$deviance))
    loosely <- shared_fits(case$nest, case$sets)
    expect_equal(loosely$deviance, shared$deviance, tolerance = 1e-12)
    for (i in seq_along(case$sets)) {
      own <- refit_terms(case$sets[[i]], case$nest)
      expect_equal(shared$deviance[i], own$deviance, tolerance = 1e-11)
      expect_equal(shared$edf[i], own$edf)
      columns <- columns_of_set(case$sets[[i]], case$nest)
      expect_equal(shared$coefficients[columns, i], as.vector(own$coefficients), tolerance = 1e-7)
      expect_true(all(shared$coefficients[-columns, i] == 0))
    }
  }
})

test_that("they may begin far from the maximum of the largest model", {
  for (fit in fits_with_terms()) {
    case <- nest_and_sets(fit)
    expected <- fits_of_terms(case$nest, case$sets)$deviance
    case$nest$start[] <- 0
    expect_equal(fits_of_terms(case$nest, case$sets)$deviance, expected, tolerance = 1e-11)
    case$nest$shares <- FALSE
    expect_equal(fits_of_terms(case$nest, case$sets)$deviance, expected, tolerance = 1e-11)
  }
})

test_that("where there is no maximum, or more than one, passes that are shared say nothing", {
  set.seed(44)
  d <- data.frame(x = rnorm(80), z = rnorm(80))
  d$y <- as.numeric(d$x > 0)
  fit <- fastlogit(y ~ z, data = d)
  larger <- nest_of_additions(fit, "x")
  for (family in list(binomial(), binomial("probit"), binomial("cloglog"))) {
    larger$nest$model <- binary_model(family)
    expect_equal(is.na(shared_fits(larger$nest, larger$sets)$deviance), c(FALSE, TRUE))
    expect_equal(fits_of_terms(larger$nest, larger$sets)$deviance[2L], 0)
  }
  # One row of a level, and one outcome: far out the log-likelihood is flat.
  d$y <- rbinom(80, 1, 0.5)
  d$one <- as.numeric(seq_len(80) == 5)
  larger <- nest_of_additions(fastlogit(y ~ z, data = d), "one")
  expect_equal(is.na(shared_fits(larger$nest, larger$sets)$deviance), c(FALSE, TRUE))
  least <- glm(y ~ z, binomial, d[-5, ], epsilon = 1e-14)$deviance
  expect_equal(fits_of_terms(larger$nest, larger$sets)$deviance[2L], least, tolerance = 1e-9)
  case <- nest_and_sets(fastlogit(y ~ x + z, binomial("cauchit"), d))
  expect_true(all(is.na(shared_fits(case$nest, case$sets)$deviance)))
})

test_that("the numbers of threads change no bit", {
  fit <- fits_with_terms()[[1L]]
  case <- nest_and_sets(fit)
  with_threads <- function(threads) {
    case$nest$control$threads <- threads
    shared_fits(case$nest, case$sets, exact = TRUE)
  }
  expect_identical(with_threads(1L), with_threads(2L))
})

test_that("a score statistic is the sum of squares that a regression explains", {
  fits <- fits_with_terms()
  numbers <- fastlogit(y ~ 0 + x + z, data = fits[[1L]]$model)
  for (fit in c(fits[1:4], list(numbers))) {
    nest <- nest_of(fit)
    sets <- list(1L, 2L, 1:2)
    x <- as.matrix(model.matrix(fit))
    assign <- attr(model.matrix(fit), "assign")
    beta <- replace(nest$start, assign == 2L, 0)
    mu <- fit$family$linkinv(drop(x %*% beta))
    slope <- fit$family$mu.eta(drop(x %*% beta))
    explained <- function(set, about_mean) {
      columns <- x[, assign %in% c(0L, set), drop = FALSE]
      found <- glm.fit(
        columns, (fit$y - mu) / slope, slope^2 / (mu * (1 - mu)), intercept = about_mean
      )
      max(0, found$null.deviance - found$deviance)
    }
    for (about_mean in c(TRUE, FALSE)) {
      expect_equal(
        score_tests(nest, about_mean)(beta, sets), vapply(sets, explained, 0, about_mean),
        tolerance = 1e-9
      )
    }
  }
})
