# Separation as a fit meets it: when to ask, what follows, and what is shown.

# Is there a doubt that a maximum exists? There is none where the score at the end proves it, by
# whatever method and with whatever link the fit has come there (Coordinates::certify() in the
# core). That costs nothing, and it is so for nearly all fits.
looks_separated <- function(solved, link) {
  if (is.null(link)) link <- "logit"
  if (all(solved$aliased)) return(FALSE)
  if (solved$status == "diverging" || !isTRUE(solved$certified)) return(TRUE)
  within <- certain_predictors[[link]]
  any(abs(range(solved$linear.predictors) - mean(within)) > diff(within) / 2)
}

# Where no row's residual is lost in underflow, nor its weight beyond a thousand times that: only
# large offsets lead further.
certain_predictors <- list(
  logit = c(-300, 300), probit = c(-30, 30), cloglog = c(-300, 6), cauchit = c(-1e6, 1e6),
  log = c(-300, 0)
)

# A fit after all that there is to ask of its rows. Of a penalised one nothing is infinite.
# solve(control, without, light): the fit again, see solve_model().
resolve_separation <- function(solved, model, rows, control, solve) {
  if (!is.null(model$penalty) || !looks_separated(solved, model$link)) return(solved)
  found <- separation_in(rows, model, solved$coefficients)
  if (is.null(found)) return(solved)
  solved <- settle_separation(solved, found, control, solve)
  if (model$kind == "binary") {
    solved$separation <- with_limit(solved$separation, function(found) {
      solve(quietly(control), without = found)
    })
  }
  solved
}

# Where there is a maximum after all, it is far away: steps keep their pace for long, which must not
# stop the iterations.
settle_separation <- function(solved, found, control, solve) {
  cut_short <- solved$status == "converged" && length(solved$history$step) >= control$maxit
  if (found$kind != "none") {
    solved$status <- "diverging"
    solved$separation <- found
  } else if (solved$status %in% c("diverging", "stalled", "singular") || cut_short) {
    control$finite <- TRUE
    control$maxit <- 10 * control$maxit
    solved <- solve(control)
    if (solved$status == "diverging") solved$status <- "singular"
  }
  solved
}

# The estimates of the rows that are not separated, and their variances: the limits of the finite
# ones. solve_rest(found): the fit of these rows.
with_limit <- function(found, solve_rest) {
  if (is.null(found) || found$kind == "complete") return(found)
  solved <- solve_rest(found)
  kept <- list(
    coefficients = ifelse(solved$aliased, NA, solved$coefficients), cholesky = as_cholesky(solved)
  )
  if (!solved$status %in% c("converged", "boundary") || is.null(kept$cholesky$expected)) {
    return(found)
  }
  variances <- rep(NA_real_, length(kept$coefficients))
  variances[!solved$aliased] <- unscaled_variances(
    kept, if (!has_sparse_factor(kept)) inverse_information(kept)
  )
  found$limit <- c(kept, list(variances = variances, deviance = -2 * solved$logLik))
  found
}

# fit$separation: of coefficients with these labels, of many classes by class.
signs_of_infinity <- function(solved, labels, classes = NULL) {
  if (!is.null(solved$separation)) return(solved$separation$coefficients)
  zero <- numeric(as.double(length(labels)) * max(1L, length(classes)))
  shaped(zero, labels, if (!is.null(classes)) list(classes, labels))
}

# --- what is shown -------------------------------------------------------------------------------

# The coefficients with infinite ones as such; NA where the data leave them open.
shown_estimates <- function(fit) {
  estimates <- fit$coefficients
  found <- fit$separation_details
  if (is.null(found)) return(estimates)
  if (!is.null(found$limit)) {
    estimates[!is.na(estimates)] <- found$limit$coefficients[!is.na(estimates)]
  }
  affected <- is.na(found$coefficients) | found$coefficients != 0
  estimates[affected] <- found$coefficients[affected]
  estimates
}

# The summary of a two-class fit.
with_infinite_estimates <- function(out, fit) {
  found <- fit$separation_details
  estimated <- rownames(out$coefficients)
  at <- match(estimated, names(fit$coefficients))
  table <- out$coefficients
  table[, 1L] <- shown_estimates(fit)[at]
  if (!is.null(found$limit)) table[, 2L] <- sqrt(out$dispersion * found$limit$variances[at])
  table[!is.finite(table[, 1L]), 2L] <- NA
  table[, 3L] <- table[, 1L] / table[, 2L]
  table[, 4L] <- if (grepl("z", colnames(table)[4L])) {
    2 * stats::pnorm(-abs(table[, 3L]))
  } else {
    2 * stats::pt(-abs(table[, 3L]), fit$df.residual)
  }
  out$coefficients <- table
  if (!is.null(out$cov.unscaled)) {
    out$cov.unscaled <- limit_covariance(fit, "expected")[at, at, drop = FALSE]
    out$cov.scaled <- out$dispersion * out$cov.unscaled
    if (!is.null(out$correlation)) out$correlation <- correlations(out$cov.unscaled)
  }
  out$infinite <- infinite_note(found)
  out
}

infinite_note <- function(found) {
  note <- paste0(capitalised(found$kind), " separation: ", estimates_told(found), ".")
  open <- anyNA(found$coefficients)
  paste0(
    note, if (open) " These are shown as NA.", undecided_told(found, " "), " See separation()."
  )
}

capitalised <- function(text) paste0(toupper(substr(text, 1L, 1L)), substring(text, 2L))

#' @rdname separation
#' @export
print.separation <- function(x, ...) {
  if (x$kind == "none") {
    cat(wrapped(paste0(
      "No separation: all maximum-likelihood estimates are finite (", counted(x$used, "row"), ")."
    )), sep = "\n")
    return(invisible(x))
  }
  cat(wrapped(paste0(capitalised(x$kind), " separation: ", estimates_told(x), ".")), "", sep = "\n")
  print(x$coefficients)
  cat("\n0: finite. Inf, -Inf: infinite.", if (anyNA(x$coefficients)) "NA: the data leave it open.")
  if (length(x$undecided)) cat("\n", wrapped(undecided_told(x, "")), sep = "\n")
  cat("\n", wrapped(paste0("Because: ", x$cause, ".")), sep = "\n")
  rows <- if (is.null(names(x$rows))) x$rows else names(x$rows)
  cat(wrapped(paste0("Separated: ", rows_listed_at_length(rows))), sep = "\n")
  invisible(x)
}

rows_listed_at_length <- function(rows) {
  paste0(if (length(rows) == 1L) "row " else "rows ", listed(rows, 20L), ".")
}

has_numbers <- function(table) nrow(table) == 0L || any(is.finite(table[, 1:2]))
