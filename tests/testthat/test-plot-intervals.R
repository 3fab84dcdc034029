test_that("the forest is that of odds_ratios(), without the intercept, with arrows to infinity", {
  fit <- fastlogit(low ~ age + race, data = births_to_draw())
  table <- odds_ratios(fit)
  shown <- drawn(plot(fit, "odds ratios"))[["odds ratios"]]
  expect_identical(shown, as.data.frame(table[-1, ]))
  panel <- picture_of(table)$panels[[1]]
  expect_identical(panel$y$labels, rev(table$term[-1]))
  expect_true(panel$x$log)
  d <- data.frame(x = rep(0:1, c(8, 4)), z = 1:12, y = c(0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1))
  separated <- suppressWarnings(fastlogit(y ~ x + z, data = d))
  of <- as_subject(separated, list(level = 0.95, vcov = NULL))
  panel <- odds_ratios_picture(of)$panels[[1]]
  kinds <- vapply(panel$layers, `[[`, "", "kind")
  expect_identical(kinds, c("rules", "spans", "points"))
  expect_identical(panel$layers[[2]]$data$upper[1], Inf)
  expect_identical(panel$layers[[3]]$data$y, 1L)  # the infinite one has no point
  expect_lt(panel$layers[[2]]$data$lower[1], panel$x$limits[2])
})

test_that("many ratios are those of the least p-values, and wide designs have Wald's intervals", {
  d <- simulate_binary(400, 2)
  d$f <- factor(rep(seq_len(80), 5))
  fit <- fastlogit(y ~ x1 + f, data = d, penalty = penalty_ridge(1))
  shown <- drawn(plot(fit, "odds ratios"))[["odds ratios"]]
  expect_identical(nrow(shown), 60L)
  all <- odds_ratios(fit)[-1, ]
  expect_equal(sort(shown$p.value), sort(all$p.value)[1:60])
  wald <- drawn(plot(fit, "odds ratios", vcov = "observed"))[["odds ratios"]]
  expect_equal(wald["x1", ], as.data.frame(odds_ratios(fit, vcov = "observed"))["x1", ])
})
