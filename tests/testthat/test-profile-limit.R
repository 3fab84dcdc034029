# Data of two classes, separated or nearly so, by the number.
nearly_separated <- function(number, link) {
  set.seed(number)
  n <- sample(12:40, 1)
  d <- data.frame(x1 = rnorm(n), x2 = rbinom(n, 1, 0.4), x3 = sample(0:3, n, TRUE))
  eta <- drop(scale(as.matrix(d)) %*% rnorm(3))
  d$y <- switch(1 + number %% 3,
    as.integer(eta > rnorm(1, sd = 0.5)), replace(rbinom(n, 1, plogis(eta)), d$x2 == 1, 1),
    rbinom(n, 1, plogis(eta))
  )
  if (length(unique(d$y)) == 1) d$y[1] <- 1 - d$y[1]
  d$w <- if (number %% 5 == 0) sample(0:3, n, TRUE) else 1
  if (length(unique(d$y[d$w > 0])) == 1) d$w <- 1
  d$o <- if (number %% 4 == 0) rnorm(n, sd = sample(c(1, 5), 1)) else 0
  list(d = d, fit = suppressWarnings(
    fastlogit(y ~ x1 + x2 + x3, binomial(link), d, weights = w, offset = o)
  ))
}

expect_exact_profiles <- function(number, link) {
  case <- nearly_separated(number, link)
  fit <- case$fit
  label <- paste(link, number)
  free <- which(!is.na(coef(fit)))
  x <- model.matrix(fit)[, free, drop = FALSE]
  bound <- function(j = NULL, value = 0) {
    bound_by_brute_force(x, case$d$y, case$d$w + numeric(nrow(x)), case$d$o + numeric(nrow(x)),
                         link, j, value)
  }
  signs <- unname(brute_force(x, case$d$y, case$d$w + numeric(nrow(x)), link)$signs)
  least <- bound()
  found <- confint(fit, free)
  found <- matrix(found, ncol = 2)
  dimnames(found) <- NULL
  up <- is.na(signs) | signs == Inf
  down <- is.na(signs) | signs == -Inf
  infinite <- cbind(found[, 1] == -Inf, found[, 2] == Inf)
  expect_identical(infinite, unname(cbind(down, up)), label = label)
  for (end in which(is.finite(found))) {
    root <- sqrt(max(0, bound((end - 1) %% nrow(found) + 1, found[end]) - least))
    expect_equal(root, qnorm(0.975), tolerance = 1e-5, label = label)
  }
  rise <- vapply(seq_along(free), bound, 0) - least
  expect_equal(lr_test(fit, free)$LRT, rise, tolerance = 1e-5, label = label)
}

test_that("ends and tests are those of constrained refits, separated or not", {
  for (link in c("logit", "probit", "cloglog")) {
    for (number in 1:15) expect_exact_profiles(number, link)
  }
})
