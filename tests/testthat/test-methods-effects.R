# `logit grade gpa tuce psi` and `margins, dydx(*)`, whose derivatives are numerical.
test_that("average effects are those that Stata prints", {
  d <- spector_data()
  fit <- fastlogit(grade ~ gpa + tuce + psi, data = d)
  table <- average_effects(fit)
  expect_identical(table$term, c("gpa", "tuce", "psi"))
  expect_identical(unique(table$contrast), "dY/dX")
  expect_lt(max(abs(table$estimate - c(.36258085, .01220841, .30517768))), 3e-8)
  expect_lt(max(abs(table$std.error - c(.1094412, .0177942, .0923796))), 1e-7)
  mu <- fitted(fit)
  expect_equal(table$estimate, mean(mu * (1 - mu)) * unname(coef(fit)[-1]), tolerance = 1e-14)
  expect_equal(table$statistic, table$estimate / table$std.error)
  expect_equal(table$p.value, 2 * pnorm(-abs(table$statistic)))
  expect_equal(table$conf.low, table$estimate - qnorm(0.975) * table$std.error)
})

test_that("a discrete change of an indicator is that which Stata prints, however it is coded", {
  d <- spector_data()
  fit <- fastlogit(grade ~ gpa + tuce + psi, data = d)
  d$group <- factor(d$psi, labels = c("no", "yes"))
  d$word <- as.character(d$group)
  d$flag <- d$psi == 1
  tables <- list(
    average_effects(fit, list(psi = 0:1)),
    average_effects(fastlogit(grade ~ gpa + tuce + group, data = d), "group"),
    average_effects(fastlogit(grade ~ gpa + tuce + word, data = d), "word"),
    average_effects(fastlogit(grade ~ gpa + tuce + flag, data = d), "flag"),
    average_effects(fastlogit(grade ~ gpa + tuce + factor(psi), data = d), "psi"),
    average_effects(fastlogit(grade ~ gpa + tuce + C(group, contr.sum), data = d), "group")
  )
  for (table in tables) {
    expect_lt(abs(table$estimate - .35751516), 1e-8)
    expect_lt(abs(table$std.error - .1420034), 1e-7)
  }
  contrasts <- vapply(tables, `[[`, "", "contrast")
  expect_identical(
    contrasts, c("1 - 0", "yes - no", "yes - no", "TRUE - FALSE", "1 - 0", "yes - no")
  )
})

test_that("effects and their gradients are those of R's predictions, whatever the formula", {
  d <- effects_data()
  one <- rep(1, nrow(d))
  for (case in list(
    list(y ~ x * f + g + l, "logit", "x"),
    list(y ~ x:z + f - 1, "probit", "x"),
    list(y ~ poly(z, 3) * f + I(x^2) + x, "cloglog", c("x", "z")),
    list(y ~ splines::bs(z, df = 5) * l + splines::ns(x, 3), "cauchit", c("x", "z")),
    list(y ~ log(z) + z:f + I(x * z) + offset(0.1 * log(t)), "logit", c("x", "z", "t"))
  )) {
    fit <- fastlogit(case[[1]], binomial(case[[2]]), data = d)
    for (name in case[[3]]) {
      reference <- delta_reference(fit, function(p) mean_slope(p, d, name, one))
      expect_delta(average_effects(fit, name), reference)
    }
    if (!"f" %in% all.vars(case[[1]])) next
    for (comparison in c("difference", "ratio", "odds ratio")) {
      reference <- delta_reference(fit, function(p) {
        low <- mean_at(p, d, "f", "a", one)
        high <- c(mean_at(p, d, "f", "b", one), mean_at(p, d, "f", "c", one))
        switch(comparison,
          difference = high - low, ratio = high / low, (high / (1 - high)) / (low / (1 - low))
        )
      })
      expect_delta(average_effects(fit, "f", comparison), reference)
    }
  }
})

test_that("of many classes each has its effects, which add to zero", {
  d <- effects_data()
  fit <- fastmultinom(m ~ x * f + splines::ns(z, 3), data = d, weights = w)
  for (name in c("x", "z")) {
    table <- average_effects(fit, name)
    expect_identical(table$class, c("p", "q", "r"))
    expect_delta(table, delta_reference(fit, function(p) mean_slope(p, d, name, d$w)))
    expect_lt(abs(sum(table$estimate)), 1e-14)
  }
  table <- average_effects(fit, "f", "ratio")
  expect_delta(table, delta_reference(fit, function(p) {
    low <- mean_at(p, d, "f", "a", d$w)
    c(mean_at(p, d, "f", "b", d$w) / low, mean_at(p, d, "f", "c", d$w) / low)
  }))
  expect_identical(table$contrast, rep(c("b / a", "c / a"), each = 3))
  risks <- average_predictions(fit)
  expect_equal(risks$estimate, unname(colSums(d$w * fitted(fit)) / sum(d$w)))
})

test_that("weights are numbers of rows, and counts are trials", {
  d <- effects_data()
  often <- d[rep(seq_len(nrow(d)), d$w), ]
  for (f in list(average_effects, average_predictions)) {
    for (variables in list(list(x = c(-1, 1)), "f")) {
      expect_same_effects(
        f(fastlogit(y ~ x * f, data = d, weights = w), variables),
        f(fastlogit(y ~ x * f, data = often), variables)
      )
    }
  }
  trials <- rbind(cbind(d, o = 1, c = d$s), cbind(d, o = 0, c = d$r))
  expect_same_effects(
    average_effects(fastlogit(cbind(s, r) ~ x * f, data = d)),
    average_effects(fastlogit(o ~ x * f, data = trials, weights = c))
  )
  zero <- rbind(d, transform(d[1:9, ], x = 50, w = 0))
  expect_same_effects(
    average_effects(fastlogit(y ~ x * f, data = zero, weights = w)),
    average_effects(fastlogit(y ~ x * f, data = d, weights = w))
  )
})

test_that("a number is raised by one for ratios, and an indicator set to 0 and 1", {
  d <- effects_data()
  d$b <- as.numeric(d$l)
  one <- rep(1, nrow(d))
  fit <- fastlogit(y ~ x * f + b + splines::ns(z, 2), data = d)
  table <- average_effects(fit, c("x", "z", "b"), "ratio")
  expect_identical(table$contrast, c("+1", "+1", "1 / 0"))
  expect_delta(table, delta_reference(fit, function(p) {
    now <- mean(p(d))
    c(
      mean(p(transform(d, x = x + 1))) / now, mean(p(transform(d, z = z + 1))) / now,
      mean_at(p, d, "b", 1, one) / mean_at(p, d, "b", 0, one)
    )
  }))
  # On the scale of the logarithm.
  log_error <- table$std.error / table$estimate
  expect_equal(table$statistic, log(table$estimate) / log_error)
  expect_equal(log(table$conf.high / table$estimate), qnorm(0.975) * log_error)
})

test_that("groups are averaged over one by one, and rows of new data", {
  d <- effects_data()
  fit <- fastlogit(y ~ x * f + g + log(z), data = d)
  for (comparison in c("difference", "ratio")) {
    all <- average_effects(fit, comparison = comparison, by = c("g", "f"))
    for (g in c("u", "v")) {
      for (f in c("a", "c")) {
        here <- all[all$g == g & all$f == f, setdiff(names(all), c("g", "f"))]
        rows <- d[d$g == g & d$f == f, ]
        expect_same_effects(
          `row.names<-`(here, NULL), average_effects(fit, newdata = rows, comparison = comparison)
        )
      }
    }
  }
  by_f <- average_predictions(fit, by = "f")
  expect_equal(by_f$estimate, as.vector(tapply(fitted(fit), d$f, mean)))
  expect_s3_class(by_f$f, "factor")
  # What is missing is left out.
  more <- rbind(d[1:50, ], transform(d[1:3, ], x = NA))
  expect_same_effects(
    average_effects(fit, newdata = more), average_effects(fit, newdata = d[1:50, ])
  )
})

test_that("predictions are of all combinations of values", {
  d <- effects_data()
  expect_equal(average_predictions(fastlogit(y ~ f, data = d))$estimate, mean(d$y))
  all <- average_predictions(fastlogit(y ~ z * f + factor(k), data = d), c("f", "k"))
  expect_identical(nrow(all), 9L)
  expect_identical(all$k, rep(c("4", "6", "8"), 3))
  one <- average_predictions(
    fastlogit(y ~ z * f + factor(k), data = d), list(f = "b", k = c(6, 8))
  )
  expect_equal(one$estimate, all$estimate[5:6])
})

test_that("whatever a formula makes of variables is followed", {
  d <- effects_data()
  d$`a b` <- d$x
  d$day <- as.Date("2020-01-01") + round(100 * d$z)
  # That of the interaction which is aliased is told each time.
  mean_of <- function(fit, data) mean(suppressWarnings(predict(fit, data, type = "response")))
  swapped <- fastlogit(y ~ relevel(factor(g), ref = "v") + I(z > 3) + ordered(f):l, data = d)
  same <- fastlogit(y ~ g + I(z > 3) + ordered(f):l, data = d)
  expect_warning(table <- average_effects(swapped), class = "fastlogit_rank_deficient")
  expect_identical(
    paste(table$term, table$contrast),
    c("g v - u", "z TRUE - FALSE", "f b - a", "f c - a", "l TRUE - FALSE")
  )
  expect_equal(table$estimate, c(
    mean_of(same, transform(d, g = "v")) - mean_of(same, transform(d, g = "u")),
    mean_of(same, transform(d, z = 4)) - mean_of(same, transform(d, z = 2)),
    mean_of(same, transform(d, f = "b")) - mean_of(same, transform(d, f = "a")),
    mean_of(same, transform(d, f = "c")) - mean_of(same, transform(d, f = "a")),
    mean_of(same, transform(d, l = TRUE)) - mean_of(same, transform(d, l = FALSE))
  ))
  odd <- fastlogit(y ~ `a b` * f + splines::ns(day, 2), data = d)
  plain <- fastlogit(y ~ x * f + splines::ns(as.numeric(day), 2), data = d)
  expect_equal(
    average_effects(odd)$estimate, average_effects(plain)$estimate, tolerance = 1e-10
  )
  both <- fastlogit(y ~ interaction(f, g) + x, data = d)
  expect_equal(average_effects(both, "f")$estimate, c(
    mean_of(both, transform(d, f = "b")) - mean_of(both, transform(d, f = "a")),
    mean_of(both, transform(d, f = "c")) - mean_of(both, transform(d, f = "a"))
  ))
  # Of rows that a call leaves out, and of variables that are in no data frame.
  some <- fastlogit(y ~ log(z) * f, data = d, subset = t > 2)
  expect_same_effects(
    average_effects(some), average_effects(fastlogit(y ~ log(z) * f, data = d[d$t > 2, ]))
  )
  y <- d$y
  z <- d$z
  expect_same_effects(
    average_effects(fastlogit(y ~ log(z))), average_effects(fastlogit(y ~ log(z), data = d))
  )
  d$m <- cbind(d$x, d$z)
  of_matrix <- fastlogit(y ~ m + f, data = d)
  expect_error(average_effects(of_matrix), "`m` is a matrix", class = "fastlogit_input_error")
  expect_identical(nrow(average_effects(of_matrix, "f")), 2L)
})

test_that("what is wrong is named", {
  d <- effects_data()
  fit <- fastlogit(y ~ x * f + log(z) + abs(t - 2), data = d)
  wrong <- function(expr, pattern) {
    expect_error(expr, pattern, class = "fastlogit_input_error")
  }
  wrong(average_effects(fit, "nobody"), "`variables` names `nobody`.*predictors are `x`, `f`")
  wrong(average_effects(fit, by = "g"), "`by` names `g`, which is no predictor")
  wrong(average_predictions(fit, "f", by = "f"), "cannot be in `by` as well as in `variables`")
  wrong(average_effects(fit, list(f = c("a", "z"))), "\"z\" of `f`.*levels are \"a\", \"b\", \"c\"")
  wrong(average_effects(fit, list(x = "a")), "`x` is a number")
  wrong(average_effects(fit, list(x = 1)), "two values of `x` or more")
  wrong(average_effects(fit, list(1, 2)), "named list of values")
  wrong(average_effects(fit, vcov = "HC9"), "`vcov`")
  wrong(average_effects(fit, level = 2), "`level`")
  wrong(average_effects(fit, newdata = 3), "`newdata` must be a data frame")
  wrong(average_effects(fit, newdata = d[c("x", "f")]), "`newdata` lacks")
  wrong(average_effects(fit, newdata = transform(d, f = "z")), "level that the fit did not see")
  wrong(average_effects(fit, newdata = d[0, ]), "no rows")
  wrong(average_effects(fit, comparison = "sum"), "`comparison`")
  wrong(average_effects(glm(y ~ x, binomial, d)), "must be a fit by fastlogit")
  kink <- fastlogit(y ~ abs(round(x, 1)), data = d)
  wrong(average_effects(kink), "has no derivative in `x` where that is")
  both <- fastlogit(y ~ k + factor(k > 4), data = d)
  wrong(average_effects(both, "k"), "`k` is a number.*list\\(k = c\\(0, 1\\)\\)")
  expect_equal(average_effects(both, list(k = c(4, 6)))$estimate, {
    p <- predict(both, transform(d, k = 6), "response") -
      predict(both, transform(d, k = 4), "response")
    mean(p)
  })
  wrong(average_effects(fastlogit(y ~ 1, data = d)), "no predictors")
})

test_that("infinite estimates have no averages, and penalised fits do", {
  d <- transform(effects_data(60), y = as.numeric(f == "a" | x > 0))
  fit <- suppressWarnings(fastlogit(y ~ x + f, data = d))
  expect_error(average_effects(fit), "infinite", class = "fastlogit_separation")
  expect_error(average_predictions(fit), "infinite", class = "fastlogit_input_error")
  for (penalty in list("firth", "median", penalty_ridge(1))) {
    fit <- fastlogit(y ~ x * f, data = d, penalty = penalty)
    expect_delta(
      average_effects(fit, "x"),
      delta_reference(fit, function(p) mean_slope(p, d, "x", rep(1, nrow(d))))
    )
  }
})

test_that("standard errors go by any covariance matrix", {
  d <- effects_data()
  d$id <- rep(1:20, 15)
  fit <- fastlogit(y ~ x * f + l, data = d)
  errors <- function(...) average_effects(fit, ...)$std.error
  for (comparison in c("difference", "ratio", "odds ratio")) {
    own <- errors(comparison = comparison)
    expect_equal(errors(comparison = comparison, vcov = 4 * vcov(fit)), 2 * own)
    expect_equal(
      errors(comparison = comparison, vcov = "HC1"),
      errors(comparison = comparison, vcov = function(fit) vcov(fit, type = "HC1"))
    )
  }
  clustered <- average_effects(fit, vcov = ~id)
  expect_equal(clustered$std.error, errors(vcov = vcov(fit, type = "CR1", cluster = ~id)))
  expect_equal(clustered$p.value, 2 * pt(-abs(clustered$statistic), 19))
  expect_equal(clustered$conf.high, clustered$estimate + qt(0.975, 19) * clustered$std.error)
  expect_output(print(clustered), "clustered by id \\(CR1\\), 20 clusters")
  classes <- fastmultinom(m ~ x + f, data = d)
  expect_equal(
    average_predictions(classes, "f", vcov = ~id)$std.error,
    average_predictions(classes, "f", vcov = vcov(classes, cluster = ~id))$std.error
  )
  quasi <- fastlogit(y ~ x, quasibinomial(), data = d)
  table <- average_effects(quasi)
  expect_equal(table$p.value, 2 * pt(-abs(table$statistic), quasi$df.residual))
  expect_error(average_effects(fit, vcov = diag(2)), "`vcov`", class = "fastlogit_input_error")
})

test_that("aliased coefficients count as zero, with a warning", {
  d <- effects_data()
  d$twin <- 2 * d$x
  fit <- fastlogit(y ~ x + twin + f, data = d)
  expect_warning(table <- average_effects(fit), class = "fastlogit_rank_deficient")
  plain <- average_effects(fastlogit(y ~ x + f, data = d))
  expect_same_effects(`row.names<-`(table[table$term != "twin", ], NULL), plain)
  expect_identical(table$estimate[table$term == "twin"], 0)
})

test_that("probabilities above one are not averaged", {
  d <- with_seed(1, data.frame(x = runif(200, 0, 1)))
  d$y <- rep(c(0, 0, 0, 1), 50)
  fit <- fastlogit(y ~ x, binomial("log"), data = transform(d, y = y))
  expect_warning(
    table <- average_predictions(fit, list(x = c(0, sign(coef(fit)[2]) * 1e4))),
    class = "fastlogit_outside_domain"
  )
  expect_identical(is.na(table$estimate), c(FALSE, TRUE))
})

test_that("of other links, those of users among them, effects are those of R's predictions", {
  d <- effects_data()
  d$x <- pmin(pmax(d$x, -2), 2)
  own <- structure(
    list(
      linkfun = qlogis, linkinv = plogis, mu.eta = function(eta) dlogis(eta),
      valideta = function(eta) TRUE, name = "mine"
    ),
    class = "link-glm"
  )
  for (link in list(make.link("identity"), loglog_link(), own)) {
    fit <- fastlogit(y ~ x + f + I(x^2), binomial(link), data = d)
    expect_delta(
      average_effects(fit, "x"),
      delta_reference(fit, function(p) mean_slope(p, d, "x", rep(1, nrow(d))))
    )
    table <- average_effects(fit, "f")
    expect_equal(table$estimate[1], {
      mean(predict(fit, transform(d, f = "b"), type = "response")) -
        mean(predict(fit, transform(d, f = "a"), type = "response"))
    })
    by_f <- average_predictions(fit, by = "f")
    expect_equal(by_f$estimate, as.vector(tapply(fitted(fit), d$f, mean)))
  }
})

test_that("tables are data frames that print and plot", {
  d <- effects_data()
  fit <- fastlogit(y ~ x + f, data = d)
  table <- average_effects(fit, level = 0.9)
  expect_s3_class(table, c("average_effects", "fastlogit_table", "data.frame"), exact = TRUE)
  expect_named(table, c(
    "term", "contrast", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high"
  ))
  expect_output(print(table), "effects on the probability of y.*dY/dX.*90 % intervals by the delta")
  file <- withr::local_tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  plotted <- plot(table)
  plot(average_effects(fit, comparison = "odds ratio"))
  plot(average_predictions(fit))
  plot(average_predictions(fit, "f", by = "x", newdata = transform(d[1:6, ], x = round(x))))
  grDevices::dev.off()
  expect_identical(plotted, table)
  expect_gt(file.size(file), 1000)
})

test_that("averages are those of package marginaleffects", {
  skip_if_not_installed("marginaleffects")
  d <- effects_data()
  columns <- c("estimate", "std.error")
  same <- function(ours, theirs) {
    by <- c("term", "contrast", "f")
    in_order <- function(table) {
      table <- as.data.frame(table)
      if (!is.null(table$contrast)) table$contrast <- gsub("mean\\(|\\)", "", table$contrast)
      table[do.call(order, table[intersect(by, names(table))]), columns]
    }
    expect_equal(
      in_order(ours), in_order(theirs)[columns], tolerance = 1e-6, ignore_attr = TRUE
    )
  }
  tight <- list(epsilon = 1e-14)
  for (formula in c(y ~ x * f + g + splines::ns(z, 3), cbind(s, r) ~ x * f + I(z^2) + l)) {
    fit <- fastlogit(formula, data = d)
    theirs <- glm(formula, binomial, d, control = tight)
    weights <- theirs$prior.weights
    same(average_effects(fit), marginaleffects::avg_slopes(theirs, wts = weights))
    same(
      average_effects(fit, "x", by = "f"),
      marginaleffects::avg_slopes(theirs, variables = "x", by = "f", wts = weights)
    )
    same(
      average_effects(fit, comparison = "ratio"),
      marginaleffects::avg_comparisons(theirs, comparison = "ratioavg", wts = weights)
    )
    same(
      average_predictions(fit, "f"),
      marginaleffects::avg_predictions(theirs, variables = "f", wts = weights)
    )
  }
})
