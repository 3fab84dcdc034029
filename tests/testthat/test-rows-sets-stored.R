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
})

test_that("what there is for each row is that of the data frame, in the order of the source", {
  d <- set_frame()
  d$word <- paste0("s", d$set)
  d$firm <- d$set %% 40
  for (call in list(
    quote(fastclogit(y ~ x + f + strata(set), weights = w)),
    quote(fastclogit(factor(y) ~ strata(word) + x + offset(o) + f)),
    quote(fastclogit(y ~ x + f + strata(a) + strata(b)))
  )) {
    fits <- fit_twice(call, d)
    same <- function(ask, ...) {
      expect_equal(ask(fits$there, ...), ask(fits$here, ...), tolerance = 1e-8, ignore_attr = TRUE)
    }
    for (name in c("residuals", "fitted.values", "linear.predictors", "set", "weights", "means")) {
      same(`[[`, name)
    }
    same(residuals, type = "dfbeta")
    same(predict)
    same(predict, type = "expected", se.fit = TRUE)
    same(predict, newdata = d[c(1, 1500, 3000), ], se.fit = TRUE)
    same(function(fit) metrics(fit)$estimate)
    same(model.matrix)
    same(vcov, cluster = ~firm)
    same(vcov, cluster = ~ firm + a, type = "CR0")
  }
  # Also where all sets vary, so that there are as many rows as in the source.
  pairs <- with_seed(4, data.frame(set = sample(rep(1:300, each = 2)), x = rnorm(600)))
  pairs$y <- as.numeric(!duplicated(pairs$set))
  pairs$firm <- pairs$set %% 20
  fits <- fit_twice(quote(fastclogit(y ~ x + strata(set))), pairs)
  expect_equal(vcov(fits$there, cluster = ~firm), vcov(fits$here, cluster = ~firm))
  expect_error(
    vcov(fits$there, cluster = ~x), "clusters are of whole sets", class = "fastlogit_input_error"
  )
  few <- fit_twice(
    quote(fastclogit(case ~ induced + strata(stratum))), infert[infert$stratum < 9, ]
  )
  expect_equal(exact_test(few$there), exact_test(few$here))
  expect_error(bootstrap(fits$there), "are stored", class = "fastlogit_input_error")
  skip_if_not_installed("survival")
  expect_equal(
    survival::concordance(fits$there)$concordance, survival::concordance(fits$here)$concordance
  )
})

test_that("under separation a source has the limit that the data frame has", {
  d <- set_frame()
  d$told <- as.numeric(d$y == 1 & d$set %% 5 == 0)
  fits <- suppressWarnings(fit_twice(quote(fastclogit(y ~ x + told + strata(set))), d))
  expect_equal(fits$there$separation_details$rows, fits$here$separation_details$rows)
  for (ask in list(vcov, confint, function(fit) vcov(fit, type = "robust"), function(fit) {
    predict(strip(fit), d[1:50, ], reference = "zero", se.fit = TRUE)
  })) {
    expect_equal(ask(fits$there), ask(fits$here), tolerance = 1e-7, ignore_attr = TRUE)
  }
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
