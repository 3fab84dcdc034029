# Profiles of separated data: the least upper bound of the likelihood with some coefficients held.
#
# What is left of the cone C (cone.R) with coefficients held are its directions in which they
# do not move. Along these the likelihood rises towards that of the rows that are strict on none of
# them, which has a maximum: the bound. So the profile of a coefficient j is,
#   where b_j is 0 on C, that of the rows that are not separated;
#   where b_j keeps a sign on C, one that rises for ever on that side; on the other side it falls,
#   and what is strict on C with b_j = 0 has no say in it;
#   where b_j takes both signs, flat: the bound is the same at every value.

# A fit as its profiles see it: the rows as the C++ core reads them, the coefficients class by
# class, and where the data are separated, the signs of infinity: NA where the data leave a
# coefficient open, NaN where that was not decided.
as_profiled <- function(fit, threads = NULL) {
  found <- fit$separation_details
  list(
    fit = fit, rows = problem_of_fit(fit, threads),
    coefficients = as.vector(t(coefficient_table(fit))),
    signs = if (!is.null(found)) {
      ifelse(flat_names(found) %in% found$undecided, NaN, flat_values(found))
    }
  )
}

# A function of the coefficients held: the rows that decide the bound, and coefficients to begin
# with, NA where these rows do not determine them, as list(rows = , coefficients = ); `rows` is NULL
# where the bound is a likelihood of 1. NULL where the data were not decided.
limit_finder <- function(profiled) {
  fit <- profiled$fit
  known <- which(!is.na(profiled$coefficients))
  find <- if (is_stored(fit)) {
    left_of_stored(fit, profiled$rows)
  } else if (inherits(fit, "fastmultinom")) {
    left_of_classes(profiled$rows, length(fit$lab))
  } else {
    left_of_rows(profiled$rows, open_sides(fit$family, length(profiled$rows$response$y)))
  }
  of_all <- find(known, integer())
  begin <- profiled$coefficients
  # Of linear predictors that large, nothing is left of the others.
  if (any(abs(begin[known]) * column_sizes(of_all$demands) > 1e8)) begin[known] <- 0
  function(held = integer()) {
    free <- setdiff(known, held)
    found <- if (length(held)) find(free, held) else of_all
    if (is.null(found) || is.null(found$rows)) return(found)
    inner <- open_directions(found$demands, found$strict)
    span <- matrix(0, length(begin), ncol(inner))
    span[free, ] <- inner
    list(rows = found$rows, coefficients = moved_along(begin, span))
  }
}

column_sizes <- function(x) {
  vapply(seq_len(NCOL(x)), function(j) max(abs(x[, j]), 0), 0)
}

# A basis of the directions along which the demands that are not strict are zero. Of the others
# there is the size of the columns, beside which rounding is none.
open_directions <- function(demands, strict) {
  scale <- powers_of_two(column_sizes(demands))
  weak <- as.matrix(demands[!strict, , drop = FALSE])
  weak <- unit_rows(weak * rep(scale, each = nrow(weak)), 1e-10)
  null_space(weak) * scale
}

# Moved along the span until as many of them as it has dimensions are zero, which are NA then.
moved_along <- function(coefficients, span) {
  if (ncol(span) == 0L) return(coefficients)
  fixed <- qr(t(span), LAPACK = TRUE)$pivot[seq_len(ncol(span))]
  known <- !is.na(coefficients)
  move <- span %*% solve(span[fixed, , drop = FALSE], coefficients[fixed], tol = 0)
  coefficients[known] <- (coefficients - drop(move))[known]
  coefficients[fixed] <- NA
  coefficients
}

# --- what is left with coefficients held ---------------------------------------------------------
# Functions of the coefficients that are free and those that are held, of list(rows = , demands = ,
# strict = ): the rows less what is strict, what all ask of the free coefficients, and which of that
# is strict. NULL where that is not known.

# Two classes.
left_of_rows <- function(rows, open) {
  weights <- row_weights(rows)
  used <- which(weights > 0)
  all_columns <- used_rows_of(rows$design, used)
  demand <- demands(rows$response, open)[used]
  function(free, held) {
    x <- all_columns[, free, drop = FALSE]
    strict <- if (length(free)) demanded_cone(x, demand)$strict else logical(length(used))
    if (is.null(strict)) return(NULL)
    list(
      rows = if (!all(strict)) rows_without(rows, used[strict]), demands = x, strict = strict
    )
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
left_of_classes <- function(rows, classes) {
  used <- which(row_weights(rows) > 0)
  x <- used_rows_of(rows$design, used, classes - 1L)
  levels <- seq_len(classes)
  observed <- observed_classes(c(rows$response, list(levels = levels)))[used, , drop = FALSE] > 0
  asked <- class_demands(x, observed)
  function(free, held) {
    ordered <- asked$ordered[, free, drop = FALSE]
    fixed <- asked$fixed[, free, drop = FALSE]
    strict <- if (length(free)) cone_of_rows(ordered, fixed)$strict else logical(nrow(ordered))
    if (is.null(strict)) return(NULL)
    apart <- matrix(FALSE, length(used), classes)
    apart[cbind(asked$row, asked$class)[strict, , drop = FALSE]] <- TRUE
    all_apart <- all(rowSums(apart) == classes - 1L)
    list(
      rows = if (!all_apart) rows_without_classes(rows, used, apart),
      demands = rbind(ordered, fixed), strict = c(strict, logical(nrow(fixed)))
    )
  }
}

# Offsets take the classes away that rows are told from; the baseline's is zero.
rows_without_classes <- function(rows, used, apart) {
  out <- 1e4
  others <- apart[, -1L, drop = FALSE]
  offset <- rows$response$offset
  if (is.null(offset)) offset <- matrix(0, rows$design$rows, ncol(others))
  offset[used, ] <- offset[used, ] + out * (apart[, 1L] * (!others) - others)
  rows$response$offset <- offset
  rows
}

# Rows that are stored; what they ask is told by some of them, whose cone is that of all.
left_of_stored <- function(fit, rows) {
  stored <- rows_of(fit)
  classes <- nrow(coefficient_table(fit))
  columns <- ncol(coefficient_table(fit))
  open <- if (is.null(fit$family)) both_open else open_sides(fit$family)
  function(free, held) {
    found <- stored_cone(stored, rows, open, held)
    if (is.null(found)) return(NULL)
    of_kept <- as.vector(outer(found$kept, (seq_len(classes) - 1L) * columns, "+"))
    demands <- matrix(0, nrow(found$demands), classes * columns)
    demands[, of_kept] <- as.matrix(found$demands)
    of_free <- list(demands = demands[, free, drop = FALSE], strict = found$strict)
    if (!any(found$strict)) return(c(list(rows = rows), of_free))
    separation <- as_stored_separation(found$cone, found$answer, stored, found$kept)
    rows$leave_out <- flat_direction(separation)
    c(list(rows = if (separation$kind != "complete") rows), of_free)
  }
}
