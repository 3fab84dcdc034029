# A short run of the random problems; `Rscript tools/properties.R` makes long ones.

expect_no_disagreements <- function(seeds, check) {
  found <- do.call(rbind, lapply(seeds, check))
  expect(
    NROW(found) == 0L,
    paste(c("disagreements:", do.call(paste, unname(as.list(found)))), collapse = "\n")
  )
}

test_that("fits of two classes agree with glm, with brute force and with themselves", {
  expect_no_disagreements(1:150, disagreements)
})

test_that("fits of many classes solve their equations and agree with themselves", {
  skip_if_not_installed("nnet")
  expect_no_disagreements(1:80, class_disagreements)
})

test_that("penalised fits solve their equations and agree with themselves", {
  expect_no_disagreements(1:80, penalised_disagreements)
})

test_that("a property that is violated is told", {
  problem <- random_problem(3)
  fit <- fit_problem(problem)$fit
  fit$coefficients <- fit$coefficients + 0.1
  expect_match(property_solves(problem, fit, NULL), "standard errors from zero")
  fit$deviance <- fit$deviance + 1
  glm_fit <- glm_of_problem(problem, fit)
  expect_match(property_maximum(problem, fit, glm_fit), "glm's is")
})
