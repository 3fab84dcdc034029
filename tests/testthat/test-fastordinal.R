# Values of printed tables, to their digits.
expect_printed <- function(found, printed, unit) expect_lt(max(abs(found - printed)), unit)

test_that("UCLA's example has the published estimates", {
  data <- ologit_data()
  fit_by <- function(link) fastordinal(apply ~ pared + public + gpa, data, link = link)
  logit <- fit_by("logit")
  expect_printed(
    all_estimates(logit), c(1.0476637, -0.0586828, 0.6157458, 2.2033232, 4.2987674), 1e-7
  )
  expect_printed(sqrt(diag(vcov(logit)))[1:3], c(0.2658, 0.2979, 0.2606), 1e-4)
  expect_printed(coef(fit_by("probit")), c(0.5981075, 0.0101639, 0.3581584), 1e-7)
  expect_printed(coef(fit_by("cloglog")), c(0.5166416, 0.1081145, 0.3343848), 1e-7)
})

test_that("the satisfaction of renters has the estimates of Venables and Ripley", {
  skip_if_not_installed("MASS")
  fit <- fastordinal(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
  expect_printed(
    all_estimates(fit), c(0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603, -0.4961, 0.6907), 1e-4
  )
  expect_printed(deviance(fit), 3479.149, 1e-3)
})

test_that("the bitterness of wine has the estimates of package ordinal", {
  fit <- fastordinal(rating ~ temp + contact, data = wine_counts(), weights = count)
  expect_printed(
    all_estimates(fit), c(2.5031, 1.5278, -1.3444, 1.2508, 3.4669, 5.0064), 1e-4
  )
  expect_printed(sqrt(diag(vcov(fit)))[1:2], c(0.5287, 0.4766), 1e-4)
  expect_printed(as.numeric(logLik(fit)), -86.492, 1e-3)
})
