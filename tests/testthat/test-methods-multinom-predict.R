sets_for_predictions <- function() {
  multinomial_data()[c("hair", "titanic", "infert", "housing", "birthwt", "survey", "pbc", "bdf")]
}

# The rows that are complete, some of them no longer so.
new_rows <- function(set) {
  d <- utils::head(set$data, 12)
  d[[all.vars(set$formula[[3]])[1]]][5] <- NA
  d
}

test_that("predictions, fitted values and residuals are multinom()'s", {
  skip_if_not_installed("nnet")
  for (set in sets_for_predictions()) {
    fit <- fit_classes_of(set, fastmultinom)
    reference <- fit_multinom(set)
    new <- new_rows(set)
    expect_equal(fitted(fit), fitted(reference), tolerance = 1e-5, label = set$name)
    expect_equal(residuals(fit), residuals(reference), tolerance = 1e-5, label = set$name)
    expect_identical(predict(fit), predict(reference), label = set$name)
    expect_identical(predict(fit, new), predict(reference, new), label = set$name)
    for (rows in list(new, new[1, , drop = FALSE])) {
      expect_equal(
        predict(fit, rows, type = "probs"), predict(reference, rows, type = "probs"),
        tolerance = 1e-5, label = set$name
      )
    }
    expect_equal(
      predict(fit, type = "probs"), predict(reference, type = "probs"),
      tolerance = 1e-5, label = set$name
    )
  }
})

test_that("rows that na.exclude leaves out come back as NA", {
  skip_if_not_installed("MASS")
  set <- multinomial_data()$survey
  fit <- fit_classes_of(set, fastmultinom, na.action = quote(na.exclude))
  omitted <- fit_classes_of(set, fastmultinom)
  n <- nrow(set$data)
  kept <- setdiff(seq_len(n), omitted$na.action)
  expect_lt(length(kept), n)
  expect_length(predict(fit), n)
  padded <- list(fitted(fit), predict(fit, type = "link"), predict(fit, se.fit = TRUE)$fit)
  for (predicted in padded) {
    expect_identical(dim(predicted)[1], n)
    expect_true(all(is.na(predicted[-kept, ])))
  }
  expect_equal(residuals(fit, "deviance")[kept], residuals(omitted, "deviance"))
  expect_equal(residuals(fit, "pearson")[kept, ], residuals(omitted, "pearson"))
  expect_equal(
    predict(fit, se.fit = TRUE)$se.fit[kept, ], predict(omitted, se.fit = TRUE)$se.fit
  )
})

test_that("standard errors are those of the delta method", {
  skip_if_not_installed("MASS")
  fit <- fastmultinom(Sat ~ Infl * Cont, data = MASS::housing, weights = Freq)
  new <- MASS::housing[c(1, 20, 40, 72), ]
  moved <- function(shift, type) {
    fit$coefficients[] <- fit$coefficients + matrix(shift, 2, 6, byrow = TRUE)
    as.vector(predict(fit, new, type = type))
  }
  step <- 1e-5
  for (type in c("probs", "link")) {
    slopes <- vapply(seq_along(fit$coefficients), function(k) {
      shift <- replace(numeric(length(fit$coefficients)), k, step)
      (moved(shift, type) - moved(-shift, type)) / (2 * step)
    }, numeric(length(moved(0, type))))
    errors <- sqrt(rowSums((slopes %*% vcov(fit)) * slopes))
    found <- predict(fit, new, type = type, se.fit = TRUE)
    expect_named(found, c("fit", "se.fit"))
    expect_equal(as.vector(found$se.fit), errors, tolerance = 1e-7)
    expect_identical(dimnames(found$se.fit), dimnames(found$fit))
    expect_identical(found$fit, predict(fit, new, type = type))
  }
})

test_that("standard errors and intervals hold where probabilities round to 0 and 1", {
  d <- simulate_classes(200)
  fit <- fastmultinom(y ~ x1, data = d)
  far <- data.frame(x1 = c(-1e3, -50, 50, 1e3))
  found <- predict(fit, far, se.fit = TRUE, interval = "confidence")
  expect_true(all(is.finite(found$se.fit)))
  for (part in found[-2]) expect_true(all(part >= 0 & part <= 1))
  expect_true(all(found$lower <= found$fit + 1e-15 & found$fit <= found$upper + 1e-15))
})

test_that("intervals are symmetric for the logit of each probability", {
  skip_if_not_installed("MASS")
  fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
  new <- MASS::housing[c(1, 4, 7), ]
  found <- predict(fit, new, interval = "confidence", level = 0.9, se.fit = TRUE)
  expect_named(found, c("fit", "se.fit", "lower", "upper"))
  half <- qnorm(0.95) * found$se.fit / (found$fit * (1 - found$fit))
  expect_equal(found$lower, plogis(qlogis(found$fit) - half), tolerance = 1e-10)
  expect_equal(found$upper, plogis(qlogis(found$fit) + half), tolerance = 1e-10)
  link <- predict(fit, new, type = "link", interval = "confidence", se.fit = TRUE)
  expect_equal(link$upper - link$fit, qnorm(0.975) * link$se.fit)
  expect_equal(link$fit - link$lower, qnorm(0.975) * link$se.fit)
})

test_that("two classes give the predictions of fastlogit()", {
  skip_if_not_installed("MASS")
  fit <- fastmultinom(Origin ~ Price + Weight, data = MASS::Cars93)
  binary <- fastlogit(Origin ~ Price + Weight, data = MASS::Cars93)
  new <- MASS::Cars93[c(3, 8, 30), ]
  expect_equal(predict(fit, type = "link"), predict(binary))
  expect_equal(predict(fit, new, "probs"), predict(binary, new, "response"))
  found <- predict(fit, new, interval = "confidence", se.fit = TRUE)
  interval <- predict(binary, new, interval = "confidence")
  expect_equal(do.call(cbind, found[c("fit", "lower", "upper")]), interval)
  expect_equal(found$se.fit, predict(binary, new, "response", se.fit = TRUE)$se.fit)
  expect_identical(as.vector(predict(fit)), as.vector(predict(binary, type = "class")))
  for (type in c("response", "pearson", "deviance")) {
    expect_equal(drop(residuals(fit, type)), residuals(binary, type), label = type)
  }
})

test_that("Pearson and deviance residuals add up", {
  skip_if_not_installed("MASS")
  for (set in sets_for_predictions()) {
    fit <- fit_classes_of(set, fastmultinom)
    saturated <- if (is.null(fit$lev)) {
      y <- fitted(fit) + residuals(fit)
      -2 * sum(fit$weights[, 1] * ifelse(y > 0, y * log(pmax(y, 1e-300)), 0))
    } else {
      0
    }
    expect_equal(sum(residuals(fit, "deviance")^2), fit$deviance - saturated, label = set$name)
    p <- fitted(fit)
    expect_equal(
      residuals(fit, "pearson"), sqrt(fit$weights[, 1]) * residuals(fit) / sqrt(p * (1 - p)),
      label = set$name
    )
  }
})

test_that("an offset is evaluated in the new data", {
  d <- simulate_classes(120)
  d$o <- round(d$x2, 1)
  other <- transform(d[1:4, ], o = o + 1)
  argument <- fastmultinom(y ~ x1, data = d, offset = cbind(o, -o / 2))
  formula <- fastmultinom(y ~ x1 + offset(cbind(o, -o / 2)), data = d)
  expect_equal(predict(argument, d, "probs"), fitted(argument))
  expect_equal(predict(formula, d, "probs"), fitted(argument))
  found <- predict(argument, other, "link")
  expect_equal(predict(formula, other, "link"), found)
  old <- predict(argument, d[1:4, ], "link")
  expect_equal(found - old, cbind(b = rep(1, 4), c = -0.5), ignore_attr = TRUE)
  rebased <- relevel(argument, "c")
  expect_equal(predict(rebased, other, "probs")[, argument$lab],
               predict(argument, other, "probs"))
  twice <- relevel(rebased, "b")
  expect_equal(predict(twice, other, "probs")[, argument$lab], predict(argument, other, "probs"))
  other$o[2] <- NA
  expect_identical(is.na(predict(argument, other)), c(FALSE, TRUE, FALSE, FALSE))
  expect_snapshot(error = TRUE, predict(argument, other["x1"]))
})

test_that("aliased coefficients count as zero, with a warning for new data", {
  d <- transform(simulate_classes(100), twice = 2 * x1)
  fit <- fastmultinom(y ~ x1 + twice + x2, data = d)
  plain <- fastmultinom(y ~ x1 + x2, data = d)
  expect_warning(found <- predict(fit, d, se.fit = TRUE), class = "fastlogit_rank_deficient")
  expect_equal(found, predict(plain, d, se.fit = TRUE))
  expect_equal(expect_no_warning_from(predict(fit, se.fit = TRUE)), predict(plain, se.fit = TRUE))
})

test_that("no new rows give no predictions", {
  fit <- fastmultinom(Species ~ Sepal.Width, data = iris)
  expect_identical(predict(fit, iris[0, ]), iris$Species[0])
  for (type in c("probs", "link")) {
    found <- expect_no_warning_from(predict(fit, iris[0, ], type, se.fit = TRUE))
    for (part in found) expect_identical(dim(part), c(0L, if (type == "probs") 3L else 2L))
  }
})

test_that("the first of equally probable classes is predicted", {
  fit <- fastmultinom(y ~ 1, data = data.frame(y = factor(c("a", "b", "c"))))
  expect_identical(predict(fit, data.frame(z = 1:50)), factor(rep("a", 50), c("a", "b", "c")))
})

test_that("what cannot be predicted is told", {
  skip_if_not_installed("MASS")
  fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
  expect_snapshot(error = TRUE, predict(fit, data.frame(Infl = "Highest")))
  expect_snapshot(error = TRUE, predict(fit, data.frame(Type = "Tower")))
  expect_snapshot(error = TRUE, predict(fit, type = "terms"))
  expect_snapshot(error = TRUE, predict(fit, type = "class", se.fit = TRUE))
  expect_snapshot(error = TRUE, predict(fit, level = 95))
  expect_snapshot(error = TRUE, residuals(fit, type = "working"))
})
