# fastclogit() against printed truths, and against survival's clogit().

test_that("published estimates are reproduced to the digits printed", {
  skip_if_not_installed("MASS")
  b <- MASS::birthwt
  b <- b[b$age >= 16 & b$age <= 32, ]
  fit <- fastclogit(low ~ lwt + smoke + ht + ui + strata(age), data = b)
  printed <- c(lwt = -0.01498, smoke = 0.80805, ht = 1.75143, ui = 0.88341)
  expect_equal(round(coef(fit), 5), printed)
  expect_equal(unname(round(sqrt(diag(vcov(fit))), 5)), c(0.00706, 0.36797, 0.73932, 0.48032))
  expect_equal(round(-2 * fit$loglik, 3), c(159.069, 141.108))

  d <- data.frame(
    y = c(0, 1, 0, 1, 0, 1, 0, 1, 1, 1), g = c(0, 0, 0, 1, 1, 1, 2, 2, 2, 2),
    x = c(0, 1, 0, 0, 1, 1, 0, 0, 1, 0)
  )
  fit <- fastclogit(y ~ x + strata(g), data = d)
  expect_equal(round(coef(fit), 7), c(x = 0.9272407))
  expect_equal(round(sqrt(vcov(fit))[1], 6), 1.295155)
})

test_that("Greene's travel choices are reproduced, with robust errors", {
  skip_if_not_installed("AER")
  utils::data("TravelMode", package = "AER", envir = environment())
  d <- TravelMode
  d$chosen <- d$choice == "yes"
  for (mode in c("air", "train", "bus")) d[[mode]] <- as.numeric(d$mode == mode)
  fit <- fastclogit(
    chosen ~ gcost + wait + air + train + bus + air:income + strata(individual), data = d
  )
  # The printed iterations stopped at a gradient of 5e-3.
  printed <- c(-0.01550151, -0.09612462, 5.20743, 3.86904, 3.16319, 0.013287)
  expect_equal(unname(coef(fit)), printed, tolerance = 3e-6)
  expect_equal(round(fit$loglik[2], 3), -199.128)
  expect_equal(unname(round(sqrt(diag(vcov(fit)))[1:2], c(5, 4))), c(0.00441, 0.0104))
  robust <- sqrt(diag(vcov(fit, type = "robust")))
  expect_equal(unname(round(robust[1:2], c(5, 4))), c(0.00495, 0.0151))
  expect_equal(vcov(fit, cluster = ~ individual, type = "CR0"), vcov(fit, type = "robust"))
})

test_that("sets of every shape agree with survival's clogit()", {
  skip_if_not_installed("survival")
  done <- 0
  for (seed in 1:60) {
    rows <- random_matched_sets(12, 1 + seed %% 3, most = 8L, seed = seed + 1000)
    d <- data.frame(y = rows$y, set = rows$set, rows$x)
    formula <- stats::reformulate(c(setdiff(names(d), c("y", "set")), "strata(set)"), "y")
    fit <- suppressWarnings(fastclogit(formula, data = d))
    if (is_separated(fit)) next
    other <- by_survival(formula, d)
    done <- done + 1
    expect_equal(coef(fit), coef(other), tolerance = 1e-6, label = paste("seed", seed))
    expect_equal(fit$loglik, other$loglik, tolerance = 1e-9, label = paste("seed", seed))
    expect_equal(unname(fit$var), other$var, tolerance = 1e-5, label = paste("seed", seed))
    expect_equal(fit$score, other$score, tolerance = 1e-6, label = paste("seed", seed))
  }
  expect_gt(done, 30)
})

test_that("permuting rows and sets, and scaling columns, change nothing", {
  d <- with(random_matched_sets(60, 3, seed = 11), data.frame(y, set, x))
  fit <- fastclogit(y ~ X1 + X2 + X3 + strata(set), data = d)
  moved <- with_seed(1, d[sample(nrow(d)), ])
  moved$set <- c(17, 4)[1 + moved$set %% 2] * 1000 - moved$set
  other <- fastclogit(y ~ X1 + X2 + X3 + strata(set), data = moved)
  expect_equal(coef(other), coef(fit), tolerance = 1e-12)
  expect_equal(vcov(other), vcov(fit), tolerance = 1e-11)
  expect_equal(
    other$residuals[order(as.integer(rownames(moved)))], fit$residuals, ignore_attr = TRUE
  )
  d$X2 <- d$X2 * 1e7 + 3
  scaled <- fastclogit(y ~ X1 + X2 + X3 + strata(set), data = d)
  expect_equal(coef(scaled) * c(1, 1e7, 1), coef(fit), tolerance = 1e-8)
})

test_that("cases and others changed about turn all signs", {
  d <- with(random_matched_sets(60, 2, seed = 12), data.frame(y, set, x))
  fit <- fastclogit(y ~ X1 + X2 + strata(set), data = d)
  other <- fastclogit(I(1 - y) ~ X1 + X2 + strata(set), data = d)
  expect_equal(coef(other), -coef(fit), tolerance = 1e-11)
  expect_equal(vcov(other), vcov(fit), tolerance = 1e-11)
  expect_equal(other$loglik, fit$loglik, tolerance = 1e-13)
  expect_equal(other$residuals, -fit$residuals, tolerance = 1e-11)
})

test_that("threads give the same bits, and pairs are a logit of differences", {
  n <- 4000
  d <- with_seed(3, data.frame(
    pair = rep(seq_len(n), each = 2), x = rnorm(2 * n), z = rbinom(2 * n, 1, 0.4), y = rep(1:0, n)
  ))
  fits <- lapply(1:2, function(threads) {
    fastclogit(y ~ x + z + strata(pair), data = d, control = fastlogit_control(threads = threads))
  })
  expect_identical(coef(fits[[1]]), coef(fits[[2]]))
  expect_identical(vcov(fits[[1]]), vcov(fits[[2]]))
  difference <- function(v) v[d$y == 1] - v[d$y == 0]
  logit <- fastlogit(rep(1, n) ~ 0 + difference(d$x) + difference(d$z))
  expect_equal(unname(coef(fits[[1]])), unname(coef(logit)), tolerance = 1e-11)
  expect_equal(unname(vcov(fits[[1]])), unname(vcov(logit)), tolerance = 1e-10)
})

test_that("all algorithms end at the same estimate", {
  formula <- case ~ spontaneous + induced + strata(stratum)
  fit <- fastclogit(formula, data = infert)
  for (method in c("fisher", "gradient")) {
    expect_equal(coef(fastclogit(formula, data = infert, method = method)), coef(fit),
      tolerance = 1e-7)
  }
  expect_equal(coef(fastclogit(formula, data = infert, start = c(5, -5))), coef(fit),
    tolerance = 1e-10)
})
