# The variables that changes add to the design: what the formula's calls make of changed data, and
# their derivatives.

# For each of `extra` (see map_changes()): numbers, or codes. data: the rows' variables, as the
# formula's calls find them.
extra_values <- function(facts, extra, data) {
  lapply(extra, function(wanted) {
    if (wanted$of == 0L) return(offset_change(facts, wanted$change, data))
    if (wanted$change$kind == "slope") {
      return(slope_of_variable(facts, wanted$of, wanted$change$raw, data))
    }
    replay_variable(facts, wanted$of, changed_data(data, wanted$change))
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

# --- derivatives ----------------------------------------------------------------------------------

# Of a variable of the model frame: by its formula where R knows that, if it agrees with finite
# differences in some rows; else by these.
slope_of_variable <- function(facts, i, name, data) {
  differences <- function(data) {
    derivative(function(data) replay_variable(facts, i, data), name, data, facts$names[i])
  }
  rows <- length(data[[name]])
  found <- tryCatch(
    known_slope(facts$replays[[i]], name, data, facts$env), error = function(e) NULL
  )
  right <- NROW(found) == rows && NCOL(found) == facts$widths[i] && all(is.finite(found))
  if (!right) return(differences(data))
  some <- unique(round(seq(1, rows, length.out = 50L)))
  tried <- differences(rows_at(data, some))
  agrees <- abs(tried - rows_at(found, some)) <= 1e-6 * max(abs(found), abs(tried))
  if (all(agrees)) found else differences(data)
}

known_slope <- function(call, name, data, env) {
  if (is.call(call) && function_name(call) %in% c("bs", "ns")) {
    return(spline_slope(call, name, data, env))
  }
  slope <- eval(stats::D(without_identity(call), name), data, env)
  rep_len(as.double(slope), length(data[[name]]))
}

# I(x) is x, as D() does not know.
without_identity <- function(expression) {
  if (!is.call(expression)) return(expression)
  if (identical(expression[[1L]], quote(I))) return(call("(", without_identity(expression[[2L]])))
  expression[-1L] <- lapply(expression[-1L], without_identity)
  expression
}

# The basis of a spline is a linear map of B-splines, those of a natural spline with second
# derivatives of zero at the ends: of rows between the ends the B-splines' derivatives serve as
# well.
spline_slope <- function(call, name, data, env) {
  natural <- function_name(call) == "ns"
  given <- as.list(match.call(if (natural) splines::ns else splines::bs, call))[-1L]
  if (!identical(given$x, as.name(name))) return(NULL)
  given <- lapply(given, eval, data, env)
  x <- as.double(given$x)
  ends <- given$Boundary.knots
  if (length(ends) != 2L || any(x < ends[1L] | x > ends[2L])) return(NULL)
  order <- if (natural) 4L else given$degree + 1L
  knots <- sort(c(rep(ends, order), given$knots))
  slope <- splines::splineDesign(knots, x, order, rep.int(1L, length(x)))
  kept <- if (isTRUE(given$intercept)) seq_len(ncol(slope)) else seq_len(ncol(slope))[-1L]
  slope <- slope[, kept, drop = FALSE]
  if (!natural) return(slope)
  bent <- splines::splineDesign(knots, ends, 4L, c(2L, 2L))[, kept, drop = FALSE]
  rotation <- qr.Q(qr(t(bent)), complete = TRUE)
  slope %*% rotation[, -(1:2), drop = FALSE]
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
    rows <- which(is.infinite(doubt) | doubt > 1e-10 * tolerance)
    if (length(rows) == 0L) break
  }
  check_slopes_found(x, is.finite(doubt) & doubt <= 1e-5 * tolerance, name, what)
  if (ncol(best) == 1L) drop(best) else best
}

derivative_tries <- 16L

# Inf where a number is none.
largest_in_rows <- function(x) {
  largest <- do.call(pmax, lapply(seq_len(ncol(x)), function(j) abs(x[, j])))
  replace(largest, !is.finite(largest), Inf)
}

check_slopes_found <- function(x, found, name, what) {
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
