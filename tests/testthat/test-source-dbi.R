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
