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
by_glm <- function(formula, data, x, family = binomial(), ...) {
  exact <- list(epsilon = 1e-14, maxit = 100)
  t(vapply(seq_len(ncol(x)), function(j) {
    data$candidate <- as.numeric(x[, j])
    data <- data[!is.na(data$candidate), ]
    call <- function(formula) {
      eval(substitute(glm(formula, family, data, control = exact, ...), list(formula = formula)))
    }
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
expect_as_glm <- function(fit, formula, data, x, family = binomial(), digits = 8) {
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

test_that("estimates and tests are those of glm for each candidate, without what is missing", {
  of <- screened()
  x <- with_missing(of$x)
  expect_as_glm(fastlogit(y ~ a + b, data = of$d), y ~ a + b, of$d, x)
  expect_as_glm(
    fastlogit(cbind(k, trials - k) ~ a + offset(o), data = of$d),
    cbind(k, trials - k) ~ a + offset(o), of$d, x
  )
})

test_that("they are so for all links, weights and sparse designs", {
  of <- screened()
  x <- with_missing(of$x)[, 1:8]
  for (link in c("probit", "cloglog", "cauchit", "log")) {
    fit <- fastlogit(k > 2 ~ a, data = of$d, family = binomial(link))
    expect_as_glm(fit, k > 2 ~ a, of$d, x, binomial(link), digits = 6)
    s <- screen(fit, x[, 5, drop = FALSE], test = "wald")
    own <- fastlogit(k > 2 ~ a + x[, 5], data = of$d, family = binomial(link))
    expect_equal(s$estimate, coef(own)[[3]], tolerance = 1e-9)
    expect_equal(s$statistic, summary(own)$coefficients[3, 3], tolerance = 1e-8)
  }
  repeated <- of$d[rep(seq_len(nrow(of$d)), of$d$w), ]
  long <- x[rep(seq_len(nrow(x)), of$d$w), ]
  weighted <- screen(fastlogit(y ~ a + b, data = of$d, weights = w), x)
  every <- screen(fastlogit(y ~ a + b, data = repeated), long)
  same <- c("estimate", "std.error", "statistic", "p.value")
  expect_equal(as.data.frame(weighted)[same], as.data.frame(every)[same], tolerance = 1e-8)
  sparse <- screen(fastlogit(y ~ a + b, data = of$d, sparse = TRUE), x)
  dense <- screen(fastlogit(y ~ a + b, data = of$d), x)
  expect_equal(as.data.frame(sparse), as.data.frame(dense), tolerance = 1e-8)
})

test_that("candidates are the same whatever holds them, and in whatever order", {
  of <- screened()
  fit <- fastlogit(y ~ a + b, data = of$d)
  x <- of$x[, 4:12]
  expected <- screen(fit, x + 0)
  expect_identical(screen(fit, x), expected)
  expect_identical(screen(fit, as.data.frame(x)), expected)
  expect_identical(screen(fit, methods::as(x + 0, "CsparseMatrix")), expected)
  raw <- matrix(as.raw(x), nrow(x), dimnames = dimnames(x))
  expect_identical(screen(fit, raw), expected)
  expect_identical(screen(fit, x > 0)$estimate, screen(fit, (x > 0) + 0)$estimate)
  blocks <- list(x[, 1:4], as.data.frame(x[, 5, drop = FALSE]), x[, 6:9])
  at <- 0
  source <- source_function(function(reset) {
    if (reset) at <<- 0 else if (at < 3) blocks[[at <<- at + 1]]
  })
  expect_identical(screen(fit, source), expected)
  file <- withr::local_tempfile(fileext = ".csv")
  write.csv(x, file, row.names = FALSE)
  expect_identical(screen(fit, source_files(file, chunk_bytes = 500)), expected)
  turned <- screen(fit, x[, 9:1])
  expect_identical(as.data.frame(turned)[9:1, "estimate"], expected$estimate)
})

test_that("they follow the units of a candidate, and do not depend on the order of the rows", {
  of <- screened()
  x <- with_missing(of$x)
  s <- screen(fastlogit(y ~ a + b, data = of$d), x, test = "wald")
  scaled <- screen(fastlogit(y ~ a + b, data = of$d), 1e-200 * x, test = "wald")
  expect_equal(scaled$estimate * 1e-200, s$estimate, tolerance = 1e-10)
  expect_equal(scaled$statistic, s$statistic, tolerance = 1e-10)
  order <- sample(nrow(x))
  permuted <- screen(fastlogit(y ~ a + b, data = of$d[order, ]), x[order, ], test = "wald")
  expect_equal(as.data.frame(permuted), as.data.frame(s), tolerance = 1e-10)
})

test_that("any number of threads, and blocks of any size, give the same bits", {
  of <- screened(m = 60)
  x <- with_missing(of$x)
  for (penalty in c("none", "firth")) {
    fit <- fastlogit(y ~ a + b, data = of$d, penalty = penalty)
    one <- screen(fit, x, threads = 1, test = "lr")
    expect_identical(screen(fit, x, threads = 2, test = "lr"), one)
    alone <- screen(fit, x[, 5, drop = FALSE], test = "lr")
    expect_identical(alone$statistic, one$statistic[5])
  }
})

test_that("workers give the same", {
  skip_on_cran()
  of <- screened()
  x <- with_missing(of$x)
  cluster <- local_psock(2)
  fit <- fastlogit(y ~ a + b, data = of$d)
  expect_identical(screen(fit, x, workers = cluster), screen(fit, x))
  binary <- screen(fit, x[, 4:6], test = "lr", workers = cluster)
  expect_identical(binary, screen(fit, x[, 4:6], test = "lr"))
})

test_that("rows that the fit left out are left out of the candidates", {
  of <- screened()
  of$d$a[c(2, 9)] <- NA
  fit <- fastlogit(y ~ a + b, data = of$d)
  expect_identical(screen(fit, of$x), screen(fit, of$x[-c(2, 9), ]))
  expect_identical(screen(fit, of$x)$n, rep(298, 12))
  expect_error(screen(fit, of$x[1:10, ]), "298.*300.*10", class = "fastlogit_input_error")
})

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

test_that("Firth's and ridge fits are those of each candidate, with tests by the penalised likelihood", {
  of <- screened()
  x <- with_missing(of$x)[, 1:6]
  d <- of$d
  for (penalty in list("firth", penalty_jeffreys(0.3), penalty_ridge(0.5))) {
    fit <- fastlogit(y ~ a, data = d, penalty = penalty)
    s <- screen(fit, x)
    wald <- screen(fastlogit(y ~ a, data = d), x, test = "wald", penalty = penalty)
    expect_identical(unique(s$test), "lr")
    for (j in seq_len(ncol(x))) {
      d$candidate <- x[, j]
      own <- fastlogit(y ~ a + candidate, data = d, penalty = penalty)
      expect_equal(s$estimate[j], coef(own)[["candidate"]], tolerance = 1e-8)
      expect_equal(wald$statistic[j], summary(own)$coefficients[3, 3], tolerance = 1e-8)
      expect_equal(s$statistic[j], lr_test(own, "candidate")$LRT[1], tolerance = 1e-7)
    }
  }
})

test_that("Firth's fits are those of logistf", {
  skip_if_not_installed("logistf")
  of <- screened(80)
  x <- of$x[, 4:6]
  s <- screen(fastlogit(y ~ a, data = of$d, penalty = "firth"), x)
  for (j in 1:3) {
    d <- transform(of$d, candidate = x[, j])
    control <- logistf::logistf.control(lconv = 1e-12, gconv = 1e-12, xconv = 1e-12, maxit = 500)
    plcontrol <- logistf::logistpl.control(lconv = 1e-12, xconv = 1e-12, maxit = 500)
    own <- logistf::logistf(y ~ a + candidate, d, control = control, plcontrol = plcontrol)
    expect_equal(s$estimate[j], coef(own)[["candidate"]], tolerance = 1e-6)
    expect_equal(s$p.value[j], own$prob[["candidate"]], tolerance = 1e-5)
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

test_that("a candidate of many classes has a coefficient for each", {
  of <- screened()
  x <- with_missing(of$x)[, 3:5]
  of$d$z <- factor(sample(c("p", "q", "r"), 300, TRUE))
  fit <- fastmultinom(z ~ a, data = of$d)
  for (j in 1:3) {
    d <- of$d
    d$candidate <- x[, j]
    null <- fastmultinom(z ~ a, data = d[!is.na(d$candidate), ])
    own <- fastmultinom(z ~ a + candidate, data = d)
    lr <- screen(fit, x[, j, drop = FALSE], test = "lr")
    expect_equal(
      unlist(lr[c("estimate.q", "estimate.r")], use.names = FALSE),
      unname(coef(own)[, "candidate"]), tolerance = 1e-8
    )
    expect_equal(lr$statistic, deviance(null) - deviance(own), tolerance = 1e-8)
    expect_equal(lr$p.value, pchisq(lr$statistic, 2, lower.tail = FALSE), tolerance = 1e-12)
    v <- vcov(own)
    at <- grep("candidate", rownames(v))
    b <- coef(own)[, "candidate"]
    wald <- screen(fit, x[, j, drop = FALSE], test = "wald")
    expect_equal(wald$statistic, sum(b * solve(v[at, at], b)), tolerance = 1e-7)
    expect_equal(
      unlist(wald[c("std.error.q", "std.error.r")], use.names = FALSE),
      unname(sqrt(diag(v)[at])), tolerance = 1e-7
    )
    # The score test is close to the likelihood ratio, and its equal where there are two classes.
    expect_equal(screen(fit, x[, j, drop = FALSE])$statistic, lr$statistic, tolerance = 0.05)
  }
  two <- screen(fastmultinom(factor(y) ~ a, data = of$d), x)
  binary <- screen(fastlogit(y ~ a, data = of$d), x)
  expect_equal(two$statistic, binary$statistic, tolerance = 1e-8)
})

test_that("what has no screen, or not this test, is refused by name", {
  of <- screened()
  d <- of$d
  fit <- fastlogit(y ~ a, data = d)
  refused <- function(call, text) {
    expect_error(call, text, class = "fastlogit_input_error")
  }
  firth <- fastlogit(y ~ a, data = d, penalty = "firth")
  refused(screen(firth, of$x, test = "score"), "\"lr\" and \"wald\"")
  refused(screen(fit, of$x, test = "score", penalty = "median"), "\"wald\"")
  refused(screen(fit, of$x, test = "lr", penalty = "median"), "likelihood")
  expect_identical(unique(screen(fit, of$x, penalty = "median")$test), "wald")
  refused(screen(firth, of$x, penalty = "if separated"), "without a penalty")
  refused(screen(fit, letters), "matrix of numbers")
  refused(screen(fit, data.frame(f = d$b)), "`f` is a factor")
  refused(screen(fit, of$x[, 0]), "no columns")
  refused(screen(fit, replace(of$x, 7, Inf)), "infinite value in candidate `g1`")
  refused(screen(fastlogit(y ~ a, data = d, family = quasibinomial()), of$x), "quasibinomial")
  refused(screen(fastlogit(y ~ a, data = source_function(chunks_of(d, 100))), of$x), "stored")
  refused(screen(fastordinal(ordered(w) ~ a, data = d), of$x), "fastordinal")
  refused(screen(lm(y ~ a, d), of$x), "fastlogit")
  refused(screen(fit, of$x, adjust = "what"), "adjust")
  apart <- suppressWarnings(fastlogit(y ~ a, data = transform(d, y = a > 0)))
  expect_error(screen(apart, of$x), class = "fastlogit_separation")
  expect_identical(unique(screen(apart, of$x, penalty = "firth")$status), "converged")
})

test_that("p-values are adjusted, printed from the smallest on, and summed up", {
  of <- screened()
  fit <- fastlogit(y ~ a, data = of$d)
  s <- screen(fit, with_missing(of$x), adjust = "holm")
  expect_identical(s$p.adjusted, p.adjust(s$p.value, "holm"))
  printed <- capture.output(print(s, most = 2))
  expect_match(printed[4], s$name[which.min(s$p.value)])
  expect_match(paste(printed, collapse = " "), "2 smallest p-values of Rao's score tests")
  of_all <- summary(s)
  expect_equal(of_all$lambda, median(s$statistic) / qchisq(0.5, 1))
  expect_output(print(of_all), "12 Rao's score tests, of 12 candidates")
  expect_identical(class(as.data.frame(s)), "data.frame")
  skip_if_not_installed("generics")
  expect_identical(names(generics::tidy(s))[1:5], c(
    "term", "estimate", "std.error", "statistic", "p.value"
  ))
})
