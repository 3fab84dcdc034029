# The fit of the O-rings as a picture, for tools/quickstart.R, README.md and vignette("fastlogit").

# The fitted probability with its confidence band, and each flight as a dot; flights at the same
# temperature and with the same outcome are stacked.
draw_orings <- function(fit, flights = fastlogit::oring, launch = 31) {
  blue <- "#0072B2"
  band <- "#D0E4F0"
  vermilion <- "#B84300"
  temp <- seq(30, 85, by = 0.25)
  curve <- as.data.frame(predict(fit, data.frame(temp = temp), interval = "confidence"))
  at_launch <- as.data.frame(predict(fit, data.frame(temp = launch), interval = "confidence"))

  par(mar = c(4, 4.2, 3, 1), las = 1, mgp = c(2.7, 0.7, 0))
  plot(NULL,
    xlim = range(temp), ylim = c(-0.02, 1.02), xaxs = "i", xaxt = "n", bty = "l",
    xlab = "Temperature at launch (\u00b0F)", ylab = "Probability of O-ring distress",
    main = "Space shuttle O-rings: 23 flights before Challenger"
  )
  axis(1, at = seq(30, 85, by = 5))
  polygon(c(temp, rev(temp)), c(curve$lower, rev(curve$upper)), col = band, border = NA)
  lines(temp, curve$fit, col = blue, lwd = 3)
  abline(v = launch, col = vermilion, lwd = 2, lty = "dashed")

  failed <- flights$fail == 1
  stacked <- ave(flights$temp, flights$temp, failed, FUN = seq_along) - 1
  points(flights$temp, ifelse(failed, 1 - 0.035 * stacked, 0.035 * stacked),
    pch = ifelse(failed, 19, 21), bg = "white", cex = 1.2
  )
  text(launch + 0.7, 0.24, adj = c(0, 0.5), col = vermilion, labels = sprintf(
    "Launch of 28 January 1986: %d \u00b0F\nfitted probability %.4f\n95 %% interval %.2f to %.2f",
    launch, at_launch$fit, at_launch$lower, at_launch$upper
  ))
  legend(84.5, 0.93,
    xjust = 1, bty = "n",
    legend = c("fitted probability", "95 % confidence band", "flight with distress", "without"),
    col = c(blue, band, "black", "black"), lty = c("solid", NA, NA, NA), lwd = c(3, NA, 1, 1),
    pch = c(NA, 15, 19, 21), pt.cex = c(NA, 2.2, 1.2, 1.2)
  )
}
