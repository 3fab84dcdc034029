folds_of <- function(fit, folds, by = NULL, repeats = 1) {
  folds_of_rows(fit, all_rated_rows(fit), folds, by, repeats)
}

test_that("folds have the outcomes, and the rows, in equal shares", {
  d <- births_to_refit()
  set.seed(1)
  of <- folds_of(fastlogit(low ~ age, data = d), 10, repeats = 4)$of_row
  for (i in 1:4) {
    expect_lte(diff(range(table(of[, i]))), 1)
    expect_true(all(apply(table(d$low, of[, i]), 1, function(n) diff(range(n))) <= 1))
  }
  expect_false(identical(of[, 1], of[, 2]))
  classes <- folds_of(fastmultinom(race ~ age, data = d), 7)
  expect_true(all(apply(table(d$race, classes$of_row), 1, function(n) diff(range(n))) <= 1))
  expect_match(classes$title, "stratified")
  counts <- folds_of(fastlogit(cbind(1 + low, 2) ~ age, data = d), 4)
  expect_lte(diff(range(table(counts$of_row))), 1)
  expect_null(counts$title)
  each <- folds_of(fastlogit(low ~ age, data = d), 189)
  expect_setequal(each$of_row, 1:189)
})

test_that("a group is in one fold", {
  d <- births_to_refit()
  fit <- fastlogit(low ~ age, data = d)
  for (by in list(~id, d$id)) {
    of <- folds_of(fit, 6, by, 3)$of_row
    for (i in 1:3) {
      in_folds <- table(d$id, of[, i]) > 0
      expect_true(all(rowSums(in_folds) == 1))
      expect_lte(diff(range(colSums(in_folds))), 1)
    }
  }
})

test_that("folds may be the user's, as values or as lists of rows", {
  d <- births_to_refit()
  fit <- fastlogit(low ~ age, data = d)
  own <- rep(c("west", "east", "north"), 63)
  of <- folds_of(fit, own)
  expect_identical(of$names[of$of_row], own)
  rows <- folds_of(fit, split(sample(189), own))
  expect_identical(rows$names, c("east", "north", "west"))
  expect_identical(folds_of(fit, unname(split(1:189, own)))$of_row, of$of_row)
  d$age[2:3] <- NA
  left <- folds_of(fastlogit(low ~ age, data = d), own)
  expect_identical(left$of_row, of$of_row[-(2:3), , drop = FALSE])
  expect_refusals(alist(
    "one" = folds_of(fit, 1),
    "too many" = folds_of(fit, 190),
    "no number" = folds_of(fit, 2.5),
    "of groups" = folds_of(fit, 41, ~id),
    "one value" = folds_of(fit, rep(1, 189)),
    "too short" = folds_of(fit, own[-1]),
    "missing" = folds_of(fit, replace(own, 4, NA)),
    "twice" = folds_of(fit, list(1:100, 100:189)),
    "not all" = folds_of(fit, list(1:100, 102:189)),
    "beyond" = folds_of(fit, list(1:100, 101:190)),
    "words" = folds_of(fit, list("a", "b")),
    "groups, too" = folds_of(fit, own, ~id),
    "again" = folds_of(fit, own, repeats = 2)
  ))
})
