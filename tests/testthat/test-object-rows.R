# The QR decomposition of a small fit is made when its numbers are read, that of a large one when
# the component is asked for: both must be the same.

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

# To code that knows nothing of this they are numbers like all others.
expect_decomposed <- function(found, x, fit, offset = 0) {
  used <- fit$prior.weights > 0
  root <- sqrt(fit$weights[used])
  working <- (fit$linear.predictors - offset + fit$residuals)[used]
  direct <- .lm.fit(x[used, , drop = FALSE] * root, root * working, 1e-11)
  p <- ncol(x)
  expect_identical(found$qr[c("rank", "pivot")], list(rank = p, pivot = seq_len(p)))
  expect_identical(unname(found$qr$qr), unname(direct$qr))
  expect_identical(found$qr$qraux, direct$qraux)
  expect_identical(unname(found$effects), unname(direct$effects))
  triangle <- direct$qr[seq_len(p), , drop = FALSE]
  expect_identical(unname(found$R), unname(replace(triangle, lower.tri(triangle), 0)))
}

test_that("numbers made when they are read are those of the decomposition, for anybody", {
  x <- cbind(one = 1, temp = oring$temp, flight = oring$flight %% 5)
  weights <- as.numeric(oring$flight != 3)
  for (columns in list(1, 1:2, 1:3)) {
    part <- x[, columns, drop = FALSE]
    for (names in c(TRUE, FALSE)) {
      design <- if (names) part else unname(part)
      rownames(design) <- if (names) paste0("r", seq_len(nrow(design)))
      fit <- fastlogit_fit(design, oring$fail, weights, family = binomial())
      theirs <- glm.fit(design, oring$fail, weights, family = binomial())
      expect_identical(names(fit)[1:20], names(theirs)[1:20])
      for (name in c("effects", "R")) {
        expect_identical(attributes(fit[[name]]), attributes(theirs[[name]]), info = name)
      }
      expect_identical(attributes(fit$qr$qr), attributes(theirs$qr$qr))
      expect_identical(attributes(fit$qr), attributes(theirs$qr))
      expect_decomposed(fit, part, fit)
    }
  }
  # Written and read, stripped of the class, copied and changed before anybody has read them.
  fit <- function() fastlogit(fail ~ temp, data = oring)
  restored <- unserialize(serialize(fit(), NULL))
  expect_identical(restored$qr, fit()$qr)
  expect_decomposed(unclass(restored), model.matrix(fit()), fit())
  plain <- fit()
  class(plain) <- c("glm", "lm")
  expect_equal(hatvalues(plain), hatvalues(fit()))
  expect_equal(qr.X(plain$qr), qr.X(fit()$qr))
  changed <- fit()
  changed$qr$qr[1, 1] <- 7
  expect_equal(changed$qr$qr[[1, 1]], 7)
  expect_equal(changed$qr$qr[-1], fit()$qr$qr[-1])
  expect_decomposed(changed <- fit(), model.matrix(changed), changed)
})

test_that("where rank or range are not certain beforehand the decomposition says what they are", {
  d <- transform(oring, twice = 2 * temp, near = temp + 1e-9 * flight)
  for (formula in list(fail ~ temp + twice, fail ~ temp + near)) {
    fit <- fastlogit(formula, data = d)
    expect_identical(fit$qr$rank, glm(formula, binomial, d, epsilon = 1e-14)$qr$rank)
    expect_equal(fit$qr, without_decomposition(fit)$qr)
  }
  ridge <- fastlogit(fail ~ temp + twice, data = d, penalty = penalty_ridge(1))
  expect_identical(ridge$qr$rank, 2L)
  separated <- suppressWarnings(fastlogit(fail ~ I(temp < 66) + I(temp >= 66 & fail > 0), data = d))
  expect_equal(separated$qr, without_decomposition(separated)$qr)
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
