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
#   stages     coordinates x directions: each makes some of those strict, and none of the others
#              negative that those before it leave at zero
#   signs      for each coefficient: 0 if it is 0 on C, -Inf or Inf if it keeps that sign,
#              NA if it takes both
#   undecided  for each coefficient: is it NA because it was not asked?
#   witnesses  coordinates x directions of C, which show it
#   span       coordinates x dimensions: what C spans
recession_cone <- function(ordered, fixed, back, hint = NULL) {
  basis <- null_space(unit_rows(fixed))
  rows <- unit_rows(unit_rows(ordered) %*% basis, 1e-10)
  found <- separate(rows, if (!is.null(hint)) drop(crossprod(basis, hint)))
  none <- list(
    strict = found$strict, direction = numeric(nrow(back)), stages = matrix(0, ncol(back), 0L),
    signs = numeric(nrow(back)), undecided = logical(nrow(back)),
    witnesses = matrix(0, ncol(back), 0L), span = matrix(0, ncol(back), 0L)
  )
  if (!any(found$strict)) return(none)
  # On C the rows that are never strict are zero.
  inner <- null_space(rows[!found$strict, , drop = FALSE])
  way_back <- back %*% basis %*% inner
  rounding <- max(rounding_in(basis), rounding_in(inner))
  seen <- signs_on_cone(
    unit_rows(rows[found$strict, , drop = FALSE] %*% inner), way_back,
    sqrt(rowSums(back^2)) * rounding, drop(crossprod(inner, found$direction))
  )
  list(
    strict = found$strict, direction = drop(back %*% (basis %*% found$direction)),
    stages = basis %*% found$stages, signs = seen$signs, undecided = seen$undecided,
    witnesses = basis %*% inner %*% seen$witnesses, span = basis %*% inner
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
  stages <- matrix(0, ncol(rows), 0L)
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
    stages <- cbind(stages, found)
    strict[open[gained > cone_tolerance]] <- TRUE
  }
  list(strict = strict, direction = direction, stages = unname(stages))
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
# there; least: what their size is lost in; inside: a point of C where all rows are strict.
signs_on_cone <- function(rows, coefficients, least, inside) {
  size <- sqrt(rowSums(coefficients^2))
  zero <- size <= least
  forms <- coefficients / ifelse(zero, 1, size)
  inside <- inside / max(abs(inside))
  if (nrow(coefficients) == 0L) {
    return(list(signs = numeric(), undecided = logical(), witnesses = as.matrix(inside)))
  }
  if (ncol(rows) == 1L) {
    signs <- sign(drop(forms %*% inside))
    return(list(
      signs = ifelse(zero, 0, signs * Inf), undecided = logical(length(zero)),
      witnesses = as.matrix(inside)
    ))
  }
  # Rows, and coefficients such as those of a factor's levels, are often the same there.
  rows <- rows[distinct_rows(round(rows, 10L))$first, , drop = FALSE]
  kinds <- distinct_rows(round(forms, 10L))
  asked <- forms[kinds$first, , drop = FALSE]
  if (nrow(rows) == ncol(rows)) {
    # As many rays as rows: on each of them one row is positive, the others are zero.
    rays <- solve(rows)
    rays <- rays / rep(apply(abs(rays), 2L, max), each = nrow(rays))
    seen <- values_at(rays, asked)
  } else {
    seen <- signs_seen(rows, asked, zero[kinds$first], inside)
  }
  up <- seen$up[kinds$number]
  down <- seen$down[kinds$number]
  undecided <- !zero & seen$undecided[kinds$number]
  signs <- ifelse(up, Inf, -Inf)
  signs[(up & down) | undecided] <- NA
  signs[zero] <- 0
  list(signs = signs, undecided = undecided, witnesses = seen$witnesses)
}

# What the forms are at points of the cone.
values_at <- function(points, forms) {
  values <- as.matrix(forms %*% points)
  list(
    up = rowSums(values > least_value) > 0, down = rowSums(values < -least_value) > 0,
    undecided = logical(nrow(forms)), witnesses = points
  )
}

# For each form, is it positive (`up`), is it negative (`down`) somewhere on the cone? What is found
# for one is looked at for all.
signs_seen <- function(rows, forms, zero, inside) {
  if (ncol(rows) > few_dimensions) return(signs_by_fits(rows, forms, zero, inside))
  program <- cone_program(rows)
  seen_by(forms, zero, inside, function(form) {
    list(decided = TRUE, point = exact_direction(rows, program(drop(form))))
  })
}

# ask(form): is it decided whether the form is positive somewhere on the cone, and a point where it
# is, or NULL.
seen_by <- function(forms, zero, inside, ask) {
  seen <- values_at(as.matrix(inside), forms)
  seen$up <- seen$up | zero
  seen$down <- seen$down | zero
  look <- function(form) {
    answer <- ask(form)
    if (is.null(answer$point)) return(answer$decided)
    found <- values_at(as.matrix(answer$point), forms)
    seen$up <<- seen$up | found$up
    seen$down <<- seen$down | found$down
    seen$witnesses <<- cbind(seen$witnesses, answer$point)
    answer$decided
  }
  for (j in which(!zero)) {
    form <- forms[j, , drop = FALSE]
    decided <- (seen$up[j] || look(form)) && (seen$down[j] || look(-form))
    seen$undecided[j] <- !decided && !(seen$up[j] && seen$down[j])
  }
  seen$witnesses <- unname(seen$witnesses)
  seen
}

# --- what fits say of a cone ----------------------------------------------------------------------

# What fits say of a cone: the logistic likelihood of the demands has the same directions of
# recession whatever the model was.

# Which rows are strict, or may be: for the others the score of a fit proves that they are not. With
# the columns that are aliased on all rows, and those that are on the others (`left_out`).
tell_apart <- function(rows, ordered) {
  apart <- logical(nrow(rows))
  aliased <- NULL
  for (attempt in seq_len(most_attempts)) {
    if (all(apart)) return(list(apart = apart, aliased = aliased, left_out = !logical(ncol(rows))))
    solved <- fit_demands(rows, ordered, !apart)
    if (is.null(aliased)) aliased <- solved$aliased
    if (solved$certified) return(list(apart = apart, aliased = aliased, left_out = solved$aliased))
    eta <- as.vector(rows %*% solved$coefficients)
    open <- ordered & !apart
    highest <- max(eta[open], 0)
    if (!is.finite(highest) || highest <= 0) return(NULL)
    apart <- apart | (open & eta > min(certain_eta, highest / 2))
  }
  NULL
}

most_attempts <- 50L

# A linear predictor that means near certainty.
certain_eta <- 4

# A demand is a success; a row that must stay was observed both ways.
fit_demands <- function(rows, ordered, used, to_the_end = FALSE) {
  response <- list(y = ifelse(ordered, 1, 0.5), weights = as.numeric(used))
  starts <- list(list(coefficients = numeric(ncol(rows))))
  control <- complete_control(list(maxit = 100, trace = FALSE), "newton")
  control$has_maximum <- to_the_end
  # A matrix without zeros is no sparse one.
  if (!is.matrix(rows) && 3 * length(rows@x) > length(rows)) rows <- as.matrix(rows)
  core <- core_model(binary_model(logit_family), response)
  problem <- plain_problem(as_design(rows), response, NULL, core, control$threads)
  solve_problem(problem, starts, control, "newton")
}

# As signs_seen(), for a cone with a point inside. If a form is negative somewhere on it, it is
# also at a point where all rows are positive, so with the form's negative as one more row all of
# them can be separated at once. A fit shows that, or proves that it cannot be. forbidding(z): rows
# of the cone that are not among these, and not positive at z; NULL where there are none.
signs_by_fits <- function(rows, forms, zero, inside, forbidding = function(z) NULL) {
  size <- sqrt(Matrix::rowSums(forms^2))
  forms <- forms / ifelse(size > 0, size, 1)
  work <- 0
  seen_by(forms, zero, inside, function(form) {
    repeat {
      work <<- work + as.double(length(rows)) * ncol(rows)
      if (work > most_work) return(list(decided = FALSE))
      with_form <- rbind(rows, form)
      z <- inside_of(with_form)
      if (is.null(z)) break
      more <- forbidding(z)
      if (is.null(more)) return(list(decided = TRUE, point = z))
      rows <<- rbind(rows, more)
    }
    told <- tell_apart(with_form, !logical(nrow(with_form)))
    list(decided = !is.null(told) && !all(told$apart))
  })
}

# A point where all rows are positive; NULL where a fit shows none.
inside_of <- function(rows) {
  for (to_the_end in c(FALSE, TRUE)) {
    all <- !logical(nrow(rows))
    solved <- fit_demands(rows, all, all, to_the_end)
    z <- solved$coefficients
    if (solved$certified || !all(is.finite(z)) || max(abs(z)) == 0) return(NULL)
    z <- z / max(abs(z))
    if (all(as.vector(rows %*% z) > least_value)) return(z)
  }
  NULL
}

# In more dimensions a linear program takes seconds, and there are two for each coefficient.
few_dimensions <- 30L

# Of all questions, in rows times squared columns; what is left by then is not decided.
most_work <- 1e11
