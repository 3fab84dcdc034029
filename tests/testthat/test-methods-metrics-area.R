test_that("the area under the curve is that of pROC", {
  skip_if_not_installed("pROC")
  d <- births()
  for (formula in list(low ~ race + ptl + smoke, low ~ age + lwt, low ~ smoke)) {
    fit <- fastlogit(formula, data = d)
    curve <- pROC::roc(d$low, fitted(fit), quiet = TRUE, direction = "<")
    found <- metrics(fit, level = 0.8)["auc", ]
    interval <- pROC::ci.auc(curve, conf.level = 0.8, method = "delong")
    expect_equal(
      c(found$conf.low, found$estimate, found$conf.high), as.vector(interval), tolerance = 1e-12
    )
    expect_equal(found$std.error, sqrt(pROC::var(curve)), tolerance = 1e-12)
  }
  # Cut off at 1.
  d <- data.frame(x = 1:12, y = c(0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1))
  fit <- fastlogit(y ~ x, data = d)
  interval <- pROC::ci.auc(d$y, fitted(fit), quiet = TRUE)
  found <- metrics(fit)["auc", ]
  expect_identical(found$conf.high, 1)
  expect_equal(c(found$conf.low, found$estimate), interval[1:2], tolerance = 1e-12)
  # As printed in Robin et al. (2011), BMC Bioinformatics 12:77, for S100b: 73.1 (63.0 to 83.3).
  data("aSAH", package = "pROC", envir = environment())
  found <- metrics(fastlogit(outcome ~ s100b, data = aSAH))["auc", ]
  expect_identical(round(100 * unlist(found[c(2, 4, 5)]), 1),
    c(estimate = 73.1, conf.low = 63.0, conf.high = 83.3))
})

test_that("the drawn curve of many rows goes through points of the whole", {
  with_seed(1, {
    score <- round(rnorm(5000), 3)
    success <- rbinom(5000, 1, plogis(score))
  })
  whole <- roc_curve(score, success, 1 - success)
  part <- thinned(whole, 100L)
  expect_lte(length(part$success), 100L)
  points <- function(curve) paste(cumsum(curve$success), cumsum(curve$failure))
  expect_true(all(points(part) %in% points(whole)))
  expect_equal(area_under(whole)$estimate, delong_by_hand(success, score)[1])
})
