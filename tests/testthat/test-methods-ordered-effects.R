# A fit at other coefficients, for numerical derivatives.
ordered_at <- function(fit, theta) {
  slopes <- seq_along(fit$coefficients)
  fit$coefficients[] <- theta[slopes]
  fit$zeta[] <- theta[-slopes]
  fit
}

# The estimate and the standard errors of a function of a fit, by finite differences.
by_differences <- function(fit, f) {
  theta <- c(fit$coefficients, fit$zeta)
  jacobian <- vapply(seq_along(theta), function(j) {
    step <- replace(numeric(length(theta)), j, 1e-5)
    (f(ordered_at(fit, theta + step)) - f(ordered_at(fit, theta - step))) / 2e-5
  }, f(fit))
  variances <- rowSums((jacobian %*% vcov(fit)) * jacobian)
  list(estimate = f(fit), std.error = sqrt(variances))
}

effects_data <- function() {
  set.seed(1)
  n <- 90L
  data <- data.frame(
    x = rnorm(n), g = factor(rep(c("a", "b", "c"), n / 3)), w = runif(n, 0.5, 2), o = rnorm(n),
    id = rep(1:9, n / 9)
  )
  data$y <- cut(data$x / 2 + (data$g == "b") + rlogis(n), c(-Inf, -1, 0, 1, Inf))
  data
}

expect_averages <- function(fit, data) {
  means <- function(fit, data) {
    colSums(fit$weights * predict(fit, data, type = "probs")) / sum(fit$weights)
  }
  expect_like <- function(table, f, tolerance) {
    found <- by_differences(fit, f)
    expect_equal(table$estimate, unname(found$estimate), tolerance = tolerance)
    expect_equal(table$std.error, unname(found$std.error), tolerance = tolerance)
  }
  with_x <- function(fit, x) means(fit, replace(data, "x", list(x)))
  with_g <- function(fit, g) means(fit, replace(data, "g", list(factor(g, levels(data$g)))))
  effects <- average_effects(fit, c("x", "g"))
  slope <- function(fit) (with_x(fit, data$x + 1e-4) - with_x(fit, data$x - 1e-4)) / 2e-4
  expect_like(effects[effects$term == "x", ], slope, 1e-5)
  compared <- effects[effects$contrast == "c - a", ]
  expect_like(compared, function(fit) with_g(fit, "c") - with_g(fit, "a"), 1e-8)
  ratios <- average_effects(fit, "x", comparison = "ratio")
  expect_like(ratios, function(fit) with_x(fit, data$x + 1) / means(fit, data), 1e-8)
  set <- average_predictions(fit, list(x = c(0, 1)))
  expect_like(set, function(fit) c(with_x(fit, 0), with_x(fit, 1)), 1e-8)
  expect_identical(effects$class, rep(fit$lev, 3L))
}

test_that("average effects are those of predictions, with errors by the delta method", {
  data <- effects_data()
  for (steps in ordered_steps) {
    for (link in c("logit", "cloglog", "cauchit")) {
      expect_averages(fastordinal(y ~ x + g, data, family = steps, link = link), data)
    }
  }
})

test_that("average effects follow weights, offsets, functions of variables and terms that vary", {
  data <- effects_data()
  offset <- y ~ exp(x) * g + offset(o / 2 + x)
  expect_averages(fastordinal(offset, data, weights = w, link = "probit"), data)
  for (steps in c("continuation", "adjacent")) {
    varying <- fastordinal(offset, data, weights = w, family = steps, parallel = ~ g)
    expect_averages(varying, data)
  }
  partial <- fastordinal(y ~ g + poly(x, 2), data, weights = w, parallel = ~ poly(x, 2))
  expect_averages(partial, data)
  expect_averages(fastordinal(y ~ x + g, data, penalty = "firth"), data)
  # The cut-points are the intercept, asked for or not.
  own <- fastordinal(y ~ x + g, data)
  without <- suppressWarnings(average_effects(fastordinal(y ~ x + g - 1, data)))
  expect_equal(without$estimate, average_effects(own)$estimate, tolerance = 1e-9)
  expect_equal(without$std.error, average_effects(own)$std.error, tolerance = 1e-9)
})

test_that("average effects take any covariance, groups, new rows, and rows from files", {
  data <- effects_data()
  fit <- fastordinal(y ~ x + g, data, weights = w)
  errors <- function(...) average_effects(fit, ...)$std.error
  expect_equal(errors(vcov = ~ id), errors(vcov = vcov(fit, cluster = ~ id)))
  expect_gt(max(abs(errors(vcov = "HC0") / errors() - 1)), 0.01)
  by_group <- average_predictions(fit, by = "g")
  here <- data$g == "b"
  expected <- colSums(data$w[here] * fitted(fit)[here, ]) / sum(data$w[here])
  expect_equal(by_group$estimate[by_group$g == "b"], unname(expected))
  once <- average_predictions(fit, newdata = data)
  expect_equal(once$estimate, unname(colMeans(predict(fit, data, type = "probs"))))
  chunks <- source_function(chunks_of(data, 30L))
  stored <- fastordinal(y ~ x + g, chunks, weights = w)
  expect_equal(average_effects(stored), average_effects(fit), tolerance = 1e-9)
  by_stored <- average_effects(stored, by = "g")
  expect_equal(by_stored, average_effects(fit, by = "g"), tolerance = 1e-9)
})

test_that("averages of very many classes are refused", {
  set.seed(1)
  data <- data.frame(x = rnorm(200), y = rnorm(200))
  fit <- fastordinal(y ~ x, data)
  expect_error(average_effects(fit), "200 classes", class = "fastlogit_input_error")
})
