# An engine of mirai's daemons, one in each of several compute profiles, so that work for a worker
# always goes to the same process. A worker that is killed, hangs or cannot be reached is noticed
# and done without.

#' Many machines: workers for large fits
#'
#' Starts processes, on this machine or on others, that [fastlogit()] and [fastmultinom()] can share
#' their rows among (argument `workers`). Package mirai starts them and talks to them; each worker
#' is the one daemon of a compute profile of its own, so that it keeps the rows that it has been
#' given.
#'
#' Workers need the same versions of R and fastlogit as this session, which is checked when a fit
#' begins. They stay until `close()` or the end of the session, and serve any number of fits.
#'
#' Daemons that you have made yourself serve as well: `workers = c("a", "b")` are the names of
#' compute profiles, each with one daemon (`mirai::daemons(1, dispatcher = FALSE, .compute = "a")`).
#'
#' A worker that does not start is done without, with a message of class `fastlogit_worker_lost`,
#' unless it is the only one. A worker that dies is noticed at once. One that hangs, or whose link
#' is cut, is given up when it takes ten times as long as the others did for the same question, and
#' `patience` seconds more. Its rows go to the other workers, with a message of that class, too, and
#' the estimates are the same to the last bit. Nothing but an interrupt ends the wait where no
#' worker has yet answered a question of the kind.
#'
#' @section Clusters of package parallel:
#' `workers` may also be what `parallel::makeCluster()` returns: PSOCK, also over ssh, or MPI by way
#' of package snow. Such a cluster has no way to go on without a worker, as the others would answer
#' with what they were asked before. So a lost worker is an error of class `fastlogit_worker_lost`,
#' and an answer to some other question one of class `fastlogit_out_of_step`; then the cluster has
#' to be made anew. How long a node may be silent is said when it is made, for PSOCK by
#' `makePSOCKcluster(timeout = )`; MPI waits for ever. The nodes of `mirai::make_cluster()` take any
#' work, so that each of them may come to hold all the rows: prefer `mirai_workers()`.
#'
#' @section How the work is shared:
#' The rows of a data frame are cut into partitions, of sizes that depend on the data alone, and
#' each is sent to a worker once. The partitions of a source are its own (the files of
#' [source_files()]): each is read, encoded and kept by a worker, where files and databases have to
#' be reached by the names that the source has for them. At each iteration workers get the p
#' coefficients, and each partition returns p (p + 1) / 2 + p + 1 sums, which are added in order.
#' Any number of workers gives the same estimates to the last bit, if their processors are of one
#' kind. Workers forget the rows when the fit is done: what needs them afterwards, as `residuals()`
#' or `confint()`, is computed here, from a source that is then read once more. Workers on one
#' machine share its cores, unless `fastlogit_control(threads = )` says how many each has.
#'
#' @param n the number of workers; where `remote` has several addresses, as many.
#' @param url where this session listens for them, see `mirai::host_url()`; for workers on this
#'   machine nothing is needed. `"tls+tcp://..."` encrypts.
#' @param remote how they are started: `mirai::ssh_config()`, `mirai::cluster_config()` (Slurm, SGE,
#'   PBS, LSF) or `mirai::remote_config()`.
#' @param ... further arguments of `mirai::daemons()`, such as `tls` or `pass`.
#' @param wait how many seconds they may take to start; a queue may need more. Those on this machine
#'   are not waited for longer than `patience` after ten times as long as the first of them took.
#' @param patience see Details.
#' @return An object of class `fastlogit_workers`, for the argument `workers`, that stands for `n`
#'   workers. `close()` ends them and returns `NULL` invisibly; `print()` returns its argument.
#' @seealso [fastlogit()], [fastmultinom()], [source_files()]
#' @examples
#' \dontrun{
#' workers <- mirai_workers(2)
#' fastlogit(fail ~ temp, data = oring, workers = workers)
#' close(workers)
#'
#' # on other machines, by ssh
#' mirai_workers(
#'   url = mirai::host_url(tls = TRUE),
#'   remote = mirai::ssh_config(c("ssh://node1", "ssh://node2"))
#' )
#' # eight jobs under Slurm
#' mirai_workers(8,
#'   url = mirai::host_url(), wait = 600,
#'   remote = mirai::cluster_config(options = "#SBATCH --cpus-per-task=4")
#' )
#' }
#' @export
mirai_workers <- function(n = 1L, url = NULL, remote = NULL, ..., wait = 60, patience = 10) {
  check_mirai()
  addresses <- if (is.list(remote$args)) length(remote$args) else n
  workers <- new_workers(
    sprintf("%s-%d", basename(tempfile("fastlogit-")), seq_len(addresses)),
    paste0("w", seq_len(addresses)), patience
  )
  left_out <- rep(TRUE, addresses)
  dir.create(folder <- tempfile("workers-"))
  on.exit({
    close(some_workers(workers, left_out))
    unlink(folder, recursive = TRUE)
  })
  ended <- file.path(folder, seq_len(addresses))
  for (i in seq_len(addresses)) {
    start_worker(workers$profiles[i], url, one_of(remote, i), ended[i], ...)
  }
  # How long those on this machine take is known from the first of them.
  here <- is.null(url) && is.null(remote)
  started <- wait_for_workers(workers, wait, if (here) patience else Inf, ended)
  left_out <- !started
  some_workers(workers, started)
}

some_workers <- function(workers, chosen) {
  workers[c("profiles", "names")] <- list(workers$profiles[chosen], workers$names[chosen])
  workers
}

new_workers <- function(profiles, names, patience = 10) {
  structure(
    list(profiles = profiles, names = names, patience = patience), class = "fastlogit_workers"
  )
}

# The profiles that a user has made.
workers_of_profiles <- function(profiles) {
  check_mirai()
  for (profile in profiles) {
    daemons <- connected(profile)
    if (daemons == 1L) next
    input_error(
      "mirai's compute profile \"", profile, "\" has ", counted(daemons, "daemon"),
      " connected: each worker is to be the one daemon of a profile, see ?mirai_workers."
    )
  }
  new_workers(profiles, profiles)
}

check_mirai <- function() {
  if (requireNamespace("mirai", quietly = TRUE)) return(invisible())
  input_error(
    "this needs package mirai: install it, or give a cluster of package parallel, such as ",
    "parallel::makeCluster(4)."
  )
}

# daemons() would wait for ever for a daemon that cannot start: so it is only told where to listen.
start_worker <- function(profile, url, remote, ended, ...) {
  here <- is.null(url)
  if (here) url <- mirai::local_url()
  mirai::daemons(
    1L, url = url, remote = remote, dispatcher = FALSE, cleanup = FALSE, ..., .compute = profile
  )
  if (here && is.null(remote)) with_these_libraries(launch_daemon(url, ended, ...))
}

# As mirai::launch_local(), but for two things. Its daemon would complain on this terminal when
# nobody listens to it any more, as after an interrupt; and nobody would notice that it has ended,
# which is when there is a file `ended`, where the system has a shell to write it.
launch_daemon <- function(url, ended, ...) {
  further <- list(...)
  further <- further[names(further) %in% names(formals(mirai::daemon))]
  arguments <- c(list(quote(mirai::daemon), url, dispatcher = FALSE, cleanup = FALSE), further)
  script <- shQuote(paste(deparse(as.call(arguments)), collapse = " "))
  rscript <- file.path(R.home("bin"), "Rscript")
  if (.Platform$OS.type == "unix") {
    system(wait = FALSE, paste0(
      "(", shQuote(rscript), " -e ", script, "; : > ", shQuote(ended), ") > /dev/null 2>&1"
    ))
  } else {
    system2(rscript, c("-e", script), stdout = FALSE, stderr = FALSE, wait = FALSE)
  }
}

# A process that is started here finds the packages that this one finds.
with_these_libraries <- function(expr) {
  before <- Sys.getenv("R_LIBS", NA)
  on.exit(if (is.na(before)) Sys.unsetenv("R_LIBS") else Sys.setenv(R_LIBS = before))
  Sys.setenv(R_LIBS = paste(.libPaths(), collapse = .Platform$path.sep))
  expr
}

# ssh_config() of several addresses has arguments for each.
one_of <- function(remote, i) {
  if (is.list(remote$args)) remote$args <- remote$args[i]
  remote
}

connected <- function(profile) {
  tryCatch(mirai::info(.compute = profile)[["connections"]], error = function(e) 0L)
}

# Which of them have started? The wait ends when all have, or have ended; after `seconds`; or after
# ten times as long as the first one took, and `patience` seconds more.
wait_for_workers <- function(workers, seconds, patience, ended) {
  began <- now()
  limit <- seconds
  repeat {
    present <- vapply(workers$profiles, connected, 0) > 0
    elapsed <- now() - began
    if (any(present)) limit <- min(limit, patience + 10 * elapsed)
    if (all(present)) return(present)
    if (elapsed > limit || all(present | file.exists(ended))) break
    Sys.sleep(0.02)
  }
  late <- paste0(
    workers_told(workers$names[!present]), " did not start within ", format(round(elapsed, 1)),
    " seconds"
  )
  if (any(present)) {
    fit_message("fastlogit_worker_lost",
      late, ": the work is left to ", enumerated(workers$names[present]), ".")
    return(present)
  }
  fit_error("fastlogit_no_worker",
    late, ". Can Rscript be started there, does it find mirai, and can it reach this session? A ",
    "queue may need a longer `wait`."
  )
}

#' @rdname mirai_workers
#' @param con,x workers.
#' @export
close.fastlogit_workers <- function(con, ...) {
  for (profile in con$profiles) mirai::daemons(0L, .compute = profile)
  invisible()
}

#' @rdname mirai_workers
#' @export
print.fastlogit_workers <- function(x, ...) {
  up <- vapply(x$profiles, connected, 0) > 0
  cat(counted(length(up), "worker"), " of mirai, ", sum(up), " connected\n", sep = "")
  invisible(x)
}

# --- the engine ----------------------------------------------------------------------------------

mirai_engine <- function(workers, finish = NULL) {
  new_engine("mirai_engine", workers$names,
    pinned = TRUE, profiles = workers$profiles, patience = workers$patience,
    pace = list(joining = 0), finish = finish
  )
}

# Workers for one call.
local_engine <- function(n) {
  workers <- mirai_workers(n)
  mirai_engine(workers, function(engine) {
    close(workers)
    # One that was stopped would stay for ever.
    lost <- engine$processes[!engine$alive]
    tools::pskill(lost[!is.na(lost)], tools::SIGKILL)
  })
}

#' @export
exchange.mirai_engine <- function(engine, orders, work) {
  busy <- which(!vapply(orders, is.null, NA))
  tasks <- lapply(busy, function(i) {
    mirai::mirai(
      work(order),
      .args = list(work = work, order = orders[[i]]), .compute = engine$profiles[i]
    )
  })
  await(engine, busy, tasks, orders[busy])
  replies <- vector("list", length(orders))
  replies[busy] <- Map(reply_of, list(engine), busy, tasks)
  replies
}

# Until all have answered, or there is no more use in waiting. numbers: of the workers.
await <- function(engine, numbers, tasks, orders) {
  kind <- kind_of(orders)
  partitions <- pmax(1, lengths(lapply(orders, `[[`, "partitions")))
  began <- now()
  took <- rep(NA_real_, length(tasks))
  repeat {
    waiting <- vapply(tasks, mirai::unresolved, NA)
    elapsed <- now() - began
    took[!waiting & is.na(took)] <- elapsed
    pace <- suppressWarnings(max(engine$pace[[kind]], took / partitions, na.rm = TRUE))
    engine$pace[[kind]] <- if (is.finite(pace)) pace
    limit <- if (is.finite(pace)) engine$patience + 10 * pace * partitions else Inf
    given_up <- elapsed > rep_len(limit, length(tasks))
    if (elapsed > 1) given_up <- given_up | vapply(engine$profiles[numbers], connected, 0) < 1
    if (all(given_up[waiting])) return(invisible())
    Sys.sleep(min(0.05, max(1e-4, elapsed / 20)))
  }
}

# Questions that cost about the same; the rows that go with the first of them cost more.
kind_of <- function(orders) {
  if (is.null(orders[[1L]]$request)) return("joining")
  requests <- lapply(orders, function(order) order$request[c("what", "order")])
  placing <- any(lengths(lapply(orders, `[[`, "rows")) > 0L)
  paste(c(unlist(requests[1L]), if (placing) "placing"), collapse = " ")
}

# NULL where the worker is lost.
reply_of <- function(engine, i, task) {
  if (mirai::unresolved(task)) {
    mirai::stop_mirai(task)
    return(NULL)
  }
  reply <- task$data
  if (mirai::is_mirai_error(reply)) {
    cluster_error(engine, "fastlogit_worker_error",
      "worker ", engine$workers[i], " reports: ", reply
    )
  }
  if (mirai::is_error_value(reply)) NULL else reply
}

now <- function() proc.time()[["elapsed"]]
