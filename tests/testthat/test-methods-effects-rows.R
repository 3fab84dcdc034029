# Average effects are the same wherever the rows are.

expect_same_averages <- function(there, here, by = "g") {
  for (comparison in c("difference", "ratio", "odds ratio")) {
    expect_same_effects(
      average_effects(there, comparison = comparison),
      average_effects(here, comparison = comparison)
    )
  }
  expect_same_effects(average_effects(there, by = by), average_effects(here, by = by))
  expect_same_effects(average_predictions(there, by), average_predictions(here, by))
}

test_that("rows of a source, sparse ones and those with workers have the same averages", {
  d <- source_data(1500)
  for (call in expression(
    fastlogit(y ~ x * g + k + l, binomial(), weights = w),
    fastlogit(cbind(s, m - s) ~ log(z) + g + factor(k) + offset(o), binomial("probit")),
    fastlogit(factor(f) ~ poly(z, 2) + g:x, binomial("cloglog"), weights = w, offset = o),
    fastlogit(s / m ~ x * g + I(z^2), weights = m, penalty = "firth")
  )) {
    fits <- fit_twice(call, d)
    expect_same_averages(fits$there, fits$here)
    call$data <- quote(d)
    call$sparse <- TRUE
    expect_same_averages(eval(call), fits$here)
  }
  for (call in expression(
    fastmultinom(c ~ x * g + log(z), weights = w), fastmultinom(c ~ z + g + offset(o))
  )) {
    fits <- fit_twice(call, d)
    expect_same_averages(fits$there, fits$here)
  }
})

test_that("rows that workers have had have the same averages", {
  workers <- local_workers(2)
  d <- effects_data(600)
  files <- file.path(withr::local_tempdir(), c("1.csv", "2.csv"))
  Map(utils::write.csv, split(d, rep(1:2, each = 300)), files, MoreArgs = list(row.names = FALSE))
  alone <- fastlogit(y ~ x * z + f + g, data = d)
  for (data in list(source_files(files), d)) {
    expect_same_averages(fastlogit(y ~ x * z + f + g, data = data, workers = workers), alone)
  }
})

test_that("a source that is gone, or has other rows, is told", {
  d <- source_data(900)
  held <- new.env()
  held$data <- d
  source <- source_function(function(reset) {
    if (reset) return(held$reader <- NULL)
    if (is.null(held$reader)) {
      held$reader <- chunks_of(held$data, 300)
      held$reader(TRUE)
    }
    held$reader(FALSE)
  })
  fit <- fastlogit(y ~ log(z) + g, data = source)
  plain <- fastlogit(y ~ log(z) + g, data = d)
  expect_same_effects(average_effects(fit), average_effects(plain))
  held$data <- d[1:600, ]
  expect_error(average_effects(fit, "z"), class = "fastlogit_rows_gone")
  # What is kept of the rows answers for the other.
  expect_same_effects(average_effects(fit, "g"), average_effects(plain, "g"))
})

test_that("the bits do not depend on the number of threads", {
  d <- effects_data(9000)
  d$big <- factor(rep(sprintf("level%03d", 1:600), 15))
  averages <- function(formula, threads) {
    fit <- fastlogit(formula, data = d, penalty = "firth", control = list(threads = threads))
    list(average_effects(fit, "x"), average_predictions(fit, list(x = c(-1, 1))))
  }
  for (formula in c(y ~ x * f + log(z), y ~ splines::ns(x, 3) + big)) {
    expect_identical(averages(formula, 1), averages(formula, 2))
  }
})

test_that("many levels, whose rows have no dense copies, have the same averages", {
  d <- effects_data(2000)
  d$big <- factor(rep(sprintf("level%03d", 1:250), 8))
  d$y[d$z > 4.5] <- 1 - d$y[d$z > 4.5]
  fit <- fastlogit(y ~ x * big + f, data = d, penalty = penalty_ridge(0.1))
  expect_gt(length(coef(fit)), 500)
  p <- function(data) predict(fit, data, type = "response")
  table <- average_predictions(fit, list(big = c("level003", "level250"), x = 1))
  expect_equal(table$estimate, vapply(c("level003", "level250"), function(level) {
    mean(p(transform(d, x = 1, big = level)))
  }, 0, USE.NAMES = FALSE))
  slope <- average_effects(fit, "x")
  expect_equal(slope$estimate, mean(p(transform(d, x = x + 1e-5)) - p(transform(d, x = x - 1e-5))) /
    2e-5, tolerance = 1e-8)
  x <- model.matrix(fit)
  mu <- fitted(fit)
  changes <- (model.matrix(y ~ x * big + f, transform(d, x = x + 1)) - x)
  gradient <- colMeans(
    mu * (1 - mu) * changes + mu * (1 - mu) * (1 - 2 * mu) * drop(changes %*% coef(fit)) * x
  )
  expect_equal(slope$std.error, sqrt(drop(gradient %*% vcov(fit) %*% gradient)))
})
