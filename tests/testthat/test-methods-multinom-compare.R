housing_fit <- function(formula = Sat ~ Infl + Type + Cont, ...) {
  without_order(fastmultinom(formula, data = MASS::housing, weights = Freq, ...))
}

test_that("likelihoods and information criteria are multinom()'s", {
  skip_if_not_installed("nnet")
  for (set in multinomial_data()) {
    fit <- fit_classes_of(set, fastmultinom)
    reference <- fit_multinom(set)
    for (f in list(logLik, AIC, BIC, deviance, extractAIC, terms, weights)) {
      expect_equal(f(fit), f(reference), tolerance = 1e-8, ignore_formula_env = TRUE)
    }
    expect_equal(formula(fit), formula(reference), ignore_attr = TRUE)
    expect_equal(extractAIC(fit, k = 5), extractAIC(reference, k = 5), tolerance = 1e-8)
    expect_equal(nobs(fit), attr(logLik(reference), "nobs"))
    expect_equal(model.matrix(fit), model.matrix(fit$terms, fit$model, fit$contrasts))
  }
  expect_equal(df.residual(housing_fit()), 72 * 2 - 14)
})

test_that("nested fits are compared as by multinom()'s method", {
  skip_if_not_installed("nnet")
  for (set in multinomial_data()[c("hair", "infert", "housing", "birthwt")]) {
    fit <- fit_classes_of(set, fastmultinom)
    reference <- fit_multinom(set)
    # update() looks for it here.
    d <- set$data
    smaller <- update(fit, . ~ 1)
    found <- anova(fit, smaller)
    expected <- anova(update(reference, . ~ 1), reference)
    expect_equal(as.list(found), as.list(expected), tolerance = 1e-6, label = set$name)
    expect_s3_class(found, c("Anova", "data.frame"))
    expect_identical(anova(smaller, fit), found)
    expect_equal(as.list(anova(smaller, reference)), as.list(expected), tolerance = 1e-6)
  }
  expect_snapshot(anova(housing_fit(), housing_fit(Sat ~ Infl), housing_fit(Sat ~ Infl + Type)))
  expect_named(anova(housing_fit(), housing_fit(Sat ~ 1), test = "none"), names(found)[1:6])
})

test_that("the terms of one fit are tested in sequence", {
  skip_if_not_installed("MASS")
  fit <- housing_fit()
  table <- anova(fit)
  fits <- list(housing_fit(Sat ~ 1), housing_fit(Sat ~ Infl), housing_fit(Sat ~ Infl + Type), fit)
  expect_equal(table$`Resid. Dev`, vapply(fits, deviance, 0))
  expect_equal(table$`Resid. Df`, vapply(fits, df.residual, 0))
  expect_equal(table$Df, c(NA, 4, 6, 2))
  expect_equal(
    table$`Pr(>Chi)`, pchisq(table$Deviance, table$Df, lower.tail = FALSE),
    tolerance = 1e-10
  )
  expect_snapshot(print(table, digits = 4))
  expect_named(anova(fit, test = "none"), names(table)[1:4])
  # As for a glm, also without an intercept, with an offset, with aliased terms.
  d <- transform(MASS::Cars93, twice = 2 * Price, o = Price / 20)
  for (formula in c(
    Origin ~ Price + Weight, Origin ~ Price + twice - 1, Origin ~ 1, Origin ~ Weight + offset(o)
  )) {
    binary <- anova(fastlogit(formula, data = d), test = "Chisq")
    found <- anova(fastmultinom(formula, data = d))
    expect_equal(found[, ], binary[, ], tolerance = 1e-7, ignore_attr = "heading")
  }
})

test_that("terms are dropped and added without a word", {
  skip_if_not_installed("nnet")
  fit <- housing_fit()
  expect_silent(dropped <- drop1(fit, test = "Chisq"))
  expect_silent(added <- add1(fit, ~ .^2, test = "Chisq"))
  for (term in c("Infl", "Type", "Cont")) {
    smaller <- update(fit, paste(". ~ . -", term))
    expect_equal(dropped[term, "AIC"], AIC(smaller))
    expect_equal(dropped[term, "LRT"], deviance(smaller) - deviance(fit))
    expect_equal(dropped[term, "Df"], fit$edf - smaller$edf)
  }
  larger <- update(fit, . ~ . + Infl:Type)
  expect_equal(added["Infl:Type", "LRT"], deviance(fit) - deviance(larger))
  reference <- nnet::multinom(
    Sat ~ Infl + Type + Cont,
    data = MASS::housing, weights = Freq, trace = FALSE, reltol = 1e-15, maxit = 1e4
  )
  # Its drop1() looks for this where it is called.
  trace <- FALSE
  utils::capture.output(expected <- drop1(reference))
  expect_equal(dropped$AIC, expected$AIC, tolerance = 1e-8)
})

test_that("step() ends where no term improves the AIC", {
  skip_if_not_installed("MASS")
  set <- multinomial_data()$birthwt
  d <- set$data
  fit <- step(fit_classes_of(set, fastmultinom), trace = 0)
  expect_s3_class(fit, "fastmultinom")
  expect_equal(fit$anova$AIC, sort(fit$anova$AIC, decreasing = TRUE))
  expect_identical(which.min(drop1(fit)$AIC), 1L)
  expect_lte(AIC(fit), AIC(fit_classes_of(set, fastmultinom)))
  up <- step(update(fit, . ~ 1), set$formula, trace = 0, direction = "forward")
  expect_equal(AIC(up), AIC(fit))
  dotted <- step(fastmultinom(Species ~ ., data = iris[c(2, 5)]), trace = 0)
  expect_identical(attr(terms(dotted), "term.labels"), "Sepal.Width")
})

test_that("the model frame and matrix are made again where they were not kept", {
  d <- transform(simulate_classes(60), w = rep(1:3, 20))
  fit <- fastmultinom(y ~ x1 + g, data = d, weights = w, subset = x2 < 1,
                      contrasts = list(g = "contr.sum"))
  without <- fastmultinom(y ~ x1 + g, data = d, weights = w, subset = x2 < 1,
                          contrasts = list(g = "contr.sum"), model = FALSE)
  expect_null(without$model)
  expect_equal(model.frame(without), model.frame(fit))
  expect_equal(model.matrix(without), model.matrix(fit))
  expect_identical(colnames(model.matrix(fit))[3:4], c("g1", "g2"))
  expect_equal(anova(without), anova(fit))
  expect_equal(confint(without, 2, method = "profile"), confint(fit, 2, method = "profile"))
  other <- model.frame(fit, data = d[1:20, ])
  expect_identical(nrow(other), sum(d$x2[1:20] < 1))
})

test_that("simulated responses have the fitted distribution", {
  fit <- fastmultinom(Species ~ Sepal.Width, data = iris)
  simulated <- simulate(fit, 3, seed = 1)
  expect_identical(simulate(fit, 3, seed = 1), simulated)
  expect_named(simulated, c("sim_1", "sim_2", "sim_3"))
  expect_identical(levels(simulated$sim_2), levels(iris$Species))
  expect_identical(attributes(attr(simulated, "seed")), list(kind = as.list(RNGkind())))
  with_seed(3, {
    before <- .Random.seed
    expect_identical(attr(simulate(fit), "seed"), before)
  })
  many <- simulate(fit, 2000, seed = 2)
  shares <- vapply(levels(iris$Species), function(class) {
    rowMeans(many == class)
  }, numeric(150))
  expect_lt(max(abs(shares - fitted(fit))), 0.06)
  drawn <- simulate(relevel(fit, "virginica"), seed = 1)
  expect_identical(levels(drawn$sim_1), levels(iris$Species))
})

test_that("counts are simulated with their totals", {
  fit <- fastmultinom(hair ~ Eye + Sex, data = hair_counts())
  many <- simulate(fit, 500, seed = 1)
  totals <- rowSums(hair_counts()$hair)
  for (draw in many[1:5]) expect_equal(unname(rowSums(draw)), unname(totals))
  expect_identical(colnames(many$sim_1), colnames(hair_counts()$hair))
  means <- Reduce(`+`, many) / 500
  z <- (means - totals * fitted(fit)) / sqrt(totals * fitted(fit) * (1 - fitted(fit)) / 500)
  expect_lt(max(abs(z)), 4.5)
})

test_that("weights of simulated rows are told, missing rows stay so", {
  skip_if_not_installed("MASS")
  expect_message(simulate(housing_fit(), seed = 1), class = "fastlogit_weights_ignored")
  set <- multinomial_data()$survey
  fit <- fit_classes_of(set, fastmultinom, na.action = quote(na.exclude))
  drawn <- simulate(fit, seed = 1)$sim_1
  expect_length(drawn, nrow(set$data))
  expect_identical(is.na(drawn), is.na(fitted(fit)[, 1]), ignore_attr = TRUE)
})

test_that("fits that cannot be compared are told", {
  skip_if_not_installed("MASS")
  fit <- housing_fit()
  expect_snapshot(error = TRUE, anova(fit, lm(dist ~ speed, cars)))
  expect_snapshot(error = TRUE, anova(fit, fastmultinom(Species ~ 1, data = iris)))
  expect_snapshot(error = TRUE, anova(fit, test = "F"))
})

test_that("deletions and additions are those of stats' methods, which fit anew", {
  skip_if_not_installed("MASS")
  d <- transform(MASS::housing, noise = sin(seq_along(Freq)))
  counts <- fastmultinom(cbind(a = Freq, b = 40, c = noise + 2) ~ Infl + Cont, data = d)
  fits <- list(
    fastmultinom(Sat ~ Infl * Type + Cont, data = MASS::housing, weights = Freq),
    fastmultinom(Sat ~ 0 + Infl + Type, data = MASS::housing, weights = Freq), counts
  )
  for (fit in fits) {
    scope <- if (identical(fit, counts)) ~ . + Type + Infl:Cont else ~ .^2
    for (test in c("none", "Chisq")) {
      of_stats <- method_of("stats", "drop1", "default")
      expect_equal(
        drop1(fit, test = test, k = 3), of_stats(fit, test = test, k = 3), tolerance = 1e-8
      )
      of_stats <- method_of("stats", "add1", "default")
      expect_equal(
        add1(fit, scope, test = test), of_stats(fit, scope, test = test), tolerance = 1e-8
      )
    }
  }
  stored <- fastmultinom(
    Sat ~ Infl * Type + Cont, data = source_function(chunks_of(MASS::housing, 20)), weights = Freq
  )
  expect_equal(drop1(stored, test = "Chisq"), drop1(fits[[1L]], test = "Chisq"), tolerance = 1e-9)
  d$noise[3] <- NA
  fit <- fastmultinom(Sat ~ Infl, data = d, weights = Freq)
  expect_error(add1(fit, ~ . + noise), "missing", class = "fastlogit_input_error")
})
