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
  open <- if (model$kind == "binary") open_sides(model$family) else both_open
  if (is.null(open)) return(NULL)
  found <- stored_cone(rows, problem_of(rows, model), open)
  if (is.null(found)) return(NULL)
  if (!any(found$cone$strict)) return(nothing_found(rows))
  as_stored_separation(found$cone, found$answer, rows, found$kept)
}

# Of many classes.
both_open <- c(success = TRUE, failure = TRUE)

# The cone of all rows in the coefficients of the columns `kept`, class by class, of which some
# (`held`, of those of all columns) do not move; what all rows have answered to its directions; and
# the `demands` that made it, of which some are strict on it. NULL where doubles cannot tell.
stored_cone <- function(rows, problem, open, held = integer()) {
  columns <- length(rows$design$names)
  classes <- length(rows$response$levels)
  if (columns * (max(classes, 2L) - 1L) > many_coordinates) {
    return(wide_stored_cone(rows, problem, open, held))
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

# All rows, sparse. NULL where they are too many, or fits do not settle it.
wide_stored_cone <- function(rows, problem, open, held) {
  all <- reduce_runs(rows, problem, open, rows_question())
  if (is.null(all$x)) return(NULL)
  cone <- class_cone(all$x, all$observed, held = held)
  if (is.null(cone)) return(NULL)
  found <- with_demands(cone, class_demands(all$x, all$observed), seq_len(ncol(all$x)))
  if (!any(cone$strict)) return(found)
  of_row <- tabulate(cone$row[cone$strict], nrow(all$x))
  along <- abs(as.matrix(all$x %*% matrix(cone$direction, ncol(all$x))))
  along <- do.call(pmax, lapply(seq_len(ncol(along)), function(j) along[, j]))
  answer <- list(
    separated = sum(of_row > 0), apart = sum(of_row == ncol(all$observed) - 1L),
    used = nrow(all$x), named = utils::head(all$number[of_row > 0], most_rows_named),
    least = min(along[of_row > 0]), most = max(along[of_row == 0], 0),
    ranges = ranges_of(all$x, all$observed[, 2L], of_row > 0)
  )
  c(found, list(answer = answer))
}

rows_question <- function() {
  list(
    of_run = travelling(function(x, observed, number) {
      list(x = as_sparse(x), observed = observed, number = number)
    }),
    merge = travelling(function(a, b) {
      rows <- a$rows + b$rows
      if (is.null(a$x) || is.null(b$x) || length(a$x@x) + length(b$x@x) > dense_enough) {
        return(list(x = NULL, rows = rows))
      }
      list(
        x = rbind(a$x, b$x), observed = rbind(a$observed, b$observed),
        number = c(a$number, a$rows + b$number), rows = rows
      )
    })
  )
}

# --- the object ----------------------------------------------------------------------------------

nothing_found <- function(rows) {
  design <- rows$design
  found <- no_separation(design$labels, class_dimnames(rows), 0L)
  found$used <- rows$response$n_ok
  found
}

class_dimnames <- function(rows) {
  levels <- rows$response$levels
  if (is.null(rows$response$by_class)) return(NULL)
  list(levels[-1L], rows$design$labels)
}

as_stored_separation <- function(cone, answer, rows, kept) {
  labels <- rows$design$labels
  classes <- length(cone$direction) / length(kept)
  spread <- function(values) {
    all <- matrix(0, length(labels), classes)
    all[kept, ] <- values
    as.vector(all)
  }
  apart <- if (classes > 1) answer$apart else answer$separated
  by_class <- class_dimnames(rows)
  # Rows are left out by their linear predictors in this direction, see core/engine/stored_rows.h:
  # those of the others are rounding.
  size <- sqrt(answer$least * max(answer$most, 1e-12 * answer$least))
  found <- list(
    kind = if (apart == answer$used) "complete" else "quasi-complete",
    coefficients = shaped(spread(cone$signs), labels, by_class), rows = answer$named,
    direction = shaped(spread(cone$direction * leaves_out / size), labels, by_class),
    separated = answer$separated, used = answer$used, cause = ""
  )
  found$cause <- if (is.null(by_class)) {
    cause_of(found, answer$ranges, rows$response$name)
  } else {
    rows_apart(found)
  }
  found$undecided <- as.character(flat_names(found)[spread(cone$undecided) > 0])
  structure(found, class = "separation")
}

leaves_out <- 1e-9
