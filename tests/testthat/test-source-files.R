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

test_that("lines end where quotes do not, and quotes come as they are", {
  d <- source_data(500)
  d$g <- paste0(d$g, "\n\"of\", two lines")
  d$g[startsWith(d$g, "c")] <- "\"\""
  expect_same_fit(
    fit_twice(quote(fastlogit(y ~ x + g)), d, source_files(csv_of(d), chunk_bytes = 1000))
  )
})

test_that("files may begin and end in several ways", {
  d <- source_data(300)
  text <- readBin(path <- csv_of(d), "raw", 1e6)
  file_of <- function(bytes) {
    file <- tempfile(fileext = ".csv")
    writeBin(bytes, file)
    file
  }
  as_lines <- rawToChar(text)
  files <- list(
    no_end = file_of(text[-length(text)]),
    blank_end = file_of(c(text, charToRaw(strrep("\n", 3000)))),
    two_bytes = file_of(charToRaw(gsub("\n", "\r\n", as_lines))),
    marked = file_of(c(as.raw(c(0xef, 0xbb, 0xbf)), text)),
    tabs = file_of(charToRaw(gsub(",", "\t", as_lines)))
  )
  here <- fastlogit(y ~ x + g, data = d)
  for (name in names(files)) {
    for (chunk_bytes in c(1500, 2^23)) {
      source <- source_files(files[[name]], NULL, if (name == "tabs") "\t" else ",", chunk_bytes)
      expect_equal(coef(fastlogit(y ~ x + g, data = source)), coef(here), info = name)
    }
  }
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
