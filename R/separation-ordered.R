# What rows of ordered classes say of infinite estimates.

# The likelihood of a row never falls along a direction where its class gains on all others. Of
# cumulative probabilities that is, the predictor of the cut above the class does not fall, and that
# of the cut below it does not rise.
separation_by.ordered_model <- function(model, rows, estimate) {
  design <- rows$design
  response <- rows$response
  used <- which(response$weights > 0)
  core <- core_model(model, response, design)
  x <- used_rows_of(design, used, 1 + core$cuts$count / max(1, length(design$names)))
  distinct <- distinct_rows(x, response$category[used])
  at <- distinct$first
  class <- response$category[used][at] + 1L
  rows_of <- function(some) {
    ordered_demands(x[at[some], , drop = FALSE], class[some], core$cuts, model$steps)
  }
  cone <- cone_as_made(length(at), rows_of, estimate)
  if (is.null(cone)) return(NULL)
  numbers <- vapply(cuts_of_classes(core$cuts$count, model$steps), nrow, 0L)[class]
  strict <- tabulate(rep(seq_along(at), numbers)[cone$strict], length(at))
  layout <- ordered_layout(model, design, response$levels)
  of_object <- c("signs", "direction", "undecided")
  cone[of_object] <- lapply(cone[of_object], `[`, layout$position)
  found <- as_separation(
    cone, (strict > 0L)[distinct$number], used, rows$names, layout$names, NULL
  )
  if (found$kind == "complete" && any(strict < numbers)) found$kind <- "quasi-complete"
  found$cause <- rows_apart(found)
  found
}

# x: rows of the design; class: of each. What they demand, see demanded_cuts(), as rows in the
# coefficients as the core has them.
ordered_demands <- function(x, class, cuts, steps) {
  x <- as.matrix(x)
  asked <- demanded_cuts(class, cuts$count, steps)
  shared <- setdiff(seq_len(ncol(x)), c(cuts$intercept, cuts$varying))
  z <- cbind(1, x[, cuts$varying, drop = FALSE])
  demands <- matrix(0, length(asked$row), cuts$count * ncol(z) + length(shared))
  for (j in seq_len(cuts$count)) {
    sign <- asked$signs[, j]
    demands[, (seq_len(ncol(z)) - 1L) * cuts$count + j] <- sign * z[asked$row, , drop = FALSE]
  }
  slopes <- cuts$count * ncol(z) + seq_along(shared)
  demands[, slopes] <- -rowSums(asked$signs) * x[asked$row, shared, drop = FALSE]
  demands
}

# For each demand the sign that the predictor of each cut has in it.
demanded_cuts <- function(class, count, steps) {
  of_class <- cuts_of_classes(count, steps)
  numbers <- vapply(of_class, nrow, 0L)
  list(
    signs = do.call(rbind, of_class[class]), row = rep(seq_along(class), numbers[class])
  )
}

# By class, demands x cuts.
cuts_of_classes <- function(count, steps) {
  lapply(seq_len(count + 1L), function(k) {
    cut <- diag(count)
    asked <- switch(steps,
      cumulative = rbind(
        if (k <= count) cut[k, , drop = FALSE], if (k > 1L) -cut[k - 1L, , drop = FALSE]
      ),
      continuation = rbind(
        -cut[seq_len(k - 1L), , drop = FALSE], if (k <= count) cut[k, , drop = FALSE]
      ),
      adjacent = do.call(rbind, lapply(setdiff(seq_len(count + 1L), k), function(other) {
        between <- seq.int(min(k, other), max(k, other) - 1L)
        replace(numeric(count), between, sign(other - k))
      }))
    )
    unname(asked)
  })
}

# What is left with coefficients held, see limit_finder(): the rows as they are, since a class that
# is told from those on one side alone has still a part in the likelihood. Their fits go on until
# nothing is gained.
left_of_ordered <- function(rows) {
  function(free, held) {
    list(rows = rows, demands = diag(length(free)), strict = logical(length(free)))
  }
}
