# Rscript tools/diagrams.R
#
# Draws the diagrams of the vignettes, as SVG, into vignettes/. The rooms are those of
# tools/rooms.R: run it when they change. Base R only.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
setwd(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), ".."))
source(file.path("tools", "rooms.R"))

ink <- "#1f2328"
fills <- c(plain = "#f5f7f9", r = "#dcecf7", cpp = "#fdeed8", rows = "#e2f2e6")

# --- shapes --------------------------------------------------------------------------------------

escaped <- function(text) gsub("<", "&lt;", gsub("&", "&amp;", text, fixed = TRUE), fixed = TRUE)

words <- function(x, y, text, size = 14, bold = FALSE, anchor = "middle") {
  sprintf(
    '<text x="%g" y="%g" font-size="%g" font-weight="%s" text-anchor="%s" fill="%s">%s</text>',
    x, y, size, if (bold) "bold" else "normal", anchor, ink, escaped(text)
  )
}

# A box with a bold title and lines below it.
box <- function(x, y, width, height, title, lines = character(), fill = "plain") {
  step <- 18
  top <- y + height / 2 - step * length(lines) / 2 + 5
  c(
    sprintf(
      '<rect x="%g" y="%g" width="%g" height="%g" rx="6" fill="%s" stroke="%s"/>',
      x, y, width, height, fills[[fill]], ink
    ),
    words(x + width / 2, top, title, 15, bold = TRUE),
    if (length(lines)) words(x + width / 2, top + step * seq_along(lines), lines, 12)
  )
}

line <- function(x1, y1, x2, y2, end = "") {
  sprintf(
    '<line x1="%g" y1="%g" x2="%g" y2="%g" stroke="%s" stroke-width="1.6"%s/>',
    x1, y1, x2, y2, ink, end
  )
}

arrow <- function(x1, y1, x2, y2) line(x1, y1, x2, y2, ' marker-end="url(#tip)"')

write_svg <- function(name, width, height, title, shapes) {
  head <- c(
    sprintf(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" %s>',
      width, height, width, height, 'font-family="Helvetica, Arial, sans-serif" role="img"'
    ),
    sprintf("<title>%s</title>", escaped(title)),
    '<defs><marker id="tip" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">',
    sprintf('<path d="M0,0 L9,4 L0,8 z" fill="%s"/></marker></defs>', ink),
    '<rect width="100%" height="100%" fill="#ffffff"/>'
  )
  writeLines(c(head, shapes, "</svg>"), file.path("vignettes", name))
}

# --- the diagrams --------------------------------------------------------------------------------

# R's rooms, the door on top; calls go down. Beside them those of the core, from the border inwards.
draw_rooms <- function() {
  height <- 42
  gap <- 12
  at <- function(i) 44 + (i - 1) * (height + gap)
  columns <- function(rooms, x, width, fill) {
    knows <- gsub("[`$\\\\]", "", vapply(rooms, function(room) room$knows, ""))
    unlist(lapply(seq_along(rooms), function(i) {
      c(
        box(x, at(i), width, height, names(rooms)[i], knows[i], fill),
        if (i > 1) arrow(x + width / 2, at(i) - gap, x + width / 2, at(i) - 1)
      )
    }))
  }
  r <- rev(r_rooms)
  cpp <- cpp_rooms
  width <- 356
  x <- c(6, 398)
  bottom <- at(max(length(r), length(cpp)) + 1)
  between <- x[1] + width + 18
  across <- at(match(c("solve", "rows"), names(r))) + height / 2
  title <- "The rooms of the package: calls go down, and from R to C++"
  write_svg("rooms.svg", 760, bottom, title, c(
    words(x[1] + width / 2, 28, "R: a file calls its own room and those below", 14),
    words(x[2] + width / 2, 28, "C++: includes go down, from the border to the core", 14),
    columns(r, x[1], width, "r"),
    columns(cpp, x[2], width, "cpp"),
    line(x[1] + width, across, rep(between, 2), across),
    line(between, across[2], between, at(1) + height / 2),
    arrow(between, at(1) + height / 2, x[2] - 1, at(1) + height / 2)
  ))
}

draw_stored <- function() {
  write_svg("stored.svg", 700, 250, "A source is read once into a cache that every pass streams", c(
    box(6, 30, 170, 70, "source", c("csv, Parquet, database,", "function of chunks"), "rows"),
    arrow(176, 65, 278, 65),
    words(226, 55, "read once", 13),
    box(280, 30, 150, 70, "cache", c("a file of blocks,", "about 1 MB each"), "rows"),
    arrow(430, 65, 538, 65),
    words(484, 55, "every pass", 13),
    box(540, 30, 150, 70, "threads", c("one block each", "in memory"), "cpp"),
    arrow(615, 100, 615, 158),
    words(608, 134, "log-likelihood, score, information: sums", 13, anchor = "end"),
    box(540, 160, 150, 62, "Newton step", "new coefficients", "cpp"),
    arrow(540, 191, 357, 191),
    words(355, 195, "until the step is lost in rounding: the fit", 13, anchor = "end"),
    arrow(660, 160, 660, 102)
  ))
}

draw_machines <- function() {
  at <- c(20, 110, 200)
  workers <- unlist(lapply(1:3, function(i) {
    middle <- at[i] + 35
    from <- 145 + 30 * (i - 2)
    c(
      box(380, at[i], 130, 70, paste("worker", i), "own cores", "cpp"),
      box(560, at[i], 134, 70, "its rows", "some of the files", "rows"),
      arrow(560, middle, 512, middle),
      arrow(180, from - 5, 378, middle - 5),
      arrow(380, middle + 7, 182, from + 7)
    )
  }))
  write_svg("machines.svg", 700, 300, "The session sends coefficients, workers return sums", c(
    box(10, 95, 170, 100, "session", c("adds the sums,", "takes the Newton step"), "r"),
    workers,
    words(200, 50, "to each worker: coefficients,", 13),
    words(200, 68, "p numbers", 13),
    words(190, 238, "from each part of its rows: sums,", 13),
    words(190, 256, "about p\u00b2/2 numbers", 13)
  ))
}

draw_rooms()
draw_stored()
draw_machines()
