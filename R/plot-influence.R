# Influence: which rows move the estimates (Cook's distance), against which could (leverage).

influence_picture <- function(of) {
  fit <- of$fit
  check_has_influence(fit)
  found <- rows_with_influence(fit, of$dispersion())
  shown <- found$cook * is.finite(found$cook)
  in_order <- order(shown, decreasing = TRUE)
  largest <- in_order[seq_len(min(of$labels, length(in_order)))]
  kept <- if (nrow(found) > many_points) few_of_many(found$leverage, shown, in_order) else in_order
  kept <- kept[is.finite(found$cook[kept])]
  largest <- intersect(largest, kept)
  data <- found[kept, ]
  data$row <- names_of_rows(fit, data$row)
  points <- data.frame(x = data$leverage, y = data$cook)
  named <- named_points(cbind(points, label = data$row)[match(largest, kept), ])
  panel <- as_panel(
    list(as_layer("points", points), as_layer("labels", named, "black")),
    axis_of("leverage", c(0, points$x)), axis_of("Cook's distance", c(0, points$y)),
    title = "Influence of rows", note = told_points(found, kept)
  )
  rownames(data) <- NULL
  as_picture(list(panel), data)
}

many_points <- 5000L

# Of matched sets: how far the likelihood falls without each of them.
set_influence_picture <- function(of) {
  fit <- of$fit
  check_has_influence(fit)
  fit <- in_memory(fit)
  scores <- rowsum(stats::residuals(fit, "score") * (fit$weights %||% 1), fit$set)
  known <- !is.na(fit$coefficients)
  scores <- scores[, known, drop = FALSE]
  moved <- rowSums((scores %*% stats::vcov(fit, complete = FALSE)) * scores)
  first <- which(!duplicated(fit$set))
  data <- data.frame(set = first, displacement = unname(moved[as.character(fit$set[first])]))
  in_order <- order(data$displacement, decreasing = TRUE)
  largest <- in_order[seq_len(min(of$labels, length(in_order)))]
  kept <- if (nrow(data) > many_points) {
    few_of_many(data$set, data$displacement, in_order)
  } else {
    seq_len(nrow(data))
  }
  points <- data.frame(x = data$set, y = data$displacement)
  label <- names_of_rows(fit, data$set[largest])
  panel <- as_panel(
    list(
      as_layer("points", points[kept, ]),
      as_layer("labels", cbind(points[largest, ], label = label), "black")
    ),
    axis_of("first row", c(0, points$x)), axis_of("displacement", c(0, points$y)),
    title = "Influence of sets",
    note = if (length(kept) < nrow(data)) {
      paste("one of each place, of", counted(nrow(data), "set"))
    }
  )
  as_picture(list(panel), data)
}

# The extreme on both axes, and of the others one of each place. in_order: from the largest y on.
few_of_many <- function(x, y, in_order) {
  far <- order(x, decreasing = TRUE)[seq_len(100L)]
  kept <- unique(c(in_order[seq_len(100L)], far, one_of_each_cell(x, y, in_order)))
  kept[order(y[kept], decreasing = TRUE)]
}

# Those of one place together.
named_points <- function(points) {
  place <- paste(signif(points$x, 6L), signif(points$y, 6L))
  together <- vapply(split(points$label, factor(place, unique(place))), listed, "")
  cbind(points[!duplicated(place), c("x", "y")], label = together)
}

told_points <- function(found, kept) {
  alone <- sum(!is.finite(found$cook))
  c(
    if (length(kept) + alone < nrow(found)) {
      paste("one of each place, of", counted(nrow(found), "row"))
    },
    if (alone) paste("without", counted(alone, "row"), "of leverage 1")
  )
}

check_has_influence <- function(fit) {
  if (is_separated(fit)) {
    input_error(
      "rows of a fit with infinite estimates have no Cook's distance: refit with ",
      "`penalty = \"firth\"`. See ?separation.", class = "fastlogit_separation"
    )
  }
  if (sum(!is.na(fit$coefficients)) == 0L) {
    input_error("rows have no influence where nothing was estimated.")
  }
}

# A data frame of the rows of positive weight: `row`, a number, `leverage` and `cook`.
rows_with_influence <- function(fit, dispersion) {
  names <- c("fitted.values", "prior.weights", "weights", "residuals")
  rows <- components_by_row(fit, names)
  length_of <- error_finder(fit)
  leverage <- numeric(length(rows$weights))
  visit_design(fit, function(x, at) {
    leverage[at] <<- rows$weights[at] * length_of(x)^2
  })
  used <- which(rows$prior.weights > 0)
  leverage <- leverage[used]
  # The square of Pearson's residual, as y - p is the working residual times the slope.
  pearson <- (rows$weights * rows$residuals^2)[used]
  cook <- pearson / (1 - leverage)^2 * leverage / (dispersion * sum(leverage))
  data.frame(row = used, leverage = leverage, cook = ifelse(leverage > 1 - 1e-10, NaN, cook))
}

# Of a source by number.
names_of_rows <- function(fit, rows) {
  names <- if (!is_stored(fit)) names(fit$fitted.values)
  if (is.null(names)) format(rows, scientific = FALSE, trim = TRUE) else names[rows]
}
