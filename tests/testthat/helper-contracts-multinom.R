# The family of many classes, with q predictors, by the rules of expect_link_contract().

expect_classes_contract <- function(q) {
  grid <- class_grid(q)
  expect_class_derivatives(grid)
  expect_class_values(grid)
  expect_class_rows_add(grid)
  expect_class_tails(q)
  if (q == 1L) expect_logit(grid)
}

# eta: n x q; y: n x K proportions, the baseline first: single classes in every second row, mixtures
# of all classes or of all but one in the others.
class_grid <- function(q, n = 60L) {
  with_seed(q, {
    eta <- matrix(stats::rnorm(n * q, sd = rep_len(c(0.3, 2, 6), n)), n)
    y <- matrix(stats::rexp(n * (q + 1L)), n)
  })
  rows <- seq_len(n)
  if (q > 1L) y[cbind(rows, rows %% (q + 1L) + 1L)] <- rep_len(c(1, 0, 0.5), n)
  y[rows %% 2L == 0L, ] <- diag(q + 1L)[rep_len(seq_len(q + 1L), n %/% 2L), ]
  list(eta = eta, y = y / rowSums(y), weight = rep_len(c(1, 0.25, 0.1), n))
}

evaluate_classes <- function(eta, y, weight = rep(1, nrow(eta)), curvature = "observed") {
  evaluate_family_impl("multinomial", eta, y, NULL, weight, curvature)
}

# Row by row: loglik, residual (n x q) and weight (n x pairs).
evaluate_class_rows <- function(grid, shift = 0, predictor = 1L, curvature = "observed") {
  grid$eta[, predictor] <- grid$eta[, predictor] + shift
  rows <- lapply(seq_len(nrow(grid$eta)), function(i) {
    evaluate_classes(
      grid$eta[i, , drop = FALSE], grid$y[i, , drop = FALSE], grid$weight[i], curvature
    )
  })
  list(
    loglik = vapply(rows, `[[`, 0, "loglik"),
    residual = do.call(rbind, lapply(rows, `[[`, "residual")),
    weight = do.call(rbind, lapply(rows, `[[`, "weight"))
  )
}

# The column of the weights that is the pair (j, k): the lower triangle row by row.
pair_column <- function(j, k) max(j, k) * (max(j, k) - 1L) / 2L + min(j, k)

# Fourth-order central differences in each predictor.
expect_class_derivatives <- function(grid, step = 1e-3) {
  q <- ncol(grid$eta)
  at <- evaluate_class_rows(grid)
  expect_identical(ncol(at$weight), as.integer(q * (q + 1) / 2))
  for (j in seq_len(q)) {
    moved <- lapply(c(-2, -1, 1, 2) * step, evaluate_class_rows, grid = grid, predictor = j)
    slope <- function(part) {
      value <- lapply(moved, part)
      (value[[1]] - 8 * value[[2]] + 8 * value[[3]] - value[[4]]) / (12 * step)
    }
    name <- sprintf("multinomial, predictor %d of %d", j, q)
    expect_close(
      at$residual[, j], slope(function(m) m$loglik), (abs(at$loglik) + grid$weight) / step, 1e-13,
      name, "residual"
    )
    for (k in seq_len(q)) {
      expect_close(
        at$weight[, pair_column(j, k)], -slope(function(m) m$residual[, k]), grid$weight / step,
        1e-13, name, paste("weight with predictor", k)
      )
    }
  }
}

# The formulas of Bishop (2006), and the log-likelihood relative to p = y.
expect_class_values <- function(grid, evaluate = evaluate_class_rows) {
  q <- ncol(grid$eta)
  eta <- cbind(0, grid$eta)
  most <- apply(eta, 1, max)
  log_p <- eta - most - log(rowSums(exp(eta - most)))
  p <- exp(log_p)
  loglik <- grid$weight * rowSums(ifelse(grid$y > 0, grid$y * (log_p - log(grid$y)), 0))
  for (curvature in c("observed", "expected")) {
    found <- evaluate(grid, curvature = curvature)
    close <- function(found, expected, what, scale = abs(expected)) {
      expect_close(found, expected, scale, 1e-12, paste("multinomial,", q), what)
    }
    close(found$loglik, loglik, "log-likelihood", grid$weight * 1e-2)
    for (j in seq_len(q)) {
      others <- rowSums(p[, -(j + 1L), drop = FALSE])
      residual <- ifelse(grid$y[, j + 1L] == 1, others, grid$y[, j + 1L] - p[, j + 1L])
      close(found$residual[, j], grid$weight * residual, "residual", grid$weight * p[, j + 1L])
      for (k in seq_len(j)) {
        factor <- if (j == k) others else -p[, k + 1L]
        close(found$weight[, pair_column(j, k)], grid$weight * p[, j + 1L] * factor, "weight")
      }
    }
  }
}

# A block is the sum of its rows, and a row of no weight is nothing at all, whatever is in it.
expect_class_rows_add <- function(grid) {
  rows <- evaluate_class_rows(grid)
  block <- evaluate_classes(grid$eta, grid$y, grid$weight)
  expect_equal(block$loglik, sum(rows$loglik), tolerance = 1e-14)
  expect_identical(block$residual, rows$residual)
  expect_identical(block$weight, rows$weight)
  q <- ncol(grid$eta)
  for (wild in c(1e300, -1e300, Inf, -Inf, NaN)) {
    nothing <- evaluate_classes(matrix(wild, 3, q), matrix(1 / (q + 1), 3, q + 1), numeric(3))
    expect_true(all(unlist(nothing) == 0), label = format(wild))
    joined <- evaluate_classes(
      rbind(wild, grid$eta), rbind(1 / (q + 1), grid$y), c(0, grid$weight)
    )
    expect_equal(joined$loglik, block$loglik, tolerance = 1e-14, label = format(wild))
    expect_identical(joined$weight[-1, , drop = FALSE], block$weight, label = format(wild))
  }
}

# Everything is finite, the log-likelihood is linear far from the response, and weights make a
# positive semi-definite matrix.
expect_class_tails <- function(q) {
  for (size in c(30, 700, 1000)) {
    for (class in seq_len(q + 1L)) {
      for (pattern in list(rep(1, q), rep(-1, q), (-1)^seq_len(q), diag(q)[q, ])) {
        eta <- matrix(size * pattern, 1)
        found <- evaluate_classes(eta, diag(q + 1L)[class, , drop = FALSE])
        label <- sprintf("q = %d, class %d at %s", q, class, toString(eta))
        expect_true(all(is.finite(unlist(found))), label = label)
        # Of classes that share the largest predictor each has the same probability.
        ties <- sum(c(0, eta) == max(0, eta))
        expect_equal(
          found$loglik, c(0, eta)[class] - max(0, eta) - log(ties),
          tolerance = 1e-10, label = label
        )
        own <- found$weight[vapply(seq_len(q), function(j) pair_column(j, j), 0)]
        expect_true(all(own >= 0 & own <= 0.25 + 1e-15), label = label)
      }
    }
  }
}

# Two classes are those of the logit link.
expect_logit <- function(grid) {
  found <- evaluate_class_rows(grid)
  binary <- data.frame(eta = drop(grid$eta), y = grid$y[, 2L], weight = grid$weight)
  logit <- evaluate_rows("logit", binary, complement = grid$y[, 1L])
  for (name in names(logit)) {
    expect_close(
      drop(found[[name]]), logit[[name]], grid$weight * 1e-3, 1e-13, "two classes", name
    )
  }
}
