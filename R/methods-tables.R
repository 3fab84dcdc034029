# Tables of results: data frames that print with a heading and with what is to be known of them, and
# that plot as points and intervals.

# table: a data frame with the columns `estimate`, `conf.low` and `conf.high`, and what tells its
# rows apart. title, footer: lines above and below. axis: what is estimated, in words.
as_result_table <- function(table, class, title, footer, axis) {
  structure(
    table, class = c(class, "fastlogit_table", "data.frame"), title = title, footer = footer,
    axis = axis
  )
}

#' @export
print.fastlogit_table <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat(wrapped(attr(x, "title")), "", sep = "\n")
  shown <- as.data.frame(x)
  numbers <- vapply(shown, is.double, NA)
  p_value <- names(shown) == "p.value"
  shown[numbers & !p_value] <- lapply(shown[numbers & !p_value], format_each, digits)
  shown[p_value] <- lapply(shown[p_value], format.pval, digits = 3L, eps = 1e-4)
  print.data.frame(shown, row.names = FALSE, right = TRUE, ...)
  footer <- attr(x, "footer")
  if (length(footer)) cat("", wrapped(footer), sep = "\n")
  invisible(x)
}

# Each number with its own digits: ratios and their ends may be of very different sizes.
format_each <- function(x, digits) {
  if (all(is.na(x) | x == round(x))) return(format(x))  # degrees of freedom and the like
  sub("[.]$", "", formatC(x, digits = digits, format = "g", flag = "#"))
}

#' @export
as.data.frame.fastlogit_table <- function(x, ...) {
  attributes(x) <- c(attributes(x)[c("names", "row.names")], class = "data.frame")
  x
}

# Some of the rows are a table still; other columns are not.
#' @export
`[.fastlogit_table` <- function(x, ...) {
  kept <- NextMethod()
  if (is.data.frame(kept) && identical(names(kept), names(x))) return(kept)
  if (is.data.frame(kept)) as.data.frame.fastlogit_table(kept) else kept
}

# --- points and intervals -------------------------------------------------------------------------

# One line each, the first on top. reference: where nothing is, a vertical line. log: is the axis
# logarithmic? Ends beyond the plot, infinite ones among them, are arrows.
draw_intervals <- function(labels, estimate, low, high, reference, axis, log = FALSE, ...) {
  shown <- c(estimate, low, high, reference)
  range <- range_of_plot(shown[is.finite(shown) & (!log | shown > 0)], log)
  at <- rev(seq_along(labels))
  width <- max(graphics::strwidth(labels, units = "inches", cex = 0.9)) + 0.3
  width <- min(width, 0.5 * graphics::par("din")[1L])
  margins <- graphics::par(mai = replace(graphics::par("mai"), 2L, width))
  on.exit(graphics::par(margins))
  graphics::plot(
    range, c(0.5, length(labels) + 0.5), type = "n", log = if (log) "x" else "", yaxt = "n",
    ylab = "", xlab = axis, bty = "n", ...
  )
  graphics::axis(2L, at, labels, las = 1L, tick = FALSE, cex.axis = 0.9)
  graphics::abline(v = reference, lty = 2L, col = "grey50")
  draw_ends(at, low, high, range)
  inside <- is.finite(estimate) & estimate >= range[1L] & estimate <= range[2L]
  graphics::points(estimate[inside], at[inside], pch = 19L)
}

range_of_plot <- function(shown, log) {
  if (length(shown) == 0L) return(if (log) c(0.1, 10) else c(-1, 1))
  on_scale <- if (log) log(shown) else shown
  span <- diff(range(on_scale))
  if (span == 0) span <- 1
  range <- range(on_scale) + c(-0.04, 0.04) * span
  if (log) exp(range) else range
}

draw_ends <- function(at, low, high, range) {
  known <- which(!is.na(low) & !is.na(high))
  from <- pmax(low, range[1L])
  to <- pmin(high, range[2L])
  graphics::segments(from[known], at[known], to[known], at[known], lwd = 2, col = "#0072B2")
  beyond <- function(rows, end, inside) {
    for (i in rows) {
      graphics::arrows(inside[i], at[i], end, at[i], length = 0.08, lwd = 2, col = "#0072B2")
    }
  }
  beyond(known[low[known] < range[1L]], range[1L], to)
  beyond(known[high[known] > range[2L]], range[2L], from)
}
