test_that("two walks share a key where they have met the same, and only there", {
  for (name in names(cases_of_references())) local({
    case <- cases_of_references()[[name]]
    local_case(case)
    first <- walk_of(case$code)
    again <- walk_of(case$code)
    expect_identical(again$key, first$key, info = name)
    eval(case$change, globalenv())
    changed <- walk_of(case$code)
    expect_true(changed$key != first$key || length(changed$unsure) > 0, info = name)
  })
})

test_that("what is the same in another place, or another order of making, has the same key", {
  made <- function(k) {
    unused <- rnorm(1)
    function(x) x * (x > k)
  }
  first <- local({
    q <- made(0.5)
    walk_of(quote(q(x)), environment())
  })
  second <- local({
    other <- 1
    q <- made(0.5)
    walk_of(quote(q(x)), environment())
  })
  expect_identical(first$key, second$key)
})

test_that("names mean what they mean where the function was made", {
  k <- 9
  q <- local({
    k <- 0.5
    function(x) x * (x > k)
  })
  walk <- walk_of(quote(q(x)), environment())
  found <- unlist(lapply(walk$found, function(place) place$k))
  expect_identical(found, 0.5)
})

test_that("a function's arguments are its own, but not where they are called", {
  k <- 1
  half <- function(x) x + k
  q <- function(x, half) half(x)
  walk <- walk_of(quote(q(z, 2)), environment())
  expect_setequal(unlist(lapply(walk$found, ls)), c("k", "half", "q"))
  other <- function(k) k
  walk <- walk_of(quote(other(z)), environment())
  expect_setequal(unlist(lapply(walk$found, ls)), "other")
})

test_that("methods of users belong to the functions that call them", {
  local_case(list(set = expression(thr.foo <- function(x) 1, thr <- function(x) UseMethod("thr"))))
  first <- walk_of(quote(thr(x)))
  assign("thr.foo", function(x) 2, globalenv())
  expect_false(walk_of(quote(thr(x)))$key == first$key)
})

test_that("long formulas, empty arguments and missing ones are no trouble", {
  long <- stats::reformulate(paste0("v", 1:2000), "y")
  expect_length(walk_of(long)$unsure, 0)
  expect_length(walk_of(quote(x[, 1]))$unsure, 0)
  f <- function(absent) walk_of(quote(x > absent), environment())
  expect_length(f()$unsure, 0)
})
