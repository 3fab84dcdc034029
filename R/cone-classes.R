# The cone of recession of many classes, which ask for a row of demands for each pair of a row and a
# class that it is not of. Where these are few they are stored, else their constraints are
# generated, see cone-generated.R.

# x: rows of the design, sparse where they are mostly zeros. observed: rows x classes. estimate():
# the coefficients of a fit, class by class. free: those that move, NULL of all. A list of
#   signs, direction, undecided   as for recession_cone()
#   apart              rows x classes: is the class told from that of the row?
#   demands, strict    in the coefficients: some demands, whose cone is that of all
# NULL where fits do not settle it.
cone_of_classes <- function(x, observed, estimate, free = NULL) {
  free <- free %||% seq_len(ncol(x) * (ncol(observed) - 1L))
  many <- length(free) > many_coordinates
  numbers <- as.double(length(x)) * (ncol(observed) - 1L)^2
  if (is.matrix(x) && numbers > few_numbers) {
    cone <- generated_class_cone(x, observed, estimate, free, many)
    if (!is.null(cone)) return(cone)
  }
  if (is.matrix(x) && many) x <- as_sparse(x)
  stored_class_cone(x, observed, free)
}

# many: are there many coefficients?
generated_class_cone <- function(x, observed, estimate, free, many) {
  cone <- if (many) {
    wide_class_cone(x, observed, estimate(), free)
  } else {
    few <- orthonormal_rows(x)
    to_coefficients <- kronecker(diag(ncol(observed) - 1L), few$back)
    generated_cone(
      class_set(few$rows, observed), to_coefficients,
      in_coordinates(to_coefficients, estimate()), to_coefficients[-free, , drop = FALSE]
    )
  }
  if (is.null(cone)) return(NULL)
  set <- class_set(x, observed, sparse = many)
  list(
    signs = cone$signs, direction = cone$direction, undecided = cone$undecided,
    apart = pairs_of(set, cone$strict, dim(observed)), demands = demands_at(set, cone$made)$rows,
    strict = cone$made_strict
  )
}

# All demands as rows.
stored_class_cone <- function(x, observed, free) {
  held <- setdiff(seq_len(ncol(x) * (ncol(observed) - 1L)), free)
  cone <- class_cone(x, observed, held = held)
  if (is.null(cone)) return(NULL)
  asked <- class_demands(x, observed)
  apart <- observed & FALSE
  apart[cbind(asked$row, asked$class)[cone$strict, , drop = FALSE]] <- TRUE
  list(
    signs = cone$signs, direction = cone$direction, undecided = cone$undecided, apart = apart,
    demands = rbind(asked$ordered, asked$fixed), strict = c(cone$strict, logical(nrow(asked$fixed)))
  )
}

# As recession_cone(), with the row of each demand; stages and witnesses are in the units of x.
# back: the way from there to the coefficients, where x is in others. held: those that do not move,
# class by class.
class_cone <- function(x, observed, back = NULL, held = integer()) {
  if (!is.matrix(x)) {
    stacked <- class_demands(x, observed)
    free <- setdiff(seq_len(ncol(stacked$ordered)), held)
    cone <- cone_of_rows(stacked$ordered[, free, drop = FALSE], stacked$fixed[, free, drop = FALSE])
    if (is.null(cone)) return(NULL)
    cone$direction <- replace(numeric(ncol(stacked$ordered)), free, cone$direction)
    cone$signs <- replace(numeric(ncol(stacked$ordered)), free, cone$signs)
    cone$undecided <- replace(logical(ncol(stacked$ordered)), free, cone$undecided)
    return(c(cone, list(row = stacked$row)))
  }
  coordinates <- orthonormal_rows(x)
  stacked <- class_demands(coordinates$rows, observed)
  of_classes <- diag(ncol(observed) - 1L)
  to_coefficients <- kronecker(
    of_classes, if (is.null(back)) coordinates$back else back %*% coordinates$back
  )
  fixed <- rbind(stacked$fixed, to_coefficients[held, , drop = FALSE])
  cone <- recession_cone(stacked$ordered, fixed, to_coefficients)
  to_x <- kronecker(of_classes, coordinates$back)
  cone$stages <- to_x %*% cone$stages
  cone$witnesses <- to_x %*% cone$witnesses
  cone$span <- to_x %*% cone$span
  c(cone, list(row = stacked$row))
}

# Which rows are told from which classes.
pairs_of <- function(set, strict, size) {
  apart <- matrix(FALSE, size[1L], size[2L])
  over_blocks(set, function(b, numbers) {
    pair <- set$pairs(b, which(strict[numbers]))
    apart[cbind(pair$row, pair$class)] <<- TRUE
  })
  apart
}
