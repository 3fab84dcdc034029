# Which covariance matrix an inference goes by: what `vcov =` may be, wherever it is an argument.

#' Choosing the covariance matrix: the argument vcov
#'
#' Model-based, robust, clustered, or one's own: what the argument `vcov` of [summary.fastlogit()],
#' [confint.fastlogit()], [predict.fastlogit()], [wald_test()], [odds_ratios()],
#' [average_effects()], [average_predictions()] and of broom's `tidy()` and `glance()` may be:
#' \describe{
#'   \item{`NULL`}{the model's own, as `vcov(fit)` gives it.}
#'   \item{a name}{a `type` of [vcov.fastlogit()], such as `"HC1"`; or `"bootstrap"`: that of 1000
#'     replicates, see [bootstrap()].}
#'   \item{what [bootstrap()] returns}{of this fit: the covariance matrix of its replicates.}
#'   \item{a formula}{`~ id`, or `~ firm + year`: clustered, see `cluster` of [vcov.fastlogit()].
#'     The type may stand on the left: `CR2 ~ id`; by default it is `"CR1"`.}
#'   \item{a matrix}{of the coefficients, with or without those that are `NA`. Where it has names,
#'     they have to be those of the coefficients, in any order.}
#'   \item{a function}{of the fit that returns such a matrix, as `sandwich::vcovHC` does.}
#' }
#' With fewer than 50 clusters intervals and p-values are those of the t distribution with G - 1
#' degrees of freedom, G the number of clusters (the least of them, where there are several ways of
#' clustering); printed tables say so. Otherwise they are those that the model's own covariance
#' matrix has: of the normal distribution, or of the t distribution where the dispersion is
#' estimated.
#'
#' Variances by which a coefficient would have none (a multiway estimator need not be positive
#' definite) are `NA`, with a warning.
#' @name covariances
#' @references
#' Cameron, A. C. and Miller, D. L. (2015) A practitioner's guide to cluster-robust inference.
#' *Journal of Human Resources* **50**, 317-372.
#' @seealso [vcov.fastlogit()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' summary(fit, vcov = "HC1")
#' confint(fit, vcov = function(fit) 2 * vcov(fit))
NULL

# A list of
#   covariance  of all coefficients (of many classes class by class), NA for those that have none
#   title       which it is, in words; NULL for the model's own
#   df          degrees of freedom of the t distribution to refer to, Inf for the normal one
# Of very many coefficients there is no `covariance`, but the `variances`, and `forms`, a function
# of columns g of all coefficients that gives g' V g.
covariance_of <- function(fit, vcov = NULL) {
  if (is.null(vcov)) {
    title <- if (is_surveyed(fit)) title_of_survey(fit)
    if (is_too_wide(fit)) return(wide_covariance(fit))
    return(list(covariance = stats::vcov(fit), title = title, df = own_df(fit)))
  }
  if (inherits(vcov, "formula")) return(clustered_covariance(fit, vcov))
  if (inherits(vcov, "fastlogit_bootstrap")) return(bootstrap_covariance(fit, vcov))
  if (is.character(vcov)) {
    type <- check_covariance_type(vcov, "vcov", also = "bootstrap")
    if (type == "bootstrap") return(bootstrap_covariance(fit, type))
    covariance <- stats::vcov(fit, type = type)
    return(list(covariance = covariance, title = title_of_type(type), df = own_df(fit)))
  }
  given <- if (is.function(vcov)) with_clusters(fit, vcov(fit)) else vcov
  covariance <- check_covariance(fit, given, is.function(vcov))
  list(covariance = covariance, title = "a covariance matrix that was given", df = own_df(fit))
}

# The same where standard errors are all that is asked for: of many coefficients the variances
# alone.
variances_of <- function(fit, vcov = NULL) {
  own <- is.null(vcov) && !is.null(fit$family) && !is_surveyed(fit)
  if (!own || fit$rank <= many_variances) return(covariance_of(fit, vcov))
  list(variances = own_variances(fit), title = NULL, df = own_df(fit))
}

title_of_survey <- function(fit) {
  if (is_stripped(fit)) return(.subset2(fit, "stripped")$survey)
  design <- fit$survey.design
  if (!inherits(design, "svyrep.design")) return("the survey design, linearised")
  paste0("the survey design, ", counted(ncol(design$repweights), "replicate"))
}

# clusters: a formula, with or without a type to its left.
clustered_covariance <- function(fit, clusters) {
  type <- "CR1"
  if (length(clusters) == 3L) {
    type <- check_choice(as.character(clusters[[2L]])[1L], cluster_types, "vcov")
    clusters[[2L]] <- NULL
  }
  find <- if (is_ordered_fit(fit)) {
    ordered_covariance
  } else if (is_of_classes(fit)) {
    class_covariance
  } else {
    estimated_covariance
  }
  found <- find(fit, type, clusters)
  list(
    covariance = with_aliased(fit, found$covariance),
    title = paste0(
      "clustered by ", enumerated(all.vars(clusters)), " (", type, "), ",
      counted(found$groups, "cluster")
    ),
    df = if (found$groups < many_clusters) found$groups - 1 else own_df(fit)
  )
}

# From here on the normal distribution serves as well as the t distribution.
many_clusters <- 50

title_of_type <- function(type) {
  if (type %in% information_types) return(paste("model-based,", type, "information"))
  if (type == "robust") type <- "HC0"
  paste0("robust (", if (type == "stata") "n / (n - 1)" else type, ")")
}

# From a user, or from a function that was given.
check_covariance <- function(fit, covariance, made) {
  what <- if (made) "`vcov` must return" else "`vcov` must be"
  if (methods::is(covariance, "Matrix")) covariance <- as.matrix(covariance)
  if (!is.matrix(covariance) || !is.numeric(covariance)) {
    input_error(
      what, " a covariance matrix", if (!made) ", a type, a formula of clusters or a function",
      ": found ", described(covariance), "."
    )
  }
  estimated <- covariance_names(fit)
  names <- names(estimated)
  of <- rownames(covariance) %||% colnames(covariance)
  sizes <- c(length(names), sum(estimated))
  if (nrow(covariance) != ncol(covariance) || !nrow(covariance) %in% sizes) {
    input_error(
      what, " a matrix of ", sizes[1L], " rows and columns, one for each coefficient: found ",
      nrow(covariance), " x ", ncol(covariance), "."
    )
  }
  wanted <- if (nrow(covariance) == sizes[1L]) names else names[estimated]
  if (!is.null(of)) {
    unknown <- setdiff(of, wanted)
    if (length(unknown) || anyDuplicated(of)) {
      input_error(
        what, " a matrix with the names of the coefficients, ",
        listed(paste0("\"", wanted, "\""), 10L), ": found ",
        listed(paste0("\"", if (length(unknown)) unknown else of, "\"")), "."
      )
    }
    at <- match(wanted, of)
    covariance <- covariance[at, at, drop = FALSE]
  }
  full <- matrix(NA_real_, sizes[1L], sizes[1L], dimnames = list(names, names))
  full[wanted, wanted] <- covariance
  if (any(!is.finite(full[estimated, estimated])) && !is_separated(fit)) {
    input_error(what, " a matrix of numbers: found values that are missing or infinite.")
  }
  full[!estimated, ] <- NA
  full[, !estimated] <- NA
  # Estimates that are infinite have none, whatever a matrix says.
  if (is_separated(fit)) without_infinite(full, shown_by_class(fit)) else full
}

# The summary of a two-class fit, by another covariance matrix.
with_errors_by <- function(out, fit, vcov) {
  found <- covariance_of(fit, vcov)
  at <- match(rownames(out$coefficients), names(fit$coefficients))
  out$coefficients <- wald_table(out$coefficients[, 1L], errors_by(found)[at], found$df)
  out$cov.scaled <- found$covariance[at, at, drop = FALSE]
  if (!is.null(out$correlation)) out$correlation <- correlations(out$cov.scaled)
  out$errors <- covariance_line(found)
  out$errors.df <- if (is.finite(found$df)) found$df
  out
}

#' Wald tests of the coefficients
#'
#' For each coefficient the hypothesis that it is zero (for the logit link, that the odds ratio is
#' one), by its estimate and standard error: the sibling of [lr_test()], for any covariance matrix.
#'
#' @param object a fit by [fastlogit()], [fastmultinom()] or [fastordinal()].
#' @param parm the coefficients, by number or name (of many classes `level:term`); by default all.
#' @param vcov which covariance matrix, see [covariances].
#' @param ... nothing: an unknown argument is an error.
#' @return A data frame of class `"anova"`, one row for each coefficient in `parm`, with the columns
#'   `Df`, `Wald` (the square of estimate over standard error) and `Pr(>Chi)`, or, where the t
#'   distribution is referred to, `F value` and `Pr(>F)`. `NA` for aliased and for infinite
#'   coefficients.
#' @seealso [lr_test()], [summary.fastlogit()], [covariances]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' wald_test(fit, vcov = "HC3")
#' @export
wald_test <- function(object, parm, vcov = NULL, ...) {
  check_no_unknown()
  check_is_fit(object, "object")
  found <- variances_of(object, vcov)
  names <- names(covariance_names(object))
  parm <- match_terms(parm, names)
  estimates <- shown_by_class(object)
  statistic <- ((estimates / errors_by(found))^2)[parm]
  known <- is.finite(statistic)
  statistic[!known] <- NA
  table <- data.frame(Df = ifelse(known, 1, NA), row.names = names[parm])
  if (is.finite(found$df)) {
    table[["F value"]] <- statistic
    table[["Pr(>F)"]] <- stats::pf(statistic, 1, found$df, lower.tail = FALSE)
  } else {
    table[["Wald"]] <- statistic
    table[["Pr(>Chi)"]] <- stats::pchisq(statistic, 1, lower.tail = FALSE)
  }
  as_anova(table, c("Wald tests of single coefficients\n", covariance_line(found)))
}

# --- very many coefficients -----------------------------------------------------------------------

# Are intervals Wald's, where nothing is said? Profiles of so many coefficients take hours.
by_wald <- function(fit, vcov) !has_likelihood(fit) || !is.null(vcov) || is_too_wide(fit)

wide_covariance <- function(fit) {
  held <- if (is_separated(fit)) fit$separation_details$limit else fit
  dispersion <- dispersion_of(fit)
  unknown <- !is.finite(shown_estimates(fit))
  list(
    covariance = NULL, variances = own_variances(fit), title = NULL, df = own_df(fit),
    forms = function(gradient) {
      lost <- colSums(gradient[unknown & !is.na(fit$coefficients), , drop = FALSE] != 0) > 0
      of <- as.matrix(Matrix::crossprod(half_solved(held, gradient * !is.na(held$coefficients))))
      of[lost, ] <- of[, lost] <- NA
      dispersion * of
    }
  )
}
