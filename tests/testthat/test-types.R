# Numbers of every class: what glm() fits is fitted, with its numbers; what it misreads is read.

d <- with_seed(1, data.frame(
  x = stats::rnorm(300), i = sample(-500:500, 300, TRUE),
  g = factor(sample(letters[1:3], 300, TRUE)), count = sample(3, 300, TRUE)
))
d$y <- with_seed(2, stats::rbinom(300, 1, stats::plogis(0.3 + d$x / 2)))
d$big <- with_seed(3, sample(20, 300, TRUE)) * 1e9

# The same numbers as 64-bit integers of package bit64.
as_long <- function(data, names = c("i", "count", "big")) {
  skip_if_not_installed("bit64")
  data[names] <- lapply(data[names], bit64::as.integer64)
  data
}

test_that("predictors of any class that glm() takes", {
  classes <- list(
    date = as.Date("2020-01-01") + d$i, time = as.POSIXct("2020-01-01", tz = "UTC") + d$i * 3600,
    broken_down = as.POSIXlt("2020-01-01", tz = "UTC") + d$i * 3600,
    difference = as.difftime(d$x, units = "hours"), as_is = I(d$x), column = matrix(d$x),
    columns = cbind(d$x, d$x^2), array = array(d$x), series = stats::ts(d$x),
    own = structure(d$x, class = "own"), roman = utils::as.roman(d$count),
    month = structure(2020 + d$i / 12, class = "yearmon"), words = cbind(as.character(d$g)),
    conditions = cbind(d$x > 0), factor = I(d$g), levels_of_doubles = d$x > 0,
    labelled = structure(d$count + 0, class = c("haven_labelled", "vctrs_vctr", "double"))
  )
  for (name in names(classes)) {
    d$v <- classes[[name]]
    theirs <- stats::glm(y ~ v + x:i, stats::binomial(), d,
      control = list(epsilon = 1e-14, maxit = 50))
    for (sparse in c(FALSE, TRUE)) {
      fit <- fastlogit(y ~ v + x:i, data = d, sparse = sparse)
      expect_equal(coef(fit), coef(theirs), tolerance = 1e-8, label = name)
      expect_equal(predict(fit, d[9:5, ]), predict(fit)[9:5], tolerance = 1e-9, label = name)
    }
    many <- fastmultinom(g ~ v, data = d)
    expect_equal(
      predict(many, d[9:5, ], "probs"), fitted(many)[9:5, ], tolerance = 1e-9, label = name
    )
  }
})

test_that("weights and offsets of any class that glm() takes", {
  expected <- fastlogit(y ~ x + offset(count), data = d, weights = count)
  many <- fastmultinom(g ~ x + offset(count), data = d, weights = count)
  for (as in list(
    function(v) as.difftime(v, units = "days"), I, matrix, stats::ts, function(v) v + 0,
    function(v) structure(v, class = "yearmon"),
    function(v) structure(v + 0, class = c("haven_labelled", "vctrs_vctr", "double"))
  )) {
    e <- data.frame(d[c("x", "y", "g")])
    e$v <- as(d$count)
    for (sparse in c(FALSE, TRUE)) {
      fit <- fastlogit(y ~ x + offset(v), data = e, weights = v, sparse = sparse)
      expect_equal(coef(fit), coef(expected), tolerance = 1e-10)
      expect_equal(predict(fit, e[3:8, ]), predict(expected)[3:8], tolerance = 1e-10)
      fit <- fastlogit(y ~ x, data = e, offset = v, weights = v, sparse = sparse)
      expect_equal(unname(predict(fit, e[3:8, ])), unname(predict(expected)[3:8]),
        tolerance = 1e-10)
    }
    expect_equal(coef(fastmultinom(g ~ x + offset(v), data = e, weights = v)), coef(many))
  }
  # Sums of whole numbers that R's integers cannot hold.
  d$most <- rep(2e9L, 300)
  fit <- fastlogit(y ~ x + offset(most) + offset(-most), data = d, offset = most - 1999999999L)
  expect_equal(coef(fit), coef(fastlogit(y ~ x, data = d, offset = rep(1, 300))), tolerance = 1e-9)
})

test_that("64-bit integers are the numbers that they are, wherever they stand", {
  e <- as_long(d)
  d$big[5] <- e$big[5] <- NA
  for (sparse in c(FALSE, TRUE)) {
    call <- quote(fastlogit(
      y ~ log(big) + big:x + g + offset(i / 500), data = data, weights = count, sparse = sparse,
      subset = count < 3 | i > 0
    ))
    fit <- eval(call, list(data = e))
    expected <- eval(call, list(data = d))
    expect_equal(coef(fit), coef(expected), tolerance = 1e-12)
    expect_equal(residuals(fit), residuals(expected), tolerance = 1e-12)
    expect_equal(predict(fit, e[1:9, ]), predict(expected, d[1:9, ]), tolerance = 1e-12)
    expect_identical(nobs(fit), nobs(expected))
    fit <- fastlogit(y ~ x, data = e, offset = i, sparse = sparse)
    expected <- fastlogit(y ~ x, data = d, offset = i)
    expect_equal(coef(fit), coef(expected), tolerance = 1e-9)
    expect_equal(predict(fit, e[1:9, ]), predict(expected, d[1:9, ]), tolerance = 1e-9)
    without_model <- fastlogit(y ~ i + x, data = e, model = FALSE, sparse = sparse)
    expect_equal(
      confint(without_model), confint(fastlogit(y ~ i + x, data = d)), tolerance = 1e-6
    )
  }
  many <- fastmultinom(g ~ x + I(big / 1e9), data = e, offset = i / 500, weights = count)
  expected <- fastmultinom(g ~ x + I(big / 1e9), data = d, offset = i / 500, weights = count)
  expect_equal(coef(many), coef(expected), tolerance = 1e-12)
  expect_equal(predict(many, e, "probs"), predict(expected, d, "probs"), tolerance = 1e-12)
  expect_equal(
    coef(fastmultinom(count ~ x, data = e)), coef(fastmultinom(count ~ x, data = d)),
    tolerance = 1e-12
  )
  # Not in a data frame, and as the response of counts or outcomes.
  long <- e$i
  expect_equal(unname(coef(fastlogit(d$y ~ long))), unname(coef(fastlogit(d$y ~ d$i))))
  both <- cbind(d$count, 3 - d$count)
  longer <- bit64::as.integer64(both)
  dim(longer) <- dim(both)
  expect_equal(coef(fastlogit(longer ~ d$x)), coef(fastlogit(both ~ d$x)))
  source <- source_function(chunks_of(e[names(e) != "big"], 70))
  expect_equal(
    coef(fastlogit(y ~ x + i + offset(i / 500), data = source, weights = count)),
    coef(fastlogit(y ~ x + i + offset(i / 500), data = d, weights = count)), tolerance = 1e-9
  )
})

test_that("indicators, dates and conditions are responses of many classes", {
  skip_if_not_installed("nnet")
  indicators <- sapply(levels(d$g), function(level) d$g == level)
  expected <- fastmultinom(g ~ x, data = d)
  fit <- fastmultinom(indicators ~ x, data = d)
  expect_equal(coef(fit), coef(expected), tolerance = 1e-10)
  # Counts whose sums overflow integers.
  counts <- indicators * 2000000000L
  storage.mode(counts) <- "integer"
  expect_equal(coef(fastmultinom(counts ~ x, data = d)), coef(expected), tolerance = 1e-10)
  day <- as.Date("2020-01-01") + as.integer(d$g)
  fit <- fastmultinom(day ~ x, data = d)
  theirs <- nnet::multinom(day ~ x, d, trace = FALSE, reltol = 1e-15, maxit = 1000)
  expect_identical(dimnames(coef(fit)), dimnames(coef(theirs)))
  expect_equal(coef(fit), coef(theirs), tolerance = 1e-4)
  expect_equal(
    coef(fastmultinom(g ~ x, data = d, weights = i > 0)),
    coef(fastmultinom(g ~ x, data = d, subset = i > 0)), tolerance = 1e-9
  )
})

test_that("what cannot be read is refused by name", {
  damaged <- structure(rep_len(c(1L, 2L, 5L), 300), levels = c("a", "b"), class = "factor")
  below <- structure(rep_len(c(1L, 0L, 2L), 300), levels = c("a", "b"), class = "factor")
  cube <- array(stats::rnorm(1200), c(300, 2, 2))
  tiny <- d$x * 1e-310
  huge <- rep_len(c(1e308, 1), 300)
  source <- function(v) {
    d$v <- v
    source_function(chunks_of(d, 100))
  }
  for (call in expression(
    fastlogit(y ~ damaged, data = d), fastlogit(y ~ below + x, data = d),
    fastlogit(y ~ damaged:x, data = d, sparse = TRUE), fastlogit(damaged ~ x, data = d),
    fastmultinom(damaged ~ x, data = d), fastlogit(y ~ v, data = source(below)),
    fastmultinom(v ~ x, data = source(damaged)),
    fastlogit(y ~ cube, data = d), fastlogit(y ~ cbind(x > 0, i > 0), data = d),
    fastlogit(y ~ as.raw(count), data = d), fastlogit(y ~ as.complex(x), data = d),
    fastlogit(y ~ tiny + g, data = d), fastlogit(y ~ tiny + g, data = d, sparse = TRUE),
    fastmultinom(g ~ tiny, data = d), fastlogit(y ~ v, data = source(tiny)),
    fastlogit_fit(cbind(1, tiny), d$y, family = binomial()),
    fastlogit(y ~ x, data = d, weights = huge), fastmultinom(g ~ x, data = d, weights = huge),
    fastlogit(cbind(huge, huge) ~ x, data = d), fastlogit(y ~ x, data = source(huge), weights = v),
    fastlogit(y ~ x, data = d, offset = as.character(x))
  )) {
    expect_refusal(call)
  }
  # Small, but with all their digits.
  small <- d$x * 1e-290
  for (weight in c(1e-310, 1e-200, 1e299)) {
    fit <- fastlogit(y ~ small, data = d, weights = rep(weight, 300))
    expect_equal(unname(coef(fit)) * c(1, 1e-290), unname(coef(fastlogit(y ~ x, data = d))),
      tolerance = 1e-9)
  }
})
