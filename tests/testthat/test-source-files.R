test_that("csv files, compressed or not, give the data frame's fit", {
  d <- source_data()
  paths <- c(csv_of(d[1:1200, ]), csv_of(d[1201:3000, ], gz = TRUE))
  call <- quote(fastlogit(y ~ log(z + 1) + x * g + l, weights = w))
  expect_same_fit(fit_twice(call, d, source_files(paths, chunk_bytes = 20000)))
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

test_that("files have the columns of the first, each of them once", {
  one <- file_of("y,x\n0,1\n1,2\n")
  turned <- file_of("x,y\n3,0\n4,1\n")
  expect_equal(rows_of(source_files(c(one, turned)), c("y", "x"))$x, c(1, 2, 3, 4))
  other <- file_of("y,z\n0,1\n")
  expect_error(
    rows_of(source_files(c(one, other)), c("y", "x")), "has no column `x`, which .* has",
    class = "fastlogit_file_error"
  )
  twice <- file_of("y,x,x\n0,1,2\n")
  expect_error(rows_of(source_files(twice), c("y", "x")), "several columns `x`")
  expect_equal(rows_of(source_files(twice), "y"), data.frame(y = 0L))
})

test_that("what is no file of rows is told by name", {
  named_error <- function(path, pattern) {
    expect_error(
      fastlogit(y ~ x, data = source_files(path)), pattern, class = "fastlogit_input_error"
    )
  }
  named_error(tempdir(), "is a folder")
  named_error(file.path(tempdir(), "no", "a.csv"), "there is no file")
  named_error(file_of(""), "is empty")
  named_error(file_of("\n \n"), "is empty")
  named_error(file_of("y,x\n"), "no rows to fit")
  wide <- unlist(iconv("y,x\n0,1\n", "UTF-8", "UTF-16", toRaw = TRUE))
  named_error(file_of(wide), "UTF-16")
  named_error(file_of(c(as.raw(c(0xff, 0xfe)), charToRaw("yx\n"))), "UTF-16")
  named_error(file_of(c(charToRaw("y,x\n0,1\n1,"), as.raw(0), charToRaw("2\n"))), "line 3.*zero")
  gone <- source_files(file_of("y,x\n0,1\n"))
  unlink(gone$paths)
  expect_error(fastlogit(y ~ x, data = gone), "cannot be read", class = "fastlogit_file_error")
})

test_that("a file that may not be read is told by name", {
  skip_on_os("windows")
  path <- file_of("y,x\n0,1\n")
  Sys.chmod(path, "000")
  skip_if(file.access(path, 4L) == 0L, "this user may read anything")
  expect_error(fastlogit(y ~ x, data = source_files(path)), "Permission denied")
})

test_that("a file that is changed while it is read is an error", {
  path <- csv_of(data.frame(y = rep(0:1, 500), x = sin(1:1000)))
  grow <- function(x) {
    cat("1,0.5\n", file = path, append = TRUE)
    x
  }
  expect_error(
    fastlogit(y ~ grow(x), data = source_files(path, chunk_bytes = 1000)),
    "was changed while it was read", class = "fastlogit_file_error"
  )
})
