test_that("terms are tested by fits without them", {
  d <- ordered_data()
  fit <- fastordinal(y ~ x + g + u, d, weights = w)
  table <- drop1(fit, test = "Chisq")
  for (term in c("x", "g", "u")) {
    smaller <- update(fit, as.formula(paste(". ~ . -", term)))
    expect_equal(table[term, "LRT"], smaller$deviance - fit$deviance, tolerance = 1e-8)
    expect_equal(table[term, "Df"], fit$edf - smaller$edf)
    expect_equal(table[term, "AIC"], AIC(smaller), tolerance = 1e-10)
  }
  in_order <- anova(fit)
  first <- update(fit, . ~ x)
  expect_equal(in_order["x", "Resid. Dev"], first$deviance, tolerance = 1e-10)
  expect_equal(in_order["u", "Resid. Dev"], fit$deviance)
  of_two <- anova(fit, first)
  expect_equal(of_two$`LR stat.`[2L], first$deviance - fit$deviance)
  expect_equal(of_two$`   Df`[2L], 3)
  expect_equal(lr_test(fit)["u", "LRT"], table["u", "LRT"], tolerance = 1e-8)
})

test_that("step() takes away what does not help", {
  d <- ordered_data()
  d$noise <- seq_len(nrow(d)) %% 2
  fit <- fastordinal(y ~ x + noise, d)
  expect_identical(attr(terms(step(fit, trace = 0)), "term.labels"), "x")
})

test_that("parallel slopes are tested by partial models, and by scores", {
  d <- ordered_data(500)
  fit <- fastordinal(y ~ x + g, d)
  ratios <- parallel_test(fit, test = "LRT")
  partial <- update(fit, parallel = ~ x)
  expect_equal(ratios["g", "LRT"], fit$deviance - partial$deviance, tolerance = 1e-6)
  expect_equal(ratios$Df, c(2, 4, 6))
  scores <- parallel_test(fit)
  expect_equal(scores$Df, ratios$Df)
  # The two are asymptotically the same.
  expect_equal(scores$`Rao score`, ratios$LRT, tolerance = 0.2)
  # Rao's statistic, from the numbers at the estimates.
  model <- model_of(fit)
  model$varying <- 1L
  at <- start_with_varying(fit, model, list(design = problem_of_fit(fit, 1L)$design))
  expect_equal(at[4:6], rep(-fit$coefficients[["x"]], 3))
  expect_equal(unname(at[7:8]), unname(fit$coefficients[2:3]))
  wine <- fastordinal(rating ~ temp + contact, wine_counts(), weights = count)
  expect_snapshot(parallel_test(wine))
  expect_error(parallel_test(update(fit, parallel = FALSE)), class = "fastlogit_input_error")
})

test_that("a slope that differs between the cuts is found", {
  set.seed(2)
  x <- rnorm(2000)
  y <- 1L + (x + rlogis(2000) > -1) + (-x + rlogis(2000) > 1)
  fit <- fastordinal(y ~ x)
  expect_lt(parallel_test(fit)[["Pr(>Chi)"]], 1e-6)
  expect_lt(parallel_test(fit, test = "LRT")[["Pr(>Chi)"]], 1e-6)
})

test_that("penalised fits are not compared by likelihoods", {
  d <- ordered_data(60)
  fit <- fastordinal(y ~ x, d, penalty = "firth")
  expect_error(anova(fit), class = "fastlogit_input_error")
  expect_error(drop1(fit), class = "fastlogit_input_error")
  expect_error(parallel_test(fit), class = "fastlogit_input_error")
  expect_equal(dim(wald_test(fit)), c(4L, 3L))
})
