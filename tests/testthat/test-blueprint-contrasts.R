d <- local({
  set.seed(9)
  data.frame(
    y = rbinom(60, 1, 0.5), x = rnorm(60), f = factor(rep(letters[1:3], 20)),
    o = factor(rep(1:4, 15), ordered = TRUE), l = rep(c(TRUE, FALSE, TRUE), 20),
    word = rep(c("u", "v", "w", "v"), 15), one = factor(rep("a", 60))
  )
})

of_both <- function(formula, ...) {
  ours <- fastlogit(formula, data = d, ...)
  theirs <- glm(formula, binomial, d, ...)
  list(ours = ours, theirs = theirs)
}

test_that("contrasts are those that model.matrix() sets by the session's option", {
  formulas <- list(
    y ~ f + o + l + word, y ~ f:o + x, y ~ 0 + l + f, y ~ word * x, y ~ offset(x) + l
  )
  for (defaults in list(
    c("contr.treatment", "contr.poly"), c("contr.sum", "contr.helmert"),
    c("contr.SAS", "contr.sum"),
    c(unordered = "contr.helmert", ordered = "contr.treatment")
  )) {
    withr::with_options(list(contrasts = defaults), {
      for (formula in formulas) {
        fits <- of_both(formula)
        expect_identical(fits$ours$contrasts, fits$theirs$contrasts, label = deparse1(formula))
        expect_identical(fits$ours$xlevels, fits$theirs$xlevels)
        expect_identical(unname(model.matrix(fits$ours)), unname(model.matrix(fits$theirs)))
        expect_identical(colnames(model.matrix(fits$ours)), colnames(model.matrix(fits$theirs)))
      }
    })
  }
})

test_that("contrasts of the factor itself go before the option's", {
  d$f <- C(d$f, contr.helmert)
  contrasts(d$o) <- contr.sum(4)
  ours <- fastlogit(y ~ f + o, data = d)
  theirs <- glm(y ~ f + o, binomial, d)
  expect_identical(ours$contrasts, theirs$contrasts)
  expect_identical(names(coef(ours)), names(coef(theirs)))
  expect_equal(coef(ours), coef(theirs), tolerance = 1e-6)
})

test_that("a factor of one level is an error, also where no term has it", {
  expect_error(fastlogit(y ~ x + one, data = d), "single level", class = "fastlogit_input_error")
  expect_error(glm(y ~ x + one - one, binomial, d), "2 or more levels")
  expect_error(
    fastlogit(y ~ x + one - one, data = d), "2 or more levels", class = "fastlogit_input_error"
  )
})
