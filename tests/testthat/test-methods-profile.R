test_that("profiles are those of a glm", {
  skip_if_not_installed("MASS")
  for (name in c("birthwt_alias", "bacteria", "airquality")) {
    set <- real_data()[[name]]
    fit <- fit_data_set(set, "fastlogit")
    reference <- fit_data_set(set, "glm", control = list(epsilon = 1e-11, maxit = 100))
    for (which in list(seq_along(coef(fit)), 2, c(3, 1))) {
      found <- profile(fit, which)
      expected <- profile(reference, which)
      expect_identical(class(found), class(expected))
      expect_identical(names(found), names(expected))
      expect_equal(unclass(found), unclass(expected), ignore_attr = TRUE, tolerance = 1e-6)
      expect_identical(attr(found, "original.fit"), fit)
    }
  }
  named <- profile(fit, "Wind", alpha = 0.05, maxsteps = 4, del = 0.7)
  expected <- profile(reference, "Wind", alpha = 0.05, maxsteps = 4, del = 0.7)
  expect_equal(named$Wind, expected$Wind, tolerance = 1e-6)
})

test_that("a dispersion gives tau", {
  skip_if_not_installed("MASS")
  set <- real_data()$swiss
  fit <- fit_data_set(set, "fastlogit", family = "quasibinomial")
  reference <- fit_data_set(set, "glm", family = "quasibinomial")
  found <- profile(fit, 2)[[1]]
  expect_named(found, c("tau", "par.vals"))
  expect_equal(found, profile(reference, 2)[[1]], tolerance = 1e-6)
})

test_that("the methods for profiles work", {
  skip_if_not_installed("MASS")
  fit <- fastlogit(fail ~ temp, data = oring)
  profiles <- profile(fit, alpha = 0.0125)
  reference <- glm(fail ~ temp, binomial, oring, epsilon = 1e-14)
  expect_equal(confint(profiles), suppressMessages(confint(reference)), tolerance = 1e-6)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_silent(plot(profiles))
  expect_silent(pairs(profiles))
})

test_that("each point is the fit with the coefficient held, far out as well", {
  d <- simulate_binary(400, 2)
  fit <- fastlogit(y ~ x1 + x2, data = d)
  points <- profile(fit, "x1", alpha = 1e-12)$x1
  for (i in c(1, 4, nrow(points))) {
    values <- points$par.vals[i, ]
    held <- fastlogit(y ~ x2 + offset(values[["x1"]] * x1), data = d)
    expect_equal(unname(coef(held)), unname(values[c("(Intercept)", "x2")]), tolerance = 1e-7)
    expect_equal(held$deviance - fit$deviance, points$z[i]^2, tolerance = 1e-8)
  }
})

test_that("under separation there are profiles of the finite estimates", {
  d <- simulate_binary(100, 2)
  d$g <- rep(1:0, c(10, 90))
  d$y[d$g == 1] <- 1
  fit <- suppressWarnings(fastlogit(y ~ x1 + x2 + g, data = d))
  expect_warning(found <- profile(fit), "`g`", class = "fastlogit_separation")
  others <- profile(fastlogit(y ~ x1 + x2, data = d, subset = g == 0))
  expect_identical(names(found), names(others))
  expect_equal(found$x1$z, others$x1$z, tolerance = 1e-5)
  expect_equal(found$x1$par.vals[, names(others)], others$x1$par.vals, tolerance = 1e-5)
})

test_that("threads make no difference", {
  d <- simulate_binary(20000, 4)
  fit <- fastlogit(y ~ ., data = d)
  expect_identical(profile(fit, threads = 1)[1:5], profile(fit, threads = 4)[1:5])
})
