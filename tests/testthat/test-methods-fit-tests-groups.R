test_that("Hosmer-Lemeshow's test of ordered classes groups by the mean class", {
  fit <- fastordinal(apply ~ pared + public + gpa, ologit_data())
  score <- drop(fitted(fit) %*% 1:3)
  group <- cut(score, quantile(score, 0:10 / 10), include.lowest = TRUE)
  observed <- rowsum(diag(3)[as.integer(ologit_data()$apply), ], group)
  expected <- rowsum(fitted(fit), group)
  table <- gof_test(fit)
  expect_equal(table["hosmer-lemeshow", "statistic"], sum((observed - expected)^2 / expected))
  expect_identical(table["hosmer-lemeshow", "df"], 17)
  expect_identical(rownames(table), c("hosmer-lemeshow", "lipsitz"))
})

test_that("Lipsitz's test is the ratio of the fit with its groups as terms", {
  data <- ordered_data(300)
  data$w <- data$w + 1
  for (steps in ordered_steps) {
    parallel <- if (steps == "adjacent") ~ x else TRUE
    fit <- fastordinal(
      y ~ x + u + offset(o), data, weights = w, family = steps, parallel = parallel
    )
    table <- gof_test(fit, "lipsitz", groups = 5)
    data$group <- factor(findInterval(
      fitted(fit) %*% 1:4, c(-Inf, attr(gof_test(fit, groups = 5), "groups")$lowest[-1L])
    ))
    if (steps == "adjacent") parallel <- ~ x + group
    larger <- update(fit, . ~ . + group, parallel = parallel)
    expect_equal(table$statistic, fit$deviance - larger$deviance, tolerance = 1e-6)
    expect_identical(table$df, 4)
  }
})

test_that("tests of fit are refused where they are not for the fit", {
  data <- ordered_data(60)
  fit <- fastordinal(y ~ x, data)
  expect_error(gof_test(fit, "stukel"), "\"hosmer-lemeshow\" and \"lipsitz\"")
  expect_error(gof_test(update(fit, penalty = "firth")), class = "fastlogit_input_error")
  two <- suppressWarnings(fastlogit((x > 0) ~ u, data = data))
  expect_error(gof_test(two, "lipsitz"), "fastordinal", class = "fastlogit_input_error")
})
