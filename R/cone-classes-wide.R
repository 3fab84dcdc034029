# The cone of recession of many classes whose coefficients are many, and whose demands are too many
# to be stored.
#
# They are told apart by fits, as in cone-wide.R: the score of a fit of some demands proves that
# their cone is zero but for their null space, and the others decide there. Which these may be is
# told by an estimate that runs away: what it leaves open is seen by some of these demands, and
# others join until all of them are zero on what is left. There few demands are different, as a
# class that is told from others is told from all of them in the same way; where they are many,
# their constraints are generated (cone-generated.R).

# In columns and rows of a largest entry of about 1. Columns that depend on those before them have
# coefficients of zero.
wide_class_cone <- function(x, observed, estimate, free) {
  scale <- powers_of_two(column_sizes(x))
  scaled <- function(at) x[at, , drop = FALSE] * rep(scale, each = length(at))
  blocks <- blocks_of(nrow(x), ncol(x))
  kept <- independent_columns(triangle_of_blocks(blocks, scaled, ncol(x)))
  rows <- matrix(0, nrow(x), length(kept))
  for (j in seq_along(kept)) rows[, j] <- x[, kept[j]] * scale[kept[j]]
  largest <- row_sizes(rows)
  for (j in seq_along(kept)) rows[, j] <- rows[, j] / largest
  set <- class_set(rows, observed, sparse = TRUE)
  all <- length(scale) * (ncol(observed) - 1L)
  places <- which(seq_len(all) %in% free & rep(seq_along(scale) %in% kept, length.out = all))
  of_kept <- which(rep(seq_along(scale) %in% kept, length.out = all))
  hint <- estimate / scale
  predictors <- function(b) {
    rows <- set$pairs(b, seq_len(set$counts[b]))$row
    set$values(b, as.matrix(hint[of_kept]))[, 1L] * largest[rows]
  }
  free_set <- set_in_columns(set, match(places, of_kept), length(of_kept))
  cone <- wide_generated_cone(free_set, predictors, hint[places])
  if (is.null(cone)) return(NULL)
  spread <- function(values) replace(numeric(all), places, values)
  cone$signs <- spread(cone$signs)
  cone$direction <- spread(cone$direction) * scale
  cone$undecided <- spread(cone$undecided) > 0
  cone
}

# Of the largest entry; 1 of rows that are zero.
row_sizes <- function(x) {
  largest <- numeric(nrow(x))
  for (j in seq_len(ncol(x))) largest <- pmax(largest, abs(x[, j]))
  ifelse(largest > 0, largest, 1)
}

# set: see cone-demands.R; rows sparse, with a largest entry of about 1. predictors(b): of the
# demands of a block at an estimate. hint: the estimate in the coordinates of the set. As
# recession_cone(), without stages and witnesses, with the numbers of demands that `made` it, and
# which of these are strict (`made_strict`); NULL where fits do not settle it.
wide_generated_cone <- function(set, predictors, hint) {
  rest <- rest_of_demands(set, likely_strict(set, predictors), length(hint))
  if (is.null(rest)) return(NULL)
  numbers <- rest$moved
  strict <- logical(sum(set$counts))
  if (length(numbers) == 0L) return(nothing_strict(set, matrix(0, length(hint), 0L), rest$made))
  cone <- cone_along(set, numbers, rest$basis, hint)
  if (is.null(cone)) return(NULL)
  strict[numbers] <- cone$strict
  cone$strict <- strict
  cone$made <- sort(unique(c(rest$made, cone$made)))
  cone$made_strict <- strict[cone$made]
  cone
}

# Which demands of a block an estimate leaves behind that runs away, see tell_apart(): a function of
# the block.
likely_strict <- function(set, predictors) {
  highest <- max(unlist(over_blocks(set, function(b, numbers) max(predictors(b)))), 0)
  least <- if (is.finite(highest) && highest > 0) min(certain_eta, highest / 2) else Inf
  function(b) predictors(b) > least & !set$fixed(b)
}

# Demands that have no direction of recession but those along which they are all zero: the numbers
# of some that show it (`made`), a `basis` of these directions, and the demands that are not zero
# along them (`moved`). NULL where fits do not settle it.
rest_of_demands <- function(set, likely, size) {
  most <- rest_at_once * size
  made <- some_not_likely(set, likely, most)
  repeat {
    basis <- free_directions(set, made, size)
    if (is.null(basis)) return(NULL)
    if (ncol(basis) == 0L) return(list(made = made, basis = basis, moved = integer()))
    along <- any_of_span(basis)
    along <- as.matrix(along / max(abs(along)))
    moves <- function(b) abs(set$values(b, along)[, 1L]) > moves_least
    more <- unlist(over_blocks(set, function(b, numbers) numbers[moves(b) & !likely(b)]))
    more <- setdiff(more, made)
    if (length(more) == 0L) {
      moved <- unlist(over_blocks(set, function(b, numbers) numbers[moves(b)]))
      return(list(made = made, basis = basis, moved = moved))
    }
    made <- sort(c(made, spread_over(more, most)))
  }
}

some_not_likely <- function(set, likely, most) {
  open <- unlist(over_blocks(set, function(b, numbers) sum(!likely(b))))
  before <- cumsum(open) - open
  chosen <- spread_over(seq_len(sum(open)), most)
  unlist(over_blocks(set, function(b, numbers) {
    here <- chosen[chosen > before[b] & chosen <= before[b] + open[b]]
    if (length(here)) numbers[!likely(b)][here - before[b]]
  }))
}

# So many times the coordinates.
rest_at_once <- 8

# What is zero: of rows in the units of the data.
moves_least <- 1e-9

free_directions <- function(set, made, size) {
  if (length(made) == 0L) return(as_compressed(Matrix::Diagonal(size)))
  some <- demands_at(set, made)
  told <- tell_apart(as_compressed(some$rows), !some$fixed)
  if (is.null(told)) return(NULL)
  rows <- some$rows[!told$apart, , drop = FALSE]
  sparse_null_space(rows, !told$left_out, told$left_out)
}

# --- on what is left -----------------------------------------------------------------------------

# The cone of the demands that are numbered, along a basis; its `strict` is by their order.
cone_along <- function(set, numbers, basis, hint) {
  kinds <- kinds_along(set, numbers, basis)
  if (!is.null(kinds)) {
    cone <- cone_by_parts(kinds$rows, basis)
    cone$strict <- cone$strict[kinds$number]
    cone$made <- numbers[kinds$first]
    return(cone)
  }
  if (ncol(basis) <= many_coordinates) {
    basis <- qr.Q(qr(as.matrix(basis), tol = 0))
    part <- part_of_set(set, numbers, basis)
    cone <- generated_cone(part, basis, drop(crossprod(basis, hint)))
    if (!is.null(cone)) cone$made <- numbers[cone$made]
    return(cone)
  }
  cone_with_inside(set, numbers, basis, hint)
}

# The demands that are numbered in coordinates, each once: a list of `rows`, the `first` of each
# kind, and the `number` of the kind of each. NULL where they are too many.
kinds_along <- function(set, numbers, basis) {
  part <- part_of_set(set, numbers, basis)
  rows <- basis[0L, , drop = FALSE]
  first <- number <- integer()
  before <- cumsum(part$counts) - part$counts
  for (b in seq_along(part$counts)) {
    known <- nrow(rows)
    new <- Matrix::drop0(scaled_rows(part$rows(b, seq_len(part$counts[b]))), 1e-9)
    all <- as_compressed(rbind(rows, new))
    rounded <- all
    rounded@x <- round(rounded@x, 10L)
    distinct <- distinct_rows(rounded)
    first <- c(first, before[b] + distinct$first[distinct$first > known] - known)
    number <- c(number, distinct$number[known + seq_len(nrow(new))])
    rows <- all[distinct$first, , drop = FALSE]
    if (length(rows@x) > few_numbers) return(NULL)
  }
  list(rows = rows, first = first, number = number)
}

# Where one direction makes all demands strict, that is all there is to ask of them, and signs are
# told by fits of some. Else all of them are stored after all.
cone_with_inside <- function(set, numbers, basis, hint) {
  part <- part_of_set(set, numbers, basis)
  inside <- inside_of_all(part, seen_along(basis, hint))
  if (is.null(inside)) {
    rows <- lapply(seq_along(part$counts), function(b) part$rows(b, seq_len(part$counts[b])))
    return(c(cone_by_parts(as_compressed(do.call(rbind, rows)), basis), list(made = numbers)))
  }
  signs <- signs_of_some(part, basis, inside)
  direction <- as.vector(basis %*% inside)
  made <- spread_over(numbers, ncol(basis))
  c(signs, list(strict = !logical(length(numbers)), direction = direction, made = made))
}

is_not_positive <- function(value) value <= least_value

# The coordinates of what a basis has of a point.
seen_along <- function(basis, point) {
  as.vector(Matrix::solve(Matrix::crossprod(basis), Matrix::crossprod(basis, point)))
}

# Where all demands are positive: the hint, or what fits of some of them show, to which those that
# are not positive there are added. NULL where there is no such point.
inside_of_all <- function(part, hint) {
  made <- integer()
  inside <- hint
  repeat {
    bad <- seq_len(sum(part$counts))
    if (all(is.finite(inside)) && any(inside != 0)) {
      inside <- inside / max(abs(inside))
      bad <- numbers_along(part, inside, is_not_positive)
      if (length(bad) == 0L) return(inside)
    }
    more <- setdiff(bad, made)
    if (length(more) == 0L) return(NULL)
    made <- sort(c(made, spread_over(more, rest_at_once * length(hint))))
    inside <- inside_of(as_compressed(demands_at(part, made)$rows))
    if (is.null(inside)) return(NULL)
  }
}

# Which signs the forms take on the cone of all demands, which is that of some where these forbid a
# sign, and where none of the others is negative at a point that shows one.
signs_of_some <- function(part, forms, inside) {
  made <- spread_over(seq_len(sum(part$counts)), rest_at_once * length(inside))
  rounded <- forms
  rounded@x <- round(rounded@x, 10L)
  kinds <- distinct_rows(rounded)
  forms <- forms[kinds$first, , drop = FALSE]
  zero <- Matrix::rowSums(forms != 0) == 0
  seen <- signs_by_fits(
    as_compressed(demands_at(part, made)$rows), forms, zero, inside, function(z) {
      bad <- setdiff(numbers_along(part, z, is_not_positive), made)
      if (length(bad) == 0L) return(NULL)
      bad <- spread_over(bad, length(inside))
      made <<- c(made, bad)
      as_compressed(demands_at(part, bad)$rows)
    }
  )
  signs <- ifelse(seen$up & seen$down | seen$undecided, NA, ifelse(seen$up, Inf, -Inf))
  list(
    signs = ifelse(zero, 0, signs)[kinds$number], undecided = seen$undecided[kinds$number]
  )
}
