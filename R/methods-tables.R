# Tables of results: data frames that print with a heading and with what is to be known of them.

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
