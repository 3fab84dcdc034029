# Rscript bench/large.R make|fit|memory|bigglm|pass ROWS FOLDER [sqlite|csv]
#
# Rows that do not fit into memory: makes them, fits them in a fresh process and tells its peak
# resident memory, and compares with the same rows in memory, with bigglm() and with a pass.
#   make     ROWS rows of 10 numbers, two factors and a response in FOLDER, as SQLite and as csv
#   fit      the fit to a source; its coefficients are kept in FOLDER
#   memory   the fit to the same rows in memory, and the largest difference
#   bigglm   biglm::bigglm() on the same source
#   pass     the time of passes over the cache and over the same rows in memory

arguments <- commandArgs(TRUE)
task <- arguments[1]
rows <- as.numeric(arguments[2])
folder <- arguments[3]
kind <- if (length(arguments) > 3) arguments[4] else "sqlite"
sqlite <- file.path(folder, "rows.sqlite")
csv <- file.path(folder, "rows.csv")

numbers <- paste0("x", 1:10)
formula <- reformulate(c(numbers, "g", "h"), "y")

# Chunk i is the same whoever makes it.
chunk_of <- function(i, size) {
  set.seed(i)
  d <- as.data.frame(matrix(round(rnorm(size * 10), 4), size, dimnames = list(NULL, numbers)))
  d$g <- sample(c("north", "south", "east", "west"), size, TRUE)
  d$h <- sample(sprintf("site%02d", 1:30), size, TRUE)
  eta <- -1 + as.matrix(d[numbers]) %*% seq(-0.3, 0.3, length.out = 10) +
    0.4 * (d$g == "west") + 0.02 * as.integer(substr(d$h, 5, 6))
  d$y <- rbinom(size, 1, plogis(eta))
  d
}

chunks <- function(visit, size = 1e5) for (i in seq_len(ceiling(rows / size))) visit(chunk_of(i, size))

make <- function() {
  dir.create(folder, showWarnings = FALSE)
  unlink(c(sqlite, csv))
  db <- DBI::dbConnect(RSQLite::SQLite(), sqlite)
  DBI::dbExecute(db, "PRAGMA synchronous = OFF")
  first <- TRUE
  chunks(function(d) {
    DBI::dbWriteTable(db, "rows", d, append = !first)
    data.table::fwrite(d, csv, append = !first)
    first <<- FALSE
  })
  DBI::dbDisconnect(db)
}

source_of_rows <- function() {
  if (kind == "csv") return(fastlogit::source_files(csv))
  fastlogit::source_dbi(function() DBI::dbConnect(RSQLite::SQLite(), sqlite), table = "rows")
}

peak_megabytes <- function() {
  line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) / 1024
}

seconds <- function(expr) system.time(expr)[["elapsed"]]

report <- function(...) cat(sprintf(...), "\n", sep = "")

in_memory <- function() {
  parts <- vector("list", ceiling(rows / 1e5))
  for (i in seq_along(parts)) parts[[i]] <- chunk_of(i, 1e5)
  data <- as.data.frame(data.table::rbindlist(parts))
  data$g <- factor(data$g)
  data$h <- factor(data$h)
  data
}

switch(task,
  make = make(),
  fit = {
    time <- seconds(fit <- fastlogit::fastlogit(formula, data = source_of_rows()))
    saveRDS(coef(fit), file.path(folder, paste0("coef-", kind, ".rds")))
    report("%s, %g rows: %.1f s, peak %.0f MB, %d iterations", kind, rows, time, peak_megabytes(),
           fit$iter)
  },
  memory = {
    data <- in_memory()
    time <- seconds(fit <- fastlogit::fastlogit(formula, data = data, model = FALSE))
    report("in memory, %g rows: %.1f s, peak %.0f MB", rows, time, peak_megabytes())
    for (kind in c("sqlite", "csv")) {
      file <- file.path(folder, paste0("coef-", kind, ".rds"))
      if (file.exists(file)) {
        report("%s: largest difference %.2g", kind, max(abs(readRDS(file) - coef(fit))))
      }
    }
  },
  bigglm = {
    levels <- list(g = c("east", "north", "south", "west"), h = sprintf("site%02d", 1:30))
    reader <- NULL
    next_rows <- function(reset) {
      if (reset) {
        if (!is.null(reader)) reader$close()
        reader <<- fastlogit:::open_source(source_of_rows())
        return(NULL)
      }
      chunk <- reader$next_chunk()
      if (is.null(chunk)) return(NULL)
      chunk$g <- factor(chunk$g, levels$g)
      chunk$h <- factor(chunk$h, levels$h)
      chunk
    }
    time <- seconds(
      fit <- biglm::bigglm(formula, next_rows, family = binomial(), maxit = 25)
    )
    report("bigglm, %s, %g rows: %.1f s, peak %.0f MB", kind, rows, time, peak_megabytes())
  },
  pass = {
    control <- list(epsilon = 1e-8)
    fit <- fastlogit::fastlogit(formula, data = source_of_rows())
    data <- in_memory()
    same <- fastlogit::fastlogit(formula, data = data)
    one_pass <- function(fit) {
      rows <- fastlogit:::binary_rows(fit, NULL)
      rows$pool <- FALSE
      beta <- coef(fit)
      fastlogit:::meat_impl(rows, beta)
      median(replicate(7, seconds(fastlogit:::meat_impl(rows, beta))))
    }
    cached <- one_pass(fit)
    memory <- one_pass(same)
    report("a pass: cache %.3f s, memory %.3f s, ratio %.2f", cached, memory, cached / memory)
  }
)
