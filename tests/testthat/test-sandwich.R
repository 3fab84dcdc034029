test_that("robust and clustered covariances are those of package sandwich", {
  skip_if_not_installed("sandwich")
  d <- source_data()
  for (call in expression(
    fastlogit(y ~ x + g),
    fastlogit(cbind(s, m - s) ~ x + l, binomial("probit"), weights = w),
    fastlogit(l ~ g),  # rows that repeat
    fastlogit(s / m ~ x + I(2 * x), weights = m)
  )) {
    fits <- fit_both(call, d)
    plain <- call
    plain[[1]] <- quote(glm)
    plain$data <- quote(d)
    if (length(plain) < 4 || !any(vapply(as.list(plain), is.call, NA)[-(1:2)])) {
      plain$family <- quote(binomial())
    }
    plain$control <- quote(list(epsilon = 1e-14))
    theirs <- eval(plain)
    kept <- !is.na(coef(theirs))
    robust <- unname(sandwich::vcovHC(theirs, type = "HC0"))
    grouped <- unname(sandwich::vcovCL(theirs, cluster = ~id))
    for (fit in fits) {
      expect_equal(unname(vcov(fit, type = "robust")[kept, kept]), robust, tolerance = 1e-8)
      expect_equal(unname(vcov(fit, cluster = ~id)[kept, kept]), grouped, tolerance = 1e-8)
      expect_equal(
        vcov(fit, complete = FALSE, type = "robust"), vcov(fit, type = "robust")[kept, kept]
      )
    }
  }
})

test_that("clusters are columns, without missing values", {
  d <- source_data()
  fits <- fit_both(quote(fastlogit(y ~ x)), d)
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
  fits <- fit_both(quote(fastmultinom(c ~ z + g, weights = w)), d)
  bread <- vcov(fits$here)
  expected <- bread %*% crossprod(sandwich::estfun(fits$here)) %*% bread
  for (fit in fits) {
    expect_equal(unname(vcov(fit, type = "robust")), unname(expected), tolerance = 1e-8)
  }
})
