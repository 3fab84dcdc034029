#' Multinomial logistic regression by Newton's method on the full Hessian
#'
#' Softmax regression for a response of any number of classes, behind the same solver as
#' [fastlogit()]. The object has the class and the components of [nnet::multinom()]'s.
#'
#' With class 1 the baseline, \eqn{\log(p_{ij} / p_{i1}) = x_i'\beta_j} for \eqn{j = 2, \ldots, K}.
#' The log-likelihood is concave; its Hessian consists of (K - 1) x (K - 1) blocks \eqn{-X'
#' \mathrm{diag}(p_j (1[j = k] - p_k)) X} (Bishop 2006, eqs. 4.109 and 4.110), each of which is
#' computed once. `"newton"` and `"fisher"` coincide; `"gradient"` is L-BFGS. Steps are halved until
#' the log-likelihood rises, and iterations stop as for [fastlogit()].
#'
#' Aliased columns are `NA` for all classes. A class without rows is dropped, with a warning.
#' Infinite estimates are found, and named in a warning of class `fastlogit_separation`, see
#' [separation()]; non-convergence is reported by one of class `fastlogit_not_converged`.
#'
#' @section Differences from multinom():
#' * Newton's method on the full Hessian: all digits in a few iterations, where quasi-Newton steps
#'   stop at 100 iterations and `reltol = 1e-8`.
#' * Standard errors come with the fit; `predict()` gives them for probabilities, too.
#' * Aliased coefficients are `NA`, not arbitrary.
#' * An offset is a vector (the same for all classes but the baseline) or a matrix: n x K, as
#'   `multinom()` takes it, or n x (K - 1), without the baseline. Its columns are those of the
#'   classes by name, or without names in the order of the response's levels, whatever the
#'   `reference` is.
#' * Arguments of `multinom()` and `nnet()` that have no meaning here (`Hess`, `summ`, `censored =
#'   FALSE`, `MaxNWts`, `reltol`, `abstol`, `rang`) change nothing; for `decay` there is
#'   [penalty_ridge()].
#'
#' @param formula a formula. The response may be a factor, character, logical or whole numbers (the
#'   classes in order, the first is the baseline), or an n x K matrix of class counts.
#' @param data,weights,subset,na.action,contrasts,cache,checkpoint as for [fastlogit()].
#' @param start starting values: a (K - 1) x p matrix, or its rows one after another.
#' @param offset see above.
#' @param control a list as [fastlogit_control()] makes it.
#' @param model logical: keep the model frame?
#' @param method `"newton"`, `"fisher"` (the same) or `"gradient"`.
#' @param reference the class to take as the baseline, by name.
#' @param penalty as for [fastlogit()]; see [penalty_ridge()].
#' @param workers as for [fastlogit()]; see [mirai_workers()].
#' @param ... arguments of [fastlogit_control()]; any other is an error.
#' @return An object of class `c("fastmultinom", "multinom", "nnet")` with the components of
#'   `multinom()`'s (the `deviance` is minus twice the log-likelihood, without a saturated part;
#'   `Hessian` is the information, class by class), and
#'   \item{coefficients}{a (K - 1) x p matrix; a vector for two classes}
#'   \item{linear.predictors}{an n x (K - 1) matrix}
#'   \item{separation}{a matrix as `coefficients`, with values as for [fastlogit()]}
#'   \item{history, status, converged, algorithm, cholesky, orthogonalised, threads, workers}{as
#'     for [fastlogit()]}
#' @references
#' Bishop, C. M. (2006) *Pattern Recognition and Machine Learning*. Springer, section 4.3.4.
#'
#' Venables, W. N. and Ripley, B. D. (2002) *Modern Applied Statistics with S*, 4th ed. Springer.
#' @seealso [predict.fastmultinom()], [coef.fastmultinom()], [relevel.fastmultinom()]
#' @examples
#' fit <- fastmultinom(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' summary(fit)
#' fit$history
#' coef(fit, type = "softmax")
#' predict(fit, MASS::housing[1:3, ], type = "probs", se.fit = TRUE)
#' @export
fastmultinom <- function(formula, data, weights, subset, na.action, start = NULL, offset,
                         control = fastlogit_control(...), model = TRUE,
                         method = c("newton", "fisher", "gradient"), reference = NULL,
                         contrasts = NULL, penalty = "none", workers = NULL, cache = NULL,
                         checkpoint = NULL, ...) {
  call <- match.call()
  caller <- parent.frame()
  check_no_unknown(also = c(control_arguments, nnet_arguments), partial = TRUE)
  check_has_formula(missing(formula))
  start <- as_numbers(start)
  method <- check_choice(method, c("newton", "fisher", "gradient"), "method")
  penalty <- as_penalty(penalty, method)
  formula <- as_model_formula(formula, caller)
  if (!missing(data)) check_data(data)
  control <- complete_control(
    if (missing(control)) list() else control, method, penalty, without_nnet_arguments(...)
  )
  if (missing(data)) data <- environment(formula)
  from_source <- is_source(data)
  check_elsewhere(cache, checkpoint, from_source)
  report_bars(formula, if (!from_source) data)
  if (from_source) {
    how <- list(
      control = control, method = method, penalty = penalty, start = start,
      contrasts = contrasts, reference = reference, cache = cache, checkpoint = checkpoint
    )
    how$control$engine <- as_engine(workers, checkpoint)
    on.exit(close_engine(how$control$engine))
    fit <- fit_class_source(data, asked_rows(call, formula, caller), how)
    fit$workers <- workers_left(how$control$engine)
    return(finish_classes_elsewhere(fit, call, formula, data))
  }

  frame <- frame_from_call(call, formula, caller, data)
  # Empty classes of the response are worth a word.
  frame <- drop_unused_levels(frame, except = attr(attr(frame, "terms"), "response"))
  blueprint <- learn_blueprint(frame, contrasts)
  y <- stats::model.response(frame, "any")
  control$engine <- as_engine(workers)
  on.exit(close_engine(control$engine))
  fit <- fit_classes(
    design_from(blueprint, frame, control$threads), y, class_weights_in_frame(frame), start,
    offset_in_frame(frame), control, method, reference, response_name(blueprint$terms),
    if (is.matrix(y)) rownames(y) else as.character(attr(frame, "row.names")), penalty
  )
  fit$workers <- workers_left(control$engine)
  if (model) fit$model <- frame
  fit$na.action <- attr(frame, "na.action")
  structure(
    c(fit, list(
      call = call, formula = formula, terms = blueprint$terms, contrasts = blueprint$contrasts,
      xlevels = blueprint$xlevels
    )),
    class = c("fastmultinom", "multinom", "nnet")
  )
}

fit_classes <- function(design, y, weights, start, offset, control, method, reference,
                        response_name, row_names, penalty) {
  nobs <- design$rows
  check_has_rows(nobs)
  check_sizes(design)
  check_unpenalised(penalty, design$names)
  check_weights(weights, nobs)
  response <- as_class_response(y, weights, reference, response_name)
  classes <- length(response$levels)
  check_total(sum(response$weights), "the weights, times the counts,")
  offset <- as_class_offset(offset, nobs, response)
  columns <- as.double(length(design$names))
  check_start(start, columns * (classes - 1L), "start", "class but the baseline and column")
  check_has_columns(columns)
  starts <- class_starts(design, response, start)
  model <- class_model(classes, penalty)
  solve <- function(control) {
    solve_rows(design, response, offset, model, starts, control, method)
  }
  solved <- solve(control)
  if (is.null(penalty) && looks_separated(solved)) {
    found <- find_class_separation(design, response, row_names)
    if (!is.null(found)) solved <- settle_separation(solved, found, control, solve)
  }
  check_start_aliased(by_class(start), solved$aliased, design$names)
  report_start(solved, c(if (!is.null(start)) "given", "default"))
  if (adjusts_score(penalty)) method <- "fisher"
  fit <- as_multinom_fit(solved, design, row_names, response, offset, control, method)
  fit$recession <- solved$recession
  if (!is.null(penalty)) fit <- with_penalty(fit, penalty, solved, design)
  report_class_fit(fit)
  fit
}

class_model <- function(classes, penalty) {
  list(family = "multinomial", predictors = classes - 1L, penalty = penalty)
}

class_totals <- function(response) {
  if (!is.null(response$y)) return(colSums(response$weights * response$y))
  classes <- seq_along(response$levels) - 1L
  vapply(classes, function(class) sum(response$weights[response$category == class]), 0)
}

# The user's coefficients, and the fit of the intercepts alone.
class_starts <- function(design, response, start) {
  class_starts_from(class_totals(response), design, start)
}

class_starts_from <- function(totals, design, start) {
  totals <- totals + 0.5
  default <- matrix(0, length(design$names), length(totals) - 1L)
  intercept <- match("(Intercept)", design$names)
  if (!is.na(intercept)) default[intercept, ] <- log(totals[-1L] / totals[1L])
  given <- by_class(start)
  c(
    if (!is.null(given)) list(list(coefficients = ifelse(is.na(given), 0, given))),
    list(list(coefficients = as.vector(default)))
  )
}

# The coefficients of one class after those of another.
by_class <- function(start) {
  if (!is.null(start)) as.numeric(if (is.matrix(start)) t(start) else start)
}

# Arguments of multinom() and nnet() that change nothing here: the Hessian is always there, and
# Newton's method stops where there is nothing left to gain.
without_nnet_arguments <- function(...) {
  given <- list(...)
  if (!is.null(given$decay)) {
    input_error("`decay` is `penalty = penalty_ridge(lambda)` here, see ?penalty_ridge: found ",
      described(given$decay), ".")
  }
  if (!is.null(given$Wts)) input_error("`Wts` is `start` here: starting values of coefficients.")
  if (!is.null(given$censored) && !isFALSE(given$censored)) {
    input_error("`censored` responses (counts of sets of classes) are not fitted: use multinom().")
  }
  given[!names(given) %in% nnet_arguments]
}

nnet_arguments <- c(
  "Hess", "summ", "censored", "MaxNWts", "reltol", "abstol", "rang", "decay", "Wts"
)
