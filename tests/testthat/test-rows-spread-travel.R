local_halves <- function(d, env = parent.frame()) {
  folder <- withr::local_tempdir(.local_envir = env)
  files <- file.path(folder, c("a.csv", "b.csv"))
  half <- seq_len(nrow(d)) <= nrow(d) / 2
  utils::write.csv(d[half, ], files[1], row.names = FALSE)
  utils::write.csv(d[!half, ], files[2], row.names = FALSE)
  source_files(files)
}

travel_data <- function(n = 400) {
  set.seed(11)
  d <- data.frame(x = round(rnorm(n), 4))
  d$y <- rbinom(n, 1, plogis(d$x))
  d$class <- sample(letters[1:3], n, TRUE)
  d
}

test_that("workers evaluate what this session would, whatever they have themselves", {
  cluster <- local_psock(1)
  d <- travel_data()
  source <- local_halves(d)
  own <- quote({
    k <- -9
    k0 <- -9
    q <- cut0 <- function(x) 0 * x
    cfg <- list(k = 9, f = sin)
    options(fastlogit.k = 9)
  })
  look <- quote(list(k, k0, q(1), cut0(2), cfg$k, getOption("fastlogit.k"), ls()))
  parallel::clusterCall(cluster, eval, own, globalenv())
  before <- parallel::clusterCall(cluster, eval, look, globalenv())
  for (name in names(cases_of_references())) local({
    case <- cases_of_references()[[name]]
    local_case(case)
    formula <- stats::as.formula(call("~", quote(y), case$code), globalenv())
    here <- fastlogit(formula, data = d)
    expect_equal(
      unname(coef(fastlogit(formula, data = source, workers = cluster))), unname(coef(here)),
      tolerance = 1e-9, info = name
    )
    expect_equal(
      unname(coef(fastlogit(formula, data = source))), unname(coef(here)), tolerance = 1e-9,
      info = name
    )
  })
  after <- parallel::clusterCall(cluster, eval, look, globalenv())
  expect_identical(after, before)
})

test_that("closures of frames travel, with many classes, subset, weights and na.action", {
  workers <- local_workers(2)
  d <- travel_data()
  d$x[5] <- NA
  source <- local_halves(d)
  k <- 100
  mk <- function(k) {
    unused <- rnorm(1e5)
    list(q = function(x) x * (x > k), w = function(x) 1 + (x > k), least = k - 2)
  }
  of <- mk(0.5)
  q <- of$q
  drop <- function(object, ...) {
    k <- 3
    stats::na.exclude(object)
  }
  fit <- function(data, fitter, ...) {
    fitter(stats::as.formula(if (identical(fitter, fastlogit)) y ~ q(x) else factor(class) ~ q(x)),
      data = data, subset = x > of$least | is.na(x), weights = of$w(x), na.action = drop, ...)
  }
  for (fitter in list(fastlogit, fastmultinom)) {
    here <- fit(d, fitter)
    shared <- fit(source, fitter, workers = workers)
    expect_equal(coef(shared), coef(here), tolerance = 1e-9)
    expect_equal(nobs(shared), nobs(here))
  }
  travels <- to_travel(list(call = quote(f()), formula = y ~ q(x), env = environment()), source)
  expect_lt(length(serialize(travels, NULL)), 2e5)
})

test_that("a session's options for missing values are the workers', too", {
  cluster <- local_psock(1)
  d <- travel_data()
  d$x[5] <- NA
  source <- local_halves(d)
  withr::local_options(na.action = "na.exclude")
  fit <- fastlogit(y ~ x, data = source, workers = cluster)
  expect_s3_class(fit$na.action, "exclude")
  expect_equal(length(residuals(fit)), nrow(d))
})

test_that("functions of attached packages are these", {
  skip_if("package:splines" %in% search())
  cluster <- local_psock(1)
  suppressPackageStartupMessages(library(splines))
  withr::defer(detach("package:splines"))
  d <- travel_data()
  formula <- y ~ bs(x, knots = 0, Boundary.knots = c(-6, 6))
  expect_equal(
    coef(fastlogit(formula, data = local_halves(d), workers = cluster)),
    coef(fastlogit(formula, data = d)), tolerance = 1e-8
  )
})

test_that("a worker's own session is left as it was, also by an error", {
  before <- ls(globalenv(), all.names = TRUE)
  session <- list(
    values = list(fastlogit_k = 1), options = list(fastlogit.k = 2),
    variables = c(FASTLOGIT_K = "3")
  )
  seen <- function() {
    list(get0("fastlogit_k", globalenv()), getOption("fastlogit.k"), Sys.getenv("FASTLOGIT_K"))
  }
  expect_identical(as_in_session(session, seen()), list(1, 2, "3"))
  expect_error(as_in_session(session, stop("cut")), "cut")
  expect_identical(seen(), list(NULL, NULL, ""))
  expect_identical(ls(globalenv(), all.names = TRUE), before)
})
