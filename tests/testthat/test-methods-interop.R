# The packages that take a glm: a call gives the same on a fit by fastlogit() as on one by glm(). A
# row is a call that sees the fit, its data `d` (a response, the numbers `z` and `x`, the factor
# `g`), and the package's functions without `package::`, so that nothing need be installed.

interop_sets <- function() {
  binary <- with(MASS::birthwt, data.frame(y = low, z = lwt, g = factor(race), x = age))
  counts <- with(MASS::snails, data.frame(Deaths, z = Temp, g = Species, x = Rel.Hum))
  list(
    binary = data_set("binary", y ~ z * g + x, binary),
    counts = data_set("counts", cbind(Deaths, 20 - Deaths) ~ z + x + g, counts)
  )
}

# The calls find the package's functions behind the data.
interop_fit <- function(set, fitter, package, ...) {
  control <- list(epsilon = 1e-14, maxit = 100)
  fit <- catch_glm_warnings(fit_data_set(set, fitter, control = control, ...))$value
  exports <- mget(getNamespaceExports(package), asNamespace(package), inherits = TRUE)
  data_of_fit <- environment(stats::formula(fit))
  parent.env(data_of_fit) <- list2env(exports, parent = parent.env(data_of_fit))
  fit
}

plain <- function(result) {
  result <- as.data.frame(result)
  attributes(result) <- list(names = names(result), row.names = seq_len(nrow(result)))
  structure(result, class = "data.frame")
}

# Without a name that the comparison takes for that of a fit.
effect_table <- function(effect) {
  table <- plain(effect)
  stats::setNames(table, sub("^fit$", "estimate", names(table)))
}

# For DALEX: what is predicted, beside what was.
explained <- function(fit, d) {
  y <- if (is.null(dim(fit$y))) fit$y else fit$y[, 1]
  getExportedValue("DALEX", "explain")(fit, data = d, y = y, verbose = FALSE)
}

seeded <- function(code) {
  set.seed(1)
  code
}

interop_calls <- list(
  sandwich = alist(
    HC3 = vcovHC(fit), HC0 = vcovHC(fit, "HC0"), HC1 = vcovHC(fit, "HC1"),
    HC2 = vcovHC(fit, "HC2"), HC4 = vcovHC(fit, "HC4"), HC4m = vcovHC(fit, "HC4m"),
    HC5 = vcovHC(fit, "HC5"), const = vcovHC(fit, "const"),
    CL = vcovCL(fit, rep_len(1:9, nobs(fit))),
    `CL HC3` = vcovCL(fit, rep_len(1:9, nobs(fit)), "HC3"),
    formula = vcovCL(fit, ~g), OPG = vcovOPG(fit), HAC = vcovHAC(fit), PL = vcovPL(fit),
    # Few replicates: in a resample without some factor level the estimates differ by their ways.
    BS = seeded(vcovBS(update(fit, . ~ z), R = 5)),
    estfun = estfun(fit), bread = bread(fit), meat = meat(fit), sandwich = sandwich(fit)
  ),
  lmtest = alist(
    coeftest = coeftest(fit), t = coeftest(fit, df = 10),
    HC3 = coeftest(fit, vcov. = sandwich::vcovHC), coefci = coefci(fit),
    waldtest = waldtest(fit, update(fit, . ~ 1)),
    Chisq = waldtest(fit, update(fit, . ~ 1), test = "Chisq", vcov = sandwich::vcovHC(fit)),
    lrtest = lrtest(update(fit, . ~ 1), fit), bptest = bptest(fit), resettest = resettest(fit)
  ),
  broom = alist(
    tidy = tidy(fit),
    named = tidy(x = fit), glance = glance(fit), augment = augment(fit),
    new = augment(fit, newdata = head(d), se_fit = TRUE, type.predict = "response"),
    response = augment(fit, type.predict = "response", type.residuals = "pearson", se_fit = TRUE)
  ),
  car = alist(
    II = Anova(fit), Wald = Anova(fit, test = "Wald"), F = Anova(fit, test = "F"),
    III = Anova(fit, type = "III"), `III Wald` = Anova(fit, type = "III", test = "Wald"),
    HC3 = Anova(fit, test = "Wald", vcov. = sandwich::vcovHC(fit)), vif = vif(fit),
    linearHypothesis = linearHypothesis(fit, c("z", "x"), test = "F"),
    robust = linearHypothesis(fit, "z = 0.1", vcov. = sandwich::vcovHC),
    outlierTest = outlierTest(fit, cutoff = Inf), named = outlierTest(model = fit),
    influencePlot = influencePlot(fit), infIndexPlot = infIndexPlot(fit),
    deltaMethod = deltaMethod(fit, "z / x"),
    Confint = Confint(fit, exponentiate = TRUE, vcov. = vcov(fit)),
    compareCoefs = compareCoefs(fit, update(fit, . ~ z), print = FALSE), S = S(fit)$coefficients,
    avPlots = avPlots(fit), crPlots = crPlots(update(fit, . ~ z + x)), mmp = mmp(fit),
    residualPlot = residualPlot(fit), dfbetas = dfbetasPlots(fit),
    Boot = seeded(Boot(update(fit, . ~ z), R = 5)$t)
  ),
  emmeans = alist(
    link = plain(emmeans(fit, ~g)), response = plain(emmeans(fit, ~g, type = "response")),
    at = plain(emmeans(fit, ~ g | z, at = list(z = c(10, 20)))),
    pairs = plain(pairs(emmeans(fit, ~g), type = "response")),
    contrast = plain(contrast(emmeans(fit, ~g), "eff")),
    regrid = plain(pairs(regrid(emmeans(fit, ~g)))), emtrends = plain(emtrends(fit, ~g, "z")),
    ref_grid = plain(summary(ref_grid(fit))), joint_tests = plain(joint_tests(fit)),
    HC3 = plain(emmeans(fit, ~g, vcov. = sandwich::vcovHC))
  ),
  effects = alist(
    allEffects = lapply(allEffects(fit), effect_table), Effect = effect_table(Effect("g", fit)),
    predictorEffects = lapply(predictorEffects(fit), effect_table),
    plot = plot(allEffects(fit)), HC3 = effect_table(Effect("z", fit, vcov. = sandwich::vcovHC)),
    residuals = effect_table(Effect("z", fit, residuals = TRUE))
  ),
  insight = alist(
    statistic = get_statistic(fit), wald = get_df(fit, type = "wald"), df = get_df(fit),
    predicted = plain(get_predicted(fit, ci = 0.95)), named = get_statistic(x = fit),
    HC3 = plain(get_predicted(fit, ci = 0.9, vcov = "HC3")),
    link = plain(get_predicted(fit, data = head(d), predict = "link", ci = 0.95)),
    varcov = get_varcov(fit, vcov = "HC1"), info = model_info(fit), data = get_data(fit),
    parameters = get_parameters(fit), loglik = get_loglikelihood(fit), sigma = get_sigma(fit),
    terms = find_terms(fit), weights = get_weights(fit), response = get_response(fit)
  ),
  parameters = alist(
    wald = plain(model_parameters(fit, ci_method = "wald")),
    named = plain(model_parameters(model = fit, ci_method = "wald")),
    HC3 = plain(model_parameters(fit, vcov = "HC3", ci_method = "wald")),
    type = parameters_type(fit),
    robust = plain(model_parameters(fit, vcov = sandwich::vcovHC, ci_method = "wald")),
    odds = plain(model_parameters(fit, exponentiate = TRUE, ci_method = "wald")),
    standardized = plain(model_parameters(fit, standardize = "refit", ci_method = "wald")),
    compared = plain(compare_parameters(fit, update(fit, . ~ z))),
    printed = utils::capture.output(print(model_parameters(fit))),
    name = attr(model_parameters(fit), "object_name"),
    `ci HC3` = ci(fit, method = "wald", vcov = "HC3"),
    se = standard_error(fit), `se HC3` = standard_error(model = fit, vcov = "HC3"),
    p = p_value(fit), `p HC3` = p_value(fit, vcov = "HC3"), df = degrees_of_freedom(fit),
    equivalence = plain(equivalence_test(fit))
  ),
  performance = alist(
    r2 = r2(fit), named = r2(model = fit), tjur = r2_tjur(fit), nagelkerke = r2_nagelkerke(fit),
    coxsnell = r2_coxsnell(fit), mcfadden = r2_mcfadden(fit), kullback = r2_kullback(fit),
    model_performance = model_performance(fit), rmse = rmse(fit), aicc = performance_aicc(fit),
    collinearity = check_collinearity(fit), dispersion = check_overdispersion(fit),
    hosmer = performance_hosmer(fit), binned = plain(binned_residuals(fit)),
    logloss = performance_logloss(fit), pcp = performance_pcp(fit), score = performance_score(fit),
    test = test_likelihoodratio(update(fit, . ~ 1), fit)$p, outliers = check_outliers(fit)
  ),
  boot = alist(
    cv = seeded(cv.glm(d, fit, K = 3)$delta), diagnostics = glm.diag(fit),
    plots = glm.diag.plots(fit),
    boot = seeded(boot(d, function(rows, i) coef(update(fit, . ~ z, data = rows[i, ])), R = 5)$t)
  ),
  MASS = alist(
    step = essence(stepAIC(fit, trace = 0)), profile = plot(profile(fit)),
    dose = dose.p(fit, cf = 1:2, p = c(0.25, 0.5)),
    confint = confint(profile(fit), "z", level = 0.9)
  ),
  texreg = alist(
    screen = screenreg(fit), latex = texreg(fit), two = htmlreg(list(fit, update(fit, . ~ 1))),
    extract = lapply(c("coef", "se", "pvalues", "gof"), function(part) slot(extract(fit), part))
  ),
  marginaleffects = alist(
    predictions = plain(predictions(fit)), slopes = plain(slopes(fit, variables = "z")),
    averages = plain(avg_predictions(fit, by = "g")), average = plain(avg_slopes(fit)),
    HC3 = plain(avg_slopes(fit, vcov = "HC3")), contrasts = plain(avg_comparisons(fit)),
    hypotheses = plain(hypotheses(fit, "z = x")), link = plain(predictions(fit, type = "link"))
  ),
  modelsummary = alist(
    table = modelsummary(fit, output = "data.frame"), estimates = plain(get_estimates(fit)),
    HC3 = modelsummary(fit, output = "data.frame", vcov = "HC3"), fit = get_gof(fit)
  ),
  ggeffects = alist(
    predict = plain(ggpredict(fit, "z")), emmeans = plain(ggemmeans(fit, c("z", "g"))),
    effect = plain(ggeffect(fit, "g")), test = plain(test_predictions(fit, "g"))
  ),
  pROC = alist(
    auc = as.numeric(auc(roc(round(fit$y), fitted(fit), quiet = TRUE))),
    interval = as.numeric(ci.auc(roc(round(fit$y), fitted(fit), quiet = TRUE)))
  ),
  ResourceSelection = alist(hoslem = hoslem.test(fit$y, fitted(fit))),
  flextable = alist(
    table = as_flextable(fit)$body$dataset, footer = as_flextable(fit)$footer$dataset
  ),
  gtsummary = alist(
    regression = plain(tbl_regression(fit)), exponentiated = plain(tbl_regression(fit, TRUE)),
    robust = plain(tbl_regression(fit, tidy_fun = function(x, ...) tidy_robust(x, "HC3", ...))),
    glance = plain(add_glance_table(tbl_regression(fit)))
  ),
  report = alist(
    text = as.character(report(fit)), table = plain(report_table(fit)),
    statistics = as.character(report_statistics(fit)), info = as.character(report_info(fit))
  ),
  DALEX = alist(
    performance = unlist(model_performance(explained(fit, d))$measures),
    parts = seeded(plain(model_parts(explained(fit, d), B = 2))$dropout_loss),
    profile = plain(model_profile(explained(fit, d), variables = "z", N = NULL)$agr_profiles)[4:5],
    one_row = plain(predict_parts(explained(fit, d), d[3, ]))$contribution
  )
)


# What a generic needs but the fit does not hold is made for it.
without_decomposition <- function(fit) {
  fit[c("qr", "R", "effects")] <- NULL
  fit
}

quiet_outcome <- function(call, fit) {
  utils::capture.output(outcome <- outcome_of(call, fit))
  outcome
}

expect_same_interop <- function(package, set, link, calls = interop_calls[[package]]) {
  # Functions that update a fit look for the data where a user has them.
  assign("d", set$data, envir = globalenv())
  on.exit(rm("d", envir = globalenv()))
  fit <- interop_fit(set, "fastlogit", package, link = link)
  glm_fit <- interop_fit(set, "glm", package, link = link)
  expected <- lapply(calls, quiet_outcome, glm_fit)
  failed <- vapply(expected, `[[`, NA, "failed")
  if (set$name == "binary" && mean(failed) > 0.5) {
    skip(paste(package, "fails for glm():", expected[[which(failed)[1]]]$message))
  }
  for (name in names(calls)) {
    label <- sprintf("%s, %s: %s", set$name, link, deparse1(calls[[name]]))
    expect_same_outcome(quiet_outcome(calls[[name]], fit), expected[[name]], 1e-5, label)
    bare <- quiet_outcome(calls[[name]], without_decomposition(fit))
    expect_same_outcome(bare, expected[[name]], 1e-5, paste(label, "without decomposition"))
  }
}

for (package in names(interop_calls)) {
  test_that(paste("interoperation:", package), {
    skip_if_not_installed(package)
    skip_if_not_installed("MASS")
    for (set in interop_sets()) {
      for (link in c("logit", "probit")) {
        expect_same_interop(package, set, link)
      }
    }
  })
}

# --- ways to call --------------------------------------------------------------------------------

# Each sees the function `fitter`, called by that name, and the data `d`.
ways_to_call <- alist(
  formula_in_variable = {
    f <- y ~ z + x
    coef(update(fitter(f, binomial, d), . ~ . + g))
  },
  inside_function = (function(rows, weight) {
    fit <- fitter(y ~ z + x, binomial, rows, weights = weight)
    list(
      coef(update(fit, . ~ . + g)), drop1(fit), confint(profile(fit)), anova(fit),
      predict(fit, rows)
    )
  })(d, rep(1:3, length.out = nrow(d))),
  do_call = coef(update(do.call("fitter", list(y ~ z, binomial, quote(d))), . ~ . + x)),
  do_call_values = drop1(do.call(fitter, list(y ~ z + x, binomial, d)))$AIC,
  lapply = lapply(lapply(c(y ~ z, y ~ x), fitter, binomial, data = d), predict, head(d)),
  with = coef(with(d, update(fitter(y ~ z, binomial), . ~ . + x))),
  split = lapply(split(d, d$g), function(rows) coef(fitter(y ~ z, binomial, rows))),
  forked = parallel::mclapply(1:2, function(i) coef(fitter(y ~ z, binomial, d[-i, ]))),
  character = coef(fitter("y ~ z", "binomial", d)),
  vanished = (function(fit) list(hatvalues(fit), anova(fit), predict(fit, d, se.fit = TRUE)))(
    (function(gone) fitter(y ~ z + x, binomial, gone))(d)
  ),
  vanished_update = coef(update((function(gone) fitter(y ~ z, binomial, gone))(d), . ~ x)),
  restored = (function(file) {
    saveRDS(fitter(y ~ z + g, binomial, d), file)
    fit <- readRDS(file)
    list(summary(fit)$coefficients, hatvalues(fit), coef(update(fit, . ~ x)), deviance(fit))
  })(tempfile()),
  releveled = coef(update(fitter(y ~ z + g, binomial, d), . ~ z + relevel(g, "3"), subset = x > 20))
)

test_that("a fit can be asked for, and updated, in all the ways of glm()", {
  skip_if_not_installed("MASS")
  outcome <- function(call, fitter) {
    env <- list2env(list(fitter = fitter, d = interop_sets()$binary$data), parent = globalenv())
    tryCatch(
      list(failed = FALSE, value = comparable(suppressMessages(eval(call, env)))),
      error = function(e) list(failed = TRUE, message = conditionMessage(e))
    )
  }
  for (name in names(ways_to_call)) {
    call <- ways_to_call[[name]]
    expect_same_outcome(outcome(call, fastlogit), outcome(call, stats::glm), 1e-5, name)
  }
})

test_that("a comparison may have fits of both kinds", {
  skip_if_not_installed("MASS")
  d <- interop_sets()$binary$data
  small <- list(fastlogit(y ~ z, data = d), glm(y ~ z, binomial, d))
  large <- list(fastlogit(y ~ z + g, data = d), glm(y ~ z + g, binomial, d))
  expected <- anova(small[[2]], large[[2]], test = "Chisq")
  for (i in 1:2) {
    compared <- anova(small[[i]], large[[3 - i]], test = "Chisq")
    expect_equal(compared, expected, ignore_attr = TRUE, tolerance = 1e-6)
    expect_equal(AIC(small[[i]], large[[3 - i]])$AIC, AIC(small[[2]], large[[2]])$AIC)
  }
})

# --- the registration ----------------------------------------------------------------------------

for (package in union(names(plain_glm_generics), names(own_generics()))) {
  test_that(paste("the methods for", package, "are registered when it is loaded"), {
    skip_if_not_installed(package)
    namespace <- loadNamespace(package)
    generics <- c(names(plain_glm_generics[[package]]), names(own_generics()[[package]]))
    for (generic in generics) {
      # Versions differ: degrees_of_freedom() is no longer generic, for one.
      found <- get0(generic, namespace, mode = "function")
      if (!"UseMethod" %in% all.names(body(found))) next
      method <- getS3method(generic, "fastlogit", optional = TRUE, envir = namespace)
      expect_true(is.function(method), label = paste(package, generic))
      expect_identical(names(formals(method))[1], names(formals(found))[1])
    }
  })
}

test_that("a generic that a package does not have is no obstacle", {
  expect_silent(register_generics("stats", c(no_such_generic = TRUE)))
})

test_that("fastlogit() needs none of these packages to be loaded", {
  skip_if(nzchar(Sys.getenv("R_COVR")))
  loads <- "loadNamespace('fastlogit'); cat(loadedNamespaces())"
  loaded <- system2(
    file.path(R.home("bin"), "Rscript"), c("-e", shQuote(loads)), stdout = TRUE,
    env = paste0("R_LIBS=", paste(.libPaths(), collapse = .Platform$path.sep))
  )
  skip_if_not(any(grepl("fastlogit", loaded)), "fastlogit is not installed")
  expect_false(any(names(interop_calls) %in% strsplit(loaded, " ")[[1]]))
})
