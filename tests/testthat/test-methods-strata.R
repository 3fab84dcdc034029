# Methods of fits of matched sets.

fit_of_infert <- function(...) {
  fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert, ...)
}

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
  says(vcov(fit, type = "HC3"), "is for fits of two classes")
  says(vcov(fit, type = "HC9"), "must be one of")
  skip_if_not_installed("sandwich")
  expect_equal(sandwich::vcovCL(fit, cluster = infert$stratum, type = "HC0"),
    vcov(fit, cluster = ~stratum), tolerance = 1e-8)
})

test_that("tests of terms are those of refits", {
  d <- transform(infert, f = factor(parity))
  fit <- fastclogit(case ~ spontaneous * age + f + induced + strata(stratum), data = d)
  smaller <- function(change) update(fit, change)$loglik[2]
  table <- drop1(fit, test = "LRT")
  expect_equal(rownames(table), c("<none>", "f", "induced", "spontaneous:age"))
  expect_equal(
    table["induced", "LRT"], 2 * (fit$loglik[2] - smaller(. ~ . - induced)), tolerance = 1e-8
  )
  expect_equal(
    table["spontaneous:age", "LRT"], 2 * (fit$loglik[2] - smaller(. ~ . - spontaneous:age)),
    tolerance = 1e-8
  )
  sequence <- anova(fit)
  expect_equal(sequence[["loglik"]][c(1, 6)], fit$loglik, tolerance = 1e-12)
  one <- fastclogit(case ~ spontaneous + strata(stratum), data = d)
  expect_equal(sequence["spontaneous", "Chisq"], 2 * diff(one$loglik), tolerance = 1e-8)
  two <- anova(one, fit)
  expect_equal(two[2, "Chisq"], 2 * (fit$loglik[2] - one$loglik[2]), tolerance = 1e-10)
  expect_equal(two[2, "Df"], fit$rank - 1)
  expect_error(anova(fit, one, lm(case ~ age, infert)), "compares fits by fastclogit()")
  expect_error(drop1(fit_of_infert(penalty = "firth")), "use lr_test()")
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
    rows <- random_sets(14, 2, most = 7L, seed = 300 + seed)
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
  rows <- random_sets(14, 1, most = 7L, seed = 310)
  d <- data.frame(y = rows$y, set = rows$set, x = rows$x[, 1])
  fit <- fastclogit(y ~ x + strata(set), data = d, penalty = "median")
  at <- enumerated_moments(rows, coef(fit))
  info <- function(b) enumerated_moments(rows, b)$information[1]
  third <- (info(coef(fit) + 1e-4) - info(coef(fit) - 1e-4)) / 2e-4
  # One parameter of an exponential family: U + kappa_3 / (6 kappa_2) = 0.
  expect_equal(at$score + third / (6 * at$information[1]), 0, tolerance = 1e-6)
})

test_that("probabilities within sets and their errors are right", {
  fit <- fit_of_infert()
  chances <- predict(fit, type = "expected", se.fit = TRUE)
  e <- exp(model.matrix(fit) %*% coef(fit))
  expect_equal(
    unname(chances$fit), as.vector(e / ave(as.vector(e), infert$stratum, FUN = sum)),
    tolerance = 1e-12
  )
  expect_equal(unname(chances$fit), unname(fitted(fit)), tolerance = 1e-12)
  x <- model.matrix(fit)
  mean <- rowsum(x * chances$fit, infert$stratum)[as.character(infert$stratum), ]
  slope <- chances$fit * (x - mean)
  expect_equal(
    unname(chances$se.fit), unname(sqrt(rowSums((slope %*% vcov(fit)) * slope))), tolerance = 1e-6
  )
  new <- data.frame(stratum = c(1, 2, 1, 2), spontaneous = c(0, 1, 2, 1), induced = c(1, 0, 0, 1))
  found <- predict(fit, new, type = "expected")
  expect_equal(unname(found[1] + found[3]), 1)
  expect_equal(unname(found[1]), plogis(sum(coef(fit) * c(-2, 1))))
  # How many cases the sets have, where the response is there.
  two <- predict(fit, transform(new, case = c(1, 0, 1, 0)), type = "expected")
  expect_equal(unname(two), c(1, 0, 1, 0))
  expect_equal(
    unname(predict(fit, new[, -1], reference = "zero")), as.vector(as.matrix(new[, -1]) %*% coef(fit))
  )
  new$induced[2] <- NA
  expect_equal(unname(is.na(predict(fit, new, type = "expected"))), c(FALSE, TRUE, FALSE, FALSE))
  expect_error(predict(fit, new[, -2]), class = "fastlogit_input_error")
  expect_error(predict(fit, type = "probs"), "must be one of")
})

test_that("rows that na.action leaves out are padded as for others", {
  d <- infert
  d$induced[c(3, 7)] <- NA
  fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = d,
    na.action = na.exclude)
  expect_length(residuals(fit), nrow(d))
  expect_equal(which(is.na(residuals(fit))), c(3L, 7L), ignore_attr = TRUE)
  expect_length(predict(fit), nrow(d))
  expect_output(print(summary(fit)), "2 observations deleted due to missingness")
  expect_equal(coef(fit), coef(fastclogit(case ~ spontaneous + induced + strata(stratum), data = d)))
})

test_that("broom, car and emmeans answer as for a clogit", {
  fit <- fit_of_infert()
  for (package in c("broom", "car", "emmeans")) skip_if_not_installed(package)
  tidied <- broom::tidy(fit, conf.int = TRUE)
  expect_equal(tidied$estimate, unname(coef(fit)))
  expect_equal(tidied$conf.low, unname(confint(fit)[, 1]))
  expect_equal(broom::tidy(fit, exponentiate = TRUE)$estimate, unname(exp(coef(fit))))
  expect_equal(broom::glance(fit)$nevent, 83)
  augmented <- broom::augment(fit)
  expect_equal(augmented$.fitted + augmented$.resid, as.numeric(infert$case))
  expect_equal(car::Anova(fit)[["LR Chisq"]], drop1(fit, test = "LRT")$LRT[-1], tolerance = 1e-8)
  expect_equal(
    car::linearHypothesis(fit, "spontaneous = induced")$Chisq[2],
    unname(diff(coef(fit))^2 / sum(vcov(fit) * c(1, -1, -1, 1))), tolerance = 1e-10
  )
  d <- transform(infert, f = factor(induced))
  fit <- fastclogit(case ~ spontaneous + f + strata(stratum), data = d)
  pairs <- as.data.frame(pairs(emmeans::emmeans(fit, "f"), adjust = "none"))
  expect_equal(pairs$estimate[1:2], unname(-coef(fit)[2:3]), tolerance = 1e-12)
  expect_equal(pairs$SE[1:2], unname(sqrt(diag(vcov(fit)))[2:3]), tolerance = 1e-12)
})

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
  several <- with(random_sets(20, 1, seed = 3), data.frame(y, set, x))
  says(average_effects(fastclogit(y ~ x + strata(set), data = several)), "have to have one case")
})

test_that("printed output", {
  without_decrement <- function(lines) sub("decrement [^)]*", "...", lines)
  d <- rbind(infert, transform(infert[1:3, ], stratum = 100:102))
  fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = d,
    control = fastlogit_control(threads = 1))
  expect_snapshot(print(fit), transform = without_decrement)
  expect_snapshot(print(summary(fit, vcov = "robust")), transform = without_decrement)
  expect_snapshot(anova(fit))
})
