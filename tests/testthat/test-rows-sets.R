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

test_that("partitions are cut between sets", {
  set <- rep(1:5, c(3, 1, 6, 2, 4))
  expect_equal(between_sets(c(1, 5, 9, 17), set), c(1, 5, 11, 17))
  expect_equal(between_sets(c(1, 17), set), c(1, 17))
  expect_equal(between_sets(c(1, 6, 8, 10, 17), set), c(1, 11, 17))
  expect_equal(between_sets(c(1, 4, 17), NULL), c(1, 4, 17))
})
