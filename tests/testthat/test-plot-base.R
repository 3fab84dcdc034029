test_that("each picture begins a page, of as many panels as can be read", {
  fit <- fastlogit(low ~ age + race_long * smoke + lwt, data = births_to_draw())
  large <- pages_drawn(shown <- plot(fit))
  expect_identical(large$pages, 7L)
  small <- pages_drawn(plot(fit), c(4, 4))
  # Residuals against five, effects of four, two of the convergence; and four of one panel.
  expect_identical(small$pages, 5L + 4L + 2L + 4L)
  wide <- pages_drawn(plot(fit), c(10, 5))
  expect_identical(wide$pages, 7L)
})

test_that("where the device is divided, panels take the next place", {
  fit <- fastlogit(low ~ age + race + lwt, data = births_to_draw())
  pages <- pages_drawn({
    graphics::par(mfrow = c(2, 2))
    plot(fit, c("calibration", "roc", "influence", "odds ratios"))
  }, c(9, 9))
  expect_identical(pages$pages, 1L)
})

test_that("nothing of par() is left changed, whatever the size of the device", {
  fit <- fastlogit(low ~ age + race_long, data = births_to_draw())
  for (inches in list(c(7, 7), c(4, 4), c(10, 5), c(3, 3))) {
    drawn({
      before <- graphics::par(no.readonly = TRUE)
      expect_silent(plot(fit))
      after <- graphics::par(no.readonly = TRUE)
      same <- c("mfrow", "mar", "mai", "las", "xpd", "pty", "cex", "mgp", "tcl")
      expect_identical(after[same], before[same])
    }, inches)
  }
})

test_that("ask is as in plot.lm(): TRUE asks before pages, and the device is left as it was", {
  fit <- fastlogit(low ~ age, data = births_to_draw())
  drawn({
    expect_false(grDevices::devAskNewPage())
    plot(fit, c("roc", "calibration"), ask = TRUE)
    expect_false(grDevices::devAskNewPage())
  })
})

test_that("pages of many rows are small files", {
  d <- simulate_binary(50000, 3)
  fit <- fastlogit(y ~ x1 + x2 + x3, data = d)
  of <- as_subject(fit, list(variables = NULL, smooth = FALSE, level = 0.95, labels = 3))
  drawn_rows <- vapply(kinds_of_pictures(), function(picture) nrow(picture(of)$data), 0L)
  expect_lt(max(drawn_rows), 6000)
})
