# What the hardware would allow: the bytes and the operations of a fit's passes over the rows, and the
# time that they take at the speed at which this machine reads memory and its BLAS multiplies.
#
# A pass with the information multiplies X'WX, one with the score alone X'r; both read the design
# once. exp() and the R side are not counted, so that no fit can be as fast as this.

# Of the machine, with all cores: bytes a second of a matrix that is larger than the caches, and
# operations a second of dsyrk. Best of five.
measure_hardware <- function() {
  # Without a pass of R's own that looks for NaN.
  before <- options(matprod = "blas")
  on.exit(options(before))
  best <- function(expr) min(vapply(1:5, function(i) system.time(expr())[["elapsed"]], 0))
  long <- matrix(0.5, 5e6, 20)
  v <- rep(0.5, nrow(long))
  # Each process reads all of it.
  reading <- best(function() {
    parallel::mclapply(seq_len(cores()), function(i) crossprod(v, long), mc.cores = cores())
  })
  square <- matrix(0.5, 4000, 1500)
  multiplying <- best(function() crossprod(square))
  list(
    bandwidth = cores() * 8 * length(long) / reading,
    rate = nrow(square) * ncol(square) * (ncol(square) + 1) / multiplying
  )
}

# Of one row of the design: bytes read, and operations of X'WX and of the rest of a pass. Factors are
# read as codes of four bytes and added up by level. sums: of how many weighted outer products of a row
# the information is made: of q predictors q (q + 1) / 2; of a set of m rows with d cases, d (m - d) a set.
cost_of_row <- function(data) {
  if (!is.null(data$candidates)) return(cost_of_row(cbind(data$data, candidate = 0)))
  if (!is.data.frame(data)) {
    per_row <- length(data$x@x) / count_rows(data)
    return(list(bytes = 12 * per_row, information = per_row * (per_row + 1), rest = 4 * per_row))
  }
  columns <- data[!names(data) %in% c("y", "set")]
  factors <- vapply(columns, is.factor, NA)
  numbers <- sum(!factors) + is.null(data$set)
  width <- numbers + sum(factors)
  q <- if (is.factor(data$y) && !is.ordered(data$y)) nlevels(data$y) - 1 else 1
  sums <- q * (q + 1) / 2
  if (!is.null(data$set)) {
    first <- data$y[data$set == data$set[1]]
    sums <- sum(first) * sum(1 - first) / length(first)
  }
  list(
    bytes = 8 * numbers + 4 * sum(factors), information = sums * width * (width + 1),
    rest = 4 * q * width
  )
}

# passes: how many with the information and with the score alone; NULL if nobody knows.
bound_of <- function(data, passes, hardware) {
  speed <- data.frame(bandwidth = hardware$bandwidth, rate = hardware$rate)
  if (is.null(passes)) {
    return(data.frame(passes = NA, gigabytes = NA, gigaflop = NA, bound = NA, speed))
  }
  n <- count_rows(data)
  cost <- cost_of_row(data)
  operations <- n * (cost$rest + c(information = cost$information, score = 0))
  seconds <- pmax(n * cost$bytes / hardware$bandwidth, operations / hardware$rate)
  data.frame(
    passes = paste(short(passes), collapse = " + "), gigabytes = sum(passes) * n * cost$bytes / 1e9,
    gigaflop = sum(passes * operations) / 1e9, bound = sum(passes * seconds), speed
  )
}

# --- passes -----------------------------------------------------------------------------------------

# How many passes over all rows a call takes, with the information and with the score alone: the same
# fit again, from its own start, with somebody who counts.
passes_of <- function(found, data) UseMethod("passes_of")

# Methods of inner generics are found from inside the package only.
inside <- function(f) {
  environment(f) <- asNamespace("fastlogit")
  f
}

# NULL of what fastlogit_fit() returns, a list without rows.
passes_of.default <- function(found, data) {
  if (!is.object(found)) return(NULL)
  starts <- inside(function(fit, null) starts_of(model_of(fit), rows_of(fit, NULL), null, list()))
  null <- if (!is.null(found$family)) list(start = found$family$linkfun(mean(data$y)))
  count_passes(problem_of_it(found), starts(found, null))
}

problem_of_it <- function(fit) inside(function(fit) problem_of_fit(fit))(fit)

# Of many fits of one design: those of ten of them, times their number.
passes_of.fastlogit_bootstrap <- function(found, data) {
  begin <- stats::coef(found$fit)
  set.seed(1)
  over_many(found$R, function(i) {
    sample <- data[sample.int(nrow(data), nrow(data), TRUE), ]
    passes_from(fastlogit::fastlogit(y ~ ., data = sample), begin)
  })
}

passes_of.fastlogit_screen <- function(found, data) {
  begin <- c(stats::coef(fastlogit::fastlogit(y ~ ., data = data$data)), 0)
  over_many(ncol(data$candidates), function(i) {
    extended <- cbind(data$data, candidate = data$candidates[, i])
    fit <- fastlogit::fastlogit(y ~ ., data = extended, penalty = found$penalty[1])
    passes_from(fit, begin)
  })
}

over_many <- function(count, passes) rowMeans(vapply(1:10, passes, numeric(2))) * count

passes_from <- function(fit, coefficients) {
  count_passes(problem_of_it(fit), list(list(coefficients = as.vector(coefficients))))
}

count_passes <- function(problem, starts) {
  internal <- asNamespace("fastlogit")
  counted <- c(information = 0, score = 0)
  control <- internal$complete_control(list(), "newton")
  control$after_pass <- function(beta, loglik, informed) {
    counted[2 - informed] <<- counted[2 - informed] + 1
  }
  internal$solve_problem(problem, starts, control, "newton")
  counted
}

describe_hardware <- function(results) {
  bounds <- results[!is.na(results$bound), ]
  if (!nrow(bounds)) return(NULL)
  table <- data.frame(
    workload = bounds$workload, passes = bounds$passes, GB = short(bounds$gigabytes),
    GFlop = short(bounds$gigaflop), "at that speed, s" = short(bounds$bound),
    "fastlogit, s" = short(bounds$seconds), ratio = short(bounds$seconds / bounds$bound),
    check.names = FALSE
  )
  c(
    "## Against the hardware", "",
    sprintf(
      "The machine read %.1f GB/s, and multiplied (dsyrk of %s) at %.1f GFlop/s. Passes: with the",
      bounds$bandwidth[1] / 1e9, bounds$blas[1], bounds$rate[1] / 1e9
    ),
    "information + with the score alone. A pass takes at least the time of its bytes or of its",
    "operations, whichever is longer; exp(), the sample that a fit starts from and R are not counted. Those",
    "of many fits are ten of their fits', each alone, times their number.", "",
    as_markdown(table), ""
  )
}
