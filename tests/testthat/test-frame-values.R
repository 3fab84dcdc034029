# What is found out about the values of variables on one way through them.

n <- 60000  # more than one thread looks at
set.seed(1)
codes <- sample(c(1:3, 5:40), n, replace = TRUE)

test_that("levels are seen where they are, by any number of threads", {
  late <- replace(codes, codes == 17, 18)
  late[n] <- 17L  # one row, the last
  for (f in list(factor(codes, 1:41), factor(late, 1:41), gl(2, 3), factor(character(), "a"))) {
    expected <- list(seen = tabulate(f, nlevels(f)) > 0, missing = FALSE, damaged = FALSE)
    for (threads in 1:3) {
      expect_identical(levels_seen(list(f, f), threads), list(expected, expected))
    }
  }
})

test_that("missing and damaged codes are told apart", {
  f <- factor(codes, 1:40)
  seen <- function(f) levels_seen(list(f), 2L)[[1L]][c("missing", "damaged")]
  expect_identical(seen(replace(f, n, NA)), list(missing = TRUE, damaged = FALSE))
  for (code in c(0L, -1L, 41L, .Machine$integer.max)) {
    damaged <- structure(replace(as.integer(f), n - 1L, code), levels = levels(f), class = "factor")
    expect_identical(seen(damaged), list(missing = FALSE, damaged = TRUE))
  }
  d <- data.frame(y = rep(0:1, n / 2), f = damaged)
  expect_error(fastlogit(y ~ f, data = d), "damaged factor of 40 levels", class = "fastlogit_error")
})

test_that("words are numbered as they come", {
  many <- paste("word", sample(5000, n, replace = TRUE))
  for (x in list(many, c("b", NA, "a", "b", NA), "", character())) {
    found <- words_of(x)
    expect_identical(found$words, unique(x))
    expect_identical(found$codes, match(x, unique(x)))
  }
})

test_that("the same word in two encodings is one level", {
  latin <- "caf\xe9"
  Encoding(latin) <- "latin1"
  d <- data.frame(y = rep(c(0, 1, 1, 0, 1), 12), x = rep(c("tea", latin, enc2utf8(latin)), 20))
  expect_identical(
    unname(coef(fastlogit(y ~ x, data = d))), unname(coef(fastlogit(y ~ factor(x), data = d)))
  )
  expect_length(coef(fastlogit(y ~ x, data = d)), 2)
})

test_that("factors, words and logicals are glm()'s, levels without rows among them", {
  d <- data.frame(f = factor(codes, 1:41), word = paste0("w", codes %% 7), yes = codes %% 3 == 0)
  d$y <- as.integer(sample(5, n, replace = TRUE) > 1 + d$yes + codes %% 2)
  some <- c(1, 100:4000)
  holes <- transform(
    d, f = replace(f, 5, NA), word = replace(word, 7:8, NA), yes = replace(yes, 9, NA)
  )
  for (data in list(d[some, ], holes[seq_len(3000), ], d[d$f %in% c(1:3, 9), ][some, ])) {
    for (formula in list(y ~ f + yes, y ~ word + yes, y ~ 0 + word)) {
      fit <- fastlogit(formula, data = data)
      expected <- glm(formula, binomial, data)
      expect_equal(coef(fit), coef(expected), tolerance = 1e-6)
      expect_identical(fit$xlevels, expected$xlevels)
      expect_identical(nobs(fit), nobs(expected))
    }
  }
  one <- fastlogit(y ~ f + word + yes, data = d, threads = 1)
  two <- fastlogit(y ~ f + word + yes, data = d, threads = 2)
  expect_identical(coef(one), coef(two))
  as_factors <- transform(d, word = factor(word), yes = factor(yes), f = droplevels(f))
  same <- fastlogit(y ~ f + word + yes, data = as_factors)
  expect_identical(unname(coef(same)), unname(coef(one)))
})
