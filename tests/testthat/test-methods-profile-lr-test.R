test_that("likelihood-ratio tests are those of drop1()", {
  d <- simulate_binary(500, 4)
  for (link in links_but_log) {
    fit <- fastlogit(y ~ ., binomial(link), d)
    expected <- drop1(fit, test = "LRT")[-1, ]
    found <- lr_test(fit)
    expect_s3_class(found, "anova")
    expect_named(found, c("Df", "Deviance", "LRT", "Pr(>Chi)"))
    for (column in names(found)) {
      expect_equal(found[-1, column], expected[[column]], tolerance = 1e-8)
    }
    without <- update(fit, . ~ . - 1)
    expect_equal(found[["(Intercept)", "Deviance"]], without$deviance)
  }
  expect_identical(lr_test(fit, "x2", threads = 1)[1, ], found["x2", ], ignore_attr = TRUE)
  expect_identical(rownames(lr_test(fit, 3:2)), c("x2", "x1"))
})

test_that("a dispersion gives F tests", {
  fit <- fit_data_set(real_data()$swiss, "fastlogit", family = "quasibinomial")
  expected <- suppressWarnings(drop1(fit, test = "F"))[-1, ]
  found <- lr_test(fit)[-1, ]
  # drop1() takes the mean deviance for the dispersion.
  ratio <- (expected$Deviance - fit$deviance) / summary(fit)$dispersion
  expect_equal(found[["F value"]], ratio, tolerance = 1e-6)
  expect_equal(found[["Pr(>F)"]], pf(ratio, 1, fit$df.residual, lower.tail = FALSE))
})

test_that("aliased coefficients are not tested, separated ones are", {
  skip_if_not_installed("MASS")
  fit <- fit_data_set(real_data()$birthwt_alias, "fastlogit")
  expect_true(all(is.na(lr_test(fit)["kg", ])))
  expect_true(is.na(hauck_donner(fit)[["kg"]]))
  skip_if_not_installed("brglm2")
  data("endometrial", package = "brglm2", envir = environment())
  fit <- suppressWarnings(fastlogit(HG ~ NV + PI + EH, data = endometrial))
  without <- fastlogit(HG ~ PI + EH, data = endometrial)
  others <- fastlogit(HG ~ PI + EH, data = endometrial, subset = NV == 0)
  expect_equal(lr_test(fit)["NV", "LRT"], without$deviance - others$deviance, tolerance = 1e-6)
})

test_that("under separation the tests compare least upper bounds", {
  set.seed(40)
  x <- matrix(rnorm(160), 40)
  d <- data.frame(x)
  d$y <- as.integer(x[, 1] + 0.3 * x[, 2] > 0.3)
  for (link in c("logit", "probit", "cloglog", "cauchit")) {
    fit <- suppressWarnings(fastlogit(y ~ ., binomial(link), d))
    found <- lr_test(fit)
    # x1 and x2 tell the classes apart, with X3 and X4 or without.
    expect_identical(found[c("X3", "X4"), "LRT"], c(0, 0))
    expect_true(all(found$LRT <= fit$null.deviance + 1e-6))
    expect_silent(confint(fit))
  }
  without <- suppressWarnings(glm(y ~ . - X1, binomial, d, epsilon = 1e-14))
  fit <- suppressWarnings(fastlogit(y ~ ., data = d))
  expect_equal(lr_test(fit)["X1", "LRT"], without$deviance, tolerance = 1e-8)
  expect_equal(summary(fit, lrt = TRUE)$lrt, lr_test(fit))
})

test_that("only a fit by fastlogit() is taken", {
  expect_snapshot(error = TRUE, {
    lr_test(1)
    hauck_donner(lm(1 ~ 1))
  })
})

# 40 trials each; all but `failures` of the second group succeed.
two_groups <- function(failures) {
  data.frame(group = c("a", "b"), s = c(20, 40 - failures), f = c(20, failures))
}

test_that("the derivatives of Wald statistics are VGAM's", {
  skip_if_not_installed("VGAM")
  d <- simulate_binary(120, 2, seed = 5)
  d$x2 <- d$x2 > 1
  d$trials <- rep(1:4, 30)
  links <- list(logit = "logitlink", probit = "probitlink", cloglog = "clogloglink")
  for (link in names(links)) {
    fit <- fastlogit(y ~ x1 + x2, binomial(link), d, weights = trials)
    vglm_fit <- VGAM::vglm(
      y ~ x1 + x2, do.call(VGAM::binomialff, list(link = links[[link]])), d, weights = trials,
      epsilon = 1e-13
    )
    expect_equal(hauck_donner(fit), VGAM::hdeff(vglm_fit, derivative = 1), tolerance = 1e-5)
  }
  expect_equal(hauck_donner(fit, 2), hauck_donner(fit)[2])
  sparse <- fastlogit(y ~ x1 + x2, binomial("cloglog"), d, weights = trials, sparse = TRUE)
  expect_equal(hauck_donner(sparse), hauck_donner(fit), tolerance = 1e-8)
})

test_that("the effect is there as soon as the statistic falls", {
  # As a difference quotient: the other coefficient and the numbers of trials stay.
  statistic <- function(beta) {
    mu <- plogis(c(0, beta))
    beta / sqrt(sum(1 / (40 * mu * (1 - mu))))
  }
  for (failures in c(8, 2, 1)) {
    fit <- fastlogit(cbind(s, f) ~ group, data = two_groups(failures))
    beta <- coef(fit)[["groupb"]]
    slope <- (statistic(beta + 1e-5) - statistic(beta - 1e-5)) / 2e-5
    expect_equal(hauck_donner(fit)[["groupb"]], slope, tolerance = 1e-6)
  }
  expect_lt(slope, 0)
})

test_that("the summary tells of it where it matters", {
  d <- data.frame(group = c("a", "b"), s = c(9, 19), f = c(11, 1))
  fit <- fastlogit(cbind(s, f) ~ group, data = d)
  expect_lt(hauck_donner(fit)[["groupb"]], 0)
  expect_identical(summary(fit)$hauck.donner, "groupb")
  expect_snapshot(summary(fit, lrt = TRUE), transform = without_decrement)
  expect_output(print(summary(fit)), "Hauck-Donner effect: the Wald test of `groupb` misleads")
  # The intercept of a rare outcome is beyond doubt.
  rare <- fastlogit(cbind(s, f) ~ 1, data = data.frame(s = 3, f = 1e5))
  expect_lt(hauck_donner(rare)[[1]], 0)
  expect_null(summary(rare)$hauck.donner)
  expect_null(summary(fastlogit(fail ~ temp, data = oring))$hauck.donner)
})
