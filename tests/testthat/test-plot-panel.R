test_that("limits hold all that is finite, with some room", {
  expect_equal(limits_of(c(0, 10, Inf, NA)), c(-0.4, 10.4))
  expect_equal(limits_of(c(0, 1, 100, Inf), log = TRUE), 100^c(-0.04, 1.04))
  expect_identical(limits_of(NA_real_), c(-1, 1))
  one <- limits_of(5)
  expect_true(one[1] < 5 && one[2] > 5)
})

test_that("of many points one of each cell is kept, those first that matter", {
  x <- rep(c(0, 0.5, 1), each = 100) + seq(0, 1e-4, length.out = 300)
  kept <- one_of_each_cell(x, x, 300:1)
  expect_lt(length(kept), 10)
  expect_identical(kept[1], 300L)
  expect_identical(one_of_each_cell(c(1, 1), c(2, 2), 1:2), 1L)
})

test_that("groups are told apart by colour, line and point", {
  looks <- do.call(paste, look_of_group(1:24))
  expect_identical(anyDuplicated(looks), 0L)
  expect_identical(anyDuplicated(palette_of_groups), 0L)
})

test_that("texts keep their ends", {
  expect_identical(abridged(c("short", "a long text"), 9L), c("short", "a lo...xt"))
})
