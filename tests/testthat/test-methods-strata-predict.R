# Predictions and residuals of matched sets.

test_that("probabilities within sets and their errors are right", {
  fit <- fit_of_infert()
  chances <- predict(fit, type = "expected", se.fit = TRUE)
  e <- exp(model.matrix(fit) %*% coef(fit))
  expect_equal(
    unname(chances$fit), as.vector(e / ave(as.vector(e), infert$stratum, FUN = sum)),
    tolerance = 1e-12
  )
  expect_equal(unname(chances$fit), unname(fitted(fit)), tolerance = 1e-12)
  x <- model.matrix(fit)
  mean <- rowsum(x * chances$fit, infert$stratum)[as.character(infert$stratum), ]
  slope <- chances$fit * (x - mean)
  expect_equal(
    unname(chances$se.fit), unname(sqrt(rowSums((slope %*% vcov(fit)) * slope))), tolerance = 1e-6
  )
  new <- data.frame(stratum = c(1, 2, 1, 2), spontaneous = c(0, 1, 2, 1), induced = c(1, 0, 0, 1))
  found <- predict(fit, new, type = "expected")
  expect_equal(unname(found[1] + found[3]), 1)
  expect_equal(unname(found[1]), plogis(sum(coef(fit) * c(-2, 1))))
  # How many cases the sets have, where the response is there.
  two <- predict(fit, transform(new, case = c(1, 0, 1, 0)), type = "expected")
  expect_equal(unname(two), c(1, 0, 1, 0))
  expect_equal(
    unname(predict(fit, new[, -1], reference = "zero")),
    as.vector(as.matrix(new[, -1]) %*% coef(fit))
  )
  new$induced[2] <- NA
  expect_equal(unname(is.na(predict(fit, new, type = "expected"))), c(FALSE, TRUE, FALSE, FALSE))
  expect_error(predict(fit, new[, -2]), class = "fastlogit_input_error")
  expect_error(predict(fit, type = "probs"), "must be one of")
})

test_that("predictions are survival's", {
  skip_if_not_installed("survival")
  formula <- case ~ spontaneous + factor(induced) + strata(stratum)
  fit <- fastclogit(formula, data = infert)
  other <- by_survival(formula, infert)
  for (reference in c("strata", "sample", "zero")) {
    for (type in c("lp", "risk")) {
      expect_equal(
        lapply(predict(fit, type = type, reference = reference, se.fit = TRUE), unname),
        lapply(predict(other, type = type, reference = reference, se.fit = TRUE), unname)[1:2],
        tolerance = 1e-6, label = paste(reference, type)
      )
    }
  }
  terms <- predict(fit, type = "terms", reference = "sample")
  expect_equal(
    unname(terms), unname(predict(other, type = "terms", reference = "sample"))[, 1:2],
    tolerance = 1e-6, ignore_attr = TRUE
  )
})
