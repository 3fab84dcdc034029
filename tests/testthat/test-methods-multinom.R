for (package in c("MASS", "nnet")) skip_if_not_installed(package)

housing_fit <- function(...) {
  without_order(fastmultinom(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq, ...))
}

test_that("coefficients and covariances have multinom()'s names", {
  fit <- housing_fit()
  expect_identical(dim(coef(fit)), c(2L, 7L))
  expect_identical(rownames(coef(fit)), c("Medium", "High"))
  expect_identical(
    rownames(vcov(fit)), paste(rep(rownames(coef(fit)), each = 7), colnames(coef(fit)), sep = ":")
  )
  expect_identical(rownames(vcov(fit)), colnames(vcov(fit)))
  expect_equal(vcov(fit), solve(fit$Hessian), tolerance = 1e-10)
  two <- fastmultinom(Origin ~ Price, data = MASS::Cars93)
  expect_identical(names(coef(two)), c("(Intercept)", "Price"))
  expect_identical(rownames(vcov(two)), c("(Intercept)", "Price"))
})

# Newton with a pseudo-inverse on K coefficient vectors.
test_that("the softmax form is what the over-parametrised model reaches from zero", {
  for (set in multinomial_data()[c("hair", "infert", "cars", "pbc")]) {
    fit <- fit_classes_of(set, fastmultinom)
    x <- model.matrix(fit$terms, fit$model, fit$contrasts)
    observed <- fit$fitted.values + fit$residuals
    reference <- reference_softmax(x, observed, fit$weights[, 1])
    softmax <- coef(fit, type = "softmax")
    expect_equal(softmax, reference$coefficients, tolerance = 1e-8, ignore_attr = TRUE)
    expect_equal(colSums(softmax), 0 * softmax[1, ], tolerance = 1e-12)
    covariance <- vcov(fit, type = "softmax")
    expect_equal(covariance, reference$vcov, tolerance = 1e-7, ignore_attr = TRUE)
    expect_identical(dimnames(softmax), list(fit$lab, colnames(coef(fit))))
    expect_identical(
      rownames(covariance), paste(rep(fit$lab, each = ncol(x)), colnames(x), sep = ":")
    )
  }
})

test_that("the softmax form does not depend on the baseline", {
  fit <- housing_fit()
  for (class in fit$lab) {
    other <- housing_fit(reference = class)
    expect_equal(
      coef(other, type = "softmax")[fit$lab, ], coef(fit, type = "softmax"),
      tolerance = 1e-10
    )
    names <- rownames(vcov(fit, type = "softmax"))
    expect_equal(
      vcov(other, type = "softmax")[names, names], vcov(fit, type = "softmax"),
      tolerance = 1e-10
    )
  }
  # Differences to the baseline are the coefficients themselves.
  softmax <- coef(fit, type = "softmax")
  expect_equal(softmax[-1, ] - softmax[rep(1, 2), ], coef(fit), tolerance = 1e-14)
})

test_that("two classes have a softmax form of one half", {
  fit <- fastmultinom(Origin ~ Price, data = MASS::Cars93)
  softmax <- coef(fit, type = "softmax")
  expect_equal(softmax["non-USA", ], coef(fit) / 2)
  expect_equal(softmax["USA", ], -coef(fit) / 2)
  expect_equal(
    vcov(fit, type = "softmax")[3:4, 3:4], vcov(fit) / 4,
    ignore_attr = TRUE
  )
})

test_that("aliased coefficients stay NA in every form", {
  d <- transform(simulate_classes(100), twice = 2 * x1)
  fit <- fastmultinom(y ~ x1 + twice + x2, data = d)
  plain <- fastmultinom(y ~ x1 + x2, data = d)
  for (type in c("baseline", "softmax")) {
    expect_true(all(is.na(coef(fit, type = type)[, "twice"])))
    expect_equal(
      coef(fit, type = type, complete = FALSE), coef(plain, type = type),
      tolerance = 1e-10
    )
    expect_equal(
      vcov(fit, type = type, complete = FALSE), vcov(plain, type = type),
      tolerance = 1e-10
    )
    expect_identical(sum(is.na(diag(vcov(fit, type = type)))), nrow(coef(fit, type = type)))
  }
})

test_that("a fit is rebased without a refit", {
  for (set in multinomial_data()[c("housing", "hair", "pbc", "survey")]) {
    fit <- fit_classes_of(set, fastmultinom)
    for (class in fit$lab) {
      rebased <- relevel(fit, class)
      refitted <- fit_classes_of(set, fastmultinom, reference = class)
      for (name in setdiff(names(refitted), c("call", "history", "iter", "cholesky"))) {
        expect_equal(rebased[[name]], refitted[[name]], tolerance = 1e-8, label = name)
      }
      expect_equal(vcov(rebased), vcov(refitted), tolerance = 1e-8)
      expect_equal(
        crossprod(rebased$cholesky$observed), crossprod(refitted$cholesky$observed),
        tolerance = 1e-8
      )
      expect_identical(rebased$call$reference, class)
    }
    there_and_back <- relevel(relevel(fit, fit$lab[2]), fit$lab[1])
    expect_equal(coef(there_and_back), coef(fit), tolerance = 1e-13)
  }
})

test_that("rebasing works with offsets, aliased columns and two classes", {
  d <- transform(simulate_classes(150), twice = 2 * x1, o2 = x2 / 2)
  offsets <- cbind(0, d$x2, -d$o2)
  fit <- fastmultinom(y ~ x1 + twice + g, data = d, offset = offsets)
  rebased <- relevel(fit, "c")
  refitted <- fastmultinom(
    y ~ x1 + twice + g,
    data = d, offset = offsets, reference = "c"
  )
  for (name in c("coefficients", "linear.predictors", "fitted.values", "wts")) {
    expect_equal(rebased[[name]], refitted[[name]], tolerance = 1e-8, label = name)
  }
  expect_equal(rebased$offset, refitted$offset, tolerance = 1e-14, ignore_attr = TRUE)
  expect_equal(vcov(rebased), vcov(refitted), tolerance = 1e-8)
  two <- fastmultinom(Origin ~ Price, data = MASS::Cars93)
  other <- relevel(two, "non-USA")
  expect_equal(coef(other), -coef(two))
  expect_equal(vcov(other), vcov(two))
  expect_equal(unname(other$fitted.values), 1 - unname(two$fitted.values))
  expect_identical(other$lev, c("non-USA", "USA"))
})

test_that("relevel() tells what it does not know", {
  expect_error(relevel(housing_fit(), "Low", 2), class = "fastlogit_input_error")
  expect_snapshot(error = TRUE, relevel(housing_fit(), "Lowest"))
  expect_snapshot(error = TRUE, coef(housing_fit(), type = "logit"))
  expect_snapshot(error = TRUE, vcov(housing_fit(), type = "sandwich"))
})

test_that("the summary has z tests, and multinom()'s components", {
  set <- multinomial_data()$housing
  fit <- fit_classes_of(set, fastmultinom)
  found <- summary(fit)
  reference <- summary(fit_multinom(set), Wald.ratios = TRUE)
  for (name in c("coefficients", "standard.errors", "Wald.ratios", "deviance", "AIC", "edf")) {
    expect_equal(found[[name]], reference[[name]], tolerance = 1e-5, label = name)
  }
  expect_named(found$tables, c("Medium", "High"))
  table <- found$tables$High
  expect_identical(colnames(table), c("Estimate", "Std. Error", "z value", "Pr(>|z|)"))
  expect_equal(table[, 4], 2 * pnorm(-abs(coef(fit)["High", ] / found$standard.errors["High", ])))
  correlation <- summary(fit, correlation = TRUE)$correlation
  expect_equal(correlation, cov2cor(vcov(fit)))
  two <- summary(fastmultinom(Origin ~ Price, data = MASS::Cars93))
  expect_named(two$standard.errors, c("(Intercept)", "Price"))
})

test_that("fits and summaries print", {
  fit <- housing_fit()
  expect_snapshot(fit, transform = without_decrement)
  expect_snapshot(summary(fit), transform = without_decrement)
  two <- fastmultinom(Origin ~ Price + I(2 * Price), data = MASS::Cars93)
  expect_snapshot(two, transform = without_decrement)
  expect_snapshot(summary(two), transform = without_decrement)
})

test_that("types mean the same for two classes and for many", {
  fits <- list(
    two = fastlogit(low ~ lwt + smoke, data = MASS::birthwt),
    many = fastmultinom(factor(race) ~ lwt + smoke, data = MASS::birthwt)
  )
  new <- MASS::birthwt[c(3, 70), ]
  for (fit in fits) {
    for (rows in list(NULL, new)) {
      expect_identical(predict(fit, rows, "probs"), predict(fit, rows, "response"))
      for (type in c("class", "link", "probs", "response")) {
        expect_silent(predict(fit, rows, type = type))
      }
    }
    for (type in c("probs", "response")) {
      uncertain <- predict(fit, new, type = type, se.fit = TRUE)
      expect_identical(uncertain$fit, predict(fit, new, "probs"))
    }
    expect_equal(vcov(fit, type = "observed"), vcov(fit), tolerance = 1e-10)
    expect_identical(vcov(fit, type = "expected"), vcov(fit))
    expect_false(isTRUE(all.equal(vcov(fit, type = "robust"), vcov(fit))))
  }
})
