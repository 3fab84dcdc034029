# What bootstrap() and cross_validate() ask of a fit, and their random numbers.

test_that("a seed leaves the session's random numbers as they were", {
  set.seed(7)
  before <- .Random.seed
  first <- with_stream(1, runif(3))
  expect_identical(.Random.seed, before)
  expect_identical(with_stream(1, runif(3)), first)
  set.seed(1)
  expect_identical(with_stream(NULL, runif(3)), first)
})

test_that("fits are made in groups, with their weights in order", {
  d <- births_to_refit()
  nest <- nest_of_refits(fastlogit(low ~ age, data = d), NULL, "the test")
  asked <- integer()
  times_of <- function(numbers) {
    asked <<- c(asked, numbers)
    outer(seq_len(189) %% 40, numbers, `!=`) + 0
  }
  at_once <- refits_of(nest, 12, times_of, "the test")
  expect_identical(asked, 1:12)
  expect_identical(dim(at_once$coefficients), c(2L, 12L))
  nest$control$threads <- 2
  in_groups <- with_replaced("weights_at_most", 189 * 5, refits_of(nest, 12, times_of, "the test"))
  expect_identical(asked, c(1:12, 1:12))
  expect_identical(in_groups, at_once)
})

test_that("what cannot be weighed anew is refused, with the reason", {
  skip_if_not_installed("survey")
  d <- births_to_refit()
  fit <- fastlogit(low ~ age, data = d)
  stored <- fastlogit(low ~ age, data = source_function(chunks_of(d, 100)))
  surveyed <- fastlogit(low ~ age, data = survey::svydesign(~id, data = d, weights = ~trials))
  expect_refusals(alist(
    "stored" = bootstrap(stored),
    "stored, folds" = cross_validate(stored),
    "survey" = bootstrap(surveyed),
    "survey, folds" = cross_validate(surveyed),
    "of glm" = bootstrap(glm(low ~ age, binomial, d)),
    "threads" = bootstrap(fit, threads = 0),
    "seed" = bootstrap(fit, R = 2, seed = "x"),
    "two clusters" = bootstrap(fit, cluster = ~ id + race),
    "no variable" = bootstrap(fit, cluster = ~1),
    "not there" = cross_validate(fit, by = ~nowhere),
    "missing" = cross_validate(fit, by = replace(d$id, 3, NA)),
    "one group" = cross_validate(fit, by = rep(1, 189))
  ))
})
