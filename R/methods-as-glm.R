#' A plain `glm`, or a plain `multinom`
#'
#' What `glm()` or `nnet::multinom()` would have returned: the same components, class and call, for
#' code that goes by the first class of an object or by the name of the function in its call. All
#' that asks what an object inherits takes a fit as it is.
#'
#' The rows are decomposed (`qr`, `effects` and `R` are there), and a fit to a source or with a
#' sparse design gets all its rows in memory: the object is as large as `glm()`'s. Arguments of the
#' call that `glm()` does not know are left out, so `update()`, `step()` and others refit by
#' `glm()`, and of a fit to a source they find no data frame.
#'
#' Packages that ask for more than inheritance:
#' \describe{
#'   \item{stargazer}{`stargazer(as_glm(fit))`, `stargazer(as_multinom(fit))`: it knows models by
#'     the function in their calls.}
#'   \item{epiDisplay}{`logistic.display(as_glm(fit))`: it compares the class.}
#'   \item{oddsratio}{`or_glm(data, as_glm(fit), incr = )`: it compares the first class.}
#'   \item{dominanceanalysis}{`dominanceAnalysis(as_glm(fit))`: it looks for measures of fit by the
#'     first class.}
#'   \item{sandwich}{`vcovCL(as_glm(fit), type = "HC3")`: the matrix is that of `fit` itself, but it
#'     warns where the first class is not `"glm"`.}
#' }
#'
#' @section What has no plain form:
#' Errors of class `fastlogit_input_error`: of a penalised fit the tests, intervals and refits would
#' be those of the likelihood without its penalty, at estimates that do not maximise it, and so with
#' a bias correction; of a survey
#' design the variances would be those of independent rows (`survey::svyglm()` has the design's);
#' of many classes with an offset, or with another `reference` than the first class, as
#' `multinom()` has no other and its methods forget offsets. Of a separated fit there are only
#' standard errors and tests that mean nothing, an error of class `fastlogit_infinite_estimates`.
#'
#' @param fit a fit by [fastlogit()], for `as_multinom()` one by [fastmultinom()]. What is plain
#'   already is returned as it is.
#' @return An object of class `c("glm", "lm")`, with the components that [stats::glm()] gives it, or
#'   of class `c("multinom", "nnet")`, with those of `nnet::multinom(Hess = TRUE)`; aliased
#'   coefficients, of which `multinom()` knows nothing, are 0 there.
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' plain <- as_glm(fit)
#' class(plain)
#' plain$call
#' @export
as_glm <- function(fit) {
  if (identical(class(fit), c("glm", "lm"))) return(fit)
  if (is_of_classes(fit)) {
    input_error("`fit` is one by fastmultinom(), and a glm has two classes: use as_multinom().")
  }
  check_fit(fit, "fit")
  check_has_plain_form(fit, "glm", "Use survey::svyglm()")
  sparse_x <- is_sparse_fit(fit) && !is.null(fit[["x"]])
  if (sparse_x) fit["x"] <- NULL
  plain <- unclass(plain_glm(fit, rows = TRUE))
  plain$call <- plain_call(fit, quote(glm), names(formals(stats::glm)))
  if (is.null(plain$call$family)) plain$call$family <- quote(binomial())
  plain$method <- "glm.fit"
  if (is_stored(fit)) plain$data <- plain$model
  if (sparse_x) plain$x <- stats::model.matrix(as_lm(plain))
  structure(plain[intersect(glm_components, names(plain))], class = c("glm", "lm"))
}

#' @rdname as_glm
#' @export
as_multinom <- function(fit) {
  if (identical(class(fit), c("multinom", "nnet"))) return(fit)
  if (!is_of_classes(fit)) {
    input_error("`fit` must be a fit by fastmultinom(): found ", described(fit), ".")
  }
  check_has_plain_form(fit, "multinom", "There is none for many classes in package survey")
  plain <- unclass(in_memory(fit))
  check_multinom_has(plain)
  plain$call <- plain_call(fit, quote(multinom), c(
    "formula", "data", "weights", "subset", "na.action", "contrasts", "model", "maxit", "trace"
  ))
  plain <- plain[intersect(multinom_components, names(Filter(Negate(is.null), plain)))]
  structure(plain, class = c("multinom", "nnet"))
}

check_has_plain_form <- function(fit, class, instead) {
  if (!is.null(fit$penalty)) {
    input_error(
      "a plain ", class, " has no penalty, and `fit` has ", penalty_title(fit$penalty),
      ": its tests, intervals and refits would be those of another model. Fit without `penalty`."
    )
  }
  if (is_corrected(fit)) {
    input_error(
      "a plain ", class, " is at the maximum of its likelihood, and `fit` has an ",
      correction_title(fit), ": its tests and refits would be those of other estimates. Fit ",
      "without `bias_correction`."
    )
  }
  if (is_separated(fit)) {
    fit_error(
      "fastlogit_infinite_estimates", "a plain ", class,
      " has finite estimates, and under separation ", estimates_told(fit$separation_details),
      ": its errors and tests would mean nothing. Leave out what separates, see ?separation."
    )
  }
  if (is_surveyed(fit)) {
    input_error(
      "a plain ", class, " has the variances of independent rows, and `fit` is that of a survey ",
      "design. ", instead, "."
    )
  }
}

# What multinom() cannot be asked for, or forgets.
check_multinom_has <- function(fit) {
  first <- intersect(fit$declared$all, fit$lab)[1L]
  if (fit$lab[1L] != first) {
    input_error(
      "multinom() compares with the first class, \"", first, "\", and `fit` with \"", fit$lab[1L],
      "\": fit without `reference`, or relevel(fit, \"", first, "\")."
    )
  }
  if (!is.null(fit$offset)) {
    input_error("`fit` has an offset, which the methods of a multinom forget.")
  }
}

# The fit's call with another head, and the arguments that this one knows.
plain_call <- function(fit, head, known) {
  call <- fit$call
  call[[1L]] <- head
  of_control <- names(formals(stats::glm.control))
  known <- setdiff(c(known, of_control), "method")
  call <- call[c(TRUE, names(call)[-1L] %in% known)]
  control <- call$control
  if (is.null(control)) return(call)
  # Settings of ours are none of glm()'s.
  given <- if (is.call(control) && identical(control[[1L]], quote(list))) control[-1L] else control
  as_given <- !is.symbol(given) && all(names(given) %in% of_control)
  if (!as_given) call$control <- as.call(c(quote(list), fit$control))
  call
}
