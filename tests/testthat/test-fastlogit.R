# The call, beyond what the fit contracts see.

test_that("glm()'s own methods go to glm()", {
  fit <- fastlogit(fail ~ temp, data = oring)
  expect_equal(update(fit, method = "model.frame"), model.frame(fit), ignore_attr = TRUE)
  refit <- update(fit, method = "glm.fit")
  expect_equal(class(refit), c("glm", "lm"))
  expect_equal(coef(refit), coef(fit), tolerance = 1e-6)
})

test_that("equal rows have equal fitted values, wherever they stand", {
  for (n in c(5, 63, 64, 513)) {
    d <- data.frame(a = rep(0.1, n), b = rep(1 / 3, n), y = rep_len(c(0, 1, 1), n))
    d[1:3, c("a", "b")] <- c(0.7, -0.2, 0.35, 1 / 7, 0.9, 0.11)
    fit <- fastlogit(y ~ a + b, data = d)
    expect_length(unique(unname(fitted(fit))[-(1:3)]), 1)
  }
})

test_that("an explicit NULL for newdata is not padded, as for glm()", {
  fit <- fastlogit(Ozone > 50 ~ Wind, data = airquality, na.action = na.exclude)
  expect_length(predict(fit, newdata = NULL), nobs(fit))
  expect_length(predict(fit), nrow(airquality))
})
