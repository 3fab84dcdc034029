# From terms to columns, for the rows of the fit and for new ones.

i <- 1:72
d <- data.frame(
  x = (37 * i) %% 101 / 8, z = (53 * i) %% 89 / 10, g = gl(3, 1, 72, labels = c("a", "b", "c")),
  h = rep(c("u", "v"), each = 3, length.out = 72), l = (11 * i) %% 17 > 8,
  o = factor((7 * i) %% 23 %% 4, ordered = TRUE), day = as.Date("2020-01-01") + (41 * i) %% 73
)
d$y <- as.numeric((29 * i) %% 61 < 20 + 2 * d$x)

test_that("all kinds of terms give glm()'s columns", {
  d$m <- cbind(p = d$x, q = d$z)
  for (formula in list(
    y ~ x + g, y ~ g + h, y ~ o, y ~ l + x, y ~ day, y ~ h * x, y ~ 0 + g, y ~ x - 1, y ~ 1,
    y ~ poly(x, 2), y ~ poly(x, z, degree = 1), y ~ m, y ~ I(x^2) + log(x), y ~ scale(z),
    y ~ g / x, y ~ x:z, y ~ (x + z + l)^2, y ~ x + x, y ~ x - x, y ~ NULL, y ~ g %in% h,
    y ~ cut(x, 3), y ~ as.numeric(o) + offset(z)
  )) {
    expect_like_glm(bquote(fitter(.(formula), binomial, d)), tolerance = 1e-5)
  }
  d <- d[c("y", "x", "z", "h")]
  expect_like_glm(quote(fitter(y ~ ., binomial, d)))
  expect_like_glm(quote(fitter(y ~ . - h, binomial, d)))
  expect_like_glm(quote(fitter(cbind(8 * x, y + 1) ~ ., binomial, d)))
  names(d)[2:3] <- c("a name", "if")
  expect_like_glm(quote(fitter(y ~ ., binomial, d)))
})

test_that("splines are glm()'s, with their knots kept for new rows", {
  call <- quote(fitter(y ~ splines::ns(x, 2) + splines::bs(z, df = 3), binomial, d))
  both <- expect_like_glm(call, tolerance = 1e-5)
  new <- data.frame(x = c(1.5, 7), z = c(0.2, 5.5))
  expect_equal(predict(both$fit, new), predict(both$glm, new), tolerance = 1e-5)
})

test_that("columns that are nothing, constant or combinations are NA as in glm()", {
  expect_like_glm(quote(fitter(y ~ x + I(0 * x), binomial, d)))
  expect_like_glm(quote(fitter(y ~ 0 + I(0 * x) + x, binomial, d)))
  expect_like_glm(quote(fitter(y ~ x + I(0 * x + 1) + z, binomial, d)))
  expect_like_glm(quote(fitter(y ~ x + I(2 * x) + z + I(x + z), binomial, d)))
  expect_like_glm(quote(fitter(y ~ g + I(g == "a") + x, binomial, d)))
  expect_like_glm(quote(fitter(y ~ g * h, binomial, subset(d, !(g == "b" & h == "u")))))
  d$unused <- factor(d$g, levels = c("none", "a", "b", "c"))
  expect_like_glm(quote(fitter(y ~ unused, binomial, d)))
  d$level <- addNA(factor(replace(d$h, 2:9, NA)))
  expect_like_glm(quote(fitter(y ~ level, binomial, d)))
})

test_that("contrasts are glm()'s, by name, function or matrix", {
  for (contrasts in list(
    list(g = "contr.sum"), list(g = contr.helmert, o = "contr.treatment"),
    list(g = matrix(c(1, 0, -1, 0, 1, -1), 3)), list(h = "contr.sum")
  )) {
    expect_like_glm(quote(fitter(y ~ g + h + o, binomial, d, contrasts = contrasts)),
      tolerance = 1e-5)
  }
})

test_that("a factor of a single level is named, with its level", {
  d$one <- factor("same")
  expect_refusals(alist(
    "a factor" = fastlogit(y ~ x + one, data = d),
    "a character" = fastlogit(y ~ x + one, data = transform(d, one = "same")),
    "in the rows used" = fastlogit(y ~ x + g, data = d, subset = g == "b"),
    "in an interaction" = fastlogit(y ~ x:one, data = d)
  ))
  expect_like_glm(quote(fitter(y ~ x + one, binomial, transform(d, one = TRUE))))
})

test_that("new rows that do not fit are refused, with the column", {
  fit <- fastlogit(y ~ x + g + h, data = d)
  aided <- fastlogit(y ~ x + offset(z), data = d)
  expect_refusals(alist(
    "a new level" = predict(fit, data.frame(x = 1, g = "d", h = "u")),
    "two new levels" = predict(fit, data.frame(x = 1:3, g = c("d", "a", "e"), h = "u")),
    "a new value of a character" = predict(fit, data.frame(x = 1, g = "a", h = "w")),
    "a number for a factor" = predict(fit, data.frame(x = 1, g = 1, h = "u")),
    "a missing column" = predict(fit, data.frame(x = 1, g = "a")),
    "two missing columns" = predict(fit, data.frame(g = "a")),
    "a missing offset" = predict(aided, data.frame(x = 1)),
    "no columns" = predict(fit, data.frame()),
    "a matrix" = predict(fit, as.matrix(d)),
    "type" = predict(fit, d, type = "nosuch"),
    "interval" = predict(fit, d, interval = "prediction"),
    "level" = predict(fit, d, interval = "confidence", level = 2),
    "an interval of terms" = predict(fit, d, type = "terms", interval = "confidence"),
    "se.fit" = predict(fit, d, se.fit = NA),
    "threshold" = classify(fit, d, threshold = 1.5)
  ))
})

test_that("new rows that glm() predicts are predicted", {
  fit <- fastlogit(y ~ x + g + h, data = d)
  glm_fit <- glm(y ~ x + g + h, binomial, d)
  for (new in list(
    d[0, ], d[3, ], data.frame(x = c(1, NA), g = "a", h = c(NA, "u")),
    data.frame(x = Inf, g = "a", h = "u"), list(x = 1, g = "a", h = "u"),
    data.frame(h = "v", unused = 1, g = factor("c", levels = c("c", "b")), x = 1e300)
  )) {
    expect_equal(predict(fit, new), predict(glm_fit, new), tolerance = 1e-6)
  }
  missing <- data.frame(x = c(1, NA), g = "a", h = "u")
  for (action in list(na.pass, na.omit, na.exclude)) {
    expect_equal(
      predict(fit, missing, na.action = action), predict(glm_fit, missing, na.action = action),
      tolerance = 1e-6
    )
  }
  expect_identical(as.character(classify(fit, missing)), c("0", NA))
  aliased <- fastlogit(y ~ x + I(2 * x), data = d)
  expect_warning(predicted <- predict(aliased, d), "rank-deficient")
  expect_equal(unname(predicted), unname(aliased$linear.predictors))
})
