# Six files, one of which lacks a level and one of which has no other.
local_files <- function(d, env = parent.frame()) {
  folder <- withr::local_tempdir(.local_envir = env)
  d$f <- as.character(d$f)
  parts <- split(d, rep(1:6, each = nrow(d) / 6))
  parts[[2]] <- parts[[2]][parts[[2]]$f != "a", ]
  parts[[3]] <- parts[[3]][parts[[3]]$f == "d", ]
  files <- file.path(folder, paste0(seq_along(parts), ".csv"))
  Map(utils::write.csv, parts, files, MoreArgs = list(row.names = FALSE))
  list(source = source_files(files), whole = do.call(rbind, parts))
}

test_that("workers that read their own partitions find what a data frame gives", {
  workers <- local_workers(2)
  d <- local_files(cluster_data())
  alone <- fastlogit(y ~ x * z + f, data = d$whole)
  shared <- fastlogit(y ~ x * z + f, data = d$source, workers = workers)
  expect_equal(coef(shared), coef(alone), tolerance = 1e-11)
  expect_equal(vcov(shared), vcov(alone), tolerance = 1e-10)
  expect_equal(AIC(shared), AIC(alone), tolerance = 1e-11)
  expect_equal(shared$null.deviance, alone$null.deviance, tolerance = 1e-11)
  expect_equal(
    predict(shared, cluster_data(20), type = "response"),
    predict(alone, cluster_data(20), type = "response"), tolerance = 1e-11, ignore_attr = TRUE
  )
  expect_identical(coef(fastlogit(y ~ x * z + f, data = d$source, workers = 1)), coef(shared))
})

test_that("what needs rows when the workers have forgotten them reads the source again", {
  workers <- local_workers(2)
  d <- cluster_data()
  d$x[c(3, 400)] <- NA
  d <- local_files(d)
  fit <- function(data, ...) fastlogit(y ~ x + f, data = data, na.action = na.exclude, ...)
  alone <- fit(d$whole)
  shared <- fit(d$source, workers = workers)
  expect_equal(residuals(shared), residuals(alone), tolerance = 1e-10, ignore_attr = TRUE)
  expect_equal(confint(shared), confint(alone), tolerance = 1e-8)
  expect_equal(vcov(shared, type = "robust"), vcov(alone, type = "robust"), tolerance = 1e-10)
  expect_equal(
    vcov(shared, cluster = ~f), vcov(alone, cluster = d$whole$f), tolerance = 1e-10
  )
  expect_equal(anova(shared)$Deviance, anova(alone)$Deviance, tolerance = 1e-9)
  three <- fastmultinom(class ~ x, data = d$source, workers = workers)
  d$whole$class <- factor(d$whole$class)
  expect_equal(
    fitted(three), fitted(fastmultinom(class ~ x, data = d$whole)), tolerance = 1e-10,
    ignore_attr = TRUE
  )
  shared <- fit(d$source, workers = workers)
  writeLines(head(readLines(d$source$paths[1]), -2), d$source$paths[1])
  expect_error(residuals(shared), class = "fastlogit_rows_gone")
})

test_that("weights, offset, subset and what stands beside the formula go to the workers", {
  workers <- local_workers(2)
  d <- local_files(cluster_data())
  fit_both <- function() {
    least <- 0.2
    half <- function(x) x / 2
    list(
      fastlogit(y ~ half(x) + f, data = d$whole, weights = w, offset = o, subset = z > least),
      fastlogit(y ~ half(x) + f,
        data = d$source, weights = w, offset = o, subset = z > least, workers = workers
      )
    )
  }
  both <- fit_both()
  expect_equal(coef(both[[2]]), coef(both[[1]]), tolerance = 1e-11)
  expect_equal(both[[2]]$null.deviance, both[[1]]$null.deviance, tolerance = 1e-11)
  # One of the files has no such row.
  only <- function(data, ...) fastlogit(y ~ x, data = data, subset = f != "d", ...)
  expect_equal(coef(only(d$source, workers = workers)), coef(only(d$whole)), tolerance = 1e-11)
  expect_error(
    fastlogit(y ~ x, data = d$source, subset = z > 2, workers = workers),
    class = "fastlogit_no_rows"
  )
})

test_that("many classes, penalties and dispersions are sums over partitions, too", {
  workers <- local_workers(2)
  d <- local_files(cluster_data())
  d$whole$class <- factor(d$whole$class)
  expect_equal(
    coef(fastmultinom(class ~ x + z, data = d$source, workers = workers)),
    coef(fastmultinom(class ~ x + z, data = d$whole)), tolerance = 1e-11
  )
  expect_equal(
    coef(fastlogit(y ~ x + z, data = d$source, penalty = "firth", workers = workers)),
    coef(fastlogit(y ~ x + z, data = d$whole, penalty = "firth")), tolerance = 1e-10
  )
  quasi <- function(data, ...) {
    summary(fastlogit(y ~ x, quasibinomial(), data = data, weights = w, ...))$dispersion
  }
  expect_equal(quasi(d$source, workers = workers), quasi(d$whole), tolerance = 1e-10)
})

test_that("separation is decided by all the rows, wherever they are", {
  workers <- local_workers(2)
  d <- cluster_data()
  d$sure <- as.numeric(d$y == 1 & d$x > 0.5)
  d <- local_files(d)
  expect_warning(
    fit <- fastlogit(y ~ x + sure, data = d$source, workers = workers),
    class = "fastlogit_separation"
  )
  expect_identical(fit$separation, c("(Intercept)" = 0, x = 0, sure = Inf))
})

test_that("a basis of all the rows is refused by name", {
  workers <- local_workers(1)
  d <- local_files(cluster_data())
  expect_error(
    fastlogit(y ~ poly(x, 2), data = d$source, workers = workers), "`poly(x, 2)` depends on all",
    fixed = TRUE, class = "fastlogit_input_error"
  )
})

test_that("the partitions of a lost worker are read again by the others", {
  workers <- local_workers(2)
  d <- local_files(cluster_data())
  fit <- fastlogit(y ~ x + f, data = d$source, workers = workers)
  pid <- processes_of(workers)[1]
  at_question(6, function() kill_in_mid_pass(pid))
  expect_message(
    again <- fastlogit(y ~ x + f, data = d$source, workers = workers),
    "Worker w1 stopped answering; its 3 partitions went to w2"
  )
  expect_identical(coef(again), coef(fit))
})

test_that("a fit that ends with its cluster goes on from its checkpoint", {
  cluster <- local_psock(1)
  d <- local_files(cluster_data())
  file <- withr::local_tempfile()
  pid <- parallel::clusterCall(cluster, Sys.getpid)[[1]]
  at_question(function() file.exists(file), function() kill_in_mid_pass(pid))
  expect_error(
    fastlogit(y ~ x + f, data = d$source, workers = cluster, checkpoint = file),
    "The last pass is kept in", class = "fastlogit_worker_lost"
  )
  expect_true(file.exists(file))
  again <- fastlogit(y ~ x + f, data = d$source, workers = local_psock(1), checkpoint = file)
  expect_equal(coef(again), coef(fastlogit(y ~ x + f, data = d$whole)), tolerance = 1e-11)
})

test_that("ranges of a key are partitions, read over connections that workers open", {
  skip_if_not_installed("RSQLite")
  workers <- local_workers(2)
  d <- cluster_data(3000)
  d$f <- as.character(d$f)
  d$id <- seq_len(nrow(d))
  path <- withr::local_tempfile(fileext = ".sqlite")
  database <- function() DBI::dbConnect(RSQLite::SQLite(), path)
  connection <- database()
  DBI::dbWriteTable(connection, "rows", d)
  DBI::dbDisconnect(connection)
  first <- c(1, 1001, 2001, 5000)
  query <- sprintf("SELECT * FROM rows WHERE id BETWEEN %d AND %d", first, first + 999)
  source <- source_dbi(function() database(), query = query)
  alone <- fastlogit(y ~ x + f, data = d)
  expect_equal(coef(fastlogit(y ~ x + f, data = source)), coef(alone), tolerance = 1e-11)
  expect_equal(
    coef(fastlogit(y ~ x + f, data = source, workers = workers)), coef(alone), tolerance = 1e-11
  )
})

test_that("what is wrong with a file of a worker's keeps its name and its class", {
  workers <- local_workers(2)
  files <- c(csv_of(source_data(100)), csv_of(source_data(100)))
  cat("1,2\n", file = files[2], append = TRUE)
  expect_error(
    fastlogit(y ~ z, data = source_files(files), workers = workers),
    "^worker w2 reports: line 102 of .*[.]csv has 2 fields", class = "fastlogit_file_error"
  )
})
