# Random tables as text, in all the ways in which text may be written.
random_table <- function(n) {
  words <- c("a", "b,c", "say \"x\"", "two\nlines", " padded ", "NA", "", "#1", "5", "\u00e9", "'")
  table <- data.frame(
    y = sample(0:1, n, TRUE), x = round(rnorm(n), sample(0:6, 1)),
    z = signif(rexp(n) * 10^sample(-30:30, n, TRUE), 15), s = sample(words, n, TRUE),
    l = sample(c(TRUE, FALSE), n, TRUE), d = as.Date("2000-02-28") + sample(5000, n, TRUE)
  )
  for (name in c("x", "s", "d")) table[[name]][sample(n, 2)] <- NA
  table
}

as_text <- function(table, end) {
  quote <- function(x) paste0("\"", gsub("\"", "\"\"", x, fixed = TRUE), "\"")
  fields <- lapply(table, function(x) {
    text <- if (is.double(x) && !inherits(x, "Date")) sprintf("%.15g", x) else as.character(x)
    quoted <- if (is.character(x)) rep(TRUE, length(x)) else runif(length(x)) < 0.2
    text[quoted] <- quote(text[quoted])
    padded <- !quoted & runif(length(x)) < 0.1
    text[padded] <- paste0(" ", text[padded], "  ")
    text[is.na(x)] <- "NA"
    text
  })
  rows <- do.call(paste, c(unname(fields), sep = ","))
  lines <- c(paste(quote(names(table)), collapse = ","), rows)
  blank <- ifelse(runif(length(lines)) < 0.2, strrep(end, sample(3, 1)), "")
  paste0(lines, end, blank, collapse = "")
}

test_that("rows that go into a text come out of it, whatever it looks like", {
  set.seed(3)
  for (run in 1:30) {
    table <- random_table(sample(5:60, 1))
    text <- as_text(table, sample(c("\n", "\r\n", "\r"), 1))
    if (run %% 2 == 0) text <- sub("[\r\n]+$", "", text)
    bytes <- charToRaw(enc2utf8(text))
    if (run %% 3 == 0) bytes <- c(as.raw(c(0xef, 0xbb, 0xbf)), bytes)
    for (chunk_bytes in c(sample(200, 1), 2^20)) {
      expect_equal(
        rows_of(source_files(file_of(bytes), c(s = "character"), chunk_bytes = chunk_bytes)),
        table, tolerance = 1e-15, info = paste(run, chunk_bytes)
      )
    }
  }
})

test_that("each row of a file is used, or named with its line", {
  set.seed(1)
  d <- data.frame(y = rbinom(400, 1, 0.4), x = round(rnorm(400), 3))
  lines <- paste0(c("y,x", paste(d$y, d$x, sep = ",")), "\n")
  fit_with <- function(line, after, bytes) {
    path <- file_of(append(lines, line, after))
    fastlogit(y ~ x, data = source_files(path, chunk_bytes = bytes))
  }
  here <- coef(fastlogit(y ~ x, data = d))
  for (bytes in c(300, 2^23)) {
    for (after in c(1, 200, 401)) {
      for (line in c("\n", "  \n", "\r\n", "\n\n\n")) {
        expect_equal(coef(fit_with(line, after, bytes)), here)
      }
      at <- paste0("^line ", after + 1, " of .*[.]csv ")
      for (line in c("1\n", "1,2,3\n", "# note\n", "1,5,0.25\n", "1,2,\n", "\"1,2\"\n")) {
        expect_error(
          fit_with(line, after, bytes), paste0(at, "has . fields? where 2 are expected"),
          class = "fastlogit_file_error"
        )
      }
      expect_error(fit_with("1,\"2\n", after, bytes), paste0(at, "begins a quotation"))
      expect_error(fit_with("1,\"2\"3\n", after, bytes), paste0(at, "has text after"))
    }
    fit <- fit_with(c("NA,1\n", ",2\n"), 200, bytes)
    expect_equal(nobs(fit), 400)
  }
})

test_that("lines are counted through quotes", {
  path <- file_of("y,s\n0,\"a\nb\nc\"\n\n1,d\n1,2,3\n")
  expect_error(rows_of(source_files(path)), "^line 7 of")
})

test_that("files of one column have a row for each line that is not blank", {
  path <- file_of("y\n0\n\nNA\n1\n\n\n1\n")
  expect_identical(rows_of(source_files(path, chunk_bytes = 1)), read.csv(path))
  fit <- fastlogit(y ~ 1, data = source_files(path))
  expect_equal(nobs(fit), 3)
})

test_that("lines may be long, and quotations do not take the file with them", {
  long <- strrep("x", 1e6)
  path <- file_of(paste0("y,s\n0,", long, "\n1,\"", long, "\n\"\n1,b\n"))
  read <- rows_of(source_files(path, chunk_bytes = 1000))
  expect_identical(nchar(read$s), c(1000000L, 1000001L, 1L))
})

test_that("row names need quotes, as a decimal comma looks the same", {
  d <- data.frame(y = c(0L, 1L, 1L), x = c(1.5, 2.5, NA))
  path <- withr::local_tempfile(fileext = ".csv")
  write.table(d, path, sep = ",")
  expect_identical(rows_of(source_files(path)), d)
  expect_error(rows_of(source_files(file_of("y,x\n1,1,5\n0,2,5\n"))), "^line 2 .*has 3 fields")
})

test_that("numbers are the nearest doubles, and what is no number is a text", {
  numbers <- c(
    "0.1", "-1e-7", "+5.", ".5", "123456789012345678", "1.7976931348623157e308", "4.9e-324",
    "2.2250738585072011e-308", "0.30000000000000004", "9007199254740993.0", "1E5", "1e400", "-Inf",
    "0.000000000000000000000000000001", "8.41e21", "1e23"
  )
  path <- file_of(c("x\n", paste0(numbers, "\n")))
  exact <- c(
    0.1, -1e-7, 5, 0.5, 123456789012345680, .Machine$double.xmax, 2^-1074,
    2.2250738585072011e-308, 0.1 + 0.2, 2^53, 1e5, Inf, -Inf, 1e-30, 8.41e21, 1e23
  )
  expect_identical(rows_of(source_files(path, c(x = "numeric")))$x, exact)
  texts <- c("1,5", "0x1A", "1e", "1e+", "--1", "1 000", "2026-02-30", "1d5", "T", "e5", "-", ".")
  for (text in texts) {
    path <- file_of(c("x\n\"", text, "\"\n"))
    expect_identical(rows_of(source_files(path)), data.frame(x = text))
  }
})

test_that("a text in no known encoding stays what it is", {
  path <- file_of(c(charToRaw("y,s\n0,caf"), as.raw(0xe9), charToRaw("\n1,b\n")))
  expect_identical(charToRaw(rows_of(source_files(path))$s[1]), charToRaw("caf\xe9"))
})

test_that("`sep` is a single sign", {
  path <- file_of("y;x\n0;1,5\n")
  expect_identical(rows_of(source_files(path, sep = ";"))$x, "1,5")
  for (sep in list("", "auto", "\n", "\"", NA, 1, c(",", ";"))) {
    expect_error(source_files(path, sep = sep), "`sep`", class = "fastlogit_input_error")
  }
})

test_that("memory that is not to be had is told in words", {
  skip_if(nzchar(Sys.getenv("FASTLOGIT_SANITIZED")), "a sanitizer's allocator ends the process")
  path <- file_of("y,x\n0,1\n1,2\n")
  expect_error(
    fastlogit(y ~ x, data = source_files(path, chunk_bytes = 2^52)), "not enough memory",
    class = "fastlogit_out_of_memory"
  )
})
