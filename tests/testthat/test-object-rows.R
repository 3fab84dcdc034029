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

# glm()'s own `$` matches beginnings; what it would not find must not find a component of ours.
test_that("beginnings of names are matched as those of a glm's, and to no others", {
  skip_if_not_installed("MASS")
  d <- MASS::birthwt
  fit <- fastlogit(low ~ lwt, data = d)
  there <- fastlogit(low ~ lwt, data = source_function(chunks_of(d, 100)))
  own <- setdiff(names(fit), glm_components)
  of_glm <- unclass(glm(low ~ lwt, binomial(), d))
  beginnings <- function(names) {
    unlist(lapply(names, function(name) substring(name, 1, seq_len(nchar(name)))))
  }
  for (name in setdiff(beginnings(own), own)) {
    asked <- eval(call("$", quote(fit), name))
    expect_equal(asked, fit[[full_name(name, names(of_glm), names(of_glm))]], label = name)
    if (is.null(eval(call("$", of_glm, name)))) expect_null(asked, label = name)
  }
  for (name in beginnings(names(of_glm))) {
    found <- is.null(eval(call("$", quote(fit), name)))
    expect_identical(found, is.null(eval(call("$", of_glm, name))), label = name)
  }
  expect_null(fit$se)
  expect_null(there$se)
  expect_equal(there$resid, unname(fit$residuals), tolerance = 1e-8)
  expect_identical(fit$outcomes, c("0", "1"))
  classes <- fastmultinom(factor(race) ~ lwt, data = d)
  for (fit in list(classes, fastmultinom(race ~ lwt, data = source_function(chunks_of(d, 100))))) {
    expect_null(fit$se)
    expect_null(fit$alg)
    expect_identical(fit$dev, deviance(classes))
    expect_identical(dim(fit$fitted), dim(classes$fitted.values))
  }
})

test_that("classes are the response's levels, whatever the fit keeps", {
  skip_if_not_installed("MASS")
  d <- MASS::birthwt
  d$f <- factor(d$low, labels = c("no", "yes"))
  d$l <- d$low == 1
  rows <- source_function(chunks_of(d, 100))
  for (formula in list(f ~ lwt, l ~ lwt, low ~ lwt, cbind(low, 1 - low) ~ lwt)) {
    kept <- classify(fastlogit(formula, data = d))
    for (fit in list(
      fastlogit(formula, data = d, model = FALSE),
      fastlogit(formula, data = d, model = FALSE, y = FALSE, x = TRUE),
      fastlogit(formula, data = d, sparse = TRUE, model = FALSE),
      fastlogit(formula, data = rows)
    )) {
      expect_identical(levels(classify(fit)), levels(kept))
      expect_identical(unname(classify(fit)), unname(kept))
      expect_identical(predict(fit, d[1:5, ], type = "class"), classify(fit, d[1:5, ]))
      expect_identical(unname(classify(fit, d[1:5, ])), unname(kept[1:5]))
    }
  }
})
