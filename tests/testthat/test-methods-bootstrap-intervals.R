test_that("intervals are those of boot.ci(), of the same replicates", {
  skip_if_not_installed("boot")
  d <- births_to_refit()
  types <- c(perc = "percentile", bca = "bca", basic = "basic", norm = "normal")
  places <- c(perc = "percent", bca = "bca", basic = "basic", norm = "normal")
  for (fit in list(
    fastlogit(low ~ age + lwt + smoke, data = d),
    fastlogit(low ~ lwt + smoke, binomial("probit"), data = d)
  )) {
    b <- bootstrap(fit, R = 199, seed = 31)
    theirs <- structure(
      list(t0 = coef(fit), t = b$replicates, R = 199L, data = d, call = quote(boot()),
           sim = "ordinary"),
      class = "boot"
    )
    influence <- 189 * scores_of_units(fit, b$units) %*%
      inverse_of_all(fit, curvature_of_influence(fit))
    for (type in names(types)) for (level in c(0.5, 0.9)) {
      ours <- confint(b, level = level, type = types[[type]])
      for (j in seq_along(coef(fit))) {
        ci <- boot::boot.ci(
          theirs, level, type, index = c(j, j), L = if (type == "bca") influence[, j]
        )
        expect_equal(unname(ours[j, ]), unname(utils::tail(drop(ci[[places[[type]]]]), 2)))
      }
    }
  }
})

test_that("influences are the derivatives of estimates in the weights", {
  d <- births_to_refit()
  step <- 1e-5
  for (fit in fits_to_refit(d)[c("plain", "probit", "offset", "counts", "sparse", "classes")]) {
    nest <- nest_of_refits(fit, NULL, "the test")
    units <- units_to_draw(fit, nest$rows, ~id)
    influence <- as.matrix(
      scores_of_units(fit, units) %*% inverse_of_all(fit, curvature_of_influence(fit))
    )
    times <- cbind(1 + step * (d$id == 3), 1 - step * (d$id == 3))
    found <- solve_reweighted(
      nest$rows, nest$model, times, nest$start, nest$control, nest$algorithm
    )$coefficients
    slope <- (found[, 1] - found[, 2]) / (2 * step)
    expect_equal(unname(influence[3, ]), slope, tolerance = 1e-5)
  }
})

test_that("the acceleration does not depend on the blocks that it is summed by", {
  b <- bootstrap(fastlogit(low ~ age + race, data = births()), R = 3, seed = 1)
  whole <- acceleration_of(b)
  in_blocks <- with_replaced("weights_at_most", 80, acceleration_of(b))
  expect_equal(in_blocks, whole, tolerance = 1e-12)
  influence <- scores_of_units(b$fit, b$units) %*% vcov(b$fit)
  expect_equal(whole, colSums(influence^3) / colSums(influence^2)^1.5 / 6)
})

test_that("infinite replicates are where they belong", {
  values <- c(-Inf, 1:17, Inf, Inf)
  expect_identical(replicate_quantiles(values, c(0.01, 0.99)), c(-Inf, Inf))
  expect_identical(replicate_quantiles(values, c(0.06, 0.5)), c(-Inf, 9.5))
  expect_identical(replicate_quantiles(c(1:18, Inf, Inf), 0.88), Inf)
  ends <- function(type) replicate_ends(values, 9, 0.9, type, 0.01)
  expect_identical(ends("normal"), c(NA, NA, FALSE))
  expect_identical(ends("percentile")[1:2], c(-Inf, Inf))
  # All on one side: there is no correction for bias.
  expect_identical(replicate_ends(1:20, 30, 0.5, "bca", 0), c(NA, NA, FALSE))
})

test_that("too few replicates for the tails are told", {
  b <- bootstrap(fastlogit(low ~ age, data = births()), R = 19, seed = 1)
  expect_warning(
    bounds <- confint(b, "age"), "too few replicates .* of `age`",
    class = "fastlogit_few_replicates"
  )
  expect_identical(as.vector(bounds), range(b$replicates[, "age"]))
  expect_no_warning(confint(b, level = 0.5))
  expect_identical(dimnames(suppressWarnings(confint(b, 2:1, level = 0.9))), list(
    c("age", "(Intercept)"), c("5 %", "95 %")
  ))
  expect_error(confint(b, "smoke"), "`parm`")
  expect_error(confint(b, type = "student"), "\"percentile\", \"bca\"")
})
