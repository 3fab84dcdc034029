# Public analyses, from books and their packages, with glm() and multinom() replaced: all that they
# print has the same numbers, and their plots are drawn. A statement that prints nothing is one step
# of its script.

analyses <- list(
  # Venables & Ripley (2002), chapter 7: budworms, low birth weights, housing.
  MASS = alist(
    ldose <- rep(0:5, 2),
    numdead <- c(1, 4, 9, 13, 18, 20, 0, 2, 6, 10, 12, 16),
    sex <- factor(rep(c("M", "F"), c(6, 6))),
    deaths <- cbind(numdead, numalive = 20 - numdead),
    budworm.lg <- glm(deaths ~ sex * ldose, family = binomial),
    summary(budworm.lg),
    ld <- seq(0, 5, 0.1),
    predict(budworm.lg, data.frame(ldose = ld, sex = factor(rep("M", length(ld)), levels(sex))),
      type = "response"),
    budworm.lga <- update(budworm.lg, . ~ sex * I(ldose - 3)),
    summary(budworm.lga, cor = FALSE)$coefficients,
    anova(update(budworm.lg, . ~ . + sex * I(ldose^2)), test = "Chisq"),
    budworm.lg0 <- glm(deaths ~ sex + ldose - 1, family = binomial),
    summary(budworm.lg0, cor = FALSE)$coefficients,
    MASS::dose.p(budworm.lg0, cf = c(1, 3), p = 1:3 / 4),
    MASS::dose.p(update(budworm.lg0, family = binomial(link = probit)), cf = c(1, 3), p = 1:3 / 4),
    bwt <- with(MASS::birthwt, data.frame(
      low = factor(low), age, lwt, race = factor(race, labels = c("white", "black", "other")),
      smoke = (smoke > 0), ptd = factor(ptl > 0), ht = (ht > 0), ui = (ui > 0),
      ftv = factor(pmin(ftv, 2), labels = c("0", "1", "2+"))
    )),
    birthwt.glm <- glm(low ~ ., family = binomial, data = bwt),
    summary(birthwt.glm),
    birthwt.step <- MASS::stepAIC(birthwt.glm, trace = FALSE),
    birthwt.step$anova,
    birthwt.step2 <- MASS::stepAIC(birthwt.glm, ~ .^2 + I(scale(age)^2) + I(scale(lwt)^2),
      trace = FALSE),
    birthwt.step2$anova,
    summary(birthwt.step2)$coef,
    table(low = bwt$low, predicted = predict(birthwt.step2) > 0),
    house.mult <- multinom(Sat ~ Infl + Type + Cont, weights = Freq, data = MASS::housing),
    coef(house.mult),
    house.mult2 <- multinom(Sat ~ Infl * Type * Cont, weights = Freq, data = MASS::housing),
    anova(house.mult, house.mult2)[-1],
    hnames <- lapply(MASS::housing[, -5], levels),
    cbind(expand.grid(hnames[-1]),
      round(predict(house.mult, expand.grid(hnames[-1]), type = "probs"), 2))
  ),
  # Kleiber & Zeileis (2008), chapter 5: labour participation, bank wages.
  AER = alist(
    utils::data("SwissLabor", "BankWages", package = "AER", envir = environment()),
    swiss_probit <- glm(participation ~ . + I(age^2), data = SwissLabor,
      family = binomial(link = "probit")),
    summary(swiss_probit),
    fm <- glm(participation ~ education + I(education^2), data = SwissLabor, family = binomial),
    predict(fm, data.frame(education = sort(unique(SwissLabor$education))), type = "response"),
    mean(dnorm(predict(swiss_probit, type = "link"))) * coef(swiss_probit),
    av <- colMeans(SwissLabor[, -c(1, 7)]),
    av <- data.frame(rbind(swiss = av, foreign = av), foreign = factor(c("no", "yes"))),
    dnorm(predict(swiss_probit, newdata = av, type = "link")),
    swiss_probit0 <- update(swiss_probit, formula = . ~ 1),
    1 - as.vector(logLik(swiss_probit) / logLik(swiss_probit0)),
    table(true = SwissLabor$participation, pred = round(fitted(swiss_probit))),
    deviance(swiss_probit),
    sum(residuals(swiss_probit, type = "deviance")^2),
    sum(residuals(swiss_probit, type = "pearson")^2),
    sandwich::sandwich(swiss_probit),
    bank_mnl <- multinom(job ~ education + minority, data = BankWages, subset = gender == "male",
      trace = FALSE),
    summary(bank_mnl)$standard.errors,
    lmtest::coeftest(bank_mnl)
  ),
  # Everitt & Hothorn (2014), chapter 7: plasma, women's role.
  HSAUR3 = alist(
    utils::data("plasma", "womensrole", package = "HSAUR3", envir = environment()),
    plasma_glm_1 <- glm(ESR ~ fibrinogen, data = plasma, family = binomial()),
    summary(plasma_glm_1),
    confint(profile(plasma_glm_1), parm = "fibrinogen"),
    exp(coef(plasma_glm_1)["fibrinogen"]),
    plasma_glm_2 <- glm(ESR ~ fibrinogen + globulin, data = plasma, family = binomial()),
    summary(plasma_glm_2),
    anova(plasma_glm_1, plasma_glm_2, test = "Chisq"),
    predict(plasma_glm_2, type = "response"),
    womensrole_glm_1 <- glm(cbind(agree, disagree) ~ gender + education, data = womensrole,
      family = binomial()),
    summary(womensrole_glm_1),
    womensrole_glm_2 <- glm(cbind(agree, disagree) ~ gender * education, data = womensrole,
      family = binomial()),
    summary(womensrole_glm_2),
    residuals(womensrole_glm_2, type = "deviance"),
    plot(predict(womensrole_glm_2), residuals(womensrole_glm_2, type = "deviance"))
  ),
  # Faraway (2016), chapters 2 and 3: heart disease, trout eggs, insecticides.
  faraway = alist(
    utils::data("wcgs", "troutegg", "bliss", package = "faraway", envir = environment()),
    lmod <- glm(chd ~ height + cigs, family = binomial, wcgs),
    summary(lmod),
    lmodc <- glm(chd ~ cigs, family = binomial, wcgs),
    anova(lmodc, lmod, test = "Chi"),
    drop1(lmod, test = "Chi"),
    wcgs$bmi <- with(wcgs, 703 * wcgs$weight / (wcgs$height^2)),
    lmod <- glm(chd ~ age + height + weight + bmi + sdp + dbp + chol + dibep + cigs + arcus,
      family = binomial, wcgs),
    lmodr <- step(lmod, trace = 0),
    lmodr$anova,
    drop1(lmodr, test = "Chi"),
    hatvalues(lmod),
    residuals(lmod, type = "response"),
    bmod <- glm(cbind(survive, total - survive) ~ location + period, family = binomial, troutegg),
    sigma2 <- sum(residuals(bmod, type = "pearson")^2) / 12,
    drop1(bmod, scale = sigma2, test = "F"),
    summary(bmod, dispersion = sigma2)$coefficients,
    mc <- glm(cbind(dead, alive) ~ conc, family = binomial(link = cloglog), data = bliss),
    predict(mc, newdata = data.frame(conc = c(-1, 2.5)), se = TRUE)
  ),
  # The help pages of package effects: volunteering, votes.
  effects = alist(
    mod.cowles <- glm(volunteer ~ sex + neuroticism * extraversion, data = carData::Cowles,
      family = binomial),
    eff.cowles <- effects::allEffects(mod.cowles, xlevels = list(extraversion = seq(0, 24, 6)),
      fixed.predictors = list(given.values = c(sexmale = 0.5))),
    as.data.frame(eff.cowles[[1]]),
    as.data.frame(eff.cowles[[2]]),
    plot(eff.cowles, type = "response"),
    car::Anova(mod.cowles),
    mod.beps <- multinom(vote ~ age + gender + Blair + Hague + Europe * political.knowledge,
      data = carData::BEPS),
    beps <- effects::Effect(c("Europe", "political.knowledge"), mod.beps,
      xlevels = list(political.knowledge = 0:3)),
    as.data.frame(beps),
    plot(beps),
    car::Anova(mod.beps)
  )
)

# What each statement gives, with these two for the functions that fit. Refits look the functions up
# where the script runs.
values_of <- function(script, fit_two, fit_many) {
  env <- list2env(list(glm = fit_two, multinom = fit_many), parent = globalenv())
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  lapply(script, function(statement) {
    found <- suppressWarnings(suppressMessages(withVisible(eval(statement, env))))
    if (found$visible && !inherits(found$value, "trellis")) comparable(found$value)
  })
}

for (name in names(analyses)) {
  test_that(paste("the analyses of", name, "have the same tables"), {
    for (package in c(name, "MASS", "nnet", "sandwich", "lmtest", "car", "carData", "effects")) {
      skip_if_not_installed(package)
    }
    # As matched calls, of which update() and step() make others.
    fit_two <- function(...) {
      call <- match.call(stats::glm)
      call[[1]] <- quote(stats::glm)
      call$control <- list(epsilon = 1e-14, maxit = 100)
      eval(call, parent.frame())
    }
    fit_many <- function(...) {
      call <- match.call(nnet::multinom)
      call[[1]] <- quote(nnet::multinom)
      call[c("trace", "reltol", "maxit")] <- list(FALSE, 1e-15, 1000)
      eval(call, parent.frame())
    }
    script <- analyses[[name]]
    expected <- values_of(script, fit_two, fit_many)
    found <- values_of(script, fastlogit, fastmultinom)
    expect_gt(sum(lengths(expected) > 0), 4)
    for (i in which(lengths(expected) > 0)) {
      expect_equal(
        like(found[[i]], expected[[i]]), expected[[i]], tolerance = 1e-4,
        label = deparse1(script[[i]])
      )
    }
  })
}

test_that("the murder rates of AER are separated, which glm() does not say", {
  skip_if_not_installed("AER")
  skip_if_not_installed("lmtest")
  env <- new.env()
  utils::data("MurderRates", package = "AER", envir = env)
  formula <- I(executions > 0) ~ time + income + noncauc + lfp + southern
  expect_warning(
    fit <- fastlogit(formula, data = env$MurderRates), "southernyes",
    class = "fastlogit_separation"
  )
  glm_fit <- suppressWarnings(glm(formula, binomial, env$MurderRates, epsilon = 1e-14))
  found <- unclass(lmtest::coeftest(fit))
  expect_identical(found["southernyes", "Estimate"], Inf)
  finite <- rownames(found) != "southernyes"
  expect_equal(
    found[finite, ], unclass(lmtest::coeftest(glm_fit))[finite, ], tolerance = 1e-4,
    ignore_attr = TRUE
  )
})
