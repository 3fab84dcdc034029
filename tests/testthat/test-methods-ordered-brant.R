test_that("Brant's test has published values", {
  # Long's `brant` of Stata on UCLA's data
  fit <- fastordinal(apply ~ pared + public + gpa, ologit_data())
  table <- parallel_test(fit, "Brant")
  expect_identical(rownames(table), c("pared", "public", "gpa", "all terms"))
  expect_equal(round(table$Brant, 2), c(0.13, 3.44, 0.18, 4.34))
  expect_equal(round(table[["Pr(>Chi)"]], 3), c(0.716, 0.064, 0.672, 0.227))
  expect_identical(table$Df, c(1, 1, 1, 3))
})

test_that("Brant's test is car's where that is defined", {
  skip_if_not_installed("car")
  data <- ordered_data(400)
  fit <- fastordinal(y ~ x + g + u, data)
  car <- car::poTest(MASS::polr(y ~ x + g + u, data))
  table <- parallel_test(fit, "Brant")
  expect_equal(table[c("x", "u"), "Brant"], car$chisq.p[c(1, 4)], tolerance = 1e-6)
  expect_equal(car::poTest(fit)$chisq.p, car$chisq.p)
  weighted <- fastordinal(y ~ x, data, weights = w)
  expect_error(car::poTest(weighted), "weights", class = "fastlogit_input_error")
})

test_that("Brant's test of several columns takes the cuts' covariances as they are", {
  data <- ordered_data(400)
  x <- cbind(1, data$x, data$u)
  cuts <- lapply(1:3, function(j) {
    glm((as.integer(y) <= j) ~ x + u, binomial(), data, control = list(epsilon = 1e-14))
  })
  p <- vapply(cuts, fitted, numeric(400L))
  influence <- lapply(1:3, function(j) solve(crossprod(x, x * p[, j] * (1 - p[, j])))[-1L, ])
  covariance <- function(j, k) {
    both <- p[, min(j, k)] * (1 - p[, max(j, k)])
    influence[[j]] %*% crossprod(x, x * both) %*% t(influence[[k]])
  }
  rows <- lapply(1:3, function(j) do.call(cbind, lapply(1:3, covariance, j = j)))
  contrasts <- cbind(rbind(diag(2), diag(2)), -diag(4))
  difference <- contrasts %*% unlist(lapply(cuts, function(cut) coef(cut)[-1L]))
  variance <- contrasts %*% do.call(rbind, rows) %*% t(contrasts)
  table <- parallel_test(fastordinal(y ~ x + u, data), "Brant")
  statistic <- drop(crossprod(difference, solve(variance, difference)))
  expect_equal(table["all terms", "Brant"], statistic, tolerance = 1e-8)
})

test_that("of weights, offsets and links Brant's test is that of the rows they stand for", {
  data <- ordered_data(300)
  counted <- fastordinal(y ~ x + u, data, weights = w, link = "cloglog")
  each <- data[rep(seq_len(nrow(data)), data$w), ]
  repeated <- fastordinal(y ~ x + u, each, link = "cloglog")
  expect_equal(parallel_test(counted, "Brant"), parallel_test(repeated, "Brant"))
  # A slope that is known beforehand changes all cuts' slopes alike.
  plain <- fastordinal(y ~ x + u, data)
  moved <- fastordinal(y ~ x + u + offset(2 * x), data)
  expect_equal(
    parallel_test(moved, "Brant")$Brant, parallel_test(plain, "Brant")$Brant, tolerance = 1e-7
  )
})

test_that("of continuation ratios Brant's is Wald's test of the fit whose slopes vary", {
  data <- ordered_data(300)
  fit <- fastordinal(y ~ x + u, data, family = "continuation")
  varying <- update(fit, parallel = FALSE)
  theta <- all_estimates(varying)
  wald <- function(name) {
    contrasts <- matrix(0, 2L, length(theta), dimnames = list(NULL, names(theta)))
    at <- grep(paste0(":", name, "$"), names(theta))
    contrasts[, at] <- cbind(1, -diag(2))
    difference <- contrasts %*% theta
    drop(crossprod(difference, solve(contrasts %*% vcov(varying) %*% t(contrasts), difference)))
  }
  table <- parallel_test(fit, "Brant")
  expect_equal(table[c("x", "u"), "Brant"], c(wald("x"), wald("u")), tolerance = 1e-7)
  partial <- update(fit, parallel = ~ x)
  expect_equal(parallel_test(partial, "Brant")["x", "Brant"], wald("x"), tolerance = 1e-7)
})

test_that("Brant's test says where it is not to be had", {
  data <- ordered_data(100)
  adjacent <- fastordinal(y ~ x, data, family = "adjacent")
  expect_error(parallel_test(adjacent, "Brant"), "adjacent", class = "fastlogit_input_error")
  wine <- wine_counts()
  fit <- fastordinal(rating ~ temp + contact, wine, weights = count)
  expect_error(parallel_test(fit, "Brant"), "`1\\|2`", class = "fastlogit_separation")
  singular <- fastordinal(y ~ x + I(2 * x) + u, data)
  expect_identical(parallel_test(singular, "Brant")["I(2 * x)", "Df"], 0)
})
