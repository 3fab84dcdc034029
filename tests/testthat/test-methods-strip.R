# A fit without its rows answers as before, or says that they are gone.

# Fits of all kinds by name, made in a frame that holds much besides.
stripped_pairs <- function(n = 400) {
  d <- many_rows(n)
  d$word <- rep_len(c("u", "v"), n)
  d$far <- as.numeric(d$x > 1.5)
  d$apart <- ifelse(d$far == 1, 1, d$y)
  large <- rnorm(1e5)
  knots <- c(-1, 1)
  half <- function(v) v / 2
  link <- structure(list(
    linkfun = function(mu) qlogis(mu), linkinv = function(eta) plogis(eta),
    mu.eta = function(eta) dlogis(eta), valideta = function(eta) TRUE, name = "mine"
  ), class = "link-glm")
  fits <- suppressWarnings(list(
    plain = fastlogit(y ~ x + z + f, data = d),
    words = fastlogit(y ~ x * word + log1p(z), data = d),
    functions = fastlogit(y ~ splines::ns(x, knots = knots) + poly(z, 2) + half(o), data = d),
    missing = fastlogit(y ~ gap + z + f, data = d, na.action = na.exclude),
    counts = fastlogit(cbind(n1, n2) ~ x + z + f, quasibinomial(), d, weights = w + 1),
    offsets = fastlogit(y ~ x + offset(o), binomial("probit"), d, offset = o / 2),
    link = fastlogit(y ~ x + z, binomial(link), d),
    without_data = with(d, fastlogit(y ~ x + log1p(z))),
    by_program = do.call(fastlogit, list(y ~ x + z, data = d)),
    separated = fastlogit(apart ~ x + z + far, data = d),
    firth = fastlogit(y ~ x + z + f, data = d, penalty = "firth"),
    ridge = fastlogit(y ~ x + z + f, data = d, penalty = penalty_ridge(2)),
    sparse = fastlogit(y ~ x + z + f, data = d, sparse = TRUE),
    aliased = fastlogit(y ~ x + I(2 * x) + z, data = d),
    stored = fastlogit(y ~ x + z + f, data = source_function(chunks_of(d, 150))),
    classes = fastmultinom(g ~ x + z + f, data = d),
    class_counts = fastmultinom(cbind(n1, n2, w) ~ x + z, data = d),
    two_classes = fastmultinom(factor(y) ~ gap + f, data = d),
    class_offset = fastmultinom(g ~ x + offset(o), data = d, reference = "b"),
    class_rows = fastmultinom(g ~ x + z + f, data = source_function(chunks_of(d, 150)))
  ))
  list(fits = fits, new = utils::head(d, 40))
}

# What is asked of a fit `fit`, some of it for new rows `new`.
asked_without_rows <- function(fit) {
  two <- inherits(fit, "fastlogit")
  means <- if (two) "response" else "probs"
  c(
    alist(
      coef(fit), vcov(fit), confint(fit, method = "wald"), wald_test(fit), logLik(fit), AIC(fit),
      BIC(fit), nobs(fit), deviance(fit), deparse1(formula(fit)), printed(fit),
      without_lines_of_residuals(printed(summary(fit))), predict(fit, new), classify(fit, new),
      predict(fit, new, interval = "confidence"), metrics(fit, new)
    ),
    bquote(list(predict(fit, new, type = .(means), se.fit = TRUE))),
    if (two) alist(vcov(fit, type = "observed"), family(fit)$linkinv(1), summary(fit)$coefficients),
    if (!is_separated(fit)) {
      alist(
        average_predictions(fit, newdata = new), average_effects(fit, newdata = new),
        average_predictions(fit, all.vars(formula(fit)[[3]])[1], newdata = new)
      )
    },
    if (!two || is_canonical(fit$family)) alist(odds_ratios(fit, method = "wald")),
    if (is.null(fit$penalty)) alist(printed(separation(fit))),
    if (requireNamespace("generics", quietly = TRUE)) {
      c(
        alist(generics::tidy(fit)),
        if (requireNamespace("broom", quietly = TRUE)) alist(generics::glance(fit))
      )
    }
  )
}

# Before R 4.3.0 a summary tells of deviance residuals.
without_lines_of_residuals <- function(lines) {
  lines <- unclass(lines)
  at <- grep("^Deviance Residuals", lines)
  if (length(at)) lines[-(at + 0:2)] else lines
}

test_that("what needs no rows is answered as before, from a few kilobytes", {
  pairs <- stripped_pairs()
  answer <- function(asked, fit, new) suppressWarnings(eval(asked, list(fit = fit, new = new)))
  for (name in names(pairs$fits)) {
    fit <- pairs$fits[[name]]
    new <- pairs$new
    if ("gap" %in% all.vars(formula(fit))) new <- new[!is.na(new$gap), ]
    left <- unserialize(serialize(strip(fit), NULL))
    expect_s3_class(left, setdiff(class(fit), c("fastlogit_stored", "fastmultinom_stored")), TRUE)
    for (asked in asked_without_rows(fit)) {
      if (name == "by_program" && grepl("printed", deparse1(asked))) next  # the call holds the data
      label <- paste(name, deparse1(asked))
      expected <- answer(asked, fit, new)
      expect_equal(answer(asked, left, new), expected, label = label, tolerance = 1e-12)
    }
  }
})

test_that("the size does not depend on the number of rows, or on what lies around", {
  small <- stripped_pairs(400)$fits
  large <- stripped_pairs(4000)$fits
  for (name in names(small)) {
    sizes <- lapply(list(small, large), function(fits) {
      left <- strip(fits[[name]])
      c(length(serialize(left, NULL)), object.size(left))
    })
    expect_lt(max(sizes[[2]]), 50000, label = name)
    expect_lt(max(sizes[[2]] - sizes[[1]]), 1500, label = name)
  }
})

test_that("what needs rows says that they are gone", {
  pairs <- stripped_pairs()
  d <- many_rows(400)
  needs_rows <- alist(
    residuals(fit), fitted(fit), predict(fit), model.frame(fit), model.matrix(fit),
    vcov(fit, type = "HC1"), vcov(fit, cluster = d$f), confint(fit, method = "profile"),
    anova(fit), drop1(fit), gof_test(fit),
    average_effects(fit), average_predictions(fit), metrics(fit), simulate(fit), fit$residuals,
    fit[["fitted.values"]], fit$model
  )
  of_glm <- alist(
    hatvalues(fit), influence(fit), cooks.distance(fit), rstandard(fit), weights(fit), profile(fit),
    lr_test(fit), predict(fit, d, type = "terms"), fit$y, fit$data, fit$qr, add1(fit, ~ . + o)
  )
  for (name in c("plain", "stored", "counts", "classes", "class_rows")) {
    fit <- strip(pairs$fits[[name]])
    two <- inherits(fit, "fastlogit")
    for (asked in c(needs_rows, if (two) of_glm)) {
      if (name == "counts" && deparse1(asked) == "gof_test(fit)") next  # refused of the fit, too
      label <- paste(name, deparse1(asked))
      expect_error(suppressWarnings(eval(asked)), class = "fastlogit_stripped", label = label)
    }
  }
  expect_snapshot(residuals(strip(pairs$fits$plain)), error = TRUE)
  expect_snapshot(strip(pairs$fits$plain)$y, error = TRUE)
})

test_that("a stripped fit is stripped, and can be fitted again", {
  d <- many_rows(400)
  fit <- fastlogit(y ~ x + z, data = d)
  left <- strip(fit)
  expect_identical(strip(left), left)
  expect_false(any(row_components %in% names(left)))
  expect_null(left$offset)
  expect_output(str(left), "coefficients")
  again <- update(left, . ~ . - z)
  expect_equal(coef(again), coef(fastlogit(y ~ x, data = d)))
  expect_length(residuals(again), 400)
  expect_error(strip(glm(y ~ x, binomial, d)), class = "fastlogit_input_error")
})

test_that("the variables that new rows lack are named", {
  d <- many_rows(400)
  left <- strip(fastlogit(y ~ x + log1p(z), data = d))
  ask <- function() average_effects(left, newdata = d["x"])
  expect_error(ask(), "lacks `z`", class = "fastlogit_input_error")
  expect_error(predict(left, d["x"]), "`z`", class = "fastlogit_input_error")
  classes <- strip(fastmultinom(g ~ x + f, data = d))
  odd <- transform(d[1:2, ], f = "q")
  expect_error(predict(classes, odd), "\"q\"", class = "fastlogit_input_error")
})

test_that("the summary keeps to what the rows told", {
  d <- data.frame(group = c("a", "b"), s = c(9, 19), f = c(11, 1))
  fit <- fastlogit(cbind(s, f) ~ group, data = d)
  expect_identical(summary(strip(fit))$hauck.donner, "groupb")
  extreme <- data.frame(x = c(-50, 1, 1, 2, 2, 3, 3), y = c(0, 0, 1, 1, 0, 1, 0))
  fit <- fastlogit(y ~ x, data = extreme)
  expect_identical(summary(strip(fit))$extreme, summary(fit)$extreme)
})

test_that("survey designs keep their covariance matrix", {
  skip_if_not_installed("survey")
  d <- many_rows(400)
  d$id <- rep(1:40, 10)
  design <- survey::svydesign(~id, weights = ~ I(1 + z), data = d)
  for (fit in list(fastlogit(y ~ x + f, data = design), fastmultinom(g ~ x, data = design))) {
    left <- strip(fit)
    expect_lt(length(serialize(left, NULL)), 50000)
    expect_identical(vcov(left), vcov(fit))
    expect_identical(confint(left, method = "wald"), confint(fit, method = "wald"))
    expected <- without_lines_of_residuals(printed(summary(fit)))
    expect_identical(unclass(printed(summary(left))), expected)
  }
})

test_that("butcher's axes do the same", {
  skip_if_not_installed("butcher")
  fit <- fastlogit(fail ~ temp, data = oring)
  for (axe in c("axe_call", "axe_ctrl", "axe_data", "axe_env", "axe_fitted")) {
    expect_identical(getExportedValue("butcher", axe)(fit), strip(fit))
  }
  lean <- butcher::butcher(fit)
  expect_identical(predict(lean, oring), predict(fit, oring))
})

test_that("fits of matched sets are stripped", {
  big <- infert[rep(1:248, 300), ]
  big$stratum <- big$stratum + 100 * rep(1:300, each = 248)
  big$f <- factor(big$induced)
  make <- function() {
    junk <- numeric(1e5)
    fastclogit(case ~ spontaneous + f + strata(stratum), data = big)
  }
  fit <- make()
  small <- strip(fit)
  expect_lt(length(serialize(small, NULL)), 2e4)
  expect_s3_class(small, class(fit), exact = TRUE)
  expect_equal(summary(small)[-1], summary(fit)[-1])
  expect_output(print(small), "24900 sets that vary")
  expect_equal(confint(small, method = "wald"), confint(fit, method = "wald"))
  new <- subset(big, stratum %in% 101:110)
  for (type in c("expected", "risk")) {
    expect_equal(
      predict(small, new, type = type, reference = "sample", se.fit = TRUE),
      predict(fit, new, type = type, reference = "sample", se.fit = TRUE)
    )
  }
  expect_equal(metrics(small, new), metrics(fit, new))
  expect_equal(wald_test(small), wald_test(fit))
  expect_equal(update(small, data = infert, formula. = case ~ spontaneous + strata(stratum))$n, 248)
  for (ask in list(residuals, fitted, predict, confint, anova, lr_test, bootstrap, profile, plot)) {
    expect_error(ask(small), class = "fastlogit_stripped")
  }
  expect_error(small$linear.predictors, class = "fastlogit_stripped")
  d <- transform(infert, exposed = case * (stratum %% 3 == 0))
  separated <- suppressWarnings(fastclogit(case ~ exposed + induced + strata(stratum), data = d))
  expect_equal(vcov(strip(separated)), vcov(separated))
  expect_equal(
    predict(strip(separated), d[1:9, ], reference = "zero", se.fit = TRUE),
    predict(separated, d[1:9, ], reference = "zero", se.fit = TRUE)
  )
})

test_that("ordered classes: a fit without its rows predicts as before, and says what is gone", {
  data <- ordered_data(300)
  for (steps in c("cumulative", "continuation")) {
    fit <- fastordinal(y ~ x + g, data, weights = w, family = steps)
    small <- strip(fit)
    new <- data[1:5, ]
    expect_equal(predict(small, new, interval = "conf"), predict(fit, new, interval = "conf"))
    expect_equal(summary(small)$table, summary(fit)$table)
    expect_equal(
      average_effects(small, newdata = data), average_effects(fit, newdata = data)
    )
    expect_equal(metrics(small, newdata = data)$estimate, metrics(fit, newdata = data)$estimate)
    for (ask in list(fitted, predict, drop1, parallel_test, confint, bootstrap, plot)) {
      expect_error(ask(small), class = "fastlogit_stripped")
    }
    expect_error(small$lp, class = "fastlogit_stripped")
    expect_identical(class(small), class(fit))
    expect_output(print(small), "Cut-points")
  }
  more <- strip(update(fit, data = data[rep(1:300, 4), ]))
  expect_lt(abs(object.size(more) - object.size(small)), 2000)
})
