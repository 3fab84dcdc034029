# Rscript memory.R <database> <times>: a fit to the table repeated so often, in a session of its
# own. Prints the rows, the most memory that it had (MB), and the seconds.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
suppressPackageStartupMessages(library(fastlogit))
source(file.path(here, "databases.R"))

given <- commandArgs(TRUE)
query <- paste("SELECT y, x, z, g, b, colour FROM ads, generate_series(1,", given[2], ") AS again")
rows <- source_dbi(databases[[given[1]]]$connect, query = query, chunk_rows = 2e4)
took <- system.time(fit <- fastlogit(y ~ x + z + g + b + colour, data = rows))
status <- readLines("/proc/self/status")
peak <- as.numeric(gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE))) / 1024
cat(nobs(fit), peak, took[["elapsed"]], "\n")
