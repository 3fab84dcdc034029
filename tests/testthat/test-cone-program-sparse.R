test_that("columns that share rows, directly or not, are one part", {
  row <- c(1, 1, 2, 2, 3, 4)
  column <- c(1, 2, 2, 4, 3, 5)
  expect_identical(as.integer(connected_columns(row, column, 6)), c(1L, 1L, 3L, 1L, 5L, 6L))
})

test_that("rows of a sparse matrix are scaled, and equal ones found", {
  x <- as_sparse(rbind(c(0, -4, 2), c(1, 0, 0), c(0, -4, 2), 0))
  expect_equal(as.matrix(scaled_rows(x)), rbind(c(0, -1, 0.5), c(1, 0, 0), c(0, -1, 0.5), 0))
  expect_identical(distinct_rows(x, 0)$number, c(1L, 2L, 1L, 3L))
  expect_identical(distinct_rows(x, c(0, 0, 1, 0))$number, c(1L, 2L, 3L, 4L))
  expect_identical(column_scale(x), c(1, 0.25, 0.5))
})
