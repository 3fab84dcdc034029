test_that("partitions are the data's", {
  starts <- function(n, p = 10) fastlogit:::partition_starts(n, p)
  expect_identical(starts(23), c(1, 24))
  expect_identical(starts(2500), c(1, 1251, 2501))
  expect_length(starts(1e5), 25)
  expect_length(starts(1e9), 1001)
  expect_length(starts(1e9, 2000), 64)
  expect_identical(range(starts(123457)), c(1, 123458))
})

test_that("slices put together are the rows", {
  d <- cluster_data(50)
  fit <- suppressWarnings(
    fastlogit(cbind(w * y, w) ~ x + poly(z, 2) + f, data = d, weights = w, offset = o)
  )
  rows <- fastlogit:::problem_of_fit(fit, 1)
  one <- fastlogit:::slice_rows(rows, 1, 20)
  two <- fastlogit:::slice_rows(rows, 21, 50)
  expect_identical(c(one$design$rows, two$design$rows), c(20L, 30L))
  expect_identical(one$design$largest, rows$design$largest)
  for (part in c("y", "complement", "weights", "offset")) {
    expect_identical(
      c(one$response[[part]], two$response[[part]]), as.vector(rows$response[[part]])
    )
  }
  expect_identical(two$response$heaviest, max(rows$response$weights))
  x <- rbind(fastlogit:::design_matrix_impl(one$design), fastlogit:::design_matrix_impl(two$design))
  expect_identical(x, fastlogit:::design_matrix_impl(rows$design))
})
