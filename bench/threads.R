# Rscript bench/threads.R [rounds = 9]
#
# How passes over the rows scale with threads, alone: one with the information at the estimate, and
# one with the score. By turns, medians; the bits have to be those of one thread. More threads than this machine has cores say nothing.

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

# The sums alone: the rows are held as a worker holds them, and asked again and again.
passes_of <- function(fit) {
  held <- lapply(counts, function(threads) {
    fastlogit:::hold_rows_impl(fastlogit:::problem_of_fit(fit, threads))
  })
  model <- fastlogit:::problem_of_fit(fit)$model
  beta <- as.numeric(t(coef(fit)))
  p <- length(beta) / model$predictors
  questions <- fastlogit:::example_questions_impl("moments", p, beta, matrix(0, length(beta), 1), diag(p))
  orders <- vapply(questions, `[[`, 0L, "order")
  request <- function(question) {
    c(question, list(
      family = model$family, predictors = model$predictors, barrier = 0, damping = 1, thinning = 1L,
      basis = matrix(0, 0, 0)
    ))
  }
  pass <- function(order) {
    question <- request(questions[[match(order, orders)]])
    function(at) fastlogit:::answer_impl(held[[at]], question)
  }
  list(information = pass(max(orders)), score = pass(1L))
}

seconds_by_threads <- function(pass) {
  first <- pass(1)
  stopifnot(vapply(seq_along(counts), function(at) identical(pass(at), first), NA))
  seconds <- replicate(rounds, vapply(seq_along(counts), function(at) {
    system.time(for (again in 1:5) pass(at))[["elapsed"]] / 5
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
