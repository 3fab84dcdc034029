sqlite_of <- function(data) {
  path <- tempfile(fileext = ".sqlite")
  connect <- function() DBI::dbConnect(RSQLite::SQLite(), path)
  db <- connect()
  DBI::dbWriteTable(db, "the rows", data)
  DBI::dbDisconnect(db)
  connect
}

test_that("tables and queries give the data frame's fit", {
  skip_if_not_installed("RSQLite")
  d <- source_data()
  connect <- sqlite_of(d)
  call <- quote(fastlogit(cbind(s, m - s) ~ x + factor(k) + g, offset = o, subset = z > 0.1))
  expect_same_fit(fit_twice(call, d, source_dbi(connect, "the rows", chunk_rows = 400)))
  query <- "SELECT * FROM 'the rows' WHERE z > 0.5"
  call <- quote(fastlogit(y ~ .))
  few <- d[d$z > 0.5, c("y", "x", "g", "k")]
  query <- "SELECT y, x, g, k FROM 'the rows' WHERE z > 0.5"
  expect_same_fit(fit_twice(call, few, source_dbi(connect, query = query, chunk_rows = 400)))
  expect_equal(count_rows(source_dbi(connect, "the rows")), 3000)
})

test_that("connect() has to open a connection", {
  skip_if_not_installed("DBI")
  expect_error(
    fastlogit(y ~ x, data = source_dbi(function() 1, "t")), "connection",
    class = "fastlogit_input_error"
  )
})

test_that("a kept cache is of this database, with as many rows", {
  skip_if_not_installed("RSQLite")
  folder <- withr::local_tempdir()
  d <- source_data()
  fit <- function(connect) {
    fastlogit(y ~ z, data = source_dbi(connect, "the rows"), cache = folder)
  }
  expect_equal(nobs(fit(sqlite_of(d))), 3000)
  connect <- sqlite_of(d[1:2000, ])  # the same call, of another path
  expect_equal(nobs(fit(connect)), 2000)
  db <- connect()
  DBI::dbWriteTable(db, "the rows", d[2001:2100, ], append = TRUE)
  DBI::dbDisconnect(db)
  expect_equal(nobs(fit(connect)), 2100)
  expect_length(list.files(folder), 3)
  fit(connect)
  expect_length(list.files(folder), 3)
})

test_that("what is asked for is a table or queries", {
  skip_if_not_installed("DBI")
  expect_error(source_dbi(identity, c("a", "b")), "`table`", class = "fastlogit_input_error")
  expect_error(source_dbi(identity, 17), "`table`", class = "fastlogit_input_error")
  expect_error(source_dbi(identity, query = 17), "`query`", class = "fastlogit_input_error")
})

test_that("a table may be in a schema, by which it is told from others", {
  skip_if_not_installed("RSQLite")
  connect <- sqlite_of(oring)
  main <- source_dbi(connect, DBI::Id(schema = "main", table = "the rows"))
  expect_output(print(main), "main.the rows")
  fits <- fit_twice(quote(fastlogit(fail ~ temp)), oring, main)
  expect_equal(coef(fits$there), coef(fits$here))
  other <- source_dbi(connect, DBI::Id(schema = "temp", table = "the rows"))
  expect_false(identical(fingerprint(main), fingerprint(other)))
})

test_that("errors of the database say what was asked and what was wrong", {
  skip_if_not_installed("RSQLite")
  connect <- sqlite_of(oring)
  error_of <- function(...) {
    expect_no_warning(expect_error(
      fastlogit(fail ~ temp, data = source_dbi(..., chunk_rows = 5)),
      class = "fastlogit_input_error"
    ))
  }
  missing <- conditionMessage(error_of(connect, "nope"))
  expect_match(missing, "the tables that it lists are: \"the rows\"")
  expect_match(missing, "could not read table \"nope\".*no such table: nope")
  wrong <- "SELEC * FROM 'the rows'"
  expect_match(conditionMessage(error_of(connect, query = wrong)), "\"SELEC .*syntax error")
  right <- "SELECT * FROM 'the rows'"
  expect_match(conditionMessage(error_of(connect, query = c(right, wrong))), "\"SELEC ")
  late <- "SELECT fail, temp, abs(-9223372036854775807 - (temp > 70)) AS a FROM 'the rows'"
  expect_match(conditionMessage(error_of(connect, query = late)), "overflow")
  long <- paste("SELEC", strrep("x, ", 1000))
  expect_lt(nchar(conditionMessage(error_of(connect, query = long))), 400)
  nowhere <- function() DBI::dbConnect(RSQLite::SQLite(), "/no such folder/rows.sqlite")
  expect_match(conditionMessage(error_of(nowhere, "t")), "`connect` could not open a connection")
})

test_that("columns come as plain numbers and words", {
  columns <- data.frame(i = 1:2)
  columns$words <- structure(c("a", "b"), class = "pq_mood")
  expect_identical(as_plain_columns(columns)$words, c("a", "b"))
  skip_if_not_installed("bit64")
  columns$long <- bit64::as.integer64(c(3e9, NA))
  expect_identical(as_plain_columns(columns)$long, c(3e9, NA))
})

test_that("a driver may stop with a warning, and warn", {
  lossy <- simpleWarning("does not fit")
  expect_error(
    telling_query("SELECT x", stop(lossy)), "\"SELECT x\"", class = "fastlogit_input_error"
  )
  expect_warning(expect_equal(telling_query("SELECT x", {
    warning(lossy)
    1
  }), 1), "does not fit")
})
