test_that("bins hold the rows, and bounds are two standard errors by the model", {
  d <- births_to_draw()
  fit <- fastlogit(low ~ age + lwt + race, data = d)
  shown <- drawn(plot(fit, "residuals"))$residuals
  expect_identical(unique(shown$variable), c("linear predictor", "age", "lwt", "race"))
  expect_equal(as.vector(tapply(shown$weight, shown$variable, sum)), rep(nrow(d), 4))
  p <- fitted(fit)
  race <- shown[shown$variable == "race", ]
  expect_identical(race$level, levels(d$race))
  expect_equal(race$residual, as.vector(tapply(d$low - p, d$race, mean)))
  expect_equal(
    race$bound, as.vector(2 * sqrt(tapply(p * (1 - p), d$race, sum)) / table(d$race))
  )
  age <- shown[shown$variable == "age", ]
  expect_false(is.unsorted(age$x, strictly = TRUE))
  expect_equal(sum(age$weight * age$x), sum(d$age))
  expect_equal(sum(age$weight * age$residual), 0)
})

test_that("about 95 of 100 bins are within the bounds where the model is right", {
  d <- simulate_binary(20000, 3)
  shown <- drawn(plot(fastlogit(y ~ x1 + x2 + x3, data = d), "residuals"))$residuals
  expect_identical(as.vector(table(shown$variable)), rep(100L, 4))
  expect_gt(mean(abs(shown$residual) < shown$bound), 0.9)
  # And not where it is wrong.
  d$y <- rbinom(nrow(d), 1, plogis(d$x1^2 - 1))
  wrong <- drawn(plot(fastlogit(y ~ x1, data = d), "residuals", variables = "x1"))$residuals
  expect_lt(mean((abs(wrong$residual) < wrong$bound)[wrong$variable == "x1"]), 0.5)
})

test_that("a dispersion widens the bounds, and survey designs have none", {
  d <- births_to_draw()
  d$n <- 5
  d$k <- pmin(5, 2 * d$low + seq_len(nrow(d)) %% 3)
  fits <- lapply(list(binomial(), quasibinomial()), function(family) {
    fastlogit(cbind(k, n - k) ~ age, family, data = d)
  })
  bounds <- lapply(fits, function(fit) drawn(plot(fit, 2))$residuals$bound)
  expect_equal(bounds[[2]], bounds[[1]] * sqrt(summary(fits[[2]])$dispersion))
  skip_if_not_installed("survey")
  design <- survey::svydesign(~1, weights = ~age, data = d)
  surveyed <- fastlogit(low ~ lwt, data = design)
  shown <- drawn(plot(surveyed, c("residuals", "calibration")))
  expect_true(all(is.na(c(shown$residuals$bound, shown$calibration$lower))))
})
