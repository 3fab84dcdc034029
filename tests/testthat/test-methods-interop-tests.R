# Tests by other packages: of penalised fits our penalised tests, of separated fits those of
# likelihoods or a refusal.

penalised_fits <- function() {
  d <- separated_rows()
  penalties <- list("firth", "jeffreys", penalty_ridge(0.5))
  c(
    lapply(penalties, function(p) fastlogit(y ~ g * x + z, data = d, penalty = p)),
    list(fastlogit(y ~ g * x + z, binomial("probit"), d, penalty = "jeffreys"))
  )
}

# By how much twice the penalised log-likelihood falls where columns are held at zero: found by a
# general optimiser.
fall_by_optim <- function(fit, held) {
  x <- model.matrix(fit)
  d <- fit$model$y
  objective <- function(free, columns) {
    eta <- drop(x[, columns, drop = FALSE] %*% free)
    mu <- fit$family$linkinv(eta)
    weight <- fit$family$mu.eta(eta)^2 / (mu * (1 - mu))
    value <- sum(dbinom(d, 1, mu, log = TRUE))
    penalty <- if (fit$penalty$name == "ridge") {
      beta <- numeric(ncol(x))
      beta[columns] <- free
      -fit$penalty$amount / 2 * sum(beta[-1]^2)
    } else {
      fit$penalty$amount * determinant(crossprod(x * sqrt(weight)))$modulus
    }
    -(value + penalty)
  }
  best <- function(columns) {
    found <- stats::optim(
      fit$coefficients[columns], objective, columns = columns, method = "BFGS",
      control = list(reltol = 1e-15, maxit = 1000)
    )
    found$value
  }
  2 * (best(setdiff(seq_len(ncol(x)), held)) - best(seq_len(ncol(x))))
}

test_that("Anova() of a penalised fit tests by the penalised likelihood", {
  skip_if_not_installed("car")
  for (fit in penalised_fits()) {
    term <- attr(model.matrix(fit), "assign")
    without <- function(...) fall_by_optim(fit, which(term %in% c(...)))
    second <- car::Anova(fit)
    expected <- c(without(1, 4) - without(4), without(2, 4) - without(4), without(3), without(4))
    expect_equal(second$`LR Chisq`, expected, tolerance = 1e-5)
    expect_equal(second$Df, c(2, 1, 1, 2))
    third <- car::Anova(fit, type = "III")
    expect_equal(third$`LR Chisq`, vapply(1:4, without, 0), tolerance = 1e-5)
    expect_equal(third["z", 3], drop1(fit)["z", "Pr(>Chi)"])
    expect_error(car::Anova(fit, test.statistic = "F"), class = "fastlogit_input_error")
    wald <- car::Anova(fit, test.statistic = "Wald")
    expect_equal(wald["z", "Pr(>Chisq)"], coef(summary(fit))["z", 4])
  }
})

test_that("lrtest() of penalised fits is anova()'s test, for many classes too", {
  skip_if_not_installed("lmtest")
  d <- separated_rows()
  d$class <- factor(rep_len(c("a", "b", "c", "b", "a"), 50))
  fits <- c(penalised_fits(), list(fastmultinom(class ~ g * x + z, data = d, penalty = "firth")))
  for (fit in fits) {
    smaller <- fit
    smaller$call$penalty <- fit$penalty
    smaller <- update(smaller, . ~ . - z)
    test <- lmtest::lrtest(fit, smaller)
    expect_equal(test$Chisq[2], anova(smaller, fit)$LRT[2])
    expect_equal(test$LogLik[1], fit$penalised_loglik)
    expect_equal(test$`Pr(>Chisq)`[2], drop1(fit)["z", "Pr(>Chi)"])
    for (way in list("z", . ~ . - z, 3L)) expect_equal(lmtest::lrtest(fit, way), test)
    null <- lmtest::lrtest(fit)
    expect_equal(null$Chisq[2], 2 * diff(rev(null$LogLik)))
    if (requireNamespace("car", quietly = TRUE)) {
      expect_equal(car::Anova(fit)["z", "LR Chisq"], test$Chisq[2])
    }
  }
  expect_error(
    lmtest::lrtest(fits[[1]], glm(y ~ x, binomial, d)), class = "fastlogit_input_error"
  )
})

test_that("comparisons by AIC or without the penalty are refused", {
  skip_if_not_installed("MASS")
  d <- separated_rows()
  d$class <- factor(rep_len(c("a", "b", "c"), 50))
  fits <- list(
    fastlogit(y ~ g + x, data = d, penalty = "firth"),
    fastmultinom(class ~ g + x, data = d, penalty = "firth")
  )
  for (fit in fits) {
    expect_equal(MASS::dropterm(fit), drop1(fit))
    expect_error(MASS::stepAIC(fit, trace = 0), class = "fastlogit_input_error")
    expect_error(MASS::addterm(fit, . ~ . + z), class = "fastlogit_input_error")
    expect_error(step(fit, trace = 0), class = "fastlogit_input_error")
  }
  skip_if_not_installed("performance")
  smaller <- update(fits[[1]], . ~ x)
  expect_error(
    performance::test_likelihoodratio(fits[[1]], smaller), class = "fastlogit_input_error"
  )
  expect_error(performance::test_performance(fits[[1]], smaller), class = "fastlogit_input_error")
})

test_that("a fit without a penalised likelihood has Wald's tests only", {
  d <- separated_rows()
  fit <- fastlogit(y ~ g + x, data = d, penalty = "median")
  skip_if_not_installed("car")
  expect_error(car::Anova(fit), "Wald", class = "fastlogit_input_error")
  expect_equal(
    car::Anova(fit, test.statistic = "Wald")["x", "Pr(>Chisq)"], coef(summary(fit))["x", 4]
  )
  skip_if_not_installed("lmtest")
  expect_error(lmtest::lrtest(fit), "Wald", class = "fastlogit_input_error")
})

test_that("tests of a separated fit are those of the deviances' suprema", {
  d <- separated_rows()
  rest <- d[d$g != "c", ]
  for (link in c("logit", "probit", "cloglog")) {
    fit <- suppressWarnings(fastlogit(y ~ g + x + z, binomial(link), d))
    deviance <- function(formula, data = rest) {
      glm(formula, binomial(link), data, control = list(epsilon = 1e-14, maxit = 100))$deviance
    }
    full <- deviance(y ~ g + x + z)
    expected <- c(deviance(y ~ x + z, d), deviance(y ~ g + z), deviance(y ~ g + x)) - full
    expect_silent(table <- drop1(fit, test = "LRT"))
    expect_equal(table$LRT[-1], expected, tolerance = 1e-7)
    expect_equal(table$Deviance[1], full, tolerance = 1e-9)
    if (requireNamespace("car", quietly = TRUE)) {
      for (type in c("II", "III")) {
        expect_equal(car::Anova(fit, type = type)$`LR Chisq`, expected, tolerance = 1e-7)
      }
    }
  }
})
