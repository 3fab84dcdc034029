# Whatever `vcov =` is, and wherever: the same matrix, by its names.

covariance_fits <- function() {
  skip_if_not_installed("MASS")
  d <- transform(
    MASS::birthwt, race = factor(race), id = rep_len(1:60, 189), few = rep_len(1:9, 189)
  )
  list(
    two = fastlogit(low ~ lwt + race + I(2 * lwt), data = d),
    sparse = fastlogit(low ~ lwt + race, data = d, sparse = TRUE),
    firth = fastlogit(low ~ lwt + race, data = d, penalty = "firth"),
    quasi = fastlogit(low ~ lwt + race, quasibinomial(), data = d),
    many = fastmultinom(race ~ lwt + smoke, data = d)
  )
}

fits <- covariance_fits()

test_that("types, formulas, matrices and functions are ways to say one thing", {
  for (name in names(fits)) {
    fit <- fits[[name]]
    hc1 <- vcov(fit, type = "HC1")
    expect_identical(covariance_of(fit, "HC1")$covariance, hc1, label = name)
    kept <- !is.na(diag(hc1))
    turned <- rev(which(kept))
    for (same in list(hc1, hc1[kept, kept], hc1[turned, turned], unname(hc1[kept, kept]),
                      function(fit) vcov(fit, type = "HC1"))) {
      expect_identical(covariance_of(fit, same)$covariance, hc1, label = name)
    }
    expect_identical(covariance_of(fit, ~few)$covariance, vcov(fit, cluster = ~few), label = name)
    expect_identical(
      covariance_of(fit, CR0 ~ few)$covariance, vcov(fit, cluster = ~few, type = "CR0")
    )
    own <- if (name == "quasi") fit$df.residual else Inf
    expect_identical(covariance_of(fit, ~few)$df, 8, label = name)
    expect_identical(covariance_of(fit, ~id)$df, own, label = name)
    expect_identical(covariance_of(fit, "HC0")$df, own, label = name)
    expect_null(covariance_of(fit)$title)
  }
})

test_that("summaries, intervals, tests and predictions go by the matrix", {
  new <- MASS::birthwt[c(1, 50, 100), ]
  new$race <- factor(new$race, 1:3)
  for (name in names(fits)) {
    fit <- fits[[name]]
    of <- covariance_of(fit, ~few)
    errors <- sqrt(diag(of$covariance))
    estimates <- shown_by_class(fit)
    expect_equal(
      unname(as.matrix(wald_test(fit, vcov = ~few))[, 2]), unname((estimates / errors)^2),
      label = name
    )
    low <- estimates + qt(0.025, 8) * errors
    bounds <- confint(fit, vcov = ~few, method = "wald")
    if (name == "many") {
      expect_equal(as.vector(bounds[, 1, ]), unname(low))
      expect_equal(as.vector(t(summary(fit, vcov = ~few)$standard.errors)), unname(errors))
      next
    }
    expect_equal(bounds[, 1], low, label = name)
    table <- summary(fit, vcov = ~few)$coefficients
    kept <- !is.na(errors)
    expect_equal(table[, 2], errors[kept], label = name)
    expect_equal(table[, 4], 2 * pt(-abs(estimates / errors), 8)[kept], label = name)
    x <- model.matrix(~ lwt + race + I(2 * lwt), new)[, seq_along(errors)]
    x <- x[, kept]
    by_hand <- sqrt(rowSums((x %*% of$covariance[kept, kept]) * x))
    link <- suppressWarnings(predict(fit, new, se.fit = TRUE, vcov = ~few))
    expect_equal(link$se.fit, by_hand, label = name)
    both <- suppressWarnings(predict(fit, new, interval = "confidence", vcov = ~few))
    expect_equal(qlogis(both[, 3]), link$fit + qt(0.975, 8) * by_hand, label = name)
  }
})

test_that("predictions of many classes go by the matrix", {
  own <- predict(fits$many, type = "link", se.fit = TRUE)
  twice <- predict(fits$many, type = "link", se.fit = TRUE, vcov = 4 * vcov(fits$many))
  expect_equal(twice$se.fit, 2 * own$se.fit)
  own <- predict(fits$many, se.fit = TRUE)
  twice <- predict(fits$many, se.fit = TRUE, vcov = function(fit) 4 * vcov(fit))
  expect_equal(twice$se.fit, 2 * own$se.fit)
})

test_that("by the model's own matrix nothing changes", {
  for (fit in fits[c("sparse", "firth", "quasi")]) {
    own <- vcov(fit)
    expect_equal(summary(fit, vcov = own)$coefficients, coef(summary(fit)))
    expect_equal(
      predict(fit, se.fit = TRUE, vcov = own)$se.fit, predict(fit, se.fit = TRUE)$se.fit
    )
  }
  expect_equal(coef(summary(fits$many, vcov = vcov(fits$many))), coef(summary(fits$many)))
})

test_that("of a separated fit infinite estimates have no variance, whatever the matrix", {
  d <- data.frame(x = c(1, 2, 3, 4, 5, 6), g = c(0, 0, 0, 0, 1, 1), y = c(0, 1, 0, 1, 1, 1))
  fit <- suppressWarnings(fastlogit(y ~ x + g, data = d))
  expect_identical(unname(separation(fit)$coefficients[["g"]]), Inf)
  for (vcov in list("HC0", diag(3), ~x)) {
    table <- summary(fit, vcov = vcov)$coefficients
    expect_identical(unname(is.na(table[, 2])), c(FALSE, FALSE, TRUE))
    found <- predict(fit, data.frame(x = 1, g = 0:1), se.fit = TRUE, vcov = vcov)
    expect_identical(unname(is.finite(found$se.fit)), c(TRUE, FALSE))
  }
})

test_that("a negative variance is told, and there is no standard error", {
  fit <- fits$sparse
  wrong <- vcov(fit)
  wrong[2, 2] <- -1
  expect_warning(found <- confint(fit, vcov = wrong), class = "fastlogit_negative_variance")
  expect_true(all(is.na(found[2, ])))
})

test_that("what is no covariance matrix is refused", {
  fit <- fits$sparse
  v <- vcov(fit)
  expect_refusals(alist(
    "an unknown type" = summary(fit, vcov = "HC9"),
    "a type with an unknown one" = summary(fit, vcov = CR7 ~ few),
    "another size" = confint(fit, vcov = v[1:2, 1:2]),
    "no square" = confint(fit, vcov = v[, 1:2]),
    "other names" = wald_test(fit, vcov = `dimnames<-`(v, rep(list(letters[1:4]), 2))),
    "missing values" = predict(fit, se.fit = TRUE, vcov = replace(v, 1, NA)),
    "a number" = summary(fit, vcov = 2),
    "a function of something else" = summary(fit, vcov = function(fit) "HC1"),
    "no column" = summary(fit, vcov = ~nosuch),
    "profiles" = confint(fit, vcov = "HC1", method = "profile"),
    "profiles of many classes" = confint(fits$many, vcov = "HC1", method = "profile"),
    "a dispersion beside it" = summary(fit, vcov = "HC1", dispersion = 2),
    "no fit" = wald_test(1)
  ))
})

test_that("tables of broom go by the matrix, and tell which it is", {
  skip_if_not_installed("broom")
  for (fit in fits[c("two", "many")]) {
    tidied <- broom::tidy(fit, vcov = ~few, conf.int = TRUE)
    expect_equal(tidied$std.error, unname(sqrt(diag(vcov(fit, cluster = ~few)))))
    expect_equal(tidied$conf.low, tidied$estimate + qt(0.025, 8) * tidied$std.error)
    expect_match(broom::glance(fit, vcov = ~few)$vcov.type, "clustered by few")
    expect_false("vcov.type" %in% names(broom::glance(fit)))
  }
})

test_that("printed tables say which matrix was used", {
  expect_output(
    print(summary(fits$two, vcov = "HC3")), "Standard errors: robust (HC3).", fixed = TRUE
  )
  expect_output(
    print(summary(fits$many, vcov = ~few)),
    "clustered by few (CR1), 9 clusters; t distribution with 8", fixed = TRUE
  )
})

# --- many coefficients ----------------------------------------------------------------------------

# Any fit that has more than one coefficient is made to count as one of many.
test_that("standard errors without the covariances are those of the covariance matrix", {
  d <- with_seed(1, data.frame(x = stats::rnorm(200), g = factor(rep_len(1:8, 200))))
  d$y <- with_seed(2, stats::rbinom(200, 1, 0.4))
  d$s <- as.integer(d$y == 1 | d$g == "3")
  own <- c(fits[names(fits) != "many"], list(
    ridge = fastlogit(y ~ x + g + I(2 * x), data = d, penalty = penalty_ridge(2)),
    levels = fastlogit(y ~ 0 + g, data = d, sparse = TRUE),
    separated = suppressWarnings(fastlogit(s ~ x + g, data = d)),
    complete = suppressWarnings(fastlogit(s ~ 1, data = d[d$g == "3", ]))
  ))
  for (name in names(own)) {
    fit <- own[[name]]
    covariance <- vcov(fit)
    expected <- list(
      errors_by(covariance_of(fit)), confint(fit, method = "wald"), wald_test(fit),
      odds_ratios(fit, method = "wald"), summary(fit, correlation = TRUE)
    )
    found <- with_replaced("many_variances", 0L, with_replaced("most_by_lapack", 0L, list(
      errors_by(variances_of(fit)), confint(fit, method = "wald"), wald_test(fit),
      odds_ratios(fit, method = "wald"), summary(fit, correlation = TRUE)
    )))
    expect_equal(found[1:4], expected[1:4], tolerance = 1e-9, label = name)
    for (part in c("coefficients", "cov.unscaled", "cov.scaled", "correlation", "aliased")) {
      expect_equal(found[[5]][[part]], expected[[5]][[part]], tolerance = 1e-9, label = name)
    }
  }
})
