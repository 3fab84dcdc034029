all_pictures <- c(
  "calibration", "residuals", "roc", "influence", "effects", "odds ratios", "convergence"
)

test_that("pictures are asked for by name, its beginning or number, each with its data", {
  fit <- fastlogit(low ~ age + race * smoke, data = births_to_draw())
  shown <- drawn(plot(fit))
  expect_named(shown, all_pictures)
  for (data in shown) expect_s3_class(data, "data.frame", exact = TRUE)
  expect_identical(drawn(plot(fit, c("roc", "odds"))), shown[c("roc", "odds ratios")])
  expect_identical(drawn(plot(fit, 7:6)), shown[7:6])
  expect_equal(shown$convergence, fit$history)
  expect_refusals(alist(
    "name" = plot(fit, "nosuch"), "number" = plot(fit, 8), "nothing" = plot(fit, character()),
    "ask" = plot(fit, ask = "yes"), "bins" = plot(fit, bins = "many"),
    "smooth" = plot(fit, smooth = NA), "level" = plot(fit, level = 95),
    "labels" = plot(fit, labels = -1), "variables" = plot(fit, "residuals", variables = 3),
    "vcov" = plot(fit, "effects", vcov = "HC9")
  ))
})

test_that("what is drawn stays what it is", {
  fit <- fastlogit(low ~ age + race * smoke, data = births_to_draw())
  expect_snapshot(lapply(drawn(plot(fit)), told_roughly))
  house <- fastmultinom(Sat ~ Infl + Cont, data = MASS::housing, weights = Freq)
  expect_snapshot(lapply(drawn(plot(house)), told_roughly))
})

test_that("a fit says which pictures it has not", {
  d <- births_to_draw()
  probit <- fastlogit(low ~ age, binomial("probit"), data = d)
  expect_message(shown <- drawn(plot(probit)), "odds ratios", class = "fastlogit_no_picture")
  expect_named(shown, setdiff(all_pictures, "odds ratios"))
  expect_refusal(quote(plot(probit, "odds ratios")))
  expect_message(shown <- drawn(plot(probit, 5:6)), "odds ratios", class = "fastlogit_no_picture")
  expect_named(shown, "effects")
  separated <- suppressWarnings(fastlogit(low ~ age + I(low * age > 20), data = d))
  expect_message(shown <- drawn(plot(separated)), class = "fastlogit_no_picture")
  expect_named(shown, setdiff(all_pictures, c("influence", "effects")))
  for (which in c("influence", "effects")) {
    expect_error(plot(separated, which), class = "fastlogit_separation")
  }
  expect_message(shown <- drawn(plot(fastlogit(low ~ 1, data = d))), class = "fastlogit_no_picture")
  expect_named(shown, setdiff(all_pictures, c("effects", "odds ratios")))
  house <- fastmultinom(Sat ~ Infl + Cont, data = MASS::housing, weights = Freq)
  expect_named(drawn(plot(house)), setdiff(all_pictures, of_two_classes))
  expect_refusals(alist(
    "residuals" = plot(house, 2), "roc" = plot(house, "roc"),
    "influence" = plot(house, "influence")
  ))
})

test_that("fits of every kind have pictures, those to stored rows the same as those in memory", {
  d <- births_to_draw()
  d$age[3] <- NA
  d$w <- rep(0:2, length.out = nrow(d))
  d$k <- d$low + d$w
  rownames(d) <- NULL
  rows <- source_function(chunks_of(d, 50))
  fits <- suppressWarnings(list(
    penalised = fastlogit(low ~ age + race, data = d, penalty = "firth"),
    sparse = fastlogit(low ~ age + race, data = d, sparse = TRUE),
    counts = fastlogit(cbind(k, 4 - k) ~ splines::ns(age, 3) + race, data = d),
    offset = fastlogit(low ~ lwt, data = d, offset = age / 100, weights = w),
    aliased = fastlogit(low ~ age + I(2 * age) + smoke, data = d),
    bare = fastlogit(low ~ age + race, data = d, model = FALSE, y = FALSE)
  ))
  for (fit in fits) expect_named(suppressWarnings(drawn(plot(fit))), all_pictures)
  spline <- low ~ log(lwt) * smoke + splines::ns(age, knots = 23, Boundary.knots = c(14, 45))
  for (formula in list(low ~ age + race, spline)) {
    memory <- drawn(plot(fastlogit(formula, data = d, weights = w)))
    # Rows that are left out are not counted in a source.
    shown <- drawn(plot(fastlogit(formula, data = rows, weights = w)))
    shown$influence$row <- memory$influence$row <- NULL
    shown$convergence <- memory$convergence <- NULL
    expect_equal(shown, memory, tolerance = 1e-6)
  }
  classes <- race ~ age + smoke
  expect_equal(
    drawn(plot(fastmultinom(classes, data = rows)))[1:2],
    drawn(plot(fastmultinom(classes, data = d)))[1:2], tolerance = 1e-6
  )
})

test_that("pictures of ordered classes are of all of them", {
  fit <- fastordinal(y ~ x + g, ordered_data(150))
  drawn <- pictures_of_fit(fit, NULL, list(
    variables = NULL, bins = NULL, smooth = FALSE, level = 0.95, vcov = NULL, labels = 3L
  ))
  expect_named(drawn, c("calibration", "effects", "odds ratios", "convergence"))
  expect_length(drawn$calibration$panels, 4L)
  effects <- drawn$effects$data
  at <- effects[effects$variable == "g" & effects$level == "b", ]
  expect_equal(at$estimate, average_predictions(fit, list(g = "b"))$estimate)
  expect_identical(drawn[["odds ratios"]]$data$term, names(coef(fit)))
  expect_error(plot(fit, "roc"), "two classes", class = "fastlogit_input_error")
})
