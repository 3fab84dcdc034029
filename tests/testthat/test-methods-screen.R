test_that("estimates and tests are those of glm for each candidate, without what is missing", {
  of <- screened()
  x <- with_missing(of$x)
  expect_screened_as_glm(fastlogit(y ~ a + b, data = of$d), y ~ a + b, of$d, x)
  expect_screened_as_glm(
    fastlogit(cbind(k, trials - k) ~ a + offset(o), data = of$d),
    cbind(k, trials - k) ~ a + offset(o), of$d, x
  )
})

test_that("they are so for all links, weights and sparse designs", {
  of <- screened()
  x <- with_missing(of$x)[, 1:8]
  for (link in c("probit", "cloglog", "cauchit", "log")) {
    fit <- fastlogit(k > 2 ~ a, data = of$d, family = binomial(link))
    expect_screened_as_glm(fit, k > 2 ~ a, of$d, x, binomial(link), digits = 6)
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

test_that("Firth's and ridge fits are those of each candidate, tested by their likelihood", {
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

test_that("the function of package graphics that has the name can be called as before", {
  withr::local_pdf(NULL)
  graphics::split.screen(c(1, 2))
  withr::defer(graphics::close.screen(all.screens = TRUE))
  expect_identical(screen(2), 2)
  expect_identical(screen(), 2)
  expect_identical(screen(n = 1, new = FALSE), 1)
})
