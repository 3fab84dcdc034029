# Writes data/oring.rda. Run from the package's root: Rscript tools/make-data.R
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
