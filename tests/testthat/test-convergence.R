# Where glm() diverges, fails, or says that it has converged somewhere else.

# Deaths by heart attack in the GUSTO-I trial (Marschner and Gillett 2012, Biostatistics 13,
# 179-192; the data set `heart` of package glm2): the log link's example of Marschner 2011, The R
# Journal 3, 12-15.
heart <- function() {
  d <- expand.grid(region = 1:3, delay = 1:3, severity = 1:3, age = 1:3)
  d <- d[!(d$severity == 3 & (d$age == 1 & d$region == 2 | d$age == 3 &
    (d$region == 2 | d$region == 3 & d$delay == 1))), ]
  d$deaths <- c(
    49, 1, 2, 30, 0, 8, 16, 1, 4, 8, 1, 1, 14, 0, 1, 5, 1, 1, 3, 0, 8, 1, 4, 2, 72, 3, 4, 170, 4,
    7, 67, 1, 9, 21, 0, 1, 52, 3, 8, 27, 0, 4, 11, 1, 3, 15, 1, 1, 10, 0, 1, 75, 3, 2, 112, 1, 8,
    63, 2, 3, 19, 0, 1, 36, 3, 3, 25, 2, 0, 8, 15, 0, 7, 0
  )
  d$patients <- c(
    2611, 74, 96, 2888, 81, 155, 1011, 44, 104, 143, 7, 7, 223, 10, 15, 77, 3, 6, 15, 1, 29, 2,
    11, 4, 1904, 46, 53, 2812, 87, 113, 1084, 50, 65, 239, 7, 4, 398, 11, 22, 174, 6, 8, 33, 1, 4,
    56, 2, 2, 29, 2, 3, 442, 10, 8, 801, 10, 25, 329, 12, 11, 86, 2, 2, 198, 5, 4, 95, 5, 4, 17,
    31, 1, 18, 1
  )
  factors <- c("region", "delay", "severity", "age")
  d[factors] <- lapply(d[factors], factor)
  d
}

heart_formula <- cbind(deaths, patients - deaths) ~ age + severity + delay + region

test_that("the log link on Marschner's data: glm() goes round in circles", {
  d <- heart()
  expect_identical(c(sum(d$deaths), sum(d$patients)), c(1045, 16949))
  start <- c(log(sum(d$deaths) / sum(d$patients)), rep(0, 8))
  expect_error(glm(heart_formula, binomial("log"), d), "valid set of coefficients")
  theirs <- suppressWarnings(glm(heart_formula, binomial("log"), d, start = start, maxit = 100))
  expect_false(theirs$converged)

  for (method in c("newton", "fisher")) {
    expect_silent(
      fit <- fastlogit(heart_formula, binomial("log"), d, method = method, maxit = 200)
    )
    expect_true(fit$converged)
    # Table 1 of the paper gives a deviance of 149.3.
    expect_equal(deviance(fit), 149.321, tolerance = 1e-6)
  }
  fit <- fastlogit(heart_formula, binomial("log"), d)
  x <- model.matrix(fit)
  reference <- reference_fit(x, d$deaths / d$patients, d$patients, link = "log",
    start = coef(fit))
  expect_digits(coef(fit), reference$coefficients, 12, "heart")
  expect_equal(
    coef(fastlogit(heart_formula, binomial("log"), d, start = start)), coef(fit),
    tolerance = 1e-12
  )
})

# y, x and z of 10, 9 and 9 rows with an outlier, and of 10 rows for the cloglog link.
runaways <- function() {
  list(
    logit = data.frame(
      y = c(1, 0, 1, 0, 1, 1, 1, 1, 0, 0),
      x = c(0.5, 0.5, 0.1, 0.4, 0.1, 0.3, 2.2, 0.1, 0.5, 114.9),
      z = c(1, -0.3, 2.2, -1.1, 0.6, -0.5, 2.2, 1.1, -0.2, -1.4)
    ),
    logit = data.frame(
      y = c(1, 0, 0, 0, 0, 1, 1, 0, 0),
      x = c(0, 0.4, 14.2, 10.6, 20.1, 0.2, 0.3, 0.2, 39.3),
      z = c(-0.3, -1.2, 0, 1.3, -0.4, -0.6, 2.3, -0.5, 0.3)
    ),
    probit = data.frame(
      y = c(0, 1, 1, 0, 1, 0, 0, 1, 1),
      x = c(36.9, 1.8, 0.3, 2.5, 0.7, 1.8, 54.5, 0.6, 2.2),
      z = c(-1.8, -0.4, -0.2, -0.3, 1.1, -0.3, 0.8, 0.2, 2.2)
    ),
    cloglog = data.frame(
      y = c(1, 1, 1, 0, 1, 1, 1, 1, 0, 1),
      x = c(-1, -0.4, 0.1, 1.5, 0, 0.3, -0.6, -0.3, -3.7, 0.4), z = 0
    )
  )
}

test_that("glm() reports convergence at a deviance of 72 to 216, where it is 3 to 10", {
  data <- runaways()
  for (i in seq_along(data)) {
    link <- names(data)[i]
    formula <- if (link == "cloglog") y ~ x else y ~ x + z
    theirs <- suppressWarnings(glm(formula, binomial(link), data[[i]]))
    expect_true(theirs$converged)
    expect_gt(deviance(theirs), 70)
    # Some fitted probabilities are 0 or 1 to the last digit, here as there.
    fit <- catch_glm_warnings(fastlogit(formula, binomial(link), data[[i]]))$value
    expect_true(fit$converged)
    expect_lt(deviance(fit), 10)
    reference <- reference_fit(
      model.matrix(fit), data[[i]]$y, link = link, start = coef(fit)
    )
    expect_digits(coef(fit), reference$coefficients, 9, paste(link, i))
    # From there, glm() finds nothing better.
    again <- suppressWarnings(glm(formula, binomial(link), data[[i]], start = coef(fit)))
    expect_equal(deviance(again), deviance(fit), tolerance = 1e-8)
  }
})

test_that("the log link needs no start, wherever the maximum lies", {
  for (seed in 1:40) {
    d <- with_seed(seed, data.frame(x = stats::rnorm(30), s = stats::rbinom(30, 6, 0.3)))
    fit <- suppressWarnings(
      fastlogit(cbind(s, 6 - s) ~ x, binomial("log"), d, maxit = 100)
    )
    expect_true(fit$status %in% c("converged", "boundary"), label = paste("seed", seed))
    expect_lte(max(fitted(fit)), 1)
    expect_true(all(diff(fit$history$deviance) <= 1e-12 * deviance(fit)))
    theirs <- tryCatch(
      suppressWarnings(
        glm(cbind(s, 6 - s) ~ x, binomial("log"), d, start = c(-3, 0), maxit = 1000)
      ),
      error = function(condition) NULL
    )
    if (is.null(theirs)) next
    expect_lte(deviance(fit), deviance(theirs) * (1 + 1e-9), label = paste("seed", seed))
  }
})

test_that("a maximum at which a mean is 1 is said to be on the boundary", {
  # One row alone in its level, with a success.
  d <- with_seed(1, data.frame(z = rnorm(60), alone = rep(c("one", "others"), c(1, 59))))
  d$y <- with_seed(2, rbinom(60, 1, 0.5))
  d$y[1] <- 1
  d$alone <- relevel(factor(d$alone), "others")
  for (data in list(d, source_function(chunks_of(d, 20)))) {
    expect_warning(
      fit <- fastlogit(y ~ alone + z, binomial("log"), data = data), class = "fastlogit_boundary"
    )
    expect_true(fit$boundary)
    others <- fastlogit(y ~ z, binomial("log"), d[-1, ])
    expect_equal(fit$deviance, others$deviance, tolerance = 1e-8)
  }
})
