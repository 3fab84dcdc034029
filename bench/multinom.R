# fastmultinom() against nnet::multinom(Hess = TRUE) with summary(), and VGAM::vglm(), on whole
# formula calls.
#
#   Rscript bench/multinom.R [rounds = 3] [n = 100000] [p = 20] [K = 5]
#
# The fitters take turns; the table has medians, and goes to bench/results/multinom.csv:
#   seconds, fastest, slowest   a call, over the rounds
#   ratio                       the median of this row divided by fastmultinom()'s
#   heap_mb, resident_mb        the peaks of R's heap, and of the process's resident memory (Linux
#                               only), above what was in use before the call, in a fresh process;
#                               designs: resident_mb in units of the n x p design matrix
#   score                       the largest standardised score |U_j| / sqrt(I_jj) at the solution:
#                               0 but for rounding at the maximum; a standard error moves it by 1
#   deviance_excess             above the smallest deviance of all

library(fastlogit)

fitters <- list(
  fastmultinom = function(data) fastmultinom(y ~ ., data = data),
  multinom = function(data) {
    fit <- nnet::multinom(y ~ ., data = data, Hess = TRUE, trace = FALSE)
    summary(fit)
    fit
  },
  vglm = function(data) {
    VGAM::vglm(y ~ ., family = VGAM::multinomial(refLevel = 1), data = data)
  }
)

# An intercept and p - 1 standard normal predictors; the coefficients of each class but the first
# are N(0, 1 / p).
simulate_case <- function(n, p, classes, seed = 20240601) {
  set.seed(seed, kind = "Mersenne-Twister", normal.kind = "Inversion")
  x <- matrix(rnorm(n * (p - 1)), n, p - 1)
  beta <- matrix(rnorm(p * (classes - 1), sd = 1 / sqrt(p)), p)
  eta <- cbind(0, cbind(1, x) %*% beta)
  gumbel <- -log(-log(matrix(runif(n * classes), n)))
  data.frame(y = factor(max.col(eta + gumbel)), x)
}

# p x (K - 1), whoever fitted it.
coefficients_of <- function(fit, classes) {
  if (methods::is(fit, "vglm")) {
    return(matrix(VGAM::coef(fit), ncol = classes - 1, byrow = TRUE))
  }
  t(coef(fit))
}

# The largest standardised score and the deviance, computed alike for all.
accuracy_of <- function(fit, data, classes) {
  x <- model.matrix(y ~ ., data)
  observed <- outer(as.integer(data$y), seq_len(classes), "==")
  odds <- exp(cbind(0, x %*% coefficients_of(fit, classes)))
  p <- odds / rowSums(odds)
  score <- crossprod(x, observed - p)[, -1]
  information <- crossprod(x^2, p * (1 - p))[, -1]
  c(score = max(abs(score) / sqrt(information)), deviance = -2 * sum(log(p[observed])))
}

# --- memory, in a fresh process ------------------------------------------------------------------

script <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file)) gsub("~+~", " ", file[1], fixed = TRUE) else "bench/multinom.R"
})

resident_megabytes <- function(field) {
  status <- if (file.exists("/proc/self/status")) readLines("/proc/self/status") else ""
  line <- grep(paste0("^", field, ":"), status, value = TRUE)
  if (length(line)) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA_real_
}

# The peaks of one call above what was in use before it. A small fit comes first, so that loaded
# packages do not count. gc() counts cells of 56 bytes and of 8.
measure_memory <- function(fit, data) {
  fit(data[seq_len(2000), ])
  megabytes <- c(56, 8) / 2^20
  before <- sum(gc(reset = TRUE)[, "used"] * megabytes)
  tryCatch(cat("5\n", file = "/proc/self/clear_refs"), error = identity, warning = identity)
  resident_before <- resident_megabytes("VmRSS")
  fit(data)
  resident <- resident_megabytes("VmHWM") - resident_before
  c(sum(gc()[, "max used"] * megabytes) - before, resident)
}

peak_memory <- function(data) {
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  saveRDS(data, file, compress = FALSE)
  vapply(names(fitters), function(fitter) {
    printed <- system2(
      file.path(R.home("bin"), "Rscript"), c(shQuote(script), "--memory", fitter, shQuote(file)),
      stdout = TRUE
    )
    as.numeric(strsplit(printed[length(printed)], " ")[[1]])
  }, numeric(2))
}

# --- the comparison ------------------------------------------------------------------------------

run_case <- function(rounds, n, p, classes) {
  data <- simulate_case(n, p, classes)
  memory <- peak_memory(data)
  accuracy <- NULL
  seconds <- matrix(0, length(fitters), rounds, dimnames = list(names(fitters), NULL))
  for (round in seq_len(rounds)) {
    for (fitter in names(fitters)) {
      gc()
      start <- proc.time()[["elapsed"]]
      fit <- fitters[[fitter]](data)
      seconds[fitter, round] <- proc.time()[["elapsed"]] - start
      if (round == 1) accuracy <- rbind(accuracy, accuracy_of(fit, data, classes))
      rm(fit)
    }
    message("round ", round, ": ", toString(paste(names(fitters), seconds[, round], "s")))
  }
  medians <- apply(seconds, 1, median)
  data.frame(
    n = n, p = p, classes = classes, fitter = names(fitters),
    seconds = medians, fastest = apply(seconds, 1, min), slowest = apply(seconds, 1, max),
    ratio = medians / medians[["fastmultinom"]],
    heap_mb = memory[1, ], resident_mb = memory[2, ], designs = memory[2, ] / (8 * n * p / 2^20),
    score = accuracy[, "score"],
    deviance_excess = accuracy[, "deviance"] - min(accuracy[, "deviance"]),
    rounds = rounds, row.names = NULL
  )
}

main <- function(arguments = commandArgs(trailingOnly = TRUE)) {
  if (identical(arguments[1], "--memory")) {
    cat(measure_memory(fitters[[arguments[2]]], readRDS(arguments[3])), "\n")
    return(invisible())
  }
  given <- suppressWarnings(as.numeric(arguments))
  values <- c(given, c(3, 1e5, 20, 5)[-seq_along(given)])
  if (length(given) == 0) values <- c(3, 1e5, 20, 5)
  if (length(values) != 4 || anyNA(values) || any(values < 1)) {
    stop("usage: Rscript bench/multinom.R [rounds] [n] [p] [K]", call. = FALSE)
  }
  results <- do.call(run_case, as.list(values))

  cat(
    R.version.string, ", ", parallel::detectCores(), " cores, BLAS ",
    basename(extSoftVersion()[["BLAS"]]), ", medians of ", values[1], " interleaved rounds\n\n",
    sep = ""
  )
  shown <- results[setdiff(names(results), c("n", "p", "classes", "rounds"))]
  shown[-1] <- lapply(shown[-1], function(column) formatC(column, digits = 3, format = "g"))
  old <- options(width = 160)
  on.exit(options(old))
  print(shown, row.names = FALSE)

  folder <- file.path(dirname(script), "results")
  dir.create(folder, showWarnings = FALSE)
  write.csv(results, file.path(folder, "multinom.csv"), row.names = FALSE)
}

main()
