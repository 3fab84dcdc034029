# The three systems that the package grew from, as worked examples.

test_that("O-ring failures by Fisher scoring", {
  expect_identical(nrow(oring), 23L)
  temp <- c(
    66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58
  )
  expect_equal(oring$temp, temp)
  expect_equal(oring$fail, c(0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1))
  expect_equal(sort(oring$temp[oring$fail == 1]), c(53, 57, 58, 63, 70, 70, 75))

  fit <- fastlogit(fail ~ temp, binomial(), oring, method = "fisher")
  expect_equal(coef(fit), c("(Intercept)" = 15.0429016, temp = -0.2321627), tolerance = 1e-8)
  expect_equal(
    unname(vcov(fit)), matrix(c(54.4442, -0.79639, -0.79639, 0.011715), 2), tolerance = 1e-4
  )
  # The score equation of the intercept.
  expect_equal(sum(fitted(fit)), 7, tolerance = 1e-14)
  expect_equal(sum(fitted(fit) * oring$temp), sum(oring$temp[oring$fail == 1]), tolerance = 1e-14)
  # Challenger's launch, at 31 degrees.
  launch <- predict(fit, data.frame(temp = 31), interval = "confidence")
  expect_equal(launch[1, "fit"], 0.9996, tolerance = 1e-4)
  expect_lt(launch[1, "lower"], launch[1, "fit"])
  expect_identical(as.character(classify(fit, data.frame(temp = c(31, 53, 81)))), c("1", "1", "0"))
  expect_equal(summary(fit)$coefficients[, "Pr(>|z|)"], c(0.0415, 0.0320),
    tolerance = 1e-2, ignore_attr = TRUE)
})

# Every third flower is kept for the test.
split_iris <- function(classes) {
  d <- droplevels(subset(datasets::iris, Species %in% classes))
  test <- seq_len(nrow(d)) %% 3 == 0
  list(train = d[!test, ], test = d[test, ])
}

test_that("two classes of iris by Newton-Raphson: setosa and versicolor are apart", {
  d <- split_iris(c("setosa", "versicolor"))
  expect_warning(
    fit <- fastlogit(Species ~ Petal.Length + Petal.Width, data = d$train),
    class = "fastlogit_separation"
  )
  # The list of step norms.
  expect_length(fit$history$step, fit$iter)
  expect_true(all(fit$history$step > 0))
  expect_false(is.unsorted(fit$history$logLik))
  probability <- predict(fit, d$test, type = "response")
  expect_length(probability, 33)
  expect_true(all(probability < 1e-3 | probability > 1 - 1e-3))
  class <- classify(fit, d$test)
  expect_identical(levels(class), c("setosa", "versicolor"))
  expect_identical(as.vector(class), as.vector(d$test$Species))
  expect_output(print(summary(fit)), "separation")
})

test_that("two classes of iris by Newton-Raphson: versicolor and virginica overlap", {
  d <- split_iris(c("versicolor", "virginica"))
  expect_silent(fit <- fastlogit(Species ~ Petal.Length + Petal.Width, data = d$train))
  expect_true(fit$converged)
  # Quadratic convergence: each step squares the last one, but for a constant.
  step <- fit$history$step
  expect_lt(utils::tail(step, 1), 1e-10)
  late <- utils::tail(step[step > 1e-6], 3)
  expect_true(all(late[-1] < 0.5 * late[-3]))
  expect_gte(mean(classify(fit, d$test) == d$test$Species), 0.9)
  expect_identical(
    predict(fit, d$test, type = "class"),
    factor(ifelse(predict(fit, d$test, type = "response") >= 0.5, "virginica", "versicolor"))
  )
  theirs <- glm(Species ~ Petal.Length + Petal.Width, binomial, d$train, epsilon = 1e-14)
  expect_equal(coef(fit), coef(theirs), tolerance = 1e-10)
})

# The gradient of a softmax with two classes is that of the logit.
test_that("the gradient alternative finds Newton's estimate", {
  d <- split_iris(c("versicolor", "virginica"))$train
  newton <- fastlogit(Species ~ Petal.Length + Petal.Width, data = d)
  gradient <- fastlogit(Species ~ Petal.Length + Petal.Width, data = d, method = "gradient")
  expect_true(gradient$converged)
  expect_identical(gradient$algorithm, "gradient")
  expect_gt(gradient$iter, newton$iter)
  # Never lower, but for rounding.
  expect_gt(min(diff(gradient$history$logLik)), -1e-12 * abs(gradient$aic))
  expect_equal(coef(gradient), coef(newton), tolerance = 1e-6)
  expect_equal(vcov(gradient), vcov(newton), tolerance = 1e-5)
  score <- crossprod(model.matrix(gradient), gradient$y - fitted(gradient))
  expect_lt(max(abs(score)), 1e-5)

  wide <- simulate_binary(400, 60)
  by_newton <- fastlogit(y ~ ., data = wide)
  by_gradient <- fastlogit(y ~ ., data = wide, method = "gradient")
  expect_equal(coef(by_gradient), coef(by_newton), tolerance = 1e-6)
})
