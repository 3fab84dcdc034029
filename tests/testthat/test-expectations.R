# The expectations that the tests are written in (helper-expectations.R) are as strict as
# testthat's: what they do not decide themselves they hand on.

# What is decided here testthat decides in the same way.
expect_as_testthat <- function(x, y, tolerance) {
  label <- paste(deparse1(x), deparse1(y), tolerance)
  if (holds(x, y, tolerance)) testthat::expect_equal(x, y, tolerance = tolerance, label = label)
  if (identical(x, y)) testthat::expect_identical(x, y, label = label)
}

test_that("what holds, holds for testthat", {
  near <- 1 + 1e-9
  pairs <- list(
    list(1, near), list(1, 1L), list(NA, NA_real_), list(NA_real_, NaN), list(Inf, -Inf),
    list(c(Inf, 1), c(Inf, near)), list(c(Inf, 1), c(1, Inf)), list(0, -0), list(0, 1e-12),
    list(1, "1"), list(1, NULL), list(c(a = 1), 1), list(c(a = 1), c(a = near)),
    list(c(a = 1), c(b = near)), list(c(1, 2), c(near, NA)), list(c(1, NA), c(near, NA)),
    list(c(1e9, 1e-9), c(1e9, 0)), list(c(1e9, 1e-9), c(1e9 + 1, 0)), list(1, c(1, 1)),
    list(list(1, "b"), list(near, "b")), list(list(1, "b"), list(near, "c")), list(list(1), list()),
    list(list(a = 1, b = list(2)), list(a = near, b = list(2 + 1e-9))),
    list(data.frame(x = 1, y = "u"), data.frame(x = near, y = "u")),
    list(data.frame(x = 1, y = "u"), data.frame(x = near, y = "v")),
    list(factor("a"), factor("b")), list(as.Date("2020-01-01"), as.Date("2020-01-02")),
    list(matrix(1:2 / 3), matrix(1:2 / 3 + 1e-9)), list(matrix(1:2 / 3), t(1:2 / 3 + 1e-9)),
    list(quote(x), quote(y)), list(Matrix::Diagonal(2), Matrix::Diagonal(3))
  )
  decided <- vapply(pairs, function(pair) holds(pair[[1]], pair[[2]], 1e-6), NA)
  testthat::expect_identical(sum(decided), 13L)
  for (pair in pairs) {
    for (tolerance in c(1e-10, 1e-6)) {
      expect_as_testthat(pair[[1]], pair[[2]], tolerance)
    }
  }
})

test_that("random numbers about the tolerance", {
  with_seed(1, for (run in 1:100) {
    x <- stats::rnorm(sample(5, 1)) * 10^sample(-12:3, 1)
    expect_as_testthat(x, x * (1 + 1e-8 * stats::rnorm(length(x))), 1e-8)
  })
})

test_that("differences are seen", {
  seen <- function(x, y) expect_true(fails(expect_equal(x, y, tolerance = 1e-9)))
  seen(1, 1 + 1e-8)
  seen(1e9, 1e9 + 2)
  seen(c(1, NA), c(NA, 1))
  seen(c(a = 1), c(b = 1))
  seen(1, NA_real_)
  seen(list(1, list("a")), list(1, list("b")))
  seen(data.frame(x = 1), data.frame(x = 1.1))
  seen(factor("a"), factor("b"))
  seen(c(0, 1e-8), c(0, 0))
  expect_true(fails(expect_identical(1, 1 + 1e-15)))
  expect_false(fails(expect_equal(1, 1 + 1e-10, tolerance = 1e-9)))
  expect_false(fails(expect_equal(c(a = 1), 1, tolerance = 1e-9, ignore_attr = TRUE)))
  expect_false(fails(expect_equal(1, 1L, tolerance = 1e-9)))
})

test_that("truths are told, whatever attributes they bear", {
  for (value in list(TRUE, FALSE, NA, c(a = TRUE), c(a = FALSE), c(TRUE, TRUE), 1, "TRUE", NULL)) {
    label <- deparse1(value)
    for (pair in list(
      list(expect_true, testthat::expect_true), list(expect_false, testthat::expect_false)
    )) {
      testthat::expect_identical(fails(pair[[1]](value)), fails(pair[[2]](value)), label = label)
    }
  }
})

test_that("what fails is told with its label", {
  message <- function(code) {
    tryCatch(code, expectation_failure = function(condition) conditionMessage(condition))
  }
  x <- 1
  testthat::expect_match(message(expect_equal(x + 1, 3)), "x + 1", fixed = TRUE)
  testthat::expect_match(message(expect_identical(x, 3, label = "mine")), "^mine ")
  testthat::expect_match(message(expect_true(x > 1)), "x > 1", fixed = TRUE)
})
