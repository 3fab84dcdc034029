test_that("predictions are polr()'s, of rows and of new ones", {
  skip_if_not_installed("MASS")
  d <- ordered_data()
  new <- ordered_data(7, seed = 5)
  new$x[3] <- NA
  ours <- fastordinal(y ~ x + g, d)
  theirs <- MASS::polr(y ~ x + g, d, control = list(reltol = 1e-15))
  expect_equal(predict(ours), predict(theirs), ignore_attr = TRUE)
  expect_equal(
    predict(ours, new, type = "probs"), predict(theirs, new, type = "probs"), tolerance = 1e-5
  )
  expect_identical(as.character(predict(ours, new)), as.character(predict(theirs, new)))
  expect_true(is.ordered(predict(ours, new)))
  expect_equal(predict(ours, new[1, ], type = "probs"), predict(ours, new, type = "probs")[1, ])
  expect_equal(predict(ours, new, type = "response"), predict(ours, new, type = "probs"))
})

test_that("the kinds of predictions agree with each other, for all families", {
  d <- ordered_data()
  for (family in c("cumulative", "adjacent", "continuation")) {
    for (parallel in list(TRUE, ~ x)) {
      fit <- fastordinal(y ~ x + g + offset(o), d, family = family, parallel = parallel)
      p <- predict(fit, d, type = "probs")
      expect_equal(p, fit$fitted.values, tolerance = 1e-12, ignore_attr = TRUE)
      sums <- t(apply(p, 1L, cumsum))[, -4L]
      expect_equal(predict(fit, d, type = "cumulative"), sums, ignore_attr = TRUE)
      eta <- predict(fit, d, type = "linear")
      if (family == "cumulative") expect_equal(plogis(eta), sums, ignore_attr = TRUE)
      if (isTRUE(parallel)) {
        expect_equal(unname(eta[, 1L]), unname(fit$zeta[1L] - fit$lp), tolerance = 1e-12)
      }
    }
  }
})

test_that("standard errors are those of the delta method", {
  d <- ordered_data()
  new <- d[1:3, ]
  for (family in c("cumulative", "adjacent", "continuation")) {
    fit <- fastordinal(y ~ x + g, d, family = family, parallel = ~ x)
    for (type in c("probs", "cumulative", "linear")) {
      at <- function(step) {
        moved <- fit
        values <- c(fit$coefficients, fit$zeta) + step
        slopes <- seq_along(fit$coefficients)
        moved$coefficients[] <- values[slopes]
        moved$zeta[] <- values[-slopes]
        as.vector(predict(moved, new, type = type))
      }
      count <- length(fit$position)
      gradient <- vapply(seq_len(count), function(j) {
        h <- 1e-6 * (seq_len(count) == j)
        (at(h) - at(-h)) / 2e-6
      }, at(0))
      found <- predict(fit, new, type = type, se.fit = TRUE)
      expected <- sqrt(rowSums((gradient %*% vcov(fit)) * gradient))
      expect_equal(as.vector(found$se.fit), expected, tolerance = 1e-5, info = paste(family, type))
    }
  }
})

test_that("intervals stay between 0 and 1, and are wider by robust errors that are", {
  d <- ordered_data()
  fit <- fastordinal(y ~ x + g, d)
  far <- data.frame(x = c(-9, 9), g = "a")
  found <- predict(fit, far, type = "probs", interval = "confidence", level = 0.99)
  expect_named(found, c("fit", "lower", "upper"))
  expect_true(all(found$lower >= 0 & found$lower <= found$fit & found$fit <= found$upper))
  expect_true(all(found$upper <= 1))
  robust <- predict(fit, far, se.fit = TRUE, vcov = ~id)
  expect_false(isTRUE(all.equal(robust$se.fit, predict(fit, far, se.fit = TRUE)$se.fit)))
  expect_error(predict(fit, far, type = "class", se.fit = TRUE), class = "fastlogit_input_error")
})

test_that("rows whose cumulative probabilities fall are refused", {
  d <- ordered_data(300)
  fit <- fastordinal(y ~ x, d, parallel = FALSE)
  expect_error(predict(fit, data.frame(x = c(0, 1e4))), "not in order")
})
