# A plain glm is glm()'s own object: the same components, and all methods of stats and MASS refit by
# glm() and give the same.

tight_control <- list(epsilon = 1e-14, maxit = 100)

plain_of <- function(set, ...) as_glm(catch_glm_warnings(fit_data_set(set, "fastlogit", ...))$value)

glm_of <- function(set, ...) catch_glm_warnings(fit_data_set(set, "glm", ...))$value

# What says where and how, and is compared otherwise.
expect_plain_glm <- function(plain, expected, tolerance = 1e-6) {
  expect_identical(names(plain), names(expected))
  expect_identical(class(plain), class(expected))
  expect_identical(plain$method, expected$method)
  apart <- c("call", "iter", "formula", "terms", "model", "family", "control", "method", "data")
  for (component in setdiff(names(expected), apart)) {
    expect_equal(plain[[component]], expected[[component]], tolerance = tolerance,
      label = component)
  }
}

test_that("a plain glm has the components, class and call of glm()", {
  skip_if_not_installed("MASS")
  for (set in real_data()[c("bacteria", "esoph", "snails")]) {
    plain <- plain_of(set, control = tight_control)
    expected <- glm_of(set, control = tight_control)
    expect_plain_glm(plain, expected)
    expect_identical(plain$call, expected$call)
    expect_identical(plain$control, glm.control(1e-14, 100))
  }
})

test_that("all methods of a plain glm give what they give of glm()'s own", {
  skip_if_not_installed("MASS")
  for (set in real_data()[c("bacteria", "snails")]) {
    expect_methods_equal(
      plain_of(set, control = tight_control), glm_of(set, control = tight_control), 1e-6
    )
  }
})

test_that("it refits by glm(), with the arguments that glm() knows", {
  d <- births()
  settings <- fastlogit_control(epsilon = 1e-14, maxit = 50, threads = 1)
  fit <- fastlogit(
    low ~ lwt + race, binomial("probit"), d, weights = twice, subset = age > 15,
    method = "fisher", penalty = "none", control = settings, x = TRUE
  )
  plain <- as_glm(fit)
  expect_identical(plain$call, quote(glm(
    formula = low ~ lwt + race, family = binomial("probit"), data = d, weights = twice,
    subset = age > 15, control = list(epsilon = 1e-14, maxit = 50, trace = FALSE), x = TRUE
  )))
  again <- update(plain)
  expect_plain_glm(plain, again)
  expect_identical(as_glm(fastlogit(low ~ lwt, data = d, threads = 1, maxit = 30))$call,
    quote(glm(formula = low ~ lwt, data = d, maxit = 30, family = binomial())))
  expect_identical(class(step(plain, trace = 0)), c("glm", "lm"))
})

test_that("the other ways to keep rows have the same plain glm", {
  d <- births()
  expected <- glm(low ~ lwt + race, binomial, d, control = tight_control)
  sparse <- as_glm(fastlogit(low ~ lwt + race, data = d, sparse = TRUE, x = TRUE))
  expect_plain_glm(sparse, update(expected, x = TRUE))
  expect_true(is.matrix(sparse$x))
  stored <- as_glm(fastlogit(low ~ lwt + race, data = source_function(chunks_of(d, 50))))
  expect_equal(anova(stored, test = "Chisq"), anova(expected, test = "Chisq"))
  expect_equal(unname(hatvalues(stored)), unname(hatvalues(expected)))
  expect_equal(drop1(stored), drop1(expected))
  bare <- as_glm(fastlogit(low ~ lwt + race, data = d, model = FALSE, y = FALSE))
  expect_plain_glm(bare, update(expected, model = FALSE, y = FALSE))
  expect_identical(as_glm(expected), expected)
})

test_that("aliased columns and empty models have plain glms", {
  d <- transform(births(), double = 2 * lwt)
  plain <- as_glm(fastlogit(low ~ lwt + double + age, data = d))
  expected <- glm(low ~ lwt + double + age, binomial, d, epsilon = 1e-10)
  expect_identical(plain$qr$pivot, expected$qr$pivot)
  # The column that was left out is rounding errors in both.
  for (part in c("qr", "effects", "R")) expected[[part]] <- plain[[part]]
  expect_plain_glm(plain, expected, 1e-5)
  expect_equal(summary(plain)$coefficients, summary(expected)$coefficients, tolerance = 1e-5)
  plain <- as_glm(fastlogit(low ~ 0, data = d))
  expected <- glm(low ~ 0, binomial, d)
  expect_equal(summary(plain)$deviance, summary(expected)$deviance)
  expect_equal(anova(update(plain, . ~ lwt), plain), anova(update(expected, . ~ lwt), expected))
})

# --- many classes --------------------------------------------------------------------------------

test_that("a plain multinom has the components, class and call of multinom()", {
  skip_if_not_installed("nnet")
  d <- births()
  fit <- fastmultinom(race ~ lwt + smoke, data = d, weights = twice, method = "fisher", threads = 1)
  plain <- as_multinom(fit)
  multinom <- nnet::multinom
  expected <- multinom(
    race ~ lwt + smoke, d, weights = twice, model = TRUE, Hess = TRUE, trace = FALSE,
    reltol = 1e-15, maxit = 1000
  )
  expect_setequal(names(plain), names(expected))
  expect_identical(class(plain), class(expected))
  expect_identical(plain$call, quote(multinom(
    formula = race ~ lwt + smoke, data = d, weights = twice
  )))
  for (component in setdiff(names(expected), c("call", "terms", "model", "wts", "nconn"))) {
    expect_equal(plain[[component]], expected[[component]], tolerance = 1e-4, label = component)
  }
  again <- update(plain, trace = FALSE)
  for (f in list(coef, vcov, deviance, AIC, fitted, residuals, logLik)) {
    expect_equal(f(plain), f(again), tolerance = 1e-4)
  }
  expect_equal(predict(plain, d, type = "probs"), predict(again, d, type = "probs"),
    tolerance = 1e-4)
  expect_equal(summary(plain)$standard.errors, summary(again)$standard.errors, tolerance = 1e-4)
  expect_identical(as_multinom(again), again)
})

test_that("plain multinoms of two classes and of counts", {
  skip_if_not_installed("nnet")
  d <- births()
  counts <- as.data.frame.matrix(table(interaction(d$smoke, d$ht), d$race))
  counts$smoke <- c(0, 1, 0, 1)
  multinom <- nnet::multinom
  for (formula in list(factor(low) ~ lwt, cbind(`1`, `2`, `3`) ~ smoke)) {
    plain <- as_multinom(fastmultinom(formula, data = if (length(formula[[2]]) == 2) d else counts))
    again <- update(plain, trace = FALSE, reltol = 1e-15, Hess = TRUE)
    for (f in list(coef, vcov, deviance, AIC, fitted)) {
      expect_equal(f(plain), f(again), tolerance = 1e-4)
    }
  }
})

# --- what has no plain form ----------------------------------------------------------------------

test_that("what a plain object would be wrong for is refused with the reason", {
  d <- births()
  expect_refusals(alist(
    penalised = as_glm(fastlogit(low ~ lwt, data = d, penalty = "firth")),
    ridge = as_glm(fastlogit(low ~ lwt, data = d, penalty = penalty_ridge(1))),
    `many classes` = as_glm(fastmultinom(race ~ lwt, data = d)),
    `many classes, penalised` = as_multinom(fastmultinom(race ~ lwt, data = d, penalty = "firth")),
    `another baseline` = as_multinom(fastmultinom(race ~ lwt, data = d, reference = "3")),
    releveled = as_multinom(relevel(fastmultinom(race ~ lwt, data = d), "2")),
    offset = as_multinom(fastmultinom(race ~ lwt + offset(cbind(0, age, 0) / 50), data = d)),
    `two classes` = as_multinom(fastlogit(low ~ lwt, data = d)),
    `no fit` = as_glm(lm(low ~ lwt, d)),
    `no multinom` = as_multinom(1)
  ))
  separated <- transform(d, low = as.numeric(lwt > 130), race3 = factor(race == 3 & lwt > 130))
  expect_refusals(
    alist(
      two = as_glm(suppressWarnings(fastlogit(low ~ lwt, data = separated))),
      many = as_multinom(suppressWarnings(fastmultinom(race ~ race3, data = separated)))
    ),
    "fastlogit_infinite_estimates"
  )
})

test_that("a fit of a survey design has no plain glm", {
  skip_if_not_installed("survey")
  d <- births()
  design <- survey::svydesign(~1, weights = ~ lwt, data = d)
  expect_refusals(alist(
    two = as_glm(fastlogit(low ~ age, data = design)),
    many = as_multinom(fastmultinom(race ~ age, data = design))
  ))
})

# --- packages that go by the first class, or by the call -----------------------------------------

by_name <- alist(
  stargazer = capture.output(stargazer::stargazer(fit, type = "text")),
  epiDisplay = unclass(epiDisplay::logistic.display(fit))[c("table", "info")],
  oddsratio = oddsratio::or_glm(MASS::birthwt, fit, incr = list(lwt = 10, smoke = 1)),
  dominanceanalysis = dominanceanalysis::averageContribution(
    dominanceanalysis::dominanceAnalysis(fit)
  )
)

for (package in names(by_name)) {
  test_that(paste(package, "takes a plain glm"), {
    skip_if_not_installed(package)
    skip_if_not_installed("MASS")
    formula <- low ~ lwt + factor(race) + smoke
    fit <- as_glm(fastlogit(formula, data = MASS::birthwt, epsilon = 1e-14))
    found <- suppressMessages(eval(by_name[[package]]))
    fit <- glm(formula, binomial(), MASS::birthwt, epsilon = 1e-14)
    expect_equal(found, suppressMessages(eval(by_name[[package]])), tolerance = 1e-6)
  })
}

test_that("stargazer takes a plain multinom", {
  skip_if_not_installed("stargazer")
  skip_if_not_installed("nnet")
  multinom <- nnet::multinom  # for update()
  table <- function(fit) capture.output(stargazer::stargazer(fit, type = "text"))
  fit <- as_multinom(fastmultinom(race ~ lwt, data = births()))
  expect_identical(table(fit), table(update(fit, trace = FALSE, reltol = 1e-15, Hess = TRUE)))
})
