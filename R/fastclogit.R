#' Conditional logistic regression: matched sets, panels and choices
#'
#' The exact conditional likelihood of sets of rows: which rows of a set are cases, given how many
#' are. It is the likelihood of matched case-control studies, of panels with an intercept for each
#' unit (the fixed-effects logit), and, with one case in each set, of discrete choices (McFadden's
#' conditional logit). The object has the class and the components of [survival::clogit()]'s.
#'
#' A set with d cases among m rows contributes the probability
#' \deqn{\frac{\exp(\sum_{i \in D} x_i'\beta)}{\sum_{S} \exp(\sum_{i \in S}
#'   x_i'\beta)},}{exp(sum_D x_i'beta) / (the sum over all S of exp(sum_S x_i'beta)),}
#' that of its cases D among all sets S of d of its rows. An intercept of the set
#' cancels, whatever it is; so does every predictor that is the same in all rows of a set, whose
#' coefficient is `NA`. Its log-likelihood, score and information come from the recursion of Gail,
#' Lubin and Rubinstein (1981), in a form in which all terms are positive: it neither overflows nor
#' loses digits, in sets of thousands of rows, at a cost of d (m - d) steps. Pairs and sets
#' with a single case take the short ways that they have. Newton's method is that of [fastlogit()].
#'
#' @section What is estimated:
#' *Matched case-control studies.* Coefficients are log odds ratios, as in the population from which
#' cases and controls were drawn, adjusted for all that the sets are matched on. What is matched on
#' has no estimate; its product with another predictor may.
#'
#' *Panels.* The sets are the units. Coefficients are log odds ratios *within* a unit: of a change
#' of a predictor over time for the same unit, whatever is constant about it, observed or not.
#' Units whose response never changes say nothing and drop out. Differences in probability cannot be
#' had without the units' intercepts, which are not estimated.
#'
#' *Choices.* The sets are the occasions, the rows their alternatives, and 1 is what was chosen.
#' Coefficients are those of the utilities; alternative-specific constants are dummy variables of
#' the alternatives, and what describes the chooser enters by its products with them.
#'
#' @section Sets:
#' `strata(set)` in the formula says which set a row belongs to; several variables, or several such
#' terms, mean their combinations. The rows of a set may lie anywhere in the data. Package survival
#' need not be attached. Sets of one row, and those without cases or with cases only, drop out;
#' `print()` says how many. Rows with missing values are left out one by one, and what is left of
#' their sets counts.
#'
#' `weights` are of sets (a weight of 2 is two such sets) and have to be the same in all rows of
#' one.
#'
#' @section Differences from clogit():
#' * The likelihood is always the exact one: there is no `method = "approximate"`, and `method` is
#'   the algorithm.
#' * Weights of sets are used, where `clogit()` ignores them.
#' * Robust and clustered variances exist, by set or above: see `vcov` in [covariances].
#' * `residuals` are observed less expected given the number of cases of the set, also where there
#'   are several, of which `clogit()` has Breslow's approximation.
#' * `residuals()` has scores and dfbetas, `profile()`, `bootstrap()`, `cross_validate()` and
#'   `metrics()` go by sets, and [strip()] takes the rows out.
#' * A column that is the same within sets but for rounding is aliased.
#' * What there is for each row of a large fit is made when it is asked for, by `$`.
#' * Infinite estimates are found, and named in a warning of class `fastlogit_separation`.
#'
#' @param formula a formula whose response is 1 for cases and 0 for the others (or a logical vector,
#'   or a factor of two levels), and one of whose terms is `strata()`.
#' @param data,subset,na.action,contrasts,workers,cache,checkpoint as for [fastlogit()].
#' @param weights of sets, see below.
#' @param start starting values of the coefficients.
#' @param offset a vector, as an `offset()` term in the formula.
#' @param control a list as [fastlogit_control()] makes it.
#' @param model logical: keep the model frame?
#' @param method `"newton"`, `"fisher"` (the same) or `"gradient"`.
#' @param penalty as for [fastlogit()]; see [penalty_ridge()]. `"firth"` reduces the bias of the
#'   conditional likelihood's estimates (Heinze and Puhr 2010).
#' @param ... arguments of [fastlogit_control()]; any other is an error.
#' @return An object of class `c("fastclogit", "clogit", "coxph")` with the components of
#'   `clogit()`'s (`coefficients`, `var`, `loglik` at zero and at the estimate, `score`,
#'   `wald.test`,
#'   `n`, `nevent`, `linear.predictors`, `means`, `terms`, ...), and
#'   \item{sets}{a list: how many sets were `used`, their `rows` and `cases`, and how many were
#'     `dropped`, by cause}
#'   \item{set}{the number of each row's set}
#'   \item{fitted.values}{the probability of each row to be a case, given how many its set has}
#'   \item{history, status, converged, algorithm, cholesky, orthogonalised, separation, threads,
#'     workers}{as for [fastlogit()]}
#' @references
#' Breslow, N. E. and Day, N. E. (1980) *Statistical Methods in Cancer Research*, vol. 1. IARC,
#' chapter 7.
#'
#' Chamberlain, G. (1980) Analysis of covariance with qualitative data. *Review of Economic Studies*
#' **47**, 225-238.
#'
#' Gail, M. H., Lubin, J. H. and Rubinstein, L. V. (1981) Likelihood calculations for matched
#' case-control studies and survival studies with tied death times. *Biometrika* **68**, 703-707.
#'
#' Heinze, G. and Puhr, R. (2010) Bias-reduced and separation-proof conditional logistic regression
#' with small or sparse data sets. *Statistics in Medicine* **29**, 770-777.
#'
#' McFadden, D. (1974) Conditional logit analysis of qualitative choice behavior. In Zarembka, P.
#' (ed.), *Frontiers in Econometrics*. Academic Press, 105-142.
#' @seealso [predict.fastclogit()], [exact_test()], [odds_ratios()], [choice_effects]
#' @examples
#' # A matched case-control study
#' fit <- fastclogit(case ~ spontaneous + induced + strata(stratum), data = infert)
#' summary(fit)
#' odds_ratios(fit)
#' confint(fit)
#'
#' # Standard errors that allow for anything within a set
#' summary(fit, vcov = ~ stratum)
#' @export
fastclogit <- function(formula, data, weights, subset, na.action, start = NULL, offset,
                       control = fastlogit_control(...), model = TRUE,
                       method = c("newton", "fisher", "gradient"), contrasts = NULL,
                       penalty = "none", workers = NULL, cache = NULL, checkpoint = NULL, ...) {
  call <- match.call()
  caller <- parent.frame()
  check_no_unknown(also = control_arguments, partial = TRUE)
  if (missing(formula)) no_formula()
  start <- as_numbers(start)
  check_flag(model, "model")
  method <- check_choice(method, algorithms, "method")
  penalty <- as_penalty(penalty, method)
  given <- as_model_formula(formula, caller)
  if (!missing(data)) check_data(data)
  control <- complete_control(
    if (missing(control)) list() else control, method, penalty, list(...)
  )
  if (missing(data)) data <- environment(given)
  check_no_design(data)
  if (!is.null(c(cache, checkpoint))) check_storage(cache, checkpoint, is_source(data))
  spec <- list(
    call = call, formula = as_set_formula(given, data), given = given, env = caller,
    contrasts = contrasts, data = data
  )
  options <- list(
    control = control, method = method, start = start, singular.ok = TRUE, workers = workers,
    cache = cache, checkpoint = checkpoint, model = model
  )
  fit_model(strata_model(penalty), data, spec, options)
}

# With a strata() that is found, and as terms that know it.
as_set_formula <- function(formula, data) {
  formula <- with_strata_function(formula)
  terms <- stats::terms(
    formula, specials = strata_specials, data = if (is.list(data) && !is_source(data)) data,
    allowDotAsName = is_source(data)
  )
  check_no_other_specials(terms)
  if (!is_source(data)) return(terms)
  here <- environment(formula)
  here$strata <- identity
  formula <- with_single_strata(formula)
  environment(formula) <- here
  formula
}

check_no_design <- function(data) {
  if (!is_survey_design(data)) return(invisible())
  input_error("survey designs are for fastlogit() and fastmultinom(): give a data frame.")
}
