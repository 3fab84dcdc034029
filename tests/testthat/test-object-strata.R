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

test_that("what a large fit has for each row is made when it is asked for", {
  d <- set_frame(60000, 20000)
  for (weights in list(NULL, d$w)) {
    fit <- fastclogit(y ~ x + o + strata(set), data = d, weights = weights)
    expect_true(is_deferred(fit))
    expect_lt(max(lengths(unclass(fit)[names(fit) != "model"])), 100)
    whole <- in_memory(fit)
    expect_s3_class(whole, "fastclogit")
    eta <- drop(as.matrix(d[c("x", "o")]) %*% coef(fit))
    expect_equal(whole$linear.predictors, eta - sum(fit$means * coef(fit)), tolerance = 1e-12)
    expect_equal(whole$set, match(d$set, sort(unique(d$set))))
    expect_equal(unclass(whole$y)[, "status"], d$y)
    expect_identical(is.null(whole$weights), is.null(weights))
    expect_lt(max(abs(rowsum(whole$residuals, d$set))), 1e-10)
    expect_equal(whole$fitted.values + whole$residuals, d$y)
    for (name in setdiff(names(whole), "deferred")) {
      expect_identical(fit[[name]], whole[[name]], label = name)
    }
    expect_identical(fit[c("set", "n")], unclass(whole)[c("set", "n")])
    expect_identical(with(fit, sum(set)), sum(whole$set))
    expect_equal(summary(fit)$concordance, summary(whole)$concordance)
    expect_equal(residuals(fit, "score"), residuals(whole, "score"))
    expect_equal(predict(fit), predict(whole))
  }
  expect_false(is_deferred(fastclogit(y ~ x + o + strata(set), data = d, model = FALSE)))
})
