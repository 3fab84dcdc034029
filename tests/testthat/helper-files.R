# Files as they may come, and what a source reads from them.

csv_of <- function(data, gz = FALSE, ...) {
  path <- tempfile(fileext = if (gz) ".csv.gz" else ".csv")
  connection <- if (gz) gzfile(path, "w") else file(path, "w")
  write.csv(data, connection, row.names = FALSE, ...)
  close(connection)
  path
}

file_of <- function(text, ending = ".csv", env = parent.frame()) {
  path <- withr::local_tempfile(fileext = ending, .local_envir = env)
  bytes <- if (is.raw(text)) text else charToRaw(paste(text, collapse = ""))
  writeBin(bytes, path)
  path
}

# text: bytes.
packed_file <- function(text, how, env = parent.frame()) {
  path <- withr::local_tempfile(fileext = paste0(".csv.", how), .local_envir = env)
  connection <- switch(how, gz = gzfile, bz2 = bzfile, xz = xzfile)(path, "wb")
  writeBin(text, connection)
  close(connection)
  path
}

bytes_of <- function(path) readBin(path, "raw", file.size(path))

# All rows, as one data frame.
rows_of <- function(source, wanted = NULL) {
  with_agreed_kinds(source, function(source) {
    chunks <- list()
    for_each_chunk(source, wanted, function(chunk) chunks[[length(chunks) + 1L]] <<- chunk)
    all <- do.call(rbind, chunks)
    attr(all, "kinds") <- NULL
    all
  })
}
