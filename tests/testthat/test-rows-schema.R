test_that("levels are in the order of factor() over all rows", {
  known <- function(sets, counts = rep(1, length(unique(unlist(sets))))) {
    list(words = unique(unlist(sets)), counts = counts, sets = sets)
  }
  # factor() of numbers, of words, and of declared levels
  expect_equal(levels_in_order(known(list(c("2", "10"), c("1", "2"))), "x"), c("1", "2", "10"))
  expect_equal(levels_in_order(known(list(c("b", "d"), c("a", "c"))), "x"), c("a", "b", "c", "d"))
  expect_equal(levels_in_order(known(list(c("lo", "mid", "hi"))), "x"), c("lo", "mid", "hi"))
  expect_equal(
    levels_in_order(known(list(c("lo", "hi"), c("lo", "mid", "hi"))), "x"), c("lo", "mid", "hi")
  )
  expect_equal(levels_in_order(known(list(c("lo", "mid", "hi")), c(1, 0, 2)), "x"), c("lo", "hi"))
  expect_error(
    levels_in_order(known(list(c("lo", "hi"), c("mid", "hi"))), "x"), "`x`",
    class = "fastlogit_input_error"
  )
})

test_that("declared levels keep their order, and unused ones go", {
  d <- source_data()
  d$g <- factor(d$g, c("e", "d", "c", "b", "a", "none"))
  expect_same_fit(fit_twice(quote(fastlogit(y ~ x + g)), d))
  d$f <- factor(d$f, c("yes", "no"))
  expect_same_fit(fit_twice(quote(fastlogit(f ~ g)), d))
})
