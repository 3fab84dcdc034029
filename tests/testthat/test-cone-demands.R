# Demands that are not stored say what stored ones do.

all_along <- function(set, direction) {
  unlist(over_blocks(set, function(b, numbers) set$values(b, as.matrix(direction))))
}

test_that("values, rows and what is fixed are those of all demands, whatever the blocks", {
  with_seed(3, {
    x <- matrix(stats::rnorm(7 * 3), 7)
    observed <- outer(sample(4, 7, TRUE), 1:4, `==`)
    z <- matrix(stats::rnorm(9 * 2), 9)
  })
  observed[2, 1:3] <- TRUE
  all <- class_demands(x, observed)
  rows <- rbind(all$ordered, all$fixed)
  for (sparse in c(FALSE, TRUE)) {
    set <- class_set(x, observed, sparse)
    some <- demands_at(set, seq_len(sum(set$counts)))
    some$rows <- as.matrix(some$rows)
    expect_equal(all_along(set, z[, 2]), drop(some$rows %*% z[, 2]))
    expect_identical(numbers_along(set, z[, 2], function(v) v > 0), which(some$rows %*% z[, 2] > 0))
    expect_equal(some$rows[order(some$rows %*% z[, 1]), ], rows[order(rows %*% z[, 1]), ])
    expect_identical(sum(some$fixed), nrow(all$fixed))
    pair <- set$pairs(1L, 5:9)
    expect_equal(some$rows[5:9, ], as.matrix(stacked_demands(
      x[pair$row, ], max.col(observed, "first")[pair$row], pair$class, 4
    )))
    basis <- qr.Q(qr(z))
    part <- part_of_set(set, c(2, 5, 21), basis)
    expect_equal(demands_at(part, c(1, 3))$rows, some$rows[c(2, 21), ] %*% basis)
    expect_equal(all_along(part, c(1, 2)), drop(some$rows[c(2, 5, 21), ] %*% basis %*% c(1, 2)))
    few <- set_in_columns(set, c(1, 4), 9)
    expect_equal(as.matrix(demands_at(few, 3:4)$rows), some$rows[3:4, c(1, 4)])
    expect_equal(all_along(few, 1:2), drop(some$rows[, c(1, 4)] %*% 1:2))
  }
})

test_that("blocks hold all rows once", {
  expect_identical(unlist(blocks_of(10, numbers_at_once / 3)), 1:10)
  expect_length(blocks_of(10, numbers_at_once / 3), 5)
  expect_length(blocks_of(0, 3), 0)
  set <- row_set(cbind(1, 1:5), c(1, -1, 0, 1, 1))
  expected <- list(rows = cbind(c(-1, 1), c(-2, 3)), fixed = c(FALSE, TRUE))
  expect_identical(demands_at(set, 2:3), expected)
})

test_that("rows that are compared are all cases with all others of their sets", {
  set <- c(1, 2, 1, 2, 1, 3, 3, 3)
  case <- c(TRUE, FALSE, FALSE, TRUE, TRUE, TRUE, FALSE, FALSE)
  asked <- compared_rows(set, case, c(FALSE, FALSE, TRUE))
  pairs <- paste(asked$ahead, asked$behind, asked$set)
  expect_setequal(pairs, c("1 3 1", "5 3 1", "4 2 2", "6 0 3", "0 7 3", "0 8 3"))
})
