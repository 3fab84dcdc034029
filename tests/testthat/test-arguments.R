# What asks for another answer is never silent: for each S3 method, and each exported function, what
# becomes of an argument that it does not know. A new one fails here until it has a policy.
#   refused  a classed error that names the argument, and the nearest known one
#   warned   methods to which other packages pass arguments of their own: a classed warning
#   passed   on, to a function of another package that has its own policy
#   ignored  by extractors, printing and what packages call with arguments of their own

policies <- list(
  refused = c(
    "autoplot.fastclogit", "plot.fastclogit", "profile.fastclogit",
    "confint.fastclogit", "drop1.fastclogit", "plot.choice_effects", "predict.fastclogit",
    "residuals.fastclogit", "summary.fastclogit", "vcov.fastclogit",
    "anova.fastordinal", "confint.fastordinal", "drop1.fastordinal", "summary.fastordinal",
    "vcov.fastordinal", "plot.fastordinal", "autoplot.fastordinal", "profile.fastordinal",
    "add1.fastlogit", "add1.fastmultinom", "anova.fastlogit", "anova.fastlogit_stored",
    "anova.fastmultinom", "confint.fastlogit",
    "confint.fastmultinom", "confint.fastlogit_bootstrap", "drop1.fastlogit", "drop1.fastmultinom",
    "autoplot.fastlogit", "autoplot.fastlogit_table", "autoplot.fastmultinom",
    "autoplot.profile.glm",
    "plot.average_effects", "plot.average_predictions", "plot.fastlogit", "plot.fastmultinom",
    "plot.gof_test", "plot.metrics", "plot.odds_ratios", "profile.fastlogit",
    "relevel.fastmultinom",
    "autoplot.fastlogit_screen", "plot.fastlogit_screen", "screen.fastlogit",
    "screen.fastmultinom", "summary.fastlogit_screen",
    "summary.fastlogit", "summary.fastlogit_bootstrap", "summary.fastmultinom", "vcov.fastlogit",
    "vcov.fastmultinom"
  ),
  warned = c(
    "predict.fastordinal", "simulate.fastordinal", "augment.fastordinal", "glance.fastordinal",
    "tidy.fastordinal", "augment.fastclogit", "glance.fastclogit", "tidy.fastclogit",
    "tidy.fastlogit_screen",
    "augment.fastlogit", "augment.fastmultinom", "coef.fastmultinom", "predict.fastlogit",
    "predict.fastmultinom", "residuals.fastlogit", "residuals.fastmultinom", "simulate.fastlogit",
    "simulate.fastmultinom", "tidy.fastlogit", "tidy.fastmultinom", "glance.fastlogit",
    "glance.fastmultinom"
  ),
  passed = c(
    "concordance.fastclogit", "emm_basis.fastordinal", "Anova.fastordinal", "coefci.fastordinal",
    "coeftest.fastordinal", "deltaMethod.fastordinal", "Effect.fastordinal",
    "linearHypothesis.fastordinal", "lrtest.fastordinal", "poTest.fastordinal",
    "waldtest.fastordinal", "addterm.fastlogit", "addterm.fastmultinom", "Anova.fastlogit",
    "Anova.fastmultinom",
    "coefci.fastlogit", "coefci.fastmultinom", "coeftest.fastlogit", "coeftest.fastmultinom",
    "Confint.fastlogit", "deltaMethod.fastlogit", "deltaMethod.fastmultinom",
    "dropterm.fastlogit", "dropterm.fastmultinom", "Effect.fastlogit", "Effect.fastmultinom",
    "emm_basis.fastlogit", "emm_basis.fastmultinom", "linearHypothesis.fastlogit",
    "linearHypothesis.fastmultinom", "lrtest.fastlogit", "lrtest.fastmultinom", "S.fastlogit",
    "waldtest.fastlogit",
    "plot.profile.glm"  # of plain glms; of fits of ours it is refused, see test-plot-profile.R
  ),
  ignored = c(
    "$.fastclogit", "[[.fastclogit", "[.fastclogit", "with.fastclogit", "axe_call.fastclogit",
    "axe_ctrl.fastclogit", "axe_data.fastclogit", "axe_env.fastclogit", "axe_fitted.fastclogit",
    "survfit.fastclogit", "$.fastlogit", "$.fastmultinom", "[[.fastlogit", "[[.fastmultinom",
    "[.fastlogit",
    "[.fastmultinom", "with.fastlogit", "with.fastmultinom", "logLik.fastlogit", "nobs.fastlogit",
    "extractAIC.fastlogit", "axe_call.fastlogit", "axe_ctrl.fastlogit", "axe_data.fastlogit",
    "axe_env.fastlogit", "axe_fitted.fastlogit", "axe_call.fastmultinom", "axe_ctrl.fastmultinom",
    "axe_data.fastmultinom", "axe_env.fastmultinom", "axe_fitted.fastmultinom",
    "bread.fastlogit",
    "bread.fastmultinom", "coef.fastlogit_bootstrap",
    "coef.fastlogit_shown", "dfbeta.fastlogit", "dfbetas.fastlogit",
    "variable.names.fastlogit", "close.fastlogit_workers", "coef.fastmultinom_row",
    "count_rows.source_dbi",
    "count_rows.source_files", "count_rows.source_function", "estfun.fastmultinom",
    "exchange.cluster_engine", "exchange.mirai_engine", "extractAIC.fastlogit_stored",
    "extractAIC.fastmultinom", "fingerprint.source_dbi", "fingerprint.source_files",
    "fingerprint.source_function", "fitted.fastlogit_stored", "fitted.fastmultinom_stored",
    "formula.fastmultinom", "get_coef.fastmultinom", "get_predict.fastmultinom",
    "hatvalues.fastlogit",
    "influence.fastlogit", "logLik.fastlogit_rowless", "logLik.fastmultinom",
    "model.frame.fastlogit_stored", "model.frame.fastmultinom",
    "model.frame.fastmultinom_stored", "model.matrix.fastlogit_stored",
    "model.matrix.fastmultinom", "naprint.rows_omitted", "nobs.fastlogit_rowless",
    "df.residual.fastmultinom", "nobs.fastmultinom",
    "open_source.source_dbi", "open_source.source_files", "open_source.source_function",
    "print.anova_fastmultinom", "print.fastlogit", "print.fastlogit_bootstrap",
    "anova.fastclogit", "Anova.fastclogit", "deviance.fastclogit", "emm_basis.fastclogit",
    "recover_data.fastclogit", "extractAIC.fastclogit", "fitted.fastclogit", "formula.fastclogit",
    "logLik.fastclogit", "model.frame.fastclogit", "model.matrix.fastclogit", "nobs.fastclogit",
    "print.choice_effects", "print.exact_tests", "print.fastclogit", "print.summary.fastclogit",
    "bread.fastclogit", "estfun.fastclogit",
    "$.fastordinal", "[[.fastordinal", "extractAIC.fastordinal", "fitted.fastordinal",
    "logLik.fastordinal", "model.frame.fastordinal", "model.matrix.fastordinal",
    "axe_call.fastordinal", "axe_ctrl.fastordinal", "axe_data.fastordinal", "axe_env.fastordinal",
    "axe_fitted.fastordinal", "bread.fastordinal", "estfun.fastordinal", "get_coef.fastordinal",
    "set_coef.fastordinal", "model.frame.fastordinal_stored",
    "nobs.fastordinal", "print.fastordinal", "print.summary.fastordinal",
    "print.fastlogit_penalty",
    "print.fastlogit_screen", "print.summary.fastlogit_screen", "screen.default",
    "screen.numeric",
    "print.fastlogit_source", "print.fastlogit_workers", "print.fastmultinom", "print.separation",
    "grid.draw.fastlogit_ggplots", "print.fastlogit_ggplots",
    "print.fastlogit_table", "print.gof_test", "print.odds_ratios", "as.data.frame.fastlogit_table",
    "[.fastlogit_table", "print.summary.fastlogit", "print.summary.fastmultinom",
    "set_coef.fastmultinom", "split_source.source_dbi", "split_source.source_files",
    "split_source.source_function", "vcov.fastlogit_bootstrap",
    "vcov.fastmultinom_row"
  )
)

argument_fits <- function() {
  d <- transform(MASS::birthwt, race = factor(race))
  rows <- source_function(chunks_of(d, 100))
  fit <- fastlogit(low ~ lwt + race, data = d)
  trips <- data.frame(
    trip = rep(1:30, each = 2), mode = c("bus", "car"), x = sin(1:60), chosen = c(1, 0, 0, 1, 1, 0)
  )
  list(
    fastlogit = fit, odds_ratios = odds_ratios(fit), average_effects = average_effects(fit),
    average_predictions = average_predictions(fit), metrics = metrics(fit),
    gof_test = gof_test(fit), fastlogit_table = odds_ratios(fit), glm = profile(fit),
    fastlogit_screen = screen(fit, cbind(smoke = d$smoke)),
    fastlogit_bootstrap = bootstrap(fastlogit(low ~ lwt, data = d), R = 99, seed = 1),
    fastlogit_stored = fastlogit(low ~ lwt + race, data = rows),
    fastclogit = fastclogit(low ~ lwt + race + strata(age), data = d),
    fastordinal = fastordinal(ordered(race) ~ lwt + smoke, data = d),
    choice_effects = average_predictions(
      fastclogit(chosen ~ x + strata(trip), data = trips), by = "mode"
    ),
    fastmultinom = fastmultinom(race ~ lwt + smoke, data = d),
    fastmultinom_stored = fastmultinom(race ~ lwt + smoke, data = rows)
  )
}

generic_of <- function(method) sub("[.].*$", "", method)

class_of_method <- function(method) sub("^.*[.]", "", method)

# A call of each of the methods with one more argument: list(arguments) after the fit.
call_methods <- function(methods, fits, check) {
  generics <- c(
    augment = "generics", tidy = "generics", glance = "generics", autoplot = "ggplot2"
  )
  for (method in methods) {
    generic <- generic_of(method)
    home <- generics[generic]
    if (!is.na(home) && !requireNamespace(home, quietly = TRUE)) next
    f <- if (is.na(home)) get(generic) else getExportedValue(home, generic)
    needed <- switch(generic, add1 = list(~ . + age), relevel = list("2"), screen = list(diag(189)))
    ask <- function(...) do.call(f, c(list(fits[[class_of_method(method)]]), needed, list(...)))
    check(method, ask)
  }
}

# An argument of the method, by its name without the last letter but one, if that is long enough.
misspelt <- function(method) {
  method <- sub("_stored$", "", method)
  names <- setdiff(names(formals(get(method, asNamespace("fastlogit")))), "...")
  name <- utils::tail(names[nchar(names) > 4], 1L)
  if (length(name)) stats::setNames(sub(".(.)$", "\\1", name), name)
}

test_that("every S3 method has a policy", {
  table <- getNamespaceInfo("fastlogit", "S3methods")
  expect_setequal(paste(sub("^.*::", "", table[, 1]), table[, 2], sep = "."), unlist(policies))
})

test_that("what asks for another answer is refused by name, with the nearest known name", {
  skip_if_not_installed("MASS")
  call_methods(policies$refused, argument_fits(), function(method, ask) {
    expect_match(expect_refusal(quote(ask(nosuch = 1))), "`nosuch`", label = method)
    expect_error(ask(nosuch = 1), class = "fastlogit_unknown_argument")
    wrong <- misspelt(method)
    if (length(wrong) == 0L) return()
    told <- sprintf("`%s`: did you mean `%s`?", wrong, names(wrong))
    named <- stats::setNames(list(1), wrong)
    expect_error(do.call(ask, named), told, fixed = TRUE, label = method)
  })
})

test_that("methods to which packages pass arguments of their own warn", {
  skip_if_not_installed("MASS")
  call_methods(policies$warned, argument_fits(), function(method, ask) {
    expect_warning(ask(nosuch = 1), "`nosuch`", class = "fastlogit_unknown_argument")
    wrong <- misspelt(method)
    if (length(wrong) == 0L) return()
    told <- sprintf("`%s`: did you mean", wrong)
    named <- stats::setNames(list(1), wrong)
    expect_warning(do.call(ask, named), told, fixed = TRUE, label = method)
  })
})

test_that("exported functions refuse what they do not know, without a look at its value", {
  handing_on <- "mirai_workers"  # to mirai::daemons()
  for (name in setdiff(getNamespaceExports("fastlogit"), handing_on)) {
    f <- getExportedValue("fastlogit", name)
    if (!is.function(f)) next
    if (!"..." %in% names(formals(f))) {
      expect_error(f(nosuch = nowhere), "nosuch", label = name)
      next
    }
    ask <- if ("formula" %in% names(formals(f))) function(...) f(y ~ x, ...) else f
    expect_error(ask(nosuch = nowhere), class = "fastlogit_unknown_argument", label = name)
  }
})

test_that("what is misspelt in a fit is refused, with or without a control", {
  skip_if_not_installed("MASS")
  d <- MASS::birthwt
  expect_refusals(alist(
    "weights" = fastlogit(low ~ lwt, data = d, weigths = nowhere),
    "beside a control" = fastlogit(low ~ lwt, data = d, control = list(maxit = 9), famly = 1),
    "many classes" = fastmultinom(race ~ lwt, data = d, refrence = "2", wieghts = age),
    "of another package" = fastlogit(low ~ lwt, data = d, lambda.min.ratio = 2),
    "twice" = fastlogit(low ~ lwt, data = d, control = list(maxit = 9), maxit = 8),
    "a separation asked for" = detect_separation(low ~ lwt, data = d, subst = age > 20),
    "a matrix" = fastlogit_fit(cbind(1, d$lwt), d$low, famliy = binomial())
  ))
  beside <- fastlogit(low ~ lwt, data = d, control = list(maxit = 9), epsilon = 1e-3)
  expect_identical(beside$control[c("epsilon", "maxit")], list(epsilon = 1e-3, maxit = 9))
  expect_identical(fastlogit(low ~ lwt, data = d, eps = 1e-3)$control$epsilon, 1e-3)
})

test_that("tests that ask for another answer are refused", {
  skip_if_not_installed("MASS")
  d <- transform(MASS::birthwt, race = factor(race))
  fit <- fastlogit(low ~ lwt + race, data = d)
  firth <- fastlogit(low ~ lwt + race, data = d, penalty = "firth")
  glm_fit <- glm(low ~ lwt + race, binomial(), d)
  classes <- fastmultinom(race ~ lwt, data = d)
  ridged <- fastmultinom(race ~ lwt, data = d, penalty = penalty_ridge(1))
  expect_refusals(alist(
    "a glm beside a penalised fit" = anova(firth, glm_fit),
    "a fit without the penalty" = anova(firth, fit),
    "a fit of many classes" = anova(fit, classes),
    "a glm beside many classes" = anova(classes, glm_fit),
    "classes without the penalty" = anova(ridged, classes),
    "no fit" = anova(fit, "LRT"),
    "score tests of a penalised fit" = anova(firth, test = "Rao"),
    "dispersion of a penalised fit" = anova(firth, dispersion = 2),
    "score tests of its terms" = drop1(firth, test = "Rao"),
    "its AIC" = drop1(firth, k = 2),
    "step()" = step(firth, trace = 0),
    "score profiles of a penalised fit" = confint(firth, test = "Rao"),
    "a threshold of many classes" = classify(classes, threshold = 0.9),
    "a glm" = classify(glm_fit)
  ))
  expect_equal(anova(fit, glm_fit, test = "Chisq")$Deviance, c(NA, 0))
  expect_identical(anova(firth, test = "Chisq"), anova(firth))
  expect_identical(drop1(firth, test = "LRT"), drop1(firth))
  expect_equal(drop1(fit, ~race, 0, "Chisq")$LRT, drop1(glm_fit, ~race, 0, "Chisq")$LRT)
  expect_identical(confint(fit, test = "LRT"), confint(fit))
  if (getRversion() < "4.4.0") expect_refusal(quote(confint(fit, test = "Rao")))
})

test_that("what other packages hand on to vcov() does not stop emmeans", {
  skip_if_not_installed("emmeans")
  d <- transform(MASS::birthwt, race = factor(race))
  glm_fit <- glm(low ~ lwt + race, binomial(), d, control = list(epsilon = 1e-14))
  of <- function(fit) {
    as.data.frame(emmeans::emmeans(fit, pairwise ~ race, adjust = "none", infer = TRUE)$contrasts)
  }
  expect_equal(of(fastlogit(low ~ lwt + race, data = d)), of(glm_fit), tolerance = 1e-7)
  classes <- fastmultinom(race ~ factor(smoke), data = d)
  means <- emmeans::emmeans(classes, ~ race | smoke, adjust = "none", infer = TRUE)
  expect_s4_class(means, "emmGrid")
})
