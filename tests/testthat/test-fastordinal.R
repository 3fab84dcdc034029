test_that("the satisfaction with housing is what the books have", {
  skip_if_not_installed("MASS")
  fit <- fastordinal(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
  expect_equal(
    round(unname(all_estimates(fit)), 4),
    c(0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603, -0.4961, 0.6907)
  )
  expect_equal(round(fit$deviance, 3), 3479.149)
  expect_identical(class(fit), c("fastordinal", "polr"))
  expect_identical(names(fit$zeta), c("Low|Medium", "Medium|High"))
})

test_that("the bitterness of wine is what ordinal has", {
  fit <- fastordinal(rating ~ contact + temp, data = wine_counts(), weights = count)
  expect_equal(
    round(unname(all_estimates(fit)), 4), c(1.5278, 2.5031, -1.3444, 1.2508, 3.4669, 5.0064)
  )
  expect_equal(round(unname(sqrt(diag(vcov(fit))))[1:2], 4), c(0.4766, 0.5287))
  expect_equal(round(as.numeric(logLik(fit)), 3), -86.492)
})

test_that("all links are those of polr()", {
  skip_if_not_installed("MASS")
  d <- ordered_data()
  # Under the cauchit link polr() cuts linear predictors off at 100.
  for (link in c("logit", "probit", "cloglog", "loglog")) {
    method <- if (link == "logit") "logistic" else link
    theirs <- MASS::polr(
      y ~ x + g + offset(o), d, weights = w + 1, method = method, Hess = TRUE,
      control = list(reltol = 1e-15)
    )
    ours <- fastordinal(y ~ x + g + offset(o), d, weights = w + 1, link = link)
    expect_equal(all_estimates(ours), all_estimates(theirs), tolerance = 1e-5, info = link)
    expect_equal(ours$deviance, theirs$deviance, tolerance = 1e-10, info = link)
    expect_lte(ours$deviance, theirs$deviance + 1e-9)
    expect_equal(vcov(ours), vcov(theirs), tolerance = 1e-4, info = link)
    expect_equal(ours$fitted.values, theirs$fitted.values, tolerance = 1e-5, info = link)
    expect_equal(ours$method, theirs$method)
  }
})

test_that("the estimates are maxima of what the books have, for all families and links", {
  d <- ordered_data(120)
  x <- model.matrix(~ x + u, d)[, -1L]
  for (family in c("cumulative", "adjacent", "continuation")) {
    for (link in c("logit", "probit", "cloglog", "loglog", "cauchit")) {
      fit <- fastordinal(y ~ x + u, d, weights = w, link = link, family = family)
      at <- function(v) book_likelihood(x, d$y, d$w, v[1:2], v[3:5], link, family)
      estimates <- unname(all_estimates(fit))
      expect_equal(at(estimates), as.numeric(logLik(fit)), tolerance = 1e-12)
      slopes <- vapply(seq_along(estimates), function(j) {
        h <- 1e-5 * (seq_along(estimates) == j)
        (at(estimates + h) - at(estimates - h)) / 2e-5
      }, 0)
      expect_lt(max(abs(slopes)), 1e-5)
      expect_true(fit$converged)
      scored <- fastordinal(
        y ~ x + u, d, weights = w, link = link, family = family, method = "fisher"
      )
      expect_equal(all_estimates(scored), all_estimates(fit), tolerance = 1e-8)
    }
  }
})

test_that("weights are copies of rows, and rows come in any order", {
  d <- ordered_data()
  weighted <- fastordinal(y ~ x + g, d, weights = w)
  copied <- fastordinal(y ~ x + g, d[rep(seq_len(nrow(d)), d$w), ])
  expect_equal(all_estimates(weighted), all_estimates(copied), tolerance = 1e-12)
  expect_equal(vcov(weighted), vcov(copied), tolerance = 1e-10)
  expect_equal(weighted$n, copied$n)
  shuffled <- fastordinal(y ~ x + g, d[rev(seq_len(nrow(d))), ], weights = w)
  expect_equal(all_estimates(shuffled), all_estimates(weighted), tolerance = 1e-12)
})

test_that("units of columns are those of slopes", {
  d <- ordered_data()
  d$small <- d$x * 1e-9
  expect_equal(
    fastordinal(y ~ small + g, d)$coefficients[["small"]] * 1e-9,
    fastordinal(y ~ x + g, d)$coefficients[["x"]], tolerance = 1e-11
  )
})

test_that("reversed classes reverse the signs, under the mirrored link", {
  d <- ordered_data()
  d$back <- factor(d$y, rev(levels(d$y)), ordered = TRUE)
  for (links in list(c("logit", "logit"), c("probit", "probit"), c("cloglog", "loglog"))) {
    one <- fastordinal(y ~ x + g, d, link = links[1])
    other <- fastordinal(back ~ x + g, d, link = links[2])
    expect_equal(other$coefficients, -one$coefficients, tolerance = 1e-10)
    expect_equal(unname(other$zeta), -rev(unname(one$zeta)), tolerance = 1e-10)
  }
})

test_that("threads change no bit", {
  d <- ordered_data(30000)
  one <- fastordinal(y ~ x + u + g, d, threads = 1)
  two <- fastordinal(y ~ x + u + g, d, threads = 2)
  expect_identical(all_estimates(one), all_estimates(two))
  expect_identical(one$cholesky, two$cholesky)
})

test_that("many classes are a sparse information, and the same estimates", {
  d <- ordered_data(3000, classes = 200)
  many <- fastordinal(y ~ x + g, d)
  expect_true(is.list(many$cholesky$observed))
  expect_lt(length(many$cholesky$observed$value), 10 * length(many$zeta))
  # By the predictors of all cuts, dense.
  few <- ordered_data(600, classes = 70)
  sparse <- fastordinal(y ~ x + g, few)
  dense <- fastordinal(y ~ x + g, few, method = "fisher")
  expect_true(is.list(sparse$cholesky$observed))
  expect_false(is.list(dense$cholesky$expected))
  expect_equal(all_estimates(sparse), all_estimates(dense), tolerance = 1e-8)
  expect_equal(
    sqrt(diag(vcov(sparse, type = "expected"))), sqrt(diag(vcov(dense))), tolerance = 1e-8
  )
})

test_that("numbers are classes in their order", {
  d <- ordered_data(300)
  d$number <- as.integer(d$y) * 10 - 3
  expect_equal(
    unname(all_estimates(fastordinal(number ~ x, d))),
    unname(all_estimates(fastordinal(y ~ x, d)))
  )
})

test_that("rows are where they are", {
  d <- ordered_data(900)
  d$g <- as.character(d$g)
  for (family in c("cumulative", "continuation")) {
    for (parallel in list(TRUE, ~ x)) {
      fit <- function(data) {
        fastordinal(
          y ~ x + g + offset(o), data, weights = w, family = family, parallel = parallel
        )
      }
      here <- fit(d)
      there <- fit(source_function(chunks_of(d, 250)))
      expect_equal(all_estimates(there), all_estimates(here), tolerance = 1e-11)
      expect_equal(vcov(there), vcov(here), tolerance = 1e-10)
      expect_equal(unname(there$fitted.values), unname(here$fitted.values), tolerance = 1e-11)
      expect_equal(
        vcov(there, cluster = ~id), vcov(here, cluster = ~id), tolerance = 1e-9
      )
      expect_equal(vcov(there, type = "HC0"), vcov(here, type = "HC0"), tolerance = 1e-9)
      expect_equal(confint(there), confint(here), tolerance = 1e-8)
    }
  }
})

test_that("workers add up the same sums", {
  skip_if_not_installed("mirai")
  local_libraries()
  d <- ordered_data(3000)
  here <- fastordinal(y ~ x + g + offset(o), d, weights = w)
  there <- fastordinal(y ~ x + g + offset(o), d, weights = w, workers = 2)
  expect_equal(all_estimates(there), all_estimates(here), tolerance = 1e-11)
  expect_equal(there$workers, 2)
})

test_that("starts are used, and may be of aliased columns", {
  d <- ordered_data()
  d$twice <- 2 * d$x
  fit <- fastordinal(y ~ x + twice + g, d)
  expect_identical(names(which(is.na(fit$coefficients))), "twice")
  again <- fastordinal(y ~ x + twice + g, d, start = all_estimates(fit))
  expect_lte(again$iter, 2L)
  expect_equal(all_estimates(again), all_estimates(fit), tolerance = 1e-12)
  expect_snapshot(error = TRUE, fastordinal(y ~ x, d, start = 1:2))
})

test_that("penalties: ridge by its maximum, Jeffreys' by its value, Firth where likelihoods fail", {
  d <- ordered_data(80)
  x <- as.matrix(d[c("x", "u")])
  ridge <- fastordinal(y ~ x + u, d, penalty = penalty_ridge(2))
  height <- function(v) {
    book_likelihood(x, d$y, 1, v[1:2], v[3:5], "logit") - sum(v[1:2]^2)
  }
  estimates <- unname(all_estimates(ridge))
  expect_equal(ridge$penalised_loglik, height(estimates), tolerance = 1e-10)
  for (j in 1:5) expect_lt(height(estimates + 1e-3 * (1:5 == j)), height(estimates))
  jeffreys <- fastordinal(y ~ x + u, d, penalty = "jeffreys")
  log_det <- function(v) {
    eta <- outer(-drop(x %*% v[1:2]), v[3:5], `+`)
    total <- 0
    for (i in seq_len(nrow(x))) {
      at <- eta[i, , drop = FALSE]
      of_row <- matrix(0, 3, 3)
      of_row[upper.tri(of_row, TRUE)] <-
        evaluate_family_impl("cumulative logit", at, 0, NULL, NULL, "expected")$weight
      of_row <- of_row + t(of_row) - diag(diag(of_row))
      rows <- cbind(-matrix(x[i, ], 3, 2, byrow = TRUE), diag(3))
      total <- total + t(rows) %*% of_row %*% rows
    }
    as.numeric(determinant(total)$modulus)
  }
  penalised <- function(v) book_likelihood(x, d$y, 1, v[1:2], v[3:5], "logit") + 0.5 * log_det(v)
  top <- unname(all_estimates(jeffreys))
  expect_equal(jeffreys$penalised_loglik, penalised(top), tolerance = 1e-9)
  slopes <- vapply(1:5, function(j) {
    h <- 1e-4 * (1:5 == j)
    (penalised(top + h) - penalised(top - h)) / 2e-4
  }, 0)
  expect_lt(max(abs(slopes)), 1e-5)
  apart <- data.frame(y = factor(rep(1:3, each = 4)), x = 1:12)
  expect_true(all(is.finite(all_estimates(fastordinal(y ~ x, apart, penalty = "firth")))))
})

test_that("Firth's adjustment for two classes next to each other is fastlogit()'s", {
  # Of three classes with two of them merged by a cut of its own nothing is left but a binary model:
  # the continuation ratio's likelihood is a product of those.
  d <- ordered_data(150, classes = 3)
  fit <- fastordinal(y ~ x + u, d, family = "continuation", parallel = FALSE, penalty = "firth")
  first <- fastlogit((y == "l1") ~ x + u, data = d, penalty = "firth")
  expect_equal(
    unname(c(fit$zeta[1L], fit$coefficients[c(1L, 3L)])), unname(coef(first)), tolerance = 1e-7
  )
})

test_that("what cannot be fitted is told", {
  d <- ordered_data(60)
  d$two <- factor(d$x > 0)
  d$word <- as.character(d$y)
  d$gap <- factor(ifelse(d$y == "l2", "l1", as.character(d$y)), levels(d$y))
  expect_snapshot(error = TRUE, {
    fastordinal(two ~ x, d)
    fastordinal(word ~ x, d)
    fastordinal(cbind(u, 1 - u) ~ x, d)
    fastordinal(y ~ x, d, parallel = ~ nobody)
    fastordinal(y ~ x, d, parallel = 2)
    fastordinal(y ~ x, d, link = "log")
    fastordinal(y ~ x, d, weigths = w)
    fastordinal(~ x, d)
  })
  expect_warning(fastordinal(gap ~ x, d), class = "fastlogit_empty_class")
})

test_that("other models tell of an order that they leave out", {
  d <- ordered_data(60)
  expect_message(fastmultinom(y ~ x, d), class = "fastlogit_ordered_response")
  expect_message(fastmultinom(y ~ x, d), "fastordinal")
  expect_silent(fastmultinom(factor(y, ordered = FALSE) ~ x, d))
  expect_warning(fastlogit(y ~ x, data = d), "fastordinal")
})
