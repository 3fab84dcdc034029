# Covariances of the estimates.

#' Covariance matrix of the estimates
#'
#' The inverse of the information at the estimate, times the dispersion; or a sandwich, which holds
#' where the rows' variances are not those of the model, or where rows of a cluster are dependent.
#'
#' @param object a fit by [fastlogit()].
#' @param complete logical: rows and columns of `NA` for aliased coefficients?
#' @param type `"expected"`, as `glm()` reports it, or `"observed"`: the inverse of minus the second
#'   derivative of the log-likelihood. They coincide for the logit link. The others are sandwiches,
#'   see Details; `"robust"` is `"HC0"`.
#' @param cluster for a sandwich of the scores' sums over clusters (Liang and Zeger 1986): a
#'   formula, such as `~ id`, or a value for each row. Of several variables, `~ firm + year`, or the
#'   columns of a data frame, the multiway estimator (Cameron, Gelbach and Miller 2011). Of a source
#'   the columns by name. With `type = "observed"` the observed information is on both sides.
#' @param dispersion the dispersion; by default 1 for `binomial()`, and estimated for
#'   `quasibinomial()` as [stats::summary.glm()] does.
#' @param ... nothing: an unknown argument is an error.
#' @return A symmetric matrix with a row and a column for each of the p coefficients, by their
#'   names, on the scale of their squares (squared log odds ratios for the logit link). (The
#'   multiway estimator need not be positive definite.) Under separation it is that of the rows that
#'   are left, and `NA` where estimates are infinite; see [separation()].
#' @details
#' The default is, of the fit of a survey design, what the design says.
#'
#' A sandwich has the inverse of the expected information on both sides of the sum of the outer
#' products of the rows' scores, or of those of clusters. With n rows, k coefficients and G
#' clusters:
#' \tabular{ll}{
#'   `"HC0"` \tab as it is (White 1982): `sandwich::vcovHC(type = "HC0")` \cr
#'   `"HC1"` \tab times n / (n - k): `sandwich::vcovHC(type = "HC1")` \cr
#'   `"HC2"`, `"HC3"` \tab each row's squared score divided by 1 - h, or by its square, h its
#'     leverage (MacKinnon and White 1985): `vcovHC()` of these types; two classes only \cr
#'   `"stata"` \tab times n / (n - 1), with clusters G / (G - 1): Stata's `vce(robust)` and
#'     `vce(cluster id)` \cr
#'   `"CR0"` \tab clusters, as it is: `sandwich::vcovCL(type = "HC0", cadjust = FALSE)`,
#'     `clubSandwich::vcovCR(type = "CR0")` \cr
#'   `"CR1"` \tab times G / (G - 1): `vcovCL(type = "HC0", cadjust = TRUE)`, its default for a
#'     `glm`, and `vcovCR(type = "CR1")`. That is what `cluster` gives by default. \cr
#'   `"HC1"` with `cluster` \tab times G / (G - 1) and (n - 1) / (n - k):
#'     `vcovCL(type = "HC1")` \cr
#'   `"CR2"` \tab each cluster's residuals adjusted so that the estimator is unbiased where the
#'     model holds (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018): `vcovCR(type = "CR2")`;
#'     two classes, one way of clustering, rows in memory. Its time grows with the cube of the
#'     largest cluster.
#' }
#' The multiway estimator is the sum over the ways of clustering, less those of the intersections of
#' two, and so on, each with the factor of its own G.
#'
#' Of a penalised fit the scores in a sandwich are those of the likelihood, and the information is
#' that of the penalised fit, as package sandwich has it.
#' @references
#' Bell, R. M. and McCaffrey, D. F. (2002) Bias reduction in standard errors for linear regression
#' with multi-stage samples. *Survey Methodology* **28**, 169-181.
#'
#' Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2011) Robust inference with multiway
#' clustering. *Journal of Business & Economic Statistics* **29**, 238-249.
#'
#' MacKinnon, J. G. and White, H. (1985) Some heteroskedasticity-consistent covariance matrix
#' estimators with improved finite sample properties. *Journal of Econometrics* **29**, 305-325.
#'
#' Pustejovsky, J. E. and Tipton, E. (2018) Small-sample methods for cluster-robust variance
#' estimation and hypothesis testing in fixed effects models. *Journal of Business & Economic
#' Statistics* **36**, 672-683.
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
#' vcov(fit, type = "HC3")
#' @export
vcov.fastlogit <- function(object, complete = TRUE,
                           type = c(
                             "expected", "observed", "robust", "HC0", "HC1", "HC2", "HC3", "stata",
                             "CR0", "CR1", "CR2"
                           ), dispersion = NULL, cluster = NULL, ...) {
  check_no_unknown()
  by_design <- is_surveyed(object) && missing(type) && is.null(c(cluster, dispersion))
  type <- if (missing(type)) "expected" else check_covariance_type(type, "type")
  check_not_too_wide(object)
  found <- if (by_design) {
    design_covariance(object)
  } else {
    estimated_covariance(object, type, cluster, dispersion)$covariance
  }
  stats::.vcov.aliased(is.na(object$coefficients), found, complete)
}

check_covariance_type <- function(type, name, also = character()) {
  check_choice(type, c(information_types, row_types, cluster_types, also), name)
}

# Of a survey's fit, see with_survey(); NA under separation.
design_covariance <- function(fit) {
  size <- sum(!is.na(flat_values(fit)))
  if (is_separated(fit)) matrix(NA_real_, size, size) else fit$design_covariance
}

# Of the coefficients that are not aliased; with the number of `groups` where there are clusters.
estimated_covariance <- function(fit, type, cluster = NULL, dispersion = NULL) {
  estimated <- !is.na(fit$coefficients)
  if (!type %in% information_types || !is.null(cluster)) {
    if (!is.null(dispersion)) input_error("`dispersion` cancels out of a sandwich: leave it out.")
    return(robust_covariance(fit, type, cluster))
  }
  if (is.null(dispersion)) dispersion <- dispersion_of(fit)
  covariance <- if (!is_separated(fit)) {
    inverse_information(fit, type)
  } else {
    limit_covariance(fit, type)[estimated, estimated, drop = FALSE]
  }
  list(covariance = dispersion * covariance)
}

# Of a separated fit, in the limit.
robust_covariance <- function(fit, type, cluster) {
  if (!is_separated(fit)) return(sandwich(fit, type, cluster))
  check_sandwich(fit, type, cluster)
  full <- no_covariance(fit)
  model <- limit_model(fit)
  found <- list(groups = NULL)
  if (!is.null(model)) {
    known <- !is.na(model$coefficients)
    found <- sandwich(model, type, cluster)
    full[known, known] <- found$covariance
  }
  estimated <- !is.na(fit$coefficients)
  list(
    covariance = without_infinite(full, shown_estimates(fit))[estimated, estimated, drop = FALSE],
    groups = found$groups
  )
}

# As estimated_covariance(); NA where estimates are infinite.
class_covariance <- function(fit, type = "expected", cluster = NULL) {
  shown <- shown_by_class(fit)[!is.na(flat_values(fit))]
  found <- covariance_in_core(fit, shown, type, cluster, "expected")
  found$covariance <- without_infinite(found$covariance, shown)
  found
}

# Of the coefficients that are not aliased, in the core's order. shown: their estimates.
covariance_in_core <- function(fit, shown, type, cluster, curvature) {
  if (!any(is.finite(shown))) {
    return(list(covariance = matrix(NA_real_, length(shown), length(shown))))
  }
  if (type %in% c(row_types, cluster_types) || !is.null(cluster)) {
    return(sandwich(fit, type, cluster))
  }
  list(covariance = inverse_of_all(fit, curvature))
}

# As class_covariance(), in the object's order.
ordered_covariance <- function(fit, type = own_curvature(fit), cluster = NULL) {
  if (type == "expected") fit <- with_expected_information(fit)
  estimated <- !is.na(flat_values(fit))
  shown <- shown_by_class(fit)[estimated]
  found <- covariance_in_core(fit, shown, type, cluster, type)
  at <- rank(fit$position[estimated])
  names <- flat_names(fit)[estimated]
  covariance <- found$covariance[at, at, drop = FALSE]
  dimnames(covariance) <- list(names, names)
  found$covariance <- without_infinite(covariance, shown)
  found
}

# A fit by the predictors around the classes knows the observed one alone: the expected one takes
# the predictors of all cuts.
with_expected_information <- function(fit) {
  model <- model_of(fit)
  if (!model$around) return(fit)
  if (length(fit$zeta) > many_coordinates) {
    input_error(
      "the expected information of ", length(fit$lev), " classes takes the products of all their ",
      "cuts in each row: use the observed one."
    )
  }
  model$around <- FALSE
  start <- list(list(coefficients = known_start(core_values(fit))))
  control <- complete_control(list(), "fisher")
  solved <- solve_problem(problem_of(rows_of(fit), model, fit$threads), start, control, "fisher")
  fit$cholesky["expected"] <- list(solved$expected)
  fit
}

# --- leverages ------------------------------------------------------------------------------------

# Leverages and what follows from them; of sparse fits without a decomposition of all that is dense.

#' @importFrom stats hatvalues
#' @export
hatvalues.fastlogit <- function(model, ...) {
  if (!has_values_by_row(model)) return(stats::hatvalues(in_memory(model), ...))
  if (tells_leverages(model)) return(NextMethod())
  without_na(stats::naresid(model$na.action, leverages(model)))
}

#' @importFrom stats influence
#' @export
influence.fastlogit <- function(model, do.coef = TRUE, ...) {
  model <- in_memory(model)
  if (tells_leverages(model) || do.coef && !is_ridge(model)) {
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
  c(
    list(hat = without_na(padded(hat))),
    if (do.coef) list(coefficients = padded(one_step_changes(model, of_used("working"), hat))),
    list(sigma = padded(sigma), dev.res = padded(deviance_residuals),
      pear.res = padded(of_used("pearson")))
  )
}

# The decomposition that a glm holds is that of the information, which a ridge adds to; and what is
# sparse is not decomposed.
tells_leverages <- function(fit) !is_sparse_fit(fit) && !is_ridge(fit)

# By how much each row's leaving it out changes the estimates, in one Newton step: rows used x p.
one_step_changes <- function(fit, working_residuals, hat) {
  used <- fit$prior.weights != 0
  known <- !is.na(fit$coefficients)
  scores <- fit$weights[used] * working_residuals / (1 - hat)
  x <- stats::model.matrix(fit)[used, known, drop = FALSE]
  (as.matrix(x) * scores) %*% inverse_information(fit, "expected")
}

# Far on the way to infinity weights vanish, and the rows no longer tell some coefficients: without
# those, as lm.influence() takes the decomposition and the coefficients to be of one rank.
as_decomposed <- function(model) {
  model <- in_memory(model)
  qr <- model$qr
  if (is.null(qr) || qr$rank == model$rank) return(model)
  model$coefficients[qr$pivot[seq_along(qr$pivot) > qr$rank]] <- NA
  model$rank <- qr$rank
  model$qr <- qr
  model
}

#' @importFrom stats dfbeta
#' @export
dfbeta.fastlogit <- function(model, infl = changes_without_rows(model), ...) {
  if (is_ridge(model)) return(infl$coefficients)
  method_of("stats", "dfbeta", "lm")(as_decomposed(model), infl, ...)
}

#' @importFrom stats dfbetas
#' @export
dfbetas.fastlogit <- function(model, infl = changes_without_rows(model), ...) {
  changes <- stats::dfbeta(model, infl)
  if (is_ridge(model)) {
    return(changes / outer(infl$sigma, sqrt(diag(inverse_information(model, "expected")))))
  }
  model <- as_decomposed(model)
  if (model$rank == 0L) return(changes)
  method_of("stats", "dfbetas", "lm")(model, infl, ...)
}

changes_without_rows <- function(fit) {
  if (is_ridge(fit)) stats::influence(fit) else stats::lm.influence(as_decomposed(fit))
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
  sparse <- is_sparse_fit(fit)
  x <- if (sparse) sparse_rows(fit, NULL, NULL)$x else stats::model.matrix(fit)
  used <- fit$prior.weights != 0
  x <- x[used, , drop = FALSE]
  forms <- if (sparse) quadratic_forms(fit, x) else error_finder(fit)(x)^2
  stats::setNames(fit$weights[used] * forms, names(fit$linear.predictors)[used])
}
