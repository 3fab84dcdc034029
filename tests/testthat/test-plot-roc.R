test_that("the curve encloses the area that metrics() has, with its interval", {
  fit <- fastlogit(low ~ age + lwt + race, data = births_to_draw())
  shown <- drawn(plot(fit, "roc"))$roc
  x <- 1 - shown$specificity
  area <- sum(diff(x) * (head(shown$sensitivity, -1) + shown$sensitivity[-1]) / 2)
  found <- metrics(fit)["auc", ]
  expect_equal(area, found$estimate)
  expect_false(is.unsorted(x))
  expect_false(is.unsorted(shown$sensitivity))
  of <- as_subject(fit, list())
  told <- sprintf(
    "AUC %.3f (%.3f to %.3f)", found$estimate, found$conf.low, found$conf.high
  )
  expect_identical(roc_picture(of)$panels[[1]]$note, told)
  expect_identical(picture_of(metrics(fit))$panels, roc_picture(of)$panels)
})
