# Rows from files: text, chunk by chunk, and Parquet, file by file; what the columns of all of them
# are is agreed on in source-kinds.R.
#
# A reader of one file is list(names, next_chunk(columns, kinds), close). next_chunk() gives for
# each of the columns asked for list(values, kind, misfit, inexact), see source-kinds.R, or NULL.

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
  lapply(source$paths, function(path) replace(source, "paths", path))
}

# --- text -----------------------------------------------------------------------------------------

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

# --- Parquet --------------------------------------------------------------------------------------

# Rows from Parquet files by package nanoparquet, which knows no parts of a file.

parquet_reader <- function(path) {
  facts <- parquet_facts(path)
  read <- FALSE
  list(
    names = facts$name,
    next_chunk = function(columns, kinds) {
      if (read) return(NULL)
      read <<- TRUE
      rows <- with_parquet_errors(path, nanoparquet::read_parquet(path, columns))
      if (nrow(rows) == 0L) return(NULL)
      stats::setNames(lapply(columns, function(name) {
        fact <- facts[match(name, facts$name), ]
        as_known(parquet_column(rows[[name]], fact, path), kinds$known[name])
      }), columns)
    },
    close = function() invisible()
  )
}

# Of each column its name, type, whether it is unsigned, and the number of nulls where it is known.
parquet_facts <- function(path) {
  schema <- with_parquet_errors(path, nanoparquet::read_parquet_schema(path))
  chunks <- with_parquet_errors(path, nanoparquet::read_parquet_metadata(path))$column_chunks
  leaves <- which(!is.na(schema$r_col))
  places <- vapply(chunks$path_in_schema, `[`, "", 1L)
  nulls <- vapply(schema$name[leaves], function(name) sum(chunks$null_count[places == name]), 0)
  required <- schema$repetition_type[leaves] %in% "REQUIRED"
  data.frame(
    name = schema$name[leaves], type = schema$type[leaves],
    meaning = ifelse(is.na(schema$converted_type[leaves]), "", schema$converted_type[leaves]),
    nulls = ifelse(required, 0, nulls)
  )
}

parquet_rows <- function(path) {
  if (!is_parquet(path)) return(NA_real_)
  facts <- with_parquet_errors(path, nanoparquet::read_parquet_metadata(path))
  as.numeric(facts$file_meta_data$num_rows)
}

with_parquet_errors <- function(path, expr) {
  tryCatch(expr, error = function(e) {
    file_error(path, " cannot be read as a Parquet file: ", conditionMessage(e))
  })
}

# nanoparquet gives unsigned numbers as if they were signed, and the least of all integers as NA.
parquet_column <- function(values, fact, path) {
  missing <- if (is.double(values)) is.na(values) & !is.nan(values) else is.na(values)
  if (is.atomic(values) && !is.na(fact$nulls) && sum(missing) != fact$nulls) {
    file_error(path, ": column `", fact$name, "` holds a number that R has no room for (",
      "2147483648 or its negative): store it as a double.")
  }
  bits <- c(UINT_32 = 32, UINT_64 = 64)[fact$meaning]
  if (!is.na(bits)) values <- ifelse(values < 0, values + 2^bits, values)
  whole <- fact$type == "INT64" && fact$meaning %in% c("", "INT_64", "UINT_64")
  large <- if (whole && is.double(values)) which(abs(values) > 2^53)
  inexact <- if (length(large)) list(text = format(values[large[1L]], digits = 22L))
  list(values = values, kind = kind_of_values(values), inexact = inexact)
}

kind_of_values <- function(x) if (is.logical(x) && all(is.na(x))) "none" else class(x)[1L]

# In the kind that is known, where that has room for it.
as_known <- function(column, known) {
  if (is.na(known) || column$kind == known) return(column)
  none <- column$kind == "none"
  if (!none && !is_wider(known, column$kind)) return(column)
  if (known %in% c("numeric", "integer", "character")) {
    column$values <- as.vector(column$values, known)
  }
  column$kind <- unname(known)
  column
}
