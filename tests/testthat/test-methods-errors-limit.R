# A separated fit in the limit is the fit of the rows that are left.

limit_rows <- function() {
  set.seed(5)
  d <- data.frame(
    g = factor(rep(c("a", "b", "c"), c(25, 20, 15))), x = rnorm(60), w = sample(1:3, 60, TRUE),
    o = rnorm(60) / 2, id = rep_len(1:12, 60)
  )
  d$y <- c(rbinom(45, 1, plogis(0.8 * d$x[1:45])), rep(1L, 15))
  d
}

both_fits <- function(link, weighted = FALSE) {
  d <- limit_rows()
  if (!weighted) d[c("w", "o")] <- list(1, 0)
  list(
    fit = suppressWarnings(
      fastlogit(y ~ g + x, binomial(link), d, weights = w, offset = o)
    ),
    rest = fastlogit(y ~ g + x, binomial(link), d, weights = w, offset = o, subset = g != "c")
  )
}

test_that("covariances are those of the rows that are left, NA where estimates are infinite", {
  finite <- c("(Intercept)", "gb", "x")
  ids <- limit_rows()$id
  for (link in c("logit", "probit", "cloglog")) {
    fits <- both_fits(link, weighted = TRUE)
    calls <- alist(
      vcov(fit), vcov(fit, type = "observed"), vcov(fit, type = "robust"),
      vcov(fit, dispersion = 2), vcov(fit, complete = FALSE)
    )
    for (call in calls) {
      found <- eval(call, list(fit = fits$fit))
      expected <- eval(call, list(fit = fits$rest))
      expect_equal(found[finite, finite], expected[finite, finite], tolerance = 1e-8)
      expect_true(all(is.na(found["gc", ])))
      expect_true(all(is.na(found[, "gc"])))
    }
    clustered <- vcov(fits$fit, cluster = ids)
    expected <- vcov(fits$rest, cluster = ids[1:45])
    # The clusters of the separated rows count, and those are among the others.
    expect_equal(clustered[finite, finite], expected[finite, finite], tolerance = 1e-8)
    summary <- summary(fits$fit, correlation = TRUE)
    expect_equal(sqrt(diag(summary$cov.scaled)), summary$coefficients[, 2])
    expect_equal(vcov(summary)[finite, finite], vcov(fits$rest), tolerance = 1e-8)
    expect_equal(
      summary$correlation[finite, finite], cov2cor(vcov(fits$rest)), tolerance = 1e-8
    )
    wald <- confint(fits$fit, method = "wald")
    expect_equal(wald[finite, ], confint(fits$rest, method = "wald"), tolerance = 1e-7)
    expect_true(all(is.na(wald["gc", ])))
  }
})

test_that("linear predictors have the errors that they tend to", {
  for (link in c("logit", "cloglog")) {
    fits <- both_fits(link)
    new <- data.frame(g = c("a", "b", "c"), x = c(0.3, -1, 0.5), o = 0, w = 1)
    expected <- predict(fits$rest, new[1:2, ], se.fit = TRUE)
    found <- predict(fits$fit, new, se.fit = TRUE)
    expect_equal(unname(found$se.fit), unname(c(expected$se.fit, Inf)), tolerance = 1e-8)
    means <- predict(fits$fit, new, type = "response", se.fit = TRUE)
    expect_identical(is.na(means$se.fit), c(`1` = FALSE, `2` = FALSE, `3` = TRUE))
    limits <- predict(fits$fit, new, interval = "confidence")
    expect_lt(limits[3, "lower"], 1e-12)
    expect_gt(limits[3, "upper"], 1 - 1e-12)
    terms <- predict(fits$fit, new, type = "terms", se.fit = TRUE)
    centred <- new$x - mean(limit_rows()$x)
    errors <- abs(centred) * coef(summary(fits$rest))["x", 2]
    expect_equal(unname(terms$se.fit[, "x"]), errors, tolerance = 1e-8)
    expect_true(all(is.infinite(terms$se.fit[, "g"])))
  }
})

test_that("under complete separation nothing has a standard error", {
  d <- data.frame(x = 1:8, y = rep(0:1, each = 4))
  fit <- suppressWarnings(fastlogit(y ~ x, data = d))
  expect_true(all(is.na(vcov(fit))))
  expect_true(all(is.na(vcov(fit, type = "robust"))))
  expect_true(all(is.infinite(predict(fit, se.fit = TRUE)$se.fit)))
  expect_identical(anova(fit)$`Resid. Df`, c(7L, 6L))
  expect_equal(drop1(fit, test = "LRT")$LRT[2], fit$null.deviance)
  expect_null(limit_model(fit))
})

test_that("sparse designs and rows elsewhere have the same limits", {
  d <- limit_rows()
  d$z <- rnorm(60)
  dense <- suppressWarnings(fastlogit(y ~ g + x + z, data = d))
  sparse <- suppressWarnings(fastlogit(y ~ g + x + z, data = d, sparse = TRUE))
  source <- source_function(chunks_of(d, 20))
  elsewhere <- suppressWarnings(fastlogit(y ~ g + x + z, data = source))
  for (fit in list(sparse, elsewhere)) {
    expect_equal(vcov(fit), vcov(dense), tolerance = 1e-7)
    expect_equal(vcov(fit, type = "robust"), vcov(dense, type = "robust"), tolerance = 1e-7)
    expect_equal(
      predict(fit, d, se.fit = TRUE)$se.fit, predict(dense, d, se.fit = TRUE)$se.fit,
      tolerance = 1e-7
    )
  }
})
