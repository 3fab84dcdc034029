test_that("an encoded source tells what was seen", {
  d <- source_data()
  seen <- encode_source(
    source_function(chunks_of(d, 700)),
    asked_rows(quote(fastlogit(y ~ x + g)), y ~ x + g, environment()), "binary", binomial(), list(folder = withr::local_tempdir()), function(rows) NULL
  )$seen
  expect_equal(seen$rows, sum(!is.na(d$x)))
  expect_equal(seen$read, nrow(d))
  expect_equal(seen$omitted, 20)
  expect_setequal(seen$variables$g$words, unique(d$g))
  expect_equal(sum(seen$variables$g$counts), seen$rows)
  expect_equal(seen$variables$x$largest, max(abs(d$x), na.rm = TRUE))
})

test_that("a variable that changes its kind between chunks is an error that names it", {
  chunks <- list(
    data.frame(y = c(0, 1, 0), x = c(1, 2, 2)), data.frame(y = c(0, 1, 1), x = c("a", "b", "a"))
  )
  at <- 0
  s <- source_function(function(reset) {
    if (reset) at <<- 0 else if (at < 2) chunks[[at <<- at + 1]]
  })
  expect_error(fastlogit(y ~ x, data = s), "`x`", class = "fastlogit_input_error")
})

test_that("what is wrong in a chunk is told with its rows", {
  d <- source_data()
  d$y[2000] <- 3
  expect_error(
    fastlogit(y ~ z, data = source_function(chunks_of(d, 700))), "row 600.*counted from row 1401",
    class = "fastlogit_input_error"
  )
  d$w[9] <- -1
  d$y <- 1 * d$l
  expect_error(
    fastlogit(y ~ z, data = source_function(chunks_of(d, 700)), weights = w), "row 9",
    class = "fastlogit_input_error"
  )
})
