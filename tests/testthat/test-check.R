# Bad arguments: each is refused by a classed error that says what was wrong, what was found and
# where. Responses, variables, levels and control have files of their own.

d <- data.frame(
  x = c(2, 1, 4, 3, 6, 5, 8, 7, 9, 10), z = c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3),
  y = c(0, 0, 1, 0, 1, 0, 1, 1, 0, 1)
)
with_value <- function(value, rows = 3) replace(rep(1, nrow(d)), rows, value)

# A checker that cannot fail is a defect.
another_variance <- function() {
  family <- binomial()
  family$variance <- function(mu) mu
  family
}

test_that("expect_refusal sees no error, another class, a call, and R's internals", {
  expect_true(fails(expect_refusal(quote(1))))
  refuse <- function(message, class, call = NULL) {
    stop(errorCondition(message, class = c(class, "fastlogit_error"), call = call))
  }
  expect_false(fails(expect_refusal(quote(refuse("no", "fastlogit_input_error")))))
  expect_true(fails(expect_refusal(quote(refuse("no", "another")))))
  expect_true(fails(expect_refusal(quote(refuse("no", "fastlogit_input_error", quote(f()))))))
  expect_true(fails(expect_refusal(quote(refuse("Rcpp", "fastlogit_input_error")))))
  expect_true(fails(expect_refusal(quote(stop("no")))))
})

test_that("values that are not finite are refused, by name and row", {
  expect_refusals(alist(
    "infinite predictor" = fastlogit(y ~ x, data = transform(d, x = with_value(Inf))),
    "infinite predictor, two rows" = fastlogit(
      y ~ z + x, data = transform(d, x = with_value(-Inf, c(2, 7)))
    ),
    "infinite predictor, many rows" = fastlogit(
      y ~ x, data = transform(d, x = with_value(Inf, 2:9))
    ),
    "a term that overflows" = fastlogit(y ~ log(x - 2), data = d[d$x >= 2, ]),
    "NaN kept by na.pass" = fastlogit(
      y ~ x, data = transform(d, x = with_value(NaN)), na.action = na.pass
    ),
    "NA kept by na.pass" = fastlogit(
      y ~ x, data = transform(d, x = with_value(NA)), na.action = na.pass
    ),
    "infinite weight" = fastlogit(y ~ x, data = d, weights = with_value(Inf)),
    "NA weight kept by na.pass" = fastlogit(
      y ~ x, data = d, weights = with_value(NA), na.action = na.pass
    ),
    "infinite offset" = fastlogit(y ~ x, data = d, offset = with_value(-Inf)),
    "infinite offset in the formula" = fastlogit(y ~ x + offset(log(z - 1)), data = d),
    "NaN offset kept by na.pass" = fastlogit(
      y ~ x, data = d, offset = with_value(NaN), na.action = na.pass
    )
  ))
})

test_that("a matrix is checked as a data frame is", {
  x <- cbind("(Intercept)" = 1, x = d$x)
  expect_refusals(alist(
    "NaN in a named column" = fastlogit_fit(replace(x, 13, NaN), d$y, family = binomial()),
    "NA in a column without name" = fastlogit_fit(
      unname(replace(x, 13, NA)), d$y, family = binomial()
    ),
    "NA in y" = fastlogit_fit(x, replace(d$y, 2, NA), family = binomial()),
    "NaN in weights" = fastlogit_fit(x, d$y, replace(d$y, 5, NaN), family = binomial()),
    "infinite offset" = fastlogit_fit(x, d$y, offset = 1 / d$y, family = binomial()),
    "weights too short" = fastlogit_fit(x, d$y, 1:3, family = binomial()),
    "offset too short" = fastlogit_fit(x, d$y, offset = 1:3, family = binomial()),
    "y too short" = fastlogit_fit(x, d$y[-1], rep(1, 10), family = binomial()),
    "etastart too short" = fastlogit_fit(x, d$y, etastart = 1:3, family = binomial()),
    "no rows" = fastlogit_fit(x[0, ], numeric(), family = binomial()),
    "another variance" = fastlogit_fit(x, d$y, family = another_variance())
  ))
})

test_that("weights are checked", {
  expect_refusals(alist(
    "negative" = fastlogit(y ~ x, data = d, weights = with_value(-2)),
    "all zero" = fastlogit(y ~ x, data = d, weights = 0 * x),
    "character" = fastlogit(y ~ x, data = d, weights = as.character(x)),
    "a factor" = fastlogit(y ~ x, data = d, weights = factor(x)),
    "too short" = fastlogit(y ~ x, data = d, weights = 1:3),
    "a single number" = fastlogit(y ~ x, data = d, weights = 2),
    "not to be found" = fastlogit(y ~ x, data = d, weights = nowhere),
    "offset too short" = fastlogit(y ~ x, data = d, offset = 1:3)
  ))
})

test_that("other families are refused, and glm() is named", {
  expect_refusals(alist(
    "another family" = fastlogit(y ~ x, gaussian(), d),
    "another family's name" = fastlogit(y ~ x, "poisson", d),
    "another family's function" = fastlogit(y ~ x, Gamma, d),
    "another variance" = fastlogit(y ~ x, another_variance(), d),
    "no family" = fastlogit(y ~ x, 3, d),
    "a name of nothing" = fastlogit(y ~ x, "nosuchfamily", d),
    "NULL" = fastlogit(y ~ x, NULL, d),
    "a list" = fastlogit(y ~ x, list(family = "binomial", link = "logit"), d)
  ))
  expect_error(fastlogit(y ~ x, gaussian(), d), "glm()", fixed = TRUE)
  expect_error(fastlogit(y ~ x, another_variance(), d), "glm()", fixed = TRUE)
})

test_that("a family may be an object, a function or a name", {
  fit <- coef(fastlogit(y ~ x, data = d))
  expect_equal(coef(fastlogit(y ~ x, binomial, d)), fit)
  expect_equal(coef(fastlogit(y ~ x, "binomial", d)), fit)
  expect_equal(coef(fastlogit(y ~ x, binomial(link = "logit"), d)), fit)
  expect_equal(coef(fastlogit(y ~ x, "quasibinomial", d)), fit)
  expect_equal(
    coef(fastlogit(y ~ x, binomial(make.link("probit")), d)),
    coef(fastlogit(y ~ x, binomial("probit"), d))
  )
})

test_that("malformed starts are refused", {
  expect_refusals(alist(
    "start too short" = fastlogit(y ~ x, data = d, start = 1),
    "start too long" = fastlogit(y ~ x, data = d, start = 1:3),
    "start character" = fastlogit(y ~ x, data = d, start = c("a", "b")),
    "start a list" = fastlogit(y ~ x, data = d, start = list(1, 2)),
    "etastart too short" = fastlogit(y ~ x, data = d, etastart = 1:3),
    "mustart too short" = fastlogit(y ~ x, data = d, mustart = c(0.1, 0.2)),
    "mustart character" = fastlogit(y ~ x, data = d, mustart = as.character(x))
  ))
})

test_that("without rows there is nothing to fit", {
  expect_refusals(alist(
    "empty data" = fastlogit(y ~ x, data = d[0, ]),
    "empty data, intercept only" = fastlogit(y ~ 1, data = d[0, ]),
    "empty subset" = fastlogit(y ~ x, data = d, subset = x > 100),
    "nothing but NA" = fastlogit(y ~ x, data = transform(d, x = NA_real_))
  ))
})

test_that("without columns the fit is glm()'s", {
  d$w <- c(2, 1, 0, 3, 1, 1, 2, 2, 1, 1)
  expect_like_glm(quote(fitter(y ~ 0, binomial, d)))
  expect_like_glm(quote(fitter(y ~ 0, binomial, d, weights = w)))
  expect_like_glm(quote(fitter(y ~ 0 + offset(x / 5 - 1), binomial("probit"), d)))
  fit <- fastlogit(y ~ 0, data = d)
  expect_identical(nrow(fit$history), 0L)
  expect_output(print(summary(fit)), "No Coefficients")
})

test_that("a constant response ends cleanly, at probabilities of 0 or 1", {
  for (link in links_but_log) {
    for (value in 0:1) {
      expect_warning(
        fit <- fastlogit(y ~ x, binomial(link), transform(d, y = value), maxit = 200),
        class = "fastlogit_separation"
      )
      expect_lt(deviance(fit), 1e-5, label = link)
      expect_equal(unname(fitted(fit)), rep(value, 10), tolerance = 1e-5, label = link)
    }
  }
})

test_that("with fewer rows than columns the aliased ones are glm()'s", {
  few <- data.frame(
    s = c(3, 5, 2), f = c(4, 1, 6), x = c(1, 4, 2), z = c(3, 1, 2), u = 1:3, v = c(2, 7, 1)
  )
  expect_like_glm(quote(fitter(cbind(s, f) ~ x + z + u + v, binomial, few)))
  expect_like_glm(quote(fitter(cbind(s, f) ~ x, binomial, few[1, ])))
  expect_like_glm(quote(fitter(cbind(s, f) ~ x + z, binomial("cloglog"), few[1:2, ])))
})

# The coefficient times the scale: 1e300 and 1e-300 are not powers of two, which rounds once.
test_that("predictors of the size of 1e300 and 1e-300 are fitted as rescaled ones are", {
  for (link in links_but_log) {
    fit <- fastlogit(y ~ x + z, binomial(link), d)
    for (scale in c(1e300, 1e-300, 2^1000, 2^-1000, 1e100, 1e-100)) {
      scaled <- fastlogit(y ~ I(x * scale) + z, binomial(link), d)
      label <- paste(link, scale)
      expect_true(scaled$converged, label = label)
      expect_equal(unname(coef(scaled) * c(1, scale, 1)), unname(coef(fit)),
        tolerance = 1e-10, label = label)
      expect_equal(fitted(scaled), fitted(fit), tolerance = 1e-10, label = label)
      expect_equal(deviance(scaled), deviance(fit), tolerance = 1e-10, label = label)
    }
  }
})

test_that("weights, counts and proportions of the size of 1e300 and 1e-300 are fitted", {
  fit <- fastlogit(y ~ x, data = d)
  for (scale in c(1e300, 1e100, 1e-100, 1e-300)) {
    scaled <- fastlogit(y ~ x, quasibinomial, d, weights = rep(scale, 10))
    expect_equal(coef(scaled), coef(fit), tolerance = 1e-10, label = format(scale))
    expect_equal(deviance(scaled) / scale, deviance(fit), tolerance = 1e-10, label = format(scale))
  }
  counts <- fastlogit(cbind(x, z) ~ z, data = d)
  scaled <- fastlogit(cbind(x, z) * 1e300 ~ z, data = d)
  expect_equal(coef(scaled), coef(counts), tolerance = 1e-10)
  nearly <- transform(d, y = ifelse(y == 0, 1e-300, 1))
  expect_equal(coef(fastlogit(y ~ x, quasibinomial, nearly)), coef(fit), tolerance = 1e-10)
})
