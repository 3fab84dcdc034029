# Tests of terms of matched sets.

test_that("tests of terms are those of refits", {
  d <- transform(infert, f = factor(parity))
  fit <- fastclogit(case ~ spontaneous * age + f + induced + strata(stratum), data = d)
  smaller <- function(change) update(fit, change)$loglik[2]
  table <- drop1(fit, test = "LRT")
  expect_equal(rownames(table), c("<none>", "f", "induced", "spontaneous:age"))
  expect_equal(
    table["induced", "LRT"], 2 * (fit$loglik[2] - smaller(. ~ . - induced)), tolerance = 1e-8
  )
  expect_equal(
    table["spontaneous:age", "LRT"], 2 * (fit$loglik[2] - smaller(. ~ . - spontaneous:age)),
    tolerance = 1e-8
  )
  sequence <- anova(fit)
  expect_equal(sequence[["loglik"]][c(1, 6)], fit$loglik, tolerance = 1e-12)
  one <- fastclogit(case ~ spontaneous + strata(stratum), data = d)
  expect_equal(sequence["spontaneous", "Chisq"], 2 * diff(one$loglik), tolerance = 1e-8)
  two <- anova(one, fit)
  expect_equal(two[2, "Chisq"], 2 * (fit$loglik[2] - one$loglik[2]), tolerance = 1e-10)
  expect_equal(two[2, "Df"], fit$rank - 1)
  expect_error(anova(fit, one, lm(case ~ age, infert)), "compares fits by fastclogit()")
  expect_error(drop1(fit_of_infert(penalty = "firth")), "use lr_test()")
})
