test_that("autoplot() has every picture, of the same numbers", {
  skip_if_not_installed("ggplot2", "3.4.0")
  fit <- fastlogit(low ~ age + race_long * smoke, data = births_to_draw())
  for (which in names(kinds_of_pictures())) {
    found <- expect_silent(ggplot2::autoplot(fit, which))
    plots <- if (inherits(found, "ggplot")) list(found) else unclass(found)
    for (plot in plots) expect_silent(drawn(print(plot)))
    if (!inherits(found, "ggplot")) expect_identical(drawn(print(found)), found)
  }
  points <- ggplot2::ggplot_build(ggplot2::autoplot(fit))$data[[3]]
  shown <- drawn(plot(fit, "calibration"))$calibration
  expect_equal(points$x, shown$predicted)
  expect_equal(points$y, shown$observed)
  effects <- ggplot2::autoplot(fit, "effects", variables = "smoke")
  axis <- ggplot2::ggplot_build(effects)$layout$panel_params[[1]]$x$get_labels()
  expect_identical(axis, c("FALSE", "TRUE"))
  house <- fastmultinom(Sat ~ Infl + Cont, data = MASS::housing, weights = Freq)
  expect_length(ggplot2::autoplot(house), 3L)
  expect_silent(drawn(grid::grid.draw(ggplot2::autoplot(house, "effects"))))
})

test_that("tables and infinite ends have plots", {
  skip_if_not_installed("ggplot2", "3.4.0")
  d <- data.frame(x = rep(0:1, c(8, 4)), z = 1:12, y = c(0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1))
  separated <- suppressWarnings(fastlogit(y ~ x + z, data = d))
  tables <- list(odds_ratios(separated), metrics(separated), average_effects(
    fastlogit(y ~ z, data = d)
  ))
  for (table in tables) {
    plot <- ggplot2::autoplot(table, main = "A title")
    expect_identical(plot$labels$title, "A title")
    expect_silent(drawn(print(plot)))
  }
})
