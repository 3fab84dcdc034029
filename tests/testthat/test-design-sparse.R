# Sparse designs: the same model, the same answers.

# Factors, a slope, weights (some zero), an offset, and columns that depend on those before them:
# `region` is nested in `site`.
factor_data <- function(n = 3000, sites = 40, seed = 1) {
  with_seed(seed, {
    d <- data.frame(
      site = factor(sample(sites, n, TRUE)), type = factor(sample(letters[1:12], n, TRUE)),
      x = stats::rnorm(n), w = sample(0:3, n, TRUE), o = stats::rnorm(n) / 5
    )
    eta <- -1.5 + stats::rnorm(sites, sd = 0.3)[d$site] + stats::rnorm(12, sd = 0.3)[d$type] +
      d$x / 4
    d$region <- factor(as.integer(d$site) %% 3)
    d$y <- stats::rbinom(n, 1, stats::plogis(eta))
    d$m <- 4 + stats::rpois(n, 2)
    d$s <- stats::rbinom(n, d$m, pmin(0.6, exp(-1.5 + d$x / 20)))
    d
  })
}

# A few non-zeros a row, at random places.
random_sparse <- function(n, p, each = 8, seed = 1) {
  with_seed(seed, {
    x <- Matrix::sparseMatrix(
      i = rep(seq_len(n), each), j = sample(p, each * n, TRUE), x = stats::rnorm(each * n),
      dims = c(n, p)
    )
  })
  cbind("(Intercept)" = 1, x)
}

response_for <- function(x, seed = 2) {
  with_seed(seed, {
    eta <- as.numeric(x %*% c(-0.5, stats::rnorm(ncol(x) - 1, sd = 0.2)))
    stats::rbinom(nrow(x), 1, stats::plogis(eta))
  })
}

expect_same_fit <- function(fit, dense, label, tolerance = 1e-10) {
  for (name in c(
    "coefficients", "fitted.values", "linear.predictors", "residuals", "weights", "deviance",
    "null.deviance", "aic", "rank", "df.residual", "df.null", "prior.weights", "y", "status"
  )) {
    expect_equal(fit[[name]], dense[[name]], tolerance = tolerance, label = paste(label, name))
  }
}

test_that("every link and method, with weights, offsets and aliased columns", {
  d <- factor_data()
  for (link in all_links) {
    formula <- if (link == "log") {
      cbind(s, m - s) ~ x + site + region
    } else {
      y ~ site + type + x + region + offset(o)
    }
    for (method in c("newton", "fisher", "gradient")) {
      fit <- function(sparse) {
        fastlogit(
          formula, binomial(link), d, weights = w, method = method, maxit = 300, sparse = sparse
        )
      }
      label <- paste(link, method)
      sparse <- fit(TRUE)
      dense <- fit(FALSE)
      expect_true(sparse$converged, label = label)
      expect_identical(which(is.na(coef(sparse))), which(is.na(coef(dense))), label = label)
      expect_same_fit(sparse, dense, label)
      expect_equal(vcov(sparse), vcov(dense), tolerance = 1e-10, label = label)
      expect_equal(
        vcov(sparse, type = "observed"), vcov(dense, type = "observed"),
        tolerance = 1e-10, label = label
      )
    }
  }
})

test_that("it is glm()", {
  d <- factor_data(1500, 25)
  for (link in links_but_log) {
    fit <- fastlogit(y ~ site * x + type + region, binomial(link), d, weights = w, sparse = TRUE)
    # At a smaller epsilon glm() no longer finds what is aliased.
    theirs <- stats::glm(
      y ~ site * x + type + region, binomial(link), d, weights = w,
      start = ifelse(is.na(coef(fit)), 0, coef(fit))
    )
    expect_identical(which(is.na(coef(fit))), which(is.na(coef(theirs))))
    for (name in c("coefficients", "fitted.values", "deviance", "null.deviance", "df.residual")) {
      expect_equal(fit[[name]], theirs[[name]], tolerance = 1e-9, label = paste(link, name))
    }
    expect_equal(
      summary(fit)$coefficients, summary(theirs)$coefficients, tolerance = 1e-9, label = link
    )
    expect_equal(logLik(fit), logLik(theirs), tolerance = 1e-12)
    expect_equal(AIC(fit), AIC(theirs), tolerance = 1e-12)
    expect_equal(
      anova(fit), anova(theirs), tolerance = 1e-6, ignore_attr = TRUE  # glm()'s smaller fits
    )
    for (type in c("deviance", "pearson", "working", "response")) {
      expect_equal(residuals(fit, type), residuals(theirs, type), tolerance = 1e-8)
    }
  }
})

test_that("matrices of any width and pattern, in fastlogit_fit()", {
  for (p in c(1, 5, 50, 300)) {
    x <- random_sparse(2500, p)
    y <- response_for(x)
    fit <- fastlogit_fit(x, y, family = binomial())
    expect_same_fit(fit, fastlogit_fit(as.matrix(x), y, family = binomial()), p)
    expect_null(fit$qr)
  }
  # Other classes of sparse matrices, and of numbers.
  x <- random_sparse(300, 10)
  y <- response_for(x)
  fit <- fastlogit_fit(x, y, family = binomial())
  for (class in c("TsparseMatrix", "RsparseMatrix")) {
    expect_equal(fastlogit_fit(methods::as(x, class), y, family = binomial()), fit)
  }
  pattern <- methods::as(x != 0, "nMatrix")
  expect_equal(
    coef(fastlogit_fit(pattern, y, family = binomial())),
    coef(fastlogit_fit(as.matrix(x != 0) + 0, y, family = binomial())),
    tolerance = 1e-10
  )
  expect_equal(fastlogit_fit(x, y)$family$family, "gaussian")
})

# Columns in units of their own.
test_that("scales do not matter", {
  x <- random_sparse(1500, 40)
  y <- response_for(x)
  units <- with_seed(3, 10^stats::runif(41, -150, 150))
  scaled <- x %*% Matrix::Diagonal(x = units)
  fit <- fastlogit_fit(x, y, family = binomial())
  expect_equal(
    unname(fastlogit_fit(scaled, y, family = binomial())$coefficients * units),
    unname(fit$coefficients), tolerance = 1e-10
  )
})

# --- the sparse factor ---------------------------------------------------------------------------

# Many levels, a few rows each: X'X is nearly diagonal.
level_data <- function(n = 6000, levels = 300, seed = 4) {
  with_seed(seed, {
    d <- data.frame(id = factor(rep_len(seq_len(levels), n)), x = stats::rnorm(n))
    d$z <- stats::runif(n)
    d$group <- factor(as.integer(d$id) %/% 30)
    d$y <- stats::rbinom(n, 1, stats::plogis(stats::rnorm(levels, sd = 0.4)[d$id] + d$x / 3))
    d
  })
}

test_that("a sparse factor gives what a dense one gives", {
  d <- level_data()
  for (link in links_but_log) {
    fit <- fastlogit(y ~ 0 + id + x + z, binomial(link), d, sparse = TRUE)
    dense <- fastlogit(y ~ 0 + id + x + z, binomial(link), d)
    expect_s3_class(fit$cholesky$expected, "sparse_cholesky")
    expect_same_fit(fit, dense, link)
    for (type in c("expected", "observed")) {
      expect_equal(vcov(fit, type = type), vcov(dense, type = type), tolerance = 1e-10)
    }
  }
  # Its triangle, as plain glm code reads it, and the diagonal of its inverse alone.
  triangle <- as_triangle(fit$cholesky$expected, rep(TRUE, 302))
  expect_equal(crossprod(triangle), crossprod(dense$cholesky$expected), tolerance = 1e-10,
    ignore_attr = TRUE)
  expect_equal(
    inverse_diagonal_impl(fit$cholesky$expected), unname(diag(vcov(dense))), tolerance = 1e-10
  )
})

test_that("a summary of very many coefficients has standard errors, but no covariance matrix", {
  d <- level_data()
  fit <- fastlogit(y ~ 0 + id + x, data = d, sparse = TRUE)
  whole <- summary(fit)
  short <- summarise_wide(fit, NULL, FALSE, FALSE, covariance = FALSE)
  expect_equal(short$coefficients, whole$coefficients, tolerance = 1e-12)
  expect_null(short$cov.unscaled)
  expect_identical(dim(whole$cov.unscaled), c(301L, 301L))
  expect_output(print(short), "Std. Error")
})

# --- which columns are aliased -------------------------------------------------------------------

# Too large for a QR decomposition of the rows: n p^2 > 1e9.
test_that("large designs lose glm()'s columns, the last ones in order", {
  x <- random_sparse(13000, 290)
  y <- response_for(x)
  x[, 51] <- x[, 4] + x[, 8]
  x[, 201] <- 2 * x[, 101]
  x[, 150] <- x[, 51] - x[, 3]
  x[, 60] <- 0
  x[, 120] <- x[, 20] * (1 + 1e-13)
  x[, 10] <- x[, 250] + x[, 260]
  noise <- with_seed(9, stats::rnorm(nrow(x)))
  x[, 122] <- x[, 20] * (1 + 1e-4 * noise)
  x[, 123] <- x[, 20] + x[, 122]
  fit <- fastlogit_fit(x, y, family = binomial())
  dense <- fastlogit_fit(as.matrix(x), y, family = binomial())
  expect_identical(
    unname(which(is.na(fit$coefficients))), c(51L, 60L, 120L, 123L, 150L, 201L, 260L)
  )
  expect_identical(is.na(fit$coefficients), is.na(dense$coefficients))
  expect_same_fit(fit, dense, "large", 1e-9)
})

test_that("columns are aliased under every link, where observed weights are not the expected", {
  x <- random_sparse(13000, 290)
  y <- response_for(x)
  x[, 51] <- x[, 4] + x[, 8]
  x[, 201] <- 2 * x[, 101]
  for (link in c("probit", "cloglog", "cauchit")) {
    fit <- fastlogit_fit(x, y, family = binomial(link))
    expect_identical(unname(which(is.na(fit$coefficients))), c(51L, 201L), label = link)
  }
})

test_that("nearly dependent columns of large designs have estimates, and a warning", {
  for (difference in c(1e-3, 1e-7)) {
    x <- random_sparse(13000, 290)
    y <- response_for(x)
    x[, 122] <- x[, 20] * (1 + difference * with_seed(9, stats::rnorm(nrow(x))))
    fit <- function(x) fastlogit_fit(x, y, family = binomial())
    if (difference < 1e-5) {
      expect_warning(sparse <- fit(x), class = "fastlogit_ill_conditioned")
    } else {
      expect_silent(sparse <- fit(x))
    }
    dense <- fit(as.matrix(x))
    expect_false(anyNA(sparse$coefficients))
    expect_equal(sparse$fitted.values, dense$fitted.values, tolerance = 1e-9)
    expect_equal(sparse$coefficients[-c(20, 122)], dense$coefficients[-c(20, 122)],
      tolerance = 1e-9)
    expect_equal(sparse$deviance, dense$deviance, tolerance = 1e-12)
  }
})

test_that("a sparse factor, in an order of its own, leaves out the same columns", {
  d <- level_data(12000)
  for (formula in list(y ~ id + group + x, y ~ group + id + x, y ~ 0 + group + x + id + z)) {
    fit <- fastlogit(formula, data = d, sparse = TRUE)
    dense <- fastlogit(formula, data = d)
    expect_s3_class(fit$cholesky$expected, "sparse_cholesky")
    expect_identical(is.na(coef(fit)), is.na(coef(dense)))
    expect_gt(sum(is.na(coef(fit))), 8)
    expect_same_fit(fit, dense, deparse1(formula))
    expect_equal(vcov(fit), vcov(dense), tolerance = 1e-9)
    expect_equal(summary(fit)$coefficients, summary(dense)$coefficients, tolerance = 1e-9)
  }
})

# Two non-zeros a row leave the cone's search with hundreds of rows that may be separated.
test_that("the score proves a maximum also where columns are nearly dependent", {
  for (size in list(c(2000, 290), c(13000, 290))) {
    x <- random_sparse(size[1], size[2], each = 2)
    y <- response_for(x)
    noise <- with_seed(9, stats::rnorm(nrow(x)))
    x[, 122] <- x[, 20] * (1 + 1e-7 * noise)
    solve_it <- function(y) {
      response <- list(y = as.numeric(y), weights = rep(1, length(y)))
      problem <- plain_problem(
        as_design(x), response, NULL, core_model(binary_model(logit_family), response), 1L
      )
      start <- list(list(coefficients = numeric(ncol(x))))
      solve_problem(problem, start, fastlogit_control(maxit = 100), "newton")
    }
    expect_true(solve_it(y)$certified)
    # Separated along what sets the two columns apart, and by nothing else.
    along <- noise * x[, 20]
    expect_false(solve_it(ifelse(along == 0, y, along > 0))$certified)
  }
})

test_that("a sparse factor gives way where columns are nearly dependent, but not too many", {
  d <- with_seed(3, {
    data.frame(id = factor(rep_len(1:120, 3600)), z = stats::rnorm(3600), e = stats::rnorm(3600))
  })
  d$y <- with_seed(4, stats::rbinom(3600, 1, stats::plogis(0.3 * d$z)))
  for (difference in c(0.03, 1e-3, 1e-6)) {
    d$x <- with_seed(5, stats::rnorm(120))[d$id] + difference * d$e
    fit <- fastlogit(y ~ 0 + id + z + I(2 * z) + x, data = d, sparse = TRUE)
    dense <- fastlogit(y ~ 0 + id + z + I(2 * z) + x, data = d)
    expect_true(fit$orthogonalised)
    expect_same_fit(fit, dense, paste("near by", difference), 1e-8)
    expect_equal(vcov(fit), vcov(dense), tolerance = 1e-6)
  }
})

test_that("random dependent columns of small designs", {
  for (seed in 1:20) {
    x <- random_sparse(200, 15, each = 3, seed = seed)
    with_seed(seed, {
      for (column in sample(3:16, 4)) {
        x[, column] <- x[, -column] %*% (stats::rbinom(15, 1, 0.2) * sample(-2:2, 15, TRUE))
      }
    })
    y <- cbind(with_seed(seed, stats::rpois(200, 3)) + 1, 4)
    fit <- fastlogit_fit(x, y, family = binomial())
    theirs <- suppressWarnings(stats::glm.fit(as.matrix(x), y, family = binomial()))
    expect_identical(
      unname(is.na(fit$coefficients)), unname(is.na(theirs$coefficients)), label = seed
    )
  }
})

test_that("a start with parts along aliased columns ends at the same estimate", {
  d <- factor_data(500, 8)
  for (sparse in c(TRUE, FALSE)) {
    fit <- fastlogit(y ~ site + x + I(2 * x), data = d, sparse = sparse)
    from <- fastlogit(y ~ site + x + I(2 * x), data = d, sparse = sparse, start = rep(0.5, 10))
    expect_equal(coef(from), coef(fit), tolerance = 1e-10)
    expect_equal(predict(from), predict(fit), tolerance = 1e-10)
  }
})

# Panels of 256 columns: what is aliased lies in several of them.
test_that("aliased columns of wide designs, far apart, and the standard errors of the others", {
  x <- random_sparse(9000, 640)
  x[, 260] <- x[, 3] + x[, 9]
  x[, 520] <- 2 * x[, 270]
  x[, 600] <- x[, 520] - x[, 30]
  y <- response_for(x)
  fit <- fastlogit_fit(x, y, family = binomial())
  aliased <- c(260L, 520L, 600L)
  expect_identical(unname(which(is.na(fit$coefficients))), aliased)
  without <- fastlogit_fit(x[, -aliased], y, family = binomial())
  expect_equal(fit$coefficients[-aliased], without$coefficients, tolerance = 1e-9)
  expect_identical(is.na(fit$std.errors), is.na(fit$coefficients))
  expect_equal(fit$std.errors[-aliased], without$std.errors, tolerance = 1e-9)
})

# --- standard errors of a matrix -----------------------------------------------------------------

test_that("standard errors of a sparse matrix are glm()'s", {
  x <- random_sparse(2500, 60)
  x[, 30] <- x[, 3] - x[, 4]
  y <- response_for(x)
  w <- rep(0:2, length.out = 2500)
  dense <- as.matrix(x)
  for (family in list(binomial(), binomial("probit"), quasibinomial())) {
    fit <- fastlogit_fit(x, y, w, family = family)
    # Only rows with a weight count for the dispersion.
    theirs <- stats::glm(
      y ~ 0 + dense, family, weights = w, subset = w > 0,
      start = ifelse(is.na(fit$coefficients), 0, fit$coefficients)
    )
    expect_identical(names(fit$std.errors), names(fit$coefficients))
    expect_identical(unname(which(is.na(fit$std.errors))), 30L)
    expect_equal(
      unname(fit$std.errors[-30]), unname(summary(theirs)$coefficients[, 2]), tolerance = 1e-8
    )
  }
  # Without names; with a sparse factor; and of rows that are separated, in the limit.
  expect_null(names(fastlogit_fit(unname(x), y, family = binomial())$std.errors))
  d <- level_data()
  levels <- Matrix::sparse.model.matrix(~ 0 + id + x, d)
  fit <- fastlogit_fit(levels, d$y, family = binomial())
  expect_s3_class(fit$cholesky$expected, "sparse_cholesky")
  summarised <- summary(fastlogit(y ~ 0 + id + x, data = d))$coefficients[, 2]
  expect_equal(unname(fit$std.errors), unname(summarised), tolerance = 1e-10)
  d$y[d$id == "7"] <- 1
  fit <- suppressWarnings(fastlogit_fit(levels, d$y, family = binomial()))
  limit <- summary(suppressWarnings(fastlogit(y ~ 0 + id + x, data = d)))$coefficients[, 2]
  expect_true(is.na(fit$std.errors[7]))
  expect_equal(unname(fit$std.errors), unname(limit), tolerance = 1e-8)
})

test_that("standard errors of more than a thousand columns, by any number of threads", {
  x <- random_sparse(8000, 1029)
  x[, 700] <- x[, 3] - x[, 9]
  y <- response_for(x)
  found <- lapply(1:2, function(threads) {
    withr::local_envvar(OMP_THREAD_LIMIT = threads)
    fit <- fastlogit_fit(x, y, family = binomial(), control = list(threads = threads))
    c(fit[c("coefficients", "deviance", "cholesky")], list(as.vector(fit$std.errors)))
  })
  expect_identical(found[[2L]], found[[1L]])
  expect_identical(unname(which(is.na(found[[1L]]$coefficients))), 700L)
  eta <- as.numeric(x[, -700] %*% found[[1L]]$coefficients[-700])
  information <- Matrix::crossprod(x[, -700] * sqrt(stats::dlogis(eta)))
  some <- c(1, 2, 256, 257, 699, 700, 1024, 1025, 1029)
  columns <- as.matrix(Matrix::solve(information, as.matrix(Matrix::Diagonal(1029)[, some])))
  expect_equal(
    found[[1L]][[4L]][-700][some]^2, columns[cbind(some, seq_along(some))], tolerance = 1e-9
  )
  expect_identical(is.na(found[[1L]][[4L]]), seq_len(1030) == 700)
})

test_that("the rows of a column may be in any order", {
  x <- random_sparse(33000, 40)
  y <- response_for(x)
  mixed <- x
  for (j in seq_len(ncol(x))) {
    at <- seq.int(x@p[j] + 1L, x@p[j + 1L])
    order <- with_seed(j, sample(length(at)))
    mixed@i[at] <- x@i[at][order]
    mixed@x[at] <- x@x[at][order]
  }
  expect_equal(
    fastlogit_fit(mixed, y, family = binomial())$coefficients,
    fastlogit_fit(x, y, family = binomial())$coefficients, tolerance = 1e-10
  )
})

# --- properties ----------------------------------------------------------------------------------

test_that("the order of rows and columns does not matter, and weights are repeated rows", {
  levels <- Matrix::sparse.model.matrix(~ 0 + id + x, level_data())
  for (x in list(random_sparse(2000, 60), levels)) {
    y <- response_for(x)
    fit <- fastlogit_fit(x, y, family = binomial())
    rows <- with_seed(6, sample(nrow(x)))
    columns <- with_seed(7, sample(ncol(x)))
    moved <- fastlogit_fit(x[rows, columns], y[rows], family = binomial())
    expect_equal(moved$coefficients, fit$coefficients[columns], tolerance = 1e-10)
    expect_equal(moved$deviance, fit$deviance, tolerance = 1e-12)
    weights <- with_seed(8, sample(0:2, nrow(x), TRUE))
    weighted <- fastlogit_fit(x, y, weights, family = binomial())
    repeated <- rep(seq_len(nrow(x)), weights)
    expect_equal(
      fastlogit_fit(x[repeated, ], y[repeated], family = binomial())$coefficients,
      weighted$coefficients, tolerance = 1e-9
    )
  }
})

test_that("the number of threads changes no bit", {
  for (x in list(
    random_sparse(20000, 20), random_sparse(6000, 700), random_sparse(30000, 250),
    Matrix::sparse.model.matrix(~ 0 + id + x, level_data(30000))
  )) {
    y <- response_for(x)
    fit <- function(threads) {
      fastlogit_fit(x, y, family = binomial("probit"), control = list(threads = threads))
    }
    one <- fit(1)
    many <- fit(3)
    expect_gt(many$threads, 1L)
    same <- setdiff(names(one), c("threads", "family"))
    expect_identical(many[same], one[same])
  }
})

# --- the formula interface -----------------------------------------------------------------------

# Variables of every kind, with orders and contrasts of every kind, `k` of them numbers.
coded_data <- function(n = 60) {
  d <- data.frame(
    f = factor(sample(letters[1:4], n, TRUE)), t = sample(c("u", "v", "w"), n, TRUE),
    l = sample(c(TRUE, FALSE), n, TRUE), o = factor(sample(5, n, TRUE), ordered = TRUE),
    s = factor(sample(c("a:b", "c d", "e"), n, TRUE)), h = factor(sample(3, n, TRUE)),
    x = stats::rnorm(n), z = stats::rnorm(n), i = sample(1e9, n), j = sample(1e9, n)
  )
  stats::contrasts(d$s, 1) <- matrix(c(2, -1, 0.5), 3)
  stats::contrasts(d$h) <- "contr.helmert"
  d$m <- cbind(p = d$x, q = d$z)
  d$one <- matrix(d$z, dimnames = list(NULL, "only"))
  d$`a name` <- d$x^2
  d$`if` <- d$f
  d
}

expect_model_matrix <- function(formula, data, contrasts = NULL) {
  frame <- stats::model.frame(formula, data)
  dense <- stats::model.matrix(formula, frame, contrasts)
  blueprint <- learn_blueprint(frame, contrasts)
  design <- design_from(blueprint, frame)
  sparse <- sparse_model_matrix(design)
  label <- deparse1(formula)
  expect_true(methods::validObject(sparse), label = label)
  expect_identical(colnames(sparse), colnames(dense), label = label)
  expect_identical(attr(sparse, "assign"), attr(dense, "assign"), label = label)
  expect_identical(attr(sparse, "contrasts"), attr(dense, "contrasts"), label = label)
  expect_false(any(sparse@x == 0), label = label)
  # Products of the same numbers, in another order.
  expect_equal(as.numeric(as.matrix(sparse)), as.numeric(dense), tolerance = 1e-14, label = label)
  expect_equal(design_matrix(design), dense, tolerance = 1e-14, label = label)
}

test_that("columns are those of model.matrix(), by name and number", {
  d <- with_seed(1, coded_data())
  for (formula in list(
    ~ f * t + l, ~ 0 + f + o, ~ poly(z, 2) * f, ~ t:x + cbind(x, z), ~ l:x, ~ x, ~ 1, ~ 0,
    ~ f + offset(x) + I(z^2), ~ f:t:l, ~ stats::poly(x, 2):f, ~ scale(x) + f, ~ i:j, ~ i:j:o,
    ~ `a name` * f, ~ `if` * s, ~ m:o + one:f, ~ s:`if` - 1, ~ l - 1, ~ x:l - 1, ~ f %in% t,
    ~ I(f == "a"):x, ~ interaction(f, t), ~ factor(x > 0):ordered(t), ~ splines::ns(x, 3) * o
  )) {
    expect_model_matrix(formula, d)
  }
  none <- subset(d, x > 100)
  expect_model_matrix(~ x + m, none)
})

# Each term of up to three variables, in any order; contrasts by name, by function, by matrix, of
# the session or of a variable alone.
test_that("every contrast, order and interaction is model.matrix()'s", {
  kinds <- c("contr.treatment", "contr.sum", "contr.helmert", "contr.poly", "contr.SAS")
  variables <- c("f", "t", "l", "o", "s", "h", "x", "i", "m", "`a name`", "`if`")
  with_seed(11, for (run in 1:60) {
    d <- coded_data(40)
    withr::local_options(contrasts = sample(kinds, 2))
    own <- sample(c("f", "t", "o", "if"), sample(0:3, 1))
    contrasts <- lapply(stats::setNames(own, own), function(name) {
      count <- c(f = 4, t = 3, o = 5, `if` = 4)[[name]]
      switch(sample(4, 1),
        sample(kinds, 1), get(sample(kinds, 1)),
        matrix(stats::rnorm(count * (count - 1)), count),
        matrix(stats::rnorm(count), count, 1, dimnames = list(NULL, "linear"))
      )
    })
    terms <- replicate(sample(4, 1), {
      paste(sample(variables, sample(3, 1)), collapse = sample(c(":", "*"), 1))
    })
    formula <- stats::reformulate(c(terms, if (stats::runif(1) < 0.4) "0"))
    contrasts <- contrasts[names(contrasts) %in% all.vars(formula)]
    expect_model_matrix(formula, d, if (length(contrasts)) contrasts)
  })
})

test_that("wrong contrasts are refused, and large products do not overflow", {
  d <- with_seed(1, coded_data())
  d$y <- rep(0:1, 30)
  wrong <- list(list(f = "nosuch"), list(f = matrix(1, 2, 2)), list(f = matrix(NA, 4, 3)))
  for (contrasts in wrong) {
    for (sparse in c(TRUE, FALSE)) {
      expect_error(
        fastlogit(y ~ f, data = d, contrasts = contrasts, sparse = sparse),
        class = "fastlogit_input_error"
      )
    }
  }
  wide <- data.frame(a = factor(seq_len(50000)), b = factor(seq_len(50000)))
  expect_error(learn_blueprint(stats::model.frame(~ a:b, wide)), class = "fastlogit_input_error")
  # Whole numbers whose products are none that R's integers could hold.
  fit <- fastlogit(y ~ i:j + f, data = d, sparse = TRUE)
  expect_equal(coef(fit), coef(fastlogit(y ~ i:j + f, data = d)), tolerance = 1e-9)
  expect_equal(predict(fit, d), fit$linear.predictors, tolerance = 1e-12, ignore_attr = TRUE)
})

test_that("a fit with ordered and sum contrasts is glm()'s, with its predictions", {
  d <- with_seed(5, coded_data(300))
  d$y <- with_seed(6, stats::rbinom(300, 1, stats::plogis(d$x / 2 + as.integer(d$o) / 5 - 0.5)))
  contrasts <- list(f = "contr.sum", o = "contr.treatment")
  for (contrasts in list(NULL, contrasts)) {
    fit <- fastlogit(y ~ o * x + f * x + t, data = d, sparse = TRUE, contrasts = contrasts)
    theirs <- stats::glm(y ~ o * x + f * x + t, stats::binomial(), d, contrasts = contrasts,
      control = list(epsilon = 1e-14, maxit = 50))
    expect_equal(coef(fit), coef(theirs), tolerance = 1e-9)
    expect_equal(deviance(fit), deviance(theirs), tolerance = 1e-12)
    expect_identical(fit[c("contrasts", "xlevels")], unclass(theirs)[c("contrasts", "xlevels")])
    expect_equal(predict(fit, d[7:9, ]), predict(theirs, d[7:9, ]), tolerance = 1e-9)
  }
})

test_that("predictions, with standard errors, offsets and missing values", {
  d <- factor_data()
  new <- factor_data(60, seed = 5)
  new$x[3] <- NA
  new$type[7] <- NA
  for (formula in list(y ~ site + type + x + offset(o), y ~ poly(x, 2) + type, y ~ x)) {
    fit <- fastlogit(formula, data = d, offset = d$w / 10, sparse = TRUE)
    dense <- fastlogit(formula, data = d, offset = d$w / 10)
    rows <- if (identical(formula, y ~ poly(x, 2) + type)) new[-3, ] else new
    fit$call$offset <- dense$call$offset <- quote(w / 10)
    for (type in c("link", "response")) {
      expect_equal(predict(fit, rows, type), predict(dense, rows, type), tolerance = 1e-10)
      expect_equal(
        predict(fit, rows, type, se.fit = TRUE), predict(dense, rows, type, se.fit = TRUE),
        tolerance = 1e-10
      )
    }
    expect_equal(
      predict(fit, rows, interval = "confidence"), predict(dense, rows, interval = "confidence"),
      tolerance = 1e-10
    )
    expect_equal(predict(fit, rows, "class"), predict(dense, rows, "class"))
    expect_equal(predict(fit, se.fit = TRUE), predict(dense, se.fit = TRUE), tolerance = 1e-10)
    expect_identical(predict(fit, rows[0, ]), predict(dense, rows[0, ]))
  }
  expect_error(predict(fit <- fastlogit(y ~ type, data = d, sparse = TRUE),
    data.frame(type = "q")), class = "fastlogit_input_error")
  aliased <- fastlogit(y ~ site + region, data = d, sparse = TRUE)
  expect_warning(
    found <- predict(aliased, new), class = "fastlogit_rank_deficient"
  )
  expect_equal(
    found, suppressWarnings(predict(fastlogit(y ~ site + region, data = d), new)),
    tolerance = 1e-10
  )
  terms <- predict(aliased, type = "terms")
  expect_equal(rowSums(terms) + attr(terms, "constant"), predict(aliased), tolerance = 1e-10)
})

test_that("rows with missing values are left out, or padded", {
  d <- factor_data(500, 8)
  d$x[c(2, 9)] <- NA
  fit <- fastlogit(y ~ site + x, data = d, sparse = TRUE, na.action = na.exclude, subset = w > 0)
  dense <- fastlogit(y ~ site + x, data = d, na.action = na.exclude, subset = w > 0)
  expect_equal(residuals(fit), residuals(dense), tolerance = 1e-10)
  expect_equal(predict(fit), predict(dense), tolerance = 1e-10)
  for (f in list(hatvalues, cooks.distance, rstandard, rstudent)) {
    expect_equal(f(fit), f(dense), tolerance = 1e-9)
  }
})

test_that("leverages and what rests on them", {
  for (weights in list(NULL, 0:3)) {
    d <- factor_data(800, 20)
    d$w <- if (is.null(weights)) 1 else rep_len(weights, 800)
    fit <- fastlogit(y ~ site + type + x + region, data = d, weights = w, sparse = TRUE)
    dense <- fastlogit(y ~ site + type + x + region, data = d, weights = w)
    for (f in list(hatvalues, cooks.distance, rstandard, rstudent)) {
      expect_equal(f(fit), f(dense), tolerance = 1e-9)
    }
    expect_equal(influence(fit)$coefficients, influence(dense)$coefficients, tolerance = 1e-9)
  }
  expect_equal(component_of(fit, "qr"), component_of(dense, "qr"), tolerance = 1e-9)
  expect_equal(predict(update(fit, . ~ 1), d), predict(update(dense, . ~ 1), d), tolerance = 1e-12)
})

test_that("quasibinomial summaries, correlations, updates and kept designs", {
  d <- level_data(4000, 250)
  fit <- fastlogit(y ~ id + x, quasibinomial(), d, sparse = TRUE, x = TRUE)
  dense <- fastlogit(y ~ id + x, quasibinomial(), d)
  expect_s4_class(fit$x, "dgCMatrix")
  found <- summary(fit, correlation = TRUE)
  expected <- stats::summary.glm(plain_glm(dense, rows = TRUE), correlation = TRUE)
  # How many steps there are goes with what a factor costs.
  for (name in setdiff(names(expected), c("call", "iter"))) {
    expect_equal(found[[name]], expected[[name]], tolerance = 1e-9, label = name)
  }
  expect_equal(vcov(fit), vcov(dense), tolerance = 1e-10)
  smaller <- update(fit, . ~ . - x)
  expect_true(smaller$sparse)
  expect_equal(
    anova(smaller, fit, test = "F"), anova(update(dense, . ~ . - x), dense, test = "F"),
    tolerance = 1e-9, ignore_attr = TRUE
  )
})

# As for dense designs of more than a few columns, it is not R's chol2inv() that inverts.
test_that("covariances of wide dense designs", {
  x <- as.matrix(random_sparse(3000, 620))
  d <- data.frame(y = response_for(x))
  d$x <- x[, -1]
  fit <- fastlogit(y ~ x, data = d)
  expect_equal(unname(vcov(fit)), chol2inv(fit$cholesky$expected), tolerance = 1e-12)
  expect_equal(
    unname(vcov(fit) %*% crossprod(x * sqrt(fit$weights))), diag(621), tolerance = 1e-10
  )
})

test_that("values that are not finite are refused, by name and row", {
  x <- random_sparse(50, 5)
  y <- rep(0:1, 25)
  colnames(x) <- c("(Intercept)", letters[1:5])
  for (value in c(NA, NaN, Inf)) {
    x[17, 3] <- value
    expect_error(
      fastlogit_fit(x, y, family = binomial()), "predictor `b` \\(row 17\\)",
      class = "fastlogit_input_error"
    )
  }
  expect_error(
    fastlogit(fail ~ temp, data = oring, sparse = NA), class = "fastlogit_input_error"
  )
})
