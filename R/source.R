# Sources: where the rows come from, when they are not a data frame.
#
# A source is a list of class c("source_<kind>", "fastlogit_source"). It knows neither the formula
# nor what becomes of its rows. Each kind answers
#   open_source(source, wanted)  a reader: list(names, next_chunk, close). next_chunk() gives a data
#                                frame of some rows, or NULL after the last one; close() lets go.
#                                wanted: the columns that will be asked for, NULL for all; a source
#                                may give more.
#   count_rows(source)           about how many rows there are; NA where that is not known
#   fingerprint(source)          text that changes when the rows do; NULL where nobody can tell
#   split_source(source)         a list of sources, its natural partitions, in the order of the rows
# and does so in any process, as often as it is asked.

#' Rows from files
#'
#' Rows for [fastlogit()] and [fastmultinom()] that need not fit into memory: given as `data`, they
#' are read once, chunk by chunk, and kept in a compact file for as long as the fit lives; see
#' `vignette("large-data")`.
#'
#' @section Rows of text files:
#' The first line has the names of the columns, and each further one is a row with as many fields,
#' or an error that names the line: no row is filled up, cut, or left out. A line of nothing but
#' blanks is no row; there are no comments, so that `#` is a character like others. Lines end as on
#' Unix, Windows or old Macs. Texts are in UTF-8, with or without a byte order mark; UTF-16 is an
#' error. Compressed files (gzip, bzip2, xz) are told by their first bytes, and have to be complete.
#'
#' @section Headers:
#' Every file has a header of its own. Names are taken as they are, like those of
#' `read.csv(check.names = FALSE)`: write `` `unit price` `` in a formula. A column without a name
#' is called by its number, `V3`. Where the rows have one field more than the header and the first
#' is quoted, as [utils::write.table()] writes them, it holds row names and is passed over. Of two
#' columns of one name neither can be used.
#'
#' @section Quoting:
#' A field that begins with a double quote (`"`) ends with one, and may hold separators, ends of
#' lines and doubled quotes (`""`). Single quotes are letters. Blanks around a field mean nothing,
#' those inside the quotes are kept. Quoted numbers are numbers, as for [utils::read.csv()].
#'
#' @section Missing values:
#' `NA` is missing, and so is an empty field that is not of a character column; in a character
#' column an empty field is the empty string, and `"NA"` in quotes is a string. `NaN` is a number,
#' and left out of a fit like a missing one. There is no argument `na.strings`, and nothing else is
#' missing: `.`, `N/A` and `NULL` are strings, and make a column of numbers a character column;
#' `-999` is a number. Turn them into `NA` in the file or, for a number, in the formula: `known(x)`,
#' with `known <- function(x) replace(x, x == -999, NA)`. What becomes of rows with missing values,
#' `na.action` says.
#'
#' @section Classes of columns:
#' A column is what all its values are, wherever chunks begin: integer or numeric (with a decimal
#' point; a number with a decimal comma is a string), logical (`TRUE`, `true` or `True`, but not
#' `T`), `Date` (`2026-01-31`), `POSIXct` (`2026-01-31 12:00:00`, UTC where no zone is given), or
#' else character. Numbers that are followed by strings in a later chunk are an error that names the
#' line, as are whole numbers of more digits than a double holds: `colClasses` says what is meant. A
#' character column is a factor in the formula, of all the values in all rows, in the order of
#' [sort()].
#'
#' @section Several files:
#' Their rows come one after another, in the order of `paths`. All need the columns that the formula
#' names, found by their names in whatever order; others are not read. A column has one class in all
#' of them: integers in one and decimals in another are decimals, numbers in one and strings in
#' another are an error. With `workers` each file is read by one of them. A file that is changed
#' while it is read is an error.
#'
#' @param paths files, all of the same columns: `.csv` (or `.tsv`, `.txt`), also compressed as
#'   `.csv.gz`, `.csv.bz2` or `.csv.xz`, and `.parquet` (by package nanoparquet, which reads a file
#'   as a whole).
#' @param colClasses the classes of columns, by name, where what the values look like is not what is
#'   meant: `c(zip = "character")`. One of `"character"`, `"factor"`, `"numeric"`, `"integer"`,
#'   `"logical"`, `"Date"` and `"POSIXct"`.
#' @param sep the separator of the fields of text files, a single character.
#' @param chunk_bytes how much of a text file is read at a time.
#' @return An object of class `fastlogit_source`, to be given as `data`. It holds no rows: these are
#'   read by the fit.
#' @seealso [source_dbi()], [source_function()]; [mirai_workers()]
#' @examples
#' file <- system.file("extdata", "ads.csv", package = "fastlogit")
#' fastlogit(click ~ hour + device, data = source_files(file))
#'
#' # Several files
#' rows <- read.csv(file)
#' months <- split(rows, substr(rows$day, 1, 7))
#' files <- file.path(tempdir(), paste0("ads-", names(months), ".csv"))
#' for (i in seq_along(files)) write.csv(months[[i]], files[i], row.names = FALSE)
#' fastlogit(click ~ hour + device, data = source_files(files))
#'
#' # Another separator, and a class that the values do not show
#' write.table(rows, files[1], sep = ";", row.names = FALSE)
#' source <- source_files(files[1], sep = ";", colClasses = c(hour = "factor"))
#' nobs(fastlogit(click ~ hour, data = source))
#' @export
source_files <- function(paths,
                         colClasses = NULL,  # nolint: a name of R's
                         sep = ",", chunk_bytes = 2^23) {
  check_that(is_text(paths), paths, "`paths` must be names of files")
  missing <- paths[!file.exists(paths)]
  if (length(missing)) input_error("there is no file ", listed(paste0("\"", missing, "\"")), ".")
  folders <- paths[dir.exists(paths)]
  if (length(folders)) {
    input_error(listed(paste0("\"", folders, "\"")), " is a folder: name the files, as by dir().")
  }
  check_classes(colClasses)
  check_separator(sep)
  check_that(
    is_number(chunk_bytes) && chunk_bytes >= 1 && chunk_bytes < 2^53, chunk_bytes,
    "`chunk_bytes` must be a number from 1 to 2^53"
  )
  if (any(is_parquet(paths))) check_installed("nanoparquet", "to read Parquet files")
  new_source("files",
    paths = normalizePath(paths), classes = colClasses, sep = sep, chunk_bytes = chunk_bytes
  )
}

#' Rows from a database
#'
#' As [source_files()], from a table or a query of any database that package DBI can open. Rows are
#' fetched chunk by chunk, over a connection of their own, and are what the driver makes of them:
#' NULL is missing, and integers of 64 bits become numerics.
#'
#' @param connect a function without arguments that opens a connection, such as
#'   `function() DBI::dbConnect(RSQLite::SQLite(), "ads.sqlite")`. It is called when rows are read,
#'   and the connection is closed afterwards.
#' @param table the name of a table, or [DBI::Id()] or [DBI::SQL()] of one in a schema.
#' @param query a query, in place of a table; or several, as by ranges of a key, whose rows are
#'   taken one after another; with `workers` each of these is read by a worker. Where the order of
#'   its rows is left open, two passes may see two orders.
#' @param chunk_rows how many rows are fetched at a time.
#' @inherit source_files return
#' @seealso [source_files()], [source_function()]
#' @examplesIf requireNamespace("RSQLite", quietly = TRUE)
#' file <- system.file("extdata", "ads.sqlite", package = "fastlogit")
#' connect <- function() DBI::dbConnect(RSQLite::SQLite(), file, flags = RSQLite::SQLITE_RO)
#' fastlogit(click ~ hour + device, data = source_dbi(connect, table = "ads"))
#'
#' # What a query gives
#' phones <- source_dbi(connect, query = "SELECT click, hour FROM ads WHERE device = 'phone'")
#' fastlogit(click ~ hour, data = phones)
#' @export
source_dbi <- function(connect, table = NULL, query = NULL, chunk_rows = 1e5) {
  check_that(is.function(connect), connect, "`connect` must be a function that opens a connection")
  if (is.null(table) == is.null(query)) input_error("give either a `table` or a `query`.")
  is_table <- is.null(table) || methods::is(table, "Id") || is_text(table) && length(table) == 1L
  check_that(is_table, table, "`table` must be the name of a table")
  check_that(is.null(query) || is_text(query), query, "`query` must be one or more queries as text")
  check_that(
    is_number(chunk_rows) && chunk_rows >= 1, chunk_rows, "`chunk_rows` must be a number of rows"
  )
  check_installed("DBI", "to read from a database")
  new_source("dbi", connect = connect, table = table, query = query, chunk_rows = chunk_rows)
}

#' Rows from a function
#'
#' As [source_files()], from a function that hands out chunks, as `biglm::bigglm()` takes it.
#'
#' @param f a function of one argument, `reset`: `f(reset = TRUE)` goes back to the first row,
#'   `f(reset = FALSE)` returns the next rows as a data frame, `NULL` after the last ones.
#' @inherit source_files return
#' @seealso [source_files()], [source_dbi()]
#' @examples
#' chunks <- split(oring, rep(1:2, length.out = nrow(oring)))
#' at <- 0
#' next_rows <- function(reset) {
#'   if (reset) at <<- 0 else if (at < 2) chunks[[at <<- at + 1]]
#' }
#' fastlogit(fail ~ temp, data = source_function(next_rows))
#' @export
source_function <- function(f) {
  check_that(is.function(f), f, "`f` must be a function")
  new_source("function", f = f)
}

new_source <- function(kind, ...) {
  structure(list(...), class = c(paste0("source_", kind), "fastlogit_source"))
}

open_source <- function(source, wanted = NULL) UseMethod("open_source")
count_rows <- function(source) UseMethod("count_rows")
fingerprint <- function(source) UseMethod("fingerprint")
split_source <- function(source) UseMethod("split_source")

#' @export
print.fastlogit_source <- function(x, ...) {
  cat("Rows from ", source_title(x), "\n", sep = "")
  invisible(x)
}

source_title <- function(source) {
  switch(class(source)[1L],
    source_files = listed(basename(source$paths)),
    source_dbi = if (length(source$query) > 1L) {
      paste(length(source$query), "queries")
    } else if (length(source$query)) {
      "a query"
    } else {
      table_title(source$table)
    },
    source_function = "a function"
  )
}

check_separator <- function(sep) {
  single <- is_text(sep) && length(sep) == 1L && nchar(sep, "bytes") == 1L
  sign <- single && !grepl("[\"\r\nA-Za-z0-9.+-]", sep)
  check_that(sign, sep, "`sep` must be a single sign, such as \",\", \";\" or \"\\t\"")
}

is_text <- function(x) is.character(x) && length(x) > 0L && !anyNA(x)

check_installed <- function(package, why) {
  if (requireNamespace(package, quietly = TRUE)) return(invisible())
  input_error("package ", package, " is needed ", why, ": install it.")
}

# visit(chunk) for all chunks of a source; the reader is closed whatever happens.
for_each_chunk <- function(source, wanted, visit) {
  reader <- open_source(source, wanted)
  on.exit(reader$close())
  repeat {
    chunk <- reader$next_chunk()
    if (is.null(chunk)) break
    check_that(is.data.frame(chunk), chunk, "the source must give data frames")
    if (nrow(chunk)) visit(chunk)
  }
}

# Reading a source: list(rows = a function of the number read, done =).
reading_progress <- function(source) {
  bar <- progress_line(paste0("reading ", source_title(source), ": {rows} rows"))
  list(rows = function(rows) bar$show(rows = format(rows, big.mark = ",", scientific = FALSE)),
       done = bar$done)
}

warn_not_kept <- function(...) {
  fit_warning(
    "fastlogit_cache_not_kept", "the rows are not kept in `cache` for the next fit: ", ..., "."
  )
}

# A name, or its parts where it is a DBI::Id.
table_title <- function(table) {
  paste(if (methods::is(table, "Id")) table@name else table, collapse = ".")
}

# A text that tells texts, or bytes, from others.
checksum_of <- function(x) {
  checksum_impl(if (is.raw(x)) x else charToRaw(paste(enc2utf8(x), collapse = "\n")))
}

# --- functions ------------------------------------------------------------------------------------

# Rows from a function, as biglm::bigglm() takes it.

#' @export
open_source.source_function <- function(source, wanted = NULL) {
  source$f(reset = TRUE)
  list(next_chunk = function() source$f(reset = FALSE), close = function() invisible())
}

#' @export
count_rows.source_function <- function(source) NA_real_

#' @export
fingerprint.source_function <- function(source) NULL

#' @export
split_source.source_function <- function(source) list(source)
