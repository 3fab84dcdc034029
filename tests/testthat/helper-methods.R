# How each generic is called: by its name, or its name and a variant. A call sees `fit` and its data
# `d`.

method_calls <- function() {
  calls <- c(calls_of_comparison(), calls_of_inference(), calls_of_rows(), calls_of_parts())
  # Before R 4.4 a glm's profiles came with MASS.
  if (!requireNamespace("MASS", quietly = TRUE)) calls <- calls[!grepl("profile", calls)]
  calls
}

# Models against models.
calls_of_comparison <- function() {
  alist(
    add1 = add1(fit, ~ .^2),
    `add1 Chisq` = add1(fit, ~ .^2, test = "Chisq"),
    `add1 Rao` = add1(fit, ~ .^2, test = "Rao"),
    addterm = MASS::addterm(fit, ~ .^2, test = "Chisq"),
    anova = anova(fit),
    `anova Chisq` = anova(fit, test = "Chisq"),
    `anova Rao` = anova(fit, test = "Rao"),
    `anova LRT` = anova(fit, test = "LRT"),
    `anova Cp` = anova(fit, test = "Cp"),
    `anova F` = anova(fit, test = "F"),
    `anova two` = anova(update(fit, . ~ 1), fit, test = "Rao"),
    drop1 = drop1(fit),
    `drop1 Chisq` = drop1(fit, test = "Chisq"),
    `drop1 Rao` = drop1(fit, test = "Rao"),
    `drop1 F` = drop1(fit, test = "F"),
    dropterm = MASS::dropterm(fit, test = "Chisq"),
    extractAIC = extractAIC(fit),
    `extractAIC BIC` = extractAIC(fit, k = log(nobs(fit))),
    AIC = c(AIC(fit), BIC(fit)),
    logLik = logLik(fit),
    deviance = deviance(fit),
    step = essence(step(fit, trace = 0)),
    `step both` = essence(step(update(fit, . ~ 1), formula(fit), direction = "both", trace = 0)),
    stepAIC = essence(MASS::stepAIC(fit, trace = 0)),
    update = essence(update(fit, . ~ 1)),
    `update subset` = essence(update(fit, subset = seq_len(nrow(d)) > 3)),
    boxcox = MASS::boxcox(fit, plotit = FALSE),
    logtrans = MASS::logtrans(fit, plotit = FALSE),
    # One iteration: it diverges for a binomial response.
    gamma.shape = MASS::gamma.shape(fit, it.lim = 1)
  )
}

# What is known of the coefficients.
calls_of_inference <- function() {
  alist(
    alias = alias(fit),
    coef = list(coef(fit), coef(fit, complete = FALSE)),
    # As MASS interpolates it: our own ends have more digits, see test-methods-confint.R.
    confint = confint(profile(fit)),
    `confint level` = confint(profile(fit), parm = 1, level = 0.5),
    `confint Wald` = confint.default(fit),
    dummy.coef = dummy.coef(fit),
    print = printed(fit),
    profile = profile(fit),
    sigma = sigma(fit),
    summary = summary(fit),
    `summary correlation` = summary(fit, correlation = TRUE),
    `summary dispersion` = summary(fit, dispersion = 2),
    `summary printed` = printed(summary(fit)),
    vcov = vcov(fit),
    `vcov complete` = vcov(fit, complete = FALSE)
  )
}

# Row by row.
calls_of_rows <- function() {
  alist(
    case.names = list(case.names(fit), case.names(fit, full = TRUE)),
    cooks.distance = cooks.distance(fit),
    dfbeta = dfbeta(fit),
    dfbetas = dfbetas(fit),
    `dfbetas all` = influence.measures(fit),
    `dfbetas dffits` = list(dffits(fit), covratio(fit)),
    fitted = fitted(fit),
    hatvalues = hatvalues(fit),
    influence = influence(fit),
    `influence coef` = influence(fit, do.coef = FALSE),
    predict = predict(fit),
    `predict response` = predict(fit, type = "response"),
    `predict terms` = predict(fit, type = "terms"),
    `predict se link` = predict(fit, se.fit = TRUE),
    `predict se response` = predict(fit, type = "response", se.fit = TRUE),
    `predict se terms` = predict(fit, type = "terms", se.fit = TRUE),
    `predict new` = predict(fit, newdata = head(d, 5)),
    `predict new response` = predict(fit, head(d, 5), type = "response", se.fit = TRUE),
    `predict new terms` = predict(fit, head(d, 5), type = "terms", se.fit = TRUE),
    proj = proj(fit),
    residuals = residuals(fit),
    `residuals pearson` = residuals(fit, type = "pearson"),
    `residuals working` = residuals(fit, type = "working"),
    `residuals response` = residuals(fit, type = "response"),
    `residuals partial` = residuals(fit, type = "partial"),
    rstandard = rstandard(fit),
    `rstandard pearson` = rstandard(fit, type = "pearson"),
    rstudent = rstudent(fit),
    simulate = simulate(fit, nsim = 2, seed = 1),
    weights = weights(fit),
    `weights working` = weights(fit, type = "working"),
    plot = {
      plot(fit, ask = FALSE)
      NULL  # it draws something else
    },
    termplot = termplot(fit, se = TRUE, plot = FALSE)
  )
}

# What the model is made of.
calls_of_parts <- function() {
  alist(
    df.residual = df.residual(fit),
    effects = effects(fit),
    `effects set` = effects(fit, set.sign = TRUE),
    family = family(fit),
    formula = formula(fit),
    kappa = of_full_rank(fit, kappa(fit)),
    `kappa exact` = of_full_rank(fit, kappa(fit, exact = TRUE)),
    labels = labels(fit),
    model.frame = model.frame(fit),
    `model.frame new` = model.frame(fit, data = head(d, 5)),
    model.matrix = model.matrix(fit),
    nobs = nobs(fit),
    qr = component_of(list(qr = qr(fit)), "qr"),
    terms = terms(fit),
    variable.names = list(variable.names(fit), variable.names(fit, full = TRUE))
  )
}

# The condition number of an aliased design is one over its rounding errors.
of_full_rank <- function(fit, condition_number) {
  if (anyNA(coef(fit))) condition_number > 1e12 else condition_number
}

# The parts of a model that was fitted by a method.
essence <- function(fit) {
  list(
    formula = formula(fit), coefficients = coef(fit), deviance = deviance(fit), anova = fit$anova
  )
}

# The lines that are printed, but for the call and the number of iterations.
printed <- function(object) {
  lines <- utils::capture.output(print(object))
  call <- grep("^Call:", lines)
  if (length(call)) lines <- lines[-seq_len(call + which(lines[-seq_len(call)] == "")[1])]
  lines <- lines[lines != "" & !grepl("Number of Fisher Scoring iterations", lines)]
  structure(unique(lines), class = "printed")
}

# With a factor, and weights of which some are zero.
births <- function() {
  skip_if_not_installed("MASS")
  transform(MASS::birthwt, race = factor(race), twice = rep_len(c(1, 2, 0, 3), 189))
}

# The area under the ROC curve by its definition: all pairs of a success and a failure, and DeLong's
# placements.
delong_by_hand <- function(y, p) {
  wins <- outer(p[y == 1], p[y == 0], function(a, b) (a > b) + (a == b) / 2)
  c(mean(wins), sqrt(var(rowMeans(wins)) / nrow(wins) + var(colMeans(wins)) / ncol(wins)))
}
