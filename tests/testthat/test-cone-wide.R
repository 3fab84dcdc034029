# Separation in many coordinates: factors of many levels, whatever is beside them.

many_levels <- function(n, levels, pure_baseline = TRUE) {
  d <- data.frame(f = factor(c(seq_len(levels), sample(levels, n - levels, TRUE)), seq_len(levels)))
  d$x <- stats::rnorm(n)
  d$y <- stats::rbinom(n, 1, 0.5)
  pure <- d$f %in% sample(levels, 0.7 * levels)
  d$y[pure] <- as.integer(d$f[pure]) %% 2
  baseline <- d$f == "1"
  d$y[baseline] <- if (pure_baseline) 1 else rep_len(0:1, sum(baseline))
  d
}

# By the levels' means alone: a level goes to infinity if it is pure, and its coefficient is the
# difference of two such.
expected_of_levels <- function(d) {
  cell <- sign(tapply(d$y, d$f, mean) - 0.5) * (tapply(d$y, d$f, mean) %in% 0:1)
  other <- cell[-1L]
  difference <- ifelse(other == 0, -cell[1L], other) * Inf
  difference[other == 0 & cell[1L] == 0] <- 0
  difference[other == cell[1L] & other != 0] <- NA
  unname(c(if (cell[1L] == 0) 0 else cell[1L] * Inf, difference))
}

test_that("levels of a factor are decided, dense and sparse, the baseline pure or not", {
  for (pure in c(TRUE, FALSE)) {
    d <- with_seed(8, many_levels(700, 160, pure))
    expected <- expected_of_levels(d)
    found <- detect_separation(y ~ f, data = d)
    expect_identical(unname(found$coefficients), expected)
    expect_identical(found$undecided, character())
    # The direction separates the rows that it names, and leaves the others alone.
    along <- (2 * d$y - 1) * drop(stats::model.matrix(~f, d) %*% found$direction)
    expect_true(all(along[found$rows] > 0))
    expect_lt(max(abs(along[-found$rows])), 1e-9)
    # Numbers that overlap within the levels that are not pure change nothing.
    expect_identical(
      unname(detect_separation(y ~ f + x, data = d)$coefficients), c(expected, 0)
    )
    for (sparse in c(TRUE, FALSE)) {
      fit <- with_warning_classes(fastlogit(y ~ f, data = d, sparse = sparse))
      expect_identical(fit$warnings, "fastlogit_separation")
      expect_identical(unname(fit$value$separation), expected)
    }
  }
})

test_that("3000 levels of 6000 rows", {
  d <- with_seed(9, many_levels(6000, 3000))
  expect_identical(unname(detect_separation(y ~ f, data = d)$coefficients), expected_of_levels(d))
})

test_that("two factors, interactions and many classes have the answer of linear programs", {
  sets <- with_seed(10, lapply(1:8, function(set) {
    d <- many_levels(48, 12, set %% 2 == 0)
    d$g <- factor(sample(letters[1:4], 48, TRUE))
    d$class <- factor(ifelse(d$y == 1, "a", sample(c("b", "c"), 48, TRUE)))
    d
  }))
  for (d in sets) {
    for (formula in c(y ~ f + g, y ~ f + g:x, y ~ f + g + x, class ~ f + x)) {
      frame <- stats::model.frame(formula, d)
      x <- stats::model.matrix(formula, frame)
      sparse <- as_sparse(x)
      if (all.vars(formula)[1L] == "y") {
        demand <- 2 * d$y - 1
        few <- demanded_cone(unname(x), demand)
        many <- demanded_cone(sparse, demand)
      } else {
        observed <- outer(as.integer(d$class), 1:3, `==`)
        few <- class_cone(unname(x), observed)
        many <- class_cone(sparse, observed)
      }
      label <- deparse(formula)
      expect_identical(many$signs, few$signs, label = label)
      expect_identical(many$strict, few$strict, label = label)
    }
  }
})

test_that("rows of a source and of a sparse design are the same rows", {
  d <- with_seed(11, many_levels(400, 110))
  expected <- expected_of_levels(d)
  there <- suppressWarnings(fastlogit(y ~ f, data = source_function(chunks_of(d, 90))))
  expect_identical(unname(there$separation), expected)
  here <- suppressWarnings(fastlogit(y ~ f, data = d))
  expect_identical(separation(there)$cause, separation(here)$cause)
  expect_identical(unname(separation(there)$rows), unname(separation(here)$rows))
})

test_that("what is not decided is named", {
  found <- no_separation(c("a", "b", "c"), NULL, 4L)
  found$coefficients[] <- c(Inf, NA, NA)
  found$kind <- "quasi-complete"
  found$undecided <- "c"
  expect_identical(
    estimates_told(found),
    "the estimate of `a` is +Inf; the data leave `b` open; `c` is not decided"
  )
  expect_match(infinite_note(found), "Not decided, as .*: `c`\\.")
})

test_that("elimination finds coordinates of their own", {
  rows <- as_sparse(rbind(c(-1, 0, 0), c(-1, 1, 0), c(-1, 1, 0), c(1, 0, 2)))
  done <- eliminate(rows, as_sparse(diag(3)))
  expect_identical(done$pivots, 3L)
  expect_true(all(done$rows >= 0))
  expect_equal(as.matrix(done$rows), as.matrix(rows %*% done$back), ignore_attr = TRUE)
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

test_that("a fit of many levels starts where the sparse rows have led", {
  d <- with_seed(12, many_levels(1100, 520))
  # Of an aliased column the levels alone do not tell all.
  fit <- suppressWarnings(
    fastlogit(y ~ f + I(as.numeric(f == "2")), data = d, sparse = FALSE)
  )
  expect_identical(unname(fit$separation[-521]), expected_of_levels(d))
  expect_lt(fit$iter, 8)
  sparse <- suppressWarnings(fastlogit(y ~ f, data = d, sparse = TRUE))
  expect_equal(summary(fit)$coefficients, summary(sparse)$coefficients, tolerance = 1e-6)
})
