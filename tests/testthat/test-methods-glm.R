# Both fits with epsilon = 1e-14: glm()'s estimates then have 6 to 9 digits for links other than
# logit, and what it derives from the weights of its last iterate but one has as many. The methods
# fit again with the same control.
tight <- list(epsilon = 1e-14, maxit = 100)

# glm() ties the tolerance for aliased columns to epsilon: at 1e-14 it drops none. At 1e-10,
# the weights of its last iterate but one have 6 digits.
looser <- list(epsilon = 1e-10, maxit = 100)

expect_same_methods <- function(set, link = "logit", control = tight, tolerance = 1e-6, ...) {
  fit <- function(fitter) {
    catch_glm_warnings(fit_data_set(set, fitter, link, control = control, ...))$value
  }
  glm_fit <- fit("glm")
  calls <- method_calls()
  # stats' score tests of added terms take the offset for a part of the response, see
  # test-methods-term-tables.R.
  if (!is.null(glm_fit$offset)) calls <- calls[names(calls) != "add1 Rao"]
  expect_methods_equal(fit("fastlogit"), glm_fit, tolerance, calls)
}

test_that("methods: a factor response, numbers and factors", {
  skip_if_not_installed("MASS")
  expect_same_methods(real_data()$bacteria)
})

test_that("methods: counts in two columns, ordered factors", {
  expect_same_methods(real_data()$esoph)
})

test_that("methods: counts in two columns with prior weights", {
  skip_if_not_installed("MASS")
  set <- real_data()$snails
  set$arguments <- alist(weights = Temp / 10)
  expect_same_methods(set)
})

test_that("methods: a table of frequencies, with empty cells", {
  # glm.fit() runs away from one of the larger models, see below.
  calls <- method_calls()
  calls <- calls[!grepl("^add", names(calls))]
  set <- real_data()$Titanic
  fits <- lapply(c("fastlogit", "glm"), function(fitter) {
    catch_glm_warnings(fit_data_set(set, fitter, control = tight))$value
  })
  for (name in names(calls)) {
    expect_same_outcome(
      outcome_of(calls[[name]], fits[[1]]), outcome_of(calls[[name]], fits[[2]]), 1e-6, name
    )
  }
})

test_that("add1() and addterm() end at the maximum where glm.fit() runs away", {
  skip_if_not_installed("MASS")
  fit <- catch_glm_warnings(fit_data_set(real_data()$Titanic, "fastlogit", control = tight))$value
  tables <- list(add1(fit, ~ .^2, test = "Chisq"), MASS::addterm(fit, ~ .^2, test = "Chisq"))
  deviances <- vapply(rownames(tables[[1]])[-1], function(term) {
    larger <- update(fit, paste(". ~ . +", term), evaluate = FALSE)
    larger <- suppressWarnings(eval(larger, environment(formula(fit))))
    # glm() gets there from the right start.
    start <- larger$coefficients[!is.na(larger$coefficients)]
    x <- model.matrix(larger)[, names(start)]
    suppressWarnings(glm.fit(
      x, larger$y, larger$prior.weights, start = start, family = binomial(),
      control = list(epsilon = 1e-14, maxit = 100)
    ))$deviance
  }, 0)
  for (table in tables) expect_equal(table$Deviance[-1], unname(deviances), tolerance = 1e-9)
})

test_that("methods: aliased columns", {
  skip_if_not_installed("MASS")
  expect_same_methods(real_data()$birthwt_alias, control = looser, tolerance = 1e-5)
})

test_that("methods: missing values, kept out by na.exclude", {
  expect_same_methods(real_data()$airquality, na.action = quote(na.exclude))
})

test_that("methods: missing values, left out", {
  expect_same_methods(real_data()$airquality)
})

test_that("methods: an offset", {
  skip_if_not_installed("boot")
  expect_same_methods(real_data()$channing)
})

test_that("methods: proportions, with an estimated dispersion", {
  expect_same_methods(real_data()$swiss, family = "quasibinomial")
})

for (link in setdiff(all_links, "logit")) {
  test_that(paste("methods: the", link, "link"), {
    skip_if_not_installed("boot")
    expect_same_methods(real_data()$nodal, link, tolerance = 1e-5)
  })
}

test_that("methods: an interaction, and a formula without an intercept", {
  set <- real_data()$infert
  set$formula <- case ~ 0 + education + spontaneous * induced
  expect_same_methods(set)
})

# A checker that cannot fail is a defect.
test_that("expect_methods_equal sees a missing entry, a difference, and what fails for one only", {
  skip_if_not_installed("MASS")
  set <- real_data()$mtcars
  fit <- fit_data_set(set, "glm")
  calls <- method_calls()
  expect_true(fails(expect_methods_equal(fit, fit, calls = calls[names(calls) != "labels"])))
  set$formula <- am ~ hp + wt
  set$data <- set$data[-1, ]
  other <- catch_glm_warnings(fit_data_set(set, "glm", "probit"))$value
  # They fail for both, or return nothing.
  for (name in setdiff(names(calls), c("boxcox", "logtrans", "plot", "labels"))) {
    found <- outcome_of(calls[[name]], other)
    expected <- outcome_of(calls[[name]], fit)
    expect_false(found$failed, label = paste(name, "fails"))
    expect_true(fails(expect_same_outcome(found, expected, 1e-6, name)), label = name)
  }
  broken <- list(failed = TRUE, message = "broken")
  expect_true(fails(expect_same_outcome(broken, expected, 1e-6, "any")))
})

test_that("expect_methods_equal sees the sixth digit", {
  fit <- fit_data_set(real_data()$mtcars, "glm")
  found <- expected <- outcome_of(quote(summary(fit)), fit)
  expect_false(fails(expect_same_outcome(found, expected, 1e-6, "summary")))
  found$value$value$deviance$value <- found$value$value$deviance$value * (1 + 1e-5)
  expect_true(fails(expect_same_outcome(found, expected, 1e-6, "summary")))
})
