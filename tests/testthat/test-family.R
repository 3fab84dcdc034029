test_that("the registry has R's five links and the family of many classes", {
  expect_true(all(all_links %in% family_names_impl("two")))
  expect_setequal(setdiff(binary_links(), all_links), as.character(names(own_links)))
})

# Every entry of the registry is checked: what is not a link of two classes has q predictors.
for (name in unlist(lapply(c("many", "two"), family_names_impl))) {
  if (name == "multinomial") {
    for (q in c(1L, 2L, 4L)) {
      test_that(paste("the derivatives of the multinomial family are right for q =", q), {
        expect_classes_contract(q)
      })
    }
  } else if (name != "conditional") {  # of sets, see test-sets.R
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

# What is called binomial("logit") and is not is another model.
test_that("a family is judged by its functions, not by its name", {
  skip_if_not_installed("MASS")
  d <- MASS::birthwt
  x <- cbind(1, d$lwt)
  for (name in binary_links()) {
    for (make in list(binomial, quasibinomial)) {
      stock <- make(link_of(name))
      of_make_link <- if (name == "loglog") stock else make(stats::make.link(name))
      for (same in list(stock, of_make_link, unserialize(serialize(stock, NULL)))) {
        expect_silent(check_stock(same))
        expect_identical(core_link(same), name)
      }
      for (part in names(stock)[vapply(stock, is.function, NA)]) {
        other <- stock
        # The same numbers to the eye; another function all the same.
        other[[part]] <- eval(bquote(function(...) .(stock[[part]])(...)))
        if (part %in% link_functions) {
          expect_identical(core_link(other), user_link)
          expect_silent(check_stock(other))
        } else if (part == "simulate") {
          expect_identical(core_link(other), name)
          expect_silent(check_stock(other))
        } else {
          expect_error(check_stock(other), part, class = "fastlogit_input_error")
        }
      }
    }
  }
  # Of functions that do not go together, the derivative is not that of the means.
  mine <- stats::make.link("logit")
  mine$linkinv <- function(eta) stats::pnorm(eta)
  doubled <- binomial()
  doubled$variance <- function(mu) 2 * mu * (1 - mu)
  # The text of R's own, in which a name means something else.
  masked <- binomial("probit")
  environment(masked$linkinv) <- list2env(list(pnorm = stats::pcauchy), parent = globalenv())
  for (family in list(binomial(mine), quasibinomial(mine), doubled, masked)) {
    expect_refusal(quote(fastlogit(low ~ lwt, family, d)))
    expect_refusal(quote(fastlogit(low ~ lwt, family, source_function(chunks_of(d, 100)))))
    expect_refusal(quote(fastlogit_fit(x, d$low, family = family)))
    expect_refusal(quote(glm(low ~ lwt, family, d, method = "fastlogit_fit")))
    expect_refusal(quote(glm(low ~ lwt, family, d, method = fastlogit_fit)))
  }
  expect_refusal(quote(detect_separation(low ~ lwt, doubled, d)))
  # Its own simulate() is asked, and kept.
  own <- binomial()
  own$simulate <- function(object, nsim) rep(list(7), nsim)
  fit <- fastlogit(low ~ lwt, own, d)
  expect_identical(fit$family, own)
})

test_that("a penalised fit's fitter has no other families", {
  skip_if_not_installed("MASS")
  d <- MASS::birthwt
  firth <- fastlogit(low ~ lwt, data = d, penalty = "firth")
  expect_refusal(quote(firth$method(cbind(1, d$lwt), d$low, family = poisson())))
})
