# Ctrl-C: a child R fits for as long as it is let, is interrupted, and fits again.

# prepare, fit: calls; the fit takes seconds.
child_script <- function(prepare, fit) {
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
    .(prepare)
    outcome <- tryCatch(
      {
        # Several fits, should a machine be that much faster.
        for (i in 1:20) .(fit)
        "finished"
      },
      interrupt = function(condition) "interrupted"
    )
    say(outcome, format(as.numeric(Sys.time()), digits = 15))
    say(coef(fastlogit(fail ~ temp, data = oring)))
    invisible(gc())
    say(length(list.files(tempdir(), "[.]rows")), "files left")
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

# The lines that a child has to say which is interrupted `wait` seconds after it is ready.
said_after_interrupt <- function(prepare, fit, wait) {
  skip_on_os("windows")
  skip_if_not_installed("processx")
  skip_if_not_installed("fastlogit")
  script <- tempfile(fileext = ".R")
  writeLines(deparse(child_script(prepare, fit)), script)
  child <- processx::process$new(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", script), stdout = "|"
  )
  on.exit({
    child$kill()
    unlink(script)
  })
  first <- lines_until(child, 1, 60)
  expect_match(first, "ready")
  Sys.sleep(wait)
  sent <- as.numeric(Sys.time())
  tools::pskill(child$get_pid(), tools::SIGINT)
  list(sent = sent, lines = lines_until(child, 3, 60))
}

expect_interrupted <- function(said) {
  expect_match(said$lines[1], "^interrupted ")
  answered <- as.numeric(sub("interrupted ", "", said$lines[1]))
  # Half a second, and as much again for a machine that is busy.
  expect_lt(answered - said$sent, 1)
  expect_equal(scan(text = said$lines[2], quiet = TRUE), c(15.0429, -0.2321627), tolerance = 1e-5)
  expect_match(said$lines[3], "^0 files left")
}

test_that("a long fit can be interrupted, and R goes on unharmed", {
  # Into the iterations, past the model frame and the design matrix.
  said <- said_after_interrupt(
    quote(say("ready")), quote(fastlogit(y ~ 0 + x, binomial("cauchit"), threads = 2)), wait = 1.5
  )
  expect_interrupted(said)
})

test_that("a fit to a source can be interrupted in its iterations, and leaves no file", {
  prepare <- quote({
    at <- 0
    # Six chunks, and a word when the last of them has been read.
    next_rows <- function(reset) {
      if (reset) {
        at <<- 0
        return(NULL)
      }
      at <<- at + 1
      if (at > 6) {
        say("ready")
        return(NULL)
      }
      rows <- (at - 1) * n / 6 + seq_len(n / 6)
      data.frame(y = y[rows], x = I(x[rows, ]))
    }
  })
  fit <- quote(
    fastlogit(y ~ 0 + x, binomial("cauchit"), data = source_function(next_rows), threads = 2)
  )
  expect_interrupted(said_after_interrupt(prepare, fit, wait = 0.3))
})

test_that("a bootstrap can be interrupted", {
  prepare <- quote({
    d <- data.frame(y, x[, 1:20])
    fit <- fastlogit(y ~ ., data = d)
    say("ready")
  })
  fit <- quote(bootstrap(fit, R = 2000, threads = 2))
  expect_interrupted(said_after_interrupt(prepare, fit, wait = 1.5))
})
