# Every sum of the registry, over rows of every kind: see expect_sum_contract().

sum_cases <- function(n = 3000) {
  d <- cluster_data(n)
  d$g <- factor(rep_len(1:24, n))
  d$many <- factor(rep_len(1:100, n))
  both <- function(call) {
    fits <- fit_twice(call, d)
    sum_case(fits$here, fits$there)
  }
  list(
    logit = both(quote(fastlogit(y ~ x + z + f, weights = w, offset = o))),
    probit = both(quote(fastlogit(y ~ x + z, binomial("probit")))),
    log = both(quote(fastlogit(y ~ z + f, binomial("log")))),
    cells = both(quote(fastlogit(y ~ x + g, binomial("cloglog")))),
    counts = both(quote(fastlogit(cbind(y * w, w) ~ x + f, binomial("cauchit")))),
    classes = both(quote(fastmultinom(class ~ x + f, weights = w))),
    sparse = sum_case(fastlogit(y ~ x + many, data = d, sparse = TRUE), sparse = TRUE)
  )
}

cases <- sum_cases()

for (name in sum_names_impl()) {
  test_that(paste0("the sum \"", name, "\" is the same of all rows, of parts, and anywhere"), {
    for (kind in names(cases)) {
      if (cases[[kind]]$sparse && name == "triangle") next  # asked of dense rows only
      expect_sum_contract(name, cases[[kind]], paste(name, kind))
    }
  })
}

test_that("the derivatives of the moments are right", {
  for (kind in setdiff(names(cases), c("cells", "sparse"))) {
    expect_moments_derivatives(cases[[kind]], kind)
  }
})

test_that("gradients at several points are the moments at each of them", {
  for (kind in names(cases)) {
    case <- cases[[kind]]
    question <- questions_of("gradients", case)[[1]]
    answer <- matrix(answer_impl(case$whole, request_for(case$model, question)), ncol = 2)
    for (i in 1:2) {
      at <- moments_asked(case, case$beta + case$directions[, i])
      expect_equal(answer[, i], c(at$loglik, at$score), tolerance = 1e-12, label = kind)
    }
  }
})

test_that("threads change no bit of any sum", {
  fit <- fastlogit(y ~ x + z + f, data = cluster_data(20000))
  case <- sum_case(fit)
  two <- hold_rows_impl(problem_of_fit(fit, 2L))
  for (name in sum_names_impl()) {
    for (question in questions_of(name, case)) {
      request <- request_for(case$model, question)
      expect_identical(answer_impl(two, request), answer_impl(case$whole, request), label = name)
    }
  }
})

test_that("the checker sees rows that are missing, and an answer in another order", {
  case <- cases$logit
  question <- questions_of("moments", case)[[1]]
  basis <- matrix(0, 0L, 0L)
  expect_false(fails(expect_one_answer(case, question, basis, "moments")))
  short <- case
  short$workers <- short$parts[[1]]
  expect_true(fails(expect_one_answer(short, question, basis, "moments")))
  short <- case
  short$parts <- rev(short$parts)
  expect_true(fails(expect_one_answer(short, question, basis, "moments")))
})
