# Separation of rows that are stored: cutting planes.
#
# The cone C of all rows lies in that of some of them, which cone.R knows how to describe. If
# no other row forbids a direction of that description, C is the same cone; else the rows that
# forbid one most join the others, and all is asked again. Each question is one pass, and adds up.
# Two classes are many classes here; where a link does not let an outcome go on for ever (the log
# link a success), both are observed.
# Rows are seen in the same coordinates as those in memory, in which the columns are orthonormal and
# each row is of unit length: so units play no part, and tolerances mean something.

# Of the separated rows the first ones are named, see most_rows_named.
separation_in.stored_rows <- function(rows, model, estimate = NULL) {
  if (model$kind == "strata") return(stored_set_separation(rows, model, estimate))
  open <- if (model$kind == "binary") open_sides(model$family) else both_open
  if (is.null(open)) return(NULL)
  found <- stored_cone(rows, problem_of(rows, model), open, function() {
    known_or_running(estimate, rows, model)
  })
  if (is.null(found)) return(NULL)
  if (!any(found$cone$strict)) return(nothing_found(rows))
  as_stored_separation(found$cone, found$answer, rows, found$kept)
}

# Of many classes.
both_open <- c(success = TRUE, failure = TRUE)

# The cone of all rows in the coefficients of the columns `kept`, class by class, of which some
# (`held`, of those of all columns) do not move; what all rows have answered to its directions; and
# the `demands` that made it, of which some are strict on it. NULL where doubles cannot tell.
# estimate(): the coefficients of a fit.
stored_cone <- function(rows, problem, open, estimate, held = integer()) {
  columns <- length(rows$design$names)
  classes <- length(rows$response$levels)
  if (columns * (max(classes, 2L) - 1L) > many_coordinates) {
    return(wide_stored_cone(rows, problem, open, estimate, held))
  }
  ask <- function(question) reduce_runs(rows, problem, open, question)
  seen <- ask(triangle_question())
  triangle <- seen$triangle * rep(seen$scale, each = nrow(seen$triangle))
  kept <- independent_columns(triangle)
  basis <- orthogonal_basis(triangle[, kept, drop = FALSE]) * seen$scale[kept]
  some <- seen_in_all_directions(ask, kept, basis)
  of_kept <- as.vector(outer(kept, (seq_len(max(classes, 2L) - 1L) - 1L) * columns, "+"))
  held <- which(of_kept %in% held)
  repeat {
    cone <- class_cone(some$x, some$observed, basis, held)
    asked <- class_demands(some$x %*% solve(basis, tol = 0), some$observed)
    found <- with_demands(cone, asked, kept)
    if (!any(cone$strict)) return(found)
    answer <- ask(cone_question(kept, basis, cone))
    if (nrow(answer$x) == 0L) return(c(found, list(answer = answer)))
    before <- nrow(some$x)
    some <- joined_rows(some, answer)
    if (nrow(some$x) == before) return(NULL)  # beyond what doubles can tell
  }
}

with_demands <- function(cone, asked, kept) {
  list(
    cone = cone, kept = kept, demands = rbind(asked$ordered, asked$fixed),
    strict = c(cone$strict, logical(nrow(asked$fixed)))
  )
}

# Some rows from everywhere, such that each direction is seen by one of them.
seen_in_all_directions <- function(ask, kept, basis) {
  some <- ask(sample_question(kept, basis))
  some <- each_once(some$x, some$observed)
  repeat {
    missing <- null_space(some$x)
    if (ncol(missing) == 0L) return(some)
    seen <- ask(sight_question(kept, basis, missing))
    if (nrow(seen$x) == 0L) return(some)
    some <- joined_rows(some, seen)
  }
}

# --- many coordinates ----------------------------------------------------------------------------

# All rows. NULL where they are too many, or fits do not settle it.
wide_stored_cone <- function(rows, problem, open, estimate, held) {
  all <- reduce_runs(rows, problem, open, rows_question())
  if (is.null(all$x)) return(NULL)
  x <- if (3 * length(all$x@x) > length(all$x)) as.matrix(all$x) else all$x
  columns <- seq_len(ncol(x) * (ncol(all$observed) - 1L))
  cone <- cone_of_classes(x, all$observed, estimate, setdiff(columns, held))
  if (is.null(cone)) return(NULL)
  found <- list(
    cone = cone, kept = seq_len(ncol(x)), demands = cone$demands, strict = cone$strict
  )
  if (!any(cone$strict)) return(found)
  eta <- x %*% matrix(cone$direction, ncol(x))
  c(found, list(answer = told_apart(x, all$observed, all$number, rowSums(cone$apart), eta)))
}

rows_question <- function() {
  list(
    of_run = travelling(function(x, observed, number) {
      list(x = as_sparse(x), observed = observed, number = number)
    }),
    merge = travelling(function(a, b) {
      if (is.null(a$x) || is.null(b$x) || length(a$x@x) + length(b$x@x) > dense_enough) {
        return(list(x = NULL))
      }
      list(
        x = rbind(a$x, b$x), observed = rbind(a$observed, b$observed),
        number = c(a$number, a$rows + b$number)
      )
    })
  )
}

# --- questions -----------------------------------------------------------------------------------

# A question is a list of two functions, both of which travel: of_run(x, observed, number) of the
# rows of positive weight of a run, the last their numbers in it, and merge(a, b) of two answers.

# The answer of all rows. open: see open_sides(). Answers count `rows`, so that numbers of rows go
# on.
reduce_runs <- function(rows, problem, open, question) {
  merge <- function(a, b) c(question$merge(a, b), list(rows = a$rows + b$rows))
  if (are_with_workers(rows$handle)) {
    ask_part <- travelling(
      function(part) reduce_runs(part$rows, part$problem, open, question),
      open = open, question = question
    )
    return(Reduce(merge, over_partitions(rows, problem, ask_part)))
  }
  whole <- NULL
  for_each_run(rows$handle, function(first, last) {
    seen <- observed_in_run(rows, open, first, last)
    use <- which(seen$weights > 0)
    x <- stored_design(problem, first, last)[use, , drop = FALSE]
    answer <- question$of_run(x, seen$observed[use, , drop = FALSE], use)
    answer$rows <- length(seen$weights)
    whole <<- if (is.null(whole)) answer else merge(whole, answer)
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
      list(triangle = triangle_of(rbind(a$triangle, b$triangle)), scale = pmin(a$scale, b$scale))
    }
  )
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
    merge = joined_rows
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
    merge = joined_rows
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
      along <- x[, kept, drop = FALSE]
      rows <- unit_rows(rows_along(along, basis))
      said <- said_of_cone(rows, observed, cone)
      eta <- along %*% matrix(cone$direction, length(kept))
      c(
        list(x = rows[said$worst, , drop = FALSE], observed = observed[said$worst, , drop = FALSE]),
        told_apart(x, observed, number, rowSums(said$strict), eta)
      )
    }, kept = kept, basis = basis, cone = cone[c("stages", "witnesses", "span", "direction")]),
    merge = function(a, b) {
      counted <- c("separated", "apart", "used")
      c(joined_rows(a, b), Map(`+`, a[counted], b[counted]), list(
        named = utils::head(c(a$named, a$rows + b$named), most_rows_named),
        least = min(a$least, b$least), most = max(a$most, b$most),
        ranges = joined_ranges(a$ranges, b$ranges)
      ))
    }
  )
}

# apart: for each row, from how many classes it is told. eta: its linear predictors.
told_apart <- function(x, observed, number, apart, eta) {
  strict <- apart > 0
  largest <- row_largest(abs(as.matrix(eta)))
  list(
    separated = sum(strict), apart = sum(apart == ncol(observed) - 1L), used = nrow(x),
    named = utils::head(number[strict], most_rows_named), least = min(largest[strict], Inf),
    most = max(largest[!strict], 0), ranges = ranges_of(x, as.numeric(observed[, 2L]), strict)
  )
}

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
  # What is not strict must be zero on all that the cone spans.
  left <- -abs(margins_along(rows, observed, any_of_span(cone$span)))
  left[strict] <- 0
  forbidden <- cbind(forbidden, row_least(left))
  list(strict = strict, worst = worst_rows(forbidden))
}

# For each row and class what an observed class gains on it; classes that were observed together
# stay together.
margins_along <- function(rows, observed, direction) {
  by_class <- matrix(direction / max(abs(direction)), ncol = ncol(observed) - 1L)
  eta <- cbind(0, rows %*% by_class)
  first <- first_observed(observed)
  gap <- eta[cbind(seq_len(nrow(rows)), first)] - eta
  ifelse(observed, -abs(gap), gap)
}

row_least <- function(values) -row_largest(-values)

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
  if (!is.null(known$by_class)) {
    run <- class_run(rows, first, last)
    return(list(observed = run$observed > 0, weights = rep_len(run$weights, nrow(run$observed))))
  }
  read <- function(column) stored_columns(rows$handle, column, first, last)[[1L]]
  y <- read(known$y)
  if (!is.null(known$rows$outcome)) y <- known$rows$outcome[y]
  observed <- cbind(y < 1, y > 0)
  if (!is.null(known$complement)) observed[, 1L] <- read(known$complement) > 0
  # An outcome whose likelihood has an end is as good as another one beside it.
  if (!open[["success"]]) observed[, 1L] <- TRUE
  if (!open[["failure"]]) observed[, 2L] <- TRUE
  weights <- if (is.null(known$weights)) rep.int(1, length(y)) else read(known$weights)
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
