influence_of <- function(fit, ...) drawn(plot(fit, "influence", ...))$influence

test_that("distances and leverages are those of cooks.distance() and hatvalues()", {
  d <- births_to_draw()
  rownames(d) <- paste0("mother", rownames(d))
  d$w <- rep(0:2, length.out = nrow(d))
  fits <- suppressWarnings(list(
    fastlogit(low ~ age + lwt + race, data = d),
    fastlogit(low ~ age + race, binomial("probit"), data = d, weights = w),
    fastlogit(low ~ age + race, data = d, penalty = "firth"),
    fastlogit(low ~ age + I(2 * age) + race, quasibinomial(), data = d),
    fastlogit(low ~ age + race, data = d, sparse = TRUE)
  ))
  for (fit in fits) {
    shown <- influence_of(fit)
    expect_identical(nrow(shown), sum(fit$prior.weights > 0))
    expect_equal(shown$leverage, unname(hatvalues(fit)[shown$row]))
    expect_equal(shown$cook, unname(cooks.distance(fit)[shown$row]))
    expect_false(is.unsorted(rev(shown$cook)))
  }
})

test_that("of many rows the extreme are all there, and of the others one of each place", {
  d <- simulate_binary(20000, 2)
  fit <- fastlogit(y ~ x1 + x2, data = d)
  shown <- influence_of(fit)
  expect_lt(nrow(shown), 6000)
  cook <- sort(cooks.distance(fit), decreasing = TRUE)
  expect_identical(shown$row[1:100], names(cook)[1:100])
  expect_true(names(which.max(hatvalues(fit))) %in% shown$row)
})

test_that("a source has the rows' numbers", {
  d <- births_to_draw()
  rownames(d) <- NULL
  stored <- fastlogit(low ~ age + lwt, data = source_function(chunks_of(d, 50)))
  expect_equal(influence_of(stored), influence_of(fastlogit(low ~ age + lwt, data = d)))
})

test_that("rows that are one point are named together", {
  named <- named_points(data.frame(x = c(1, 1, 2), y = c(3, 3, 3), label = c("a", "b", "c")))
  expect_identical(named$label, c(`1 3` = "a, b", `2 3` = "c"), ignore_attr = TRUE)
})
