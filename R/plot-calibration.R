# Calibration: is what is predicted also what is observed?

calibration_picture <- function(of) {
  rows <- of$rows()
  of_outcomes <- if (is_of_many(of$fit)) seq_along(rows$outcomes) else 2L
  found <- if (of$smooth) smoothed_calibration else calibration_bins
  known <- !rows$survey
  parts <- lapply(of_outcomes, function(k) {
    bins <- found(
      rows$probability[, k], rows$observed[, k], rows$weights, of$bins %||% 10L, of$dispersion()
    )
    if (!known) bins[c("lower", "upper")] <- NA_real_
    bins
  })
  names(parts) <- rows$outcomes[of_outcomes]
  note <- if (!known) "weighted by the survey design: without bounds"
  calibration_of_parts(parts, "Calibration", note)
}

# parts: for each outcome its bins, or its curve, by name; of two outcomes that of the second.
calibration_of_parts <- function(parts, title, note = NULL) {
  shown <- unlist(lapply(parts, `[`, c("predicted", "observed", "lower", "upper")))
  limits <- limits_of(c(pmin(pmax(shown, 0), 1)))
  largest <- max(unlist(lapply(parts, `[[`, "weight")), 0)
  titles <- if (length(parts) > 1L) paste0(title, ": ", names(parts)) else title
  panels <- Map(function(part, title) {
    as_panel(
      calibration_layers(part, largest), title = title, note = note, square = TRUE,
      axis_of("mean predicted probability", limits = limits),
      axis_of("observed proportion", limits = limits)
    )
  }, parts, titles)
  data <- do.call(rbind, parts)
  if (length(parts) > 1L) {
    classes <- factor(rep(names(parts), vapply(parts, nrow, 0L)), names(parts))
    data <- cbind(class = classes, data)
  }
  rownames(data) <- NULL
  as_picture(unname(panels), data)
}

calibration_layers <- function(part, largest) {
  around <- data.frame(x = part$predicted, lower = part$lower, upper = part$upper)
  around <- around[!is.na(around$lower), ]
  if (is.null(part$bin)) {
    line <- data.frame(x = part$predicted, y = part$observed)
    return(list(as_layer("band", around), diagonal(), as_layer("line", line)))
  }
  points <- data.frame(
    x = part$predicted, y = part$observed, size = 0.4 + 0.8 * sqrt(part$weight / largest)
  )
  list(diagonal(), as_layer("ranges", around), as_layer("points", points))
}

# --- bins -----------------------------------------------------------------------------------------

# Bins of about equal weight, of neighbouring values; those that are equal but for rounding are
# together. A list of `rows`, those of positive weight in the order of their values, and their
# `bin`.
bins_of_values <- function(values, weights, bins) {
  rows <- order(values)
  if (any(weights == 0)) rows <- rows[weights[rows] > 0]
  w <- weights[rows]
  bin <- ceiling(bins * (cumsum(w) - w / 2) / sum(w))
  sorted <- signif(values[rows], 12L)
  first <- which(c(TRUE, sorted[-1L] != sorted[-length(sorted)]))
  bin <- rep(bin[first], diff(c(first, length(sorted) + 1L)))
  list(rows = rows, bin = cumsum(c(TRUE, bin[-1L] != bin[-length(bin)])))
}

calibration_bins <- function(predicted, observed, weights, bins, dispersion = 1) {
  found <- bins_of_values(predicted, weights, bins)
  w <- weights[found$rows]
  total <- as.vector(rowsum(w, found$bin))
  mean_of <- function(values) as.vector(rowsum(w * values[found$rows], found$bin)) / total
  share <- mean_of(observed)
  data.frame(
    bin = seq_along(total), weight = total, predicted = mean_of(predicted), observed = share,
    wilson_interval(share, total / dispersion)
  )
}

# Wilson, E. B. (1927), JASA 22, 209-212.
wilson_interval <- function(share, n, level = 0.95) {
  z <- stats::qnorm((1 + level) / 2)
  centre <- (share + z^2 / (2 * n)) / (1 + z^2 / n)
  half <- z / (1 + z^2 / n) * sqrt(pmax(share * (1 - share), 0) / n + z^2 / (4 * n^2))
  data.frame(lower = pmax(centre - half, 0), upper = pmin(centre + half, 1))
}

# --- a smooth curve -------------------------------------------------------------------------------

# Local lines through fine bins (Cleveland 1979), each with the variance of a proportion.
smoothed_calibration <- function(predicted, observed, weights, bins, dispersion = 1) {
  fine <- calibration_bins(predicted, observed, weights, most_fine_bins)
  if (nrow(fine) < least_fine_bins) {
    input_error(
      "a smooth curve takes ", least_fine_bins, " different predicted probabilities or more: ",
      "found ", nrow(fine), ". Use `smooth = FALSE`."
    )
  }
  at <- seq(min(fine$predicted), max(fine$predicted), length.out = points_of_curve)
  variance <- dispersion * fine$predicted * (1 - fine$predicted) / fine$weight
  curve <- local_lines(fine$predicted, fine$observed, fine$weight, variance, at)
  half <- stats::qnorm(0.975) * curve$error
  data.frame(
    predicted = at, observed = pmin(pmax(curve$fit, 0), 1), lower = pmax(curve$fit - half, 0),
    upper = pmin(curve$fit + half, 1)
  )
}

most_fine_bins <- 500L
least_fine_bins <- 8L
points_of_curve <- 61L

# As loess(degree = 1, surface = "direct") fits them.
local_lines <- function(x, y, weights, variance, at, span = 0.75) {
  nearest <- max(3L, floor(span * length(x)))
  found <- vapply(at, function(centre) {
    distance <- abs(x - centre)
    reach <- sort(distance, partial = nearest)[nearest]
    w <- weights * pmax(0, 1 - (distance / reach)^3)^3
    middle <- sum(w * x) / sum(w)
    slope <- w * (x - middle)
    by <- w / sum(w) + (centre - middle) * slope / sum(slope * (x - middle))
    c(sum(by * y), sqrt(sum(by^2 * variance)))
  }, numeric(2L))
  list(fit = found[1L, ], error = found[2L, ])
}
