# Large problems begin with a sample of their rows, and take steps with an old information. Neither
# may be seen in the answer.

# Above the size from which a sample is taken. A start that is given, if only the default one, takes
# its place.
n_large <- 60000
in_sample <- (seq_len(n_large) - 1) %% 2048 < 64

simulate_large <- function(link = "logit", slope = 1) {
  with_seed(5, {
    x <- stats::rnorm(n_large)
    z <- as.numeric(stats::runif(n_large) < 0.2)
    mu <- stats::binomial(link)$linkinv(-0.5 + slope * x - 0.5 * z)
    data.frame(
      y = as.numeric(stats::runif(n_large) < mu), x = x, z = z, w = sample(1:3, n_large, TRUE),
      o = stats::runif(n_large, -0.5, 0.5)
    )
  })
}

default_start <- function(y, coefficients, link = "logit") {
  mean <- (sum(y) + 0.5) / (length(y) + 1)
  c(stats::binomial(link)$linkfun(mean), numeric(coefficients - 1))
}

expect_same_fit <- function(fit, other, label, tolerance = 1e-11) {
  expect_true(fit$converged, label = label)
  expect_equal(coef(fit), coef(other), tolerance = tolerance, label = label)
  expect_equal(vcov(fit), vcov(other), tolerance = tolerance, label = label)
  expect_equal(deviance(fit), deviance(other), tolerance = 1e-13, label = label)
  expect_equal(fitted(fit), fitted(other), tolerance = tolerance, label = label)
  expect_equal(fit$weights, other$weights, tolerance = tolerance, label = label)
}

expect_sane_history <- function(fit, label) {
  expect_identical(fit$history$iteration, seq_len(nrow(fit$history)), label = label)
  expect_true(all(diff(fit$history$deviance) <= 1e-12 * deviance(fit)), label = label)
  expect_true(all(diff(fit$history$decrement) < 0), label = label)
  expect_identical(fit$iter, nrow(fit$history), label = label)
}

tight <- list(epsilon = 1e-14, maxit = 50)

test_that("a start from a sample saves iterations, and leads where glm() goes", {
  for (link in links_but_log) {
    d <- simulate_large(link)
    start <- default_start(d$y, 3, link)
    fit <- catch_glm_warnings(fastlogit(y ~ x + z, binomial(link), d))$value
    other <- catch_glm_warnings(fastlogit(y ~ x + z, binomial(link), d, start = start))$value
    expect_same_fit(fit, other, link)
    expect_lt(nrow(fit$history), nrow(other$history))
    expect_sane_history(fit, link)
  }
  theirs <- glm(y ~ x + z, binomial("logit"), simulate_large(), control = tight)
  expect_same_fit(fastlogit(y ~ x + z, data = simulate_large()), theirs, "glm", 1e-10)
})

test_that("whatever the order of the rows, with weights and offsets", {
  d <- simulate_large()
  formula <- y ~ x + z + offset(o)
  theirs <- glm(formula, binomial, d, weights = w, control = tight)
  for (by in list(seq_len(n_large), order(d$y), order(d$x), order(d$y, d$z), order(d$w, -d$o))) {
    fit <- fastlogit(formula, data = d[by, ], weights = w)
    expect_sane_history(fit, "sorted")
    expect_equal(coef(fit), coef(theirs), tolerance = 1e-10)
    expect_equal(vcov(fit), vcov(theirs), tolerance = 1e-10)
    expect_equal(fitted(fit)[row.names(d)], fitted(theirs), tolerance = 1e-10)
  }
})

test_that("a sample that is not like the rows is not believed", {
  d <- simulate_large()
  separated <- transform(d, y = ifelse(in_sample, as.numeric(x > 0), y))
  half_separated <- transform(d, y = ifelse(in_sample & z == 1, 1, y))
  misled <- transform(d, y = ifelse(in_sample, as.numeric(stats::plogis(-3 * x) > 0.5), y))
  reversed <- transform(d, y = ifelse(in_sample, 1 - y[order(x)][rank(-x)], y))
  for (d in list(separated, half_separated, misled, reversed)) {
    fit <- fastlogit(y ~ x + z, data = d)
    other <- fastlogit(y ~ x + z, data = d, start = default_start(d$y, 3))
    expect_same_fit(fit, other, "sample")
    expect_lte(nrow(fit$history), nrow(other$history))
    expect_sane_history(fit, "sample")
  }
  fit <- fastlogit(y ~ x + z, data = separated)
  other <- fastlogit(y ~ x + z, data = separated, start = default_start(separated$y, 3))
  expect_identical(fit$history, other$history)
})

test_that("a column that is constant in the sample is estimated all the same", {
  d <- transform(simulate_large(), z = ifelse(in_sample, 0, z), u = as.numeric(!in_sample))
  fit <- fastlogit(y ~ x + z + u, data = d)
  expect_false(anyNA(coef(fit)))
  expect_same_fit(
    fit, fastlogit(y ~ x + z + u, data = d, start = default_start(d$y, 4)), "constant"
  )
  d$twice <- 2 * d$x
  fit <- fastlogit(y ~ x + twice + z, data = d)
  expect_identical(unname(is.na(coef(fit))), c(FALSE, FALSE, TRUE, FALSE))
})

test_that("separation is seen in large data, too", {
  d <- simulate_large()
  for (separated in list(
    transform(d, y = as.numeric(x > 0)), transform(d, y = ifelse(z == 1, 1, y))
  )) {
    fit <- suppressWarnings(fastlogit(y ~ x + z, data = separated))
    expect_identical(fit$status, "diverging")
  }
})

# 60 columns: the information is dear.
simulate_wide <- function(link, n = 4000, p = 60) {
  with_seed(8, {
    x <- matrix(stats::rnorm(n * (p - 1)), n)
    eta <- drop(x %*% stats::rnorm(p - 1)) * 1.5 / sqrt(p) - 0.5
    list(
      x = cbind("(Intercept)" = 1, x),
      y = as.numeric(stats::runif(n) < stats::binomial(link)$linkinv(eta))
    )
  })
}

test_that("steps with an old information lead where glm() goes", {
  for (link in links_but_log) {
    d <- simulate_wide(link)
    fit <- catch_glm_warnings(fastlogit_fit(d$x, d$y, family = binomial(link)))$value
    reference <- reference_fit(d$x, d$y, link = link, start = fit$coefficients)
    expect_true(fit$converged)
    expect_digits(unname(fit$coefficients), reference$coefficients, 11, link)
    expect_sane_history(fit, link)
    # Newton's steps would shrink quadratically.
    last <- utils::tail(fit$history$decrement, 3)
    expect_gt(last[3] / last[2], (last[2] / last[1])^1.9)
    fisher <- catch_glm_warnings(
      fastlogit(d$y ~ d$x - 1, binomial(link), method = "fisher", maxit = 100)
    )$value
    expect_true(fisher$converged)
    expect_equal(unname(coef(fisher)), unname(fit$coefficients), tolerance = 1e-9)
  }
})

test_that("few iterations are not spent on small gains", {
  d <- simulate_wide("cauchit")
  fit <- fastlogit_fit(d$x, d$y, family = binomial("cauchit"), control = list(maxit = 9))
  expect_true(fit$converged)
})

test_that("any number of threads gives the same bits, with a sample and with an old information", {
  d <- simulate_large()
  one <- fastlogit(y ~ x + z, data = d, threads = 1)
  two <- fastlogit(y ~ x + z, data = d, threads = 2)
  expect_identical(coef(one), coef(two))
  expect_identical(one$history, two$history)
  expect_identical(one$fitted.values, two$fitted.values)
  d <- simulate_wide("logit")
  one <- fastlogit_fit(d$x, d$y, family = binomial(), control = list(threads = 1))
  two <- fastlogit_fit(d$x, d$y, family = binomial(), control = list(threads = 2))
  expect_identical(one$coefficients, two$coefficients)
  expect_identical(one$history, two$history)
})

test_that("single trials and counts of one are the same data", {
  d <- simulate_large()[1:5003, ]
  d$w[c(1, 5, 5003)] <- 0
  fit <- fastlogit(y ~ x + z, data = d, weights = w)
  other <- fastlogit(cbind(y, 1 - y) ~ x + z, data = d, weights = w)
  expect_equal(coef(fit), coef(other), tolerance = 1e-13)
  expect_equal(deviance(fit), deviance(other), tolerance = 1e-13)
  expect_equal(vcov(fit), vcov(other), tolerance = 1e-13)
  expect_equal(fit$weights, other$weights, tolerance = 1e-12)
})

# Many classes: the information is so dear that its drafts, of some of the rows, lead the way.
simulate_classes <- function(n = 40000, p = 15, classes = 41) {
  with_seed(3, {
    x <- cbind("(Intercept)" = 1, matrix(stats::rnorm(n * (p - 1)), n))
    slopes <- matrix(stats::rnorm(p * classes, sd = 0.3), p)
    gumbel <- -log(-log(matrix(stats::runif(n * classes), n)))
    list(x = x, y = factor(max.col(x %*% slopes + gumbel), seq_len(classes)))
  })
}

# By its definition: the score and the covariance at the estimate, for classes against the first.
expect_solution <- function(fit, d, label) {
  beta <- coef(fit)
  kept <- !is.na(beta[1, ])
  x <- d$x[, kept]
  odds <- exp(cbind(0, tcrossprod(x, beta[, kept])))
  p <- odds / rowSums(odds)
  residual <- (outer(as.integer(d$y), seq_len(ncol(p)), "==") - p)[, -1]
  covariance <- vcov(fit)
  covariance <- covariance[!is.na(diag(covariance)), !is.na(diag(covariance))]
  step <- covariance %*% as.numeric(crossprod(x, residual))
  expect_lt(max(abs(step) / sqrt(diag(covariance))), 1e-9, label = label)
  # Some columns of the information times the covariance are those of the identity.
  for (k in c(1, ncol(p) - 1)) {
    own <- crossprod(x, x[, 2] * -p[, k + 1] * p[, -1])
    own[, k] <- own[, k] + crossprod(x, x[, 2] * p[, k + 1])
    column <- (k - 1) * ncol(x) + 2
    unit <- as.numeric(seq_len(nrow(covariance)) == column)
    expect_equal(
      as.numeric(covariance %*% as.numeric(own)), unit, tolerance = 1e-8, label = label
    )
  }
}

test_that("drafts lead to the maximum, and the last information is of all rows", {
  d <- simulate_classes()
  fit <- fastmultinom(d$y ~ d$x - 1, threads = 1)
  expect_true(fit$converged)
  expect_solution(fit, d, "plain")
  expect_true(all(diff(fit$history$deviance) <= 1e-12 * deviance(fit)))
  expect_identical(coef(fastmultinom(d$y ~ d$x - 1, threads = 2)), coef(fit))
  # A column that is zero in the rows of the drafts, and one that depends on others.
  drafted <- (seq_along(d$y) - 1) %/% 512 %% 2 == 0
  d$x <- cbind(d$x, ifelse(drafted, 0, d$x[, 2] > 1), d$x[, 3] - 2 * d$x[, 4])
  fit <- fastmultinom(d$y ~ d$x - 1, threads = 1)
  expect_true(fit$converged)
  expect_identical(unname(which(is.na(coef(fit)[1, ]))), ncol(d$x))
  expect_solution(fit, d, "aliased")
})

# Many columns: the information that leads the way is in single precision.
simulate_many_columns <- function(link = "logit", n = 1500, p = 270) {
  with_seed(6, {
    x <- cbind("(Intercept)" = 1, matrix(stats::rnorm(n * (p - 1)), n))
    eta <- drop(x %*% stats::rnorm(p, sd = 0.8 / sqrt(p)))
    list(
      x = x, y = as.numeric(stats::runif(n) < stats::binomial(link)$linkinv(eta)),
      w = sample(1:3, n, TRUE), o = stats::runif(n, -0.5, 0.5)
    )
  })
}

# The informations of a draft and of all digits at some coefficients.
informations_at <- function(fit, beta) {
  rows <- hold_rows_impl(problem_of_fit(fit, 1L))
  model <- problem_of_fit(fit, 1L)$model
  p <- length(beta)
  questions <- example_questions_impl(
    "moments", p, beta, matrix(0, p, 1L), diag(p)
  )[c(1, 3)]  # of observed weights
  lapply(questions, function(question) {
    numbers <- answer_impl(rows, request_for(model, question))
    information <- matrix(0, p, p)
    information[lower.tri(information, TRUE)] <- tail(numbers, p * (p + 1) / 2)
    list(rest = head(numbers, 1 + p), information = information)
  })
}

test_that("a draft in single precision has half of the digits, whatever weights, link and kernel", {
  before <- use_kernel_impl("")
  on.exit(use_kernel_impl(before))
  for (link in links_but_log) {
    for (p in if (link == "logit") c(100, 131) else 107) {
      d <- simulate_many_columns(n = 700, p = p)
      beta <- with_seed(p, stats::rnorm(p, sd = 1 / sqrt(p)))
      for (weight in list(d$w, d$w * 10^-(0:69))) {
        fit <- suppressWarnings(fastlogit(
          d$y ~ d$x - 1, binomial(link), weights = weight, offset = d$o, maxit = 1
        ))
        for (kernel in kernels_impl()) {
          use_kernel_impl(kernel)
          both <- informations_at(fit, beta)
          label <- paste(p, link, kernel)
          expect_identical(both[[2]]$rest, both[[1]]$rest, label = label)
          error <- both[[2]]$information - both[[1]]$information
          size <- max(diag(both[[1]]$information))
          expect_lt(max(abs(error)) / size, 1e-5, label = label)
          expect_gt(max(abs(error)) / size, 1e-12, label = label)
        }
      }
    }
  }
})

# How many passes have the information, for a start.
count_informations <- function(d, start) {
  control <- complete_control(list(), "newton")
  count <- 0
  control$after_pass <- function(beta, loglik, informed) count <<- count + informed
  fit <- fastlogit(d$y ~ d$x - 1, weights = d$w, offset = d$o)
  solve_problem(problem_of_fit(fit), list(list(coefficients = start)), control, "newton")
  count
}

test_that("a draft in single precision leads where glm() goes", {
  d <- simulate_many_columns()
  expect_identical(count_informations(d, numeric(ncol(d$x))), 1)
  for (link in c("logit", "probit", "cauchit")) {
    d <- simulate_many_columns(link)
    fit_with <- function(threads) {
      catch_glm_warnings(fastlogit_fit(
        d$x, d$y, d$w, offset = d$o, family = binomial(link), control = list(threads = threads)
      ))$value
    }
    fit <- fit_with(1)
    expect_true(fit$converged)
    expect_true(all(diff(fit$history$deviance) <= 1e-12 * fit$deviance), label = link)
    theirs <- catch_glm_warnings(glm.fit(
      d$x, d$y, d$w, offset = d$o, family = binomial(link), start = fit$coefficients,
      control = list(epsilon = 1e-14, maxit = 25)
    ))$value
    expect_equal(fit$coefficients, theirs$coefficients, tolerance = 1e-9, label = link)
    expect_identical(fit_with(2)[c("coefficients", "history")], fit[c("coefficients", "history")])
  }
})

# The length of the step that is left, in standard errors, by a QR decomposition.
remaining_step <- function(x, y, beta) {
  kept <- !is.na(beta)
  mu <- stats::plogis(drop(x[, kept] %*% beta[kept]))
  root <- sqrt(mu * (1 - mu))
  sqrt(sum(qr.fitted(qr(root * x[, kept], tol = 1e-12), (y - mu) / root)^2))
}

test_that("a draft in single precision decides nothing about columns", {
  d <- simulate_many_columns()
  fit <- fastlogit_fit(d$x, d$y, family = binomial())
  # Columns of any scale.
  scale <- 2^with_seed(2, round(stats::runif(ncol(d$x), -300, 300)))
  scaled <- fastlogit_fit(d$x %*% diag(scale), d$y, family = binomial())
  expect_equal(unname(scaled$coefficients * scale), unname(fit$coefficients), tolerance = 1e-12)
  # Values of which most are lost beside the largest.
  x <- d$x
  x[, 7] <- exp(6 * x[, 7])
  x[, 8] <- x[, 8] * 10^-x[, 9]^2
  heavy <- fastlogit_fit(x, d$y, family = binomial())
  expect_true(heavy$converged)
  expect_lt(remaining_step(x, d$y, heavy$coefficients), 1e-9)
  # Columns that nearly depend on each other, and that do.
  x <- d$x
  x[, 20] <- x[, 21] - x[, 22] + 1e-4 * x[, 20]
  near <- fastlogit_fit(x, d$y, family = binomial())
  expect_false(anyNA(near$coefficients))
  expect_equal(near$deviance, fit$deviance, tolerance = 1e-12)
  expect_lt(remaining_step(x, d$y, near$coefficients), 1e-9)
  x[, 30] <- x[, 4] + x[, 5]
  x[, 40] <- 3
  aliased <- fastlogit_fit(x, d$y, family = binomial())
  expect_identical(unname(which(is.na(aliased$coefficients))), c(30L, 40L))
  expect_lt(remaining_step(x, d$y, aliased$coefficients), 1e-9)
})

test_that("separation is seen with a draft in single precision", {
  d <- simulate_many_columns()
  d$x[, 5] <- d$y * (d$x[, 5] > 1)
  fit <- suppressWarnings(fastlogit(d$y ~ d$x - 1))
  expect_identical(fit$status, "diverging")
})
