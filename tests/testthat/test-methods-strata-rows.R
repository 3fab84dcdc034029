# The rows of fits of matched sets.

test_that("rows that na.action leaves out are padded as for others", {
  d <- infert
  d$induced[c(3, 7)] <- NA
  fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = d,
    na.action = na.exclude)
  expect_length(residuals(fit), nrow(d))
  expect_equal(which(is.na(residuals(fit))), c(3L, 7L), ignore_attr = TRUE)
  expect_length(predict(fit), nrow(d))
  expect_output(print(summary(fit)), "2 observations deleted due to missingness")
  expect_equal(
    coef(fit), coef(fastclogit(case ~ spontaneous + induced + strata(stratum), data = d))
  )
})
