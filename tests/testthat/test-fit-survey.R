# Survey designs against survey::svyglm(), whose own fit is started at the estimate: its variances
# are those of glm()'s last iterate but one.

skip_if_not_installed("survey")

api_designs <- function() {
  e <- new.env()
  utils::data("api", package = "survey", envir = e)
  apistrat <- e$apistrat
  apiclus1 <- e$apiclus1
  apiclus2 <- e$apiclus2
  strata <- survey::svydesign(~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
  clusters <- survey::svydesign(~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
  stages <- survey::svydesign(
    ~ dnum + snum, weights = ~pw, data = apiclus2, fpc = ~ fpc1 + fpc2
  )
  missing <- apiclus2
  missing$meals[c(3, 50)] <- NA
  list(
    strata = strata, clusters = clusters, stages = stages,
    part = subset(strata, api00 > 600),
    missing = survey::svydesign(
      ~ dnum + snum, weights = ~pw, data = missing, fpc = ~ fpc1 + fpc2
    ),
    calibrated = survey::calibrate(
      clusters, ~stype, pop = c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018)
    ),
    jackknife = survey::as.svrepdesign(clusters),
    stratified = survey::as.svrepdesign(strata, type = "JKn")
  )
}

designs <- api_designs()

# Of replicates svyglm()'s refits are by Fisher scoring at weights that add up to one: with other
# links than the canonical one they end earlier.
expect_svyglm <- function(design, formula, link, label, tolerance = 1e-9) {
  ours <- fastlogit(formula, binomial(link), data = design)
  start <- coef(ours)
  theirs <- eval(bquote(survey::svyglm(
    .(formula), design = design, family = quasibinomial(.(link)),
    control = list(epsilon = 1e-14, maxit = 100), start = .(start)
  )))
  expect_equal(coef(ours), coef(theirs), tolerance = 1e-10, label = label)
  expect_equal(
    unname(vcov(ours)), unname(matrix(vcov(theirs), length(start))), tolerance = tolerance,
    label = label
  )
  expect_identical(ours$df.residual, theirs$df.residual, label = label)
  known <- suppressWarnings(coef(summary(theirs)))
  expect_equal(coef(summary(ours)), known, tolerance = tolerance, label = label)
  expect_equal(confint(ours), confint(theirs), tolerance = tolerance, label = label)
  expect_equal(unname(deviance(ours)), unname(deviance(theirs)), tolerance = 1e-10, label = label)
}

test_that("estimates, variances and intervals are those of svyglm()", {
  for (name in names(designs)) {
    expect_svyglm(designs[[name]], sch.wide ~ ell + meals + stype, "logit", name)
  }
  for (link in c("probit", "cloglog")) {
    expect_svyglm(designs$stages, sch.wide ~ meals * stype, link, link)
    expect_svyglm(designs$jackknife, sch.wide ~ meals * stype, link, link, tolerance = 1e-6)
  }
})

test_that("predictions, odds ratios and tests go by the design", {
  fit <- fastlogit(sch.wide ~ ell + meals, data = designs$strata)
  theirs <- eval(bquote(survey::svyglm(
    sch.wide ~ ell + meals, designs$strata, family = quasibinomial(),
    control = list(epsilon = 1e-14, maxit = 100), start = .(coef(fit))
  )))
  new <- designs$strata$variables[1:5, ]
  link <- predict(theirs, new)
  ours <- predict(fit, new, se.fit = TRUE)
  expect_equal(unname(ours$fit), as.vector(link), tolerance = 1e-9)
  expect_equal(unname(ours$se.fit), unname(sqrt(as.vector(attr(link, "var")))), tolerance = 1e-9)
  expect_equal(odds_ratios(fit)$conf.low, unname(exp(confint(theirs))[, 1]), tolerance = 1e-9)
  expect_equal(wald_test(fit)[["Pr(>F)"]], unname(coef(summary(fit))[, 4]))
  expect_output(print(summary(fit)), "the survey design, linearised", fixed = TRUE)
  naive <- fastlogit(sch.wide ~ ell + meals, quasibinomial(), designs$strata$variables,
    weights = pw / mean(pw))
  expect_equal(vcov(fit, type = "HC0"), vcov(naive, type = "HC0"), tolerance = 1e-10)
})

test_that("many classes: two of them are the logit's, and replicates are refits", {
  two <- fastmultinom(sch.wide ~ ell + meals, data = designs$clusters)
  logit <- fastlogit(sch.wide ~ ell + meals, data = designs$clusters)
  expect_equal(unname(vcov(two)), unname(vcov(logit)), tolerance = 1e-9)
  expect_equal(unname(confint(two)), unname(confint(logit)), tolerance = 1e-9)
  three <- fastmultinom(stype ~ ell + meals, data = designs$jackknife)
  by_hand <- survey::withReplicates(designs$jackknife, quote(
    as.vector(t(coef(fastlogit::fastmultinom(stype ~ ell + meals, weights = .weights))))
  ))
  known <- matrix(vcov(by_hand), 6)
  expect_equal(unname(vcov(three)), unname(known), tolerance = 1e-8)
  # Of the jackknife and the linearised variances the same is expected, more or less.
  linearised <- fastmultinom(stype ~ ell + meals, data = designs$clusters)
  expect_lt(max(abs(log(diag(vcov(linearised)) / diag(known)))), 1)
})

test_that("what has no meaning for a survey is refused by name", {
  design <- designs$strata
  fit <- fastlogit(sch.wide ~ ell + meals, data = design)
  classes <- fastmultinom(stype ~ ell, data = design)
  expect_refusals(alist(
    "weights of one's own" = fastlogit(sch.wide ~ ell, data = design, weights = pw),
    "likelihood ratios" = lr_test(fit),
    "terms" = drop1(fit),
    "a sequence" = anova(fit),
    "profiles" = confint(fit, method = "profile"),
    "terms of many classes" = drop1(classes)
  ))
})

test_that("replicates that do not converge are told", {
  d <- data.frame(x = c(1:9, 5), y = c(0, 0, 0, 1, 0, 1, 1, 1, 1, 0), w = 1)
  d$r1 <- 1
  d$r2 <- c(1, 1, 1, 0, 0, 1, 1, 1, 1, 1)
  design <- survey::svrepdesign(
    d[1:2], repweights = d[4:5], weights = d$w, type = "other", scale = 1, rscales = 1,
    combined.weights = TRUE
  )
  expect_warning(fastlogit(y ~ x, data = design), class = "fastlogit_replicates")
})

test_that("separation is found before a fit of a design, by the rows that it has", {
  expect_identical(detect_separation(sch.wide ~ ell, data = designs$strata)$kind, "none")
  design <- designs$strata
  design$variables$large <- design$variables$sch.wide == "Yes" & design$variables$ell > 20
  fit <- suppressWarnings(fastlogit(sch.wide ~ ell + large, data = design))
  found <- detect_separation(sch.wide ~ ell + large, data = design)
  expect_identical(found$coefficients, separation(fit)$coefficients)
  expect_identical(found$coefficients[["largeTRUE"]], Inf)
  expect_true(all(is.na(vcov(fit))))
  expect_refusal(quote(detect_separation(sch.wide ~ ell, data = design, weights = pw)))
})
