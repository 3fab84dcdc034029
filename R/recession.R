# Directions of recession: those along which the log-likelihood rises for ever.
#
# They form a cone, C = {b : ordered b >= 0, fixed b = 0}, with a row of `ordered` for every
# inequality that an observation asks for. All that is asked of it is decided here: which
# inequalities are strict somewhere on C (these rows are separated), and which signs the
# coefficients have on C. Numbers are small or large as they come, so the questions are asked in
# coordinates in which the columns of the design are orthonormal, and each answer of the linear
# program is made exact to rounding by a projection, and checked row by row, before it counts.

# ordered, fixed: matrices of as many columns, in well conditioned coordinates.
# back: coefficients x coordinates, the way to the coefficients. hint: coordinates that may well be
# a direction already, such as those of an estimate that runs away under complete separation.
# A list of
#   strict     for each row of `ordered`: is it strict somewhere on C?
#   direction  coefficients that make all of those strict at once; zero where there are none
#   signs      for each coefficient: 0 if it is 0 on C, -Inf or Inf if it keeps that sign,
#              NA if it takes both
#   witnesses  coefficients x directions of C, which show it
#   span       coefficients x dimensions: a basis of the directions that C spans
recession_cone <- function(ordered, fixed, back, hint = NULL) {
  cone <- cone_span(ordered, fixed, back, hint)
  if (!any(cone$strict)) {
    none <- list(signs = numeric(nrow(back)), witnesses = cone$span)
    return(c(cone[c("strict", "direction", "span")], none))
  }
  seen <- signs_on_cone(
    unit_rows(cone$rows[cone$strict, , drop = FALSE] %*% cone$inner), cone$span,
    sqrt(rowSums(back^2)), drop(crossprod(cone$inner, cone$inside))
  )
  c(
    cone[c("strict", "direction", "span")],
    list(signs = seen$signs, witnesses = cone$span %*% seen$witnesses)
  )
}

# The same but for the signs, and in coordinates where `fixed` holds: the rows, a point of C where
# all that can be are strict (`inside`), and the space that C spans (`inner`).
cone_span <- function(ordered, fixed, back, hint = NULL) {
  basis <- null_space(unit_rows(fixed))
  rows <- unit_rows(unit_rows(ordered) %*% basis, 1e-10)
  found <- separate(rows, if (!is.null(hint)) drop(crossprod(basis, hint)))
  # On C the rows that are never strict are zero.
  inner <- if (any(found$strict)) {
    null_space(rows[!found$strict, , drop = FALSE])
  } else {
    matrix(0, ncol(rows), 0L)
  }
  list(
    strict = found$strict, direction = drop(back %*% (basis %*% found$direction)),
    span = back %*% basis %*% inner, rows = rows, inside = found$direction, inner = inner
  )
}

# Which rows are strict somewhere on {z : rows z >= 0}, and a z where all of them are.
#
# The sum of the rows is zero on C where none of them can be strict. Otherwise its maximum shows
# some that are; with a large multiple of that direction added they hold anyway, and the others are
# asked again.
separate <- function(rows, hint) {
  strict <- logical(nrow(rows))
  direction <- numeric(ncol(rows))
  possible <- rowSums(rows^2) > 0
  repeat {
    open <- which(possible & !strict)
    if (length(open) == 0L) break
    left <- rows[open, , drop = FALSE]
    found <- likely_direction(left, hint)
    hint <- NULL
    if (is.null(found)) {
      found <- exact_direction(left, cone_program(left)(colSums(left) / length(open)))
    }
    if (is.null(found)) break
    gained <- drop(left %*% found)
    direction <- joined_directions(rows[strict, , drop = FALSE], direction, found)
    strict[open[gained > cone_tolerance]] <- TRUE
  }
  list(strict = strict, direction = direction)
}

# A direction at hand: the hint, or the one that comes closest to the same value in all rows, which
# is reached where rows are independent, such as those of the cells of a table.
likely_direction <- function(rows, hint) {
  if (length(hint) && all(is.finite(hint))) {
    found <- exact_direction(rows, hint, 0)
    if (!is.null(found)) return(found)
  }
  level <- qr.coef(qr(rows, tol = 1e-9), rep(1, nrow(rows)))
  level[is.na(level)] <- 0
  if (all(rows %*% level > 0)) exact_direction(rows, level, 0)
}

# What counts as zero for rows of unit length: all rounding that a projection leaves.
cone_tolerance <- 1e-12

# What a linear program's zero may be off by.
program_tolerance <- 1e-9

# A direction from the linear program as one that holds to rounding: the rows that it makes zero are
# zero, the others positive. NULL where there is no such direction.
exact_direction <- function(rows, z, thresholds = c(1e-10, 1e-8, 1e-6)) {
  gained <- drop(rows %*% z)
  for (zero in thresholds) {
    basis <- null_space(rows[gained <= zero, , drop = FALSE])
    exact <- drop(basis %*% crossprod(basis, z))
    largest <- max(abs(exact), 0)
    if (largest < program_tolerance) next
    exact <- exact / largest
    now <- drop(rows %*% exact)
    if (all(now >= -cone_tolerance) && any(now > cone_tolerance)) return(exact)
  }
  NULL
}

# first + small * second: strict where the first is, and where the second is.
joined_directions <- function(rows, first, second) {
  if (nrow(rows) == 0L) return(second)
  loss <- -drop(rows %*% second) / drop(rows %*% first)
  first + second / max(1, 2 * loss)
}

# --- signs ---------------------------------------------------------------------------------------

# rows: strict somewhere on C = {z : rows z >= 0}, which spans the space; coefficients: linear forms
# there; scale: what their size is to be compared with; inside: a point of C where all rows are
# strict.
signs_on_cone <- function(rows, coefficients, scale, inside) {
  size <- sqrt(rowSums(coefficients^2))
  zero <- size <= 1e-8 * scale
  forms <- coefficients / ifelse(zero, 1, size)
  inside <- inside / max(abs(inside))
  if (ncol(rows) == 1L) {
    signs <- sign(drop(forms %*% inside))
    return(list(signs = ifelse(zero, 0, signs * Inf), witnesses = as.matrix(inside)))
  }
  # Rows, and coefficients such as those of a factor's levels, are often the same there.
  rows <- rows[distinct_rows(round(rows, 10L))$first, , drop = FALSE]
  kinds <- distinct_rows(round(forms, 10L))
  asked <- forms[kinds$first, , drop = FALSE]
  if (nrow(rows) == ncol(rows)) {
    # As many rays as rows: on each of them one row is positive, the others are zero.
    rays <- solve(rows)
    values <- unit_rows(asked %*% rays)
    seen <- list(
      up = rowSums(values > 1e-7) > 0, down = rowSums(values < -1e-7) > 0, witnesses = rays
    )
  } else if (ncol(rows) > most_dimensions) {
    return(list(signs = ifelse(zero, 0, NA), witnesses = as.matrix(inside)))
  } else {
    seen <- signs_seen(cone_program(rows), asked, zero[kinds$first], inside)
  }
  up <- seen$up[kinds$number]
  down <- seen$down[kinds$number]
  signs <- ifelse(up, Inf, -Inf)
  signs[up & down] <- NA
  signs[zero] <- 0
  list(signs = signs, witnesses = seen$witnesses)
}

# For each form, is it positive (`up`), is it negative (`down`) somewhere on the cone? What one
# program finds is looked at for all forms.
signs_seen <- function(solve, forms, zero, inside) {
  up <- down <- zero
  witnesses <- list()
  look <- function(z) {
    witnesses[[length(witnesses) + 1L]] <<- z
    value <- drop(forms %*% z)
    up <<- up | value > 1e-7
    down <<- down | value < -1e-7
  }
  look(inside)
  for (j in which(!zero)) {
    if (!up[j]) look(solve(forms[j, ]))
    if (!down[j]) look(solve(-forms[j, ]))
  }
  list(up = up, down = down, witnesses = do.call(cbind, witnesses))
}

# A cone of more dimensions would take minutes, a program for each coefficient: there signs are left
# open.
most_dimensions <- 200L

# --- the linear program --------------------------------------------------------------------------

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

# --- linear algebra ------------------------------------------------------------------------------

# An orthonormal basis of {z : rows z = 0}.
null_space <- function(rows) {
  size <- ncol(rows)
  if (nrow(rows) == 0L || size == 0L) return(diag(size))
  if (nrow(rows) > size) {
    decomposed <- qr(rows, LAPACK = TRUE)
    rows <- qr.R(decomposed)[, order(decomposed$pivot), drop = FALSE]
  }
  parts <- svd(rows, nu = 0L, nv = size)
  rank <- sum(parts$d > 1e-9 * max(parts$d, 1e-300))
  parts$v[, seq_len(size) > rank, drop = FALSE]
}

# Rows shorter than `least` become zero.
unit_rows <- function(rows, least = 0) {
  size <- sqrt(rowSums(rows^2))
  rows[size <= least, ] <- 0
  rows / ifelse(size <= least, 1, size)
}

# The columns of x in coordinates in which they are orthonormal, after its rows have been brought to
# unit length, which changes no cone. Columns that depend on those before them, as glm() sees it,
# have coefficients of zero.
orthonormal_rows <- function(x) {
  largest <- apply(abs(x), 2L, max)
  scale <- 2^-ceiling(log2(ifelse(largest > 0, largest, 1)))
  x <- x * rep(scale, each = nrow(x))
  free <- qr(x, tol = alias_tolerance)
  free <- sort(free$pivot[seq_len(free$rank)])
  decomposed <- qr(unit_rows(x[, free, drop = FALSE]), tol = alias_tolerance)
  kept <- seq_len(decomposed$rank)
  back <- matrix(0, ncol(x), decomposed$rank)
  triangle <- decomposed$qr[kept, kept, drop = FALSE]
  back[free[decomposed$pivot[kept]], ] <- backsolve(triangle, diag(decomposed$rank))
  list(rows = qr.Q(decomposed)[, kept, drop = FALSE], back = back * scale)
}
