test_that("what is no cluster is refused", {
  for (cluster in list(0, "", list(), TRUE, c(1, 2), NA_character_)) {
    expect_error(
      fastlogit(fail ~ temp, data = oring, workers = cluster), class = "fastlogit_input_error"
    )
  }
})

# A package of the same name, in a library of its own.
library_with_other_version <- function(env = parent.frame()) {
  folder <- withr::local_tempdir(.local_envir = env)
  source <- file.path(folder, "source", "fastlogit")
  dir.create(source, recursive = TRUE)
  writeLines(
    c("Package: fastlogit", "Version: 0.0.1", "Title: Another", "Description: Another.",
      "License: MIT", "Author: A", "Maintainer: A <a@example.org>"),
    file.path(source, "DESCRIPTION")
  )
  file.create(file.path(source, "NAMESPACE"))
  library <- file.path(folder, "library")
  dir.create(library)
  utils::install.packages(source, library, repos = NULL, type = "source", quiet = TRUE)
  library
}

test_that("a mixed cluster is refused", {
  library <- library_with_other_version()
  withr::local_envvar(R_LIBS = paste(c(library, .libPaths()), collapse = .Platform$path.sep))
  cluster <- parallel::makePSOCKcluster(1, port = 12000 + Sys.getpid() %% 1000)
  withr::defer(parallel::stopCluster(cluster))
  expect_error(
    fastlogit(fail ~ temp, data = oring, workers = cluster),
    "worker w1 has fastlogit 0.0.1, this session has", class = "fastlogit_mixed_cluster"
  )
})

test_that("workers without the package are told apart from others", {
  versions <- c(R = "4.2.2", fastlogit = "0.1.0")
  engine <- list(workers = c("w1", "w2"))
  expect_error(
    fastlogit:::check_versions(engine, 2, c(R = "4.2.2", fastlogit = "none"), versions),
    "worker w2 does not find fastlogit", class = "fastlogit_mixed_cluster"
  )
  expect_error(
    fastlogit:::check_versions(engine, 1, c(R = "4.1.0", fastlogit = "0.1.0"), versions),
    "worker w1 has R 4.1.0, this session has 4.2.2", class = "fastlogit_mixed_cluster"
  )
})

# An engine whose workers are here: answer(order) is what they would reply.
engine_here <- function(answer, workers = 2, partitions = 3) {
  engine <- fastlogit:::new_engine("engine_here", paste0("w", seq_len(workers)), TRUE)
  engine$answer <- answer
  engine$hosts <- rep("here", workers)
  fastlogit:::place_partitions(engine, partitions, function(i) paste("rows", i))
  engine
}

exchange.engine_here <- function(engine, orders, work) {
  lapply(orders, function(order) if (!is.null(order)) engine$answer(order))
}
registerS3method("exchange", "engine_here", exchange.engine_here, asNamespace("fastlogit"))

reply_to <- function(order, ...) {
  reply <- list(
    fit = order$fit, pass = order$pass, partitions = order$partitions,
    answers = as.list(order$partitions), missing = integer()
  )
  given <- list(...)
  reply[names(given)] <- given
  reply
}

test_that("rows are sent once, and again where they are missing", {
  sent <- integer()
  away <- TRUE
  engine <- engine_here(function(order) {
    sent <<- c(sent, as.integer(names(order$rows)))
    if (3 %in% order$partitions && order$pass == 2 && away) {
      away <<- FALSE
      here <- setdiff(order$partitions, 3)
      return(reply_to(order, answers = as.list(here), missing = 3L))
    }
    reply_to(order)
  })
  expect_identical(fastlogit:::ask(engine, list()), list(1L, 2L, 3L))
  expect_identical(sort(sent), 1:3)
  expect_identical(fastlogit:::ask(engine, list()), list(1L, 2L, 3L))
  expect_identical(sort(sent), c(1L, 2L, 3L, 3L))
})

test_that("rows go in batches", {
  orders <- list()
  engine <- engine_here(function(order) {
    orders[[length(orders) + 1]] <<- c(order$pass, order$partitions)
    reply_to(order)
  }, workers = 1)
  engine$batch <- 2
  expect_identical(fastlogit:::ask(engine, list()), list(1L, 2L, 3L))
  fastlogit:::ask(engine, list())
  expect_identical(orders, list(c(1L, 1L, 2L), c(1L, 3L), c(2L, 1L, 2L, 3L)))
})

test_that("replies of another fit, pass or partition are an error, with the checkpoint named", {
  for (tag in list(list(fit = "other"), list(pass = 0L), list(partitions = 7L))) {
    engine <- engine_here(function(order) do.call(reply_to, c(list(order), tag)))
    engine$checkpoint <- "kept.rds"
    expect_error(
      fastlogit:::ask(engine, list()), "out of step.*kept in \"kept.rds\"",
      class = "fastlogit_out_of_step"
    )
  }
})

test_that("what goes wrong in a worker is told with its name", {
  engine <- engine_here(function(order) reply_to(order, error = "no such file"))
  expect_error(
    fastlogit:::ask(engine, list()), "worker w1 reports: no such file",
    class = "fastlogit_worker_error"
  )
})

test_that("the partitions of lost workers are shared out evenly", {
  lost <- 2
  engine <- engine_here(function(order) reply_to(order), workers = 4, partitions = 12)
  expect_message(fastlogit:::replace_workers(engine, 2), "its 3 partitions went to w1, w3 and w4")
  expect_identical(tabulate(engine$owner, 4), c(4L, 0L, 4L, 4L))
})
