# Matched sets in other packages.

test_that("broom, car and emmeans answer as for a clogit", {
  fit <- fit_of_infert()
  for (package in c("broom", "car", "emmeans")) skip_if_not_installed(package)
  tidied <- broom::tidy(fit, conf.int = TRUE)
  expect_equal(tidied$estimate, unname(coef(fit)))
  expect_equal(tidied$conf.low, unname(confint(fit)[, 1]))
  expect_equal(broom::tidy(fit, exponentiate = TRUE)$estimate, unname(exp(coef(fit))))
  expect_equal(broom::glance(fit)$nevent, 83)
  augmented <- broom::augment(fit)
  expect_equal(augmented$.fitted + augmented$.resid, as.numeric(infert$case))
  expect_equal(car::Anova(fit)[["LR Chisq"]], drop1(fit, test = "LRT")$LRT[-1], tolerance = 1e-8)
  expect_equal(
    car::linearHypothesis(fit, "spontaneous = induced")$Chisq[2],
    unname(diff(coef(fit))^2 / sum(vcov(fit) * c(1, -1, -1, 1))), tolerance = 1e-10
  )
  d <- transform(infert, f = factor(induced))
  fit <- fastclogit(case ~ spontaneous + f + strata(stratum), data = d)
  pairs <- as.data.frame(pairs(emmeans::emmeans(fit, "f"), adjust = "none"))
  expect_equal(pairs$estimate[1:2], unname(-coef(fit)[2:3]), tolerance = 1e-12)
  expect_equal(pairs$SE[1:2], unname(sqrt(diag(vcov(fit)))[2:3]), tolerance = 1e-12)
})
