# Ctrl-C: a child R fits for as long as it is let, is interrupted, and fits again.

child_script <- function() {
  bquote({
    .libPaths(.(.libPaths()))
    library(fastlogit)
    set.seed(1)
    n <- 3e4
    p <- 600
    x <- matrix(runif(n * p), n)
    y <- as.numeric(x[, 1] > x[, 2] + rcauchy(n))
    say <- function(...) {
      cat(..., "\n")
      flush(stdout())
    }
    outcome <- tryCatch(
      {
        say("ready")
        # One fit takes seconds; several, should a machine be that much faster.
        for (i in 1:20) fastlogit(y ~ 0 + x, binomial("cauchit"), threads = 2)
        "finished"
      },
      interrupt = function(condition) "interrupted"
    )
    say(outcome, format(as.numeric(Sys.time()), digits = 15))
    say(coef(fastlogit(fail ~ temp, data = oring)))
  })
}

lines_until <- function(process, count, seconds) {
  lines <- character()
  deadline <- Sys.time() + seconds
  while (length(lines) < count && Sys.time() < deadline) {
    process$poll_io(1000)
    lines <- c(lines, process$read_output_lines())
    if (!process$is_alive()) return(c(lines, process$read_output_lines()))
  }
  lines
}

test_that("a long fit can be interrupted, and R goes on unharmed", {
  skip_on_os("windows")
  skip_if_not_installed("processx")
  skip_if_not_installed("fastlogit")
  script <- tempfile(fileext = ".R")
  writeLines(deparse(child_script()), script)
  child <- processx::process$new(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", script), stdout = "|"
  )
  on.exit({
    child$kill()
    unlink(script)
  })
  said <- lines_until(child, 1, 60)
  expect_match(said, "ready")
  # Into the iterations, past the model frame and the design matrix.
  Sys.sleep(1.5)
  sent <- as.numeric(Sys.time())
  tools::pskill(child$get_pid(), tools::SIGINT)
  lines <- lines_until(child, 2, 60)
  expect_match(lines[1], "^interrupted ")
  answered <- as.numeric(sub("interrupted ", "", lines[1]))
  # Half a second, and as much again for a machine that is busy.
  expect_lt(answered - sent, 1)
  expect_equal(scan(text = lines[2], quiet = TRUE), c(15.0429, -0.2321627), tolerance = 1e-5)
})
