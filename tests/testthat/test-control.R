# Control values, methods, and arguments that do not exist.

test_that("wrong control values are refused, and the allowed ones told", {
  expect_refusals(alist(
    "epsilon negative" = fastlogit(fail ~ temp, data = oring, epsilon = -1),
    "epsilon 0" = fastlogit(fail ~ temp, data = oring, control = list(epsilon = 0)),
    "epsilon character" = fastlogit(fail ~ temp, data = oring, epsilon = "small"),
    "epsilon NA" = fastlogit_control(epsilon = NA_real_),
    "epsilon two" = fastlogit_control(epsilon = c(1e-8, 1e-9)),
    "epsilon NULL" = fastlogit_control(NULL),
    "maxit 0" = fastlogit(fail ~ temp, data = oring, maxit = 0),
    "maxit infinite" = fastlogit(fail ~ temp, data = oring, maxit = Inf),
    "maxit NA" = fastlogit_control(maxit = NA),
    "maxit two" = fastlogit_control(maxit = 10:11),
    "trace NA" = fastlogit(fail ~ temp, data = oring, trace = NA),
    "trace NULL" = fastlogit_control(trace = NULL),
    "threads 0" = fastlogit(fail ~ temp, data = oring, threads = 0),
    "threads character" = fastlogit_control(threads = "all"),
    "threads two" = fastlogit_control(threads = 1:2)
  ))
})

test_that("control must be a list with names", {
  expect_refusals(alist(
    "a number" = fastlogit(fail ~ temp, data = oring, control = 3),
    "NULL" = fastlogit(fail ~ temp, data = oring, control = NULL),
    "without names" = fastlogit(fail ~ temp, data = oring, control = list(1e-8, 25))
  ))
})

test_that("unknown arguments are refused by name", {
  expect_refusals(alist(
    "one" = fastlogit(fail ~ temp, data = oring, famly = binomial()),
    "two" = fastlogit(fail ~ temp, data = oring, alpha = 1, lambda = 2),
    "in control" = fastlogit(fail ~ temp, data = oring, control = list(maxit = 9, tol = 1e-8)),
    "of fastlogit_control" = fastlogit_control(tolerance = 1e-8),
    "without a name" = fastlogit_control(1e-8, 25, FALSE, 1, 7)
  ))
})

test_that("an unknown method is refused, and the known ones told", {
  expect_refusals(alist(
    "unknown" = fastlogit(fail ~ temp, data = oring, method = "irls"),
    "NA" = fastlogit(fail ~ temp, data = oring, method = NA),
    "NULL" = fastlogit(fail ~ temp, data = oring, method = NULL),
    "two" = fastlogit(fail ~ temp, data = oring, method = c("newton", "fisher")),
    "of a covariance matrix" = vcov(fastlogit(fail ~ temp, data = oring), type = "sandwich")
  ))
})

test_that("control comes as an argument, as a list, or as glm.control()'s", {
  expected <- fastlogit(fail ~ temp, data = oring)
  for (fit in list(
    fastlogit(fail ~ temp, data = oring, epsilon = 1e-10, maxit = 50),
    fastlogit(fail ~ temp, data = oring, control = list(epsilon = 1e-10)),
    fastlogit(fail ~ temp, data = oring, control = list(eps = 1e-10)),
    fastlogit(fail ~ temp, data = oring, control = glm.control(1e-10, 50)),
    fastlogit(fail ~ temp, data = oring, control = fastlogit_control(threads = 2)),
    fastlogit(fail ~ temp, data = oring, maxit = 30.5, threads = 1e9)
  )) {
    expect_equal(coef(fit), coef(expected), tolerance = 1e-12)
    expect_true(fit$converged)
    expect_named(fit$control, c("epsilon", "maxit", "trace"))
  }
  expect_identical(
    fastlogit(fail ~ temp, data = oring, maxit = 7)$control,
    list(epsilon = 1e-8, maxit = 7, trace = FALSE)
  )
})

test_that("an epsilon below what doubles can show is met at their floor", {
  expected <- coef(fastlogit(fail ~ temp, data = oring))
  for (link in links_but_log) {
    for (method in c("newton", "fisher", "gradient")) {
      for (epsilon in c(1e-12, 1e-16, 1e-20)) {
        fit <- fastlogit(fail ~ temp, binomial(link), oring, method = method, epsilon = epsilon,
          maxit = 1000)
        expect_true(fit$converged, label = paste(link, method, epsilon))
      }
    }
  }
})

test_that("a looser epsilon takes no more iterations", {
  for (link in links_but_log) {
    iterations <- vapply(10^-c(2, 4, 8, 12), function(epsilon) {
      fastlogit(fail ~ temp, binomial(link), oring, method = "fisher", epsilon = epsilon,
        maxit = 100)$iter
    }, 0L)
    expect_false(is.unsorted(iterations), label = link)
  }
})

test_that("what control holds is a formal argument too, which editors complete", {
  for (door in list(fastlogit, fastmultinom)) {
    expect_true(all(names(formals(fastlogit_control)) %in% names(formals(door))))
    # After the dots, so that abbreviations of glm()'s arguments mean what they mean there.
    own <- match(control_arguments, names(formals(door)))
    expect_true(all(own > match("...", names(formals(door)))))
    expect_identical(formals(door)[own], formals(fastlogit_control)[control_arguments])
  }
})

test_that("the settings that are given reach the fit, whole, abbreviated or from a function", {
  skip_if_not_installed("MASS")
  d <- transform(MASS::birthwt, race = factor(race))
  one_step <- function(...) suppressWarnings(fastlogit(low ~ lwt + race, data = d, ...))
  steps <- function(limit) one_step(maxit = limit)
  for (fit in list(
    one_step(maxit = 1), one_step(max = 1), steps(1), one_step(control = list(maxit = 1)),
    update(one_step(trace = FALSE), maxit = 1),
    suppressWarnings(fastmultinom(race ~ lwt, data = d, maxit = 1)),
    suppressWarnings(fastmultinom(race ~ lwt, data = d, max = 1))
  )) {
    expect_identical(fit$iter, 1L)
    expect_false(fit$converged)
  }
  expect_identical(as.list(update(one_step(), maxit = 1)$call)$maxit, 1)
  # The limits of other methods, unless a limit is given.
  expect_identical(one_step(method = "gradient", threads = 1)$control$maxit, 1000L)
  expect_identical(one_step(method = "gradient", maxit = 25)$control$maxit, 25)
})
