# Many classes: is what is predicted also what is observed?

#' Calibration of a multinomial fit
#'
#' For each class, the observed proportion against the mean predicted probability, in bins of about
#' equal weight. The points of a calibrated model scatter around the diagonal; vertical lines are
#' 95% (Wilson) intervals, and the larger a point, the more weight there is in its bin.
#'
#' @param x a fit by [fastmultinom()].
#' @param bins the largest number of bins for each class. Rows of equal prediction share one.
#' @param ... passed on to [graphics::points()].
#' @return Invisibly, a data frame with a row for each class and bin: `class`, `bin`, `weight`
#'   (cases or trials), `predicted`, `observed`, `lower` and `upper`.
#' @examples
#' fit <- fastmultinom(Species ~ Sepal.Length + Sepal.Width, data = iris)
#' plot(fit, bins = 8)
#' @export
plot.fastmultinom <- function(x, bins = 10L, ...) {
  if (!is_number(bins) || bins < 1) {
    input_error("`bins` must be a number, at least 1: found ", described(bins), ".")
  }
  probabilities <- all_probabilities(x)
  observed <- observed_of(x)
  weights <- as.vector(x$weights)
  points <- do.call(rbind, lapply(x$lab, function(class) {
    cbind(
      class = class,
      calibration_bins(probabilities[, class], observed[, class], weights, bins)
    )
  }))
  points$class <- factor(points$class, x$lab)
  largest <- max(points$weight)
  before <- graphics::par(
    mfrow = grDevices::n2mfrow(length(x$lab)), mar = c(2.5, 2.5, 2, 0.8), oma = c(2, 2, 0, 0),
    mgp = c(2, 0.6, 0), las = 1, pty = "s"
  )
  on.exit(graphics::par(before))
  for (class in x$lab) draw_calibration(points[points$class == class, ], class, largest, ...)
  graphics::mtext("Mean predicted probability", 1, 0.5, outer = TRUE)
  graphics::mtext("Observed proportion", 2, 0.5, outer = TRUE, las = 0)
  invisible(points)
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
draw_calibration <- function(bins, title, largest, col = "#0072B2", pch = 19, ...) {
  graphics::plot.default(
    NA, NA, xlim = c(0, 1), ylim = c(0, 1), xlab = "", ylab = "", main = title, font.main = 1
  )
  graphics::abline(0, 1, col = "grey60", lty = 2)
  graphics::segments(bins$predicted, bins$lower, bins$predicted, bins$upper, col = col)
  graphics::points(
    bins$predicted, bins$observed,
    pch = pch, col = col, cex = 0.5 + sqrt(bins$weight / largest), ...
  )
}
