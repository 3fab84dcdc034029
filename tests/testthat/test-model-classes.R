for (package in c("MASS", "nnet")) skip_if_not_installed(package)

d <- simulate_classes(240)
fit_of <- function(data = d, formula = y ~ x1 + g, ...) fastmultinom(formula, data = data, ...)

expect_same_fit <- function(fit, other, tolerance = 1e-10) {
  expect_equal(fit$coefficients, other$coefficients, tolerance = tolerance)
  expect_equal(vcov(fit), vcov(other), tolerance = tolerance)
  expect_equal(fit$deviance, other$deviance, tolerance = tolerance)
}

test_that("the classes may be a factor, ordered, character or whole numbers", {
  fit <- fit_of()
  expect_identical(fit$lab, c("a", "b", "c"))
  expect_identical(coef(fit_of(transform(d, y = as.character(y)))), coef(fit))
  expect_identical(coef(fit_of(transform(d, y = factor(y, ordered = TRUE)))), coef(fit))
  numbers <- fit_of(transform(d, y = 10 * as.integer(y)))
  expect_identical(numbers$lab, c("10", "20", "30"))
  expect_equal(unname(coef(numbers)), unname(coef(fit)))
})

test_that("a logical or 0/1 response has two classes", {
  logical <- fit_of(formula = (y == "a") ~ x1)
  expect_identical(logical$lab, c("FALSE", "TRUE"))
  expect_equal(coef(logical), coef(fastlogit((y == "a") ~ x1, data = d)), tolerance = 1e-12)
  number <- fit_of(formula = as.numeric(y == "a") ~ x1)
  expect_identical(coef(number), coef(logical))
})

test_that("a reference is the baseline that relevel() makes", {
  for (class in c("a", "b", "c")) {
    releveled <- fit_of(transform(d, y = relevel(y, class)))
    fit <- fit_of(reference = class)
    expect_identical(fit$lab, releveled$lab)
    expect_identical(coef(fit), coef(releveled))
    expect_identical(vcov(fit), vcov(releveled))
    expect_identical(fit$fitted.values, releveled$fitted.values)
  }
})

test_that("classes without rows are dropped, and named", {
  more <- transform(d, y = factor(y, c("z", "a", "b", "y", "c")))
  expect_warning(fit <- fit_of(more), class = "fastlogit_empty_class")
  expect_same_fit(fit, fit_of())
  expect_snapshot(invisible(fit_of(more)))
  expect_snapshot(invisible(fit_of(transform(d, y = factor(y, c("a", "b", "c", "z"))))))
  expect_warning(fit <- fit_of(d[d$y != "a", ]), class = "fastlogit_empty_class")
  expect_identical(fit$lab, c("b", "c"))
  counts <- d[1:3]
  counts$y <- cbind(class_indicators(d$y), none = 0)
  expect_warning(fit <- fit_of(counts), class = "fastlogit_empty_class")
  expect_same_fit(fit, fit_of())
})

test_that("a class whose rows have no weight is dropped, and its rows stay", {
  weights <- as.numeric(d$y != "b")
  expect_warning(
    fit <- fit_of(weights = weights),
    class = "fastlogit_empty_class"
  )
  expect_identical(fit$lab, c("a", "c"))
  expect_length(fit$linear.predictors, nrow(d))
  kept <- droplevels(d[d$y != "b", ])
  expect_equal(coef(fit), coef(fit_of(kept)), tolerance = 1e-10)
  expect_false(anyNA(fit$fitted.values))
})

test_that("rows of weight zero count for nothing", {
  weights <- rep(c(0, 1, 2), length.out = nrow(d))
  fit <- fit_of(weights = weights)
  without <- fit_of(d[weights > 0, ], weights = rep(1:2, length.out = 160))
  expect_same_fit(fit, without)
  expect_identical(fit$df.residual, without$df.residual)
  expect_identical(nrow(fit$fitted.values), nrow(d))
  wild <- transform(d, x1 = ifelse(weights == 0, 1e200, x1))
  expect_equal(coef(fit_of(wild, weights = weights)), coef(fit), tolerance = 1e-8)
})

test_that("counts are rows with weights, and rows are indicators", {
  long <- as.data.frame(HairEyeColor)
  counts <- fastmultinom(hair ~ Eye + Sex, data = hair_counts())
  rows <- fastmultinom(Hair ~ Eye + Sex, data = long, weights = Freq)
  expect_same_fit(counts, rows)
  expanded <- long[rep(seq_len(nrow(long)), long$Freq), ]
  expect_same_fit(counts, fastmultinom(Hair ~ Eye + Sex, data = expanded))
  indicators <- d
  indicators$y <- class_indicators(d$y)
  expect_same_fit(fit_of(indicators), fit_of())
  expect_same_fit(fit_of(indicators, reference = "c"), fit_of(reference = "c"))
})

test_that("counts may have weights of their own, no names, and empty rows", {
  counts <- hair_counts()
  doubled <- counts
  doubled$hair <- 2 * counts$hair
  twice <- rep(2, nrow(counts))
  expect_same_fit(
    fastmultinom(hair ~ Eye + Sex, data = counts, weights = twice),
    fastmultinom(hair ~ Eye + Sex, data = doubled)
  )
  nameless <- counts
  colnames(nameless$hair) <- NULL
  expect_identical(fastmultinom(hair ~ Eye, data = nameless)$lab, c("1", "2", "3", "4"))
  empty <- rbind(counts, counts[1, ])
  empty$hair[9, ] <- 0
  expect_same_fit(
    fastmultinom(hair ~ Eye + Sex, data = empty), fastmultinom(hair ~ Eye + Sex, data = counts)
  )
  large <- counts
  large$hair <- 1e7 * counts$hair
  fit <- fastmultinom(hair ~ Eye + Sex, data = large)
  expect_equal(coef(fit), coef(fastmultinom(hair ~ Eye + Sex, data = counts)), tolerance = 1e-10)
})

test_that("columns of counts without a name are called by their numbers, and names differ", {
  d <- MASS::housing
  fit <- fastmultinom(cbind(Freq, 40, Freq + 2) ~ Infl, data = d)
  expect_identical(fit$lab, c("Freq", "2", "3"))
  named <- fastmultinom(cbind(Freq = Freq, `2` = 40, `3` = Freq + 2) ~ Infl, data = d)
  expect_identical(coef(fit), coef(named))
  there <- fastmultinom(
    cbind(Freq, 40, Freq + 2) ~ Infl, data = source_function(chunks_of(d, 30))
  )
  expect_equal(coef(there), coef(fit), tolerance = 1e-12)
  expect_refusal(quote(fastmultinom(cbind(a = Freq, b = 40, a = Freq + 2) ~ Infl, data = d)))
})

test_that("an offset is a vector, or has a column for each class, with or without the baseline", {
  set <- list(formula = y ~ x1 + g, data = d)
  offsets <- cbind(0.3 * d$x2, 0.1, -0.5 * d$x2)
  relative <- offsets[, -1] - offsets[, 1]
  reference <- nnet::multinom(
    y ~ x1 + g + offset(offsets), d,
    reltol = 1e-15, maxit = 1e4, trace = FALSE
  )
  # With an offset its Hessian fails: vglm()'s.
  skip_if_not_installed("VGAM")
  exact <- VGAM::vglm(
    y ~ x1 + g, VGAM::multinomial(refLevel = 1), d,
    offset = relative, epsilon = 1e-12
  )
  order <- c(1, 3, 5, 7, 2, 4, 6, 8)
  fit <- fit_of(offset = offsets)
  expect_equal(coef(fit), coef(reference), tolerance = 1e-6)
  expect_equal(deviance(fit), deviance(reference), tolerance = 1e-10)
  expect_equal(by_class(coef(fit)), unname(VGAM::coef(exact)[order]), tolerance = 1e-8)
  expect_equal(unname(vcov(fit)), unname(VGAM::vcov(exact)[order, order]), tolerance = 1e-6)
  expect_same_fit(fit_of(offset = relative), fit)
  expect_same_fit(fit_of(formula = y ~ x1 + g + offset(offsets)), fit)
  vector <- fit_of(offset = d$x2)
  expect_same_fit(vector, fit_of(offset = cbind(0, d$x2, d$x2)))
  expect_same_fit(vector, fit_of(formula = y ~ x1 + g + offset(x2)))
  expect_same_fit(vector, fastmultinom(y ~ x1 + g + offset(x2 / 2), d, offset = x2 / 2))
  # As a predictor whose coefficients are held at 1.
  free <- fastmultinom(y ~ x1 + g + x2, data = d, offset = x2)
  plain <- fit_of(formula = y ~ x1 + g + x2)
  expect_equal(coef(free)[, "x2"] + 1, coef(plain)[, "x2"], tolerance = 1e-10)
})

test_that("bad responses are input errors that say what was found", {
  counts <- class_indicators(d$y)
  bad <- function(y, ...) {
    data <- d
    data$y <- y
    fit_of(data, ...)
  }
  calls <- expression(
    bad(rep("a", 240)),
    bad(factor(rep("a", 240), c("a", "b"))),
    bad(replace(d$y, c(3, 5), NA), na.action = na.pass),
    bad(replace(counts, 7, -1)),
    bad(replace(counts, 7, NA), na.action = na.pass),
    bad(replace(counts, 7, Inf)),
    bad(counts[, 1, drop = FALSE] * 0),
    bad(complex(240)),
    bad(d$y, reference = "z"),
    bad(d$y, reference = c("a", "b")),
    bad(d$y, offset = counts[, c(1, 1, 1, 1)]),
    bad(d$y, offset = "x"),
    bad(d$y, formula = ~x1)
  )
  for (call in calls) {
    expect_error(
      without_class_warning(eval(call)),
      class = "fastlogit_input_error", label = deparse1(call)
    )
  }
  expect_snapshot(for (call in calls) cat(message_of(eval(call)), "\n"))
})

test_that("columns of an offset are those of the classes by name, or in the response's order", {
  offsets <- with_seed(4, matrix(stats::rnorm(3 * nrow(d)), ncol = 3))
  named <- `colnames<-`(offsets, levels(d$y))
  counts <- class_indicators(d$y)
  for (reference in levels(d$y)) {
    # The likelihood itself, with the intercepts alone.
    fit <- fastmultinom(y ~ 1, d, offset = offsets, reference = reference)
    eta <- offsets + rep(c(0, coef(fit))[match(levels(d$y), fit$lab)], each = nrow(d))
    odds <- exp(eta)
    observed <- d$y
    expect_equal(
      deviance(fit), -2 * sum(log((odds / rowSums(odds))[cbind(seq_along(observed), observed)])),
      tolerance = 1e-12
    )
    others <- named[, setdiff(levels(d$y), reference)] - named[, reference]
    unnamed <- unname(others)
    for (offset in list(named, named[, 3:1], others, others[, 2:1], unnamed)) {
      same <- fastmultinom(y ~ 1, d, offset = offset, reference = reference)
      expect_equal(coef(same), coef(fit), tolerance = 1e-10)
      expect_equal(same$offset, fit$offset, tolerance = 1e-14)
      d2 <- d
      d2$m <- offset
      in_formula <- fastmultinom(y ~ x1 + offset(m), data = d2, reference = reference)
      expect_equal(
        predict(in_formula, d2[5:9, ], "probs"), fitted(in_formula)[5:9, ], tolerance = 1e-12,
        ignore_attr = TRUE
      )
      from_source <- fastmultinom(
        y ~ x1 + offset(m), data = source_function(chunks_of(d2, 50)), reference = reference
      )
      expect_equal(coef(from_source), coef(in_formula), tolerance = 1e-8)
      expect_equal(from_source$fitted.values, in_formula$fitted.values, tolerance = 1e-8,
        ignore_attr = TRUE)
      rebased <- relevel(in_formula, setdiff(levels(d$y), reference)[1])
      expect_equal(
        predict(rebased, d2[5:9, ], "probs")[, in_formula$lab], fitted(in_formula)[5:9, ],
        tolerance = 1e-10, ignore_attr = TRUE
      )
    }
    for_counts <- fastmultinom(counts ~ 1, offset = offsets, reference = reference)
    expect_equal(coef(for_counts), coef(fit), tolerance = 1e-10, ignore_attr = TRUE)
  }
})

test_that("with a class without rows an offset says whose its columns are", {
  d$y <- factor(d$y, c("a", "none", "b", "c"))
  offsets <- with_seed(4, matrix(stats::rnorm(4 * nrow(d)), ncol = 4))
  colnames(offsets) <- levels(d$y)
  fit_with <- function(offset, ...) {
    suppressWarnings(
      fastmultinom(y ~ x1, d, offset = offset, ...), classes = "fastlogit_empty_class"
    )
  }
  for (reference in c("a", "c")) {
    used <- fastmultinom(
      y ~ x1, transform(d, y = droplevels(y)), offset = offsets[, c("a", "b", "c")],
      reference = reference
    )
    without_baseline <- offsets[, setdiff(levels(d$y), reference)] - offsets[, reference]
    for (offset in list(
      offsets, unname(offsets), offsets[, c("c", "a", "b")], without_baseline,
      without_baseline[, colnames(without_baseline) != "none"]
    )) {
      fit <- fit_with(offset, reference = reference)
      expect_equal(coef(fit), coef(used), tolerance = 1e-10)
    }
  }
  expect_refusals(alist(
    "K - 1 of four columns" = fit_with(unname(offsets[, 1:3])),
    "as many as classes but one" = fit_with(unname(offsets[, 1:2])),
    "named in part" = fit_with(`colnames<-`(offsets, c("a", "x", "b", "c"))),
    "one lacks" = fit_with(offsets[, c("a", "b")]),
    "twice the same" = fit_with(offsets[, c("a", "b", "b", "c")]),
    "too many" = fit_with(unname(cbind(offsets, 1))),
    "a vector and a matrix" = fastmultinom(
      y ~ x1 + offset(x2), d, offset = unname(offsets)
    )
  ))
})
