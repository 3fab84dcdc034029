# Under separation, what goes by estimates and standard errors is refused or taken to the limit.

test_that("what goes by infinite estimates is refused, or leaves them out", {
  d <- separated_rows()
  fit <- suppressWarnings(fastlogit(y ~ g + x, data = d))
  rest <- glm(y ~ g + x, binomial, d[d$g != "c", ], control = list(epsilon = 1e-14))
  refused <- function(call) expect_error(call, "gc", class = "fastlogit_infinite_estimates")
  if (requireNamespace("car", quietly = TRUE)) {
    refused(car::Anova(fit, test.statistic = "Wald"))
    refused(car::linearHypothesis(fit, "x"))
    refused(car::deltaMethod(fit, "x^2"))
    refused(car::S(fit))
    expect_equal(car::Confint(fit)[, -1], confint(fit))
    expect_identical(car::Confint(fit)["gc", "Estimate"], Inf)
  }
  if (requireNamespace("lmtest", quietly = TRUE)) {
    refused(lmtest::waldtest(fit))
    refused(lmtest::coeftest(fit, vcov. = vcov(fit)))
    expect_equal(unclass(lmtest::coeftest(fit)), coef(summary(fit)), ignore_attr = TRUE)
    expect_equal(lmtest::coefci(fit), confint(fit, method = "wald"), ignore_attr = TRUE)
  }
  if (requireNamespace("sandwich", quietly = TRUE)) refused(sandwich::vcovHC(fit))
  if (requireNamespace("effects", quietly = TRUE)) refused(effects::Effect("x", fit))
  skip_if_not_installed("emmeans")
  found <- as.data.frame(emmeans::emmeans(fit, ~g))
  expected <- as.data.frame(emmeans::emmeans(rest, ~g, at = list(x = mean(d$x))))
  expect_equal(found[1:2, 2:3], expected[2:3], tolerance = 1e-6, ignore_attr = TRUE)
  expect_true(is.na(found[3, 2]))
  expect_equal(
    as.data.frame(emmeans::emtrends(fit, ~1, "x"))$SE, coef(summary(rest))["x", 2], tolerance = 1e-6
  )
})

test_that("many classes: what goes by infinite estimates is refused", {
  d <- separated_rows()
  d$class <- factor(rep_len(c("a", "b", "c", "b"), 50))
  d$class[d$g == "c"] <- "c"
  fit <- suppressWarnings(fastmultinom(class ~ g + x, data = d))
  expect_identical(separation(fit)$kind, "quasi-complete")
  refused <- function(call) expect_error(call, "Inf", class = "fastlogit_infinite_estimates")
  if (requireNamespace("car", quietly = TRUE)) {
    refused(car::linearHypothesis(fit, "b:x"))
    refused(car::deltaMethod(fit, "b:x"))
  }
  if (requireNamespace("emmeans", quietly = TRUE)) refused(emmeans::emmeans(fit, ~ class | g))
  if (requireNamespace("effects", quietly = TRUE)) refused(effects::Effect("g", fit))
  if (requireNamespace("sandwich", quietly = TRUE)) refused(sandwich::bread(fit))
  skip_if_not_installed("lmtest")
  found <- lmtest::coeftest(fit)
  expect_equal(unclass(found), do.call(rbind, summary(fit)$tables), ignore_attr = TRUE)
})
