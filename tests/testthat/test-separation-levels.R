# Levels of one outcome: what is found at once is what the linear programs find.

constant_data <- function(seed, base = FALSE, second = FALSE) {
  set.seed(seed)
  d <- expand.grid(k = 1:6, id = 1:150)
  d$x <- rnorm(nrow(d))
  d$y <- rbinom(nrow(d), 1, plogis(d$x))
  d$y[d$id %in% c(if (base) 1L, 20L, 33L)] <- 1
  d$y[d$id %in% c(57L, 90L)] <- 0
  d$g <- 1 + (seq_len(nrow(d)) * 7L) %% 5L
  if (second) {
    d$g[d$id %in% c(20L, 40L, 41L) & d$k == 2L] <- 6L
    d$y[d$g == 6L] <- 1
  }
  if (!base) d$y[d$id == 1L & d$k < 3L] <- 0:1
  transform(d, id = factor(id), g = factor(g))
}

by_both_ways <- function(formula, d) {
  fit <- suppressWarnings(fastlogit(formula, data = d))
  frame <- model.frame(fit)
  general <- detect_separation(formula, data = d)
  list(at_once = separation(fit), general = general, fit = fit)
}

test_that("signs and rows are those of the cone", {
  data <- list(constant_data(1L), constant_data(2L, base = TRUE), constant_data(3L, second = TRUE))
  for (d in data) {
    for (formula in list(y ~ x + id, y ~ x + id + g)) {
      found <- by_both_ways(formula, d)
      expect_identical(found$at_once$coefficients, found$general$coefficients)
      expect_identical(found$at_once$rows, found$general$rows)
      expect_identical(found$at_once$kind, found$general$kind)
      # The direction separates exactly these rows.
      x <- model.matrix(formula, d)
      eta <- drop(x %*% found$at_once$direction) * ifelse(d$y == 1, 1, -1)
      expect_true(all(eta[found$at_once$rows] > 0))
      expect_lt(max(abs(eta[-found$at_once$rows])), 1e-12)
    }
  }
})

test_that("the limit is the fit of the rows that are left", {
  d <- constant_data(4L)
  fit <- suppressWarnings(fastlogit(y ~ x + id, data = d))
  kept <- droplevels(d[-separation(fit)$rows, ])
  rest <- glm(y ~ x + id, binomial(), kept, control = list(epsilon = 1e-14))
  expect_equal(
    coef(summary(fit))[names(coef(rest)), 1:2], coef(summary(rest))[, 1:2], tolerance = 1e-8
  )
})

test_that("a single level is named with its rows", {
  d <- constant_data(5L)
  d$y[d$id %in% c(20, 33, 57)] <- rep(0:1, 9)
  d <- d[!as.vector(tapply(d$y, d$id, function(v) all(v == v[1])))[d$id] | d$id == 90, ]
  expect_warning(
    fastlogit(y ~ x + id, data = d), "6 rows, all with y = 0, have id90 = 1", fixed = TRUE
  )
})

test_that("a fit that knows the levels beforehand ends where one ends that finds them later", {
  for (base in c(FALSE, TRUE)) {
    d <- constant_data(5L, base = base)
    for (link in c("logit", "probit", "cloglog")) {
      ahead <- suppressWarnings(fastlogit(y ~ x + id, binomial(link), d))
      # A start of one's own goes the long way.
      later <- suppressWarnings(
        fastlogit(y ~ x + id, binomial(link), d, start = numeric(length(coef(ahead))))
      )
      expect_identical(ahead$status, later$status)
      expect_identical(separation(ahead)$coefficients, separation(later)$coefficients)
      expect_equal(coef(summary(ahead)), coef(summary(later)), tolerance = 1e-7)
      expect_lt(abs(deviance(ahead) - separation(ahead)$limit$deviance), 1e-3)
      apart <- separation(ahead)$rows
      expect_lt(max(abs(fitted(ahead)[apart] - d$y[apart])), 1e-7)
      rest <- suppressWarnings(glm(
        y ~ x + id, binomial(link), droplevels(d[-apart, ]),
        control = list(epsilon = 1e-14, maxit = 200)
      ))
      expect_equal(coef(summary(ahead))["x", 1:2], coef(summary(rest))["x", 1:2], tolerance = 1e-6)
    }
  }
})
