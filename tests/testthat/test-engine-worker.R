rows_of <- function(d) {
  fit <- fastlogit(y ~ x + f, data = d, weights = w)
  fastlogit:::problem_of_fit(fit, 1)
}

order_of <- function(...) {
  utils::modifyList(
    list(
      fit = "session/fit", pass = 1L, partitions = 1:2, rows = list(), sharing = 1,
      request = list(
        what = "summary", family = "logit", predictors = 1L, barrier = 0, damping = 1,
        thinning = 1L, basis = matrix(0, 0, 0)
      )
    ),
    list(...)
  )
}

test_that("a worker answers for what it holds and names what is missing", {
  rows <- rows_of(cluster_data(100))
  reply <- fastlogit:::answer_order(order_of(rows = list("2" = rows)))
  expect_identical(reply$missing, 1L)
  expect_identical(reply$answers[[1]][1], 100)
  # the unit of the weights, and the columns' scale
  expect_length(reply$answers[[1]], 5 + 5)
  expect_true(all(log2(reply$answers[[1]][-(1:4)]) %% 1 == 0))
  again <- fastlogit:::answer_order(order_of(partitions = 2L, pass = 2L))
  expect_identical(again$answers, unname(reply$answers), ignore_attr = TRUE)
  expect_identical(again[c("fit", "pass", "partitions")], order_of()[c("fit")] |>
    c(list(pass = 2L, partitions = 2L)))
})

test_that("another fit of the session takes the place of the one before", {
  rows <- rows_of(cluster_data(100))
  fastlogit:::answer_order(order_of(rows = list("1" = rows)))
  fastlogit:::answer_order(order_of(fit = "other/fit", rows = list("1" = rows)))
  reply <- fastlogit:::answer_order(order_of(fit = "session/next"))
  expect_identical(reply$missing, 1:2)
  expect_identical(ls(fastlogit:::held), c("other/fit", "session/next"))
  fastlogit:::answer_order(order_of(fit = "session/next", forget = TRUE))
  fastlogit:::answer_order(order_of(fit = "other/fit", forget = TRUE))
  expect_length(ls(fastlogit:::held), 0)
})

test_that("an error is an answer", {
  reply <- fastlogit:::answer_order(order_of(rows = list("1" = list())))
  expect_type(reply$error, "character")
  fastlogit:::answer_order(order_of(forget = TRUE))
})
