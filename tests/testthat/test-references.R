test_that("functions refer to what their bodies and their arguments' defaults name", {
  expect_setequal(names_in(function(a, b = c(d)) e + b), c("{", "c", "d", "+", "e", "b"))
})

test_that("what is referred to comes along, and what that refers to, but not packages", {
  least <- 1
  unused <- 2
  above <- function(x) x > limit()
  limit <- function() least
  env <- referred_to(c("above", "sum", "nowhere"), environment())
  expect_setequal(ls(env), c("above", "limit", "least"))
  expect_identical(parent.env(env), globalenv())
  expect_true(env$above(2))
  expect_identical(environment(env$above), env)
})

test_that("values are told apart by their texts", {
  texts <- function(least, above = function(x) x > least) values_in("above", environment())
  expect_identical(texts(1), texts(1))
  expect_false(identical(texts(1), texts(2)))
  expect_false(identical(texts(1), texts(1, function(x) x >= least)))
})
