# How a fit is measured: each call in a fresh process, which reports its seconds, the peak of its
# resident memory and its coefficients; the parent computes from these, for all peers alike, how far
# from the maximum they are (accuracy.R).

# --- in the fresh process ------------------------------------------------------------------------

# The resident set of this process or its peak in MB, where the system shows them (Linux), else NA.
resident_megabytes <- function(field) {
  status <- if (file.exists("/proc/self/status")) readLines("/proc/self/status") else ""
  line <- grep(paste0("^", field, ":"), status, value = TRUE)
  if (length(line)) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA_real_
}

reset_resident_peak <- function() {
  tryCatch(cat("5\n", file = "/proc/self/clear_refs"), error = identity, warning = identity)
}

measure_call <- function(fit, calls) {
  gc()
  reset_resident_peak()
  before <- resident_megabytes("VmRSS")
  start <- proc.time()[["elapsed"]]
  for (call in seq_len(calls)) found <- fit()
  seconds <- (proc.time()[["elapsed"]] - start) / calls
  list(seconds = seconds, resident_mb = resident_megabytes("VmHWM") - before, found = found)
}

# A small fit of the last two predictors comes first, so that neither loading a package nor
# compiling R code is measured. Few rows of a sparse design would be singular.
warm_up <- function(peer, data, tolerance) {
  if (!is.null(peer$package)) loadNamespace(peer$package)
  if (!is.data.frame(data)) {
    return(invisible())
  }
  few <- first_rows(data, 500)[c("y", utils::tail(names(data), 2))]
  tryCatch(peer$fit(peer$prepare(few), tolerance), error = identity)
}

run_request <- function(request) {
  peer <- peers_of(request$workload)[[request$peer]]
  data <- first_rows(readRDS(request$data_file), request$rows)
  suppressWarnings(warm_up(peer, data, request$tolerance))
  data <- peer$prepare(data)
  measured <- suppressWarnings(measure_call(
    function() peer$fit(data, request$tolerance), request$calls
  ))
  measured$coefficients <- peer$coefficients(measured$found)
  measured$passes <- if (is_ours(peer)) passes_of(measured$found, data)
  measured$found <- NULL
  # Memory is this process's.
  if (!is.null(peer$program)) measured$resident_mb <- NA
  saveRDS(measured, request$result_file)
}

# --- from outside --------------------------------------------------------------------------------

free_megabytes <- function() {
  if (!file.exists("/proc/meminfo")) {
    return(Inf)
  }
  line <- grep("^MemAvailable:", readLines("/proc/meminfo"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) / 1024
}

# A process that is killed says nothing.
last_error <- function(lines, status) {
  said <- grep("^Error|Error:|^Killed|Traceback", lines)
  lines <- trimws(if (length(said)) lines[utils::tail(said, 1):length(lines)] else lines)
  lines <- lines[nzchar(lines) & !grepl("^Calls:|^Execution halted|^Traceback|^File ", lines)]
  if (length(lines) == 0) lines <- paste("ended with status", status)
  gsub("|", "/", substr(paste(lines, collapse = " "), 1, 120), fixed = TRUE)
}

# Either what run_request() or peers.py measured, or list(failure = why there is nothing). Who asks
# for more than the free memory is refused it, lest the system kill others.
run_in_fresh_process <- function(command, arguments, read_result, limit) {
  said <- tempfile()
  on.exit(unlink(said))
  line <- paste(c("exec", shQuote(command), arguments, ">", shQuote(said), "2>&1"), collapse = " ")
  free <- free_megabytes()
  if (is.finite(free)) line <- sprintf("ulimit -v %.0f; %s", 1024 * free, line)
  status <- suppressWarnings(system(line, timeout = limit))
  if (status == 124) {
    return(list(failure = sprintf("stopped after %.0f s", limit)))
  }
  result <- tryCatch(suppressWarnings(read_result()), error = function(e) NULL)
  if (is.null(result)) {
    return(list(failure = last_error(readLines(said, warn = FALSE), status)))
  }
  result
}

call_r <- function(script, peer, rows, tolerance, files, limit) {
  request <- list(
    workload = files$workload, peer = peer$name, rows = rows, tolerance = tolerance,
    calls = files$calls, data_file = files$data, result_file = tempfile(fileext = ".rds")
  )
  request_file <- tempfile(fileext = ".rds")
  saveRDS(request, request_file)
  on.exit(unlink(c(request_file, request$result_file)))
  run_in_fresh_process(
    file.path(R.home("bin"), "Rscript"), c(shQuote(script), "--request", shQuote(request_file)),
    function() readRDS(request$result_file), limit
  )
}

# The rows as peers.py reads them: raw doubles and, for the places in a sparse matrix, integers.
write_for_python <- function(data, folder) {
  write_raw <- function(values, name) writeBin(values, file.path(folder, name))
  dir.create(folder)
  write_raw(as.vector(if (is.factor(data$y)) as.integer(data$y) - 1 else as.numeric(data$y)), "y")
  if (is.data.frame(data)) {
    write_raw(as.vector(design_of(data)), "x")
  } else {
    write_raw(data$x@x, "x")
    write_raw(data$x@i, "i")
    write_raw(data$x@p, "p")
  }
}

call_python <- function(script, peer, rows, tolerance, files, limit) {
  folder <- paste0(files$data, "-", rows)
  if (!dir.exists(folder)) write_for_python(first_rows(readRDS(files$data), rows), folder)
  result_file <- tempfile()
  on.exit(unlink(result_file))
  read_result <- function() {
    values <- scan(result_file, quiet = TRUE)
    list(
      seconds = values[1], resident_mb = values[2],
      coefficients = matrix(values[-(1:3)], ncol = values[3])
    )
  }
  run_in_fresh_process(
    find_python(), shQuote(c(
      file.path(dirname(script), "peers.py"), peer$python, folder, result_file,
      format(tolerance), files$calls
    )),
    read_result, limit
  )
}

call_peer <- function(script, peer, ...) {
  if (is.null(peer$python)) call_r(script, peer, ...) else call_python(script, peer, ...)
}
