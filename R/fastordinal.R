#' Ordered responses: cumulative, adjacent-category and continuation-ratio models
#'
#' Regression for a response of ordered classes, behind the same solver as [fastlogit()]. The object
#' has the class, the components and the signs of [MASS::polr()]'s.
#'
#' With \eqn{\eta_{ij} = \zeta_j - x_i'\beta}{eta_ij = zeta_j - x_i' beta} for the cut between the
#' classes j and j + 1, and F the distribution function of the link,
#' \describe{
#'   \item{`"cumulative"`}{\eqn{P(y_i \le j) = F(\eta_{ij})}{P(y_i <= j) = F(eta_ij)}: proportional
#'     odds for the logit link (McCullagh 1980).}
#'   \item{`"adjacent"`}{\eqn{P(y_i = j \mid j \le y_i \le j + 1) = F(\eta_{ij})}{P(y_i = j | j <=
#'     y_i <= j + 1) = F(eta_ij)}.}
#'   \item{`"continuation"`}{\eqn{P(y_i = j \mid y_i \ge j) = F(\eta_{ij})}{P(y_i = j | y_i >= j) =
#'     F(eta_ij)}.}
#' }
#' So a positive slope always means higher classes. Terms that are not in `parallel` have
#' coefficients of their own at each cut (partial proportional odds),
#' \eqn{\eta_{ij} = \zeta_j + z_i'\gamma_j - x_i'\beta}{eta_ij = zeta_j + z_i' gamma_j - x_i' beta}:
#' of these a positive one means that y is more likely at or below the cut.
#'
#' Newton's method on the full Hessian, whose steps are halved until the log-likelihood rises and
#' the cut-points are in order. A cumulative model costs what one of two classes does, however many
#' classes there are: with thousands of them (an ordinal regression on a continuous response) the
#' Hessian is an arrow, and cost and memory grow linearly.
#'
#' Aliased coefficients are `NA`. Infinite estimates are found, and named in a warning of class
#' `fastlogit_separation`, see [separation()]. A class without rows is dropped, with a warning.
#'
#' @param formula a formula. The response is a factor, whose levels count in their order, or
#'   numbers. The intercept is that of the cut-points: a model without one has it all the same.
#' @param data,weights,subset,na.action,contrasts,cache,checkpoint as for [fastlogit()].
#' @param start starting values: slopes, coefficients that vary from cut to cut, cut-points.
#' @param offset an offset of \eqn{x'\beta}{x' beta}.
#' @param control a list as [fastlogit_control()] makes it.
#' @param model logical: keep the model frame?
#' @param method `"newton"`, `"fisher"` or `"gradient"`.
#' @param link `"logit"`, `"probit"`, `"cloglog"` (proportional hazards), `"loglog"` or
#'   `"cauchit"`, with the meaning that they have for [MASS::polr()].
#' @param family `"cumulative"`, `"adjacent"` or `"continuation"`.
#' @param parallel `TRUE`: all terms have one slope for all cuts; `FALSE`: none has; or a one-sided
#'   formula of those that have.
#' @param penalty as for [fastlogit()], see [penalty_ridge()].
#' @param workers as for [fastlogit()]; see [mirai_workers()].
#' @param ... arguments of [fastlogit_control()], and `Hess` of `polr()`, which changes nothing; any
#'   other is an error.
#' @return An object of class `c("fastordinal", "polr")` with the components of `polr()`'s
#'   (`coefficients`, the slopes and what varies from cut to cut; `zeta`, the cut-points;
#'   `deviance`, `fitted.values`, `lev`, `Hessian`, `edf`, `df.residual`, `lp`, ...), and
#'   \item{separation}{of all coefficients, with values as for [fastlogit()]}
#'   \item{link, steps}{the link and the family}
#'   \item{history, status, converged, algorithm, cholesky, orthogonalised, threads, workers}{as
#'     for [fastlogit()]}
#' @section Differences from polr():
#' * Full convergence, in a few iterations, from any data; standard errors come with the fit.
#' * Aliased coefficients are `NA`, not left out.
#' * Weights, offsets, subsets and rows from sources as for [fastlogit()].
#' @references
#' McCullagh, P. (1980) Regression models for ordinal data. *Journal of the Royal Statistical
#' Society B* **42**, 109-142.
#'
#' Agresti, A. (2010) *Analysis of Ordinal Categorical Data*, 2nd ed. Wiley.
#'
#' Kosmidis, I. (2014) Improved estimation in cumulative link models. *Journal of the Royal
#' Statistical Society B* **76**, 169-196.
#' @seealso [predict.fastordinal()], [summary.fastordinal()], [parallel_test()],
#'   [average_effects()], [gof_test()]
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastordinal(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' summary(fit)
#' confint(fit)
#' predict(fit, MASS::housing[1:3, ], type = "probs")
#'
#' # Are the slopes the same at all cuts?
#' parallel_test(fit)
#' partial <- fastordinal(
#'   Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq, parallel = ~ Infl + Cont
#' )
#' anova(fit, partial)
#'
#' fastordinal(Sat ~ Infl, data = MASS::housing, weights = Freq, family = "continuation")
#' @export
fastordinal <- function(formula, data, weights, subset, na.action, start = NULL, offset,
                        control = fastlogit_control(...), model = TRUE,
                        method = c("newton", "fisher", "gradient"), link = ordered_links,
                        family = ordered_steps, parallel = TRUE, contrasts = NULL,
                        penalty = "none", workers = NULL, cache = NULL, checkpoint = NULL, ...) {
  call <- match.call()
  caller <- parent.frame()
  check_no_unknown(also = c(control_arguments, "Hess"), partial = TRUE)
  if (missing(formula)) no_formula()
  start <- as_numbers(start)
  method <- check_choice(method, algorithms, "method")
  link <- check_choice(link, ordered_links, "link")
  family <- check_choice(family, ordered_steps, "family")
  penalty <- check_ordered_penalty(as_penalty(penalty, method))
  check_flag(model, "model")
  parallel <- check_parallel(parallel)
  formula <- as_model_formula(formula, caller)
  if (missing(data)) data <- environment(formula) else check_data(data)
  check_no_survey(data)
  given <- list(...)
  control <- complete_control(
    if (missing(control)) list() else control, method, penalty, given[names(given) != "Hess"]
  )
  if (!is.null(c(cache, checkpoint))) check_storage(cache, checkpoint, is_source(data))
  spec <- list(
    call = call, formula = formula, env = caller, contrasts = contrasts, data = data
  )
  options <- list(
    control = control, method = method, start = start, singular.ok = TRUE, workers = workers,
    cache = cache, checkpoint = checkpoint, model = model
  )
  of <- ordered_model(link, family, parallel, penalty, fisher = method == "fisher")
  fit_model(of, data, spec, options)
}

check_no_survey <- function(data) {
  if (!is_survey_design(data)) return(invisible())
  input_error(
    "`data` is a survey design, which fastordinal() does not know: fit its data with `weights`, ",
    "and give clusters by `vcov = ~ id`, or use survey::svyolr()."
  )
}

# What is made for two classes, or for the coefficients of many.
check_ordered_penalty <- function(penalty) {
  if (is.null(penalty)) return(NULL)
  if (penalty$name == "median" || penalty$symmetric) {
    input_error(
      penalty_title(penalty), " is not for ordered classes: use \"firth\", \"jeffreys\" or ",
      "penalty_ridge()."
    )
  }
  penalty
}
