# Wide sparse designs, whose steps are by products with the information: it is formed at the end.

wide_rows <- function(n = 7000, p = 1200, per_row = 6, scale = 0.5) {
  with_seed(18, {
    i <- c(seq_len(n), rep(seq_len(n), per_row))
    j <- c(rep(1L, n), 1L + sample.int(p - 1L, n * per_row, TRUE))
    x <- Matrix::sparseMatrix(i, j, x = c(rep(1, n), rnorm(n * per_row)), dims = c(n, p))
    eta <- as.vector(x %*% c(-0.5, rnorm(p - 1L, sd = scale / sqrt(per_row))))
    list(x = x, y = as.numeric(runif(n) < plogis(eta)), w = runif(n, 0.5, 2), o = rnorm(n) / 2)
  })
}

fit_wide <- function(d, x = d$x, ..., family = binomial()) {
  suppressWarnings(fastlogit_fit(x, d$y, family = family, ...))
}

# Newton's method by dense matrices, from the estimate: the last step, and standard errors.
newton_step_of <- function(d, x, b, weights = 1, offset = 0) {
  mu <- plogis(as.vector(x %*% b) + offset)
  information <- as.matrix(Matrix::crossprod(x, weights * mu * (1 - mu) * x))
  score <- as.vector(Matrix::crossprod(x, weights * (d$y - mu)))
  inverse <- chol2inv(chol(information))
  se <- sqrt(diag(inverse))
  list(step = max(abs(inverse %*% score / se)), se = se)
}

# The solver alone, and for each of its passes whether it asked for the information.
solve_wide <- function(d, penalty = NULL) {
  informed <- logical()
  control <- complete_control(list(threads = 1L, trace = FALSE), "newton")
  control$after_pass <- function(beta, loglik, with) informed <<- c(informed, with)
  response <- list(y = d$y, weights = rep.int(1, length(d$y)))
  core <- core_model(binary_model(logit_family, penalty), response)
  problem <- plain_problem(as_design(d$x), response, NULL, core, 1L)
  start <- list(list(coefficients = numeric(ncol(d$x))))
  solved <- solve_problem(problem, start, control, "newton")
  c(solved, list(informed = informed))
}

d <- wide_rows()
plain <- fit_wide(d)

test_that("the information is formed once, at the end", {
  informed <- solve_wide(d)$informed
  expect_equal(sum(informed), 1L)
  expect_true(informed[length(informed)])
})

test_that("estimates and covariances are exact, with weights and offsets", {
  exact <- newton_step_of(d, d$x, plain$coefficients)
  expect_lt(exact$step, 1e-12)
  expect_equal(sqrt(diag(chol2inv(plain$cholesky$expected))), exact$se, tolerance = 1e-12)
  fit <- fit_wide(d, weights = d$w, offset = d$o)
  exact <- newton_step_of(d, d$x, fit$coefficients, d$w, d$o)
  expect_lt(exact$step, 1e-12)
  expect_equal(sqrt(diag(chol2inv(fit$cholesky$expected))), exact$se, tolerance = 1e-12)
})

test_that("any number of threads gives the same bits", {
  one <- fit_wide(d, control = list(threads = 1))
  three <- fit_wide(d, control = list(threads = 3))
  expect_identical(one$coefficients, three$coefficients)
  expect_identical(one$cholesky, three$cholesky)
})

test_that("columns of any scale have the same fit", {
  scale <- 10^seq(-4, 4, length.out = ncol(d$x))
  fit <- fit_wide(d, d$x %*% Matrix::Diagonal(x = scale))
  expect_equal(
    unname(fit$coefficients * scale), unname(plain$coefficients), tolerance = 1e-12
  )
})

test_that("columns that depend on those before them are aliased, as glm() has it", {
  x <- cbind(d$x, d$x[, 5] + d$x[, 9], 0, d$x[, 3])
  fit <- fit_wide(d, x)
  expect_equal(which(is.na(fit$coefficients)), ncol(d$x) + 1:3, ignore_attr = "names")
  kept <- fit$coefficients[seq_len(ncol(d$x))]
  expect_equal(unname(kept), unname(plain$coefficients), tolerance = 1e-12)
})

test_that("a direction of recession is found and named", {
  apart <- which(d$y == 1)[1:20]
  x <- cbind(d$x, Matrix::sparseMatrix(apart, rep(1, 20), x = 1, dims = c(nrow(d$x), 1)))
  colnames(x) <- sprintf("v%d", seq_len(ncol(x)))
  expect_warning(
    fit <- fastlogit_fit(x, d$y, family = binomial()), "`v1201` is +Inf", fixed = TRUE
  )
  expect_equal(fit$status, "diverging")
})

test_that("links that are not canonical end where their score vanishes", {
  for (link in c("probit", "cloglog")) {
    fit <- fit_wide(d, family = binomial(link))
    of <- binomial(link)
    mu <- of$linkinv(fit$linear.predictors)
    residual <- (d$y - mu) * of$mu.eta(fit$linear.predictors) / (mu * (1 - mu))
    score <- as.vector(Matrix::crossprod(d$x, residual))
    expect_lt(max(abs(score) / sqrt(Matrix::colSums(d$x^2))), 1e-11)
  }
})

test_that("ridge has its curvature in the products", {
  solved <- solve_wide(d, penalty_ridge(2))
  expect_equal(sum(solved$informed), 1L)
  mu <- plogis(solved$linear.predictors)
  gradient <- as.vector(Matrix::crossprod(d$x, d$y - mu)) - 2 * solved$coefficients
  expect_lt(max(abs(gradient)), 1e-9)
})
