# The same call on our fit and on multinom()'s.
expect_same_call <- function(f, set, tolerance = 1e-5, ...) {
  utils::capture.output(expected <- f(fit_multinom(set, ...)))
  found <- f(fit_classes_of(set, fastmultinom, ...))
  expect_equal(found, expected, tolerance = tolerance, label = set$name)
}

sets_for_packages <- function() multinomial_data()[c("housing", "infert", "birthwt")]

housing_counts <- function() {
  wide <- stats::reshape(
    MASS::housing,
    direction = "wide", idvar = c("Infl", "Type", "Cont"), timevar = "Sat", v.names = "Freq"
  )
  counts <- as.matrix(wide[, -(1:3)])
  dimnames(counts) <- list(NULL, levels(MASS::housing$Sat))
  d <- wide[1:3]
  d$Sat <- counts
  d
}

# Infl and Cont of a table without the cell High, Low: one interaction is aliased.
fit_with_empty_cell <- function() {
  d <- subset(MASS::housing, !(Infl == "High" & Cont == "Low"))
  fastmultinom(Sat ~ Infl * Cont, data = d, weights = Freq)
}

test_that("broom's verbs give what they give for a multinom", {
  skip_if_not_installed("nnet")
  skip_if_not_installed("broom")
  for (set in sets_for_packages()) {
    expect_same_call(function(fit) broom::tidy(fit, conf.int = TRUE, conf.level = 0.9), set)
    expect_same_call(function(fit) broom::tidy(fit, exponentiate = TRUE, conf.int = TRUE), set)
    expect_same_call(broom::glance, set)
  }
  two <- broom::tidy(fastmultinom(Origin ~ Price, data = MASS::Cars93))
  expect_identical(two$y.level, rep("non-USA", 2))
  counts <- broom::tidy(fastmultinom(Sat ~ Infl, data = housing_counts()))
  expect_identical(unique(counts$y.level), c("Medium", "High"))
})

test_that("augment() adds classes and probabilities", {
  skip_if_not_installed("broom")
  fit <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
  new <- MASS::housing[c(1, 4, 7), ]
  found <- broom::augment(fit, newdata = new, se_fit = TRUE)
  expected <- predict(fit, new, se.fit = TRUE)
  expect_identical(found$.fitted, predict(fit, new))
  expect_equal(as.matrix(found[paste0(".fitted_", fit$lab)]), expected$fit, ignore_attr = TRUE)
  expect_equal(as.matrix(found[paste0(".se.fit_", fit$lab)]), expected$se.fit, ignore_attr = TRUE)
  expect_identical(nrow(broom::augment(fit)), 72L)
  d <- transform(simulate_classes(50), o = x2)
  d$x1[3] <- NA
  shifted <- fastmultinom(y ~ exp(x1), data = d, offset = o, na.action = na.exclude)
  expect_equal(broom::augment(shifted)$.fitted_a, unname(fitted(shifted)[-3, "a"]))
  expect_identical(is.na(broom::augment(shifted, data = d)$.fitted), seq_len(50) == 3)
})

test_that("sandwich has the scores and the information", {
  skip_if_not_installed("sandwich")
  for (set in multinomial_data()[c("housing", "hair", "survey")]) {
    fit <- fit_classes_of(set, fastmultinom)
    scores <- sandwich::estfun(fit)
    expect_identical(colnames(scores), rownames(vcov(fit)))
    expect_lt(max(abs(colSums(scores))), 1e-6 * max(abs(scores)))
    expect_equal(sandwich::bread(fit), vcov(fit) * nrow(scores))
    robust <- vcov(fit) %*% crossprod(scores) %*% vcov(fit)
    expect_equal(sandwich::sandwich(fit), robust)
    expect_equal(sandwich::vcovCL(fit, cadjust = FALSE), robust)
  }
  # The derivative of one row's log-likelihood.
  d <- simulate_classes(60, seed = 3)
  d$school <- rep(1:6, 10)
  fit <- fastmultinom(y ~ x1, data = d)
  row <- which(d$y == "b")[1]
  p <- fitted(fit)[row, ]
  score <- c((1 - p[["b"]]) * c(1, d$x1[row]), -p[["c"]] * c(1, d$x1[row]))
  expect_equal(sandwich::estfun(fit)[row, ], score, ignore_attr = TRUE)
  by_school <- rowsum(sandwich::estfun(fit), d$school)
  expect_equal(
    sandwich::vcovCL(fit, cluster = ~school),
    vcov(fit) %*% crossprod(by_school) %*% vcov(fit) * 6 / 5
  )
})

test_that("two classes have fastlogit()'s sandwich and z tests", {
  skip_if_not_installed("sandwich")
  skip_if_not_installed("lmtest")
  d <- transform(MASS::Cars93, twice = 2 * Price)
  fit <- fastmultinom(Origin ~ Price + twice + Weight, data = d)
  binary <- fastlogit(Origin ~ Price + twice + Weight, data = d)
  for (f in list(
    sandwich::sandwich, function(fit) sandwich::vcovCL(fit, cluster = ~Type),
    lmtest::coeftest, lmtest::coefci,
    function(fit) lmtest::coeftest(fit, vcov. = sandwich::sandwich)
  )) {
    known <- c("(Intercept)", "Price", "Weight")
    expect_equal(f(fit)[known, ], f(binary)[known, ], tolerance = 1e-6)
  }
  many <- lmtest::coeftest(fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq))
  expect_identical(rownames(many)[4], "High:(Intercept)")
  expect_identical(colnames(many)[3], "z value")
})

test_that("car's tests are those of a multinom, and keep the offset", {
  skip_if_not_installed("nnet")
  skip_if_not_installed("car")
  for (set in sets_for_packages()) {
    for (type in c("II", "III")) {
      expect_same_call(function(fit) as.list(car::Anova(fit, type = type)), set, 1e-3)
    }
  }
  set <- multinomial_data()$housing
  set$formula <- Sat ~ Infl * Cont + Type
  for (type in c("II", "III")) {
    expect_same_call(function(fit) car::Anova(fit, type = type), set, 1e-3)
  }
  ratio <- function(fit) {
    names <- chartr("():", "___", rownames(vcov(fit)))
    car::deltaMethod(fit, "High_InflHigh / Medium_InflHigh", parameterNames = names)
  }
  expect_same_call(ratio, set)
  equal <- function(fit) car::linearHypothesis(fit, "High:InflHigh = Medium:InflHigh")$Chisq
  expect_same_call(equal, set)
  d <- simulate_classes(200)
  fit <- fastmultinom(y ~ x1 + g, data = d, offset = x2)
  expect_equal(car::Anova(fit)$`LR Chisq`, drop1(fit, test = "Chisq")$LRT[-1])
})

test_that("effects and emmeans give what they give for a multinom", {
  skip_if_not_installed("nnet")
  for (set in sets_for_packages()) {
    if (requireNamespace("effects", quietly = TRUE)) {
      expect_same_call(function(fit) {
        lapply(effects::allEffects(fit), function(e) e[c("prob", "se.prob", "logit", "se.logit")])
      }, set)
    }
    if (requireNamespace("emmeans", quietly = TRUE)) {
      means <- function(mode) {
        function(fit) {
          # Its call is a list of arguments, whose data it looks for where the formula is from.
          grid <- emmeans::ref_grid(fit, mode = mode, data = set$data)
          as.data.frame(grid)[c("prediction", "prob", "SE")[-(if (mode == "prob") 1 else 2)]]
        }
      }
      for (mode in c("prob", "latent")) expect_same_call(means(mode), set)
    }
  }
})

test_that("emmeans knows the classes of counts, and what cannot be estimated", {
  skip_if_not_installed("emmeans")
  counts <- fastmultinom(Sat ~ Infl + Type, data = housing_counts())
  cases <- fastmultinom(Sat ~ Infl + Type, data = MASS::housing, weights = Freq)
  means <- function(fit) as.data.frame(emmeans::emmeans(fit, ~ Infl | Sat))
  expect_equal(means(counts), means(cases), tolerance = 1e-6)
  for (mode in c("prob", "latent")) {
    grid <- as.data.frame(emmeans::ref_grid(fit_with_empty_cell(), mode = mode))
    empty <- grid$Infl == "High" & grid$Cont == "Low"
    expect_identical(is.na(grid$SE), empty)
  }
  fit <- fit_with_empty_cell()
  found <- as.data.frame(emmeans::emmeans(fit, ~ Infl * Cont | Sat))
  known <- found[!is.na(found$SE), ]
  expected <- suppressWarnings(predict(fit, known[1:5, ], se.fit = TRUE))
  expect_equal(known$prob, as.vector(expected$fit))
  expect_equal(known$SE, as.vector(expected$se.fit))
})

test_that("the parts that marginaleffects asks for belong together", {
  skip_if_not_installed("MASS")
  fit <- fastmultinom(Sat ~ Infl * Cont, data = MASS::housing, weights = Freq)
  aliased <- fit_with_empty_cell()
  expect_identical(
    names(get_coef.fastmultinom(aliased)), rownames(vcov(aliased, complete = FALSE))
  )
  expect_identical(
    coef(set_coef.fastmultinom(aliased, get_coef.fastmultinom(aliased))), coef(aliased)
  )
  coefs <- get_coef.fastmultinom(fit)
  expect_identical(names(coefs), rownames(vcov(fit, complete = FALSE)))
  expect_identical(coef(set_coef.fastmultinom(fit, coefs)), coef(fit))
  new <- transform(MASS::housing[1:2, ], rowid = 1:2)
  moved <- set_coef.fastmultinom(fit, coefs + 0.1)
  expect_false(identical(get_predict.fastmultinom(moved, new), get_predict.fastmultinom(fit, new)))
  found <- get_predict.fastmultinom(fit, new)
  expect_identical(as.character(found$group), rep(c("Low", "Medium", "High"), each = 2))
  expect_identical(found$rowid, rep(1:2, 3))
  expect_equal(found$estimate, as.vector(predict(fit, new, "probs")))
  latent <- get_predict.fastmultinom(fit, new, "latent")$estimate
  expect_equal(rowSums(matrix(latent, 2)), c(0, 0))
})

test_that("marginaleffects gives what it gives for a multinom", {
  skip_if_not_installed("nnet")
  skip_if_not_installed("marginaleffects")
  for (set in sets_for_packages()) {
    expect_same_call(function(fit) {
      found <- marginaleffects::avg_comparisons(fit, newdata = set$data)
      as.data.frame(found)[c("term", "contrast", "estimate", "std.error")]
    }, set, 1e-3)
  }
})

test_that("insight, parameters and performance need no more than the inherited methods", {
  skip_if_not_installed("nnet")
  for (set in sets_for_packages()) {
    if (requireNamespace("insight", quietly = TRUE)) {
      expect_same_call(insight::get_parameters, set)
      expect_same_call(insight::get_varcov, set)
      expect_same_call(insight::find_terms, set)
      expect_same_call(insight::model_info, set)
    }
    if (requireNamespace("parameters", quietly = TRUE)) {
      expect_same_call(function(fit) as.list(parameters::p_value(fit)), set)
      expect_same_call(function(fit) as.list(parameters::ci(fit)), set)
    }
    if (requireNamespace("performance", quietly = TRUE)) {
      expect_same_call(function(fit) performance::performance_rmse(fit), set)
    }
  }
})
