# Against nnet::multinom() and VGAM::vglm(), which stop where their own arithmetic lets them.

for (package in c("MASS", "nnet")) skip_if_not_installed(package)

for (set in multinomial_data()) {
  test_that(paste("estimates are those of multinom() and vglm():", set$name), {
    fit <- expect_no_warning_from(fit_classes_of(set, fastmultinom))
    expect_true(fit$converged)
    reference <- fit_multinom(set)
    expect_equal(coef(fit), coef(reference), tolerance = 1e-6)
    expect_equal(vcov(fit), vcov(reference), tolerance = 1e-5)
    expect_equal(deviance(fit), deviance(reference), tolerance = 1e-10)
    skip_if_not_installed("VGAM")
    reference <- estimates_of_vglm(set, length(fit$lab))
    expect_equal(by_class(coef(fit)), reference$coefficients, tolerance = 1e-8)
    expect_equal(unname(vcov(fit)), reference$vcov, tolerance = 1e-6)
  })
}

test_that("the score of every data set is zero at the estimate", {
  for (set in multinomial_data()) {
    fit <- fit_classes_of(set, fastmultinom)
    x <- model.matrix(fit$terms, fit$model, fit$contrasts)
    score <- crossprod(x, fit$weights[, 1] * fit$residuals[, -1])
    standardised <- as.vector(score) / sqrt(diag(fit$Hessian))
    expect_lt(max(abs(standardised)), 1e-10, label = set$name)
  }
})

test_that("three irises are separated: the fit ends cleanly, and says so", {
  expect_warning(
    fit <- fastmultinom(Species ~ ., data = iris),
    class = "fastlogit_separation"
  )
  expect_false(fit$converged)
  expect_identical(fit$status, "diverging")
  expect_true(all(is.finite(coef(fit))))
  expect_true(all(diff(fit$history$logLik) >= 0))
  # versicolor and virginica alone are not, and theirs is the limit of the likelihood.
  two <- fastlogit(Species ~ ., data = droplevels(iris[51:150, ]))
  expect_equal(deviance(fit), deviance(two), tolerance = 1e-6)
  expect_equal(
    coef(relevel(fit, "versicolor"))["virginica", ], coef(two),
    tolerance = 1e-3
  )
  expect_identical(
    as.character(iris$Species)[1:50], levels(iris$Species)[max.col(fit$fitted.values)][1:50]
  )
})

test_that("two classes have fastlogit()'s numbers", {
  birthwt <- transform(MASS::birthwt, race = factor(race))
  formula <- low ~ age + lwt + race + smoke
  for (method in c("newton", "fisher", "gradient")) {
    fit <- fastmultinom(formula, data = birthwt, method = method)
    binary <- fastlogit(formula, data = birthwt, method = method)
    tolerance <- if (method == "gradient") 1e-7 else 1e-12
    expect_equal(coef(fit), coef(binary), tolerance = tolerance)
    expect_equal(vcov(fit), vcov(binary), tolerance = tolerance)
    expect_equal(deviance(fit), deviance(binary), tolerance = 1e-12)
    expect_equal(fit$fitted.values[, 1], fitted(binary), tolerance = tolerance)
  }
  weighted <- alist(weights = Freq)
  set <- list(
    formula = Survived ~ Class + Sex, data = as.data.frame(Titanic), arguments = weighted
  )
  expect_equal(
    coef(fit_classes_of(set, fastmultinom)), coef(fit_classes_of(set, fastlogit)),
    tolerance = 1e-12
  )
})

test_that("newton and fisher coincide, and gradient reaches the same likelihood", {
  for (set in multinomial_data()[c("housing", "pbc", "cars")]) {
    newton <- fit_classes_of(set, fastmultinom)
    fisher <- fit_classes_of(set, fastmultinom, method = "fisher")
    expect_identical(newton$history, fisher$history)
    expect_identical(coef(newton), coef(fisher))
    gradient <- fit_classes_of(set, fastmultinom, method = "gradient")
    expect_true(gradient$converged)
    expect_equal(gradient$deviance, newton$deviance, tolerance = 1e-8)
    expect_equal(coef(gradient), coef(newton), tolerance = 1e-5)
    expect_gt(gradient$iter, newton$iter)
  }
})

test_that("the history is that of the iterations", {
  for (set in multinomial_data()) {
    fit <- fit_classes_of(set, fastmultinom)
    expect_identical(
      names(fit$history), c("iteration", "logLik", "deviance", "step", "halvings", "decrement")
    )
    expect_identical(nrow(fit$history), fit$iter)
    rounding <- 1e-14 * abs(fit$deviance)
    expect_true(all(diff(fit$history$logLik) >= -rounding), label = set$name)
    expect_equal(tail(fit$history$deviance, 1), fit$deviance, tolerance = 1e-13)
  }
})

test_that("a start is used, whatever its shape", {
  set <- multinomial_data()$housing
  fit <- fit_classes_of(set, fastmultinom)
  warm <- fit_classes_of(set, fastmultinom, start = coef(fit))
  expect_lte(warm$iter, 2)
  expect_equal(coef(warm), coef(fit), tolerance = 1e-12)
  vector <- fit_classes_of(set, fastmultinom, start = by_class(coef(fit)))
  expect_identical(vector$history, warm$history)
  far <- fit_classes_of(set, fastmultinom, start = coef(fit) + 5)
  expect_equal(coef(far), coef(fit), tolerance = 1e-10)
  expect_gt(sum(far$history$halvings) + far$iter, fit$iter)
})

test_that("the number of threads changes nothing", {
  d <- simulate_classes(20000, 4)
  one <- fastmultinom(y ~ x1 + x2 + g, data = d, threads = 1)
  two <- fastmultinom(y ~ x1 + x2 + g, data = d, threads = 2)
  expect_identical(two$threads, 2L)
  expect_identical(one$coefficients, two$coefficients)
  expect_identical(one$Hessian, two$Hessian)
  expect_identical(one$history, two$history)
})

test_that("aliased columns are NA for all classes, as lm()'s", {
  d <- transform(simulate_classes(200), twice = 2 * x1 - 1, y_num = seq_len(200))
  fit <- fastmultinom(y ~ x1 + twice + g + x2 + I(x1 + x2), data = d)
  linear <- lm(y_num ~ x1 + twice + g + x2 + I(x1 + x2), data = d)
  for (class in rownames(coef(fit))) {
    expect_identical(is.na(coef(fit)[class, ]), is.na(coef(linear)))
  }
  plain <- fastmultinom(y ~ x1 + g + x2, data = d)
  expect_equal(coef(fit, complete = FALSE), coef(plain), tolerance = 1e-10)
  expect_equal(vcov(fit, complete = FALSE), vcov(plain), tolerance = 1e-10)
  expect_identical(dim(vcov(fit)), c(14L, 14L))
  expect_identical(sum(is.na(diag(vcov(fit)))), 4L)
  expect_identical(fit$edf, plain$edf)
  expect_equal(fit$deviance, plain$deviance, tolerance = 1e-12)
  expect_equal(fit$fitted.values, plain$fitted.values, tolerance = 1e-10)
  # A second intercept, as for a factor in every one of its levels.
  everything <- fastmultinom(y ~ I(g == "u") + I(g == "v") + I(g == "w"), data = d)
  expect_true(all(is.na(coef(everything)[, 4])))
})

test_that("a fit that may not go on says so", {
  expect_warning(
    fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq, maxit = 1),
    class = "fastlogit_not_converged"
  )
  expect_false(fit$converged)
  expect_identical(fit$iter, 1L)
})

test_that("an intercept alone fits the proportions, and no intercept is fine", {
  fit <- fastmultinom(Species ~ 1, data = iris[1:120, ])
  expect_equal(unname(fit$fitted.values[1, ]), c(50, 50, 20) / 120, tolerance = 1e-12)
  expect_equal(coef(fit)[, 1], c(versicolor = 0, virginica = log(20 / 50)), tolerance = 1e-12)
  d <- simulate_classes(300)
  without <- fastmultinom(y ~ 0 + x1 + x2, data = d)
  reference <- fit_multinom(list(formula = y ~ 0 + x1 + x2, data = d))
  expect_equal(coef(without), coef(reference), tolerance = 1e-6)
})

test_that("arguments of multinom() and nnet() are taken, or their place here is named", {
  d <- simulate_classes(90)
  plain <- fastmultinom(y ~ x1, data = d)
  fit <- fastmultinom(
    y ~ x1, data = d, Hess = TRUE, MaxNWts = 1e5, reltol = 1e-12, abstol = 1e-6, summ = 2,
    censored = FALSE, rang = 0.1, trace = FALSE, maxit = 200
  )
  expect_identical(coef(fit), coef(plain))
  expect_refusals(alist(
    "decay" = fastmultinom(y ~ x1, data = d, decay = 0.1),
    "Wts" = fastmultinom(y ~ x1, data = d, Wts = 1:9),
    "censored" = fastmultinom(y ~ x1, data = d, censored = TRUE),
    "a continuous response" = fastmultinom(x1 ~ y, data = d)
  ))
})
