# A file of rows, and its handle.
write_rows <- function(columns, path = tempfile(fileext = ".rows"), pieces = 1) {
  writer <- cache_writer(path, length(columns), length(columns[[1]]))
  n <- length(columns[[1]])
  piece <- rep(seq_len(pieces), length.out = n, each = ceiling(n / pieces))
  for (rows in split(seq_len(n), piece)) {
    writer$append(lapply(columns, `[`, rows))
  }
  writer$finish(list(note = "this"))
  path
}

test_that("numbers come back as they were, in the fewest bytes", {
  n <- 70000
  columns <- list(
    rep_len(c(0, 1), n), rep_len(c(0, 255), n), rep_len(c(0, 65535), n),
    rep_len(c(-1, 2^31 - 1), n), rep_len(c(0.5, NaN, Inf, -0, 1e300), n), rep_len(c(2^31, 1), n),
    seq_len(n)
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
  path <- fit$stored$handle$path
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
  again$stored$handle$file <- NULL
  again$stored$handle$path <- tempfile()
  expect_error(fitted(again), class = "fastlogit_rows_gone")
})

# A whole number of 64 bits, as a file has it.
number_bytes <- function(x) as.raw((x %/% 256^(0:7)) %% 256)

test_that("sizes that a file cannot have are told, before memory is asked for", {
  path <- write_rows(list(as.double(1:3000), rnorm(3000)))
  bytes <- readBin(path, "raw", file.size(path))
  tail <- length(bytes) - 72L
  names <- c("version", "rows", "columns", "block_rows", "index", "notes", "notes_size", "checksum")
  huge <- c(0, 1, 2, 2^16, 2^31 - 1, 2^31, 2^32, 2^52, 2^53 * 3, 2^62, 2^63, 2^64 - 2048)
  for (name in names) {
    for (size in huge) {
      at <- tail + 8 * match(name, names) + 1:8
      changed <- replace(bytes, at, number_bytes(size))
      if (identical(changed, bytes)) next
      file <- tempfile()
      writeBin(changed, file)
      expect_error(
        row_cache(file, FALSE), class = "fastlogit_cache_error", info = paste(name, size)
      )
    }
  }
  # Much of nothing.
  file <- withr::local_tempfile()
  con <- file(file, "wb")
  seek(con, 2^34)
  writeBin(bytes[-seq_len(tail)], con)
  close(con)
  expect_error(row_cache(file, FALSE), class = "fastlogit_cache_error")
})

test_that("a damaged file is told, or read as it was, wherever the damage is", {
  values <- list(as.double(sample(0:1, 3000, TRUE)), rnorm(3000))
  path <- write_rows(values, pieces = 2)
  bytes <- readBin(path, "raw", file.size(path))
  file <- withr::local_tempfile()
  set.seed(6)
  # Damage in the index, notes and tail is as likely as in the numbers.
  places <- c(sample(length(bytes), 700), utils::tail(seq_along(bytes), 300))
  told <- vapply(seq_len(3000), function(i) {
    at <- sample(places, sample(3, 1))
    changed <- replace(bytes, at, xor(bytes[at], as.raw(sample(255, length(at), TRUE))))
    if (i %% 5 == 0) changed <- bytes[seq_len(sample(length(bytes) - 1L, 1))]
    if (i %% 7 == 0) changed <- append(bytes, as.raw(sample(0:255, 9)), sample(length(bytes), 1))
    writeBin(changed, file)
    tryCatch({
      handle <- row_cache(file, TRUE)
      stored_columns(handle, 1:2, 1L, as.integer(cache_facts(handle)$blocks))
      FALSE
    }, fastlogit_cache_error = function(e) TRUE)
  }, NA)
  expect_true(all(told))
})

test_that("blocks and columns that a file has not are an error", {
  path <- write_rows(list(as.double(1:3000), rnorm(3000)))
  handle <- row_cache(path, FALSE)
  for (column in c(0L, 3L, -1L, NA, .Machine$integer.max)) {
    expect_error(stored_columns(handle, column, 1L, 1L), class = "fastlogit_cache_error")
  }
  for (last in c(0L, 2L, NA, .Machine$integer.max)) {
    expect_error(stored_columns(handle, 1L, 1L, last), class = "fastlogit_cache_error")
  }
})

test_that("a cache that is changed under a fit is told, at the next pass", {
  d <- source_data()
  spoil <- list(
    numbers = function(path, bytes) writeBin(c(rev(bytes[1:2000]), bytes[-(1:2000)]), path),
    cut = function(path, bytes) writeBin(bytes[1:1000], path),
    gone = function(path, bytes) unlink(path)
  )
  for (how in names(spoil)) {
    passes <- 0
    watch <- function(checkpoint, schema, start, count) {
      path <- get("rows", parent.frame())$handle$path
      after_pass <- function(beta, loglik, ...) {
        passes <<- passes + 1
        if (passes == 2) spoil[[how]](path, readBin(path, "raw", file.size(path)))
      }
      list(start = NULL, done = function() NULL, resumed = FALSE, after_pass = after_pass)
    }
    source <- source_function(chunks_of(d, 700))
    with_replaced("watch_fit", watch, expect_error(
      fastlogit(y ~ z + g, data = source), class = "fastlogit_cache_error", info = how
    ))
    with_replaced("watch_fit", watch, expect_error({
      passes <- 0
      fastmultinom(c ~ z + g, data = source)
    }, class = "fastlogit_cache_error", info = how))
    if (how != "gone") expect_identical(passes, 2, info = how)
  }
})

test_that("files and folders are private, and no link is followed", {
  skip_on_os("windows")
  before <- Sys.umask("000")
  withr::defer(Sys.umask(before))
  source <- local_rows(oring)
  folder <- file.path(withr::local_tempdir(), "new", "cache")
  fit <- function() fastlogit(fail ~ temp, data = source, cache = folder)
  fit()
  kept <- list.files(folder, full.names = TRUE)
  expect_identical(format(file.mode(kept)), "600")
  expect_identical(format(file.mode(c(folder, dirname(folder)))), c("700", "700"))
  moved <- withr::local_tempfile()
  file.rename(kept, moved)
  file.symlink(moved, kept)
  expect_error(fit(), class = "fastlogit_cache_error")
  unlink(moved)  # now the link leads nowhere: it is no cache, and stays
  expect_error(fit(), class = "fastlogit_cache_error")
  expect_false(file.exists(moved))
})

test_that("a relative folder is the same after setwd()", {
  withr::local_dir(withr::local_tempdir())
  source <- local_rows(oring)
  fit <- fastlogit(fail ~ temp, data = source, cache = "kept")
  setwd("kept")
  fit$stored$handle$file <- NULL
  expect_length(fitted(fit), nrow(oring))
})

test_that("what was left behind long ago goes, and what others are writing stays", {
  path <- file.path(withr::local_tempdir(), "fastlogit-1.rows")
  parts <- paste0(path, c(".1.part", ".2.part"))
  file.create(parts)
  Sys.setFileTime(parts[1], Sys.time() - 2 * 86400)
  remove_old_parts(path)
  expect_identical(file.exists(parts), c(FALSE, TRUE))
})

test_that("sessions that start on one cache all finish", {
  skip_if_not_installed("processx")
  skip_if_not_installed("fastlogit")
  folder <- withr::local_tempdir()
  file <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(source_data(), file, row.names = FALSE)
  script <- withr::local_tempfile(fileext = ".R")
  begin <- withr::local_tempfile()
  writeLines(deparse(bquote({
    .libPaths(.(.libPaths()))
    library(fastlogit)
    cat("ready\n")
    while (!file.exists(.(begin))) Sys.sleep(0.001)
    s <- source_files(.(file), chunk_bytes = 5000)
    fit <- fastlogit(y ~ poly(z, 2) + g, data = s, cache = .(folder))
    cat(format(coef(fit), digits = 15))
  })), script)
  rscript <- file.path(R.home("bin"), "Rscript")
  sessions <- lapply(1:3, function(i) {
    processx::process$new(rscript, script, stdout = "|", stderr = "|")
  })
  for (session in sessions) session$poll_io(20000)
  file.create(begin)
  for (session in sessions) session$wait(60000)
  said <- vapply(sessions, function(session) session$read_all_output(), "")
  expect_identical(vapply(sessions, function(session) session$get_exit_status(), 0L), rep(0L, 3))
  expect_length(unique(sub(".*ready", "", said)), 1)
  expect_length(list.files(folder), 1)
})

test_that("a forked child takes no rows with it", {
  skip_on_os("windows")
  d <- source_data(400)
  fit <- fastlogit(y ~ z, data = source_function(chunks_of(d, 100)))
  path <- fit$stored$handle$path
  child <- parallel::mcparallel({
    rm(fit)
    gc()
    file.exists(path)
  })
  expect_identical(parallel::mccollect(child)[[1L]], TRUE)
  expect_identical(fit$y, as.double(d$y))
  rm(fit)
  gc()
  expect_false(file.exists(path))
})
