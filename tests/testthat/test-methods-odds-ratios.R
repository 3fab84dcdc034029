test_that("ratios are the exponentials of coefficients, and of their intervals", {
  skip_if_not_installed("MASS")
  d <- transform(MASS::birthwt, race = factor(race), few = rep_len(1:9, 189))
  for (fit in list(
    fastlogit(low ~ lwt + race, data = d),
    fastlogit(low ~ lwt + race, binomial("log"), data = d),
    fastlogit(low ~ lwt + race, binomial("cloglog"), data = d),
    fastlogit(low ~ lwt + race, quasibinomial(), data = d),
    fastlogit(low ~ lwt + race, data = d, penalty = "firth")
  )) {
    found <- odds_ratios(fit, level = 0.9)
    expect_equal(found$estimate, unname(exp(coef(fit))))
    expect_equal(cbind(found$conf.low, found$conf.high), unname(exp(confint(fit, level = 0.9))))
    expect_equal(found$p.value, lr_test(fit)[[ncol(lr_test(fit))]])
    expect_identical(found$term, names(coef(fit)))
    expect_identical(row.names(found), names(coef(fit)))
    wald <- odds_ratios(fit, vcov = ~few)
    expect_equal(
      cbind(wald$conf.low, wald$conf.high), unname(exp(confint(fit, vcov = ~few)))
    )
    expect_equal(wald$p.value, unname(summary(fit, vcov = ~few)$coefficients[, 4]))
  }
})

test_that("many classes have a row for each class and term", {
  skip_if_not_installed("MASS")
  fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
  for (method in c("profile", "wald")) {
    found <- odds_ratios(fit, method = method)
    expect_equal(found$estimate, as.vector(exp(t(coef(fit)))))
    expect_identical(row.names(found), rownames(vcov(fit)))
    bounds <- exp(confint(fit, method = method))
    expect_equal(found$conf.low, as.vector(bounds[, 1, ]))
    expect_equal(found$conf.high, as.vector(bounds[, 2, ]))
  }
  wald <- 2 * pnorm(-abs(as.vector(t(coef(fit))) / sqrt(diag(vcov(fit)))))
  expect_equal(found$p.value, unname(wald))
  # A likelihood ratio by two fits: the first class's slope held at zero, by a two-class model.
  two <- subset(MASS::housing, Sat != "Medium")
  two$Sat <- droplevels(two$Sat)
  ours <- odds_ratios(fastmultinom(Sat ~ Cont, data = two, weights = Freq))
  logit <- odds_ratios(fastlogit(Sat ~ Cont, data = two, weights = Freq))
  expect_equal(ours$p.value, logit$p.value, tolerance = 1e-8)
  expect_equal(ours$conf.low, logit$conf.low, tolerance = 1e-8)
})

test_that("under separation ratios and their ends are infinite or zero", {
  d <- data.frame(g = rep(0:1, each = 10), y = rep(c(0, 1, 1), c(4, 6, 10)))
  found <- odds_ratios(suppressWarnings(fastlogit(y ~ g, data = d)))
  expect_identical(found["g", "estimate"], Inf)
  expect_identical(found["g", "conf.high"], Inf)
  expect_gt(found["g", "conf.low"], 1)
  found <- odds_ratios(suppressWarnings(fastlogit(1 - y ~ g, data = d)))
  expect_identical(found["g", "estimate"], 0)
  expect_identical(found["g", "conf.low"], 0)
})

test_that("what is no ratio is refused, and what it prints and plots is a table still", {
  fit <- fastlogit(case ~ spontaneous + induced, data = infert)
  expect_refusals(alist(
    "a link whose exponentials mean nothing" =
      odds_ratios(fastlogit(case ~ induced, binomial("probit"), data = infert)),
    "profiles by another matrix" = odds_ratios(fit, vcov = "HC1", method = "profile"),
    "no fit" = odds_ratios(lm(case ~ induced, infert)),
    "a level" = odds_ratios(fit, level = 95)
  ))
  found <- odds_ratios(fit, vcov = ~stratum)
  expect_s3_class(found, "data.frame")
  expect_output(print(found), "clustered by stratum (CR1), 83 clusters", fixed = TRUE)
  expect_s3_class(found[2:3, ], "odds_ratios")
  expect_identical(class(found[, 2:3]), "data.frame")
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_identical(plot(found), found)
})
