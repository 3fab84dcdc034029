# bootstrap() beside boot::boot() with glm(), and cross_validate() beside a loop over glm(): seconds,
# in turns, and medians. From the repository's root: `Rscript bench/bootstrap.R [rounds [replicates]]`.
# Of boot() fewer replicates are drawn, and its time is that of as many: it is proportional to their
# number.

library(fastlogit)

arguments <- as.integer(commandArgs(TRUE))
rounds <- if (length(arguments)) arguments[1L] else 3L
replicates <- if (length(arguments) > 1L) arguments[2L] else 1000L
of_boot <- max(2L, replicates %/% 10L)

rows_of_ten <- function(n) {
  set.seed(n)
  d <- as.data.frame(matrix(rnorm(10 * n), n, dimnames = list(NULL, paste0("x", 1:10))))
  d$y <- rbinom(n, 1L, plogis(as.matrix(d) %*% seq(-0.5, 0.5, length.out = 10L)))
  d
}

seconds <- function(expr) system.time(expr)[["elapsed"]]

report <- function(what, ours, theirs) {
  cat(sprintf("%-40s %8.3f s %8.2f s %6.1f times\n", what, ours, theirs, theirs / ours))
}

medians <- function(times) apply(times, 1L, stats::median)

formula <- reformulate(paste0("x", 1:10), "y")

bootstrap_in_turns <- function(d) {
  fit <- fastlogit(formula, data = d)
  by_glm <- function(d, i) stats::coef(stats::glm(formula, stats::binomial, d[i, ]))
  medians(replicate(rounds, c(
    ours = seconds(bootstrap(fit, R = replicates)),
    one_thread = seconds(bootstrap(fit, R = replicates, threads = 1)),
    theirs = seconds(boot::boot(d, by_glm, of_boot)) * replicates / of_boot
  )))
}

validation_in_turns <- function(d, folds = 10L) {
  fit <- fastlogit(formula, data = d)
  by_glm <- function() {
    fold <- sample(rep_len(seq_len(folds), nrow(d)))
    for (k in seq_len(folds)) {
      rest <- stats::glm(formula, stats::binomial, d[fold != k, ])
      stats::predict(rest, d[fold == k, ], type = "response")
    }
  }
  medians(replicate(rounds, c(
    ours = seconds(cross_validate(fit, folds = folds)), theirs = seconds(by_glm())
  )))
}

cat(sprintf("%-40s %10s %10s\n", "ten predictors", "fastlogit", "glm"))
for (n in c(1e3, 1e4)) {
  times <- bootstrap_in_turns(rows_of_ten(n))
  report(
    sprintf("bootstrap, n = %g, R = %d", n, replicates), times[["ours"]], times[["theirs"]]
  )
  report("  by one thread", times[["one_thread"]], times[["theirs"]])
}
for (n in c(1e4, 1e5)) {
  times <- validation_in_turns(rows_of_ten(n))
  report(sprintf("ten folds, n = %g", n), times[["ours"]], times[["theirs"]])
}
