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

# S4 methods for glm, such as texreg's, find ours.
setOldClass(c("fastlogit", "glm", "lm"))

.onUnload <- function(libpath) {
  library.dynam.unload("fastlogit", libpath)
}
