# The value of `code`, which draws to a file that nobody reads.
drawn <- function(code) {
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit({
    grDevices::dev.off()
    unlink(file)
  })
  code
}

test_that("bins hold all the weight, and average what is in them", {
  fit <- fastmultinom(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
  points <- drawn(plot(fit))
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
  points <- drawn(plot(fit, bins = 1))
  expect_equal(points$observed, rep(1 / 3, 3))
  expect_equal(
    points[1, c("lower", "upper")],
    as.data.frame(as.list(prop.test(50, 150, correct = FALSE)$conf.int)),
    ignore_attr = TRUE
  )
  constant <- drawn(plot(fastmultinom(Species ~ 1, data = iris), bins = 5))
  expect_identical(nrow(constant), 3L)
  expect_identical(nrow(calibration_bins(c(1, 1, 2, 2), 0:3, rep(1, 4), 4)), 2L)
})

test_that("two classes and counts have a plot, and par() is left as it was", {
  drawn({
    before <- graphics::par("mfrow", "mar", "las")
    two <- plot(fastmultinom(Origin ~ Price, data = MASS::Cars93), col = "black")
    expect_identical(levels(two$class), c("USA", "non-USA"))
    counts <- plot(fastmultinom(hair ~ Eye + Sex, data = hair_counts()))
    expect_identical(levels(counts$class), colnames(hair_counts()$hair))
    expect_identical(graphics::par("mfrow", "mar", "las"), before)
  })
  expect_snapshot(error = TRUE, plot(fastmultinom(Species ~ 1, data = iris), bins = 0))
})
