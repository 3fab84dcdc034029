# Ordered classes: Brant's test of slopes that are the same at all cuts, by separate fits of these.

# For each set of terms degrees of freedom and statistic. The cuts' fits are of two classes each: of
# cumulative models those at or below the cut against those above it, whose estimates are
# correlated; of continuation ratios the cut's class against those above it, which are not.
brant_statistics <- function(object, sets) {
  check_can_be_split(object)
  rows <- rows_of(object, sparse = FALSE)
  x <- stats::model.matrix(object)
  at <- which(blueprint_of(object)$assign > 0)
  slopes <- at[!is.na(known_slopes(object))]
  term <- blueprint_of(object)$assign[slopes]
  x <- cbind(1, x[, slopes, drop = FALSE])
  cuts <- lapply(seq_along(object$zeta), fit_of_cut, object, rows, x)
  beta <- vapply(cuts, function(cut) cut$coefficients[-1L], numeric(length(slopes)))
  beta <- matrix(beta, length(slopes))
  covariance <- covariance_of_cuts(cuts, x, object$steps)
  # The first cut's slope less that of each other.
  vapply(sets, function(set) {
    of_set <- which(term %in% set)
    if (length(of_set) == 0L) return(c(0, NA))
    count <- ncol(beta)
    number <- function(column, cut) (cut - 1L) * nrow(beta) + column
    differences <- beta[of_set, rep.int(1L, count - 1L)] - beta[of_set, -1L]
    first <- number(rep(of_set, count - 1L), 1L)
    other <- number(rep(of_set, count - 1L), rep(seq.int(2L, count), each = length(of_set)))
    of_differences <- covariance[first, first] - covariance[first, other] -
      covariance[other, first] + covariance[other, other]
    differences <- as.vector(differences)
    c(length(differences), sum(differences * solve(of_differences, differences)))
  }, numeric(2L))
}

check_can_be_split <- function(object) {
  if (object$steps == "adjacent") {
    input_error(
      "Brant's test is for cumulative models and continuation ratios, whose cuts are models of ",
      "two classes: of adjacent classes use test = \"score\" or \"LRT\"."
    )
  }
  if (is_stored(object)) {
    input_error("Brant's test needs the rows in memory: use test = \"score\" or \"LRT\".")
  }
  if (is_separated(object)) refuse_wald(object, "Brant's test", "test = \"LRT\"")
}

# By column of the design but the intercept; of terms that vary those at the first cut.
known_slopes <- function(object) {
  cuts <- cuts_of_fit(object)
  at <- matrix(table_of_cuts(cuts)$at, cuts$columns)[, 1L]
  values <- replace(core_values(object), seq_along(object$zeta), 0)
  values[at][blueprint_of(object)$assign > 0]
}

# A list of coefficients, and by row the weight, the probability of success, and the derivative of
# that in the linear predictor.
fit_of_cut <- function(cut, object, rows, x) {
  response <- list(
    y = as.numeric(object$category <= cut),
    weights = object$weights * if (object$steps == "cumulative") 1 else object$category >= cut
  )
  control <- quietly(complete_control(list(), "newton"))
  offset <- if (!is.null(rows$offset)) -rows$offset
  problem <- plain_problem(
    as_design(x), response, offset, list(family = object$link, predictors = 1L), control$threads
  )
  start <- c(object$zeta[cut], numeric(ncol(x) - 1L))
  solved <- solve_problem(problem, list(list(coefficients = start)), control, "newton")
  if (solved$status != "converged" || any(solved$aliased) || looks_separated(solved, object$link)) {
    fit_error(
      "fastlogit_separation",
      "Brant's test takes a fit of its own at each cut, and that at `", names(object$zeta)[cut],
      "` has infinite estimates or none: use test = \"score\" or \"LRT\"."
    )
  }
  of <- distributions[[object$link]]
  eta <- solved$linear.predictors
  list(
    coefficients = solved$coefficients, weights = response$weights, below = exp(of$below(eta)),
    above = exp(of$above(eta)), density = exp(of$density(eta))
  )
}

# Of the slopes, cut by cut: the inverse informations on both sides of the products of two cuts'
# scores, of which the expectation takes P(y <= j, y <= k) = P(y <= j) for j < k.
covariance_of_cuts <- function(cuts, x, steps) {
  inverse <- lapply(cuts, function(cut) {
    solve(crossprod(x, x * (cut$weights * cut$density^2 / (cut$below * cut$above))))
  })
  pair <- function(j, k) {
    if (j == k) return(inverse[[j]])
    low <- cuts[[min(j, k)]]
    high <- cuts[[max(j, k)]]
    product <- low$weights * low$density * high$density / (low$above * high$below)
    inverse[[j]] %*% crossprod(x, x * product) %*% inverse[[k]]
  }
  count <- length(cuts)
  slopes <- ncol(x) - 1L
  out <- matrix(0, count * slopes, count * slopes)
  of_cut <- function(j) (j - 1L) * slopes + seq_len(slopes)
  for (j in seq_len(count)) {
    for (k in if (steps == "cumulative") seq_len(count) else j) {
      out[of_cut(j), of_cut(k)] <- pair(j, k)[-1L, -1L]
    }
  }
  out
}
