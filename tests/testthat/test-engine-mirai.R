test_that("any number of workers gives the estimates of one process, and the same bits", {
  skip_if_not_installed("mirai")
  d <- cluster_data()
  alone <- fastlogit(y ~ x + z + f, data = d)
  one <- fastlogit(y ~ x + z + f, data = d, workers = 1)
  three <- fastlogit(y ~ x + z + f, data = d, workers = 3)
  expect_equal(coef(one), coef(alone), tolerance = 1e-12)
  expect_equal(one$linear.predictors, alone$linear.predictors, tolerance = 1e-12)
  expect_equal(one$weights, alone$weights, tolerance = 1e-12)
  expect_equal(vcov(one), vcov(alone), tolerance = 1e-12)
  expect_identical(coef(three), coef(one))
  expect_identical(three$workers, 3L)
  expect_output(print(summary(three)), "6000 rows, 3 workers")
  expect_identical(vcov(three), vcov(one))
})

test_that("workers serve any number of fits of any kind", {
  workers <- local_workers(2)
  d <- cluster_data()
  expect_output(print(workers), "2 workers of mirai, 2 connected")
  expect_same <- function(call) {
    call <- substitute(call)
    alone <- eval(call, list(d = d))
    call$workers <- quote(workers)
    expect_equal(coef(eval(call)), coef(alone), tolerance = 1e-12)
  }
  expect_same(fastlogit(y ~ x + z + f, data = d, weights = w, offset = o))
  expect_same(fastlogit(y ~ x + z, binomial("cloglog"), data = d, method = "fisher"))
  expect_same(fastlogit(y ~ x + f, binomial("probit"), data = d, method = "gradient"))
  expect_same(fastlogit(y ~ x + f, data = d, penalty = "firth"))
  expect_same(fastlogit(y ~ x + f, data = d, penalty = "median"))
  expect_same(fastlogit(y ~ x + f, data = d, penalty = penalty_ridge(3)))
  expect_same(fastlogit(y ~ x + f, data = d, sparse = TRUE))
  expect_same(fastlogit(cbind(w * y, w * (1 - y)) ~ f, data = d))
  expect_same(fastmultinom(class ~ z + f, data = d, weights = w))
  expect_same(fastmultinom(class ~ z, data = d, penalty = "firth"))
})

test_that("a bounded link and nearly dependent columns go the same ways", {
  workers <- local_workers(2)
  d <- cluster_data()
  d$near <- d$x + 1e-7 * d$z^2
  alone <- fastlogit(y ~ x + near, data = d)
  shared <- fastlogit(y ~ x + near, data = d, workers = workers)
  expect_true(shared$orthogonalised)
  expect_equal(fitted(shared), fitted(alone), tolerance = 1e-9)
  d$rare <- rbinom(nrow(d), 1, exp(-2 + 0.3 * d$z))
  alone <- fastlogit(rare ~ z, binomial("log"), data = d)
  expect_equal(
    coef(fastlogit(rare ~ z, binomial("log"), data = d, workers = workers)), coef(alone),
    tolerance = 1e-12
  )
})

test_that("separation is found with workers, too", {
  workers <- local_workers(2)
  d <- cluster_data()
  d$sure <- as.numeric(d$y == 1 & d$x > 0.5)
  expect_warning(
    fit <- fastlogit(y ~ x + sure, data = d, workers = workers), class = "fastlogit_separation"
  )
  expect_identical(fit$separation[["sure"]], Inf)
})

test_that("a worker that is killed in mid-pass is named, and its partitions go to others", {
  workers <- local_workers(3)
  d <- cluster_data()
  fit <- fastlogit(y ~ x + z + f, data = d, workers = workers)
  pid <- processes_of(workers)[2]
  at_question(4, function() kill_in_mid_pass(pid))
  expect_message(
    again <- fastlogit(y ~ x + z + f, data = d, workers = workers),
    "^Worker w2 stopped answering; its 2 partitions went to w1 and w3.\n$",
    class = "fastlogit_worker_lost"
  )
  expect_identical(coef(again), coef(fit))
  expect_identical(vcov(again), vcov(fit))
})

test_that("a worker that hangs is given up, and not waited for at the end", {
  workers <- local_workers(2, patience = 1)
  d <- cluster_data()
  fit <- fastlogit(y ~ x + z + f, data = d, workers = workers)
  pid <- processes_of(workers)[1]
  at_question(4, function() stop_process(pid))
  expect_message(
    again <- fastlogit(y ~ x + z + f, data = d, workers = workers),
    "Worker w1 stopped answering; its 3 partitions went to w2[.]"
  )
  expect_identical(coef(again), coef(fit))
})

test_that("without any worker left a fit ends", {
  workers <- local_workers(1)
  d <- cluster_data()
  pid <- processes_of(workers)
  at_question(4, function() kill_in_mid_pass(pid))
  expect_error(
    fastlogit(y ~ x + z + f, data = d, workers = workers), "no other worker is left",
    class = "fastlogit_worker_lost"
  )
})

test_that("a worker that was lost before the fit is refused by name", {
  workers <- local_workers(2, patience = 1)
  tools::pskill(processes_of(workers)[2], tools::SIGKILL)
  Sys.sleep(0.2)
  expect_error(
    fastlogit(fail ~ temp, data = oring, workers = workers), "worker w2 did not answer",
    class = "fastlogit_worker_lost"
  )
})

test_that("workers keep no rows after a fit", {
  workers <- local_workers(1)
  fastlogit(fail ~ temp, data = oring, workers = workers)
  held <- mirai::mirai(
    length(utils::getFromNamespace("held", "fastlogit")), .compute = workers$profiles
  )
  expect_identical(held[], 0L)
})

test_that("compute profiles of the user's serve by their names", {
  skip_if_not_installed("mirai")
  local_libraries()
  mirai::daemons(1, dispatcher = FALSE, .compute = "left")
  mirai::daemons(2, dispatcher = FALSE, .compute = "right")
  withr::defer(for (profile in c("left", "right")) mirai::daemons(0, .compute = profile))
  expect_error(
    fastlogit(fail ~ temp, data = oring, workers = c("left", "right")),
    "\"right\" has 2 daemons", class = "fastlogit_input_error"
  )
  fit <- fastlogit(fail ~ temp, data = oring, workers = "left")
  expect_equal(coef(fit), coef(fastlogit(fail ~ temp, data = oring)), tolerance = 1e-12)
})

test_that("the wait for a worker that cannot start is bounded", {
  skip_if_not_installed("mirai")
  expect_error(
    mirai_workers(1, mirai::local_url(tcp = TRUE), mirai::remote_config("false", "."), wait = 0.5),
    "worker w1 did not start within 0.5 seconds", class = "fastlogit_no_worker"
  )
})

test_that("a worker that does not start is done without", {
  skip_if_not_installed("mirai")
  launched <- 0
  launch <- launch_daemon
  expect_message(
    workers <- with_replaced(
      "launch_daemon",
      function(...) if ((launched <<- launched + 1) != 2) launch(...),
      mirai_workers(3, patience = 0.5)
    ),
    "^worker w2 did not start within .* seconds: the work is left to w1 and w3[.]\n$",
    class = "fastlogit_worker_lost"
  )
  withr::defer(close(workers))
  expect_output(print(workers), "2 workers of mirai, 2 connected")
  d <- cluster_data()
  expect_equal(
    coef(fastlogit(y ~ x + z, data = d, workers = workers)), coef(fastlogit(y ~ x + z, data = d)),
    tolerance = 1e-12
  )
})

test_that("a worker that ends while it starts is not waited for", {
  skip_on_os("windows")
  skip_if_not_installed("mirai")
  launched <- 0
  launch <- launch_daemon
  launch_or_end <- function(url, ended, ...) {
    launched <<- launched + 1
    if (launched == 2) file.create(ended) else launch(url, ended, ...)
  }
  expect_message(
    workers <- with_replaced("launch_daemon", launch_or_end, mirai_workers(2, patience = 1e6)),
    "worker w2 did not start", class = "fastlogit_worker_lost"
  )
  close(workers)
  ended <- withr::local_tempfile()
  launch_daemon("nowhere", ended)
  for (i in 1:200) if (!file.exists(ended)) Sys.sleep(0.1)
  expect_true(file.exists(ended))
})

test_that("of the workers of a call, those that are lost before it begins are done without", {
  skip_if_not_installed("mirai")
  d <- cluster_data()
  start <- mirai_workers
  start_and_lose <- function(n) {
    workers <- start(n)
    tools::pskill(processes_of(workers)[2], tools::SIGKILL)
    workers
  }
  expect_message(
    fit <- with_replaced(
      "mirai_workers", start_and_lose, fastlogit(y ~ x + z, data = d, workers = 3)
    ),
    "^worker w2 did not answer: the work is left to w1 and w3[.]\n$",
    class = "fastlogit_worker_lost"
  )
  expect_identical(fit$workers, 2L)
  expect_equal(coef(fit), coef(fastlogit(y ~ x + z, data = d)), tolerance = 1e-12)
})

test_that("workers that are no longer wanted when they start say nothing", {
  skip_if_not_installed("mirai")
  skip_if_not_installed("processx")
  local_libraries()
  script <- paste(
    "fastlogit:::start_worker('a', NULL, NULL, tempfile())", "mirai::daemons(0L, .compute = 'a')",
    "Sys.sleep(2)", sep = "; "
  )
  said <- processx::run(file.path(R.home("bin"), "Rscript"), c("--vanilla", "-e", script))
  expect_identical(said$stderr, "")
})

test_that("a wait for workers can be interrupted, and the next fit is none the worse", {
  skip_on_os("windows")
  skip_if_not_installed("mirai")
  skip_if_not_installed("processx")
  local_libraries()
  script <- withr::local_tempfile(fileext = ".R")
  writeLines(c(
    "library(fastlogit)",
    "say <- function(...) { cat(..., '\\n'); flush(stdout()) }",
    "workers <- mirai_workers(2, patience = 1e6)",
    "d <- data.frame(x = rnorm(4000))",
    "d$y <- rbinom(4000, 1, plogis(d$x))",
    "pids <- sapply(workers$profiles, function(p) mirai::mirai(Sys.getpid(), .compute = p)[])",
    "tools::pskill(pids[1], tools::SIGSTOP)",
    "say('ready')",
    "outcome <- tryCatch(",
    "  fastlogit(y ~ x, data = d, workers = workers), interrupt = function(i) 'interrupted'",
    ")",
    "say(outcome)",
    "tools::pskill(pids[1], tools::SIGCONT)",
    "a <- fastlogit(y ~ x, data = d, workers = workers)",
    "say(all.equal(coef(a), coef(fastlogit(y ~ x, data = d)), tolerance = 1e-12))"
  ), script)
  child <- processx::process$new(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", script), stdout = "|", stderr = "|"
  )
  withr::defer(child$kill())
  next_line <- function() {
    for (try in 1:60) {
      child$poll_io(1000)
      lines <- child$read_output_lines(1)
      if (length(lines)) return(trimws(lines))
    }
    child$read_error()  # what there is: all of it would be waited for
  }
  expect_identical(next_line(), "ready")
  Sys.sleep(1)
  tools::pskill(child$get_pid(), tools::SIGINT)
  expect_identical(next_line(), "interrupted")
  expect_identical(next_line(), "TRUE")
})
