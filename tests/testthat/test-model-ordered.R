test_that("probabilities and their slopes are those of the definitions", {
  eta <- rbind(c(-1.5, 0.2, 1), c(-6, -5, 7))
  for (steps in ordered_steps) {
    for (link in ordered_links) {
      p <- ordered_probabilities(eta, steps, link)
      expect_equal(rowSums(p), c(1, 1))
      likely <- vapply(0:3, function(k) {
        vapply(1:2, function(i) {
          exp(evaluate_family_impl(
            paste(steps, link), eta[i, , drop = FALSE], k, NULL, NULL, "observed"
          )$loglik)
        }, 0)
      }, numeric(2))
      expect_equal(p, likely, tolerance = 1e-12, info = paste(steps, link))
      for (j in 1:3) {
        h <- 1e-6
        moved <- function(step) replace(eta, cbind(1:2, j), eta[, j] + step)
        change <- ordered_probabilities(moved(h), steps, link) -
          ordered_probabilities(moved(-h), steps, link)
        expect_equal(
          probability_slopes(eta, steps, link, p, j), change / (2 * h), tolerance = 1e-6,
          info = paste(steps, link, j)
        )
      }
    }
  }
})

test_that("terms vary that are not parallel, by whatever order of their variables", {
  terms <- terms(~ a + b + a:b)
  expect_identical(varying_terms(TRUE, terms), integer())
  expect_identical(varying_terms(FALSE, terms), 1:3)
  expect_identical(varying_terms(~ b:a + b, terms), 1L)
})

test_that("coefficients have their places", {
  d <- ordered_data(100)
  fit <- fastordinal(y ~ x + g, d, parallel = ~ x)
  expect_identical(
    names(fit$coefficients),
    c("x", paste0(c("l1|l2", "l2|l3", "l3|l4"), ":gb"), paste0(c("l1|l2", "l2|l3", "l3|l4"), ":gc"))
  )
  core <- core_model(model_of(fit), list(levels = fit$lev), problem_of_fit(fit, 1L)$design)
  expect_identical(coefficient_count(core, 4L), 10)
  expect_identical(sort(fit$position), 1:10)
  expect_equal(core_values(fit)[1:3], unname(fit$zeta))
  expect_equal(core_values(fit)[10], fit$coefficients[["x"]])
})

test_that("a partial model is the sum of its parts where all terms vary", {
  d <- ordered_data(400)
  fit <- fastordinal(y ~ x, d, family = "continuation", parallel = FALSE)
  for (j in 1:3) {
    at <- as.integer(d$y) >= j
    part <- fastlogit((as.integer(y) == j) ~ x, data = d[at, ])
    expect_equal(
      unname(c(fit$zeta[j], fit$coefficients[j])), unname(coef(part)), tolerance = 1e-9
    )
  }
})

test_that("logarithms of probabilities are finite where these have rounded to 0", {
  eta <- rbind(c(-1, 0, 1), c(40, 41, 50), c(-60, -50, -40), c(200, 300, 800))
  for (steps in ordered_steps) {
    for (link in c("logit", "probit", "cloglog", "cauchit")) {
      moderate <- ordered_probabilities(eta[1L, , drop = FALSE], steps, link)
      for (class in 1:4) {
        found <- ordered_log_probability(eta[1L, , drop = FALSE], class, steps, link)
        expect_equal(found, log(moderate[class]))
      }
    }
    far <- ordered_log_probability(eta, rep(3L, 4L), steps, "logit")
    expect_true(all(is.finite(far)))
  }
  expect_equal(ordered_log_probability(eta, rep(4L, 4L), "cumulative", "logit")[4L], -800)
})
