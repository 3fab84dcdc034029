# The cache: encoded rows in a file (src/row_file.h), which every pass streams.

# A handle of a file of rows: an environment, which takes the file with it when it goes, unless the
# file is to be kept.
row_cache <- function(path, keep) {
  handle <- new.env(parent = emptyenv())
  handle$path <- path
  handle$file <- open_rows(path)
  if (!keep) {
    handle$process <- Sys.getpid()  # a child that was forked has the handle, but not the file
    reg.finalizer(handle, function(handle) {
      if (handle$process == Sys.getpid()) unlink(handle$path)
    }, onexit = TRUE)
  }
  handle
}

# Pointers do not survive saveRDS(); files may. What workers have read is read again, here, when it
# is first asked for.
cache_file <- function(handle) {
  if (is_open(handle$file)) return(handle$file)
  if (is.null(handle$path)) return(handle$read_again(handle))
  if (!file.exists(handle$path)) {
    rows_gone(
      "the rows of this fit are gone: their cache (", handle$path, ") lived as long as the ",
      "session. Fit again, with `cache = \"a folder\"` to keep them."
    )
  }
  handle$file <- open_rows(handle$path)
  handle$file
}

rows_gone <- function(...) fit_error("fastlogit_rows_gone", ...)

open_rows <- function(path) row_file_impl(path)

is_open <- function(pointer) !is.null(pointer) && !identical(pointer, methods::new("externalptr"))

# A list of rows, columns, blocks, block_rows, and notes (as bytes, see rows-notes.R).
cache_facts <- function(handle) row_file_facts_impl(cache_file(handle))

# --- writing -------------------------------------------------------------------------------------

# A writer of `columns` columns: list(append, finish, abandon). rows: how many are expected, NA
# where that is not known.
cache_writer <- function(path, columns, rows, block = block_rows(columns)) {
  check_disk(dirname(path), rows, columns * 8)
  writer <- row_writer_impl(path, columns, block)
  list(
    append = function(values) append_rows_impl(writer, values),
    finish = function(notes = NULL) {
      finish_rows_impl(writer, pack_fields(notes))
      close_writer_impl(writer)
    },
    abandon = function() close_writer_impl(writer)
  )
}

# Other sessions may be writing to the same cache; what one of them has left behind that was killed
# is of yesterday.
remove_old_parts <- function(path) {
  parts <- list.files(dirname(path), full.names = TRUE)
  parts <- parts[startsWith(basename(parts), basename(path)) & endsWith(parts, ".part")]
  unlink(parts[difftime(Sys.time(), file.mtime(parts), units = "days") > 1])
}

# A block takes about a megabyte.
block_rows <- function(columns) {
  max(1024L, min(32768L, as.integer(2^floor(log2(2^17 / max(1, columns))))))
}

check_disk <- function(folder, rows, bytes_per_row) {
  free <- free_disk(folder)
  needed <- rows * bytes_per_row
  if (is.na(free) || is.na(needed) || needed <= free) return(invisible())
  disk_full_error(
    "the rows need about ", in_bytes(needed), " of disk (", format(round(rows), big.mark = ","),
    " rows), and ", folder, " has ", in_bytes(free), " left"
  )
}

free_disk <- function(folder) free_disk_impl(folder)

in_bytes <- function(bytes) format(structure(bytes, class = "object_size"), units = "auto")

# --- reading -------------------------------------------------------------------------------------

# visit(first, last) for runs of blocks of about `rows` rows.
for_each_run <- function(handle, visit, rows = 1e5) {
  facts <- cache_facts(handle)
  if (facts$blocks == 0) return(invisible())
  together <- max(1L, as.integer(rows / (facts$rows / facts$blocks)))
  for (first in seq.int(1L, as.integer(facts$blocks), by = together)) {
    visit(first, min(first + together - 1L, as.integer(facts$blocks)))
  }
}

# What an object in memory keeps of rows, for those of some blocks: eta (n x q) and, of two classes,
# the working weights.
stored_predictors <- function(rows, coefficients, first, last) {
  stored_predictors_impl(rows, coefficients, first, last)
}

# Their design, n x p.
stored_design <- function(rows, first, last) stored_design_impl(rows, first, last)

# Columns of some blocks, as they are in the file.
stored_columns <- function(handle, columns, first, last) {
  stored_columns_impl(cache_file(handle), as.integer(columns), first, last)
}

# --- values as bytes ------------------------------------------------------------------------------

# Values as bytes, and back: what files say of themselves. Nothing but vectors of numbers and words,
# and lists of these by name, can be written or read, so reading runs no code; and nothing is
# reserved for more than the bytes that are there.
#
# A value is its type (a byte), whether it has names (a byte), its length (a double), the names, and
# its elements: numbers as the machine has them; of words first the lengths in bytes, -1 for NA, and
# the marks of their encodings.

field_types <- c("NULL", "logical", "integer", "double", "character", "list")
deepest_fields <- 8L

pack_fields <- function(x) {
  type <- match(typeof(x), field_types)
  names <- names(x)
  attributes(x) <- NULL
  elements <- switch(field_types[type],
    "NULL" = raw(),
    list = unlist(lapply(x, pack_fields)),
    character = pack_words(x),
    writeBin(x, raw())
  )
  c(
    as.raw(c(type, !is.null(names))), writeBin(as.double(length(x)), raw()),
    if (!is.null(names)) pack_words(names), elements
  )
}

encodings <- c("unknown", "latin1", "UTF-8", "bytes")

# The bytes as they are: words of a file may be of no encoding.
pack_words <- function(words) {
  marks <- as.raw(match(Encoding(words), encodings))
  lengths <- ifelse(is.na(words), -1L, nchar(words, "bytes"))
  if (length(words)) Encoding(words) <- "bytes"
  c(writeBin(lengths, raw()), marks, charToRaw(paste(words[!is.na(words)], collapse = "")))
}

# An error of class fastlogit_unreadable where the bytes are no values.
unpack_fields <- function(bytes) {
  connection <- rawConnection(bytes)
  on.exit(close(connection))
  from <- list2env(list(connection = connection, left = length(bytes)))
  value <- unpack_next(from, 1L)
  if (from$left != 0) unreadable()
  value
}

unreadable <- function() fit_error("fastlogit_unreadable", "the bytes are no values.")

unpack_next <- function(from, depth) {
  head <- as.integer(take(from, "raw", 2, 1))
  length <- take(from, "double", 1, 8)
  known <- head[1L] %in% seq_along(field_types) && head[2L] %in% 0:1
  if (depth > deepest_fields || !known || !is_count(length)) unreadable()
  type <- field_types[head[1L]]
  names <- if (head[2L] == 1L) unpack_words(from, length)
  value <- switch(type,
    "NULL" = if (length > 0) unreadable(),
    list = {
      if (length > from$left / 10) unreadable()
      lapply(seq_len(length), function(i) unpack_next(from, depth + 1L))
    },
    character = unpack_words(from, length),
    take(from, type, length, if (type == "double") 8 else 4)
  )
  if (!is.null(names)) names(value) <- names
  value
}

is_count <- function(x) isTRUE(x >= 0 && x == floor(x) && x < 2^31)

take <- function(from, what, n, size) {
  if (n * size > from$left) unreadable()
  from$left <- from$left - n * size
  value <- readBin(from$connection, what, n)
  if (length(value) != n) unreadable()
  value
}

unpack_words <- function(from, n) {
  if (n == 0) return(character())
  lengths <- take(from, "integer", n, 4)
  marks <- as.integer(take(from, "raw", n, 1))
  missing <- lengths %in% -1L
  lengths[missing] <- 0L
  if (anyNA(lengths) || any(lengths < 0L) || !all(marks %in% seq_along(encodings))) unreadable()
  bytes <- take(from, "raw", sum(as.double(lengths)), 1)
  if (any(bytes == 0L)) unreadable()
  words <- readChar(bytes, lengths, useBytes = TRUE)
  Encoding(words) <- encodings[marks]
  if (!all(validUTF8(words[marks == match("UTF-8", encodings)]))) unreadable()
  words[missing] <- NA
  words
}
