# Bias corrections: those of packages bife and alpaca, and the definition.

# The formulas of Fernandez-Val (2009), by dense matrices.
corrected_by_hand <- function(d) {
  varies <- ave(d$y, d$id)
  d <- droplevels(d[varies > 0 & varies < 1, ])
  plain <- glm(y ~ x + g + id, binomial(), d, control = list(epsilon = 1e-14))
  levels <- model.matrix(~ 0 + id, d)
  x <- as.matrix(d[c("x", "g")])
  mu <- fitted(plain)
  w <- mu * (1 - mu)
  within <- x - levels %*% solve(crossprod(levels, w * levels), crossprod(levels, w * x))
  by_level <- crossprod(levels, within * (w * (1 - 2 * mu))) / as.vector(crossprod(levels, w))
  beta <- coef(plain)[2:3] + solve(crossprod(within, w * within), colSums(by_level) / 2)
  d$shift <- drop(x %*% beta)
  again <- glm(y ~ 0 + id + offset(shift), binomial(), d, control = list(epsilon = 1e-14))
  list(beta = beta, eta = again$linear.predictors, data = d)
}

test_that("the analytical correction is that of the formulas", {
  d <- short_panel(60L, 6L, 1L)
  fit <- corrected_fit(y ~ x + g + id, data = d, bias_correction = "analytical")
  hand <- corrected_by_hand(d)
  table <- coef(summary(fit))
  expect_equal(table[2:3, 1L], hand$beta, tolerance = 1e-8)
  rows <- -separation(fit)$rows
  expect_equal(unname(fit$linear.predictors[rows]), unname(hand$eta), tolerance = 1e-7)
  mu <- plogis(hand$eta)
  w <- mu * (1 - mu)
  all <- model.matrix(~ x + g + id, hand$data)
  errors <- sqrt(diag(solve(crossprod(all, w * all))))
  expect_equal(table[2:3, 2L], errors[2:3], tolerance = 1e-7)
})

test_that("fits and average effects are those of bife", {
  skip_if_not_installed("bife")
  for (link in c("logit", "probit")) {
    d <- short_panel(120L, 7L, 2L, link)
    plain <- bife::bife(y ~ x + g | id, data = d, model = link, control = list(dev_tol = 1e-14))
    theirs <- bife::bias_corr(plain)
    fit <- corrected_fit(y ~ x + g + id, binomial(link), d, bias_correction = "analytical")
    expect_equal(coef(summary(fit))[2:3, 1L], coef(theirs), tolerance = 1e-6)
    errors <- sqrt(unname(diag(vcov(theirs))))
    expect_equal(unname(coef(summary(fit))[2:3, 2L]), errors, tolerance = 1e-6)
    effects <- average_effects(fit, list(x = NULL, g = 0:1))
    averages <- bife::get_APEs(theirs)
    expect_equal(effects$estimate, unname(averages$delta), tolerance = 1e-6)
    expect_equal(effects$std.error, unname(sqrt(diag(averages$vcov))), tolerance = 1e-6)
  }
})

test_that("the jackknife leaves out each row of each level once", {
  d <- short_panel(50L, 5L, 4L)
  fit <- corrected_fit(y ~ x + g + id, data = d, bias_correction = "jackknife")
  estimate <- function(rows) {
    part <- d[rows, ]
    varies <- ave(part$y, part$id)
    part <- droplevels(part[varies > 0 & varies < 1, ])
    plain <- glm(y ~ x + g + id, binomial(), part, control = list(epsilon = 1e-14))
    mu <- fitted(plain)
    c(coef(plain)[2:3], coef(plain)[["x"]] * sum(mu * (1 - mu)) / length(rows))
  }
  varies <- ave(d$y, d$id)
  left_out <- vapply(1:5, function(k) {
    estimate(which(d$t != k & varies > 0 & varies < 1))[1:2]
  }, numeric(2L))
  hand <- 5 * estimate(seq_len(nrow(d)))[1:2] - 4 * rowMeans(left_out)
  expect_equal(coef(fit)[2:3], hand, tolerance = 1e-7)
  constant <- varies == 0 | varies == 1
  averages <- vapply(1:5, function(k) {
    mean_of_rest <- estimate(which(d$t != k & !constant))[3L]
    mean_of_rest * sum(d$t != k & !constant) / sum(d$t != k)
  }, 0)
  expect_equal(
    average_effects(fit, "x")$estimate,
    unname(5 * estimate(seq_len(nrow(d)))[3L] - 4 * mean(averages)), tolerance = 1e-7
  )
})

test_that("a correction says so, and asks what it cannot know", {
  d <- short_panel(40L, 8L, 5L)
  fit <- corrected_fit(y ~ x + id, data = d, bias_correction = "analytical")
  expect_match(paste(capture.output(summary(fit)), collapse = " "), "bias\\s+correction for `id`")
  expect_named(fit$bias_correction$uncorrected, "x")
  expect_error(lr_test(fit), class = "fastlogit_input_error")
  expect_error(bootstrap(fit), class = "fastlogit_input_error")
  expect_error(average_predictions(fit), class = "fastlogit_input_error")
  expect_identical(
    confint(fit, "x"), confint(fit, "x", method = "wald")
  )
  refused <- function(formula, correction, pattern, ...) {
    expect_error(
      corrected_fit(formula, data = d, bias_correction = correction, ...), pattern,
      class = "fastlogit_input_error"
    )
  }
  refused(y ~ x + id + t, "analytical", "which factor")
  refused(y ~ x, "analytical", "none")
  refused(y ~ x + id, analytical ~ t, "must be a factor")
  refused(y ~ x * id, "analytical", "interaction")
  refused(y ~ x + id, "exact", "bias_correction")
  refused(y ~ x + id, "analytical", "penalty", penalty = "firth")
  d <- d[-1L, ]
  refused(y ~ x + id, "jackknife", "as many rows")
})
