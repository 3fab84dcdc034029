test_that("the cause is told by what separated rows have in common, wherever they are", {
  x <- cbind("(Intercept)" = 1, a = c(0, 0, 1, 1, 1), b = c(1, 2, 3, 4, 5))
  ranges <- ranges_of(x, c(0, 1, 1, 1, 1), c(FALSE, FALSE, TRUE, TRUE, TRUE))
  found <- list(
    kind = "quasi-complete", coefficients = c("(Intercept)" = 0, a = Inf, b = 0), separated = 3,
    used = 5
  )
  expect_identical(cause_of(found, ranges, "`y`"), "3 rows, all with y = 1, have a = 1")
  halves <- joined_ranges(
    ranges_of(x[1:3, ], c(0, 1, 1), c(FALSE, FALSE, TRUE)),
    ranges_of(x[4:5, ], c(1, 1), c(TRUE, TRUE))
  )
  expect_identical(cause_of(found, halves, "`y`"), cause_of(found, ranges, "`y`"))
  found$coefficients["b"] <- NA
  found$coefficients["a"] <- 0
  expect_identical(
    cause_of(found, ranges, "`y`"),
    "the classes are told apart in 3 of 5 rows, all with y = 1"
  )
})

test_that("ranges of sparse columns are those of dense ones", {
  x <- rbind(c(0, -1, 2, 0), c(0, -3, 5, 1), c(0, -2, 0, 0))
  for (rows in list(c(TRUE, TRUE, TRUE), c(FALSE, TRUE, TRUE))) {
    expect_identical(column_ranges(as_sparse(x), rows), column_ranges(x, rows))
    expect_identical(column_ranges(x, rows), apply(x[rows, ], 2, range))
  }
  expect_identical(column_ranges(x, logical(3)), rbind(rep(Inf, 4), -Inf))
})
