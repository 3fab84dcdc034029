test_that("of a separated fit the profile has one side, whose end is that of confint()", {
  skip_if_not_installed("brglm2")
  data("endometrial", package = "brglm2", envir = environment())
  fit <- suppressWarnings(fastlogit(HG ~ NV + PI + EH, data = endometrial))
  profiles <- suppressWarnings(profile(fit))
  expect_null(drawn(plot(profiles)))
  shown <- profile_picture(profiles)$data
  expect_identical(unique(shown$coefficient), names(coef(fit)))
  rising <- shown[shown$coefficient == "NV", ]
  rising <- rising[order(rising$value), ]
  expect_false(is.unsorted(rising$loglik))
  expect_lt(max(rising$loglik), 0)
  expect_gt(max(rising$loglik), -0.01)
  end <- approx(rising$loglik, rising$value, -qchisq(0.95, 1) / 2)$y
  expect_equal(end, confint(fit, "NV")[[1]], tolerance = 0.01)
  # Each point is a fit with the coefficient held, less the bound, that of the rows it leaves.
  bound <- as.numeric(logLik(fastlogit(HG ~ PI + EH, data = endometrial, subset = NV == 0)))
  point <- attr(profiles, "one_sided")$NV[6, ]
  held <- suppressWarnings(
    fastlogit(HG ~ PI + EH + offset(point$value * NV), data = endometrial)
  )
  expect_equal(as.numeric(logLik(held)) - bound, -point$root^2 / 2, tolerance = 1e-6)
  # Beside the others, which are as ever.
  alone <- profile_picture(suppressWarnings(profile(fit, "NV")))$data
  expect_equal(alone, shown[shown$coefficient == "NV", ], ignore_attr = TRUE)
})

test_that("a coefficient that the data leave open is flat, one below minus infinity falls", {
  d <- data.frame(x = rep(0:1, c(8, 4)), y = c(0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0))
  fit <- suppressWarnings(fastlogit(y ~ x, data = d))
  shown <- profile_picture(suppressWarnings(profile(fit, "x")))$data
  shown <- shown[order(shown$value), ]
  expect_false(is.unsorted(-shown$loglik))
  d$u <- d$x * rep(c(1, 2), 6)
  open <- suppressWarnings(fastlogit(y ~ x + u, data = transform(d, y = 1 - y)))
  found <- suppressWarnings(profile(open))
  flat <- names(which(is.na(open$separation)))
  for (name in flat) expect_identical(attr(found, "one_sided")[[name]]$root, c(0, 0))
})

test_that("profiles of all kinds are drawn, plain glms' by the method of their own", {
  fit <- fastlogit(fail ~ temp, data = oring)
  found <- profile(fit)
  expect_silent(drawn(plot(found)))
  shown <- profile_picture(found)$data
  expect_equal(max(shown$loglik), 0, tolerance = 1e-4)
  temp <- shown[shown$coefficient == "temp" & shown$value > coef(fit)[["temp"]], ]
  end <- approx(temp$loglik, temp$value, -qchisq(0.95, 1) / 2)$y
  expect_equal(end, confint(fit, "temp")[[2]], tolerance = 0.01)
  expect_error(plot(found, nosuch = 1), class = "fastlogit_unknown_argument")
  skip_if_not_installed("MASS")
  loadNamespace("MASS")
  plain <- profile(glm(fail ~ temp, binomial, oring))
  expect_silent(drawn(plot(plain)))
  skip_if_not_installed("ggplot2")
  expect_s3_class(ggplot2::autoplot(profile(fit, "temp")), "ggplot")
})
