# Separation where the design is of mostly zeros and too large to be made dense: row by row, with
# fits.
#
# Rows that the estimate fits with near certainty are candidates. The others are fitted alone: a fit
# that converges proves that C is zero on them, so C lies in their null space, which the columns
# that have become aliased span. There the candidates decide, in as many dimensions. Those that are
# strict nowhere join the others, and all is asked again (cf. the iterative rectifier of Correia,
# Guimaraes & Zylkin 2019).

# Up to this many numbers a dense design is no matter.
dense_enough <- 2e7

is_too_large <- function(design) {
  if (entries_of(design) <= dense_enough) return(FALSE)
  !is.null(design$sparse) || 10 * entries_of_row(design) < length(design$names)
}

# How many numbers that are not zero a row has, about.
entries_of_row <- function(design) {
  of_term <- function(term) {
    prod(vapply(seq_along(term$variables), function(k) {
      coding <- term$codings[[k]]
      if (is.null(coding)) return(as.double(NCOL(design$variables[[term$variables[k]]])))
      if (is.list(coding)) length(coding$row) / coding$levels else as.double(ncol(coding))
    }, 0))
  }
  sum(vapply(design$terms, of_term, 0))
}

# refit(response): the fit with other weights. NULL where no fit settles it.
find_sparse_separation <- function(design, response, family, solved, refit) {
  x <- design$sparse
  demand <- demands(response, family$link) * (response$weights > 0)
  certain <- function(estimate) demand * as.vector(x %*% estimate) > certain_eta
  apart <- certain(solved$coefficients)
  for (attempt in seq_len(most_attempts)) {
    if (!any(apart)) return(no_separation(design$labels, NULL, sum(response$weights > 0)))
    left <- refit(without_rows(response, apart))
    if (left$status == "diverging") {
      apart <- apart | certain(left$coefficients)
      next
    }
    if (!left$status %in% c("converged", "boundary")) return(NULL)
    free <- which(left$aliased & !solved$aliased)
    basis <- sparse_null_space(x, response$weights > 0 & !apart, which(!left$aliased), free)
    cone <- recession_by_parts(x[apart, , drop = FALSE] %*% basis, demand[apart], basis)
    if (all(cone$strict)) {
      used <- which(response$weights > 0)
      found <- as_separation(cone, apart[used], used, NULL, design$labels, NULL)
      found$cause <- rows_apart(found)
      return(found)
    }
    apart[apart] <- cone$strict
  }
  NULL
}

# A linear predictor that means near certainty, whatever the link.
certain_eta <- 4

most_attempts <- 20L

without_rows <- function(response, rows) {
  response$weights[rows] <- 0
  response$successes <- NULL
  response
}

# What the rows make zero: for each free column, what cancels it among the kept ones.
sparse_null_space <- function(x, rows, kept, free) {
  identity <- Matrix::Diagonal(length(free))
  of_free <- x[rows, free, drop = FALSE]
  no_rows <- function(count) {
    Matrix::sparseMatrix(integer(), integer(), dims = c(count, length(free)), x = 0)
  }
  if (length(kept) == 0L || length(free) == 0L || all(of_free@x == 0)) {
    cancels <- no_rows(length(kept))
  } else {
    of_kept <- x[rows, kept, drop = FALSE]
    # Coefficients of dependences are simple numbers; the rest is rounding.
    cancels <- -Matrix::drop0(
      Matrix::solve(Matrix::crossprod(of_kept), Matrix::crossprod(of_kept, of_free)), 1e-10
    )
  }
  rest <- setdiff(seq_len(ncol(x)), c(kept, free))
  basis <- rbind(cancels, identity, no_rows(length(rest)))
  methods::as(basis, "CsparseMatrix")[order(c(kept, free, rest)), , drop = FALSE]
}

# rows: sparse, rows x coordinates. Coordinates that share no row are cones of their own, and C is
# their product: a coefficient takes the signs that it takes on any of them.
recession_by_parts <- function(rows, demand, back) {
  distinct <- distinct_sparse_rows(rows, demand)
  cone <- recession_of_distinct(rows[distinct$first, , drop = FALSE], demand[distinct$first], back)
  cone$strict <- cone$strict[distinct$number]
  cone
}

# As distinct_rows(), but for rounding.
distinct_sparse_rows <- function(rows, demand) {
  key <- complex(
    real = signif(as.vector(rows %*% sin(seq_len(ncol(rows)))), 10L), imaginary = demand
  )
  first <- match(key, key)
  differs <- Matrix::rowSums(abs(rows - rows[first, , drop = FALSE])) > 1e-9
  first[differs] <- which(differs)
  kinds <- unique(first)
  list(first = kinds, number = match(first, kinds))
}

recession_of_distinct <- function(rows, demand, back) {
  rows <- methods::as(Matrix::drop0(rows, 1e-9), "TsparseMatrix")
  part <- connected_columns(rows@i + 1L, rows@j + 1L, ncol(rows))
  part_of_row <- part[rows@j[match(seq_along(demand), rows@i + 1L)] + 1L]
  rows <- methods::as(rows, "CsparseMatrix")
  strict <- logical(length(demand))
  up <- down <- logical(nrow(back))
  direction <- numeric(nrow(back))
  for (one in unique(part)) {
    columns <- which(part == one)
    members <- which(part_of_row == one)
    if (length(members) == 0L) next
    concerned <- which(Matrix::rowSums(abs(back[, columns, drop = FALSE])) > 0)
    cone <- recession_cone(
      demand[members] * as.matrix(rows[members, columns, drop = FALSE]),
      matrix(0, 0L, length(columns)), as.matrix(back[concerned, columns, drop = FALSE])
    )
    strict[members] <- cone$strict
    direction[concerned] <- direction[concerned] + cone$direction
    up[concerned] <- up[concerned] | is.na(cone$signs) | cone$signs > 0
    down[concerned] <- down[concerned] | is.na(cone$signs) | cone$signs < 0
  }
  signs <- ifelse(up & down, NA, ifelse(up, Inf, ifelse(down, -Inf, 0)))
  list(strict = strict, direction = direction, signs = signs)
}

# For each column the least of all that share rows with it, directly or not.
connected_columns <- function(row, column, columns) {
  part <- seq_len(columns)
  repeat {
    least_of_row <- least_by(part[column], row)
    next_part <- pmin(part, least_by(least_of_row[row], column, columns))
    if (identical(next_part, part)) return(part)
    part <- next_part
  }
}

# The least value of each group; Inf for those without.
least_by <- function(values, group, groups = max(group, 0L)) {
  sorted <- order(group, values)
  first <- sorted[!duplicated(group[sorted])]
  out <- rep(.Machine$integer.max, groups)
  out[group[first]] <- values[first]
  out
}
