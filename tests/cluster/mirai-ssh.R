# mirai's daemons over ssh, by mirai::ssh_config().
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "checks.R"))
source(file.path(here, "mirai-checks.R"))

ssh <- function(...) {
  mirai::ssh_config(paste0("ssh://", addresses), command = file.path(folder, "ssh"), ...)
}

check_mirai(function() {
  mirai_workers(url = "tcp://10.78.0.1:0", patience = 2, remote = ssh())
})

workers <- mirai_workers(url = "tls+tcp://10.78.0.1:0", remote = ssh())
cat("over TLS: ")
check_whole(fit_with(workers))
close(workers)
workers <- mirai_workers(url = mirai::local_url(tcp = TRUE), remote = ssh(tunnel = TRUE))
cat("through tunnels: ")
check_whole(fit_with(workers))
close(workers)

seen <- observe(mirai_workers(
  url = "tcp://10.78.0.1:0", wait = 3,
  remote = mirai::ssh_config("ssh://10.78.0.99", command = file.path(folder, "ssh"), timeout = 2)
))
check_error("a host that is not there", "fastlogit_no_worker", seen)
finish()
