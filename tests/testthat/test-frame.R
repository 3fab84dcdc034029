# Where variables come from: data of all kinds, calling functions, subset, na.action.

i <- 1:40
d <- data.frame(
  x = (37 * i) %% 101 / 8, z = (53 * i) %% 89 / 100, w = 1 + i %% 3,
  g = gl(2, 1, 40, labels = c("a", "b"))
)
d$y <- as.numeric((29 * i) %% 61 < 20 + 2 * d$x)
holes <- transform(d, x = replace(x, 3, NA), y = replace(y, 7, NA), g = replace(g, 9, NA))

test_that("what is not there is named", {
  expect_refusals(alist(
    "a predictor" = fastlogit(y ~ x + nowhere, data = d),
    "the response" = fastlogit(nowhere ~ x, data = d),
    "weights" = fastlogit(y ~ x, data = d, weights = nowhere),
    "offset" = fastlogit(y ~ x, data = d, offset = nowhere),
    "subset" = fastlogit(y ~ x, data = d, subset = nowhere > 2),
    "other lengths" = fastlogit(y ~ c(x, 1), data = d),
    "a response of another length" = fastlogit(c(y, 1) ~ x, data = d),
    "missing values, na.fail" = fastlogit(y ~ x, data = holes, na.action = na.fail)
  ))
})

test_that("formulas and data that are none are refused", {
  expect_refusals(alist(
    "formula a number" = fastlogit(3, data = d),
    "formula a list" = fastlogit(list(1), data = d),
    "data a number" = fastlogit(y ~ x, data = 3),
    "data a name" = fastlogit(y ~ x, data = "d"),
    "data a matrix" = fastlogit(y ~ x, data = as.matrix(d[c("x", "y")]))
  ))
})

# These messages quote R's own words, which differ between its versions: no snapshot.
test_that("whatever else is wrong with a variable is an error of ours", {
  d$list <- as.list(d$x)
  d$frame <- d[c("x", "z")]
  for (call in expression(
    fastlogit(y ~ list, data = d), fastlogit(list ~ x, data = d), fastlogit(y ~ frame, data = d),
    fastlogit(y ~ mean, data = d), fastlogit(y ~ nosuchfunction(x), data = d),
    fastlogit(y ~ stop("own words"), data = d), fastlogit(y ~ x, data = d, na.action = "nosuch"),
    fastlogit(y ~ ., data = stats::setNames(d[c("y", "x", "z")], c("y", "x", "x"))),
    fastlogit(y ~ x, data = d, weights = as.list(w)), fastlogit(NULL, data = d)
  )) {
    expect_refusal(call)
  }
  expect_error(fastlogit(y ~ stop("own words"), data = d), "own words")
})

test_that("data may be a data frame, a list, an environment or a tibble", {
  call <- quote(fitter(y ~ x + g, binomial, d))
  expected <- coef(expect_like_glm(call)$fit)
  for (data in list(as.list(d), list2env(as.list(d)))) {
    fit <- fastlogit(y ~ x + g, data = data)
    expect_equal(coef(fit), expected)
  }
  skip_if_not_installed("tibble")
  d <- tibble::as_tibble(d)
  expect_equal(coef(expect_like_glm(call)$fit), expected)
})

test_that("variables are found where the formula was written, and where the call is", {
  expected <- coef(fastlogit(y ~ x, data = d))
  y <- d$y
  x <- d$x
  expect_equal(coef(fastlogit(y ~ x)), expected)
  expect_equal(coef(with(d, fastlogit(y ~ x))), expected)
  written_elsewhere <- local({
    x <- d$z
    y ~ x
  })
  expect_equal(
    unname(coef(fastlogit(written_elsewhere))), unname(coef(fastlogit(y ~ z, data = d)))
  )
  # As with glm(), weights are looked up where the formula was written, and not where the call is.
  inside <- function(formula, frame) {
    own <- rep(1:2, 20)
    fastlogit(formula, data = frame, weights = own)
  }
  expect_refusal(quote(inside(y ~ x, d)))
  closing <- function(frame) {
    own <- rep(1:2, 20)
    fastlogit(y ~ x, data = frame, weights = own)
  }
  expect_equal(coef(closing(d)), coef(fastlogit(y ~ x, data = d, weights = rep(1:2, 20))))
  expect_equal(coef(fastlogit("y ~ x", data = d)), expected)
  expect_equal(coef(do.call(fastlogit, list(y ~ x, data = d))), expected)
})

test_that("subset expressions are glm()'s", {
  expect_like_glm(quote(fitter(y ~ x, binomial, d, subset = z > 0.2)))
  expect_like_glm(quote(fitter(y ~ x, binomial, d, subset = -(1:2))))
  expect_like_glm(quote(fitter(y ~ x, binomial, d, subset = c(1:40, 1:3))))
  expect_like_glm(quote(fitter(y ~ x, binomial, d, subset = as.character(2:40))))
  expect_like_glm(quote(fitter(y ~ x, binomial, d, subset = c(NA, rep(TRUE, 39)))))
  expect_like_glm(quote(fitter(y ~ x, binomial, d, weights = w, subset = w > 0, offset = z)))
})

test_that("missing values go by all four na.actions", {
  for (action in c("na.omit", "na.exclude")) {
    both <- expect_like_glm(quote(fitter(y ~ x + g, binomial, holes, na.action = action)))
    for (quantity in list(fitted, residuals, predict, hatvalues)) {
      expect_equal(quantity(both$fit), quantity(both$glm), tolerance = 1e-6)
    }
  }
  expect_length(predict(both$fit), 40)
  expect_length(predict(both$fit, type = "class"), 40)
  expect_identical(dim(predict(both$fit, interval = "confidence")), c(40L, 3L))
  # Missing values where the model does not look.
  expect_like_glm(quote(fitter(z > 0.35 ~ w, binomial, holes, na.action = na.fail)))
  expect_like_glm(quote(fitter(z > 0.35 ~ w, binomial, holes, na.action = na.pass)))
  expect_like_glm(quote(fitter(y ~ x, binomial, holes, weights = replace(w, 1, NA))))
  expect_like_glm(quote(fitter(y ~ x, binomial, holes, offset = replace(z, 1, NA))))
})

test_that("offsets add up, from the argument and the formula", {
  expect_like_glm(quote(fitter(y ~ x + offset(z), binomial, d)))
  expect_like_glm(quote(fitter(y ~ x + offset(z) + offset(w), binomial, d, offset = z / 2)))
  expect_like_glm(quote(fitter(y ~ offset(z), binomial, d)))
  expect_like_glm(quote(fitter(y ~ x, binomial, d, offset = as.matrix(z))))
  d$far <- d$z + 800
  expect_like_glm(quote(fitter(y ~ x + offset(far), binomial, d)))
})

test_that("the frame of complete rows is that of stats::model.frame()", {
  d$f <- gl(4, 10)
  d$word <- rep(c("u", "v"), 20)
  d$`a b` <- sqrt(i)
  d$day <- as.Date("2020-01-01") + i
  d$m <- cbind(one = d$x, two = d$z)
  d$centred <- scale(d$x)
  elsewhere <- rev(d$z)
  formulas <- list(
    y ~ ., y ~ 1, y ~ 0, y ~ x * g, ~x, y ~ x - 1, y ~ (x + z + w)^2 - x:z, log(w + 1) ~ x,
    y ~ poly(x, 2) + splines::ns(z, 3), y ~ scale(x) + day, y ~ centred + m, cbind(y, w) ~ `a b`,
    g ~ word + I(x > 3), y ~ offset(z) + factor(word) + f, y ~ elsewhere, I(x > 3) ~ z
  )
  by_row <- alist(weights = w, etastart = z, offset = log(w))
  for (data in list(d, d[rev(i), ], d[c(1, 2), ], list2env(d))) {
    for (formula in formulas) {
      few <- is.data.frame(data) && nrow(data) == 2
      fixed <- any(c("poly", "elsewhere") %in% all.names(formula))
      if (is.environment(data) && identical(formula, y ~ .) || few && fixed) next
      for (arguments in list(list(), if (is.environment(data) || nrow(data) == 40) by_row)) {
        call <- as.call(c(list(quote(fastlogit), formula = formula, data = data), arguments))
        ours <- frame_from_call(call, formula, environment(), data)
        call[[1]] <- quote(stats::model.frame)
        call$na.action <- quote(stats::na.pass)
        theirs <- eval(call)
        expect_identical(ours, theirs, label = deparse1(formula))
        expect_identical(.row_names_info(ours), .row_names_info(theirs))
      }
    }
  }
})

test_that("missing values are found in variables of all kinds, and in the arguments by row", {
  d$word <- rep(c("u", "v"), 20)
  d$m <- cbind(d$x, d$z)
  d$count <- i
  for (name in c("x", "g", "word", "m", "count", "w")) {
    holed <- d
    holed[[name]][5] <- NA
    formula <- reformulate(setdiff(names(d), c("y", "w")), "y")
    fit <- fastlogit(formula, data = holed, weights = w, method = "model.frame")
    call <- quote(fastlogit(data = holed, weights = w))
    ours <- frame_from_call(call, formula, environment(), holed)
    expect_identical(as.vector(attr(ours, "na.action")), 5L, label = name)
    expect_identical(row.names(ours), row.names(fit), label = name)
  }
})
