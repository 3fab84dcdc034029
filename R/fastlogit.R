#' Logistic regression by Newton-Raphson or Fisher scoring
#'
#' A drop-in for `glm(family = binomial)`: the same formula interface, the same object, the same
#' answers to the last digits that double precision holds, computed in multi-threaded C++. To
#' switch, write `fastlogit(` where a script has `glm(`.
#'
#' With linear predictors \eqn{\eta = X\beta + \mathrm{offset}}{eta = X beta + offset} and means
#' \eqn{\mu}{mu} the coefficients solve the score equations by Newton's method. `"newton"` uses the
#' observed information (minus the second derivative of the log-likelihood), `"fisher"` the expected
#' one (Fisher scoring, which is iteratively reweighted least squares; McCullagh and Nelder 1989);
#' for the logit link, the canonical one, they coincide. `"gradient"` is L-BFGS (Nocedal 1980) and
#' uses first derivatives only in its iterations; the information is evaluated at the start (to find
#' aliased columns) and at the estimate (for the covariance).
#'
#' Every step is halved until the log-likelihood rises enough (Armijo 1966), so a fit is monotone
#' from the first iteration on, whatever the link; `glm()` halves only steps that lead out of the
#' domain or to an infinite deviance (Marschner 2011). Iterations stop when the step no longer
#' matters in double precision, see [fastlogit_control()]. Where columns of the design are nearly
#' dependent the last iterations are made in coordinates in which they are orthogonal, as X'WX has
#' only half of the digits then.
#'
#' With `sparse = TRUE` the design is that of [stats::model.matrix()], by the same names, with
#' factors of many levels as their codes, or as a sparse matrix. Where X'WX is sparse, so is its
#' Cholesky factor, after the columns have been put into an order that keeps it so (approximate
#' minimum degree; Davis 2006); where it would be nearly full, dense kernels are faster and are
#' used. `predict()`, `summary()`, `vcov()` and the leverages make no dense n x p matrix either;
#' `fit$qr`, `model.matrix(fit)` and `predict(type = "terms")` do. Of more than 5000 coefficients
#' whose factor is sparse, `summary()` has the standard errors, but no covariance matrix.
#'
#' @section Differences from glm():
#' * The estimates have all their digits: `glm()` stops when the deviance no longer changes, and its
#'   standard errors come from its last iterate but one. Compare with
#'   `glm(control = list(epsilon = 1e-14))`.
#' * Steps are halved on the log-likelihood from the first iteration. The log link needs no start.
#' * Aliased columns are those of `glm()` at its default tolerance, whatever `epsilon` is.
#' * A start from which there is no way on is replaced by the default one, with a message.
#' * Infinite estimates are found, and named in a warning of class `fastlogit_separation`;
#'   `summary()` shows them as `Inf`, see [separation()]. Non-convergence has one of class
#'   `fastlogit_not_converged`.
#' * `control` takes `threads` as well; `fit$history` and `fit$algorithm` tell how the fit was
#'   found.
#' * `vcov(fit, type = "observed")` gives the inverse of the observed information.
#' * Errors in the arguments are of class `fastlogit_input_error`.
#'
#' @section Survey designs:
#' With a design of package survey as `data` the estimates maximise the pseudo-likelihood at its
#' weights (Binder 1983), and `vcov()` is what the design says: linearised, or by replicates, by
#' survey's own functions. Both are those of `survey::svyglm(family = quasibinomial)`. Summaries,
#' intervals and tests are Wald's, with t distributions of `survey::degf(design) + 1 - rank`
#' degrees of freedom; there are no likelihood ratios. `vcov(fit, type = "expected")` is the matrix
#' that takes the weights for numbers of cases. The `family` of the object is
#' [stats::quasibinomial()], and `survey.design` the design.
#'
#' @section Links:
#' The links that are named above are computed in C++, in logarithms of both probabilities.
#' `stats::binomial()` has no name for two of them: the identity link, whose coefficients are risk
#' differences, is `binomial(link = make.link("identity"))`, and the log-log link is
#' `binomial(link = loglog_link())`.
#'
#' The log link (risk ratios) and the identity link have a domain: \eqn{\eta < 0}{eta < 0}, and
#' \eqn{0 < \eta < 1}{0 < eta < 1}. Fits start inside, without a `start`, and where the maximum lies
#' on an edge they end there, by way of logarithmic barriers, with the status `"boundary"`,
#' `fit$boundary` and a warning of class `fastlogit_boundary`.
#'
#' A link object of another kind (class `"link-glm"`: `linkfun`, `linkinv`, `mu.eta`, `valideta`,
#' `name`, see [stats::make.link()]) is fitted by its own functions, also where it has the name of a
#' stock link: links with a guessing rate such as those of package psyphy, logistic exposure
#' \eqn{\mu = \mathrm{plogis}(\eta)^{days}}{mu = plogis(eta)^days}, and so on. The functions are
#' called for blocks of rows on the main thread, so `threads` is of no use then; where a vector in
#' them gives each row a link of its own they are called for all rows together (in memory only).
#' Before the fit `mu.eta` is checked against differences of `linkinv`, and the domain is found out.
#' The observed information, penalties and profiles use the second derivative by differences of
#' `mu.eta`, good to about ten digits. Whether estimates are infinite is only told where means rise
#' from 0 to 1; of other links a fit whose coefficients grow without bound says no more than that.
#'
#' @param formula a formula. The response may be numeric (0/1, or proportions with the numbers of
#'   trials as `weights`), logical, a factor of two levels (the first is failure), or two columns
#'   of counts, `cbind(successes, failures)`.
#' @param family [stats::binomial()] or [stats::quasibinomial()], with link `"logit"`, `"probit"`,
#'   `"cloglog"`, `"cauchit"` or `"log"`; the identity link, `binomial(link =
#'   make.link("identity"))`; [loglog_link()]; or any link object of your own. See *Links*.
#' @param data a data frame, list or environment with the variables; those that are not there are
#'   looked up where the formula was written. For rows that do not fit in memory a source:
#'   [source_files()], [source_dbi()] or [source_function()]. Or a survey design, of
#'   `survey::svydesign()` or with replicate weights, see Survey designs.
#' @param weights,subset,na.action,offset,contrasts,etastart,mustart,singular.ok as for
#'   [stats::glm()].
#' @param start starting values of the coefficients. `start`, `etastart` and `mustart` give warm
#'   starts.
#' @param control a list as [fastlogit_control()] makes it, or with some of its components. What it
#'   holds may also be given as arguments of the fit, see `maxit`.
#' @param model,x,y logical: keep the model frame, the design matrix, the response?
#' @param method `"newton"`, `"fisher"` or `"gradient"`; see Details.
#' @param penalty `"none"`, `"firth"` (mean bias reduction), `"median"` (median bias reduction),
#'   `"jeffreys"` or [penalty_jeffreys()] with a power, or [penalty_ridge()]; see there.
#' @param sparse logical: store the design without its zeros? For factors of many levels, and other
#'   designs of mostly zeros: time and memory go with the number of entries that are not zero. The
#'   model and its answers are the same; see Details. By default (`NULL`) where there are more than
#'   1000 columns, of which a row has a tenth at most; from 400 on if they are levels of factors,
#'   and there are no `workers`.
#' @param workers who works on the rows, besides this session: a number of local workers (by package
#'   mirai), what [mirai_workers()] returns, or a cluster of package parallel. The rows are sent
#'   there once, and an iteration sends coefficients and gets sums. The estimates do not depend on
#'   the number of workers, down to the last bit.
#' @param cache a folder in which the encoded rows of a source are kept for the next fit of the same
#'   variables to the same rows (files of the same sizes and times, tables of as many rows); by
#'   default they go with the fit. What the formula refers to (functions, what these refer to in
#'   turn, versions of packages) has to be the same; where it cannot be followed (`eval()`,
#'   `get(paste0(...))`, the time, compiled code) the rows are not kept, with a warning. A folder
#'   that has to be made, and the files, are for you alone.
#' @param checkpoint a file in which a fit to a source notes its state after each pass, and from
#'   which it goes on when it is asked for again. Where it cannot be written the fit goes on, with a
#'   warning.
#' @param bias_correction `"none"`, `"analytical"` or `"jackknife"`, see [fixed_effects].
#' @param ... nothing but the arguments below, whose names `glm()` lets one shorten. Any other is an
#'   error, which names the argument that was probably meant.
#' @param epsilon,maxit,trace,threads when a fit counts as converged, the largest number of
#'   iterations, whether to print a line for each, and the number of threads: the arguments of
#'   [fastlogit_control()], each either here or in `control`.
#' @return An object of class `c("fastlogit", "glm", "lm")` with the components of a `glm` (see
#'   [stats::glm()]), of which `qr`, `R` and `effects` are computed when they are asked for. For n
#'   rows and p columns of the design:
#'   \item{coefficients}{p estimates, named as the columns, on the scale of the linear predictor:
#'     for the logit link the intercept is a log odds and the others are log odds ratios (their
#'     exponentials: [odds_ratios()]); for the log link log probabilities and log risk ratios; for
#'     the identity link probabilities and risk differences. `NA` for aliased columns}
#'   \item{linear.predictors}{n values: for the logit link log odds}
#'   \item{fitted.values}{n probabilities of success}
#'   \item{residuals, weights}{n working residuals and n working weights, at the estimate}
#'   \item{prior.weights, y}{the n weights (of counts times the numbers of trials) and the n
#'     observed proportions of successes}
#'   \item{deviance, null.deviance, aic, rank, df.residual, df.null, iter, converged}{a number each}
#'
#'   and of its own
#'   \item{algorithm}{the method's name (`method` is the function [fastlogit_fit()])}
#'   \item{history}{a data frame, one row an iteration: `iteration`; `logLik` and `deviance` after
#'     it; `step`, the Euclidean norm of its step in the coefficients; `halvings` of the full step;
#'     `decrement`, the gain in log-likelihood that the full step promised}
#'   \item{status}{`"converged"`, `"boundary"` (a maximum on the edge of the link's domain),
#'     `"iteration limit"`, `"stalled"` (no step improves the
#'     log-likelihood), `"diverging"` (separation: there is no maximum) or `"singular"` (the
#'     information has collapsed)}
#'   \item{separation}{p numbers: `0` where the estimate is finite, `Inf` or `-Inf` where
#'     it is infinite, `NA` where the data leave that open; see [separation()]}
#'   \item{cholesky}{upper triangular Cholesky factors of the `expected` and the `observed`
#'     information at the estimate, as many rows and columns as there are coefficients that are not
#'     `NA`; a sparse one is a list of its columns (`start`, `row`, `value`) and the `order` of its
#'     rows, counted from 0}
#'   \item{orthogonalised}{logical: were columns nearly dependent?}
#'   \item{threads}{the number of threads}
#'   \item{workers}{the number of workers, where there were `workers`}
#'   \item{outcomes}{what failure and success are called, two words}
#'   \item{penalty, penalised_loglik}{of a penalised fit, see [penalty_ridge()]; its `history` has
#'     the penalised log-likelihood where there is one}
#' @references Armijo, L. (1966) Minimization of functions having Lipschitz continuous first partial
#' derivatives. *Pacific Journal of Mathematics* **16**, 1-3. \doi{10.2140/pjm.1966.16.1}
#'
#' Binder, D. A. (1983) On the variances of asymptotically normal estimators from complex surveys.
#' *International Statistical Review* **51**, 279-292. \doi{10.2307/1402588}
#'
#' Davis, T. A. (2006) *Direct Methods for Sparse Linear Systems*. SIAM.
#' \doi{10.1137/1.9780898718881}
#'
#' Loader, C. (2000) *Fast and accurate computation of binomial probabilities*. (The deviance.)
#'
#' Marschner, I. C. (2011) glm2: Fitting generalized linear models with convergence problems. *The R
#' Journal* **3**, 12-15. \doi{10.32614/RJ-2011-012}
#'
#' McCullagh, P. and Nelder, J. A. (1989) *Generalized Linear Models*, 2nd ed. Chapman & Hall.
#' \doi{10.1007/978-1-4899-3242-6}
#'
#' Nocedal, J. (1980) Updating quasi-Newton matrices with limited storage. *Mathematics of
#' Computation* **35**, 773-782. \doi{10.1090/S0025-5718-1980-0572855-7}
#'
#' Nocedal, J. and Wright, S. J. (2006) *Numerical Optimization*, 2nd ed. Springer.
#' \doi{10.1007/978-0-387-40065-5}
#' @seealso
#' Of a fit: [summary.fastlogit()], [confint.fastlogit()], [profile.fastlogit()],
#' [predict.fastlogit()], [classify()], [vcov.fastlogit()] and [covariances] (robust and clustered
#' standard errors), [odds_ratios()], [average_effects()], [average_predictions()].
#'
#' Tests: [drop1.fastlogit()] with `add1()` and `anova()`, [lr_test()], [wald_test()],
#' [hauck_donner()], [gof_test()], [metrics()]. Pictures: [plot.fastlogit()]. Resampling:
#' [bootstrap()], [cross_validate()]. Many candidates: [screen()].
#'
#' Infinite estimates and penalties: [separation()], [detect_separation()], [penalty_ridge()],
#' [penalty_jeffreys()].
#'
#' Larger than memory: [source_files()], [source_dbi()], [source_function()], [mirai_workers()].
#'
#' Other responses: [fastmultinom()] for many classes, [fastordinal()] for ordered ones, with
#' [parallel_test()], [fastclogit()] for matched sets, panels and choices, with [exact_test()].
#'
#' Other ways to fit: [fastlogit_fit()] for a design matrix,
#' [loglog_link()], [fastlogit_control()]; parsnip's engine: [fit_logistic_reg()],
#' [fit_multinom_reg()].
#'
#' The same fit in another form: [as_glm()], [as_multinom()], [strip()].
#'
#' An overview: [fastlogit-package]. `vignette("fastlogit")` is where to begin.
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' summary(fit)
#' fit$history
#'
#' # Odds ratios, robust standard errors, predictions
#' odds_ratios(fit)
#' summary(fit, vcov = "HC3")
#' predict(fit, data.frame(temp = 31), interval = "confidence")
#'
#' # Counts of successes and failures; risk differences by the identity link
#' d <- data.frame(dose = 0:2, ill = c(3, 7, 9), well = c(17, 13, 11))
#' fastlogit(cbind(ill, well) ~ dose, data = d)
#' fastlogit(cbind(ill, well) ~ dose, binomial(link = make.link("identity")), data = d)
#'
#' # Weights: each row stands for so many cases
#' admissions <- as.data.frame(UCBAdmissions)
#' fastlogit(Admit == "Admitted" ~ Gender + Dept, data = admissions, weights = Freq)
#'
#' # A factor of two levels, of which the second is success
#' two <- droplevels(subset(iris, Species != "setosa"))
#' species <- fastlogit(Species ~ Petal.Length + Petal.Width, data = two)
#' table(two$Species, classify(species))
#'
#' # A penalty: finite estimates where the likelihood has no maximum
#' separated <- data.frame(x = c(1, 1, 2, 2, 2, 3, 3, 3), y = c(0, 0, 0, 1, 0, 1, 1, 1))
#' fastlogit(y ~ x, data = separated, penalty = "firth")
#'
#' # Standard errors clustered by the matched set
#' infertile <- fastlogit(case ~ spontaneous + induced, data = infert)
#' confint(infertile, vcov = ~ stratum)
#'
#' # Fisher scoring for a link that is not canonical, with two threads
#' fastlogit(fail ~ temp, binomial("cloglog"), oring, method = "fisher", threads = 2)
#'
#' # Rows that need not fit into memory, from a file
#' file <- system.file("extdata", "ads.csv", package = "fastlogit")
#' fastlogit(click ~ hour + device, data = source_files(file))
#' @export
fastlogit <- function(formula, family = binomial(), data, weights, subset, na.action, start = NULL,
                      etastart, mustart, offset, control = list(), model = TRUE,
                      method = c("newton", "fisher", "gradient"), x = FALSE, y = TRUE,
                      singular.ok = TRUE, contrasts = NULL, penalty = "none", sparse = NULL,
                      workers = NULL, cache = NULL, checkpoint = NULL, bias_correction = "none",
                      ..., epsilon = 1e-8, maxit = 25, trace = FALSE, threads = NULL) {
  call <- match.call()
  caller <- parent.frame()
  if (belongs_to_glm(method, caller)) return(eval(as_glm_call(call), caller))
  if (...length()) check_no_unknown(also = control_arguments, partial = TRUE)
  if (missing(formula)) no_formula()
  start <- as_numbers(start)
  method <- check_choice(method, algorithms, "method")
  penalty <- as_penalty(penalty, method)
  bias_correction <- as_bias_correction(bias_correction, penalty)
  check_flags(model = model, x = x, y = y, singular.ok = singular.ok)
  if (!is.null(sparse)) check_flag(sparse, "sparse")
  formula <- as_model_formula(formula, caller)
  family <- if (missing(family)) logit_family else family_given(substitute(family), family, caller)
  if (missing(data)) data <- environment(formula) else check_data(data)
  if (is_survey_design(data)) family <- pseudo_family(family)
  further <- c(list(...), given_control(call, environment()))
  control <- complete_control(control, method, penalty, further)
  if (!is.null(c(cache, checkpoint))) check_storage(cache, checkpoint, is_source(data))
  if ((x || isTRUE(sparse)) && is_source(data)) {
    input_error("`x` and `sparse` are for rows in memory: `data` is a source.")
  }
  spec <- list(
    call = call, formula = formula, env = caller, contrasts = contrasts, data = data
  )
  options <- list(
    control = control, method = method, start = start, singular.ok = singular.ok, sparse = sparse,
    workers = workers, cache = cache, checkpoint = checkpoint, model = model, x = x, y = y,
    fitter = if (is.null(penalty)) fastlogit_fit else penalised_fitter(penalty),
    bias_correction = bias_correction
  )
  fit_model(binary_model(family, penalty), data, spec, options)
}

algorithms <- c("newton", "fisher", "gradient")

# Code that knows glm() refits with its methods: "model.frame", or those of other packages.
belongs_to_glm <- function(method, caller) {
  if (is.function(method)) return(TRUE)
  if (!is.character(method) || length(method) != 1L || is.na(method)) return(FALSE)
  if (method %in% algorithms) return(FALSE)
  method == "model.frame" || exists(method, caller, mode = "function")
}

as_glm_call <- function(call) {
  call[[1L]] <- quote(stats::glm)
  if (is.null(call$family)) call$family <- quote(stats::binomial())
  call
}

# glm()'s `method` of a penalised fit: what others refit with.
penalised_fitter <- function(penalty) {
  function(x, y, ...) fit_matrix(x, y, ..., penalty = penalty)
}
