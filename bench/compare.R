# Rscript bench/compare.R BASE NEW [rounds = 5] [filter]
#
# Two installed versions of fastlogit (the library folders) over the workloads of the ladder: the
# median seconds of interleaved calls, each version in a process of its own that stays, and the ratio
# new / base. A change of a few percent shows from some ten rounds on only.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
bench <- dirname(normalizePath(gsub("~+~", " ", script, fixed = TRUE)))
for (part in c("accuracy.R", "workloads.R")) source(file.path(bench, part))

arguments <- commandArgs(trailingOnly = TRUE)
libraries <- c(base = arguments[1], new = arguments[2])
rounds <- if (length(arguments) > 2) as.integer(arguments[3]) else 5L
chosen <- Filter(
  function(name) workloads[[name]]$takes %in% c("two classes", "sparse", "classes"), names(workloads)
)
if (length(arguments) > 3) chosen <- grep(arguments[4], chosen, value = TRUE)

workers <- parallel::makePSOCKcluster(2)
for (i in 1:2) {
  parallel::clusterCall(workers[i], function(library, parts) {
    .libPaths(c(library, .libPaths()))
    suppressMessages(base::library(fastlogit))
    for (part in parts) source(part)
    NULL
  }, libraries[[i]], file.path(bench, c("accuracy.R", "workloads.R")))
}

prepare <- function(name) {
  keep <- function(name, value) assign(name, value, globalenv())
  keep("data", simulate(workloads[[name]]))
  keep("calls", workloads[[name]]$calls)
  keep("call", if (workloads[[name]]$takes == "classes") {
    quote(fastmultinom(y ~ ., data = data))
  } else if (workloads[[name]]$takes == "sparse") {
    quote(fastlogit_fit(data$x, data$y, family = binomial()))
  } else {
    quote(fastlogit(y ~ ., data = data))
  })
  for (i in seq_len(calls)) eval(call, globalenv())
}

once <- function() {
  gc()
  system.time(for (i in seq_len(calls)) eval(call, globalenv()))[["elapsed"]] / calls
}

for (name in chosen) {
  parallel::clusterExport(workers, c("prepare", "once"))
  for (i in 1:2) {
    parallel::clusterCall(workers[i], function(name) {
      prepare(name)
      NULL
    }, name)
  }
  seconds <- replicate(rounds, vapply(sample(1:2), function(i) {
    c(i, parallel::clusterCall(workers[i], function() once())[[1]])
  }, numeric(2)))
  of <- function(which) median(seconds[2, , ][seconds[1, , ] == which])
  cat(sprintf("%-9s %9.5f s %9.5f s  %.3f\n", name, of(1), of(2), of(2) / of(1)))
}
parallel::stopCluster(workers)
