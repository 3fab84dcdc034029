null_screen <- function(m) {
  set.seed(3)
  n <- 60
  d <- data.frame(y = rbinom(n, 1, 0.5), a = rnorm(n))
  screen(fastlogit(y ~ a, data = d), matrix(rnorm(n * m), n))
}

test_that("the pictures hold the p-values, in order and sorted", {
  s <- null_screen(40)
  withr::local_pdf(NULL)
  drawn <- plot(s)
  expect_named(drawn, c("manhattan", "qq"))
  at <- match(drawn$manhattan$name, s$name)
  expect_equal(drawn$manhattan$rarity, -log10(s$p.value[at]), tolerance = 1e-10)
  expect_setequal(drawn$manhattan$candidate, 1:40)
  expect_equal(drawn$qq$observed, sort(-log10(s$p.value), TRUE), tolerance = 1e-10)
  expect_equal(drawn$qq$expected, -log10((1:40 - 0.5) / 40))
  expect_true(all(drawn$qq$lower < drawn$qq$expected & drawn$qq$expected < drawn$qq$upper))
  expect_named(plot(s, "qq"), "qq")
  expect_error(plot(s, "what"), class = "fastlogit_input_error")
  expect_error(plot(s, labels = -1), class = "fastlogit_input_error")
})

test_that("p-values that underflow are drawn, and those that are missing are not", {
  s <- null_screen(10)
  s$statistic[3] <- 5000
  s$p.value[3] <- 0
  s$statistic[4] <- s$p.value[4] <- NA
  withr::local_pdf(NULL)
  drawn <- plot(s)
  expect_equal(drawn$manhattan$rarity[1], 1087.7, tolerance = 1e-3)
  expect_identical(nrow(drawn$manhattan), 9L)
  expect_identical(nrow(drawn$qq), 9L)
  s$statistic <- NA_real_
  expect_error(plot(s), "no candidate has a p-value", class = "fastlogit_input_error")
})

test_that("ggplot2 draws the same", {
  skip_if_not_installed("ggplot2")
  s <- null_screen(30)
  expect_length(ggplot2::autoplot(s), 2L)
  expect_s3_class(ggplot2::autoplot(s, "qq"), "ggplot")
})

test_that("of very many candidates some are drawn, the smallest p-values among them", {
  s <- null_screen(20)
  many <- s[rep(1:20, 600), ]
  many$statistic <- qchisq(ppoints(12000), 1)[sample(12000)]
  attr(many, "df") <- 1L
  withr::local_pdf(NULL)
  drawn <- plot(many)
  expect_lt(nrow(drawn$manhattan), 12000)
  smallest <- pchisq(max(many$statistic), 1, lower.tail = FALSE)
  expect_equal(max(drawn$manhattan$rarity), -log10(smallest))
})
