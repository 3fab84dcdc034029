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

test_that("parameters, insight and texreg take the statistics for z", {
  skip_if_not_installed("parameters")
  fit <- fit_of_infert()
  shown <- as.data.frame(parameters::model_parameters(fit))
  table <- coef(summary(fit))
  expect_equal(shown$p, unname(table[, 5]), tolerance = 1e-10)
  expect_equal(shown$CI_low, unname(confint(fit, method = "wald")[, 1]), tolerance = 1e-6)
  robust <- as.data.frame(parameters::model_parameters(fit, vcov = "robust"))
  expect_equal(robust$SE, unname(sqrt(diag(vcov(fit, type = "robust")))), tolerance = 1e-10)
  expect_equal(robust$p, unname(coef(summary(fit, vcov = "robust"))[, 5]), tolerance = 1e-10)
  skip_if_not_installed("bayestestR")
  expect_equal(bayestestR::ci(fit)$CI_high, unname(confint(fit)[, 2]))
  skip_if_not_installed("texreg")
  expect_equal(unname(texreg::extract(fit)@pvalues), unname(table[, 5]), tolerance = 1e-10)
})

test_that("survival curves of matched sets are refused", {
  skip_if_not_installed("survival")
  expect_error(
    survival::survfit(fit_of_infert()), "no survival curves", class = "fastlogit_input_error"
  )
  found <- survival::concordance(fit_of_infert())
  expect_equal(found$concordance, summary(fit_of_infert())$concordance[[1]])
})
