# Methods of fits of matched sets.

test_that("robust variances are those of the sets' scores, and clusters are of whole sets", {
  fit <- fit_of_infert()
  x <- model.matrix(fit)
  scores <- rowsum(x * residuals(fit), infert$stratum)
  expected <- vcov(fit) %*% crossprod(scores) %*% vcov(fit)
  expect_equal(vcov(fit, type = "robust"), expected, tolerance = 1e-10)
  expect_equal(vcov(fit, type = "HC1"), expected * 83 / 81, tolerance = 1e-10)
  expect_equal(vcov(fit, type = "stata"), expected * 83 / 82, tolerance = 1e-10)
  expect_equal(vcov(fit, cluster = ~stratum), expected * 83 / 82, tolerance = 1e-10)
  by_school <- rowsum(x * residuals(fit), infert$education)
  clustered <- vcov(fit) %*% crossprod(by_school) %*% vcov(fit) * 3 / 2
  expect_equal(vcov(fit, cluster = infert$education), clustered, tolerance = 1e-10)
  expect_equal(summary(fit, vcov = ~education)$coefficients[, 3], sqrt(diag(clustered)))
  says <- function(expr, text) expect_error(expr, text, class = "fastlogit_input_error")
  says(vcov(fit, cluster = ~case), "clusters are of whole sets: `case` differs within the set of")
  says(vcov(fit, type = "HC3"), "is for two classes: for sets use")
  says(vcov(fit, type = "HC9"), "must be one of")
  skip_if_not_installed("sandwich")
  expect_equal(sandwich::vcovCL(fit, cluster = infert$stratum, type = "HC0"),
    vcov(fit, cluster = ~stratum), tolerance = 1e-8)
})

test_that("profile intervals and likelihood-ratio tests come from the conditional likelihood", {
  fit <- fit_of_infert()
  ends <- confint(fit)
  for (j in 1:2) {
    for (end in ends[j, ]) {
      held <- fastclogit(
        stats::reformulate(c(c("spontaneous", "induced")[-j], "strata(stratum)"), "case"),
        data = infert, offset = end * infert[[c("spontaneous", "induced")[j]]]
      )
      expect_equal(2 * (fit$loglik[2] - held$loglik[2]), qchisq(0.95, 1), tolerance = 1e-6)
    }
  }
  tests <- lr_test(fit)
  expect_equal(tests[["LRT"]], drop1(fit, test = "LRT")$LRT[-1], tolerance = 1e-8)
  wald <- wald_test(fit)
  expect_equal(wald$Wald, unname((coef(fit)^2 / diag(vcov(fit)))), tolerance = 1e-12)
  ratios <- odds_ratios(fit)
  expect_equal(ratios$estimate, unname(exp(coef(fit))))
  expect_equal(ratios$conf.low, unname(exp(ends[, 1])))
  expect_equal(ratios$p.value, tests[["Pr(>Chi)"]])
})

test_that("Firth's penalty is half the log-determinant of the information", {
  for (seed in 1:6) {
    rows <- random_matched_sets(14, 2, most = 7L, seed = 300 + seed)
    d <- data.frame(y = rows$y, set = rows$set, rows$x)
    fit <- fastclogit(y ~ X1 + X2 + strata(set), data = d, penalty = "firth")
    penalised <- function(beta) {
      at <- enumerated_moments(rows, beta)
      at$loglik + as.numeric(determinant(at$information)$modulus) / 2
    }
    expect_equal(fit$penalised_loglik, penalised(coef(fit)), tolerance = 1e-9)
    for (j in 1:2) {
      step <- replace(numeric(2), j, 1e-4)
      slope <- (penalised(coef(fit) + step) - penalised(coef(fit) - step)) / 2e-4
      expect_lt(abs(slope), 1e-6)
    }
  }
  # Of pairs it is that of the logit model of differences, median bias reduction as well.
  pairs <- with_seed(4, data.frame(set = rep(1:30, each = 2), x = rnorm(60), y = rep(1:0, 30)))
  d <- pairs$x[pairs$y == 1] - pairs$x[pairs$y == 0]
  for (penalty in c("firth", "median", "jeffreys")) {
    fit <- fastclogit(y ~ x + strata(set), data = pairs, penalty = penalty)
    expect_equal(
      unname(coef(fit)), unname(coef(fastlogit(rep(1, 30) ~ 0 + d, penalty = penalty))),
      tolerance = 1e-9
    )
  }
})

test_that("median bias reduction solves its equation for sets with several cases", {
  rows <- random_matched_sets(14, 1, most = 7L, seed = 310)
  d <- data.frame(y = rows$y, set = rows$set, x = rows$x[, 1])
  fit <- fastclogit(y ~ x + strata(set), data = d, penalty = "median")
  at <- enumerated_moments(rows, coef(fit))
  info <- function(b) enumerated_moments(rows, b)$information[1]
  third <- (info(coef(fit) + 1e-4) - info(coef(fit) - 1e-4)) / 2e-4
  # One parameter of an exponential family: U + kappa_3 / (6 kappa_2) = 0.
  expect_equal(at$score + third / (6 * at$information[1]), 0, tolerance = 1e-6)
})

test_that("what is of single rows says that it is not for sets", {
  fit <- fit_of_infert()
  expect_error(gof_test(fit), "no groups of a size", class = "fastlogit_input_error")
  expect_error(average_effects(fit, "spontaneous", by = 1), class = "fastlogit_input_error")
  expect_true(all(hauck_donner(fit) > 0))
  expect_equal(separation(fit)$kind, "none")
})

test_that("step() goes as far as refits would", {
  d <- transform(infert, noise = with_seed(1, rnorm(248)))
  fit <- fastclogit(case ~ spontaneous + induced + noise + strata(stratum), data = d)
  kept <- step(fit, trace = 0)
  expect_equal(names(coef(kept)), c("spontaneous", "induced"))
})

test_that("printed output", {
  d <- rbind(infert, transform(infert[1:3, ], stratum = 100:102))
  fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = d,
    control = fastlogit_control(threads = 1))
  expect_snapshot(print(fit), transform = without_decrement)
  expect_snapshot(print(summary(fit, vcov = "robust")), transform = without_decrement)
  expect_snapshot(anova(fit))
})
