# Of workers made by start(), by whatever launcher, on the two hosts.
check_mirai <- function(start) {
  processes_of <- function(workers) {
    vapply(workers$profiles, function(p) mirai::mirai(Sys.getpid(), .compute = p)[], 0L)
  }
  # Which host a worker is on, as its address tells.
  host_of <- function(process) {
    here <- sprintf("/proc/%d/ns/net", process)
    match(
      system(paste("stat -L -c %i", here), intern = TRUE),
      system("stat -L -c %i /run/netns/fchost1 /run/netns/fchost2", intern = TRUE)
    )
  }
  workers <- start()
  hosts <- vapply(processes_of(workers), host_of, 0L)
  check("a worker on each host", setequal(hosts, 1:2))
  fit <- fit_with(workers)
  check_whole(fit)

  process <- processes_of(workers)[2]
  at_question(4, function() kill_in_mid_pass(process))
  check_recovery("killed in mid-pass", fit, observe(fit_with(workers)))
  nothing_happens()
  close(workers)

  workers <- start()
  process <- processes_of(workers)[2]
  at_question(4, function() stop_in_mid_pass(process))
  check_recovery("stopped", fit, observe(fit_with(workers)))
  nothing_happens()
  tools::pskill(process, tools::SIGKILL)
  close(workers)

  workers <- start()
  host <- host_of(processes_of(workers)[1])
  at_question(4, function() cut_link(host))
  check_recovery("cut from the network", fit, observe(fit_with(workers)))
  nothing_happens()
  mend_link(host)
  close(workers)

  workers <- start()
  at_question(4, function() for (i in 1:2) cut_link(i))
  check_error("all cut from the network", "fastlogit_worker_lost", observe(fit_with(workers)))
  nothing_happens()
  for (i in 1:2) mend_link(i)
  close(workers)
}
