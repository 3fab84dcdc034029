test_that("p-values are adjusted, printed from the smallest on, and summed up", {
  of <- screened()
  fit <- fastlogit(y ~ a, data = of$d)
  s <- screen(fit, with_missing(of$x), adjust = "holm")
  expect_identical(s$p.adjusted, p.adjust(s$p.value, "holm"))
  printed <- capture.output(print(s, most = 2))
  expect_match(printed[4], s$name[which.min(s$p.value)])
  expect_match(paste(printed, collapse = " "), "2 smallest p-values of Rao's score tests")
  of_all <- summary(s)
  expect_equal(of_all$lambda, median(s$statistic) / qchisq(0.5, 1))
  expect_output(print(of_all), "12 Rao's score tests, of 12 candidates")
  expect_identical(class(as.data.frame(s)), "data.frame")
  skip_if_not_installed("generics")
  expect_identical(names(generics::tidy(s))[1:5], c(
    "term", "estimate", "std.error", "statistic", "p.value"
  ))
})
