# Rscript tests/faults/growth.R [case ...]
#
# Many fits, and fits at the far end of each size: seconds, the memory of the process at its height,
# and how the fit ended. What must hold: memory does not grow from fit to fit, and each of them ends
# with an answer whose score vanishes, or with a sentence. Ends with "N passed, N failed".

library(fastlogit)

# MB, of the process: now, and at its height.
memory <- function(what) {
  status <- readLines("/proc/self/status")
  as.numeric(gsub("[^0-9]", "", grep(what, status, value = TRUE))) / 1024
}

set.seed(1)
binary <- function(eta) stats::rbinom(length(eta), 1, stats::plogis(eta))

cases <- list(
  "2000 small fits" = function() {
    d <- data.frame(x = rnorm(500), f = factor(sample(5, 500, TRUE)))
    d$y <- binary(d$x)
    d$k <- factor(sample(3, 500, TRUE))
    once <- function() {
      fit <- fastlogit(y ~ x + f, data = d)
      fastmultinom(k ~ x, data = d)
      fastlogit(y ~ x, data = d, penalty = "firth")
      confint(fit)
      predict(fit, d, se.fit = TRUE)
    }
    # R's heap grows once, to what such rounds need.
    for (i in 1:1000) once()
    gc()
    before <- memory("VmRSS")
    for (i in 1:2000) once()
    gc()
    grown <- memory("VmRSS") - before
    list(ok = grown < 20, told = sprintf("memory grew by %.1f MB", grown))
  },
  "200 fits to a source" = function() {
    d <- data.frame(x = rnorm(5000))
    d$y <- binary(d$x)
    file <- tempfile(fileext = ".csv")
    write.csv(d, file, row.names = FALSE)
    once <- function() coef(fastlogit(y ~ x, data = source_files(file)))
    for (i in 1:20) once()
    gc()
    before <- memory("VmRSS")
    files <- length(list.files("/proc/self/fd"))
    for (i in 1:200) once()
    gc()
    grown <- memory("VmRSS") - before
    open <- length(list.files("/proc/self/fd")) - files
    list(
      ok = grown < 20 && open <= 0,
      told = sprintf("memory grew by %.1f MB, %d files stay open", grown, open)
    )
  },
  "5000 dense columns" = function() {
    n <- 12000
    x <- matrix(rnorm(n * 5000), n)
    fit <- fastlogit_fit(x, binary(x[, 1]), family = binomial())
    solved(fit, x)
  },
  "2000 terms" = function() {
    x <- as.data.frame(matrix(rnorm(5000 * 2000), 5000))
    x$y <- binary(x$V1)
    formula <- stats::reformulate(sprintf("V%d", 1:2000), "y")
    fit <- fastlogit(formula, data = x)
    solved(fit, model.matrix(fit))
  },
  # Hours of arithmetic: what there is to see is that one is told.
  "20000 levels, dense" = function() {
    d <- data.frame(f = factor(rep(1:20000, 10)), z = rnorm(2e5))
    d$y <- binary(d$z)
    told <- tryCatch(fastlogit(y ~ z + f, data = d), fastlogit_sparse_advice = conditionMessage)
    list(ok = is.character(told), told = told)
  },
  "3000 levels, dense" = function() {
    d <- data.frame(f = factor(rep(1:3000, 10)), z = rnorm(30000))
    d$y <- binary(d$z)
    d$y[1:6000] <- rep(0:1, each = 3000)
    ended(fastlogit(y ~ z + f, data = d))
  },
  "100000 levels, sparse" = function() {
    d <- data.frame(f = factor(rep(1:1e5, 10)), z = rnorm(1e6))
    d$y <- binary(d$z)
    d$y[1:200000] <- rep(0:1, each = 1e5)
    ended(fastlogit(y ~ z + f, data = d, sparse = TRUE))
  },
  "60 classes" = function() {
    d <- data.frame(x = rnorm(20000), z = rnorm(20000), f = factor(sample(5, 20000, TRUE)))
    d$k <- factor(sample(60, 20000, TRUE))
    ended(fastmultinom(k ~ x + z + f, data = d))
  }
)

solved <- function(fit, x) {
  score <- crossprod(x, fit$y - fit$fitted.values)
  size <- crossprod(abs(x), abs(fit$y - fit$fitted.values))
  worst <- max(abs(score) / size)
  list(ok = fit$converged && worst < 1e-9, told = sprintf("score %.1e of its terms", worst))
}

ended <- function(fit) {
  list(ok = fit$converged, told = paste(fit$status, "in", fit$iter, "iterations"))
}

chosen <- commandArgs(trailingOnly = TRUE)
if (!length(chosen)) chosen <- names(cases)
passed <- vapply(chosen, function(name) {
  time <- system.time(found <- tryCatch(
    cases[[name]](),
    fastlogit_error = function(e) list(ok = TRUE, told = conditionMessage(e)),
    error = function(e) list(ok = FALSE, told = conditionMessage(e))
  ))[["elapsed"]]
  cat(sprintf(
    "%s %s: %.1f s, %.0f MB at most, %s\n", if (found$ok) "ok    " else "FAILED", name, time,
    memory("VmHWM"), found$told
  ))
  found$ok
}, NA)
cat(sum(passed), " passed, ", sum(!passed), " failed\n", sep = "")
quit(status = if (all(passed)) 0 else 1)
