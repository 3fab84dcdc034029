# New rows: R's model.frame() decides what a formula's names mean.

d <- with_seed(1, data.frame(
  x = stats::rnorm(120), z = stats::runif(120, 1, 5), g = factor(sample(letters[1:3], 120, TRUE)),
  o = stats::rnorm(120) / 3
))
d$y <- with_seed(2, stats::rbinom(120, 1, stats::plogis(d$x / 2 + d$o)))
d$k <- factor(with_seed(3, sample(c("a", "b", "c"), 120, TRUE)))
cfg <- list(lim = 0.2, knots = c(-0.5, 0.5), x = -1)

formulas <- list(
  y ~ I(x > cfg$lim), y ~ splines::bs(x, knots = cfg$knots), y ~ sapply(x, function(u) u^2),
  y ~ local({
    power <- 2
    x^power
  }),
  y ~ with(list(low = 0), x > low) + g, y ~ poly(x, 2) + splines::ns(z, df = 2), y ~ scale(x) + g,
  y ~ I(x > cfg[["lim"]]) * g, y ~ ifelse(x > cfg$lim, z, cfg$x) + offset(o),
  y ~ vapply(z, FUN = function(v, by) v / by, by = 2, FUN.VALUE = 0), y ~ x[] + g
)

test_that("formulas that hold more than columns are predicted as by glm()", {
  new <- d[c(5, 2, 80), setdiff(names(d), c("y", "k"))]
  for (formula in formulas) {
    theirs <- stats::glm(formula, stats::binomial(), d, control = list(epsilon = 1e-14))
    label <- deparse1(formula)
    for (sparse in c(FALSE, TRUE)) {
      fit <- fastlogit(formula, data = d, sparse = sparse)
      for (type in c("link", "response")) {
        expect_equal(
          predict(fit, new, type, se.fit = TRUE), predict(theirs, new, type, se.fit = TRUE),
          tolerance = 1e-7, label = label
        )
      }
      expect_equal(
        as.vector(predict(fit, new, interval = "confidence")[, "fit"]),
        as.vector(predict(theirs, new, "response")), tolerance = 1e-7, label = label
      )
    }
    firth <- fastlogit(formula, data = d, penalty = "firth")
    expect_equal(predict(firth, new), predict(firth)[c(5, 2, 80)], tolerance = 1e-12, label = label)
    many <- fastmultinom(stats::update(formula, k ~ .), data = d)
    expect_equal(
      predict(many, new, "probs"), fitted(many)[c(5, 2, 80), ], tolerance = 1e-12, label = label,
      ignore_attr = TRUE
    )
    expect_identical(
      as.character(classify(fit, new)), as.character(as.integer(predict(theirs, new) >= 0))
    )
  }
})

test_that("offsets of a formula are evaluated where it was written", {
  fit <- fastlogit(y ~ x + offset(o * cfg$lim) + offset(z), data = d, offset = o / 2)
  expect_equal(predict(fit, d[9:5, ]), predict(fit)[9:5], tolerance = 1e-12)
  expect_equal(
    predict(fit, d[9:5, ], "response", se.fit = TRUE)$fit, fitted(fit)[9:5], tolerance = 1e-12
  )
  many <- fastmultinom(k ~ x + offset(o * cfg$lim) + offset(z), data = d, offset = o / 2)
  expect_equal(predict(many, d[9:5, ], "probs"), fitted(many)[9:5, ], tolerance = 1e-12)
})

test_that("columns and offsets named by $ are found where glm() finds them", {
  fit <- fastlogit(d$y ~ d$x, offset = d$o)
  theirs <- stats::glm(d$y ~ d$x, stats::binomial(), offset = d$o, control = list(epsilon = 1e-14))
  # predict.glm() looks for `d` from its own package.
  expect_equal(predict(fit, d), theirs$linear.predictors, tolerance = 1e-9)
  fit <- fastlogit(y ~ x, data = d, offset = d$o)
  expect_equal(predict(fit, d), fit$linear.predictors, tolerance = 1e-12)
  many <- fastmultinom(k ~ x, data = d, offset = d$o)
  expect_equal(predict(many, d, "probs"), fitted(many), tolerance = 1e-12, ignore_attr = TRUE)
  # Where the offset is a variable of a function that has ended.
  inside <- function(frame) {
    own <- frame$o
    list(
      fastlogit(y ~ x, data = frame, offset = own),
      fastlogit(y ~ x, data = frame, offset = own, sparse = TRUE)
    )
  }
  for (fit in inside(d)) expect_equal(predict(fit, d), predict(fit), tolerance = 1e-12)
  # Rows that are left out take their offsets along.
  fit <- fastlogit(y ~ x, data = d, offset = o)
  gaps <- transform(d[1:6, ], x = replace(x, 2, NA))
  for (sparse in c(FALSE, TRUE)) {
    fit <- fastlogit(y ~ x, data = d, offset = o, sparse = sparse)
    expect_equal(predict(fit, gaps, na.action = na.omit), predict(fit)[c(1, 3:6)])
  }
})

test_that("cross-validation by package boot is glm()'s", {
  skip_if_not_installed("boot")
  delta <- function(fit) with_seed(4, boot::cv.glm(d, fit, K = 5)$delta)
  for (formula in formulas[c(1, 2, 3, 6)]) {
    formula <- eval(formula)
    fit <- eval(bquote(fastlogit(.(formula), data = d)))
    theirs <- eval(bquote(stats::glm(.(formula), stats::binomial(), d)))
    expect_equal(delta(fit), delta(theirs), tolerance = 1e-6)
  }
})

test_that("what is missing or unknown is named", {
  fit <- fastlogit(y ~ I(x > cfg$lim) + g + factor(z > 3), data = d, offset = o)
  many <- fastmultinom(k ~ I(x > cfg$lim) + g, data = d)
  expect_refusals(alist(
    "a column" = predict(fit, d[c("g", "z", "o")]),
    "all of them" = predict(fit, d["k"]),
    "many classes" = predict(many, d["g"]),
    "an offset" = predict(fit, d[c("x", "g", "z")]),
    "a level" = predict(fit, transform(d, g = "q")),
    "a level, many classes" = predict(many, transform(d, g = "q")),
    "one named like a function" = predict(
      fastlogit(y ~ c, data = transform(d, c = x)), data.frame(x = 1)
    ),
    "an offset of other rows" = predict(fastlogit(y ~ x, data = d, offset = d$o), d[1:3, ])
  ))
  # R's own words.
  expect_refusal(quote(predict(fit, transform(d, z = 1i))))
  expect_refusal(quote(predict(fastlogit(y ~ factor(g), data = d), transform(d, g = "q"))))
})

test_that("levels that the fit did not see are named whatever is asked for", {
  d <- data.frame(
    y = c(0, 1, 0, 1, 1, 0, 1), f = factor(c("a", "b", "a", "c", "a", "c", "c")),
    x = c(1, NA, 3, 4, 2, 2, 1)
  )
  fit <- suppressWarnings(fastlogit(y ~ f + x, data = d))
  for (type in c("link", "response", "terms")) {
    for (se.fit in c(FALSE, TRUE)) {
      expect_error(
        predict(fit, d, type = type, se.fit = se.fit), "did not see: \"b\"",
        class = "fastlogit_input_error"
      )
    }
  }
  expect_error(predict(fit, d, interval = "confidence"), class = "fastlogit_input_error")
})
