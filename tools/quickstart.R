# Rscript tools/quickstart.R [picture.png]
#
# On a machine that has R: installs what is missing, installs fastlogit, fits the O-rings of the
# space shuttle, and draws the fit. man/figures/oring.png is that picture, with fewer colours.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
source(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), "setup.R"))

install_missing(described(c("Imports", "LinkingTo")))
install_fastlogit()
library(fastlogit)
source(system.file("examples", "oring.R", package = "fastlogit", mustWork = TRUE))

fit <- fastlogit(fail ~ temp, data = oring)
print(summary(fit))

picture <- c(commandArgs(trailingOnly = TRUE), "oring.png")[1]
png(picture,
  width = 1600, height = 1100, res = 190,
  type = if (capabilities("cairo")) "cairo" else getOption("bitmapType")
)
draw_orings(fit, oring)
invisible(dev.off())
cat("The picture is ", normalizePath(picture), "\n", sep = "")
