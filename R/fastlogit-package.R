#' fastlogit: fast logistic regression by Newton-Raphson and Fisher scoring
#'
#' [fastlogit()] is a drop-in for `glm(family = binomial)`. Start with `vignette("fastlogit")`.
#'
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
