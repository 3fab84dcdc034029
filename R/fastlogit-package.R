#' fastlogit: fast logistic regression by Newton-Raphson and Fisher scoring
#'
#' [fastlogit()] is a drop-in for `glm(family = binomial)`. Start with `vignette("fastlogit")`.
#'
#' @useDynLib fastlogit, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom methods setOldClass
#' @importFrom stats binomial
#' @keywords internal
"_PACKAGE"

# S4 methods for glm, such as texreg's, find ours.
setOldClass(c("fastlogit", "glm", "lm"))

.onUnload <- function(libpath) {
  library.dynam.unload("fastlogit", libpath)
}
