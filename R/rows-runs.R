# Passes over the rows of a fit that are stored, by runs of blocks.

# A run of rows: y, weights, n, offset, eta, working (the working weights), of as many rows.
run_of_rows <- function(fit, first, last, problem = problem_of_fit(fit, 1L)) {
  of <- fit$stored
  known <- of$response
  column <- function(number) {
    if (!is.null(number)) stored_columns(of$handle, number, first, last)[[1L]]
  }
  coefficients <- ifelse(is.na(fit$coefficients), 0, fit$coefficients)
  at <- stored_predictors(problem, coefficients, first, last)
  y <- column(known$y)
  if (!is.null(known$rows$outcome)) y <- known$rows$outcome[y]
  one <- rep.int(1, length(y))
  weights <- column(known$weights) %||% one
  n <- column(known$trials) %||% if (isTRUE(known$counts)) weights else one
  list(
    y = y, weights = weights, n = n, offset = column(of$offset$columns), eta = drop(at$eta),
    working = at$weights
  )
}

# The sum of f(run) over all rows.
sum_rows <- function(fit, f) {
  if (are_with_workers(fit$stored$handle)) return(sum_over_partitions(fit, f))
  problem <- problem_of_fit(fit, 1L)
  total <- 0
  for_each_run(fit$stored$handle, function(first, last) {
    total <<- total + f(run_of_rows(fit, first, last, problem))
  })
  total
}

# The deviance of a model without coefficients.
deviance_at_offset <- function(rows, family) {
  fit <- list(coefficients = numeric(length(rows$design$names)), family = family, stored = rows)
  sum_rows(fit, function(row) sum(family$dev.resids(row$y, family$linkinv(row$eta), row$weights)))
}

# Proportions of the classes, and weights.
class_run <- function(of, first, last) {
  known <- of$response
  read <- function(columns) stored_columns(of$handle, columns, first, last)
  observed <- if (is.null(known$rows$category)) {
    do.call(cbind, read(known$rows$y))
  } else {
    category <- known$rows$classes[read(known$rows$category)[[1L]]]
    observed_classes(list(category = category, levels = known$levels))
  }
  list(observed = observed, weights = if (is.null(known$weights)) 1 else read(known$weights)[[1L]])
}

working_residuals <- function(row, family) {
  (row$y - family$linkinv(row$eta)) / family$mu.eta(row$eta)
}

sum_over_partitions <- function(fit, f) {
  rows <- rows_of(fit)
  problem <- problem_of(rows, model_of(fit))
  fit <- fit[intersect(c("coefficients", "family", "penalty"), names(fit))]
  of_part <- travelling(function(part) {
    fit$stored <- part$rows
    sum_rows(fit, f)
  }, fit = fit, f = f)
  answers <- over_partitions(rows, problem, of_part)
  Reduce(`+`, answers)
}

# --- as a model frame -----------------------------------------------------------------------------

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
