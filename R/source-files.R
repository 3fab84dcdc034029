# Rows from files: text, chunk by chunk (source-text.R), and Parquet, file by file
# (source-parquet.R); what the columns of all of them are is agreed on in source-kinds.R.
#
# A reader of one file is list(names, next_chunk(columns, kinds), close). next_chunk() gives for
# each of the columns asked for list(values, kind, misfit, inexact), see source-kinds.R, or NULL.

is_parquet <- function(paths) grepl("[.]parquet$", paths, ignore.case = TRUE)

#' @export
open_source.source_files <- function(source, wanted = NULL) {
  kinds <- new_kinds(source)
  number <- 0L
  file <- NULL
  list(
    next_chunk = function() {
      repeat {
        if (is.null(file)) {
          if (number == length(source$paths)) return(NULL)
          number <<- number + 1L
          file <<- open_file(source, source$paths[number], wanted, kinds)
        }
        chunk <- file$next_chunk()
        if (!is.null(chunk)) return(chunk)
        file$close()
        file <<- NULL
      }
    },
    close = function() if (!is.null(file)) file$close()
  )
}

open_file <- function(source, path, wanted, kinds) {
  before <- state_of_file(path)
  reader <- if (is_parquet(path)) parquet_reader(path) else text_reader(source, path)
  columns <- columns_of_file(reader$names, wanted, kinds, path)
  list(
    next_chunk = function() {
      found <- reader$next_chunk(columns, kinds)
      if (!is.null(found)) return(agreed_chunk(found, kinds, path))
      if (identical(state_of_file(path), before)) return(NULL)
      file_error(path, " was changed while it was read: fit again when it is complete.")
    },
    close = reader$close
  )
}

# An error that names a file.
file_error <- function(path, ...) {
  input_error(basename(path), ..., class = "fastlogit_file_error")
}

state_of_file <- function(path) unlist(file.info(path, extra_cols = FALSE)[c("size", "mtime")])

# All files have the columns that the first one has.
columns_of_file <- function(names, wanted, kinds, path) {
  check_declared(kinds, names, path)
  columns <- intersect(names, wanted)
  if (length(columns) == 0L) columns <- unique(names)
  if (is.null(kinds$columns)) {
    kinds$columns <- columns
    kinds$first <- path
  }
  missing <- setdiff(kinds$columns, names)
  if (length(missing)) {
    file_error(path, " has no column ", quoted(missing), ", which ", basename(kinds$first), " has.")
  }
  twice <- intersect(names[duplicated(names)], kinds$columns)
  if (length(twice)) file_error(path, " has several columns ", quoted(twice), ".")
  kinds$columns
}

# From the sizes of the files and the length of the first lines.
#' @export
count_rows.source_files <- function(source) {
  if (any(is_parquet(source$paths))) return(sum(vapply(source$paths, parquet_rows, 0)))
  packed <- ifelse(is_compressed(source$paths), 4, 1)  # about a quarter
  sum(file.size(source$paths) * packed) / bytes_per_line(source$paths[1L])
}

is_compressed <- function(paths) grepl("[.](gz|bz2|xz)$", paths)

#' @export
fingerprint.source_files <- function(source) {
  facts <- file.info(source$paths)
  c(source$paths, format(facts$size, digits = 22L), format(as.numeric(facts$mtime), digits = 22L),
    names(source$classes), source$classes, names(source$kinds), source$kinds, source$sep)
}

#' @export
split_source.source_files <- function(source) {
  lapply(source$paths, function(path) {
    source$paths <- path
    source
  })
}
