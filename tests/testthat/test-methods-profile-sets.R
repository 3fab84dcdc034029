# Profiles of matched sets that are separated.

test_that("profiles under separation are those of what is left, by pairs or by a threshold", {
  for (size in c(12, 130)) {
    n <- 3 * size
    d <- with_seed(size, data.frame(
      set = rep(1:3, each = size), case = rep(as.numeric(seq_len(size) <= size / 4), 3),
      x = rnorm(n), z = rbinom(n, 1, 0.4)
    ))
    # Some cases of two sets, and nobody else, have w = 1; some of the others have w = -1.
    at <- (seq_len(n) - 1) %% size + 1
    d$w <- ifelse(at <= 2 & d$set < 3, 1, ifelse(at > size - 3, -1, 0))
    fit <- suppressWarnings(fastclogit(case ~ x + z + w + strata(set), data = d))
    expect_equal(fit$separation, c(x = 0, z = 0, w = Inf))
    rest <- fastclogit(case ~ x + z + strata(set), data = d[d$w == 0, ])
    ends <- confint(fit)
    expect_equal(ends[1:2, ], confint(rest), tolerance = 1e-5)
    expect_equal(ends[3, 2], Inf)
    held <- fastclogit(case ~ x + z + strata(set), data = d, offset = ends[3, 1] * w)
    expect_equal(2 * (rest$loglik[2] - held$loglik[2]), qchisq(0.95, 1), tolerance = 1e-5)
  }
})

test_that("profiles are traced on a grid, and drawn", {
  fit <- fit_of_infert()
  profiles <- profile(fit)
  expect_s3_class(profiles, "profile.glm")
  expect_named(profiles, names(coef(fit)))
  at <- profiles$induced
  held <- at$par.vals[2, ]
  refit <- fastclogit(
    case ~ spontaneous + strata(stratum), data = infert, offset = held[["induced"]] * induced
  )
  expect_equal(coef(refit), held["spontaneous"], tolerance = 1e-7)
  expect_equal(at$z[2]^2, 2 * (fit$loglik[2] - refit$loglik[2]), tolerance = 1e-7)
  withr::local_pdf(NULL)
  expect_invisible(plot(profiles))
  skip_if_not_installed("MASS")
  loadNamespace("MASS")
  expect_equal(confint(profiles), confint(fit), tolerance = 1e-3, ignore_attr = TRUE)
})

test_that("a fit has its pictures", {
  withr::local_pdf(NULL)
  shown <- plot(fit_of_infert())
  expect_named(shown, c("odds ratios", "influence", "convergence"))
  fit <- fit_of_infert()
  expect_equal(
    sum(shown$influence$displacement), sum(solve(vcov(fit)) * vcov(fit, type = "robust")),
    tolerance = 1e-8
  )
  expect_error(plot(fit, "roc"), "must be one of", class = "fastlogit_input_error")
  skip_if_not_installed("ggplot2")
  expect_s3_class(ggplot2::autoplot(fit), "ggplot")
})
