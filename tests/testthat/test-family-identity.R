# The identity link: risk differences. Its domain has two edges.

identity_family <- binomial(stats::make.link("identity"))

test_that("relative risks and risk differences of the breast cancer table are the published ones", {
  d <- breast_cancer()
  printed <- list(
    list(
      binomial("log"), c(-2.3521, 0.9314, 1.7695, 0.4436), c(0.3602, 0.3930, 0.3851, 0.1968), 185.85
    ),
    list(
      identity_family, c(0.08381, 0.14921, 0.57227, 0.16131),
      c(0.03633, 0.05755, 0.09472, 0.07587), 186.38
    )
  )
  counts <- aggregate(cbind(dead, alive = 1 - dead) ~ stage + low, d, sum)
  for (known in printed) {
    fit <- expect_silent(fastlogit(dead ~ stage + low, known[[1]], d))
    digits <- if (known[[1]]$link == "log") 5e-5 else 1e-5
    expect_lt(max(abs(coef(fit) - known[[2]])), digits)
    expect_lt(max(abs(sqrt(diag(vcov(fit))) - known[[3]])), digits)
    expect_lt(abs(deviance(fit) - known[[4]]), 0.005)
    expect_identical(fit$status, "converged")
    pooled <- fastlogit(cbind(dead, alive) ~ stage + low, known[[1]], counts)
    expect_equal(coef(pooled), coef(fit), tolerance = 1e-9)
  }
})

random_risks <- function(seed) {
  set.seed(seed)
  n <- sample(c(12, 40, 300), 1)
  d <- data.frame(x = rnorm(n), z = runif(n), g = factor(sample(letters[1:3], n, TRUE)))
  d$y <- rbinom(n, 1, pmin(pmax(0.4 + 0.1 * d$x, 0.02), 0.98))
  d$y[1:2] <- 0:1
  d$w <- sample(1:3, n, TRUE)
  d
}

may_be_at_edge <- function(fit) {
  withCallingHandlers(fit, fastlogit_boundary = function(c) invokeRestart("muffleWarning"))
}

# Is beta the maximum? Where rows are at the edge, the score is to be a combination of theirs that
# pushes outwards (Karush, Kuhn & Tucker).
expect_risks_maximal <- function(fit, x, y, w) {
  mu <- drop(x %*% coef(fit))
  expect_true(all(mu > 0 & mu < 1))
  edge <- (mu < 1e-6 & y == 0) | (mu > 1 - 1e-6 & y == 1)
  score <- colSums(x * w * ifelse(y == 1, 1 / mu, -1 / (1 - mu)))
  if (!any(edge)) return(expect_lt(max(abs(score)), 1e-5 * sum(w)))
  outwards <- t(x[edge, , drop = FALSE] * ifelse(mu[edge] < 0.5, -1, 1))
  expect_lt(max(abs(nonnegative_fit(outwards, score) - score)), 1e-3 * sum(w))
}

# a v, for the v >= 0 that comes closest to b.
nonnegative_fit <- function(a, b) {
  best <- optim(
    numeric(ncol(a)), function(v) sum((a %*% v - b)^2),
    function(v) drop(2 * crossprod(a, a %*% v - b)), method = "L-BFGS-B", lower = 0,
    control = list(maxit = 10000, factr = 10)
  )
  drop(a %*% best$par)
}

test_that("random designs come to the maximum, inside or at an edge, from the default start", {
  boundary <- 0
  for (seed in 1:60) {
    d <- random_risks(seed)
    for (formula in list(y ~ x + z, y ~ z + g, y ~ g - 1, y ~ x + offset(z / 10))) {
      fit <- may_be_at_edge(fastlogit(formula, identity_family, d, weights = w))
      expect_true(fit$status %in% c("converged", "boundary"))
      expect_identical(fit$boundary, fit$status == "boundary")
      boundary <- boundary + fit$boundary
      if (fit$status == "boundary") next
      glm <- glm_from(fit, formula, identity_family, d, weights = w)
      expect_equal(coef(fit), coef(glm), tolerance = 1e-7)
      expect_equal(vcov(fit), vcov(glm), tolerance = 1e-6)
      expect_lte(fit$deviance, glm$deviance + 1e-9)
    }
    fit <- may_be_at_edge(fastlogit(y ~ x + z, identity_family, d, weights = w))
    expect_risks_maximal(fit, model.matrix(~ x + z, d), d$y, d$w)
  }
  expect_gt(boundary, 20)
})

test_that("a maximum at either edge is a boundary, and said to be one", {
  # No events without exposure; and no others with it.
  none <- data.frame(x = rep(0:2, each = 10), y = rep(c(0, 1, 0, 1, 0), c(10, 3, 7, 6, 4)))
  for (d in list(none, transform(none, y = 1 - y))) {
    expect_warning(fit <- fastlogit(y ~ x, identity_family, d), class = "fastlogit_boundary")
    expect_identical(fit$status, "boundary")
    expect_true(fit$boundary)
    expect_true(fit$converged)
    edge <- if (d$y[1] == 0) 0 else 1
    expect_equal(unname(coef(fit)[1]), edge, tolerance = 1e-8)
    expect_match(tryCatch(fastlogit(y ~ x, identity_family, d), warning = conditionMessage),
      paste0("fitted probability of row \\d+ is ", edge, ", and the identity link"))
    # b maximises 3 log b + 7 log(1 - b) + 6 log 2b + 4 log(1 - 2b).
    best <- optimize(function(b) 9 * log(b) + 7 * log(1 - b) + 4 * log(1 - 2 * b), c(0, 0.5),
      maximum = TRUE, tol = 1e-12)
    expect_equal(abs(unname(coef(fit)[2])), best$maximum, tolerance = 1e-6)
  }
  # Rows of no weight do not matter.
  outside <- rbind(data.frame(x = c(0, 1, 0, 1), y = c(0, 1, 1, 0)), data.frame(x = -50, y = 1))
  outside$y[5] <- 0
  d <- outside[c(1:4, 1, 2, 2, 5), ]
  d$w <- c(rep(1, 7), 0)
  fit <- expect_silent(fastlogit(y ~ x, identity_family, d, weights = w))
  expect_identical(fit$status, "converged")
  expect_equal(coef(fit), coef(fastlogit(y ~ x, identity_family, d[1:7, ])))
  expect_equal(fit$aic, fastlogit(y ~ x, identity_family, d[1:7, ])$aic)
})

test_that("offsets that no intercept brings inside are no hindrance to those that are fitted", {
  set.seed(3)
  d <- data.frame(x = runif(200))
  d$y <- rbinom(200, 1, 0.2 + 0.5 * d$x)
  wide <- suppressWarnings(fastlogit(y ~ x + offset(30 * x), identity_family, d))
  plain <- fastlogit(y ~ x, identity_family, d)
  expect_equal(coef(wide), coef(plain) - c(0, 30), tolerance = 1e-8)
  expect_identical(wide$null.deviance, Inf)
  expect_warning(
    fastlogit(y ~ x + offset(30 * x), identity_family, d), class = "fastlogit_null_not_converged"
  )
  suppressWarnings(expect_refusal(
    quote(fastlogit(y ~ 1 + offset(30 * x), identity_family, d)), "fastlogit_no_start"
  ))
})

test_that("risk differences are found of sparse rows, factor codes, sources and with workers", {
  set.seed(9)
  n <- 6000
  d <- data.frame(g = factor(sample(letters, n, TRUE)), x = runif(n))
  d$y <- rbinom(n, 1, 0.1 + 0.3 * d$x + as.integer(d$g) / 100)
  here <- fastlogit(y ~ x + g, identity_family, d)
  expect_identical(here$status, "converged")
  expect_equal(coef(fastlogit(y ~ x + g, identity_family, d, sparse = TRUE)), coef(here))
  expect_same_fit(list(
    there = fastlogit(y ~ x + g, identity_family, source_function(chunks_of(d, 900))), here = here
  ))
  two <- local_psock(2)
  expect_equal(coef(fastlogit(y ~ x + g, identity_family, d, workers = two)), coef(here))
  # At the edge, too: in one group there are no events.
  d$y[d$g == "a"] <- 0
  edge <- may_be_at_edge(fastlogit(y ~ g, identity_family, d))
  expect_true(edge$boundary)
  means <- tapply(d$y, d$g, mean)
  expect_equal(unname(coef(edge)), unname(c(means[1], means[-1] - means[1])), tolerance = 1e-6)
  stored <- may_be_at_edge(fastlogit(y ~ g, identity_family, source_function(chunks_of(d, 900))))
  expect_identical(stored$status, "boundary")
  expect_equal(coef(stored), coef(edge), tolerance = 1e-6)
  with_workers <- may_be_at_edge(fastlogit(y ~ g, identity_family, d, workers = two))
  expect_identical(with_workers$status, "boundary")
  expect_equal(coef(with_workers), coef(edge), tolerance = 1e-6)
})

test_that("what follows a fit holds for risk differences", {
  d <- breast_cancer()
  fit <- fastlogit(dead ~ stage + low, identity_family, d)
  glm <- glm_from(fit, dead ~ stage + low, identity_family, d)
  expect_as_glm(fit, glm)
  expect_equal(summary(fit)$coefficients, summary(glm)$coefficients, tolerance = 1e-7)
  # Profiles, by fits with the coefficient held in an offset.
  ends <- confint(fit)
  for (j in c(2, 4)) {
    for (end in ends[j, ]) {
      x <- model.matrix(~ stage + low, d)
      held <- suppressWarnings(
        fastlogit(d$dead ~ x[, -j] - 1 + offset(x[, j] * end), identity_family)
      )
      expect_equal(held$deviance - fit$deviance, qchisq(0.95, 1), tolerance = 1e-5)
    }
  }
  without <- fastlogit(dead ~ stage, identity_family, d)
  rise <- without$deviance - fit$deviance
  expect_equal(drop1(fit, test = "LRT")["low", "LRT"], rise, tolerance = 1e-7)
  expect_equal(lr_test(fit)["low", "LRT"], rise, tolerance = 1e-7)
  limits <- predict(fit, data.frame(stage = "I", low = 0), interval = "confidence", level = 0.999)
  expect_identical(limits[, "lower"], 0)
  penalised <- fastlogit(dead ~ stage + low, identity_family, d, penalty = "firth")
  expect_true(penalised$converged)
  expect_identical(separation(fit)$kind, "none")
})

test_that("the log-log link is cloglog of the other outcome, and glm()'s with its object", {
  set.seed(5)
  d <- data.frame(x = rnorm(300), z = rnorm(300))
  d$y <- rbinom(300, 1, exp(-exp(-0.3 - 0.8 * d$x)))
  family <- binomial(loglog_link())
  fit <- fastlogit(y ~ x + z, family, d)
  expect_identical(core_link(family), "loglog")
  expect_as_glm(fit, glm_from(fit, y ~ x + z, family, d))
  other <- fastlogit(1 - y ~ x + z, binomial("cloglog"), d)
  expect_equal(coef(fit), -coef(other), tolerance = 1e-9)
  expect_equal(vcov(fit, type = "observed"), vcov(other, type = "observed"), tolerance = 1e-8)
  expect_equal(confint(fit), -confint(other)[, 2:1], ignore_attr = TRUE, tolerance = 1e-6)
  for (penalty in c("firth", "median", "jeffreys")) {
    expect_equal(
      coef(fastlogit(y ~ x + z, family, d, penalty = penalty)),
      -coef(fastlogit(1 - y ~ x + z, binomial("cloglog"), d, penalty = penalty)), tolerance = 1e-7
    )
  }
  apart <- data.frame(x = 1:6, y = rep(0:1, each = 3))
  expect_warning(separated <- fastlogit(y ~ x, family, apart), class = "fastlogit_separation")
  expect_identical(separated$separation, c(`(Intercept)` = -Inf, x = Inf))
})
