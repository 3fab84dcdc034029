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

# Of rows 1, 2, 1, 2, 3.
ave_within <- function(eta) eta - ave(eta, c(1, 1, 2, 2, 3))

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
  new <- infert[c(1, 84, 2, 85, 86), ]
  for (type in c("lp", "risk", "terms")) {
    for (reference in c("strata", "sample", "zero")) {
      expect_equal(
        predict(fit, new, type = type, reference = reference),
        predict(other, new, type = type, reference = reference)[TRUE],
        tolerance = 1e-6, ignore_attr = TRUE, label = paste(type, reference)
      )
    }
  }
  unknown <- transform(new, stratum = stratum + 1000)
  expect_equal(
    predict(fit, unknown, reference = "strata"), ave_within(predict(fit, new, reference = "zero")),
    tolerance = 1e-10
  )
  expect_equal(
    predict(fit, new, type = "terms", terms = 2, se.fit = TRUE)$se.fit,
    predict(fit, new, type = "terms", se.fit = TRUE)$se.fit[, 2, drop = FALSE]
  )
  terms <- predict(fit, type = "terms")
  expect_equal(
    unname(terms), unname(predict(other, type = "terms", reference = "sample"))[, 1:2],
    tolerance = 1e-6, ignore_attr = TRUE
  )
})

test_that("dfbetas are about what leaving out a set does", {
  fit <- fit_of_infert()
  found <- residuals(fit, type = "dfbeta", collapse = fit$set)
  left_out <- t(vapply(1:20, function(set) {
    coef(fit) - coef(update(fit, data = infert[infert$stratum != set, ]))
  }, numeric(2)))
  expect_gt(cor(c(found[1:20, ]), c(left_out)), 0.99)
  expect_equal(
    residuals(fit, type = "dfbetas"),
    residuals(fit, type = "dfbeta") / rep(sqrt(diag(vcov(fit))), each = 248)
  )
  expect_equal(crossprod(found), vcov(fit, type = "robust"), tolerance = 1e-10, ignore_attr = TRUE)
})
