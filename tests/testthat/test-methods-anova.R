test_that("deletions are those of a glm, in every column", {
  skip_if_not_installed("MASS")
  data <- MASS::birthwt
  data$race <- factor(data$race)
  formula <- low ~ age + lwt + race + smoke
  fit <- fastlogit(formula, data = data)
  reference <- glm(formula, binomial, data, epsilon = 1e-14)
  for (test in c("none", "LRT", "Chisq")) {
    expect_equal(drop1(fit, test = test), drop1(reference, test = test), tolerance = 1e-8)
  }
  expect_equal(drop1(fit, ~race, k = 3), drop1(reference, ~race, k = 3), tolerance = 1e-8)
  expect_equal(drop1(fit, scale = 2), drop1(reference, scale = 2), tolerance = 1e-8)
  expect_equal(drop1(fit, test = "Rao"), drop1(reference, test = "Rao"), tolerance = 1e-6)
  expect_warning(found <- drop1(fit, test = "F"), class = "fastlogit_dispersion")
  expect_equal(found, suppressWarnings(drop1(reference, test = "F")), tolerance = 1e-8)
  expect_equal(step(fit, trace = 0)$deviance, step(reference, trace = 0)$deviance)
  expect_error(drop1(fit, "height"), "height", class = "fastlogit_input_error")
  quasi <- fastlogit(formula, quasibinomial(), data)
  reference <- glm(formula, quasibinomial(), data, epsilon = 1e-14)
  for (test in c("none", "LRT", "F")) {
    expect_equal(drop1(quasi, test = test), drop1(reference, test = test), tolerance = 1e-8)
  }
})

test_that("an aliased column that comes back is none of the deleted", {
  d <- transform(simulate_binary(100, 2), twice = 2 * x1)
  fit <- fastlogit(y ~ x1 + twice + x2, data = d)
  reference <- glm(y ~ x1 + twice + x2, binomial, d)
  expect_equal(drop1(fit, test = "LRT"), drop1(reference, test = "LRT"), tolerance = 1e-6)
})

test_that("under separation, and for the log link, terms are deleted as coefficients are tested", {
  d <- simulate_binary(60, 2)
  d$g <- factor(rep(c("a", "b", "c"), 20))
  d$y[d$g == "c"] <- 1
  for (link in c("logit", "cauchit")) {
    fit <- suppressWarnings(fastlogit(y ~ x1 + x2 + g, binomial(link), d))
    found <- drop1(fit, test = "LRT")
    expect_equal(found[c("x1", "x2"), "LRT"], lr_test(fit, c("x1", "x2"))$LRT)
    least <- fastlogit(y ~ x1 + x2 + g, binomial(link), d, subset = g != "c")$deviance
    without <- fastlogit(y ~ x1 + x2, binomial(link), d)$deviance
    expect_equal(found["g", "LRT"], without - least, tolerance = 1e-6)
  }
  d$y <- rbinom(60, 1, 0.3)
  fit <- fastlogit(y ~ g, binomial("log"), d)
  null <- glm(y ~ 1, binomial("log"), d, epsilon = 1e-14)
  expect_equal(drop1(fit, test = "LRT")["g", "LRT"], null$deviance - fit$deviance)
})
