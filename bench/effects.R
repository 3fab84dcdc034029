# Average effects beside their fit, and beside package marginaleffects: seconds, the ratio of each
# to the fit's own time, and memory. From the repository's root: `Rscript bench/effects.R`.

library(fastlogit)

rows_of_ten <- function(n, factors = 0L) {
  set.seed(n)
  d <- as.data.frame(matrix(rnorm(10 * n), n, dimnames = list(NULL, paste0("x", 1:10))))
  d$y <- rbinom(n, 1L, plogis(as.matrix(d) %*% seq(-0.5, 0.5, length.out = 10L)))
  for (j in seq_len(factors)) d[[j]] <- factor(sample(letters[1:4], n, TRUE))
  d
}

seconds <- function(expr) system.time(expr)[["elapsed"]]

# In turns, so that whatever else the machine does concerns both; medians.
in_turns <- function(d, formula, rounds = 5L) {
  times <- replicate(rounds, {
    fit_time <- seconds(fit <- fastlogit(formula, data = d))
    c(
      fit = fit_time, difference = seconds(average_effects(fit)),
      ratio = seconds(average_effects(fit, comparison = "ratio")),
      predictions = seconds(average_predictions(fit))
    )
  })
  apply(times, 1L, stats::median)
}

report <- function(what, times) {
  cat(sprintf("%-32s", what), sprintf("%s %.3f s (%.2f)", names(times), times, times / times[1L]))
  cat("\n")
}

all_ten <- reformulate(paste0("x", 1:10), "y")
for (n in c(1e5, 1e6)) {
  report(sprintf("n = %g, ten numbers", n), in_turns(rows_of_ten(n), all_ten))
  report(sprintf("n = %g, five factors", n), in_turns(rows_of_ten(n, 5L), all_ten))
}
report("n = 1e6, x1 : x2 and a spline", in_turns(
  rows_of_ten(1e6), y ~ x1 * x2 + splines::ns(x3, 4) + x4 + x5 + x6 + x7 + x8 + x9 + x10, 3L
))

d <- rows_of_ten(1e6)
fit <- fastlogit(all_ten, data = d)
invisible(gc(reset = TRUE))
before <- sum(gc()[, 2L])
invisible(average_effects(fit))
cat(sprintf(
  "memory: %.0f MB beyond the fit's; the data are %.0f MB\n", sum(gc()[, 6L]) - before,
  object.size(d) / 1e6
))

if (requireNamespace("marginaleffects", quietly = TRUE)) {
  d <- rows_of_ten(1e5)
  fit <- fastlogit(all_ten, data = d)
  theirs <- glm(all_ten, binomial, d)
  ours <- stats::median(replicate(5L, seconds(average_effects(fit))))
  other <- seconds(marginaleffects::avg_slopes(theirs))
  cat(sprintf(
    "n = 1e5: average_effects() %.3f s, avg_slopes() %.2f s: %.0f times\n", ours, other,
    other / ours
  ))
}
