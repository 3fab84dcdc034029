housing_fit <- function() {
  without_order(fastmultinom(Sat ~ Infl + Cont, data = MASS::housing, weights = Freq))
}

test_that("Wald intervals are multinom()'s", {
  skip_if_not_installed("nnet")
  for (set in multinomial_data()) {
    fit <- fit_classes_of(set, fastmultinom)
    reference <- fit_multinom(set)
    expect_equal(confint(fit), confint(reference), tolerance = 1e-5, label = set$name)
    expect_equal(confint(fit, 2:1, 0.9), confint(reference, 2:1, 0.9), tolerance = 1e-5)
  }
  fit <- fastmultinom(Origin ~ Price, data = MASS::Cars93)
  expect_equal(confint(fit), confint.default(fit))
  expect_equal(confint(fit, "Price"), confint.default(fit, "Price"))
})

# The smallest deviance with one coefficient held, by stats' general minimiser.
profiled_deviance <- function(x, y, class, column, value) {
  indicators <- class_indicators(y)
  held <- column + (class - 1) * ncol(x)
  deviance_at <- function(free) {
    beta <- matrix(append(free, value, held - 1), ncol(x))
    eta <- cbind(0, x %*% beta)
    -2 * sum(indicators * (eta - log(rowSums(exp(eta)))))
  }
  free <- numeric(ncol(x) * (ncol(indicators) - 1) - 1)
  optim(free, deviance_at, method = "BFGS", control = list(reltol = 1e-14, maxit = 1000))$value
}

test_that("profile intervals end where the likelihood-ratio test rejects", {
  d <- simulate_classes(80)
  fit <- fastmultinom(y ~ x1 + x2, data = d)
  found <- confint(fit, method = "profile", level = 0.9)
  expect_identical(dim(found), c(3L, 2L, 2L))
  expect_identical(dimnames(found), dimnames(confint(fit, level = 0.9)))
  x <- model.matrix(fit)
  for (class in 1:2) {
    for (bound in found["x1", , class]) {
      held <- profiled_deviance(x, d$y, class, 2, bound)
      expect_equal(held - fit$deviance, qchisq(0.9, 1), tolerance = 1e-5)
    }
  }
  expect_equal(
    confint(fit, "x1", method = "profile", level = 0.9), found["x1", , , drop = FALSE]
  )
})

test_that("profile intervals of two classes are a glm's", {
  skip_if_not_installed("MASS")
  fit <- fastmultinom(Origin ~ Price + Weight, data = MASS::Cars93)
  binary <- glm(Origin ~ Price + Weight, binomial, MASS::Cars93)
  expected <- suppressMessages(confint(binary))
  expect_equal(confint(fit, method = "profile"), expected, tolerance = 1e-3)
  expect_identical(dimnames(confint(fit, method = "profile")), dimnames(expected))
})

test_that("aliased coefficients have no interval, and change no other", {
  d <- transform(simulate_classes(100), twice = 2 * x1)
  fit <- fastmultinom(y ~ x1 + twice + x2, data = d)
  plain <- fastmultinom(y ~ x1 + x2, data = d)
  for (method in c("wald", "profile")) {
    found <- confint(fit, method = method)
    expect_true(all(is.na(found["twice", , ])))
    expect_equal(found[-3, , ], confint(plain, method = method), tolerance = 1e-6)
  }
})

test_that("separated classes have infinite bounds", {
  expect_warning(
    fit <- fastmultinom(Species ~ Petal.Length, data = iris),
    class = "fastlogit_separation"
  )
  found <- confint(fit, "Petal.Length", method = "profile")
  expect_identical(unname(found[, 2, ]), c(Inf, Inf))
  expect_true(all(is.finite(found[, 1, ])))
})

test_that("ends are those of constrained refits, infinite ones those of the recession cone", {
  for (number in 1:12) {
    set.seed(number)
    n <- sample(15:30, 1)
    d <- data.frame(x1 = rnorm(n), x2 = rbinom(n, 1, 0.5))
    noise <- matrix(-log(-log(runif(3 * n))), n) * (number %% 3 > 0)
    class <- max.col(cbind(0, as.matrix(d) %*% matrix(rnorm(4, sd = 2), 2)) + noise)
    if (number %% 3 == 1) class[d$x2 == 1] <- 2
    class[1:3] <- 1:3
    d$y <- factor(class)
    fit <- suppressWarnings(fastmultinom(y ~ x1 + x2, data = d))
    x <- model.matrix(fit)
    # Class by class, as the array of bounds with its margins 1 and 3 first.
    found <- matrix(aperm(confint(fit, method = "profile"), c(1, 3, 2)), ncol = 2)
    signs <- as.vector(t(brute_force_classes(x, diag(3)[class, ], rep(1, n))))
    expect_identical(found[, 2] == Inf, is.na(signs) | signs == Inf)
    expect_identical(found[, 1] == -Inf, is.na(signs) | signs == -Inf)
    least <- class_bound_by_brute_force(x, class, 3)
    for (end in which(is.finite(found))) {
      held <- (end - 1) %% nrow(found) + 1
      rise <- class_bound_by_brute_force(x, class, 3, held, found[end]) - least
      expect_equal(rise, qchisq(0.95, 1), tolerance = 1e-4, label = paste(number, held))
    }
  }
})

test_that("an unknown term is told", {
  skip_if_not_installed("MASS")
  expect_snapshot(error = TRUE, confint(housing_fit(), "Type"))
  expect_snapshot(error = TRUE, confint(housing_fit(), 9))
  expect_snapshot(error = TRUE, confint(housing_fit(), level = 2))
  expect_snapshot(error = TRUE, confint(housing_fit(), method = "bootstrap"))
})
