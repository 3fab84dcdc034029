test_that("bins hold all the weight, and average what is in them", {
  skip_if_not_installed("MASS")
  fit <- fastmultinom(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
  points <- drawn(plot(fit, "calibration"))$calibration
  expect_named(
    points, c("class", "bin", "weight", "predicted", "observed", "lower", "upper")
  )
  expect_identical(levels(points$class), fit$lab)
  expect_lte(max(table(points$class)), 10)
  expect_equal(
    as.vector(tapply(points$weight, points$class, sum)), rep(sum(MASS::housing$Freq), 3)
  )
  # With an intercept, the means of the predicted and the observed agree.
  for (class in fit$lab) {
    one <- points[points$class == class, ]
    expect_equal(sum(one$weight * one$predicted), sum(one$weight * one$observed))
    expect_false(is.unsorted(one$predicted))
  }
  expect_true(all(points$lower <= points$observed & points$observed <= points$upper))
})

test_that("one bin holds the totals, and rows of equal prediction share a bin", {
  fit <- fastmultinom(Species ~ Sepal.Width, data = iris)
  points <- drawn(plot(fit, "calibration", bins = 1))$calibration
  expect_equal(points$observed, rep(1 / 3, 3))
  expect_equal(
    points[1, c("lower", "upper")],
    as.data.frame(as.list(prop.test(50, 150, correct = FALSE)$conf.int)),
    ignore_attr = TRUE
  )
  constant <- drawn(plot(fastmultinom(Species ~ 1, data = iris), 1, bins = 5))$calibration
  expect_identical(nrow(constant), 3L)
  expect_identical(nrow(calibration_bins(c(1, 1, 2, 2), 0:3, rep(1, 4), 4)), 2L)
})

test_that("two classes and counts have a plot, and par() is left as it was", {
  skip_if_not_installed("MASS")
  drawn({
    before <- graphics::par("mfrow", "mar", "las")
    two <- plot(fastmultinom(Origin ~ Price, data = MASS::Cars93), "calibration")$calibration
    expect_identical(levels(two$class), c("USA", "non-USA"))
    counts <- plot(fastmultinom(hair ~ Eye + Sex, data = hair_counts()), "calibration")$calibration
    expect_identical(levels(counts$class), colnames(hair_counts()$hair))
    expect_identical(graphics::par("mfrow", "mar", "las"), before)
  })
  expect_snapshot(error = TRUE, plot(fastmultinom(Species ~ 1, data = iris), bins = 0))
})

test_that("of counts and weights each trial is a row, and zeros have no say", {
  d <- births_to_draw()
  each <- fastlogit(low ~ age + smoke, data = d)
  table <- aggregate(cbind(low, n = 1) ~ age + smoke, data = d, FUN = sum)
  counts <- fastlogit(cbind(low, n - low) ~ age + smoke, data = table)
  shown <- lapply(list(each, counts), function(fit) {
    drawn(plot(fit, "calibration", bins = 1e6))$calibration
  })
  expect_equal(shown[[1]], shown[[2]])
  d$w <- rep(0:2, length.out = nrow(d))
  weighted <- suppressWarnings(fastlogit(low ~ age + smoke, data = d, weights = w))
  repeated <- fastlogit(low ~ age + smoke, data = d[rep(seq_len(nrow(d)), d$w), ])
  expect_equal(
    drawn(plot(weighted, "calibration", bins = 1e6)),
    drawn(plot(repeated, "calibration", bins = 1e6)), tolerance = 1e-6
  )
})

test_that("a smooth curve is that of loess() on the same points, with binomial bounds", {
  d <- simulate_binary(150, 2)
  fit <- fastlogit(y ~ x1 + x2, data = d)
  curve <- drawn(plot(fit, "calibration", smooth = TRUE))$calibration
  at <- predict(
    loess(
      y ~ p, data.frame(y = d$y, p = fitted(fit)), degree = 1, surface = "direct"
    ), data.frame(p = curve$predicted)
  )
  expect_equal(curve$observed, unname(pmin(pmax(at, 0), 1)), tolerance = 1e-6)
  expect_true(all(curve$lower <= curve$observed & curve$observed <= curve$upper))
  # A line is found again.
  x <- c(1, 2, 4, 7, 8)
  found <- local_lines(x, 2 - x, rep(1, 5), rep(0.2, 5), 3)
  expect_equal(found$fit, -1)
  expect_snapshot(error = TRUE, {
    plot(fastlogit(low ~ smoke, data = births_to_draw()), "calibration", smooth = TRUE)
  })
})
