# The layers of a panel by base graphics.

draw_layer <- function(layer, panel) {
  if (is.null(layer$data$group)) return(draw_marks(layer, panel, layer$colour))
  for (group in sort(unique(layer$data$group))) {
    look <- look_of_group(group)
    one <- layer
    one$data <- layer$data[layer$data$group == group, , drop = FALSE]
    draw_marks(one, panel, look$colour, look$line, look$point)
  }
}

draw_marks <- function(layer, panel, colour, line = 1L, point = 19L) {
  d <- layer$data
  switch(layer$kind,
    points = graphics::points(d$x, d$y, pch = point, col = colour, cex = d$size %||% 0.9),
    line = graphics::lines(d$x, d$y, lwd = 2, lty = line, col = colour),
    band = draw_band(d, colour),
    ranges = graphics::segments(d$x, d$lower, d$x, d$upper, lwd = layer$width %||% 2, col = colour),
    spans = draw_spans(d, panel$x, colour),
    labels = draw_labels(d),
    rug = graphics::rug(d$x, 0.02, side = 1L, col = colour, quiet = TRUE),
    rules = draw_rules(d, colour)
  )
}

draw_rules <- function(d, colour) {
  if (!is.null(d$slope)) graphics::abline(d$intercept, d$slope, lty = 2L, col = colour)
  graphics::abline(h = d$h, v = d$v, lty = 2L, col = colour)
}

# On a device that knows no transparency in a paler colour.
draw_band <- function(d, colour) {
  clear <- isTRUE(grDevices::dev.capabilities("semiTransparency")[[1L]])
  fill <- if (clear) grDevices::adjustcolor(colour, strength_of_bands) else
    grDevices::colorRampPalette(c("white", colour))(6L)[2L]
  graphics::polygon(c(d$x, rev(d$x)), c(d$lower, rev(d$upper)), col = fill, border = NA)
}

strength_of_bands <- 0.2

# Ends beyond the axis, infinite ones among them, are arrows.
draw_spans <- function(d, axis, colour) {
  d <- d[!is.na(d$lower) & !is.na(d$upper), , drop = FALSE]
  from <- pmax(d$lower, axis$limits[1L])
  to <- pmin(d$upper, axis$limits[2L])
  seen <- which(from < to)
  graphics::segments(from[seen], d$y[seen], to[seen], d$y[seen], lwd = 2, col = colour)
  arrow <- function(rows, at, towards) {
    if (length(rows) == 0L) return(invisible())
    graphics::arrows(at[rows], d$y[rows], towards, d$y[rows], 0.08, lwd = 2, col = colour)
  }
  arrow(intersect(seen, which(d$lower < axis$limits[1L])), to, axis$limits[1L])
  arrow(intersect(seen, which(d$upper > axis$limits[2L])), from, axis$limits[2L])
}

# Beside, above or below their points, where no other label is.
draw_labels <- function(d) {
  x <- graphics::grconvertX(d$x, "user", "inches")
  y <- graphics::grconvertY(d$y, "user", "inches")
  wide <- graphics::strwidth(d$label, "inches", cex = 0.8) + 0.12
  high <- max(graphics::strheight(d$label, "inches", cex = 0.8)) + 0.06
  edges <- graphics::grconvertX(c(0, 1), "npc", "inches")
  taken <- matrix(0, 0L, 4L)
  for (i in seq_along(x)) {
    boxes <- boxes_beside(x[i], y[i], wide[i], high)
    free <- vapply(seq_len(nrow(boxes)), function(side) {
      box <- boxes[side, ]
      inside <- box[1L] >= edges[1L] && box[2L] <= edges[2L] + 0.1
      inside && !any(
        box[1L] < taken[, 2L] & box[2L] > taken[, 1L] & box[3L] < taken[, 4L] &
          box[4L] > taken[, 3L]
      )
    }, NA)
    side <- c(which(free), 1L)[1L]
    taken <- rbind(taken, boxes[side, ])
    graphics::text(d$x[i], d$y[i], d$label[i], pos = side_of_box[side], cex = 0.8, offset = 0.3)
  }
}

# Left, right, above and below, as text() numbers them; each box from left to right and from low to
# high.
side_of_box <- c(2L, 4L, 3L, 1L)

boxes_beside <- function(x, y, wide, high) {
  rbind(
    c(x - wide, x, y - high / 2, y + high / 2), c(x, x + wide, y - high / 2, y + high / 2),
    c(x - wide / 2, x + wide / 2, y + high * 0.3, y + high * 1.3),
    c(x - wide / 2, x + wide / 2, y - high * 1.3, y - high * 0.3)
  )
}
