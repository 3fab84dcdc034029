# The object of matched sets, and what survival's methods read of it.

test_that("the object has what survival's methods read", {
  skip_if_not_installed("survival")
  formula <- case ~ spontaneous + factor(induced) + strata(stratum)
  fit <- fastclogit(formula, data = infert)
  other <- by_survival(formula, infert)
  expect_s3_class(fit, c("fastclogit", "clogit", "coxph"), exact = TRUE)
  for (part in c(
    "coefficients", "loglik", "score", "wald.test", "n", "nevent", "means", "linear.predictors",
    "contrasts", "method"
  )) {
    expect_equal(fit[[part]], other[[part]], tolerance = 1e-6, label = part)
  }
  expect_equal(fit$assign, other$assign[c("spontaneous", "factor(induced)")])
  expect_equal(unname(fit$residuals), unname(other$residuals), tolerance = 1e-6)
  expect_equal(unclass(fit$y)[, 2], unclass(other$y)[, 2], ignore_attr = TRUE)
  expect_equal(logLik(fit), logLik(other), tolerance = 1e-9)
  expect_equal(AIC(fit), AIC(other), tolerance = 1e-9)
  expect_equal(extractAIC(fit), extractAIC(other), tolerance = 1e-9)
  expect_equal(nobs(fit), nobs(other))
  ours <- summary(fit)
  theirs <- summary(other)
  ours$waldtest[1] <- round(ours$waldtest[1], 2)
  for (part in c("coefficients", "conf.int", "logtest", "sctest", "waldtest", "rsq")) {
    expect_equal(ours[[part]], theirs[[part]], tolerance = 1e-6, label = part)
  }
  expect_equal(ours$concordance[1], theirs$concordance[1], tolerance = 1e-6)
  expect_equal(model.matrix(fit), model.matrix(other), ignore_attr = TRUE)
})
