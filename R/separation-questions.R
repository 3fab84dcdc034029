# What separation-stored.R asks of rows that are stored.

# A question is a list of two functions, both of which travel: of_run(x, observed, number) of the
# rows of positive weight of a run, the last their numbers in it, and merge(a, b) of two answers.

# The answer of all rows. open: see open_sides(). Answers count `rows`, so that numbers of rows go
# on.
reduce_runs <- function(rows, problem, open, question) {
  if (are_with_workers(rows$handle)) {
    ask_part <- travelling(
      function(part) reduce_runs(part$rows, part$problem, open, question),
      open = open, question = question
    )
    return(Reduce(question$merge, over_partitions(rows, problem, ask_part)))
  }
  whole <- NULL
  for_each_run(rows$handle, function(first, last) {
    seen <- observed_in_run(rows, open, first, last)
    use <- which(seen$weights > 0)
    x <- stored_design(problem, first, last)[use, , drop = FALSE]
    answer <- question$of_run(x, seen$observed[use, , drop = FALSE], use)
    answer$rows <- length(seen$weights)
    whole <<- if (is.null(whole)) answer else question$merge(whole, answer)
  })
  whole
}

# The triangular factor of the columns, and the powers of two that bring them to 1 or less.
triangle_question <- function() {
  list(
    of_run = travelling(function(x, observed, number) {
      scale <- if (nrow(x)) powers_of_two(apply(abs(x), 2L, max)) else rep(1, ncol(x))
      list(triangle = triangle_of(x), scale = scale)
    }),
    merge = function(a, b) {
      list(
        triangle = triangle_of(rbind(a$triangle, b$triangle)), scale = pmin(a$scale, b$scale),
        rows = a$rows + b$rows
      )
    }
  )
}

triangle_of <- function(x) {
  if (nrow(x) <= ncol(x)) return(x)
  triangle <- qr(x, tol = 0)$qr[seq_len(ncol(x)), , drop = FALSE]
  triangle[lower.tri(triangle)] <- 0
  triangle
}

# A few rows of each run.
sample_question <- function(kept, basis) {
  list(
    of_run = travelling(function(x, observed, number) {
      take <- unique(round(seq(1, nrow(x), length.out = min(nrow(x), 50L))))
      list(
        x = unit_rows(rows_along(x[take, kept, drop = FALSE], basis)),
        observed = observed[take, , drop = FALSE]
      )
    }, kept = kept, basis = basis),
    merge = function(a, b) c(joined_rows(a, b), list(rows = a$rows + b$rows))
  )
}

# Rows that are not zero along some directions, the largest of each.
sight_question <- function(kept, basis, directions) {
  list(
    of_run = travelling(function(x, observed, number) {
      x <- unit_rows(rows_along(x[, kept, drop = FALSE], basis))
      take <- worst_rows(-abs(x %*% directions))
      list(x = x[take, , drop = FALSE], observed = observed[take, , drop = FALSE])
    }, kept = kept, basis = basis, directions = directions),
    merge = function(a, b) c(joined_rows(a, b), list(rows = a$rows + b$rows))
  )
}

# Rows that forbid a direction of the cone, the worst of each, and what the others say of it:
# `separated`, how many rows have a strict demand, `apart`, how many are told from all other
# classes, the numbers of the first of them (`named`), how many rows there are of positive weight
# (`used`); how large the linear predictors of the direction are in separated rows at least
# (`least`), and in the others at most (`most`); and the columns' ranges.
cone_question <- function(kept, basis, cone) {
  list(
    of_run = travelling(function(x, observed, number) {
      all <- x
      x <- x[, kept, drop = FALSE]
      rows <- unit_rows(rows_along(x, basis))
      said <- said_of_cone(rows, observed, cone)
      strict <- rowSums(said$strict) > 0
      along <- abs(x %*% matrix(cone$direction, ncol(x)))
      along <- do.call(pmax, lapply(seq_len(ncol(along)), function(j) along[, j]))
      list(
        x = rows[said$worst, , drop = FALSE], observed = observed[said$worst, , drop = FALSE],
        separated = sum(strict), apart = sum(rowSums(said$strict) == ncol(observed) - 1L),
        used = nrow(x), named = utils::head(number[strict], most_rows_named),
        least = min(along[strict], Inf), most = max(along[!strict], 0),
        ranges = ranges_of(all, as.numeric(observed[, 2L]), strict)
      )
    }, kept = kept, basis = basis, cone = cone[c("stages", "witnesses", "direction")]),
    merge = function(a, b) {
      counts <- Map(`+`, a[c("separated", "apart", "used", "rows")],
                    b[c("separated", "apart", "used", "rows")])
      c(joined_rows(a, b), counts, list(
        named = utils::head(c(a$named, a$rows + b$named), most_rows_named),
        least = min(a$least, b$least), most = max(a$most, b$most),
        ranges = joined_ranges(a$ranges, b$ranges)
      ))
    }
  )
}

# What is zero: of rows of unit length that are not among those that made the direction.
forbids_least <- 1e-10

# strict: rows x classes, is the class told apart? worst: rows that forbid a direction.
said_of_cone <- function(rows, observed, cone) {
  strict <- observed & FALSE
  forbidden <- NULL
  for (j in seq_len(ncol(cone$stages))) {
    margin <- margins_along(rows, observed, cone$stages[, j])
    margin[strict] <- 0
    forbidden <- cbind(forbidden, row_least(margin))
    strict <- strict | (margin > forbids_least & !observed)
  }
  for (j in seq_len(ncol(cone$witnesses))) {
    forbidden <- cbind(forbidden, row_least(margins_along(rows, observed, cone$witnesses[, j])))
  }
  list(strict = strict, worst = worst_rows(forbidden))
}

# For each row and class what an observed class gains on it; classes that were observed together
# stay together.
margins_along <- function(rows, observed, direction) {
  by_class <- matrix(direction / max(abs(direction)), ncol = ncol(observed) - 1L)
  eta <- cbind(0, rows %*% by_class)
  first <- max.col(observed, "first")
  gap <- eta[cbind(seq_len(nrow(rows)), first)] - eta
  ifelse(observed, -abs(gap), gap)
}

row_least <- function(values) do.call(pmin, lapply(seq_len(ncol(values)), function(j) values[, j]))

# A few of the worst of each direction.
worst_rows <- function(least) {
  unique(unlist(lapply(seq_len(ncol(least)), function(d) {
    bad <- which(least[, d] < -forbids_least)
    utils::head(bad[order(least[bad, d])], 10L)
  })))
}

# rows x classes: what was observed; a row may be of several classes.
observed_in_run <- function(rows, open, first, last) {
  known <- rows$response
  read <- function(column) stored_columns(rows$handle, column, first, last)
  if (!is.null(known$rows$category)) {
    class <- known$rows$classes[read(known$category)[[1L]]] + 1L
    observed <- matrix(FALSE, length(class), length(known$levels))
    observed[cbind(seq_along(class), class)] <- TRUE
  } else {
    y <- read(known$rows$y)
    if (!is.null(known$rows$outcome)) y[[1L]] <- known$rows$outcome[y[[1L]]]
    observed <- if (length(y) > 1L) do.call(cbind, y) > 0 else cbind(y[[1L]] < 1, y[[1L]] > 0)
    if (!is.null(known$complement)) observed[, 1L] <- read(known$complement)[[1L]] > 0
    # An outcome whose likelihood has an end is as good as another one beside it.
    if (!open[["success"]]) observed[, 1L] <- TRUE
    if (!open[["failure"]]) observed[, 2L] <- TRUE
  }
  weights <- if (is.null(known$weights)) rep.int(1, nrow(observed)) else read(known$weights)[[1L]]
  list(observed = observed, weights = weights)
}

joined_rows <- function(some, more) {
  each_once(rbind(some$x, more$x), rbind(some$observed, more$observed))
}

each_once <- function(x, observed) {
  first <- distinct_rows(x, drop(observed %*% 2^seq_len(ncol(observed))))$first
  list(x = x[first, , drop = FALSE], observed = observed[first, , drop = FALSE])
}

# Up to this many rows are named.
most_rows_named <- 1000L
