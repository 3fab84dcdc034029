# A small fit keeps its QR decomposition, a large one makes it on demand: both must be the same.

without_decomposition <- function(fit) {
  class <- class(fit)
  fit <- unclass(fit)
  structure(fit[setdiff(names(fit), c("qr", "R", "effects"))], class = class)
}

fits <- function() {
  counts <- data.frame(dose = 1:6, dead = c(1, 4, 9, 13, 18, 20), alive = c(19, 16, 11, 7, 2, 0))
  list(
    numeric = fastlogit(fail ~ temp, data = oring),
    factors = fastlogit(am ~ factor(gear == 4) + wt, data = mtcars),
    kept_x = fastlogit(fail ~ temp, data = oring, x = TRUE),
    counts = fastlogit(cbind(dead, alive) ~ dose, data = counts),
    aliased = fastlogit(fail ~ temp + I(2 * temp) + flight, data = oring),
    zero_weights = fastlogit(fail ~ temp, data = oring, weights = as.numeric(flight != 3)),
    offset = fastlogit(fail ~ temp + offset(flight / 50), data = oring),
    excluded = fastlogit(
      Ozone > 50 ~ Wind + Solar.R,
      data = airquality, na.action = na.exclude
    )
  )
}

test_that("the decomposition made on demand is the one a small fit keeps", {
  all_fits <- fits()
  for (name in names(all_fits)) {
    fit <- all_fits[[name]]
    lean <- without_decomposition(fit)
    expect_false("qr" %in% names(lean))
    for (part in c("qr", "R", "effects")) {
      expect_equal(lean[[part]], fit[[part]], info = paste(name, part))
      expect_equal(eval(call("$", lean, part)), fit[[part]], info = paste(name, part))
    }
    expect_equal(hatvalues(lean), hatvalues(fit), info = name)
    expect_equal(cooks.distance(lean), cooks.distance(fit), info = name)
  }
})

test_that("a large design leaves the decomposition out until it is asked for", {
  d <- data.frame(x = sin(seq_len(60000)), y = rep(c(0, 1, 1), 20000))
  fit <- fastlogit(y ~ x, data = d)
  expect_false("qr" %in% names(fit))
  expect_equal(fit$rank, fit$qr$rank)
  expect_equal(abs(unname(diag(fit$R))), unname(diag(fit$cholesky$expected)), tolerance = 1e-10)
})

test_that("names match partially, as for any list", {
  fit <- fastlogit(fail ~ temp, data = oring)
  expect_equal(fit$coef, fit$coefficients)
  expect_equal(fit$resid, fit$residuals)
  expect_null(fit$nothing)
  expect_null(fit[["coef"]])
})

test_that("the Cholesky factors are those of the information", {
  for (link in c("logit", "probit")) {
    fit <- fastlogit(fail ~ temp, binomial(link), oring)
    x <- model.matrix(fit)
    expect_equal(
      crossprod(fit$cholesky$expected), crossprod(x * sqrt(fit$weights)),
      ignore_attr = TRUE, tolerance = 1e-12
    )
    expect_equal(unname(vcov(fit)), chol2inv(fit$cholesky$expected), tolerance = 1e-12)
  }
})

test_that("a fit without columns has a deviance and no coefficients", {
  fit <- fastlogit(fail ~ 0, data = oring)
  reference <- glm(fail ~ 0, binomial, oring)
  expect_length(coef(fit), 0)
  expect_equal(fit$deviance, reference$deviance)
  expect_equal(fit$df.residual, reference$df.residual)
  expect_equal(names(summary(fit)), c(names(summary(reference)), "found"))
})

test_that("the null deviance of outcomes that are all the same is zero", {
  for (outcome in 0:1) {
    d <- data.frame(y = outcome, x = 1:6, w = c(1, 2, 1, 3, 1, 1))
    reference <- suppressWarnings(glm(y ~ x, binomial, d))
    for (data in list(d, source_function(chunks_of(d, 4)))) {
      fit <- suppressWarnings(fastlogit(y ~ x, data = data))
      expect_lt(abs(fit$null.deviance - reference$null.deviance), 1e-8)
      weighted <- suppressWarnings(fastlogit(y ~ x, data = data, weights = w))
      expect_equal(weighted$null.deviance, 0)
    }
  }
})
