# Designs read in place: the columns are model.matrix()'s, and a fit does not depend on how they are
# stored.

n <- 8000
set.seed(11)
i <- seq_len(n)
d <- data.frame(
  x = (37 * i) %% 1013 / 800, z = -((53 * i) %% 887 / 700), k = (29 * i) %% 7,
  f = factor(sample(43, n, TRUE)), g = factor(sample(letters[1:3], n, TRUE)),
  h = factor((13 * i) %% 101 %% 23, ordered = TRUE), l = (17 * i) %% 31 > 12,
  s = c("u", "v", "w")[1 + (23 * i) %% 29 %% 3]
)
d$w <- (19 * i) %% 4
d$m <- cbind(a = d$x^2, b = d$z * d$x)
d$y <- as.numeric(runif(n) < 0.3 + 0.1 * d$x + 0.05 * (as.integer(d$f) %% 5))

formulas <- list(
  y ~ x + f, y ~ f + x, y ~ 0 + f + x, y ~ f * x, y ~ f / z, y ~ g * f, y ~ f:x, y ~ f:g, y ~ h + f,
  y ~ h * x + g, y ~ f:m, y ~ m:f + l, y ~ l * f, y ~ s + f:s, y ~ k + k:f, y ~ poly(x, 2):f + g,
  y ~ g:x:f, y ~ I(x * z) + f + offset(z / 5), y ~ 0 + x + f:g, y ~ 1, y ~ x:z + m
)

test_that("the columns, their names and terms are model.matrix()'s", {
  for (formula in formulas) {
    frame <- model.frame(formula, d)
    blueprint <- learn_blueprint(frame)
    expected <- model.matrix(formula, frame)
    label <- deparse1(formula)
    expect_equal(design_matrix(design_from(blueprint, frame)), expected, tolerance = 1e-15,
      label = label)
    expect_identical(blueprint$xlevels, .getXlevels(terms(frame), frame), label = label)
  }
})

test_that("contrasts of any kind are coded as model.matrix() does", {
  for (contrasts in list(
    list(f = "contr.sum"), list(f = contr.helmert, h = "contr.treatment"),
    list(f = contr.treatment(43, base = 5)), list(f = "contr.SAS", h = "contr.sum")
  )) {
    frame <- model.frame(y ~ f * x + h, d)
    expected <- model.matrix(y ~ f * x + h, frame, contrasts)
    blueprint <- learn_blueprint(frame, contrasts)
    expect_equal(design_matrix(design_from(blueprint, frame)), expected, tolerance = 1e-15)
  }
})

test_that("a fit by cells is the fit by columns", {
  for (formula in formulas) {
    for (link in c("logit", "cloglog")) {
      fit <- fastlogit(formula, binomial(link), d, weights = w)
      frame <- model.frame(formula, d, weights = w)
      dense <- fastlogit_fit(
        model.matrix(formula, frame), d$y, d$w, offset = model.offset(frame),
        family = binomial(link)
      )
      label <- paste(deparse1(formula), link)
      expect_equal(coef(fit), dense$coefficients, tolerance = 1e-9, label = label)
      expect_equal(fit$cholesky, dense$cholesky, tolerance = 1e-9, label = label)
      expect_equal(fit$deviance, dense$deviance, tolerance = 1e-12, label = label)
      expect_equal(fit$weights, dense$weights, tolerance = 1e-9, ignore_attr = TRUE, label = label)
    }
  }
})

test_that("factors of many levels give glm()'s coefficients and covariance, aliased ones too", {
  d$nested <- factor(as.integer(d$f) %/% 3)
  for (formula in list(y ~ x + f + h, y ~ f + nested + x, y ~ f * g, y ~ f:g + x)) {
    strict <- list(epsilon = 1e-14, maxit = 50)
    expected <- suppressWarnings(glm(formula, binomial, d, control = strict))
    fit <- suppressWarnings(fastlogit(formula, binomial, d))
    if (!expected$converged || any(abs(coef(expected)) > 15, na.rm = TRUE)) next
    expect_equal(coef(fit), coef(expected), tolerance = 1e-8, label = deparse1(formula))
    expect_equal(vcov(fit), vcov(expected), tolerance = 1e-8, label = deparse1(formula))
  }
})

test_that("many classes and any number of threads go by cells, too", {
  d$class <- factor((i + i^2 %/% 7) %% 3)
  one <- fastmultinom(class ~ x + f, d, threads = 1)
  expect_identical(coef(one), coef(fastmultinom(class ~ x + f, d, threads = 2)))
  columns <- fastmultinom(class ~ model.matrix(~ x + f)[, -1], d)
  expect_equal(unname(coef(one)), unname(coef(columns)), tolerance = 1e-9)
})

test_that("numbers are read where they are, whatever their type", {
  x <- cbind(1L, as.integer(d$k), d$l)
  expect_type(x, "integer")
  whole <- fastlogit_fit(x, d$y, family = binomial())
  expect_identical(
    whole$coefficients, fastlogit_fit(x + 0, d$y, family = binomial())$coefficients
  )
})

test_that("missing values that na.action lets through are named", {
  d$f[7] <- NA
  expect_error(fastlogit(y ~ f, data = d, na.action = na.pass), "predictor `f` \\(row 7\\)")
  d$k[9] <- NA
  expect_error(fastlogit(y ~ k, data = d, na.action = na.pass), "predictor `k` \\(row 9\\)")
  d$s[3] <- NA
  expect_error(fastlogit(y ~ s, data = d, na.action = na.pass), "predictor `s` \\(row 3\\)")
})
