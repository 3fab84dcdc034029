state_in <- function(file) checkpoint_state(readBin(file, "raw", file.size(file)))

test_that("a checkpoint holds the state after a pass, and a fit goes on from it", {
  d <- source_data()
  s <- source_function(chunks_of(d, 700))
  file <- tempfile()
  whole <- fastlogit(y ~ x + g, data = s, checkpoint = file)
  notes <- state_in(file)
  expect_equal(notes$deviance, deviance(whole), tolerance = 1e-8)
  expect_equal(notes$beta, unname(coef(whole)), tolerance = 1e-6)
  expect_gt(notes$pass, 1)
  expect_false(file.exists(paste0(file, ".part")))
  again <- fastlogit(y ~ x + g, data = s, checkpoint = file)
  expect_equal(coef(again), coef(whole), tolerance = 1e-10)
  expect_lt(again$iter, whole$iter)
  expect_gt(state_in(file)$pass, notes$pass)
  expect_equal(coef(whole), coef(fastlogit(y ~ x + g, data = d)), tolerance = 1e-10)
})

test_that("a fit that was stopped goes on", {
  d <- source_data()
  s <- source_function(chunks_of(d, 700))
  file <- tempfile()
  stopped <- tryCatch(
    with_replaced("write_checkpoint", local({
      write <- write_checkpoint
      function(notes, file) {
        write(notes, file)
        if (notes$pass == 3L) stop("cut")
      }
    }), fastlogit(y ~ x + g, data = s, checkpoint = file)),
    error = conditionMessage
  )
  expect_match(stopped, "cut")
  expect_equal(state_in(file)$pass, 3)
  again <- fastlogit(y ~ x + g, data = s, checkpoint = file)
  expect_equal(coef(again), coef(fastlogit(y ~ x + g, data = d)), tolerance = 1e-10)
})

test_that("a checkpoint of another model, or none at all, is an error that names it", {
  d <- source_data()
  s <- source_function(chunks_of(d, 700))
  file <- tempfile()
  fastlogit(y ~ x, data = s, checkpoint = file)
  expect_error(fastlogit(y ~ z, data = s, checkpoint = file), class = "fastlogit_checkpoint")
  writeLines("no", file)
  expect_error(fastlogit(y ~ x, data = s, checkpoint = file), class = "fastlogit_checkpoint")
})


# A fit to a source, of two classes or of many, with a checkpoint.
checked_fit <- function(file, many = FALSE) {
  s <- source_function(chunks_of(source_data(), 700))
  if (many) {
    fastmultinom(c ~ z + l, data = s, checkpoint = file)
  } else {
    fastlogit(y ~ x + g, data = s, checkpoint = file)
  }
}

test_that("a checkpoint is believed only where it is one of these coefficients", {
  for (many in c(FALSE, TRUE)) {
    file <- withr::local_tempfile()
    right <- coef(checked_fit(file, many))
    state <- state_in(file)
    count <- length(state$beta)
    expect_equal(count, length(right))
    wrong <- list(
      list(beta = state$beta[-1]), list(beta = numeric()), list(beta = numeric(1e5)),
      list(beta = rep(NA_real_, count)), list(beta = rep(Inf, count)), list(beta = seq_len(count)),
      list(beta = as.character(state$beta)), list(beta = as.list(state$beta)), list(beta = NULL),
      list(deviance = "1"), list(deviance = NaN), list(deviance = c(1, 2)), list(pass = -1),
      list(pass = 0.5), list(pass = 1e300), list(schema = NULL), list(schema = "another")
    )
    for (change in wrong) {
      write_checkpoint(utils::modifyList(state, change), file)
      expect_error(
        read_checkpoint(file, state$schema, count), class = "fastlogit_checkpoint",
        info = deparse(change)[1L]
      )
    }
    write_checkpoint(utils::modifyList(state, wrong[[1L]]), file)
    expect_error(checked_fit(file, many), class = "fastlogit_checkpoint")
    # Wherever it says to begin, the end is the same.
    for (beta in list(rep(1e8, count), rep(-1e300, count), rep(50, count), numeric(count))) {
      write_checkpoint(utils::modifyList(state, list(beta = beta, deviance = -1e9)), file)
      expect_equal(coef(suppressWarnings(checked_fit(file, many))), right, tolerance = 1e-8)
    }
  }
})

test_that("files of other formats are no checkpoints, and their code is not run", {
  file <- withr::local_tempfile()
  ran <- withr::local_tempfile()
  evil <- list(beta = numeric(6), deviance = 1, pass = 1L, schema = "x")
  delayedAssign("code", file.create(ran))
  evil$env <- environment()
  saveRDS(evil, file)
  expect_error(checked_fit(file), class = "fastlogit_checkpoint")
  writeBin(c(checkpoint_mark, serialize(evil, NULL)), file)
  expect_error(checked_fit(file), class = "fastlogit_checkpoint")
  writeBin(raw(0), file)
  expect_error(checked_fit(file), class = "fastlogit_checkpoint")
  con <- file(file, "wb")
  seek(con, 1e9)
  writeBin(1, con)
  close(con)
  expect_error(checked_fit(file), class = "fastlogit_checkpoint")
  expect_false(file.exists(ran))
})

test_that("a checkpoint that is damaged anywhere is told", {
  file <- withr::local_tempfile()
  checked_fit(file)
  bytes <- readBin(file, "raw", file.size(file))
  state <- checkpoint_state(bytes)
  set.seed(4)
  none <- vapply(1:3000, function(i) {
    at <- sample(length(bytes), sample(1:3, 1))
    changed <- replace(bytes, at, xor(bytes[at], as.raw(sample(255, length(at), TRUE))))
    if (i %% 3 == 0) changed <- bytes[seq_len(sample(length(bytes) - 1L, 1))]
    if (i %% 5 == 0) changed <- c(bytes, as.raw(sample(0:255, sample(50, 1), TRUE)))
    is.null(checkpoint_state(changed))
  }, NA)
  expect_true(all(none))
  # Whoever knows the checksum can say what they like, and is believed in nothing that is not sound.
  rest <- utils::tail(bytes, -(length(checkpoint_mark) + 16L))
  outcome <- vapply(1:2000, function(i) {
    at <- sample(length(rest), sample(1:3, 1))
    changed <- replace(rest, at, as.raw(sample(0:255, length(at), TRUE)))
    writeBin(c(checkpoint_mark, charToRaw(checksum_of(changed)), changed), file)
    tryCatch({
      found <- read_checkpoint(file, state$schema, length(state$beta))
      is.double(found$beta) && length(found$beta) == length(state$beta) &&
        all(is.finite(found$beta))
    }, fastlogit_checkpoint = function(e) TRUE)
  }, NA)
  expect_true(all(outcome))
})

test_that("a checkpoint is private, and never written through a link", {
  skip_on_os("windows")
  file <- withr::local_tempfile()
  before <- Sys.umask("000")
  withr::defer(Sys.umask(before))
  checked_fit(file)
  expect_identical(format(file.mode(file)), "600")
  other <- withr::local_tempfile()
  writeLines("mine", other)
  link <- withr::local_tempfile()
  file.symlink(other, link)
  expect_error(checked_fit(link), class = "fastlogit_checkpoint")
  expect_identical(readLines(other), "mine")
  unlink(other)
  checked_fit(link)  # which led nowhere
  expect_false(file.exists(other))
  expect_length(list.files(dirname(file), paste0(basename(file), ".*part")), 0)
  pipe <- withr::local_tempfile()
  skip_if_not(nzchar(Sys.which("mkfifo")) && system2("mkfifo", pipe) == 0)
  expect_error(checked_fit(pipe), "no plain file", class = "fastlogit_checkpoint")
})

test_that("what is no name of a file or of a folder is an error", {
  folder <- withr::local_tempdir()
  s <- source_function(chunks_of(oring, 10))
  fit <- function(...) fastlogit(fail ~ temp, data = s, ...)
  for (bad in list("", " ", NA, NA_character_, 1, c("a", "b"), character(), TRUE, list("a"))) {
    expect_error(fit(checkpoint = bad), "`checkpoint`", class = "fastlogit_input_error")
    expect_error(fit(cache = bad), "`cache`", class = "fastlogit_input_error")
    expect_error(
      fastmultinom(fail ~ temp, data = s, cache = bad), "`cache`", class = "fastlogit_input_error"
    )
  }
  expect_error(fit(checkpoint = folder), "is a folder", class = "fastlogit_input_error")
  expect_error(
    fit(checkpoint = file.path(folder, "none", "x")), "no folder", class = "fastlogit_input_error"
  )
  file <- file.path(folder, "file")
  writeLines("", file)
  expect_error(fit(cache = file), "is a file", class = "fastlogit_input_error")
  expect_error(fit(cache = file.path(file, "below")), class = "fastlogit_cache_error")
})

test_that("where it cannot be written the old one stays, the fit goes on, one warning says so", {
  file <- withr::local_tempfile()
  right <- coef(checked_fit(file))
  before <- readBin(file, "raw", 1e5)
  full <- function(path, bytes) "the disk is full"
  said <- character()
  fit <- withCallingHandlers(
    with_replaced("replace_file_impl", full, checked_fit(file)),
    fastlogit_checkpoint_not_written = function(w) {
      said <<- c(said, conditionMessage(w))
      tryInvokeRestart("muffleWarning")
    }
  )
  expect_equal(coef(fit), right, tolerance = 1e-10)
  expect_length(said, 1)
  expect_match(said, "the disk is full")
  expect_identical(readBin(file, "raw", 1e5), before)
})

test_that("a disk that fills up leaves the old checkpoint", {
  skip_on_os(c("windows", "mac"))
  skip_if_not_installed("fastlogit")
  file <- withr::local_tempfile()
  checked_fit(file)
  before <- readBin(file, "raw", 1e5)
  script <- withr::local_tempfile(fileext = ".R")
  writeLines(deparse(bquote({
    .libPaths(.(.libPaths()))
    library(fastlogit)
    state <- list(beta = numeric(1e5), deviance = 1, pass = 1, schema = "x")
    withCallingHandlers(
      fastlogit:::try_checkpoint(state, .(file)), warning = function(w) cat(conditionMessage(w))
    )
  })), script)
  limited <- paste(
    "trap '' XFSZ; ulimit -f 100;", shQuote(file.path(R.home("bin"), "Rscript")), shQuote(script)
  )
  said <- system2("sh", c("-c", shQuote(limited)), stdout = TRUE, stderr = FALSE)
  expect_match(paste(said, collapse = " "), "the checkpoint cannot be used: the disk of .* is full")
  expect_identical(readBin(file, "raw", 1e5), before)
  expect_length(list.files(dirname(file), paste0(basename(file), ".*part")), 0)
})
