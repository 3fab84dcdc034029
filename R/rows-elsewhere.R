# Passes over the rows of a fit that are elsewhere, by runs of blocks, and what comes of them.

# A run of rows: y, weights, n, offset, eta, working (the working weights), of as many rows.
run_of_rows <- function(fit, first, last, rows = rows_elsewhere(fit, 1L)) {
  of <- fit$elsewhere
  known <- of$settled$response
  column <- function(number) {
    if (!is.null(number)) stored_columns(of$handle, number, first, last)[[1L]]
  }
  coefficients <- ifelse(is.na(fit$coefficients), 0, fit$coefficients)
  at <- stored_predictors(rows, coefficients, first, last)
  y <- column(known$y)
  if (!is.null(known$rows$outcome)) y <- known$rows$outcome[y]
  weights <- column(known$weights)
  if (is.null(weights)) weights <- rep.int(1, length(y))
  n <- if (!is.null(known$trials)) {
    column(known$trials)
  } else if (isTRUE(known$counts)) {
    weights
  } else {
    rep.int(1, length(y))
  }
  list(
    y = y, weights = weights, n = n, offset = column(of$settled$offset$columns), eta = drop(at$eta),
    working = at$weights
  )
}

# The sum of f(run) over all rows.
sum_rows <- function(fit, f) {
  if (are_with_workers(fit$elsewhere$handle)) return(sum_over_partitions(fit, f))
  rows <- rows_elsewhere(fit, 1L)
  total <- 0
  for_each_run(fit$elsewhere$handle, function(first, last) {
    total <<- total + f(run_of_rows(fit, first, last, rows))
  })
  total
}

# The deviance of a model without coefficients.
deviance_at_offset <- function(placed, family) {
  fit <- list(
    coefficients = numeric(length(placed$settled$design$names)), family = family,
    elsewhere = placed
  )
  sum_rows(fit, function(row) sum(family$dev.resids(row$y, family$linkinv(row$eta), row$weights)))
}

# Pearson's, as summary.glm() estimates it.
dispersion_elsewhere <- function(fit) {
  if (fit$df.residual <= 0) return(NaN)
  family <- fit$family
  sum_rows(fit, function(row) {
    used <- row$working > 0
    sum((row$working * working_residuals(row, family)^2)[used])
  }) / fit$df.residual
}

working_residuals <- function(row, family) {
  (row$y - family$linkinv(row$eta)) / family$mu.eta(row$eta)
}

# --- what a fit in memory keeps of its rows ------------------------------------------------------

row_components <- c(
  "residuals", "fitted.values", "linear.predictors", "weights", "prior.weights", "y"
)

# The components asked for, by one pass.
read_components <- function(fit, names) {
  family <- fit$family
  make <- list(
    residuals = function(row) working_residuals(row, family),
    fitted.values = function(row) family$linkinv(row$eta),
    linear.predictors = function(row) row$eta, weights = function(row) row$working,
    prior.weights = function(row) row$weights, y = function(row) row$y
  )[names]
  out <- lapply(make, function(f) numeric(fit$elsewhere$rows))
  done <- 0
  rows <- rows_elsewhere(fit, 1L)
  for_each_run(fit$elsewhere$handle, function(first, last) {
    row <- run_of_rows(fit, first, last, rows)
    at <- done + seq_along(row$y)
    for (name in names) out[[name]][at] <<- make[[name]](row)
    done <<- done + length(row$y)
  })
  out
}

#' @export
`$.fastlogit_elsewhere` <- function(x, name) {
  name <- full_name(name, c(names(x), on_demand, row_components), glm_components)
  value <- .subset2(x, name)
  if (!is.null(value)) return(value)
  component_elsewhere(x, name)
}

#' @export
`[[.fastlogit_elsewhere` <- function(x, i, ...) {
  value <- .subset2(x, i, ...)
  if (!is.null(value) || !is.character(i) || length(i) != 1L) return(value)
  component_elsewhere(x, i)
}

component_elsewhere <- function(fit, name) {
  if (name %in% row_components) return(read_components(fit, name)[[name]])
  if (name == "model") return(NULL)
  if (name %in% on_demand) return(decompose_again(bring_rows(fit))[[name]])
  NULL
}

#' @export
model.frame.fastlogit_elsewhere <- function(formula, ...) frame_elsewhere(formula)

# The model frame, as large as it is.
frame_elsewhere <- function(fit) {
  of <- fit$elsewhere
  frame <- unclass(of$settled$prototype)
  columns <- lapply(frame, function(x) NULL)
  terms <- attr(of$settled$prototype, "terms")
  stored <- of$settled$design$variables
  last <- cache_facts(of$handle)$blocks
  read <- function(columns) stored_columns(of$handle, columns, 1L, as.integer(last))
  for (i in seq_along(stored)) {
    if (is.null(stored[[i]])) next
    values <- read(stored[[i]]$columns)
    columns[[i]] <- restored(values, frame[[i]], stored[[i]]$table)
  }
  response <- attr(terms, "response")
  columns[[response]] <- response_elsewhere(of, read, frame[[response]])
  if (!is.null(of$settled$offset)) {
    # All offsets are kept as their sum.
    places <- attr(terms, "offset")
    columns[places] <- list(numeric(of$rows))
    first <- if (length(places)) names(columns)[places[1L]] else "(offset)"
    columns[[first]] <- offset_elsewhere(of$settled, read)
  }
  if (!is.null(of$settled$response$weights) && !isTRUE(of$settled$response$counts)) {
    columns[["(weights)"]] <- read(of$settled$response$weights)[[1L]]
  }
  kept <- !vapply(columns, is.null, NA)
  structure(
    columns[kept], class = "data.frame", row.names = .set_row_names(of$rows), terms = terms
  )
}

# Of each predictor, by the names of their classes; one column where they are the same.
offset_elsewhere <- function(settled, read) {
  offset <- settled$offset
  if (length(offset$base) == 0L && length(unique(offset$columns)) == 1L) {
    return(read(offset$columns[1L])[[1L]])
  }
  values <- do.call(cbind, read(offset$columns))
  if (length(offset$base)) values <- values - read(offset$base)[[1L]]
  colnames(values) <- settled$response$levels[-1L]
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

response_elsewhere <- function(of, read, prototype) {
  known <- of$settled$response
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

# The fit as one in memory, with all its rows: as large as they are.
bring_rows <- function(fit) {
  class <- setdiff(class(fit), "fastlogit_elsewhere")
  fit <- unclass(fit)
  fit[row_components] <- read_components(fit, row_components)
  fit$model <- frame_elsewhere(fit)
  fit["elsewhere"] <- NULL
  fit$offset <- offset_in_frame(fit$model)
  structure(fit, class = class)
}
