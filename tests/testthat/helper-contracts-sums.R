# What every sum of the registry must satisfy, wherever the rows are.

# A request as src/r_request.h makes it. model: as problem_of() has it. question: see
# example_questions_impl().
request_for <- function(model, question, basis = matrix(0, 0L, 0L)) {
  c(
    question["what"],
    list(
      family = model$family, predictors = model$predictors, barrier = 0, damping = 1,
      thinning = 1L, basis = basis
    ),
    question[c("order", "question")]
  )
}

# The answers of partitions in this process, as an engine brings them.
answered_by_parts <- function(parts, problem) {
  ask <- function(request) lapply(parts, answer_impl, request)
  list(ask = ask, model = problem$model, threads = 1L)
}

# fit: whose rows are asked, at its estimate. stored: the same from a source. sparse: there are no
# dense copies of the rows, and no coordinates but their own.
sum_case <- function(fit, stored = NULL, sparse = FALSE) {
  problem <- problem_of_fit(fit, 1L)
  n <- problem$design$rows
  starts <- floor(c(0, 0.1, 0.45, 1) * n) + 1
  held <- lapply(seq_len(3L), function(i) {
    hold_rows_impl(slice_rows(problem, starts[i], starts[i + 1L] - 1))
  })
  size <- length(problem$design$names) * problem$model$predictors
  scale <- rep_len(tail(answer_impl(hold_rows_impl(problem), request_for(
    problem$model, list(what = "summary", order = 0L, question = numeric())
  )), -5L), size)
  with_seed(size, {
    x <- matrix(rnorm(size * (size + 3)), size)
    list(
      model = problem$model, sparse = sparse, parts = held, columns = length(scale) /
        problem$model$predictors,
      whole = hold_rows_impl(problem),
      workers = hold_rows_impl(answered_by_parts(held, problem)),
      fit = stored,  # whose file goes with it
      stored = if (!is.null(stored)) hold_rows_impl(problem_of_fit(stored, 1L)),
      beta = as.vector(t(coef(fit))) / scale, directions = x[, 1:2] / 50, inverse = crossprod(x) / n
    )
  })
}

questions_of <- function(name, case, beta = case$beta) {
  example_questions_impl(name, case$columns, beta, case$directions, case$inverse)
}

expect_sum_contract <- function(name, case, label = name) {
  questions <- questions_of(name, case)
  expect_gt(length(questions), 0)
  p <- case$columns
  bases <- list(matrix(0, 0L, 0L), diag(p) + 0.1 * upper.tri(diag(p)))
  for (basis in bases[c(TRUE, !case$sparse)]) {
    for (question in questions) expect_one_answer(case, question, basis, label)
  }
}

# The same answer of all rows at once, of their parts, and wherever they are.
expect_one_answer <- function(case, question, basis, label) {
  request <- request_for(case$model, question, basis)
  whole <- answer_impl(case$whole, request)
  expect_true(all(is.finite(whole)), label = label)
  same <- function(other) {
    expect_equal(
      comparable_answer(question, other), comparable_answer(question, whole),
      tolerance = 1e-10, label = label
    )
  }
  there <- answer_impl(case$workers, request)
  same(there)
  if (!is.null(case$stored)) same(answer_impl(case$stored, request))
  # Each part of sparse rows has a pattern of its own: their answers merge when they have travelled.
  if (case$sparse) return(invisible())
  found <- merge_answers_impl(case$parts, request)
  same(found$onto_nothing)
  expect_identical(found$travelled, found$merged, label = label)
  expect_identical(there, found$merged, label = label)
  expect_identical(found$question, question$question, label = label)
}

# A triangle is known up to the signs of its rows.
comparable_answer <- function(question, answer) {
  if (question$what != "triangle") return(answer)
  crossprod(from_lower(answer[-1L], answer[1L]))
}

# From the lower triangle of a matrix, column by column: its transpose.
from_lower <- function(numbers, size) {
  lower <- matrix(0, size, size)
  lower[lower.tri(lower, diag = TRUE)] <- numbers
  t(lower)
}

# --- derivatives ----------------------------------------------------------------------------------

# list(loglik, score, information) at coefficients; number: of the example.
moments_asked <- function(case, beta, number = 1L, basis = matrix(0, 0L, 0L)) {
  question <- questions_of("moments", case, beta)[[number]]
  answer <- answer_impl(case$whole, request_for(case$model, question, basis))
  size <- length(beta)
  upper <- from_lower(answer[-seq_len(size + 1L)], size)
  list(
    loglik = answer[1L], score = answer[1L + seq_len(size)],
    information = upper + t(upper) - diag(diag(upper), size)
  )
}

# Fourth-order central differences of the log-likelihood are the score, those of the score the
# observed information; and both turn with the coordinates.
expect_moments_derivatives <- function(case, label, step = 1e-3) {
  at <- moments_asked(case, case$beta - 0.01)
  slope <- function(j, part) {
    along <- replace(numeric(length(case$beta)), j, step)
    value <- lapply(c(-2, -1, 1, 2), function(k) {
      moments_asked(case, case$beta - 0.01 + k * along)[[part]]
    })
    (value[[1L]] - 8 * value[[2L]] + 8 * value[[3L]] - value[[4L]]) / (12 * step)
  }
  all <- seq_along(case$beta)
  close <- function(found, expected, size, what) {
    expect_lt(max(abs(found - expected)) / size, 1e-7, label = paste(label, what))
  }
  size <- sqrt(abs(at$loglik) * max(diag(at$information)))
  close(vapply(all, slope, 0, "loglik"), at$score, size, "score")
  close(-sapply(all, slope, "score"), at$information, max(at$information), "information")
  p <- case$columns
  basis <- diag(p) + 0.1 * upper.tri(diag(p))
  turn <- kronecker(diag(case$model$predictors), basis)
  turned <- moments_asked(case, case$beta - 0.01, basis = basis)
  expect_equal(turned$score, drop(crossprod(turn, at$score)), tolerance = 1e-10, label = label)
  expect_equal(
    turned$information, crossprod(turn, at$information %*% turn), tolerance = 1e-10, label = label
  )
}
