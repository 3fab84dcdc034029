# Rscript tools/lint.R
#
# Reads all R code but the benchmarks by the rules in .lintr, against the installed package; says
# what breaks them, and ends with "lint: ok", or with their number and exit status 1. Needs lintr.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
setwd(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), ".."))

rules <- eval(parse(text = read.dcf(".lintr", "linters")), asNamespace("lintr"))

# Tests see their helpers and tools each other, and quoted code the columns of its data: what is
# unknown there only running them can tell.
rules_for <- function(file) {
  if (startsWith(file, "R/")) rules else rules[names(rules) != "object_usage_linter"]
}

# The names of an S3 method and of its arguments are its generic's and its class's.
is_of_generic <- function(lint) {
  method <- "^[[:alpha:]]+(_[[:alpha:]]+)*[.][a-z]+(_[a-z]+)* <- function"
  lint$linter == "object_name_linter" && grepl(method, lint$line)
}

# Help pages quote code.
is_of_help <- function(lint) {
  lint$linter == "commented_code_linter" && startsWith(lint$line, "#'")
}

lints_of <- function(file) {
  lints <- lintr::lint(file, linters = rules_for(file), parse_settings = FALSE)
  Filter(function(lint) !is_of_generic(lint) && !is_of_help(lint), lints)
}

files <- list.files(c("R", "tests", "tools"), "[.]R$", recursive = TRUE, full.names = TRUE)
files <- setdiff(files, "R/RcppExports.R")
found <- parallel::mclapply(
  files, lints_of, mc.cores = max(1, parallel::detectCores(), na.rm = TRUE), mc.preschedule = FALSE
)
broken <- vapply(found, inherits, NA, "try-error")
for (error in found[broken]) message(error)
lints <- unlist(found[!broken], recursive = FALSE)
for (lint in lints) {
  where <- sub(paste0(getwd(), "/"), "", lint$filename, fixed = TRUE)
  cat(sprintf(
    "%s:%d:%d: %s (%s)\n", where, lint$line_number, lint$column_number, lint$message, lint$linter
  ))
}
bad <- length(lints) + sum(broken)
cat("lint: ", if (bad == 0) "ok" else paste(bad, "findings"), "\n", sep = "")
quit(status = as.integer(bad > 0))
