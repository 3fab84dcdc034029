# fastlogit against glm() on whole formula calls.
#
#   Rscript bench/fit-vs-glm.R [rounds = 5] [cases, e.g. 1,2; default: all]
#
# Prints a table and writes it to bench/results/fit-vs-glm.csv. What the columns mean and how the
# measurement is made: bench/README.md.

library(fastlogit)

# p counts the columns of the design matrix, the intercept among them. `calls` fits are timed
# together where one is too short for the clock.
cases <- data.frame(
  n = c(200, 1e6, 1e5, 2e4),
  p = c(4, 20, 100, 500),
  calls = c(100, 1, 1, 1)
)

fitters <- list(
  fastlogit = function(data) fastlogit(y ~ ., data = data),
  glm = function(data) glm(y ~ ., family = binomial(), data = data)
)

# An intercept and p - 1 standard normal predictors whose coefficients are N(0, 1 / p): the linear
# predictor has a variance near 1 for any p, so no case is separated.
simulate_case <- function(n, p, seed = 20240601) {
  set.seed(seed, kind = "Mersenne-Twister", normal.kind = "Inversion")
  x <- matrix(rnorm(n * (p - 1)), n, p - 1)
  eta <- -0.5 + drop(x %*% rnorm(p - 1, sd = 1 / sqrt(p)))
  data <- as.data.frame(x)
  data$y <- rbinom(n, 1, plogis(eta))
  data
}

seconds_per_call <- function(fit, data, calls) {
  gc()
  start <- proc.time()[["elapsed"]]
  for (call in seq_len(calls)) fit(data)
  (proc.time()[["elapsed"]] - start) / calls
}

# --- memory --------------------------------------------------------------------------------------

# This file, when it is run by Rscript.
script <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file)) gsub("~+~", " ", file[1], fixed = TRUE) else "bench/fit-vs-glm.R"
})

# The resident set of the process or its peak in MB, where the system shows them (Linux), else NA.
resident_megabytes <- function(field) {
  status <- if (file.exists("/proc/self/status")) readLines("/proc/self/status") else ""
  line <- grep(paste0("^", field, ":"), status, value = TRUE)
  if (length(line)) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA_real_
}

reset_resident_peak <- function() {
  tryCatch(cat("5\n", file = "/proc/self/clear_refs"), error = identity, warning = identity)
}

# Of the two rows of gc(): cells of 56 bytes and of 8.
megabytes_per_cell <- c(56, 8) / 2^20

# The peaks of one call above what was in use before it: R's heap, which does not see what C++
# allocates, and the resident set, which does.
measure_memory <- function(fit, data) {
  before <- sum(gc(reset = TRUE)[, "used"] * megabytes_per_cell)
  reset_resident_peak()
  resident_before <- resident_megabytes("VmRSS")
  fit(data)
  resident <- resident_megabytes("VmHWM") - resident_before
  c(heap_mb = sum(gc()[, "max used"] * megabytes_per_cell) - before, resident_mb = resident)
}

# In a fresh process: in this one the allocator holds on to pages of earlier calls.
memory_of_process <- function(fitter, data_file) {
  printed <- system2(
    file.path(R.home("bin"), "Rscript"), c(shQuote(script), "--memory", fitter, shQuote(data_file)),
    stdout = TRUE
  )
  as.numeric(strsplit(printed[length(printed)], " ")[[1]])
}

peak_memory <- function(data) {
  data_file <- tempfile(fileext = ".rds")
  on.exit(unlink(data_file))
  saveRDS(data, data_file, compress = FALSE)
  peaks <- vapply(names(fitters), memory_of_process, numeric(2), data_file = data_file)
  rownames(peaks) <- c("heap_mb", "resident_mb")
  peaks
}

# --- the comparison ------------------------------------------------------------------------------

estimates <- function(fit) {
  list(coefficients = coef(fit), se = sqrt(diag(vcov(fit))), iterations = fit$iter)
}

max_relative_difference <- function(value, reference) max(abs(value / reference - 1))

# Not timed. glm() takes its standard errors from its last iterate but one, so it is run a second
# time, from its own estimate. Where rounding alone keeps the change of the deviance above 1e-14 it
# says that it has not converged: its estimates are at their floor all the same.
reference_estimates <- function(data) {
  fit <- function(start = NULL) {
    suppressWarnings(glm(
      y ~ .,
      family = binomial(), data = data, start = start,
      control = list(epsilon = 1e-14, maxit = 12)
    ))
  }
  estimates(fit(coef(fit())))
}

run_case <- function(case, rounds) {
  data <- simulate_case(case$n, case$p)
  reference <- reference_estimates(data)
  found <- lapply(fitters, function(fit) estimates(fit(data)))
  memory <- peak_memory(data)
  seconds <- matrix(0, length(fitters), rounds, dimnames = list(names(fitters), NULL))
  for (round in seq_len(rounds)) {
    for (fitter in names(fitters)) {
      seconds[fitter, round] <- seconds_per_call(fitters[[fitter]], data, case$calls)
    }
    message(sprintf(
      "n = %g, p = %g, round %d of %d: %s", case$n, case$p, round, rounds,
      paste(names(fitters), signif(seconds[, round], 3), "s", collapse = ", ")
    ))
  }
  medians <- apply(seconds, 1, median)
  data.frame(
    n = case$n,
    p = case$p,
    fitter = names(fitters),
    seconds = medians,
    fastest = apply(seconds, 1, min),
    slowest = apply(seconds, 1, max),
    ratio = medians["glm"] / medians,
    data_mb = as.numeric(object.size(data)) / 2^20,
    heap_mb = memory["heap_mb", ],
    resident_mb = memory["resident_mb", ],
    iterations = vapply(found, function(f) as.numeric(f$iterations), 0),
    coef_difference = vapply(
      found, function(f) max_relative_difference(f$coefficients, reference$coefficients), 0
    ),
    se_difference = vapply(found, function(f) max_relative_difference(f$se, reference$se), 0),
    rounds = rounds,
    row.names = NULL
  )
}

print_table <- function(results) {
  shown <- data.frame(
    n = format(results$n, big.mark = ",", scientific = FALSE, trim = TRUE),
    p = format(results$p),
    fitter = results$fitter,
    seconds = formatC(results$seconds, digits = 3, format = "fg", flag = "#"),
    range = sprintf("%.3g - %.3g", results$fastest, results$slowest),
    "glm / it" = sprintf("%.1f", results$ratio),
    "data MB" = sprintf("%.0f", results$data_mb),
    "heap MB" = sprintf("%.0f", results$heap_mb),
    "resident MB" = sprintf("%.0f", results$resident_mb),
    iter = results$iterations,
    "coef diff" = sprintf("%.0e", results$coef_difference),
    "se diff" = sprintf("%.0e", results$se_difference),
    check.names = FALSE
  )
  shown[shown == "NA"] <- "-"
  old <- options(width = 160)
  on.exit(options(old))
  print(shown, row.names = FALSE)
}

main <- function(arguments = commandArgs(trailingOnly = TRUE)) {
  if (identical(arguments[1], "--memory")) {
    cat(measure_memory(fitters[[arguments[2]]], readRDS(arguments[3])), "\n")
    return(invisible())
  }
  rounds <- if (length(arguments) >= 1) suppressWarnings(as.integer(arguments[1])) else 5L
  chosen <- seq_len(nrow(cases))
  if (length(arguments) >= 2) {
    chosen <- suppressWarnings(as.integer(strsplit(arguments[2], ",")[[1]]))
  }
  if (is.na(rounds) || rounds < 1 || anyNA(chosen) || !all(chosen %in% seq_len(nrow(cases)))) {
    stop("usage: Rscript bench/fit-vs-glm.R [rounds >= 1] [cases, some of 1,2,3,4]", call. = FALSE)
  }

  results <- do.call(rbind, lapply(chosen, function(i) run_case(cases[i, ], rounds)))

  cat(
    R.version.string, ", ", parallel::detectCores(), " cores, BLAS ",
    basename(extSoftVersion()[["BLAS"]]), ", medians of ", rounds, " interleaved rounds\n\n",
    sep = ""
  )
  print_table(results)

  folder <- file.path(dirname(script), "results")
  dir.create(folder, showWarnings = FALSE)
  write.csv(results, file.path(folder, "fit-vs-glm.csv"), row.names = FALSE)
}

main()
