# Rscript tools/quickstart.R [picture.png]
#
# On a machine that has R: installs what is missing, installs fastlogit, fits the O-rings of the
# space shuttle, and draws the fit.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
source(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), "setup.R"))

# The fitted probability with its band, and each flight as a dot; coincident flights are stacked.
draw_orings <- function(fit, flights, launch = 31) {
  blue <- "#0072B2"
  band <- "#D0E4F0"
  vermilion <- "#D55E00"
  temp <- seq(30, 85, by = 0.25)
  curve <- as.data.frame(predict(fit, data.frame(temp = temp), interval = "confidence"))
  at_launch <- as.data.frame(predict(fit, data.frame(temp = launch), interval = "confidence"))

  par(mar = c(4, 4.2, 3, 1), las = 1, mgp = c(2.7, 0.7, 0), cex = 1.1)
  plot(NULL,
    xlim = range(temp), ylim = c(-0.02, 1.02), xaxs = "i", bty = "l",
    xlab = "Temperature at launch (\u00b0F)", ylab = "Probability of O-ring distress",
    main = "Space shuttle O-rings: 23 flights before Challenger", xaxt = "n"
  )
  axis(1, at = seq(30, 85, by = 5))
  polygon(c(temp, rev(temp)), c(curve$lower, rev(curve$upper)), col = band, border = NA)
  lines(temp, curve$fit, col = blue, lwd = 3)
  abline(v = launch, col = vermilion, lwd = 2, lty = "dashed")

  failed <- flights$fail == 1
  coincident <- ave(flights$temp, flights$temp, failed, FUN = seq_along) - 1
  points(flights$temp, ifelse(failed, 1 - 0.035 * coincident, 0.035 * coincident),
    pch = ifelse(failed, 19, 21), bg = "white", cex = 1.2
  )
  text(launch + 0.7, 0.22, adj = c(0, 0.5), col = vermilion, labels = sprintf(
    "Launch of 28 January 1986: %d \u00b0F\nfitted probability %.4f\n95 %% confidence %.2f to %.2f",
    launch, at_launch$fit, at_launch$lower, at_launch$upper
  ))
  legend(84.5, 0.93,
    xjust = 1, bty = "n",
    legend = c(
      "fitted probability", "95 % confidence band", "flight with distress", "flight without"
    ),
    col = c(blue, band, "black", "black"), lty = c("solid", NA, NA, NA), lwd = c(3, NA, 1, 1),
    pch = c(NA, 15, 19, 21), pt.cex = c(NA, 2.2, 1.2, 1.2)
  )
}

install_missing(described(c("Imports", "LinkingTo")))
install_fastlogit()
library(fastlogit)

fit <- fastlogit(fail ~ temp, data = oring)
print(summary(fit))

picture <- c(commandArgs(trailingOnly = TRUE), "oring.png")[1]
png(picture,
  width = 1600, height = 1100, res = 170,
  type = if (capabilities("cairo")) "cairo" else getOption("bitmapType")
)
draw_orings(fit, oring)
invisible(dev.off())
cat("The picture is ", normalizePath(picture), "\n", sep = "")
