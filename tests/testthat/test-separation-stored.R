same_separation <- function(call, data) {
  fits <- suppressWarnings(fit_twice(call, data))
  there <- separation(fits$there)
  here <- separation(fits$here)
  expect_equal(there$kind, here$kind)
  expect_equal(there$coefficients, here$coefficients)
  expect_equal(unname(there$rows), head(unname(here$rows), most_rows_named))
  expect_equal(there$used, here$used)
  if (inherits(fits$here, "fastlogit")) {
    expect_equal(
      summary(fits$there)$coefficients, summary(fits$here)$coefficients, tolerance = 1e-8
    )
  }
  fits$there
}

test_that("separation of a source is that of the data frame", {
  d <- na.omit(source_data())
  row.names(d) <- NULL
  d$sep <- as.numeric(d$y == 1 & d$x > 1)
  d$big <- d$x + d$z / 10
  d$told <- as.numeric(d$big > 0.2)
  d$far <- c(50, d$z[-1])  # extreme means, no separation
  for (call in expression(
    fastlogit(y ~ z + sep + g),
    fastlogit(told ~ big),
    fastlogit(told ~ x + z + g),
    fastlogit(y ~ z + sep, binomial("cauchit"), weights = w),
    fastlogit(1 - sep ~ sep, binomial("log")),
    fastlogit(I(0 * y) ~ z)
  )) {
    fit <- same_separation(call, d)
  }
  fit <- same_separation(quote(fastlogit(y ~ far)), d)
  expect_equal(fit$separation, c(`(Intercept)` = 0, far = 0))
  d$c3 <- cut(d$big, c(-Inf, -0.3, 0.5, Inf), labels = c("a", "b", "c"))
  same_separation(quote(fastmultinom(c3 ~ big)), d)
  same_separation(quote(fastmultinom(c ~ z + sep)), d)
})

test_that("a warning names the infinite estimates", {
  d <- na.omit(source_data())
  d$sep <- as.numeric(d$y == 1 & d$x > 1)
  expect_warning(
    fastlogit(y ~ z + sep, data = source_function(chunks_of(d, 500))),
    "quasi-complete separation: the estimate of `sep` is \\+Inf",
    class = "fastlogit_separation"
  )
})

test_that("rows that are there twice do not keep a source from its verdict", {
  for (seed in 1:12) {
    d <- with_seed(seed, data.frame(x = round(rnorm(60), 1), i = sample(0:3, 60, TRUE)))
    d$y <- as.integer(d$x > -0.15)
    same_separation(quote(fastlogit(y ~ x + i)), d)
  }
})

test_that("a row that is zero along the direction of the others is separated, if it can be", {
  # Rows ask for b1 >= 0 and b2 >= 0, one of them for b1 >= b2: (1, 1) is zero there, (2, 1) is not.
  d <- data.frame(x1 = rep(c(1, 0, -1, 0), 100), x2 = rep(c(0, 1, 0, -1), 100))
  d$y <- rep(c(1, 1, 0, 0), 100)
  d[7, ] <- c(1, -1, 1)
  fit <- same_separation(quote(fastlogit(y ~ 0 + x1 + x2)), d)
  expect_identical(separation(fit)$kind, "complete")
})
