test_that("tables draw what they hold, and return themselves", {
  d <- births_to_draw()
  fit <- fastlogit(low ~ age + race, data = d)
  tables <- list(
    odds_ratios(fit), average_effects(fit), average_effects(fit, comparison = "ratio"),
    average_predictions(fit), average_predictions(fit, list(age = 20:30), by = "race"),
    metrics(fit), gof_test(fit)
  )
  for (table in tables) {
    expect_identical(drawn(plot(table)), table)
    expect_identical(drawn(plot(table, main = "A title"), c(4, 4)), table)
    expect_refusal(quote(plot(table, nosuch = 1)))
    panel <- picture_of(table)$panels[[1]]
    intervals <- Filter(function(layer) layer$kind == "spans", panel$layers)
    for (layer in intervals) {
      shown <- table[!row.names(table) %in% "(Intercept)", ]
      expect_identical(layer$data$lower, shown$conf.low)
      expect_identical(rev(layer$data$y), seq_len(nrow(shown)))
    }
  }
})

test_that("Hosmer-Lemeshow's groups are points of calibration", {
  fit <- fastlogit(low ~ age + race, data = births_to_draw())
  groups <- attr(gof_test(fit, "hosmer-lemeshow"), "groups")
  shown <- picture_of(gof_test(fit, "hosmer-lemeshow"))$data
  expect_equal(shown$weight * shown$observed, groups$observed.1)
  expect_equal(shown$weight * shown$predicted, groups$expected.1)
  classes <- picture_of(gof_test(fastmultinom(Sat ~ Infl + Type, MASS::housing, weights = Freq)))
  expect_length(classes$panels, 3L)
})
