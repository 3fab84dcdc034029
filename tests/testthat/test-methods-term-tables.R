# The tables of drop1(), add1(), step() and anova() against those of a glm at its limit.

# A glm goes on until its deviance no longer changes at all: stats' score tests take the weights of
# the last iterate but one, which have half of the digits at 1e-14.
at_the_limit <- list(epsilon = 1e-16, maxit = 20)

# Formulas of models and of larger ones, and what else the call has.
cases_of_terms <- function() {
  list(
    list(formula = y ~ x * g + z, scope = ~ . + x:z + z:g + w),
    list(formula = y ~ poly(x, 2) + f * g, scope = ~ . + log(w) + I(z^2), weights = quote(prior)),
    list(formula = y ~ 0 + g + x, scope = ~ . + z + f),
    list(formula = y ~ 0 + x + z, scope = ~ . + g + w),
    list(formula = cbind(s, n - s) ~ x + f + g, scope = ~ . + x:g + z),
    list(formula = s / n ~ x + ordered(g), scope = ~ . + w, weights = quote(n)),
    list(formula = y ~ x, scope = ~ . + z + g + x:g)
  )
}

rows_of_terms <- function(n = 300) {
  set.seed(41)
  d <- data.frame(
    x = rnorm(n), z = rnorm(n), w = rexp(n) + 0.1, g = factor(sample(letters[1:3], n, TRUE)),
    f = factor(sample(c("no", "yes"), n, TRUE)), prior = sample(1:3, n, TRUE),
    n = rpois(n, 8) + 1
  )
  eta <- -0.6 + 0.5 * d$x - 0.3 * d$z + 0.2 * (d$g == "b") + 0.3 * d$x * (d$g == "c")
  d$y <- rbinom(n, 1, pnorm(eta / 1.6))
  d$s <- rbinom(n, d$n, pnorm(eta / 1.6))
  d
}

# Both fits, with the data in their calls, where update() finds them again.
pair_of_fits <- function(case, family = binomial, data = rows_of_terms(),
                         control = at_the_limit) {
  fit_by <- function(fitter) {
    arguments <- c(
      list(fitter, case$formula, family, data, control = control),
      case[setdiff(names(case), c("formula", "scope"))]
    )
    suppressWarnings(eval(as.call(arguments)))
  }
  list(ours = fit_by(quote(fastlogit)), theirs = fit_by(quote(glm)))
}

expect_same_table <- function(of, fits, tolerance = 1e-8) {
  expect_equal(of(fits$ours), suppressWarnings(of(fits$theirs)), tolerance = tolerance)
}

test_that("deletions, additions and sequences are those of a glm", {
  for (case in cases_of_terms()) {
    fits <- pair_of_fits(case)
    for (test in c("none", "Rao", "LRT", "Chisq")) {
      expect_same_table(function(fit) drop1(fit, test = test), fits)
      expect_same_table(function(fit) add1(fit, case$scope, test = test), fits)
    }
    expect_same_table(function(fit) drop1(fit, k = 4, scale = 1.3, test = "LRT"), fits)
    expect_same_table(function(fit) add1(fit, case$scope, k = 4, scale = 1.3, test = "Rao"), fits)
    for (test in c("Rao", "LRT", "Cp")) {
      expect_same_table(function(fit) anova(fit, test = test), fits)
    }
    expect_same_table(function(fit) anova(fit), fits)
    expect_same_table(function(fit) anova(fit, dispersion = 2, test = "Chisq"), fits)
  }
})

test_that("they are those of a glm for the other links", {
  for (link in c("probit", "cloglog", "cauchit")) {
    for (case in cases_of_terms()[c(1L, 5L)]) {
      fits <- pair_of_fits(case, binomial(link))
      expect_same_table(function(fit) drop1(fit, test = "LRT"), fits)
      expect_same_table(function(fit) add1(fit, case$scope, test = "LRT"), fits)
      expect_same_table(function(fit) anova(fit, test = "LRT"), fits)
      expect_same_table(function(fit) drop1(fit, test = "Rao"), fits, 1e-6)
      expect_same_table(function(fit) add1(fit, case$scope, test = "Rao"), fits, 1e-6)
      expect_same_table(function(fit) anova(fit, test = "Rao"), fits, 1e-6)
    }
  }
  case <- list(formula = y ~ f + g, scope = ~ . + f:g)
  fits <- pair_of_fits(case, binomial("log"))
  expect_same_table(function(fit) drop1(fit, test = "LRT"), fits)
  expect_same_table(function(fit) add1(fit, case$scope, test = "LRT"), fits)
  expect_same_table(function(fit) anova(fit, test = "LRT"), fits)
})

test_that("a dispersion gives F tests", {
  for (case in cases_of_terms()[c(1L, 5L, 6L)]) {
    fits <- pair_of_fits(case, quasibinomial)
    for (test in c("none", "Rao", "LRT", "F")) {
      expect_same_table(function(fit) drop1(fit, test = test), fits)
      expect_same_table(function(fit) add1(fit, case$scope, test = test), fits)
      expect_same_table(function(fit) anova(fit, test = if (test != "none") test), fits)
    }
  }
  fits <- pair_of_fits(cases_of_terms()[[1L]])
  for (of in list(drop1, function(fit, ...) add1(fit, ~ . + w, ...), anova)) {
    expect_warning(found <- of(fits$ours, test = "F"), class = "fastlogit_dispersion")
    expect_equal(found, suppressWarnings(of(fits$theirs, test = "F")), tolerance = 1e-8)
  }
})

test_that("offsets take part in the fits, and are no response of a score test", {
  case <- list(formula = y ~ x + g + offset(z / 2), offset = quote(w / 3))
  fits <- pair_of_fits(case)
  for (test in c("LRT", "Rao")) {
    expect_same_table(function(fit) drop1(fit, test = test), fits)
    expect_same_table(function(fit) anova(fit, test = test), fits)
  }
  expect_same_table(function(fit) add1(fit, ~ . + f + x:g, test = "LRT"), fits)
  # stats' own gives another statistic here than its comparison of the two fits does.
  larger <- update(fits$theirs, . ~ . + f)
  expect_equal(
    add1(fits$ours, ~ . + f, test = "Rao")$`Rao score`[2L],
    anova(fits$theirs, larger, test = "Rao")$Rao[2L], tolerance = 1e-8
  )
})

test_that("columns that depend on others have no degrees of freedom", {
  d <- rows_of_terms()
  d$twice <- 2 * d$x
  d$sum <- d$x + d$z
  case <- list(formula = y ~ x + twice + g, scope = ~ . + sum + z)
  # glm() ties the tolerance for such columns to epsilon.
  fits <- pair_of_fits(case, data = d, control = list(epsilon = 1e-10))
  for (test in c("LRT", "Rao")) {
    tolerance <- if (test == "Rao") 1e-5 else 1e-8
    expect_same_table(function(fit) drop1(fit, test = test), fits, tolerance)
    expect_same_table(function(fit) add1(fit, case$scope, test = test), fits, tolerance)
    expect_same_table(function(fit) anova(fit, test = test), fits, tolerance)
  }
  expect_equal(add1(update(fits$ours, . ~ x + z), ~ . + sum, test = "LRT")["sum", "Df"], 0)
})

test_that("rows with missing values in terms to be added are left out, with a word", {
  d <- rows_of_terms()
  d$w[c(3, 50)] <- NA
  case <- list(formula = y ~ x + g, scope = ~ . + w + z)
  fits <- pair_of_fits(case, data = d)
  expect_warning(
    found <- add1(fits$ours, case$scope, test = "LRT"), "298/300", class = "fastlogit_fewer_rows"
  )
  expect_equal(found, suppressWarnings(add1(fits$theirs, case$scope, test = "LRT")),
    tolerance = 1e-8
  )
  d$x[7] <- NA
  fits <- pair_of_fits(c(case, list(na.action = quote(na.exclude))), data = d)
  expect_same_table(function(fit) drop1(fit, test = "LRT"), fits)
  expect_same_table(function(fit) anova(fit, test = "Rao"), fits)
})

test_that("step() takes the steps of a glm, both ways", {
  for (case in cases_of_terms()[c(1L, 3L, 5L, 7L)]) {
    fits <- pair_of_fits(case)
    for (direction in c("both", "backward", "forward")) {
      walk <- function(fit) {
        found <- step(fit, case$scope, direction = direction, trace = 0)
        list(found$anova, coef(found), formula(found), found$aic)
      }
      expect_same_table(walk, fits)
    }
    expect_same_table(function(fit) step(fit, trace = 0, k = log(300))$anova, fits)
  }
})

test_that("a term that separates the rows is added at the least deviance", {
  d <- rows_of_terms(60)
  d$rare <- as.numeric(seq_len(60) %in% which(d$y == 1)[1:4])
  fits <- pair_of_fits(list(formula = y ~ x + g), data = d)
  expect_silent(found <- add1(fits$ours, ~ . + rare + z, test = "LRT"))
  left <- glm(y ~ x + g, binomial, d, subset = rare == 0, epsilon = 1e-14)
  expect_equal(found["rare", "Deviance"], left$deviance, tolerance = 1e-8)
  expect_equal(
    found["z", "LRT"], add1(fits$theirs, ~ . + z, test = "LRT")["z", "LRT"], tolerance = 1e-8
  )
})

test_that("rows that are stored or sparse give the same tables", {
  d <- rows_of_terms()
  plain <- fastlogit(y ~ x * g + z, data = d)
  stored <- fastlogit(y ~ x * g + z, data = source_function(chunks_of(d, 100)))
  sparse <- fastlogit(y ~ x * g + z, data = d, sparse = TRUE)
  for (fit in list(stored, sparse)) {
    for (test in c("LRT", "Rao")) {
      expect_equal(drop1(fit, test = test), drop1(plain, test = test), tolerance = 1e-9)
      expect_equal(anova(fit, test = test), anova(plain, test = test), tolerance = 1e-9)
    }
    expect_equal(
      add1(fit, ~ . + w + f, test = "LRT"), add1(plain, ~ . + w + f, test = "LRT"),
      tolerance = 1e-9
    )
  }
  expect_equal(
    add1(sparse, ~ . + w, test = "Rao"), add1(plain, ~ . + w, test = "Rao"), tolerance = 1e-9
  )
  expect_error(add1(stored, ~ . + w, test = "Rao"), "memory", class = "fastlogit_input_error")
})

test_that("what cannot be added is said", {
  fit <- fastlogit(y ~ x + z, data = rows_of_terms())
  expect_error(add1(fit), "scope", class = "fastlogit_input_error")
  expect_error(add1(fit, ~ .), "no terms", class = "fastlogit_input_error")
  expect_error(add1(fit, ~ . + g, test = "Wald"), "test", class = "fastlogit_input_error")
})

test_that("car has the same tables of types II and III", {
  skip_if_not_installed("car")
  for (case in cases_of_terms()) {
    for (family in list(binomial(), quasibinomial("probit"))) {
      fits <- pair_of_fits(case, family)
      for (type in c("II", "III")) {
        of <- function(fit) car::Anova(fit, type = type)
        expect_same_table(of, fits)
        of <- function(fit) car::Anova(fit, type = type, test.statistic = "Wald")
        expect_same_table(of, fits, if (family$link == "logit") 1e-8 else 1e-6)
      }
    }
  }
  d <- transform(rows_of_terms(), twice = 2 * x)
  fits <- pair_of_fits(list(formula = y ~ x + twice + g), data = d, control = list(epsilon = 1e-10))
  expect_same_table(car::Anova, fits)
  for (fit in fits) expect_error(car::Anova(fit, type = "III"), "aliased")
  alone <- pair_of_fits(list(formula = y ~ 1))
  for (fit in alone) expect_warning(try(car::Anova(fit), silent = TRUE), "only an intercept")
})

test_that("MASS has the same tables, in its words", {
  skip_if_not_installed("MASS")
  for (case in cases_of_terms()[c(1L, 5L)]) {
    fits <- pair_of_fits(case)
    for (test in c("none", "Chisq")) {
      of <- function(fit) MASS::dropterm(fit, test = test, sorted = TRUE)
      expect_same_table(of, fits)
      expect_same_table(function(fit) MASS::addterm(fit, case$scope, test = test), fits)
    }
    expect_same_table(function(fit) MASS::stepAIC(fit, case$scope, trace = 0)$anova, fits)
  }
})
