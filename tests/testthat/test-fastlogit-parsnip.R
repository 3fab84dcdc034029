# The engines: what parsnip calls, by glmnet's own numbers; and parsnip's verbs, by those of the
# engines "glm" and "nnet".

outcomes <- function() {
  skip_if_not_installed("MASS")
  transform(births(), low = factor(low, labels = c("no", "yes")), weight = rep_len(1:3, 189))
}

test_that("an engine's penalty is glmnet's, with and without weights", {
  skip_if_not_installed("glmnet")
  d <- outcomes()
  x <- stats::model.matrix(~ lwt + race + smoke, d)[, -1]
  for (weights in list(NULL, d$weight)) {
    for (lambda in c(0.02, 0.5)) {
      ridge <- function(y, family) {
        glmnet::glmnet(
          x, y, family, weights = weights, alpha = 0, lambda = c(1, lambda), thresh = 1e-14
        )
      }
      fit <- fit_logistic_reg(low ~ lwt + race + smoke, d, weights, lambda, 0)
      by_glmnet <- predict(ridge(d$low, "binomial"), x, s = lambda)
      expect_equal(unname(predict(fit)), as.vector(by_glmnet), tolerance = 1e-6)
      y <- cut(d$age, c(0, 20, 25, 50))
      fit <- fit_multinom_reg(y ~ lwt + race + smoke, d, weights, lambda)
      by_glmnet <- predict(ridge(y, "multinomial"), x, s = lambda, type = "response")[, , 1]
      expect_equal(unname(predict(fit, type = "probs")), unname(by_glmnet), tolerance = 1e-6)
    }
  }
})

test_that("without a penalty, or with one of ours, an engine's fit is that of the door", {
  d <- outcomes()
  d$low[3] <- d$lwt[5] <- NA
  same <- function(ours, expected) {
    expect_equal(coef(ours), coef(expected), tolerance = 1e-12)
    expect_identical(class(ours), class(expected))
  }
  same(fit_logistic_reg(low ~ lwt + race, d), fastlogit(low ~ lwt + race, data = d))
  same(fit_logistic_reg(low ~ 1, d, penalty = 2), fastlogit(low ~ 1, data = d))
  same(
    fit_logistic_reg(low ~ lwt, d, d$weight, penalty = "firth", family = binomial("probit")),
    fastlogit(low ~ lwt, binomial("probit"), d, weights = weight, penalty = "firth")
  )
  same(fit_multinom_reg(race ~ lwt, d, d$weight), fastmultinom(race ~ lwt, d, weights = weight))
  # The weights go with the rows that are left, and the columns of the data are not taken for them.
  d$weights <- 7
  lambda <- 0.1
  rows <- !is.na(d$low) & !is.na(d$lwt)
  same(
    fit_logistic_reg(low ~ lwt, d, d$weight, penalty = lambda),
    fit_logistic_reg(low ~ lwt, d[rows, ], d$weight[rows], penalty = lambda)
  )
})

test_that("what is between ridge and lasso names glmnet, and penalties have to be numbers", {
  d <- outcomes()
  expect_refusals(alist(
    lasso = fit_logistic_reg(low ~ lwt, d, penalty = 0.1, mixture = 1),
    between = fit_multinom_reg(race ~ lwt, d, penalty = 0.1, mixture = 0.5),
    negative = fit_logistic_reg(low ~ lwt, d, penalty = -1),
    two = fit_logistic_reg(low ~ lwt, d, penalty = c(1, 2)),
    name = fit_logistic_reg(low ~ lwt, d, penalty = "lasso")
  ))
})

# --- parsnip -------------------------------------------------------------------------------------

fitted_by <- function(spec, engine, formula, data, ...) {
  suppressWarnings(parsnip::fit(parsnip::set_engine(spec, engine, ...), formula, data))
}

test_that("logistic_reg() has the predictions of engine glm", {
  skip_if_not_installed("parsnip")
  skip_if_not_installed("broom")
  d <- outcomes()
  formula <- low ~ lwt + race + smoke
  glm_fit <- fitted_by(parsnip::logistic_reg(), "glm", formula, d)
  fit <- fitted_by(parsnip::logistic_reg(), "fastlogit", formula, d)
  new <- d[c(1:7, NA), ]
  for (type in c("class", "prob", "raw", "conf_int")) {
    expect_equal(
      predict(fit, new, type = type), predict(glm_fit, new, type = type), tolerance = 1e-6
    )
  }
  with_error <- function(fit) predict(fit, new, type = "conf_int", level = 0.8, std_error = TRUE)
  expect_equal(with_error(fit), with_error(glm_fit), tolerance = 1e-6)
  for (verb in list(generics::tidy, generics::glance, function(fit) generics::augment(fit, d))) {
    expect_equal(verb(fit), verb(glm_fit), tolerance = 1e-6)
  }
  by_columns <- function(engine) {
    spec <- parsnip::set_engine(parsnip::logistic_reg(), engine)
    predict(parsnip::fit_xy(spec, d[c("lwt", "smoke")], d$low), d, type = "prob")
  }
  expect_equal(by_columns("fastlogit"), by_columns("glm"), tolerance = 1e-6)
})

test_that("multinom_reg() has the predictions of engine nnet", {
  skip_if_not_installed("parsnip")
  skip_if_not_installed("nnet")
  d <- outcomes()
  nnet_fit <- fitted_by(
    parsnip::multinom_reg(), "nnet", race ~ lwt + smoke, d, reltol = 1e-15, maxit = 1000
  )
  fit <- fitted_by(parsnip::multinom_reg(), "fastlogit", race ~ lwt + smoke, d)
  for (type in c("class", "prob", "raw")) {
    for (rows in list(1:7, 3)) {
      expect_equal(
        predict(fit, d[rows, ], type = type), predict(nnet_fit, d[rows, ], type = type),
        tolerance = 1e-4
      )
    }
  }
  expect_equal(generics::tidy(fit), generics::tidy(parsnip::extract_fit_engine(fit)))
  two <- fitted_by(parsnip::multinom_reg(), "fastlogit", low ~ lwt, d)
  expect_equal(
    predict(two, d, type = "prob"),
    predict(fitted_by(parsnip::logistic_reg(), "glm", low ~ lwt, d), d, type = "prob"),
    tolerance = 1e-6
  )
  # A class without rows has no column, as in the fit.
  fewer <- suppressWarnings(fitted_by(
    parsnip::multinom_reg(), "fastlogit", race ~ lwt, transform(d, race = factor(race, 1:4))
  ))
  expect_named(predict(fewer, d, type = "prob"), paste0(".pred_", 1:3))
})

test_that("main arguments and case weights reach the fit", {
  skip_if_not_installed("parsnip")
  skip_if_not_installed("hardhat")
  d <- outcomes()
  weights <- hardhat::importance_weights(d$weight)
  spec <- parsnip::set_engine(parsnip::logistic_reg(penalty = 0.1, mixture = 0), "fastlogit")
  fit <- parsnip::fit(spec, low ~ lwt, d, case_weights = weights)
  expect_equal(
    coef(parsnip::extract_fit_engine(fit)),
    coef(fit_logistic_reg(low ~ lwt, d, d$weight, penalty = 0.1))
  )
  lasso <- parsnip::set_engine(parsnip::logistic_reg(penalty = 0.1, mixture = 1), "fastlogit")
  expect_error(parsnip::fit(lasso, low ~ lwt, d), "glmnet")
  firth <- parsnip::set_engine(parsnip::logistic_reg(), "fastlogit", penalty = "firth")
  expect_equal(
    coef(parsnip::extract_fit_engine(parsnip::fit(firth, low ~ lwt, d))),
    coef(fastlogit(low ~ lwt, data = d, penalty = "firth"))
  )
})

test_that("workflows run, and the penalty is tuned", {
  for (package in c("workflows", "tune", "dials", "recipes", "rsample", "yardstick")) {
    skip_if_not_installed(package)
  }
  d <- outcomes()
  tuned <- function(engine, spec, outcome) {
    set.seed(1)
    recipe <- recipes::recipe(stats::reformulate(c("lwt", "smoke", "age"), outcome), d)
    flow <- workflows::workflow(recipe, parsnip::set_engine(spec, engine))
    result <- tune::tune_grid(
      flow, rsample::vfold_cv(d, 3), grid = data.frame(penalty = c(0.01, 0.1, 1)),
      metrics = yardstick::metric_set(yardstick::mn_log_loss)
    )
    tune::collect_metrics(result)[c("penalty", "mean")]
  }
  logistic <- parsnip::logistic_reg(penalty = tune::tune(), mixture = 0)
  classes <- parsnip::multinom_reg(penalty = tune::tune(), mixture = 0)
  for (case in list(list(logistic, "low"), list(classes, "race"))) {
    expect_equal(
      tuned("fastlogit", case[[1]], case[[2]]), tuned("glmnet", case[[1]], case[[2]]),
      tolerance = 1e-3
    )
  }
  flow <- workflows::workflow(
    low ~ lwt + race, parsnip::set_engine(parsnip::logistic_reg(), "fastlogit")
  )
  expect_equal(
    unname(coef(workflows::extract_fit_engine(parsnip::fit(flow, d)))),
    unname(coef(fastlogit(low ~ lwt + race, data = d)))
  )
})
