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

kind_of_values <- function(x) {
  if (is.logical(x) && all(is.na(x))) "none" else class(x)[1L]
}

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
