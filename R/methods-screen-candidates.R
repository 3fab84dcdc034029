# Candidates of a screen: columns in memory, or from a source, some at a time.

# What gives them: a list of
#   count        how many there are, NA where that is not known before the last
#   next_block   function of at most how many to give: list(columns, names), columns as
#                screen_impl() takes them; NULL after the last
as_candidates <- function(candidates) {
  if (is_source(candidates)) return(candidates_of_source(candidates))
  columns <- as_columns(candidates)
  names <- names_of_columns(columns)
  next_of <- counter(length(names))
  list(count = length(names), next_block = function(most) {
    at <- next_of(most)
    if (length(at)) list(columns = some_columns(columns, at), names = names[at])
  })
}

# A function that hands out numbers up to `count`, at most so many at a time.
counter <- function(count) {
  done <- 0L
  function(most) {
    at <- done + seq_len(min(most, count - done))
    done <<- done + length(at)
    at
  }
}

# Those of a source of rows: its columns, of which as many are read in a pass as blocks have.
candidates_of_source <- function(source) {
  if (inherits(source, "source_function")) return(candidates_of_function(source$f))
  reader <- open_source(source)
  names <- names(reader$next_chunk())
  reader$close()
  next_of <- counter(length(names))
  list(count = length(names), next_block = function(most) {
    at <- next_of(most)
    if (length(at)) list(columns = read_columns(source, names[at]), names = names[at])
  })
}

read_columns <- function(source, names) {
  chunks <- with_agreed_kinds(source, function(source) {
    chunks <- list()
    for_each_chunk(source, names, function(chunk) {
      chunks[[length(chunks) + 1L]] <<- chunk[names]
    })
    chunks
  })
  as_columns(do.call(rbind, chunks))
}

# A function that hands out blocks of columns.
candidates_of_function <- function(f) {
  f(reset = TRUE)
  seen <- 0L
  list(count = NA_integer_, next_block = function(most) {
    block <- f(reset = FALSE)
    if (is.null(block)) return(NULL)
    columns <- as_columns(block)
    names <- names_of_columns(columns, seen)
    seen <<- seen + length(names)
    list(columns = columns, names = names)
  })
}

# A matrix of numbers, truth values or raw codes, a dgCMatrix, or a list of vectors.
as_columns <- function(x) {
  if (is_sparse(x)) return(as_compressed(x))
  if (is.data.frame(x)) return(as_column_list(x))
  right <- is.matrix(x) && typeof(x) %in% c("double", "integer", "logical", "raw")
  check_that(
    right, x, "`candidates` must be a matrix of numbers, truth values or raw codes, a sparse ",
    "matrix, a data frame of numbers, or a source of columns, see ?screen"
  )
  x
}

as_column_list <- function(x) {
  right <- vapply(x, function(v) {
    is.null(dim(v)) && (is_number_like(v) && !is.object(v) || is.logical(v) || is.raw(v))
  }, NA)
  if (!all(right)) {
    first <- which(!right)[1L]
    input_error(
      "candidates must be numbers: column `", names(x)[first], "` is ", described(x[[first]]),
      ". model.matrix() makes columns of factors, each of which would be a candidate."
    )
  }
  as.list(x)
}

# before: how many came before these.
names_of_columns <- function(columns, before = 0L) {
  if (is.list(columns)) return(names(columns))
  colnames(columns) %||% sprintf("x%d", before + seq_len(ncol(columns)))
}

rows_of_columns <- function(columns) {
  if (is.list(columns)) length(columns[[1L]]) else nrow(columns)
}

# Which of their rows are the fit's: NULL for all.
kept_rows <- function(columns, rows, omitted) {
  given <- rows_of_columns(columns)
  if (given == rows) return(NULL)
  if (given == rows + length(omitted)) return(seq_len(given)[-omitted])
  input_error(
    "`candidates` must have one row for each of the ", rows, " rows of the fit",
    if (length(omitted)) paste0(" (or the ", rows + length(omitted), " of its data)"),
    ": found ", given, "."
  )
}
