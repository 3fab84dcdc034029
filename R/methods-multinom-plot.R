# Many classes: is what is predicted also what is observed?

#' Calibration of a multinomial fit
#'
#' Draws, for each class, the observed proportion against the mean predicted probability, in bins of
#' about equal weight. The points of a calibrated model scatter around the diagonal; vertical lines
#' are 95% (Wilson) intervals, and the larger a point, the more weight there is in its bin.
#'
#' @param x a fit by [fastmultinom()].
#' @param bins the largest number of bins for each class. Rows of equal prediction share one.
#' @param ... passed on to [graphics::points()].
#' @return Invisibly, a data frame with a row for each class and bin: `class`, `bin`, `weight`
#'   (cases or trials), `predicted`, `observed`, `lower` and `upper`.
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastmultinom(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' plot(fit, bins = 8)
#' @export
plot.fastmultinom <- function(x, bins = 10L, ...) {
  check_that(is_number(bins) && bins >= 1, bins, "`bins` must be a number, at least 1")
  probabilities <- all_probabilities(x)
  observed <- observed_of(x)
  weights <- as.vector(x$weights)
  points <- do.call(rbind, lapply(x$lab, function(class) {
    cbind(class = class, calibration_bins(probabilities[, class], observed[, class], weights, bins))
  }))
  points$class <- factor(points$class, x$lab)
  before <- graphics::par(
    mfrow = panel_layout(length(x$lab)), pty = "s", las = 1, mar = c(3.2, 3.4, 2, 0.6),
    mgp = c(2.2, 0.6, 0)
  )
  on.exit(graphics::par(before))
  limits <- range(points[c("predicted", "lower", "upper")])
  largest <- max(points$weight)
  for (class in x$lab) {
    draw_calibration(points[points$class == class, ], class, limits, largest, ...)
  }
  invisible(points)
}

# Rows and columns for the largest squares on this device.
panel_layout <- function(panels) {
  size <- graphics::par("din")
  columns <- seq_len(panels)
  rows <- ceiling(panels / columns)
  best <- which.max(pmin(size[1L] / columns, size[2L] / rows))
  c(rows[best], columns[best])
}

# Bins of about equal weight, of neighbouring predictions.
calibration_bins <- function(predicted, observed, weights, bins) {
  used <- which(weights > 0)
  ordered <- used[order(predicted[used])]
  p <- predicted[ordered]
  w <- weights[ordered]
  bin <- ceiling(bins * (cumsum(w) - w / 2) / sum(w))
  # Equal but for rounding: together.
  bin <- bin[match(signif(p, 12L), signif(p, 12L))]
  bin <- match(bin, unique(bin))
  total <- as.vector(rowsum(w, bin))
  mean_of <- function(values) as.vector(rowsum(w * values, bin)) / total
  share <- mean_of(observed[ordered])
  data.frame(
    bin = seq_along(total), weight = total, predicted = mean_of(p), observed = share,
    wilson_interval(share, total)
  )
}

# Wilson, E. B. (1927), JASA 22, 209-212.
wilson_interval <- function(share, n, level = 0.95) {
  z <- stats::qnorm((1 + level) / 2)
  centre <- (share + z^2 / (2 * n)) / (1 + z^2 / n)
  half <- z / (1 + z^2 / n) * sqrt(pmax(share * (1 - share), 0) / n + z^2 / (4 * n^2))
  data.frame(lower = pmax(centre - half, 0), upper = pmin(centre + half, 1))
}

# Blue on grey, of the palette of Okabe and Ito: told apart by any eye, and in print.
draw_calibration <- function(bins, title, limits, largest, col = "#0072B2", pch = 19, ...) {
  graphics::plot.default(
    NA, NA,
    xlim = limits, ylim = limits, main = title, font.main = 1,
    xlab = "mean predicted probability", ylab = "observed proportion"
  )
  graphics::abline(0, 1, col = "grey60", lty = 2)
  graphics::segments(bins$predicted, bins$lower, bins$predicted, bins$upper, col = col)
  graphics::points(
    bins$predicted, bins$observed,
    pch = pch, col = col, cex = 0.4 + 0.8 * sqrt(bins$weight / largest), ...
  )
}
