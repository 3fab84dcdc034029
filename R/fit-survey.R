# Fits of survey designs: the pseudo-maximum likelihood at the design's weights (Binder 1983), with
# the covariance matrix that the design gives, by package survey's own functions.

with_survey <- function(fit, model, rows, options) {
  survey <- rows$survey
  fit$survey.design <- survey$design
  fit$design_covariance <- if (is_separated(fit)) {
    matrix(NA_real_, 0L, 0L)
  } else if (inherits(survey$design, "svyrep.design")) {
    replicate_covariance(fit, model, rows, options)
  } else {
    linearised_covariance(fit, rows)
  }
  fit$df.residual <- survey::degf(survey$design) + 1 - sum(!is.na(flat_values(fit)))
  fit
}

# Of the totals of the rows' influences on the estimates: of their scores, without the weight, times
# the inverse information.
linearised_covariance <- function(fit, rows) {
  x <- dense_rows(rows$design, seq_len(rows$design$rows))
  estimated <- !is.na(flat_values(fit))
  x <- x[, estimated[seq_len(ncol(x))], drop = FALSE]
  inverse <- inverse_of_all(fit)
  score <- scores_by_weight(fit, rows)
  influence <- 0
  for (k in seq_len(ncol(score))) {
    of_class <- inverse[(k - 1L) * ncol(x) + seq_len(ncol(x)), , drop = FALSE]
    influence <- influence + (score[, k] * x) %*% of_class
  }
  variance_of_total(rows$survey, influence / rows$survey$unit)
}

# The derivatives of the rows' log-likelihoods in their linear predictors, by the sampling weight.
scores_by_weight <- function(fit, rows) {
  sampling <- weights_in_frame(rows$frame)
  sampling[rows$response$weights == 0] <- 1
  scores_in_eta(fit) / sampling
}

# Of the fits by the replicates' weights, each from the estimates of all.
replicate_covariance <- function(fit, model, rows, options) {
  design <- rows$survey$design
  replicates <- stats::weights(design, "analysis")[rows$survey$at, , drop = FALSE]
  sampling <- weights_in_frame(rows$frame)
  trials <- rows$response$weights / ifelse(sampling == 0, 1, sampling)
  estimates <- flat_values(fit)
  known <- ifelse(is.na(estimates), 0, estimates)
  rows$response$successes <- NULL
  rows$response$weights <- trials
  times <- replicates / rep(colMeans(replicates), each = nrow(replicates))
  found <- solve_reweighted(rows, model, times, known, quietly(options$control), fit$algorithm)
  failed <- sum(!found$status %in% c("converged", "boundary"))
  if (failed) warn_replicates(failed, ncol(replicates))
  kept <- !is.na(estimates)
  betas <- found$coefficients[kept, , drop = FALSE]
  variance <- survey::svrVar(
    t(betas), design$scale, design$rscales, mse = design$mse, coef = estimates[kept]
  )
  matrix(as.vector(variance), sum(kept))
}

warn_replicates <- function(failed, all) {
  fit_warning(
    "fastlogit_replicates",
    "the fits of ", failed, " of ", all, " replicates did not converge, as their rows may be ",
    "separated: the variances mean nothing."
  )
}
