# The cone of recession of many coordinates, such as those of a factor of thousands of levels.
#
# A linear program of as many dimensions takes minutes, but hardly any of them belong together. So
# the rows are told apart by fits: the logistic likelihood of the demands, log(1 + exp(-row z)), has
# the same directions of recession whatever the model was. Where the score proves that there is a
# maximum on some rows, the cone of these is {0} but for their null space, so C lies in that null
# space, and the other rows decide there. Coordinates in which they do are found by elimination, and
# those that share no row are cones of their own. Only a part that does not fall further asks for
# linear programs.

# ordered, fixed: as for recession_cone(), sparse, in the units of the data. Without witnesses and
# stages; NULL where fits did not settle which rows are strict.
wide_cone <- function(ordered, fixed) {
  rows <- as_compressed(rbind(ordered, fixed))
  scale <- column_scale(rows)
  rows <- rows %*% Matrix::Diagonal(x = scale)
  ordered <- seq_len(nrow(rows)) <= nrow(ordered)
  distinct <- distinct_rows(rows, ordered)
  kinds <- rows[distinct$first, , drop = FALSE]
  told <- tell_apart(kinds, ordered[distinct$first])
  if (is.null(told)) return(NULL)
  basis <- sparse_null_space(
    kinds[!told$apart, , drop = FALSE], !told$left_out, told$left_out & !told$aliased
  )
  # Rows that depend on the others are zero there.
  on_basis <- Matrix::drop0(scaled_rows(kinds[told$apart, , drop = FALSE]) %*% basis, 1e-9)
  cone <- cone_by_parts(as_compressed(on_basis), basis)
  strict <- logical(nrow(kinds))
  strict[told$apart] <- cone$strict
  cone$strict <- strict[distinct$number][ordered]
  cone$direction <- cone$direction * scale
  cone
}

# What the rows make zero: for each free column, what cancels it among the kept ones. Both are told
# by column.
sparse_null_space <- function(x, kept, free) {
  rest <- which(!kept & !free)
  kept <- which(kept)
  free <- which(free)
  empty <- function(count) {
    Matrix::sparseMatrix(integer(), integer(), dims = c(count, length(free)), x = 0)
  }
  of_free <- x[, free, drop = FALSE]
  if (length(kept) == 0L || length(free) == 0L || all(of_free@x == 0)) {
    cancels <- empty(length(kept))
  } else {
    of_kept <- x[, kept, drop = FALSE]
    # Coefficients of dependences are simple numbers; the rest is rounding.
    cancels <- -Matrix::drop0(
      Matrix::solve(Matrix::crossprod(of_kept), Matrix::crossprod(of_kept, of_free)), 1e-10
    )
  }
  basis <- as_compressed(rbind(cancels, Matrix::Diagonal(length(free)), empty(length(rest))))
  scale <- column_scale(basis)
  as_compressed(basis %*% Matrix::Diagonal(x = scale))[order(c(kept, free, rest)), , drop = FALSE]
}

# --- parts ---------------------------------------------------------------------------------------

# {z : rows z >= 0} for sparse rows; back: the way to the coefficients.
cone_by_parts <- function(rows, back) {
  rows <- Matrix::drop0(scaled_rows(rows), 1e-9)
  eliminated <- eliminate(rows, back)
  rows <- eliminated$rows
  back <- eliminated$back
  pivot <- seq_len(ncol(rows)) <= eliminated$pivots
  entries <- methods::as(rows, "TsparseMatrix")
  # A row that only adds up what is not negative asks for nothing.
  asks <- rep(FALSE, nrow(rows))
  asks[entries@i[entries@x < 0 | !pivot[entries@j + 1L]] + 1L] <- TRUE
  of_asking <- asks[entries@i + 1L]
  part <- connected_columns(entries@i[of_asking] + 1L, entries@j[of_asking] + 1L, ncol(rows))
  alone <- tabulate(part, ncol(rows))[part] == 1L & pivot
  alone[unique(entries@j[of_asking] + 1L)] <- FALSE
  # A coordinate of its own is not negative, and that is all.
  found <- list(
    strict_columns = alone, direction = as.numeric(alone),
    up = Matrix::rowSums(back[, alone, drop = FALSE] > 0) > 0,
    down = Matrix::rowSums(back[, alone, drop = FALSE] < 0) > 0, undecided = logical(nrow(back))
  )
  strict <- logical(nrow(rows))
  for (one in unique(part[!alone])) {
    columns <- which(part == one)
    members <- which(Matrix::rowSums(rows[, columns, drop = FALSE] != 0) > 0 & asks)
    found <- join_part(found, rows[members, columns, drop = FALSE], pivot[columns], back, columns)
    strict[members] <- found$strict
  }
  adds_up <- Matrix::rowSums(rows[, found$strict_columns, drop = FALSE] > 0) > 0
  list(
    strict = strict | (!asks & adds_up), direction = as.vector(back %*% found$direction),
    signs = ifelse(found$up & found$down | found$undecided, NA,
      ifelse(found$up, Inf, ifelse(found$down, -Inf, 0))
    ),
    undecided = found$undecided & !(found$up & found$down)
  )
}

# The cone of some coordinates, of which those that are pivots are not negative.
join_part <- function(found, rows, pivot, back, columns) {
  concerned <- which(Matrix::rowSums(back[, columns, drop = FALSE] != 0) > 0)
  demands <- as_compressed(rbind(rows, Matrix::Diagonal(length(columns))[pivot, , drop = FALSE]))
  cone <- part_cone(demands, back[concerned, columns, drop = FALSE])
  found$up[concerned] <- found$up[concerned] | cone$up
  found$down[concerned] <- found$down[concerned] | cone$down
  found$undecided[concerned] <- found$undecided[concerned] | cone$undecided
  found$direction[columns] <- cone$direction
  found$strict <- cone$strict[seq_len(nrow(rows))]
  found$strict_columns[columns[pivot]] <- cone$strict[-seq_len(nrow(rows))]
  found
}

# {z : rows z >= 0}, sparse: which rows are strict, and which signs the forms take.
part_cone <- function(rows, forms) {
  if (ncol(rows) > few_dimensions) {
    inside <- inside_of(rows)
    if (!is.null(inside)) {
      seen <- signs_by_fits(rows, forms, logical(nrow(forms)), inside)
      return(c(seen, list(strict = !logical(nrow(rows)), direction = inside)))
    }
  }
  rows <- orthonormal_rows(as.matrix(rows))
  count <- nrow(rows$back)
  cone <- recession_cone(
    rows$rows, matrix(0, 0L, ncol(rows$rows)), rbind(diag(count), as.matrix(forms)) %*% rows$back
  )
  signs <- cone$signs[-seq_len(count)]
  undecided <- cone$undecided[-seq_len(count)]
  open <- is.na(signs) & !undecided
  list(
    strict = cone$strict, direction = cone$direction[seq_len(count)], undecided = undecided,
    up = open | signs %in% Inf, down = open | signs %in% -Inf
  )
}

# Coordinates in which rows say that a coordinate is not negative. A row of which one coordinate is
# left becomes that coordinate; then it is left out of the other rows, and others follow. The first
# `pivots` columns are such coordinates, and the others are as they were.
eliminate <- function(rows, back) {
  entries <- methods::as(rows, "TsparseMatrix")
  row <- entries@i + 1L
  column <- entries@j + 1L
  left <- abs(entries@x) > 0
  pivot_row <- pivot_column <- integer()
  repeat {
    single <- which(left & tabulate(row[left], nrow(rows))[row] == 1L & abs(entries@x) > 1e-3)
    single <- single[!duplicated(column[single])]
    if (length(single) == 0L) break
    pivot_row <- c(pivot_row, row[single])
    pivot_column <- c(pivot_column, column[single])
    left[column %in% column[single]] <- FALSE
  }
  rest <- setdiff(seq_len(ncol(rows)), pivot_column)
  of_pivots <- rows[, pivot_column, drop = FALSE]
  if (length(pivot_row)) {
    triangle <- methods::as(of_pivots[pivot_row, , drop = FALSE], "triangularMatrix")
    inverse <- Matrix::solve(triangle, Matrix::Diagonal(length(pivot_row)))
    of_pivots <- Matrix::drop0(as_compressed(of_pivots %*% inverse), 1e-9)
    new_back <- Matrix::drop0(as_compressed(back[, pivot_column, drop = FALSE] %*% inverse), 1e-9)
  } else {
    new_back <- back[, pivot_column, drop = FALSE]
  }
  list(
    rows = as_compressed(cbind(of_pivots, rows[, rest, drop = FALSE])),
    back = as_compressed(cbind(new_back, back[, rest, drop = FALSE])), pivots = length(pivot_row)
  )
}

# In the units of the data; sparse where there are many coordinates.
cone_of_rows <- function(ordered, fixed, estimate = NULL) {
  if (!is.matrix(ordered)) {
    cone <- wide_cone(ordered, fixed)
    if (!is.null(cone) || length(ordered) + length(fixed) > dense_enough) return(cone)
    ordered <- as.matrix(ordered)
    fixed <- as.matrix(fixed)
  }
  coordinates <- orthonormal_rows(rbind(ordered, fixed))
  first <- seq_len(nrow(ordered))
  recession_cone(
    coordinates$rows[first, , drop = FALSE],
    coordinates$rows[seq_len(nrow(fixed)) + nrow(ordered), , drop = FALSE], coordinates$back,
    in_coordinates(coordinates$back, estimate)
  )
}

# An estimate, or NULL, in coordinates; back: the way to the coefficients.
in_coordinates <- function(back, estimate) {
  if (!is.null(estimate)) qr.coef(qr(back, tol = 0), estimate)
}
