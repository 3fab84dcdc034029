# Factors of many levels: the information keeps to its pattern.

panel_data <- function(levels, rows, seed, second = 0L, spread = 1) {
  set.seed(seed)
  id <- sample(rep(seq_len(levels), each = rows))
  d <- data.frame(x = rnorm(levels * rows), u = runif(levels * rows), id = factor(id))
  eta <- spread * rnorm(levels)[id] + d$x - 0.5 * d$u
  if (second) {
    g <- sample(second, nrow(d), TRUE)
    d$g <- factor(g)
    eta <- eta + rnorm(second)[g]
  }
  d$y <- rbinom(nrow(d), 1, plogis(eta))
  d
}

expect_same_fit <- function(a, b, tolerance = 1e-8) {
  expect_equal(coef(a), coef(b), tolerance = tolerance)
  expect_equal(deviance(a), deviance(b), tolerance = 1e-10)
  expect_equal(
    coef(summary(a))[, 2L], coef(summary(b))[, 2L], tolerance = tolerance
  )
}

test_that("codes on a pattern give the fit of glm()", {
  d <- panel_data(40L, 40L, 1L, second = 20L, spread = 0.3)
  for (formula in list(y ~ x + id, y ~ id + x + u, y ~ x + id + g, y ~ 0 + g + u + id)) {
    ours <- fastlogit(formula, data = d, sparse = TRUE)
    theirs <- glm(formula, binomial(), d, control = list(epsilon = 1e-14))
    expect_same_fit(ours, theirs)
  }
  alone <- fastlogit(y ~ x + id, data = d, sparse = TRUE)
  expect_s3_class(alone$cholesky$expected, "sparse_cholesky")
})

test_that("slopes of each level, interactions and other links keep to the pattern", {
  d <- panel_data(30L, 60L, 2L, spread = 0.2)
  d$s <- gl(2L, 1L, nrow(d))
  for (formula in list(y ~ id + x:id, y ~ s * id + x)) {
    for (link in c("logit", "probit")) {
      ours <- fastlogit(formula, binomial(link), d, sparse = TRUE)
      theirs <- glm(formula, binomial(link), d, control = list(epsilon = 1e-14))
      expect_same_fit(ours, theirs, 1e-7)
    }
  }
})

test_that("contrasts that are no indicators go by a sparse matrix", {
  d <- panel_data(30L, 40L, 3L, spread = 0.3)
  sums <- list(id = "contr.sum")
  ours <- fastlogit(y ~ x + id, data = d, sparse = TRUE, contrasts = sums)
  expect_same_fit(
    ours, glm(y ~ x + id, binomial(), d, contrasts = sums, control = list(epsilon = 1e-14))
  )
})

test_that("a penalty on the pattern is that of the dense information", {
  d <- panel_data(30L, 6L, 4L)
  for (penalty in list("firth", penalty_ridge(0.5))) {
    light <- fastlogit(y ~ x + id, data = d, sparse = TRUE, penalty = penalty)
    dense <- fastlogit(y ~ x + id, data = d, penalty = penalty)
    expect_equal(coef(light), coef(dense), tolerance = 1e-8)
  }
})

test_that("the number of threads changes no bit", {
  d <- panel_data(2000L, 40L, 5L, second = 50L, spread = 0.3)
  one <- fastlogit(y ~ x + id + g, data = d, threads = 1)
  two <- fastlogit(y ~ x + id + g, data = d, threads = 2)
  expect_true(one$sparse)
  expect_identical(coef(one), coef(two))
  expect_identical(one$cholesky, two$cholesky)
})

test_that("a design of many levels is sparse by itself, unless it is told not to be", {
  d <- panel_data(1100L, 8L, 6L, spread = 0.2)
  expect_true(suppressWarnings(fastlogit(y ~ x + id, data = d))$sparse)
  few <- d[as.integer(d$id) <= 200L, ]
  expect_null(suppressWarnings(fastlogit(y ~ x + id, data = few))$sparse)
  expect_null(suppressWarnings(fastlogit(y ~ x + id, data = d, sparse = FALSE))$sparse)
  words <- transform(d, id = as.character(id))
  of_words <- suppressWarnings(fastlogit(y ~ x + id, data = words))
  of_factor <- suppressWarnings(fastlogit(y ~ x + id, data = d))
  expect_equal(deviance(of_words), deviance(of_factor), tolerance = 1e-6)
})

test_that("very many coefficients have errors, but no covariance matrix", {
  d <- panel_data(21000L, 4L, 7L, spread = 0.2)
  fit <- suppressWarnings(fastlogit(y ~ x + id, data = d))
  expect_error(vcov(fit), class = "fastlogit_too_large")
  table <- coef(summary(fit))
  error <- table["x", 2L]
  expect_equal(unname(confint(fit, "x")), table["x", 1L] + c(-1, 1) * qnorm(0.975) * error,
               ignore_attr = TRUE)
  kept <- d[!seq_len(nrow(d)) %in% separation(fit)$rows, ]
  conditional <- suppressWarnings(fastlogit(y ~ x + id, data = droplevels(kept)))
  expect_equal(error, coef(summary(conditional))["x", 2L], tolerance = 1e-8)
  expect_length(capture.output(print(fit, max = 10)), 16L)
  rows <- which(!seq_len(nrow(d)) %in% separation(fit)$rows)[1:3]
  predicted <- predict(fit, d[rows, ], se.fit = TRUE)
  expect_true(all(is.finite(predicted$se.fit)))
  expect_equal(
    predicted$se.fit, predict(conditional, d[rows, ], se.fit = TRUE)$se.fit, tolerance = 1e-6
  )
})

# Levels of id meet but one half of those of g, so that one column of g more is aliased.
apart_data <- function(levels, rows) {
  d <- panel_data(levels, rows, 8L, second = 12L, spread = 0.2)
  transform(d, g = factor(2L * (as.integer(g) %/% 2L) + as.integer(id) %% 2L))
}

test_that("two factors that fall apart lose the columns that glm() loses", {
  d <- apart_data(120L, 16L)
  for (formula in list(y ~ x + id + g, y ~ g + x + id, y ~ 0 + id + g + u)) {
    ours <- fastlogit(formula, data = d, sparse = TRUE)
    aliased <- is.na(coef(ours))
    expect_identical(aliased, is.na(coef(glm(formula, binomial(), d))))
    expect_gt(sum(aliased), 0L)
    # To more digits than glm() finds aliased columns with.
    kept <- model.matrix(formula, d)[, !aliased]
    theirs <- summary(glm(d$y ~ 0 + kept, binomial(), control = list(epsilon = 1e-14)))
    expect_equal(
      unname(coef(summary(ours))[, 1:2]), unname(coef(theirs)[, 1:2]), tolerance = 1e-8
    )
  }
})

test_that("so they do where there are too many rows to be decomposed, in any order", {
  d <- apart_data(400L, 30L)
  sorted <- d[order(d$id, d$g), ]
  for (formula in list(y ~ x + id + g, y ~ g + x + id)) {
    ours <- fastlogit(formula, data = d, sparse = TRUE)
    expect_s3_class(ours$cholesky$expected, "sparse_cholesky")
    dense <- fastlogit(formula, data = d, sparse = FALSE)
    expect_identical(is.na(coef(ours)), is.na(coef(dense)))
    expect_gt(sum(is.na(coef(ours))), 0L)
    expect_same_fit(ours, dense)
    expect_equal(coef(fastlogit(formula, data = sorted, sparse = TRUE)), coef(ours),
                 tolerance = 1e-10)
  }
})

test_that("the variances of two factors are those of the dense information", {
  d <- panel_data(400L, 40L, 9L, second = 90L, spread = 0.2)
  ours <- fastlogit(y ~ x + id + g, data = d, sparse = TRUE)
  expect_s3_class(ours$cholesky$expected, "sparse_cholesky")
  dense <- fastlogit(y ~ x + id + g, data = d, sparse = FALSE)
  expect_equal(
    inverse_diagonal_impl(ours$cholesky$expected), unname(diag(vcov(dense))), tolerance = 1e-10
  )
})

test_that("levels whose rows have no weight are aliased, and change nothing else", {
  d <- panel_data(1200L, 8L, 10L, spread = 0.2)
  weights <- as.numeric(!as.integer(d$id) %in% c(7L, 300L, 1200L))
  for (link in c("logit", "probit")) {
    all <- suppressWarnings(fastlogit(y ~ x + id, binomial(link), d, weights = weights))
    rest <- suppressWarnings(
      fastlogit(y ~ x + id, binomial(link), droplevels(d[weights > 0, ]))
    )
    lost <- setdiff(names(coef(all)), names(coef(rest)))
    expect_identical(lost, paste0("id", c(7L, 300L, 1200L)))
    expect_true(all(is.na(coef(all)[lost])))
    kept <- setdiff(names(coef(rest)), affected_estimates(separation(rest)))
    expect_equal(coef(summary(all))[kept, 1:2], coef(summary(rest))[kept, 1:2], tolerance = 1e-8)
  }
})

test_that("what no linear predictor exceeds goes by one level of each factor", {
  d <- panel_data(1100L, 40L, 11L, second = 30L, spread = 0.3)
  fit <- fastlogit(y ~ x + u + id + g, data = d)
  reach <- qlogis(max(fit$deferred$bounds_of_means))
  b <- coef(fit)
  of <- function(pattern) max(abs(b[grepl(pattern, names(b))]))
  most <- abs(b[["(Intercept)"]]) + abs(b[["x"]]) * max(abs(d$x)) + abs(b[["u"]]) + of("^id") +
    of("^g")
  expect_gte(reach, max(abs(fit$linear.predictors)))
  # Numbers are measured in powers of two.
  expect_lte(reach, 2 * most)
})
