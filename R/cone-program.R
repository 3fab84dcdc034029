# Coordinates in which the cone's questions are asked: orthonormal columns, rows of unit length, and
# no row twice.

# An orthonormal basis of {z : rows z = 0}, for rows of unit length.
null_space <- function(rows) {
  size <- ncol(rows)
  if (nrow(rows) == 0L || size == 0L) return(diag(size))
  if (nrow(rows) > size) {
    decomposed <- qr(rows, LAPACK = TRUE)
    rows <- qr.R(decomposed)[, order(decomposed$pivot), drop = FALSE]
  }
  parts <- svd(rows, nu = 0L, nv = size)
  kept <- parts$d > 1e-9 * max(parts$d, 1e-300)
  rank <- sum(kept)
  structure(
    parts$v[, seq_len(size) > rank, drop = FALSE],
    gap = if (rank) parts$d[rank] / parts$d[1L]
  )
}

# What an entry of such a basis is off by.
rounding_in <- function(basis) {
  gap <- attr(basis, "gap")
  max(1e-12, if (!is.null(gap)) 1e-15 / gap)
}

# Rows shorter than `least` become zero.
unit_rows <- function(rows, least = 0) {
  size <- sqrt(rowSums(rows^2))
  rows[size <= least, ] <- 0
  rows / ifelse(size <= least, 1, size)
}

# The rows of x in coordinates in which its columns are orthonormal, after the rows have been
# brought to unit length, which changes no cone. Columns that depend on those before them, as glm()
# sees it, have coefficients of zero. A list of rows, of unit length, and back, the way to the
# coefficients.
orthonormal_rows <- function(x) {
  blocks <- blocks_of(nrow(x), ncol(x))
  coordinates <- orthonormal_coordinates(blocks, function(at) part_of_rows(x, at), ncol(x))
  rows <- matrix(0, nrow(x), ncol(coordinates$back))
  for (at in blocks) rows[at, ] <- coordinates$along(part_of_rows(x, at))
  list(rows = rows, back = coordinates$back)
}

# The same of rows(block) of all blocks: along(), which gives rows in coordinates, and back.
orthonormal_coordinates <- function(blocks, rows, columns) {
  largest <- Reduce(pmax, lapply(blocks, function(at) column_sizes(rows(at))), numeric(columns))
  scale <- powers_of_two(largest)
  scaled <- function(x) x * rep(scale, each = nrow(x))
  triangle <- triangle_of_blocks(blocks, function(at) scaled(rows(at)), columns)
  free <- independent_columns(triangle)
  basis <- orthogonal_basis(triangle[, free, drop = FALSE])
  along <- function(x, basis) unit_rows(rows_along(scaled(x)[, free, drop = FALSE], basis))
  second <- triangle_of_blocks(blocks, function(at) along(rows(at), basis), length(free))
  last <- basis %*% orthogonal_basis(second)
  back <- matrix(0, columns, length(free))
  back[free, ] <- last
  list(along = function(x) along(x, last), back = back * scale)
}

# Rows in a row; all of them are no copy.
part_of_rows <- function(x, at) if (length(at) == nrow(x)) x else x[at, , drop = FALSE]

# The triangular factor of rows(block) of all blocks, one below the other.
triangle_of_blocks <- function(blocks, rows, columns) {
  Reduce(
    function(triangle, at) triangle_of(rbind(triangle, rows(at))), blocks, matrix(0, 0L, columns)
  )
}

triangle_of <- function(x) {
  if (nrow(x) <= ncol(x)) return(x)
  triangle <- qr(x, tol = 0)$qr[seq_len(ncol(x)), , drop = FALSE]
  triangle[lower.tri(triangle)] <- 0
  triangle
}

column_sizes <- function(x) vapply(seq_len(NCOL(x)), function(j) max(abs(x[, j]), 0), 0)

# All but those that depend on others before them, as glm() sees it.
independent_columns <- function(x) {
  decomposed <- qr(x, tol = alias_tolerance)
  sort(decomposed$pivot[seq_len(decomposed$rank)])
}

# By which numbers of this size come to 1 or less: powers of two, which add no rounding.
powers_of_two <- function(largest) 2^-ceiling(log2(ifelse(largest > 0, largest, 1)))

# The upper triangle T that makes the columns of x T orthonormal.
orthogonal_basis <- function(x) {
  size <- ncol(x)
  if (size == 0L) return(diag(0))
  backsolve(qr(x, tol = 0)$qr[seq_len(size), , drop = FALSE], diag(size))
}

# x basis, whose entries are good to rounding even where columns of x are nearly dependent: then
# they are small differences of large numbers. Otherwise rows that depend on each other would no
# longer do so, and what is on the edge of a cone would be decided by the order of the rows.
rows_along <- function(x, basis) {
  rows <- x %*% basis
  cancels <- rowSums(abs(x) %*% abs(basis)) > 100 * sqrt(rowSums(rows^2))
  if (any(cancels)) rows[cancels, ] <- precise_product_impl(x[cancels, , drop = FALSE], basis)
  rows
}

# Numbers of the rows used; a row that is there twice asks nothing new.
#   first   the first of each kind of row
#   number  for each row the number of its kind
# The key may confuse two kinds in theory, so equal keys are compared.
distinct_rows <- function(x, demand = 0) {
  key <- as.vector(x %*% sin(seq_len(ncol(x))))
  if (!is.matrix(x)) key <- signif(key, 10L)
  key <- complex(real = key, imaginary = demand)
  first <- match(key, key)
  differs <- differ_from(x, first)
  first[differs] <- which(differs)
  kinds <- unique(first)
  list(first = kinds, number = match(first, kinds))
}

# Which rows are not the same as those that are numbered?
differ_from <- function(x, rows) {
  later <- which(rows != seq_along(rows))
  differs <- logical(nrow(x))
  if (length(later) == 0L) return(differs)
  earlier <- rows[later]
  differs[later] <- if (is.matrix(x)) {
    Reduce(`|`, lapply(seq_len(ncol(x)), function(j) x[later, j] != x[earlier, j]), FALSE)
  } else {
    Matrix::rowSums(x[later, , drop = FALSE] != x[earlier, , drop = FALSE]) > 0
  }
  differs
}

# With a largest entry of 1 in size.
scaled_rows <- function(rows) {
  entries <- methods::as(rows, "TsparseMatrix")
  largest <- numeric(nrow(rows))
  sorted <- order(abs(entries@x))
  largest[entries@i[sorted] + 1L] <- abs(entries@x)[sorted]
  entries@x <- entries@x / largest[entries@i + 1L]
  as_compressed(entries)
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

# The powers of two that bring columns to 1 or less.
column_scale <- function(x) powers_of_two(as_sparse_design(x)$largest)

# --- linear programs ------------------------------------------------------------------------------

# The linear programs that cone.R asks: the largest value of a linear form on the part of a
# cone that lies in a box.

# A function of an objective that returns its maximiser on {z : rows z >= 0, |z_j| <= 1}. Few of the
# rows bind, whatever their number: the program is solved on some of them, and those that its
# solution violates are added until there are none. They stay for the next objective.
cone_program <- function(rows) {
  most <- max(100L, 2L * ncol(rows))
  working <- unique(round(seq(1, nrow(rows), length.out = min(nrow(rows), most))))
  function(objective) {
    repeat {
      z <- solve_program(objective, rows[working, , drop = FALSE])
      value <- drop(rows %*% z)
      violated <- setdiff(which(value < -program_tolerance), working)
      if (length(violated) == 0L) return(z)
      worst <- violated[order(value[violated])]
      working <<- c(working, utils::head(worst, most))
    }
  }
}

# By its dual, which has a constraint for each coordinate rather than one for each row:
#   minimise sum(u + v) over rows' m + objective = u - v, with m, u and v >= 0.
# Where its multipliers are no solution, and they are checked, the program itself is solved.
solve_program <- function(objective, rows) {
  size <- length(objective)
  largest <- max(abs(objective))
  if (largest == 0) return(objective)
  objective <- objective / largest
  box <- diag(size)
  dual <- lpSolve::lp(
    "min", rep(c(0, 1), c(nrow(rows), 2L * size)), cbind(t(rows), -box, box),
    rep("=", size), -objective,
    compute.sens = 1L, scale = 0L
  )
  if (dual$status == 0L) {
    z <- -dual$duals[seq_len(size)]
    holds <- all(abs(z) <= 1 + program_tolerance) && all(rows %*% z >= -program_tolerance)
    if (holds && sum(objective * z) >= dual$objval - program_tolerance) return(z)
  }
  solve_primal(objective, rows)
}

# z = positive - negative part, as lp() knows no negative variables.
solve_primal <- function(objective, rows) {
  size <- length(objective)
  box <- diag(size)
  solved <- lpSolve::lp(
    "max", c(objective, -objective), rbind(cbind(rows, -rows), cbind(box, box)),
    rep(c(">=", "<="), c(nrow(rows), size)), rep(c(0, 1), c(nrow(rows), size)),
    scale = 0L
  )
  # The origin is always there; a program that lp() gives up shows nothing.
  if (solved$status != 0L) return(numeric(size))
  solved$solution[seq_len(size)] - solved$solution[size + seq_len(size)]
}

# What a linear program's zero may be off by.
program_tolerance <- 1e-9

# Of a form of unit length, at a point that is exact.
least_value <- 1e-12
