# Profiles by brute force: the likelihood's least upper bound with coefficients held, from linear
# programs (helper-separation.R) and damped Newton steps in R. Nothing is shared with the package.

# Log-probability of a success, and its first two derivatives in eta.
success_terms <- list(
  logit = function(eta) {
    list(plogis(eta, log.p = TRUE), plogis(-eta), -plogis(eta) * plogis(-eta))
  },
  probit = function(eta) {
    slope <- exp(dnorm(eta, log = TRUE) - pnorm(eta, log.p = TRUE))
    list(pnorm(eta, log.p = TRUE), slope, -slope * (eta + slope))
  },
  cauchit = function(eta) {
    slope <- exp(dcauchy(eta, log = TRUE) - pcauchy(eta, log.p = TRUE))
    list(pcauchy(eta, log.p = TRUE), slope, -slope * (2 * eta / (1 + eta^2) + slope))
  },
  cloglog = function(eta) {
    u <- exp(pmin(eta, 700))
    slope <- ifelse(u < 1e-10, 1 - u / 2, u * exp(-u) / -expm1(-u))
    list(
      ifelse(u < 1e-10, eta - u / 2, log(-expm1(-u))), slope,
      slope * (1 - ifelse(u < 1e-10, 1 + u / 2, u / -expm1(-u)))
    )
  }
)

failure_terms <- function(link, eta) {
  if (link == "cloglog") return(rep(list(-exp(pmin(eta, 700))), 3L))
  terms <- success_terms[[link]](-eta)
  list(terms[[1]], -terms[[2]], terms[[3]])
}

damped_step <- function(information, score, damping) {
  damped <- information + diag(damping * pmax(diag(information), 1e-300), nrow(information))
  tryCatch(drop(solve(damped, score, tol = 0)), error = function(e) NaN * drop(score))
}

# The maximum of the log-likelihood of 0/1 responses, in which it is concave or nearly so.
damped_newton <- function(x, y, weights, offset, link, beta) {
  terms_at <- function(beta) {
    eta <- offset + drop(x %*% beta)
    success <- success_terms[[link]](eta)
    failure <- failure_terms(link, eta)
    lapply(1:3, function(k) weights * ifelse(y == 1, success[[k]], failure[[k]]))
  }
  damping <- 1e-10
  at <- terms_at(beta)
  for (iteration in 1:300) {
    score <- crossprod(x, at[[2]])
    information <- -crossprod(x, at[[3]] * x)
    repeat {
      step <- damped_step(information, score, damping)
      after <- terms_at(beta + step)
      risen <- isTRUE(sum(after[[1]]) >= sum(at[[1]]) - 1e-14)
      if (risen || damping > 1e12) break
      damping <- 10 * damping
    }
    if (!risen) break
    beta <- beta + step
    at <- after
    if (sum(score * step) < 1e-13 * (1 + abs(sum(at[[1]]))) && damping < 1e-6) break
    damping <- max(damping / 100, 1e-13)
  }
  sum(at[[1]])
}

# The deviance's greatest lower bound with coefficient j at a value; j = NULL: with none held.
bound_by_brute_force <- function(x, y, weights, offset, link, j = NULL, value = 0) {
  if (!is.null(j)) {
    offset <- offset + x[, j] * value
    x <- x[, -j, drop = FALSE]
  }
  kept <- which(weights > 0)
  if (ncol(x) > 0) kept <- setdiff(kept, brute_force(x, y, weights, link)$rows)
  if (length(kept) == 0) return(0)
  x <- x[kept, , drop = FALSE]
  decomposed <- qr(x, tol = 1e-9)
  x <- x[, decomposed$pivot[seq_len(decomposed$rank)], drop = FALSE]
  near <- qr.coef(qr(x), 2 * y[kept] - 1 - offset[kept])
  starts <- c(list(near, numeric(ncol(x))), if (link == "cauchit") lapply(1:8, function(k) {
    near + rnorm(ncol(x), sd = 2^(k / 2 - 2))
  }))
  -2 * max(vapply(starts, function(start) {
    damped_newton(x, y[kept], weights[kept], offset[kept], link, start)
  }, 0))
}

# Of the log link with an offset, an intercept and one slope: nested searches, the intercept's below
# the edge of the domain.
least_log_deviance <- function(d, offset, x) {
  of_slope <- function(slope) {
    eta <- offset + slope * x
    highest <- -max(eta)
    stats::optimize(function(below) {
      eta <- eta + highest - exp(below)
      -2 * sum(ifelse(d$y == 1, eta, log(-expm1(pmin(eta, -1e-300)))))
    }, c(-40, 5), tol = 1e-10)$objective
  }
  centre <- stats::optimize(of_slope, c(-20, 20), tol = 1e-10)
  centre$objective
}

# --- many classes: y codes 1, 2, ...; coefficients class by class -------------------------------

# A row of the stacked design for each class that a row was not observed in.
class_pairs <- function(x, y, classes) {
  pairs <- expand.grid(class = seq_len(classes), row = seq_along(y))
  pairs <- pairs[pairs$class != y[pairs$row], ]
  ahead <- outer(y[pairs$row], seq_len(classes)[-1], "==") -
    outer(pairs$class, seq_len(classes)[-1], "==")
  stacked <- t(vapply(seq_len(nrow(pairs)), function(i) {
    kronecker(ahead[i, ], x[pairs$row[i], ])
  }, numeric(ncol(x) * (classes - 1))))
  list(stacked = stacked, row = pairs$row, class = pairs$class)
}

# The pairs that some direction of recession tells apart, with a coefficient held.
strict_pairs <- function(stacked, held) {
  if (length(held)) stacked <- stacked[, -held, drop = FALSE]
  stacked <- stacked / pmax(sqrt(rowSums(stacked^2)), 1e-300)
  p <- ncol(stacked)
  strict <- logical(nrow(stacked))
  repeat {
    left <- colSums(stacked[!strict, , drop = FALSE])
    solved <- lpSolve::lp(
      "max", c(left, -left), rbind(cbind(stacked, -stacked), diag(2 * p)),
      rep(c(">=", "<="), c(nrow(stacked), 2 * p)), rep(0:1, c(nrow(stacked), 2 * p))
    )
    gained <- drop(stacked %*% (solved$solution[1:p] - solved$solution[p + 1:p])) > 1e-7
    if (!any(gained & !strict)) return(strict)
    strict <- strict | gained
  }
}

# The greatest lower bound of the deviance.
class_bound_by_brute_force <- function(x, y, classes, held = integer(), value = 0) {
  pairs <- class_pairs(x, y, classes)
  strict <- strict_pairs(pairs$stacked, held)
  if (all(strict)) return(0)
  left_out <- matrix(FALSE, length(y), classes)
  left_out[cbind(pairs$row, pairs$class)[strict, , drop = FALSE]] <- TRUE
  beta <- replace(numeric(ncol(pairs$stacked)), held, value)
  free <- setdiff(seq_along(beta), held)
  decomposed <- qr(pairs$stacked[!strict, free, drop = FALSE], tol = 1e-9)
  free <- free[decomposed$pivot[seq_len(decomposed$rank)]]
  log_probabilities <- function(beta) {
    eta <- cbind(0, x %*% matrix(beta, ncol(x)))
    eta[left_out] <- -Inf
    eta <- eta - apply(eta, 1, max)
    eta - log(rowSums(exp(eta)))
  }
  height <- function(free_part) {
    sum(log_probabilities(replace(beta, free, free_part))[cbind(seq_along(y), y)])
  }
  slope <- function(free_part) {
    residual <- -exp(log_probabilities(replace(beta, free, free_part)))
    residual[cbind(seq_along(y), y)] <- residual[cbind(seq_along(y), y)] + 1
    as.vector(crossprod(x, residual[, -1]))[free]
  }
  best <- stats::nlminb(
    beta[free], function(b) -height(b), function(b) -slope(b),
    control = list(rel.tol = 1e-14, x.tol = 1e-12, iter.max = 2000, eval.max = 4000)
  )
  2 * best$objective
}
