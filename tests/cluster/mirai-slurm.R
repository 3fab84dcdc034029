# mirai's daemons as jobs of Slurm, by mirai::cluster_config().
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "checks.R"))
source(file.path(here, "mirai-checks.R"))

check_mirai(function() {
  # A node that was cut off has to be back first.
  for (try in 1:120) {
    if (identical(system("sinfo -h -o %D -t idle", intern = TRUE), "2")) break
    Sys.sleep(0.5)
  }
  mirai_workers(2,
    url = "tcp://10.78.0.1:0", patience = 2,
    remote = mirai::cluster_config(
      options = sprintf("#SBATCH --exclusive\n#SBATCH --output=%s/job-%%j.out", folder)
    )
  )
})
finish()
