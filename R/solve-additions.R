# A model with one more column, for each of many candidates, one at a time.

# rows: in memory. candidates: a list of `columns`, as screen_impl() takes them, their `names`, and
# `kept`, which of their rows are the model's, or NULL. start: the coefficients of the model
# without. asked: list(test = "score", "lr" or "wald", rank = and intercept = of the model without).
# engine: the workers that share the candidates, or NULL. A list of
#   estimate, std.error      a row for each predictor, a column for each candidate; infinite and NA
#                            under separation
#   rows, mean, nonzero      of each candidate
#   statistic                chi squared
#   status                   "converged", "separated", "aliased", "constant", "too few rows" or "not
#                            converged"
add_candidates <- function(rows, model, start, candidates, asked, control, method, engine = NULL) {
  problem <- problem_of(rows, model, control$threads)
  problem$pool <- FALSE  # with one more column, rows hardly repeat
  asked$penalised <- penalty_of_addition(model$penalty)
  asked$control <- solver_control(control, method)
  asked$start <- start
  found <- if (is.null(engine)) {
    screen_part(problem, candidates, asked)
  } else {
    screen_on_workers(engine, problem, candidates, asked)
  }
  settled(found, rows, model, candidates, asked, control, method)
}

screen_part <- function(problem, candidates, asked) {
  screen_impl(problem, asked$start, candidates$columns, candidates$kept, asked, asked$control)
}

# Each worker has the rows of the model, and some of the candidates.
screen_on_workers <- function(engine, problem, candidates, asked) {
  count <- length(candidates$names)
  parts <- min(count, sum(engine$alive))
  part_of <- ceiling(seq_len(count) * parts / count)
  problem["threads"] <- list(NULL)
  place_partitions(engine, parts, function(i) {
    part <- list(
      columns = some_columns(candidates$columns, which(part_of == i)), kept = candidates$kept
    )
    c(problem, list(candidates = part))
  })
  engine$rows <- NULL
  answers <- ask(engine, list(what = "run", run = travelling(function(part) {
    screen_part(part$problem, part$problem$candidates, asked)
  }, asked = asked)))
  joined <- function(name) {
    join <- if (name == "numbers") rbind else if (is.matrix(answers[[1L]][[name]])) cbind else c
    do.call(join, lapply(answers, `[[`, name))
  }
  lapply(stats::setNames(nm = names(answers[[1L]])), joined)
}

some_columns <- function(columns, at) {
  if (is.list(columns)) columns[at] else columns[, at, drop = FALSE]
}

# The share of a ridge penalty that a column has which is none of those it names.
penalty_of_addition <- function(penalty) as.numeric(is.null(names(penalty$amount)))

# With the answers for what was in doubt: by fits of their own, which ask the rows.
settled <- function(found, rows, model, candidates, asked, control, method) {
  numbers <- found$numbers
  out <- list(
    estimate = found$estimate, std.error = found$std.error, rows = numbers[, 1L],
    mean = numbers[, 2L], nonzero = numbers[, 3L], statistic = numbers[, 4L],
    status = found$status
  )
  check_candidates_finite(out$status, candidates)
  without <- found$status %in% c("aliased", "constant", "too few rows")
  alone <- !without & found$sign == 0
  null <- found[c("null_status", "null_certified", "null_range")]
  names(null) <- c("status", "certified", "range")
  certain <- are_certain(found, model)
  if (asked$test != "wald") certain <- certain & are_certain(null, model)
  out$status[alone & certain] <- "converged"
  separated <- found$sign != 0
  out$status[separated] <- "separated"
  out$estimate[, separated] <- rep(found$sign[separated] * Inf, each = nrow(out$estimate))
  out$estimate[, without] <- NA
  out$std.error[, without] <- NA
  out$statistic[without] <- NA
  for (j in which(alone & !certain)) {
    settle <- list(
      x = candidate_values(candidates, j), null_certain = are_certain(one_of_nulls(null, j), model),
      null_loglik = numbers[j, 6L], statistic = numbers[j, 4L], test = asked$test
    )
    one <- add_alone(rows, model, settle, control, method)
    out$status[j] <- one$status
    out$statistic[j] <- one$statistic
    out$estimate[, j] <- one$estimate
    out$std.error[, j] <- one$std.error
  }
  out
}

one_of_nulls <- function(null, j) {
  list(
    status = null$status[j], certified = null$certified[j], range = null$range[, j, drop = FALSE]
  )
}

check_candidates_finite <- function(status, candidates) {
  bad <- which(status == "not finite")
  if (!length(bad)) return(invisible())
  x <- candidate_values(candidates, bad[1L])
  check_finite(replace(x, is.na(x), 0), paste0("candidate `", candidates$names[bad[1L]], "`"))
}

# The numbers of a candidate, NA where they are missing.
candidate_values <- function(candidates, j) {
  columns <- candidates$columns
  x <- if (is.list(columns)) columns[[j]] else columns[, j]
  if (!is.null(candidates$kept)) x <- x[candidates$kept]
  as.numeric(x)
}

# settle: the candidate `x`; what is known of the model without; and the `test`.
add_alone <- function(rows, model, settle, control, method) {
  present <- as.numeric(!is.na(settle$x))
  larger <- rows
  larger$design <- with_column(rows$design, replace(settle$x, present == 0, 0), "the candidate")
  solved <- solve_alone(larger, model, present, control, method)
  predictors <- length(solved$coefficients) / max(1L, length(solved$aliased))
  unknown <- rep(NA_real_, max(1, predictors))
  out <- list(
    status = "not converged", estimate = unknown, std.error = unknown, statistic = NA_real_
  )
  if (is.null(solved)) return(out)
  count <- length(solved$aliased)
  if (solved$aliased[count]) return(replace(out, "status", "aliased"))
  out$status <- ending_of(solved)
  if (out$status == "not converged") return(out)
  at <- seq_len(predictors) * count
  out$estimate <- shown_solution(solved)[at]
  covariance <- covariance_of_addition(solved, at)
  out$std.error <- replace(sqrt(diag(covariance)), !is.finite(out$estimate), NA_real_)
  out$statistic <- switch(settle$test,
    score = if (settle$null_certain) settle$statistic else NA_real_,
    wald = wald_of(out$estimate, covariance),
    lr = max(0, 2 * (highest_loglik(solved) - loglik_without(rows, model, settle, control, method)))
  )
  out
}

wald_of <- function(estimate, covariance) {
  if (all(is.finite(c(estimate, covariance)))) sum(estimate * solve(covariance, estimate)) else NA
}

# Of the coefficients at some places; in the limit under separation, where that is known.
covariance_of_addition <- function(solved, at) {
  unknown <- matrix(NA_real_, length(at), length(at))
  found <- solved$separation
  separated <- !is.null(found) && found$kind != "none"
  if (separated) {
    if (is.null(found$limit)) return(unknown)
    return(diag(found$limit$variances[at], length(at)))
  }
  if (is.null(solved$expected)) return(unknown)
  estimated <- rep_len(!solved$aliased, length(solved$coefficients))
  place <- cumsum(estimated)[at]
  inverse_of_factor(as_cholesky(solved)$expected, estimated)[place, place, drop = FALSE]
}

# The log-likelihood, or what it comes as close to as one likes.
highest_loglik <- function(solved) {
  least <- least_deviance(solved$separation)
  if (is.null(least)) solved$logLik else -least / 2
}

# Of the model without the candidate, for the same rows.
loglik_without <- function(rows, model, settle, control, method) {
  if (settle$null_certain) return(settle$null_loglik)
  solved <- solve_alone(rows, model, as.numeric(!is.na(settle$x)), control, method)
  if (is.null(solved) || ending_of(solved) == "not converged") return(NA_real_)
  highest_loglik(solved)
}
