# When a fit asks about separation, and that it gives no false alarm.

# Finite estimates so extreme that steps keep their pace for long.
expect_finite <- function(fit, label) {
  expect_identical(fit$warnings, character(), label = label)
  expect_identical(fit$value$status, "converged", label = label)
  expect_true(all(fit$value$separation == 0), label = label)
  expect_identical(separation(fit$value)$kind, "none", label = label)
}

test_that("finite but extreme fits are no false alarms, and converge to the maximum", {
  tables <- list(
    counts = data.frame(x = c(0, 1), s = c(1, 1e10), f = c(1e10, 1)),
    rare = data.frame(x = c(0, 1), s = c(1, 5), f = c(1e11, 5))
  )
  for (link in c("logit", "probit", "cloglog", "cauchit")) {
    for (name in names(tables)) {
      d <- tables[[name]]
      fit <- with_warning_classes(fastlogit(cbind(s, f) ~ x, binomial(link), d))
      label <- paste(name, link)
      if (link == "cauchit") {
        # Its steps double the estimate, 1e10 and more: 25 are too few, and that is what it says.
        expect_false("fastlogit_separation" %in% fit$warnings, label = label)
        fit <- with_warning_classes(fastlogit(cbind(s, f) ~ x, binomial(link), d, maxit = 200))
      }
      expect_finite(fit, label)
      # The model is saturated.
      eta <- binomial(link)$linkfun(d$s / (d$s + d$f))
      expect_equal(
        unname(coef(fit$value)), c(eta[1], diff(eta)),
        tolerance = if (link == "cauchit") 1e-5 else 1e-6, label = label
      )
    }
  }
  proportion <- data.frame(x = 0:1, y = c(1e-12, 0.5))
  fit <- with_warning_classes(fastlogit(y ~ x, quasibinomial(), proportion))
  expect_finite(fit, "a proportion")
  expect_equal(coef(fit$value)[[1]], stats::qlogis(1e-12), tolerance = 1e-6)
})

test_that("a large coefficient is not a sign of separation", {
  # One row on the wrong side of a steep slope.
  d <- data.frame(x = c(seq(-1, -0.001, length.out = 400), seq(0.001, 1, length.out = 400)))
  d$y <- as.numeric(d$x > 0)
  d$y[c(400, 401)] <- c(1, 0)
  fit <- with_warning_classes(fastlogit(y ~ x, data = d))
  expect_gt(abs(coef(fit$value)[["x"]]), 20)
  expect_lt(min(fitted(fit$value)), 1e-10)
  expect_false("fastlogit_separation" %in% fit$warnings)
  expect_true(fit$value$converged)
  expect_true(all(fit$value$separation == 0))
})

# glm() is silent here, as it stops before a probability is 0 or 1.
test_that("what glm() does not see is seen", {
  quasi <- data.frame(g = rep(c("a", "b"), each = 10), y = c(rep(0:1, 5), rep(0, 10)))
  expect_silent(glm(y ~ g, binomial, quasi))
  expect_warning(fit <- fastlogit(y ~ g, data = quasi), class = "fastlogit_separation")
  expect_identical(fit$separation, c("(Intercept)" = 0, gb = -Inf))
  expect_equal(summary(fit)$coefficients[1, 1], 0, tolerance = 1e-10)
})

test_that("separation is seen whatever stops the fit", {
  d <- data.frame(x = 1:10, y = rep(0:1, each = 5))
  for (maxit in c(1, 3, 8, 100)) {
    for (link in c("logit", "probit", "cloglog", "cauchit")) {
      fit <- with_warning_classes(fastlogit(y ~ x, binomial(link), d, maxit = maxit))
      expect_identical(fit$warnings, "fastlogit_separation", label = paste(link, maxit))
      expect_identical(unname(fit$value$separation), c(-Inf, Inf))
    }
  }
  # The scale of another column hides the steps of the separated one.
  with_seed(5, {
    hidden <- data.frame(x = 1e-7 * stats::rnorm(200), g = rep(0:1, c(190, 10)))
    hidden$y <- ifelse(hidden$g == 1, 1, stats::rbinom(200, 1, stats::plogis(2e7 * hidden$x)))
  })
  expect_warning(fit <- fastlogit(y ~ x + g, data = hidden), class = "fastlogit_separation")
  expect_identical(unname(fit$separation), c(0, 0, Inf))
})

test_that("the log link: failures go to minus infinity, successes have no slack", {
  d <- data.frame(g = rep(c("a", "b"), each = 10), y = c(rep(0:1, 5), rep(0, 10)))
  expect_warning(fit <- fastlogit(y ~ g, binomial("log"), d), class = "fastlogit_separation")
  expect_identical(unname(fit$separation), c(0, -Inf))
  # A group of successes only lies on the boundary: its estimate is finite.
  d$y <- 1 - d$y
  fit <- suppressWarnings(fastlogit(y ~ g, binomial("log"), d))
  expect_true(all(fit$separation == 0))
})

test_that("all interfaces and designs tell it", {
  d <- data.frame(x = c(1:6, 2.5), g = factor(c("a", "a", "b", "b", "c", "c", "b")))
  d$y <- c(0, 1, 1, 1, 0, 1, 1)
  dense <- suppressWarnings(fastlogit(y ~ g, data = d))
  expect_identical(unname(dense$separation), c(0, Inf, 0))
  sparse <- suppressWarnings(fastlogit(y ~ g, data = d, sparse = TRUE))
  expect_identical(sparse$separation, dense$separation)
  expect_equal(summary(sparse)$coefficients, summary(dense)$coefficients, tolerance = 1e-8)
  by_glm <- suppressWarnings(glm(y ~ g, binomial, d, method = "fastlogit_fit"))
  expect_identical(by_glm$separation, dense$separation)
  x <- unname(model.matrix(dense))
  expect_warning(
    plain <- fastlogit_fit(x, d$y, family = binomial()), class = "fastlogit_separation"
  )
  expect_identical(unname(plain$separation), c(0, Inf, 0))
})

test_that("offsets so large that residuals underflow prove nothing", {
  d <- with_seed(4, {
    d <- data.frame(g = factor(sample(letters[1:3], 40, TRUE)), o = stats::rnorm(40, 0, 150))
    d$y <- ifelse(d$g == "c", 1, stats::rbinom(40, 1, 0.5))
    d
  })
  expected <- unname(detect_separation(y ~ g, data = d)$coefficients)
  expect_identical(expected, c(0, 0, Inf))
  for (link in c("logit", "probit", "cauchit")) {
    for (method in c("newton", "fisher", "gradient")) {
      fit <- suppressWarnings(
        fastlogit(y ~ g, binomial(link), d, offset = o, method = method)
      )
      expect_identical(unname(fit$separation), expected, label = paste(link, method))
    }
    there <- suppressWarnings(
      fastlogit(y ~ g, binomial(link), source_function(chunks_of(d, 9)), offset = o)
    )
    expect_identical(unname(there$separation), expected, label = paste(link, "source"))
  }
})

test_that("the score proves a maximum at the end of any way, and never where there is none", {
  proven <- 0
  for (set in random_sets(14, 40, random_integers)) {
    for (method in c("newton", "fisher", "gradient")) {
      d <- set$data
      design <- as_design(stats::model.matrix(set$formula, d))
      family <- quasibinomial(set$link)
      model <- binary_model(family)
      rows <- memory_rows(
        model, design, d$y, d$w * rep(1, nrow(d)), NULL, "y", intercept = TRUE
      )
      control <- complete_control(list(maxit = 100), method)
      starts <- starts_of(model, rows, null_model(model, rows, control), list())
      solved <- solve_problem(problem_of(rows, model), starts, control, method)
      found <- separation_in(rows, model)
      if (found$kind != "none") expect_false(solved$certified)
      if (found$kind == "none" && all(d$w == 1) && method == "newton") expect_true(solved$certified)
      proven <- proven + solved$certified
    }
  }
  expect_gt(proven, 20)
})
