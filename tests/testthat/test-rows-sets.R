# Rows of matched sets: in files, with workers, and from anywhere in the data.

test_that("workers share the rows by whole sets", {
  d <- set_frame(8000, 2500)
  workers <- local_workers(2)
  here <- fastclogit(y ~ x + f + strata(set), data = d, weights = w)
  there <- fastclogit(y ~ x + f + strata(set), data = d, weights = w, workers = workers)
  expect_same_sets(there, here, tolerance = 1e-11)
  expect_equal(there$residuals, here$residuals, tolerance = 1e-9)
  expect_equal(there$workers, 2)
  firth <- function(...) fastclogit(y ~ x + strata(set), data = d, penalty = "firth", ...)
  expect_equal(coef(firth(workers = workers)), coef(firth()), tolerance = 1e-9)
  # Of a source they have the rows of its cache.
  d$o <- d$x / 5
  of_source <- fastclogit(
    factor(y) ~ x * f + strata(set), data = source_function(chunks_of(d, 1000)), weights = w,
    offset = o, workers = workers
  )
  expect_same_sets(
    of_source, fastclogit(factor(y) ~ x * f + strata(set), data = d, weights = w, offset = o),
    tolerance = 1e-10
  )
  expect_equal(of_source$workers, 2)
})

test_that("sets are numbered in the order of their values, whatever these are", {
  with_seed(1, {
    whole <- sample(50L, 400, TRUE)
    far <- sample(c(-.Machine$integer.max, -7L, 0L, .Machine$integer.max), 400, TRUE)
    number <- sample(c(-Inf, -1e300, -0.5, 0, 1e-300, 2, 3.25, Inf), 400, TRUE)
  })
  words <- sample(c("b", "a", "B", "\u00e9", ""), 400, TRUE)
  many <- with_seed(2, rnorm(400))
  numbered <- function(x) match(x, sort(unique(x), method = "radix"))
  for (x in list(whole, far, number, words, many, sort(many), rev(whole), whole > 20, 3i * whole)) {
    expect_identical(numbers_of_sets(list(x)), numbered(if (is.complex(x)) as.character(x) else x))
  }
  expect_identical(numbers_of_sets(list(factor(words))), numbered(as.integer(factor(words))))
  expect_identical(numbers_of_sets(list(c(0, -0, 1))), c(1L, 1L, 2L))
  expect_identical(numbers_of_sets(list(c(2, NA, NaN, 1, Inf))), c(2L, 4L, 4L, 1L, 3L))
  pairs <- numbered(far * 1e3 + whole)
  expect_identical(numbers_of_sets(list(far, whole)), pairs)
  all <- numbers_of_sets(list(words, far, many))
  at <- order(words, far, many, method = "radix")
  expect_identical(all[at], seq_along(all))
  expect_identical(numbers_of_sets(list(numeric())), integer())
})

test_that("the rows of sets that vary are put together", {
  d <- data.frame(
    set = c("c", "a", "b", "a", "c", "d", "a", "e", "e", "b"),
    y = c(1, 0, 1, 1, 0, 1, 0, 1, 1, 0), w = c(1, 2, 0, 2, 1, 1, 2, 1, 1, 0)
  )
  found <- find_sets(list(d$set), list(y = d$y, weights = d$w))
  expect_identical(found$of_row, c(3L, 1L, 2L, 1L, 3L, 4L, 1L, 5L, 5L, 2L))
  expect_identical(found$at, c(2L, 4L, 7L, 1L, 5L))
  expect_identical(found$number, c(1L, 1L, 1L, 2L, 2L))
  expect_equal(found[c("size", "cases")], list(size = c(3, 2), cases = c(1, 1)))
  expect_equal(found$dropped, c(single = 1, without = 0, full = 1, weightless = 1))
  # Of set a row 4 is its only case.
  without <- find_sets(list(d$set), list(y = d$y, weights = d$w), left_out = 4L)
  expect_identical(without$at, c(1L, 5L))
  expect_equal(without$dropped[["without"]], 1)
  in_order <- find_sets(list(sort(d$set)[1:5]), list(y = c(1, 0, 0, 0, 1), weights = rep(1, 5)))
  expect_null(in_order$at)
})

test_that("pairs are fitted by their differences, wherever their rows are", {
  d <- with_seed(4, {
    d <- data.frame(
      set = rep(1:3000, each = 2), x = rnorm(6000), f = sample(letters[1:3], 6000, TRUE)
    )
    d$o <- rnorm(6000) / 4
    d$y <- as.vector(vapply(1:3000, function(i) sample(0:1), integer(2)))
    d[sample(6000), ]
  })
  fit <- fastclogit(y ~ x * f + strata(set), data = d, offset = o)
  expect_true(set_rows_at_hand(fit)$grouped$paired)
  # With a row that is alone in a third kind of set all of them go the general way.
  more <- rbind(d, transform(d[1:3, ], set = 3001, y = c(1, 0, 0), x = 0, f = "a", o = 0))
  other <- fastclogit(y ~ x * f + strata(set), data = more, offset = o)
  expect_false(isTRUE(set_rows_at_hand(other)$grouped$paired))
  expect_equal(coef(fit), coef(other), tolerance = 1e-10)
  expect_equal(fit$loglik, other$loglik + log(3), tolerance = 1e-12)
})

test_that("partitions are cut between sets", {
  set <- rep(1:5, c(3, 1, 6, 2, 4))
  expect_equal(between_sets(c(1, 5, 9, 17), set), c(1, 5, 11, 17))
  expect_equal(between_sets(c(1, 17), set), c(1, 17))
  expect_equal(between_sets(c(1, 6, 8, 10, 17), set), c(1, 11, 17))
  expect_equal(between_sets(c(1, 4, 17), NULL), c(1, 4, 17))
})

test_that("a column that differs within sets by rounding alone is aliased", {
  formula <- case ~ poly(age, 2) + spontaneous + strata(stratum)
  pairs <- infert[!duplicated(paste(infert$stratum, infert$case)), ]
  for (d in list(infert, pairs)) {
    fit <- fastclogit(formula, data = d)
    expect_equal(unname(is.na(coef(fit))), c(TRUE, TRUE, FALSE))
    other <- fastclogit(case ~ spontaneous + strata(stratum), data = d)
    expect_equal(coef(fit)["spontaneous"], coef(other), tolerance = 1e-12)
    expect_equal(residuals(fit), residuals(other), tolerance = 1e-10)
  }
  # What differs by little is not.
  d <- transform(infert, small = age + 1e-6 * spontaneous)
  fit <- fastclogit(case ~ small + strata(stratum), data = d)
  one <- fastclogit(case ~ spontaneous + strata(stratum), data = d)
  expect_equal(coef(fit)[[1]], 1e6 * coef(one)[[1]], tolerance = 1e-6)
})
