test_that("linear predictors are within bounds, or what no row can exceed is", {
  for (link in names(certain_predictors)) {
    within <- certain_predictors[[link]]
    expect_true(is_certain(list(linear.predictors = within), link), info = link)
    expect_false(is_certain(list(linear.predictors = within + 1), link), info = link)
    expect_identical(
      is_certain(list(reach = 5), link), within[1L] <= -5 && within[2L] >= 5, info = link
    )
  }
  # Of a link that is not listed, the logit's without a name.
  expect_false(is_certain(list(linear.predictors = 7), "mine"))
  expect_true(is_certain(list(linear.predictors = 7), NULL))
})

test_that("rows that a link leaves open demand nothing, and counts that are mixed hold", {
  response <- list(y = c(0, 1, 0.5, 0))
  expect_identical(demands(response, list(success = TRUE, failure = TRUE)), c(-1L, 1L, 0L, -1L))
  expect_identical(demands(response, list(success = TRUE, failure = FALSE)), c(0L, 1L, 0L, 0L))
  # A mean that rounds to one is not one where there are failures.
  response$complement <- c(1, 0, 0.5, 1)
  response$y[2] <- 1
  response$complement[2] <- 1e-20
  expect_identical(demands(response, list(success = TRUE, failure = TRUE))[2], 0L)
})
