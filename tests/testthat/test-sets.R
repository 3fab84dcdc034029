# The conditional likelihood of matched sets (src/core/family/conditional.h, sums/set_rows.h).

expect_same_moments <- function(found, expected, tolerance = 1e-11) {
  expect_equal(found$loglik, expected$loglik, tolerance = tolerance)
  expect_lt(
    max(abs(found$score - expected$score)) / sqrt(max(diag(expected$information), 1e-300)),
    tolerance
  )
  expect_equal(found$information, expected$information, tolerance = tolerance)
}

test_that("the moments of sets of every shape are those of all ways to choose the cases", {
  for (seed in 1:25) {
    p <- 1 + seed %% 3
    rows <- random_matched_sets(6, p, seed = seed)
    if (seed %% 2 == 0) {
      with_seed(seed, {
        rows$offset <- rnorm(length(rows$y))
        rows$weights <- c(0, 1, 0.5, 2, 3, 1)[rows$set]
      })
    }
    beta <- with_seed(seed, rnorm(p, sd = 2))
    expect_same_moments(set_moments(rows, beta), enumerated_moments(rows, beta))
  }
})

test_that("linear predictors of 700 on both sides leave all digits", {
  rows <- list(x = c(700, -700, 0, 1, 699), y = c(0, 1, 0, 0, 1), set = rep(1, 5))
  expect_same_moments(set_moments(rows, 1), enumerated_moments(rows, 1))
  # Of a pair of rows: log(1 + exp(-1400)), in full where it is small.
  pair <- list(x = c(700, -700), y = c(1, 0), set = c(1, 1))
  expect_equal(set_moments(pair, 0.03)$loglik, -log1p(exp(-42)), tolerance = 1e-14)
  expect_equal(set_moments(pair, 0.03)$score, 1400 * plogis(-42), tolerance = 1e-13)
  expect_equal(set_moments(pair, -1)$loglik, -1400)
  # Nothing cancels where the set is all but decided, whichever side is the larger.
  many <- list(x = c(rep(20, 7), rep(-20, 3)), y = rep(1:0, c(7, 3)), set = rep(1, 10))
  expected <- log1p(21 * exp(-40))  # of the ways with one case exchanged
  expect_equal(-set_moments(many, 1)$loglik / expected, 1, tolerance = 1e-12)
  expect_equal(set_moments(many, 1)$score / (40 * 21 * exp(-40)), 1, tolerance = 1e-12)
})

test_that("a column that does not vary within the sets adds exactly nothing", {
  rows <- random_matched_sets(20, 1, seed = 4)
  rows$x <- cbind(rows$x, c(1 / 3, 1e6 / 7, pi)[1 + rows$set %% 3])
  found <- set_moments(rows, c(0.3, 0.1))
  expect_identical(found$information[2, ], c(0, 0))
})

test_that("thousands of rows with hundreds of cases keep their digits", {
  with_seed(7, {
    x <- cbind(rnorm(3000), rbinom(3000, 1, 0.3))
    rows <- list(x = x, y = as.numeric(seq_len(3000) %in% sample(3000, 260)), set = rep(1, 3000))
  })
  beta <- c(0.5, -0.25)
  found <- set_moments(rows, beta)
  # The paths are kept at some rows only: those of the complement go another way.
  other <- set_moments(list(x = -rows$x, y = 1 - rows$y, set = rows$set), beta)
  expect_equal(found$loglik, other$loglik, tolerance = 1e-13)
  expect_equal(found$score, other$score, tolerance = 1e-10)
  expect_equal(found$information, other$information, tolerance = 1e-11)
  # In logs, as wide predictors are.
  wide <- set_moments(list(x = rbind(x, c(3000, 0)), y = c(rows$y, 0), set = rep(1, 3001)), -beta)
  without <- set_moments(rows, -beta)
  expect_equal(wide$loglik, without$loglik, tolerance = 1e-12)
  expect_equal(wide$information, without$information, tolerance = 1e-10)
  expect_moments_derivatives(set_case(rows, beta), "3000 rows")
})

test_that("the order of rows and of sets changes nothing but rounding", {
  rows <- random_matched_sets(40, 2, seed = 3)
  beta <- c(0.7, -1)
  found <- set_moments(rows, beta)
  with_seed(1, {
    shuffled <- order(match(rows$set, sample(40)), runif(length(rows$y)))
    moved <- list(
      x = rows$x[shuffled, ], y = rows$y[shuffled],
      set = cumsum(c(TRUE, diff(rows$set[shuffled]) != 0))
    )
  })
  expect_same_moments(set_moments(moved, beta), found, tolerance = 1e-12)
})

test_that("threads and cuts leave sets whole, and change no bit", {
  rows <- random_matched_sets(9000, 6, most = 5L, seed = 5)
  beta <- seq(-0.5, 0.5, length.out = 6)
  expect_identical(set_moments(rows, beta, 2L), set_moments(rows, beta, 1L))
  expect_same_moments(set_moments(rows, beta), enumerated_moments(rows, beta), tolerance = 1e-10)
})

test_that("every sum is the same of all sets, of parts, and anywhere", {
  rows <- random_matched_sets(400, 3, seed = 6)
  rows$offset <- with_seed(2, rnorm(length(rows$y)))
  case <- set_case(rows, c(0.5, -0.5, 1))
  for (name in setdiff(sum_names_impl(), "means")) {  # those of rows, which sets have not
    expect_sum_contract(name, case, paste(name, "sets"))
  }
  expect_moments_derivatives(case, "sets")
  # The triangle is that of the information, by a QR decomposition of as many rows as it takes.
  factor <- answer_impl(case$whole, request_for(case$model, questions_of("triangle", case)[[1]]))
  triangle <- from_lower(factor[-1], 3)
  expect_equal(
    crossprod(triangle), moments_asked(case, case$beta)$information, tolerance = 1e-12
  )
})

test_that("the adjustment of bias reduction is the derivative of the information", {
  rows <- random_matched_sets(30, 2, seed = 8)
  case <- set_case(rows, c(0.5, -1))
  ask <- function(what, number = 1L) {
    answer_impl(case$whole, request_for(case$model, questions_of(what, case)[[number]]))
  }
  slope <- function(j) {
    step <- replace(numeric(2), j, 1e-4)
    up <- moments_asked(case, case$beta + step)$information
    down <- moments_asked(case, case$beta - step)$information
    sum(case$inverse * (up - down)) / 2e-4
  }
  expect_equal(ask("adjustment"), vapply(1:2, slope, 0), tolerance = 1e-6)
  third <- function(direction) {
    at <- function(t) {
      info <- moments_asked(case, case$beta + t * direction)$information
      sum(direction * (info %*% direction))
    }
    -2 / 3 * (at(1e-3) - at(-1e-3)) / 2e-3
  }
  expect_equal(ask("third order"), apply(case$directions, 2, third), tolerance = 1e-5)
})

test_that("the products of scores are those of sets", {
  rows <- random_matched_sets(50, 2, seed = 9)
  case <- set_case(rows, c(0.5, -1))
  scores <- vapply(unique(rows$set), function(set) {
    at <- rows$set == set
    one <- list(x = rows$x[at, , drop = FALSE], y = rows$y[at], set = rows$set[at])
    enumerated_moments(one, c(0.5, -1))$score
  }, numeric(2))
  found <- answer_impl(
    case$whole, request_for(case$model, questions_of("score products", case)[[1]])
  )
  lower <- from_lower(found, 2)
  expect_equal(
    (lower + t(lower) - diag(diag(lower))) / outer(case$scale, case$scale), tcrossprod(scores),
    tolerance = 1e-12
  )
})
