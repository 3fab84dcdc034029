# Screens against their peers: Rscript bench/screen.R [library]. n = 2000 rows, 7 columns and 3000
# candidates; seconds of processor time by one thread, medians of three rounds by turns. plink2 (in
# Debian) is run where it is found; its time is that of its process, files and all.
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

# --- plink2 ---------------------------------------------------------------------------------------

folder <- tempfile("screen")
dir.create(folder)
at <- function(name) file.path(folder, name)
plink <- Sys.which("plink2")

write_for_plink <- function() {
  people <- paste0("p", seq_len(rows))
  calls <- matrix(c("0/0", "0/1", "1/1")[codes + 1L], rows)
  head <- paste(c("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", people),
    collapse = "\t")
  lines <- vapply(seq_len(count), function(j) {
    paste(c(1, j, colnames(codes)[j], "A", "C", ".", ".", ".", "GT", calls[, j]), collapse = "\t")
  }, "")
  writeLines(c("##fileformat=VCFv4.2", "##contig=<ID=1>",
    "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"\">", head, lines), at("codes.vcf"))
  table <- function(values, file) {
    write.table(data.frame(`#IID` = people, values, check.names = FALSE), at(file),
      quote = FALSE, row.names = FALSE, sep = "\t")
  }
  table(data.frame(ill = y + 1L), "ill.txt")
  table(x, "covariates.txt")
  run_plink("--vcf", at("codes.vcf"), "--make-pgen", "--out", at("codes"))
}

run_plink <- function(...) {
  code <- system2(plink, c(..., "--threads", "1", "--silent"), stdout = FALSE, stderr = FALSE)
  if (code != 0) stop("plink2 failed: see ", at("."))
}

by_plink <- function(how) {
  run_plink("--pfile", at("codes"), "--pheno", at("ill.txt"), "--covar", at("covariates.txt"),
    "--glm", how, "hide-covar", "omit-ref", "--out", at(how))
}

plink_table <- function(how) {
  file <- list.files(folder, paste0("^", how, ".*glm"), full.names = TRUE)[1L]
  read.delim(file, comment.char = "")
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
if (nzchar(plink)) {
  write_for_plink()
  tasks$`plink2 --glm no-firth` <- function() by_plink("no-firth")
  tasks$`plink2 --glm firth` <- function() by_plink("firth")
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
if (nzchar(plink)) {
  for (how in c("no-firth", "firth")) {
    theirs <- plink_table(how)
    ours <- screen(fit, codes, "wald", penalty = if (how == "firth") "firth")
    sign <- ifelse(theirs$A1 == "C", 1, -1)
    cat("plink2", how, "differs from ours by", format(
      max(abs(log(theirs$OR) * sign - ours$estimate) / ours$std.error), digits = 2
    ), "standard errors (it prints 6 digits, and computes in single precision)\n")
  }
}
unlink(folder, recursive = TRUE)
