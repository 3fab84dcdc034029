# Separation of rows that are elsewhere: cutting planes.
#
# The cone C of all rows lies in that of some of them, which separation.R knows how to describe. If
# no other row forbids a direction of that description, C is the same cone; else the rows that
# forbid one most join the others, and all is asked again. Each question is one pass, and adds up:
# of each run of rows, those that forbid most. Two classes are many classes here, and the log link
# observes both wherever there is a success.

# The `found` of separation(); its `rows` are the first ones only, see most_rows_named.
find_separation_elsewhere <- function(placed, rows, link, solved) {
  kept <- which(!solved$aliased)
  found <- cone_elsewhere(placed, rows, link, kept)
  if (is.null(found)) return(NULL)
  if (!any(found$cone$strict)) return(nothing_found(placed, solved))
  as_found_elsewhere(found$cone, found$answer, placed, kept, solved)
}

# The cone of all rows in the coefficients of the columns `kept`, class by class, of which some
# (`held`) do not move; and what all rows have answered to its directions. NULL where doubles cannot
# tell.
cone_elsewhere <- function(placed, rows, link, kept, held = integer()) {
  ask <- function(directions) ask_rows(placed, rows, link, kept, directions)
  some <- ask(NULL)
  repeat {
    x <- some$x
    missing <- null_space(unit_rows(x))
    if (ncol(missing)) {
      # Directions that these rows do not see at all.
      seen <- ask(all_classes(missing, ncol(some$observed) - 1L))
      if (nrow(seen$x) == 0L) return(NULL)
      some <- joined_rows(some, seen)
      next
    }
    cone <- class_cone(x, some$observed, held)
    if (!any(cone$strict)) return(list(cone = cone))
    answer <- ask(cbind(cone$direction, cone$witnesses))
    if (nrow(answer$x) == 0L) break
    before <- nrow(some$x)
    some <- joined_rows(some, answer)
    if (nrow(some$x) == before) return(NULL)  # beyond what doubles can tell
  }
  list(cone = cone, answer = answer)
}

# Up to this many rows are named.
most_rows_named <- 1000L

# As a direction of one class's coefficients, for each class.
all_classes <- function(directions, classes) kronecker(diag(classes), directions)

joined_rows <- function(some, more) {
  x <- rbind(some$x, more$x)
  observed <- rbind(some$observed, more$observed)
  first <- distinct_rows(x, drop(observed %*% 2^seq_len(ncol(observed))))$first
  list(x = x[first, , drop = FALSE], observed = observed[first, , drop = FALSE])
}

# Rows that forbid one of the directions (columns, class by class), the worst of each; without
# directions a few rows from everywhere. Also of the first direction: `separated`, how many rows
# have a strict demand, `apart`, how many are told from all other classes, the numbers of the first
# of them (`named`), and how many rows there are of positive weight (`used`).
ask_rows <- function(placed, rows, link, kept, directions) {
  if (are_with_workers(placed$handle)) {
    return(ask_partitions(placed, rows, link, kept, directions))
  }
  found <- list(x = NULL, observed = NULL, worst = NULL)
  counts <- c(separated = 0, apart = 0, used = 0)
  named <- numeric()
  before <- 0
  for_each_run(placed$handle, function(first, last) {
    x <- stored_design(rows, first, last)[, kept, drop = FALSE]
    seen <- observed_in_run(placed, link, first, last)
    use <- which(seen$weights > 0)
    counts[["used"]] <<- counts[["used"]] + length(use)
    x <- x[use, , drop = FALSE]
    observed <- seen$observed[use, , drop = FALSE]
    if (is.null(directions)) {
      take <- unique(round(seq(1, length(use), length.out = min(length(use), 50L))))
      found$x <<- rbind(found$x, x[take, , drop = FALSE])
      found$observed <<- rbind(found$observed, observed[take, , drop = FALSE])
    } else {
      margins <- margins_along(x, observed, directions)
      take <- worst_rows(margins$least)
      found$x <<- rbind(found$x, x[take$row, , drop = FALSE])
      found$observed <<- rbind(found$observed, observed[take$row, , drop = FALSE])
      found$worst <<- c(found$worst, take$margin)
      strict <- which(margins$most[, 1L] > forbids_least)
      counts[["separated"]] <<- counts[["separated"]] + length(strict)
      counts[["apart"]] <<- counts[["apart"]] + sum(margins$all_apart)
      room <- most_rows_named - length(named)
      named <<- c(named, utils::head(before + use[strict], room))
    }
    before <<- before + nrow(seen$observed)
  })
  if (!is.null(directions) && length(found$worst) > most_joining) {
    keep <- order(found$worst)[seq_len(most_joining)]
    found$x <- found$x[keep, , drop = FALSE]
    found$observed <- found$observed[keep, , drop = FALSE]
  }
  if (is.null(directions)) {
    found <- joined_rows(found, list(x = found$x[0L, , drop = FALSE],
                                     observed = found$observed[0L, , drop = FALSE]))
  }
  c(found[c("x", "observed")], as.list(counts), list(named = named))
}

# Of a row's length times that of the direction: less is rounding.
forbids_least <- 1e-8

# So many rows join at most after a pass.
most_joining <- 500L

# For each row and direction the least and the largest of its demands, relative to their lengths;
# for the first direction, whether all of them are strict.
margins_along <- function(x, observed, directions) {
  classes <- ncol(observed)
  length_of_row <- sqrt(rowSums(x^2))
  least <- most <- matrix(0, nrow(x), ncol(directions))
  first <- max.col(observed, "first")
  all_apart <- logical(nrow(x))
  for (d in seq_len(ncol(directions))) {
    by_class <- matrix(directions[, d], ncol = classes - 1L)
    size <- sqrt(sum(by_class^2))
    eta <- cbind(0, x %*% by_class) / (length_of_row * (if (size > 0) size else 1))
    gap <- eta[cbind(seq_len(nrow(x)), first)] - eta
    # Classes observed together stay together.
    together <- observed & col(observed) != first
    least[, d] <- row_extreme(ifelse(together, -abs(gap), gap), pmin)
    gap[observed] <- 0
    most[, d] <- row_extreme(gap, pmax)
    if (d == 1L) all_apart <- rowSums(gap > forbids_least) == classes - 1L
  }
  list(least = least, most = most, all_apart = all_apart)
}

row_extreme <- function(values, of) {
  do.call(of, lapply(seq_len(ncol(values)), function(j) values[, j]))
}

# A few of the worst of each direction.
worst_rows <- function(least) {
  row <- integer()
  for (d in seq_len(ncol(least))) {
    bad <- which(least[, d] < -forbids_least)
    row <- c(row, utils::head(bad[order(least[bad, d])], 10L))
  }
  row <- unique(row)
  list(row = row, margin = row_extreme(least[row, , drop = FALSE], pmin))
}

# rows x classes: what was observed; a row may be of several classes.
observed_in_run <- function(placed, link, first, last) {
  known <- placed$settled$response
  read <- function(column) stored_columns(placed$handle, column, first, last)
  if (!is.null(known$rows$category)) {
    class <- known$rows$classes[read(known$category)[[1L]]] + 1L
    observed <- matrix(FALSE, length(class), length(known$levels))
    observed[cbind(seq_along(class), class)] <- TRUE
  } else {
    y <- read(known$rows$y)
    if (!is.null(known$rows$outcome)) y[[1L]] <- known$rows$outcome[y[[1L]]]
    observed <- if (length(y) > 1L) do.call(cbind, y) > 0 else cbind(y[[1L]] < 1, y[[1L]] > 0)
    if (!is.null(known$complement)) observed[, 1L] <- read(known$complement)[[1L]] > 0
    if (identical(link, "log")) observed[, 1L] <- TRUE
  }
  weights <- if (is.null(known$weights)) rep.int(1, nrow(observed)) else read(known$weights)[[1L]]
  list(observed = observed, weights = weights)
}

nothing_found <- function(placed, solved) {
  design <- placed$settled$design
  found <- no_separation(design$labels, class_dimnames(placed), 0L)
  found$used <- placed$settled$response$n_ok
  found
}

class_dimnames <- function(placed) {
  levels <- placed$settled$response$levels
  if (is.null(placed$settled$response$by_class)) return(NULL)
  list(levels[-1L], placed$settled$design$labels)
}

as_found_elsewhere <- function(cone, answer, placed, kept, solved) {
  labels <- placed$settled$design$labels
  classes <- length(cone$direction) / length(kept)
  spread <- function(values) {
    all <- matrix(0, length(labels), classes)
    all[kept, ] <- values
    as.vector(all)
  }
  apart <- if (classes > 1) answer$apart else answer$separated
  complete <- apart == answer$used
  by_class <- class_dimnames(placed)
  structure(
    list(
      kind = if (complete) "complete" else "quasi-complete",
      coefficients = shaped(spread(cone$signs), labels, by_class), rows = answer$named,
      direction = shaped(spread(cone$direction), labels, by_class), used = answer$used,
      cause = paste0(
        "the classes are told apart in ",
        if (answer$separated == answer$used) "all " else paste0(
          format(answer$separated, scientific = FALSE), " of "
        ),
        counted(answer$used, "row")
      )
    ),
    class = "separation"
  )
}
