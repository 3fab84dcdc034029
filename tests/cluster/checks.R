# What the scripts have in common: the data, the checks, and what happens to workers in mid-pass.

suppressPackageStartupMessages(library(fastlogit))

folder <- Sys.getenv("FC_FOLDER", "/tmp/fastlogit-cluster")
addresses <- c("10.78.0.11", "10.78.0.12")

set.seed(7)
rows <- 20000
d <- data.frame(x = rnorm(rows), z = runif(rows), f = factor(sample(letters[1:6], rows, TRUE)))
d$y <- rbinom(rows, 1, plogis(-0.5 + d$x - d$z + (d$f == "b")))

fit_with <- function(cluster) fastlogit(y ~ x * z + f, data = d, workers = cluster)

failures <- 0
check <- function(what, passed, ...) {
  cat(sprintf("%-7s %s%s\n", if (isTRUE(passed)) "ok" else "FAILED", what, paste0("", ...)))
  if (!isTRUE(passed)) failures <<- failures + 1
}
finish <- function() quit(status = min(failures, 1), save = "no")

check_whole <- function(fit) {
  alone <- fit_with(NULL)
  difference <- max(abs(coef(fit) / coef(alone) - 1))
  check("the coefficients of one process", difference < 1e-12, sprintf(" (to %.1g)", difference))
}

# Just before question k goes out, something happens.
before_question <- function() NULL
at_question <- function(k, action) {
  asked <- 0
  before_question <<- function() {
    asked <<- asked + 1
    if (asked == k) action()
  }
}
nothing_happens <- function() before_question <<- function() NULL
wrap_questions <- function(around) {
  namespace <- asNamespace("fastlogit")
  original <- namespace$exchange_all
  unlockBinding("exchange_all", namespace)
  assign("exchange_all", function(engine, orders, work) {
    around(engine, orders, function() original(engine, orders, work))
  }, namespace)
}
wrap_questions(function(engine, orders, ask) {
  before_question()
  ask()
})

# It gets its question and cannot answer, and then it is gone.
kill_in_mid_pass <- function(process) {
  tools::pskill(process, tools::SIGSTOP)
  system(sprintf("(sleep 0.3; kill -9 %d) > /dev/null 2>&1 &", process))
}
stop_in_mid_pass <- function(process) tools::pskill(process, tools::SIGSTOP)
cut_link <- function(i) system(sprintf("ip link set fch%d down", i))
mend_link <- function(i) system(sprintf("ip link set fch%d up", i))

# The result of an expression, what it said, and how long it took.
observe <- function(expr) {
  said <- character()
  began <- proc.time()[["elapsed"]]
  value <- withCallingHandlers(
    tryCatch(expr, error = identity),
    message = function(m) {
      said <<- c(said, trimws(conditionMessage(m)))
      invokeRestart("muffleMessage")
    }
  )
  list(value = value, said = said, seconds = proc.time()[["elapsed"]] - began)
}

check_recovery <- function(what, fit, seen) {
  same <- inherits(seen$value, "fastlogit") && identical(coef(seen$value), coef(fit))
  told <- any(grepl("stopped answering; its .* went to", seen$said))
  check(
    paste0(what, ": the same bits, and a message"), same && told && seen$seconds < 15,
    sprintf(" (%.1f s; %s)", seen$seconds, paste(seen$said, collapse = " "))
  )
  if (inherits(seen$value, "error")) cat("        ", conditionMessage(seen$value), "\n")
}

check_error <- function(what, class, seen) {
  check(
    paste0(what, ": an error of class ", class), inherits(seen$value, class) && seen$seconds < 15,
    sprintf(" (%.1f s; %s)", seen$seconds, conditionMessage(seen$value))
  )
}
