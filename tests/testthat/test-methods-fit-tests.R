# By the definition, one row for each outcome: what quantile() and cut() say of all of them.
hosmer_by_hand <- function(y, p, groups) {
  cut <- cut(p, unique(quantile(p, seq(0, 1, 1 / groups))), include.lowest = TRUE)
  cut <- droplevels(cut)
  observed <- cbind(tapply(1 - y, cut, sum), tapply(y, cut, sum))
  expected <- cbind(tapply(1 - p, cut, sum), tapply(p, cut, sum))
  c(sum((observed - expected)^2 / expected), nlevels(cut) - 2)
}

test_that("Hosmer and Lemeshow's test is that of ResourceSelection", {
  # Printed by ResourceSelection::hoslem.test(), version 0.3-6.
  found <- gof_test(fastlogit(low ~ age + lwt + race + smoke, data = births()))
  expect_equal(found["hosmer-lemeshow", "statistic"], 10.842200290, tolerance = 1e-9)
  expect_identical(found["hosmer-lemeshow", "df"], 8)
  expect_equal(found["hosmer-lemeshow", "p.value"], pchisq(10.842200290, 8, lower.tail = FALSE))
  expect_equal(gof_test(fastlogit(am ~ wt, data = mtcars))$statistic[1], 4.610134717,
    tolerance = 1e-9)
  # Few values of the fitted probabilities: ties stay together, and the degrees of freedom follow.
  fit <- fastlogit(case ~ spontaneous + induced, data = infert)
  found <- gof_test(fit, "hosmer-lemeshow")
  expect_equal(found$statistic, 4.42717007113, tolerance = 1e-10)
  expect_identical(found$df, 4)
  expect_output(print(found), "6 groups by quantiles of the 10 asked for", fixed = TRUE)
  for (groups in c(3, 5, 8, 20)) {
    found <- gof_test(fit, "hosmer-lemeshow", groups = groups)
    by_hand <- hosmer_by_hand(fit$y, fitted(fit), groups)
    expect_equal(c(found$statistic, found$df), by_hand)
  }
})

test_that("the groups are told", {
  d <- births()
  fit <- fastlogit(low ~ age + lwt, data = d)
  found <- gof_test(fit, "hosmer-lemeshow", groups = 7)
  table <- attr(found, "groups")
  expect_identical(nrow(table), 7L)
  expect_equal(sum(table$observed.1), sum(d$low))
  expect_equal(sum(table$expected.1), sum(d$low))
  expect_equal(table$n, table$observed.0 + table$observed.1)
  expect_equal(range(fitted(fit)), c(table$lowest[1], table$highest[7]))
  expect_true(all(table$lowest[-1] > table$highest[-7]))
  statistic <- sum((table$observed.1 - table$expected.1)^2 / table$expected.1) +
    sum((table$observed.0 - table$expected.0)^2 / table$expected.0)
  expect_equal(found$statistic, statistic)
  expect_output(print(found, groups = TRUE), "observed.1")
  expect_identical(names(as.data.frame(found)), names(found))
  expect_null(attr(as.data.frame(found), "groups"))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_identical(plot(found), found)
  expect_refusal(quote(plot(gof_test(fit, "stukel"))))
})

test_that("a row of weight w is w rows, and counts are rows of their own", {
  d <- births()
  weighted <- fastlogit(low ~ age + lwt + race, data = d, weights = twice)
  long <- d[rep(seq_len(189), d$twice), ]
  each <- fastlogit(low ~ age + lwt + race, data = long)
  expect_equal(as.data.frame(gof_test(weighted)), as.data.frame(gof_test(each)))
  expect_equal(attr(gof_test(weighted), "groups"), attr(gof_test(each), "groups"))
  counts <- aggregate(cbind(low, 1 - low) ~ lwt + race, data = long, FUN = sum)
  counted <- fastlogit(cbind(low, V2) ~ lwt + race, data = counts)
  each <- fastlogit(low ~ lwt + race, data = long)
  expect_equal(gof_test(counted)[c("statistic", "df", "p.value")],
    gof_test(each)[c("statistic", "df", "p.value")])
})

test_that("weights that are no whole numbers make no more groups than were asked for", {
  fit <- suppressWarnings(fastlogit(low ~ age + lwt, data = births(), weights = lwt / 200))
  found <- gof_test(fit, "hosmer-lemeshow")
  table <- attr(found, "groups")
  expect_identical(nrow(table), 10L)
  expect_identical(found$df, 8)
  expect_equal(sum(table$n), sum(births()$lwt) / 200)
  expect_lt(max(abs(table$n / sum(table$n) - 0.1)), 0.02)
})

test_that("rows that are stored have the same tests", {
  d <- births()
  for (call in alist(
    fastlogit(low ~ age + lwt + race, data = d, weights = twice),
    fastmultinom(race ~ age + lwt, data = d)
  )) {
    fits <- fit_twice(call, d, source_function(chunks_of(d, 50)), environment())
    expect_equal(gof_test(fits$there), gof_test(fits$here))
  }
})

test_that("many classes are grouped by the probability of the baseline", {
  d <- births()
  fit <- fastmultinom(race ~ age + lwt, data = d)
  p <- fitted(fit)
  score <- 1 - p[, 1]
  cut <- cut(score, quantile(score, seq(0, 1, 0.1)), include.lowest = TRUE)
  observed <- unclass(table(cut, d$race))
  expected <- rowsum(p, cut)
  found <- gof_test(fit)
  expect_equal(found$statistic, sum((observed - expected)^2 / expected))
  expect_identical(found$df, 16)
  expect_identical(row.names(found), "hosmer-lemeshow")
  two <- gof_test(fastmultinom(factor(low) ~ age + lwt, data = d))
  logit <- gof_test(fastlogit(low ~ age + lwt, data = d), "hosmer")
  expect_equal(two$statistic, logit$statistic)
  expect_identical(two$df, 8)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_identical(plot(found), found)
})

test_that("where the rows leave nothing to test there is no answer, and a word why", {
  d <- births()
  found <- gof_test(fastlogit(low ~ race + ht + race:ht, data = d), "stukel")
  expect_identical(found$statistic, NA_real_)
  expect_output(print(found), "the added covariates depend on those of the model")
  found <- gof_test(fastlogit(low ~ smoke, data = d))
  expect_identical(found$statistic, rep(NA_real_, 3))
  expect_identical(found$p.value, rep(NA_real_, 3))
  expect_output(print(found), "no test, with 1 group of the 10")
  expect_output(print(found), "whatever came")
  expect_identical(gof_test(fastlogit(low ~ 1, data = d))$statistic, rep(NA_real_, 3))
})

test_that("fits whose tests have another distribution are refused", {
  d <- births()
  apart <- data.frame(x = 1:10, y = rep(0:1, each = 5))
  fit <- fastlogit(low ~ age, data = d)
  expect_refusals(alist(
    "a penalty" = gof_test(fastlogit(low ~ age, data = d, penalty = "firth")),
    "no coefficient" = gof_test(fastlogit(low ~ 0, data = d)),
    "separation" = gof_test(suppressWarnings(fastlogit(y ~ x, data = apart))),
    "an estimated dispersion" = gof_test(fastlogit(low ~ age, quasibinomial(), data = d)),
    "many classes" = gof_test(fastmultinom(race ~ age, data = d), "stukel"),
    "another link" = gof_test(fastlogit(low ~ age, binomial("probit"), data = d), "stukel"),
    "an unknown test" = gof_test(fit, "pearson"),
    "no test" = gof_test(fit, NULL),
    "two groups" = gof_test(fit, groups = 2),
    "groups by half" = gof_test(fit, groups = 7.5),
    "a glm" = gof_test(glm(low ~ age, binomial, d))
  ))
})
