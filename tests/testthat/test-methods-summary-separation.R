# Which estimates are infinite: against brute force on random data, and on data that is known.

infinite <- function(signs) is.na(signs) | signs != 0

test_that("240 random data sets: no disagreement with a linear program for each coefficient", {
  kinds <- character()
  for (set in random_sets(1, 240, random_separation)) {
    d <- set$data
    family <- quasibinomial(set$link)
    x <- stats::model.matrix(set$formula, d)
    expected <- brute_force(x, d$y, d$w, set$link)
    label <- paste(deparse(set$formula), set$link)

    found <- detect_separation(set$formula, family, d, weights = w)
    expect_s3_class(found, "separation")
    expect_identical(unname(found$coefficients), expected$signs, label = label)
    expect_identical(unname(found$rows), expected$rows, label = label)
    expect_identical(found$kind, expected$kind, label = label)

    # An offset makes no difference.
    if (!set$offset || set$link == "log") d$o <- 0
    fit <- with_warning_classes(fastlogit(set$formula, family, d, weights = w, offset = o))
    expect_identical(unname(fit$value$separation), expected$signs, label = label)
    expect_identical(names(fit$value$separation), colnames(x))
    expect_identical(separation(fit$value)$kind, expected$kind, label = label)
    told <- "fastlogit_separation" %in% fit$warnings
    expect_identical(told, any(infinite(expected$signs)), label = label)
    kinds <- c(kinds, expected$kind)
  }
  expect_true(all(table(kinds)[c("none", "quasi-complete", "complete")] >= 25))
})

test_that("many classes: no disagreement with the stacked linear program", {
  kinds <- character()
  for (set in random_sets(2, 60, random_classes)) {
    d <- set$data
    x <- stats::model.matrix(set$formula[-2], d)
    expected <- brute_force_classes(x, set$counts, d$w)
    label <- deparse(set$formula)
    found <- detect_separation(set$formula, data = d, weights = w)
    expect_identical(unname(found$coefficients), expected, label = label)
    fit <- with_warning_classes(fastmultinom(set$formula, d, weights = w))
    expect_identical(unname(fit$value$separation), expected, label = label)
    expect_identical(dimnames(fit$value$separation), dimnames(coef(fit$value)))
    told <- "fastlogit_separation" %in% fit$warnings
    expect_identical(told, any(infinite(expected)), label = label)
    kinds <- c(kinds, found$kind)
  }
  expect_true(all(c("none", "quasi-complete", "complete") %in% kinds))
})

# All three indicator coefficients are infinite, but one linear program on all rows at once shows a
# direction in which some of them rest.
test_that("the table of XOR: each of its coefficients is infinite", {
  table <- data.frame(a = c(0, 0, 1, 1), b = c(0, 1, 0, 1), y = c(0, 1, 1, 0))
  found <- detect_separation(y ~ a * b, data = table)
  expect_identical(found$kind, "complete")
  expect_identical(
    found$coefficients, c("(Intercept)" = -Inf, a = Inf, b = Inf, "a:b" = -Inf)
  )
  # Without the cell that fixes it, a coefficient of an interaction alone is infinite.
  mixed <- rbind(table, transform(table, y = c(1, 0, 0, 0)))
  expect_identical(
    unname(detect_separation(y ~ a * b, data = mixed)$coefficients), c(0, 0, 0, -Inf)
  )
})

# The differences from a package that reads the answer off the solution of one linear program. Where
# both name a sign it is the same. Else ours is
#   infinite, theirs zero: that solution does not move the coefficient, others do;
#   open, theirs a sign or zero: that solution has one of the signs that the coefficient can take;
#   zero, theirs missing: the column is aliased.
test_that("the differences from detectseparation are explained, one by one", {
  skip_if_not_installed("detectseparation")
  met <- character()
  for (set in random_sets(1, 120, random_separation)) {
    d <- set$data[set$data$w > 0, ]
    if (set$link == "log" || any(d$y == 0.5)) next
    family <- binomial(set$link)
    theirs <- coef(suppressWarnings(
      glm(set$formula, family, d, method = detectseparation::detect_separation)
    ))
    x <- stats::model.matrix(set$formula, d)
    exact <- brute_force(x, d$y, rep(1, nrow(d)), set$link)$signs
    ours <- detect_separation(set$formula, family, d)$coefficients
    kind <- ifelse(is.na(theirs), "aliased", ifelse(
      is.na(ours), "open", ifelse(ours == theirs, "same", ifelse(theirs == 0, "one program", "?"))
    ))
    expect_false("?" %in% kind)
    expect_identical(unname(ours), exact)
    expect_true(all(ours[kind == "aliased"] == 0))
    met <- union(met, kind)
  }
  expect_setequal(met, c("same", "aliased", "open", "one program"))
  table <- data.frame(a = c(0, 0, 1, 1), b = c(0, 1, 0, 1), y = c(0, 1, 1, 0))
  theirs <- coef(glm(y ~ a * b, binomial, table, method = detectseparation::detect_separation))
  expect_identical(unname(theirs), c(0, 0, 0, -Inf))
})

test_that("the endometrial data: the estimate of NV is infinite, the others are the limits", {
  skip_if_not_installed("brglm2")
  d <- brglm2::endometrial
  expect_snapshot(fit <- fastlogit(HG ~ NV + PI + EH, data = d))
  expect_identical(fit$separation, c("(Intercept)" = 0, NV = Inf, PI = 0, EH = 0))
  expect_snapshot(separation(fit))
  expect_identical(which(d$NV == 1), unname(separation(fit)$rows))
  shown <- summary(fit)$coefficients
  left <- glm(HG ~ PI + EH, binomial, d, subset = NV == 0, control = list(epsilon = 1e-14))
  expect_equal(shown[-2, ], summary(left)$coefficients, tolerance = 1e-8)
  expect_identical(unname(shown[2, ]), c(Inf, NA, NA, NA))
  expect_snapshot(summary(fit), transform = without_decrement)
  expect_true(all(is.finite(coef(fit))))
})

test_that("complete separation leaves signs open, and says so", {
  d <- data.frame(x = c(1, 2, 3, 4, 5, 6), z = c(1, -1, 0, 0, -1, 1), y = c(0, 0, 0, 1, 1, 1))
  expect_snapshot(fit <- fastlogit(y ~ x + z, data = d))
  expect_identical(fit$separation, c("(Intercept)" = -Inf, x = Inf, z = NA))
  expect_snapshot(separation(fit))
  expect_identical(unname(summary(fit)$coefficients[, 1]), c(-Inf, Inf, NA))
  # The direction separates all rows.
  eta <- drop(model.matrix(fit) %*% separation(fit)$direction)
  expect_true(all((2 * d$y - 1) * eta > 0))
})

test_that("no separation is told as such, by both", {
  fit <- fastlogit(fail ~ temp, data = oring)
  expect_identical(fit$separation, c("(Intercept)" = 0, temp = 0))
  expect_snapshot(separation(fit))
  expect_identical(separation(fit)$kind, "none")
  expect_equal(separation(fit), detect_separation(fail ~ temp, data = oring), ignore_attr = TRUE)
})

test_that("`subset`, `na.action` and factors as responses work as in a fit", {
  d <- data.frame(
    x = c(1, 2, 3, 4, 2.5, NA), g = factor(c("no", "no", "yes", "yes", "no", "no"))
  )
  expect_identical(detect_separation(g ~ x, data = d)$kind, "complete")
  d$x[5] <- 3.5
  expect_identical(detect_separation(g ~ x, data = d)$kind, "none")
  expect_identical(detect_separation(g ~ x, data = d, subset = x != 3.5)$kind, "complete")
  expect_error(
    detect_separation(g ~ x, data = d, na.action = na.fail), class = "fastlogit_input_error"
  )
  expect_identical(detect_separation(cbind(c(1, 2, 0), 0:2) ~ 1)$kind, "none")
  expect_identical(detect_separation(as.character(g) ~ x, data = d)$kind, "none")
})

test_that("misuse is told", {
  expect_snapshot(error = TRUE, separation(lm(dist ~ speed, cars)))
  expect_snapshot(error = TRUE, detect_separation(fail ~ temp, poisson(), oring))
  expect_snapshot(error = TRUE, detect_separation(~temp, data = oring))
})

test_that("a change of the baseline asks again", {
  fit <- suppressWarnings(fastmultinom(Species ~ ., data = iris))
  # Setosa is told from the others whatever the signs; virginica and versicolor overlap.
  expect_true(all(is.na(fit$separation)))
  other <- relevel(fit, "versicolor")
  expect_identical(unname(other$separation), rbind(rep(NA, 5), 0))
  expect_identical(separation(other)$coefficients, other$separation)
  shown <- summary(other)$tables
  expect_true(all(is.na(shown$setosa)))
  two <- fastlogit(Species ~ ., data = droplevels(iris[51:150, ]))
  expect_equal(shown$virginica, summary(two)$coefficients, tolerance = 1e-3)
})
