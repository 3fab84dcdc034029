# Rscript bench/threads.R [rounds = 9]
#
# How passes over the rows scale with threads, alone: one with the information at the estimate, and
# one that writes linear predictors, from the sums that fits are made of. By turns, medians; the
# bits have to be those of one thread. More threads than this machine has cores say nothing.

library(fastlogit)

arguments <- commandArgs(TRUE)
rounds <- if (length(arguments)) as.integer(arguments[1]) else 9L
cores <- parallel::detectCores()
counts <- Filter(function(threads) threads <= cores, c(1L, 2L, 4L, 8L))

simulate_rows <- function(n, p, classes = 2L) {
  set.seed(p)
  x <- matrix(rnorm(n * (p - 1)), n)
  eta <- cbind(0, x %*% matrix(rnorm((p - 1) * (classes - 1), sd = 0.5 / sqrt(p)), p - 1))
  y <- factor(max.col(eta - log(-log(matrix(runif(n * classes), n)))), seq_len(classes))
  list(x = x, y = y, classes = classes)
}

fit_rows <- function(d) {
  if (d$classes > 2) fastmultinom(d$y ~ d$x) else fastlogit(d$y ~ d$x)
}

passes_of <- function(fit) {
  problem <- function(threads) fastlogit:::problem_of_fit(fit, threads)
  beta <- as.numeric(t(coef(fit)))
  list(
    information = function(threads) fastlogit:::moments_impl(problem(threads), beta),
    predictors = function(threads) fastlogit:::at_rows_impl(problem(threads), beta)
  )
}

seconds_by_threads <- function(pass) {
  first <- pass(counts[1])
  stopifnot(vapply(counts, function(threads) identical(pass(threads), first), NA))
  seconds <- replicate(rounds, vapply(counts, function(threads) {
    system.time(pass(threads))[["elapsed"]]
  }, 0))
  apply(matrix(seconds, length(counts)), 1, median)
}

cat(sprintf("%d cores, load %s\n", cores, if (file.exists("/proc/loadavg")) {
  strsplit(readLines("/proc/loadavg"), " ")[[1]][1]
} else {
  "not known"
}))
for (size in list(c(1e6, 20, 2), c(1e5, 100, 2), c(2e4, 500, 2), c(2e4, 20, 20))) {
  fit <- fit_rows(simulate_rows(size[1], size[2], size[3]))
  passes <- passes_of(fit)
  for (name in names(passes)) {
    seconds <- seconds_by_threads(passes[[name]])
    cat(sprintf(
      "n = %g, p = %g, K = %g, %-12s %s\n", size[1], size[2], size[3], name,
      paste(sprintf("%d: %.4f s (%.2fx)", counts, seconds, seconds[1] / seconds), collapse = "  ")
    ))
  }
}
