# Rows that repeat are summed before the fit. Nothing of it may be seen in the results: these are
# compared with glm()'s, and with those of the same rows spoilt by a column that is never the same
# twice and has no weight in the fit.

n <- 3000
i <- seq_len(n)
rows <- with_seed(5, data.frame(
  f = factor(sample(letters[1:4], n, TRUE)), g = factor(sample(5, n, TRUE)),
  k = sample(0:3, n, TRUE), z = sample(c(-1.5, -0, 0, 0.25, 2), n, TRUE),
  many = factor(sample(20, n, TRUE)), off = sample(c(-0.5, 0, 0.3), n, TRUE),
  w = sample(c(0, 0.25, 1, 3), n, TRUE), size = sample(c(1, 2, 7, 40), n, TRUE)
))
eta <- with(rows, -1.2 + 0.2 * as.integer(f) - 0.1 * as.integer(g) + 0.1 * k - 0.1 * abs(z))
rows$y <- with_seed(6, rbinom(n, 1, plogis(eta)))
rows$s <- with_seed(7, rbinom(n, rows$size, plogis(eta)))
rows$class <- with_seed(8, factor(sample(3, n, TRUE)))

# The same fit, to which a pattern is a row: the offset differs from row to row by what is lost when
# it is added to a linear predictor.
row_by_row <- function(formula, ..., data = rows, fitter = quote(fastlogit)) {
  call <- match.call()
  call[[1]] <- fitter
  call$fitter <- NULL
  call$formula <- update(formula, . ~ . + offset(apart))
  call$data <- transform(data, apart = seq_len(nrow(data)) * 1e-40)
  eval(call, parent.frame())
}

# By row, and of all the rows.
parts <- c(
  "coefficients", "residuals", "fitted.values", "linear.predictors", "deviance", "aic",
  "null.deviance", "weights", "prior.weights", "df.residual", "df.null", "y", "rank", "converged",
  "status"
)

expect_same_fit <- function(fit, expected, label, tolerance = 1e-12) {
  for (part in parts) {
    expect_equal(
      fit[[part]], expected[[part]], tolerance = tolerance, label = paste0(label, ": ", part)
    )
  }
  expect_equal(logLik(fit), logLik(expected), tolerance = tolerance, label = label)
  expect_equal(BIC(fit), BIC(expected), tolerance = tolerance, label = label)
  expect_identical(nobs(fit), nobs(expected), label = label)
  for (type in c("deviance", "pearson", "working", "response", "partial")) {
    expect_equal(
      residuals(fit, type), residuals(expected, type), tolerance = 100 * tolerance,
      ignore_attr = TRUE, label = paste(label, type)
    )
  }
  expect_equal(hatvalues(fit), hatvalues(expected), tolerance = 100 * tolerance, label = label)
  expect_equal(vcov(fit), vcov(expected), tolerance = 100 * tolerance, label = label)
}

# The first steps are the same; the later ones of many rows may go by an old information.
expect_same_history <- function(fit, expected, label) {
  for (part in c("deviance", "logLik")) {
    expect_equal(
      fit$history[1:2, part], expected$history[1:2, part], tolerance = 1e-12, label = label
    )
  }
  last <- utils::tail(fit$history, 1)
  expect_equal(last$deviance, fit$deviance, tolerance = 1e-13, label = label)
  expect_equal(last$logLik, as.numeric(logLik(fit)), tolerance = 1e-12, label = label)
}

# The number of each row's pattern, or NULL where they are not looked for.
patterns_of <- function(formula, data, offset = NULL, threads = NULL) {
  frame <- model.frame(formula, data)
  patterns_impl(design_from(learn_blueprint(frame), frame), offset, threads)
}

numbered <- function(...) {
  key <- paste(...)
  match(key, unique(key))
}

test_that("patterns are numbered by their first rows", {
  large <- rows[with_seed(3, sample(n, 1e5, TRUE)), ]
  for (data in list(rows, large)) {
    expect_pattern <- function(formula, expected, ...) {
      for (threads in 1:2) {
        found <- patterns_of(formula, data, ..., threads = threads)
        expect_identical(found, expected, label = deparse1(formula))
      }
    }
    # 0 and -0 are the same number.
    z <- data$z + 0
    with(data, {
      expect_pattern(~ f * g, numbered(f, g))
      expect_pattern(~ f:z + k, numbered(f, z, k))
      expect_pattern(~ k + I(k^2) + I(k > 1), numbered(k))
      expect_pattern(~ f, numbered(f, off), offset = off)
      expect_pattern(~ 1, numbered(off), offset = off)
      expect_pattern(~ 1, rep(1L, length(f)))
    })
  }
  # Thousands of patterns, in tables that grow and strips that share few of them.
  many <- with_seed(2, data.frame(a = sample(60, 2e5, TRUE), b = sample(80, 2e5, TRUE) / 7))
  for (threads in 1:2) {
    expect_identical(patterns_of(~ a + b, many, threads = threads), with(many, numbered(a, b)))
  }
})

test_that("rows repeat or not, whichever columns tell them apart", {
  few <- with_seed(4, data.frame(a = sample(3, n, TRUE), b = sample(2, n, TRUE) / 7))
  few$different <- with_seed(5, rnorm(n))
  for (one in c("a", "b", "different")) {
    data <- cbind(few[one], matrix(1, n, 20), few[setdiff(names(few), one)])
    last <- data[rev(names(data))]
    expect_null(patterns_of(~ ., data))
    expect_null(patterns_of(~ ., last))
    data$different <- last$different <- NULL
    expect_identical(patterns_of(~ ., data), numbered(few$a, few$b))
    expect_identical(patterns_of(~ ., last), numbered(few$a, few$b))
  }
})

test_that("rows that do not repeat, or hardly do, are left alone", {
  x <- with_seed(1, rnorm(2e5))
  expect_null(patterns_of(~ x, data.frame(x)))
  expect_null(patterns_of(~ x, data.frame(x = round(2e4 * x))))
  # Half of the rows are equal: a sample has no more to say, but the others turn out to differ.
  expect_null(patterns_of(~ x, data.frame(x = pmax(x, 0))))
  # Periods that rows at equal distances would fall in with.
  expect_null(patterns_of(~ x, data.frame(x = seq_along(x) %% 1e5)))
  expect_null(patterns_of(~ f, rows[1:1000, ]))
  expect_null(patterns_of(~ f, rows, offset = x[1:n]))
})

formulas <- list(
  y ~ f + g, y ~ f * g + k, y ~ k + z + f, y ~ many + k, y ~ f:z + offset(off),
  cbind(s, size - s) ~ f + g, cbind(s, size - s) ~ f * k + offset(off), y ~ 1
)

# From the same start, since the default one depends on whether there is an offset.
both_fits <- function(formula, link, weighted = FALSE, method = "newton") {
  start <- c(-1, numeric(ncol(model.matrix(formula, rows)) - 1))
  rows$prior <- if (weighted) rows$w else 1
  fit_by <- function(fitter) {
    suppressWarnings(fitter(
      formula, binomial(link), weights = prior, data = rows, start = start, method = method
    ))
  }
  list(fit = fit_by(fastlogit), expected = fit_by(row_by_row))
}

test_that("a fit of patterns is the fit of their rows", {
  for (formula in formulas) {
    for (link in all_links) {
      for (weighted in c(FALSE, TRUE)) {
        label <- paste(deparse1(formula), link, weighted)
        fits <- both_fits(formula, link, weighted)
        expect_true(fits$fit$converged, label = label)
        expect_same_fit(fits$fit, fits$expected, label)
        expect_same_history(fits$fit, fits$expected, label)
      }
    }
  }
})

test_that("a fit of patterns is glm()'s", {
  strict <- list(epsilon = 1e-14, maxit = 50)
  for (formula in formulas) {
    for (link in links_but_log) {
      label <- paste(deparse1(formula), link)
      fit <- fastlogit(formula, binomial(link), rows)
      expected <- glm(formula, binomial(link), rows, start = coef(fit), control = strict)
      expect_equal(coef(fit), coef(expected), tolerance = 1e-9, label = label)
      expect_equal(vcov(fit), vcov(expected), tolerance = 1e-7, label = label)
      expect_equal(deviance(fit), deviance(expected), tolerance = 1e-12, label = label)
      expect_equal(fit$null.deviance, expected$null.deviance, tolerance = 1e-12, label = label)
      expect_equal(AIC(fit), AIC(expected), tolerance = 1e-12, label = label)
      expect_equal(residuals(fit), residuals(expected), tolerance = 1e-9, label = label)
      expect_equal(hatvalues(fit), hatvalues(expected), tolerance = 1e-7, label = label)
    }
  }
})

test_that("Fisher scoring and L-BFGS see the same likelihood", {
  for (method in c("fisher", "gradient")) {
    fits <- both_fits(y ~ f + z, "probit", method = method)
    expect_same_fit(fits$fit, fits$expected, method, if (method == "fisher") 1e-12 else 1e-6)
    expect_equal(deviance(fits$fit), deviance(fits$expected), tolerance = 1e-12)
  }
})

test_that("repeating all rows multiplies the weights, whatever their order and the threads", {
  few <- rows[1:40, ]
  often <- few[rep(1:40, 200), ]
  shuffled <- often[with_seed(9, sample(nrow(often))), ]
  once <- fastlogit(y ~ f + z, data = few, weights = rep(200, 40))
  for (data in list(often, shuffled)) {
    fit <- fastlogit(y ~ f + z, data = data)
    expect_equal(coef(fit), coef(once), tolerance = 1e-12)
    expect_equal(vcov(fit), vcov(once), tolerance = 1e-11)
    expect_equal(deviance(fit), deviance(once), tolerance = 1e-12)
    expect_identical(nobs(fit), 8000L)
  }
  large <- rows[with_seed(3, sample(n, 60000, TRUE)), ]
  for (formula in list(y ~ f + g + k + z, cbind(s, size - s) ~ many + k + offset(off))) {
    one <- fastlogit(formula, data = large, weights = 4 * w, threads = 1)
    two <- fastlogit(formula, data = large, weights = 4 * w, threads = 2)
    for (part in parts) expect_identical(one[[part]], two[[part]], label = part)
    expect_identical(one$history, two$history)
  }
})

test_that("counts that a pattern's mean all but meets keep the digits of the deviance", {
  dose <- rep(0:5, each = 500)
  success <- 1e8 * c(2, 3, 5, 6, 8, 8)[dose + 1] + rep(c(9, -4, 7, 2, -8, 3), 500)
  failure <- 1e8 * c(8, 6, 5, 3, 2, 1)[dose + 1] - rep(c(2, 5, -3), 1000)
  d <- data.frame(s = success, f = failure, dose)
  for (link in links_but_log) {
    fit <- fastlogit(cbind(s, f) ~ dose, binomial(link), d, start = c(-1, 0))
    expected <- row_by_row(cbind(s, f) ~ dose, binomial(link), data = d, start = c(-1, 0))
    expect_equal(coef(fit), coef(expected), tolerance = 1e-12, label = link)
    # Proportions differ from their means by 1e-8, and are rounded by 1e-16.
    expect_equal(deviance(fit), deviance(expected), tolerance = 1e-8, label = link)
    # The cells themselves: what is left is the deviance within patterns.
    full <- fastlogit(cbind(s, f) ~ factor(dose), binomial(link), d)
    cells <- rowsum(d[c("s", "f")], d$dose)
    p <- with(d, s / (s + f))
    mean <- (cells$s / rowSums(cells))[dose + 1]
    apart <- with(d, (s + f) * (p - mean)^2 / (mean * (1 - mean)))
    expect_equal(deviance(full), sum(apart), tolerance = 1e-6, label = link)
  }
})

test_that("events so rare that a pattern has one are not rounded away", {
  d <- data.frame(g = gl(3, 1000), y = 0)
  d$y[c(1, 1001, 1002, 2999)] <- 1
  d$w <- ifelse(d$y == 1, 1, 1e10)
  for (link in links_but_log) {
    fit <- fastlogit(y ~ g, binomial(link), d, weights = w)
    expected <- fastlogit(cbind(s, f) ~ g, binomial(link), data.frame(
      g = gl(3, 1), s = c(1, 2, 1), f = c(999, 998, 999) * 1e10
    ))
    expect_equal(coef(fit), coef(expected), tolerance = 1e-12, label = link)
    odds <- c(1, 2, 1) / (c(999, 998, 999) * 1e10)
    expect_equal(
      deviance(fit), 2 * sum(c(1, 2, 1) * (1 - log(odds))), tolerance = 1e-12, label = link
    )
  }
})

test_that("patterns without weight, and rows without trials, are harmless", {
  d <- rows
  d$w[d$f == "b" & d$g == "2"] <- 0
  d$s[d$k == 3 & d$g == "1"] <- d$size[d$k == 3 & d$g == "1"] <- 0
  for (formula in list(y ~ f * g, cbind(s, size - s) ~ f + g * factor(k))) {
    fit <- fastlogit(formula, data = d, weights = 4 * w)
    expected <- row_by_row(formula, data = d, weights = 4 * w)
    expect_same_fit(fit, expected, deparse1(formula))
    expect_identical(is.na(coef(fit)), is.na(coef(expected)))
  }
})

test_that("aliased columns are glm()'s", {
  d <- transform(rows, twice = 2 * k, cell = interaction(f, g), both = k + z)
  d <- d[d$cell != "b.3", ]
  for (formula in list(y ~ k + twice + z + both, y ~ f * g, y ~ f + g + cell)) {
    fit <- fastlogit(formula, data = d)
    expected <- glm(formula, binomial, d)
    expect_identical(is.na(coef(fit)), is.na(coef(expected)))
    expect_identical(fit$df.residual, expected$df.residual)
    expect_equal(deviance(fit), deviance(expected), tolerance = 1e-12)
  }
})

test_that("the start may be given by row, and be infeasible", {
  plain <- fastlogit(y ~ f + z, data = rows)
  eta <- plain$linear.predictors + rep(c(-1e-3, 1e-3), n / 2)
  warm <- fastlogit(y ~ f + z, data = rows, etastart = eta)
  expect_lt(warm$iter, plain$iter)
  expect_equal(coef(warm), coef(plain), tolerance = 1e-12)
  by_rows <- row_by_row(y ~ f + z, data = rows, etastart = eta, weights = 4 * w)
  warm <- fastlogit(y ~ f + z, data = rows, etastart = eta, weights = 4 * w)
  expect_equal(warm$history$step[1], by_rows$history$step[1], tolerance = 1e-9)
  # An offset above 0: the log link has to be pushed down.
  d <- transform(rows, up = k / 2, y = y * (k == 0))
  fit <- fastlogit(y ~ f + offset(up), binomial("log"), d, weights = 4 * w)
  expected <- row_by_row(y ~ f + offset(up), binomial("log"), weights = 4 * w, data = d)
  expect_true(fit$converged)
  expect_equal(coef(fit), coef(expected), tolerance = 1e-12)
})

test_that("a maximum on the edge of the log link's domain is found", {
  d <- data.frame(x = rep(c(0, 1, 2, 3), 750), y = 1)
  d$y[d$x == 0] <- rep(c(1, 0, 0), 250)
  d$y[d$x == 1] <- rep(c(1, 1, 0), 250)
  d$y[d$x == 2] <- rep(c(1, 1, 1, 0, 1), 150)
  fit <- suppressWarnings(fastlogit(y ~ x, binomial("log"), d))
  expected <- suppressWarnings(row_by_row(y ~ x, binomial("log"), data = d))
  expect_identical(fit$status, expected$status)
  expect_equal(fit$boundary, expected$boundary)
  expect_equal(deviance(fit), deviance(expected), tolerance = 1e-8)
  expect_equal(coef(fit), coef(expected), tolerance = 1e-4)
})

test_that("separation is told as of the rows", {
  d <- transform(rows, y = ifelse(f == "a", 1, y))
  for (link in c("logit", "probit")) {
    expect_warning(fit <- fastlogit(y ~ f + g, binomial(link), d), class = "fastlogit_separation")
    expect_warning(
      expected <- row_by_row(y ~ f + g, binomial(link), data = d), class = "fastlogit_separation"
    )
    expect_identical(fit$status, expected$status)
    expect_equal(deviance(fit), deviance(expected), tolerance = 1e-6)
  }
})

test_that("a trace tells the deviance of the rows", {
  lines <- utils::capture.output(fit <- fastlogit(y ~ f + g, data = rows, trace = TRUE))
  told <- as.numeric(sub(".*deviance ([0-9.]+),.*", "\\1", lines))
  expect_equal(told, fit$history$deviance, tolerance = 1e-9)
})

test_that("a confidence interval holds coefficients fixed, over patterns too", {
  fit <- fastlogit(y ~ f + z, data = rows)
  expected <- suppressMessages(confint(row_by_row(y ~ f + z)))
  expect_equal(suppressMessages(confint(fit)), expected, tolerance = 1e-4)
})

test_that("matrices are searched for patterns like formulas", {
  x <- model.matrix(~ f + g + z, rows)
  fit <- fastlogit_fit(x, rows$y, family = binomial())
  expected <- fastlogit_fit(x, rows$y, offset = seq_len(n) * 1e-40, family = binomial())
  for (part in setdiff(parts, "y")) {
    expect_equal(fit[[part]], expected[[part]], tolerance = 1e-11, label = part)
  }
})

test_that("many classes have patterns", {
  d <- rows
  d$counts <- with_seed(4, t(rmultinom(n, 6, c(2, 3, 5))))
  for (formula in list(class ~ f + k, class ~ f * z + many, counts ~ f + k, counts[, 1:2] ~ g)) {
    for (weighted in c(FALSE, TRUE)) {
      d$prior <- if (weighted) d$w else 1
      fit <- fastmultinom(formula, d, weights = prior)
      expected <- row_by_row(formula, data = d, weights = prior, fitter = quote(fastmultinom))
      for (part in c("coefficients", "deviance", "fitted.values", "residuals", "AIC",
                     "Hessian", "edf", "df.residual", "weights")) {
        expect_equal(
          fit[[part]], expected[[part]], tolerance = 1e-11, label = paste(deparse1(formula), part)
        )
      }
      expect_equal(utils::tail(fit$history$logLik, 1L), as.numeric(logLik(fit)), tolerance = 1e-12)
    }
  }
})

test_that("equal rows of an ordered class are one, with the sum of their weights", {
  wine <- wine_counts()
  each <- wine[rep(seq_len(nrow(wine)), 60 * wine$count), ]
  each$o <- rep(0:1, length.out = nrow(each))
  for (steps in ordered_steps) {
    for (penalty in list("none", "firth")) {
      repeated <- fastordinal(
        rating ~ temp + contact + offset(o), each, family = steps, penalty = penalty
      )
      counted <- fastordinal(
        rating ~ temp + contact + offset(o),
        aggregate(n ~ ., transform(each, n = 1, count = NULL), sum),
        weights = n, family = steps, penalty = penalty
      )
      expect_equal(all_estimates(repeated), all_estimates(counted), tolerance = 1e-9)
      expect_equal(vcov(repeated), vcov(counted), tolerance = 1e-9)
      expect_equal(repeated$deviance, counted$deviance, tolerance = 1e-12)
      expect_length(repeated$lp, nrow(each))
      expect_equal(range(repeated$lp), range(counted$lp), tolerance = 1e-9)
    }
  }
})
