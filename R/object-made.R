# What a large fit in memory has for each row, made when it is asked for: see object-deferred.R.

# All of them, as the fit would have kept them.
values_by_row <- function(fit) {
  of <- .subset2(fit, "deferred")
  if (is_of_sets(fit)) return(set_parts_by_row(rows_of(fit, fit$threads), of))
  rows <- rows_for_values(fit)
  solved <- rows$solved %||% solved_again(fit, rows)
  parts <- parts_by_row(rows, fit$family, solved)
  if (!is.null(fit$family)) return(parts[row_components])
  shown <- nnet_components(
    coefficient_matrix(fit), parts$probabilities, parts$observed, fit$deviance
  )
  c(shown[c("fitted.values", "residuals")], parts[c("linear.predictors", "weights")])
}

# The codes of factors as they are: values need no pattern.
rows_for_values <- function(fit) {
  of <- .subset2(fit, "deferred")
  if (is.null(of$kept)) rows_of(fit, fit$threads, sparse = FALSE) else rows_kept(of)
}

rows_kept <- function(of) {
  rows <- of$kept
  if (is.null(rows$response$weights)) rows$response$weights <- rep.int(1, of$rows)
  if (!is.null(rows$row.names)) {
    rows$names <- row.names(structure(list(), row.names = rows$row.names, class = "data.frame"))
  }
  rows
}

# Of two classes, the least and the largest mean.
range_of_deferred <- function(fit) {
  rows <- rows_for_values(fit)
  means_between(model_of(fit), rows$solved %||% solved_again(fit, rows))
}

solved_again <- function(fit, rows) {
  at <- list(coefficients = .subset2(fit, "deferred")$coefficients)
  with_values_by_row(at, problem_of(rows, model_of(fit), fit$threads))
}

# The components that are there by name only.
not_yet_made <- function(fit) {
  names <- intersect(c(deferred_rows(fit), "data", "offset"), names(fit))
  names[vapply(names, function(name) is.null(.subset2(fit, name)), NA)]
}

made_of_deferred <- function(fit, name) {
  if (!name %in% not_yet_made(fit)) return(NULL)
  if (name == "data") return(data_of_deferred(fit))
  if (name == "offset") return(offset_of_deferred(fit))
  values_by_row(fit)[[name]]
}

# A fit with all that is made on demand but its decomposition.
with_deferred <- function(fit) {
  names <- not_yet_made(fit)
  class <- oldClass(fit)
  values <- list(data = data_of_deferred(fit), offset = offset_of_deferred(fit))
  if (length(setdiff(names, names(values)))) values <- c(values, values_by_row(fit))
  fit <- unclass(fit)
  fit[names] <- values[names]
  fit["deferred"] <- NULL
  structure(fit, class = class)
}

offset_of_deferred <- function(fit) {
  frame <- .subset2(fit, "model")
  if (!is.null(frame) && !is.null(fit$family)) offset_in_frame(frame)
}

data_of_deferred <- function(fit) {
  apart <- .subset2(fit, "deferred")$data
  if (!is.null(apart)) with_shared(apart, .subset2(fit, "model"))
}

with_shared <- function(apart, frame) {
  columns <- apart$columns
  shared <- which(!is.na(apart$at))
  columns[shared] <- unclass(frame)[apart$at[shared]]
  if (apart$shared_names) attr(columns, "row.names") <- .row_names_info(frame, 0L)
  structure(columns, class = apart$class)
}
