# Pictures as data: what is drawn, whoever draws it. One function for each picture says what is in
# it, and two draw whatever it says: plot-base.R and plot-ggplot.R.

# A picture is a list of
#   panels  what is drawn, each with axes of its own
#   data    the same numbers as a data frame, for the user
as_picture <- function(panels, data) list(panels = panels, data = data)

# A panel. layers: drawn one over the other; x, y: see axis_of(); title, note: above it; groups:
# what the colours are called, in the order of the layers' `group`; square: are both axes of one
# scale?
as_panel <- function(layers, x, y, title = NULL, note = NULL, groups = NULL, square = FALSE) {
  list(
    layers = Filter(function(layer) NROW(layer$data) > 0L, layers), x = x, y = y, title = title,
    note = note, groups = groups, square = square
  )
}

# kind    "points" (x, y, size), "line" and "steps" (x, y), "band" (x, lower, upper), "ranges"
#         upright (x, lower, upper), "spans" lying (y, lower, upper; what is beyond the axis ends in
#         an arrow), "labels" (x, y, label), "rug" (x), "rules": straight lines (h, v, or slope with
#         intercept)
# data    a data frame with these columns, and `group`, a number, where there are groups
# colour  that of all of it, where there are none
as_layer <- function(kind, data, colour = palette_of_groups[1L]) {
  list(kind = kind, data = data, colour = colour)
}

# values: all that has to be seen. labels: of a discrete axis, on which things stand at 1, 2, ...
# whole: has it whole numbers only?
axis_of <- function(label, values, labels = NULL, log = FALSE, limits = NULL, whole = FALSE) {
  if (!is.null(labels)) limits <- c(0.5, length(labels) + 0.5)
  limits <- limits %||% limits_of(values, log)
  list(label = label, limits = limits, labels = labels, log = log, whole = whole)
}

# Of values that may be infinite.
limits_of <- function(values, log = FALSE) {
  shown <- values[is.finite(values) & (!log | values > 0)]
  if (length(shown) == 0L) return(if (log) c(0.1, 10) else c(-1, 1))
  on_scale <- range(if (log) log(shown) else shown)
  span <- diff(on_scale)
  if (span <= 1e-10 * max(abs(on_scale))) span <- if (log) 1 else max(abs(on_scale[1L]), 1e-3)
  limits <- on_scale + c(-0.04, 0.04) * span
  if (log) exp(limits) else limits
}

# The palette of Okabe and Ito (2008), told apart by any eye; the yellow last, as it is pale.
palette_of_groups <- c(
  "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"
)
grey_of_rules <- "grey50"
grey_of_bounds <- "grey80"

# More groups than colours are told apart by their lines and points.
look_of_group <- function(group) {
  colours <- length(palette_of_groups)
  list(
    colour = palette_of_groups[(group - 1L) %% colours + 1L],
    line = (group - 1L) %% 6L + 1L, point = c(19L, 17L, 15L, 18L, 1L, 2L, 0L, 5L)[
      (group - 1L) %% 8L + 1L
    ]
  )
}

diagonal <- function() {
  as_layer("rules", data.frame(slope = 1, intercept = 0), grey_of_rules)
}

rule_at <- function(h = NULL, v = NULL) {
  as_layer("rules", if (is.null(v)) data.frame(h = h) else data.frame(v = v), grey_of_rules)
}

# Which of many points are enough for a picture: one of each of the cells of a grid, those that come
# first in `order`.
one_of_each_cell <- function(x, y, order, cells = 120L) {
  cell <- function(values) {
    ends <- range(values)
    if (ends[1L] == ends[2L]) return(integer(length(values)))
    as.integer((values - ends[1L]) * ((cells - 1L) / (ends[2L] - ends[1L])))
  }
  at <- cell(x) * cells + cell(y)
  order[!duplicated(at[order])]
}

# Numbers each with their own digits.
in_words <- function(values) {
  if (!is.numeric(values)) return(as.character(values))
  vapply(values, format, "", digits = 3L)
}

# A text as long as its letters allow; the middle is left out of what is longer.
abridged <- function(text, letters) {
  long <- nchar(text) > letters
  head <- ceiling((letters - 3L) * 0.6)
  tail <- letters - 3L - head
  text[long] <- paste0(
    substr(text[long], 1L, head), "...", substring(text[long], nchar(text[long]) - tail + 1L)
  )
  text
}
