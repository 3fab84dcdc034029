test_that("replicates are fits by the numbers of times that rows are drawn", {
  d <- births_to_refit()
  for (fit in fits_to_refit(d)[c("plain", "weighted", "firth", "classes")]) {
    b <- bootstrap(fit, R = 4, seed = 11)
    used <- which(as.vector(fit$prior.weights %||% fit$weights) > 0)
    set.seed(11)
    for (i in 1:4) {
      times <- numeric(189)
      times[used] <- drawn_once(length(used))
      own <- with_times(fit, d, times)
      expect_equal(unname(b$replicates[i, ]), flat_values(own), tolerance = 1e-10)
    }
  }
})

test_that("they are those of package boot, from the same seed", {
  skip_if_not_installed("boot")
  d <- births_to_refit()
  fit <- fastlogit(low ~ age + lwt + smoke, data = d)
  set.seed(12)
  theirs <- boot::boot(d, function(d, i) {
    coef(glm(low ~ age + lwt + smoke, binomial, d[i, ], control = list(epsilon = 1e-14)))
  }, R = 20, simple = TRUE)
  set.seed(12)
  expect_equal(unname(bootstrap(fit, R = 20)$replicates), theirs$t, tolerance = 1e-8)
})

test_that("a seed makes the same replicates for any number of threads", {
  fit <- fastlogit(low ~ age + lwt + smoke, data = births())
  one <- bootstrap(fit, R = 40, seed = 1, threads = 1)
  expect_identical(bootstrap(fit, R = 40, seed = 1, threads = 2)$replicates, one$replicates)
  set.seed(1)
  expect_identical(bootstrap(fit, R = 40)$replicates, one$replicates)
  expect_false(identical(bootstrap(fit, R = 40)$replicates, one$replicates))
})

test_that("clusters are drawn whole", {
  d <- births_to_refit()
  fit <- fastlogit(low ~ age + lwt, data = d)
  b <- bootstrap(fit, R = 3, cluster = ~id, seed = 5)
  expect_identical(b$units$count, 40L)
  set.seed(5)
  for (i in 1:3) {
    own <- with_times(fit, d, drawn_once(40)[d$id])
    expect_equal(b$replicates[i, ], coef(own), tolerance = 1e-10)
  }
  expect_identical(bootstrap(fit, R = 3, cluster = d$id, seed = 5)$replicates, b$replicates)
  # Rows that the fit leaves out belong to none.
  d$age[4] <- NA
  left <- fastlogit(low ~ age + lwt, data = d)
  by_value <- bootstrap(left, R = 3, cluster = d$id, seed = 5)
  expect_identical(bootstrap(left, R = 3, cluster = ~id, seed = 5)$replicates, by_value$replicates)
})

test_that("a row of counts, and a row of any weight, is one case; of weight zero none", {
  d <- births_to_refit()
  expect_identical(bootstrap(fastlogit(counts ~ age, data = d), R = 2, seed = 1)$units$count, 189L)
  weighted <- fastlogit(low ~ age + lwt, data = d, weights = twice)
  expect_identical(bootstrap(weighted, R = 2, seed = 1)$units$count, sum(d$twice > 0))
  there <- fastlogit(low ~ age + lwt, data = d, weights = twice, subset = twice > 0)
  expect_equal(
    bootstrap(weighted, R = 5, seed = 1)$replicates, bootstrap(there, R = 5, seed = 1)$replicates,
    tolerance = 1e-12
  )
})

test_that("separated replicates are counted, and infinite", {
  set.seed(21)
  d <- data.frame(x = rnorm(60), z = rep(c(1, 0), c(6, 54)))
  d$y <- c(1, 1, 1, 1, 1, 0, rbinom(54, 1, 0.5))
  fit <- fastlogit(y ~ x + z, data = d)
  expect_warning(
    b <- bootstrap(fit, R = 60, seed = 2), "of 60 replicates are separated, .* of `z`",
    class = "fastlogit_replicates"
  )
  separated <- b$status == "separated"
  expect_gt(sum(separated), 3)
  expect_identical(unname(is.finite(b$replicates[, "z"])), !separated)
  expect_identical(confint(b, "z")[[2]], Inf)
  expect_true(all(is.finite(confint(b, "x"))))
  expect_identical(is.na(diag(vcov(b))), c("(Intercept)" = FALSE, x = FALSE, z = TRUE))
  expect_equal(vcov(b)["x", "x"], var(b$replicates[, "x"]))
  expect_identical(unname(is.na(confint(b, "z", type = "basic"))), matrix(TRUE, 1, 2))
  firth <- fastlogit(y ~ x + z, data = d, penalty = "firth")
  expect_no_warning(expect_true(all(is.finite(vcov(bootstrap(firth, R = 60, seed = 2))))))
})

test_that("columns that samples do not tell from others are NA, and counted", {
  set.seed(22)
  d <- data.frame(x = rnorm(200), g = factor(rep(c("rare", "a", "b"), c(3, 99, 98)), c("a", "rare",
    "b")))
  d$y <- c(0, 1, 0.5, rbinom(197, 1, 0.4))
  fit <- suppressWarnings(fastlogit(y ~ x + g, data = d, penalty = "firth"))
  expect_warning(b <- bootstrap(fit, R = 80, seed = 1), "`grare`", class = "fastlogit_replicates")
  lost <- is.na(b$replicates[, "grare"])
  expect_gt(sum(lost), 0)
  expect_match(told_replicates(b), paste(sum(lost), "of 80 replicates ha.* no estimate of `grare`"))
  expect_equal(vcov(b), cov(b$replicates[!lost, ]))
  expect_identical(summary(b)$replicates, unname(c(80, 80, 80 - sum(lost), 80)))
  # Of the fit itself they have neither.
  twice <- fastlogit(y ~ x + I(2 * x), data = transform(d, y = round(y)))
  b <- bootstrap(twice, R = 10, seed = 1)
  expect_identical(unname(is.na(b$estimate)), c(FALSE, FALSE, TRUE))
  expect_true(all(is.na(confint(suppressWarnings(b), 3))))
})

test_that("vcov = takes a bootstrap of the fit, or its name", {
  d <- births_to_refit()
  fit <- fastlogit(low ~ age + lwt + smoke, data = d)
  b <- bootstrap(fit, R = 100, seed = 3)
  expect_equal(coef(summary(fit, vcov = b))[, 2], sqrt(diag(vcov(b))))
  half <- qnorm(0.975) * sqrt(diag(vcov(b)))
  by_hand <- cbind(coef(fit) - half, coef(fit) + half)
  expect_equal(unname(confint(fit, vcov = b, method = "wald")), unname(by_hand))
  expect_equal(
    average_effects(fit, "age", vcov = b)$std.error,
    average_effects(fit, "age", vcov = vcov(b))$std.error
  )
  expect_match(covariance_of(fit, b)$title, "the bootstrap, 100 replicates of 189 cases")
  set.seed(3)
  by_name <- covariance_of(fit, "bootstrap")
  expect_equal(by_name$covariance, vcov(bootstrap(fit, seed = 3)))
  classes <- fastmultinom(race ~ age + smoke, data = d)
  of_classes <- bootstrap(classes, R = 50, seed = 1)
  expect_equal(
    as.vector(t(summary(classes, vcov = of_classes)$standard.errors)),
    unname(sqrt(diag(vcov(of_classes))))
  )
  expect_refusals(alist(
    "of another fit" = summary(fastlogit(low ~ age, data = d), vcov = b),
    "another name" = summary(fit, vcov = "jackknife"),
    "too few" = bootstrap(fit, R = 1),
    "no number" = bootstrap(fit, R = "many"),
    "one cluster" = bootstrap(fit, cluster = rep(1, 189))
  ))
})

test_that("a separated fit is refused, and says what would do", {
  d <- data.frame(x = 1:8, y = rep(0:1, each = 4))
  separated <- suppressWarnings(fastlogit(y ~ x, data = d))
  expect_match(
    expect_refusal(quote(bootstrap(separated)), "fastlogit_separation"), "penalty = \"firth\""
  )
})

test_that("what is printed", {
  fit <- fastlogit(fail ~ temp, data = oring, penalty = "firth")
  expect_snapshot(bootstrap(fit, R = 200, seed = 1))
  b <- bootstrap(fit, R = 10, seed = 1)
  expect_snapshot(summary(b, type = "normal", level = 0.5))
  expect_identical(coef(b), coef(fit))
})

test_that("matched sets are drawn as a whole", {
  d <- with_seed(1, {
    d <- with(random_matched_sets(60, 2, seed = 3), data.frame(y, set, x))
    d[sample(nrow(d)), ]
  })
  pairs <- with_seed(4, data.frame(set = rep(1:30, each = 2), x = rnorm(60), y = rep(1:0, 30)))
  for (case in list(
    list(y ~ X1 + X2 + strata(set), d), list(y ~ x + strata(set), with_seed(2, pairs[sample(60), ]))
  )) {
    data <- case[[2]]
    data$w <- 1 + data$set %% 2
    fit <- fastclogit(case[[1]], data = data, weights = w)
    b <- bootstrap(fit, R = 5, seed = 2)
    expect_equal(b$units$count, fit$sets$used)
    with_seed(2, for (r in 1:5) {
      drawn <- sample.int(b$units$count, replace = TRUE)
      rows <- lapply(seq_along(drawn), function(i) {
        transform(data[b$units$of_row == drawn[i], ], set = i)
      })
      alone <- fastclogit(case[[1]], data = do.call(rbind, rows), weights = w)
      expect_equal(b$replicates[r, ], coef(alone), tolerance = 1e-10)
    })
    expect_output(print(b), "replicates of [0-9]+ sets")
    expect_true(all(is.finite(suppressWarnings(confint(b, type = "bca")))))
  }
  # Where a sample is separated it is fitted anew, by the sets that vary in it.
  few <- fastclogit(
    case ~ spontaneous + induced + strata(stratum), data = infert, subset = stratum <= 12
  )
  expect_warning(b <- bootstrap(few, R = 100, seed = 1), "are separated, with infinite estimates")
  expect_true(any(is.infinite(b$replicates)))
  expect_error(
    bootstrap(few, R = 5, cluster = ~case), "clusters are of whole sets",
    class = "fastlogit_input_error"
  )
  by_school <- suppressWarnings(bootstrap(few, R = 5, cluster = ~education, seed = 1))
  expect_equal(by_school$units$title, "cluster")
})

test_that("ordered classes: replicates are fits to the drawn rows", {
  data <- ordered_data(100)
  fit <- fastordinal(y ~ x + g, data, link = "probit", family = "adjacent")
  found <- bootstrap(fit, R = 3, seed = 5)
  set.seed(5)
  for (i in 1:3) {
    drawn <- data[sample.int(100, 100, TRUE), ]
    again <- fastordinal(y ~ x + g, drawn, link = "probit", family = "adjacent")
    expect_equal(found$replicates[i, ], all_estimates(again), tolerance = 1e-7)
  }
  for (type in c("percentile", "bca", "basic", "normal")) {
    bounds <- suppressWarnings(confint(found, type = type))
    expect_identical(rownames(bounds), names(all_estimates(fit)))
  }
  many <- bootstrap(fit, R = 200, seed = 1)
  ratio <- sqrt(diag(vcov(many)) / diag(vcov(fit)))
  expect_true(all(ratio > 0.7 & ratio < 1.5))
  expect_equal(summary(fit, vcov = many)$table[, 2L], sqrt(diag(vcov(many))))
  # Influences by the scores of the rows: without a row the estimate moves by about as much.
  unit <- scores_of_units(fit, many$units) %*% vcov(fit)
  left_out <- vapply(1:100, function(i) {
    all_estimates(fit) - all_estimates(fastordinal(
      y ~ x + g, data[-i, ], link = "probit", family = "adjacent"
    ))
  }, all_estimates(fit))
  expect_gt(cor(unit[, 1L], left_out[1L, ]), 0.95)
})

test_that("ordered classes: separated replicates have infinite estimates", {
  data <- data.frame(y = factor(c(1, 1, 2, 1, 2, 3, 2, 3)), x = 1:8)
  fit <- fastordinal(y ~ x, data)
  expect_false(is_separated(fit))
  found <- suppressWarnings(bootstrap(fit, R = 40, seed = 1))
  separated <- found$status == "separated"
  expect_true(any(separated))
  expect_true(any(is.infinite(found$replicates[separated, ])))
  expect_false(any(is.infinite(found$replicates[found$status == "converged", ])))
})
