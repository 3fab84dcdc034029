# Measures of prediction and cross-validation of matched sets.

test_that("measures of prediction are those of the sets", {
  d <- with(random_matched_sets(80, 2, seed = 21), data.frame(y, set, x))
  d$w <- 1 + d$set %% 3
  d <- with_seed(1, d[sample(nrow(d)), ])
  fit <- fastclogit(y ~ X1 + X2 + strata(set), data = d, weights = w)
  found <- metrics(fit)
  expect_equal(rownames(found), c("brier", "log_loss", "concordance", "accuracy", "mcfadden"))
  varies <- ave(d$y, d$set) %% 1 > 0
  p <- fitted(fit)
  expect_equal(found["brier", "estimate"], weighted.mean((d$y - p)[varies]^2, d$w[varies]))
  sets <- split(d[varies, ], d$set[varies])
  total <- sum(vapply(sets, function(of) of$w[1], 0))
  expect_equal(found["log_loss", "estimate"], -fit$loglik[2] / total, tolerance = 1e-12)
  expect_equal(found["mcfadden", "estimate"], 1 - fit$loglik[2] / fit$loglik[1], tolerance = 1e-12)
  pairs <- vapply(sets, function(of) {
    eta <- as.matrix(of[c("X1", "X2")]) %*% coef(fit)
    ahead <- outer(eta[of$y == 1], eta[of$y == 0], "-")
    found <- mean(order(-eta)[seq_len(sum(of$y))] %in% which(of$y == 1)) * sum(of$y)
    of$w[1] * c(sum((ahead > 0) + (ahead == 0) / 2), length(ahead), found, sum(of$y))
  }, numeric(4))
  sums <- rowSums(pairs)
  expect_equal(found["concordance", "estimate"], sums[1] / sums[2], tolerance = 1e-12)
  expect_equal(found["accuracy", "estimate"], sums[3] / sums[4], tolerance = 1e-12)
  expect_equal(
    found["concordance", "std.error"],
    sqrt(sum((pairs[1, ] - sums[1] / sums[2] * pairs[2, ])^2)) / sums[2], tolerance = 1e-12
  )
  expect_equal(metrics(fit, d)$estimate, found$estimate, tolerance = 1e-12)
  lost <- transform(d, X1 = replace(X1, 3, NA))
  expect_equal(metrics(fit, lost)$estimate, metrics(fit, d[-3, ])$estimate)
  expect_output(print(metrics(fit, lost)), "1 row left out")
  expect_error(metrics(fit, d[-1]), "lacks the response", class = "fastlogit_input_error")
  # Of a tie each of the rows is as likely.
  same <- fastclogit(y ~ X1 + strata(set), data = transform(d, X1 = X1 * (set < 20)),
    weights = w)
  expect_equal(
    metrics(same, transform(d, X1 = 0))["accuracy", "estimate"],
    sum(vapply(sets, function(of) of$w[1] * sum(of$y) * mean(of$y), 0)) / sums[4]
  )
})

test_that("folds of whole sets are predicted by fits of the others", {
  formula <- case ~ spontaneous + induced + strata(stratum)
  d <- rbind(infert, transform(infert[1:3, ], stratum = 100:102))
  fit <- fastclogit(formula, data = d)
  cv <- cross_validate(fit, folds = 5, seed = 1)
  fold <- attr(cv, "fold")[, 1]
  expect_true(all(fold == fold[match(d$stratum, d$stratum)]))
  expect_lte(diff(range(table(fold[match(1:83, d$stratum)]))), 1)
  for (i in 1:5) {
    other <- fastclogit(formula, data = d[fold != i, ])
    expect_equal(
      unname(attr(cv, "predictions")[fold == i]),
      unname(predict(other, d[fold == i, ], type = "expected")), tolerance = 1e-9
    )
    measured <- metrics(other, d[fold == i, ])[rownames(cv), "estimate"]
    expect_equal(unlist(attr(cv, "folds")[i, rownames(cv)], use.names = FALSE), measured)
  }
  expect_equal(rownames(cv), c("log_loss", "brier", "concordance", "accuracy"))
  expect_output(print(cv), "in 5 folds, whole sets")
  given <- cross_validate(fit, folds = fold)
  expect_equal(given$estimate, cv$estimate)
  by <- cross_validate(fit, folds = 3, by = ~education, seed = 2)
  expect_equal(nrow(unique(data.frame(d$education, attr(by, "fold")))), 3)
  says <- function(expr, text) expect_error(expr, text, class = "fastlogit_input_error")
  says(cross_validate(fit, folds = d$case), "folds are of whole sets")
  says(cross_validate(fit, folds = 90), "from 2 to 83, the number of sets")
  says(cross_validate(fit, metrics = "auc"), "must name measures, \"brier\", \"log_loss\"")
})
