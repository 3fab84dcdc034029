test_that("progress is shown after two seconds, where somebody looks", {
  skip_if_not_installed("cli")
  shown <- with_replaced("shows_progress", function() TRUE, {
    line <- progress_line("{rows} rows")
    line$show(rows = 1)  # too early
    line$done()
    fastlogit(y ~ x, data = source_function(chunks_of(source_data(), 700)))
  })
  expect_s3_class(shown, "fastlogit_stored")
  expect_null(progress_line("{rows}")$show(rows = 1))
})
