# Matched sets, and their likelihood by brute force.

# rows: list(x, y, set), and weights, offset. As problem_of() makes it of a model of sets.
set_problem <- function(rows, threads = 1L) {
  x <- as.matrix(rows$x)
  colnames(x) <- paste0("x", seq_len(ncol(x)))
  list(
    design = as_design(x, 1L),
    response = list(
      y = as.double(rows$y), complement = NULL, category = NULL, weights = rows$weights,
      offset = rows$offset, set = as.integer(rows$set)
    ),
    model = list(family = "conditional", predictors = 1L, penalty = NULL), threads = threads
  )
}

# As sum_case() makes it of a fit.
set_case <- function(rows, beta, threads = 1L) {
  problem <- set_problem(rows, threads)
  p <- length(beta)
  starts <- c(1, which(diff(as.integer(rows$set)) != 0) + 1)
  starts <- c(
    starts[c(1, ceiling(length(starts) / 3), ceiling(length(starts) / 2))], NROW(rows$x) + 1
  )
  held <- lapply(seq_len(3L), function(i) {
    hold_rows_impl(slice_rows(problem, starts[i], starts[i + 1L] - 1))
  })
  whole <- hold_rows_impl(problem)
  summary <- tail(answer_impl(whole, request_for(
    problem$model, list(what = "summary", order = 0L, question = numeric())
  )), p + 1)
  scale <- summary[-1]
  with_seed(p, list(
    model = problem$model, sparse = FALSE, parts = held, columns = p, whole = whole,
    workers = hold_rows_impl(answered_by_parts(held, problem)), stored = NULL,
    beta = beta / scale, directions = matrix(rnorm(2 * p), p) / 50,
    inverse = crossprod(matrix(rnorm(p * (p + 3)), p + 3)) / p, scale = scale,
    unit = summary[1]
  ))
}

# The log-likelihood, score and information in the units of the columns.
set_moments <- function(rows, beta, threads = 1L) {
  case <- set_case(rows, beta, threads)
  found <- moments_asked(case, case$beta)
  list(
    loglik = case$unit * found$loglik, score = case$unit * found$score / case$scale,
    information = case$unit * found$information / outer(case$scale, case$scale)
  )
}

# By all ways to choose the cases of each set.
enumerated_moments <- function(rows, beta) {
  x <- as.matrix(rows$x)
  p <- ncol(x)
  offset <- if (is.null(rows$offset)) numeric(nrow(x)) else rows$offset
  total <- list(loglik = 0, score = numeric(p), information = matrix(0, p, p))
  for (at in split(seq_len(nrow(x)), rows$set)) {
    cases <- sum(rows$y[at])
    if (cases == 0 || cases == length(at)) next
    w <- if (is.null(rows$weights)) 1 else rows$weights[at[1]]
    ways <- combn(length(at), cases)
    sums <- t(apply(ways, 2, function(way) colSums(x[at[way], , drop = FALSE])))
    if (p == 1L) sums <- t(sums)
    eta <- drop(sums %*% beta) + apply(ways, 2, function(way) sum(offset[at[way]]))
    observed <- colSums(x[at[rows$y[at] == 1], , drop = FALSE])
    prob <- exp(eta - max(eta))
    log_total <- log(sum(prob)) + max(eta)
    prob <- prob / sum(prob)
    mean <- colSums(prob * sums)
    away <- sweep(sums, 2, mean)
    eta_observed <- sum(observed * beta) + sum(offset[at[rows$y[at] == 1]])
    total$loglik <- total$loglik + w * (eta_observed - log_total)
    total$score <- total$score + w * (observed - mean)
    total$information <- total$information + w * crossprod(away, prob * away)
  }
  total$score <- unname(total$score)
  total$information <- unname(total$information)
  total
}

# Sets of all shapes: of one row, without cases or without controls, with few or many of either.
random_matched_sets <- function(sets, p, most = 9L, seed = 1L) {
  with_seed(seed, {
    sizes <- sample.int(most, sets, replace = TRUE)
    y <- unlist(lapply(sizes, function(n) sample(rep(1:0, c(k <- sample(0:n, 1L), n - k)))))
    list(x = matrix(rnorm(sum(sizes) * p), ncol = p), y = y, set = rep(seq_along(sizes), sizes))
  })
}

fit_of_infert <- function(...) {
  fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert, ...)
}

# The same formula, by survival.
by_survival <- function(formula, data, eps = 1e-11) {
  coxph <- survival::coxph
  environment(formula) <- list2env(
    list(strata = survival::strata, Surv = survival::Surv, data = data),
    parent = environment(formula)
  )
  control <- survival::coxph.control(eps = eps, iter.max = 30, toler.chol = 1e-12)
  eval(bquote(survival::clogit(.(formula), data = data, method = "exact", control = control)))
}

set_frame <- function(n = 3000, sets = 900, seed = 1) {
  with_seed(seed, {
    d <- data.frame(
      set = sample(sets, n, TRUE), x = rnorm(n), f = factor(sample(letters[1:4], n, TRUE)),
      o = rnorm(n) / 3
    )
    d$y <- rbinom(n, 1, plogis(d$x / 2 + (d$f == "b") - 0.5 + 0.3 * (d$set %% 7)))
    d$w <- c(0, 1, 2, 0.5)[1 + d$set %% 4]
    d$a <- d$set %/% 30
    d$b <- paste0("k", d$set %% 30)
    d
  })
}

expect_same_sets <- function(there, here, tolerance = 1e-10) {
  expect_equal(coef(there), coef(here), tolerance = tolerance)
  expect_equal(vcov(there), vcov(here), tolerance = tolerance)
  expect_equal(there$loglik, here$loglik, tolerance = tolerance)
  for (part in c("n", "nevent", "sets", "score", "assign", "xlevels")) {
    expect_equal(there[[part]], here[[part]], tolerance = 1e-8, label = part)
  }
}
