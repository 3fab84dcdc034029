test_that("a program on some of the rows is solved on all of them", {
  with_seed(3, rows <- matrix(stats::rnorm(4000), 1000))
  rows[, 1] <- abs(rows[, 1]) + 0.5
  found <- cone_program(rows)(c(0, 1, 1, 0))
  expect_true(all(rows %*% found >= -1e-9))
  direct <- solve_program(c(0, 1, 1, 0), rows)
  expect_equal(sum(found[2:3]), sum(direct[2:3]), tolerance = 1e-9)
})
