# The derivatives of the log-likelihoods of ordered classes, against differences.

value_at <- function(name, eta, class, weight = NULL) {
  evaluate_family_impl(name, eta, class, NULL, weight, "observed")$loglik
}

predictors_of_rows <- function() {
  rbind(c(-1.2, 0.1, 1.4), c(-3, -2.9, 4), c(0.4, 0.5, 0.55), c(-2, -1, -0.5), c(1, 2.5, 2.6))
}

for (name in family_names_impl("ordered")) {
  test_that(paste("the derivatives of", name, "are right"), {
    eta <- predictors_of_rows()
    for (k in 0:3) {
      for (i in seq_len(nrow(eta))) {
        row <- eta[i, , drop = FALSE]
        at <- evaluate_family_impl(name, row, k, NULL, 2.5, "observed")
        h <- 1e-5
        moved <- function(j, step) replace(row, j, row[j] + step)
        for (j in 1:3) {
          rise <- value_at(name, moved(j, h), k, 2.5) - value_at(name, moved(j, -h), k, 2.5)
          expect_lt(abs(at$residual[j] - rise / (2 * h)), 1e-8 * (1 + max(abs(at$weight))))
          up <- evaluate_family_impl(name, moved(j, h), k, NULL, 2.5, "observed")$residual
          down <- evaluate_family_impl(name, moved(j, -h), k, NULL, 2.5, "observed")$residual
          change <- (up - down) / (2 * h)
          pairs <- vapply(1:3, function(l) max(j, l) * (max(j, l) - 1) / 2 + min(j, l), 0)
          expect_lt(max(abs(at$weight[pairs] + change)), 1e-8 * (1 + max(at$weight^2)))
        }
      }
    }
  })

  test_that(paste("the probabilities of", name, "add to one, and the expected weights are means"), {
    eta <- predictors_of_rows()
    n <- nrow(eta)
    of <- lapply(0:3, function(k) {
      lapply(seq_len(n), function(i) {
        evaluate_family_impl(name, eta[i, , drop = FALSE], k, NULL, NULL, "observed")
      })
    })
    p <- vapply(of, function(rows) exp(vapply(rows, `[[`, 0, "loglik")), numeric(n))
    expect_equal(rowSums(p), rep(1, n), tolerance = 1e-13)
    expected <- evaluate_family_impl(name, eta, rep(0, n), NULL, NULL, "expected")$weight
    for (i in seq_len(n)) {
      score <- vapply(of, function(rows) rows[[i]]$residual[1L, ], numeric(3))
      expect_equal(drop(score %*% p[i, ]), numeric(3), tolerance = 1e-12)
      outer_products <- score %*% (p[i, ] * t(score))
      expect_equal(expected[i, ], outer_products[upper.tri(diag(3), TRUE)], tolerance = 1e-11)
    }
  })
}

test_that("nothing cancels where cuts are close or far out", {
  close <- function(name, u, width) {
    evaluate_family_impl(name, cbind(u, u + width), 1, NULL, NULL, "observed")
  }
  # A narrow interval has the density times its width.
  densities <- list(
    logit = dlogis, probit = dnorm, cloglog = function(q) exp(q - exp(q)),
    loglog = function(q) exp(-q - exp(-q)), cauchit = dcauchy
  )
  for (link in names(densities)) {
    for (u in c(-4, -0.5, 0, 0.5, 2)) {
      at <- close(paste("cumulative", link), u, 2^-30)
      middle <- densities[[link]](u + 2^-31)
      expect_equal(at$loglik, log(middle) - 30 * log(2), tolerance = 1e-12, info = paste(link, u))
    }
  }
  # log(F(-700) - F(-701)) has no F of its own that is not zero beside 1.
  expect_equal(close("cumulative logit", 700, 1)$loglik, -700 + log1p(-exp(-1)), tolerance = 1e-14)
  far <- pnorm(-30, log.p = TRUE)
  expect_equal(close("cumulative probit", 30, 1)$loglik, far, tolerance = 1e-12)
  expect_identical(close("cumulative logit", 1, -1)$loglik, -Inf)
})

test_that("a row without weight contributes nothing, wherever it is", {
  for (name in family_names_impl("ordered")) {
    at <- evaluate_family_impl(name, rbind(c(2, 1), c(0, 1)), c(1, 1), NULL, c(0, 1), "observed")
    expect_equal(at$residual[1L, ], c(0, 0))
    expect_equal(at$weight[1L, ], c(0, 0, 0))
    expect_true(is.finite(at$loglik))
  }
})
