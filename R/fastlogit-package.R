#' fastlogit: fast logistic regression by Newton-Raphson and Fisher scoring
#'
#' [fastlogit()] is a drop-in for `glm(family = binomial)`. Start with `vignette("fastlogit")`.
#'
#' @docType package
#' @name fastlogit-package
#' @useDynLib fastlogit, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom methods setOldClass
#' @importFrom stats binomial
#' @keywords internal
NULL

# S4 methods for glm, such as texreg's, find ours.
setOldClass(c("fastlogit", "glm", "lm"))

.onUnload <- function(libpath) {
  library.dynam.unload("fastlogit", libpath)
}
