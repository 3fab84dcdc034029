# Rscript bench/redraw.R
#
# The chart and the table of README.md anew, from bench/results/ladder.csv, without measuring.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
bench <- dirname(normalizePath(gsub("~+~", " ", script, fixed = TRUE)))
for (part in c("accuracy.R", "workloads.R", "report.R")) source(file.path(bench, part))

results <- utils::read.csv(file.path(bench, "results", "ladder.csv"))
results$failure[is.na(results$failure)] <- ""
renew_front_page(results)
