# Separation as a fit meets it: when to ask, and what follows.

# Is there a doubt that a maximum exists? There is none where the score at the end proves it, by
# whatever method and with whatever link the fit has come there (Coordinates::certify() in the
# core). That costs nothing, and it is so for nearly all fits.
looks_separated <- function(solved, link) {
  if (is.null(link)) link <- "logit"
  if (all(solved$aliased)) return(FALSE)
  if (solved$status == "diverging" || !isTRUE(solved$certified)) return(TRUE)
  within <- certain_predictors[[link]]
  if (is.null(within)) within <- c(-6, 6)  # of a link that is not listed
  reached <- range(solved$linear.predictors)
  reached[1L] < within[1L] || reached[2L] > within[2L]
}

# Where no row's residual is lost in underflow, nor its weight beyond a thousand times that: only
# large offsets lead further.
certain_predictors <- list(
  logit = c(-300, 300), probit = c(-30, 30), cloglog = c(-300, 6), cauchit = c(-1e6, 1e6),
  log = c(-300, 0), identity = c(0, 1), loglog = c(-6, 300)
)

# A fit after all that there is to ask of its rows. Of a penalised one nothing is infinite.
# solve(control, without, light): the fit again, see solve_model().
resolve_separation <- function(solved, model, rows, control, solve) {
  if (!is.null(model$penalty) || !looks_separated(solved, model$link)) return(solved)
  found <- separation_in(rows, model, solved$coefficients)
  if (is.null(found)) return(solved)
  solved <- act_on_separation(solved, found, control, solve)
  if (model$kind == "binary") {
    solved$separation <- with_limit(solved$separation, function(found) {
      solve(quietly(control), without = found)
    })
  }
  solved
}

# Where there is a maximum after all, it is far away: steps keep their pace for long, which must not
# stop the iterations.
act_on_separation <- function(solved, found, control, solve) {
  cut_short <- solved$status == "converged" && length(solved$history$step) >= control$maxit
  if (found$kind != "none") {
    solved$status <- "diverging"
    solved$separation <- found
  } else if (solved$status %in% c("diverging", "stalled", "singular") || cut_short) {
    control$has_maximum <- TRUE
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
  if (is.null(classes)) return(stats::setNames(numeric(length(labels)), labels))
  shaped(numeric(as.double(length(labels)) * length(classes)), labels, list(classes, labels))
}
