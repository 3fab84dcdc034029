# What fits say of themselves beside their numbers.

# A lone row far out: finite estimates, and means that round to 1, or to 0 and 1.
far_rows <- function() {
  set.seed(3)
  d <- data.frame(x = c(rnorm(200), 60))
  eta <- 1.5 * d$x
  d$y <- c(rbinom(200, 1, plogis(eta[-201])), 1)
  d$c <- factor(c(ifelse(d$y[-201] == 0, "a", sample(c("b", "c"), 200, TRUE)), "b"))
  d$n <- 4
  d$s <- c(rbinom(200, 4, plogis(eta[-201])), 4)
  d
}

note <- "numerically 0 or 1"

test_that("means numerically 0 or 1 are no warning, but a line of the summary", {
  d <- far_rows()
  for (call in expression(
    fastlogit(y ~ x), fastlogit(y ~ x, binomial("probit")), fastlogit(s / n ~ x, weights = n),
    fastlogit(cbind(s, n - s) ~ x, quasibinomial()), fastlogit(y ~ x, method = "fisher"),
    fastlogit(y ~ x, penalty = penalty_ridge(0.1)), fastlogit(y ~ x, penalty = "firth"),
    fastmultinom(c ~ x), fastmultinom(y ~ x), fastmultinom(c ~ x, penalty = penalty_ridge(0.1))
  )) {
    expect_no_warning(fits <- fit_twice(call, d))
    for (fit in fits) {
      means <- all_means(fits$here)
      expect_lt(min(means, 1 - means), 2e-15)
      expect_match(summary(fit)$extreme, note)
      expect_match(capture_output(print(summary(fit))), note)
    }
  }
  expect_no_warning(fit <- glm(y ~ x, binomial(), d, method = "fastlogit_fit"))
  expect_no_warning(fit <- fastlogit(y ~ x, data = d, sparse = TRUE))
  expect_match(summary(fit)$extreme, note)
})

test_that("workers tell the range of the means", {
  skip_if_not_installed("mirai")
  skip_on_cran()
  d <- far_rows()
  of_rows <- source_function(chunks_of(d, 50))
  expect_match(summary(fastlogit(y ~ x, data = d, workers = 1))$extreme, note)
  expect_match(summary(fastmultinom(c ~ x, data = d, workers = 1))$extreme, note)
})

test_that("there is no such line where there is nothing to tell, or more than that", {
  d <- far_rows()
  tame <- d[-201, ]
  for (fit in fit_twice(quote(fastlogit(y ~ x)), tame)) expect_null(summary(fit)$extreme)
  for (fit in fit_twice(quote(fastmultinom(c ~ x)), tame)) expect_null(summary(fit)$extreme)
  d$y <- as.integer(d$x > 0)
  expect_warning(fit <- fastlogit(y ~ x, data = d), class = "fastlogit_separation")
  expect_null(summary(fit)$extreme)
  expect_match(capture_output(print(summary(fit))), "separation")
})

# Against the probabilities of all rows.
test_that("a source knows the least and the largest probability of a class", {
  d <- far_rows()
  for (call in expression(
    fastmultinom(c ~ x), fastmultinom(c ~ I(x / 20), offset = x), fastmultinom(c ~ 1)
  )) {
    fits <- fit_twice(call, d)
    means <- all_means(fits$here)
    expect_equal(fits$there$stored$range_of_means, range(means), tolerance = 1e-8)
    expect_equal(fits$there$stored$range_of_means[1] / min(means), 1, tolerance = 1e-6)
  }
})

test_that("summary.glm()'s own warnings come without its call", {
  d <- data.frame(x = 1:8, s = c(1, 3, 2, 4, 2, 5, 6, 5), w = c(0, 1, 1, 1, 1, 1, 1, 1))
  fit <- fastlogit(cbind(s, 7 - s) ~ x, quasibinomial(), d, weights = w)
  for (call in alist(summary(fit), vcov(fit), predict(fit, d, se.fit = TRUE))) {
    caught <- tryCatch(eval(call), warning = identity)
    expect_s3_class(caught, "fastlogit_warning")
    expect_null(conditionCall(caught))
    expect_match(conditionMessage(caught), "zero weight")
  }
})
