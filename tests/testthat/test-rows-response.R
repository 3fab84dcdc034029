test_that("the two classes of a response may be in different chunks", {
  d <- na.omit(source_data())
  d <- d[order(d$y), ]
  d$f <- factor(d$f)
  d$late <- factor(ifelse(d$f == "yes", "a", "b"))
  expect_same_fit(fit_twice(quote(fastlogit(f ~ x)), d))
  expect_same_fit(fit_twice(quote(fastlogit(late ~ x)), d))
  expect_same_fit(fit_twice(quote(fastlogit(factor(f) ~ x, weights = w)), d))
  expect_error(
    fastlogit(c ~ x, data = source_function(chunks_of(d, 700))), class = "fastlogit_input_error"
  )
  expect_warning(
    fit <- fastlogit(factor(c) ~ x, data = source_function(chunks_of(d, 700))), "fastmultinom",
    class = "fastlogit_many_levels"
  )
  rest <- fastlogit(c != min(c) ~ x, data = d)
  expect_equal(coef(fit), coef(rest), tolerance = 1e-8)
})

test_that("aic() is asked at the means where counts are not whole", {
  d <- na.omit(source_data())
  d$u <- d$m + 0.5
  fits <- suppressWarnings(fit_twice(quote(fastlogit(s / m ~ x, weights = u)), d))
  expect_same_fit(fits)
  fits <- suppressWarnings(fit_twice(quote(fastlogit(f == "yes" ~ x, weights = w / 3)), d))
  expect_same_fit(fits)
})

test_that("a warning of every chunk is given once", {
  d <- na.omit(source_data())
  d$half <- d$s / d$m / 2
  warnings <- capture_warnings(
    fastlogit(half ~ x, data = source_function(chunks_of(d, 300)), weights = m)
  )
  expect_length(warnings, 1)
})
