# Rscript tools/test.R [filter]
#
# Installs what the tests need and the package itself, runs the tests against the installed package,
# as many files at a time as there are processors, and ends with the line "N passed, N failed"
# (expectations). filter: a regular expression on the names of the test files, as in
# testthat::test_dir().

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
source(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), "setup.R"))

# --- one file, in a process of its own for some files at a time ----------------------------------

# A test that stopped before its end counts as one failure, whatever it expected until then.
count_results <- function(results) {
  tests <- as.data.frame(results)
  c(
    passed = sum(tests$passed),
    failed = sum(tests$failed) + sum(tests$error),
    skipped = sum(tests$skipped)
  )
}

# What is not a success, in words.
told_of <- function(test) {
  lines <- lapply(test$results, function(result) {
    kind <- sub("^expectation_", "", class(result)[1])
    if (kind == "success") return(NULL)
    line <- if (is.null(result$srcref)) "" else paste0(":", result$srcref[1])
    where <- paste0("-- ", toupper(kind), " (", test$file, line, "): ", test$test)
    c(where, if (kind == "skip") conditionMessage(result) else format(result), "")
  })
  unlist(lines)
}

run_file <- function(file, path) {
  seconds <- system.time(results <- testthat::test_dir(path,
    filter = paste0("^", sub("^test-?", "", sub("[.][Rr]$", "", file)), "$"),
    package = "fastlogit", load_package = "installed", reporter = "silent", stop_on_failure = FALSE
  ))[["elapsed"]]
  count <- count_results(results)
  cat(
    unlist(lapply(results, told_of)),
    sprintf("%-36s %5d passed %s %6.1f s", file, count[["passed"]], told_count(count), seconds),
    sep = "\n"
  )
  count
}

told_count <- function(count) {
  others <- count[c("failed", "skipped")]
  told <- paste(others, names(others))[others > 0]
  sprintf("%-22s", paste0(if (length(told)) ", ", paste(told, collapse = ", ")))
}

# --- all files -----------------------------------------------------------------------------------

# These take longest and begin first, so that none of them is left to run alone at the end.
longest <- paste0("test-", c(
  "methods-interop", "design-sparse", "rows-spread", "engine-mirai", "methods-stored",
  "methods-glm", "properties", "methods-confint", "object-glm", "interrupt", "design",
  "methods-summary-separation", "patterns", "methods-profile-ends", "rows-stored",
  "rows-spread-travel", "rows-notes", "solve"
), ".R")

# testthat's own parallel runner sends each expectation to the process that counts them, which costs
# as much again as the expectations. Here processes ask for a file when they have run one.
run_tests <- function(path, filter = NULL) {
  files <- testthat::find_test_scripts(path, filter = filter, full.names = FALSE)
  files <- c(intersect(longest, files), setdiff(files, longest))
  if (length(files) == 0) stop("no test files match")
  workers <- parallel::makePSOCKcluster(min(cores(), length(files)), outfile = "")
  on.exit(parallel::stopCluster(workers))
  parallel::clusterCall(workers, .libPaths, .libPaths())
  parallel::clusterExport(workers, c("run_file", "count_results", "told_of", "told_count"))
  Reduce(`+`, parallel::clusterApplyLB(workers, files, run_file, path = path))
}

install_missing(c(described(c("Imports", "LinkingTo")), "testthat (>= 3.0.0)"))
install_alone(c(
  "mirai", "nanoparquet", "dominanceanalysis", "epiDisplay", "faraway", "oddsratio", "stargazer",
  "texreg"
))
install_missing(described("Suggests"), optional = TRUE)
install_fastlogit()

Sys.setenv(NOT_CRAN = "true") # or testthat skips the snapshots
arguments <- commandArgs(trailingOnly = TRUE)
count <- tryCatch(
  run_tests(
    path = file.path(checkout, "tests", "testthat"),
    filter = if (length(arguments) > 0) arguments[1]
  ),
  error = function(e) {
    message("The tests could not be run: ", conditionMessage(e))
    c(passed = 0, failed = 1, skipped = 0)
  }
)
# In one piece: what R says of connections as it collects garbage would come between.
cat(paste0(
  "\n", count[["passed"]], " passed, ", count[["failed"]], " failed",
  if (count[["skipped"]] > 0) paste0(", ", count[["skipped"]], " skipped"), "\n"
))
quit(status = if (count[["failed"]] > 0 || count[["passed"]] == 0) 1 else 0)
