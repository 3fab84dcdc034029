test_that("complete separation is named, with the directions", {
  d <- data.frame(y = factor(rep(1:3, each = 4)), x = 1:12)
  expect_warning(fit <- fastordinal(y ~ x, d), class = "fastlogit_separation")
  expect_identical(fit$separation, c(x = Inf, `1|2` = Inf, `2|3` = Inf))
  expect_identical(separation(fit)$kind, "complete")
  expect_true(all(is.na(vcov(fit))))
})

test_that("a group at one end has a slope without bound, and the others are those without it", {
  d <- ordered_data(120)
  d$end <- as.numeric(seq_len(120) %% 10 == 0)
  d$y[d$end == 1] <- "l4"
  for (link in c("logit", "probit", "cloglog", "loglog", "cauchit")) {
    fit <- suppressWarnings(fastordinal(y ~ x + end, d, link = link))
    expect_identical(fit$separation[["end"]], Inf, info = link)
    expect_identical(unname(fit$separation[-2L]), numeric(4L))
  }
  fit <- suppressWarnings(fastordinal(y ~ x + end, d))
  rest <- fastordinal(y ~ x, d[d$end == 0, ])
  expect_equal(fit$coefficients[["x"]], rest$coefficients[["x"]], tolerance = 1e-4)
  ends <- confint(fit)
  expect_identical(ends["end", 2L], Inf)
  expect_equal(ends["x", ], confint(rest), tolerance = 1e-4, ignore_attr = TRUE)
  held <- fastordinal(y ~ x + offset(ends["end", 1L] * end), d)
  expect_equal(held$deviance - rest$deviance, qchisq(0.95, 1), tolerance = 1e-5)
  without <- fastordinal(y ~ x, d)
  expect_equal(lr_test(fit)["end", "LRT"], without$deviance - rest$deviance, tolerance = 1e-6)
})

test_that("a group in the middle is told where its slopes vary, in all families", {
  d <- ordered_data(120, classes = 3)
  d$middle <- as.numeric(seq_len(120) %% 10 == 0)
  d$y[d$middle == 1] <- "l2"
  for (family in c("cumulative", "adjacent", "continuation")) {
    expect_warning(
      fit <- fastordinal(y ~ x + middle, d, family = family, parallel = ~ x),
      class = "fastlogit_separation"
    )
    expect_identical(fit$separation[c("l1|l2:middle", "l2|l3:middle")],
                     c("l1|l2:middle" = -Inf, "l2|l3:middle" = Inf))
    expect_identical(fit$separation[["x"]], 0)
  }
  expect_silent(fastordinal(y ~ x + middle, d))
})

test_that("what directions ask of a row is what its likelihood does not lose", {
  for (steps in ordered_steps) {
    asked <- demanded_cuts(1:4, 3L, steps)
    eta <- c(-0.4, 0.3, 1.1)
    for (class in 1:4) {
      signs <- asked$signs[asked$row == class, , drop = FALSE]
      set.seed(class)
      for (i in 1:30) {
        step <- rnorm(3)
        if (steps == "cumulative") step <- sort(step)
        gains <- signs %*% step
        if (any(abs(gains) < 0.02)) next
        far <- evaluate_family_impl(
          paste(steps, "logit"), matrix(eta + 600 * step, 1L), class - 1, NULL, NULL, "observed"
        )$loglik
        expect_identical(far < -3, any(gains < 0), info = paste(steps, class, i))
      }
    }
  }
})

test_that("no separation is no news", {
  fit <- fastordinal(y ~ x + g, ordered_data())
  expect_identical(separation(fit)$kind, "none")
  expect_identical(names(fit$separation), names(all_estimates(fit)))
})

test_that("what is finite, and its errors, are those of the limit", {
  set.seed(3)
  data <- data.frame(x = rnorm(200), g = rbinom(200, 1, 0.1))
  data$y <- cut(data$x + rlogis(200), c(-Inf, -1, 0.5, Inf), labels = 1:3)
  data$y[data$g == 1] <- "3"
  for (steps in ordered_steps) {
    fit <- suppressWarnings(fastordinal(y ~ x + g, data, family = steps))
    limit <- fastordinal(y ~ x, data[data$g == 0, ], family = steps)
    finite <- c("x", "1|2", "2|3")
    expect_equal(all_estimates(fit)[finite], all_estimates(limit)[finite], tolerance = 1e-10)
    for (type in c("observed", "expected", "HC0")) {
      covariance <- vcov(fit, type = type)
      expect_equal(covariance[finite, finite], vcov(limit, type = type), tolerance = 1e-8)
      expect_true(all(is.na(covariance["g", ])))
    }
    expect_equal(fit$deviance, limit$deviance, tolerance = 1e-12)
    found <- predict(fit, data.frame(x = 0:1, g = 0:1), type = "probs", se.fit = TRUE)
    expected <- predict(limit, data.frame(x = 0), type = "probs", se.fit = TRUE)
    expect_equal(found$se.fit[1L, ], expected$se.fit, tolerance = 1e-8)
    expect_true(all(is.na(found$se.fit[2L, ])))
  }
  # Of the classes 2 and 3 there is a part left: whether it is 3.
  data$y[data$g == 1] <- rep(c("2", "3"), length.out = sum(data$g))
  fit <- suppressWarnings(fastordinal(y ~ x + g, data, parallel = ~ x))
  part <- function(theta) {
    eta <- cbind(ifelse(data$g == 1, -800, theta[3L]), theta[4L] + theta[2L] * data$g) -
      theta[1L] * data$x
    sum(ordered_log_probability(eta, as.integer(data$y), "cumulative", "logit"))
  }
  finite <- c("x", "2|3:g", "1|2", "2|3")
  theta <- all_estimates(fit)[finite]
  expect_equal(part(theta), as.numeric(logLik(fit)), tolerance = 1e-12)
  steps <- 1e-3 * diag(4)
  hessian <- outer(1:4, 1:4, Vectorize(function(i, j) {
    (part(theta + steps[i, ] + steps[j, ]) - part(theta + steps[i, ] - steps[j, ]) -
       part(theta - steps[i, ] + steps[j, ]) + part(theta - steps[i, ] - steps[j, ])) / 4e-6
  }))
  expect_equal(unname(vcov(fit)[finite, finite]), solve(-hessian), tolerance = 1e-4)
})
