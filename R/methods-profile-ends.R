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

held_at_zero <- function(limit, group) {
  held_at_zero_impl(limit$rows, limit$coefficients, group)
}

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

profile_grid <- function(profiled, which, steps, quantile, most, dispersion) {
  if (!length(which)) return(list())
  about_best(profiled, dispersion, function(rows, coefficients) {
    profile_grid_impl(rows, coefficients, which, steps, quantile, most)
  })$curves
}
