# A file of rows, and its handle.
write_rows <- function(columns, path = tempfile(fileext = ".rows"), pieces = 1) {
  writer <- cache_writer(path, length(columns), length(columns[[1]]))
  n <- length(columns[[1]])
  for (rows in split(seq_len(n), rep(seq_len(pieces), length.out = n, each = ceiling(n / pieces)))) {
    writer$append(lapply(columns, `[`, rows))
  }
  writer$finish(list(note = "this"))
  path
}

test_that("numbers come back as they were, in the fewest bytes", {
  n <- 70000
  columns <- list(
    rep_len(c(0, 1), n), rep_len(c(0, 255), n), rep_len(c(0, 65535), n), rep_len(c(-1, 2^31 - 1), n),
    rep_len(c(0.5, NaN, Inf, -0, 1e300), n), rep_len(c(2^31, 1), n), seq_len(n)
  )
  path <- write_rows(columns, pieces = 3)
  handle <- row_cache(path, keep = TRUE)
  facts <- cache_facts(handle)
  expect_equal(facts$rows, n)
  expect_identical(unpack_fields(facts$notes), list(note = "this"))
  found <- stored_columns(handle, seq_along(columns), 1L, as.integer(facts$blocks))
  expect_identical(found, lapply(columns, as.double))
  expect_identical(1 / found[[5]][4], -Inf)
  # 1 + 1 + 2 + 4 + 8 + 8 + 4 (or 2, where whole blocks are small) bytes a row, and the index
  expect_lt(file.size(path), 28.2 * n)
  unlink(path)
})

test_that("a damaged file is an error with a name", {
  path <- write_rows(list(rnorm(5000), rnorm(5000)))
  bytes <- readBin(path, "raw", file.size(path))
  broken <- function(bytes) {
    file <- tempfile()
    writeBin(bytes, file)
    handle <- row_cache(file, keep = FALSE)
    stored_columns(handle, 1:2, 1L, as.integer(cache_facts(handle)$blocks))
  }
  flip <- function(at) {
    bytes[at] <- xor(bytes[at], as.raw(1L))
    bytes
  }
  expect_silent(broken(bytes))
  for (at in c(100, 70000, length(bytes) - 100, length(bytes) - 10, length(bytes) - 65)) {
    expect_error(broken(flip(at)), class = "fastlogit_cache_error")
  }
  expect_error(broken(bytes[1:50000]), class = "fastlogit_cache_error")
  expect_error(broken(raw(10)), class = "fastlogit_cache_error")
  expect_error(row_cache(tempfile(), keep = TRUE), class = "fastlogit_cache_error")
})

test_that("too little disk is an error before the work, with both numbers", {
  expect_error(
    check_disk(tempdir(), 1e15, 1000), "need about .* of disk .* has .* left",
    class = "fastlogit_disk_full"
  )
  expect_silent(check_disk(tempdir(), NA, 1000))
  expect_silent(check_disk(tempdir(), 10, 10))
  expect_gt(free_disk(tempdir()), 0)
})

test_that("too little disk stops a fit at its first chunk", {
  file <- tempfile(fileext = ".csv")
  write.csv(source_data(), file, row.names = FALSE)
  chunks <- 0
  read <- frame_of_chunk
  counted <- function(...) {
    chunks <<- chunks + 1
    read(...)
  }
  with_replaced("frame_of_chunk", counted, with_replaced("free_disk", function(folder) 1000, {
    expect_error(
      fastlogit(y ~ x, data = source_files(file, chunk_bytes = 10000)),
      "give `cache` a folder", class = "fastlogit_disk_full"
    )
  }))
  expect_equal(chunks, 1)
})

test_that("a disk that is full while rows are written is an error, and leaves no file", {
  skip_on_os(c("windows", "mac"))
  skip_if_not_installed("fastlogit")
  folder <- tempfile()
  script <- bquote({
    .libPaths(.(.libPaths()))
    library(fastlogit)
    at <- 0
    next_rows <- function(reset) {
      if (reset) at <<- 0 else if ((at <<- at + 1) <= 20) {
        data.frame(x = rnorm(1e4), z = rnorm(1e4), y = rbinom(1e4, 1, 0.5))
      }
    }
    tryCatch(
      fastlogit(y ~ x + z, data = source_function(next_rows), cache = .(folder)),
      fastlogit_disk_full = function(e) cat(conditionMessage(e))
    )
  })
  file <- tempfile(fileext = ".R")
  writeLines(deparse(script), file)
  # A limit on the size of files is a full disk to whom it meets; 1000 blocks of 512 or 1024 bytes.
  limited <- paste(
    "trap '' XFSZ; ulimit -f 1000;", shQuote(file.path(R.home("bin"), "Rscript")), shQuote(file)
  )
  said <- system2("sh", c("-c", shQuote(limited)), stdout = TRUE, stderr = FALSE)
  expect_match(paste(said, collapse = " "), "the rows cannot be kept: the disk of .* is full")
  expect_length(list.files(folder), 0)
})

test_that("a cache is kept for the next fit, or goes with its own", {
  d <- source_data()
  file <- tempfile(fileext = ".csv")
  write.csv(d, file, row.names = FALSE)
  folder <- tempfile()
  first <- fastlogit(y ~ x + g, data = source_files(file), cache = folder)
  kept <- list.files(folder, full.names = TRUE)
  expect_length(kept, 1)
  written <- file.mtime(kept)
  local_reader <- function(...) stop("the source was read again")
  again <- with_replaced("for_each_chunk", local_reader, {
    fastlogit(y ~ x + g, data = source_files(file), cache = folder)
  })
  expect_identical(coef(again), coef(first))
  expect_identical(file.mtime(kept), written)
  # Other variables, and other rows, are another cache.
  fastlogit(y ~ x, data = source_files(file), cache = folder)
  Sys.setFileTime(file, Sys.time() - 100)
  fastlogit(y ~ x, data = source_files(file), cache = folder)
  expect_length(list.files(folder), 3)
  # Damage is told.
  bytes <- readBin(kept, "raw", file.size(kept))
  bytes[20] <- xor(bytes[20], as.raw(4L))
  Sys.setFileTime(file, written)
  one <- tempfile()
  fit <- fastlogit(y ~ x + g, data = source_files(file), cache = one)
  kept <- list.files(one, full.names = TRUE)
  writeBin(bytes, kept)
  expect_error(
    fastlogit(y ~ x + g, data = source_files(file), cache = one), class = "fastlogit_cache_error"
  )
  unlink(c(folder, one), recursive = TRUE)
})

test_that("without `cache` the file goes with the fit", {
  fit <- fastlogit(fail ~ temp, data = source_function(chunks_of(oring, 10)))
  path <- fit$elsewhere$handle$path
  expect_true(file.exists(path))
  rm(fit)
  invisible(gc())
  expect_false(file.exists(path))
})

test_that("a kept cache is of the same conditions, whatever their variables are now", {
  file <- withr::local_tempfile(fileext = ".csv")
  write.csv(source_data(), file, row.names = FALSE)
  folder <- withr::local_tempdir()
  rows <- function(least) {
    above <- function(z) z > least
    nobs(fastlogit(y ~ z, data = source_files(file), subset = above(z), cache = folder))
  }
  expect_gt(rows(0.1), rows(1))
  expect_length(list.files(folder), 2)
  rows(0.1)
  expect_length(list.files(folder), 2)
})

test_that("a fit that was saved finds its rows, or says that they are gone", {
  fit <- fastlogit(fail ~ temp, data = source_function(chunks_of(oring, 10)))
  file <- tempfile()
  saveRDS(fit, file)
  again <- readRDS(file)
  expect_equal(fitted(again), fitted(fit))
  again$elsewhere$handle$file <- NULL
  again$elsewhere$handle$path <- tempfile()
  expect_error(fitted(again), class = "fastlogit_rows_gone")
})
