test_that("the registry has the five links", {
  expect_setequal(family_names_impl(), all_links)
})

for (link in family_names_impl()) {
  test_that(paste("the derivatives of the", link, "link are right"), {
    expect_link_contract(link)
  })
}

test_that("the checker sees a wrong derivative", {
  grid <- data.frame(mu = 0.3, y = 1, weight = 1, eta = qlogis(0.3))
  at <- evaluate_rows("logit", grid)
  expect_failure(expect_close(at$residual * (1 + 1e-6), 0.7, 0, 1e-9, "logit", "residual"))
  expect_success(expect_close(at$residual, 0.7, 0, 1e-9, "logit", "residual"))
})
