# Screens against their peers: Rscript bench/screen.R [library]. n = 2000 rows, 7 columns and 3000
# candidates; seconds of processor time by one thread, medians of three rounds by turns. plink2 (in
# Debian) is run where it is found; its time is that of its process, files and all.
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
source(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), "plink.R"))
library <- commandArgs(TRUE)
if (length(library)) .libPaths(c(library, .libPaths()))
suppressWarnings(suppressPackageStartupMessages(library("fastlogit", character.only = TRUE)))

rows <- 2000
count <- 3000
rounds <- 3
set.seed(1)
x <- matrix(rnorm(rows * 6), rows, dimnames = list(NULL, paste0("x", 1:6)))
codes <- matrix(rbinom(rows * count, 2, rep(runif(count, 0.05, 0.5), each = rows)), rows)
colnames(codes) <- paste0("v", seq_len(count))
y <- rbinom(rows, 1, plogis(drop(x %*% rnorm(6, 0, 0.3))))
fit <- fastlogit(y ~ x)
design <- cbind(1, x)

own <- function(j) {
  found <- glm.fit(
    cbind(design, codes[, j]), y, family = binomial(),
    control = list(epsilon = 1e-14, maxit = 100)
  )
  class(found) <- "glm"
  summary.glm(found)$coefficients[8, 1:2]
}

# --- by turns -------------------------------------------------------------------------------------

tasks <- list(
  `screen, score` = function() screen(fit, codes, threads = 1),
  `screen, wald` = function() screen(fit, codes, test = "wald", threads = 1),
  `screen, firth` = function() screen(fit, codes, "wald", penalty = "firth", threads = 1),
  `glm.fit, 300 candidates` = function() {
    for (j in seq_len(300)) glm.fit(cbind(design, codes[, j]), y, family = binomial())
  }
)
if (requireNamespace("fastLogisticRegressionWrap", quietly = TRUE)) {
  tasks$`fast_logistic_regression, 300 candidates` <- function() {
    for (j in seq_len(300)) {
      fastLogisticRegressionWrap::fast_logistic_regression(
        cbind(design, codes[, j]), y, do_inference_on_var = "all"
      )
    }
  }
}
if (has_plink()) {
  folder <- write_for_plink(y, x, codes)
  tasks$`plink2 --glm no-firth` <- function() fit_by_plink(folder, "no-firth")
  tasks$`plink2 --glm firth` <- function() fit_by_plink(folder, "firth")
}

seconds <- replicate(rounds, vapply(tasks, function(run) {
  spent <- system.time(run())
  sum(spent[-3L], na.rm = TRUE)
}, 0))
fits <- ifelse(grepl("300", names(tasks)), 300, count)
each <- 1000 * apply(seconds, 1L, median) / fits
print(data.frame(
  task = names(tasks), `ms each` = signif(each, 3), check.names = FALSE,
  `glm.fit is slower` = signif(each[["glm.fit, 300 candidates"]] / each, 3)
), row.names = FALSE)

some <- seq(1, count, by = 30)
expected <- vapply(some, own, numeric(2))
found <- screen(fit, codes, test = "wald")
cat("largest difference from glm, in standard errors:",
  format(max(abs(found$estimate[some] - expected[1, ]) / expected[2, ]), digits = 2),
  "; of these, relative:", format(max(abs(found$std.error[some] / expected[2, ] - 1)), digits = 2),
  "\n")
if (has_plink()) {
  for (how in c("no-firth", "firth")) {
    theirs <- estimates_of_plink(list(folder = folder, how = how))
    ours <- screen(fit, codes, "wald", penalty = if (how == "firth") "firth")
    cat("plink2", how, "differs from ours by", format(
      max(abs(theirs - ours$estimate) / ours$std.error), digits = 2
    ), "standard errors (it prints 6 digits, and computes in single precision)\n")
  }
  unlink(folder, recursive = TRUE)
}
