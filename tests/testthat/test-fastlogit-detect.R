# The door of detect_separation(): the same answer as a fit's, for whatever the call says of rows.

separated_rows <- function() {
  d <- data.frame(
    x = c(1, 1, 2, 2, 2, 3, 3, 3, 0, NA), g = c("a", "b")[c(1, 2, 1, 2, 1, 1, 2, 1, 2, 1)],
    y = c(0, 0, 0, 1, 0, 1, 1, 1, 1, 0), w = c(rep(1, 8), 0, 1)
  )
  d$outcome <- factor(d$y, labels = c("no", "yes"))
  d
}

expect_as_fitted <- function(detected, fit) {
  told <- separation(suppressWarnings(fit))
  for (part in c("kind", "coefficients", "used")) {
    expect_equal(detected[[part]], told[[part]], label = part)
  }
  expect_identical(unname(detected$rows), unname(told$rows))
}

test_that("detect_separation() tells what separation() tells of the fit", {
  d <- separated_rows()
  expect_identical(detect_separation(y ~ x, data = d, weights = w)$kind, "quasi-complete")
  expect_as_fitted(
    detect_separation(y ~ x, data = d, weights = w), fastlogit(y ~ x, data = d, weights = w)
  )
  expect_as_fitted(
    detect_separation(outcome ~ x + g, data = d, subset = x != 2),
    fastlogit(outcome ~ x + g, data = d, subset = x != 2)
  )
  expect_as_fitted(
    detect_separation(y ~ x, binomial("log"), d, weights = w),
    fastlogit(y ~ x, binomial("log"), d, weights = w)
  )
  expect_as_fitted(
    detect_separation(y ~ g, data = d, offset = x, contrasts = list(g = "contr.sum")),
    fastlogit(y ~ g, data = d, offset = x, contrasts = list(g = "contr.sum"))
  )
})

test_that("a response of many classes is one for fastmultinom(), factor, words or counts", {
  d <- data.frame(x = 1:9, class = rep(c("a", "b", "c"), each = 3))
  detected <- detect_separation(class ~ x, data = d)
  expect_identical(detected$kind, "complete")
  expect_as_fitted(detected, fastmultinom(class ~ x, data = d))
  counts <- table(d$x, d$class)
  expect_identical(detect_separation(unclass(counts) ~ x, data = d)$kind, "complete")
  # Levels without rows are no classes.
  two <- data.frame(x = 1:4, y = factor(c("a", "a", "b", "b"), levels = c("a", "b", "c")))
  expect_identical(dim(detect_separation(y ~ x, data = two)$coefficients), NULL)
})
