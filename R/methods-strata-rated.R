# Matched sets: rows with what came of them and what is predicted, and measures of prediction.

# As all_rated_rows() has them, with `y` and `set`, set by set. Those of sets that do not vary have
# the weight zero.
rated_set_rows <- function(fit, newdata = NULL) {
  rows <- if (is.null(newdata)) own_rated_sets(fit) else new_rated_sets(fit, newdata)
  found <- find_sets(list(rows$set), list(y = rows$y, weights = rows$weights))
  used <- found$at %||% seq_along(rows$y)
  rows$weights <- replace(numeric(length(rows$y)), used, rows$weights[used])
  rows$outcomes <- c("others", "cases")
  rows$observed <- cbind(1 - rows$y, rows$y, deparse.level = 0L)
  with_chances(rows)
}

own_rated_sets <- function(fit) {
  fit <- in_memory(fit)
  y <- case_of_rows(fit)
  list(
    y = y, set = fit$set, eta = matrix(unname(fit$linear.predictors)),
    weights = fit$weights %||% rep.int(1, length(y)), omitted = 0
  )
}

# The sets are those of the rows that have no missing values.
new_rated_sets <- function(fit, newdata) {
  if (!is.list(newdata)) {
    input_error("`newdata` must be a data frame: found ", described(newdata), ".")
  }
  y <- response_of_newdata(fit, newdata)
  weights <- weights_of_newdata(fit, newdata)
  rows <- new_set_rows(fit, newdata, stats::na.pass, TRUE, FALSE)
  beta <- ifelse(is.na(fit$coefficients), 0, fit$coefficients)
  eta <- drop(rows$x %*% beta) + rows$offset
  complete <- stats::complete.cases(eta, y, weights, rows$set)
  check_some_rows(sum(complete))
  list(
    y = as_cases(y[complete], paste(response_name(fit$terms), "of `newdata`")),
    set = rows$set[complete], eta = matrix(eta[complete]), weights = weights[complete],
    omitted = sum(!complete)
  )
}

# With the probability of each row, given how many cases its set has.
with_chances <- function(rows) {
  in_order <- order(rows$set, method = "radix")
  residual <- numeric(length(rows$y))
  residual[in_order] <- residuals_within_sets(
    rows$eta[in_order], rows$y[in_order], rows$set[in_order]
  )
  case <- rows$y - residual
  rows$probability <- cbind(1 - case, case, deparse.level = 0L)
  rows
}

# Of rows of sets that vary.
measures_of_sets <- function(rows) {
  in_order <- order(rows$set, method = "radix")
  y <- rows$y[in_order]
  eta <- rows$eta[in_order]
  set <- match(rows$set[in_order], unique(rows$set[in_order]))
  weights <- rows$weights[in_order]
  likely <- loglik_within_sets(eta, y, set, weights)
  by_chance <- loglik_within_sets(numeric(length(eta)), y, set, weights)
  concordance <- concordance_within(eta, y, set, weights)
  estimate <- c(
    brier = sum(rows$weights * (rows$y - rows$probability[, 2L])^2) / sum(rows$weights),
    log_loss = -likely / sum(weights[!duplicated(set)]), concordance = concordance[[1L]],
    accuracy = cases_found(eta, y, set, weights), mcfadden = 1 - likely / by_chance
  )
  std.error <- replace(estimate, TRUE, NA)
  std.error["concordance"] <- concordance[[2L]]
  list(estimate = estimate, std.error = std.error)
}

# The share of the cases that are among as many rows of their sets as there are cases, those of the
# largest predictors; of ties at the end the share that a draw would have.
cases_found <- function(eta, y, set, weights) {
  in_order <- order(set, -eta, method = "radix")
  size <- tabulate(set)
  cases <- tabulate(set[y == 1], length(size))
  last <- eta[in_order][cumsum(c(0, size))[seq_along(size)] + cases]  # of each set
  beyond <- eta > last[set]
  at_end <- eta == last[set]
  left <- cases - tabulate(set[beyond], length(size))
  share <- beyond + at_end * (left / tabulate(set[at_end], length(size)))[set]
  sum((weights * share)[y == 1]) / sum(weights[y == 1])
}

# --- folds ----------------------------------------------------------------------------------------

# Whole sets, those that vary in equal numbers. A fold for each row.
folds_of_sets <- function(rows, folds) {
  sets <- unique(rows$set)
  set <- match(rows$set, sets)
  varies <- tabulate(set[rows$weights > 0], length(sets)) > 0
  stratified_folds(varies, folds)[set]
}

count_used_sets <- function(rows) length(unique(rows$set[rows$weights > 0]))

# As the fits without them predict them. coefficients: by fold.
predict_set_folds <- function(nest, rows, coefficients, fold) {
  x <- design_matrix(nest$rows$design)
  rows$eta <- matrix(rowSums(x * t(coefficients)[fold, , drop = FALSE]))
  if (!is.null(nest$rows$offset)) rows$eta <- rows$eta + nest$rows$offset
  with_chances(rows)
}
