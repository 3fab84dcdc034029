test_that("many predictors are shown in part, and others by name", {
  d <- simulate_binary(200, 15)
  fit <- fastlogit(y ~ ., data = d)
  expect_message(shown <- drawn(plot(fit, "residuals")), class = "fastlogit_some_predictors")
  expect_length(unique(shown$residuals$variable), 13L)
  named <- drawn(plot(fit, "residuals", variables = c("x14", "x15")))
  expect_identical(unique(named$residuals$variable), c("linear predictor", "x14", "x15"))
})

test_that("a sample of a source's rows goes with their residuals", {
  d <- simulate_binary(3000, 2)
  fit <- fastlogit(y ~ x1 + x2, data = source_function(chunks_of(d, 700)))
  found <- values_in_source(fit, "x2", most = 1000)
  expect_identical(found$at, seq(1, 3000, by = 4))
  expect_identical(found$values$x2, d$x2[found$at])
})
