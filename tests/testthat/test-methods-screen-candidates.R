test_that("candidates are the same whatever holds them, and in whatever order", {
  of <- screened()
  fit <- fastlogit(y ~ a + b, data = of$d)
  x <- of$x[, 4:12]
  expected <- screen(fit, x + 0)
  expect_identical(screen(fit, x), expected)
  expect_identical(screen(fit, as.data.frame(x)), expected)
  expect_identical(screen(fit, Matrix::Matrix(x + 0, sparse = TRUE)), expected)
  raw <- matrix(as.raw(x), nrow(x), dimnames = dimnames(x))
  expect_identical(screen(fit, raw), expected)
  expect_identical(screen(fit, x > 0)$estimate, screen(fit, (x > 0) + 0)$estimate)
  blocks <- list(x[, 1:4], as.data.frame(x[, 5, drop = FALSE]), x[, 6:9])
  at <- 0
  source <- source_function(function(reset) {
    if (reset) at <<- 0 else if (at < 3) blocks[[at <<- at + 1]]
  })
  expect_identical(screen(fit, source), expected)
  file <- withr::local_tempfile(fileext = ".csv")
  write.csv(x, file, row.names = FALSE)
  expect_identical(screen(fit, source_files(file, chunk_bytes = 500)), expected)
  turned <- screen(fit, x[, 9:1])
  expect_identical(as.data.frame(turned)[9:1, "estimate"], expected$estimate)
})

test_that("rows that the fit left out are left out of the candidates", {
  of <- screened()
  of$d$a[c(2, 9)] <- NA
  fit <- fastlogit(y ~ a + b, data = of$d)
  expect_identical(screen(fit, of$x), screen(fit, of$x[-c(2, 9), ]))
  expect_identical(screen(fit, of$x)$n, rep(298, 12))
  expect_error(screen(fit, of$x[1:10, ]), "298.*300.*10", class = "fastlogit_input_error")
})
