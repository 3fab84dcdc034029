# The cone of recession, and what a large or badly scaled problem makes of it.

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

test_that("products of nearly dependent columns keep their digits", {
  x <- cbind(1:6, 1:6 + 2^-40 * c(1, 3, -2, 4, 0, 5))
  basis <- rbind(c(1, -2^40), c(0, 2^40))
  expect_identical(precise_product_impl(x, basis)[, 2], c(1, 3, -2, 4, 0, 5))
  # Rows that depend on each other do so still.
  x <- rbind(x, x[1, ] + x[2, ])
  found <- orthonormal_rows(x)
  expect_equal(
    max(abs(qr.resid(qr(t(found$rows[1:2, ])), found$rows[7, ]))), 0, tolerance = 1e-12
  )
})

test_that("many dimensions are decided by fits, as by programs", {
  with_seed(5, {
    rows <- matrix(stats::rnorm(60 * 12), 60)
    rows <- rows * sign(drop(rows %*% stats::rnorm(12)))
    forms <- rbind(rows[1:3, ] + rows[4:6, ], diag(12))
  })
  inside <- inside_of(rows)
  expect_true(all(rows %*% inside > 0))
  by_programs <- signs_seen(rows, forms, logical(15), inside)
  by_fits <- signs_by_fits(rows, forms, logical(15), inside)
  expect_identical(by_fits$up, by_programs$up)
  expect_identical(by_fits$down, by_programs$down)
  expect_identical(by_fits$down[1:3], logical(3))
  expect_false(any(by_fits$undecided))
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
