# Separation within matched sets: infinite estimates by linear programs on differences.

separated_fit <- function(...) suppressWarnings(fastclogit(...), classes = "fastlogit_separation")

test_that("infinite estimates are named, and the finite ones are those of what is left", {
  d <- with_seed(2, data.frame(
    set = rep(1:40, each = 3), case = rep(c(1, 0, 0), 40), x = rnorm(120), z = rbinom(120, 1, 0.3)
  ))
  # No other row of a set has w = 1 where its case has not.
  d$w <- ifelse(d$case == 1, rep(rep(0:1, c(30, 10)), each = 3), 0)
  expect_warning(
    fit <- fastclogit(case ~ x + z + w + strata(set), data = d),
    paste(
      "quasi-complete separation: the estimate of `w` is \\+Inf",
      "\\(cases are told from others in 10 of"
    ),
    class = "fastlogit_separation"
  )
  expect_equal(fit$separation, c(x = 0, z = 0, w = Inf))
  rest <- fastclogit(case ~ x + z + strata(set), data = d[d$set <= 30, ])
  table <- summary(fit)$coefficients
  expect_equal(table[1:2, 1], coef(rest), tolerance = 1e-6)
  expect_equal(table[1:2, 3], sqrt(diag(vcov(rest))), tolerance = 1e-6)
  expect_equal(unname(table[3, 1:3]), c(Inf, Inf, NA))
  ends <- confint(fit)
  expect_equal(ends[1:2, ], confint(rest), tolerance = 1e-5)
  expect_equal(ends[3, 2], Inf)
  held <- fastclogit(case ~ x + z + strata(set), data = d, offset = ends[3, 1] * w)
  expect_equal(2 * (rest$loglik[2] - held$loglik[2]), qchisq(0.95, 1), tolerance = 1e-5)
  tests <- lr_test(fit)
  without <- fastclogit(case ~ x + z + strata(set), data = d)
  expect_equal(tests["w", "LRT"], 2 * (rest$loglik[2] - without$loglik[2]), tolerance = 1e-6)
  expect_output(print(separation(fit)), "estimate of `w` is +Inf", fixed = TRUE)
})

test_that("what is tied in a set stays, what is ahead of the ties is decided", {
  # Of two cases one is ahead of all, the other tied with a row that is no case.
  d <- data.frame(
    set = rep(1:6, each = 4), case = rep(c(1, 1, 0, 0), 6), w = rep(c(1, 0, 0, -1), 6),
    x = with_seed(3, rnorm(24))
  )
  fit <- separated_fit(case ~ w + x + strata(set), data = d)
  expect_equal(fit$separation, c(w = Inf, x = 0))
  rest <- fastclogit(case ~ x + strata(set), data = d[d$w == 0, ])
  expect_equal(summary(fit)$coefficients["x", 1], coef(rest)[[1]], tolerance = 1e-6)
  expect_equal(fit$separation_details$rows, which(d$w != 0), ignore_attr = TRUE)
})

test_that("large sets ask by a threshold, with the same answer", {
  rows <- with_seed(6, list(x = cbind(rnorm(60), rbinom(60, 1, 0.2)), set = rep(1:2, each = 30)))
  rows$y <- as.numeric(rows$x[, 2] == 1 | seq_len(60) %% 7 == 0)
  rows$x[, 2] <- rows$x[, 2] * rows$y
  response <- list(y = rows$y, set = rows$set)
  by_pairs <- set_demands(rows$x, response)
  by_threshold <- set_demands(rows$x, response, most_pairs = 10)
  expect_equal(dim(by_threshold$rows(seq_along(by_threshold$set))), c(60, 4))
  a <- cone_of_sets(by_pairs, 1:2)
  b <- cone_of_sets(by_threshold, 1:2)
  expect_equal(a$signs, c(0, Inf))
  expect_equal(b$signs, a$signs)
  expect_equal(rows_decided(by_threshold, b$strict), rows_decided(by_pairs, a$strict))
})

test_that("whether estimates are infinite is decided as an exhaustive search decides it", {
  for (seed in 1:40) {
    rows <- with_seed(seed, {
      x <- matrix(sample(-1:1, 24, TRUE), 12)
      list(x = x, y = rep(c(1, 0, 0), 4), set = rep(1:4, each = 3))
    })
    differences <- do.call(rbind, lapply(1:4, function(s) {
      rbind(rows$x[3 * s - 2, ] - rows$x[3 * s - 1, ], rows$x[3 * s - 2, ] - rows$x[3 * s, ])
    }))
    # Directions of the plane at which a demand of such small whole numbers can turn, and between.
    angles <- sort(unique(c(
      outer(atan2(rep(-2:2, 5), rep(-2:2, each = 5)), c(-0.5, 0, 0.5) * pi, "+")
    )))
    angles <- sort(c(angles, (angles[-1] + angles[-length(angles)]) / 2))
    values <- differences %*% rbind(cos(angles), sin(angles))
    recession <- apply(values > -1e-9, 2, all) & apply(values > 1e-9, 2, any)
    d <- data.frame(y = rows$y, set = rows$set, rows$x)
    fit <- separated_fit(y ~ X1 + X2 + strata(set), data = d)
    if (anyNA(coef(fit))) next
    expect_equal(is_separated(fit), any(recession), label = paste("seed", seed))
    expect_lt(
      max(abs(coef(fastclogit(y ~ X1 + X2 + strata(set), data = d, penalty = "firth")))), 10
    )
  }
})

test_that("what is asked of a separated fit is answered in the limit, or refused", {
  d <- transform(infert, exposed = case * (stratum %% 3 == 0))
  fit <- suppressWarnings(
    fastclogit(case ~ exposed + spontaneous + induced + strata(stratum), data = d)
  )
  left <- d[-fit$separation_details$rows, ]
  limit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = left)
  finite <- c("spontaneous", "induced")
  for (type in c("robust", "HC1", "stata")) {
    expect_equal(vcov(fit, type = type)[finite, finite], vcov(limit, type = type), tolerance = 1e-6)
  }
  expect_equal(
    vcov(fit, cluster = d$education)[finite, finite], vcov(limit, cluster = ~education),
    tolerance = 1e-6
  )
  expect_true(is.na(vcov(fit, type = "robust")["exposed", "exposed"]))
  expect_equal(
    unname(summary(fit, vcov = "robust")$coefficients[2:3, 3]),
    unname(sqrt(diag(vcov(limit, type = "robust")))), tolerance = 1e-6
  )
  expect_error(bootstrap(fit), class = "fastlogit_separation")
  expect_warning(profiles <- profile(fit), class = "fastlogit_separation")
  expect_named(profiles, finite)
  expect_named(attr(profiles, "one_sided"), "exposed")
  for (package in c("emmeans", "estimability")) skip_if_not_installed(package)
  at <- list(spontaneous = 1:2, exposed = 0)
  means <- as.data.frame(emmeans::emmeans(fit, ~spontaneous, at = at))
  expect_equal(diff(means$emmean), coef(limit)[["spontaneous"]], tolerance = 1e-6)
  infinite <- as.data.frame(emmeans::emmeans(fit, ~spontaneous, at = list(exposed = 1)))
  expect_true(is.na(infinite$emmean))
})

test_that("many columns, of which rows are sparse, are asked as few are", {
  set.seed(6)
  d <- data.frame(id = factor(rep_len(1:120, 960)), set = rep(1:240, each = 4L))
  d$x <- rnorm(960)
  d$y <- as.numeric(ave(d$x + rlogis(960), d$set, FUN = rank) == 4)
  d$id <- sample(d$id)
  d$y[d$id == "7"] <- 0
  fit <- suppressWarnings(fastclogit(y ~ x + id + strata(set), data = d))
  expect_identical(separation(fit)$coefficients[["id7"]], -Inf)
})
