# Projections on levels.

test_that("projections on one factor and on two are weighted least squares", {
  d <- short_panel(12L, 5L, 8L)[-(1:3), ]
  w <- runif(nrow(d), 0.1, 1)
  for (formula in list(x ~ id, x ~ id + t)) {
    codes <- lapply(d[all.vars(formula)[-1L]], function(f) dense_codes(as.integer(f)))
    ours <- projected(list(codes = unname(codes), w = w), as.matrix(d["x"]))
    d$w <- w
    expect_equal(drop(unname(ours)), unname(fitted(lm(formula, d, weights = w))), tolerance = 1e-10)
  }
})

test_that("derivatives of densities are those of differences", {
  eta <- seq(-3, 3, by = 0.5)
  for (link in c("logit", "probit", "cloglog", "loglog", "cauchit")) {
    curves <- curves_of(link)
    slope <- function(part) {
      (curves(eta + 1e-5)[[part]] - curves(eta - 1e-5)[[part]]) / 2e-5
    }
    expect_equal(curves(eta)$f1, slope("f"), tolerance = 1e-7)
    expect_equal(curves(eta)$f2, slope("f1"), tolerance = 1e-7)
  }
})
