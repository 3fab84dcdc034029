effects_of <- function(fit, ...) drawn(plot(fit, "effects", ...))$effects

test_that("curves are average predictions, their errors too", {
  d <- births_to_draw()
  fit <- fastlogit(low ~ poly(age, 2) + race * smoke + log(lwt), data = d)
  shown <- effects_of(fit)
  expect_setequal(shown$variable, c("age", "race", "smoke", "lwt"))
  age <- shown[shown$variable == "age", ]
  expect_equal(range(age$x), range(d$age))
  same <- average_predictions(fit, list(age = age$x))
  expect_equal(age$estimate, same$estimate)
  expect_equal(age$std.error, same$std.error)
  race <- shown[shown$variable == "race", ]
  both <- average_predictions(fit, list(race = levels(d$race), smoke = c(FALSE, TRUE)))
  at <- match(paste(race$level, race$group), paste(both$race, "smoke =", both$smoke))
  expect_equal(race$estimate, both$estimate[at])
  expect_equal(race$std.error, both$std.error[at])
})

test_that("bands of a single predictor are the intervals of predict()", {
  fit <- fastlogit(fail ~ temp, data = oring)
  shown <- effects_of(fit, level = 0.9)
  same <- predict(fit, data.frame(temp = shown$x), interval = "confidence", level = 0.9)
  expect_equal(unname(as.matrix(shown[c("estimate", "conf.low", "conf.high")])), unname(same))
  robust <- effects_of(fit, vcov = "HC1")
  same <- predict(fit, data.frame(temp = shown$x), interval = "confidence", vcov = "HC1")
  expect_equal(unname(as.matrix(robust[c("estimate", "conf.low", "conf.high")])), unname(same))
})

test_that("bands stay inside 0 and 1, also where a probability has rounded to one of them", {
  ends <- ends_by_logit(c(0.5, 1e-20, 1, 0, NA), c(10, 1e-19, 0, 0, NA), 2)
  expect_equal(ends[3:5, ], rbind(c(1, 1), c(0, 0), c(NA, NA)))
  expect_true(all(ends >= 0 & ends <= 1, na.rm = TRUE))
  expect_equal(ends[2, ], plogis(qlogis(1e-20) + c(-20, 20)))
})

test_that("of many classes there is a curve for each, and a panel for each value of a partner", {
  d <- transform(iris, wide = Petal.Width > 1.3)
  fit <- fastmultinom(Species ~ Sepal.Width * wide, data = d, penalty = "firth")
  shown <- effects_of(fit)
  expect_identical(unique(shown$class), levels(iris$Species))
  one <- shown[shown$variable == "Sepal.Width", ]
  expect_setequal(one$group, c("wide = FALSE", "wide = TRUE"))
  sums <- tapply(one$estimate, paste(one$x, one$group), sum)
  expect_equal(as.vector(sums), rep(1, length(sums)))
  same <- average_predictions(fit, list(Sepal.Width = one$x[1], wide = FALSE))
  expect_equal(one$estimate[one$x == one$x[1] & one$group == "wide = FALSE"], same$estimate)
})

test_that("numbers that are levels in the model are shown at these", {
  d <- births_to_draw()
  shown <- effects_of(fastlogit(low ~ factor(ftv > 1) + cut(age, c(0, 20, 25, 99)), data = d))
  expect_equal(
    unique(round(shown$estimate[shown$variable == "age"], 10)),
    round(average_predictions(
      fastlogit(low ~ factor(ftv > 1) + cut(age, c(0, 20, 25, 99)), data = d),
      list(age = c(18, 22, 40))
    )$estimate, 10)
  )
  coded <- effects_of(fastlogit(low ~ factor(ptl), data = subset(d, ptl < 3)))
  expect_identical(coded$level, c("0", "1", "2"))
})

test_that("of very many rows enough are drawn, by their weights", {
  d <- births_to_draw()
  d$w <- seq_len(nrow(d)) %% 4
  fit <- fastlogit(low ~ age + race, data = d, weights = w)
  of <- as_subject(fit, list(variables = NULL, level = 0.95, vcov = NULL))
  some <- rows_to_average(of, of$predictors(), 1e7)
  expect_identical(nrow(some), NULL)
  many <- suppressWarnings(
    fastlogit(low ~ age + race, data = d[rep(seq_len(nrow(d)), 60), ], weights = w)
  )
  of <- as_subject(many, list(variables = NULL, level = 0.95, vcov = NULL))
  some <- rows_to_average(of, of$predictors(), 1e7)
  expect_identical(dim(some), c(2000L, 2L))
  # Where every row is as near as any other, so are means.
  expect_equal(mean(some$age), weighted.mean(d$age, d$w), tolerance = 0.02)
})

test_that("where there is no effect the reason is told", {
  d <- births_to_draw()
  x <- cbind(d$age, d$lwt)
  fit <- fastlogit(low ~ x, data = d)
  expect_refusal(quote(plot(fit, "effects")))
  expect_refusal(quote(plot(fastlogit(low ~ 1, data = d), "effects")))
  expect_refusal(quote(plot(fastlogit(low ~ age, data = d), "effects", variables = "lwt")))
  cutting <- fastlogit(low ~ cut(lwt + age, 2) + smoke, data = d)
  expect_message(shown <- effects_of(cutting), "the effect of lwt", class = "fastlogit_no_picture")
  expect_identical(unique(shown$variable), "smoke")
  expect_refusal(quote(plot(cutting, "effects", variables = "lwt")))
})
