# Families that a call writes out are not made anew.

d <- with_seed(1, data.frame(x = stats::rnorm(60), y = rep(0:1, 30)))
x <- cbind(1, d$x)

test_that("a family is the same however it is written", {
  written <- alist(
    binomial(), binomial("probit"), binomial(link = "cloglog"), stats::binomial("log"),
    stats::binomial(), quasibinomial(), quasibinomial("cauchit"), binomial(probit), binomial,
    "binomial", "quasibinomial"
  )
  for (family in written) {
    value <- eval(family)
    if (is.character(value)) value <- get(value)
    if (is.function(value)) value <- value()
    of_formula <- function(family) {
      eval(bquote(fastlogit(y ~ x, .(family), d, start = c(-1, 0), maxit = 100)))
    }
    ours <- of_formula(family)
    evaluated <- of_formula(value)
    expect_identical(coef(ours), coef(evaluated))
    expect_identical(ours$family[c("family", "link")], value[c("family", "link")])
    expect_equal(ours$family, value, ignore_function_env = TRUE)
    if (!is.call(family)) next
    of_matrix <- function(family) {
      eval(bquote(fastlogit_fit(x, d$y, start = c(-1, 0), family = .(family))))
    }
    expect_identical(of_matrix(family)$coefficients, of_matrix(value)$coefficients)
  }
})

test_that("names mean what they mean where they are written", {
  probit <- coef(fastlogit(y ~ x, binomial("probit"), d))
  logit <- coef(fastlogit(y ~ x, data = d))
  own <- function() {
    binomial <- function(...) stats::binomial("probit")
    by_dots <- function(...) fastlogit(y ~ x, data = d, ...)
    by_name <- function(family) fastlogit(y ~ x, family, d)
    list(
      direct = fastlogit(y ~ x, binomial(), d), dots = by_dots(family = binomial()),
      applied = lapply(list(y ~ x), fastlogit, data = d, family = binomial())[[1L]],
      named = by_name(binomial()),
      matrix = fastlogit_fit(x, d$y, family = binomial("logit")),
      evaluated = do.call(fastlogit, list(y ~ x, quote(binomial()), quote(d)))
    )
  }
  for (fit in own()) expect_equal(unname(fit$coefficients), unname(probit), tolerance = 1e-12)
  qualified <- function() {
    binomial <- function(...) stats::binomial("probit")
    fastlogit(y ~ x, stats::binomial(), d)
  }
  expect_identical(coef(qualified()), logit)
})

test_that("other words for links are the user's, and those of the core alone are refused", {
  for (family in alist(binomial("sqrt"), quasibinomial("sqrt"), binomial("identity"))) {
    fit_of <- function(family) eval(bquote(fastlogit(y ~ x, .(family), d, start = c(0.5, 0))))
    ours <- fit_of(family)
    expect_identical(coef(ours), coef(fit_of(eval(family))))
    link <- family[[2L]]
    expect_identical(core_link(ours$family), if (link == "identity") link else user_link)
  }
  stock_family("binomial", "loglog")
  expect_error(fastlogit(y ~ x, binomial("loglog"), d), "loglog")
  expect_error(evaluate_family_impl("none such", matrix(0), 1, NULL, 1, "expected"), "none such")
})

test_that("families that cannot be are refused as R refuses them", {
  said <- function(expression) tryCatch(expression, error = conditionMessage)
  expect_identical(said(fastlogit(y ~ x, binomial("no"), d)), said(binomial("no")))
  expect_identical(said(fastlogit_fit(x, d$y, family = binomial("no"))), said(binomial("no")))
  expect_error(fastlogit(y ~ x, binomial(1, 2), d))
  expect_error(fastlogit(y ~ x, poisson(), d), "binomial")
  expect_identical(
    fastlogit_fit(x, d$y)$coefficients, stats::glm.fit(x, d$y)$coefficients
  )
})

test_that("changed families are looked at, though they began as R's own", {
  family <- binomial()
  family$variance <- function(mu) mu
  expect_error(fastlogit(y ~ x, family, d), "variance")
  expect_error(fastlogit_fit(x, d$y, family = family), "variance")
})
