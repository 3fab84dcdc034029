text_of_rows <- function(n) charToRaw(paste0(c("y,x", paste(0:1, sin(1:n), sep = ",")), "\n", collapse = ""))

test_that("a packed file that was cut anywhere is an error", {
  text <- text_of_rows(60)
  for (how in c("gz", "bz2", "xz")) {
    path <- packed_file(text, how)
    whole <- bytes_of(path)
    expect_identical(nrow(rows_of(source_files(path))), 60L)
    for (size in seq_len(length(whole)) - 1L) {
      cut <- file_of(whole[seq_len(size)], paste0(".csv.", how))
      expect_error(rows_of(source_files(cut)), class = "fastlogit_file_error")
    }
  }
})

test_that("packed files have several members, and zeros at the end", {
  text <- text_of_rows(50)
  first <- seq_len(301)
  for (how in c("gz", "bz2", "xz")) {
    one <- bytes_of(packed_file(text[first], how))
    two <- bytes_of(packed_file(text[-first], how))
    ending <- paste0(".csv.", how)
    whole <- rows_of(source_files(file_of(text)))
    expect_identical(rows_of(source_files(file_of(c(one, two), ending))), whole)
    expect_identical(rows_of(source_files(file_of(c(one, two, raw(8)), ending))), whole)
    for (size in seq_along(two)[-length(two)]) {
      cut <- file_of(c(one, two[seq_len(size)]), ending)
      expect_error(rows_of(source_files(cut)), class = "fastlogit_file_error")
    }
    expect_error(
      rows_of(source_files(file_of(c(one, charToRaw("more")), ending))), "damaged",
      class = "fastlogit_file_error"
    )
  }
})

test_that("damaged packed files are found out", {
  set.seed(2)
  text <- text_of_rows(60)
  for (how in c("gz", "bz2", "xz")) {
    whole <- bytes_of(packed_file(text, how))
    # gzip's header has bytes that mean nothing; the others have checksums of all.
    for (at in sample(seq(20, length(whole)), 30)) {
      other <- whole
      other[at] <- xor(other[at], as.raw(0x10))
      path <- file_of(other, paste0(".csv.", how))
      expect_error(rows_of(source_files(path)), class = "fastlogit_file_error")
    }
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
