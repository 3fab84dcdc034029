# Where the iterations may begin, and the fit without predictors, from which they do by default.

# Candidates, best first; the last one is the default.
#   * the user's coefficients, linear predictors or means;
#   * of two classes without an offset, the fit of the intercept alone (or zero, if there is none);
#     with one in memory, the linear predictors that glm() starts from, less the offset;
#   * of many classes, the fit of the intercepts alone.
# A list of coefficients (class by class) or of `eta`. null: see null_model().
starts_of <- function(model, rows, null, options) UseMethod("starts_of", model$class)

starts_of.binary_model <- function(model, rows, null, options) {
  family <- model$family
  given <- if (!is.null(options$start)) {
    list(coefficients = known_start(options$start))
  } else if (!is.null(rows$etastart)) {
    list(eta = as.numeric(rows$etastart))
  } else if (!is.null(rows$mustart)) {
    list(eta = as.numeric(family$linkfun(rows$mustart)))
  }
  default <- if (!is.null(null$start)) {
    list(coefficients = intercept_of(rows$design, null$start))
  } else {
    list(eta = starting_predictors(rows$response, model))
  }
  c(if (length(given) && all(is.finite(given[[1L]]))) list(given), list(default))
}

# With zero, where all rows of a set are as likely.
starts_of.strata_model <- function(model, rows, null, options) {
  c(
    if (!is.null(options$start)) list(list(coefficients = known_start(options$start))),
    list(list(coefficients = numeric(length(rows$design$names))))
  )
}

starts_of.classes_model <- function(model, rows, null, options) {
  totals <- class_totals(rows$response) + 0.5
  default <- matrix(0, length(rows$design$names), length(totals) - 1L)
  intercept <- match("(Intercept)", rows$design$names)
  if (!is.na(intercept)) default[intercept, ] <- log(totals[-1L] / totals[1L])
  c(
    if (!is.null(options$start)) list(list(coefficients = known_start(options$start))),
    list(list(coefficients = as.vector(default)))
  )
}

# The links of the classes' shares, as the predictors make them, and slopes of zero.
starts_of.ordered_model <- function(model, rows, null, options) {
  totals <- class_totals(rows$response) + 0.5
  classes <- length(totals)
  check_three_classes(rows$response$levels, response_name(rows$blueprint$terms))
  check_few_cuts(model, classes)
  at_or_above <- rev(cumsum(rev(totals)))
  shares <- switch(model$steps,
    cumulative = cumsum(totals) / sum(totals), continuation = totals / at_or_above,
    adjacent = totals / (totals + c(totals[-1L], 0))
  )[-classes]
  count <- coefficient_count(
    core_model(model, rows$response, rows$design), length(rows$design$names)
  )
  default <- numeric(count)
  default[seq_along(shares)] <- distributions[[model$link]]$quantile(shares)
  given <- options$start
  if (!is.null(given)) {
    position <- ordered_layout(model, rows$design, rows$response$levels)$position
    given <- list(list(coefficients = known_start(given)[order(position)]))
  }
  c(given, list(list(coefficients = default)))
}

known_start <- function(start) ifelse(is.na(start), 0, start)

# The coefficients of one class after those of another.
by_class <- function(start) as.numeric(if (is.matrix(start)) t(start) else start)

# All columns at zero but the intercept.
intercept_of <- function(design, value) {
  beta <- numeric(length(design$names))
  intercept <- match("(Intercept)", design$names)
  if (!is.na(intercept)) beta[intercept] <- value
  beta
}

class_totals <- function(response) {
  if (!is.null(response$totals)) return(response$totals)
  if (!is.null(response$y)) return(colSums(response$weights * response$y))
  # factor() would turn the numbers into words.
  classes <- structure(
    response$category + 1L, levels = as.character(seq_along(response$levels)), class = "factor"
  )
  vapply(split(response$weights, classes), sum, 0, USE.NAMES = FALSE)
}

# Values of each row that a user may begin with.
check_row_starts <- function(rows) {
  check_start(rows$etastart, rows$design$rows, "etastart", "row")
  check_start(rows$mustart, rows$design$rows, "mustart", "row")
  bad <- which(!is.null(rows$mustart) & (rows$mustart <= 0 | rows$mustart >= 1))
  if (length(bad) == 0L) return(invisible())
  input_error(
    "`mustart` must lie between 0 and 1: found ", format(rows$mustart[[bad[1L]]]), " in ",
    rows_listed(bad), "."
  )
}

# --- the fit of the intercept alone --------------------------------------------------------------

# list(deviance =, start =), of which the second is NULL where a fit had better begin elsewhere;
# NULL of many classes, which have no such deviance.
null_model <- function(model, rows, control) {
  if (model$kind == "strata") return(moments_at_zero(rows, model, control))
  if (model$kind != "binary") return(NULL)
  null_of(rows, model, control)
}

# Of sets without a difference between rows: logLik, score and information.
moments_at_zero <- function(rows, model, control) {
  problem <- problem_of(rows, without_penalty(model), control$threads)
  moments_impl(problem, numeric(length(rows$design$names)))
}

null_of <- function(rows, model, control) UseMethod("null_of", rows$class)

null_of.memory_rows <- function(rows, model, control) {
  response <- rows$response
  family <- model$family
  y <- response$y
  weights <- response$weights
  about_mean <- is.null(rows$offset)
  total <- if (is.null(response$successes)) sum(weights) else length(y)
  start <- if (about_mean) mean_start(successes_in(response), total, model, response)
  if (!rows$intercept) {
    mu <- family$linkinv(if (about_mean) numeric(length(y)) else rows$offset)
    return(list(deviance = sum(family$dev.resids(y, mu, weights)), start = start))
  }
  if (about_mean) {
    successes <- response$successes
    deviance <- if (!is.null(successes)) {
      deviance_of_trials(successes, length(y))
    } else {
      mean <- sum(weights * y) / sum(weights)
      sum(family$dev.resids(y, rep.int(mean, length(y)), weights))
    }
    return(list(deviance = deviance, start = start))
  }
  starts <- list(list(eta = starting_predictors(response, model)))
  core <- core_model(without_penalty(model), response)
  problem <- plain_problem(
    intercept_design(length(y)), response, rows$offset, core, control$threads
  )
  solved <- solve_null(problem, starts, control, has_both_outcomes(response))
  list(deviance = -2 * solved$logLik, start = NULL)
}

null_of.stored_rows <- function(rows, model, control) {
  family <- model$family
  if (!rows$intercept) {
    return(list(deviance = deviance_at_offset(rows, family), start = 0))
  }
  known <- rows$response
  about_mean <- is.null(rows$offset)
  start <- if (about_mean) mean_start(known$successes, known$total, model, known) else 0
  if (about_mean && known$single) {
    deviance <- deviance_of_trials(known$successes, known$total)
    return(list(deviance = deviance, start = start))
  }
  rows$design <- intercept_design(rows$design$rows)
  both <- known$successes > 0 && known$successes < known$total
  solved <- solve_null(
    problem_of(rows, without_penalty(model), control$threads), list(list(coefficients = start)),
    control, both
  )
  list(deviance = -2 * solved$logLik, start = solved$coefficients)
}

without_penalty <- function(model) replace(model, "penalty", list(NULL))

# The intercept alone is infinite only where the response is constant.
solve_null <- function(problem, starts, control, both_outcomes) {
  control$trace <- FALSE
  control$has_maximum <- both_outcomes
  solved <- tryCatch(
    solve_problem(problem, starts, control, "newton"), fastlogit_no_start = no_null_model
  )
  if (both_outcomes) report_null(solved)
  solved
}

# Offsets may be wider than the domain of the link, so that only predictors bring rows inside.
no_null_model <- function(condition) {
  list(status = "infeasible", logLik = -Inf, coefficients = NULL)
}

# As for glm()'s starting means, half a success and half a failure keep the mean inside. NULL where
# rows have links of their own.
mean_start <- function(successes, total, model, response) {
  mean <- (successes + 0.5) / (total + 1)
  if (model$link != user_link) return(model$family$linkfun(mean))
  link <- described_link(model, response)
  if (!link$by_row) predictor_of_mean(model$family, link, mean)
}

# Those of glm()'s starting means; under a user's link, which may not reach them, of their mean.
starting_predictors <- function(response, model) {
  means <- starting_means(response)
  if (model$link != user_link) return(as.numeric(model$family$linkfun(means)))
  middle <- sum(response$weights * means) / sum(response$weights)
  rows <- length(means)
  rep_len(predictor_of_mean(model$family, described_link(model, response), middle, rows), rows)
}

successes_in <- function(response) {
  if (is.null(response$successes)) sum(response$weights * response$y) else response$successes
}

has_both_outcomes <- function(response) {
  y <- response$y[response$weights > 0]
  any(y > 0) && any(y < 1)
}

# Of single trials about their mean: all rows of an outcome contribute the same.
deviance_of_trials <- function(successes, total) {
  if (successes == 0 || successes == total) return(0)
  failures <- total - successes
  -2 * (successes * log(successes / total) + failures * log(failures / total))
}

# The fit of the intercept alone, with an offset.
report_null <- function(solved) {
  if (solved$status %in% c("converged", "boundary")) return(invisible())
  if (solved$status == "infeasible") {
    fit_warning(
      "fastlogit_null_not_converged",
      "no intercept alone gives all rows a probability between 0 and 1: `null.deviance` is Inf."
    )
    return(invisible())
  }
  fit_warning(
    "fastlogit_null_not_converged",
    "the fit of the intercept alone did not converge (", solved$status, "): `null.deviance`, ",
    sprintf("%.6g", -2 * solved$logLik), ", is larger than the least there is."
  )
}
