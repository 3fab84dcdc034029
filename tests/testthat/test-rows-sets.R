# Rows of matched sets: in files, with workers, and from anywhere in the data.

set_frame <- function(n = 3000, sets = 900, seed = 1) {
  with_seed(seed, {
    d <- data.frame(
      set = sample(sets, n, TRUE), x = rnorm(n), f = factor(sample(letters[1:4], n, TRUE)),
      o = rnorm(n) / 3
    )
    d$y <- rbinom(n, 1, plogis(d$x / 2 + (d$f == "b") - 0.5 + 0.3 * (d$set %% 7)))
    d$w <- c(0, 1, 2, 0.5)[1 + d$set %% 4]
    d$a <- d$set %/% 30
    d$b <- paste0("k", d$set %% 30)
    d
  })
}

expect_same_sets <- function(there, here, tolerance = 1e-10) {
  expect_equal(coef(there), coef(here), tolerance = tolerance)
  expect_equal(vcov(there), vcov(here), tolerance = tolerance)
  expect_equal(there$loglik, here$loglik, tolerance = tolerance)
  for (part in c("n", "nevent", "sets", "score", "assign", "xlevels")) {
    expect_equal(there[[part]], here[[part]], tolerance = 1e-8, label = part)
  }
}

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

test_that("workers share the rows by whole sets", {
  d <- set_frame(8000, 2500)
  workers <- local_workers(2)
  here <- fastclogit(y ~ x + f + strata(set), data = d, weights = w)
  there <- fastclogit(y ~ x + f + strata(set), data = d, weights = w, workers = workers)
  expect_same_sets(there, here, tolerance = 1e-11)
  expect_equal(there$residuals, here$residuals, tolerance = 1e-9)
  expect_equal(there$workers, 2)
  firth <- function(...) fastclogit(y ~ x + strata(set), data = d, penalty = "firth", ...)
  expect_equal(coef(firth(workers = workers)), coef(firth()), tolerance = 1e-9)
  expect_error(
    fastclogit(y ~ x + strata(set), data = source_function(chunks_of(d, 1000)), workers = workers),
    "leave `workers` out", class = "fastlogit_input_error"
  )
})

test_that("partitions are cut between sets", {
  set <- rep(1:5, c(3, 1, 6, 2, 4))
  expect_equal(between_sets(c(1, 5, 9, 17), set), c(1, 5, 11, 17))
  expect_equal(between_sets(c(1, 17), set), c(1, 17))
  expect_equal(between_sets(c(1, 6, 8, 10, 17), set), c(1, 11, 17))
  expect_equal(between_sets(c(1, 4, 17), NULL), c(1, 4, 17))
})
