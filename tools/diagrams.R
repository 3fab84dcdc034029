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
  step <- 16
  top <- y + height / 2 - step * length(lines) / 2 + 5
  c(
    sprintf(
      '<rect x="%g" y="%g" width="%g" height="%g" rx="6" fill="%s" stroke="%s"/>',
      x, y, width, height, fills[[fill]], ink
    ),
    words(x + width / 2, top, title, 15, bold = TRUE),
    if (length(lines)) words(x + width / 2, top + step * seq_along(lines), lines, 13)
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

# --- the diagrams: at most 540 wide, so that they can be read on a telephone ---------------------

# R's rooms, the door on top; calls go down. Beside them those of the core, from the border inwards.
draw_rooms <- function() {
  height <- 60
  gap <- 14
  width <- 246
  x <- c(2, 292)
  at <- function(i) 54 + (i - 1) * (height + gap)
  column <- function(rooms, x, fill) {
    knows <- gsub("[`$\\\\]", "", vapply(rooms, function(room) room$knows, ""))
    unlist(lapply(seq_along(rooms), function(i) {
      c(
        box(x, at(i), width, height, names(rooms)[i], strwrap(knows[i], 34), fill),
        if (i > 1) arrow(x + width / 2, at(i) - gap, x + width / 2, at(i) - 1)
      )
    }))
  }
  r <- rev(r_rooms)
  across <- at(match(c("solve", "rows"), names(r))) + height / 2
  between <- x[1] + width + 20
  entry <- at(1) + height / 2
  bottom <- at(max(length(r), length(cpp_rooms)) + 1)
  write_svg("rooms.svg", 540, bottom, "The rooms: calls go down, and from R to C++", c(
    words(x + width / 2, 20, c("R", "C++"), 15, bold = TRUE),
    words(x + width / 2, 40, c("calls go down", "includes go down"), 14),
    column(r, x[1], "r"),
    column(cpp_rooms, x[2], "cpp"),
    line(x[1] + width, across, rep(between, 2), across),
    line(between, across[2], between, entry),
    arrow(between, entry, x[2] - 1, entry)
  ))
}

draw_stored <- function() {
  write_svg("stored.svg", 420, 430, "A source is read once into a cache that every pass streams", c(
    box(90, 4, 240, 66, "source", c("files, a database,", "or a function of chunks"), "rows"),
    arrow(210, 70, 210, 118),
    words(220, 99, "read once", 14, anchor = "start"),
    box(90, 120, 240, 66, "cache", c("a file of blocks,", "about a megabyte each"), "rows"),
    arrow(210, 186, 210, 234),
    words(220, 215, "every pass", 14, anchor = "start"),
    box(90, 236, 240, 66, "threads", c("each has one block", "in memory"), "cpp"),
    arrow(170, 302, 170, 366),
    words(160, 329, "log-likelihood,", 14, anchor = "end"),
    words(160, 347, "score, information", 14, anchor = "end"),
    arrow(250, 368, 250, 304),
    words(260, 338, "coefficients", 14, anchor = "start"),
    box(90, 368, 240, 48, "Newton step", character(), "cpp")
  ))
}

draw_machines <- function() {
  at <- c(4, 94, 184)
  workers <- unlist(lapply(1:3, function(i) {
    middle <- at[i] + 32
    from <- 126 + 22 * (i - 2)
    c(
      box(400, at[i], 138, 64, paste("worker", i), "some of the rows", "rows"),
      arrow(150, from - 4, 398, middle - 5),
      arrow(400, middle + 7, 152, from + 7)
    )
  }))
  write_svg("machines.svg", 540, 254, "The session sends coefficients, workers return sums", c(
    box(2, 78, 148, 96, "session", c("adds the sums,", "takes the step"), "r"),
    workers,
    words(200, 30, "to each: coefficients,", 14),
    words(200, 48, "p numbers", 14),
    words(190, 222, "back: sums,", 14),
    words(190, 240, "about p\u00b2/2 numbers", 14)
  ))
}

draw_rooms()
draw_stored()
draw_machines()
