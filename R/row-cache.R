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
  if (is.null(handle$path)) return(read_again(handle))
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

is_open <- function(pointer) {
  !is.null(pointer) && !identical(pointer, methods::new("externalptr"))
}

# A list of rows, columns, blocks, block_rows, and notes (as bytes, see row-notes.R).
cache_facts <- function(handle) row_file_facts_impl(cache_file(handle))

disk_full_error <- function(...) {
  fit_error("fastlogit_disk_full", ..., ": give `cache` a folder with more room.")
}

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
stored_design <- function(rows, first, last) {
  stored_design_impl(rows, first, last)
}

# Columns of some blocks, as they are in the file.
stored_columns <- function(handle, columns, first, last) {
  stored_columns_impl(cache_file(handle), as.integer(columns), first, last)
}

# A text that tells texts, or bytes, from others.
checksum_of <- function(x) {
  checksum_impl(if (is.raw(x)) x else charToRaw(paste(enc2utf8(x), collapse = "\n")))
}
