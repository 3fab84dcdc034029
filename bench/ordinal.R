# Ordered responses beside their peers: seconds of whole calls, medians of rounds in turn, and how
# many times longer the others take.
#
#     Rscript bench/ordinal.R              # 3 rounds of 1e5 rows
#     Rscript bench/ordinal.R 1 1e4        # one round of 1e4

arguments <- as.numeric(commandArgs(trailingOnly = TRUE))
rounds <- if (length(arguments) >= 1) arguments[1] else 3
rows <- if (length(arguments) >= 2) arguments[2] else 1e5

library(fastlogit)

set.seed(1)
predictors <- paste0("x", 1:10)
d <- as.data.frame(matrix(rnorm(rows * 10), rows, dimnames = list(NULL, predictors)))
latent <- drop(as.matrix(d) %*% seq(-0.5, 0.5, length.out = 10)) + rlogis(rows)
classes <- function(k) {
  cut(latent, c(-Inf, quantile(latent, seq_len(k - 1) / k), Inf), ordered_result = TRUE,
      labels = FALSE)
}
formula <- reformulate(predictors, "y")

fitters <- list(
  `fastordinal()` = function(d) fastordinal(formula, d),
  `fastordinal(), 1 thread` = function(d) fastordinal(formula, d, threads = 1),
  `MASS::polr(Hess = TRUE)` = function(d) MASS::polr(formula, d, Hess = TRUE),
  `rms::lrm()` = function(d) rms::lrm(formula, d),
  `rms::orm()` = function(d) rms::orm(formula, d),
  `ordinal::clm()` = function(d) ordinal::clm(formula, data = d)
)
package <- sub("::.*", "", names(fitters))
there <- !grepl("::", names(fitters)) | vapply(package, requireNamespace, NA, quietly = TRUE)
fitters <- fitters[there]

# classes: of the response; peers: which take part, as some would take hours.
workloads <- list(
  list(classes = 5, peers = names(fitters)),
  list(classes = 100, peers = grep("fastordinal|orm", names(fitters), value = TRUE)),
  list(classes = 1000, peers = grep("fastordinal", names(fitters), value = TRUE))
)

for (workload in workloads) {
  d$y <- factor(classes(workload$classes), ordered = TRUE)
  seconds <- matrix(NA_real_, rounds, length(workload$peers), dimnames = list(NULL, workload$peers))
  for (round in seq_len(rounds)) {
    for (peer in sample(workload$peers)) {
      seconds[round, peer] <- system.time(fitters[[peer]](d))[["elapsed"]]
    }
  }
  middle <- apply(seconds, 2L, median)
  cat("\n", format(rows, big.mark = ","), " rows, 10 predictors, ", workload$classes,
      " classes\n", sep = "")
  print(data.frame(seconds = round(middle, 3), times = signif(middle / middle[[1L]], 3)))
}
