#' fastlogit: fast logistic regression by Newton-Raphson and Fisher scoring
#'
#' A replacement for `glm(family = binomial)` and [nnet::multinom()] that gives the same object, and
#' the same answers with more digits, faster, and says so where they are infinite.
#'
#' @section From glm() to fastlogit():
#' One line changes:
#' ```
#' fit <- glm(fail ~ temp, family = binomial, data = oring)
#' fit <- fastlogit(fail ~ temp, family = binomial, data = oring)
#' ```
#' What follows in a script stays as it is: `summary(fit)`, `anova(fit)`, `predict(fit)`, and
#' packages that take a `glm`. Inside code that insists on `glm()` it is
#' `glm(fail ~ temp, binomial, oring, method = "fastlogit_fit")`. Coefficients are log odds (the
#' intercept) and log odds ratios, as there.
#'
#' @section To fit a model:
#' * [fastlogit()]: two outcomes; links logit, probit, cloglog, cauchit, log, identity,
#'   [loglog_link()] or one's own
#' * [fastmultinom()]: more than two classes
#' * [fastordinal()]: ordered classes; [summary.fastordinal()], [confint.fastordinal()],
#'   [predict.fastordinal()], [anova.fastordinal()], [parallel_test()]
#' * [fastclogit()]: matched sets, panels and choices; [summary.fastclogit()],
#'   [confint.fastclogit()], [vcov.fastclogit()], [predict.fastclogit()],
#'   [residuals.fastclogit()], [anova.fastclogit()], [choice_effects], [exact_test()]
#' * [fixed_effects]: individuals with an intercept each
#' * [fastlogit_fit()]: a design matrix in place of a formula
#' * [fastlogit_control()]: convergence, the number of threads
#' * [fit_logistic_reg()], [fit_multinom_reg()]: the engine `"fastlogit"` of package parsnip
#'
#' @section To report it:
#' * [summary.fastlogit()], [summary.fastmultinom()]: the table of coefficients
#' * [odds_ratios()]: odds, risk, hazard or relative-risk ratios with intervals, and a forest plot
#' * [confint.fastlogit()], [confint.fastmultinom()], [profile.fastlogit()]: intervals of
#'   coefficients
#' * [average_effects()], [average_predictions()]: marginal effects, adjusted risks, risk
#'   differences
#' * [coef.fastmultinom()], [relevel.fastmultinom()]: other baselines, and the softmax form
#'
#' @section To predict and classify:
#' * [predict.fastlogit()], [predict.fastmultinom()]: with standard errors and intervals
#' * [classify()]: the outcome that is predicted
#' * [simulate.fastmultinom()]: responses drawn from the fit
#'
#' @section To test:
#' * [drop1.fastlogit()], with `add1()` and `anova()`, and [anova.fastmultinom()]: terms and models
#' * [lr_test()], [wald_test()]: single coefficients
#' * [hauck_donner()]: where Wald tests mislead
#' * [screen()]: many columns, each added to a model by itself; [print.fastlogit_screen()],
#'   [plot.fastlogit_screen()]
#'
#' @section To get standard errors right:
#' * [vcov.fastlogit()]: expected or observed information, robust, clustered
#' * [covariances]: what the argument `vcov` of summaries, intervals, tests and effects takes
#'
#' @section To check it:
#' * [gof_test()]: goodness of fit
#' * [metrics()]: Brier score, log loss, area under the ROC curve, calibration
#' * [plot.fastlogit()], [plot.profile.glm()], [autoplot.fastlogit_table()]: calibration, binned
#'   residuals, ROC, influence, effects, odds ratios, convergence, profiles, in base graphics or by
#'   ggplot2
#' * [residuals.fastmultinom()]: residuals of many classes
#' * [cross_validate()], [bootstrap()], with [summary.fastlogit_bootstrap()] and
#'   [confint.fastlogit_bootstrap()]: what the fit comes to in other samples
#'
#' @section To hand it on:
#' * [as_glm()], [as_multinom()]: the plain object, for code that goes by the first class
#' * [strip()]: a fit without its rows, that still predicts
#'
#' @section Where estimates are infinite:
#' * [separation()], [detect_separation()]: which are, and because of which rows
#' * [penalty_ridge()], [penalty_jeffreys()]: these penalties, and `penalty = "firth"` and
#'   `"median"`
#'
#' @section Data larger than memory, and many machines:
#' * [source_files()], [source_dbi()], [source_function()]: rows from files, databases, functions
#' * [mirai_workers()]: rows shared among processes and machines
#'
#' @section Data:
#' * [oring]: O-rings of the space shuttle before the Challenger accident
#' * `system.file("extdata", package = "fastlogit")`: a folder with the same 2000 rows of an
#'   advertising log as a text file, `ads.csv`, and as a database, `ads.sqlite` (simulated)
#'
#' @seealso `vignette("fastlogit")`, where to begin; `browseVignettes("fastlogit")` lists all.
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' odds_ratios(fit)
#' @docType package
#' @name fastlogit-package
#' @useDynLib fastlogit, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom methods setOldClass
#' @importFrom stats add1 anova binomial coef confint drop1 extractAIC formula logLik model.frame
#' @importFrom stats model.matrix nobs predict residuals simulate vcov
#' @keywords internal
NULL

# S4 methods for glm and multinom, such as texreg's, find ours.
setOldClass(c("fastlogit", "glm", "lm"))
setOldClass(c("fastmultinom", "multinom", "nnet"))
setOldClass(c("fastordinal", "polr"))
setOldClass(c("fastclogit", "clogit", "coxph"))

# screen() stands before that of graphics, to which it hands on what is none of its own: nothing
# that library() should warn of.
.onAttach <- function(libname, pkgname) {
  assign(".conflicts.OK", TRUE, envir = as.environment(paste0("package:", pkgname)))
}

.onLoad <- function(libname, pkgname) {
  register_all()
  when_loaded("parsnip", function(package) register_engines())
}

.onUnload <- function(libpath) library.dynam.unload("fastlogit", libpath)

#' O-ring distress before the Challenger flight
#'
#' The 23 flights of the space shuttle before the Challenger accident of 28 January 1986 whose solid
#' rocket motors were recovered: the temperature at launch, and whether at least one of the six
#' primary O-rings of the motors' field joints showed thermal distress (erosion or blow-by of hot
#' gas). Challenger itself was launched at 31 degrees Fahrenheit, 22 degrees below the coldest of
#' these flights.
#'
#' @format A data frame with 23 rows, in flight order, and 3 columns:
#' \describe{
#'   \item{`flight`}{number of the row, 1 to 23 (integer)}
#'   \item{`temp`}{temperature at launch, in degrees Fahrenheit}
#'   \item{`fail`}{1 if at least one primary O-ring showed thermal distress, else 0 (integer)}
#' }
#'
#' @source Dalal, S. R., Fowlkes, E. B. and Hoadley, B. (1989). Risk analysis of the space shuttle:
#'   pre-Challenger prediction of failure. *Journal of the American Statistical Association* **84**,
#'   945--957. \doi{10.1080/01621459.1989.10478858}
#'
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' coef(fit)
#'
#' # The probability of distress at the temperature of the Challenger launch
#' predict(fit, data.frame(temp = 31), interval = "confidence")
"oring"
