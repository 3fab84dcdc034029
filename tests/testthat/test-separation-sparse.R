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

test_that("sizes beyond 2^31 are counted, and factors of many levels are not made dense", {
  large <- function(...) list(rows = 5000000L, names = character(430), ...)
  factor <- function(levels) {
    list(list(variables = 1L, codings = list(indicators(seq_len(levels)[-1L], seq_len(levels)))))
  }
  numbers <- lapply(1:429, function(j) list(variables = j, codings = list(NULL)))
  expect_identical(entries_of(large()), 2.15e9)
  expect_false(decomposition_is_cheap(large()))
  expect_true(is_too_large(large(sparse = TRUE)))
  expect_true(is_too_large(large(terms = factor(430), variables = list(1L))))
  expect_false(is_too_large(large(terms = numbers, variables = rep(list(1), 429))))
  small <- list(rows = 100L, names = character(430), sparse = TRUE)
  expect_false(is_too_large(small))
  expect_identical(signs_of_infinity(list(), character(50000), character(3))[1:2], c(0, 0))
})

test_that("a factor design that is too large is asked as a sparse one", {
  d <- with_seed(7, data.frame(g = factor(sample(40, 2000, TRUE)), x = stats::rnorm(2000)))
  d$y <- with_seed(8, stats::rbinom(2000, 1, stats::plogis(d$x)))
  d$y[d$g %in% c(3, 17)] <- 1
  d$y[d$g == 9] <- 0
  expected <- suppressWarnings(fastlogit(y ~ g + x, data = d))
  frame <- stats::model.frame(expected)
  design <- design_from_frame(expected, frame)
  response <- as_response(d$y, NULL, binomial())
  starts <- list(list(coefficients = numeric(41)))
  control <- complete_control(list(), "newton")
  refit <- function(response) {
    solve_rows(design, response, NULL, binary_model(binomial()), starts, control, "newton")
  }
  found <- find_sparse_separation(
    make_sparse(design), response, binomial(), refit(response), refit
  )
  expect_identical(unname(found$coefficients), unname(expected$separation))
  expect_identical(names(which(expected$separation == Inf)), c("g3", "g17"))
})
