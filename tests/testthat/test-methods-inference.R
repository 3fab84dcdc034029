
test_that("leverages of a ridge are those of its own information, dense and sparse", {
  set.seed(29)
  d <- data.frame(a = rnorm(80), b = rnorm(80), w = c(0, rep(1:2, length.out = 79)))
  d$y <- rbinom(80, 1, plogis(d$a))
  x <- model.matrix(~ a + b, d)
  for (sparse in c(FALSE, TRUE)) {
    fit <- fastlogit(
      y ~ a + b, data = d, weights = w, penalty = penalty_ridge(2), sparse = sparse
    )
    covariance <- vcov(fit)
    hat <- rowSums((x %*% covariance) * x) * fit$weights
    expect_equal(unname(hatvalues(fit)), unname(hat)[-1], tolerance = 1e-10)
    changes <- x * fit$weights * residuals(fit, "working") / (1 - hat)
    expected <- (changes %*% covariance)[-1, ]
    expect_equal(unname(dfbeta(fit)), unname(expected), tolerance = 1e-10)
    expect_equal(cooks.distance(fit), (function() {
      pearson <- residuals(fit, "pearson")
      setNames((pearson / (1 - hat))^2 * hat / 3, names(pearson))[-1]
    })(), tolerance = 1e-10)
    expect_named(influence.measures(fit), c("infmat", "is.inf", "call"))
  }
})
