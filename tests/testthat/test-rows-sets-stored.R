# Rows of matched sets from sources: grouped once, and streamed.

test_that("a source is grouped once, and gives the fit of the data frame", {
  d <- set_frame()
  for (call in list(
    quote(fastclogit(y ~ x + f + strata(set))),
    quote(fastclogit(y ~ x * f + strata(set), weights = w, offset = o)),
    quote(fastclogit(y ~ x + f + strata(a, b), subset = x < 2)),
    quote(fastclogit(factor(y) ~ x + strata(b) + offset(o) + strata(a)))
  )) {
    fits <- fit_twice(call, d)
    expect_same_sets(fits$there, fits$here)
    expect_equal(
      vcov(fits$there, type = "robust"), vcov(fits$here, type = "robust"), tolerance = 1e-9
    )
  }
  expect_equal(confint(fits$there), confint(fits$here), tolerance = 1e-8)
  expect_equal(lr_test(fits$there)$LRT, lr_test(fits$here)$LRT, tolerance = 1e-8)
  expect_output(print(summary(fits$there)), "sets that vary")
  expect_equal(
    predict(fits$there, d[1:5, ], reference = "zero"),
    predict(fits$here, d[1:5, ], reference = "zero"), tolerance = 1e-10
  )
  expect_error(predict(fits$there), "rows of this fit are stored", class = "fastlogit_error")
})

test_that("blocks of the cache are of whole sets, however large these are", {
  n <- 70000  # blocks have 32768 rows
  d <- with_seed(3, data.frame(set = rep(1:2, c(40000, n - 40000)), x = rnorm(n), y = 0))
  d$y[c(5, 20000, 45000, 69999)] <- 1
  d <- rbind(d, data.frame(set = rep(3:4000, each = 2), x = with_seed(4, rnorm(7996)), y = 0:1))
  d <- with_seed(5, d[sample(nrow(d)), ])
  fits <- fit_twice(quote(fastclogit(y ~ x + strata(set))), d,
    source = source_function(chunks_of(d, 20000)))
  expect_same_sets(fits$there, fits$here)
})

test_that("a cache keeps the rows in the order of their sets", {
  d <- set_frame()
  file <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(d, file, row.names = FALSE)
  folder <- withr::local_tempdir()
  fit <- function() {
    fastclogit(y ~ x + f + strata(set), data = source_files(file), cache = folder)
  }
  first <- fit()
  files <- list.files(folder, full.names = TRUE)
  expect_length(files, 2)
  times <- file.mtime(files)
  second <- fit()
  expect_identical(file.mtime(list.files(folder, full.names = TRUE)), times)
  expect_identical(coef(second), coef(first))
})

test_that("separation is named in rows that are stored", {
  d <- set_frame()
  d$apart <- d$y * (d$set %% 5 == 0)
  fits <- suppressWarnings(fit_twice(quote(fastclogit(y ~ x + apart + strata(set))), d))
  expect_equal(fits$there$separation, fits$here$separation)
  expect_equal(fits$there$separation, c(x = 0, apart = Inf))
})
