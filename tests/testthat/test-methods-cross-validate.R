# Predictions of each fold by fits of the others: a plain loop.
predictions_by_loop <- function(d, fold, fitted_to, type) {
  parts <- lapply(sort(unique(fold)), function(k) {
    fit <- suppressWarnings(fitted_to(d[fold != k, , drop = FALSE]))
    predicted <- as.matrix(predict(fit, d[fold == k, , drop = FALSE], type = type))
    list(at = which(fold == k), predicted = unname(predicted))
  })
  out <- do.call(rbind, lapply(parts, `[[`, "predicted"))
  out[order(unlist(lapply(parts, `[[`, "at"))), ]
}

expect_like_loop <- function(fit, d, fitted_to, type = "response", ...) {
  cv <- cross_validate(fit, ...)
  fold <- attr(cv, "fold")[, 1]
  by_loop <- predictions_by_loop(d, fold, fitted_to, type)
  expect_equal(unname(attr(cv, "predictions")), by_loop, tolerance = 1e-8)
  invisible(cv)
}

exact <- list(epsilon = 1e-14, maxit = 100)

test_that("predictions are those of a loop over glm()", {
  d <- births_to_refit()
  models <- list(
    list(low ~ age + lwt + race + smoke, "logit"), list(low ~ age * smoke, "probit"),
    list(low ~ lwt + smoke, "cloglog"), list(low ~ lwt + offset(age / 50), "logit"),
    list(counts ~ age + race, "logit")
  )
  for (model in models) {
    formula <- model[[1]]
    fit <- fastlogit(formula, binomial(model[[2]]), data = d)
    fitted_to <- function(rows) glm(formula, binomial(model[[2]]), rows, control = exact)
    expect_like_loop(fit, d, fitted_to, seed = 1)
    expect_like_loop(fit, d, fitted_to, seed = 2, folds = 5, by = ~id)
  }
  weighted <- fastlogit(low ~ age + lwt, data = d, weights = trials)
  by_glm <- function(rows) {
    glm(low ~ age + lwt, binomial, rows, weights = trials, control = exact)
  }
  expect_like_loop(weighted, d, by_glm, seed = 3)
  expect_like_loop(weighted, d, by_glm, folds = 189)
})

test_that("of many classes, penalised and sparse fits they are those of a loop, too", {
  d <- births_to_refit()
  of_classes <- function(rows) {
    nnet::multinom(race ~ I(lwt / 100) + smoke, rows, trace = FALSE, reltol = 1e-16, abstol = 0)
  }
  expect_equal(
    unname(attr(
      cross_validate(fastmultinom(race ~ I(lwt / 100) + smoke, data = d), folds = d$id %% 4),
      "predictions"
    )),
    predictions_by_loop(d, d$id %% 4, of_classes, "probs"), tolerance = 1e-6
  )
  fitters <- list(
    function(rows) fastmultinom(race ~ lwt + smoke, data = rows),
    function(rows) fastmultinom(race ~ lwt + smoke, data = rows, penalty = "firth"),
    function(rows) fastmultinom(low ~ lwt + smoke, data = rows),
    function(rows) fastlogit(low ~ age + lwt + smoke, data = rows, penalty = "firth"),
    function(rows) fastlogit(low ~ age + lwt, data = rows, penalty = penalty_ridge(3)),
    function(rows) fastlogit(low ~ age + lwt + race, data = rows, sparse = TRUE)
  )
  for (fitted_to in fitters) expect_like_loop(fitted_to(d), d, fitted_to, "probs", seed = 4)
})

test_that("measures are those of metrics() in the folds, and their means", {
  d <- births_to_refit()
  for (fitted_to in list(
    function(rows) fastlogit(low ~ age + lwt, data = rows, weights = twice),
    function(rows) fastmultinom(race ~ age + lwt, data = rows, weights = twice)
  )) {
    cv <- cross_validate(fitted_to(d), folds = d$id %% 3, metrics = NULL)
    by_fold <- vapply(0:2, function(k) {
      found <- metrics(fitted_to(d[d$id %% 3 != k, ]), d[d$id %% 3 == k, ])
      stats::setNames(found$estimate, rownames(found))
    }, numeric(nrow(cv)))
    expect_equal(t(as.matrix(attr(cv, "folds")[rownames(cv)])), by_fold, tolerance = 1e-7,
      ignore_attr = TRUE)
    expect_equal(cv$estimate, unname(rowMeans(by_fold)), tolerance = 1e-7)
    expect_equal(cv$std.error, unname(apply(by_fold, 1, sd)) / sqrt(3), tolerance = 1e-6)
  }
})

test_that("repeats are further folds", {
  d <- births_to_refit()
  cv <- cross_validate(fastlogit(low ~ age + lwt, data = d), folds = 4, repeats = 3, seed = 1)
  folds <- attr(cv, "folds")
  expect_identical(folds[["repeat"]], rep(1:3, each = 4))
  expect_identical(dim(attr(cv, "predictions")), c(189L, 3L))
  expect_equal(cv["brier", "estimate"], mean(folds$brier))
  within <- tapply(folds$brier, folds[["repeat"]], var)
  expect_equal(cv["brier", "std.error"], sqrt(mean(within) / 4))
  classes <- cross_validate(fastmultinom(race ~ age, data = d), folds = 4, repeats = 2, seed = 1)
  all <- attr(classes, "predictions")
  expect_identical(dim(all), c(189L, 3L, 2L))
  expect_equal(apply(all, c(1, 3), sum), matrix(1, 189, 2), ignore_attr = TRUE)
  again <- cross_validate(
    fastmultinom(race ~ age, data = d), folds = attr(classes, "fold")[, 2]
  )
  expect_equal(attr(again, "predictions"), all[, , 2], tolerance = 1e-12)
})

test_that("threads and seeds: the same bits", {
  fit <- fastlogit(low ~ age + lwt + smoke, data = births())
  one <- cross_validate(fit, seed = 1, threads = 1)
  expect_identical(cross_validate(fit, seed = 1, threads = 2), one)
  set.seed(1)
  expect_identical(cross_validate(fit), one)
})

test_that("rows that na.exclude left out are NA among the predictions", {
  d <- births_to_refit()
  d$age[c(2, 9)] <- NA
  cv <- cross_validate(fastlogit(low ~ age, data = d, na.action = na.exclude), seed = 1)
  predictions <- attr(cv, "predictions")
  expect_identical(which(is.na(unname(predictions))), c(2L, 9L))
  expect_named(predictions, rownames(d))
})

test_that("what a training set lacks is counted as zero, as predict() does, with a warning", {
  set.seed(5)
  d <- data.frame(x = rnorm(90), g = factor(rep(c("rare", "a", "b"), c(4, 43, 43)), c("a", "b",
    "rare")))
  d$y <- c(0, 1, 0, 1, rbinom(86, 1, 0.5))
  fit <- fastlogit(y ~ x + g, data = d)
  fold <- rep(1:3, each = 30)
  expect_warning(cv <- cross_validate(fit, folds = fold), "Without fold 1 columns depend on others",
    class = "fastlogit_folds")
  of_rest <- glm(y ~ x + g, binomial, d, weights = as.numeric(fold != 1), control = exact)
  expect_identical(unname(is.na(coef(of_rest))), c(FALSE, FALSE, FALSE, TRUE))
  by_glm <- suppressWarnings(predict(of_rest, d[1:30, ], type = "response"))
  expect_equal(attr(cv, "predictions")[1:30], by_glm, tolerance = 1e-8)
  expect_identical(attr(cv, "folds")$aliased, c(1, 0, 0))
})

test_that("separated training sets are named", {
  set.seed(6)
  d <- data.frame(x = rnorm(60), z = rep(c(1, 0), c(10, 50)))
  d$y <- c(rep(1, 8), 0, 0, rbinom(50, 1, 0.5))
  fold <- rep(2:6, 12)
  fold[9:10] <- 4
  expect_warning(
    cv <- cross_validate(fastlogit(y ~ x + z, data = d), folds = fold),
    "Without fold 4 the rows are separated", class = "fastlogit_folds"
  )
  expect_identical(
    attr(cv, "folds")$status, ifelse(attr(cv, "folds")$fold == "4", "separated", "converged")
  )
  fit <- suppressWarnings(fastlogit(y ~ x, data = data.frame(x = 1:20, y = rep(0:1, each = 10))))
  all <- suppressWarnings(cross_validate(fit, folds = 5, seed = 1))
  expect_identical(attr(all, "folds")$status, rep("separated", 5))
})

test_that("measures that a fold does not have are NA, and the table says where", {
  fit <- fastlogit(low ~ age, data = births())
  cv <- cross_validate(fit, folds = 189)
  expect_identical(is.na(cv$estimate), cv$measure == "AUC")
  expect_match(attr(cv, "footer"), "AUC: not to be had in folds", all = FALSE)
  expect_refusals(alist(
    "unknown" = cross_validate(fit, metrics = c("auc", "accuracies")),
    "no words" = cross_validate(fit, metrics = 3),
    "of two classes" = cross_validate(fastmultinom(race ~ age, data = births()), metrics = "tjur"),
    "repeats" = cross_validate(fit, repeats = 0),
    "no training set" = cross_validate(
      fastlogit(smoke ~ age, data = births(), weights = as.numeric(seq_len(189) < 90)),
      folds = rep(1:2, c(100, 89))
    )
  ))
})

test_that("what is printed", {
  fit <- fastlogit(case ~ spontaneous + induced, data = infert)
  expect_snapshot(cross_validate(fit, by = ~stratum, seed = 1))
  cv <- cross_validate(fit, folds = 5, repeats = 2, seed = 1, metrics = "brier")
  expect_snapshot(cv)
  expect_s3_class(cv, c("cross_validation", "fastlogit_table", "data.frame"), exact = TRUE)
})

test_that("ordered classes: each fold is predicted by the fit of the others", {
  data <- ordered_data(120)
  fold <- rep(1:4, 30)
  fits <- list(
    fastordinal(y ~ x + u, data), fastordinal(y ~ x + u + offset(o), data, link = "cloglog"),
    fastordinal(y ~ x + u, data, weights = w, family = "continuation", parallel = ~ x)
  )
  for (fit in fits) {
    found <- attr(cross_validate(fit, folds = fold), "predictions")
    for (k in 1:4) {
      call <- fit$call
      call$data <- quote(data[fold != k, ])
      without <- eval(call)
      expected <- predict(without, data[fold == k, ], type = "probs")
      expect_equal(unname(found[fold == k, ]), unname(expected), tolerance = 1e-7)
    }
  }
})
