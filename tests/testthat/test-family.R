test_that("the registry has the five links and the family of many classes", {
  expect_setequal(family_names_impl(), c(all_links, "multinomial"))
})

# Every entry of the registry is checked: what is not a link of two classes has q predictors.
for (name in family_names_impl()) {
  if (name == "multinomial") {
    for (q in c(1L, 2L, 4L)) {
      test_that(paste("the derivatives of the multinomial family are right for q =", q), {
        expect_classes_contract(q)
      })
    }
  } else {
    test_that(paste("the derivatives of the", name, "link are right"), {
      expect_link_contract(name)
    })
  }
}

test_that("the checker sees a wrong derivative", {
  grid <- data.frame(mu = 0.3, y = 1, weight = 1, eta = qlogis(0.3))
  at <- evaluate_rows("logit", grid)
  expect_failure(expect_close(at$residual * (1 + 1e-6), 0.7, 0, 1e-9, "logit", "residual"))
  expect_success(expect_close(at$residual, 0.7, 0, 1e-9, "logit", "residual"))
})

test_that("the checker sees weights in another order, and another baseline", {
  grid <- class_grid(2L)
  reordered <- function(grid, ...) {
    found <- evaluate_class_rows(grid, ...)
    found$weight <- found$weight[, 3:1]
    found
  }
  expect_false(fails(expect_class_values(grid)))
  expect_true(fails(expect_class_values(grid, reordered)))
  other <- list(eta = grid$eta, y = grid$y[, c(2, 1, 3)], weight = grid$weight)
  expect_true(fails(expect_class_values(grid, function(...) evaluate_class_rows(other))))
})
