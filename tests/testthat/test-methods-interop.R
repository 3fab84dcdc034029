# The packages that take a glm: the same call, on a fit by fastlogit() and on one by glm(), gives the
# same. A row is a call that sees the fit, its data `d` (a response, the numbers `z` and `x`, the
# factor `g`), and the package's functions without `package::`, so that nothing need be installed.

interop_sets <- function() {
  binary <- with(MASS::birthwt, data.frame(y = low, z = lwt, g = factor(race), x = age))
  counts <- with(MASS::snails, data.frame(Deaths, z = Temp, g = Species, x = Rel.Hum))
  list(
    binary = data_set("binary", y ~ z * g + x, binary),
    counts = data_set("counts", cbind(Deaths, 20 - Deaths) ~ z + x + g, counts)
  )
}

interop_fit <- function(set, fitter, package, ...) {
  fit <- catch_glm_warnings(
    fit_data_set(set, fitter, control = list(epsilon = 1e-14, maxit = 100), ...)
  )$value
  data_of_fit <- environment(stats::formula(fit))
  parent.env(data_of_fit) <- asNamespace(package)
  fit
}

plain <- function(result) as.data.frame(result)

# A data frame whose column `fit` is not taken for a fit.
effect_table <- function(effect) {
  stats::setNames(as.data.frame(effect), sub("^fit$", "estimate", names(as.data.frame(effect))))
}

printed_table <- function(object) utils::capture.output(print(object))

interop_calls <- list(
  sandwich = alist(
    HC3 = vcovHC(fit), HC0 = vcovHC(fit, "HC0"), HC1 = vcovHC(fit, "HC1"),
    HC2 = vcovHC(fit, "HC2"), HC4 = vcovHC(fit, "HC4"), HC4m = vcovHC(fit, "HC4m"),
    HC5 = vcovHC(fit, "HC5"), const = vcovHC(fit, "const"),
    CL = vcovCL(fit, rep_len(1:9, nobs(fit))),
    `CL HC3` = vcovCL(fit, rep_len(1:9, nobs(fit)), "HC3"),
    formula = vcovCL(fit, ~g), OPG = vcovOPG(fit), HAC = vcovHAC(fit), PL = vcovPL(fit),
    # Few replicates: in a resample without some factor level the estimates differ by their ways.
    BS = { set.seed(1); vcovBS(update(fit, . ~ z), R = 5) },
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
    tidy = tidy(fit), interval = tidy(fit, conf.int = TRUE, exponentiate = TRUE),
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
    deltaMethod = deltaMethod(fit, "z / x"), Confint = Confint(fit, exponentiate = TRUE),
    compareCoefs = compareCoefs(fit, update(fit, . ~ z), print = FALSE), S = S(fit)$coefficients,
    avPlots = avPlots(fit), crPlots = crPlots(update(fit, . ~ z + x)), mmp = mmp(fit),
    residualPlot = residualPlot(fit), dfbetas = dfbetasPlots(fit),
    Boot = { set.seed(1); Boot(update(fit, . ~ z), R = 5)$t }
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
    default = model_parameters(fit), named = model_parameters(model = fit),
    HC3 = model_parameters(fit, vcov = "HC3"), wald = model_parameters(fit, ci_method = "wald"),
    robust = model_parameters(fit, vcov = sandwich::vcovHC), compared = compare_parameters(fit),
    odds = model_parameters(fit, exponentiate = TRUE), type = parameters_type(fit),
    standardized = model_parameters(fit, standardize = "refit"), printed = printed_table(parameters(fit)),
    profile = ci(fit, method = "profile"), `ci HC3` = ci(fit, method = "wald", vcov = "HC3"),
    se = standard_error(fit), `se HC3` = standard_error(model = fit, vcov = "HC3"),
    p = p_value(fit), `p HC3` = p_value(fit, vcov = "HC3"), df = degrees_of_freedom(fit),
    equivalence = suppressWarnings(equivalence_test(fit))
  ),
  performance = alist(
    r2 = r2(fit), named = r2(model = fit), tjur = r2_tjur(fit), nagelkerke = r2_nagelkerke(fit),
    coxsnell = r2_coxsnell(fit), mcfadden = r2_mcfadden(fit), kullback = r2_kullback(fit),
    model_performance = model_performance(fit), rmse = rmse(fit), aicc = performance_aicc(fit),
    collinearity = check_collinearity(fit), dispersion = check_overdispersion(fit),
    hosmer = performance_hosmer(fit), binned = plain(binned_residuals(fit)),
    logloss = performance_logloss(fit), pcp = performance_pcp(fit), score = performance_score(fit),
    test = test_likelihoodratio(update(fit, . ~ 1), fit), outliers = check_outliers(fit)
  ),
  boot = alist(
    cv = cv.glm(d, fit, K = 3)$delta, diagnostics = glm.diag(fit), plots = glm.diag.plots(fit),
    boot = {
      set.seed(1)
      boot(d, function(rows, i) coef(update(fit, . ~ z, data = rows[i, ])), R = 5)$t
    }
  ),
  MASS = alist(
    step = essence(stepAIC(fit, trace = 0)), profile = plot(profile(fit)),
    dose = dose.p(fit, cf = 1:2, p = c(0.25, 0.5)), confint = confint(fit, "z", level = 0.9)
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
    table = modelsummary(fit, output = "data.frame"), estimates = get_estimates(fit),
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
  ResourceSelection = alist(hoslem = hoslem.test(fit$y, fitted(fit)))
)

# Names of the generics' and the classes' packages say who did it.
expect_same_interop <- function(found, expected, tolerance, label) {
  if (expected$failed) return(expect_same_outcome(found, expected, tolerance, label))
  for (outcome in c("found", "expected")) {
    assign(outcome, list(failed = get(outcome)$failed, message = get(outcome)$message,
                         value = without_package(get(outcome)$value)))
  }
  expect_same_outcome(found, expected, tolerance, label)
}
