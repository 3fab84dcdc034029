# Many classes: demands that are stored, those that are generated, and linear programs on all.

test_that("many classes: what is generated is what all demands say, and so are fits of some", {
  kinds <- character()
  for (seed in 1:20) {
    rows <- random_rows(seed, 300, 2 + seed %% 4)
    x <- rows$x
    all <- stored_class_cone(x, rows$observed, seq_len(ncol(x) * (ncol(rows$observed) - 1)))
    none <- function() numeric(length(all$signs))
    label <- paste(seed, rows$kind)
    for (many in c(FALSE, TRUE)) {
      made <- generated_class_cone(x, rows$observed, none, seq_along(all$signs), many)
      expect_identical(made$apart, all$apart, label = label)
      expect_identical(made$signs, all$signs, label = label)
      expect_false(any(made$undecided), label = label)
      eta <- cbind(0, x %*% matrix(made$direction, ncol(x)))
      first <- max.col(rows$observed, "first")
      gap <- eta[cbind(seq_along(first), first)] - eta
      expect_true(all(gap[made$apart] > 0), label = label)
      expect_lt(max(abs(gap[!made$apart])), 1e-8 * max(abs(gap), 1))
    }
    kinds <- c(kinds, kind_of(sum(all$apart), sum(!rows$observed)))
  }
  expect_true(all(table(kinds)[c("none", "quasi-complete", "complete")] > 2))
})

test_that("some coefficients may be held", {
  for (seed in 1:6) {
    rows <- random_rows(seed, 200, 3)
    free <- setdiff(seq_len(2 * ncol(rows$x)), c(1, 7))
    none <- function() numeric(2 * ncol(rows$x))
    all <- stored_class_cone(rows$x, rows$observed, free)
    asked <- class_demands(rows$x, rows$observed)
    of_free <- cone_of_rows(asked$ordered[, free], asked$fixed[, free, drop = FALSE])
    expect_identical(all$signs[free], of_free$signs, label = seed)
    for (many in c(FALSE, TRUE)) {
      made <- generated_class_cone(rows$x, rows$observed, none, free, many)
      expect_identical(made$apart, all$apart, label = seed)
      expect_identical(made$signs, all$signs, label = seed)
      # Some demands tell what all leave open.
      open <- open_directions(all$demands[, free], all$strict)
      of_some <- open_directions(made$demands[, free], made$strict)
      expect_equal(
        tcrossprod(qr.Q(qr(open))), tcrossprod(qr.Q(qr(of_some))), tolerance = 1e-7, label = seed
      )
    }
  }
})

test_that("brute force has the same answer", {
  skip_if_not_installed("lpSolve")
  for (seed in 21:28) {
    rows <- random_rows(seed, 40, 3)
    expected <- brute_force_classes(rows$x, rows$observed + 0, rep(1, 40))
    none <- function() numeric(length(expected))
    for (many in c(FALSE, TRUE)) {
      found <- generated_class_cone(rows$x, rows$observed, none, seq_along(expected), many)
      expect_identical(found$signs, as.vector(t(expected)), label = seed)
    }
  }
})
