# snow's cluster over MPI, started by mpirun with RMPISNOW; FC_CASE says what happens to a worker.
file <- commandArgs()[match("-f", commandArgs()) + 1]
source(file.path(dirname(file), "checks.R"))

cluster <- snow::getMPIcluster()
stopifnot(length(cluster) == 2)
case <- Sys.getenv("FC_CASE")
fit <- fit_with(cluster)
check_whole(fit)
processes <- unlist(parallel::clusterCall(cluster, Sys.getpid))
if (case == "kill") at_question(4, function() kill_in_mid_pass(processes[2]))
if (case == "stop") at_question(4, function() stop_in_mid_pass(processes[2]))
if (case == "cut") at_question(4, function() cut_link(2))
if (case != "whole") {
  fit_with(cluster)
  check("a fit went on with a worker lost", FALSE)
}
snow::stopCluster(cluster)
Rmpi::mpi.quit()
