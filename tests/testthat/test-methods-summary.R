# What a summary prints.

many_coefficients <- function(levels = 150) {
  set.seed(8)
  d <- data.frame(f = factor(rep(seq_len(levels), each = 12)), x = rnorm(12 * levels))
  d$y <- rep_len(c(0, 1, 1, 0, 1), nrow(d))
  d$g <- factor(rep_len(c("a", "b", "c", "b", "a", "c", "b"), nrow(d)))
  d
}

lines_of <- function(object, ...) utils::capture.output(print(object, ...))

test_that("a long table is printed in part, unless it is asked for", {
  d <- many_coefficients()
  fit <- fastlogit(y ~ x + f, data = d)
  lines <- lines_of(summary(fit))
  shown <- sum(grepl("^(x|f[0-9]+|[(]Intercept[)]) ", lines))
  expect_identical(shown, 50L)
  told <- paste(lines, collapse = " ")
  expect_match(told, "101 of 151 coefficients are not shown: print() the summary", fixed = TRUE)
  expect_match(told, "`max = +Inf`")
  all <- lines_of(summary(fit), max = Inf)
  expect_identical(sum(grepl("^(x|f[0-9]+|[(]Intercept[)]) ", all)), 151L)
  expect_no_match(paste(all, collapse = " "), "not shown")
  expect_length(setdiff(lines_of(summary(fit), max = 151), all), 0)
  expect_match(paste(lines_of(summary(fit), max = 150), collapse = " "), "1 of 151 coefficients is")
  # The table itself is whole, whatever is printed of it.
  expect_identical(dim(coef(summary(fit))), c(151L, 4L))
  for (bad in list(0, NA, "all", 1:2)) {
    expect_error(print(summary(fit), max = bad), "`max`", class = "fastlogit_input_error")
  }
})

test_that("aliased coefficients count among those that are printed", {
  d <- many_coefficients(30)
  d$twice <- 2 * d$x
  lines <- lines_of(summary(fastlogit(y ~ x + twice + f, data = d)), max = 5)
  expect_match(lines, "^twice +NA", all = FALSE)
  expect_match(lines, "1 not defined because of singularities", fixed = TRUE, all = FALSE)
  expect_match(paste(lines, collapse = " "), "27 of 32 coefficients are not shown")
})

test_that("likelihood-ratio tests are printed of the same coefficients", {
  d <- many_coefficients(12)
  lines <- lines_of(summary(fastlogit(y ~ x + f, data = d), lrt = TRUE), max = 3)
  expect_identical(sum(grepl("^f2 ", lines)), 2L)
  expect_identical(sum(grepl("^f3 ", lines)), 0L)
})

test_that("many classes: so many coefficients in all", {
  d <- many_coefficients(40)
  fit <- fastmultinom(g ~ x + f, data = d)
  lines <- lines_of(summary(fit), max = 60)
  rows <- grepl("^(x|f[0-9]+|[(]Intercept[)]) ", lines)
  expect_identical(sum(rows), 60L)
  expect_match(paste(lines, collapse = " "), "22 of 82 coefficients are not shown")
  expect_match(lines, "^Coefficients of c against a:", all = FALSE)
  few <- lines_of(summary(fit), max = 10)
  expect_no_match(few, "^Coefficients of c against a:")
  all <- lines_of(summary(fit), max = Inf)
  expect_identical(sum(grepl("^(x|f[0-9]+|[(]Intercept[)]) ", all)), 82L)
})

test_that("the iterations are named once, with what was iterated", {
  fits <- list(
    newton = fastlogit(fail ~ temp, data = oring),
    probit = fastlogit(fail ~ temp, binomial("probit"), oring),
    fisher = fastlogit(fail ~ temp, binomial("probit"), oring, method = "fisher"),
    gradient = fastlogit(fail ~ temp, data = oring, method = "gradient"),
    deferred = as_deferred(fastlogit(fail ~ temp, data = oring)),
    stored = fastlogit(fail ~ temp, data = source_function(chunks_of(oring, 10))),
    classes = fastmultinom(Species ~ Sepal.Length, data = iris)
  )
  for (name in names(fits)) {
    lines <- lines_of(summary(fits[[name]]))
    expect_identical(sum(grepl("iteration", lines)), 1L, label = name)
  }
  last <- function(fit) paste(utils::tail(lines_of(summary(fit)), 2), collapse = " ")
  expect_match(last(fits$probit), "Newton-Raphson, observed information, probit link")
  expect_match(last(fits$fisher), "Fisher scoring, expected information, probit link")
  expect_match(last(fits$newton), "Newton-Raphson, expected information, logit link")
  expect_match(last(fits$gradient), "first derivatives")
})

test_that("nobody is told that the test of the intercept misleads", {
  # A rare event: the Wald statistic of the intercept falls as the event becomes rarer.
  d <- data.frame(y = c(1, 0), n = c(2, 20))
  for (fit in list(
    fastlogit(y ~ 1, data = d, weights = n),
    fastlogit(cbind(s, f) ~ x, data = data.frame(s = c(0, 1, 1), f = c(9, 9, 8), x = 1:3))
  )) {
    expect_false("(Intercept)" %in% summary(fit)$hauck.donner)
  }
  rare <- fastlogit(cbind(s, f) ~ x, data = data.frame(s = c(1, 1, 2), f = c(3, 9, 1), x = 0:2))
  expect_lt(hauck_donner(fastlogit(cbind(1, 12) ~ 1))[[1]], 0)
  expect_no_match(lines_of(summary(fastlogit(cbind(1, 12) ~ 1))), "Hauck")
})
