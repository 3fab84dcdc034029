# The model of matched sets: responses, the strata() terms, and which sets have something to say.

set_data <- function() {
  d <- data.frame(
    set = c(2, 1, 2, 1, 3, 3, 4, 5, 5), x = c(0.3, 1, 2, 2, 0, 1, 5, 1, 2),
    case = c(1, 0, 0, 1, 0, 0, 1, 1, 1)
  )
  # Rows of the sets that vary are on both sides of the others.
  rbind(d, data.frame(set = c(1, 2, 1), x = c(0.5, 1, 3), case = c(0, 1, 0)))
}

test_that("rows of a set need not be adjacent, and sets that do not vary are counted", {
  fit <- fastclogit(case ~ x + strata(set), data = set_data())
  expect_equal(
    fit$sets$dropped, c(single = 1, without = 1, full = 1, weightless = 0)
  )
  expect_equal(fit$sets[c("used", "rows", "cases")], list(used = 2L, rows = 7, cases = 3))
  expect_match(sets_line(fit), "2 sets that vary: 7 rows, 3 cases; 3 sets dropped: 1 of one row, ")
  sorted <- set_data()[order(set_data()$set), ]
  expect_equal(coef(fastclogit(case ~ x + strata(set), data = sorted)), coef(fit))
  rows <- with(set_data(), list(x = x[order(set)], y = case[order(set)], set = sort(set)))
  expect_equal(fit$loglik[2], enumerated_moments(rows, coef(fit))$loglik, tolerance = 1e-12)
  expect_equal(fit$residuals[set_data()$set > 2], numeric(5))
})

test_that("a set is what all values of strata() share, by one term or several", {
  d <- with_seed(1, data.frame(
    a = sample(3, 60, TRUE), b = sample(c("u", "v"), 60, TRUE), x = rnorm(60),
    case = rbinom(60, 1, 0.5)
  ))
  d$ab <- paste(d$a, d$b)
  expected <- coef(fastclogit(case ~ x + strata(ab), data = d))
  for (formula in list(
    case ~ x + strata(a, b), case ~ strata(a) + x + strata(b), case ~ x + strata(interaction(a, b)),
    case ~ x + survival::strata(a, b), case ~ x + strata(b, factor(a)), "case ~ x + strata(a, b)",
    case ~ x + strata(data.frame(a, b))
  )) {
    expect_equal(coef(fastclogit(formula, data = d)), expected)
  }
  d$a[5] <- NA
  expect_equal(
    coef(fastclogit(case ~ x + strata(a, b), data = d)),
    coef(fastclogit(case ~ x + strata(a, b), data = d[-5, ]))
  )
  d$a0 <- ifelse(is.na(d$a), 0, d$a)
  expect_equal(
    coef(fastclogit(case ~ x + strata(a, na.group = TRUE), data = d)),
    coef(fastclogit(case ~ x + strata(a0), data = d))
  )
  expect_error(
    fastclogit(case ~ x + strata(a), data = d, na.action = na.pass), class = "fastlogit_input_error"
  )
})

test_that("all ways to write a response of cases are one", {
  d <- infert
  expected <- coef(fastclogit(case ~ spontaneous + strata(stratum), data = d))
  d$logical <- d$case == 1
  d$factor <- factor(ifelse(d$case == 1, "yes", "no"))
  d$integer <- as.integer(d$case)
  for (name in c("logical", "factor", "integer")) {
    formula <- stats::reformulate(c("spontaneous", "strata(stratum)"), name)
    expect_identical(coef(fastclogit(formula, data = d)), expected)
  }
})

test_that("what is wrong is said in our words", {
  d <- set_data()
  says <- function(expr, text) {
    expect_error(expr, text, class = "fastlogit_input_error", fixed = TRUE)
  }
  says(fastclogit(case ~ x, data = d), "has no strata() term")
  says(fastclogit(case ~ x * strata(set), data = d), "stands alone: found `x:strata(set)`")
  says(fastclogit(case ~ x + strata(), data = d), "names no variable")
  says(fastclogit(I(case + 1) ~ x + strata(set), data = d), "coded 1 and 2")
  says(fastclogit(x ~ case + strata(set), data = d), "between 0 and 1")
  says(fastclogit(cbind(case, 1) ~ x + strata(set), data = d), "counts in two columns")
  says(fastclogit(factor(x) ~ case + strata(set), data = d), "must have two levels")
  says(fastclogit(case ~ x + strata(set) + cluster(set), data = d), "vcov = ~ id")
  says(
    fastclogit(case ~ x + strata(seq_along(x)), data = d),
    "no set has both cases and others (12 of one row)"
  )
  says(
    fastclogit(case ~ x + strata(set), data = d[d$set > 2, ]),
    "1 of one row, 1 without a case, 1 of cases only"
  )
  says(fastclogit(I(0 * case) ~ x + strata(set), data = d), "without a case")
  d$w <- seq_len(nrow(d))
  says(
    fastclogit(case ~ x + strata(set), data = d, weights = w),
    "the same in all rows of one: found 1 in row 1 and 3 in row 3, of the same set"
  )
  says(fastclogit(case ~ x + strata(set), data = d, weights = -w), "non-negative")
  says(fastclogit(case ~ strata(set), data = d), "nothing to estimate")
  says(fastclogit(case ~ x + strata(set), d, offset = 1:3), "another number of values")
  expect_error(
    fastclogit(case ~ x + strata(set), data = d, wieghts = w), "did you mean `weights`",
    class = "fastlogit_unknown_argument"
  )
  skip_if_not_installed("survival")
  says(fastclogit(survival::Surv(x + 2, case) ~ w + strata(set), data = d), "is a survival time")
})

test_that("what is the same in all rows of a set is aliased, whatever its scale", {
  d <- infert
  d$age <- d$age * 1e7 + 1 / 3
  d$both <- d$spontaneous + d$age / 1e7
  fit <- fastclogit(case ~ age + spontaneous + both + induced + strata(stratum), data = d)
  expect_equal(unname(is.na(coef(fit))), c(TRUE, FALSE, TRUE, FALSE))
  expect_equal(
    coef(fit)[c(2, 4)], coef(fastclogit(case ~ spontaneous + induced + strata(stratum), data = d)),
    tolerance = 1e-10
  )
  expect_equal(fit$rank, 2)
  expect_equal(dim(vcov(fit)), c(4L, 4L))
  expect_equal(dim(vcov(fit, complete = FALSE)), c(2L, 2L))
})

test_that("weights are numbers of sets, and offsets count", {
  d <- infert
  d$w <- 1 + d$stratum %% 3
  twice <- d[rep(seq_len(nrow(d)), d$w), ]
  copies <- unlist(lapply(d$w, seq_len))
  twice$set <- paste(twice$stratum, copies)
  fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = d, weights = w)
  all <- fastclogit(case ~ spontaneous + induced + strata(set), data = twice)
  expect_equal(coef(fit), coef(all), tolerance = 1e-12)
  expect_equal(vcov(fit), vcov(all), tolerance = 1e-10)
  expect_equal(fit$loglik, all$loglik, tolerance = 1e-12)
  d$w[d$stratum < 10] <- 0
  expect_equal(
    coef(fastclogit(case ~ spontaneous + strata(stratum), data = d, weights = w)),
    coef(fastclogit(case ~ spontaneous + strata(stratum), data = d, weights = w,
      subset = stratum >= 10))
  )
  fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = d)
  half <- coef(fit)[["induced"]] / 2
  with <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = d,
    offset = half * induced)
  expect_equal(coef(with), coef(fit) - c(0, half), tolerance = 1e-10)
})
