# The packages that take a multinom: a call gives the same on a fit by fastmultinom() as on one by
# multinom(), to the digits that this has. As for two classes in test-methods-interop.R.

class_calls <- list(
  texreg = alist(
    extract = lapply(c("coef.names", "coef", "se", "pvalues", "gof"), function(part) {
      slot(extract(fit), part)
    }),
    screen = screenreg(fit)
  ),
  insight = alist(
    statistic = find_statistic(fit), parameters = plain(get_parameters(fit)),
    statistics = plain(get_statistic(fit)), formula = find_formula(fit), n = n_obs(fit),
    deviance = get_deviance(fit), data = plain(get_data(fit)), variance = get_varcov(fit)
  ),
  parameters = alist(
    table = plain(model_parameters(fit)), names = names(model_parameters(fit)),
    ratios = plain(model_parameters(fit, exponentiate = TRUE)), p = plain(p_value(fit)),
    error = plain(standard_error(fit)), interval = plain(ci(fit))
  ),
  performance = alist(
    performance = plain(model_performance(fit)), mcfadden = unlist(r2_mcfadden(fit)),
    coxsnell = unlist(r2_coxsnell(fit)), aic = performance_aic(fit)
  ),
  broom = alist(
    tidy = plain(tidy(fit, conf.int = TRUE)), glance = plain(glance(fit))
  ),
  marginaleffects = alist(
    predictions = plain(predictions(fit))$estimate, average = plain(avg_slopes(fit))[1:5],
    contrasts = plain(avg_comparisons(fit))[1:5], by = plain(avg_predictions(fit, by = "smoke"))
  ),
  ggeffects = alist(
    predict = plain(ggpredict(fit, "lwt")), emmeans = plain(ggemmeans(fit, "lwt"))
  ),
  modelsummary = alist(
    table = modelsummary(fit, output = "data.frame", shape = term + response ~ statistic),
    estimates = plain(get_estimates(fit)), fit = get_gof(fit)
  ),
  gtsummary = alist(
    regression = plain(tbl_regression(fit)), exponentiated = plain(tbl_regression(fit, TRUE)),
    note = add_glance_source_note(tbl_regression(fit))$table_styling$source_note$source_note
  ),
  DALEX = alist(
    explained = explain(fit, data = d[c("lwt", "smoke")], y = d$race, verbose = FALSE)$y_hat,
    profile = plain(model_profile(
      explain(fit, data = d[c("lwt", "smoke")], y = d$race, verbose = FALSE), variables = "lwt",
      N = NULL
    )$agr_profiles)[4:5]
  )
)

plain <- function(result) {
  result <- as.data.frame(result)
  attributes(result) <- list(names = names(result), row.names = seq_len(nrow(result)))
  structure(result, class = "data.frame")
}

# The functions of the package are found without their names of packages.
outcome_for_package <- function(call, fit, package) {
  exports <- mget(getNamespaceExports(package), asNamespace(package), inherits = TRUE)
  env <- list2env(list(fit = fit, d = births_by_race(), plain = plain), parent = list2env(exports))
  found <- suppressWarnings(suppressMessages(tryCatch(
    list(failed = FALSE, value = comparable(eval(call, env))),
    error = function(e) list(failed = TRUE, message = conditionMessage(e))
  )))
  found
}

births_by_race <- function() {
  transform(births(), race = factor(race, labels = c("white", "black", "other")))
}

# Before find_statistic() of insight was a generic it knew classes by a list of its own, and so did
# the tables of parameters.
insight_is_old <- function() !utils::isS3stdGeneric(insight::find_statistic)
if (requireNamespace("insight", quietly = TRUE) && insight_is_old()) {
  class_calls$insight$statistic <- NULL
  class_calls$parameters[c("table", "names", "ratios")] <- NULL
}

for (package in names(class_calls)) {
  test_that(paste("interoperation, many classes:", package), {
    skip_if_not_installed(package)
    skip_if_not_installed("nnet")
    d <- births_by_race()
    assign("d", d, envir = globalenv())
    on.exit(rm("d", envir = globalenv()))
    fit <- fastmultinom(race ~ lwt + smoke, data = d)
    nnet_fit <- nnet::multinom(
      race ~ lwt + smoke, data = d, trace = FALSE, reltol = 1e-15, maxit = 1000, Hess = TRUE,
      model = TRUE
    )
    for (name in names(class_calls[[package]])) {
      call <- class_calls[[package]][[name]]
      expected <- outcome_for_package(call, nnet_fit, package)
      expect_same_outcome(outcome_for_package(call, fit, package), expected, 1e-4, deparse1(call))
    }
  })
}

# --- what a multinom cannot tell -----------------------------------------------------------------

separated_classes <- function() {
  suppressWarnings(fastmultinom(Species ~ Petal.Width, data = iris))
}

test_that("tables of a separated fit have its infinite estimates, and their one-sided intervals", {
  skip_if_not_installed("parameters")
  fit <- separated_classes()
  expected <- tidy.fastmultinom(fit, conf.int = TRUE)
  found <- as.data.frame(parameters::model_parameters(fit))
  expect_identical(found$Response, expected$y.level)
  expect_identical(found$Coefficient, expected$estimate)
  expect_identical(found$SE, expected$std.error)
  expect_identical(found$p, expected$p.value)
  expect_equal(found$CI_low, expected$conf.low)
  expect_equal(found$CI_high, expected$conf.high)
  expect_true(any(is.infinite(found$Coefficient)))
  # Two classes are not named.
  two <- suppressWarnings(fastmultinom(I(Petal.Width > 1) ~ Petal.Width, data = iris))
  expect_identical(insight::get_parameters(two)$Estimate, tidy.fastmultinom(two)$estimate)
  levels <- bayestestR::ci(fit, ci = c(0.8, 0.9))
  expect_equal(
    levels$CI_low[levels$CI == 0.8],
    tidy.fastmultinom(fit, conf.int = TRUE, conf.level = 0.8)$conf.low
  )
  expect_error(
    bayestestR::ci(fit, vcov = diag(4)), class = "fastlogit_infinite_estimates"
  )
})

test_that("the algorithm tells the penalty", {
  skip_if_not_installed("insight")
  d <- births_by_race()
  algorithm <- function(fit) insight::find_algorithm(fit)$algorithm
  expect_identical(algorithm(fastlogit(low ~ lwt, data = d)), "ML")
  expect_identical(
    algorithm(fastlogit(low ~ lwt, data = d, penalty = "firth")), "ML with mean bias reduction"
  )
  expect_identical(algorithm(fastmultinom(race ~ lwt, data = d)), "ML")
  expect_identical(
    algorithm(fastmultinom(race ~ lwt, data = d, penalty = penalty_ridge(2))),
    "ML with ridge penalty (lambda 2)"
  )
})

test_that("measures for two classes have no value for many", {
  skip_if_not_installed("performance")
  fit <- fastmultinom(race ~ lwt, data = births_by_race())
  for (measure in c("r2_efron", "r2_mckelvey")) {
    expect_warning(
      expect_null(getExportedValue("performance", measure)(fit)), class = "fastlogit_many_classes"
    )
  }
})
