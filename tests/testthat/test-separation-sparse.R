# Separation where the design is too large to be made dense.

sparse_data <- function(n, levels, every) {
  d <- data.frame(
    f = factor(sample(levels, n, TRUE)), g = factor(sample(20, n, TRUE)), x = stats::rnorm(n)
  )
  d$y <- stats::rbinom(n, 1, stats::plogis(stats::rnorm(levels)[d$f] + d$x))
  d$y[as.integer(d$f) %% every == 1] <- 1
  d$y[d$g == "3" & d$x > 1] <- 1
  d
}

test_that("a sparse design is asked by fits, with the answer of a dense one", {
  d <- with_seed(6, sparse_data(2000, 60, 7))
  for (formula in c(y ~ f + g:x, y ~ f + x, y ~ 0 + f + x)) {
    dense <- suppressWarnings(fastlogit(formula, data = d))
    x <- as_compressed(Matrix::Matrix(stats::model.matrix(formula, d), sparse = TRUE))
    design <- as_design(x)
    response <- as_response(d$y, NULL, binomial())
    control <- complete_control(list(), "newton")
    starts <- list(list(coefficients = numeric(ncol(x))))
    refit <- function(response) {
      solve_rows(design, response, NULL, binary_model(binomial()), starts, control, "newton")
    }
    found <- find_sparse_separation(design, response, binomial(), refit(response), refit)
    label <- deparse(formula)
    expect_identical(unname(found$coefficients), unname(dense$separation), label = label)
    expect_identical(unname(found$rows), unname(separation(dense)$rows), label = label)
    expect_identical(found$kind, "quasi-complete")
    eta <- (2 * d$y - 1) * as.vector(x %*% found$direction)
    expect_true(all(eta[found$rows] > 0))
    expect_lt(max(abs(eta[-found$rows])), 1e-8)
  }
})

test_that("columns that share rows, directly or not, are one part", {
  row <- c(1, 1, 2, 2, 3, 4)
  column <- c(1, 2, 2, 4, 3, 5)
  expect_identical(as.integer(connected_columns(row, column, 6)), c(1L, 1L, 3L, 1L, 5L, 6L))
})

test_that("5000 levels, 700 of them separated", {
  d <- with_seed(7, {
    d <- data.frame(f = factor(sample(5000, 40000, TRUE)))
    d$y <- stats::rbinom(40000, 1, 0.5)
    d
  })
  d$y[as.integer(d$f) %% 7 == 0] <- 1
  expect_warning(
    fit <- fastlogit(y ~ 0 + f, data = d, sparse = TRUE), class = "fastlogit_separation"
  )
  means <- tapply(d$y, d$f, mean)
  expected <- ifelse(means == 1, Inf, ifelse(means == 0, -Inf, 0))
  expect_identical(unname(fit$separation), as.vector(expected))
})
