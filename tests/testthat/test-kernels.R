# The hand-written kernels: every variant that the machine has gives the same answers.

kernels <- kernels_impl()

with_kernel <- function(name, code) {
  before <- use_kernel_impl(name)
  on.exit(use_kernel_impl(before))
  force(code)
}

# Columns and rows around the sizes of tiles, vectors and blocks.
problem <- function(n, p, seed = 1) {
  set.seed(seed)
  x <- cbind(1, matrix(rnorm(n * (p - 1)), n))
  list(x = x, y = rbinom(n, 1, plogis(x %*% rnorm(p, 0, 1 / sqrt(p)))), w = rpois(n, 2))
}

test_that("there is always a baseline, and the last one is in use", {
  expect_identical(kernels[1L], "baseline")
  expect_identical(use_kernel_impl("none such"), kernels[length(kernels)])
})

test_that("all kernels agree with glm.fit(), whatever the shape", {
  strict <- list(epsilon = 1e-14, maxit = 50)
  for (p in c(1:7, 9, 11, 16, 23)) {
    for (n in c(199, 512, 1031)) {
      set <- problem(n, p, n + p)
      expected <- glm.fit(set$x, set$y, set$w, family = binomial(), control = strict)
      mu <- expected$fitted.values  # glm's weights are those of its last iterate but one
      information <- crossprod(set$x * sqrt(set$w * mu * (1 - mu)))
      for (kernel in kernels) {
        fit <- with_kernel(kernel, fastlogit_fit(set$x, set$y, set$w, family = binomial()))
        label <- paste(kernel, n, p)
        expect_equal(fit$coefficients, expected$coefficients, tolerance = 1e-9, label = label)
        expect_equal(crossprod(fit$cholesky$expected), information, tolerance = 1e-9,
          ignore_attr = TRUE, label = label)
      }
    }
  }
})

test_that("all kernels sum weights of both signs", {
  set <- problem(700, 8)
  for (link in c("cauchit", "cloglog")) {
    observed <- lapply(kernels, function(kernel) {
      with_kernel(kernel, fastlogit_fit(set$x, set$y, family = binomial(link)))$cholesky$observed
    })
    for (factor in observed[-1L]) expect_equal(factor, observed[[1L]], tolerance = 1e-10)
  }
})

test_that("all kernels serve many classes, and far predictors", {
  set.seed(4)
  d <- data.frame(x = rnorm(900), z = rnorm(900), class = factor(sample(4, 900, TRUE)))
  fits <- lapply(kernels, function(kernel) with_kernel(kernel, coef(fastmultinom(class ~ ., d))))
  for (fit in fits[-1L]) expect_equal(fit, fits[[1L]], tolerance = 1e-11)
  far <- data.frame(x = c(-900, -40, -1, 1, 30, 800, 2, -2), y = c(0, 0, 1, 0, 1, 1, 1, 0))
  fits <- lapply(kernels, function(kernel) {
    with_kernel(kernel, coef(suppressWarnings(fastlogit(y ~ x, data = far))))
  })
  for (fit in fits[-1L]) expect_equal(fit, fits[[1L]], tolerance = 1e-11)
})

test_that("all kernels find the largest magnitude, and values that are no numbers", {
  largest <- function(x) largest_impl(list(x), length(x), 1L)[[1L]]
  for (kernel in kernels) {
    with_kernel(kernel, {
      for (n in c(1:5, 15:18, 31:34, 100)) {
        x <- with_seed(n, stats::rnorm(n))
        expect_identical(largest(x), max(abs(x)))
        for (at in unique(c(1L, n %/% 2L + 1L, n))) {
          expect_identical(largest(replace(x, at, -40)), 40)
          expect_identical(largest(replace(x, at, -Inf)), Inf)
          expect_identical(is.nan(largest(replace(x, at, NaN))), TRUE)
          missing <- largest(replace(x, at, NA))
          expect_true(is.na(missing) && !is.nan(missing))
        }
      }
      expect_identical(largest(c(-0, 0)), 0)
    })
  }
})

test_that("rows without weight count for nothing, whichever vectors they are in", {
  x <- with_seed(2, cbind(1, matrix(stats::rnorm(1200), 600)))
  y <- rep(0:1, 300)
  for (some in list(1:600, c(1:7, 512:530), seq(3L, 600L, 7L))) {
    weights <- replace(numeric(600), some, 2)
    used <- fastlogit_fit(x[some, ], y[some], weights[some], family = binomial())
    for (kernel in kernels) {
      fit <- with_kernel(kernel, fastlogit_fit(x, y, weights, family = binomial()))
      expect_equal(fit$coefficients, used$coefficients, tolerance = 1e-11)
      expect_equal(fit$cholesky$expected, used$cholesky$expected, tolerance = 1e-11)
    }
  }
})
