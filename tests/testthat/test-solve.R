# What must hold for the estimates whatever the data: symmetries, and a log-likelihood that rises.

links_with_symmetry <- c("logit", "probit", "cauchit")

# Counts of five trials a row: the estimates are finite.
simulate_trials <- function(n = 300, p = 3, seed = 11) {
  d <- simulate_binary(n, p, seed)
  d$s <- with_seed(seed, stats::rbinom(n, 5, stats::plogis(0.3 * d$x1 - 0.5)))
  d$f <- 5 - d$s
  d
}

# Coefficients that may differ by rounding only.
expect_same_estimate <- function(found, expected, label, tolerance = 1e-11) {
  expect_equal(unname(found), unname(expected), tolerance = tolerance, label = label)
}

test_that("the order of the rows does not matter", {
  d <- simulate_trials()
  shuffled <- d[with_seed(1, sample(nrow(d))), ]
  for (link in links_but_log) {
    fit <- fastlogit(cbind(s, f) ~ x1 + x2 + x3, binomial(link), d)
    other <- fastlogit(cbind(s, f) ~ x1 + x2 + x3, binomial(link), shuffled)
    expect_same_estimate(coef(other), coef(fit), link)
    expect_equal(fitted(other)[row.names(d)], fitted(fit), tolerance = 1e-11, label = link)
  }
})

test_that("the scale of a column is the scale of its coefficient", {
  d <- simulate_trials()
  x <- cbind(1, as.matrix(d[c("x1", "x2", "x3")]))
  y <- as.matrix(d[c("s", "f")])
  for (link in links_but_log) {
    fit <- fastlogit_fit(x, y, family = binomial(link))
    for (k in list(c(0, 10, -10, 3), c(0, 300, -300, 40))) {
      scaled <- fastlogit_fit(sweep(x, 2, 2^k, "*"), y, family = binomial(link))
      # Powers of two change no bits.
      expect_identical(unname(scaled$coefficients * 2^k), unname(fit$coefficients), label = link)
      expect_identical(scaled$deviance, fit$deviance, label = link)
      expect_identical(scaled$history$logLik, fit$history$logLik, label = link)
    }
    for (scale in list(c(1, 1e-8, 1e8, 1), c(1e8, 1e-8, 1e-4, 1e4), c(1e-8, 1, 1, 1e-8))) {
      scaled <- fastlogit_fit(sweep(x, 2, scale, "*"), y, family = binomial(link))
      expect_same_estimate(scaled$coefficients * scale, fit$coefficients, link)
      expect_equal(scaled$deviance, fit$deviance, tolerance = 1e-12, label = link)
    }
  }
})

test_that("rows twice are rows of twice the weight", {
  d <- simulate_trials()
  d$w <- rep(1:3, 100)
  repeated <- d[rep(seq_len(nrow(d)), d$w), ]
  for (link in links_but_log) {
    fit <- fastlogit(cbind(s, f) ~ x1 + x2, binomial(link), d, weights = w)
    other <- fastlogit(cbind(s, f) ~ x1 + x2, binomial(link), repeated)
    expect_same_estimate(coef(other), coef(fit), link)
    expect_equal(vcov(other), vcov(fit), tolerance = 1e-10, label = link)
    expect_equal(deviance(other), deviance(fit), tolerance = 1e-11, label = link)
  }
})

test_that("counts, proportions, rows of 0 and 1, and weights of any size are the same data", {
  d <- simulate_trials(60)
  single <- rbind(
    data.frame(y = 1, d[rep(1:60, d$s), c("x1", "x2")]),
    data.frame(y = 0, d[rep(1:60, d$f), c("x1", "x2")])
  )
  for (link in links_but_log) {
    fit <- fastlogit(cbind(s, f) ~ x1 + x2, binomial(link), d)
    for (other in list(
      fastlogit(y ~ x1 + x2, binomial(link), single),
      fastlogit(s / 5 ~ x1 + x2, binomial(link), d, weights = s + f),
      fastlogit(cbind(s, f) ~ x1 + x2, quasibinomial(link), d, weights = rep(1e-3, 60))
    )) {
      expect_same_estimate(coef(other), coef(fit), link)
      expect_equal(diag(summary(other)$cov.scaled) / summary(other)$dispersion * sum(
        other$prior.weights
      ), diag(vcov(fit)) * 300, tolerance = 1e-10, label = link)
    }
  }
})

test_that("other outcome, other signs", {
  d <- simulate_trials()
  for (link in links_with_symmetry) {
    fit <- fastlogit(cbind(s, f) ~ x1 + x2, binomial(link), d)
    swapped <- fastlogit(cbind(f, s) ~ x1 + x2, binomial(link), d)
    expect_same_estimate(coef(swapped), -coef(fit), link)
    expect_equal(fitted(swapped), 1 - fitted(fit), tolerance = 1e-11, label = link)
  }
})

test_that("an offset is a coefficient of one", {
  d <- simulate_trials()
  for (link in links_but_log) {
    fit <- fastlogit(cbind(s, f) ~ x1 + x2, binomial(link), d)
    shifted <- fastlogit(cbind(s, f) ~ x1 + x2 + offset(2 * x1 - 1), binomial(link), d)
    expect_same_estimate(coef(shifted) + c(-1, 2, 0), coef(fit), link)
    expect_equal(deviance(shifted), deviance(fit), tolerance = 1e-11, label = link)
  }
})

test_that("Newton and Fisher are the same for the canonical link, step by step, and for no other", {
  d <- simulate_trials()
  for (link in all_links) {
    newton <- fastlogit(cbind(s, f) ~ x1 + x2, binomial(link), d, maxit = 100)
    fisher <- fastlogit(cbind(s, f) ~ x1 + x2, binomial(link), d, maxit = 100, method = "fisher")
    expect_identical(identical(newton$history, fisher$history), link == "logit", label = link)
    expect_false(isTRUE(all.equal(newton$history$step[1], 0)))
    expect_same_estimate(coef(fisher), coef(newton), link, tolerance = 1e-9)
    same_information <- isTRUE(all.equal(
      vcov(newton, type = "observed"), vcov(newton, type = "expected"), tolerance = 1e-8
    ))
    expect_identical(same_information, link == "logit", label = link)
    expect_equal(vcov(newton), vcov(newton, type = "expected"), label = link)
  }
})

# Columns with outliers, of all scales; a response of rare successes or of none at all; offsets,
# and weights over ten decades.
simulate_hard <- function(seed) {
  with_seed(seed, {
    n <- sample(c(8, 20, 50, 200, 1000), 1)
    p <- sample(1:4, 1)
    x <- switch(sample(4, 1),
      stats::rnorm(n * p), stats::rt(n * p, 1), stats::rlnorm(n * p, 0, 3),
      stats::rbinom(n * p, 1, 0.1)
    )
    x <- sweep(matrix(x, n), 2, 10^stats::runif(p, -8, 8), "*")
    slope <- stats::rnorm(p, 0, sample(c(1, 5, 20), 1)) / apply(abs(x), 2, max)
    slope[!is.finite(slope)] <- 0
    eta <- drop(x %*% slope) + stats::rnorm(1, 0, 3)
    chance <- switch(sample(3, 1), stats::plogis(eta), stats::pcauchy(eta), rep(1e-3, n))
    list(
      x = cbind(1, x), y = stats::rbinom(n, 1, chance),
      offset = if (seed %% 3 == 0) stats::rnorm(n) else numeric(n),
      w = if (seed %% 4 == 0) 10^stats::runif(n, -5, 5) else rep(1, n)
    )
  })
}

fit_hard <- function(d, link, ...) {
  suppressWarnings(
    fastlogit_fit(d$x, d$y, d$w, family = quasibinomial(link), offset = d$offset, ...)
  )
}

# Where the score vanishes at the edge steps converge as they do inside.
test_that("the solver itself tells of the edge of the log link's domain, for whoever asks", {
  d <- data.frame(
    x = c(0, 2, 2, 0, 1, 2, 2, 2), z = c(-1.5, 0.3, -1.4, 1.3, -0.4, -2, -1, 0.3),
    y = c(1, 1, 1, 1, 0, 1, 1, 1)
  )
  solve_again <- function(formula, data) {
    fit <- suppressWarnings(fastlogit(formula, binomial("log"), data))
    start <- list(list(coefficients = c(-3, numeric(length(coef(fit)) - 1))))
    solve_problem(problem_of_fit(fit), start, fastlogit_control(), "gradient")
  }
  solved <- solve_again(y ~ x + z, d)
  expect_identical(solved$status, "boundary")
  expect_gt(max(solved$linear.predictors), -1e-12)
  inside <- data.frame(x = rep(0:1, each = 4), y = c(1, 0, 0, 0, 1, 1, 0, 0))
  expect_identical(solve_again(y ~ x, inside)$status, "converged")
})

test_that("the log-likelihood never falls, whatever the data and the link", {
  statuses <- c("converged", "boundary", "diverging", "iteration limit", "stalled", "singular")
  for (seed in 1:120) {
    d <- simulate_hard(seed)
    for (link in links_but_log) {
      fit <- fit_hard(d, link)
      label <- paste(link, seed)
      expect_true(fit$status %in% statuses, label = label)
      expect_true(all(is.finite(fit$coefficients) | is.na(fit$coefficients)), label = label)
      deviance <- fit$history$deviance
      falls <- diff(deviance) <= 1e-12 * abs(deviance[-1]) + 1e-14
      expect_true(all(falls), label = paste(label, "falling deviance"))
      expect_false(is.unsorted(fit$history$iteration), label = label)
      expect_true(all(fit$history$decrement >= 0), label = label)
    }
  }
})

# glm()'s deviance takes no row for worse than 72, so both are computed here.
test_that("where glm() finds a maximum, it is no higher", {
  better <- 0
  for (seed in 1:120) {
    d <- simulate_hard(seed)
    for (link in c("logit", "probit")) {
      deviance_of <- function(fit) {
        -2 * reference_moments(fit$linear.predictors, d$y, d$w, link)$loglik
      }
      fit <- fit_hard(d, link, control = list(maxit = 100))
      theirs <- tryCatch(
        suppressWarnings(stats::glm.fit(
          d$x, d$y, d$w, family = quasibinomial(link), offset = d$offset
        )),
        error = function(condition) NULL
      )
      if (is.null(theirs) || !theirs$converged || fit$status != "converged") next
      deviance <- deviance_of(fit)
      expect_equal(deviance, fit$deviance, tolerance = 1e-8, label = paste(link, seed))
      expect_lte(deviance, deviance_of(theirs) * (1 + 1e-9) + 1e-9, label = paste(link, seed))
      better <- better + (deviance < 0.9 * deviance_of(theirs))
    }
  }
  # glm() stopped somewhere else, and said that it had converged.
  expect_gte(better, 3)
})

test_that("one success in a thousand rows, and in a million trials", {
  d <- simulate_binary(2000, 2)
  d$y <- as.numeric(seq_len(2000) %in% c(17, 1100))
  for (link in links_but_log) {
    fit <- fastlogit(y ~ x1 + x2, binomial(link), d, maxit = 100)
    expect_true(fit$converged, label = link)
    expect_equal(sum(fitted(fit)), 2, tolerance = if (link == "logit") 1e-12 else 0.5)
  }
  rare <- data.frame(s = c(1, 0, 2, 1, 3), f = 1e6, x = 1:5)
  for (link in all_links) {
    fit <- fastlogit(cbind(s, f) ~ x, binomial(link), rare, maxit = 100)
    expect_true(fit$converged, label = link)
    expect_equal(sum(fitted(fit)) * 1e6, 7, tolerance = if (link == "logit") 1e-5 else 0.2)
  }
})

test_that("a start may be missing where columns are aliased, and nowhere else", {
  d <- data.frame(x = (37 * 1:60) %% 101 / 20, y = as.numeric((29 * 1:60) %% 61 < 30))
  d$twice <- 2 * d$x
  d$k <- factor(1:60 %% 3)
  source <- source_function(chunks_of(d, 20))
  fit <- fastlogit(y ~ x + twice, data = d)
  expect_equal(coef(fastlogit(y ~ x + twice, data = d, start = coef(fit))), coef(fit))
  expect_equal(coef(fastlogit(y ~ x + twice, data = d, start = c(0, 0, NA))), coef(fit))
  expect_equal(
    coef(fastlogit(y ~ x + twice, data = source, start = coef(fit))), coef(fit), tolerance = 1e-9
  )
  many <- fastmultinom(k ~ x + twice, data = d)
  warm <- fastmultinom(k ~ x + twice, data = d, start = coef(many))
  expect_equal(coef(warm), coef(many))
  expect_lte(warm$iter, many$iter)
  for (call in expression(
    fastlogit(y ~ x, data = d, start = c(0, NA)), fastlogit(y ~ x, data = d, start = c(NA, NA)),
    fastlogit(y ~ x + twice, data = d, start = c(0, NA, NA)),
    fastlogit(y ~ x, data = d, start = c(0, NaN)),
    fastlogit(y ~ x + twice, data = source, start = c(0, NA, NA)),
    fastlogit(y ~ x + twice, data = d, start = c(0, NaN, NA)),
    fastlogit(y ~ x, data = d, start = c(0, NA), penalty = "firth"),
    fastlogit(y ~ x, data = d, start = c(0, NA), sparse = TRUE),
    fastlogit_fit(cbind(1, d$x), d$y, start = c(NA, 1), family = binomial()),
    fastmultinom(k ~ x, data = d, start = c(0, NA, 0, 0)),
    fastmultinom(k ~ x, data = source, start = matrix(c(0, NA, 0, 0), 2))
  )) {
    expect_refusal(call)
  }
})

# --- variances without covariances ----------------------------------------------------------------

# Columns in units of their own, and far from orthogonal.
triangle_of_size <- function(p) {
  with_seed(p, {
    upper <- matrix(stats::rnorm(p * p, sd = 1 / sqrt(p)), p)
    upper[lower.tri(upper)] <- 0
    diag(upper) <- stats::runif(p, 0.5, 2)
    sweep(upper, 2L, 2^sample(-20:20, p, TRUE), "*")
  })
}

# Panels of 256 columns with sub-panels of 32, runs of 128 rows, 1024 rows together.
test_that("the diagonal of an inverse, and the inverse, around the sizes of blocks", {
  for (p in c(1, 5, 31, 33, 127, 129, 255, 257, 289, 513, 640)) {
    upper <- triangle_of_size(p)
    rows <- backsolve(upper, diag(p))
    expect_equal(diagonal_of_triangle_impl(upper), rowSums(rows^2), tolerance = 1e-12, label = p)
    unit <- sqrt(rowSums(rows^2))
    expect_equal(
      inverse_of_triangle_impl(upper) / outer(unit, unit), tcrossprod(rows / unit),
      tolerance = 1e-12, label = p
    )
  }
  for (p in c(1023, 1025, 1291)) {
    upper <- triangle_of_size(p)
    diagonal <- diagonal_of_triangle_impl(upper)
    expect_equal(diagonal, diag(inverse_of_triangle_impl(upper)), tolerance = 1e-12, label = p)
    some <- c(1, 256, 257, 1000, 1023, p)
    rows <- backsolve(upper, diag(p)[, some], transpose = TRUE)
    expect_equal(diagonal[some], colSums(rows^2), tolerance = 1e-12, label = p)
  }
})

test_that("the diagonal of an inverse has the same bits for any number of threads", {
  upper <- triangle_of_size(1100)
  found <- lapply(c("1", "2", ""), function(limit) {
    withr::local_envvar(OMP_THREAD_LIMIT = if (nzchar(limit)) limit else NA)
    list(diagonal_of_triangle_impl(upper), inverse_of_triangle_impl(upper))
  })
  expect_identical(found[[2L]], found[[1L]])
  expect_identical(found[[3L]], found[[1L]])
  for (kernel in kernels_impl()) {
    before <- use_kernel_impl(kernel)
    other <- diagonal_of_triangle_impl(upper)
    use_kernel_impl(before)
    expect_equal(other, found[[1L]][[1L]], tolerance = 1e-12, label = kernel)
  }
})
