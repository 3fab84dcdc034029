# Penalties: what they are, where they lead, and what a penalised fit is.

binomial_data <- function(n = 120, seed = 1) {
  set.seed(seed)
  d <- data.frame(x = rnorm(n), f = factor(sample(letters[1:4], n, TRUE)), o = rnorm(n) / 2)
  d$trials <- rpois(n, 3) + 1
  d$y <- rbinom(n, d$trials, plogis(-1 + d$x / 2 + (d$f == "b")))
  d$share <- d$y / d$trials
  d
}

separated <- data.frame(x = c(1, 1, 2, 2, 2, 3, 3, 3), y = c(0, 0, 0, 1, 0, 1, 1, 1))

some_penalties <- list(
  firth = "firth", median = "median", jeffreys = penalty_jeffreys(0.3), ridge = penalty_ridge(0.7)
)

# --- contract ------------------------------------------------------------------------------------

test_that("the penalties of the core are those that are tested here", {
  expect_setequal(penalty_names_impl(), c("none", names(some_penalties), "symmetric ridge"))
})

test_that("the adjusted score is zero at the estimate, for all links", {
  d <- binomial_data()
  for (link in all_links) {
    formula <- share ~ x + f + offset(o)
    if (link == "log") formula <- share ~ x
    for (name in names(some_penalties)) {
      fit <- fastlogit(
        formula, binomial(link), d, weights = trials, penalty = some_penalties[[name]]
      )
      expect_true(fit$converged)
      expect_solves(fit, label = paste(link, name))
    }
  }
})

test_that("penalised log-likelihoods have no slope at the estimate", {
  d <- binomial_data()
  for (link in links_but_log) {
    for (penalty in list(penalty_jeffreys(), penalty_jeffreys(0.1), penalty_ridge(2))) {
      fit <- fastlogit(share ~ x + f, binomial(link), d, weights = trials, penalty = penalty)
      problem <- penalised_problem(fit)
      value <- function(beta) {
        loglik <- sum(stats::dbinom(d$y, d$trials, rows_at(problem, beta)$mu, log = TRUE))
        if (penalty$name == "ridge") return(loglik - sum(beta[-1]^2))
        loglik + penalty$amount * as.numeric(determinant(reference_information(problem, beta))[[1]])
      }
      expect_equal(fit$penalised_loglik, value(coef(fit)), tolerance = 1e-10)
      expect_equal(numeric_gradient(value, coef(fit)), rep(0, 5), tolerance = 1e-6)
      expect_equal(utils::tail(fit$history$logLik, 1), fit$penalised_loglik, tolerance = 1e-10)
      expect_true(all(diff(fit$history$logLik) > -1e-8))
    }
  }
})

test_that("no value is claimed where there is none", {
  expect_identical(
    fastlogit(y ~ x, binomial("probit"), separated, penalty = "firth")$penalised_loglik, NA_real_
  )
  expect_identical(
    fastlogit(y ~ x, data = separated, penalty = "median")$penalised_loglik, NA_real_
  )
  expect_null(fastlogit(fail ~ temp, data = oring)$penalised_loglik)
})

# --- the literature ------------------------------------------------------------------------------

test_that("the endometrial estimates of Heinze and Schemper (2002) are found", {
  fit <- fastlogit(HG ~ NV + PI + EH, data = endometrial(), penalty = "firth")
  expect_equal(unname(round(coef(fit), 3)), c(3.775, 2.929, -0.035, -2.604))
  expect_equal(unname(round(sqrt(diag(vcov(fit))), 3)), c(1.489, 1.551, 0.040, 0.776))
  expect_true(fit$converged)
  expect_silent(fastlogit(HG ~ NV + PI + EH, data = endometrial(), penalty = "firth"))
})

test_that("estimates and standard errors are brglm2's, for all links", {
  skip_if_not_installed("brglm2")
  d <- binomial_data()
  counts <- cbind(y, trials - y) ~ x * f + offset(o)
  for (link in links_but_log) {
    for (name in names(brglm_types)) {
      fit <- fastlogit(counts, binomial(link), d, penalty = name)
      other <- brglm_fit(counts, link, d, brglm_types[[name]])
      expect_equal(coef(fit), coef(other), tolerance = 1e-9, label = paste(link, name))
      expect_equal(vcov(fit), vcov(other), tolerance = 1e-7, ignore_attr = TRUE)
      expect_equal(deviance(fit), deviance(other), tolerance = 1e-9)
      expect_equal(AIC(fit), AIC(other), tolerance = 1e-9)
    }
  }
  for (name in names(brglm_types)) {
    formula <- cbind(y, trials - y) ~ x
    fit <- fastlogit(formula, binomial("log"), d, penalty = name)
    other <- brglm_fit(formula, "log", d, brglm_types[[name]], start = coef(fit) + 0.01)
    expect_equal(coef(fit), coef(other), tolerance = 1e-9, label = paste("log", name))
  }
})

test_that("separated data have brglm2's finite estimates", {
  d <- endometrial()
  for (link in c("logit", "probit", "cloglog")) {
    for (name in names(brglm_types)) {
      fit <- fastlogit(HG ~ NV + PI + EH, binomial(link), d, penalty = name)
      other <- brglm_fit(HG ~ NV + PI + EH, link, d, brglm_types[[name]])
      expect_equal(coef(fit), coef(other), tolerance = 1e-9, label = paste(link, name))
    }
  }
})

test_that("many classes have brglm2's estimates", {
  skip_if_not_installed("brglm2")
  for (name in c("firth", "median")) {
    fit <- fastmultinom(
      Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq, penalty = name
    )
    other <- brglm2::brmultinom(
      Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq,
      type = brglm_types[[name]], epsilon = 1e-12
    )
    expect_equal(coef(fit), coef(other), tolerance = 1e-10, ignore_attr = TRUE)
    expect_equal(vcov(fit), vcov(other), tolerance = 1e-8, ignore_attr = TRUE)
  }
})

test_that("logistf's estimates are found", {
  skip_if_not_installed("logistf")
  env <- new.env()
  utils::data("sex2", package = "logistf", envir = env)
  formula <- case ~ age + oc + vic + vicl + vis + dia
  fit <- fastlogit(formula, data = env$sex2, penalty = "firth")
  other <- logistf::logistf(
    formula, env$sex2, pl = FALSE,
    control = logistf::logistf.control(maxit = 200, lconv = 1e-12, gconv = 1e-12, xconv = 1e-12)
  )
  expect_equal(coef(fit), coef(other), tolerance = 1e-8)
})

test_that("estimates exist where brglm2 does not find them", {
  for (name in c("firth", "jeffreys")) {
    fit <- fastlogit(HG ~ NV + PI + EH, binomial("cauchit"), endometrial(), penalty = name)
    expect_true(fit$converged)
    expect_solves(fit)
  }
})

# The length of the adjusted score has minima that are no solutions; a dozen rows suffice.
test_that("median bias reduction finds a way out of where steps shrink", {
  for (seed in 1:40) {
    set.seed(seed)
    d <- data.frame(a = round(rnorm(12), 1), b = round(rnorm(12), 1), c = round(rnorm(12), 1))
    d$y <- rbinom(12, 1, pnorm(d$a))
    fit <- suppressWarnings(fastlogit(y ~ a + b + c, binomial("probit"), d, penalty = "median"))
    expect_true(fit$converged, label = seed)
    expect_solves(fit, tolerance = 1e-7, label = seed)
  }
})

test_that("complete separation and a constant response have finite estimates", {
  apart <- data.frame(x = 1:10, y = rep(0:1, each = 5), z = 1)
  for (name in names(brglm_types)) {
    for (link in c("logit", "probit")) {
      expect_solves(fastlogit(y ~ x, binomial(link), apart, penalty = name))
    }
    fit <- fastlogit(z ~ x, data = apart, penalty = name)
    expect_true(fit$converged)
    expect_solves(fit)
  }
  # Firth's log-odds of r in n: log((r + 1 / 2) / (n - r + 1 / 2)).
  expect_equal(coef(fastlogit(z ~ 1, data = apart, penalty = "firth"))[[1]], log(10.5 / 0.5))
})

# --- ridge ---------------------------------------------------------------------------------------

test_that("ridge is glmnet's, of unscaled columns", {
  skip_if_not_installed("glmnet")
  set.seed(3)
  x <- matrix(rnorm(400), 80, dimnames = list(NULL, letters[1:5]))
  y <- rbinom(80, 1, plogis(x[, 1]))
  fit <- fastlogit(y ~ x, penalty = penalty_ridge(4))
  other <- glmnet::glmnet(
    x, y, "binomial", alpha = 0, lambda = 4 / 80, standardize = FALSE, thresh = 1e-20
  )
  expect_equal(unname(coef(fit)), as.numeric(stats::coef(other)), tolerance = 1e-6)
})

test_that("ridge leaves alone what it is told to, in the units of the columns", {
  d <- binomial_data()
  free <- fastlogit(
    share ~ x + f, data = d, weights = trials, penalty = penalty_ridge(1e7, c("(Intercept)", "x"))
  )
  expect_equal(
    coef(free)[1:2], coef(fastlogit(share ~ x, data = d, weights = trials)), tolerance = 1e-5
  )
  expect_lt(max(abs(coef(free)[-(1:2)])), 1e-5)
  thousandth <- fastlogit(
    share ~ I(1000 * x), data = d, weights = trials, penalty = penalty_ridge(5e6)
  )
  whole <- fastlogit(share ~ x, data = d, weights = trials, penalty = penalty_ridge(5))
  expect_equal(1000 * coef(thousandth)[[2]], coef(whole)[[2]], tolerance = 1e-10)
  plain <- fastlogit(share ~ x + f, data = d, weights = trials)
  none <- fastlogit(share ~ x + f, data = d, weights = trials, penalty = penalty_ridge(0))
  expect_equal(coef(none), coef(plain), tolerance = 1e-12)
  by <- function(method) {
    coef(fastlogit(
      share ~ x + f, data = d, weights = trials, penalty = penalty_ridge(3), method = method
    ))
  }
  expect_equal(by("gradient"), by("newton"), tolerance = 1e-6)
})

test_that("ridge of many classes solves its equations", {
  fit <- fastmultinom(
    Species ~ Sepal.Width + Petal.Width, data = iris, penalty = penalty_ridge(0.5)
  )
  residuals <- fit$residuals[, -1]
  score <- crossprod(model.matrix(fit), residuals) - 0.5 * t(coef(fit)) * c(0, 1, 1)
  expect_lt(max(abs(score)), 1e-9)
})

test_that("each coefficient may have a lambda of its own", {
  d <- binomial_data()
  fit <- function(lambda, ...) {
    fastlogit(
      share ~ x + f, data = d, weights = trials, penalty = penalty_ridge(lambda), ...
    )
  }
  same <- c(x = 2, fb = 2, fc = 2, fd = 2)
  for (sparse in c(FALSE, TRUE)) {
    expect_equal(coef(fit(same, sparse = sparse)), coef(fit(2)), tolerance = 1e-12)
    each <- fit(c(fc = 3, x = 0.5), sparse = sparse)
    expect_equal(
      each$penalised_loglik,
      as.numeric(logLik(each)) - sum(c(0.5, 3) * coef(each)[c("x", "fc")]^2) / 2
    )
    score <- crossprod(model.matrix(each), d$trials * (d$share - fitted(each)))
    expect_equal(as.vector(score), c(0, 0.5, 0, 3, 0) * unname(coef(each)), tolerance = 1e-8)
  }
  expect_error(fit(c(x = 1, z = 2)), "`z`")
  expect_error(penalty_ridge(c(1, 2)), "names of coefficients")
  expect_error(penalty_ridge(c(x = 1, z = -2)), "found -2", fixed = TRUE)
  expect_error(penalty_ridge(c(x = 1, x = 2)), "twice")
  expect_output(print(penalty_ridge(c(x = 1, z = 20))), "lambda 1 to 20", fixed = TRUE)
})

test_that("the symmetric ridge is glmnet's of many classes, whatever the baseline", {
  formula <- Species ~ Sepal.Length + Sepal.Width + Petal.Length
  fit <- fastmultinom(formula, data = iris, penalty = penalty_ridge(3, symmetric = TRUE))
  others <- fastmultinom(
    formula, data = iris, penalty = penalty_ridge(3, symmetric = TRUE), reference = "virginica"
  )
  releveled <- relevel(fit, "virginica")
  order <- rownames(coef(others))
  expect_equal(coef(releveled)[order, ], coef(others), tolerance = 1e-10)
  expect_equal(fit$penalised_loglik, others$penalised_loglik, tolerance = 1e-12)
  expect_equal(vcov(releveled)[rownames(vcov(others)), colnames(vcov(others))], vcov(others),
    tolerance = 1e-8)
  beta <- rbind(0, coef(fit))[, -1]
  expect_equal(
    fit$penalised_loglik,
    as.numeric(logLik(fit)) - 1.5 * sum(sweep(beta, 2, colMeans(beta))^2)
  )
  expect_equal(
    coef(fastmultinom(
      formula, data = iris, penalty = penalty_ridge(3, symmetric = TRUE), method = "gradient"
    )),
    coef(fit), tolerance = 1e-5
  )
  skip_if_not_installed("glmnet")
  x <- as.matrix(iris[, 1:3])
  other <- glmnet::glmnet(
    x, iris$Species, "multinomial", alpha = 0, lambda = c(1, 3 / 150), standardize = FALSE,
    thresh = 1e-14, maxit = 1e6
  )
  expect_equal(
    unname(predict(fit, type = "probs")),
    unname(predict(other, x, s = 3 / 150, type = "response")[, , 1]), tolerance = 1e-5
  )
})

test_that("of two classes the symmetric ridge is half the other", {
  d <- binomial_data()
  for (sparse in c(FALSE, TRUE)) {
    fit <- function(penalty) {
      fastlogit(share ~ x + f, data = d, weights = trials, sparse = sparse, penalty = penalty)
    }
    half <- fit(penalty_ridge(6, symmetric = TRUE))
    expect_equal(coef(half), coef(fit(penalty_ridge(3))), tolerance = 1e-12)
    expect_equal(half$penalised_loglik, fit(penalty_ridge(3))$penalised_loglik)
    expect_equal(vcov(half), vcov(fit(penalty_ridge(3))), tolerance = 1e-10)
  }
})

# --- invariance ----------------------------------------------------------------------------------

test_that("weights are counts, and the order of rows does not matter", {
  d <- binomial_data(60)
  d$z <- as.integer(d$y > 1)
  d$w <- rpois(60, 1.5)
  repeated <- d[rep(seq_len(60), d$w), ]
  for (penalty in some_penalties) {
    weighted <- fastlogit(z ~ x + f, data = d, weights = w, penalty = penalty)
    expect_equal(
      coef(weighted), coef(fastlogit(z ~ x + f, data = repeated, penalty = penalty)),
      tolerance = 1e-10
    )
    expect_equal(
      coef(weighted),
      coef(fastlogit(z ~ x + f, data = d[60:1, ], weights = w, penalty = penalty)),
      tolerance = 1e-10
    )
  }
})

test_that("estimates go with the units of a column", {
  d <- binomial_data()
  for (penalty in some_penalties[1:3]) {
    one <- coef(fastlogit(share ~ x + f, data = d, weights = trials, penalty = penalty))
    other <- coef(fastlogit(share ~ I(1e6 * x) + f, data = d, weights = trials, penalty = penalty))
    expect_equal(unname(other * c(1, 1e6, 1, 1, 1)), unname(one), tolerance = 1e-9)
  }
})

test_that("nearly dependent columns keep their digits", {
  d <- binomial_data()
  d$near <- d$x + 1e-5 * d$o
  for (penalty in c("firth", "median")) {
    fit <- fastlogit(share ~ x + near, data = d, weights = trials, penalty = penalty)
    apart <- fastlogit(share ~ x + o, data = d, weights = trials, penalty = penalty)
    expect_true(fit$orthogonalised)
    if (penalty == "firth") {
      # The same model in other coordinates, in which only the median changes.
      expect_equal(fitted(fit), fitted(apart), tolerance = 1e-7)
    }
    expect_solves(fit, tolerance = 1e-6)
  }
})

test_that("aliased columns are those of the plain fit", {
  d <- binomial_data()
  d$twice <- 2 * d$x
  for (penalty in some_penalties) {
    fit <- fastlogit(share ~ x + twice + f, data = d, weights = trials, penalty = penalty)
    alone <- fastlogit(share ~ x + f, data = d, weights = trials, penalty = penalty)
    expect_true(is.na(coef(fit)[["twice"]]))
    expect_equal(coef(fit)[-3], coef(alone), tolerance = 1e-9)
    expect_equal(fit$penalised_loglik, alone$penalised_loglik, tolerance = 1e-9)
    expect_equal(vcov(fit, complete = FALSE), vcov(alone), tolerance = 1e-8)
  }
})

test_that("every storage gives the same, on any number of threads", {
  set.seed(7)
  n <- 3000
  d <- data.frame(
    x = rnorm(n), few = factor(sample(30, n, TRUE)), many = factor(sample(200, n, TRUE))
  )
  d$y <- rbinom(n, 1, plogis(d$x))
  for (penalty in some_penalties) {
    for (formula in list(y ~ x + few, y ~ x + many)) {
      dense <- fastlogit(formula, data = d, penalty = penalty, threads = 2)
      sparse <- fastlogit(formula, data = d, penalty = penalty, sparse = TRUE)
      matrix <- fastlogit(y ~ 0 + X, data = list(X = model.matrix(formula, d), y = d$y),
        penalty = if (inherits(penalty, "fastlogit_penalty") && penalty$name == "ridge") {
          penalty_ridge(penalty$amount, "X(Intercept)")
        } else {
          penalty
        })
      expect_equal(coef(sparse), coef(dense), tolerance = 1e-9)
      expect_equal(unname(coef(matrix)), unname(coef(dense)), tolerance = 1e-9)
      expect_equal(sparse$penalised_loglik, dense$penalised_loglik, tolerance = 1e-9)
      single <- fastlogit(formula, data = d, penalty = penalty, threads = 1)
      expect_identical(coef(single), coef(dense))
    }
  }
})

test_that("all kernels agree", {
  d <- binomial_data(1000)
  fits <- lapply(kernels_impl(), function(name) {
    before <- use_kernel_impl(name)
    on.exit(use_kernel_impl(before))
    coef(fastlogit(share ~ x * f + o, data = d, weights = trials, penalty = "firth"))
  })
  for (fit in fits) expect_equal(fit, fits[[1]], tolerance = 1e-12)
})

# --- the object ----------------------------------------------------------------------------------

test_that("methods know the penalty", {
  d <- endometrial()
  fit <- fastlogit(HG ~ NV + PI + EH, data = d, penalty = "firth")
  expect_identical(fit$penalty$name, "firth")
  expect_match(summary(fit)$found, "mean bias reduction")
  smaller <- update(fit, . ~ . - NV)
  expect_identical(smaller$penalty$name, "firth")
  expect_equal(coef(smaller), coef(fastlogit(HG ~ PI + EH, data = d, penalty = "firth")))
  expect_equal(
    predict(fit, d[1:3, ], type = "response"), fitted(fit)[1:3], tolerance = 1e-12,
    ignore_attr = TRUE
  )
  expect_true(all(is.finite(predict(fit, d, se.fit = TRUE)$se.fit)))
  quasi <- fastlogit(HG ~ NV + PI + EH, quasibinomial(), data = d, penalty = "firth")
  expect_equal(coef(quasi), coef(fit))
})

test_that("arguments are checked", {
  for (name in c("lasso", "elasticnet", "elastic-net", "Lasso")) {
    expect_error(fastlogit(y ~ x, data = separated, penalty = name), "glmnet")
    expect_error(fastmultinom(y ~ x, data = separated, penalty = name), "glmnet")
  }
  for (wrong in list("lasso", "bayes", 3, NULL)) {
    expect_error(
      fastlogit(y ~ x, data = separated, penalty = wrong), class = "fastlogit_input_error"
    )
  }
  expect_error(
    fastlogit(y ~ x, data = separated, penalty = "firth", method = "gradient"), "gradient"
  )
  expect_error(fastlogit(y ~ x, data = separated, penalty = penalty_ridge(1, "z")), "`z`")
  expect_error(penalty_ridge(-1), "non-negative")
  expect_error(penalty_ridge("a"), class = "fastlogit_input_error")
  expect_error(penalty_ridge(1, 2), "names of coefficients")
  expect_error(penalty_jeffreys(-1), "non-negative")
  expect_output(print(penalty_ridge(0.5)), "ridge penalty (lambda 0.5)", fixed = TRUE)
  expect_output(print(penalty_jeffreys(0.25)), "power 0.25")
})
