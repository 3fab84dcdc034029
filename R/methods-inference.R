# Covariances of the estimates.

#' Covariance matrix of the estimates
#'
#' The inverse of the information at the estimate, times the dispersion; or a sandwich, which holds
#' where the rows' variances are not those of the model, or where rows of a cluster are dependent.
#'
#' @param object a fit by [fastlogit()].
#' @param complete logical: rows and columns of `NA` for aliased coefficients?
#' @param type `"expected"`, as `glm()` reports it, or `"observed"`: the inverse of minus the second
#'   derivative of the log-likelihood. They coincide for the logit link. `"robust"`: the sandwich of
#'   the inverse expected information and the rows' squared scores (White 1982), as
#'   `sandwich::vcovHC(type = "HC0")` has it.
#' @param cluster for a sandwich of the scores' sums over clusters (Liang and Zeger 1986): a
#'   formula, such as `~ id`, or a value for each row. Of several variables, `~ firm + year`, or the
#'   columns of a data frame, the multiway estimator (Cameron, Gelbach and Miller 2011). As
#'   `sandwich::vcovCL(type = "HC0", cadjust = TRUE)`, its default for a `glm`, has it: each term
#'   has the factor G / (G - 1) of its G clusters, and there is none of the number of coefficients.
#'   Of a source the columns by name. With `type = "observed"` the observed information is on both
#'   sides.
#' @param dispersion the dispersion; by default 1 for `binomial()`, and estimated for
#'   `quasibinomial()` as [stats::summary.glm()] does.
#' @param ... nothing: an unknown argument is an error.
#' @return A symmetric matrix with the names of the coefficients. (The multiway estimator need not
#'   be positive definite.) Under separation it is that of the rows that are left, and `NA` where
#'   estimates are infinite; see [separation()].
#' @details
#' Of a penalised fit the scores in a sandwich are those of the likelihood, and the information is
#' that of the penalised fit, as package sandwich has it.
#' @references
#' Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2011) Robust inference with multiway
#' clustering. *Journal of Business & Economic Statistics* **29**, 238-249.
#'
#' White, H. (1982) Maximum likelihood estimation of misspecified models. *Econometrica* **50**,
#' 1-25.
#'
#' Liang, K.-Y. and Zeger, S. L. (1986) Longitudinal data analysis using generalized linear models.
#' *Biometrika* **73**, 13-22.
#' @examples
#' fit <- fastlogit(fail ~ temp, binomial("probit"), data = oring)
#' vcov(fit)
#' vcov(fit, type = "observed")
#' vcov(fit, type = "robust")
#' @export
vcov.fastlogit <- function(object, complete = TRUE, type = c("expected", "observed", "robust"),
                           dispersion = NULL, cluster = NULL, ...) {
  check_no_unknown()
  type <- check_choice(type, c("expected", "observed", "robust"), "type")
  estimated <- !is.na(object$coefficients)
  if (type == "robust" || !is.null(cluster)) {
    if (!is.null(dispersion)) input_error("`dispersion` cancels out of a sandwich: leave it out.")
    curvature <- if (type == "observed") "observed" else "expected"
    covariance <- robust_covariance(object, cluster, curvature)
    return(stats::.vcov.aliased(!estimated, covariance, complete))
  }
  if (is.null(dispersion)) dispersion <- dispersion_of(object)
  covariance <- if (!is_separated(object)) {
    inverse_information(object, type)
  } else {
    limit_covariance(object, type)[estimated, estimated, drop = FALSE]
  }
  stats::.vcov.aliased(!estimated, dispersion * covariance, complete)
}

# Of the coefficients that are not aliased; of a separated fit, in the limit.
robust_covariance <- function(object, cluster, curvature) {
  if (!is_separated(object)) return(sandwich_covariance(object, cluster, curvature))
  full <- no_covariance(object)
  model <- limit_model(object)
  if (!is.null(model)) {
    known <- !is.na(model$coefficients)
    full[known, known] <- sandwich_covariance(model, cluster, curvature)
  }
  estimated <- !is.na(object$coefficients)
  without_infinite(full, shown_estimates(object))[estimated, estimated, drop = FALSE]
}

# --- leverages ------------------------------------------------------------------------------------

# Leverages and what follows from them; of sparse fits without a decomposition of all that is dense.

#' @importFrom stats hatvalues
#' @export
hatvalues.fastlogit <- function(model, ...) {
  if (!is_sparse_fit(model)) return(NextMethod())
  without_na(stats::naresid(model$na.action, leverages(model)))
}

#' @importFrom stats influence
#' @export
influence.fastlogit <- function(model, do.coef = TRUE, ...) {
  if (do.coef || !is_sparse_fit(model)) {
    return(method_of("stats", "influence", "glm")(as_decomposed(model), do.coef, ...))
  }
  # Rows without weight have no influence, and rows that na.exclude has left out come back.
  of_used <- function(type) {
    complete <- model
    complete$na.action <- NULL
    stats::residuals(complete, type)[model$prior.weights != 0]
  }
  padded <- function(values) stats::naresid(model$na.action, values)
  hat <- leverages(model)
  deviance_residuals <- of_used("deviance")
  rest <- sum(deviance_residuals^2) - deviance_residuals^2 / (1 - hat)
  sigma <- sqrt(pmax(0, rest) / (model$df.residual - 1L))
  list(
    hat = without_na(padded(hat)), sigma = padded(sigma),
    dev.res = padded(deviance_residuals), pear.res = padded(of_used("pearson"))
  )
}

# Far on the way to infinity weights vanish, and the rows no longer tell some coefficients: without
# those, as lm.influence() takes the decomposition and the coefficients to be of one rank.
as_decomposed <- function(model) {
  qr <- model$qr
  if (is.null(qr) || qr$rank == model$rank) return(model)
  model$coefficients[qr$pivot[seq_along(qr$pivot) > qr$rank]] <- NA
  model$rank <- qr$rank
  model$qr <- qr
  model
}

#' @importFrom stats dfbeta
#' @export
dfbeta.fastlogit <- function(model, infl = stats::lm.influence(as_decomposed(model)), ...) {
  method_of("stats", "dfbeta", "lm")(as_decomposed(model), infl, ...)
}

#' @importFrom stats dfbetas
#' @export
dfbetas.fastlogit <- function(model, infl = stats::lm.influence(as_decomposed(model)), ...) {
  model <- as_decomposed(model)
  if (model$rank == 0L) return(stats::dfbeta(model, infl))
  method_of("stats", "dfbetas", "lm")(model, infl, ...)
}

# influence.measures() names its columns by them.
#' @importFrom stats variable.names
#' @export
variable.names.fastlogit <- function(object, ...) {
  method_of("stats", "variable.names", "lm")(as_decomposed(object), ...)
}

# A row that is not there has no leverage.
without_na <- function(hat) {
  hat[is.na(hat)] <- 0
  hat
}

leverages <- function(fit) {
  rows <- sparse_rows(fit, NULL, NULL)
  used <- fit$prior.weights != 0
  hat <- fit$weights[used] * quadratic_forms(fit, rows$x[used, , drop = FALSE])
  names(hat) <- rows$names[used]
  hat
}
