# What methods that fit a model many times have in common: the rows of a fit, other weights of them,
# and the user's random numbers.

# As nest_of() has it; `method`: the name of whoever asks.
nest_of_refits <- function(fit, threads, method) {
  check_is_fit(fit)
  check_has_rows_to_weigh(fit, method)
  nest_of_many(fit, threads)
}

# What many fits of the rows of one begin with.
nest_of_many <- function(fit, threads) {
  check_that(
    is.null(threads) || is_number(threads) && threads >= 1, threads,
    "`threads` must be a number of threads, at least 1, or NULL"
  )
  nest <- nest_of(fit)
  nest$control <- quietly(nest$control)
  nest$control["threads"] <- list(threads)
  # From far out there is no way back.
  if (is_separated(fit)) nest$start[] <- 0
  nest
}

check_has_rows_to_weigh <- function(fit, method) {
  if (is_corrected(fit)) {
    input_error(
      method, " fits by maximum likelihood, and these estimates have a bias correction: fit ",
      "without `bias_correction`."
    )
  }
  if (is_surveyed(fit)) {
    input_error(
      method, " draws rows as if they were independent, and those of a survey design are not: ",
      "fit survey::as.svrepdesign(design, type = \"bootstrap\"), of which replicates follow the ",
      "design."
    )
  }
  if (is_stored(fit)) {
    input_error(
      method, " weighs rows in memory anew for each fit, and those of this fit are stored: fit a ",
      "data frame, of all rows or of a sample."
    )
  }
}

# count fits with the rows' weights multiplied by times_of(numbers), which is called in order, for
# some of them at a time: a column for each. As refit_reweighted() has it; `told`: what is shown of
# them while they run.
refits_of <- function(nest, count, times_of, told) {
  rows <- nest$rows$design$rows
  together <- min(count, max(threads_of(nest$control), weights_at_most %/% rows))
  bar <- progress_line(paste0(told, " {done} of {all}"))
  on.exit(bar$done())
  parts <- list()
  for (first in seq(1, count, by = together)) {
    of <- seq(first, min(first + together - 1, count))
    parts[[length(parts) + 1L]] <- refit_reweighted(
      nest$rows, nest$model, times_of(of), nest$start, nest$control, nest$algorithm
    )
    bar$show(done = of[length(of)], all = count)
  }
  joined <- function(name, join) do.call(join, lapply(parts, `[[`, name))
  list(
    coefficients = joined("coefficients", cbind), shown = joined("shown", cbind),
    aliased = joined("aliased", cbind), status = joined("status", c)
  )
}

# The numbers that are made for some fits at a time: for as many of these as there are threads, or
# as few as are next to nothing.
weights_at_most <- 2^22

# By the user's own stream of random numbers; or by one of its own, after which the user's goes on.
with_stream <- function(seed, expr) {
  if (is.null(seed)) return(expr)
  check_that(is_number(seed), seed, "`seed` must be a number for set.seed(), or NULL")
  if (!exists(".Random.seed", envir = globalenv(), inherits = FALSE)) stats::runif(1L)
  before <- get(".Random.seed", envir = globalenv())
  on.exit(assign(".Random.seed", before, envir = globalenv()))
  set.seed(seed)
  expr
}

# The number of the group that each row belongs to: by one formula, or a value for each row.
numbered_groups <- function(fit, groups, argument) {
  ways <- ways_of_rows(fit, groups, argument)
  if (length(ways) == 1L) return(ways[[1L]])
  input_error(
    "`", argument, "` must be one variable: found ", length(ways), ", ",
    quoted(names(ways)), ". interaction() makes one of several."
  )
}
