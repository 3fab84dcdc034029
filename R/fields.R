# Values as bytes, and back: what files say of themselves. Nothing but vectors of numbers and words,
# and lists of these by name, can be written or read, so reading runs no code; and nothing is
# reserved for more than the bytes that are there.
#
# A value is its type (a byte), whether it has names (a byte), its length (a double), the names, and
# its elements: numbers as the machine has them; of words first the lengths in bytes, -1 for NA, and
# the marks of their encodings.

field_types <- c("NULL", "logical", "integer", "double", "character", "list")
deepest_fields <- 8L

pack_fields <- function(x) {
  type <- match(typeof(x), field_types)
  names <- names(x)
  attributes(x) <- NULL
  elements <- switch(field_types[type],
    "NULL" = raw(),
    list = unlist(lapply(x, pack_fields)),
    character = pack_words(x),
    writeBin(x, raw())
  )
  c(
    as.raw(c(type, !is.null(names))), writeBin(as.double(length(x)), raw()),
    if (!is.null(names)) pack_words(names), elements
  )
}

encodings <- c("unknown", "latin1", "UTF-8", "bytes")

# The bytes as they are: words of a file may be of no encoding.
pack_words <- function(words) {
  marks <- as.raw(match(Encoding(words), encodings))
  lengths <- ifelse(is.na(words), -1L, nchar(words, "bytes"))
  if (length(words)) Encoding(words) <- "bytes"
  c(writeBin(lengths, raw()), marks, charToRaw(paste(words[!is.na(words)], collapse = "")))
}

# An error of class fastlogit_unreadable where the bytes are no values.
unpack_fields <- function(bytes) {
  connection <- rawConnection(bytes)
  on.exit(close(connection))
  from <- list2env(list(connection = connection, left = length(bytes)))
  value <- unpack_next(from, 1L)
  if (from$left != 0) unreadable()
  value
}

unreadable <- function() fit_error("fastlogit_unreadable", "the bytes are no values.")

unpack_next <- function(from, depth) {
  head <- as.integer(take(from, "raw", 2, 1))
  length <- take(from, "double", 1, 8)
  known <- head[1L] %in% seq_along(field_types) && head[2L] %in% 0:1
  if (depth > deepest_fields || !known || !is_count(length)) unreadable()
  type <- field_types[head[1L]]
  names <- if (head[2L] == 1L) unpack_words(from, length)
  value <- switch(type,
    "NULL" = if (length > 0) unreadable(),
    list = {
      if (length > from$left / 10) unreadable()
      lapply(seq_len(length), function(i) unpack_next(from, depth + 1L))
    },
    character = unpack_words(from, length),
    take(from, type, length, if (type == "double") 8 else 4)
  )
  if (!is.null(names)) names(value) <- names
  value
}

is_count <- function(x) isTRUE(x >= 0 && x == floor(x) && x < 2^31)

take <- function(from, what, n, size) {
  if (n * size > from$left) unreadable()
  from$left <- from$left - n * size
  value <- readBin(from$connection, what, n)
  if (length(value) != n) unreadable()
  value
}

unpack_words <- function(from, n) {
  if (n == 0) return(character())
  lengths <- take(from, "integer", n, 4)
  marks <- as.integer(take(from, "raw", n, 1))
  missing <- lengths %in% -1L
  lengths[missing] <- 0L
  if (anyNA(lengths) || any(lengths < 0L) || !all(marks %in% seq_along(encodings))) unreadable()
  bytes <- take(from, "raw", sum(as.double(lengths)), 1)
  if (any(bytes == 0L)) unreadable()
  words <- readChar(bytes, lengths, useBytes = TRUE)
  Encoding(words) <- encodings[marks]
  if (!all(validUTF8(words[marks == match("UTF-8", encodings)]))) unreadable()
  words[missing] <- NA
  words
}
