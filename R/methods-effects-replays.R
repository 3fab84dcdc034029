# The variables that changes add to the design: what the formula's calls make of changed data, and
# their derivatives.

# For each of `extra` (see map_changes()): numbers, or codes. data: the rows' variables, as the
# formula's calls find them.
extra_values <- function(facts, extra, data) {
  lapply(extra, function(wanted) {
    if (wanted$of == 0L) return(offset_change(facts, wanted$change, data))
    replay <- function(data) replay_variable(facts, wanted$of, data)
    if (wanted$change$kind == "slope") {
      return(derivative(replay, wanted$change$raw, data, facts$names[wanted$of]))
    }
    replay(changed_data(data, wanted$change))
  })
}

# Of a variable of the model frame; warnings of splines, that rows lie beyond the boundary, are of
# no concern.
replay_variable <- function(facts, i, data) {
  value <- suppressWarnings(eval(facts$replays[[i]], data, facts$env))
  levels <- facts$blueprint$levels[[i]]
  if (!is.null(levels)) return(as.integer(codes_of(value, levels, facts$names[i])))
  value <- as_numbers(value)
  if (is.matrix(value)) matrix(as.double(value), nrow(value)) else as.double(value)
}

changed_data <- function(data, change) {
  if (change$kind == "step") {
    data[[change$raw]] <- data[[change$raw]] + 1
    return(data)
  }
  for (name in names(change$raw)) data[[name]] <- rep(change$raw[[name]], length(data[[name]]))
  data
}

offset_change <- function(facts, change, data) {
  offset <- function(data) {
    values <- lapply(facts$offsets, function(call) as.double(eval(call, data, facts$env)))
    Reduce(`+`, values)
  }
  if (change$kind == "slope") return(derivative(offset, change$raw, data, "offset"))
  offset(changed_data(data, change)) - offset(data)
}

# The derivative of f(data), a vector or a matrix, in one of the data's variables, row by row: by
# central differences of fourth order (Abramowitz and Stegun 25.3.6) with smaller and smaller steps,
# of which each row takes those that agree best.
derivative <- function(f, name, data, what) {
  x <- as.double(data[[name]])
  slope <- function(rows, h) {
    data <- rows_at(data, rows)
    at <- function(step) as.matrix(f(replace(data, name, list(x[rows] + step))))
    suppressWarnings((8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h))
  }
  h <- step_width(x)
  best <- slope(seq_along(x), h)
  doubt <- rep.int(Inf, length(x))
  rows <- seq_along(x)
  for (k in seq_len(derivative_tries)) {
    h <- h / 4
    finer <- slope(rows, h)
    change <- largest_in_rows(finer - best[rows, , drop = FALSE])
    better <- change < doubt[rows] | is.infinite(change) & is.infinite(doubt[rows])
    best[rows[better], ] <- finer[better, ]
    doubt[rows[better]] <- change[better]
    scale <- max(abs(best[is.finite(best)]), 0)
    tolerance <- largest_in_rows(best) + 1e-3 * scale
    rows <- which(doubt > 1e-10 * tolerance)
    if (length(rows) == 0L) break
  }
  check_derivative(x, is.finite(doubt) & doubt <= 1e-5 * tolerance, name, what)
  if (ncol(best) == 1L) drop(best) else best
}

derivative_tries <- 16L

# Inf where a number is none.
largest_in_rows <- function(x) {
  largest <- do.call(pmax, lapply(seq_len(ncol(x)), function(j) abs(x[, j])))
  replace(largest, !is.finite(largest), Inf)
}

check_derivative <- function(x, found, name, what) {
  if (all(found)) return(invisible())
  input_error(
    quoted(what), " has no derivative in `", name, "` where that is ",
    listed(format(sort(unique(x[!found])), trim = TRUE)), ": give values to compare, as in ",
    "`variables = list(", name, " = c(0, 1))`."
  )
}

# In the units of the numbers' own spread.
step_width <- function(x) {
  width <- 2^-9 * diff(range(x))
  if (width > 0) width else 2^-9 * max(abs(x[1L]), 1)
}
