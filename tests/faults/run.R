# Rscript tests/faults/run.R [kind] [times] [seed]
#
# Fits in child processes, to which something happens at a random time: an interrupt, a worker that
# is killed or stopped, little memory, a full disk, a file that is cut short, changed or deleted.
# What must hold: the child ends with the right answer or with an error of ours (of R's own where
# memory ends), it is usable afterwards, and it leaves no file and no process behind. Ends with "N
# passed, N failed". Needs processx and mirai, and root for the full disk (a small tmpfs).
#
# kinds: interrupt, worker, memory, disk, file; by default all of them.

library(fastlogit)

arguments <- commandArgs(trailingOnly = TRUE)
times <- if (length(arguments) > 1) as.integer(arguments[2]) else 10L
set.seed(if (length(arguments) > 2) as.integer(arguments[3]) else 1L)

# --- the children --------------------------------------------------------------------------------

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
script <- gsub("~+~", " ", script, fixed = TRUE)
helper <- normalizePath(file.path(dirname(script), "..", "testthat", "helper-source.R"))

prepare <- bquote({
  library(fastlogit)
  set.seed(1)
  n <- 2e5
  d <- data.frame(x = rnorm(n), z = rnorm(n), f = factor(sample(60, n, TRUE)))
  d$y <- rbinom(n, 1, plogis(d$x - 0.3 * d$z))
  d$k <- factor(sample(3, n, TRUE))
  small <- d[1:20000, ]
  source(.(helper))
  chunks <- function(data) source_function(chunks_of(data, 5000))
})

fits <- alist(
  dense = fastlogit(y ~ x + z, data = d),
  factors = fastlogit(y ~ x + f, data = d),
  sparse = fastlogit(y ~ x + f, data = d, sparse = TRUE),
  cauchit = fastlogit(y ~ x + z, binomial("cauchit"), d),
  classes = fastmultinom(k ~ x + z, data = d),
  firth = fastlogit(y ~ x + z + f, data = small, penalty = "firth"),
  profiles = confint(fastlogit(y ~ x + z, data = d)),
  source = fastlogit(y ~ x + z + f, data = chunks(d)),
  class_source = fastmultinom(k ~ x + z, data = chunks(small)),
  workers = fastlogit(y ~ x + z, data = small, workers = 2)
)

# Says "ready", then how the fits ended, then whether the session is as it was.
child_code <- function(fit, before = NULL, rounds = 30L) {
  bquote({
    .libPaths(.(.libPaths()))
    .(prepare)
    say <- function(...) {
      cat(..., "\n")
      flush(stdout())
    }
    summarised <- function(fit) {
      if (is.list(fit)) fit <- stats::coef(fit)
      paste(format(unlist(fit), digits = 12), collapse = " ")
    }
    children <- function() {
      own <- c("-P", Sys.getpid(), "-x", "R")
      length(suppressWarnings(system2("pgrep", own, stdout = TRUE)))
    }
    .(before)
    say("ready")
    outcome <- tryCatch(
      {
        for (i in seq_len(.(rounds))) answer <- summarised(.(fit))
        paste("answer", answer)
      },
      interrupt = function(condition) "interrupted",
      fastlogit_error = function(condition) paste("ours", conditionMessage(condition)),
      error = function(condition) paste("foreign", conditionMessage(condition))
    )
    say(gsub("\n", " ", outcome))
    say("usable", summarised(fastlogit(fail ~ temp, data = oring)))
    invisible(gc())
    say("left", length(list.files(tempdir(), "fastlogit")), "files", children(), "processes")
  })
}

start_child <- function(code, ...) {
  script <- tempfile(fileext = ".R")
  writeLines(deparse(code), script)
  processx::process$new(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", script), stdout = "|", stderr = "|", ...
  )
}

read_lines <- function(child, count, seconds) {
  lines <- character()
  deadline <- Sys.time() + seconds
  while (length(lines) < count && Sys.time() < deadline) {
    child$poll_io(500)
    lines <- c(lines, child$read_output_lines())
    if (!child$is_alive()) return(c(lines, child$read_output_lines()))
  }
  lines
}

# --- the verdicts --------------------------------------------------------------------------------

passed <- 0L
failed <- 0L

verdict <- function(ok, ...) {
  if (ok) passed <<- passed + 1L else failed <<- failed + 1L
  cat(if (ok) "ok    " else "FAILED", ..., "\n")
}

oring <- paste(format(c(15.0429016, -0.2321627), digits = 6), collapse = " ")

# lines: what the child said after "ready". allowed: how the fits may end.
judge <- function(label, child, lines, allowed, errors) {
  status <- if (child$is_alive()) "hangs" else child$get_exit_status()
  ended <- length(lines) >= 3L && grepl(allowed, lines[1]) && grepl("^usable 15.04", lines[2]) &&
    grepl("^left 0 files 0 processes", lines[3])
  refused <- any(grepl("Connection refused", errors))
  verdict(ended && !refused, label, "|", substr(paste(lines, collapse = " | "), 1, 150),
    if (!ended) paste("| status", status, paste(utils::tail(errors, 3), collapse = " "))
  )
  child$kill_tree()
}

watch <- function(label, code, happen, allowed, seconds = 120, ...) {
  child <- start_child(code, ...)
  first <- read_lines(child, 1, 60)
  if (!identical(trimws(first[1]), "ready")) {
    verdict(FALSE, label, "| did not begin:", first, child$read_all_error_lines())
    child$kill_tree()
    return(invisible())
  }
  happen(child)
  lines <- c(first[-1], read_lines(child, 3, seconds))
  Sys.sleep(0.2)
  judge(label, child, lines, allowed, child$read_error_lines())
}

# --- the kinds -----------------------------------------------------------------------------------

interrupt <- function() {
  for (name in names(fits)) {
    for (i in seq_len(times)) {
      wait <- stats::runif(1, 0, 1.5)
      watch(
        sprintf("interrupt %s after %.2f s", name, wait), child_code(fits[[name]]),
        function(child) {
          Sys.sleep(wait)
          tools::pskill(child$get_pid(), tools::SIGINT)
        }, "^(interrupted|answer)"
      )
    }
  }
}

# A worker of three is killed, or stopped for a while or for good.
worker <- function() {
  before <- quote({
    workers <- mirai_workers(3, patience = 5)
    pids <- vapply(workers$profiles, function(profile) {
      mirai::mirai(Sys.getpid(), .compute = profile)[]
    }, 0L)
    writeLines(as.character(pids), Sys.getenv("FAULTS_PIDS"))
  })
  fit <- quote(fastlogit(y ~ x + z, data = d, workers = workers))
  for (what in c("killed", "stopped for 2 s", "stopped")) {
    for (i in seq_len(times)) {
      pids <- tempfile()
      code <- child_code(fit, before)
      code[[length(code)]] <- quote({
        close(workers)
        Sys.sleep(0.5)
        say("left", length(list.files(tempdir(), "fastlogit")), "files 0 processes")
      })
      wait <- stats::runif(1, 0, 1)
      watch(
        sprintf("worker %s after %.2f s", what, wait), code,
        function(child) {
          Sys.sleep(wait)
          pid <- as.integer(sample(readLines(pids), 1))
          if (what == "killed") return(tools::pskill(pid, tools::SIGKILL))
          tools::pskill(pid, tools::SIGSTOP)
          if (what == "stopped") return(invisible())
          Sys.sleep(2)
          tools::pskill(pid, tools::SIGCONT)
        }, "^(answer|ours)", env = c("current", FAULTS_PIDS = pids)
      )
      for (pid in as.integer(readLines(pids))) tools::pskill(pid, tools::SIGKILL)
    }
  }
}

# Between too little to load R's packages and enough.
memory <- function() {
  for (name in c("dense", "factors", "sparse", "classes", "firth", "profiles", "source")) {
    for (megabytes in seq(220, 360, 20)) {
      script <- tempfile(fileext = ".R")
      writeLines(deparse(child_code(fits[[name]], rounds = 1L)), script)
      child <- processx::process$new(
        "bash", c("-c", sprintf(
          "ulimit -v %d; exec %s --vanilla %s", megabytes * 1024,
          file.path(R.home("bin"), "Rscript"), script
        )), stdout = "|", stderr = "|"
      )
      lines <- read_lines(child, 4, 120)
      label <- paste("memory", name, megabytes, "MB")
      # The data did not fit, which is no matter of ours.
      if (!length(lines)) {
        verdict(!child$is_alive() && child$get_exit_status() == 1, label, "| nothing began")
        next
      }
      judge(label, child, lines[-1], "^(answer|ours|foreign .*(allocate|memory))",
        child$read_error_lines())
    }
  }
}

# A tmpfs of some megabytes is where the rows of a source go.
disk <- function() {
  for (megabytes in c(1, 2, 4, 8)) {
    where <- tempfile("disk-")
    dir.create(where)
    size <- sprintf("size=%dm", megabytes)
    if (system2("mount", c("-t", "tmpfs", "-o", size, "tmpfs", where)) != 0) {
      return(verdict(FALSE, "disk: cannot mount a tmpfs"))
    }
    for (fit in alist(
      fastlogit(y ~ x + z + f, data = chunks(d), cache = where),
      fastmultinom(k ~ x + z, data = chunks(d), cache = where),
      fastlogit(y ~ x + z, data = chunks(d), checkpoint = file.path(where, "state"))
    )) {
      fit <- do.call(substitute, list(fit, list(where = where)))
      watch(
        paste("disk of", megabytes, "MB:", deparse1(fit[[1]])), child_code(fit, rounds = 1L),
        function(child) NULL, "^(answer|ours .*disk)"
      )
      verdict(!length(list.files(where, "tmp|part")), "disk: no half of a file is left")
      unlink(list.files(where, full.names = TRUE))
    }
    system2("umount", where)
  }
}

# The file of a source is cut short, changed or deleted while it is read.
file <- function() {
  for (i in seq_len(times)) {
    for (what in c("cut", "deleted", "changed", "appended to")) {
      path <- tempfile(fileext = ".csv")
      code <- child_code(
        quote(fastlogit(y ~ x + z, data = source_files(path, chunk_bytes = 1e5))),
        bquote({
          path <- .(path)
          write.csv(d, path, row.names = FALSE)
        }), rounds = 3L
      )
      wait <- stats::runif(1, 0, 1)
      watch(
        sprintf("file %s after %.2f s", what, wait), code,
        function(child) {
          Sys.sleep(wait)
          switch(what,
            cut = system2("truncate", c("-s", "1000003", path)),
            deleted = unlink(path),
            changed = writeLines(c("x,z,y", "1,2,3"), path),
            "appended to" = cat("1,2\n", file = path, append = TRUE)
          )
        }, "^(answer|ours)"
      )
    }
  }
}

kinds <- list(interrupt = interrupt, worker = worker, memory = memory, disk = disk, file = file)
for (kind in if (length(arguments)) arguments[1] else names(kinds)) kinds[[kind]]()
cat(passed, " passed, ", failed, " failed\n", sep = "")
quit(status = if (failed > 0) 1 else 0)
