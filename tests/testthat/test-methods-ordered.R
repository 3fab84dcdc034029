test_that("print and summary say what there is", {
  skip_if_not_installed("MASS")
  fit <- fastordinal(Sat ~ Infl + Cont, data = MASS::housing, weights = Freq, threads = 1)
  expect_snapshot({
    print(fit)
    summary(fit)
    summary(fit, vcov = "HC0")
  }, transform = without_decrement)
})

test_that("a summary has the coefficients of polr()'s", {
  skip_if_not_installed("MASS")
  d <- ordered_data()
  ours <- summary(fastordinal(y ~ x + g, d))
  theirs <- summary(MASS::polr(y ~ x + g, d, Hess = TRUE, control = list(reltol = 1e-15)))
  expect_equal(coef(ours), coef(theirs), tolerance = 1e-4)
  expect_equal(dim(summary(fastordinal(y ~ x, d), correlation = TRUE)$correlation), c(4L, 4L))
})

test_that("covariances are those of polr() and of package sandwich", {
  skip_if_not_installed("sandwich")
  d <- ordered_data()
  ours <- fastordinal(y ~ x + g, d)
  theirs <- MASS::polr(y ~ x + g, d, Hess = TRUE, control = list(reltol = 1e-15))
  expect_equal(vcov(ours, type = "HC0"), sandwich::sandwich(theirs), tolerance = 1e-5)
  expect_equal(
    vcov(ours, type = "CR0", cluster = ~id),
    sandwich::vcovCL(theirs, d$id, type = "HC0", cadjust = FALSE), tolerance = 1e-5
  )
  expect_equal(vcov(ours, cluster = ~id), vcov(ours, type = "observed", cluster = d$id))
  expect_error(vcov(ours, type = "HC3"), class = "fastlogit_input_error")
  by_id <- summary(ours, vcov = ~id)
  expect_match(by_id$errors, "clustered by id")
})

test_that("aliased coefficients are NA everywhere", {
  d <- ordered_data()
  d$twice <- 2 * d$x
  fit <- fastordinal(y ~ x + twice + g, d)
  without <- fastordinal(y ~ x + g, d)
  covariance <- vcov(fit)
  expect_identical(rownames(covariance)[2], "twice")
  expect_true(all(is.na(covariance["twice", ])))
  expect_equal(vcov(fit, complete = FALSE), vcov(without), tolerance = 1e-10)
  expect_equal(confint(fit)["x", ], confint(without)["x", ], tolerance = 1e-8)
  expect_true(all(is.na(confint(fit)["twice", ])))
})

test_that("profile intervals are where the likelihood has fallen, those of cut-points too", {
  d <- ordered_data(120)
  fit <- fastordinal(y ~ x + u, d)
  ends <- confint(fit)
  expect_equal(dim(ends), c(2L, 2L))
  for (end in ends["x", ]) {
    held <- fastordinal(y ~ u + offset(end * x), d)
    expect_equal(held$deviance - fit$deviance, qchisq(0.95, 1), tolerance = 1e-6)
  }
  cut <- confint(fit, "l2|l3")
  expect_true(cut[1L] < fit$zeta[[2L]] && fit$zeta[[2L]] < cut[2L])
  wald <- confint(fit, method = "wald")
  half <- qnorm(0.975) * sqrt(diag(vcov(fit)))[1:2]
  expect_equal(wald[, 2L], fit$coefficients + half)
})

test_that("other packages take it for polr()'s", {
  skip_if_not_installed("MASS")
  d <- ordered_data()
  ours <- fastordinal(y ~ x + g, d)
  theirs <- MASS::polr(y ~ x + g, d, Hess = TRUE, control = list(reltol = 1e-15))
  expect_equal(
    MASS::dropterm(ours, test = "Chisq"), MASS::dropterm(theirs, test = "Chisq"),
    tolerance = 1e-5
  )
  if (requireNamespace("broom", quietly = TRUE)) {
    expect_equal(
      broom::tidy(ours, conf.int = TRUE), suppressMessages(broom::tidy(theirs, conf.int = TRUE)),
      tolerance = 1e-4
    )
    expect_equal(broom::glance(ours), broom::glance(theirs), tolerance = 1e-6, ignore_attr = TRUE)
  }
  if (requireNamespace("emmeans", quietly = TRUE)) {
    means <- function(fit) as.data.frame(emmeans::emmeans(fit, ~ g))
    expect_equal(means(ours), means(theirs), tolerance = 1e-4)
  }
  if (requireNamespace("effects", quietly = TRUE)) {
    effect <- function(fit) as.data.frame(effects::Effect("g", fit))
    expect_equal(effect(ours), effect(theirs), tolerance = 1e-4)
  }
  if (requireNamespace("car", quietly = TRUE)) {
    expect_equal(car::Anova(ours), car::Anova(theirs), tolerance = 1e-5, ignore_attr = TRUE)
  }
})

test_that("simulated responses follow the probabilities", {
  d <- ordered_data(4000)
  fit <- fastordinal(y ~ x, d)
  drawn <- simulate(fit, 2, seed = 4)
  expect_identical(drawn, simulate(fit, 2, seed = 4))
  expect_true(is.ordered(drawn$sim_1))
  expect_equal(
    as.vector(table(drawn$sim_1)) / 4000, unname(colMeans(fit$fitted.values)), tolerance = 0.05
  )
})

test_that("odds ratios and Wald's tests are of the slopes", {
  d <- ordered_data()
  fit <- fastordinal(y ~ x + g, d)
  ratios <- odds_ratios(fit)
  expect_identical(rownames(ratios), names(fit$coefficients))
  expect_equal(ratios$estimate, unname(exp(fit$coefficients)))
  expect_equal(ratios$conf.low, unname(exp(confint(fit)[, 1L])), tolerance = 1e-8)
  expect_equal(odds_ratios(fit, vcov = "HC0")$p.value, {
    z <- fit$coefficients / sqrt(diag(vcov(fit, type = "HC0")))[1:3]
    unname(2 * pnorm(-abs(z)))
  })
  expect_error(odds_ratios(fastordinal(y ~ x, d, link = "probit")), class = "fastlogit_input_error")
  expect_equal(wald_test(fit)["x", "Wald"], (fit$coefficients[["x"]]^2 / vcov(fit)["x", "x"]))
})

test_that("profiles are MASS's for a polr, and of the model itself for others", {
  skip_if_not_installed("MASS")
  data <- ordered_data(200)
  fit <- fastordinal(y ~ x + g, data)
  theirs <- MASS::polr(y ~ x + g, data, Hess = TRUE, control = list(reltol = 1e-14))
  profiled <- profile(fit)
  expect_s3_class(profiled, c("profile.polr", "profile"), exact = TRUE)
  expected <- suppressMessages(profile(theirs))
  expect_equal(profiled$x$z, expected$x$z, tolerance = 1e-4)
  expect_equal(profiled$gb$par.vals, expected$gb$par.vals, tolerance = 1e-4)
  other <- fastordinal(y ~ x + g + offset(o), data, family = "continuation", parallel = ~ g)
  of_profile <- confint(profile(other, alpha = 1e-3))
  expect_equal(unname(of_profile), unname(confint(other)), tolerance = 1e-4)
})

test_that("rows that are stored are those of a data frame to other packages", {
  skip_if_not_installed("sandwich")
  data <- ordered_data(90)
  stored <- fastordinal(y ~ x + g, source_function(chunks_of(data, 30L)), weights = w)
  fit <- fastordinal(y ~ x + g, data, weights = w)
  expect_equal(sandwich::sandwich(stored), sandwich::sandwich(fit), tolerance = 1e-8)
  expect_equal(model.frame(stored)$x, data$x)
  two <- transform(data, y = factor(x > 0))
  expect_error(
    fastordinal(y ~ u, source_function(chunks_of(two, 30L))), "two classes only",
    class = "fastlogit_input_error"
  )
})

test_that("what would take the squares of very many classes is refused", {
  data <- data.frame(x = rnorm(250), y = rnorm(250))
  refusals <- list(
    quote(fastordinal(y ~ x, data, penalty = "firth")),
    quote(fastordinal(y ~ x, data, family = "adjacent")),
    quote(fastordinal(y ~ x, data, method = "fisher"))
  )
  for (call in refusals) expect_error(eval(call), "250 classes", class = "fastlogit_input_error")
})
