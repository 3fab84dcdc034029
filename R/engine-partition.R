# Partitions of the rows of a data frame. They are the data's, not the workers': so sums do not
# depend on who makes them.

# The first row of each partition, and one past the last: of so many rows that a question is worth
# its way, and so many partitions that the work of a lost worker can be shared out, but not so many
# that their sums (about coefficients^2 / 2 numbers each) swamp the one who adds them.
partition_starts <- function(rows, coefficients) {
  most <- max(24, min(rows / 1e6, 2.5e8 / coefficients^2))
  partitions <- max(1, min(rows %/% 1000, ceiling(most)))
  floor(seq(0, rows, length.out = partitions + 1)) + 1
}

# The same where no set is parted. set: numbers that never fall, or NULL.
between_sets <- function(starts, set) {
  if (is.null(set)) return(starts)
  inner <- starts[-c(1L, length(starts))]
  unique(c(1, findInterval(set[inner - 1], set) + 1, length(set) + 1))
}

# Bytes of rows that a worker is sent at a time: there are copies on the way.
largest_batch <- 1e8

# The rows from `first` to `last`, as the C++ core reads them.
slice_rows <- function(rows, first, last) {
  at <- seq(first, last)
  design <- rows$design[c("rows", "names", "variables", "largest", "terms", "sparse")]
  design <- design[!vapply(design, is.null, NA)]
  design$rows <- length(at)
  if (is.null(design$sparse)) {
    design$variables <- lapply(design$variables, slice, at)
  } else {
    design$sparse <- design$sparse[at, , drop = FALSE]
  }
  response <- lapply(rows$response, slice, at)
  response$single <- rows$response$single
  if (!is.null(response$weights)) response$heaviest <- max(rows$response$weights)
  list(design = design, response = response, model = rows$model, threads = rows$threads)
}

slice <- function(x, at) {
  if (is.null(x)) return(NULL)
  x <- unclass(x)
  if (is.matrix(x)) x[at, , drop = FALSE] else x[at]
}

# What answers for these rows in memory: a function of a request. Those that the workers have need
# not be placed again.
answerer <- function(engine, problem) {
  if (!identical(engine$rows, problem)) {
    coefficients <- coefficient_count(problem$model, length(problem$design$names))
    starts <- between_sets(
      partition_starts(problem$design$rows, coefficients), problem$response$set
    )
    size <- as.numeric(utils::object.size(slice_rows(problem, 1, starts[2L] - 1)))
    place_partitions(engine, length(starts) - 1L,
      function(i) slice_rows(problem, starts[i], starts[i + 1L] - 1),
      batch = max(1, floor(largest_batch / size))
    )
    engine$rows <- problem
  }
  function(request) ask(engine, request)
}

# From what the user gave as `workers`; NULL for none.
as_engine <- function(workers, checkpoint = NULL) {
  if (is.null(workers)) return(NULL)
  engine <- if (inherits(workers, "fastlogit_workers")) {
    mirai_engine(workers)
  } else if (inherits(workers, "cluster")) {
    cluster_engine(workers)
  } else if (is.character(workers) && length(workers) && !anyNA(workers)) {
    mirai_engine(workers_of_profiles(workers))
  } else if (is_number(workers) && workers >= 1) {
    local_engine(as.integer(workers))
  } else {
    input_error(
      "`workers` must be a number of local workers, what mirai_workers() returns, the names of ",
      "mirai's compute profiles, or a cluster of package parallel: found ", described(workers), "."
    )
  }
  engine$checkpoint <- checkpoint
  ready <- FALSE
  on.exit(if (!ready) close_engine(engine))
  check_workers(engine)
  ready <- TRUE
  engine
}

# --- clusters of package parallel -----------------------------------------------------------------

# An engine of a cluster of package parallel: PSOCK, MPI by way of snow, mirai::make_cluster(). Only
# parallel's own functions are used. They have no way to tell what became of a worker, so one that
# is lost ends the fit: its survivors would answer with what was asked before.

cluster_engine <- function(cluster) {
  unpinned <- inherits(cluster, "miraiCluster")
  if (unpinned) {
    fit_message("fastlogit_unpinned",
      "The nodes of mirai::make_cluster() take any work, so in the end each of them may hold all ",
      "the rows. mirai_workers() makes workers that keep their own."
    )
  }
  workers <- paste0("w", seq_along(cluster))
  new_engine("cluster_engine", workers, pinned = !unpinned, cluster = cluster)
}

#' @export
exchange.cluster_engine <- function(engine, orders, work) {
  replies <- vector("list", length(orders))
  busy <- which(!vapply(orders, is.null, NA))
  nodes <- if (engine$pinned) engine$cluster[busy] else engine$cluster
  replies[busy] <- tryCatch(
    parallel::clusterApply(nodes, orders[busy], work),
    error = function(e) report_cluster(engine, conditionMessage(e))
  )
  replies
}

# parallel collects all replies before it tells of an error that a worker has met.
report_cluster <- function(engine, text) {
  if (grepl("nodes? produced", text)) {
    engine$busy <- FALSE
    cluster_error(engine, "fastlogit_worker_error", "the cluster reports: ", text)
  }
  cluster_error(engine, "fastlogit_worker_lost",
    "a worker of the cluster was lost (", text, "). What the others answer from now on cannot be ",
    "told apart: stop the cluster and make a new one."
  )
}
