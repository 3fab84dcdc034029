# How a fit goes on and ends: threads, starts, limits, separation, traces, interrupts.

counts <- function(n, p, seed = 5) {
  with_seed(seed, list(
    x = cbind(1, matrix(stats::rnorm(n * (p - 1)), n)),
    y = cbind(stats::rbinom(n, 5, 0.4), 1 + stats::rbinom(n, 5, 0.6))
  ))
}

test_that("the number of threads changes no bit", {
  for (size in list(c(2e4, 10), c(4097, 40), c(1025, 60), c(1023, 60), c(65, 3), c(1, 1))) {
    d <- counts(size[1], size[2])
    for (link in if (size[1] == 2e4) all_links else "logit") {
      fit <- function(threads) {
        fastlogit_fit(
          d$x, d$y, family = binomial(link), control = list(threads = threads, maxit = 100)
        )
      }
      one <- fit(1)
      expect_identical(one$threads, 1L)
      for (threads in c(2, 3, 7)) {
        many <- fit(threads)
        # Small problems use one.
        if (prod(size) > 6e4) expect_gt(many$threads, 1L) else expect_identical(many$threads, 1L)
        same <- setdiff(names(one), c("threads", "family"))
        expect_identical(many[same], one[same], label = paste(link, toString(size), threads))
      }
    }
  }
})

# Blocks and strips have ragged ends.
test_that("no row is lost or counted twice, whatever their number", {
  for (n in c(1, 2, 63, 64, 65, 255, 257, 1023, 1025, 4097)) {
    d <- counts(n, 1)
    for (threads in 1:2) {
      fit <- fastlogit_fit(d$x, d$y, family = binomial(), control = list(threads = threads))
      expect_equal(fit$fitted.values[1], sum(d$y[, 1]) / sum(d$y), tolerance = 1e-12)
    }
  }
  d <- counts(4097, 40)
  fit <- fastlogit_fit(d$x, d$y, family = binomial(), control = list(threads = 2))
  score <- crossprod(d$x, d$y[, 1] - rowSums(d$y) * fit$fitted.values)
  expect_lt(max(abs(score)), 1e-9)
})

test_that("a fit started at the estimate takes fewer iterations, and ends there", {
  d <- counts(500, 4)
  for (link in links_but_log) {
    cold <- fastlogit_fit(d$x, d$y, family = binomial(link))
    for (start in list(
      list(start = cold$coefficients), list(etastart = cold$linear.predictors),
      list(mustart = cold$fitted.values)
    )) {
      arguments <- list(d$x, d$y, family = binomial(link))
      warm <- do.call(fastlogit_fit, c(arguments, start))
      expect_lt(warm$iter, cold$iter, label = paste(link, names(start)))
      expect_equal(warm$coefficients, cold$coefficients, tolerance = 1e-12)
    }
    # NA, as in the coefficients of an aliased fit, is none; there only.
    aliased <- cbind(d$x, d$x[, 4])
    partly <- fastlogit_fit(aliased, d$y, start = c(0, 0, 0, 0, NA), family = binomial(link))
    expect_equal(
      unname(partly$coefficients), c(unname(cold$coefficients), NA), tolerance = 1e-12
    )
    expect_error(
      fastlogit_fit(d$x, d$y, start = c(NA, 0, 0, NA), family = binomial(link)),
      "`start` is missing", class = "fastlogit_input_error"
    )
  }
})

test_that("starts are found by the formula interface, in the data", {
  cold <- fastlogit(fail ~ temp, data = oring)
  oring$eta <- predict(cold)
  oring$mu <- fitted(cold)
  warm <- fastlogit(fail ~ temp, data = oring, etastart = eta)
  expect_lt(warm$iter, cold$iter)
  expect_lt(fastlogit(fail ~ temp, data = oring, mustart = mu)$iter, cold$iter)
  half <- fastlogit(fail ~ temp, data = oring, etastart = eta, subset = temp > 60)
  expect_equal(coef(half), coef(fastlogit(fail ~ temp, data = oring, subset = temp > 60)))
})

test_that("a start of no use is replaced, with a message", {
  cold <- fastlogit(fail ~ temp, data = oring)
  for (start in list(c(1e300, -1e300), c(1e5, 1e5))) {
    expect_message(
      fit <- fastlogit(fail ~ temp, data = oring, start = start),
      class = "fastlogit_start"
    )
    expect_equal(coef(fit), coef(cold), tolerance = 1e-12)
  }
  # Means of more than 1.
  expect_message(
    fit <- fastlogit(cbind(s, 10 - s) ~ x, binomial("log"), data.frame(s = c(1, 2, 4), x = 1:3),
      start = c(3, 3)),
    class = "fastlogit_start"
  )
  expect_true(fit$converged)
  expect_snapshot(fit <- fastlogit(fail ~ temp, data = oring, start = c(1e300, -1e300)))
})

# glm() wanders off from a start like this one.
test_that("a start that is far away is a start", {
  cold <- fastlogit(fail ~ temp, data = oring)
  for (link in c("logit", "probit")) {
    for (start in list(c(20, 0), c(-20, 0), c(0, 1), c(0, -1))) {
      fit <- suppressMessages(fastlogit(fail ~ temp, binomial(link), oring, start = start))
      expected <- fastlogit(fail ~ temp, binomial(link), oring)
      expect_true(fit$converged)
      expect_equal(coef(fit), coef(expected), tolerance = 1e-11)
    }
  }
})

test_that("too few iterations are told, and the object is whole", {
  for (maxit in 1:3) {
    for (method in c("newton", "fisher", "gradient")) {
      expect_warning(
        fit <- fastlogit(fail ~ temp, data = oring, method = method, maxit = maxit),
        class = "fastlogit_not_converged"
      )
      expect_false(fit$converged)
      expect_identical(fit$iter, as.integer(maxit))
      expect_identical(fit$history$iteration, seq_len(maxit))
      expect_output(print(fit), "not converged")
      expect_output(print(summary(fit)), "not converged")
      expect_length(predict(fit, oring), 23)
    }
  }
  expect_snapshot(fit <- fastlogit(fail ~ temp, data = oring, maxit = 2))
})

test_that("separation ends cleanly, with its warning", {
  apart <- data.frame(x = 1:10, y = rep(0:1, each = 5))
  for (link in c("logit", "probit", "cloglog")) {
    for (method in c("newton", if (link == "logit") c("fisher", "gradient"))) {
      expect_warning(
        fit <- fastlogit(y ~ x, binomial(link), apart, method = method, maxit = 1000),
        class = "fastlogit_separation"
      )
      expect_identical(fit$status, "diverging")
      expect_false(fit$converged)
      expect_lt(deviance(fit), 1e-5)
      expect_equal(unname(round(fitted(fit))), apart$y)
      expect_output(print(summary(fit)), "separation")
    }
  }
  # The one success among all b is in the other class.
  quasi <- data.frame(g = rep(c("a", "b"), each = 10), y = c(rep(0:1, 5), rep(0, 10)))
  expect_warning(fit <- fastlogit(y ~ g, data = quasi), class = "fastlogit_separation")
  expect_equal(unname(fitted(fit)), rep(c(0.5, 0), each = 10), tolerance = 1e-5)
  expect_snapshot(fit <- fastlogit(y ~ x, data = apart))
})

test_that("a trace is one line an iteration, and only when asked for", {
  for (method in c("newton", "fisher", "gradient")) {
    lines <- utils::capture.output(
      fit <- fastlogit(fail ~ temp, data = oring, method = method, trace = TRUE)
    )
    expect_length(lines, fit$iter)
    expect_match(lines, "^iteration [0-9]+: deviance [0-9.]+, step ")
    expect_silent(fastlogit(fail ~ temp, data = oring, method = method))
    expect_silent(fastlogit(fail ~ temp, data = oring, method = method, trace = 0))
  }
  x <- cbind(1, oring$temp)
  expect_silent(fit <- fastlogit_fit(x, oring$fail, offset = x[, 2] / 99, family = binomial()))
  # The null model of a fit with an offset is a fit of its own, which is not traced.
  lines <- utils::capture.output(fit <- fastlogit_fit(
    x, oring$fail, offset = x[, 2] / 99, family = binomial(), control = list(trace = TRUE)
  ))
  expect_length(lines, fit$iter)
})

test_that("the history tells each iteration", {
  fit <- fastlogit(fail ~ temp, data = oring)
  expect_named(
    fit$history, c("iteration", "logLik", "deviance", "step", "halvings", "decrement")
  )
  expect_identical(fit$history$iteration, seq_len(fit$iter))
  last <- utils::tail(fit$history, 1)
  expect_equal(last$logLik, as.numeric(logLik(fit)), tolerance = 1e-12)
  expect_equal(last$deviance, deviance(fit), tolerance = 1e-12)
  # Newton's method: the digits double.
  expect_lt(last$step, 1e-9)
  expect_false(is.unsorted(rev(fit$history$decrement)))
})

test_that("glm() takes fastlogit_fit as its method", {
  for (method in list(fastlogit_fit, "fastlogit_fit")) {
    fit <- glm(fail ~ temp, binomial, oring, method = method)
    expect_identical(class(fit), c("glm", "lm"))
    theirs <- glm(fail ~ temp, binomial, oring, epsilon = 1e-14)
    expect_glm_equal(fit, theirs, 1e-7, except = c(not_compared, "control"))
    expect_equal(summary(fit)$coefficients, summary(theirs)$coefficients, tolerance = 1e-9)
    expect_equal(anova(fit, test = "Rao"), anova(theirs, test = "Rao"), tolerance = 1e-9)
  }
  poisson_fit <- glm(fail ~ temp, poisson, oring, method = fastlogit_fit)
  expect_equal(coef(poisson_fit), coef(glm(fail ~ temp, poisson, oring)))
  expect_identical(fastlogit_fit(cbind(1, oring$temp), oring$fail)$family$family, "gaussian")
})
