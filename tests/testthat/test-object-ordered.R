test_that("a fit has the components of polr()'s", {
  skip_if_not_installed("MASS")
  d <- ordered_data()
  ours <- fastordinal(y ~ x + g, d, weights = w)
  theirs <- MASS::polr(y ~ x + g, d, weights = w, Hess = TRUE, control = list(reltol = 1e-15))
  expect_length(setdiff(names(theirs), names(ours)), 0L)
  expect_equal(ours$Hessian, theirs$Hessian, tolerance = 1e-4)
  expect_equal(ours$lp, theirs$lp, tolerance = 1e-5)
  for (name in c("edf", "n", "nobs", "df.residual", "lev", "method", "convergence", "contrasts")) {
    expect_equal(ours[[name]], theirs[[name]], info = name)
  }
  expect_equal(ours$model, theirs$model, ignore_attr = TRUE)
})

test_that("what is large is made when it is asked for", {
  skip_if_not_installed("MASS")
  d <- ordered_data(2000, classes = 120)
  fit <- fastordinal(y ~ x, d)
  expect_false(any(c("Hessian", "fitted.values") %in% names(fit)))
  expect_equal(dim(fit$fitted.values), c(2000L, 120L))
  expect_equal(rowSums(fit$fitted.values), rep(1, 2000), ignore_attr = TRUE)
  expect_equal(dim(fit$Hessian), c(120L, 120L))
  expect_null(fit$nothing)
  theirs <- MASS::ginv(fit$Hessian)
  expect_equal(theirs[1L, 1L], vcov(fit)[1L, 1L], tolerance = 1e-6)
})

test_that("rows that na.exclude left out come back", {
  d <- ordered_data(60)
  d$x[5] <- NA
  fit <- fastordinal(y ~ x, d, na.action = na.exclude)
  expect_equal(dim(fitted(fit)), c(60L, 4L))
  expect_true(all(is.na(fitted(fit)[5, ])))
  expect_length(predict(fit), 60L)
  expect_equal(fit$n, 59)
})
