test_that("one row alone in a level is found in a source, as in memory, with the same words", {
  d <- with_seed(3, {
    d <- data.frame(g = factor(c("d", sample(c("a", "b", "c"), 399, TRUE))), x = stats::rnorm(400))
    d$y <- c(1, stats::rbinom(399, 1, 0.5))
    d
  })
  for (at in c(1, 57, 200, 400)) {
    moved <- rbind(d[-1, ][seq_len(at - 1), ], d[1, ], d[-1, ][seq_len(400 - at) + at - 1, ])
    rownames(moved) <- NULL
    here <- with_warnings_said(fastlogit(y ~ g + x, data = moved))
    there <- with_warnings_said(fastlogit(y ~ g + x, data = source_function(chunks_of(moved, 90))))
    expect_identical(here$value$separation[["gd"]], Inf)
    expect_identical(there$value$separation, here$value$separation)
    expect_identical(there$said, here$said)
    expect_equal(separation(there$value)$rows, at)
  }
})

test_that("a group beside revenue in units: units of a source play no part", {
  for (seed in 1:8) {
    d <- with_seed(seed, {
      n <- 120
      d <- data.frame(
        g = stats::rbinom(n, 1, 0.2), revenue = 1e9 * (stats::rnorm(n) + seed %% 2),
        z = stats::rnorm(n)
      )
      eta <- drop(scale(d$revenue)) + d$z
      d$y <- if (seed %% 4 == 0) as.numeric(eta > 0) else stats::rbinom(n, 1, stats::plogis(eta))
      if (seed %% 3) d$y[d$g == 1] <- 1
      d
    })
    for (unit in c(1, 1e-9, 1e-18)) {
      d$money <- d$revenue * unit
      here <- with_warnings_said(fastlogit(y ~ g + money + z, data = d))
      there <- with_warnings_said(
        fastlogit(y ~ g + money + z, data = source_function(chunks_of(d, 37)))
      )
      expect_identical(there$value$separation, here$value$separation, label = paste(seed, unit))
      expect_identical(there$said, here$said)
      expect_equal(
        summary(there$value)$coefficients, summary(here$value)$coefficients, tolerance = 1e-6
      )
    }
  }
})

test_that("triangular factors of runs merge into that of all rows", {
  x <- with_seed(2, matrix(stats::rnorm(60), 20))
  merged <- triangle_of(rbind(triangle_of(x[1:7, ]), triangle_of(x[8:20, ])))
  expect_equal(crossprod(merged), crossprod(x), tolerance = 1e-12)
  expect_identical(independent_columns(cbind(x, x[, 1] + x[, 2])), 1:3)
})
