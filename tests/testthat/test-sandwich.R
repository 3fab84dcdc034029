test_that("robust and clustered covariances are those of package sandwich", {
  skip_if_not_installed("sandwich")
  d <- source_data()
  d$w <- pmax(d$w, 1)  # package sandwich scales by numbers of rows, those of weight zero among them
  for (call in expression(
    fastlogit(y ~ x + g, binomial()),
    fastlogit(cbind(s, m - s) ~ x + l, binomial("probit"), weights = w),
    fastlogit(l ~ g, binomial()),  # rows that repeat
    fastlogit(s / m ~ x, binomial(), weights = m)
  )) {
    fits <- fit_twice(call, d)
    call[[1]] <- quote(glm)
    call$data <- quote(d)
    call$control <- quote(list(epsilon = 1e-14))
    theirs <- suppressWarnings(eval(call))
    robust <- sandwich::vcovHC(theirs, type = "HC0")
    grouped <- sandwich::vcovCL(theirs, cluster = ~id)
    for (fit in fits) {
      expect_equal(vcov(fit, type = "robust"), robust, tolerance = 1e-8)
      expect_equal(vcov(fit, cluster = ~id), grouped, tolerance = 1e-8)
    }
  }
})

test_that("aliased coefficients are NA", {
  d <- source_data()
  same <- fastlogit(y ~ x, data = d)
  for (fit in fit_twice(quote(fastlogit(y ~ x + I(2 * x))), d)) {
    robust <- vcov(fit, type = "robust")
    expect_true(all(is.na(robust[3, ])))
    expect_equal(robust[1:2, 1:2], vcov(same, type = "robust"), tolerance = 1e-10)
    expect_equal(vcov(fit, complete = FALSE, type = "robust"), robust[1:2, 1:2])
  }
})

test_that("clusters are columns, without missing values", {
  d <- source_data()
  fits <- fit_twice(quote(fastlogit(y ~ x)), d)
  for (fit in fits) expect_error(vcov(fit, cluster = ~nobody))
  expect_error(vcov(fits$there, cluster = d$id), class = "fastlogit_input_error")
  expect_error(vcov(fits$here, cluster = 1:3), class = "fastlogit_input_error")
  used <- !is.na(d$x)
  expect_equal(
    vcov(fits$here, cluster = d$id[used]), vcov(fits$here, cluster = ~id), tolerance = 1e-12
  )
  expect_equal(
    vcov(fits$there, cluster = ~ id + l), vcov(fits$here, cluster = ~ id + l), tolerance = 1e-10
  )
})

test_that("of many classes, the scores' products are those of estfun()", {
  skip_if_not_installed("sandwich")
  d <- source_data()
  fits <- fit_twice(quote(fastmultinom(c ~ z + g, weights = w)), d)
  bread <- vcov(fits$here)
  expected <- bread %*% crossprod(sandwich::estfun(fits$here)) %*% bread
  for (fit in fits) {
    expect_equal(unname(vcov(fit, type = "robust")), unname(expected), tolerance = 1e-8)
  }
})
