# Rows, and candidates of all kinds: of few values and many, rare, and with missing values.
screened <- function(n = 300, m = 12) {
  set.seed(42)
  d <- data.frame(a = rnorm(n), b = factor(sample(letters[1:4], n, TRUE)), w = sample(1:3, n, TRUE))
  x <- matrix(rbinom(n * m, 2, rep(seq(0.05, 0.5, length.out = m), each = n)), n)
  x[, 1:3] <- matrix(100 + rnorm(3 * n), n)
  colnames(x) <- paste0("g", seq_len(m))
  d$y <- rbinom(n, 1, plogis(-0.5 + 0.5 * d$a + 0.6 * x[, 5]))
  d$trials <- rbinom(n, 4, 0.9) + 1
  d$k <- rbinom(n, d$trials, 0.4)
  d$o <- round(rnorm(n), 2)
  list(d = d, x = x)
}

with_missing <- function(x) {
  x[3:20, 2] <- NA
  x[3:20, 4] <- NA
  x[c(1, 50:60), 5] <- NA
  x
}

# What glm says of each candidate: estimate, standard error and the three statistics.
by_glm <- function(formula, data, x, family = binomial()) {
  exact <- list(epsilon = 1e-14, maxit = 100)
  t(vapply(seq_len(ncol(x)), function(j) {
    data$candidate <- as.numeric(x[, j])
    data <- data[!is.na(data$candidate), ]
    arguments <- list(formula, family = family, data = data, control = exact)
    null <- do.call(glm, arguments)
    arguments[[1]] <- update(formula, . ~ . + candidate)
    full <- do.call(glm, arguments)
    tests <- lapply(c("Rao", "LRT"), function(test) anova(null, full, test = test)[2, ])
    table <- summary(full)$coefficients
    c(
      table["candidate", 1:3], score = tests[[1]]$Rao, lr = tests[[2]]$Deviance,
      n = nobs(full)
    )
  }, numeric(6)))
}

# Of links that are not canonical glm() itself has fewer digits.
expect_screened_as_glm <- function(fit, formula, data, x, family = binomial(), digits = 8) {
  expected <- by_glm(formula, data, x, family)
  for (test in c("score", "lr", "wald")) {
    s <- screen(fit, x, test = test)
    tolerance <- 10^-digits
    expect_equal(s$estimate, unname(expected[, 1]), tolerance = tolerance)
    expect_equal(s$std.error, unname(expected[, 2]), tolerance = tolerance)
    column <- if (test == "wald") 3 else test
    expect_equal(s$statistic, unname(expected[, column]), tolerance = 10 * tolerance)
    expect_equal(s$n, unname(expected[, "n"]))
    expect_identical(s$status, rep("converged", ncol(x)))
  }
}
