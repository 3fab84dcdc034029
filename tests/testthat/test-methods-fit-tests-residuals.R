test_that("le Cessie and van Houwelingen's test is that of rms", {
  skip_if_not_installed("rms")
  d <- births()
  fit <- fastlogit(low ~ age + lwt + race + smoke, data = d)
  theirs <- rms::lrm(low ~ age + lwt + race + smoke, data = d, x = TRUE, y = TRUE, eps = 1e-9)
  theirs <- unname(residuals(theirs, "gof"))
  found <- gof_test(fit, "le-cessie")
  expect_equal(found$statistic, theirs[4], tolerance = 1e-8)
  expect_equal(found$p.value, theirs[5], tolerance = 1e-8)
  expect_equal(unname(attr(found, "sum_of_squares")), theirs[1:3], tolerance = 1e-8)
})

test_that("le Cessie and van Houwelingen's test is the sum of squares less what is expected", {
  d <- births()
  for (link in c("logit", "probit", "cloglog", "cauchit")) {
    fit <- fastlogit(low ~ age + lwt + race, binomial(link), data = d, offset = smoke / 3)
    p <- fitted(fit)
    # The projection of the residuals' variances, n x n.
    x <- model.matrix(fit)
    slope <- fit$family$mu.eta(fit$linear.predictors)
    v <- p * (1 - p)
    hat <- slope * x %*% solve(crossprod(x, x * slope^2 / v), t(x * slope / v))
    part <- crossprod(diag(189) - hat, 1 - 2 * p)
    z <- (sum((fit$y - p)^2) - sum(v)) / sqrt(sum(part^2 * v))
    found <- gof_test(fit, "le-cessie")
    expect_equal(found$statistic, z, tolerance = 1e-8)
    expect_equal(found$p.value, 2 * pnorm(-abs(z)), tolerance = 1e-8)
    expect_identical(found$df, NA_real_)
  }
})

test_that("Stukel's test is Rao's of the two covariates", {
  d <- births()
  tails <- function(fit, data) {
    eta <- fit$linear.predictors
    data$za <- ifelse(eta >= 0, eta^2 / 2, 0)
    data$zb <- ifelse(eta < 0, -eta^2 / 2, 0)
    table <- anova(fit, update(fit, . ~ . + za + zb, data = data, start = NULL), test = "Rao")
    unlist(table[2, c("Rao", "Df", "Pr(>Chi)")], use.names = FALSE)
  }
  found <- function(fit) unlist(gof_test(fit, "stukel")[c("statistic", "df", "p.value")])
  # glm()'s weights are those at its last but one estimate, so it starts from ours.
  fit <- fastlogit(low ~ age + lwt + race + smoke, data = d)
  theirs <- glm(low ~ age + lwt + race + smoke, binomial, d, start = coef(fit))
  expect_equal(unname(found(fit)), tails(theirs, d), tolerance = 1e-8)
  sparse <- fastlogit(low ~ age + lwt + race + smoke, data = d, sparse = TRUE)
  expect_equal(found(sparse), found(fit))
  beetles <- data.frame(
    dose = c(1.69, 1.72, 1.75, 1.78, 1.81, 1.84, 1.86, 1.88),
    n = c(59, 60, 62, 56, 63, 59, 62, 60), killed = c(6, 13, 18, 28, 52, 53, 61, 60)
  )
  fit <- fastlogit(cbind(killed, n - killed) ~ dose, data = beetles)
  theirs <- glm(cbind(killed, n - killed) ~ dose, binomial, beetles, start = coef(fit))
  expect_equal(unname(found(fit)), tails(theirs, beetles), tolerance = 1e-8)
  # One tail only.
  d$rare <- rep_len(c(1, numeric(11)), 189)
  fit <- fastlogit(rare ~ age + lwt, data = d)
  expect_lt(max(fit$linear.predictors), 0)
  theirs <- glm(rare ~ age + lwt, binomial, d, start = coef(fit))
  d$zb <- -theirs$linear.predictors^2 / 2
  rao <- anova(theirs, update(theirs, . ~ . + zb, data = d, start = NULL), test = "Rao")
  expect_equal(unname(found(fit)), c(rao$Rao[2], 1, rao$`Pr(>Chi)`[2]), tolerance = 1e-8)
})
