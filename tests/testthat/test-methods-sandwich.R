test_that("robust and clustered covariances are those of package sandwich", {
  skip_if_not_installed("sandwich")
  d <- source_data()
  d$w <- pmax(d$w, 1)  # package sandwich scales by numbers of rows, those of weight zero among them
  for (call in expression(
    fastlogit(y ~ x + g, binomial()),
    fastlogit(cbind(s, m - s) ~ x + l, binomial("probit"), weights = w),
    fastlogit(l ~ g, binomial()),  # rows that repeat
    fastlogit(s / m ~ x, binomial(), weights = m)
  )) {
    fits <- fit_twice(call, d)
    call[[1]] <- quote(glm)
    call$data <- quote(d)
    call$control <- quote(list(epsilon = 1e-14))
    theirs <- suppressWarnings(eval(call))
    grouped <- sandwich::vcovCL(theirs, cluster = ~id)
    for (fit in fits) {
      for (type in c("HC0", "HC1", "HC2", "HC3")) {
        robust <- sandwich::vcovHC(theirs, type = type)
        expect_equal(vcov(fit, type = type), robust, tolerance = 1e-8, label = type)
      }
      expect_identical(vcov(fit, type = "robust"), vcov(fit, type = "HC0"))
      n <- length(theirs$y)
      expect_equal(vcov(fit, type = "stata"), vcov(fit, type = "HC0") * n / (n - 1))
      expect_equal(vcov(fit, cluster = ~id), grouped, tolerance = 1e-8)
      expect_identical(vcov(fit, cluster = ~id, type = "CR1"), vcov(fit, cluster = ~id))
      for (type in c("HC0", "HC1")) for (ways in list(~id, ~ id + g)) {
        known <- sandwich::vcovCL(theirs, cluster = ways, type = type)
        expect_equal(vcov(fit, cluster = ways, type = type), known, tolerance = 1e-8)
      }
      groups <- length(unique(d$id[!is.na(d$x)]))
      expect_equal(
        vcov(fit, cluster = ~id, type = "CR0") * groups / (groups - 1), vcov(fit, cluster = ~id)
      )
    }
  }
})

test_that("aliased coefficients are NA", {
  d <- source_data()
  same <- fastlogit(y ~ x, data = d)
  for (fit in fit_twice(quote(fastlogit(y ~ x + I(2 * x))), d)) {
    robust <- vcov(fit, type = "robust")
    expect_true(all(is.na(robust[3, ])))
    expect_equal(robust[1:2, 1:2], vcov(same, type = "robust"), tolerance = 1e-10)
    expect_equal(vcov(fit, complete = FALSE, type = "robust"), robust[1:2, 1:2])
  }
})

test_that("clusters are columns, without missing values", {
  d <- source_data()
  d$one <- 1
  d$with_na <- replace(d$id, 7, NA)
  fits <- fit_twice(quote(fastlogit(y ~ x)), d)
  expect_error(vcov(fits$there, cluster = d$id), class = "fastlogit_input_error")
  expect_error(vcov(fits$here, cluster = 1:3), class = "fastlogit_input_error")
  used <- !is.na(d$x)
  expect_equal(
    vcov(fits$here, cluster = d$id[used]), vcov(fits$here, cluster = ~id), tolerance = 1e-12
  )
  for (fit in fits) {
    expect_refusal(quote(vcov(fit, cluster = ~nobody)))
    expect_refusal(quote(vcov(fit, cluster = ~one)))  # a single cluster
    expect_refusal(quote(vcov(fit, cluster = ~ id + one)))
    expect_refusal(quote(vcov(fit, cluster = ~with_na)))
    expect_refusal(quote(vcov(fit, cluster = ~1)))
  }
  expect_refusal(quote(vcov(fits$there, cluster = ~ id %% 3)))
  expect_refusal(quote(vcov(fits$here, cluster = data.frame(d$id[used], 1))))
  expect_refusal(quote(vcov(fits$here, type = "robust", dispersion = 2)))
})

# Numbers of 17 digits are not told apart by the 15 that R prints.
test_that("clusters that differ in the last digits are not one", {
  d <- source_data()
  d$long <- 0.1 + d$id * .Machine$double.eps / 8
  for (fit in fit_twice(quote(fastlogit(y ~ x)), d)) {
    expect_equal(vcov(fit, cluster = ~long), vcov(fit, cluster = ~id), tolerance = 1e-10)
  }
})

# Two, three and nested ways, with every response, link and storage.
test_that("several ways of clustering are the multiway estimator of package sandwich", {
  skip_if_not_installed("sandwich")
  d <- source_data()
  d$w <- pmax(d$w, 1)
  d$id <- factor(d$id)
  for (call in expression(
    fastlogit(y ~ x + g, binomial()),
    fastlogit(cbind(s, m - s) ~ x + l, binomial("cloglog"), weights = w),
    fastlogit(y ~ x, quasibinomial("probit"), offset = o)
  )) {
    fits <- fit_twice(call, d)
    sparse <- call
    sparse$sparse <- TRUE
    sparse$data <- d
    fits$sparse <- eval(sparse)
    call[[1]] <- quote(glm)
    call$data <- quote(d)
    call$start <- coef(fits$here)  # its weights are those of the last iterate but one
    theirs <- suppressWarnings(eval(call))
    for (cluster in list(~ id + m, ~ id + m + k, ~ id + g)) {
      expected <- sandwich::vcovCL(theirs, cluster)
      for (fit in fits) expect_equal(vcov(fit, cluster = cluster), expected, tolerance = 1e-8)
    }
    used <- setdiff(seq_len(nrow(d)), theirs$na.action)
    columns <- d[c("id", "m")]
    expected <- sandwich::vcovCL(theirs, ~ id + m)
    expect_equal(vcov(fits$here, cluster = columns[used, ]), expected, tolerance = 1e-8)
    expect_equal(vcov(fits$here, cluster = as.list(columns)), expected, tolerance = 1e-8)
    expect_equal(vcov(fits$here, cluster = ~ interaction(id, m)),
      vcov(fits$here, cluster = interaction(d$id, d$m)), tolerance = 1e-12)
  }
})

test_that("of penalised fits they are those of package sandwich, too", {
  skip_if_not_installed("sandwich")
  d <- source_data(400)
  for (penalty in list("firth", "median", "jeffreys", penalty_ridge(3))) {
    fits <- fit_twice(bquote(fastlogit(y ~ x + g, penalty = .(penalty))), d)
    for (fit in fits) {
      expect_equal(
        vcov(fit, cluster = ~ id + m), sandwich::vcovCL(fits$here, ~ id + m), tolerance = 1e-8
      )
    }
  }
})

test_that("with the observed information, it is on both sides", {
  d <- source_data(400)
  fits <- fit_twice(quote(fastlogit(y ~ x, binomial("cloglog"))), d)
  meat <- solve(vcov(fits$here)) %*% vcov(fits$here, cluster = ~id) %*% solve(vcov(fits$here))
  bread <- vcov(fits$here, type = "observed")
  for (fit in fits) {
    expect_equal(
      vcov(fit, type = "observed", cluster = ~id), bread %*% meat %*% bread, tolerance = 1e-8
    )
  }
})

test_that("of many classes, the scores' products are those of estfun()", {
  skip_if_not_installed("sandwich")
  d <- source_data()
  fits <- fit_twice(quote(fastmultinom(c ~ z + g, weights = w)), d)
  bread <- vcov(fits$here)
  expected <- bread %*% crossprod(sandwich::estfun(fits$here)) %*% bread
  for (fit in fits) {
    expect_equal(unname(vcov(fit, type = "robust")), unname(expected), tolerance = 1e-8)
  }
})

# The scores of a row of class c are x (1[c = k] - p_k); sums over clusters, in plain R.
test_that("of many classes, clusters are those of the theory, and of sandwich::vcovCL()", {
  skip_if_not_installed("sandwich")
  d <- source_data()
  calls <- expression(
    fastmultinom(c ~ z + g, weights = w), fastmultinom(f ~ x + g), fastmultinom(c ~ x + I(2 * x))
  )
  for (call in calls) {
    fits <- fit_twice(call, d)
    x <- model.matrix(fits$here)[, !is.na(coefficient_matrix(fits$here)[1, ]), drop = FALSE]
    score <- (as.vector(fits$here$weights) * all_residuals(fits$here))[, -1, drop = FALSE]
    scores <- do.call(cbind, lapply(seq_len(ncol(score)), function(k) score[, k] * x))
    used <- setdiff(seq_len(nrow(d)), fits$here$na.action)
    by <- function(group) {
      sums <- rowsum(scores, group[used])
      crossprod(sums) * nrow(sums) / (nrow(sums) - 1)
    }
    bread <- vcov(fits$here, complete = FALSE)
    one <- bread %*% by(d$id) %*% bread
    two <- bread %*% (by(d$id) + by(d$m) - by(paste(d$id, d$m))) %*% bread
    for (fit in fits) {
      of <- function(cluster) vcov(fit, complete = FALSE, cluster = cluster)
      expect_equal(of(~id), one, tolerance = 1e-8)
      expect_equal(of(~ id + m), two, tolerance = 1e-8)
    }
    expect_equal(unname(sandwich::vcovCL(fits$here, ~ id + m)), unname(two), tolerance = 1e-8)
    # A linear map of the baseline form.
    map <- kronecker(softmax_contrasts(fits$here), diag(ncol(x)))
    softmax <- vcov(fits$here, complete = FALSE, type = "softmax", cluster = ~ id + m)
    expect_equal(unname(softmax), unname(map %*% two %*% t(map)), tolerance = 1e-10)
  }
})

# Of fits of several forms; glm() at the same estimate.
test_that("CR0, CR1 and CR2 are those of package clubSandwich", {
  skip_if_not_installed("clubSandwich")
  set.seed(4)
  d <- data.frame(x = rnorm(150), f = factor(sample(4, 150, TRUE)), m = sample(3, 150, TRUE))
  d$id <- sample(20, 150, TRUE)
  d$s <- rbinom(150, d$m, plogis(d$x))
  for (link in c("logit", "probit", "cloglog")) for (sparse in c(FALSE, TRUE)) {
    fit <- fastlogit(cbind(s, m - s) ~ x + f, binomial(link), d, sparse = sparse)
    theirs <- glm(cbind(s, m - s) ~ x + f, binomial(link), d, start = coef(fit))
    for (type in c("CR0", "CR1", "CR2")) {
      known <- as.matrix(clubSandwich::vcovCR(theirs, d$id, type))[, ]
      attributes(known) <- attributes(known)[c("dim", "dimnames")]
      expect_equal(vcov(fit, cluster = ~id, type = type), known, tolerance = 1e-10, label = type)
    }
  }
})

test_that("the meat of a sparse design is that of a dense one", {
  set.seed(5)
  d <- data.frame(x = rnorm(2000), f = factor(sample(150, 2000, TRUE)))
  d$y <- rbinom(2000, 1, plogis(d$x))
  dense <- fastlogit(y ~ x + f, data = d)
  sparse <- fastlogit(y ~ x + f, data = d, sparse = TRUE)
  expect_s3_class(sparse$cholesky$expected, "sparse_cholesky")
  for (type in c("HC0", "HC1", "HC2", "HC3")) {
    expect_equal(vcov(sparse, type = type), vcov(dense, type = type), tolerance = 1e-9)
  }
  groups <- rep(1:100, 20)
  expect_equal(vcov(sparse, cluster = groups), vcov(dense, cluster = groups), tolerance = 1e-9)
})

test_that("types that are not for the fit are refused by name", {
  skip_if_not_installed("MASS")
  d <- source_data()
  fits <- fit_twice(quote(fastlogit(y ~ x)), d)
  classes <- fastmultinom(Sat ~ Infl, data = MASS::housing, weights = Freq)
  expect_refusals(alist(
    "clusters without clusters" = vcov(fits$here, type = "CR2"),
    "leverages of rows with clusters" = vcov(fits$here, type = "HC3", cluster = ~id),
    "two ways" = vcov(fits$here, type = "CR2", cluster = ~ id + g),
    "rows in another order" = vcov(fits$there, type = "CR2", cluster = ~id),
    "leverages of many classes" = vcov(classes, type = "HC2"),
    "clusters of many classes" = vcov(classes, type = "CR2", cluster = ~Type)
  ))
})

test_that("HC2 and HC3 by clusters are asked of sandwich without a warning", {
  skip_if_not_installed("sandwich")
  skip_if_not_installed("lmtest")
  d <- transform(births(), id = rep_len(1:27, 189))
  fit <- fastlogit(low ~ lwt + race, data = d)
  plain <- as_glm(fit)
  expect_silent(expected <- sandwich::vcovCL(plain, ~id, type = "HC3"))
  by_cluster <- function(x, ...) sandwich::vcovCL(x, ~id, type = "HC3")
  expect_silent(table <- summary(fit, vcov = by_cluster)$coefficients)
  expect_equal(table[, "Std. Error"], sqrt(diag(expected)), tolerance = 1e-8)
  for (f in list(lmtest::coeftest, lmtest::coefci)) {
    expect_silent(found <- f(fit, vcov. = by_cluster))
    expect_equal(found, f(plain, vcov. = expected), tolerance = 1e-8, ignore_attr = TRUE)
  }
  smaller <- fastlogit(low ~ lwt, data = d)
  expect_silent(lmtest::waldtest(fit, smaller, vcov = by_cluster))
  # A ridge penalty is not in the rows that it asks.
  ridge <- fastlogit(low ~ lwt + race, data = d, penalty = penalty_ridge(1))
  expect_warning(summary(ridge, vcov = by_cluster), "clustered HC2/HC3")
})
