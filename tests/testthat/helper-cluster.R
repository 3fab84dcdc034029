# Workers in other processes, and what may happen to them.

# Other processes find the packages that this one finds.
local_libraries <- function(env = parent.frame()) {
  libraries <- paste(.libPaths(), collapse = .Platform$path.sep)
  withr::local_envvar(R_LIBS = libraries, .local_envir = env)
}

local_psock <- function(n, ..., env = parent.frame()) {
  local_libraries()
  # Other test files may run at the same time: each process listens at a port of its own.
  cluster <- parallel::makePSOCKcluster(n, ..., port = 12000 + Sys.getpid() %% 1000)
  # A node that is gone must not make the end of a test wait.
  withr::defer(try(suppressWarnings(parallel::stopCluster(cluster)), silent = TRUE), env)
  cluster
}

local_workers <- function(n, ..., env = parent.frame()) {
  skip_if_not_installed("mirai")
  workers <- mirai_workers(n, ...)
  withr::defer(close(workers), env)
  workers
}

processes_of <- function(workers) {
  vapply(workers$profiles, function(profile) {
    mirai::mirai(Sys.getpid(), .compute = profile)[]
  }, 0L, USE.NAMES = FALSE)
}

# Just before the k-th question of a fit goes out, or the first at which `k()` is true, something
# happens.
at_question <- function(k, action, env = parent.frame()) {
  asked <- 0
  happened <- FALSE
  happen <- function() {
    asked <<- asked + 1
    if (happened || !(if (is.function(k)) k() else asked == k)) return()
    happened <<- TRUE
    action()
  }
  where <- asNamespace("fastlogit")
  suppressMessages(trace("exchange_all", bquote(.(happen)()), where = where, print = FALSE))
  withr::defer(suppressMessages(untrace("exchange_all", where = where)), env)
}

stop_process <- function(pid, env = parent.frame()) {
  tools::pskill(pid, tools::SIGSTOP)
  withr::defer(tools::pskill(pid, tools::SIGKILL), env)
}

# It has its question, and does not come to answer it.
kill_in_mid_pass <- function(pid) {
  tools::pskill(pid, tools::SIGSTOP)
  system(sprintf("(sleep 0.3; kill -9 %d) >/dev/null 2>&1 &", pid))
}

cluster_data <- function(n = 6000) {
  set.seed(42)
  d <- data.frame(
    x = rnorm(n), z = runif(n), f = factor(sample(letters[1:4], n, TRUE)),
    w = sample(3, n, TRUE), o = rnorm(n) / 10
  )
  d$y <- rbinom(n, 1, plogis(-0.5 + d$x - d$z + (d$f == "b")))
  d$class <- factor(ifelse(d$y == 1, "c", ifelse(d$x + rnorm(n) > 0, "b", "a")))
  d
}
