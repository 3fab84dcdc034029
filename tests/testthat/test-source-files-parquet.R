test_that("Parquet files are read one by one", {
  skip_if_not_installed("nanoparquet")
  d <- source_data()
  paths <- replicate(2, tempfile(fileext = ".parquet"))
  nanoparquet::write_parquet(d[1:1000, ], paths[1])
  nanoparquet::write_parquet(d[1001:3000, ], paths[2])
  expect_same_fit(fit_twice(quote(fastlogit(f == "yes" ~ x + g)), d, source_files(paths)))
  expect_length(split_source(source_files(paths)), 2)
  expect_equal(count_rows(source_files(paths)), 3000)
})

write_typed <- function(x, type, env = parent.frame()) {
  path <- withr::local_tempfile(fileext = ".parquet", .local_envir = env)
  d <- data.frame(y = rep_len(0:1, length(x)))
  d$x <- x
  schema <- if (!is.null(type)) nanoparquet::parquet_schema(y = "INT32", x = type)
  nanoparquet::write_parquet(d, path, schema, encoding = if (!is.null(type)) "PLAIN")
  path
}

test_that("columns of Parquet files of every type have the values that went in", {
  skip_if_not_installed("nanoparquet")
  decimal <- function(type) list("DECIMAL", precision = 9, scale = 2, primitive_type = type)
  typed <- function(x, ...) lapply(c(...), function(type) list(x, type))
  whole <- c(0L, 1L, 100L, NA)
  columns <- c(
    typed(whole, "INT_8", "INT_16", "INT_32", "UINT_8", "UINT_16", "UINT_32", "INT64", "UINT_64"),
    typed(c(3e9, 2^32 - 1, 0), "UINT_32"), typed(c(2^52 + 1, -2^53, 0), "INT64"),
    typed(c(0.5, -2, NaN), "FLOAT", "DOUBLE", "FLOAT16"), typed(c("a", "", NA), "STRING", "JSON"),
    list(
      list(c(1.25, -2, NA), decimal("INT32")), list(c(1.25, -2, NA), decimal("INT64")),
      list(c(TRUE, FALSE, NA), NULL), list(factor(c("b", "a", NA), c("b", "a")), NULL),
      list(as.Date("2026-01-31") + c(0, 1, NA), NULL), list(c(NA_real_, NA), NULL),
      list(as.POSIXct(c("2026-01-31 12:00:00", NA), tz = "UTC"), NULL)
    )
  )
  for (column in columns) {
    read <- rows_of(source_files(write_typed(column[[1]], column[[2]])))$x
    expect_equal(read, column[[1]], info = toString(column), ignore_attr = "tzone")
  }
})

test_that("what R has no room for is an error, not another number", {
  skip_if_not_installed("nanoparquet")
  unreadable <- function(x, type, pattern) {
    source <- source_files(write_typed(x, type))
    expect_error(rows_of(source), pattern, class = "fastlogit_file_error")
  }
  unreadable(c(2^31, 1), "UINT_32", "no room")
  unreadable(c(2^31, NA), "UINT_32", "no room")
  unreadable(c(2^53 + 2, 1), "INT64", "more digits")
  unreadable(c(2^63, 1), "UINT_64", "more digits")
  large <- write_typed(c(2^63 * 1.5, 2^63, 1), "UINT_64")
  expect_identical(rows_of(source_files(large, c(x = "numeric")))$x, c(2^63 * 1.5, 2^63, 1))
  bytes <- write_typed(list(as.raw(1), as.raw(2)), "BYTE_ARRAY")
  expect_error(
    fastlogit(y ~ x, data = source_files(bytes)), "invalid type", class = "fastlogit_input_error"
  )
  expect_equal(rows_of(source_files(bytes), "y")$y, 0:1)
})

test_that("a Parquet file that was cut anywhere is an error", {
  skip_if_not_installed("nanoparquet")
  path <- write_typed(c(1.5, 2, NA), NULL)
  whole <- bytes_of(path)
  cut <- vapply(seq_along(whole) - 1L, function(size) {
    writeBin(whole[seq_len(size)], path)
    tryCatch(nrow(rows_of(source_files(path))), fastlogit_file_error = function(e) 0L)
  }, 0L)
  expect_identical(unique(cut), 0L)
})

test_that("files of Parquet agree on what their columns are", {
  skip_if_not_installed("nanoparquet")
  read <- function(...) {
    rows_of(source_files(vapply(list(...), write_typed, "", type = NULL, env = parent.frame())))$x
  }
  expect_identical(read(1:2, c(0.5, 1)), c(1, 2, 0.5, 1))
  expect_identical(read(c(0.5, 1), 1:2), c(0.5, 1, 1, 2))
  expect_identical(read(c(NA, NA), c("a", "")), c(NA, NA, "a", ""))
  expect_identical(read(factor("a"), "b"), c("a", "b"))
  expect_identical(read("b", factor("a")), c("b", "a"))
  expect_error(read(1:2, "a"), "colClasses", class = "fastlogit_file_error")
})
