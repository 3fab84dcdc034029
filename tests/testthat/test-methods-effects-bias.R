# Average effects after a correction.

test_that("those of two factors are those of alpaca", {
  skip_if_not_installed("alpaca")
  d <- short_panel(100L, 8L, 3L)
  plain <- alpaca::feglm(
    y ~ x + g | id + t, d, binomial(),
    control = alpaca::feglmControl(dev.tol = 1e-14, center.tol = 1e-12)
  )
  theirs <- alpaca::biasCorr(plain)
  fit <- corrected_fit(y ~ x + g + id + t, data = d, bias_correction = analytical ~ id + t)
  expect_equal(coef(summary(fit))[2:3, 1L], coef(theirs), tolerance = 1e-6)
  averages <- alpaca::getAPEs(theirs)
  effects <- average_effects(fit, list(x = NULL, g = 0:1))
  expect_equal(effects$estimate, unname(averages$delta), tolerance = 1e-6)
  expect_equal(effects$std.error, unname(sqrt(diag(averages$vcov))), tolerance = 1e-6)
})

test_that("rows of levels without variation count as effects of zero", {
  d <- short_panel(60L, 6L, 6L)
  fit <- corrected_fit(y ~ x + g + id, data = d, bias_correction = "analytical")
  twice <- rbind(d, transform(d, id = paste("n", id), y = 1))
  more <- corrected_fit(y ~ x + g + id, data = twice, bias_correction = "analytical")
  expect_equal(coef(summary(more))[2:3, 1L], coef(summary(fit))[2:3, 1L], tolerance = 1e-8)
  effects <- average_effects(fit)
  expect_equal(average_effects(more)$std.error, effects$std.error / 2, tolerance = 1e-7)
})

test_that("what has no correction is refused", {
  d <- short_panel(40L, 6L, 7L)
  fit <- corrected_fit(y ~ poly(x, 2) + id, data = d, bias_correction = "analytical")
  expect_error(average_effects(fit, "x"), class = "fastlogit_input_error")
  expect_error(average_effects(fit, "x", comparison = "ratio"), class = "fastlogit_input_error")
})
