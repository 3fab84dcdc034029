# By how much the root of the deviance, with each coefficient held at each end, misses the quantile,
# relative to it.
misses <- function(fit, bounds, level = 0.95, fitter = glm.fit) {
  x <- model.matrix(fit)
  frame <- model.frame(fit)
  y <- model.response(frame)
  weights <- model.weights(frame)
  if (is.null(weights)) weights <- rep(1, NROW(y))
  offset <- if (is.null(fit$offset)) 0 else fit$offset
  free <- !is.na(coef(fit))
  deviance_at <- function(j, value) {
    kept <- replace(free, j, FALSE)
    shifted <- fit$linear.predictors + x[, j] * (value - coef(fit)[[j]])
    refit <- function(start) {
      tryCatch(
        suppressWarnings(fitter(
          x[, kept, drop = FALSE], y, weights, etastart = start, offset = offset + x[, j] * value,
          family = fit$family, control = list(epsilon = 1e-13, maxit = 500)
        ))$deviance,
        error = function(e) Inf
      )
    }
    # From its own start or from another, glm.fit() diverges now and then. What comes to the
    # quantile is no divergence; but Cauchy's likelihood has several maxima.
    deviance <- refit(NULL)
    if (fit$family$link != "cauchit" && abs(miss_of(deviance)) < 1e-8) return(deviance)
    min(deviance, refit(shifted))
  }
  quantile <- sqrt(summary(fit)$dispersion) * qnorm((1 + level) / 2)
  miss_of <- function(deviance) sqrt(max(0, deviance - fit$deviance)) / quantile - 1
  ends <- which(is.finite(bounds), arr.ind = TRUE)
  apply(ends, 1, function(end) {
    miss_of(deviance_at(end[[1]], bounds[end[[1]], end[[2]]]))
  })
}

expect_exact_ends <- function(fit, tolerance = 1e-7, ...) {
  bounds <- confint(fit, ...)
  expect_lt(max(abs(misses(fit, bounds, ...))), tolerance)
  bounds
}

sets_with_profiles <- function() {
  names <- c("birthwt", "menarche", "snails", "esoph", "Titanic", "airquality", "nodal")
  sets <- real_data()
  sets[intersect(names, names(sets))]
}

test_that("the likelihood-ratio test rejects beyond the ends", {
  for (set in sets_with_profiles()) {
    for (link in setdiff(set$links, "log")) {
      # glm.fit() diverges far out, where esoph's ends are for the cauchit link.
      if (set$name == "esoph" && link == "cauchit") next
      expect_exact_ends(suppressWarnings(fit_data_set(set, "fastlogit", link)))
    }
  }
  expect_exact_ends(fastlogit(fail ~ temp, data = oring), level = 0.8)
})

test_that("the ends are those of confint() for a glm, but for its interpolation", {
  skip_if_not_installed("MASS")
  for (set in sets_with_profiles()) {
    link <- if (set$name == "snails") "cloglog" else "logit"
    fit <- fit_data_set(set, "fastlogit", link)
    reference <- fit_data_set(set, "glm", link)
    expected <- suppressMessages(confint(reference))
    found <- confint(fit)
    expect_identical(dimnames(found), dimnames(expected))
    expect_equal(found, expected, tolerance = 1e-3, label = set$name)
  }
  some <- fit_data_set(sets_with_profiles()$airquality, "fastlogit")
  reference <- fit_data_set(sets_with_profiles()$airquality, "glm")
  expect_equal(
    confint(some, "Wind", 0.5), suppressMessages(confint(reference, "Wind", 0.5)), tolerance = 1e-4
  )
  expect_equal(names(confint(some, 2)), c("2.5 %", "97.5 %"))
})

test_that("an estimated dispersion scales the deviance", {
  skip_if_not_installed("MASS")
  set <- real_data()$swiss
  fit <- fit_data_set(set, "fastlogit", family = "quasibinomial")
  reference <- fit_data_set(set, "glm", family = "quasibinomial")
  bounds <- expect_exact_ends(fit)
  expect_equal(bounds, suppressMessages(confint(reference)), tolerance = 1e-4)
})

test_that("the log link has profiles within its domain", {
  skip_if_not_installed("MASS")
  fit <- fit_data_set(real_data()$bacteria, "fastlogit", "log")
  bounds <- confint(fit)
  expect_true(all(is.finite(bounds)))
  # glm() finds no start.
  expect_lt(max(abs(misses(fit, bounds, fitter = fastlogit_fit))), 1e-7)
})

test_that("aliased coefficients have no interval, and change no other", {
  skip_if_not_installed("MASS")
  fit <- fit_data_set(real_data()$birthwt_alias, "fastlogit")
  found <- confint(fit)
  expect_true(all(is.na(found["kg", ])))
  plain <- fastlogit(low ~ age + lwt + smoke, data = MASS::birthwt)
  expect_equal(found[rownames(found) != "kg", ], confint(plain), tolerance = 1e-8)
})

test_that("intervals follow the units and the order of the columns", {
  d <- simulate_binary(300, 3)
  found <- confint(fastlogit(y ~ x1 + x2 + x3, data = d))
  permuted <- confint(fastlogit(y ~ x3 + x1 + x2, data = d))
  expect_equal(permuted[rownames(found), ], found, tolerance = 1e-8)
  d$x2 <- 1e6 * d$x2
  rescaled <- confint(fastlogit(y ~ x1 + x2 + x3, data = d))
  rescaled["x2", ] <- 1e6 * rescaled["x2", ]
  expect_equal(rescaled, found, tolerance = 1e-8)
  shifted <- confint(fastlogit(y ~ I(x1 + 10) + x2 + x3, data = d), 2)
  expect_equal(shifted, found["x1", ], tolerance = 1e-8)
})

test_that("many rows, weighted rows and sparse rows have the same intervals as few", {
  d <- simulate_binary(200, 2)
  fit <- fastlogit(y ~ x1 + x2, data = d)
  found <- confint(fit)
  repeated <- fastlogit(y ~ x1 + x2, data = d[rep(1:200, 9), ])
  weighted <- fastlogit(y ~ x1 + x2, data = d, weights = rep(9, 200))
  expect_equal(confint(repeated), confint(weighted), tolerance = 1e-8)
  sparse <- fastlogit(y ~ x1 + x2, data = d, sparse = TRUE)
  expect_equal(confint(sparse), found, tolerance = 1e-8)
  halved <- fastlogit(y ~ x1 + x2, quasibinomial(), d, weights = rep(0.5, 200))
  expect_exact_ends(halved)
})

test_that("large data have exact ends, for any number of threads the same", {
  d <- simulate_binary(10000, 6, seed = 3)
  d$y[d$x1 > -1] <- 0  # a rare outcome: profiles bend
  for (link in c("logit", "cloglog")) {
    fit <- fastlogit(y ~ ., binomial(link), d, threads = 2)
    expect_identical(fit$threads, 2L)  # the rows are many enough to be shared out
    bounds <- expect_exact_ends(fit)
    expect_identical(confint(fit, threads = 1), bounds)
    expect_identical(confint(fit, threads = 3), bounds)
    expect_identical(confint(fit, 2, threads = 3), bounds[2, ])
  }
})

test_that("what separation makes infinite has an infinite end", {
  skip_if_not_installed("brglm2")
  data("endometrial", package = "brglm2", envir = environment())
  fit <- suppressWarnings(fastlogit(HG ~ NV + PI + EH, data = endometrial))
  bounds <- confint(fit)
  expect_identical(unname(is.finite(bounds["NV", ])), c(TRUE, FALSE))
  expect_identical(bounds["NV", 2], Inf)
  # The likelihood's least upper bound is that of the rows with NV = 0 alone.
  others <- fastlogit(HG ~ PI + EH, data = endometrial, subset = NV == 0)
  expect_equal(bounds[-2, ], confint(others), tolerance = 1e-6)
  held <- glm(HG ~ PI + EH + offset(bounds["NV", 1] * NV), binomial, endometrial)
  expect_equal(held$deviance - others$deviance, qchisq(0.95, 1), tolerance = 1e-6)
  mirrored <- suppressWarnings(fastlogit(HG ~ I(-NV) + PI + EH, data = endometrial))
  expect_equal(unname(confint(mirrored)[2, ]), -unname(bounds["NV", 2:1]), tolerance = 1e-6)
})

test_that("of completely separated classes no interval is the whole line without reason", {
  d <- data.frame(x = 1:10, y = rep(0:1, each = 5))
  fit <- suppressWarnings(fastlogit(y ~ x, data = d))
  bounds <- confint(fit)
  expect_identical(bounds["x", 2], Inf)
  held <- glm(y ~ 1 + offset(bounds["x", 1] * x), binomial, d, control = list(epsilon = 1e-12))
  expect_equal(held$deviance, qchisq(0.95, 1), tolerance = 1e-5)
})

test_that("complete separation leaves the ends that the data say", {
  set.seed(1)
  n <- 50
  d <- data.frame(x1 = rnorm(n), x2 = rnorm(n), x3 = rbinom(n, 1, 0.4))
  d$y <- as.integer(d$x1 + 0.3 * d$x2 > 0.5)
  for (link in c("logit", "probit", "cloglog")) {
    fit <- suppressWarnings(fastlogit(y ~ x1 + x2 + x3, binomial(link), d))
    bounds <- confint(fit)
    expect_identical(bounds[, 2] == Inf, is.na(fit$separation) | fit$separation == Inf)
    expect_identical(bounds[, 1] == -Inf, is.na(fit$separation) | fit$separation == -Inf)
    expect_identical(confint(fit, "x2", level = 0.999999)[[2]], Inf)
    held <- suppressWarnings(glm(
      y ~ x1 + x3 + offset(bounds["x2", 1] * x2), binomial(link), d, epsilon = 1e-14, maxit = 100
    ))
    expect_equal(held$deviance, qchisq(0.95, 1), tolerance = 1e-6)
  }
})

test_that("sources and sparse rows have the same infinite ends, and the same finite ones", {
  set.seed(3)
  d <- data.frame(x = rnorm(300), g = sample(c("a", "b", "c"), 300, TRUE), z = rnorm(300))
  d$y <- rbinom(300, 1, plogis(d$x))
  d$y[d$g == "c"] <- 1
  d$t <- as.integer(d$x + 0.2 * d$z > 0)
  d$k <- factor(ifelse(d$g == "c", "u", ifelse(d$y == 1, "v", "w")))
  rows <- source_function(chunks_of(d, 100))
  for (formula in list(y ~ x + g, t ~ x + z)) {
    fit <- suppressWarnings(fastlogit(formula, data = d))
    from_source <- suppressWarnings(fastlogit(formula, data = rows))
    sparse <- suppressWarnings(fastlogit(formula, data = d, sparse = TRUE))
    bounds <- confint(fit)
    expect_true(any(is.infinite(bounds)))
    expect_equal(confint(from_source), bounds, tolerance = 1e-6)
    expect_equal(confint(sparse), bounds, tolerance = 1e-6)
    expect_equal(lr_test(from_source), lr_test(fit), tolerance = 1e-6)
    expect_equal(hauck_donner(from_source), hauck_donner(fit), tolerance = 1e-5)
  }
  fit <- suppressWarnings(fastmultinom(k ~ x + z, data = d))
  from_source <- suppressWarnings(fastmultinom(k ~ x + z, data = rows))
  expect_equal(
    confint(from_source, method = "profile"), confint(fit, method = "profile"), tolerance = 1e-6
  )
})

test_that("Wald intervals are those of confint.default()", {
  fit <- fastlogit(fail ~ temp, data = oring)
  expect_identical(confint(fit, method = "wald"), confint.default(fit))
  expect_identical(confint(fit, 2, 0.5, "wald"), confint.default(fit, 2, 0.5))
})

test_that("nothing is printed, and wrong arguments are told", {
  fit <- fastlogit(fail ~ temp, data = oring)
  expect_silent(confint(fit))
  expect_snapshot(error = TRUE, {
    confint(fit, "pressure")
    confint(fit, level = 95)
    confint(fit, method = "bootstrap")
  })
})

test_that("a fit that is not at the maximum is told", {
  fit <- suppressWarnings(fastlogit(fail ~ temp, data = oring, maxit = 1))
  expect_warning(found <- confint(fit), class = "fastlogit_better_fit")
  expect_equal(found, confint(fastlogit(fail ~ temp, data = oring)), tolerance = 1e-6)
})

test_that("a model without coefficients has no intervals", {
  expect_identical(dim(confint(fastlogit(fail ~ 0, data = oring))), c(0L, 2L))
})
