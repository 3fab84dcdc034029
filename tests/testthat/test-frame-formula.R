# What a formula is taken for.

d <- with_seed(1, data.frame(
  x = stats::rnorm(80), id = rep(1:8, 10), g = gl(8, 10), a = rep(c(TRUE, FALSE), 40),
  b = rep(c(TRUE, TRUE, FALSE, FALSE), 20)
))
d$y <- with_seed(2, stats::rbinom(80, 1, 0.4))

test_that("a term that looks like a random effect is said to be none, and fitted as glm() does", {
  for (formula in list(
    y ~ x + (1 | id), y ~ (1 | id) + x, y ~ x + (x | id), y ~ x + (0 + x | id), y ~ x | id,
    y ~ x + (1 | a), y ~ a:(1 | id)
  )) {
    for (sparse in c(FALSE, TRUE)) {
      expect_warning(
        fit <- fastlogit(formula, data = d, sparse = sparse), "lme4::glmer",
        class = "fastlogit_random_effect"
      )
      expect_equal(coef(fit), coef(stats::glm(formula, stats::binomial(), d)), tolerance = 1e-6)
    }
  }
  expect_warning(fastmultinom(g ~ x + (1 | id), data = d), class = "fastlogit_random_effect")
  expect_warning(
    fastlogit(y ~ x + (1 | id), data = source_function(chunks_of(d, 30))),
    class = "fastlogit_random_effect"
  )
  # Nothing is left of a factor.
  suppressWarnings(expect_warning(
    try(fastlogit(y ~ x + (1 | g), data = d), silent = TRUE), class = "fastlogit_random_effect"
  ))
})

test_that("a logical or of conditions is one", {
  for (formula in list(y ~ a | b, y ~ x + (a | b), y ~ (x > 0 | b), y ~ I(a | x > 0), y ~ a + b)) {
    expect_silent(fit <- fastlogit(formula, data = d))
    expect_equal(coef(fit), coef(stats::glm(formula, stats::binomial(), d)), tolerance = 1e-6)
  }
  expect_silent(fastlogit(y ~ x + (a | b), data = source_function(chunks_of(d, 30))))
})

test_that("data in the place of the formula, and none at all, are told of", {
  expect_refusals(alist(
    "in a pipe" = fastlogit(d, y ~ x),
    "many classes, in a pipe" = fastmultinom(d, g ~ x),
    "no formula" = fastlogit(data = d),
    "no formula, many classes" = fastmultinom(data = d),
    "no formula, separation" = detect_separation(data = d),
    "a method that is missing" = fastlogit(y ~ x, data = d, method = NA),
    "the same, as text" = fastlogit(y ~ x, data = d, method = NA_character_)
  ))
})
