# Rows from a database, fetched chunk by chunk. Of DBI only what its specification promises of every
# driver is used; what the database says of an error is told with what was asked of it.

#' @export
open_source.source_dbi <- function(source, wanted = NULL) {
  connection <- connect_to(source)
  result <- NULL
  let_go <- function() {
    if (!is.null(result)) DBI::dbClearResult(result)
    result <<- NULL
  }
  close <- function() {
    let_go()
    DBI::dbDisconnect(connection)
  }
  opened <- FALSE
  on.exit(if (!opened) close())
  ahead <- queries_of(source, connection, wanted)
  asked <- NULL
  send_next <- function() {
    let_go()
    asked <<- ahead[1L]
    ahead <<- ahead[-1L]
    result <<- telling_query(asked, DBI::dbSendQuery(connection, asked))
  }
  fetch <- function() if (!DBI::dbHasCompleted(result)) DBI::dbFetch(result, n = source$chunk_rows)
  send_next()
  opened <- TRUE
  list(
    next_chunk = function() {
      repeat {
        chunk <- telling_query(asked, fetch())
        if (NROW(chunk)) return(as_plain_columns(chunk))
        if (length(ahead) == 0L) return(NULL)
        send_next()
      }
    },
    close = close
  )
}

connect_to <- function(source) {
  connection <- tryCatch(source$connect(), error = function(e) {
    input_error("`connect` could not open a connection: ", said_by(e))
  })
  opened <- methods::is(connection, "DBIConnection")
  check_that(opened, connection, "`connect` must return a DBI connection")
  connection
}

# Only the columns that are wanted, of a table. Its names are asked for by a query: dbListFields()
# of some drivers knows no schemas.
queries_of <- function(source, connection, wanted) {
  if (!is.null(source$query)) return(source$query)
  from <- paste("FROM", DBI::dbQuoteIdentifier(connection, source$table))
  none <- telling_table(
    source, connection, DBI::dbGetQuery(connection, paste("SELECT *", from, "WHERE 1 = 0"))
  )
  columns <- intersect(names(none), wanted)
  listed <- if (length(columns)) {
    paste(DBI::dbQuoteIdentifier(connection, columns), collapse = ", ")
  } else {
    "*"
  }
  paste("SELECT", listed, from)
}

telling_query <- function(query, expr) {
  tell <- function(e) {
    input_error(
      "the database could not run the query \"", shortened(query), "\". It says: ", said_by(e)
    )
  }
  withCallingHandlers(
    tryCatch(expr, error = tell),
    warning = function(w) if (is_stopping()) tell(w)
  )
}

# Some drivers stop() with a warning, as of numbers that do not fit: to tryCatch() that is no error,
# and it would end a worker.
is_stopping <- function() {
  any(vapply(sys.calls(), function(call) identical(call[[1L]], quote(stop)), NA))
}

telling_table <- function(source, connection, expr) {
  tryCatch(expr, error = function(e) {
    tables <- tryCatch(DBI::dbListTables(connection), error = function(e) NULL)
    input_error(
      "the database could not read table \"", table_title(source$table), "\"; the tables that it ",
      "lists are: ", if (length(tables)) listed(paste0("\"", tables, "\""), 10L) else "none",
      ". It says: ", said_by(e)
    )
  })
}

said_by <- function(error) trimws(conditionMessage(error))

# Whole numbers of 64 bits are no R numbers. Some drivers mark the words of a type that they do not
# know, as of an enumeration, by a class of its name.
as_plain_columns <- function(chunk) {
  long <- vapply(chunk, inherits, NA, "integer64")
  chunk[long] <- lapply(chunk[long], as.numeric)
  words <- vapply(chunk, is.character, NA)
  chunk[words] <- lapply(chunk[words], as.vector)
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
  table <- source$table
  walk <- walk_references(list(item_of(source$connect, globalenv())))
  if (length(walk$unsure)) {
    warn_not_kept("what `connect` opens may depend on ", listed(walk$unsure))
    return(NULL)
  }
  c(
    walk$key, if (!is.null(table)) table_title(table), source$query,
    format(count_rows(source), digits = 22L)
  )
}

#' @export
split_source.source_dbi <- function(source) {
  if (length(source$query) < 2L) return(list(source))
  lapply(source$query, function(query) replace(source, "query", query))
}
