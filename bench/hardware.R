# What the hardware would allow: the bytes and the operations of a fit's passes over the rows, and the
# time that they take at the speed at which this machine reads memory and its BLAS multiplies.
#
# A pass with the information multiplies X'WX, one with the score alone X'r; both read the design
# once. exp() and the R side are not counted, so that no fit can be as fast as this.

# Of the machine, with all cores: bytes a second of a matrix that is larger than the caches, and
# operations a second of dsyrk. Best of five.
measure_hardware <- function() {
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

# Of one row of the design: bytes read, and operations of X'WX and of the rest of a pass, by the kind
# of workload. Factors are read as codes of four bytes and added up by level.
cost_of_row <- function(data) {
  if (!is.data.frame(data)) {
    per_row <- length(data$x@x) / count_rows(data)
    return(list(bytes = 12 * per_row, information = per_row * (per_row + 1), rest = 4 * per_row))
  }
  factors <- vapply(data[names(data) != "y"], is.factor, NA)
  numbers <- sum(!factors) + 1
  q <- if (is.factor(data$y)) nlevels(data$y) - 1 else 1
  width <- numbers + sum(factors)
  list(
    bytes = 8 * numbers + 4 * sum(factors),
    information = q * (q + 1) / 2 * width * (width + 1),
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
    passes = paste(passes, collapse = " + "), gigabytes = sum(passes) * n * cost$bytes / 1e9,
    gigaflop = sum(passes * operations) / 1e9, bound = sum(passes * seconds), speed
  )
}

# How many passes over all rows a fit takes, with the information and with the score alone: the same
# fit again, from the default start, with somebody who counts. NULL for models whose passes are
# another matter.
passes_of <- function(fit, data) {
  if (!inherits(fit, c("fastlogit", "fastmultinom"))) return(NULL)
  internal <- asNamespace("fastlogit")
  problem <- internal$problem_of_fit(fit)
  share <- if (is.factor(data$y)) tabulate(data$y) else tabulate(data$y + 1)
  start <- rbind(
    log(share[-1] / share[1]), matrix(0, length(problem$design$names) - 1, length(share) - 1)
  )
  counted <- c(information = 0, score = 0)
  control <- internal$complete_control(list(), "newton")
  control$after_pass <- function(beta, loglik, informed) {
    counted[2 - informed] <<- counted[2 - informed] + 1
  }
  internal$solve_problem(problem, list(list(coefficients = as.vector(start))), control, "newton")
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
    "operations, whichever is longer; exp(), the sample that a fit starts from and R are not counted.", "",
    as_markdown(table), ""
  )
}
