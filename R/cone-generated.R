# The cone of recession of demands that are too many to be stored: constraints are generated.
#
# The cone C of all demands lies in that of some of them, which cone.R knows how to describe. If no
# other demand forbids a direction of that description, and those that are not strict along it are
# zero on all that the cone spans, C is the same cone; else the demands that say otherwise most join
# the others, and all is asked again. So what is stored are some demands, and of all of them what
# they are along a few directions, block by block.

# set: see cone-demands.R, in well conditioned coordinates, and rows of about unit length. back,
# hint: as for recession_cone(). held: rows of coordinates that are to be zero. As recession_cone(),
# with `strict` for each demand of the set, the numbers of the demands that `made` it, and which of
# these are strict (`made_strict`). NULL where doubles cannot tell.
generated_cone <- function(set, back, hint = NULL, held = back[0L, , drop = FALSE]) {
  made <- seen_everywhere(set, spread_over(seq_len(sum(set$counts)), 20 * ncol(back)))
  # Signs are asked once all demands agree on what is strict.
  for (forms in list(back[0L, , drop = FALSE], back)) {
    repeat {
      some <- demands_at(set, made)
      cone <- recession_cone(
        some$rows[!some$fixed, , drop = FALSE],
        rbind(some$rows[some$fixed, , drop = FALSE], held), forms, hint
      )
      if (!any(cone$strict)) break
      said <- said_by_demands(set, cone)
      if (length(said$forbidding) == 0L) break
      more <- setdiff(said$forbidding, made)
      if (length(more) == 0L) return(NULL)  # beyond what doubles can tell
      made <- sort(c(made, more))
    }
    if (!any(cone$strict)) return(nothing_strict(set, back, made))
  }
  cone$made <- made
  cone$made_strict <- replace(logical(length(made)), !some$fixed, cone$strict)
  cone$strict <- said$strict
  cone$direction <- drop(back %*% joined_stages(set, cone$stages))
  cone
}

# Of demands in the units of the data: make(at) gives the rows of those of some of `count` rows, one
# after the other. Few are stored, each once.
cone_as_made <- function(count, make, estimate = NULL) {
  one <- make(1L)
  numbers <- as.double(count) * length(one)
  if (is.matrix(one) && ncol(one) <= many_coordinates && numbers > few_numbers) {
    cone <- generated_as_made(blocks_of(count, length(one)), make, ncol(one), estimate)
    if (!is.null(cone)) return(cone)
  }
  ordered <- make(seq_len(count))
  distinct <- distinct_rows(ordered)
  kinds <- ordered[distinct$first, , drop = FALSE]
  cone <- cone_of_rows(kinds, kinds[0L, , drop = FALSE], estimate)
  if (!is.null(cone)) cone$strict <- cone$strict[distinct$number]
  cone
}

generated_as_made <- function(blocks, make, columns, estimate) {
  coordinates <- orthonormal_coordinates(blocks, make, columns)
  counts <- vapply(blocks, function(at) nrow(make(at)), 0L)
  set <- made_set(blocks, counts, make, coordinates$along)
  generated_cone(set, coordinates$back, in_coordinates(coordinates$back, estimate))
}

nothing_strict <- function(set, back, made) {
  none <- numeric(nrow(back))
  list(
    strict = logical(sum(set$counts)), direction = none, signs = none, undecided = none > 0,
    made = made, made_strict = logical(length(made))
  )
}

# With demands such that each direction is seen by one of them.
seen_everywhere <- function(set, made) {
  repeat {
    missing <- null_space(unit_rows(demands_at(set, made)$rows))
    if (ncol(missing) == 0L) return(made)
    seen <- over_blocks(set, function(b, numbers) {
      said <- lapply(seq_len(ncol(missing)), function(d) {
        worst_of(-abs(set$values(b, missing[, d, drop = FALSE])[, 1L]), numbers)
      })
      do.call(rbind, said)
    })
    seen <- setdiff(unique(do.call(rbind, seen)[, "number"]), made)
    if (length(seen) == 0L) return(made)
    made <- sort(c(made, spread_over(seen, 10 * ncol(missing))))
  }
}

# What all demands say of the cone of some: `strict`, and the numbers of some that forbid it.
said_by_demands <- function(set, cone) {
  stages <- ncol(cone$stages)
  looks <- cbind(cone$stages, cone$witnesses, any_of_span(cone$span))
  looks <- looks / rep(pmax(apply(abs(looks), 2L, max), 1e-300), each = nrow(looks))
  said <- over_blocks(set, function(b, numbers) said_in_block(set, b, numbers, looks, stages))
  forbidding <- do.call(rbind, lapply(said, `[[`, "forbidding"))
  kept <- lapply(split(seq_len(nrow(forbidding)), forbidding[, "look"]), function(at) {
    at[utils::head(order(forbidding[at, "value"]), joining)]
  })
  list(
    strict = unlist(lapply(said, `[[`, "strict")),
    forbidding = unique(forbidding[unlist(kept), "number"])
  )
}

# A direction along which what is not zero on all of the span is not zero.
any_of_span <- function(span) as.vector(span %*% sin(seq_len(ncol(span))))

# looks: directions, of which the first are stages, and the last one is any of the cone's span.
said_in_block <- function(set, b, numbers, looks, stages) {
  fixed <- set$fixed(b)
  strict <- logical(length(fixed))
  forbidding <- NULL
  for (look in seq_len(ncol(looks))) {
    first <- (look - 1L) %% looked_at_once == 0L
    if (first) {
      these <- seq(look, min(look + looked_at_once - 1L, ncol(looks)))
      values <- set$values(b, looks[, these, drop = FALSE])
    }
    value <- values[, match(look, these)]
    of_any <- look == ncol(looks)
    stays <- if (of_any) seq_along(value) else which(fixed)
    value[stays] <- -abs(value[stays])
    if (look <= stages || of_any) value[strict] <- 0
    if (look <= stages) strict <- strict | value > forbids_least
    worst <- worst_of(value, numbers)
    forbidding <- rbind(forbidding, cbind(worst, look = rep(look, nrow(worst))))
  }
  list(strict = strict, forbidding = forbidding)
}

# A few of the most negative.
worst_of <- function(value, numbers) {
  bad <- which(value < -forbids_least)
  if (length(bad) > joining) {
    bad <- bad[value[bad] <= sort(value[bad], partial = joining)[joining]]
    bad <- utils::head(bad, joining)
  }
  cbind(value = value[bad], number = numbers[bad])
}

# Of each direction that is forbidden, so many demands join the others at a time.
joining <- 30L

# What is zero: of rows of unit length that are not among those that made the direction.
forbids_least <- 1e-10

# One direction along which all demands are strict that are so along one of the stages, see
# joined_directions().
joined_stages <- function(set, stages) {
  direction <- stages[, 1L]
  for (j in seq_len(ncol(stages))[-1L]) {
    looks <- cbind(stages[, seq_len(j - 1L)], direction, stages[, j])
    loss <- over_blocks(set, function(b, numbers) {
      values <- set$values(b, looks)
      strict <- strict_by_stage(values[, seq_len(j - 1L), drop = FALSE])
      max(-values[strict, j + 1L] / values[strict, j], 0)
    })
    direction <- direction + stages[, j] / max(1, 2 * unlist(loss))
  }
  direction
}

strict_by_stage <- function(values) {
  strict <- logical(nrow(values))
  for (j in seq_len(ncol(values))) strict <- strict | values[, j] > forbids_least
  strict
}
