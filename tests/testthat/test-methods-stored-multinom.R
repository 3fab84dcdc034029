expect_same_classes <- function(fits) {
  there <- fits$there
  here <- fits$here
  expect_equal(coef(there), coef(here), tolerance = 1e-10)
  expect_equal(vcov(there), vcov(here), tolerance = 1e-9)
  expect_equal(deviance(there), deviance(here), tolerance = 1e-10)
  for (name in c("AIC", "edf", "df.residual", "lev", "lab", "Hessian", "n", "wts")) {
    expect_equal(there[[name]], here[[name]], tolerance = 1e-9, info = name)
  }
  expect_equal(nobs(there), nobs(here))
}

test_that("many classes of a source are those of the data frame", {
  d <- source_data()
  d$counts <- NULL
  for (call in expression(
    fastmultinom(c ~ x + g),
    fastmultinom(factor(c) ~ x * l, weights = w, reference = "b"),
    fastmultinom(k ~ z + offset(o), penalty = penalty_ridge(1)),
    fastmultinom(cbind(a = s, b = m - s, c = l) ~ z + g),
    fastmultinom(f ~ z, penalty = "firth")
  )) {
    expect_same_classes(fit_twice(call, d))
  }
})

test_that("what is asked of the object is answered", {
  d <- source_data()
  fits <- fit_twice(quote(fastmultinom(c ~ z + g, offset = o)), d)
  there <- fits$there
  here <- fits$here
  expect_equal(unname(fitted(there)), unname(fitted(here)), tolerance = 1e-10)
  expect_equal(unname(there$residuals), unname(here$residuals), tolerance = 1e-10)
  d$o <- 0
  expect_equal(predict(there, d[1:5, ], "probs"), predict(here, d[1:5, ], "probs"))
  expect_equal(summary(there)$tables, summary(here)$tables, tolerance = 1e-9)
  expect_equal(
    confint(there, "z", method = "profile"), confint(here, "z", method = "profile"),
    tolerance = 1e-7
  )
  fits <- fit_twice(quote(fastmultinom(c ~ z + g)), d)
  expect_equal(
    anova(fits$there)$Deviance, anova(fits$here)$Deviance, tolerance = 1e-8
  )
  expect_output(print(there), "classes")
})

test_that("empty classes are dropped with a warning", {
  d <- na.omit(source_data())
  d$c <- factor(d$c, c("none", "a", "b", "c"))
  expect_warning(
    fit <- fastmultinom(c ~ z, data = source_function(chunks_of(d, 700))), "none",
    class = "fastlogit_empty_class"
  )
  expect_equal(fit$lab, c("a", "b", "c"))
})

test_that("after a change of the baseline, what reads the rows knows it", {
  d <- source_data()
  fits <- lapply(fit_twice(quote(fastmultinom(c ~ z + g, weights = w)), d), relevel, "b")
  refit <- fastmultinom(c ~ z + g, d, weights = w, reference = "b")
  expect_refusal(quote(vcov(fits$there, cluster = ~id)))
  for (fit in fits) {
    expect_equal(vcov(fit), vcov(refit), tolerance = 1e-8)
    expect_equal(vcov(fit, type = "robust"), vcov(refit, type = "robust"), tolerance = 1e-8)
    expect_equal(vcov(fit, cluster = d$id), vcov(refit, cluster = ~id), tolerance = 1e-8)
    expect_equal(
      confint(fit, "z", method = "profile"), confint(refit, "z", method = "profile"),
      tolerance = 1e-7
    )
    expect_equal(predict(fit, type = "probs"), predict(refit, type = "probs"),
      tolerance = 1e-8, ignore_attr = TRUE)
  }
})
