# Constraints that are generated: the answer is that of all demands.

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

test_that("ordered classes and sets: what is generated is what all demands say", {
  separated <- 0
  for (seed in 1:12) {
    rows <- random_rows(seed, 250, 3)
    cuts <- list(count = 2L, intercept = 1L, varying = if (seed %% 2) 2L else integer())
    class <- first_observed(rows$observed)
    steps <- ordered_steps[1 + seed %% 3]
    sets <- set_demands(rows$x[, -1], list(y = as.numeric(class == 1), set = rep(1:50, 5)))
    for (make in list(
      function(at) ordered_demands(rows$x[at, ], class[at], cuts, steps), sets$rows
    )) {
      count <- if (identical(make, sets$rows)) length(sets$set) else 250
      demands <- make(seq_len(count))
      all <- cone_of_rows(demands, demands[0, ])
      made <- generated_as_made(blocks_of(count, numbers_at_once / 60), make, ncol(demands), NULL)
      expect_identical(made$strict, all$strict, label = paste(seed, steps))
      expect_identical(made$signs, all$signs, label = paste(seed, steps))
      separated <- separated + any(all$strict)
    }
  }
  expect_gt(separated, 5)
})

test_that("a demand that is zero along a direction, but not on all of the cone, is heard", {
  # C = {b >= 0, b1 = b2 on no row}: the last row is zero along (1, 1), and strict elsewhere.
  x <- rbind(diag(2)[rep(1:2, 100), ], c(1, -1) / sqrt(2))
  set <- row_set(x, rep(1, 201))
  cone <- recession_cone(x[-201, ], x[0, ], diag(2))
  cone$stages <- cone$witnesses <- cbind(c(1, 1))
  expect_identical(said_by_demands(set, cone)$forbidding, 201)
})
