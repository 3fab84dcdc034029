# Pictures by base graphics: pages, panels and their axes.

# pictures: by name. Each begins a page, of as many panels as can be read; where the user has
# divided the device, panels take the next place. ask: NULL to ask on a screen, if there are several
# pages.
draw_pictures <- function(pictures, ask = NULL) {
  panels <- lapply(unname(pictures), `[[`, "panels")
  places <- prod(graphics::par("mfrow"))
  pages <- if (places > 1L) {
    in_parts(unlist(panels, recursive = FALSE), places)
  } else {
    unlist(lapply(panels, in_parts, places_of_page()), recursive = FALSE)
  }
  if (ask %||% (length(pages) > 1L && grDevices::dev.interactive())) {
    before <- grDevices::devAskNewPage(TRUE)
    on.exit(grDevices::devAskNewPage(before))
  }
  for (page in pages) draw_page(page, divided = places > 1L)
}

in_parts <- function(panels, most) unname(split(panels, ceiling(seq_along(panels) / most)))

# A panel takes this many inches or more, and a page has not more than a dozen.
least_panel <- c(2.3, 2.2)

places_of_page <- function() {
  min(12, prod(pmax(1, floor(graphics::par("din") / least_panel))))
}

draw_page <- function(panels, divided) {
  if (!divided && length(panels) > 1L) {
    before <- graphics::par(mfrow = panel_layout(length(panels)))
    on.exit(graphics::par(before))
  }
  for (panel in panels) draw_panel(panel)
}

# Rows and columns for the largest squares on this device.
panel_layout <- function(panels) {
  size <- graphics::par("din")
  columns <- seq_len(panels)
  rows <- ceiling(panels / columns)
  best <- which.max(pmin(size[1L] / columns, size[2L] / rows))
  c(rows[best], columns[best])
}

draw_panel <- function(panel) {
  before <- graphics::par("mai", "pty", "xpd")
  on.exit(graphics::par(before))
  graphics::par(pty = if (panel$square) "s" else "m")
  words <- words_around(panel)
  graphics::par(mai = words$margins)
  graphics::plot.new()
  graphics::plot.window(
    panel$x$limits, panel$y$limits, xaxs = "i", yaxs = "i",
    log = paste0("", if (panel$x$log) "x", if (panel$y$log) "y")
  )
  for (layer in panel$layers) draw_layer(layer, panel)
  graphics::box(bty = "l", col = "grey40")
  draw_axis(1L, words$below)
  draw_axis(2L, words$left)
  draw_heads(panel, words)
}

draw_axis <- function(side, words) {
  if (length(words$labels)) {
    # Several lines hang from their upper edge.
    hanging <- side == 1L && words$discrete && !words$turned
    graphics::axis(
      side, words$at, words$labels, las = if (words$turned) 2L else 1L, cex.axis = words$cex,
      col = NA, col.ticks = if (words$discrete) NA else "grey40", tcl = -0.25,
      mgp = c(0, if (hanging) -0.6 else 0.4, 0), padj = if (hanging) 1 else NA,
      gap.axis = if (words$discrete) -1 else 0.7
    )
  }
  graphics::mtext(
    words$title$words, side, words$line, las = 0L, cex = words$title$cex * graphics::par("cex")
  )
}
