for (package in c("MASS", "nnet")) skip_if_not_installed(package)

# Components of multinom()'s object: `call` is told by its function.
expect_components <- function(fit, reference) {
  for (name in setdiff(names(reference), "call")) {
    expect_equal(
      fit[[name]], reference[[name]],
      tolerance = 1e-5, ignore_formula_env = TRUE, label = paste0("fit$", name)
    )
  }
}

test_that("all components of multinom() are there, and equal", {
  for (set in multinomial_data()) {
    fit <- fit_classes_of(set, fastmultinom)
    expect_components(fit, fit_multinom(set))
    expect_s3_class(fit, c("fastmultinom", "multinom", "nnet"), exact = TRUE)
  }
})

test_that("those of two classes are there, too", {
  set <- list(formula = low ~ I(age / 10) + I(lwt / 100) + smoke, data = MASS::birthwt)
  set$data$low <- factor(set$data$low, labels = c("no", "yes"))
  reference <- fit_multinom(set)
  fit <- fit_classes_of(set, fastmultinom)
  # A vector there, a matrix of one column here, as for more classes.
  expect_identical(as.vector(fit$weights), as.vector(reference$weights))
  reference$weights <- NULL
  expect_components(fit, reference)
})

test_that("subset, na.action, contrasts and aliased columns leave the same components", {
  set <- multinomial_data()$survey
  for (action in c("na.omit", "na.exclude")) {
    arguments <- list(na.action = as.name(action), subset = quote(Age < 30))
    set$arguments <- arguments
    expect_components(fit_classes_of(set, fastmultinom), fit_multinom(set))
  }
  set <- multinomial_data()$housing
  set$arguments$contrasts <- quote(list(Infl = "contr.sum", Type = "contr.helmert"))
  fit <- fit_classes_of(set, fastmultinom)
  expect_components(fit, fit_multinom(set))
  expect_identical(fit$contrasts$Infl, "contr.sum")
  # Levels that no row has left are dropped, as glm() does it, unlike multinom().
  no_towers <- set
  no_towers$data <- droplevels(set$data[set$data$Type != "Tower", ])
  no_towers$arguments <- list(weights = quote(Freq))
  set$arguments <- list(weights = quote(Freq), subset = quote(Type != "Tower"))
  fit <- fit_classes_of(set, fastmultinom)
  expect_false("Tower" %in% fit$xlevels$Type)
  expect_components(fit, fit_multinom(no_towers))
})

test_that("missing values stop where na.action says so", {
  expect_error(fastmultinom(Exer ~ Pulse, data = MASS::survey, na.action = na.fail), "missing")
})

test_that("rows have their names", {
  d <- simulate_classes(50)
  rownames(d) <- paste0("row", 1:50)
  fit <- fastmultinom(y ~ x1, data = d)
  for (name in c("fitted.values", "residuals", "linear.predictors", "weights")) {
    expect_identical(rownames(fit[[name]]), rownames(d), label = name)
  }
  expect_identical(colnames(fit$linear.predictors), c("b", "c"))
})

test_that("the linear predictors and the Hessian are those of the estimate", {
  for (set in multinomial_data()[c("hair", "survey", "bdf")]) {
    fit <- fit_classes_of(set, fastmultinom)
    x <- model.matrix(fit$terms, fit$model, fit$contrasts)
    expect_equal(
      fit$linear.predictors, x %*% t(coef(fit)),
      tolerance = 1e-12, ignore_attr = TRUE
    )
    p <- fit$fitted.values
    expect_equal(unname(rowSums(p)), rep(1, nrow(p)))
    expect_equal(log(p[, -1] / p[, 1]), fit$linear.predictors, tolerance = 1e-10)
    block <- crossprod(x, -fit$weights[, 1] * p[, 2] * p[, 3] * x)
    columns <- seq_len(ncol(x))
    expect_equal(
      fit$Hessian[columns, ncol(x) + columns], block,
      tolerance = 1e-10, ignore_attr = TRUE
    )
    expect_equal(crossprod(fit$cholesky$expected), unname(fit$Hessian), tolerance = 1e-12)
    expect_identical(
      rownames(fit$Hessian)[1:2], paste(rownames(coef(fit))[1], colnames(x)[1:2], sep = ":")
    )
  }
})

test_that("the order of rows, duplicates and units change nothing but themselves", {
  d <- simulate_classes(300, 4)
  fit <- fastmultinom(y ~ x1 + x2 + g, data = d)
  permuted <- fastmultinom(y ~ x1 + x2 + g, data = d[with_seed(1, sample(300)), ])
  expect_equal(coef(permuted), coef(fit), tolerance = 1e-10)
  expect_equal(permuted$fitted.values[rownames(d), ], fit$fitted.values, tolerance = 1e-10)
  times <- rep(1:3, 100)
  duplicated <- fastmultinom(y ~ x1 + x2 + g, data = d[rep(1:300, times), ])
  weighted <- fastmultinom(y ~ x1 + x2 + g, data = d, weights = times)
  expect_equal(coef(duplicated), coef(weighted), tolerance = 1e-10)
  expect_equal(vcov(duplicated), vcov(weighted), tolerance = 1e-10)
  expect_equal(duplicated$deviance, weighted$deviance, tolerance = 1e-12)
  for (unit in c(1e-120, 1e-6, 1e6, 1e120)) {
    scaled <- fastmultinom(y ~ x1 + x2 + g, data = transform(d, x1 = x1 * unit))
    rescaled <- coef(scaled)
    rescaled[, "x1"] <- rescaled[, "x1"] * unit
    expect_equal(rescaled, coef(fit), tolerance = 1e-10)
  }
  # Whatever the unit of the weights, the estimates are the same.
  small <- fastmultinom(y ~ x1 + x2 + g, data = d, weights = times * 1e-9)
  expect_equal(coef(small), coef(weighted), tolerance = 1e-10)
  expect_equal(small$deviance, weighted$deviance * 1e-9, tolerance = 1e-10)
})

test_that("the frame is kept unless it is not wanted, and the call can be evaluated again", {
  d <- simulate_classes(60)
  fit <- fastmultinom(y ~ x1, data = d, model = FALSE)
  expect_null(fit$model)
  expect_identical(coef(eval(fit$call)), coef(fit))
  expect_identical(names(fastmultinom(y ~ log(x1 + 10), data = d)$model), c("y", "log(x1 + 10)"))
})

test_that("bad arguments are input errors, as for two classes", {
  d <- simulate_classes(60)
  calls <- expression(
    fastmultinom(5, data = d),
    fastmultinom(y ~ x1, data = 5),
    fastmultinom(y ~ 0, data = d),
    fastmultinom(y ~ x1, data = d[0, ]),
    fastmultinom(y ~ x1, data = transform(d, x1 = replace(x1, 4, Inf))),
    fastmultinom(y ~ g, data = transform(d, g = factor("u"))),
    fastmultinom(y ~ x1, data = d, weights = -seq_len(60)),
    fastmultinom(y ~ x1, data = d, weights = numeric(60)),
    fastmultinom(y ~ x1, data = d, weights = rep("1", 60)),
    fastmultinom(y ~ x1, data = d, offset = rep(c(0, Inf), 30)),
    fastmultinom(y ~ x1, data = d, start = 1:3),
    fastmultinom(y ~ x1, data = d, start = "a"),
    fastmultinom(y ~ x1, data = d, method = "bfgs"),
    fastmultinom(y ~ x1, data = d, epsilon = -1),
    fastmultinom(y ~ x1, data = d, iterations = 3),
    fastmultinom(y ~ x1, data = d, control = 3)
  )
  for (call in calls) {
    expect_error(
      without_class_warning(eval(call)),
      class = "fastlogit_input_error", label = deparse1(call)
    )
  }
  expect_snapshot(for (call in calls) cat(message_of(eval(call)), "\n"))
})

test_that("a single coefficient has its name, as nnet's", {
  skip_if_not_installed("nnet")
  for (formula in list(am ~ 1, am ~ wt - 1)) {
    fit <- fastmultinom(formula, mtcars)
    other <- nnet::multinom(formula, mtcars, trace = FALSE, reltol = 1e-14)
    name <- names(coef(other))
    expect_equal(coef(fit), coef(other), tolerance = 1e-5)
    expect_equal(dimnames(vcov(fit)), list(name, name))
    expect_equal(dimnames(confint(fit)), dimnames(confint(other)))
    expect_equal(rownames(summary(fit)$tables[[1L]]), name)
    expect_identical(names(fit$separation), name)
  }
})
