#' Multinomial logistic regression by Newton's method on the full Hessian
#'
#' Softmax regression for a response of any number of classes, behind the same solver as
#' [fastlogit()]. The object has the class and the components of [nnet::multinom()]'s (Venables and
#' Ripley 2002).
#'
#' With class 1 the baseline, the log odds of each other class j against it are linear in the
#' predictors,
#' \deqn{\log(p_{ij} / p_{i1}) = x_i'\beta_j,}{log(p_ij / p_i1) = x_i' beta_j,} where \eqn{j = 2,
#' \ldots, K}{j = 2, ..., K}. The log-likelihood is concave; its Hessian consists of (K - 1) x (K -
#' 1) blocks \eqn{-X' \mathrm{diag}(p_j (1[j = k] - p_k)) X}{-X' diag(p_j (1[j = k]
#' - p_k)) X} (Bishop 2006, eqs. 4.109 and 4.110), each of which is computed once. `"newton"` and
#' `"fisher"` coincide; `"gradient"` is L-BFGS. Steps are halved until the log-likelihood rises, and
#' iterations stop as for [fastlogit()].
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
#' * An `offset` may also be a vector, or a matrix without the baseline's column, and its columns
#'   are found by name.
#' * Arguments of `multinom()` and `nnet()` that have no meaning here (`Hess`, `summ`, `censored =
#'   FALSE`, `MaxNWts`, `reltol`, `abstol`, `rang`) change nothing; for `decay` there is
#'   [penalty_ridge()].
#'
#' @param formula a formula. The response may be a factor, character, logical or whole numbers (the
#'   classes in order, the first is the baseline), or an n x K matrix of class counts.
#' @param data,weights,subset,na.action,contrasts,cache,checkpoint as for [fastlogit()]; `data` may
#'   be a survey design, too.
#' @param start starting values: a (K - 1) x p matrix, or its rows one after another.
#' @param offset what is added to the linear predictors: a vector of n values (the same for all
#'   classes but the baseline) or a matrix: n x K, as `multinom()` takes it, or n x (K - 1), without
#'   the baseline. Its columns are those of the classes by name, or without names in the order of
#'   the response's levels, whatever the `reference` is.
#' @param control,epsilon,maxit,trace,threads as for [fastlogit()]; see [fastlogit_control()].
#' @param model logical: keep the model frame?
#' @param method `"newton"`, `"fisher"` (the same) or `"gradient"`.
#' @param reference the class to take as the baseline, by name.
#' @param penalty as for [fastlogit()]; see [penalty_ridge()].
#' @param workers as for [fastlogit()]; see [mirai_workers()].
#' @param ... arguments of `multinom()` that change nothing here, see below; any other is an error.
#' @return An object of class `c("fastmultinom", "multinom", "nnet")` with the components of
#'   `multinom()`'s (the `deviance` is minus twice the log-likelihood, without a saturated part;
#'   `Hessian` is the information, class by class), and, for n rows, p columns and K classes,
#'   \item{coefficients}{a (K - 1) x p matrix of log odds (the intercepts) and log odds ratios of
#'     each class against the baseline; for two classes a vector of p. Their exponentials,
#'     relative-risk ratios: [odds_ratios()]}
#'   \item{linear.predictors}{an n x (K - 1) matrix of log odds against the baseline}
#'   \item{fitted.values}{an n x K matrix of probabilities; for two classes n x 1, of the second}
#'   \item{separation}{a matrix as `coefficients`, with values as for [fastlogit()]}
#'   \item{history, status, converged, algorithm, cholesky, orthogonalised, threads, workers}{as
#'     for [fastlogit()]}
#' @references
#' Bishop, C. M. (2006) *Pattern Recognition and Machine Learning*. Springer, section 4.3.4.
#'
#' Venables, W. N. and Ripley, B. D. (2002) *Modern Applied Statistics with S*, 4th ed. Springer.
#' \doi{10.1007/978-0-387-21706-2}
#' @seealso [coef.fastmultinom()], [summary.fastmultinom()], [confint.fastmultinom()],
#'   [predict.fastmultinom()], [residuals.fastmultinom()], [simulate.fastmultinom()],
#'   [plot.fastmultinom()], [anova.fastmultinom()], [relevel.fastmultinom()], [classify()],
#'   [odds_ratios()], [average_effects()], [wald_test()], [gof_test()], [metrics()], [separation()],
#'   [penalty_ridge()], [source_files()], [mirai_workers()]
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastmultinom(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' summary(fit)
#' fit$history
#' coef(fit, type = "softmax")
#' odds_ratios(fit)
#' predict(fit, MASS::housing[1:3, ], type = "probs", se.fit = TRUE)
#'
#' # Counts of the classes, one column each
#' counts <- xtabs(Freq ~ Infl + Sat, data = MASS::housing)
#' fastmultinom(unclass(counts) ~ rownames(counts))
#' @export
fastmultinom <- function(formula, data, weights, subset, na.action, start = NULL, offset,
                         control = list(), model = TRUE,
                         method = c("newton", "fisher", "gradient"), reference = NULL,
                         contrasts = NULL, penalty = "none", workers = NULL, cache = NULL,
                         checkpoint = NULL, ..., epsilon = 1e-8, maxit = 25, trace = FALSE,
                         threads = NULL) {
  call <- match.call()
  caller <- parent.frame()
  check_no_unknown(also = c(control_arguments, nnet_arguments), partial = TRUE)
  if (missing(formula)) no_formula()
  start <- as_numbers(start)
  method <- check_choice(method, algorithms, "method")
  penalty <- as_penalty(penalty, method)
  formula <- as_model_formula(formula, caller)
  if (!missing(data)) check_data(data)
  further <- c(without_nnet_arguments(...), given_control(call, environment()))
  control <- complete_control(control, method, penalty, further)
  if (missing(data)) data <- environment(formula)
  if (!is.null(c(cache, checkpoint))) check_storage(cache, checkpoint, is_source(data))
  spec <- list(
    call = call, formula = formula, env = caller, contrasts = contrasts, data = data
  )
  options <- list(
    control = control, method = method, start = start, singular.ok = TRUE, workers = workers,
    cache = cache, checkpoint = checkpoint, model = model
  )
  fit_model(classes_model(penalty, reference), data, spec, options)
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
