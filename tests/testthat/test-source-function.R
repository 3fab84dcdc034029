test_that("each row is read once", {
  d <- source_data()
  next_rows <- chunks_of(d, 500)
  read <- 0
  fit <- fastlogit(y ~ x + g, data = source_function(function(reset) {
    rows <- next_rows(reset)
    read <<- read + NROW(rows) * !is.null(rows)
    rows
  }))
  expect_equal(read, nrow(d))
  summary(fit)
  confint(fit)
  anova(fit)
  expect_equal(read, nrow(d))
})

test_that("levels that a chunk lacks, and subset and offset, are not dropped in silence", {
  skip_if_not_installed("biglm")
  d <- na.omit(source_data())
  d <- d[order(d$g), ]  # each chunk has some of the levels
  fits <- fit_twice(quote(fastlogit(y ~ x + g + offset(o), subset = z > 0.2)), d)
  expect_same_fit(fits)
  # bigglm() stops, or gives other numbers: it is no reference here.
  d$g <- factor(d$g)
  theirs <- tryCatch(
    coef(biglm::bigglm(
      y ~ x + g, chunks_of(d, 700), family = binomial(), subset = z > 0.2, offset = o
    )),
    error = function(e) NA
  )
  expect_false(isTRUE(all.equal(unname(theirs), unname(coef(fits$here)), tolerance = 1e-3)))
})

test_that("a source has to give data frames", {
  expect_error(
    fastlogit(y ~ x, data = source_function(function(reset) if (!reset) 1:3)),
    class = "fastlogit_input_error"
  )
  expect_error(
    fastlogit(y ~ x, data = source_function(function(reset) NULL)), class = "fastlogit_input_error"
  )
})
