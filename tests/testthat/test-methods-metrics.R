test_that("measures are what they are defined to be", {
  d <- births()
  fit <- fastlogit(low ~ race + ptl + smoke, data = d)  # with ties
  p <- unname(fitted(fit))
  y <- d$low
  found <- metrics(fit, level = 0.9)
  expect_s3_class(found, c("metrics", "fastlogit_table", "data.frame"), exact = TRUE)
  value <- function(name) found[name, "estimate"]
  expect_equal(value("brier"), mean((y - p)^2))
  expect_equal(value("log_loss"), -mean(log(ifelse(y == 1, p, 1 - p))))
  by_hand <- delong_by_hand(y, p)
  expect_equal(unlist(found["auc", 2:3], use.names = FALSE), by_hand)
  expect_equal(
    unlist(found["auc", 4:5], use.names = FALSE), by_hand[1] + c(-1, 1) * qnorm(0.95) * by_hand[2]
  )
  expect_equal(value("accuracy"), mean((p >= 0.5) == y))
  expect_equal(value("tjur"), mean(p[y == 1]) - mean(p[y == 0]))
  null <- mean(y) * log(mean(y)) + mean(1 - y) * log(mean(1 - y))
  expect_equal(value("nagelkerke"), (1 - exp(2 * (null + value("log_loss")))) / (1 - exp(2 * null)))
  # At the maximum of the likelihood.
  expect_equal(value("calibration_intercept"), 0)
  expect_equal(value("calibration_slope"), 1)
})

test_that("calibration of new rows is that of glm() on the logit of the predictions", {
  d <- births()
  new <- d[-(1:90), ]
  exact <- list(epsilon = 1e-14)
  for (link in c("logit", "probit", "cloglog")) {
    fit <- fastlogit(low ~ age + lwt + smoke, binomial(link), data = d[c(1:60, 140:189), ])
    logit <- qlogis(predict(fit, new, type = "response"))
    by_offset <- glm(new$low ~ offset(logit), family = binomial, control = exact)
    by_slope <- glm(new$low ~ logit, family = binomial, control = exact)
    found <- metrics(fit, new)
    expected <- rbind(coef(summary(by_offset))[1, 1:2], coef(summary(by_slope))[2, 1:2])
    rows <- c("calibration_intercept", "calibration_slope")
    expect_equal(unname(as.matrix(found[rows, 2:3])), unname(expected), tolerance = 1e-8)
    half <- qnorm(0.975) * expected[, 2]
    expect_equal(found[rows, "conf.low"], expected[, 1] - half, tolerance = 1e-8)
    expect_equal(found[rows, "conf.high"], expected[, 1] + half, tolerance = 1e-8)
  }
})

test_that("Brier score and slope are those of rms", {
  skip_if_not_installed("rms")
  d <- births()
  fit <- fastlogit(low ~ age + lwt + smoke, data = d[c(1:60, 140:189), ])
  new <- d[61:150, ]
  theirs <- rms::val.prob(predict(fit, new, type = "response"), new$low, pl = FALSE)
  found <- metrics(fit, new)
  expect_equal(found["brier", "estimate"], theirs[["Brier"]], tolerance = 1e-8)
  expect_equal(found["calibration_slope", "estimate"], theirs[["Slope"]], tolerance = 1e-6)
  expect_equal(found["nagelkerke", "estimate"], theirs[["R2"]], tolerance = 1e-8)
})

test_that("a row of weight w is w rows, and counts are rows of their own", {
  d <- births()
  new <- d[60:150, ]
  weighted <- fastlogit(low ~ race + ptl + smoke, data = d, weights = twice)
  each <- fastlogit(low ~ race + ptl + smoke, data = d[rep(seq_len(189), d$twice), ])
  plain <- function(table) as.data.frame(table)
  expect_equal(plain(metrics(weighted)), plain(metrics(each)))
  expect_equal(plain(metrics(weighted, new)), plain(metrics(each, new[rep(1:91, new$twice), ])))
  counts <- aggregate(cbind(low, high = 1 - low) ~ race + smoke, data = d, FUN = sum)
  counted <- fastlogit(cbind(low, high) ~ race + smoke, data = counts)
  each <- fastlogit(low ~ race + smoke, data = d)
  expect_equal(plain(metrics(counted)), plain(metrics(each)))
  expect_equal(plain(metrics(each, new)), plain(metrics(counted, transform(new, high = 1 - low))))
  shares <- transform(counts, n = low + high, low = low / (low + high))
  expect_equal(
    plain(metrics(fastlogit(low ~ race + smoke, data = shares, weights = n))), plain(metrics(each))
  )
  quasi <- fastlogit(cbind(low, high) ~ race + smoke, quasibinomial(), data = counts)
  expect_equal(plain(metrics(quasi)), plain(metrics(each)))
})

test_that("rows of one outcome, and outcomes that are told apart, leave some measures open", {
  d <- births()
  fit <- fastlogit(low ~ age + lwt, data = d)
  found <- metrics(fit, d[1:20, ])
  open <- c("auc", "calibration_intercept", "calibration_slope", "tjur", "nagelkerke")
  expect_identical(row.names(found)[is.na(found$estimate)], open)
  expect_output(print(found), "Not to be had in these rows: AUC")
  expect_refusal(quote(plot(found)))
  apart <- d[order(predict(fit))[c(1:9, 180:189)], ]
  apart$low <- rep(0:1, 9:10)
  found <- metrics(fit, apart)
  expect_identical(found["auc", "estimate"], 1)
  expect_identical(found["auc", "std.error"], 0)
  expect_identical(found["calibration_slope", "estimate"], NA_real_)
  expect_true(is.finite(found["calibration_intercept", "estimate"]))
  expect_output(print(found), "the AUC's interval has no width")
  one <- metrics(fastlogit(low ~ 1, data = d))
  expect_identical(one["auc", "estimate"], 0.5)
  separated <- suppressWarnings(fastlogit(y ~ x, data = data.frame(x = 1:9, y = rep(0:1, 4:5))))
  expect_equal(metrics(separated)["accuracy", "estimate"], 1)
})

test_that("many classes have Brier score, log loss, accuracy and Hand and Till's area", {
  d <- births()
  fit <- fastmultinom(race ~ lwt + smoke, data = d)
  p <- fitted(fit)
  seen <- diag(3)[as.integer(d$race), ]
  found <- metrics(fit)
  value <- function(name) found[name, "estimate"]
  expect_equal(value("brier"), mean(rowSums((seen - p)^2)))
  expect_equal(value("log_loss"), -as.numeric(logLik(fit)) / 189)
  expect_equal(value("accuracy"), mean(predict(fit) == d$race))
  one_way <- function(i, j) {
    of <- as.integer(d$race) %in% c(i, j)
    delong_by_hand(+(as.integer(d$race) == i)[of], p[of, i])[1]
  }
  both <- function(i, j) (one_way(i, j) + one_way(j, i)) / 2
  expect_equal(value("auc"), mean(c(both(1, 2), both(1, 3), both(2, 3))))
  expect_true(all(is.na(found$std.error)))
  counts <- cbind(a = seen[, 1], b = seen[, 2], c = seen[, 3])
  by_counts <- fastmultinom(counts ~ lwt + smoke, data = cbind(d, counts = I(counts)))
  expect_equal(as.data.frame(metrics(by_counts)), as.data.frame(found))
  weighted <- fastmultinom(race ~ lwt + smoke, data = d, weights = twice)
  each <- fastmultinom(race ~ lwt + smoke, data = d[rep(seq_len(189), d$twice), ])
  expect_equal(as.data.frame(metrics(weighted)), as.data.frame(metrics(each)))
  skip_if_not_installed("pROC")
  theirs <- pROC::multiclass.roc(d$race, p, quiet = TRUE)$auc
  expect_equal(value("auc"), as.numeric(theirs), tolerance = 1e-12)
})

test_that("the log loss of improbable rows keeps its digits", {
  fit <- fastlogit(low ~ age, binomial("probit"), data = births())
  fit$coefficients[] <- c(0, 1)
  far <- metrics(fit, data.frame(age = c(-20, 20), low = c(1, 1)))
  expect_equal(far["log_loss", "estimate"], -mean(pnorm(c(-20, 20), log.p = TRUE)))
})

test_that("what it prints is a table still, and it draws the curve", {
  fit <- fastlogit(low ~ age + lwt, data = births())
  found <- metrics(fit)
  expect_output(print(found), "189 rows (0: 130, 1: 59)", fixed = TRUE)
  expect_null(attr(as.data.frame(found), "roc"))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_identical(plot(found), found)
  expect_refusal(quote(plot(metrics(fastmultinom(race ~ age, data = births())))))
})

test_that("under a link of the user's, rising or falling, scores are probabilities", {
  d <- births()
  falling <- user_link_of(
    function(mu) -qlogis(mu), function(eta) plogis(-eta), function(eta) -dlogis(eta), "falling"
  )
  expected <- as.data.frame(metrics(fastlogit(low ~ age + lwt, data = d), d[1:150, ]))
  for (link in list(copied_link("logit"), falling)) {
    fit <- fastlogit(low ~ age + lwt, binomial(link), data = d)
    expect_equal(as.data.frame(metrics(fit, d[1:150, ])), expected, tolerance = 1e-7)
  }
})

test_that("the weights of a survey design say nothing of intervals", {
  skip_if_not_installed("survey")
  d <- births()
  design <- survey::svydesign(~1, weights = ~lwt, data = d)
  found <- metrics(fastlogit(low ~ age + smoke, data = design))
  weighted <- metrics(fastlogit(low ~ age + smoke, quasibinomial(), data = d, weights = lwt))
  expect_equal(found$estimate, weighted$estimate)
  expect_true(all(is.na(found$std.error)))
  expect_output(print(found), "there are no intervals")
  expect_refusal(quote(gof_test(fastmultinom(race ~ age, data = design))))
})

test_that("measures of ordered classes are those of the probabilities", {
  data <- ordered_data(200)
  for (steps in ordered_steps) {
    fit <- fastordinal(y ~ x + u, data, weights = w, family = steps, link = "probit")
    found <- metrics(fit)
    p <- fitted(fit)
    own <- p[cbind(1:200, as.integer(data$y))]
    expect_equal(found["log_loss", "estimate"], -sum(data$w * log(own)) / sum(data$w))
    expect_equal(found["log_loss", "estimate"], fit$deviance / 2 / sum(data$w))
    observed <- diag(4)[as.integer(data$y), ]
    brier <- sum(data$w * rowSums((observed - p)^2)) / sum(data$w)
    expect_equal(found["brier", "estimate"], brier)
    expect_equal(metrics(fit, newdata = data)$estimate, found$estimate)
  }
  words <- transform(data, y = as.character(y))
  expect_equal(metrics(fit, newdata = words)$estimate, found$estimate)
  expect_error(metrics(fit, transform(data, y = "other")), "\"other\"")
})
