test_that("the response of new rows is coded as the fit's", {
  d <- births()
  d$words <- factor(ifelse(d$low == 1, "under", "over"), c("over", "under"))
  fit <- fastlogit(words ~ age + lwt, data = d)
  of_low <- fastlogit(low ~ age + lwt, data = d)
  new <- d[c(131:140, 1:20), ]
  plain <- function(table) as.data.frame(table)
  expected <- plain(metrics(of_low, new))
  expect_equal(plain(metrics(fit, new)), expected)
  expect_equal(plain(metrics(fit, transform(new, words = as.character(words)))), expected)
  other_way <- transform(new, words = factor(words, c("under", "over")))
  expect_equal(plain(metrics(fit, other_way)), expected)
  expect_equal(plain(metrics(of_low, transform(new, low = low == 1))), expected)
  expect_equal(plain(metrics(of_low, transform(new, low = factor(low)))), expected)
  expect_equal(plain(metrics(fastlogit(low == 1 ~ age + lwt, data = d), new)), expected)
  expect_equal(plain(metrics(fastlogit(factor(low) ~ age + lwt, data = d), new)), expected)
  # The same rows as new ones.
  expect_equal(plain(metrics(fit, d)), plain(metrics(fit)))
  sparse <- fastlogit(words ~ age + lwt, data = d, sparse = TRUE)
  expect_equal(plain(metrics(sparse, new)), expected)
  # Rows with missing values are left out.
  holes <- rbind(new, transform(new[1:3, ], age = c(NA, 20, 30), words = c("over", NA, "over")))
  found <- metrics(fit, holes)
  expect_equal(plain(found), plain(metrics(fit, holes[-(31:32), ])))
  expect_output(print(found), "2 rows left out, as values are missing")
})

test_that("new rows of many classes are coded as the fit's", {
  d <- births()
  new <- d[c(1:40, 150:189), ]
  fit <- fastmultinom(race ~ lwt + smoke, data = d)
  plain <- function(...) as.data.frame(metrics(...))
  expected <- plain(fit, new)
  p <- predict(fit, new, type = "probs")
  expect_equal(
    expected["log_loss", "estimate"], -mean(log(p[cbind(1:80, as.integer(new$race))]))
  )
  expect_equal(plain(fit, transform(new, race = as.integer(race))), expected)
  releveled <- plain(relevel(fit, "3"), new)
  expect_equal(releveled, expected)
  counts <- function(data) I(diag(3)[as.integer(data$race), ])
  by_counts <- fastmultinom(y ~ lwt + smoke, data = cbind(d, y = counts(d)))
  expect_equal(plain(by_counts, cbind(new, y = counts(new))), expected)
  two <- transform(d, low = factor(low))
  expect_equal(
    plain(fastmultinom(low ~ lwt, data = two), new), plain(fastlogit(low ~ lwt, data = two), new)
  )
  # Of one class there are no pairs.
  found <- metrics(fit, new[new$race != 2, ])
  expect_true(is.finite(found["auc", "estimate"]))
  expect_identical(metrics(fit, new[new$race == 2, ])["auc", "estimate"], NA_real_)
})

test_that("rows that are stored, or of which no response was kept, have the same measures", {
  d <- births()
  for (call in alist(
    fastlogit(low ~ age + lwt + race, data = d, weights = twice),
    fastlogit(cbind(low, 1 - low) ~ age + lwt, binomial("probit"), data = d),
    fastmultinom(race ~ age + lwt, data = d)
  )) {
    fits <- fit_twice(call, d, source_function(chunks_of(d, 50)), environment())
    expect_equal(metrics(fits$there), metrics(fits$here))
    expect_equal(metrics(fits$there, d[90:189, ]), metrics(fits$here, d[90:189, ]))
  }
  fit <- fastlogit(low ~ age, data = d)
  expect_equal(metrics(fastlogit(low ~ age, data = d, y = FALSE)), metrics(fit))
})

test_that("new rows that do not tell what came of them are refused", {
  d <- births()
  fit <- fastlogit(low ~ age, data = d)
  weighted <- fastlogit(low ~ age, data = d, weights = twice)
  classes <- fastmultinom(race ~ age, data = d)
  by_log <- fastlogit(low ~ age, binomial("log"), data = d)
  by_words <- fastlogit(w ~ age, data = transform(d, w = factor(low, labels = c("no", "yes"))))
  expect_refusals(alist(
    "no response" = metrics(fit, d[1:9, "age", drop = FALSE]),
    "no predictor" = metrics(fit, d["low"]),
    "no weights" = metrics(weighted, d[c("age", "low")]),
    "unknown words" = metrics(by_words, data.frame(age = 20, w = "perhaps")),
    "other codes" = metrics(by_words, data.frame(age = 20, w = 1)),
    "unknown classes" = metrics(classes, data.frame(age = 20, race = "4")),
    "beyond 0 and 1" = metrics(fit, data.frame(age = 20, low = 2)),
    "no probabilities" = metrics(by_log, data.frame(age = c(-500, 20), low = 1)),
    "no rows" = metrics(fit, d[0, ]),
    "all rows missing" = metrics(fit, transform(d, age = NA_real_)),
    "no data" = metrics(fit, 1:3),
    "a level" = metrics(fit, level = 95),
    "a glm" = metrics(glm(low ~ age, binomial, d))
  ))
  expect_match(expect_refusal(quote(metrics(fit, d["age"]))), "lacks the response `low`")
  expect_match(expect_refusal(quote(metrics(weighted, d[c("age", "low")]))), "`twice`")
})
