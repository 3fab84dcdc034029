# The cone of recession, and what a large or badly scaled problem makes of it.

test_that("a program on some of the rows is solved on all of them", {
  with_seed(3, rows <- matrix(stats::rnorm(4000), 1000))
  rows[, 1] <- abs(rows[, 1]) + 0.5
  found <- cone_program(rows)(c(0, 1, 1, 0))
  expect_true(all(rows %*% found >= -1e-9))
  direct <- solve_program(c(0, 1, 1, 0), rows)
  expect_equal(sum(found[2:3]), sum(direct[2:3]), tolerance = 1e-9)
})

test_that("a null space is orthonormal, and all that the rows make zero", {
  rows <- rbind(c(1, 1, 0), c(2, 2, 0), c(1, 1, 0))
  basis <- null_space(rows)
  expect_identical(dim(basis), c(3L, 2L))
  expect_equal(crossprod(basis), diag(2))
  expect_equal(rows %*% basis, matrix(0, 3, 2))
  expect_identical(null_space(rows[0, ]), diag(3))
})

test_that("rows that are there twice ask once, and rows that are nearly so are kept apart", {
  x <- rbind(c(1, 2), c(1, 2), c(1, 2 + 1e-15), c(1, 2))
  found <- distinct_rows(x, c(1, 1, 1, -1))
  expect_identical(found$first, c(1L, 3L, 4L))
  expect_identical(found$number, c(1L, 1L, 2L, 3L))
})

test_that("the direction separates the rows it names, and leaves the others alone", {
  for (set in random_sets(4, 60, random_separation)) {
    if (set$link == "log") next
    found <- detect_separation(set$formula, quasibinomial(set$link), set$data, weights = w)
    eta <- drop(stats::model.matrix(set$formula, set$data) %*% found$direction)
    eta <- (2 * set$data$y - 1) * eta
    used <- which(set$data$w > 0)
    expect_true(all(eta[found$rows] > 0))
    expect_lt(max(abs(eta[setdiff(used, found$rows)]), 0), 1e-9)
  }
})

test_that("units, thin margins and nearly dependent columns make no difference", {
  x <- seq(0, 1, length.out = 2e5)
  d <- data.frame(x = x, far = 1e9 * x + 1e9, near = x + 1e-6 * sin(1e6 * x), y = x > 0.5)
  for (formula in c(y ~ x, y ~ far, y ~ x + near)) {
    found <- detect_separation(formula, data = d)
    expect_identical(found$kind, "complete", label = deparse(formula))
  }
  # Two neighbours in the wrong order.
  d$y[1e5 + 0:1] <- rev(d$y[1e5 + 0:1])
  for (formula in c(y ~ x, y ~ far)) {
    expect_identical(detect_separation(formula, data = d)$kind, "none", label = deparse(formula))
  }
})
