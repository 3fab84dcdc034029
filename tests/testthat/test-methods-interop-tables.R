# Tables of coefficients by other packages say what summary() and confint() say.

table_fits <- function() {
  d <- data.frame(
    g = rep(c("a", "b", "c"), c(12, 12, 6)),
    x = c(
      1.2, -0.4, 0.3, 2.1, -1.7, 0.8, -0.2, 1.5, -0.9, 0.1, 0.6, -1.1, 0.9, -0.6, 1.8, -1.4, 0.2,
      -0.3, 1.1, 0.4, -2, 0.7, -0.8, 1.6, 0.5, -1.2, 0.3, 1.9, -0.5, 0
    )
  )
  d$y <- c(0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, rep(1, 6))
  line <- data.frame(x = 1:8, y = rep(0:1, each = 4))
  quietly <- suppressWarnings
  list(
    plain = fastlogit(y ~ x, data = d), probit = fastlogit(y ~ x, binomial("probit"), d),
    quasi = fastlogit(y ~ x, quasibinomial(), d),
    firth = fastlogit(y ~ g + x, data = d, penalty = "firth"),
    median = fastlogit(y ~ g + x, data = d, penalty = "median"),
    ridge = fastlogit(y ~ g + x, data = d, penalty = penalty_ridge(0.5)),
    jeffreys = fastlogit(y ~ g + x, binomial("cloglog"), d, penalty = "jeffreys"),
    aliased = fastlogit(y ~ x + I(2 * x), data = d),
    separated = quietly(fastlogit(y ~ g + x, data = d)),
    complete = quietly(fastlogit(y ~ x, data = line))
  )
}

shown_in_summary <- function(fit) {
  table <- coef(summary(fit))
  table[match(names(coef(fit)), rownames(table)), , drop = FALSE]
}

test_that("tidy() has the table of summary() and the intervals of confint()", {
  skip_if_not_installed("broom")
  for (fit in table_fits()) {
    found <- as.data.frame(broom::tidy(fit, conf.int = TRUE, conf.level = 0.9))
    expect_equal(unname(as.matrix(found[2:5])), unname(shown_in_summary(fit)))
    expect_equal(unname(as.matrix(found[6:7])), unname(confint(fit, level = 0.9)))
    expect_identical(found$term, names(coef(fit)))
    ratios <- broom::tidy(fit, conf.int = TRUE, conf.level = 0.9, exponentiate = TRUE)
    ratios <- as.data.frame(ratios)
    expect_equal(ratios[c(2, 6, 7)], exp(found[c(2, 6, 7)]))
  }
})

test_that("parameters and insight have the table of summary() and the intervals of confint()", {
  skip_if_not_installed("parameters")
  fits <- table_fits()
  # A coefficient that the data leave open is left out by parameters, as an aliased one is.
  for (fit in fits[!names(fits) %in% c("aliased", "complete")]) {
    found <- as.data.frame(parameters::model_parameters(fit))
    shown <- shown_in_summary(fit)
    expect_equal(found$Coefficient, unname(shown[, 1]))
    expect_equal(found$SE, unname(shown[, 2]))
    # Of an estimated dispersion, parameters' own p-values are normal.
    if (colnames(shown)[3] == "z value") expect_equal(found$p, unname(shown[, 4]))
    expect_equal(as.matrix(found[c("CI_low", "CI_high")]), confint(fit), ignore_attr = TRUE)
    ci <- parameters::ci(fit, ci = c(0.5, 0.9))
    expect_equal(ci$CI, rep(c(0.5, 0.9), each = nrow(shown)))
    expected <- rbind(confint(fit, level = 0.5), confint(fit, level = 0.9))
    expect_equal(as.matrix(ci[c("CI_low", "CI_high")]), expected, ignore_attr = TRUE)
    statistic <- insight::get_statistic(fit)
    expect_equal(statistic$Statistic, unname(shown[, 3]))
  }
  complete <- as.data.frame(parameters::model_parameters(fits$complete))
  expect_identical(complete$Coefficient, c(-Inf, Inf))
})

test_that("what is computed from rows does not forget a ridge penalty", {
  skip_if_not_installed("insight")
  fit <- table_fits()$ridge
  predicted <- as.data.frame(insight::get_predicted(fit, predict = "link", ci = 0.95))
  expect_equal(predicted$SE, unname(predict(fit, se.fit = TRUE)$se.fit))
  if (requireNamespace("car", quietly = TRUE)) {
    expect_equal(car::S(fit)$coefficients[, 2], sqrt(diag(vcov(fit))))
  }
  skip_if_not_installed("parameters")
  expect_equal(parameters::standard_error(fit)$SE, unname(sqrt(diag(vcov(fit)))))
  robust <- vcov(fit, type = "robust")
  expect_equal(parameters::standard_error(fit, vcov = robust)$SE, unname(sqrt(diag(robust))))
  expect_error(parameters::standard_error(fit, vcov = "HC3"), class = "fastlogit_input_error")
})

test_that("a Wald interval is not called a profile", {
  skip_if_not_installed("parameters")
  fits <- table_fits()
  found <- parameters::model_parameters(fits$median)
  expect_identical(tolower(attr(found, "ci_method")), "wald")
  expect_error(
    parameters::model_parameters(fits$median, ci_method = "profile"),
    class = "fastlogit_input_error"
  )
  expect_warning(
    parameters::ci(fits$firth, vcov = "HC3", method = "profile"), class = "fastlogit_ignored"
  )
})

test_that("model_parameters() is that of a glm in all attributes but the class", {
  skip_if_not_installed("parameters")
  control <- list(epsilon = 1e-14)
  fit <- fastlogit(low ~ lwt + smoke, data = MASS::birthwt, control = control)
  ours <- attributes(parameters::model_parameters(fit))
  fit <- glm(low ~ lwt + smoke, binomial, MASS::birthwt, control = control)
  theirs <- attributes(suppressMessages(parameters::model_parameters(fit)))
  expect_setequal(names(ours), names(theirs))
  for (name in setdiff(names(theirs), "model_class")) expect_equal(ours[[name]], theirs[[name]])
})

test_that("intervals by other packages fit nothing again", {
  skip_if_not_installed("broom")
  skip_if_not_installed("parameters")
  fit <- fastlogit(fail ~ temp, data = oring)
  fit$method <- function(...) stop("a refit")
  expect_equal(broom::tidy(fit, conf.int = TRUE)$conf.low, unname(confint(fit)[, 1]))
  expect_equal(parameters::ci(fit)$CI_low, unname(confint(fit)[, 1]))
})

test_that("augment() has the standard errors of predict()", {
  skip_if_not_installed("broom")
  for (fit in table_fits()[c("firth", "separated", "complete")]) {
    found <- broom::augment(fit, se_fit = TRUE)
    expect_equal(found$.se.fit, unname(predict(fit, se.fit = TRUE)$se.fit))
    new <- model.frame(fit)[3:5, , drop = FALSE]
    found <- broom::augment(fit, newdata = new, se_fit = TRUE, type.predict = "response")
    expected <- predict(fit, new, type = "response", se.fit = TRUE)
    expect_equal(found$.se.fit, unname(expected$se.fit))
    expect_equal(found$.fitted, unname(expected$fit))
  }
})

test_that("what goes by infinite estimates is refused by name", {
  fit <- table_fits()$separated
  refused <- function(call) {
    expect_error(call, "gc.*\\+Inf.*Use ", class = "fastlogit_infinite_estimates")
  }
  skip_if_not_installed("insight")
  refused(insight::get_predicted(fit, ci = 0.9))
  skip_if_not_installed("parameters")
  refused(parameters::standard_error(fit, vcov = "HC3"))
  refused(parameters::equivalence_test(fit))
  refused(parameters::simulate_parameters(fit))
})

test_that("many classes: tidy() has the table of summary() and the intervals of confint()", {
  skip_if_not_installed("broom")
  d <- data.frame(
    y = rep(c("a", "b", "c", "a", "b", "c"), c(4, 3, 5, 3, 4, 2)), x = c(1:12, 3:11) / 4,
    g = rep(c("u", "v"), c(12, 9))
  )
  d$g[d$y == "c"] <- "u"
  fits <- list(
    suppressWarnings(fastmultinom(y ~ x + g, data = d)),
    fastmultinom(y ~ x + g, data = d, penalty = "firth"), fastmultinom(y ~ x, data = d)
  )
  for (fit in fits) {
    found <- as.data.frame(broom::tidy(fit, conf.int = TRUE))
    shown <- do.call(rbind, summary(fit)$tables)
    expect_equal(as.matrix(found[3:6]), shown, ignore_attr = TRUE)
    bounds <- aperm(confint(fit), c(1, 3, 2))
    expect_equal(as.matrix(found[7:8]), matrix(bounds, ncol = 2), ignore_attr = TRUE)
  }
  expect_true(any(is.infinite(confint(fits[[1]]))))
})
