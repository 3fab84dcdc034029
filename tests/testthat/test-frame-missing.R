d <- local({
  set.seed(4)
  n <- 60
  d <- data.frame(
    y = rbinom(n, 1, 0.5), x = rnorm(n), z = runif(n) + 1, g = factor(rep(letters[1:3], 20)),
    w = rep(1:3, each = 20), word = rep(c("u", "v"), 30), row.names = paste0("r", 1:60)
  )
  contrasts(d$g) <- "contr.sum"
  d$m <- cbind(a = d$x, b = d$z)
  d$x[c(3, 17)] <- NA
  d$g[20] <- NA
  d$word[41] <- NA
  d$w[50] <- NA
  d
})

formulas <- list(
  y ~ x, y ~ z + g, y ~ log(z) * x + word, y ~ poly(z, 2) + scale(x), y ~ m + offset(x), y ~ .,
  cbind(y, w) ~ z + I(x > 0)
)

test_that("rows with missing values are left out as model.frame() does, by any na.action", {
  own <- function(object) {
    left <- stats::na.omit(object)
    attr(left, "word") <- "of my own"
    left
  }
  actions <- list(NULL, quote(na.omit), quote(na.exclude), "na.exclude", quote(na.pass), quote(own))
  further <- list(
    list(), alist(weights = w), alist(subset = z > 1.2), alist(subset = z > 1.2, weights = z),
    alist(weights = w, etastart = z, offset = log(z))
  )
  for (data in list(d, list2env(d), as.list(d))) {
    for (formula in formulas[if (is.data.frame(data)) 1:7 else 3:5]) {
      for (action in actions) {
        for (arguments in further) {
          call <- as.call(c(list(quote(fastlogit), formula = formula, data = data), arguments))
          call$na.action <- action
          ours <- frame_from_call(call, formula, environment(), data)
          call[[1L]] <- quote(stats::model.frame)
          theirs <- eval(call)
          of <- paste(deparse1(formula), deparse1(action), toString(names(arguments)))
          expect_true(identical(ours, theirs), label = of)
        }
      }
    }
  }
})

test_that("the session's na.action, and the data's, count where the call names none", {
  formula <- y ~ x
  ours <- function(data) {
    frame_from_call(quote(fastlogit(data = data)), formula, environment(), data)
  }
  for (action in c("na.exclude", "na.pass")) {
    withr::with_options(list(na.action = action), {
      theirs <- stats::model.frame(formula, d)
      expect_identical(ours(d), theirs)
      expect_identical(attr(ours(d), "na.action"), attr(theirs, "na.action"))
    })
  }
  withr::with_options(list(na.action = "na.fail"), {
    expect_error(ours(d), "missing values", class = "fastlogit_input_error")
    expect_identical(ours(d[-(1:50), ]), stats::model.frame(formula, d[-(1:50), ]))
  })
  marked <- structure(d, na.action = "na.exclude")
  expect_identical(ours(marked), stats::model.frame(formula, marked))
})

test_that("a formula's functions are called once for a fit, whatever is missing", {
  calls <- 0
  seen <- function(x) {
    calls <<- calls + 1
    x
  }
  complete <- stats::na.omit(d)
  for (data in list(d, complete)) {
    for (call in alist(
      fastlogit(y ~ seen(x) + z, data = data), fastlogit(y ~ z, data = data, weights = seen(w)),
      fastlogit(y ~ seen(x), data = data, na.action = na.exclude),
      fastlogit(y ~ seen(x), data = data, subset = z > 1.2),
      fastlogit(y ~ seen(x), data = data, subset = z > 1.2, na.action = na.exclude),
      fastlogit(y ~ z, data = data, offset = seen(x)),
      fastlogit(y ~ z + offset(seen(x)), data = data),
      fastmultinom(g ~ seen(x), data = data), fastordinal(factor(w) ~ seen(x), data = data)
    )) {
      calls <- 0
      eval(call)
      expect_identical(calls, 1, label = deparse1(call))
    }
  }
})

test_that("fits with missing values are glm()'s", {
  for (action in list(quote(na.omit), quote(na.exclude))) {
    for (call in alist(
      fitter(y ~ x + g, binomial, d), fitter(y ~ x, binomial, d, weights = w),
      fitter(y ~ x + log(z), binomial, d, subset = z < 1.8, offset = z / 10)
    )) {
      call$na.action <- action
      call[[1L]] <- quote(fastlogit)
      ours <- eval(call)
      call[[1L]] <- quote(glm)
      call$control <- list(epsilon = 1e-14)
      theirs <- eval(call)
      expect_equal(coef(ours), coef(theirs), tolerance = 1e-10)
      expect_identical(ours$na.action, theirs$na.action)
      expect_equal(residuals(ours), residuals(theirs), tolerance = 1e-7)
      expect_equal(fitted(ours), fitted(theirs), tolerance = 1e-7)
      expect_identical(model.frame(ours), model.frame(theirs))
    }
  }
})

test_that("vectors and factors keep what they carry, whichever rows are left", {
  set.seed(11)
  d <- data.frame(
    y = rbinom(40, 1, 0.5), x = rnorm(40), positive = rnorm(40) > 0,
    day = as.Date("2020-01-01") + 1:40, f = factor(rep(c("a", "b"), 20)),
    o = factor(rep(1:4, 10), ordered = TRUE), word = letters[1:20]
  )
  attr(d$x, "label") <- "a length"
  attr(d$f, "label") <- "a group"
  for (name in c("x", "positive", "o", "word")) d[[name]][sample(40, 2)] <- NA
  nothing <- replace(d, "x", list(rep(NA_real_, 40)))
  subsets <- list(
    NULL, quote(y == 1), quote(x > 0), quote(-(1:3)), quote(c(TRUE, FALSE)), quote(y > 5),
    rep(c(TRUE, FALSE), 20), "7"
  )
  for (formula in list(y ~ x, y ~ x + positive + f + o + word, y ~ day + x, y ~ f + poly(y, 1))) {
    for (subset in subsets) {
      for (data in list(d, nothing)) {
        for (action in list(NULL, quote(stats::na.exclude))) {
          call <- quote(fastlogit(data = data))
          call$formula <- formula
          call$subset <- subset
          call$na.action <- action
          ours <- try(frame_from_call(call, formula, environment(), data), silent = TRUE)
          call[[1L]] <- quote(stats::model.frame)
          theirs <- try(eval(call), silent = TRUE)
          expect_identical(inherits(ours, "try-error"), inherits(theirs, "try-error"))
          if (!inherits(theirs, "try-error")) expect_true(identical(ours, theirs))
        }
      }
    }
  }
})
