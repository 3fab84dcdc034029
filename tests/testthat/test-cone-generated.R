# Constraints that are generated: the answer is that of all demands.

# Whole numbers and a factor in hundreds of rows, of which few are different from what separates
# them; complete, quasi-complete, in stages, or but for some rows.
random_rows <- function(seed, n = 400, classes = 2) {
  with_seed(seed, {
    x <- cbind(
      1, sample(-9:9, n, TRUE), stats::rnorm(n), stats::rbinom(n, 1, 0.1), stats::rbinom(n, 1, 0.3)
    )
    effects <- matrix(stats::rnorm(5 * classes, 0, 2), 5)
    effects[sample(2:5, sample(0:2, 1)), ] <- 0
    kind <- sample(c("complete", "noise", "rows", "stages", "group"), 1)
    noise <- matrix(-log(-log(stats::runif(n * classes))), n)
    eta <- x %*% effects
    class <- max.col(eta + if (kind %in% c("noise", "stages", "group")) 3 * noise else 0)
    if (kind == "rows") class[sample(n, 2)] <- sample(classes, 2, TRUE)
    if (kind == "stages") class[x[, 2] != 0] <- ifelse(x[x[, 2] != 0, 2] > 0, 1, classes)
    if (kind == "group") class[x[, 4] == 1] <- sample(classes, 1)
    class[seq_len(classes)] <- seq_len(classes)
    observed <- outer(class, seq_len(classes), `==`)
    if (sample(3, 1) == 1) observed[sample(n, 5), 1] <- TRUE
    if (sample(3, 1) == 1) x <- cbind(x, x[, 2] - x[, 4])
    list(x = x, observed = observed, kind = kind)
  })
}

test_that("two classes: what is generated is what all demands say", {
  kinds <- character()
  for (seed in 1:40) {
    rows <- random_rows(seed)
    sign <- rows$observed[, 2] - rows$observed[, 1]
    all <- stored_cone_of_rows(rows$x, sign, NULL)
    made <- generated_cone_of_rows(rows$x, sign, NULL)
    label <- paste(seed, rows$kind)
    expect_identical(made$strict, all$strict, label = label)
    expect_identical(made$signs, all$signs, label = label)
    expect_false(any(made$undecided), label = label)
    along <- drop(rows$x %*% made$direction)
    expect_true(all((sign * along)[made$strict] > 0), label = label)
    expect_lt(max(abs(along[!made$strict]), 0), 1e-8 * max(abs(along), 1))
    kinds <- c(kinds, kind_of(sum(all$strict), length(sign)))
  }
  expect_true(all(table(kinds)[c("none", "quasi-complete", "complete")] > 2))
})

test_that("many classes: what is generated is what all demands say, and so are fits of some", {
  kinds <- character()
  for (seed in 1:30) {
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

test_that("a demand that is zero along a direction, but not on all of the cone, is heard", {
  # C = {b >= 0, b1 = b2 on no row}: the last row is zero along (1, 1), and strict elsewhere.
  x <- rbind(diag(2)[rep(1:2, 100), ], c(1, -1) / sqrt(2))
  set <- row_set(x, rep(1, 201))
  cone <- recession_cone(x[-201, ], x[0, ], diag(2))
  cone$stages <- cone$witnesses <- cbind(c(1, 1))
  expect_identical(said_by_demands(set, cone)$forbidding, 201)
})

test_that("few demands are stored, whatever the number of rows", {
  for (n in c(2000, 8000)) {
    d <- with_seed(4, {
      x <- matrix(stats::rnorm(n * 9), n)
      class <- max.col(x %*% matrix(stats::rnorm(9 * 20), 9) - log(-log(stats::runif(n * 20))))
      x[class == 20, 9] <- 9
      list(x = cbind(1, x), observed = outer(class, 1:20, `==`))
    })
    y <- factor(max.col(d$observed))
    rows <- memory_rows(classes_model(), as_design(d$x), y, NULL, NULL, "y")
    d$estimate <- known_or_running(NULL, rows, classes_model())
    invisible(gc(reset = TRUE))
    before <- gc()[2, 2]
    found <- cone_of_classes(d$x, d$observed, function() d$estimate)
    used <- gc()[2, 6] - before
    expect_identical(sum(found$apart[, 1:19]), sum(d$observed[, 20]) * 19L)
    expect_lt(nrow(found$demands), 6000)
    # All demands of 8000 rows are 152000 rows of 190 columns: 35 MB without their zeros.
    expect_lt(used, 60)
  }
})
