test_that("broom's tables take any covariance, and say how rows are predicted", {
  skip_if_not_installed("broom")
  data <- ordered_data(150)
  fit <- fastordinal(y ~ x + g, data)
  robust <- broom::tidy(fit, vcov = "HC0", p.values = TRUE)
  shown <- summary(fit, vcov = "HC0")$table
  expect_equal(robust$std.error, unname(shown[, 2L]))
  expect_equal(robust$p.value[1:3], unname(shown[1:3, 4L]))
  expect_identical(is.na(robust$p.value), robust$coef.type == "scale")
  single <- fastordinal(y ~ x + u, data)
  theirs <- suppressMessages(
    broom::tidy(MASS::polr(y ~ x + u, data, Hess = TRUE), p.values = TRUE)
  )
  expect_equal(broom::tidy(single, p.values = TRUE)$p.value, theirs$p.value, tolerance = 1e-4)
  expect_warning(broom::tidy(fit, conf.lvl = 0.9), "conf.lvl")
  rows <- broom::augment(fit, newdata = data[1:5, ], se_fit = TRUE)
  expected <- predict(fit, data[1:5, ], type = "probs", se.fit = TRUE)
  expect_equal(rows$.fitted_l2, unname(expected$fit[, 2L]))
  expect_equal(rows$.se.fit_l4, unname(expected$se.fit[, 4L]))
  expect_identical(rows$.fitted, predict(fit, data[1:5, ]))
  expect_identical(nrow(broom::augment(fit)), 150L)
  expect_identical(broom::glance(fit)$BIC, BIC(fit))
  expect_match(broom::glance(fit, vcov = ~ id)$vcov.type, "clustered by id")
})

test_that("sandwich's estimator is of weights and offsets as well", {
  skip_if_not_installed("sandwich")
  data <- ordered_data(150)
  for (steps in ordered_steps) {
    parallel <- if (steps == "cumulative") TRUE else ~ x
    fit <- fastordinal(
      y ~ x + u + offset(o), data, weights = w, family = steps, parallel = parallel, link = "probit"
    )
    expect_equal(sandwich::sandwich(fit), vcov(fit, type = "HC0"), tolerance = 1e-9)
    expect_lt(max(abs(colSums(sandwich::estfun(fit)))), 1e-8)
    # Scores row by row, by differences of the logarithms of probabilities.
    loglik <- function(theta) {
      moved <- fit
      moved$coefficients[] <- theta[seq_along(fit$coefficients)]
      moved$zeta[] <- theta[-seq_along(fit$coefficients)]
      p <- predict(moved, data, type = "probs")
      data$w * log(p[cbind(seq_len(nrow(data)), as.integer(data$y))])
    }
    theta <- all_estimates(fit)
    scores <- vapply(seq_along(theta), function(j) {
      step <- replace(numeric(length(theta)), j, 1e-5)
      (loglik(theta + step) - loglik(theta - step)) / 2e-5
    }, numeric(nrow(data)))
    expect_equal(unname(sandwich::estfun(fit)), unname(scores), tolerance = 1e-8)
    by_hand <- vcov(fit) %*% crossprod(scores) %*% vcov(fit)
    expect_equal(unname(vcov(fit, type = "HC0")), unname(by_hand), tolerance = 1e-7)
  }
})

test_that("polr()'s sandwich is ours where weights are one and there is no offset", {
  skip_if_not_installed("sandwich")
  data <- ordered_data(150)
  ours <- fastordinal(y ~ x + u, data)
  theirs <- MASS::polr(y ~ x + u, data, Hess = TRUE, control = list(reltol = 1e-14))
  expect_equal(sandwich::sandwich(ours), sandwich::sandwich(theirs), tolerance = 1e-4)
})

test_that("what takes a polr's model for granted is refused to other models", {
  data <- ordered_data(200)
  fit <- fastordinal(y ~ x + g, data)
  others <- list(update(fit, family = "adjacent"), update(fit, parallel = ~ x, family = "cont"))
  for (other in others) {
    if (requireNamespace("effects", quietly = TRUE)) {
      expect_error(effects::Effect("g", other), "average_predictions")
    }
    if (requireNamespace("emmeans", quietly = TRUE)) {
      expect_error(emmeans::emmeans(other, "g"), "average_predictions")
    }
  }
})

test_that("car's table of terms is of the fit's own model", {
  skip_if_not_installed("car")
  data <- ordered_data(200)
  for (steps in ordered_steps) {
    fit <- fastordinal(y ~ x + g + offset(o), data, weights = w, family = steps, link = "probit")
    table <- car::Anova(fit)
    expect_equal(table[["LR Chisq"]], drop1(fit, test = "Chisq")$LRT[-1L], tolerance = 1e-7)
    expect_identical(table$Df, c(1L, 2L) + 0)
  }
})

test_that("marginal effects of package marginaleffects are those of average_effects()", {
  skip_if_not_installed("marginaleffects")
  data <- ordered_data(150)
  fit <- fastordinal(y ~ x + g, data, family = "adjacent", parallel = ~ x)
  theirs <- as.data.frame(marginaleffects::avg_slopes(fit, variables = "x"))
  ours <- average_effects(fit, "x")
  expect_equal(theirs$estimate, ours$estimate, tolerance = 1e-5)
  expect_equal(theirs$std.error, ours$std.error, tolerance = 1e-4)
})

test_that("tests of coefficients are z tests, and refused where estimates are infinite", {
  skip_if_not_installed("lmtest")
  fit <- fastordinal(y ~ x + u, ordered_data(150))
  found <- lmtest::coeftest(fit, vcov. = vcov(fit, type = "HC0"))
  expect_equal(found[, 4L], summary(fit, vcov = "HC0")$table[1:2, 4L])
  d <- data.frame(y = factor(rep(1:3, each = 4)), x = 1:12, z = rep(0:1, 6))
  separated <- suppressWarnings(fastordinal(y ~ x + z, d))
  expect_error(lmtest::coeftest(separated), class = "fastlogit_infinite_estimates")
  skip_if_not_installed("texreg")
  expect_identical(texreg::extract(fit)@coef[1:2], coef(fit))
})
