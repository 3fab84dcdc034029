test_that("formulas, weights, offsets, subsets and contrasts mean what they mean", {
  d <- source_data()
  for (call in expression(
    fastlogit(y ~ x + z + g),
    fastlogit(y ~ x - 1),
    fastlogit(y ~ g - 1),
    fastlogit(y ~ log(z) + I(x^2) + factor(k) * g),
    fastlogit(y ~ x:g + l, weights = w),
    fastlogit(y ~ x + offset(o) + offset(z / 10), offset = o),
    fastlogit(y ~ x + offset(o) - 1),
    fastlogit(y ~ x + g, subset = z > 0.3 & g != "a", contrasts = list(g = "contr.sum")),
    fastlogit(f == "yes" ~ x + g, binomial("probit"), weights = w),
    fastlogit(factor(f) ~ x + g, method = "gradient"),
    fastlogit(s / m ~ x + g, weights = m),
    fastlogit(cbind(s, m - s) ~ x + l, binomial("cloglog"), weights = w / 2),
    fastlogit(cbind(s, m - s) ~ x, quasibinomial(), na.action = na.exclude),
    fastlogit(y ~ z, binomial("log"), subset = x > -1),
    fastlogit(y ~ x + x2 + g, subset = !is.na(x)),
    fastlogit(y ~ cut(z, c(-1, 0.5, 1, Inf)) + ordered(k))
  )) {
    d$x2 <- 2 * d$x  # aliased
    fits <- suppressWarnings(fit_twice(call, d))
    expect_same_fit(fits)
  }
})

test_that("bases of all rows are right, or refused by name", {
  d <- source_data()
  for (call in expression(
    fastlogit(y ~ scale(x) + poly(z, 3)),
    fastlogit(y ~ scale(x, scale = FALSE):g + stats::poly(z, degree = 2), subset = z > 0.2),
    fastlogit(
      y ~ splines::ns(z, knots = c(0.5, 1), Boundary.knots = c(0, 8)) + poly(k, 2, raw = TRUE)
    )
  )) {
    fits <- fit_twice(call, d)
    expect_same_fit(fits)
    expect_equal(predict(fits$there, d[1:9, ]), predict(fits$here, d[1:9, ]), tolerance = 1e-10)
  }
  s <- source_function(chunks_of(d, 700))
  refused <- function(formula, term) {
    expect_error(fastlogit(formula, data = s), term, fixed = TRUE, class = "fastlogit_input_error")
  }
  refused(y ~ splines::ns(z, df = 3), "splines::ns(z, df = 3)")
  refused(y ~ I(z - mean(z)), "I(z - mean(z))")
  refused(y ~ cut(z, 3), "cut(z, 3)")
  refused(y ~ log(scale(z) + 9), "log(scale(z) + 9)")
  expect_error(fastlogit(y ~ z, data = s, weights = z / mean(z)), "`weights`")
  expect_error(fastlogit(y ~ z, data = s, subset = z > median(z)), "`subset`")
  expect_error(fastlogit(y ~ z, data = s, subset = 1:100), "`subset`")
})

test_that("vectors from outside the source are no columns", {
  d <- source_data()
  outside <- rep(1, 700)
  expect_error(
    fastlogit(y ~ z, data = source_function(chunks_of(d, 700)), weights = outside), "`outside`",
    class = "fastlogit_input_error"
  )
})

test_that("missing values are what na.action says", {
  d <- source_data()
  s <- source_function(chunks_of(d, 700))
  expect_error(fastlogit(y ~ x, data = s, na.action = na.fail), class = "fastlogit_input_error")
  expect_error(
    fastlogit(y ~ x, data = s, na.action = na.pass), "predictor `x`",
    class = "fastlogit_input_error"
  )
  fits <- fit_twice(quote(fastlogit(y ~ x, na.action = na.exclude)), d)
  expect_equal(unname(residuals(fits$there)), unname(residuals(fits$here)), tolerance = 1e-10)
  expect_equal(unname(fitted(fits$there)), unname(fitted(fits$here)), tolerance = 1e-10)
  expect_output(print(fastlogit(y ~ x, data = s)), "20 observations deleted")
})
