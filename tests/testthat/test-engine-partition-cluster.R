test_that("a PSOCK cluster gives the same bits as any other engine", {
  cluster <- local_psock(2)
  d <- cluster_data()
  alone <- fastlogit(y ~ x + z + f, data = d)
  shared <- fastlogit(y ~ x + z + f, data = d, workers = cluster)
  expect_equal(coef(shared), coef(alone), tolerance = 1e-12)
  expect_identical(coef(fastlogit(y ~ x + z + f, data = d, workers = cluster[2])), coef(shared))
  expect_equal(
    coef(fastmultinom(class ~ x, data = d, workers = cluster)),
    coef(fastmultinom(class ~ x, data = d)), tolerance = 1e-12
  )
  skip_if_not_installed("mirai")
  expect_identical(coef(fastlogit(y ~ x + z + f, data = d, workers = 2)), coef(shared))
})

test_that("nodes of mirai::make_cluster(), which are not pinned, do it with a word of advice", {
  skip_if_not_installed("mirai")
  local_libraries()
  cluster <- mirai::make_cluster(2)
  withr::defer(mirai::stop_cluster(cluster))
  d <- cluster_data()
  expect_message(
    fit <- fastlogit(y ~ x + z + f, data = d, workers = cluster), class = "fastlogit_unpinned"
  )
  expect_equal(coef(fit), coef(fastlogit(y ~ x + z + f, data = d)), tolerance = 1e-12)
})

test_that("a node that is killed in mid-pass ends the fit, and then the cluster is out of step", {
  cluster <- local_psock(2)
  d <- cluster_data()
  pids <- unlist(parallel::clusterCall(cluster, Sys.getpid))
  at_question(4, function() kill_in_mid_pass(pids[1]))
  expect_error(
    fastlogit(y ~ x + z + f, data = d, workers = cluster), "a worker of the cluster was lost",
    class = "fastlogit_worker_lost"
  )
  # The survivor still has an answer to give.
  expect_error(
    fastlogit(y ~ x + z + f, data = d, workers = cluster[2]), "out of step",
    class = "fastlogit_out_of_step"
  )
})

test_that("a node that hangs is lost after the time-out of its connection", {
  cluster <- local_psock(2, timeout = 2)
  d <- cluster_data()
  pids <- unlist(parallel::clusterCall(cluster, Sys.getpid))
  at_question(4, function() stop_process(pids[2]))
  expect_error(
    fastlogit(y ~ x + z + f, data = d, workers = cluster), class = "fastlogit_worker_lost"
  )
})

test_that("an answer to somebody else's question is no answer", {
  cluster <- local_psock(1)
  # A question whose answer nobody takes.
  parallel::clusterCall(cluster, invisible)
  utils::getFromNamespace("sendCall", "parallel")(cluster[[1]], function() 17, list())
  expect_error(
    fastlogit(fail ~ temp, data = oring, workers = cluster), "out of step",
    class = "fastlogit_out_of_step"
  )
})
