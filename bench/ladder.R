# The performance ladder: every workload against every peer that is installed.
#
#   Rscript bench/ladder.R [rounds = 3] [filter, a regular expression on the names of workloads]
#
# Writes bench/results/ladder.md, .csv and .png and the table of README.md. bench/README.md says how
# it measures, how to choose the BLAS, and what the columns mean.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
script <- normalizePath(gsub("~+~", " ", script, fixed = TRUE))
bench <- dirname(script)
parts <- c(
  "../tools/setup.R", "accuracy.R", "workloads.R", "plink.R", "peers.R", "peers-others.R", "measure.R",
  "report.R", "hardware.R", "install.R"
)
for (part in parts) source(file.path(bench, part))

# Seconds. A call longer than `slow` is not repeated in later rounds; one longer than `limit`, its
# process included, is stopped. Where a peer may take fewer rows, it takes as many as it should
# manage in `reasonable` seconds and half of the free memory.
slow <- 5
reasonable <- 10
limit <- 60

# A standardised score is at most about the distance from the maximum in standard errors.
converged_below <- 1e-6

say <- function(...) message(format(Sys.time(), "%H:%M:%S "), ...)

# --- one peer -------------------------------------------------------------------------------------

# Seconds and memory are taken to be proportional to the rows, from a call with 2 % of them.
affordable_rows <- function(cell, files) {
  n <- files$n
  trial <- call_peer(script, cell$peer, n / 50, cell$peer$tolerances[1], files, limit)
  if (!is.null(trial$failure)) {
    return(n / 50)
  }
  relative_cost <- c(trial$seconds / reasonable, trial$resident_mb / (free_megabytes() / 2))
  share <- 1 / (50 * max(relative_cost, na.rm = TRUE))
  n * max(1 / 50, Filter(function(step) step <= share, c(0.02, 0.05, 0.1, 0.2, 0.5, 1)))
}

has_failed <- function(cell) !is.null(cell$result$failure)

# NA if there is nothing to judge, Inf where it cannot be computed.
score_of <- function(result, data, rows, distance) {
  if (is.null(result$coefficients)) {
    return(NA_real_)
  }
  score <- distance(data, result$coefficients, rows)
  if (is.nan(score)) Inf else score
}

attempt <- function(cell, tolerance, files, data) {
  cell$tolerance <- tolerance
  cell$result <- call_peer(script, cell$peer, cell$rows, tolerance, files, limit)
  cell$seconds <- cell$result$seconds
  cell$score <- score_of(cell$result, data, cell$rows, workloads[[files$workload]]$distance)
  cell
}

# The first round settles the number of rows and the tolerance, which is the default unless that
# leaves the peer short of the maximum and a smaller one does not fail.
settle <- function(cell, files, data) {
  tolerances <- cell$peer$tolerances
  cell$rows <- files$n
  if (files$subsample && !is_ours(cell$peer)) cell$rows <- affordable_rows(cell, files)
  cell <- attempt(cell, tolerances[1], files, data)
  if (length(tolerances) == 1 || !isTRUE(cell$score >= converged_below)) {
    return(cell)
  }
  tighter <- attempt(cell, tolerances[2], files, data)
  if (!has_failed(tighter)) {
    return(tighter)
  }
  cell$remark <- sprintf("with tolerance %g: %s", tolerances[2], tighter$result$failure)
  cell
}

repeat_call <- function(cell, files) {
  if (has_failed(cell) || cell$seconds[1] > slow) {
    return(cell)
  }
  result <- call_peer(script, cell$peer, cell$rows, cell$tolerance, files, limit)
  if (is.null(result$failure)) cell$seconds <- c(cell$seconds, result$seconds)
  cell
}

# --- one workload ---------------------------------------------------------------------------------

# What call_peer() and affordable_rows() need to know about a workload.
write_files <- function(name, data) {
  file <- tempfile(fileext = ".rds")
  saveRDS(data, file, compress = FALSE)
  workload <- workloads[[name]]
  list(
    data = file, workload = name, n = count_rows(data), calls = workload$calls,
    subsample = workload$subsample
  )
}

climb <- function(name, rounds, absent, hardware) {
  say(name, ": ", workloads[[name]]$title)
  data <- simulate(workloads[[name]])
  files <- write_files(name, data)
  on.exit(unlink(c(files$data, Sys.glob(paste0(files$data, "-*"))), recursive = TRUE))
  present <- Filter(function(peer) !any(needs(peer) %in% absent), peers_of(name))
  cells <- lapply(present, function(peer) list(peer = peer))
  for (round in seq_len(rounds)) {
    for (peer in sample(names(cells))) {
      cell <- cells[[peer]]
      cells[[peer]] <- if (round == 1) settle(cell, files, data) else repeat_call(cell, files)
    }
    say("round ", round, " of ", rounds, ": ", toString(vapply(cells, describe_progress, "")))
  }
  bound <- bound_of(data, cells[[1]]$result$passes, hardware)
  describe_cells(name, cells, count_columns(data), bound)
}

describe_progress <- function(cell) {
  last <- utils::tail(cell$seconds, 1)
  paste(cell$peer$name, if (has_failed(cell)) cell$result$failure else paste(signif(last, 3), "s"))
}

# --- the results ----------------------------------------------------------------------------------

describe_cell <- function(cell) {
  peer <- cell$peer
  seconds <- if (has_failed(cell)) NA_real_ else cell$seconds
  data.frame(
    peer = peer$name, interface = peer$interface, inference = peer$inference, rows = cell$rows,
    seconds = stats::median(seconds), fastest = min(seconds), slowest = max(seconds),
    rounds = sum(!is.na(seconds)), resident_mb = c(cell$result$resident_mb, NA)[1],
    score = cell$score, converged = cell$score < converged_below, tolerance = cell$tolerance,
    default_tolerance = peer$tolerances[1],
    note = paste(c(peer$note[nzchar(peer$note)], cell$remark), collapse = "; "),
    failure = if (has_failed(cell)) cell$result$failure else ""
  )
}

# bound: what the hardware would allow the first of them.
describe_cells <- function(name, cells, columns, bound) {
  table <- do.call(rbind, lapply(cells, describe_cell))
  per_row <- table$seconds / table$rows
  data.frame(
    workload = name, columns = columns, table, ratio = per_row / per_row[1],
    bound[c(1, rep(NA, nrow(table) - 1)), ],
    blas = basename(extSoftVersion()[["BLAS"]]), machine = describe_machine(),
    date = format(Sys.Date()), row.names = NULL
  )
}

describe_machine <- function() {
  info <- if (file.exists("/proc/cpuinfo")) readLines("/proc/cpuinfo") else character()
  model <- sub("^[^:]*: *", "", grep("^model name", info, value = TRUE))[1]
  if (is.na(model)) model <- R.version$arch
  sprintf("%s, %d cores, R %s", model, cores(), getRversion())
}

main <- function(arguments) {
  rounds <- suppressWarnings(as.integer(c(arguments, 3)[1]))
  chosen <- grep(c(arguments, "", "")[2], names(workloads), value = TRUE)
  if (is.na(rounds) || rounds < 1 || length(chosen) == 0) {
    stop("usage: Rscript bench/ladder.R [rounds] [filter on ", toString(names(workloads)), "]",
      call. = FALSE
    )
  }
  own <- file.path(tools::R_user_dir("fastlogit", "cache"), "bench")
  library <- Sys.getenv("BENCH_LIBRARY", own)
  absent <- install_peers(library)
  for (name in names(absent)) say("without ", name, ": ", absent[[name]])
  hardware <- measure_hardware()
  results <- lapply(chosen, climb, rounds = rounds, absent = names(absent), hardware = hardware)
  write_report(do.call(rbind, results), absent)
}

arguments <- commandArgs(trailingOnly = TRUE)
if (identical(arguments[1], "--request")) run_request(readRDS(arguments[2])) else main(arguments)
