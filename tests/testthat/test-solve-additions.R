test_that("what is wrong with a candidate is said, and none is left out", {
  of <- screened(100)
  d <- of$d
  fit <- fastlogit(y ~ a + b, data = d)
  x <- cbind(
    fine = of$x[, 6], constant = 3, zero = 0, aliased = 2 * d$a - 1, level = d$b == "c",
    up = (seq_len(100) == which(d$y == 1)[1]) + 0, down = -as.numeric(d$y == 1) * d$a^2,
    apart = d$y + 0.1 * d$a^2, few = c(1:5, rep(NA, 95)), none = NA,
    alone = ifelse(d$y == 1 | d$b == "d", NA, d$a^2)
  )
  for (test in c("score", "lr", "wald")) {
    s <- screen(fit, x, test = test)
    expect_identical(s$status, c(
      "converged", "constant", "constant", "aliased", "aliased", rep("separated", 3),
      "too few rows", "too few rows", "separated"
    ))
    expect_equal(s$estimate[6:8], c(Inf, -Inf, Inf))
    expect_true(all(is.na(s$std.error[6:8])))
    expect_true(all(is.na(s$statistic[c(2:5, 9:10)])))
    expect_identical(is.na(s$p.value[6:8]), rep(test == "wald", 3))
  }
  # The likelihood ratio in the limit, and the score test, as glm comes close to it.
  for (j in 6:7) {
    candidate <- x[, j]
    null <- glm(y ~ a + b, binomial, d)
    full <- suppressWarnings(glm(
      y ~ a + b + candidate, binomial, d, control = list(epsilon = 1e-13, maxit = 100)
    ))
    lr <- screen(fit, x[, j, drop = FALSE], test = "lr")$statistic
    expect_equal(lr, null$deviance - full$deviance, tolerance = 1e-6)
    rao <- suppressWarnings(anova(null, full, test = "Rao"))$Rao[2]
    expect_equal(screen(fit, x[, j, drop = FALSE])$statistic, rao, tolerance = 1e-7)
  }
})

test_that("without an intercept a constant is a column as any other", {
  of <- screened()
  fit <- fastlogit(y ~ a - 1, data = of$d)
  s <- screen(fit, cbind(one = rep(1, 300), zero = 0), test = "wald")
  expect_identical(s$status, c("converged", "constant"))
  expected <- summary(glm(y ~ a + I(rep(1, 300)) - 1, binomial, of$d))$coefficients[2, ]
  expect_equal(s$statistic[1], expected[[3]], tolerance = 1e-6)
})

test_that("nearly dependent candidates have the digits of their own fits", {
  of <- screened()
  fit <- fastlogit(y ~ a + b, data = of$d)
  near <- cbind(of$d$a + 1e-5 * of$x[, 6], 1e6 + of$x[, 7], of$d$a + 1e-13 * of$x[, 6])
  s <- screen(fit, near, test = "wald")
  expect_identical(s$status, c("converged", "converged", "aliased"))
  for (j in 1:2) {
    own <- summary(fastlogit(y ~ a + b + near[, j], data = of$d))$coefficients[6, ]
    expect_equal(s$estimate[j], own[[1]], tolerance = 1e-7)
    expect_equal(s$statistic[j], own[[3]], tolerance = 1e-7)
  }
})

test_that("separated candidates are fitted by Firth where that is asked for", {
  of <- screened(100)
  d <- of$d
  x <- cbind(fine = of$x[, 6], up = (seq_len(100) == which(d$y == 1)[1]) + 0)
  fit <- fastlogit(y ~ a, data = d)
  s <- screen(fit, x, test = "lr", penalty = "if separated")
  plain <- screen(fit, x, test = "lr")
  firth <- screen(fit, x, test = "lr", penalty = "firth")
  expect_identical(s$penalty, c("none", "firth"))
  expect_identical(s$status, c("converged", "separated"))
  expect_identical(s$estimate, c(plain$estimate[1], firth$estimate[2]))
  expect_identical(s$statistic, c(plain$statistic[1], firth$statistic[2]))
  by_score <- screen(fit, x, penalty = "if separated")
  expect_identical(by_score$statistic, screen(fit, x)$statistic)
  expect_identical(by_score$estimate, s$estimate)
})

test_that("the fits are those of their own, however the columns of the model are stored", {
  of <- screened(600)
  d <- of$d
  d$place <- factor(sample(sprintf("p%02d", 1:20), 600, TRUE))
  x <- with_missing(of$x)[, c(3, 5, 9)]
  for (penalty in list("none", "firth", penalty_ridge(0.5))) {
    for (sparse in c(FALSE, TRUE)) {
      fit <- fastlogit(y ~ a + place, data = d, sparse = sparse, penalty = penalty)
      s <- screen(fit, x, test = "wald")
      for (j in 1:3) {
        d$candidate <- x[, j]
        own <- fastlogit(y ~ a + place + candidate, data = d, penalty = penalty)
        table <- summary(own)$coefficients["candidate", ]
        expect_equal(c(s$estimate[j], s$std.error[j]), unname(table[1:2]), tolerance = 1e-8)
      }
    }
  }
})

test_that("a user's own link is screened, too", {
  of <- screened()
  x <- of$x[, 4:6]
  square <- structure(list(
    linkfun = function(mu) qlogis(mu^0.9), linkinv = function(eta) plogis(eta)^(1 / 0.9),
    mu.eta = function(eta) plogis(eta)^(1 / 0.9 - 1) * dlogis(eta) / 0.9,
    valideta = function(eta) TRUE, name = "power logit"
  ), class = "link-glm")
  fit <- fastlogit(y ~ a, data = of$d, family = binomial(square))
  s <- screen(fit, x, test = "wald")
  for (j in 1:3) {
    d <- transform(of$d, candidate = x[, j])
    own <- summary(fastlogit(y ~ a + candidate, data = d, family = binomial(square)))
    expect_equal(s$statistic[j], own$coefficients[3, 3], tolerance = 1e-6)
  }
})

test_that("rows that lack a value may take columns of the model with them", {
  of <- screened()
  x <- of$x[, 5:6]
  x[of$d$b == "b", 1] <- NA  # then there is no such level
  d <- of$d
  fit <- fastlogit(y ~ a + b, data = d)
  for (test in c("score", "lr", "wald")) {
    s <- screen(fit, x, test = test)
    expected <- by_glm(y ~ a + b, d, x)
    expect_equal(s$estimate, unname(expected[, 1]), tolerance = 1e-8)
    expect_equal(s$statistic, unname(expected[, if (test == "wald") 3 else test]), tolerance = 1e-7)
  }
})
