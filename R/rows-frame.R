# Rows that are stored, as a model frame: what model.frame() would give of all of them.

# The model frame, as large as it is.
stored_frame <- function(of) {
  frame <- unclass(of$prototype)
  columns <- lapply(frame, function(x) NULL)
  terms <- attr(of$prototype, "terms")
  stored <- of$design$variables
  last <- cache_facts(of$handle)$blocks
  read <- function(columns) stored_columns(of$handle, columns, 1L, as.integer(last))
  for (i in seq_along(stored)) {
    if (is.null(stored[[i]])) next
    values <- read(stored[[i]]$columns)
    columns[[i]] <- restored(values, frame[[i]], stored[[i]]$table)
  }
  response <- attr(terms, "response")
  columns[[response]] <- stored_response(of, read, frame[[response]])
  if (!is.null(of$offset)) {
    # All offsets are kept as their sum.
    places <- attr(terms, "offset")
    columns[places] <- list(numeric(of$design$rows))
    first <- if (length(places)) names(columns)[places[1L]] else "(offset)"
    columns[[first]] <- stored_offset(of, read)
  }
  if (!is.null(of$response$weights) && !isTRUE(of$response$counts)) {
    columns[["(weights)"]] <- read(of$response$weights)[[1L]]
  }
  kept <- !vapply(columns, is.null, NA)
  structure(
    columns[kept], class = "data.frame", row.names = .set_row_names(of$design$rows), terms = terms
  )
}

# Of each predictor, by the names of their classes; one column where they are the same.
stored_offset <- function(of, read) {
  offset <- of$offset
  if (length(offset$base) == 0L && length(unique(offset$columns)) == 1L) {
    return(read(offset$columns[1L])[[1L]])
  }
  values <- do.call(cbind, read(offset$columns))
  if (length(offset$base)) values <- values - read(offset$base)[[1L]]
  colnames(values) <- of$response$levels[-1L]
  values
}

restored <- function(values, prototype, table) {
  if (is.logical(prototype)) return(table[values[[1L]]] == 2L)
  if (!is.null(table)) {
    codes <- table[values[[1L]]]
    attributes(codes) <- attributes(prototype)
    return(codes)
  }
  if (is.matrix(prototype)) {
    matrix <- do.call(cbind, values)
    old <- attributes(prototype)
    old$dim <- dim(matrix)
    old$dimnames <- list(NULL, colnames(prototype))
    attributes(matrix) <- old
    return(matrix)
  }
  values <- values[[1L]]
  attributes(values) <- attributes(prototype)
  values
}

stored_response <- function(of, read, prototype) {
  known <- of$response
  if (!is.null(known$dictionary)) {
    codes <- read(c(known$y, known$category))[[1L]]
    return(factor(known$dictionary$words[codes], known$levels))
  }
  y <- read(known$y)
  if (length(y) > 1L) {
    counts <- do.call(cbind, y) * read(known$weights)[[1L]]
    return(`colnames<-`(counts, known$classes))
  }
  if (isTRUE(known$counts)) {
    n <- read(if (is.null(known$trials)) known$weights else known$trials)[[1L]]
    both <- cbind(y[[1L]] * n, (1 - y[[1L]]) * n)
    return(`colnames<-`(round(both, 9L), colnames(prototype)))
  }
  if (isTRUE(known$logical)) y[[1L]] == 1 else y[[1L]]
}

# The offset of a fit of many classes, n x (K - 1). classes: see shape_class_offset().
stored_class_offset <- function(of, classes) {
  if (is.null(of$offset)) return(NULL)
  blocks <- as.integer(cache_facts(of$handle)$blocks)
  read <- function(columns) stored_columns(of$handle, columns, 1L, blocks)
  shape_class_offset(stored_offset(of, read), classes)
}
