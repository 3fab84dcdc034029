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

test_that("levels of one outcome are named and counted, the first one as well", {
  d <- short_panel(60L, 6L, 8L)
  d$y[d$id %in% c(1L, 17L)] <- 1
  d$y[d$id == 40L] <- 0
  mixed <- tapply(d$y, d$id, function(y) length(unique(y)) > 1L)
  fit <- corrected_fit(y ~ x + g + id, data = d, bias_correction = "analytical")
  expect_identical(fit$bias_correction$dropped, list(id = names(mixed)[!mixed]))
  shown <- paste(capture.output(print(fit)), collapse = " ")
  expect_match(shown, paste0("without\\s+", sum(!mixed), "\\s+of\\s+one\\s+outcome"))
  rest <- corrected_fit(
    y ~ x + g + id, data = droplevels(d[mixed[d$id], ]), bias_correction = "analytical"
  )
  expect_identical(rest$bias_correction$dropped, list(id = character()))
  expect_equal(coef(summary(fit))[2:3, ], coef(summary(rest))[2:3, ], tolerance = 1e-8)
})

test_that("offsets, subsets and missing values are as ever, under each link", {
  d <- short_panel(50L, 8L, 9L)
  for (link in c("logit", "probit", "cloglog")) {
    correct <- function(formula, data) {
      fit <- corrected_fit(formula, binomial(link), data, bias_correction = "analytical")
      coef(summary(fit))[2:3, 1:2]
    }
    # An offset of x moves its estimate, and the bias depends on the linear predictor alone.
    moved <- correct(y ~ x + g + id + offset(0.25 * x), d)
    all <- correct(y ~ x + g + id, d)
    expect_equal(moved + c(0.25, 0, 0, 0), all, tolerance = 1e-7)
    few <- correct(y ~ x + g + id, droplevels(d[d$t != "8", ]))
    part <- suppressWarnings(fastlogit(
      y ~ x + g + id, binomial(link), d, subset = t != "8", bias_correction = "analytical"
    ))
    expect_equal(coef(summary(part))[2:3, 1:2], few, tolerance = 1e-10)
    gaps <- transform(d, x = replace(x, t == "8", NA))
    expect_equal(correct(y ~ x + g + id, gaps), few, tolerance = 1e-10)
  }
})

test_that("methods see the corrected estimates, or say why not", {
  d <- short_panel(20L, 40L, 10L)
  fit <- fastlogit(y ~ x + g + id, data = d, bias_correction = "analytical")
  expect_true(fit$converged)
  x <- model.matrix(y ~ x + g + id, d)
  expect_equal(predict(fit, d), drop(x %*% coef(fit)), tolerance = 1e-10)
  expect_equal(unname(fitted(fit)), unname(plogis(drop(x %*% coef(fit)))), tolerance = 1e-10)
  mu <- fitted(fit)
  covariance <- solve(crossprod(x, mu * (1 - mu) * x))
  expect_equal(unname(vcov(fit)), unname(covariance), tolerance = 1e-8)
  # The estimates are no zero of the score: clusters' scores are those of the rows, not centred.
  scores <- (d$y - mu) * x
  meat <- crossprod(rowsum(scores, d$id))
  clusters <- 20 / 19
  expect_equal(
    unname(vcov(fit, cluster = ~id)),
    unname(clusters * covariance %*% meat %*% covariance), tolerance = 1e-8
  )
  expect_equal(
    unname(confint(fit)[2L, ]),
    coef(fit)[["x"]] + c(-1, 1) * qnorm(0.975) * sqrt(covariance[2L, 2L]), tolerance = 1e-7
  )
  expect_identical(coef(strip(fit)), coef(fit))
  file <- withr::local_tempfile()
  saveRDS(fit, file)
  expect_equal(average_effects(readRDS(file)), average_effects(fit))
  expect_equal(
    coef(update(fit, . ~ . - g)),
    coef(fastlogit(y ~ x + id, data = d, bias_correction = "analytical"))
  )
  refused <- list(
    quote(as_glm(fit)), quote(anova(fit)), quote(drop1(fit)), quote(gof_test(fit)),
    quote(profile(fit)), quote(confint(fit, method = "profile")),
    quote(average_effects(fit, vcov = ~id)), quote(screen(fit, rnorm(800))),
    quote(fastlogit(y ~ x + id, data = d, weights = rep(2, 800), bias_correction = "analytical"))
  )
  for (call in refused) {
    expect_error(eval(call), class = "fastlogit_input_error", label = deparse1(call))
  }
  expect_error(screen(fit, rnorm(800)), "bias correction")
  # Averages are over the rows, which have gone.
  expect_error(average_effects(strip(fit)), "strip\\(\\)", class = "fastlogit_stripped")
  expect_error(
    average_effects(strip(fit), newdata = d), "newdata", class = "fastlogit_input_error"
  )
})
