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
  expect_error(
    fastclogit(y ~ x + strata(set), data = source_function(chunks_of(d, 1000)), workers = workers),
    "leave `workers` out", class = "fastlogit_input_error"
  )
})

test_that("partitions are cut between sets", {
  set <- rep(1:5, c(3, 1, 6, 2, 4))
  expect_equal(between_sets(c(1, 5, 9, 17), set), c(1, 5, 11, 17))
  expect_equal(between_sets(c(1, 17), set), c(1, 17))
  expect_equal(between_sets(c(1, 6, 8, 10, 17), set), c(1, 11, 17))
  expect_equal(between_sets(c(1, 4, 17), NULL), c(1, 4, 17))
})
