#' Fit a logistic regression to a design matrix
#'
#' The workhorse of [fastlogit()], with the arguments and the result of [stats::glm.fit()]. It can
#' be given to `glm()` as its `method`, for code that insists on `glm()`.
#'
#' @param x numeric design matrix, n x p, or a sparse matrix of package Matrix, of which no dense
#'   copy is made.
#' @param y response: n proportions or 0/1 values, a logical vector, a factor of two levels (the
#'   first is failure), or an n x 2 matrix of counts (successes, failures).
#' @param weights n prior weights, non-negative: the numbers of trials where `y` holds proportions.
#' @param start,etastart,mustart where to begin: p coefficients, n linear predictors or n means. A
#'   start from which there is no way on is replaced by the default one, with a message.
#' @param offset n values that are added to the linear predictor.
#' @param family [stats::binomial()] or [stats::quasibinomial()] with link logit, probit, cloglog,
#'   cauchit or log, as R has them: what is only called so, with functions of your own, is an error.
#'   Any other family is passed on to `glm.fit()`, for the score tests of
#'   `anova(test = "Rao")`, which fit a gaussian model by the same method.
#' @param control a list as [fastlogit_control()] makes it.
#' @param intercept logical: does the null model have an intercept?
#' @param singular.ok logical: if `FALSE`, linearly dependent columns are an error.
#' @param ... nothing: an unknown argument is an error.
#' @return The list that `glm.fit()` returns; see there. For a sparse `x` it has no `qr`, `R` and
#'   `effects`.
#' @seealso [fastlogit()]
#' @examples
#' x <- cbind("(Intercept)" = 1, temp = oring$temp)
#' fastlogit_fit(x, oring$fail)$coefficients
#' glm(fail ~ temp, binomial, oring, method = "fastlogit_fit")
#' @export
fastlogit_fit <- function(x, y, weights = rep.int(1, nobs), start = NULL, etastart = NULL,
                          mustart = NULL, offset = rep.int(0, nobs), family = stats::gaussian(),
                          control = list(), intercept = TRUE, singular.ok = TRUE, ...) {
  check_no_unknown()
  nobs <- NROW(y)
  fit_matrix(
    x, y, weights, start, etastart, mustart, offset, family, control, intercept, singular.ok
  )
}

fit_matrix <- function(x, y, weights = rep.int(1, nobs), start = NULL, etastart = NULL,
                       mustart = NULL, offset = rep.int(0, nobs), family = stats::gaussian(),
                       control = list(), intercept = TRUE, singular.ok = TRUE, penalty = NULL) {
  nobs <- NROW(y)
  x <- without_long_integers(x)
  y <- as_numbers(y)
  weights <- as_numbers(weights)
  offset <- as_numbers(offset)
  if (!is_binomial(family)) {
    if (!is.null(penalty)) {
      input_error("penalties are for binomial families: found ", family$family, "().")
    }
    control <- control[intersect(names(control), names(formals(stats::glm.control)))]
    return(stats::glm.fit(
      x, y, weights, start, etastart, mustart, offset, family, control, intercept, singular.ok
    ))
  }
  check_stock(family)
  x <- if (is_sparse(x)) as_compressed(x) else as.matrix(x)
  if (is.logical(x)) storage.mode(x) <- "double"  # as the design of `y ~ 0` is
  control <- complete_control(control, "newton", penalty)
  fit <- fit_rows(
    as_design(x, control$threads), y, weights, start, etastart, mustart, offset, family, control,
    "newton", intercept, singular.ok, "`y`", penalty
  )
  if (is_sparse(x)) fit else with_decomposition(fit, x, offset)
}

# The fit of both interfaces, without the parts that hold another n x p numbers.
fit_rows <- function(design, y, weights, start, etastart, mustart, offset, family, control, method,
                     intercept, singular.ok, response_name, penalty) {
  rows <- design$rows
  check_has_rows(rows)
  check_sizes(design)
  check_weights(weights, rows)
  check_one_column(offset, "offset")
  check_row_values(offset, rows, "offset")
  if (!is.null(offset) && all(offset == 0)) offset <- NULL
  check_has_response(y)
  check_length(y, rows, "y")
  check_start(start, length(design$names), "start", "column of the design")
  check_start(etastart, rows, "etastart", "row")
  check_start(mustart, rows, "mustart", "row")
  check_mustart(mustart)
  row_names <- if (is.matrix(y)) rownames(y) else names(y)
  response <- as_response(without_names(y), weights, family, response_name)
  if (is.null(response$successes)) {
    if (all(response$weights == 0)) {
      input_error(response_name, " holds no trials: all counts are zero.")
    }
    check_total(sum(response$weights), "the numbers of trials, times the weights,")
  }
  if (length(design$names) == 0L) {
    solved <- solve_empty(response, offset, family)
  } else {
    starts <- starting_points(design, response, offset, family, start, etastart, mustart)
    model <- binary_model(family, penalty)
    solve <- function(control, of = response, on = design) {
      solve_rows(on, of, offset, model, starts, control, method)
    }
    if (length(starts) == 1L && is.null(penalty)) {
      starts <- start_far_out(starts, design, family$link, control, solve)
    }
    solved <- solve(control)
    # Of a penalised fit nothing is infinite.
    if (is.null(penalty)) {
      find <- function(solved) {
        find_separation(design, response, family, row_names, response_name, solved$coefficients)
      }
      solved <- without_doubt(solved, family$link, response, design, control, solve, find)
    }
    check_start_aliased(start, solved$aliased, design$names)
    report_start(solved, starts)
    report_local_maxima(solved)
    report_blurred(solved)
  }
  check_singular(solved, design, singular.ok)
  if (adjusts_score(penalty)) method <- "fisher"
  fit <- as_glm_fit(solved, design, row_names, response, offset, family, control, method, intercept)
  fit$recession <- solved$recession
  if (!is.null(penalty)) fit <- with_penalty(fit, penalty, solved, design)
  report_fit(fit)
  if (length(design$names) == 0L) fit$boundary <- TRUE  # as glm.fit() has it
  fit
}

check_singular <- function(solved, design, singular.ok) {
  if (singular.ok || !any(solved$aliased)) return(invisible())
  fit_error(
    "fastlogit_singular",
    "the design is singular and `singular.ok` is FALSE: ",
    quoted(design$names[solved$aliased]),
    if (sum(solved$aliased) == 1L) " is a linear combination" else " are linear combinations",
    " of the columns before."
  )
}

# Without columns there is nothing to estimate: eta is the offset.
solve_empty <- function(response, offset, family) {
  eta <- if (is.null(offset)) numeric(length(response$y)) else as.numeric(offset)
  mu <- family$linkinv(eta)
  if (!family$valideta(eta) || !family$validmu(mu)) {
    fit_error("fastlogit_no_start", "without coefficients the means are not between 0 and 1.")
  }
  deviance <- sum(family$dev.resids(response$y, mu, response$weights))
  list(
    coefficients = numeric(), aliased = logical(), expected = matrix(0, 0L, 0L),
    observed = matrix(0, 0L, 0L), logLik = -deviance / 2, status = "converged",
    orthogonalised = FALSE, history = empty_history(), linear.predictors = eta,
    weights = response$weights * family$mu.eta(eta)^2 / family$variance(mu), start = 1L,
    threads = 1L
  )
}

empty_history <- function() {
  list(
    iteration = integer(), logLik = numeric(), deviance = numeric(), step = numeric(),
    halvings = integer(), decrement = numeric()
  )
}
