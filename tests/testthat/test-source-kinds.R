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
  expect_equal(fit$stored$design$rows, 1000)
})

test_that("what a column is does not depend on where chunks begin", {
  n <- 400
  late <- function(first, last) c(rep_len(first, n - 20), rep_len(last, 20))
  columns <- list(
    fractions = late(c("100000", "7"), "0.5"),
    large = late("8", "3000000000"),
    blank_then_text = late("", c("a", "b")),
    missing_then_text = late("NA", c("a", "b")),
    missing_then_days = late("NA", c("2026-01-31", "2024-02-29")),
    missing_then_truth = late("", c("TRUE", "false")),
    text_then_numbers = late(c("a", ""), "5"),
    numbers_then_blank = late(c("4", "2.5"), ""),
    times = late("2026-01-31 23:59:59", "2026-01-31T23:59:59.5+01:00")
  )
  text <- do.call(paste, c(columns, sep = ","))
  path <- file_of(paste0(paste(names(columns), collapse = ","), "\n",
    paste(text, collapse = "\n"), "\n"))
  whole <- rows_of(source_files(path))
  for (bytes in c(1, 500, 5000)) {
    expect_identical(rows_of(source_files(path, chunk_bytes = bytes)), whole)
  }
  expect_identical(
    unname(vapply(whole, function(x) class(x)[1L], "")),
    c("numeric", "numeric", "character", "character", "Date", "logical", "character", "numeric",
      "POSIXct")
  )
  as_csv <- read.csv(path)
  for (name in c("fractions", "large", "blank_then_text", "text_then_numbers")) {
    expect_equal(whole[[name]], as_csv[[name]], info = name)
  }
  expect_identical(sum(is.na(whole$missing_then_text)), 380L)
  expect_identical(max(whole$missing_then_days, na.rm = TRUE), as.Date("2026-01-31"))
  expect_equal(diff(range(as.numeric(whole$times))), 3599.5)
})

test_that("the labels of numbers are those of all the rows, with workers as well", {
  skip_if_not_installed("mirai")
  set.seed(1)
  d <- data.frame(id = sample(c(1e5, 2e5, 3e5), 400, TRUE))
  d$y <- rbinom(400, 1, ifelse(d$id == 1e5, 0.3, 0.6))
  d$id[400] <- 0.5
  as_text <- format(d$id, scientific = FALSE, trim = TRUE, drop0trailing = TRUE)
  write <- function(rows) {
    file_of(paste0("y,id\n", paste0(d$y[rows], ",", as_text[rows], "\n", collapse = "")),
      env = parent.frame(2)
    )
  }
  here <- suppressWarnings(coef(fastlogit(y ~ factor(id), data = d)))
  sources <- list(
    source_files(write(1:400), chunk_bytes = 500), source_files(c(write(1:200), write(201:400)))
  )
  for (source in sources) {
    there <- suppressWarnings(coef(fastlogit(y ~ factor(id), data = source)))
    expect_equal(there, here, tolerance = 1e-6)
  }
  whole <- d[1:399, ]
  whole$id <- as.integer(whole$id)
  here <- coef(fastlogit(y ~ factor(id), data = whole))
  source <- source_files(write(1:399), chunk_bytes = 500)
  expect_equal(coef(fastlogit(y ~ factor(id), data = source)), here)
  expect_named(here, c("(Intercept)", "factor(id)200000", "factor(id)300000"))
  workers <- local_workers(2)
  blank <- data.frame(y = rep(0:1, 50), g = "")
  text <- data.frame(y = rbinom(100, 1, 0.4), g = c("a", "b"))
  source <- source_files(c(csv_of(blank, quote = FALSE), csv_of(text)))
  expect_equal(
    coef(fastlogit(y ~ g, data = source, workers = workers)),
    coef(fastlogit(y ~ g, data = rbind(blank, text)))
  )
  whole <- rbind(whole, whole)
  source <- source_files(c(write(1:399), write(1:399), write(400)))
  here <- suppressWarnings(coef(fastlogit(y ~ factor(id), data = rbind(d[1:399, ], d))))
  there <- suppressWarnings(coef(fastlogit(y ~ factor(id), data = source, workers = workers)))
  expect_equal(there, here, tolerance = 1e-6)
})

test_that("whole numbers of too many digits are not made one in silence", {
  path <- file_of("y,id\n0,9007199254740992\n1,9007199254740993\n1,2\n")
  expect_error(
    rows_of(source_files(path), c("y", "id")), "more digits than a number holds",
    class = "fastlogit_file_error"
  )
  expect_identical(
    rows_of(source_files(path, c(id = "character")))$id,
    c("9007199254740992", "9007199254740993", "2")
  )
  expect_identical(rows_of(source_files(path, c(id = "numeric")))$id, c(2^53, 2^53, 2))
  expect_identical(rows_of(source_files(path), "y")$y, c(0L, 1L, 1L))
})

test_that("classes that the user gives are kept to, or named", {
  path <- file_of("y,zip,day\n0,01234,2026-01-31\n1,99999,2026-02-01\n")
  read <- function(...) rows_of(source_files(path, c(...)))
  expect_identical(read(zip = "character")$zip, c("01234", "99999"))
  expect_identical(read(zip = "factor")$zip, factor(c("01234", "99999")))
  expect_identical(read(zip = "double")$zip, c(1234, 99999))
  expect_identical(read(day = "character")$day, c("2026-01-31", "2026-02-01"))
  expect_error(read(day = "integer"), "is to be integer by `colClasses`.*line 2 \\(\"2026-01-31\"")
  expect_error(read(zpi = "character"), "has no column `zpi`", class = "fastlogit_input_error")
  expect_error(read(zip = "complex"), "`colClasses` may be", class = "fastlogit_input_error")
})
