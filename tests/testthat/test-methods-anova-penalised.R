# The penalised log-likelihood in plain R, maximised with some coefficients at zero.
held_maximum <- function(x, y, zero, penalty) {
  free <- setdiff(seq_len(ncol(x)), zero)
  value <- function(beta) {
    all <- replace(numeric(ncol(x)), free, beta)
    mu <- stats::plogis(drop(x %*% all))
    if (any(mu * (1 - mu) < 1e-300)) return(1e10)
    -sum(ifelse(y == 1, log(mu), log1p(-mu))) - penalty(all, crossprod(x * sqrt(mu * (1 - mu))))
  }
  best <- stats::optim(numeric(length(free)), value, method = "BFGS",
    control = list(reltol = 1e-15, maxit = 2000)
  )
  -stats::optim(best$par, value, method = "BFGS", control = list(reltol = 1e-15))$value
}

# Firth's, of many classes; beta class by class.
held_class_maximum <- function(x, y, zero) {
  classes <- nlevels(y) - 1L
  free <- setdiff(seq_len(ncol(x) * classes), zero)
  value <- function(beta) {
    all <- replace(numeric(ncol(x) * classes), free, beta)
    eta <- cbind(0, x %*% matrix(all, ncol(x)))
    probability <- exp(eta - apply(eta, 1L, max))
    probability <- probability / rowSums(probability)
    information <- Reduce(`+`, lapply(seq_len(nrow(x)), function(i) {
      p <- probability[i, -1L]
      kronecker(diag(p) - tcrossprod(p), tcrossprod(x[i, ]))
    }))
    half <- log_det(information) / 2
    if (!is.finite(half)) return(1e10)
    -sum(log(probability[cbind(seq_along(y), as.integer(y))])) - half
  }
  -stats::optim(numeric(length(free)), value, method = "BFGS",
    control = list(reltol = 1e-12, maxit = 500)
  )$value
}

log_det <- function(m) as.numeric(determinant(m)$modulus)

test_that("terms are tested under the penalty of the whole model", {
  set.seed(5)
  d <- data.frame(a = gl(3, 20), x = rnorm(60))
  d$y <- rbinom(60, 1, plogis(d$x + (d$a == 2)))
  kinds <- list(
    list(penalty = "firth", value = function(beta, information) log_det(information) / 2),
    list(
      penalty = penalty_jeffreys(0.2),
      value = function(beta, information) 0.2 * log_det(information)
    ),
    list(penalty = penalty_ridge(0.7), value = function(beta, information) -0.35 * sum(beta[-1]^2))
  )
  for (kind in kinds) {
    fit <- fastlogit(y ~ a + x, data = d, penalty = kind$penalty)
    x <- model.matrix(fit)
    top <- held_maximum(x, d$y, integer(), kind$value)
    expect_equal(fit$penalised_loglik, top, tolerance = 1e-9)
    fall <- function(zero) 2 * (top - held_maximum(x, d$y, zero, kind$value))
    table <- drop1(fit)
    expect_s3_class(table, "anova")
    expect_identical(rownames(table), c("a", "x"))
    expect_equal(table$Df, 2:1)
    expect_equal(table$LRT, c(fall(2:3), fall(4)), tolerance = 1e-6)
    expect_equal(table$`Pr(>Chi)`, pchisq(table$LRT, 2:1, lower.tail = FALSE))
    expect_equal(drop1(fit, ~x), table["x", ], ignore_attr = TRUE)
    sequence <- anova(fit)
    expect_equal(sequence$LRT, c(fall(2:4) - fall(4), fall(4)), tolerance = 1e-6)
    nested <- anova(fit, update(fit, . ~ x))
    expect_equal(nested$LRT[2], fall(2:3), tolerance = 1e-6)
    expect_equal(
      lr_test(fit)$LRT, c(fall(1), fall(2), fall(3), fall(4)), tolerance = 1e-6
    )
  }
})

# Values of logistf 1.26.1, at lconv = gconv = xconv = 1e-12: drop1(), anova(), confint().
test_that("the tests of Heinze and Schemper (2002) are found", {
  skip_if_not_installed("brglm2")
  data("endometrial", package = "brglm2", envir = environment())
  fit <- fastlogit(HG ~ NV + PI + EH, data = endometrial, penalty = "firth")
  expect_equal(drop1(fit)$LRT, c(6.7984572, 0.7468285, 17.7593175), tolerance = 1e-6)
  expect_equal(anova(fit, update(fit, . ~ PI))$LRT[2], 43.35495, tolerance = 1e-6)
  expect_equal(
    confint(fit)["NV", ], c(0.6097244, 7.8546317), tolerance = 1e-6, ignore_attr = TRUE
  )
})

test_that("logistf's tests and intervals are found on its own data", {
  skip_if_not_installed("logistf")
  data("sex2", package = "logistf", envir = environment())
  formula <- case ~ age + oc + vic + vicl + vis + dia
  control <- logistf::logistf.control(maxit = 1000, xconv = 1e-12, gconv = 1e-12, lconv = 1e-12)
  ends <- logistf::logistpl.control(maxit = 1000, xconv = 1e-9)
  other <- logistf::logistf(formula, data = sex2, control = control, plcontrol = ends)
  fit <- fastlogit(formula, data = sex2, penalty = "firth")
  expect_equal(confint(fit)[, 1], other$ci.lower, tolerance = 1e-7)
  expect_equal(confint(fit)[, 2], other$ci.upper, tolerance = 1e-7)
  expect_equal(lr_test(fit)$`Pr(>Chi)`, unname(other$prob), tolerance = 1e-8)
})

test_that("many classes are tested in the same way", {
  two <- transform(iris[51:150, ], Species = droplevels(Species))
  names(two)[2:3] <- c("w", "l")
  binary <- fastlogit(Species ~ w + l, data = two, penalty = "firth")
  many <- fastmultinom(Species ~ w + l, data = two, penalty = "firth")
  expect_equal(drop1(many)$LRT, drop1(binary)$LRT, tolerance = 1e-8)
  expect_equal(anova(many)$LRT, anova(binary)$LRT, tolerance = 1e-8)
  three <- fastmultinom(Species ~ Sepal.Width + Petal.Length, data = iris, penalty = "firth")
  table <- drop1(three)
  expect_equal(table$Df, c(2, 2))
  # The likelihood is flat where Petal.Length alone is zero.
  x <- cbind(1, iris$Sepal.Width, iris$Petal.Length)
  expect_equal(
    table$LRT[2],
    2 * (three$penalised_loglik - held_class_maximum(x, iris$Species, c(3, 6))),
    tolerance = 1e-6
  )
  expect_equal(sum(anova(three)$LRT), anova(three, update(three, . ~ 1))$LRT[2], tolerance = 1e-7)
})

test_that("rows from a source are tested in the same way", {
  d <- data.frame(x = c(1, 1, 2, 2, 2, 3, 3, 3), z = c(2, 1, 4, 3, 1, 2, 5, 1))
  d$y <- c(0, 0, 0, 1, 0, 1, 1, 1)
  file <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(d, file, row.names = FALSE)
  here <- fastlogit(y ~ x + z, data = d, penalty = "firth")
  elsewhere <- fastlogit(y ~ x + z, data = source_files(file), penalty = "firth")
  expect_equal(anova(elsewhere)$LRT, anova(here)$LRT, tolerance = 1e-8)
  expect_equal(drop1(elsewhere)$LRT, drop1(here)$LRT, tolerance = 1e-8)
  expect_equal(
    anova(elsewhere, update(elsewhere, . ~ x))$LRT, anova(here, update(here, . ~ x))$LRT,
    tolerance = 1e-8
  )
})

test_that("what compares maximum-likelihood fits says so", {
  d <- data.frame(x = c(1, 1, 2, 2, 2, 3, 3, 3), y = c(0, 0, 0, 1, 0, 1, 1, 1))
  fit <- fastlogit(y ~ x, data = d, penalty = "firth")
  expect_error(add1(fit, ~ . + I(x^2)), "maximum-likelihood", class = "fastlogit_input_error")
  expect_error(step(fit, trace = 0), "AIC", class = "fastlogit_input_error")
  expect_error(drop1(fit, "z"), "`z`", class = "fastlogit_input_error")
  expect_error(anova(fit, update(fit, penalty = penalty_ridge(1))), "same penalty")
  median <- update(fit, penalty = "median")
  intervals <- function(fit) confint(fit, method = "profile")
  for (test in list(anova, drop1, lr_test, profile, intervals)) {
    expect_error(test(median), "Wald", class = "fastlogit_input_error")
  }
  expect_equal(confint(median), confint(median, method = "wald"))
  probit <- update(fit, family = binomial("probit"))
  expect_error(lr_test(probit), "probit link")
})

test_that("a dispersion gives F tests", {
  d <- data.frame(x = 1:10, s = c(1, 0, 3, 2, 5, 4, 6, 9, 7, 9))
  fit <- fastlogit(cbind(s, 10 - s) ~ x, quasibinomial(), d, penalty = "firth")
  plain <- update(fit, family = binomial())
  dispersion <- summary(fit)$dispersion
  expect_equal(drop1(fit)$`F value`, drop1(plain)$LRT / dispersion)
})

test_that("the summary shows both tests", {
  d <- data.frame(x = c(1, 1, 2, 2, 2, 3, 3, 3), y = c(0, 0, 0, 1, 0, 1, 1, 1))
  fit <- fastlogit(y ~ x, data = d, penalty = "firth")
  expect_output(print(summary(fit, lrt = TRUE)), "LRT Pr\\(>Chi\\) Pr\\(>\\|z\\|\\)")
})

test_that("a penalised fit tells what would be without its penalty", {
  skip_if_not_installed("brglm2")
  data("endometrial", package = "brglm2", envir = environment())
  fit <- fastlogit(HG ~ NV + PI + EH, data = endometrial, penalty = "firth")
  expect_identical(unname(fit$separation), numeric(4))
  expect_identical(separation(fit)$coefficients[["NV"]], Inf)
  expect_identical(
    separation(fit), detect_separation(HG ~ NV + PI + EH, data = endometrial)
  )
})
