# Rscript bench/identical.R BASE NEW [pattern]
#
# Are the numbers of two installed libraries the same to the last bit? Each fits the data sets of
# the tests and made ones, by all links, methods, penalties, storages and engines, in a process of
# its own; results are compared by identical(). Exit status 1 where they differ. For changes that
# are to change no number: a minute on two cores.

script <- normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
helpers <- file.path(dirname(dirname(script)), "tests", "testthat")

# --- what is fitted: each a function of the number of threads ------------------------------------

simulated <- function(n, seed = 1) {
  set.seed(seed)
  d <- data.frame(
    x = rnorm(n), z = rexp(n), f = factor(sample(letters[1:5], n, TRUE)),
    g = factor(sample.int(30, n, TRUE)), k = sample(0:3, n, TRUE), o = rnorm(n) / 5,
    w = sample(3, n, TRUE)
  )
  d$y <- rbinom(n, 1, plogis(-0.7 + 0.5 * d$x - 0.3 * d$z + (d$f == "b")))
  d$c <- factor(max.col(cbind(0, d$x, 0.5 * d$z) - log(-log(matrix(runif(3 * n), n)))))
  d
}

# A call for later, in which `...` may use what `with` has by name.
later <- function(fitter, call, with, env) {
  call[[1]] <- as.name(fitter)
  env <- list2env(with, parent = env)
  function(threads) {
    call$threads <- threads
    eval(call, env)
  }
}

two_classes <- function(d, big, csv) {
  fit <- function(..., with = list()) later("fastlogit", substitute(f(...)), with, parent.frame())
  links <- c("logit", "probit", "cloglog", "cauchit", "log")
  all <- list()
  for (link in links) {
    for (method in c("newton", "fisher", "gradient")) {
      all[[paste(link, method)]] <- fit(y ~ x + z + f, binomial(link), d, method = method,
        with = list(link = link, method = method))
    }
    for (penalty in c("firth", "median", "jeffreys")) {
      all[[paste(link, penalty)]] <- fit(y ~ x + f, binomial(link), d[1:80, ], penalty = penalty,
        with = list(link = link, penalty = penalty))
    }
    all[[paste(link, "weights")]] <-
      fit(y ~ x * f, binomial(link), d, weights = w, offset = -abs(o), with = list(link = link))
  }
  twice <- transform(d, u = 2 * x - z, v = x + 1e-9 * o)
  separated <- transform(d[1:60, ], s = y + (f == "b"))
  c(all, list(
    ridge = fit(y ~ x + g, data = d, penalty = penalty_ridge(2)),
    factors = fit(y ~ x + f * k + g, data = d), sparse = fit(y ~ x + g, data = d, sparse = TRUE),
    sparse_firth = fit(y ~ x + g, data = d, sparse = TRUE, penalty = "firth"),
    sparse_wide = fit(y ~ x + factor(seq_along(y) %% 400), data = d, sparse = TRUE),
    patterns = fit(y ~ f + k, data = d), pattern_counts = fit(cbind(w * y, w) ~ f, data = d),
    aliased = fit(y ~ x + z + u, data = twice), near = fit(y ~ x + v + z, data = twice),
    sparse_aliased = fit(y ~ u + x + z + g, data = twice, sparse = TRUE),
    wide_offset = fit(y ~ x, binomial("probit"), d, offset = 200 * o),
    separated = fit(y ~ x + s, data = separated), many = fit(y ~ . - c - w - o, data = big),
    file = fit(y ~ x + z + f, data = csv), file_probit = fit(y ~ x + f, binomial("probit"), csv),
    file_firth = fit(y ~ x + f, data = csv, penalty = "firth"),
    file_median = fit(y ~ x + f, data = csv, penalty = "median"),
    file_near = fit(y ~ x + I(x + 1e-9 * o) + z, data = csv),
    workers = fit(y ~ x + z + f, data = big, workers = 2),
    workers_median = fit(y ~ x + f, data = big, workers = 2, penalty = "median"),
    workers_near = fit(y ~ x + v + z, data = transform(big, v = x + 1e-9 * o), workers = 2),
    workers_file = fit(y ~ x + z + f, data = csv, workers = 2)
  ))
}

many_classes <- function(d, big, csv) {
  fit <- function(...) later("fastmultinom", substitute(f(...)), list(), parent.frame())
  list(
    classes = fit(c ~ x + z + f, data = d), classes_fisher = fit(c ~ x, data = d, method = "fisher"),
    classes_firth = fit(c ~ x + k, data = d[1:150, ], penalty = "firth"),
    classes_median = fit(c ~ x + k, data = d[1:150, ], penalty = "median"),
    classes_ridge = fit(c ~ x + g, data = d, penalty = penalty_ridge(1)),
    classes_patterns = fit(c ~ f + k, data = d), classes_many = fit(c ~ x + z + f + k, data = big),
    classes_file = fit(c ~ x + z, data = csv),
    classes_workers = fit(c ~ x + z + f, data = big, workers = 2)
  )
}

of_the_tests <- function() {
  for (file in c("helper-data.R", "helper-multinom.R")) source(file.path(helpers, file), globalenv())
  sets <- c(real_data(), by_name(hard_data()))
  tasks <- lapply(sets, function(set) {
    lapply(stats::setNames(nm = set$links), function(link) {
      function(threads) fit_data_set(set, "fastlogit", link, threads = threads)
    })
  })
  unlist(tasks)
}

# --- what is compared of a fit -------------------------------------------------------------------

points_of <- function(profile) lapply(profile, as.list)

attempt <- function(code) tryCatch(suppressWarnings(code), error = conditionMessage)

numbers_of <- function(fit) {
  if (is.character(fit)) return(fit)
  large <- length(coef(fit)) > 40
  list(
    coef = coef(fit), vcov = attempt(vcov(fit)), sandwich = attempt(vcov(fit, type = "HC0")),
    deviance = deviance(fit), history = fit$history[setdiff(names(fit$history), "seconds")],
    eta = attempt(predict(fit, type = "link")), hauck = if (!large) attempt(hauck_donner(fit)),
    confint = if (!large) attempt(confint(fit)), profile = if (!large) attempt(points_of(profile(fit))),
    tests = if (!large) attempt(lr_test(fit)[])
  )
}

collect <- function(library, pattern, file) {
  .libPaths(c(library, .libPaths()))  # workers look there, too
  library("fastlogit", character.only = TRUE)
  d <- simulated(3000)
  big <- simulated(60000, 2)
  utils::write.csv(d, csv <- tempfile(fileext = ".csv"), row.names = FALSE)
  tasks <- c(two_classes(d, big, source_files(csv)), many_classes(d, big, source_files(csv)),
    of_the_tests())
  tasks <- tasks[grepl(pattern, names(tasks))]
  results <- lapply(tasks, function(task) {
    lapply(1:2, function(threads) numbers_of(suppressMessages(attempt(task(threads)))))
  })
  saveRDS(results, file)
}

arguments <- commandArgs(TRUE)
if (arguments[1] == "--collect") {
  collect(arguments[2], arguments[3], arguments[4])
  quit()
}
pattern <- if (length(arguments) > 2) arguments[3] else "."
files <- c(tempfile(), tempfile())
for (i in 1:2) {
  system2("Rscript", shQuote(c(script, "--collect", normalizePath(arguments[i]), pattern, files[i])))
}
results <- lapply(files, readRDS)
refused <- vapply(results[[2]], function(result) is.character(result[[1]]), NA)
for (name in names(results[[1]])) {
  same <- identical(results[[1]][[name]], results[[2]][[name]])
  if (!same) {
    cat(name, "differs:", all.equal(results[[1]][[name]], results[[2]][[name]], tolerance = 0),
      sep = "\n  ")
  }
}
same <- mapply(identical, results[[1]], results[[2]])
cat(sum(same), "of", length(same), "tasks are identical;", sum(refused), "were refused:",
  names(refused)[refused], "\n")
quit(status = as.integer(!all(same)))
