test_that("scores add up to zero, and their products to the meat of the core", {
  d <- ordered_data(150)
  for (family in c("cumulative", "adjacent", "continuation")) {
    for (parallel in list(TRUE, ~ g)) {
      fit <- fastordinal(y ~ x + g, d, weights = w, family = family, parallel = parallel)
      design <- problem_of_fit(fit, 1L)$design
      rows <- seq_len(nrow(d))
      scores <- ordered_group_scores(fit, design, ordered_scores(fit), rows, nrow(d))
      expect_lt(max(abs(colSums(scores))), 1e-8)
      problem <- problem_of_fit(fit, 1L)
      meat <- meat_impl(problem, core_values(fit), 0, NULL)
      expect_equal(crossprod(scores), meat, tolerance = 1e-11)
    }
  }
})

test_that("scores are summed by groups, of sparse designs, too", {
  d <- ordered_data(100)
  fit <- fastordinal(y ~ x + g, d)
  design <- problem_of_fit(fit, 1L)$design
  score <- ordered_scores(fit)
  one <- ordered_group_scores(fit, design, score, seq_len(100), 100)
  some <- ordered_group_scores(fit, design, score, d$id, max(d$id))
  expect_equal(some, rowsum(one, d$id), ignore_attr = TRUE)
  sparse <- ordered_group_scores(fit, make_sparse(design), score, d$id, max(d$id))
  expect_equal(sparse, some, ignore_attr = TRUE)
})
