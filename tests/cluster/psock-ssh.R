# A PSOCK cluster over ssh. It cannot go on without a node: errors, not wrong sums.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "checks.R"))
library(parallel)

start <- function() {
  makePSOCKcluster(addresses,
    master = "10.78.0.1", rshcmd = file.path(folder, "ssh"), timeout = 5, homogeneous = TRUE
  )
}
processes_of <- function(cluster) unlist(clusterCall(cluster, Sys.getpid))
end <- function(cluster) try(suppressWarnings(stopCluster(cluster)), silent = TRUE)

cluster <- start()
fit <- fit_with(cluster)
check_whole(fit)
processes <- processes_of(cluster)

at_question(4, function() kill_in_mid_pass(processes[1]))
check_error("killed in mid-pass", "fastlogit_worker_lost", observe(fit_with(cluster)))
nothing_happens()
check_error("its survivor", "fastlogit_out_of_step", observe(fit_with(cluster[2])))
end(cluster)

cluster <- start()
processes <- processes_of(cluster)
at_question(4, function() stop_in_mid_pass(processes[2]))
check_error("stopped", "fastlogit_worker_lost", observe(fit_with(cluster)))
nothing_happens()
tools::pskill(processes[2], tools::SIGKILL)
end(cluster)

cluster <- start()
at_question(4, function() cut_link(2))
check_error("cut from the network", "fastlogit_worker_lost", observe(fit_with(cluster)))
nothing_happens()
mend_link(2)
end(cluster)
finish()
