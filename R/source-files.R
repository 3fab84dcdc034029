# Rows from files: text, chunk by chunk, and Parquet, file by file.

is_parquet <- function(paths) grepl("[.]parquet$", paths, ignore.case = TRUE)

#' @export
open_source.source_files <- function(source, wanted = NULL) {
  state <- new.env(parent = emptyenv())
  state$file <- 0L
  state$classes <- source$classes
  list(
    next_chunk = function() {
      repeat {
        chunk <- if (!is.null(state$reader)) state$reader$next_chunk()
        if (!is.null(chunk)) return(chunk)
        if (!is.null(state$reader)) state$reader$close()
        state$reader <- NULL
        if (state$file == length(source$paths)) return(NULL)
        state$file <- state$file + 1L
        path <- source$paths[state$file]
        state$reader <- if (is_parquet(path)) {
          parquet_reader(path, wanted)
        } else {
          text_reader(path, source, state, wanted)
        }
      }
    },
    close = function() if (!is.null(state$reader)) state$reader$close()
  )
}

# nanoparquet knows no parts of a file.
parquet_reader <- function(path, wanted) {
  read <- FALSE
  list(
    next_chunk = function() {
      if (read) return(NULL)
      read <<- TRUE
      rows <- as.data.frame(nanoparquet::read_parquet(path))
      columns <- intersect(names(rows), wanted)
      if (length(columns)) rows[columns] else rows
    },
    close = function() invisible()
  )
}

# Whole lines of about chunk_bytes at a time are written to a small file, which is parsed: by
# fread() where data.table is there, else by read.table(). state$classes: of the columns, as the
# first chunk of the first file shows them; later ones have to agree.
text_reader <- function(path, source, state, wanted) {
  connection <- if (is_compressed(path)) gzfile(path, "rb") else file(path, "rb")
  part <- tempfile("part-", fileext = ".csv")
  rest <- raw()
  header <- NULL
  row <- 0
  # The next lines are put into `part`: what write_lines_impl() says of them, NULL after the last.
  take_lines <- function() {
    repeat {
      bytes <- readBin(connection, "raw", source$chunk_bytes)
      last <- length(bytes) == 0L
      found <- with_cache_errors(write_lines_impl(rest, bytes, part, last))
      rest <<- found$rest
      if (found$written) return(found)
      if (last) return(NULL)
    }
  }
  list(
    next_chunk = function() {
      lines <- take_lines()
      if (is.null(lines)) return(NULL)
      chunk <- parse_text(part, header, source$sep, state$classes, lines$doubled)
      header <<- names(chunk)
      state$classes <- agreed_classes(chunk, state$classes, path, row)
      row <<- row + nrow(chunk)
      columns <- intersect(names(chunk), wanted)
      if (length(columns)) chunk[columns] else chunk
    },
    close = function() {
      close(connection)
      unlink(part)
    }
  )
}

# header: the names of the columns, NULL where they are the first line; doubled: may there be
# doubled quotes?
parse_text <- function(file, header, sep, classes, doubled) {
  if (!requireNamespace("data.table", quietly = TRUE)) {
    return(parse_plainly(file, header, sep, classes))
  }
  chunk <- parse_quickly(file, header, sep, classes)
  if (doubled) with_single_quotes(chunk) else chunk
}

# fread() leaves a quote inside a quotation doubled.
with_single_quotes <- function(chunk) {
  single <- function(x) gsub("\"\"", "\"", x, fixed = TRUE)
  names(chunk) <- single(names(chunk))
  words <- vapply(chunk, is.character, NA)
  chunk[words] <- lapply(chunk[words], single)
  chunk
}

parse_quickly <- function(file, header, sep, classes) {
  first <- is.null(header)
  known <- if (first) classes else classes[intersect(names(classes), header)]
  if (length(known) && !first) {
    names(known) <- paste0("V", match(names(known), header))  # as fread() counts them
  }
  arguments <- list(
    quote(data.table::fread), file, sep = sep, header = first, data.table = FALSE,
    integer64 = "double", showProgress = FALSE, na.strings = c("NA", ""), colClasses = known
  )
  if (!first) arguments$col.names <- header
  # A column whose values do not fit its class is told below, in our words.
  suppressWarnings(eval(as.call(arguments)))
}

parse_plainly <- function(file, header, sep, classes) {
  first <- is.null(header)
  if (first) {
    header <- unlist(utils::read.table(
      file, sep = sep, nrows = 1L, colClasses = "character", quote = "\"", comment.char = ""
    ))
  }
  # What is no number any more is told below.
  classes <- classes[!classes %in% c("numeric", "logical")]
  utils::read.table(
    file, sep = sep, header = FALSE, skip = as.integer(first), col.names = header,
    colClasses = ifelse(header %in% names(classes), classes[header], NA), quote = "\"",
    comment.char = "", check.names = FALSE, stringsAsFactors = FALSE, na.strings = c("NA", "")
  )
}

# Numbers stay numbers: a whole column may go on with fractions.
agreed_classes <- function(chunk, known, path, row) {
  found <- vapply(chunk, function(x) class(x)[1L], "")
  for (name in intersect(names(found), names(known))) {
    numbers <- c("integer", "numeric", "double")
    same <- found[[name]] == known[[name]] || all(c(found[[name]], known[[name]]) %in% numbers)
    if (same) next
    input_error(
      "column `", name, "` of ", basename(path), " is ", known[[name]], " in the rows before and ",
      found[[name]], " after row ", format(row, scientific = FALSE),
      ": say which by `colClasses = c(", name, " = \"...\")`."
    )
  }
  found[found == "integer"] <- "numeric"
  simple <- found %in% c("numeric", "character", "logical")
  known[names(found)[simple]] <- found[simple]
  known
}

# From the sizes of the files and the length of the first lines.
#' @export
count_rows.source_files <- function(source) {
  if (any(is_parquet(source$paths))) {
    counts <- vapply(source$paths, function(path) {
      as.numeric(nanoparquet::read_parquet_metadata(path)$file_meta_data$num_rows)
    }, 0)
    return(sum(counts))
  }
  path <- source$paths[1L]
  connection <- if (is_compressed(path)) gzfile(path, "rb") else file(path, "rb")
  on.exit(close(connection))
  bytes <- readBin(connection, "raw", 2^18)
  lines <- max(1L, sum(bytes == as.raw(10L)))
  # Text packs to about a quarter.
  packed <- ifelse(is_compressed(source$paths), 4, 1)
  sum(file.size(source$paths) * packed) / (length(bytes) / lines)
}

is_compressed <- function(paths) grepl("[.](gz|bz2|xz)$", paths)

#' @export
fingerprint.source_files <- function(source) {
  facts <- file.info(source$paths)
  c(source$paths, format(facts$size, digits = 22L), format(as.numeric(facts$mtime), digits = 22L),
    names(source$classes), source$classes, source$sep)
}

#' @export
split_source.source_files <- function(source) {
  lapply(source$paths, function(path) {
    source$paths <- path
    source
  })
}
