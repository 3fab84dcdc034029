csv_of <- function(data, gz = FALSE) {
  path <- tempfile(fileext = if (gz) ".csv.gz" else ".csv")
  connection <- if (gz) gzfile(path, "w") else file(path, "w")
  write.csv(data, connection, row.names = FALSE)
  close(connection)
  path
}

test_that("csv files, compressed or not, give the data frame's fit", {
  d <- source_data()
  paths <- c(csv_of(d[1:1200, ]), csv_of(d[1201:3000, ], gz = TRUE))
  call <- quote(fastlogit(y ~ log(z + 1) + x * g + l, weights = w))
  expect_same_fit(fit_twice(call, d, source_files(paths, chunk_bytes = 20000)))
})

test_that("text is read without data.table, too", {
  d <- source_data(50)
  path <- csv_of(d)
  plain <- parse_plainly(path, NULL, ",", c(g = "character"))
  expect_equal(plain, d)
  lines <- tempfile()
  writeLines(readLines(path)[-1], lines)
  expect_equal(parse_plainly(lines, names(d), ",", c(x = "numeric")), d)
  skip_if_not_installed("data.table")
  expect_equal(parse_quickly(path, NULL, ",", NULL), d)
  expect_equal(parse_quickly(lines, names(d), ",", NULL), d)
})

test_that("lines end where quotes do not", {
  d <- source_data(500)
  d$g <- paste0(d$g, "\n\"of\", two lines")
  path <- csv_of(d)
  found <- fastlogit(y ~ x + g, data = source_files(path, chunk_bytes = 1000))
  expect_equal(unname(coef(found)), unname(coef(fastlogit(y ~ x + g, data = d))), tolerance = 1e-10)
})

test_that("a column that changes its kind is an error that names it", {
  d <- data.frame(y = rep(0:1, 500), x = c(1:900, rep("many", 100)))
  path <- csv_of(d)
  expect_error(
    fastlogit(y ~ x, data = source_files(path, chunk_bytes = 1000)), "column `x`.*colClasses",
    class = "fastlogit_input_error"
  )
  fit <- suppressWarnings(fastlogit(
    y ~ I(nchar(x)), data = source_files(path, c(x = "character"), chunk_bytes = 1000)
  ))
  expect_equal(fit$elsewhere$rows, 1000)
})

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
