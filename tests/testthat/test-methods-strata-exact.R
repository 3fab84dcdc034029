# Exact conditional inference, against enumeration, binomial and Fisher's exact tests.

# All outcomes with the same numbers of cases in the sets, and with the same sums of the other
# columns: the distribution of the last column's sum.
enumerated_distribution <- function(rows, j) {
  others <- setdiff(seq_len(ncol(rows$x)), j)
  ways <- lapply(split(seq_along(rows$y), rows$set), function(at) {
    cases <- sum(rows$y[at])
    chosen <- if (cases == 0) matrix(0L, 0, 1) else combn(length(at), cases)
    t(apply(chosen, 2, function(k) colSums(rows$x[at[k], c(others, j), drop = FALSE])))
  })
  sums <- Reduce(function(a, b) {
    pairs <- expand.grid(seq_len(nrow(a)), seq_len(nrow(b)))
    a[pairs[, 1], , drop = FALSE] + b[pairs[, 2], , drop = FALSE]
  }, lapply(ways, function(w) if (ncol(rows$x) == 1) matrix(w) else w))
  observed <- colSums(rows$x[rows$y == 1, c(others, j), drop = FALSE])
  same <- apply(abs(sweep(sums, 2, observed))[, seq_along(others), drop = FALSE] < 1e-8, 1, all)
  counts <- table(round(sums[same, ncol(sums)], 8))
  list(value = as.numeric(names(counts)), ways = as.vector(counts), observed = observed[ncol(sums)])
}

test_that("the distribution is that of all outcomes with the same statistics", {
  for (seed in 1:8) {
    rows <- random_matched_sets(5, 2, most = 5L, seed = 40 + seed)
    rows$x <- with_seed(seed, cbind(
      sample(0:2, length(rows$y), TRUE), sample(c(0, 0.5, 1.25), length(rows$y), TRUE)
    ))
    d <- data.frame(y = rows$y, set = rows$set, rows$x)
    fit <- suppressWarnings(fastclogit(y ~ X1 + X2 + strata(set), data = d))
    if (anyNA(coef(fit))) next
    found <- exact_test(fit)
    for (j in 1:2) {
      expected <- enumerated_distribution(rows, j)
      expect_equal(found$values[j], length(expected$value))
      p <- expected$ways / sum(expected$ways)
      at <- match(round(expected$observed, 8), expected$value)
      expect_equal(found$p.value[j], min(1, 2 * min(sum(p[seq_len(at)]), sum(p[at:length(p)]))),
        tolerance = 1e-10)
      expect_equal(found$p.probability[j], sum(p[p <= p[at] * (1 + 1e-9)]), tolerance = 1e-10)
      # At the ends of the interval a tail has 2.5 per cent.
      tail <- function(theta, upper) {
        w <- expected$ways * exp(theta * (expected$value - expected$observed))
        of <- if (upper) expected$value >= expected$observed - 1e-8 else
          expected$value <= expected$observed + 1e-8
        sum(w[of]) / sum(w)
      }
      if (is.finite(found$conf.low[j])) {
        expect_equal(tail(found$conf.low[j], TRUE), 0.025, tolerance = 1e-8)
      }
      if (is.finite(found$conf.high[j])) {
        expect_equal(tail(found$conf.high[j], FALSE), 0.025, tolerance = 1e-8)
      }
    }
  }
})

test_that("pairs of one binary predictor are the exact binomial test", {
  # Ille-et-Vilaine-like: 12 discordant pairs one way, 3 the other, and concordant ones.
  d <- data.frame(
    set = rep(1:25, each = 2), case = rep(1:0, 25),
    x = c(rep(c(1, 0), 12), rep(c(0, 1), 3), rep(c(1, 1), 5), rep(c(0, 0), 5))
  )
  fit <- fastclogit(case ~ x + strata(set), data = d)
  found <- exact_test(fit)
  test <- binom.test(12, 15)
  expect_equal(found$p.value, test$p.value, tolerance = 1e-10)
  expect_equal(
    c(found$conf.low, found$conf.high), qlogis(as.vector(test$conf.int)), tolerance = 1e-8
  )
  expect_equal(lr_test(fit, exact = TRUE), found)
  # The middle of the two medians.
  medians <- qlogis(c(qbeta(0.5, 12, 4), qbeta(0.5, 13, 3)))
  expect_equal(found$estimate, mean(medians), tolerance = 1e-8)
  midp <- exact_test(fit, midp = TRUE)
  expect_equal(midp$p.value, 2 * (pbinom(2, 15, 0.5) + dbinom(3, 15, 0.5) / 2), tolerance = 1e-10)
  # Under separation one end is infinite, and the estimate is the median that exists.
  few <- d[d$set <= 5, ]
  fit <- suppressWarnings(fastclogit(case ~ x + strata(set), data = few))
  found <- exact_test(fit)
  expect_equal(c(found$conf.low, found$conf.high), c(qlogis(0.025^(1 / 5)), Inf), tolerance = 1e-8)
  expect_equal(found$estimate, qlogis(0.5^(1 / 5)), tolerance = 1e-8)
  expect_equal(found$p.value, 2 / 2^5)
})

test_that("strata of fourfold tables are the exact test of a common odds ratio", {
  table <- UCBAdmissions[, , 1:3]
  table[] <- ceiling(table / 40)
  counts <- as.data.frame(table)
  d <- counts[rep(seq_len(nrow(counts)), counts$Freq), ]
  d$admitted <- as.numeric(d$Admit == "Admitted")
  d$male <- as.numeric(d$Gender == "Male")
  fit <- fastclogit(admitted ~ male + strata(Dept), data = d)
  found <- exact_test(fit)
  test <- mantelhaen.test(table, exact = TRUE)
  expect_equal(exp(coef(fit))[[1]], unname(test$estimate), tolerance = 1e-4)
  expect_equal(exp(c(found$conf.low, found$conf.high)), as.vector(test$conf.int), tolerance = 1e-4)
  expect_equal(found$p.probability, test$p.value, tolerance = 1e-8)
})

test_that("more work than allowed is an error that says how much it might be", {
  rows <- random_matched_sets(40, 2, most = 9L, seed = 3)
  d <- data.frame(y = rows$y, set = rows$set, rows$x)
  fit <- fastclogit(y ~ X1 + X2 + strata(set), data = d)
  expect_error(
    exact_test(fit, work = 1e4), "takes more than the 10000 additions allowed: up to about .*e\\+",
    class = "fastlogit_too_much_work"
  )
  expect_error(exact_test(fit, work = 0), class = "fastlogit_input_error")
  expect_error(exact_test(lm(y ~ X1, d)), class = "fastlogit_input_error")
  # Where the others leave one value only there is nothing to tell.
  small <- data.frame(
    set = rep(1:3, each = 2), y = rep(1:0, 3), a = c(0.11, 0.23, 0.77, 0.31, 0.59, 0.97),
    b = c(1.31, 0.72, 0.23, 0.44, 0.85, 0.16)
  )
  fit <- suppressWarnings(fastclogit(y ~ a + b + strata(set), data = small))
  found <- exact_test(fit)
  expect_equal(found$conf.low, c(-Inf, -Inf))
  expect_equal(found$p.value, c(1, 1))
  weighted <- fastclogit(y ~ X1 + strata(set), data = d, weights = rep(2, nrow(d)))
  expect_error(exact_test(weighted), "count sets", class = "fastlogit_input_error")
})
