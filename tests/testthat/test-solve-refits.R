# Many fits by other weights: what they find is what fits by these weights find.

expect_refits <- function(fit, d, times) {
  nest <- nest_of_refits(fit, NULL, "the test")
  found <- refit_reweighted(
    nest$rows, nest$model, times, nest$start, nest$control, nest$algorithm
  )
  for (i in seq_len(ncol(times))) {
    own <- with_times(fit, d, times[, i])
    if (found$status[i] != "converged") next
    expect_equal(found$shown[, i], flat_values(own), tolerance = 1e-10)
    expect_equal(anyNA(flat_values(own)), any(found$aliased[, i]))
  }
  found
}

test_that("refits are fits by these weights, of every kind", {
  d <- births_to_refit()
  set.seed(1)
  times <- cbind(replicate(3, drawn_once(189)), rep_len(c(0, 1), 189), rep_len(c(2.5, 0, 1), 189))
  for (fit in fits_to_refit(d)) expect_refits(fit, d, times)
  d <- patterns_to_refit()
  times <- cbind(replicate(2, drawn_once(9000)), rep_len(c(0, 1), 9000))
  expect_refits(fastlogit(y ~ a + b, data = d), d, times)
  expect_refits(fastmultinom(class ~ a + b, data = d), d, times)
  expect_refits(fastlogit(y ~ a + b + offset(b / 9), data = d), d, times)
})

test_that("of a design with factors of many levels, too", {
  set.seed(2)
  d <- data.frame(x = rnorm(3000), g = factor(sample(40, 3000, TRUE)))
  d$y <- rbinom(3000, 1, plogis(d$x + (as.integer(d$g) %% 5) / 4))
  fit <- fastlogit(y ~ x + g, data = d)
  expect_refits(fit, d, replicate(3, drawn_once(3000)))
  sparse <- fastlogit(y ~ x + g, data = d, sparse = TRUE)
  expect_refits(sparse, d, replicate(2, drawn_once(3000)))
})

test_that("any number of threads gives the same bits", {
  d <- births_to_refit()
  set.seed(3)
  times <- replicate(9, drawn_once(189))
  for (fit in fits_to_refit(d)[c("plain", "sparse", "firth", "classes")]) {
    of_threads <- lapply(1:3, function(threads) {
      nest <- nest_of_refits(fit, threads, "the test")
      solve_reweighted(nest$rows, nest$model, times, nest$start, nest$control, nest$algorithm)
    })
    expect_identical(of_threads[[2]], of_threads[[1]])
    expect_identical(of_threads[[3]], of_threads[[1]])
  }
})

test_that("what is infinite, open or lost is said by name", {
  d <- births_to_refit()
  fit <- fastlogit(low ~ age + race, data = d)
  n <- nrow(d)
  times <- cbind(
    separated = as.numeric(d$race != "2" | d$low == 1), complete = d$low,
    aliased = as.numeric(d$race != "3"), sound = 1
  )
  found <- expect_refits(fit, d, times)
  expect_identical(found$status, c("separated", "separated", "converged", "converged"))
  expect_identical(found$shown[3, 1], Inf)
  finite <- fastlogit(low ~ age + race, data = d, subset = race != "2")
  expect_equal(found$shown[-3, 1], unname(coef(finite)), tolerance = 1e-8)
  expect_true(all(is.na(found$shown[, 2]) | is.infinite(found$shown[, 2])))
  expect_identical(which(is.na(found$shown[, 3])), 4L)
  expect_identical(unname(colSums(found$aliased)), c(0, 0, 1, 0))
  expect_identical(found$coefficients[4, 3], 0)
  classes <- fastmultinom(race ~ age, data = d)
  without <- expect_refits(classes, d, cbind(as.numeric(d$race != "2")))
  expect_identical(without$status, "separated")
})

test_that("a penalised fit has a maximum whatever the weights are", {
  d <- births_to_refit()
  fit <- fastlogit(low ~ age + race, data = d, penalty = "firth")
  found <- expect_refits(fit, d, cbind(as.numeric(d$race != "2" | d$low == 1), d$low))
  expect_identical(found$status, c("converged", "converged"))
})

test_that("a fit that does not converge has no estimates", {
  d <- births_to_refit()
  nest <- nest_of_refits(fastlogit(low ~ age + lwt, data = d), NULL, "the test")
  nest$control$maxit <- 1
  nest$start[] <- 0
  found <- refit_reweighted(
    nest$rows, nest$model, cbind(rep(1, 189)), nest$start, nest$control, nest$algorithm
  )
  expect_identical(found$status, "not converged")
  expect_true(all(is.na(found$shown)))
})
