# How far from the maximum a peer has ended, by its coefficients: the largest standardised score,
# |U_j| / sqrt(I_jj): 0 but for rounding at the maximum of the likelihood, and 1 about a standard error
# away from it. It is computed alike for all, by nothing of the peers and nothing of ours.

largest_score <- function(score, information) max(abs(score) / sqrt(information))

# `coefficients`: p of them or p x (K - 1), or list(eta), n values.
standardised_score <- function(data, coefficients, n, block = 50000) {
  score <- information <- 0
  for (first in seq(1, n, by = block)) {
    rows <- first:min(first + block - 1, n)
    x <- design_of(data, rows)
    y <- indicators_of(data$y[rows])
    eta <- if (is.list(coefficients)) {
      coefficients$eta[rows]
    } else {
      coefficients[is.na(coefficients)] <- 0
      as.matrix(x %*% matrix(coefficients, ncol(x)))
    }
    odds <- exp(eta)
    mu <- odds / (1 + rowSums(as.matrix(odds)))
    score <- score + as.matrix(Matrix::crossprod(x, y - mu))
    information <- information + as.matrix(Matrix::crossprod(x^2, mu * (1 - mu)))
  }
  largest_score(score, information)
}

# The logit of P(y <= j) is cuts[j] - x'beta. coefficients: c(beta, cuts), beta without an intercept.
score_of_ordered <- function(data, coefficients, n) {
  x <- as.matrix(data[seq_len(n), names(data) != "y"])
  class <- as.integer(data$y[seq_len(n)])
  p <- ncol(x)
  cuts <- c(-Inf, coefficients[-seq_len(p)], Inf)
  eta <- drop(x %*% coefficients[seq_len(p)])
  upper <- cuts[class + 1] - eta
  lower <- cuts[class] - eta
  # The derivatives of log(F(upper) - F(lower)), where F(1 - F) is F's.
  probability <- plogis(upper) - plogis(lower)
  of_upper <- dlogis(upper) / probability
  of_lower <- dlogis(lower) / probability
  row_scores <- cbind(
    -x * (of_upper - of_lower),
    vapply(seq_len(length(cuts) - 2), function(j) {
      of_upper * (class == j) - of_lower * (class == j + 1)
    }, numeric(n))
  )
  largest_score(colSums(row_scores), colSums(row_scores^2))
}

# The rows of a set stand together. The expected value of x over which of a set's rows are its cases
# comes from elementary symmetric functions of exp(eta): that of a set, over those without a row.
score_of_sets <- function(data, coefficients, n) {
  x <- as.matrix(data[seq_len(n), !names(data) %in% c("y", "set")])
  size <- sum(data$set == data$set[1])
  cases <- sum(data$y[data$set == data$set[1]])
  weight <- matrix(exp(drop(x %*% coefficients)), size)
  symmetric <- function(rows, order) {
    if (order == 0) return(1)
    sums <- list(1)
    for (i in rows) {
      for (d in min(order, length(sums)):1) {
        sums[[d + 1]] <- (if (d < length(sums)) sums[[d + 1]] else 0) + weight[i, ] * sums[[d]]
      }
    }
    sums[[order + 1]]
  }
  all <- symmetric(seq_len(size), cases)
  mu <- t(vapply(seq_len(size), function(i) {
    weight[i, ] * symmetric(setdiff(seq_len(size), i), cases - 1) / all
  }, numeric(ncol(weight))))
  scores <- rowsum(x * (data$y[seq_len(n)] - as.vector(mu)), data$set[seq_len(n)], reorder = FALSE)
  largest_score(colSums(scores), colSums(scores^2))
}

# coefficients: list(eta), where rows that say nothing may be NA or infinite. The scores of the
# numbers, and of each individual whose response varies.
score_by_individual <- function(data, coefficients, n) {
  means <- stats::ave(data$y, data$id)
  varies <- means > 0 & means < 1
  x <- as.matrix(data[varies, !names(data) %in% c("y", "id")])
  mu <- plogis(coefficients$eta[varies])
  id <- as.integer(data$id)[varies]
  residual <- data$y[varies] - mu
  weight <- mu * (1 - mu)
  of_individuals <- rowsum(cbind(residual, weight), id)
  largest_score(
    c(colSums(x * residual), of_individuals[, 1]), c(colSums(x^2 * weight), of_individuals[, 2])
  )
}

# coefficients: list(beta) of one sample, and how many times it has each row.
score_of_sample <- function(data, coefficients, n) {
  x <- design_of(data)
  mu <- plogis(drop(x %*% coefficients$beta))
  times <- coefficients$times
  largest_score(
    colSums(x * times * (data$y - mu)), colSums(x^2 * times * mu * (1 - mu))
  )
}

# coefficients: an estimate for each candidate. In standard errors from that of `converged`, a function
# of a design and the response, for every sixtieth.
distance_to <- function(converged) {
  function(data, coefficients, n) {
    x <- stats::model.matrix(y ~ ., data$data)
    at <- seq(1, ncol(data$candidates), by = 60)
    max(vapply(at, function(j) {
      found <- converged(cbind(x, data$candidates[, j]), data$y)
      abs(coefficients[j] - found$estimate) / found$error
    }, 0))
  }
}

distance_of_candidates <- distance_to(function(x, y) {
  fit <- stats::glm.fit(x, y,
    family = stats::binomial(), control = list(epsilon = 1e-14, maxit = 50)
  )
  last <- ncol(x)
  list(estimate = fit$coefficients[[last]], error = sqrt(chol2inv(fit$qr$qr)[last, last]))
})

# Steps of Newton's by the information, on scores of y - mu + h (1/2 - mu), h being the leverages.
distance_by_firth <- distance_to(function(x, y) {
  beta <- numeric(ncol(x))
  for (iteration in 1:100) {
    mu <- plogis(drop(x %*% beta))
    weighted <- x * sqrt(mu * (1 - mu))
    variance <- chol2inv(chol(crossprod(weighted)))
    leverage <- rowSums((weighted %*% variance) * weighted)
    step <- drop(variance %*% crossprod(x, y - mu + leverage * (0.5 - mu)))
    beta <- beta + step
    if (max(abs(step)) < 1e-13) break
  }
  last <- ncol(x)
  list(estimate = beta[last], error = sqrt(variance[last, last]))
})
