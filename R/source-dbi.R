# Rows from a database, fetched chunk by chunk.

#' @export
open_source.source_dbi <- function(source, wanted = NULL) {
  connection <- connect_to(source)
  opened <- FALSE
  on.exit(if (!opened) DBI::dbDisconnect(connection))
  ahead <- queries_of(source, connection, wanted)
  result <- DBI::dbSendQuery(connection, ahead[1L])
  opened <- TRUE
  list(
    next_chunk = function() {
      repeat {
        chunk <- if (!DBI::dbHasCompleted(result)) DBI::dbFetch(result, n = source$chunk_rows)
        if (NROW(chunk)) return(as_plain_numbers(chunk))
        if (length(ahead) == 1L) return(NULL)
        ahead <<- ahead[-1L]
        DBI::dbClearResult(result)
        result <<- DBI::dbSendQuery(connection, ahead[1L])
      }
    },
    close = function() {
      DBI::dbClearResult(result)
      DBI::dbDisconnect(connection)
    }
  )
}

connect_to <- function(source) {
  connection <- source$connect()
  if (methods::is(connection, "DBIConnection")) return(connection)
  input_error("`connect` must return a DBI connection: found ", described(connection), ".")
}

# Only the columns that are wanted, of a table.
queries_of <- function(source, connection, wanted) {
  if (!is.null(source$query)) return(source$query)
  columns <- intersect(DBI::dbListFields(connection, source$table), wanted)
  listed <- if (length(columns)) {
    paste(DBI::dbQuoteIdentifier(connection, columns), collapse = ", ")
  } else {
    "*"
  }
  paste("SELECT", listed, "FROM", DBI::dbQuoteIdentifier(connection, source$table))
}

# Whole numbers of 64 bits are no R numbers.
as_plain_numbers <- function(chunk) {
  long <- vapply(chunk, inherits, NA, "integer64")
  chunk[long] <- lapply(chunk[long], as.numeric)
  chunk
}

#' @export
count_rows.source_dbi <- function(source) {
  connection <- connect_to(source)
  on.exit(DBI::dbDisconnect(connection))
  rows <- if (is.null(source$query)) {
    DBI::dbQuoteIdentifier(connection, source$table)
  } else {
    paste0("(", sub(";\\s*$", "", source$query), ") AS counted")
  }
  count <- function(rows) {
    as.numeric(DBI::dbGetQuery(connection, paste("SELECT COUNT(*) FROM", rows))[[1L]])
  }
  tryCatch(sum(vapply(rows, count, 0)), error = function(e) NA_real_)
}

# What is asked for, where, and how many rows that are; whether some have changed since, only the
# user knows.
#' @export
fingerprint.source_dbi <- function(source) {
  connect <- source$connect
  c(
    deparse(body(connect)), values_in(all.names(body(connect)), environment(connect)),
    format(source$table), source$query, format(count_rows(source), digits = 22L)
  )
}

#' @export
split_source.source_dbi <- function(source) {
  if (length(source$query) < 2L) return(list(source))
  lapply(source$query, function(query) {
    source$query <- query
    source
  })
}
