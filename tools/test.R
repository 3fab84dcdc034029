# Rscript tools/test.R [filter]
#
# Installs what the tests need and the package itself, runs the tests against the installed package,
# and ends with the line "N passed, N failed" (expectations). filter: a regular expression on the
# names of the test files, as in testthat::test_dir().

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
source(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), "setup.R"))

# A test that stopped before its end counts as one failure, whatever it expected until then.
count_results <- function(results) {
  tests <- as.data.frame(results)
  c(
    passed = sum(tests$passed),
    failed = sum(tests$failed) + sum(tests$error),
    skipped = sum(tests$skipped)
  )
}

run_tests <- function(path, filter = NULL) {
  options(testthat.progress.max_fails = Inf, testthat.progress.max_reports = Inf)
  testthat::test_dir(path,
    filter = filter, package = "fastlogit", load_package = "installed",
    reporter = testthat::ProgressReporter$new(show_praise = FALSE, update_interval = Inf),
    stop_on_failure = FALSE
  )
}

install_missing(c(described(c("Imports", "LinkingTo")), "testthat (>= 3.0.0)"))
install_alone(c("mirai", "nanoparquet"))
install_missing(described("Suggests"), optional = TRUE)
install_fastlogit()

Sys.setenv(NOT_CRAN = "true") # or testthat skips the snapshots
arguments <- commandArgs(trailingOnly = TRUE)
count <- tryCatch(
  count_results(run_tests(
    path = file.path(checkout, "tests", "testthat"),
    filter = if (length(arguments) > 0) arguments[1]
  )),
  error = function(e) {
    message("The tests could not be run: ", conditionMessage(e))
    c(passed = 0, failed = 1, skipped = 0)
  }
)
cat("\n", count[["passed"]], " passed, ", count[["failed"]], " failed",
  if (count[["skipped"]] > 0) paste0(", ", count[["skipped"]], " skipped"), "\n",
  sep = ""
)
quit(status = if (count[["failed"]] > 0 || count[["passed"]] == 0) 1 else 0)
