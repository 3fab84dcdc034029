# Standard errors of predictions, and all methods over random problems.

test_that("predict() with standard errors is glm()'s for each type, with its names", {
  set.seed(8)
  d <- data.frame(
    y = rbinom(90, 1, 0.5), x = rnorm(90), g = rep(c("a", "b", "c"), 30), o = rnorm(90) / 4,
    w = rep(1:3, 30)
  )
  d$x[3] <- NA
  for (link in c("logit", "probit", "cauchit")) {
    fits <- lapply(list(fastlogit, glm), function(fitter) {
      suppressWarnings(fitter(
        y ~ x * g + offset(o), quasibinomial(link), d, weights = w, na.action = na.exclude,
        control = list(epsilon = 1e-14, maxit = 100)
      ))
    })
    for (type in c("link", "response", "terms")) {
      for (new in list(NULL, d[c(3, 5, 7), ])) {
        both <- lapply(fits, function(fit) {
          if (is.null(new)) return(predict(fit, type = type, se.fit = TRUE))
          predict(fit, new, type = type, se.fit = TRUE)
        })
        expect_equal(both[[1]], both[[2]], tolerance = 1e-6)
      }
    }
    some <- predict(fits[[1]], type = "terms", terms = "g", se.fit = TRUE)
    expect_equal(
      some, predict(fits[[2]], type = "terms", terms = "g", se.fit = TRUE), tolerance = 1e-6
    )
  }
})

test_that("with an interval and standard errors the answer is that of predict.lm()", {
  fit <- fastlogit(fail ~ temp, data = oring)
  new <- data.frame(temp = c(31, 60))
  limits <- predict(fit, new, interval = "confidence")
  errors <- predict(fit, new, type = "response", se.fit = TRUE)
  both <- predict(fit, new, interval = "confidence", se.fit = TRUE)
  linear <- predict(lm(fail ~ temp, oring), new, interval = "confidence", se.fit = TRUE)
  expect_identical(names(both), names(linear))
  expect_identical(dimnames(both$fit), dimnames(linear$fit))
  expect_equal(unname(both$fit), unname(limits))
  expect_equal(both$se.fit, errors$se.fit)
  expect_identical(both$df, fit$df.residual)
  link <- predict(fit, new, type = "link", interval = "confidence", se.fit = TRUE)
  expect_equal(plogis(link$fit), both$fit)
  expect_lte(max(predict(
    fastlogit(fail ~ temp, binomial("log"), oring), interval = "confidence"
  )), 1)
})

test_that("nearly dependent columns have standard errors that a covariance matrix would lose", {
  set.seed(2)
  d <- data.frame(x = rnorm(60))
  d$z <- d$x + 1e-8 * rnorm(60)
  d$y <- rbinom(60, 1, plogis(d$x))
  fit <- fastlogit(y ~ x + z, data = d)
  # The same model in columns that are far from dependent.
  d$u <- (d$z - d$x) * 1e8
  same <- fastlogit(y ~ x + u, data = d)
  expect_equal(predict(fit, se.fit = TRUE)$se.fit, predict(same, se.fit = TRUE)$se.fit,
    tolerance = 1e-6)
})

test_that("where the information is not positive definite this is said", {
  fit <- fastlogit(fail ~ temp, data = oring)
  fit$cholesky["expected"] <- list(NULL)
  expect_warning(
    found <- predict(fit, se.fit = TRUE), "positive definite", class = "fastlogit_no_information"
  )
  expect_true(all(is.na(found$se.fit)))
  expect_true(all(is.na(vcov(fit))))
  expect_error(vcov(fit, type = "robust"), NA)
})

test_that("an empty model has all that glm()'s has", {
  y <- c(0, 1, 1, 0, 1)
  o <- c(-1, 0, 1, 0.5, 0)
  for (call in alist(fitter(y ~ 0, binomial), fitter(y ~ 0, binomial, offset = o))) {
    glm_fit <- eval(call, list(fitter = glm, y = y, o = o))
    call$method <- "fastlogit_fit"
    by_method <- eval(call, list(fitter = glm, y = y, o = o, fastlogit_fit = fastlogit_fit))
    call$method <- NULL
    fit <- eval(call, list(fitter = fastlogit, y = y, o = o))
    for (found in list(by_method, fit)) {
      expect_setequal(intersect(names(found), names(glm_fit)), names(glm_fit))
      expect_glm_equal(found, glm_fit, except = c(not_compared, "control", "data"))
    }
    expect_identical(predict(fit, se.fit = TRUE), predict(glm_fit, se.fit = TRUE))
    expect_identical(dim(vcov(fit)), c(0L, 0L))
    expect_equal(influence(fit)$hat, influence(glm_fit)$hat)
  }
})

test_that("the decomposition has no attributes of the model matrix", {
  fits <- lapply(list(fastlogit, glm), function(fitter) {
    fitter(fail ~ temp + I(temp^2 > 4800), binomial(), oring)
  })
  expect_identical(attributes(fits[[1]]$qr$qr), attributes(fits[[2]]$qr$qr))
})

test_that("influence has an answer where no weights are left", {
  fit <- suppressWarnings(fastlogit(fail ~ temp, data = oring))
  fit$qr$rank <- 1L
  expect_identical(colnames(influence(fit)$coefficients), "(Intercept)")
  expect_identical(dim(dfbetas(fit)), c(23L, 1L))
  fit$qr$rank <- 0L
  expect_identical(dim(influence(fit)$coefficients), c(23L, 0L))
  expect_identical(dim(dfbetas(fit)), c(23L, 0L))
})

# --- random problems -----------------------------------------------------------------------------

random_problem <- function(seed) {
  set.seed(seed)
  n <- sample(5:60, 1)
  p <- sample(1:6, 1)
  d <- as.data.frame(matrix(rnorm(n * p), n))
  names(d) <- paste0("x", seq_len(p))
  size <- 1
  switch(sample(8, 1),
    d$f <- factor(c("one", sample(c("a", "b", "c"), n - 1, TRUE))),
    d$f <- factor(sample(letters[1:4], n, TRUE), levels = letters[1:5]),
    d$x1 <- d$x1 * (size <- 1e8),
    d$x9 <- d$x1 + 1e-6 * rnorm(n),
    d$x9 <- 2 * d$x1,
    d$x1 <- 1
  )
  eta <- rowSums(d[seq_len(p)]) / size * sample(c(0.3, 1, 3, 30), 1) + sample(c(0, 0, 2, -4), 1)
  d$y <- as.integer(runif(n) < plogis(eta))
  if (runif(1) < 0.2) d$y <- as.integer(eta > 0)
  d$w <- switch(sample(4, 1), sample(0:3, n, TRUE), runif(n), rep(1, n), rep(1, n))
  d$o <- rnorm(n, sd = sample(c(0, 0, 0, 1, 10), 1))
  formula <- stats::reformulate(
    c(setdiff(names(d), c("y", "w", "o")), "offset(o)"), "y", intercept = runif(1) > 0.1
  )
  link <- sample(c("logit", "logit", "probit", "cloglog", "cauchit", "log"), 1)
  family <- (if (runif(1) < 0.15) quasibinomial else binomial)(link)
  penalties <- list("firth", "median", "jeffreys", penalty_ridge(0.5))
  penalty <- if (runif(1) < 0.7) "none" else penalties[[sample(4, 1)]]
  list(d = d, formula = formula, family = family, penalty = penalty)
}

random_calls <- alist(
  predict(fit, type = "terms", se.fit = TRUE), predict(fit, new, se.fit = TRUE),
  predict(fit, type = "response", se.fit = TRUE), predict(fit, new, type = "terms", se.fit = TRUE),
  vcov(fit), vcov(fit, complete = FALSE), residuals(fit), residuals(fit, "pearson"),
  residuals(fit, "working"), residuals(fit, "partial"), hatvalues(fit), cooks.distance(fit),
  rstandard(fit), rstudent(fit), influence(fit), influence(fit, do.coef = FALSE), dfbetas(fit),
  variable.names(fit, full = TRUE),
  dffits(fit), drop1(fit, test = "Chisq"), anova(fit, test = "Chisq")
)

own_calls <- alist(
  predict(fit, type = "class"), predict(fit, interval = "confidence"),
  predict(fit, new, interval = "confidence", se.fit = TRUE), print(summary(fit)),
  print(summary(fit, correlation = TRUE)), vcov(fit, type = "robust"),
  confint(fit, method = "wald"), separation(fit), hauck_donner(fit), print(fit)
)

quiet_value <- function(call, env) {
  utils::capture.output(
    value <- tryCatch(suppressWarnings(suppressMessages(eval(call, env))), error = identity)
  )
  value
}

# Is glm()'s fit the same one, so that what it makes of it is to be matched?
same_maximum <- function(fit, glm_fit) {
  same <- function(name, tolerance) isTRUE(all.equal(fit[[name]], glm_fit[[name]], tolerance))
  !inherits(glm_fit, "error") && is.null(fit$separation_details) && is.null(fit$penalty) &&
    same("deviance", 1e-9) && same("coefficients", 1e-6)
}

# Smaller models have larger deviances, of which glm.fit() does not always find the least.
ran_away <- function(table, glm_fit) {
  if (!inherits(table, "anova")) return(FALSE)
  deviance <- table[[if ("Resid. Dev" %in% names(table)) "Resid. Dev" else "Deviance"]]
  any(deviance > glm_fit$null.deviance * (1 + 1e-8))
}

test_that("random problems: methods give glm()'s values, and end in no error of R's internals", {
  fitting <- quote(fitter(formula, family, d, weights = w, control = control))
  # glm() from there, as its weights are those of the last iterate but one.
  started <- quote(glm(formula, family, d, w, control = control, etastart = fit$linear.predictors))
  # glm() ties the tolerance for aliased columns to epsilon.
  control <- list(epsilon = 1e-11, maxit = 100)
  matched <- 0
  for (seed in 1:40) {
    problem <- random_problem(seed)
    env <- list2env(c(problem, list(control = control, new = head(problem$d, 4))))
    environment(env$formula) <- env
    env$fitter <- fastlogit
    fit <- quiet_value(as.call(c(as.list(fitting), penalty = quote(penalty))), env)
    if (inherits(fit, "error")) {
      expect_s3_class(fit, "fastlogit_error")
      next
    }
    env$fit <- fit
    glm_env <- list(fit = quiet_value(started, env), new = env$new)
    for (call in c(random_calls, own_calls)) {
      value <- quiet_value(call, env)
      label <- paste("seed", seed, deparse1(call))
      if (inherits(value, "error")) {
        expect(inherits(value, "fastlogit_error"), paste0(label, ": ", conditionMessage(value)))
      }
    }
    if (!same_maximum(fit, glm_env$fit)) next
    matched <- matched + 1
    for (call in random_calls) {
      expected <- quiet_value(call, glm_env)
      if (inherits(expected, "error") || ran_away(expected, glm_env$fit)) next
      expect_equal(
        unclass(quiet_value(call, env)), unclass(expected), tolerance = 1e-5, ignore_attr = TRUE,
        label = paste("seed", seed, deparse1(call))
      )
    }
  }
  expect_gt(matched, 5)
})
