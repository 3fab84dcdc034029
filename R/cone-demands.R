# Demands that are too many to be stored: sets of them, which answer by blocks what they are along a
# direction, and give the rows of a few.
#
# A set is a list of
#   counts           how many demands each block has
#   values(b, z)     the demands of block b along the columns of z
#   rows(b, at)      some of them, as rows
#   fixed(b)         which of them must stay zero; the others must not be negative
# Demands are numbered through all blocks; of many classes there is one more function, pairs(b, at),
# the `row` and the `class` of each.

# So many numbers are stored as they are: to generate constraints would take longer.
few_numbers <- 2e5

# Two classes. x: rows in coordinates. sign: 1 and -1 of those that must not fall and rise, 0 of
# those that must stay.
row_set <- function(x, sign) {
  blocks <- blocks_of(nrow(x), ncol(x) + looked_at_once)
  side <- ifelse(sign < 0, -1, 1)
  rows <- function(at) side[at] * x[at, , drop = FALSE]
  list(
    counts = lengths(blocks),
    values = function(b, z) side[blocks[[b]]] * (x[blocks[[b]], , drop = FALSE] %*% z),
    rows = function(b, at) rows(blocks[[b]][at]),
    fixed = function(b) sign[blocks[[b]]] == 0
  )
}

# Many classes, whose demands are those of class_demands(). sparse: are rows of these to be sparse?
class_set <- function(x, observed, sparse = FALSE) {
  classes <- ncol(observed)
  first <- first_observed(observed)
  width <- if (sparse) 2 * classes * ncol(x) else ncol(x) + classes * looked_at_once
  blocks <- blocks_of(nrow(x), width)
  # Row by row, so that the numbers of demands do not depend on the blocks.
  others <- function(at) rep(seq_len(classes), length(at)) != rep(first[at], each = classes)
  pairs <- function(b, at) {
    place <- which(others(blocks[[b]]))[at] - 1L
    list(row = blocks[[b]][place %/% classes + 1L], class = place %% classes + 1L)
  }
  list(
    counts = lengths(blocks) * (classes - 1L),
    values = function(b, z) {
      at <- blocks[[b]]
      by_class <- matrix(z, ncol(x))
      eta <- matrix(0, length(at), ncol(by_class))
      moving <- colSums(by_class != 0) > 0
      eta[, moving] <- x[at, , drop = FALSE] %*% by_class[, moving, drop = FALSE]
      other <- others(at)
      own <- cbind(first[at], seq_along(at))
      of_direction <- function(d) {
        these <- (d - 1L) * (classes - 1L) + seq_len(classes - 1L)
        of_classes <- rbind(0, t(eta[, these, drop = FALSE]))
        (rep(of_classes[own], each = classes) - of_classes)[other]
      }
      matrix(vapply(seq_len(NCOL(z)), of_direction, numeric(sum(other))), ncol = NCOL(z))
    },
    rows = function(b, at) {
      pair <- pairs(b, at)
      part <- x[pair$row, , drop = FALSE]
      if (sparse) part <- as_sparse(part)
      stacked_demands(part, first[pair$row], pair$class, classes)
    },
    fixed = function(b) t(observed[blocks[[b]], , drop = FALSE])[others(blocks[[b]])],
    pairs = pairs
  )
}

# Of each row the first of its classes.
first_observed <- function(observed) {
  first <- integer(nrow(observed))
  for (class in rev(seq_len(ncol(observed)))) first[observed[, class]] <- class
  first
}

# Demands that are not negative, of which make(at) gives the rows of some, in coordinates
# (`along(rows)`). counts: of the blocks.
made_set <- function(blocks, counts, make, along) {
  rows <- function(b) along(make(blocks[[b]]))
  list(
    counts = counts, values = function(b, z) rows(b) %*% z,
    rows = function(b, at) rows(b)[at, , drop = FALSE],
    fixed = function(b) logical(counts[b])
  )
}

# The demands of a set that are numbered, in order, along the span of a basis alone, whose
# coordinates they are asked in.
part_of_set <- function(set, numbers, basis) {
  before <- cumsum(c(0, as.double(set$counts)))
  ends <- findInterval(before, numbers)
  inside <- which(diff(ends) > 0)
  places <- function(b) {
    numbers[seq.int(ends[inside[b]] + 1, ends[inside[b] + 1L])] - before[inside[b]]
  }
  list(
    counts = diff(ends)[inside],
    values = function(b, z) {
      set$values(inside[b], as.matrix(basis %*% z))[places(b), , drop = FALSE]
    },
    rows = function(b, at) {
      rows <- set$rows(inside[b], places(b)[at]) %*% basis
      if (is.matrix(basis)) as.matrix(rows) else rows
    },
    fixed = function(b) logical(length(places(b)))
  )
}

# A set in some of its coordinates, of `all`; the others are zero.
set_in_columns <- function(set, columns, all) {
  if (length(columns) == all) return(set)
  of_set <- set[c("rows", "values")]
  set$values <- function(b, z) {
    spread <- matrix(0, all, ncol(z))
    spread[columns, ] <- z
    of_set$values(b, spread)
  }
  set$rows <- function(b, at) of_set$rows(b, at)[, columns, drop = FALSE]
  set
}

# The rows 1 to count in runs, such that one of `width` numbers a row stays small.
blocks_of <- function(count, width) {
  length <- max(1, numbers_at_once %/% width)
  starts <- if (count > 0) seq(1, count, length) else integer()
  lapply(starts, function(start) seq.int(start, min(start + length - 1, count)))
}

numbers_at_once <- 2e5

# Directions.
looked_at_once <- 16L

place_in_set <- function(set, numbers) {
  before <- cumsum(c(0, as.double(set$counts)))
  block <- findInterval(numbers, before, left.open = TRUE)
  list(block = block, at = numbers - before[block])
}

# Some demands: their `rows`, and which of them are `fixed`.
demands_at <- function(set, numbers) {
  numbers <- sort(numbers)
  place <- place_in_set(set, numbers)
  of_block <- lapply(unique(place$block), function(b) {
    at <- place$at[place$block == b]
    list(rows = set$rows(b, at), fixed = set$fixed(b)[at])
  })
  list(
    rows = do.call(rbind, lapply(of_block, `[[`, "rows")),
    fixed = unlist(lapply(of_block, `[[`, "fixed"))
  )
}

# About `most` of some, from everywhere.
spread_over <- function(numbers, most) {
  if (length(numbers) <= most) return(numbers)
  numbers[unique(round(seq(1, length(numbers), length.out = most)))]
}

# f(block, numbers of its demands) of all blocks, one after the other.
over_blocks <- function(set, f) {
  before <- cumsum(as.double(set$counts)) - set$counts
  if (sum(as.double(set$counts)) < .Machine$integer.max) before <- as.integer(before)
  lapply(seq_along(set$counts), function(b) f(b, before[b] + seq_len(set$counts[b])))
}

# The numbers of the demands whose values along a direction are such.
numbers_along <- function(set, direction, such) {
  direction <- as.matrix(direction)
  unlist(over_blocks(set, function(b, numbers) numbers[such(set$values(b, direction)[, 1L])]))
}

# Of rows in coordinates, a demand for each class that was not observed: it must not gain on one
# that was. Classes that were observed together stay together.
class_demands <- function(rows, observed) {
  first <- first_observed(observed)
  pairs <- which(col(observed) != first, arr.ind = TRUE)
  row <- pairs[, 1L]
  stacked <- stacked_demands(rows[row, , drop = FALSE], first[row], pairs[, 2L], ncol(observed))
  together <- observed[pairs]
  list(
    ordered = stacked[!together, , drop = FALSE], fixed = stacked[together, , drop = FALSE],
    row = row[!together], class = pairs[!together, 2L]
  )
}

# +1 for the class that was observed, -1 for the other; the baseline has no coefficients. Sparse
# rows have entries in the blocks of these two classes alone.
stacked_demands <- function(rows, own, other, classes) {
  if (is.matrix(rows)) {
    return(do.call(cbind, lapply(seq_len(classes)[-1L], function(class) {
      rows * ((own == class) - (other == class))
    })))
  }
  demand <- seq_along(own)
  of_classes <- Matrix::sparseMatrix(
    i = c(own, other), j = c(demand, demand), x = rep(c(1, -1), each = length(demand)),
    dims = c(classes, length(demand))
  )
  Matrix::t(Matrix::KhatriRao(of_classes[-1L, , drop = FALSE], Matrix::t(rows)))
}
