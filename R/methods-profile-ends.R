# Ends of profile intervals, and fits with coefficients held at zero, where there is a maximum and
# where the data are separated.

# A row of both ends for each of `which`.
profile_ends <- function(profiled, which, level, dispersion = 1) {
  if (!length(which)) return(matrix(0, 0L, 2L))
  quantile <- sqrt(dispersion) * stats::qnorm((1 + level) / 2)
  bounds <- if (is.null(profiled$signs)) {
    ends_about_maximum(profiled, which, quantile, dispersion)
  } else {
    ends_under_separation(profiled, which, quantile, dispersion)
  }
  unknown <- is.na(bounds)
  bounds[unknown] <- NA
  if (any(unknown)) warn_unknown(sum(unknown), "end", "of profile intervals")
  bounds
}

ends_about_maximum <- function(profiled, which, quantile, dispersion) {
  about_best(profiled, dispersion, function(rows, coefficients) {
    profile_ends_impl(rows, coefficients, which, quantile)
  })$bounds
}

ends_under_separation <- function(profiled, which, quantile, dispersion) {
  signs <- profiled$signs[which]
  limit <- limit_finder(profiled)
  bounds <- matrix(c(-Inf, Inf), length(which), 2L, byrow = TRUE)
  bounds[is.nan(signs), ] <- NA
  finite <- !is.na(signs) & signs == 0
  if (any(finite)) {
    bounds[finite, ] <- NA
    rest <- at_supremum(limit())
    if (!is.null(rest$rows)) {
      bounds[finite, ] <- ends_about_maximum(rest, which[finite], quantile, dispersion)
    }
  }
  one_sided <- which(is.infinite(signs))
  if (length(one_sided)) top <- log_supremum(limit())
  for (i in one_sided) {
    side <- if (signs[i] > 0) 1L else 2L
    bounds[i, side] <- end_of_limit(limit(which[i]), which[i], c(-1, 1)[side], quantile, top)
  }
  bounds
}

# The least upper bound of the log-likelihood, relative to the saturated model, with a group of
# coefficients held at zero. limit: as limit_finder() finds it.
log_supremum <- function(limit, group = integer()) {
  if (is.null(limit)) return(NA_real_)
  if (is.null(limit$rows)) return(0)
  found <- held_at_zero(limit, group)
  known <- found$sure && (is.finite(found$loglik) || length(group))
  if (known) found$loglik else NA_real_
}

held_at_zero <- function(limit, group) held_at_zero_impl(limit$rows, limit$coefficients, group)

# With the coefficients that reach it, where they are known.
at_supremum <- function(limit) {
  if (is.null(limit$rows)) return(limit)
  found <- held_at_zero(limit, integer())
  if (found$sure && length(found$coefficients)) {
    known <- !is.na(limit$coefficients)
    limit$coefficients[known] <- found$coefficients[known]
  }
  limit
}

end_of_limit <- function(limit, which, side, quantile, top) {
  if (is.null(limit) || is.na(top)) return(NA_real_)
  profile_limit_impl(limit$rows, limit$coefficients, which, side, quantile, top)
}

# profile(rows, coefficients), and again from the better solution that it has seen, as long as it
# sees one.
about_best <- function(profiled, dispersion, profile) {
  coefficients <- profiled$coefficients
  better <- 0
  for (attempt in seq_len(most_restarts)) {
    found <- profile(profiled$rows, coefficients)
    better <- better + found$better
    if (is.null(found$coefficients)) break
    coefficients <- ifelse(is.na(coefficients), NA, found$coefficients)
  }
  if (better > 1e-3 * dispersion) warn_better(better)
  found
}

most_restarts <- 5L

warn_better <- function(better) {
  fit_warning(
    "fastlogit_better_fit",
    "profiling has found a better solution (its deviance is lower by ", format(better, digits = 3L),
    "), and goes on from there: the original fit had not converged to the maximum, see ",
    "fit$status, or fit again with another `start`."
  )
}

warn_unknown <- function(count, noun, of) {
  fit_warning(
    "fastlogit_unknown_profile",
    counted(count, noun), " ", of, if (count == 1L) " is" else " are", " NA: the fits with the ",
    "coefficient held have not converged."
  )
}

# The least deviance (of a penalised fit, twice the negative log-likelihood with the penalty) with
# each of some groups of coefficients held at zero, and its `rise` over that of the fit.
profile_zero <- function(profiled, groups, dispersion = 1) {
  zero <- if (is.null(profiled$signs)) {
    about_best(profiled, dispersion, function(rows, coefficients) {
      profile_zero_impl(rows, coefficients, as.list(groups))
    })
  } else {
    zero_under_separation(profiled, groups)
  }
  zero$loglik[!zero$sure] <- NA
  unknown <- sum(is.na(zero$loglik))
  if (unknown) warn_unknown(unknown, "test", "that coefficients are zero")
  list(rise = pmax(0, 2 * (zero$top - zero$loglik)), deviance = -2 * zero$loglik)
}

zero_under_separation <- function(profiled, groups) {
  limit <- limit_finder(profiled)
  top <- log_supremum(limit())
  loglik <- vapply(groups, function(group) {
    # At any value, that of a coefficient which the data leave open among them.
    open <- is.na(profiled$signs[group]) & !is.nan(profiled$signs[group])
    if (length(group) == 1L && open) return(top)
    log_supremum(limit(group), group)
  }, 0)
  list(loglik = loglik, top = top, sure = TRUE)
}

# --- separated data -------------------------------------------------------------------------------

# Profiles of separated data: the least upper bound of the likelihood with some coefficients held.
#
# What is left of the cone C (cone.R) with coefficients held are its directions in which they
# do not move. Along these the likelihood rises towards that of the rows that are strict on none of
# them, which has a maximum: the bound. So the profile of a coefficient j is,
#   where b_j is 0 on C, that of the rows that are not separated;
#   where b_j keeps a sign on C, one that rises for ever on that side; on the other side it falls,
#   and what is strict on C with b_j = 0 has no say in it;
#   where b_j takes both signs, flat: the bound is the same at every value.

# A fit as its profiles see it: the rows as the C++ core reads them, the coefficients class by
# class, and where the data are separated, the signs of infinity: NA where the data leave a
# coefficient open, NaN where that was not decided.
as_profiled <- function(fit, threads = NULL) {
  if (is_of_sets(fit) && is_separated(fit)) fit <- in_memory(fit)
  found <- fit$separation_details
  list(
    fit = fit, rows = problem_of_fit(fit, threads),
    coefficients = core_values(fit),
    signs = if (!is.null(found)) {
      signs <- ifelse(flat_names(found) %in% found$undecided, NaN, flat_values(found))
      if (is_ordered_fit(fit)) signs[order(fit$position)] else signs
    }
  )
}

# A function of the coefficients held: the rows that decide the bound, and coefficients to begin
# with, NA where these rows do not determine them, as list(rows = , coefficients = ); `rows` is NULL
# where the bound is a likelihood of 1. NULL where the data were not decided.
limit_finder <- function(profiled) {
  fit <- profiled$fit
  known <- which(!is.na(profiled$coefficients))
  find <- if (is_ordered_fit(fit)) {
    left_of_ordered(profiled$rows)
  } else if (is_stored(fit)) {
    left_of_stored(fit, profiled$rows)
  } else if (inherits(fit, "fastclogit")) {
    if (is.null(profiled$rows$response$set)) left_of_rows(profiled$rows, both_open) else
      left_of_sets(profiled$rows)
  } else if (inherits(fit, "fastmultinom")) {
    left_of_classes(
      profiled$rows, length(fit$lab), numbers_or_zero(profiled$coefficients)
    )
  } else {
    left_of_rows(profiled$rows, open_sides(fit$family, length(profiled$rows$response$y)))
  }
  of_all <- find(known, integer())
  begin <- profiled$coefficients
  # Of linear predictors that large, nothing is left of the others.
  if (any(abs(begin[known]) * column_sizes(of_all$demands) > 1e8)) begin[known] <- 0
  function(held = integer()) {
    free <- setdiff(known, held)
    found <- if (length(held)) find(free, held) else of_all
    if (is.null(found) || is.null(found$rows)) return(found)
    inner <- open_directions(found$demands, found$strict)
    span <- matrix(0, length(begin), ncol(inner))
    span[free, ] <- inner
    list(rows = found$rows, coefficients = moved_along(begin, span))
  }
}

# A basis of the directions along which the demands that are not strict are zero. Of the others
# there is the size of the columns, beside which rounding is none.
open_directions <- function(demands, strict) {
  scale <- powers_of_two(column_sizes(demands))
  weak <- as.matrix(demands[!strict, , drop = FALSE])
  weak <- unit_rows(weak * rep(scale, each = nrow(weak)), 1e-10)
  null_space(weak) * scale
}

# Moved along the span until as many of them as it has dimensions are zero, which are NA then.
moved_along <- function(coefficients, span) {
  if (ncol(span) == 0L) return(coefficients)
  fixed <- qr(t(span), LAPACK = TRUE)$pivot[seq_len(ncol(span))]
  known <- !is.na(coefficients)
  move <- span %*% solve(span[fixed, , drop = FALSE], coefficients[fixed], tol = 0)
  coefficients[known] <- (coefficients - drop(move))[known]
  coefficients[fixed] <- NA
  coefficients
}

# --- what is left with coefficients held ---------------------------------------------------------
# Functions of the coefficients that are free and those that are held, of list(rows = , demands = ,
# strict = ): the rows less what is strict, what all ask of the free coefficients, and which of that
# is strict. NULL where that is not known.

# Two classes.
left_of_rows <- function(rows, open) {
  weights <- row_weights(rows)
  used <- which(weights > 0)
  all_columns <- used_rows_of(rows$design, used)
  demand <- demands(rows$response, open)[used]
  function(free, held) {
    x <- all_columns[, free, drop = FALSE]
    strict <- if (length(free)) demanded_cone(x, demand)$strict else logical(length(used))
    if (is.null(strict)) return(NULL)
    list(rows = if (!all(strict)) rows_without(rows, used[strict]), demands = x, strict = strict)
  }
}

row_weights <- function(rows) rows$response$weights %||% rep.int(1, rows$design$rows)

rows_without <- function(rows, apart) {
  if (length(apart) == 0L) return(rows)
  rows$response$weights <- replace(row_weights(rows), apart, 0)
  rows
}

# Many classes: a row may be told from some of them only.
left_of_classes <- function(rows, classes, estimate) {
  used <- which(row_weights(rows) > 0)
  x <- rows_of_classes(rows$design, used, classes)
  observed <- observed_or_not(c(rows$response, list(levels = seq_len(classes))), used)
  function(free, held) {
    if (length(free) == 0L) return(list(rows = rows, demands = x[0L, 0L], strict = logical()))
    found <- cone_of_classes(x, observed, function() estimate, free)
    if (is.null(found)) return(NULL)
    all_apart <- all(rowSums(found$apart) == classes - 1L)
    list(
      rows = if (!all_apart) rows_without_classes(rows, used, found$apart),
      demands = found$demands[, free, drop = FALSE], strict = found$strict
    )
  }
}

# Offsets take the classes away that rows are told from; the baseline's is zero.
rows_without_classes <- function(rows, used, apart) {
  out <- 1e4
  others <- apart[, -1L, drop = FALSE]
  offset <- rows$response$offset %||% matrix(0, rows$design$rows, ncol(others))
  offset[used, ] <- offset[used, ] + out * (apart[, 1L] * (!others) - others)
  rows$response$offset <- offset
  rows
}

# Rows that are stored; what they ask is told by some of them, whose cone is that of all.
left_of_stored <- function(fit, rows) {
  stored <- rows_of(fit)
  classes <- nrow(coefficient_table(fit))
  columns <- ncol(coefficient_table(fit))
  open <- if (is.null(fit$family)) both_open else open_sides(fit$family)
  function(free, held) {
    found <- stored_cone(stored, rows, open, function() numbers_or_zero(core_values(fit)), held)
    if (is.null(found)) return(NULL)
    of_kept <- as.vector(outer(found$kept, (seq_len(classes) - 1L) * columns, "+"))
    demands <- matrix(0, nrow(found$demands), classes * columns)
    demands[, of_kept] <- as.matrix(found$demands)
    of_free <- list(demands = demands[, free, drop = FALSE], strict = found$strict)
    if (!any(found$strict)) return(c(list(rows = rows), of_free))
    separation <- as_stored_separation(found$cone, found$answer, stored, found$kept)
    rows$leave_out <- flat_direction(separation)
    c(list(rows = if (separation$kind != "complete") rows), of_free)
  }
}
