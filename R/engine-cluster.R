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
