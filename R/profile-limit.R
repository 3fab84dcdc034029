# Profiles of separated data: the least upper bound of the likelihood with some coefficients held.
#
# What is left of the cone C (recession.R) with coefficients held are its directions in which they
# do not move. Along these the likelihood rises towards that of the rows that are strict on none of
# them, which has a maximum: the bound. So the profile of a coefficient j is,
#   where b_j is 0 on C, that of the rows that are not separated;
#   where b_j keeps a sign on C, one that rises for ever on that side; on the other side it falls,
#   and what is strict on C with b_j = 0 has no say in it;
#   where b_j takes both signs, flat: the bound is the same at every value.

# A fit as its profiles see it: the rows as the C++ core reads them, the coefficients class by
# class, and where the data are separated, the signs of infinity.
as_profiled <- function(fit, threads = NULL) {
  many <- inherits(fit, "fastmultinom")
  list(
    fit = fit, rows = if (many) class_rows(fit, threads) else binary_rows(fit, threads),
    coefficients = as.vector(t(coefficient_table(fit))),
    signs = if (!is.null(fit$recession)) flat_values(fit$recession)
  )
}

# A function of the coefficients held: the rows that decide the bound, and coefficients to begin
# with, NA where these rows do not determine them, as list(rows = , coefficients = ); `rows` is NULL
# where the bound is a likelihood of 1. NULL where doubles cannot tell.
limit_finder <- function(profiled) {
  fit <- profiled$fit
  find <- if (is_elsewhere(fit)) {
    span_finder_elsewhere(fit, profiled$rows)
  } else if (inherits(fit, "fastmultinom")) {
    class_span_finder(profiled$rows, length(fit$lab))
  } else if (is_too_large(profiled$rows$design)) {
    sparse_span_finder(fit, profiled$rows)
  } else {
    span_finder(profiled$rows, fit$family$link)
  }
  function(held = integer()) {
    found <- find(held)
    if (is.null(found)) return(NULL)
    list(rows = found$rows, coefficients = settled_along(profiled$coefficients, found$span))
  }
}

# Moved along the span until as many of them as it has dimensions are zero, which are NA then.
settled_along <- function(coefficients, span) {
  if (ncol(span) == 0L) return(coefficients)
  fixed <- qr(t(span), LAPACK = TRUE)$pivot[seq_len(ncol(span))]
  known <- !is.na(coefficients)
  move <- span %*% solve(span[fixed, , drop = FALSE], coefficients[fixed])
  coefficients[known] <- (coefficients - drop(move))[known]
  coefficients[fixed] <- NA
  coefficients
}

# --- what is strict with coefficients held -------------------------------------------------------
# Functions of the coefficients held, of list(span = , rows = ): what C spans there, and the rows
# less what is strict.

# Two classes.
span_finder <- function(rows, link) {
  weights <- row_weights(rows)
  used <- which(weights > 0)
  x <- dense_rows(rows$design, used)
  demand <- demands(rows$response, link)[used]
  distinct <- distinct_rows(x, demand)
  coordinates <- orthonormal_rows(x[distinct$first, , drop = FALSE])
  sign <- demand[distinct$first]
  ordered <- sign[sign != 0] * coordinates$rows[sign != 0, , drop = FALSE]
  fixed <- coordinates$rows[sign == 0, , drop = FALSE]
  function(held) {
    still <- rbind(fixed, coordinates$back[held, , drop = FALSE])
    cone <- cone_span(ordered, still, coordinates$back)
    strict <- logical(length(sign))
    strict[sign != 0] <- cone$strict
    apart <- strict[distinct$number]
    list(span = cone$span, rows = if (!all(apart)) rows_without(rows, used[apart]))
  }
}

row_weights <- function(rows) {
  weights <- rows$response$weights
  if (is.null(weights)) rep.int(1, rows$design$rows) else weights
}

rows_without <- function(rows, apart) {
  if (length(apart) == 0L) return(rows)
  rows$response$weights <- replace(row_weights(rows), apart, 0)
  rows
}

# Many classes: a row may be told from some of them only.
class_span_finder <- function(rows, classes) {
  used <- which(row_weights(rows) > 0)
  x <- dense_rows(rows$design, used)
  levels <- seq_len(classes)
  observed <- observed_classes(c(rows$response, list(levels = levels)))[used, , drop = FALSE] > 0
  distinct <- distinct_rows(x, drop(observed %*% 2^levels))
  coordinates <- orthonormal_rows(x[distinct$first, , drop = FALSE])
  asked <- class_demands(coordinates$rows, observed[distinct$first, , drop = FALSE])
  back <- kronecker(diag(classes - 1L), coordinates$back)
  function(held) {
    cone <- cone_span(asked$ordered, rbind(asked$fixed, back[held, , drop = FALSE]), back)
    apart <- matrix(FALSE, length(distinct$first), classes)
    apart[cbind(asked$row, asked$class)[cone$strict, , drop = FALSE]] <- TRUE
    apart <- apart[distinct$number, , drop = FALSE]
    all_apart <- all(rowSums(apart) == classes - 1L)
    list(span = cone$span, rows = if (!all_apart) rows_without_classes(rows, used, apart))
  }
}

# Offsets take the classes away that rows are told from; the baseline's is zero.
rows_without_classes <- function(rows, used, apart) {
  out <- 1e4
  others <- apart[, -1L, drop = FALSE]
  shift <- out * (apart[, 1L] * (!others) - others)
  offset <- rows$response$offset
  if (is.null(offset)) offset <- matrix(0, rows$design$rows, ncol(others))
  offset[used, ] <- offset[used, ] + shift
  rows$response$offset <- offset
  rows
}

# Sparse rows of which no dense copy is made: from fits without the columns.
sparse_span_finder <- function(fit, rows) {
  control <- quietly(fit$control)
  link <- fit$family$link
  response <- c(rows$response[c("y", "complement")], list(weights = row_weights(rows)))
  function(held) {
    kept <- setdiff(seq_along(rows$design$names), held)
    design <- as_design(rows$design$sparse[, kept, drop = FALSE])
    solve <- function(of) {
      starts <- list(list(coefficients = numeric(length(kept))))
      solve_rows(design, of, rows$response$offset, rows$model, starts, control, "newton")
    }
    solved <- solve(response)
    none <- list(span = matrix(0, length(rows$design$names), 0L), rows = rows)
    if (solved$status %in% c("converged", "boundary")) return(none)
    found <- find_sparse_separation(design, response, fit$family, solved, solve)
    if (is.null(found)) return(NULL)
    left <- setdiff(which(response$weights > 0), found$rows)
    if (length(left) == 0L) return(list(span = none$span, rows = NULL))
    rest <- solve(without_rows(response, found$rows))
    free <- which(rest$aliased & !solved$aliased)
    basis <- sparse_null_space(design$sparse, left, which(!rest$aliased), free)
    span <- matrix(0, length(rows$design$names), length(free))
    span[kept, ] <- as.matrix(basis)
    list(span = span, rows = rows_without(rows, found$rows))
  }
}

# Rows elsewhere.
span_finder_elsewhere <- function(fit, rows) {
  placed <- fit$elsewhere
  table <- coefficient_table(fit)
  kept <- which(!is.na(table[1L, ]))
  of_all <- as.vector(outer(kept, (seq_len(nrow(table)) - 1L) * ncol(table), "+"))
  function(held) {
    found <- cone_elsewhere(placed, rows, fit$family$link, kept, match(held, of_all))
    if (is.null(found)) return(NULL)
    span <- matrix(0, length(table), ncol(found$cone$span))
    span[of_all, ] <- found$cone$span
    if (!any(found$cone$strict)) return(list(span = span, rows = rows))
    apart <- if (nrow(table) > 1L) found$answer$apart else found$answer$separated
    rows$leave_out <- replace(numeric(length(table)), of_all, found$cone$direction)
    list(span = span, rows = if (apart < found$answer$used) rows)
  }
}
