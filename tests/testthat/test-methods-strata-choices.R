# Average effects and shares of choices.

test_that("effects and shares of choices are derivatives and means of the probabilities", {
  d <- with_seed(5, data.frame(
    trip = rep(1:80, each = 3), mode = rep(c("bus", "car", "rail"), 80), cost = runif(240, 1, 9)
  ))
  d$chosen <- unlist(lapply(1:80, function(i) {
    p <- exp(-0.4 * d$cost[d$trip == i] + c(0, 1, 0.5))
    with_seed(i, as.numeric(seq_len(3) == sample(3, 1, prob = p)))
  }))
  fit <- fastclogit(chosen ~ log(cost) + mode + strata(trip), data = d)
  shares <- average_predictions(fit, by = "mode")
  expect_equal(shares$estimate, as.vector(tapply(d$chosen, d$mode, mean)), tolerance = 1e-8)
  step <- 1e-5
  changed <- function(by) {
    moved <- d
    moved$cost[moved$mode == "car"] <- moved$cost[moved$mode == "car"] + by
    predict(fit, moved, type = "expected")
  }
  slope <- (changed(step) - changed(-step)) / (2 * step)
  effects <- average_effects(fit, "cost", by = "mode")
  of_car <- effects[effects$changed == "car", ]
  expect_equal(of_car$estimate, as.vector(tapply(slope, d$mode, mean)), tolerance = 1e-6)
  expect_equal(sum(of_car$estimate), 0, tolerance = 1e-10)
  elastic <- average_effects(fit, "cost", comparison = "elasticity", by = "mode")
  car <- rep(d$cost[d$mode == "car"], each = 3)
  expected <- tapply(slope * car / fitted(fit), d$mode, mean)
  expect_equal(elastic$estimate[elastic$changed == "car"], as.vector(expected), tolerance = 1e-6)
  both <- average_effects(fit, "cost")
  expect_equal(both$effect, c("own", "cross"))
  own <- effects$alternative == effects$changed
  expect_equal(both$estimate, c(mean(effects$estimate[own]), mean(effects$estimate[!own])))
  # Errors by the delta method.
  beta <- coef(fit)
  at <- function(j, by) {
    moved <- fit
    moved$coefficients[j] <- beta[j] + by
    average_effects(moved, "cost")$estimate
  }
  jacobian <- vapply(seq_along(beta), function(j) (at(j, 1e-4) - at(j, -1e-4)) / 2e-4, numeric(2))
  expect_equal(both$std.error, sqrt(rowSums((jacobian %*% vcov(fit)) * jacobian)), tolerance = 1e-5)
  expect_output(print(both), "Average slopes of probabilities of choices")
  says <- function(expr, text) expect_error(expr, text, class = "fastlogit_input_error")
  says(average_effects(fit, "mode"), "must name numbers in the model, `cost`")
  says(average_effects(fit, by = "trip"), "must differ within a set")
  says(average_predictions(fit), "`by` has to name the variable")
  several <- with(random_matched_sets(20, 1, seed = 3), data.frame(y, set, x))
  says(average_effects(fastclogit(y ~ x + strata(set), data = several)), "have to have one case")
})
