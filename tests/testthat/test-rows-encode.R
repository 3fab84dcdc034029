# What is seen of a source of chunks.
seen_of <- function(formula, d, size) {
  environment(formula) <- globalenv()
  spec <- list(call = bquote(fastlogit(.(formula))), formula = formula, env = globalenv())
  source <- source_function(chunks_of(d, size))
  to <- list(folder = withr::local_tempdir())
  encode_source(source, spec, "binary", binomial(), to, function(rows) NULL)$seen
}

test_that("an encoded source tells what was seen", {
  d <- source_data()
  seen <- seen_of(y ~ x + g, d, 700)
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

test_that("rows of a source are counted in doubles", {
  d <- data.frame(y = rep(0:1, 50), g = rep(letters[1:5], 20), x = c(NA, 1:99))
  for (response in list(quote(y), quote(factor(y)), quote(cbind(y, 1 - y)))) {
    seen <- seen_of(stats::as.formula(call("~", response, quote(g + x))), d, 30)
    expect_type(seen$response$n_ok, "double")
    expect_type(seen$omitted, "double")
    expect_type(seen$read, "double")
    expect_type(seen$variables$g$counts, "double")
  }
})
