text_of_rows <- function(n) {
  charToRaw(paste0(c("y,x", paste(0:1, sin(1:n), sep = ",")), "\n", collapse = ""))
}

# The rows of files with these bytes, unless they are an error.
read_in_silence <- function(versions, how) {
  path <- withr::local_tempfile(fileext = paste0(".csv.", how))
  read <- lapply(versions, function(bytes) {
    writeBin(bytes, path)
    tryCatch(rows_of(source_files(path)), fastlogit_file_error = function(e) NULL)
  })
  Filter(Negate(is.null), read)
}

test_that("a packed file that was cut anywhere is an error", {
  for (how in c("gz", "bz2", "xz")) {
    path <- packed_file(text_of_rows(12), how)
    expect_identical(nrow(rows_of(source_files(path))), 12L)
    whole <- bytes_of(path)
    cut <- lapply(seq_along(whole) - 1L, function(size) whole[seq_len(size)])
    expect_identical(read_in_silence(cut, how), list())
  }
})

test_that("packed files have several members, and zeros at the end", {
  text <- text_of_rows(15)
  first <- seq_len(101)
  for (how in c("gz", "bz2", "xz")) {
    one <- bytes_of(packed_file(text[first], how))
    two <- bytes_of(packed_file(text[-first], how))
    ending <- paste0(".csv.", how)
    whole <- rows_of(source_files(file_of(text)))
    expect_identical(rows_of(source_files(file_of(c(one, two), ending))), whole)
    expect_identical(rows_of(source_files(file_of(c(one, two, raw(8)), ending))), whole)
    cut <- lapply(seq_len(length(two) - 1L), function(size) c(one, two[seq_len(size)]))
    expect_identical(read_in_silence(c(cut, list(c(one, charToRaw("more")))), how), list())
  }
})

test_that("damaged packed files are found out", {
  set.seed(2)
  text <- text_of_rows(60)
  for (how in c("gz", "bz2", "xz")) {
    whole <- bytes_of(packed_file(text, how))
    rows <- rows_of(source_files(file_of(text)))
    # A few bits mean nothing, as those that fill up the last byte of bzip2.
    damaged <- lapply(sample(seq(20, length(whole)), 40), function(at) {
      replace(whole, at, xor(whole[at], as.raw(0x10)))
    })
    silent <- read_in_silence(damaged, how)
    expect_lt(length(silent), 3)
    for (read in silent) expect_identical(read, rows)
  }
})

test_that("how a file is packed is read from it, not from its name", {
  text <- text_of_rows(20)
  whole <- rows_of(source_files(file_of(text)))
  packed <- bytes_of(packed_file(text, "bz2"))
  expect_identical(rows_of(source_files(file_of(packed, ".csv"))), whole)
  expect_identical(rows_of(source_files(file_of(packed, ".csv.gz"))), whole)
  expect_error(
    rows_of(source_files(file_of(text, ".csv.gz"))), "not compressed as its name says",
    class = "fastlogit_file_error"
  )
})

test_that("large packed files come out as they went in", {
  set.seed(5)
  d <- data.frame(y = rbinom(3e4, 1, 0.5), x = rnorm(3e4))
  text <- bytes_of(csv_of(d))
  for (how in c("gz", "bz2", "xz")) {
    path <- packed_file(text, how)
    expect_equal(rows_of(source_files(path, chunk_bytes = 1e5)), d, tolerance = 1e-14)
    expect_equal(count_rows(source_files(path)) > 0, TRUE)
  }
})
