# Factors of many levels in sources, with workers, and where the information is dense.

many_levels_data <- function(levels, rows, seed) {
  set.seed(seed)
  id <- rep(seq_len(levels), rows)
  d <- data.frame(x = rnorm(levels * rows), id = factor(id))
  d$y <- rbinom(nrow(d), 1, plogis(d$x + rnorm(levels)[id] / 2))
  d
}

in_two_pieces <- function(d) {
  pieces <- split(d, rep(1:2, length.out = nrow(d)))
  at <- 0L
  source_function(function(reset = FALSE) {
    at <<- if (reset) 0L else at + 1L
    if (!reset && at <= 2L) pieces[[at]]
  })
}

test_that("a source of many levels is fitted on a pattern, as the data frame is", {
  d <- many_levels_data(1200L, 6L, 1L)
  d$x[7L] <- NA
  ordered <- do.call(rbind, split(d, rep(1:2, length.out = nrow(d))))
  frame <- suppressWarnings(fastlogit(y ~ x + id, data = ordered))
  expect_message(
    source <- suppressWarnings(fastlogit(y ~ x + id, data = in_two_pieces(d))),
    class = "fastlogit_rows_together"
  )
  expect_true(source$sparse)
  expect_equal(coef(summary(source)), coef(summary(frame)), tolerance = 1e-9)
  expect_equal(deviance(source), deviance(frame), tolerance = 1e-10)
  expect_identical(nobs(source), nobs(frame))
  expect_identical(unname(separation(source)$coefficients), unname(separation(frame)$coefficients))
  new <- d[d$id %in% 5:9, ][1:5, ]
  expect_equal(predict(source, new), predict(frame, new), tolerance = 1e-9, ignore_attr = TRUE)
  expect_match(paste(capture.output(summary(source)), collapse = " "), "1 observation deleted")
})

test_that("workers are left alone by rows that belong together", {
  d <- many_levels_data(1100L, 5L, 2L)
  plain <- suppressWarnings(fastlogit(y ~ x + id, data = d))
  expect_message(
    spread <- suppressWarnings(fastlogit(y ~ x + id, data = d, workers = 2)),
    class = "fastlogit_rows_together"
  )
  expect_identical(coef(spread), coef(plain))
})

test_that("a dense information that no memory holds is refused with a way out", {
  d <- many_levels_data(20100L, 2L, 3L)
  d$class <- factor(rep_len(c("a", "b", "c"), nrow(d)))
  d$set <- rep_len(seq_len(nrow(d) / 4), nrow(d))
  refused <- function(call, pattern) {
    expect_error(suppressMessages(call), pattern, class = "fastlogit_too_large")
  }
  refused(fastmultinom(class ~ x + id, data = d), "each class against the baseline")
  refused(fastordinal(ordered(class) ~ x + id, data = d), "cut-points by fastlogit")
  refused(fastclogit(y ~ x + id + strata(set), data = d), "strata\\(\\)")
  refused(fastlogit(y ~ x + id, data = d, sparse = FALSE), "sparse = FALSE")
})

test_that("classes whose information does not fit into memory are refused by name", {
  rows <- list(design = list(names = c("a", "b")), response = list(levels = letters[1:5]))
  expect_error(
    check_affordable(rows, 2000), "information of 8 coefficients (2 for each of 4 classes)",
    fixed = TRUE, class = "fastlogit_out_of_memory"
  )
  expect_silent(check_affordable(rows, 2048))
  expect_gt(available_memory(), 0)
})
