test_that("labels avoid each other and the edges", {
  drawn({
    graphics::plot(0:1, 0:1)
    labels <- data.frame(x = c(0, 0, 1), y = c(0.5, 0.5, 0.5), label = letters[1:3])
    expect_silent(draw_labels(labels))
  })
  boxes <- boxes_beside(1, 1, 0.4, 0.2)
  expect_true(all(boxes[, 1] < boxes[, 2] & boxes[, 3] < boxes[, 4]))
})

test_that("ends beyond the axis are arrows", {
  axis <- axis_of("", c(1, 2))
  drawn({
    graphics::plot(c(1, 2), c(1, 2))
    d <- data.frame(y = 1:3, lower = c(-Inf, 1.2, NA), upper = c(1.5, Inf, 2))
    expect_silent(draw_spans(d, axis, "black"))
  })
})
