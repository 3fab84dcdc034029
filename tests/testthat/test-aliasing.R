# Which coefficients are NA: glm()'s, at its default tolerance, whatever epsilon is.

expect_same_aliased <- function(x, y, label, ...) {
  theirs <- suppressWarnings(stats::glm.fit(x, y, family = binomial()))
  for (epsilon in c(1e-3, 1e-8, 1e-13)) {
    fit <- suppressWarnings(
      fastlogit_fit(x, y, family = binomial(), control = list(epsilon = epsilon, maxit = 100))
    )
    found <- unname(which(is.na(fit$coefficients)))
    expected <- unname(which(is.na(theirs$coefficients)))
    expect_identical(found, expected, label = paste(label, epsilon))
    expect_identical(fit$rank, theirs$rank, label = label)
  }
  invisible(expected)
}

# Counts without separation.
counts_of <- function(n) cbind(stats::rpois(n, 4) + 1, stats::rpois(n, 6) + 1)

test_that("random designs with dependent columns of all scales", {
  for (seed in 1:60) {
    with_seed(seed, {
      n <- sample(c(10, 20, 60, 300), 1)
      x <- cbind(1, matrix(stats::rnorm(n * sample(2:6, 1)), n))
      for (i in seq_len(sample(3, 1))) {
        column <- x[, sample(ncol(x), 1)]
        x <- cbind(x, switch(sample(5, 1),
          column, x %*% stats::rnorm(ncol(x)), 0 * column, column * 2^sample(-30:30, 1),
          column * (1 + 1e-13 * stats::rnorm(n))
        ))
      }
      x <- x[, c(1, sample(2:ncol(x)))]
      x <- sweep(x, 2, 10^stats::runif(ncol(x), -8, 8), "*")
      expect_same_aliased(x, counts_of(n), paste("seed", seed))
    })
  }
})

test_that("a column nearly like another is kept down to a relative difference of 1e-11", {
  for (scale in c(1e-8, 1, 1e8)) {
    for (difference in c(1e-9, 1e-10, 1e-12, 1e-13)) {
      with_seed(8, {
        x <- stats::rnorm(100)
        near <- (x + difference * stats::rnorm(100)) * scale
        aliased <- expect_same_aliased(cbind(1, x, near), counts_of(100), paste(difference, scale))
      })
      expect_identical(aliased, if (difference < 1e-11) 3L else integer())
    }
  }
})

test_that("interactions of factors with empty cells", {
  for (seed in 1:15) {
    d <- with_seed(seed, data.frame(
      a = factor(sample(4, 150, TRUE)), b = factor(sample(5, 150, TRUE)),
      c = factor(sample(3, 150, TRUE)), x = stats::rnorm(150), y = counts_of(150)
    ))
    cell <- paste(d$a, d$b)
    d <- d[!cell %in% with_seed(seed, sample(unique(cell), 6)), ]
    for (formula in list(~ a * b, ~ a:b + x, ~ a * b + b * c, ~ a * b * c)) {
      x <- stats::model.matrix(formula, d)
      expect_same_aliased(x, as.matrix(d[c("y.1", "y.2")]), paste(seed, deparse1(formula)))
    }
  }
})

# dqrdc2() updates the lengths of what is left of its columns, and cancels: nearer to the tolerance,
# as for years to the sixth power, the BLAS and the processor decide. These are clear: 1e-9 of each
# column and more is left, or nothing.
test_that("raw polynomials", {
  ranges <- list(c(0, 1), c(-1, 1), c(1, 100), c(100, 110), c(1990, 2020))
  degrees <- c(10, 10, 10, 5, 3)
  for (k in seq_along(ranges)) {
    x <- seq(ranges[[k]][1], ranges[[k]][2], length.out = 200)
    y <- with_seed(k, counts_of(200))
    for (degree in seq_len(degrees[k])) {
      expect_same_aliased(outer(x, 0:degree, "^"), y, paste(toString(ranges[[k]]), degree))
    }
  }
  x <- as.numeric(1:200)
  powers <- cbind(outer(x, 0:2, "^"), (x - 7)^2, x^3, (2 * x + 1)^3)
  aliased <- expect_same_aliased(powers, with_seed(1, counts_of(200)), "shifted")
  expect_identical(aliased, c(4L, 6L))
})

test_that("more columns than rows", {
  for (seed in 1:20) {
    with_seed(seed, {
      n <- sample(2:12, 1)
      x <- matrix(stats::rnorm(n * (n + sample(10, 1))), n)
      expect_same_aliased(x, counts_of(n), paste("seed", seed))
    })
  }
})

test_that("what is left of an aliased design is fitted as if it were all", {
  d <- simulate_binary(200, 3)
  for (link in links_but_log) {
    for (method in c("newton", "fisher")) {
      fit <- fastlogit(y ~ x1 + I(2 * x1) + x2 + I(x1 - x2) + x3, binomial(link), d,
        method = method, maxit = 100)
      expect_identical(unname(which(is.na(coef(fit)))), c(3L, 5L))
      full <- fastlogit(y ~ x1 + x2 + x3, binomial(link), d, method = method, maxit = 100)
      expect_equal(coef(fit)[c(1, 2, 4, 6)], coef(full), tolerance = 1e-9)
      expect_equal(vcov(fit, complete = FALSE), vcov(full), tolerance = 1e-9)
      expect_identical(dim(vcov(fit)), c(6L, 6L))
      expect_identical(df.residual(fit), df.residual(full))
    }
  }
})

test_that("singular.ok = FALSE names the columns", {
  d <- simulate_binary(50, 2)
  expect_refusals(alist(
    "one column" = fastlogit(y ~ x1 + I(2 * x1), data = d, singular.ok = FALSE),
    "two columns" = fastlogit(y ~ x1 + I(2 * x1) + x2 + I(x1 - x2), data = d, singular.ok = FALSE),
    "a matrix without names" = fastlogit_fit(
      cbind(1, d$x1, d$x1), d$y, family = binomial(), singular.ok = FALSE
    )
  ), class = "fastlogit_singular")
  expect_s3_class(fastlogit(y ~ x1 + x2, data = d, singular.ok = FALSE), "fastlogit")
})
