# Responses: all forms of glm()'s, and those that make no sense.

d <- data.frame(
  x = c(2, 1, 4, 3, 6, 5, 8, 7, 9, 10), g = gl(3, 4, 10, labels = c("a", "b", "c")),
  y = c(0, 0, 1, 0, 1, 0, 1, 1, 0, 1), s = c(1, 0, 3, 2, 4, 2, 5, 4, 3, 6)
)
d$f <- 7 - d$s
d$lab <- factor(d$y, labels = c("no", "yes"))

test_that("responses that make no sense are refused", {
  expect_refusals(alist(
    "above 1" = fastlogit(s ~ x, data = d),
    "below 0" = fastlogit(-y ~ x, data = d),
    "coded 1 and 2" = fastlogit(y + 1 ~ x, data = d),
    "character" = fastlogit(as.character(lab) ~ x, data = d),
    "a date" = fastlogit(as.Date("2020-01-01") + y ~ x, data = d),
    "raw bytes" = fastlogit(as.raw(y) ~ x, data = d),
    "three columns" = fastlogit(cbind(s, f, 1) ~ x, data = d),
    "infinite" = fastlogit(y / (x - 1) ~ x, data = transform(d, y = 1)),
    "NaN kept" = fastlogit(log(y - 1) ~ x, data = transform(d, y = NaN), na.action = na.pass),
    "NA kept" = fastlogit(y ~ x, data = transform(d, y = replace(y, 4, NA)), na.action = na.pass),
    "a negative count" = fastlogit(cbind(s - 1, f) ~ x, data = d),
    "an infinite count" = fastlogit(cbind(s, 1 / (x - 1)) ~ x, data = d),
    "a missing count kept" = fastlogit(
      cbind(replace(s, 2, NA), f) ~ x, data = d, na.action = na.pass
    ),
    "a factor with NA kept" = fastlogit(
      lab ~ x, data = transform(d, lab = replace(lab, 2, NA)), na.action = na.pass
    )
  ))
})

test_that("of several levels the first is failure, as for glm(), and fastmultinom() is named", {
  more <- rbind(d, transform(d, x = rev(x)))
  for (call in alist(
    fitter(g ~ x, binomial, more), fitter(ordered(g) ~ x, binomial, more),
    fitter(factor(s) ~ x, binomial, more, weights = f), fitter(g ~ x, binomial("probit"), more)
  )) {
    expect_like_glm(call)
  }
  expect_warning(
    fit <- fastlogit(g ~ x, data = more), "fastmultinom()", class = "fastlogit_many_levels",
    fixed = TRUE
  )
  expect_identical(levels(classify(fit)), c("a", "b or c"))
  expect_identical(classify(fit) == "a", fitted(fit) < 0.5, ignore_attr = TRUE)
  # Levels without rows do not count.
  two <- subset(more, g != "b")
  expect_silent(fastlogit(g ~ x, data = two))
  from_source <- function() {
    fastlogit(g ~ x, data = source_function(chunks_of(more, 7)))
  }
  expect_warning(elsewhere <- from_source(), class = "fastlogit_many_levels")
  expect_equal(coef(elsewhere), coef(fit), tolerance = 1e-8)
})

test_that("all forms of a response give what glm() gives", {
  expect_like_glm(quote(fitter(y ~ x, binomial, d)))
  expect_like_glm(quote(fitter(y == 1 ~ x, binomial, d)))
  expect_like_glm(quote(fitter(lab ~ x, binomial, d)))
  expect_like_glm(quote(fitter(ordered(lab) ~ x, binomial, d)))
  expect_like_glm(quote(fitter(cbind(s, f) ~ x, binomial, d)))
  expect_like_glm(quote(fitter(cbind(s > 3, s <= 3) ~ x, binomial, d)))
  expect_like_glm(quote(fitter(s / 7 ~ x, binomial, d, weights = rep(7, 10))))
  expect_like_glm(quote(fitter(s / 7 ~ x, quasibinomial, d)))
  expect_like_glm(quote(fitter(matrix(y) ~ x, binomial, d)))
})

test_that("levels without rows do not count as classes", {
  d$lab <- factor(d$lab, levels = c("no", "maybe", "yes"))
  expect_like_glm(quote(fitter(lab ~ x, binomial, d)))
  d$lab <- factor(d$lab, levels = c("never", "no", "yes"))
  expect_like_glm(quote(fitter(lab ~ x, binomial, d)))
})

test_that("rows without trials have no part in the fit", {
  d$s[c(2, 5)] <- d$f[c(2, 5)] <- 0
  expect_like_glm(quote(fitter(cbind(s, f) ~ x, binomial, d)))
  d$w <- replace(rep(1, 10), c(1, 3), 0)
  expect_like_glm(quote(fitter(cbind(s, f) ~ x, binomial, d, weights = w)))
  # What the response is in a row of zero weight does not matter.
  d$y[c(1, 3)] <- c(7, -2)
  fit <- fastlogit(y ~ x, data = d, weights = w)
  rest <- fastlogit(y ~ x, data = d, subset = w > 0)
  expect_equal(coef(fit), coef(rest), tolerance = 1e-12)
  expect_identical(df.residual(fit), df.residual(rest))
})

test_that("counts and weights that are not whole are fitted, with glm()'s warning", {
  warns_as_glm <- function(call) {
    warning_of <- function(fitter) {
      said <- NULL
      withCallingHandlers(
        eval(call, list2env(list(fitter = fitter), parent = environment())),
        warning = function(condition) {
          said <<- c(said, conditionMessage(condition))
          invokeRestart("muffleWarning")
        }
      )
      said
    }
    expect_identical(warning_of(fastlogit), warning_of(stats::glm), label = deparse1(call))
    expect_false(is.null(warning_of(fastlogit)))
  }
  warns_as_glm(quote(fitter(cbind(s + 0.5, f) ~ x, binomial, d)))
  warns_as_glm(quote(fitter(s / 7 ~ x, binomial, d)))
  warns_as_glm(quote(fitter(y ~ x, binomial, d, weights = x / 3)))
  expect_warning(
    fastlogit(cbind(s + 0.5, f) ~ x, data = d), class = "fastlogit_response_warning"
  )
  expect_silent(fastlogit(cbind(s + 0.5, f) ~ x, quasibinomial, d))
})

test_that("counts beyond the range of integers are fitted", {
  expect_like_glm(quote(fitter(cbind(s * 1e9, f * 1e9) ~ x, binomial, d)))
  expect_like_glm(quote(fitter(cbind(s, f) * 1e12 ~ x, binomial, d)), tolerance = 1e-5)
})

test_that("a response on the right-hand side is dropped, as glm() does", {
  for (sparse in c(FALSE, TRUE)) {
    expect_warning(
      fit <- fastlogit(y ~ x + y, data = d, sparse = sparse), "right-hand side",
      class = "fastlogit_response_dropped"
    )
  }
  expect_equal(coef(fit), coef(fastlogit(y ~ x, data = d)))
})

test_that("zeros and ones are the same trials in all types, and nothing else is", {
  expected <- list(y = c(0, 1, 1), successes = 2)
  named <- c(a = 0, b = 1, c = 1)
  for (y in list(c(0, 1, 1), c(0L, 1L, 1L), c(FALSE, TRUE, TRUE), named)) {
    expect_identical(zeros_and_ones(y), expected)
  }
  expect_identical(zeros_and_ones(factor(c("n", "y", "y")), 1L), expected)
  for (y in list(c(0, NA, 1), c(0L, NA), c(NA, TRUE), c(0, 0.5), 0:2, c(1, Inf), NaN, -1)) {
    expect_null(zeros_and_ones(y))
  }
  expect_null(zeros_and_ones(factor(c("n", NA, "y")), 1L))
})

test_that("ones that are made on demand are ones", {
  for (n in c(0, 3, 20000)) {
    expect_identical(ones(n), rep.int(1, n))
    expect_identical(unserialize(serialize(ones(n), NULL)), rep.int(1, n))
    expect_identical(replace(ones(n), n, 2), replace(rep.int(1, n), n, 2))
  }
  expect_identical(sum(ones(20000)[7:9]), 3)
  d <- data.frame(y = rep(0:1, 10000), x = seq_len(20000) %% 7)
  fit <- fastlogit(y ~ x, data = d)
  expect_identical(unname(fit$prior.weights), rep.int(1, 20000))
})
