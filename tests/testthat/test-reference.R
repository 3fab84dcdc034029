# Against fixtures/reference.csv, without a start, and at the default settings but for maxit: some
# of hard_data() take more than 25 iterations.

test_that("the fixture covers all data sets and links", {
  for (package in c("MASS", "boot")) skip_if_not_installed(package)
  sets <- c(real_data(), hard_data())
  expect_gte(length(real_data()), 10)
  wanted <- unlist(lapply(sets, function(set) paste(set$name, set$links)))
  table <- reference_table()
  expect_setequal(paste(table$data_set, table$link), wanted)
})

test_that("correct_digits counts digits", {
  expect_equal(correct_digits(c(1, 2.002), c(1, 2)), 3)
  expect_equal(correct_digits(1, 1), 17)
  expect_equal(correct_digits(NA, 1), -Inf)
  expect_failure(expect_digits(1 + 1e-11, 1, 12, "one"))
})

# With the logit link, the deviance of counts_even is 1e-16 of the log-likelihood.
deviance_digits <- function(set, link) {
  if (set$name == "counts_even" && link == "logit") 6 else required_digits(set)
}

patient <- list(maxit = 100)

expect_reference <- function(fit, set, link, reference, digits = required_digits(set)) {
  label <- function(what) paste(set$name, link, what, sep = ", ")
  standard_error <- function(type) sqrt(diag(vcov(fit, complete = FALSE, type = type)))
  expect_true(fit$converged, label = label("converged"))
  expect_digits(coef(fit), reference$coefficients, digits, label("coefficients"))
  expect_digits(
    standard_error("expected"), reference$se_expected, digits, label("expected standard errors")
  )
  expect_digits(
    standard_error("observed"), reference$se_observed, digits, label("observed standard errors")
  )
  digits <- min(digits, deviance_digits(set, link))
  expect_digits(deviance(fit), reference$deviance, digits, label("deviance"))
}

for (set in c(real_data(), hard_data())) {
  test_that(paste("estimates are right to the last digits:", set$name), {
    table <- reference_table()
    for (link in set$links) {
      fit <- catch_glm_warnings(fit_data_set(set, "fastlogit", link, control = patient))$value
      expect_reference(fit, set, link, reference_of(set$name, link, table))
    }
  })
}

# Fisher scoring converges linearly where the link is not canonical, and L-BFGS everywhere: what is
# left after the last step is a multiple of it.
test_that("every method finds the same estimate", {
  table <- reference_table()
  for (set in real_data()[c("mtcars", "esoph", "swiss")]) {
    for (link in set$links) {
      reference <- reference_of(set$name, link, table)
      fisher <- fit_data_set(set, "fastlogit", link, method = "fisher", control = patient)
      expect_reference(fisher, set, link, reference, digits = 9)
      gradient <- fit_data_set(set, "fastlogit", link, method = "gradient")
      expect_reference(gradient, set, link, reference, digits = 6)
    }
  }
})

test_that("fastlogit_fit gives the same digits for a matrix", {
  for (link in all_links) {
    d <- simulate_binary(300, 3, seed = 42, link = link)
    x <- cbind(`(Intercept)` = 1, as.matrix(d[-1]))
    fit <- fastlogit_fit(x, d$y, family = binomial(link))
    reference <- reference_fit(x, d$y, link = link)
    expect_digits(fit$coefficients, reference$coefficients, 11, link)
    expect_digits(fit$deviance, reference$deviance, 12, paste(link, "deviance"))
  }
})

test_that("counts of 1e9 keep their digits", {
  d <- simulate_counts(50, 1e9)
  fit <- fastlogit(cbind(s, f) ~ x, data = d)
  reference <- reference_fit(cbind(1, d$x), d$s / (d$s + d$f), d$s + d$f)
  expect_digits(unname(coef(fit)), reference$coefficients, 10, "counts of 1e9")
})
