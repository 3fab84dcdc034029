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
