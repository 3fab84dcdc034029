# Writes data/oring.rda, and inst/extdata. Run from the root: Rscript tools/make-data.R
#
# Source: Dalal, S. R., Fowlkes, E. B. and Hoadley, B. (1989). Risk analysis of the space shuttle:
# pre-Challenger prediction of failure. Journal of the American Statistical Association 84, 945-957.

oring <- data.frame(
  flight = 1:23,
  temp = c(
    66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58
  ),
  fail = c(
    0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L, 1L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 0L, 1L
  )
)

stopifnot(nrow(oring) == 23, sum(oring$fail) == 7, sum(oring$temp) == 1600)

dir.create("data", showWarnings = FALSE)
save(oring, file = file.path("data", "oring.rda"), version = 2)

# --- inst/extdata ---------------------------------------------------------------------------------

# The log of an advertiser, simulated: the same rows as a text file and as a table of a database,
# for the examples of rows that need not fit into memory. Needs RSQLite.
set.seed(1)
n <- 2000
ads <- data.frame(
  day = format(as.Date("2026-01-01") + sort(sample(0:89, n, replace = TRUE))),
  hour = sample(0:23, n, replace = TRUE),
  device = sample(c("phone", "tablet", "desktop"), n, replace = TRUE, prob = c(6, 1, 3)),
  seconds = round(exp(rnorm(n, 3, 1)), 1)
)
eta <- -3.2 + 0.05 * ads$hour + 0.8 * (ads$device == "phone") + 0.4 * log(ads$seconds)
ads$click <- rbinom(n, 1, plogis(eta))

folder <- file.path("inst", "extdata")
dir.create(folder, showWarnings = FALSE, recursive = TRUE)
write.csv(ads, file.path(folder, "ads.csv"), row.names = FALSE, quote = FALSE)

unlink(file.path(folder, "ads.sqlite"))
db <- DBI::dbConnect(RSQLite::SQLite(), file.path(folder, "ads.sqlite"))
DBI::dbWriteTable(db, "ads", ads)
DBI::dbDisconnect(db)
