# The ROC curve, with the area under it.

# curve: see roc_curve(); area: a row of a table of metrics.
roc_of_curve <- function(curve, area) {
  if (is.null(curve) || anyNA(area$estimate)) {
    input_error("there is no ROC curve: it takes two classes, and rows of both.")
  }
  shown <- thinned(curve)
  above <- function(weights) c(rev(1 - c(0, cumsum(weights)) / sum(weights)))
  data <- data.frame(specificity = 1 - above(shown$failure), sensitivity = above(shown$success))
  line <- data.frame(x = 1 - data$specificity, y = data$sensitivity)
  panel <- as_panel(
    list(diagonal(), as_layer("line", line)), title = "ROC curve", note = told_area(area),
    axis_of("1 - specificity", limits = c(-0.02, 1.02)),
    axis_of("sensitivity", limits = c(-0.02, 1.02)), square = TRUE
  )
  as_picture(list(panel), data)
}

told_area <- function(area) {
  number <- function(x) formatC(x, digits = 3L, format = "f")
  ends <- c(area$conf.low, area$conf.high)
  paste0("AUC ", number(area$estimate), if (!anyNA(ends)) {
    paste0(" (", number(ends[1L]), " to ", number(ends[2L]), ")")
  })
}

roc_picture <- function(of) {
  rows <- of$rows()
  curve <- roc_of_two(rows)
  area <- area_under(curve)
  half <- if (rows$survey) NA else stats::qnorm(0.975) * area$std.error
  ends <- pmin(pmax(area$estimate + c(-half, half), 0), 1)
  roc_of_curve(curve, list(estimate = area$estimate, conf.low = ends[1L], conf.high = ends[2L]))
}
