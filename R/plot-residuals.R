# Binned residuals: of neighbouring rows, against the linear predictor and against each predictor.

# Gelman, A. and Hill, J. (2007), section 5.6: within the bounds, two standard errors by the model,
# are 95 of 100 bins if it is right.
residuals_picture <- function(of) {
  rows <- of$rows()
  shown <- if (length(of$names())) of$predictors()
  against <- c(list(`linear predictor` = rows$eta[, 1L]), shown$values[of$names()])
  parts <- Map(function(values, name) {
    some <- if (length(values) < length(rows$weights)) some_of_rows(rows, shown$at) else rows
    cbind(variable = name, binned_residuals(some, values, of))
  }, against, names(against))
  data <- do.call(rbind, unname(parts))
  scale <- limits_of(c(data$residual, -data$bound, data$bound, 0))
  panels <- Map(residual_panel, parts, against, list(scale))
  as_picture(unname(panels), data)
}

binned_residuals <- function(rows, values, of) {
  levels <- levels_to_show(values)
  found <- if (is.null(levels)) {
    bins_of_values(values, rows$weights, of$bins %||% bins_for(length(values)))
  } else {
    list(rows = seq_along(values), bin = match(as.character(values), levels))
  }
  w <- rows$weights[found$rows]
  p <- rows$probability[found$rows, 2L]
  total <- rowsum(w, found$bin)
  mean_of <- function(x) as.vector(rowsum(w * x, found$bin) / total)
  bound <- 2 * sqrt(of$dispersion() * mean_of(p * (1 - p)) / as.vector(total))
  if (rows$survey) bound[] <- NA
  kind <- levels[as.integer(rownames(total))]
  data.frame(
    bin = if (is.null(levels)) seq_along(bound) else as.integer(rownames(total)),
    level = kind %||% NA_character_,
    x = if (is.null(levels)) mean_of(values[found$rows]) else NA_real_,
    weight = as.vector(total), residual = mean_of(rows$observed[found$rows, 2L] - p), bound = bound
  )
}

some_of_rows <- function(rows, at) {
  by_row <- c("observed", "probability", "weights")
  rows[by_row] <- rows_at(rows[by_row], at)
  rows
}

# As arm::binnedplot() has them, up to a hundred.
bins_for <- function(n) {
  min(100, if (n >= 100) floor(sqrt(n)) else if (n > 10) 10 else max(1, floor(n / 2)))
}

residual_panel <- function(part, values, limits) {
  levels <- levels_to_show(values)
  x <- if (is.null(levels)) part$x else part$bin
  outside <- !is.na(part$bound) & abs(part$residual) > part$bound
  points <- data.frame(x = x, y = part$residual)
  bounds <- data.frame(x = x, lower = -part$bound, upper = part$bound)
  bounds <- bounds[!is.na(part$bound), ]
  broad <- is.null(levels) && nrow(part) > few_bins
  bounds <- as_layer(if (broad) "band" else "ranges", bounds, if (broad) "grey40" else "grey75")
  bounds$width <- 5
  as_panel(
    list(
      bounds, rule_at(h = 0), as_layer("points", points[!outside, ]),
      as_layer("points", points[outside, ], palette_of_groups[2L])
    ),
    axis_of(part$variable[1L], x, levels, whole = all(x == round(x))),
    axis_of("mean residual", limits = limits),
    title = "Binned residuals"
  )
}

few_bins <- 5L
