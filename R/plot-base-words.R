# Words around a panel of base graphics: how large they are, and the margins that hold them.

size_of_titles <- 1.1
size_of_ticks <- 0.85
size_of_notes <- 0.8
line_of_notes <- 0.92

# A list of
#   left, below     of an axis: see ticks_of_axis(), with its title and the line that this is on
#   title, note     above, as fitting() has them
#   key             the rows of the groups' names, each a vector of group numbers
#   margins, line   in inches, the height of a line too
words_around <- function(panel) {
  line <- graphics::par("cin")[2L] * graphics::par("cex")
  size <- graphics::par("fin")
  left <- ticks_of_axis(panel$y, size[2L] - 4 * line, line)
  left <- fitting_ticks(left, 0.45 * size[1L])
  left_margin <- left$width + (if (nzchar(panel$y$label)) 2.1 else 1) * line
  right_margin <- 0.8 * line
  width <- size[1L] - left_margin - right_margin
  below <- ticks_of_axis(panel$x, width, line, upright = TRUE)
  if (below$discrete) below <- names_below(below, width, 0.35 * size[2L], line)
  deep <- (below$height %||% (0.85 * line)) + 0.6 * line
  below_margin <- deep + (if (nzchar(panel$x$label)) 1.3 else 0.3) * line
  heads <- heads_of_panel(panel, width, line)
  below$line <- deep / line
  left$line <- left$width / line + 0.8
  below$title <- fitting(panel$x$label, width, 1)
  left$title <- fitting(panel$y$label, size[2L] - below_margin - heads$height, 1)
  c(list(
    left = left, below = below, line = line,
    margins = c(below_margin, left_margin, heads$height, right_margin)
  ), heads)
}

# Names below an axis: beside each other, in up to three lines, or else turned.
names_below <- function(ticks, width, most, line) {
  room <- 0.92 * width / length(ticks$labels)
  split <- vapply(ticks$labels, function(name) {
    paste(wrapped_to(name, room, ticks$cex), collapse = "\n")
  }, "")
  lines <- max(lengths(strsplit(split, "\n", fixed = TRUE)), 1L)
  if (lines <= 3L && widest(split, ticks$cex) <= room) {
    ticks$labels <- split
    ticks$height <- (lines - 0.15) * ticks$cex * line
    return(ticks)
  }
  ticks <- fitting_ticks(crowded(ticks, width, line), most)
  ticks$height <- ticks$width
  ticks$turned <- TRUE
  ticks
}

# at, labels, their size as `cex` and `width`, and whether they are `discrete`. extent: of the axis,
# in inches.
ticks_of_axis <- function(axis, extent, line, upright = FALSE) {
  if (is.null(axis$labels)) {
    limits <- if (axis$log) log10(axis$limits) else axis$limits
    count <- max(3, floor(extent / (if (upright) 0.6 else 0.45)))
    at <- grDevices::axisTicks(limits, axis$log, nint = min(count, 6))
    if (axis$whole) at <- at[at == round(at)]
    labels <- if (axis$log) in_words(at) else format(at, trim = TRUE, digits = 12L)
    ticks <- list(at = at, labels = labels, cex = size_of_ticks, discrete = FALSE)
  } else {
    ticks <- list(
      at = seq_along(axis$labels), labels = axis$labels, cex = size_of_ticks, discrete = TRUE
    )
    if (!upright) ticks <- crowded(ticks, extent, line)
  }
  ticks$width <- widest(ticks$labels, ticks$cex)
  ticks$turned <- FALSE
  ticks
}

# Names in lines of their own: smaller, and if there are too many for that, some of them.
crowded <- function(ticks, extent, line) {
  room <- extent / length(ticks$at) / line
  ticks$cex <- max(min(ticks$cex, room), 0.5)
  every <- ceiling(ticks$cex / room - 1e-9)
  shown <- seq(1L, length(ticks$at), by = max(1, every))
  ticks[c("at", "labels")] <- list(ticks$at[shown], ticks$labels[shown])
  ticks
}

fitting_ticks <- function(ticks, most) {
  fitted <- fitting(ticks$labels, most, ticks$cex)
  ticks$labels <- fitted$words
  ticks$cex <- fitted$cex
  ticks$width <- widest(fitted$words, fitted$cex)
  ticks
}

widest <- function(words, cex) max(width_of_words(words, cex), 0)

width_of_words <- function(words, cex) graphics::strwidth(words, "inches", cex = cex)

# Words of at most so many inches: smaller first, then without their middles.
fitting <- function(words, most, cex) {
  wide <- widest(words, cex)
  if (wide > most) cex <- cex * max(0.75, most / wide)
  width <- width_of_words(words, cex)
  long <- width > most
  letters <- pmax(5, floor(nchar(words[long]) * most / width[long]))
  list(words = replace(words, long, abridged(words[long], letters)), cex = cex)
}

# --- above ----------------------------------------------------------------------------------------

heads_of_panel <- function(panel, width, line) {
  title <- title_of_panel(panel$title, width)
  note <- if (length(panel$note)) wrapped_to(panel$note, width, size_of_notes)
  key <- rows_of_key(panel$groups, width)
  lines <- (if (length(title)) 0.2 + 1.3 * length(title$words) else 0.4) +
    line_of_notes * (length(note) + length(key))
  list(title = title, note = note, key = key, height = (lines + 0.3) * line)
}

# In up to two lines.
title_of_panel <- function(title, width) {
  if (!length(title)) return(NULL)
  lines <- wrapped_to(title, width, size_of_titles)
  if (length(lines) > 2L) lines <- title
  fitting(lines, width, size_of_titles)
}

wrapped_to <- function(text, width, cex) {
  letters <- floor(nchar(text) * width / width_of_words(text, cex))
  if (is.finite(letters) && letters < nchar(text)) strwrap(text, max(letters, 8L) + 1L) else text
}

# As many in a row as fit, of groups that are many enough to be told apart.
rows_of_key <- function(groups, width) {
  if (length(groups) < 2L) return(NULL)
  wide <- width_in_key(groups, width)
  rows <- list()
  left <- 0
  for (k in seq_along(groups)) {
    if (wide[k] > left) {
      rows <- c(rows, list(integer()))
      left <- width
    }
    rows[[length(rows)]] <- c(rows[[length(rows)]], k)
    left <- left - wide[k]
  }
  rows
}

# The mark of a group, in inches, and its name.
mark_in_key <- 0.3

width_in_key <- function(groups, width) {
  pmin(mark_in_key + width_of_words(groups, size_of_notes) + 0.15, width)
}

draw_heads <- function(panel, words) {
  cex <- graphics::par("cex")
  at <- (length(words$note) + length(words$key)) * line_of_notes + 0.3
  lines <- rev(words$title$words)
  for (k in seq_along(lines)) {
    graphics::mtext(lines[k], 3L, at + 1.3 * (k - 1), adj = 0, cex = words$title$cex * cex)
  }
  for (text in words$note) {
    at <- at - line_of_notes
    graphics::mtext(text, 3L, at, adj = 0, cex = size_of_notes * cex, col = "grey30")
  }
  for (row in words$key) {
    at <- at - line_of_notes
    draw_row_of_key(row, panel, at * words$line)
  }
}

# above: inches from the panel's upper edge.
draw_row_of_key <- function(row, panel, above) {
  graphics::par(xpd = NA)
  corner <- graphics::par("plt")[c(1L, 4L)]
  left <- graphics::grconvertX(corner[1L], "nfc", "inches")
  high <- graphics::grconvertY(corner[2L], "nfc", "inches") + above + 0.06
  room <- graphics::grconvertX(1, "nfc", "inches") - left
  wide <- width_in_key(panel$groups, room)
  x <- function(inches) graphics::grconvertX(inches, "inches", "user")
  y <- graphics::grconvertY(high, "inches", "user")
  look <- look_of_group(row)
  for (k in seq_along(row)) {
    name <- fitting(panel$groups[row[k]], wide[row[k]] - mark_in_key, size_of_notes)
    graphics::segments(
      x(left), y, x(left + 0.24), y, col = look$colour[k], lty = look$line[k], lwd = 2
    )
    graphics::points(x(left + 0.12), y, pch = look$point[k], col = look$colour[k], cex = 0.8)
    graphics::text(x(left + mark_in_key), y, name$words, adj = c(0, 0.5), cex = name$cex)
    left <- left + wide[row[k]]
  }
}
