# Ordered classes and what is made for fits of any model.

test_that("measures of prediction are those of the probabilities", {
  data <- ordered_data(200)
  for (steps in ordered_steps) {
    fit <- fastordinal(y ~ x + u, data, weights = w, family = steps, link = "probit")
    found <- metrics(fit)
    p <- fitted(fit)
    own <- p[cbind(1:200, as.integer(data$y))]
    expect_equal(found["log_loss", "estimate"], -sum(data$w * log(own)) / sum(data$w))
    expect_equal(found["log_loss", "estimate"], fit$deviance / 2 / sum(data$w))
    observed <- diag(4)[as.integer(data$y), ]
    brier <- sum(data$w * rowSums((observed - p)^2)) / sum(data$w)
    expect_equal(found["brier", "estimate"], brier)
    expect_equal(metrics(fit, newdata = data)$estimate, found$estimate)
  }
  words <- transform(data, y = as.character(y))
  expect_equal(metrics(fit, newdata = words)$estimate, found$estimate)
  expect_error(metrics(fit, transform(data, y = "other")), "\"other\"")
})

test_that("logarithms of probabilities are finite where these have rounded to 0", {
  eta <- rbind(c(-1, 0, 1), c(40, 41, 50), c(-60, -50, -40), c(200, 300, 800))
  for (steps in ordered_steps) {
    for (link in c("logit", "probit", "cloglog", "cauchit")) {
      moderate <- ordered_probabilities(eta[1L, , drop = FALSE], steps, link)
      for (class in 1:4) {
        found <- ordered_log_probability(eta[1L, , drop = FALSE], class, steps, link)
        expect_equal(found, log(moderate[class]))
      }
    }
    far <- ordered_log_probability(eta, rep(3L, 4L), steps, "logit")
    expect_true(all(is.finite(far)))
  }
  expect_equal(ordered_log_probability(eta, rep(4L, 4L), "cumulative", "logit")[4L], -800)
})

test_that("cross-validation predicts each fold by the fit of the others", {
  data <- ordered_data(120)
  fold <- rep(1:4, 30)
  fits <- list(
    fastordinal(y ~ x + u, data), fastordinal(y ~ x + u + offset(o), data, link = "cloglog"),
    fastordinal(y ~ x + u, data, weights = w, family = "continuation", parallel = ~ x)
  )
  for (fit in fits) {
    found <- attr(cross_validate(fit, folds = fold), "predictions")
    for (k in 1:4) {
      call <- fit$call
      call$data <- quote(data[fold != k, ])
      without <- eval(call)
      expected <- predict(without, data[fold == k, ], type = "probs")
      expect_equal(unname(found[fold == k, ]), unname(expected), tolerance = 1e-7)
    }
  }
})

test_that("the bootstrap's replicates are fits to the drawn rows", {
  data <- ordered_data(100)
  fit <- fastordinal(y ~ x + g, data, link = "probit", family = "adjacent")
  found <- bootstrap(fit, R = 3, seed = 5)
  set.seed(5)
  for (i in 1:3) {
    drawn <- data[sample.int(100, 100, TRUE), ]
    again <- fastordinal(y ~ x + g, drawn, link = "probit", family = "adjacent")
    expect_equal(found$replicates[i, ], all_estimates(again), tolerance = 1e-7)
  }
  for (type in c("percentile", "bca", "basic", "normal")) {
    bounds <- suppressWarnings(confint(found, type = type))
    expect_identical(rownames(bounds), names(all_estimates(fit)))
  }
  many <- bootstrap(fit, R = 200, seed = 1)
  ratio <- sqrt(diag(vcov(many)) / diag(vcov(fit)))
  expect_true(all(ratio > 0.7 & ratio < 1.5))
  expect_equal(summary(fit, vcov = many)$table[, 2L], sqrt(diag(vcov(many))))
  # Influences by the scores of the rows: without a row the estimate moves by about as much.
  unit <- scores_of_units(fit, many$units) %*% vcov(fit)
  left_out <- vapply(1:100, function(i) {
    all_estimates(fit) - all_estimates(fastordinal(
      y ~ x + g, data[-i, ], link = "probit", family = "adjacent"
    ))
  }, all_estimates(fit))
  expect_gt(cor(unit[, 1L], left_out[1L, ]), 0.95)
})

test_that("separated replicates have infinite estimates, in the object's order", {
  data <- data.frame(y = factor(c(1, 1, 2, 1, 2, 3, 2, 3)), x = 1:8)
  fit <- fastordinal(y ~ x, data)
  expect_false(is_separated(fit))
  found <- suppressWarnings(bootstrap(fit, R = 40, seed = 1))
  separated <- found$status == "separated"
  expect_true(any(separated))
  expect_true(any(is.infinite(found$replicates[separated, ])))
  expect_false(any(is.infinite(found$replicates[found$status == "converged", ])))
})

test_that("a fit without its rows predicts as before, and says what is gone", {
  data <- ordered_data(300)
  for (steps in c("cumulative", "continuation")) {
    fit <- fastordinal(y ~ x + g, data, weights = w, family = steps)
    small <- strip(fit)
    new <- data[1:5, ]
    expect_equal(predict(small, new, interval = "conf"), predict(fit, new, interval = "conf"))
    expect_equal(summary(small)$table, summary(fit)$table)
    expect_equal(
      average_effects(small, newdata = data), average_effects(fit, newdata = data)
    )
    expect_equal(metrics(small, newdata = data)$estimate, metrics(fit, newdata = data)$estimate)
    for (ask in list(fitted, predict, drop1, parallel_test, confint, bootstrap, plot)) {
      expect_error(ask(small), class = "fastlogit_stripped")
    }
    expect_error(small$lp, class = "fastlogit_stripped")
    expect_identical(class(small), class(fit))
    expect_output(print(small), "Cut-points")
  }
  more <- strip(update(fit, data = data[rep(1:300, 4), ]))
  expect_lt(abs(object.size(more) - object.size(small)), 2000)
})

test_that("pictures are of all classes", {
  fit <- fastordinal(y ~ x + g, ordered_data(150))
  drawn <- pictures_of_fit(fit, NULL, list(
    variables = NULL, bins = NULL, smooth = FALSE, level = 0.95, vcov = NULL, labels = 3L
  ))
  expect_named(drawn, c("calibration", "effects", "odds ratios", "convergence"))
  expect_length(drawn$calibration$panels, 4L)
  effects <- drawn$effects$data
  at <- effects[effects$variable == "g" & effects$level == "b", ]
  expect_equal(at$estimate, average_predictions(fit, list(g = "b"))$estimate)
  expect_identical(drawn[["odds ratios"]]$data$term, names(coef(fit)))
  expect_error(plot(fit, "roc"), "two classes", class = "fastlogit_input_error")
})

test_that("equal rows of a class are one, with the sum of their weights", {
  wine <- wine_counts()
  each <- wine[rep(seq_len(nrow(wine)), 60 * wine$count), ]
  each$o <- rep(0:1, length.out = nrow(each))
  for (steps in ordered_steps) {
    for (penalty in list("none", "firth")) {
      repeated <- fastordinal(
        rating ~ temp + contact + offset(o), each, family = steps, penalty = penalty
      )
      counted <- fastordinal(
        rating ~ temp + contact + offset(o), aggregate(n ~ ., transform(each, n = 1, count = NULL), sum),
        weights = n, family = steps, penalty = penalty
      )
      expect_equal(all_estimates(repeated), all_estimates(counted), tolerance = 1e-9)
      expect_equal(vcov(repeated), vcov(counted), tolerance = 1e-9)
      expect_equal(repeated$deviance, counted$deviance, tolerance = 1e-12)
      expect_length(repeated$lp, nrow(each))
      expect_equal(range(repeated$lp), range(counted$lp), tolerance = 1e-9)
    }
  }
})
