# Rows from files of text, read and checked line by line in C++ (src/text_rows.h).

text_reader <- function(source, path) {
  file <- with_file_errors(
    text_file_impl(enc2native(path), basename(path), source$sep, source$chunk_bytes)
  )
  names <- text_names_impl(file)
  list(
    names = names,
    next_chunk = function(columns, kinds) {
      found <- with_file_errors(
        next_rows_impl(file, match(columns, names), known_kinds(kinds, columns))
      )
      if (!is.null(found)) stats::setNames(found, columns)
    },
    close = function() close_text_impl(file)
  )
}

bytes_per_line <- function(path) {
  found <- with_file_errors(count_lines_impl(enc2native(path), basename(path), 2^18))
  found[1L] / max(1, found[2L])
}

# The core's sentences name the file and the line.
with_file_errors <- function(expr) {
  tryCatch(expr, `fastlogit::TextFileError` = function(e) {
    input_error(conditionMessage(e), ".", class = "fastlogit_file_error")
  })
}
