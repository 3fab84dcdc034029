# The rungs of the ladder. A workload has
#   title     for headings, with the axis of the plot in mind
#   takes     what a peer must be able to fit: "two classes", "classes" or "sparse"
#   simulate  makes the rows: a data frame whose response is y, or list(x = dgCMatrix, y)
#   calls     fits that are timed together, where one is too short for the clock
#   factors   whether predictors are factors
#   subsample whether a peer may take fewer rows, if all of them cost too much time or memory
# The seed is fixed, and no workload is separated.

workload <- function(title, simulate, takes = "two classes", calls = 1, factors = FALSE,
                     subsample = FALSE) {
  list(
    title = title, simulate = simulate, takes = takes, calls = calls, factors = factors,
    subsample = subsample
  )
}

# --- simulation ----------------------------------------------------------------------------------

# p counts the columns of the design, the intercept among them: so there are p - 1 predictors. Their
# coefficients are N(0, 1 / p), so that the linear predictor has a variance near 1 for any p.
simulate_normal <- function(n, p) {
  x <- matrix(rnorm(n * (p - 1)), n)
  eta <- -0.5 + drop(x %*% rnorm(p - 1, sd = 1 / sqrt(p)))
  data.frame(y = rbinom(n, 1, plogis(eta)), x)
}

# The levels of a factor are equally frequent and have N(0, 1/9) effects.
simulate_factors <- function(n, levels, normal = 0) {
  codes <- lapply(levels, sample.int, size = n, replace = TRUE)
  effects <- lapply(levels, rnorm, sd = 1 / 3)
  x <- matrix(rnorm(n * normal), n)
  eta <- -0.5 + drop(x %*% rnorm(normal, sd = 0.3)) + Reduce(`+`, Map(`[`, effects, codes))
  names(codes) <- paste0("f", levels, letters[seq_along(levels)])
  data <- data.frame(y = rbinom(n, 1, plogis(eta)), lapply(codes, factor))
  if (normal > 0) data.frame(data, x) else data
}

simulate_classes <- function(n, p, classes) {
  x <- matrix(rnorm(n * (p - 1)), n)
  beta <- matrix(rnorm(p * (classes - 1), sd = 1 / sqrt(p)), p)
  eta <- cbind(0, cbind(1, x) %*% beta)
  gumbel <- -log(-log(matrix(runif(n * classes), n)))
  data.frame(y = factor(max.col(eta + gumbel)), x)
}

# An intercept, and in each row `per_row` normal values in columns drawn at random.
simulate_sparse <- function(n, p, per_row) {
  column <- 1L + sample.int(p - 1L, n * per_row, replace = TRUE)
  x <- Matrix::sparseMatrix(
    i = c(seq_len(n), rep(seq_len(n), per_row)), j = c(rep(1L, n), column),
    x = c(rep(1, n), rnorm(n * per_row)), dims = c(n, p)
  )
  beta <- c(-0.5, rnorm(p - 1, sd = 1 / sqrt(per_row)))
  list(x = x, y = rbinom(n, 1, plogis(as.vector(x %*% beta))))
}

simulate <- function(workload, seed = 20240601) {
  set.seed(seed, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
  workload$simulate()
}

# --- the rungs -----------------------------------------------------------------------------------

workloads <- list(
  small = workload("n = 200, p = 4", function() simulate_normal(200, 4), calls = 100),
  rows = workload("n = 1,000,000, p = 20", function() simulate_normal(1e6, 20)),
  middle = workload("n = 100,000, p = 100", function() simulate_normal(1e5, 100)),
  columns = workload("n = 20,000, p = 500", function() simulate_normal(2e4, 500)),
  factors = workload(
    "n = 1,000,000: 5 numeric, factors of 100, 50 and 20 levels (p = 173)",
    function() simulate_factors(1e6, c(100, 50, 20), normal = 5),
    factors = TRUE, subsample = TRUE
  ),
  repeated = workload(
    "n = 1,000,000: factors of 4, 5, 6 and 4 levels, 480 distinct rows (p = 16)",
    function() simulate_factors(1e6, c(4, 5, 6, 4)),
    factors = TRUE
  ),
  sparse = workload(
    "n = 1,000,000, p = 5,000, sparse: 10 non-zeros a row and an intercept",
    function() simulate_sparse(1e6, 5000, 10),
    takes = "sparse"
  ),
  classes = workload(
    "n = 100,000, p = 20, five classes", function() simulate_classes(1e5, 20, 5),
    takes = "classes"
  )
)

# --- looking at the rows -------------------------------------------------------------------------

count_rows <- function(data) length(data$y)

first_rows <- function(data, n) {
  if (n >= count_rows(data)) {
    return(data)
  }
  if (is.data.frame(data)) {
    return(data[seq_len(n), , drop = FALSE])
  }
  list(x = data$x[seq_len(n), , drop = FALSE], y = data$y[seq_len(n)])
}

# The design matrix of some rows, dense unless they are sparse.
design_of <- function(data, rows = seq_len(count_rows(data))) {
  if (is.data.frame(data)) {
    return(stats::model.matrix(y ~ ., data[rows, , drop = FALSE]))
  }
  data$x[rows, , drop = FALSE]
}

# One column of zeros and ones for each class but the first.
indicators_of <- function(y) {
  if (!is.factor(y)) {
    return(matrix(as.numeric(y)))
  }
  outer(as.integer(y), seq_len(nlevels(y))[-1], "==") + 0
}
