# The same rows have the same separation: in whatever order, units and place, by whatever method.

test_that("the answer is that of whole numbers, for all methods, orders, units and storages", {
  asked <- 0
  for (set in random_sets(12, 30, random_integers)) {
    d <- set$data
    family <- quasibinomial(set$link)
    x <- stats::model.matrix(set$formula, d)
    used <- d$w > 0
    expected <- exact_signs(x[used, ], 2 * d$y[used] - 1)
    label <- paste(deparse(set$formula), set$link)
    fit <- function(data, ...) {
      suppressWarnings(fastlogit(set$formula, family, data, weights = w, offset = o, ...))
    }
    expect_signs <- function(found, how) {
      expect_identical(unname(found), expected, label = paste(how, label))
      asked <<- asked + 1
    }
    expect_signs(detect_separation(set$formula, family, d, weights = w)$coefficients, "asked")
    shuffled <- d[with_seed(asked, sample(nrow(d))), ]
    expect_signs(
      detect_separation(set$formula, family, shuffled, weights = w)$coefficients, "shuffled"
    )
    for (method in c("newton", "fisher", "gradient")) {
      expect_signs(fit(d, method = method)$separation, method)
    }
    expect_signs(fit(d, sparse = TRUE)$separation, "sparse")
    expect_signs(fit(source_function(chunks_of(d, 13)))$separation, "source")
    if ("I(i + j)" %in% colnames(x)) next
    d$i <- d$i * 10^(asked %% 19 - 9)
    expect_signs(fit(d)$separation, "in other units")
    expect_signs(fit(source_function(chunks_of(d, 13)))$separation, "source in other units")
  }
  expect_gt(asked, 200)
})

# x2 = x1 + 2^-k z, exactly, so the cone is that of (x1, z): C = {c}, where b1 = c_1 - b2 and
# b2 = 2^k c_z.
test_that("nearly dependent columns: the order of the rows makes no difference", {
  kinds <- character()
  for (seed in 1:25) {
    with_seed(seed, {
      n <- sample(8:30, 1)
      z <- sample(-1:1, n, TRUE)
      x1 <- sample(-2:2, n, TRUE)
      eta <- sample(-2:2, 1) + sample(-2:2, 1) * x1 + sample(-3:3, 1) * z
      if (seed %% 3 == 1) eta <- x1
      chance <- switch(
        seed %% 3 + 1, eta > 0, (eta > 0) + (eta == 0) / 2, stats::plogis(eta / 9)
      )
      y <- stats::rbinom(n, 1, chance)
      orders <- replicate(3, sample(n), simplify = FALSE)
    })
    x <- cbind(1, x1, z)
    if (qr(x)$rank < 3) next
    rays <- extreme_rays((2 * y - 1) * x)
    for (k in c(10, 26, 33)) {
      b <- cbind(rays[, 1], rays[, 2] - 2^k * rays[, 3], 2^k * rays[, 3])
      up <- colSums(b > 0) > 0
      down <- colSums(b < 0) > 0
      expected <- ifelse(up & down, NA_real_, ifelse(up, Inf, ifelse(down, -Inf, 0)))
      d <- data.frame(x1 = x1, x2 = x1 + z * 2^-k, y = y)
      # A sign that b1 takes only beside a b2 of 2^33 times its size is below what programs see.
      seen <- if (k < 33) 1:3 else c(1, 3)
      for (order in orders) {
        found <- detect_separation(y ~ x1 + x2, data = d[order, ])
        expect_identical(unname(found$coefficients)[seen], expected[seen], label = paste(seed, k))
      }
      kinds <- c(kinds, found$kind)
    }
  }
  expect_true(all(c("none", "quasi-complete", "complete") %in% kinds))
})

test_that("many classes: orders of rows and classes, and a source, make no difference", {
  for (set in random_sets(13, 15, random_classes)) {
    d <- set$data
    if (is.matrix(d$y)) next
    fit <- function(data, ...) {
      suppressWarnings(fastmultinom(set$formula, data, weights = w, ...))$separation
    }
    expected <- fit(d)
    label <- deparse(set$formula)
    expect_identical(fit(d[rev(seq_len(nrow(d))), ]), expected, label = label)
    expect_identical(fit(source_function(chunks_of(d, 9))), expected, label = label)
    expect_identical(fit(d, method = "gradient"), expected, label = label)
    turned <- transform(d, y = factor(y, c(levels(y)[1], rev(levels(y)[-1]))))
    expect_identical(fit(turned)[rownames(expected), ], expected, label = label)
  }
})

test_that("a row of which both outcomes were observed must stay", {
  cone <- demanded_cone(cbind(1, c(0, 1, 1, 2)), c(-1, -1, 1, 1))
  expect_identical(cone$strict, c(TRUE, FALSE, FALSE, TRUE))
  expect_identical(cone$signs, c(-Inf, Inf))
})

test_that("sizes beyond 2^31 are counted, and factors of many levels are not made dense", {
  large <- function(...) list(rows = 5000000L, names = character(430), ...)
  factor <- function(levels) {
    list(list(variables = 1L, codings = list(indicators(seq_len(levels)[-1L], seq_len(levels)))))
  }
  numbers <- lapply(1:429, function(j) list(variables = j, codings = list(NULL)))
  expect_identical(entries_of(large()), 2.15e9)
  expect_true(is_too_large(large(sparse = TRUE)))
  expect_true(is_too_large(large(terms = factor(430), variables = list(1L))))
  expect_false(is_too_large(large(terms = numbers, variables = rep(list(1), 429))))
  small <- list(rows = 100L, names = character(430), sparse = TRUE)
  expect_false(is_too_large(small))
  expect_identical(signs_of_infinity(list(), character(50000), character(3))[1:2], c(0, 0))
})

test_that("the demands of many classes have no more entries than their rows", {
  with_seed(3, {
    x <- matrix(rnorm(900) * (runif(900) < 0.5), 180)
    observed <- outer(sample(7, 180, TRUE), 1:7, "==")
  })
  observed[1, 2:3] <- TRUE
  dense <- class_demands(x, observed)
  sparse <- class_demands(as_sparse(x), observed)
  for (kind in c("ordered", "fixed")) {
    expect_equal(as.matrix(sparse[[kind]]), dense[[kind]], ignore_attr = TRUE)
    expect_identical(length(sparse[[kind]]@x), sum(dense[[kind]] != 0))
  }
  expect_identical(sparse[c("row", "class")], dense[c("row", "class")])
})
