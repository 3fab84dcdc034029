# The rungs of the ladder. A workload has
#   title     for headings, with the axis of the plot in mind
#   takes     what a peer must be able to fit: "two classes", "classes", "sparse", "ordered" classes,
#             matched "sets", "individuals" of whom each has an intercept, or many fits: "samples",
#             "candidates"
#   simulate  makes the rows: a data frame whose response is y, or list(x = dgCMatrix, y); of
#             candidates list(data, candidates)
#   calls     fits that are timed together, where one is too short for the clock
#   factors   whether predictors are factors
#   subsample whether a peer may take fewer rows, if all of them cost too much time or memory
#   distance  from the maximum: a function of data, coefficients and the number of rows, see
#             accuracy.R
# The seed is fixed, and no workload is separated.

workload <- function(title, simulate, takes = "two classes", calls = 1, factors = FALSE,
                     subsample = FALSE, distance = standardised_score) {
  list(
    title = title, simulate = simulate, takes = takes, calls = calls, factors = factors,
    subsample = subsample, distance = distance
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

# Equally frequent classes of a latent variable with a logistic error.
simulate_ordered <- function(n, p, classes) {
  x <- matrix(rnorm(n * p), n)
  latent <- drop(x %*% rnorm(p, sd = 1 / sqrt(p))) + rlogis(n)
  cuts <- stats::quantile(latent, seq_len(classes - 1) / classes)
  data.frame(y = ordered(findInterval(latent, cuts)), x)
}

# Pairs of a case and a control.
simulate_pairs <- function(n) {
  x <- matrix(rnorm(4 * n), 2 * n)
  eta <- matrix(drop(x %*% c(0.5, -0.3)), 2)
  first <- rbinom(n, 1, plogis(eta[1, ] - eta[2, ]))
  data.frame(y = as.vector(rbind(first, 1 - first)), x, set = rep(seq_len(n), each = 2))
}

# Sets of ten rows, a few of them cases.
simulate_sets <- function(n, cases, size = 10, p = 3) {
  x <- matrix(rnorm(n * size * p), n * size)
  gumbel <- -log(-log(runif(n * size)))
  set <- rep(seq_len(n), each = size)
  place <- stats::ave(-drop(x %*% rnorm(p, sd = 0.3)) - gumbel, set, FUN = rank)
  data.frame(y = as.numeric(place <= cases), x, set)
}

simulate_individuals <- function(individuals, times, p = 3) {
  n <- individuals * times
  id <- rep(seq_len(individuals), each = times)
  x <- matrix(rnorm(n * p), n)
  eta <- drop(x %*% rnorm(p, sd = 0.5)) + rnorm(individuals)[id]
  data.frame(y = rbinom(n, 1, plogis(eta)), x, id = factor(id))
}

# Genotypes, of which few have an effect: counts of 0, 1 and 2.
simulate_candidates <- function(n, p, candidates) {
  data <- simulate_normal(n, p)
  frequency <- runif(candidates, 0.05, 0.5)
  counts <- matrix(rbinom(n * candidates, 2, rep(frequency, each = n)), n)
  colnames(counts) <- paste0("g", seq_len(candidates))
  list(data = data, y = data$y, candidates = counts)
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
    "n = 1,000,000: factors of 4, 5, 6 and 4 levels, 480 distinct rows",
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
  ),
  fifty = workload(
    "n = 100,000, p = 20, fifty classes", function() simulate_classes(1e5, 20, 50),
    takes = "classes"
  ),
  ordered = workload(
    "n = 100,000, p = 10, five ordered classes", function() simulate_ordered(1e5, 10, 5),
    takes = "ordered", distance = score_of_ordered
  ),
  pairs = workload(
    "50,000 matched pairs, p = 2", function() simulate_pairs(5e4),
    takes = "sets", distance = score_of_sets
  ),
  sets = workload(
    "2,000 sets of ten rows with four cases, p = 3", function() simulate_sets(2000, 4),
    takes = "sets", distance = score_of_sets
  ),
  individuals = workload(
    "n = 1,000,000: 3 numeric and 100,000 individuals",
    function() simulate_individuals(1e5, 10), takes = "individuals", distance = score_by_individual
  ),
  samples = workload(
    "1000 bootstrap samples, n = 10,000, p = 10", function() simulate_normal(1e4, 10),
    takes = "samples", distance = score_of_sample
  ),
  candidates = workload(
    "3,000 candidates, n = 2,000, p = 7", function() simulate_candidates(2000, 7, 3000),
    takes = "candidates", distance = distance_of_candidates
  ),
  firth = workload(
    "3,000 candidates by Firth's method, n = 2,000, p = 7",
    function() simulate_candidates(2000, 7, 3000), takes = "firth", distance = distance_by_firth
  )
)

# --- looking at the rows -------------------------------------------------------------------------

count_rows <- function(data) length(data$y)

count_columns <- function(data) {
  if (!is.null(data$candidates)) return(ncol(data$data))
  if (!is.data.frame(data)) return(ncol(data$x))
  of_column <- function(column) if (is.factor(column)) nlevels(column) - 1 else 1
  1 + sum(vapply(data[setdiff(names(data), "y")], of_column, 0))
}

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
