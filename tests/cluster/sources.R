# Workers on two hosts that read their own files.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "checks.R"))

files <- file.path(folder, sprintf("part-%d.csv", 1:8))
d$f <- as.character(d$f)
for (i in 1:8) write.csv(d[seq(i, nrow(d), by = 8), ], files[i], row.names = FALSE)
whole <- do.call(rbind, lapply(1:8, function(i) d[seq(i, nrow(d), by = 8), ]))
fit_files <- function(cluster) {
  fastlogit(y ~ x * z + f, data = source_files(files), workers = cluster)
}
received <- function() {
  of <- sprintf("/sys/class/net/fch%d/statistics/tx_bytes", 1:2)
  sum(vapply(of, function(file) as.numeric(readLines(file)), 0))
}

start <- function() {
  mirai_workers(
    url = "tcp://10.78.0.1:0", patience = 2,
    remote = mirai::ssh_config(paste0("ssh://", addresses), command = file.path(folder, "ssh"))
  )
}
workers <- start()
before <- received()
fit <- fit_files(workers)
bytes <- received() - before
alone <- fastlogit(y ~ x * z + f, data = whole)
difference <- max(abs(coef(fit) / coef(alone) - 1))
check("the coefficients of a data frame", difference < 1e-11, sprintf(" (to %.1g)", difference))
check(
  "no rows went to the hosts", bytes < sum(file.size(files)) / 2,
  sprintf(" (%.0f bytes in all; the files have %.0f)", bytes, sum(file.size(files)))
)
process <- mirai::mirai(Sys.getpid(), .compute = workers$profiles[1])[]
at_question(8, function() kill_in_mid_pass(process))
check_recovery("killed in mid-pass", fit, observe(fit_files(workers)))
nothing_happens()
close(workers)

workers <- start()
at_question(8, function() cut_link(2))
check_recovery("cut from the network", fit, observe(fit_files(workers)))
nothing_happens()
mend_link(2)
close(workers)
finish()
