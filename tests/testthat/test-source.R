test_that("a source is checked when it is made", {
  expect_error(source_files("no such file"), class = "fastlogit_input_error")
  expect_error(source_files(character()), class = "fastlogit_input_error")
  expect_error(source_dbi(1, "t"), class = "fastlogit_input_error")
  expect_error(source_dbi(function() 1), class = "fastlogit_input_error")
  expect_error(source_function(1), class = "fastlogit_input_error")
  expect_output(print(source_function(mean)), "Rows from a function")
})

test_that("what is for sources is not for data frames, and the other way round", {
  expect_error(fastlogit(fail ~ temp, data = oring, cache = "d"), class = "fastlogit_input_error")
  expect_error(
    fastmultinom(fail ~ temp, data = oring, checkpoint = "d"), class = "fastlogit_input_error"
  )
  s <- source_function(chunks_of(oring, 10))
  expect_error(fastlogit(fail ~ temp, data = s, x = TRUE), class = "fastlogit_input_error")
  expect_error(fastlogit(fail ~ temp, data = s, sparse = TRUE), class = "fastlogit_input_error")
  expect_error(fastlogit(fail ~ temp, data = s, mustart = 1), class = "fastlogit_input_error")
  expect_error(fastlogit(fail ~ 0, data = s), class = "fastlogit_input_error")
})

test_that("the example files are found, are small, and hold the same rows", {
  skip_if_not_installed("RSQLite")
  files <- system.file("extdata", c("ads.csv", "ads.sqlite"), package = "fastlogit")
  expect_length(files, 2L)
  expect_lt(sum(file.size(files)), 200e3)
  connect <- function() DBI::dbConnect(RSQLite::SQLite(), files[2], flags = RSQLite::SQLITE_RO)
  fits <- lapply(
    list(utils::read.csv(files[1]), source_files(files[1]), source_dbi(connect, table = "ads")),
    function(data) fastlogit(click ~ hour + device + log(seconds), data = data)
  )
  expect_identical(nobs(fits[[1]]), 2000L)
  for (fit in fits[-1]) expect_equal(coef(fit), coef(fits[[1]]), tolerance = 1e-10)
})
