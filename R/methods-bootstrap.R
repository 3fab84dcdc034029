# The bootstrap: fits of rows, or of clusters of rows, that are drawn with replacement.

#' Bootstrap of the coefficients
#'
#' Refits the model to samples of its rows, or of clusters of rows, drawn with replacement
#' (Efron 1979): the sampling distribution of the coefficients without a model for it.
#'
#' A replicate is a fit in which each row has its weight times the number of times that it was
#' drawn, which is the fit of the drawn rows. All are fits of the one design that is there, begin at
#' the estimate, and share the threads; a replicate that does not prove its maximum is fitted anew,
#' with all that a fit asks of its rows about separation.
#'
#' Of matched sets, see [fastclogit()], whole sets are drawn, as many as vary; with `cluster`
#' clusters of whole sets. Of other models what is drawn is a *case*: a row of weight above zero,
#' whatever its weight, and of counts in two or more columns a row of counts, not a trial. (To draw
#' trials, fit one row for each.) With `cluster` whole clusters are drawn, as many as there are, and
#' bring all their rows.
#'
#' The draws are those of R's generator, in order: replicate after replicate
#' `sample.int(n, n, replace = TRUE)`, n the number of cases or clusters (numbered as they first
#' appear). So after the same [set.seed()] the replicates are those of `boot::boot(simple = TRUE)`,
#' and they are the same for any number of threads, down to the last bit.
#'
#' @section Replicates without an estimate:
#' None is dropped in silence: a warning (of class `"fastlogit_replicates"`) and the printed table
#' count them by kind.
#' \describe{
#'   \item{separated}{estimates are infinite, and are in `replicates` as `Inf` or `-Inf`
#'     (`NA` where the data leave them open). Percentile and BCa intervals take them as what they
#'     are, the largest or the smallest values; the variance of such a coefficient, its bias and its
#'     normal and basic intervals do not exist, and are `NA`. A penalised fit
#'     (`penalty = "firth"`) has none of these.}
#'   \item{aliased}{a column that depends on others in the sample, such as a level of a factor that
#'     was not drawn, has the coefficient `NA`, as in [stats::glm()]. Its intervals are those of the
#'     other replicates.}
#'   \item{not converged}{all coefficients are `NA`.}
#' }
#' The covariance matrix is that of the replicates in which all coefficients that have a variance
#' are known.
#'
#' @param fit a fit by [fastlogit()], [fastmultinom()], [fastordinal()] or [fastclogit()], penalised
#'   or not; of rows in memory, and not of a survey design. A separated fit is an error: all its
#'   replicates are separated.
#' @param R the number of replicates, at least 2. Percentiles in the tails take a thousand or more.
#' @param cluster `NULL`, or what clusters to draw: a formula such as `~ id`, evaluated in the data
#'   of the fit, or a value for each row.
#' @param seed a number for [set.seed()], after which the random numbers of the session go on as if
#'   nothing had been drawn; or `NULL`: the session's own random numbers.
#' @param threads the number of threads, by default as many as there are cores.
#' @param ... nothing: an unknown argument is an error.
#' @return A list of class `"fastlogit_bootstrap"`:
#'   \item{estimate}{the coefficients of the fit, on the scale of the linear predictor (log odds for
#'     the logit link); of many classes class by class, named `class:term`.}
#'   \item{replicates}{a matrix of R rows, a column for each coefficient.}
#'   \item{status}{of each replicate: `"converged"`, `"separated"` or `"not converged"`.}
#'   \item{units}{a list of the number `count` of cases or clusters, `of_row`, the number of each
#'     row's (0 for rows of weight zero, which are not drawn), and `title`.}
#'   \item{R, seed, fit, call}{as they were given.}
#'
#'   `coef()` gives the estimates, `vcov()` the covariance matrix of the replicates, `confint()`
#'   intervals (see [confint.fastlogit_bootstrap()]), and `summary()`, which is what is printed, a
#'   data frame with a row for each coefficient and the columns `term`, `estimate`, `bias` (the mean
#'   of the replicates less the estimate), `std.error`, `conf.low`, `conf.high` and `replicates`
#'   (how many of them have a finite value). Wherever `vcov` is an argument (see [covariances]) the
#'   result will do, or `vcov = "bootstrap"`, which draws 1000 replicates of cases.
#' @references
#' Davison, A. C. and Hinkley, D. V. (1997) *Bootstrap Methods and Their Application*. Cambridge
#' University Press.
#'
#' Efron, B. (1979) Bootstrap methods: another look at the jackknife. *Annals of Statistics* **7**,
#' 1-26.
#' @seealso [confint.fastlogit_bootstrap()], [cross_validate()], [covariances]
#' @examples
#' fit <- fastlogit(case ~ spontaneous + induced, data = infert)
#' b <- bootstrap(fit, R = 200, cluster = ~ stratum, seed = 1)
#' b
#' confint(b, type = "bca")
#' summary(fit, vcov = b)
#' @export
# nolint start: object_name_linter. `R` is what package boot calls it.
bootstrap <- function(fit, R = 1000, cluster = NULL, seed = NULL, threads = NULL, ...) {
  # nolint end
  check_no_unknown()
  check_is_fit(fit)
  check_that(
    is_number(R) && R >= 2 && R == round(R), R, "`R` must be a number of replicates, at least 2"
  )
  nest <- nest_of_refits(fit, threads, "bootstrap()")
  check_not_separated(fit)
  units <- units_to_draw(fit, nest$rows, cluster)
  found <- with_stream(seed, refits_of(nest, R, function(of) {
    draw_times_impl(units$of_row, units$count, length(of))
  }, "bootstrap: replicate"))
  out <- structure(
    list(
      estimate = flat_estimates(fit),
      replicates = `colnames<-`(t(found$shown), flat_names(fit)),
      status = found$status, units = units, R = R, seed = seed, fit = fit, call = match.call()
    ),
    class = "fastlogit_bootstrap"
  )
  told <- told_replicates(out)
  if (length(told)) {
    fit_warning("fastlogit_replicates", paste(told, collapse = "; "), ". See ?bootstrap.")
  }
  out
}

flat_estimates <- function(fit) stats::setNames(flat_values(fit), flat_names(fit))

check_not_separated <- function(fit) {
  if (!is_separated(fit)) return(invisible())
  fit_error(
    "fastlogit_separation",
    "the rows are separated (", estimates_told(fit$separation_details), "), and so is each sample ",
    "of them: there is nothing to bootstrap. Refit with `penalty = \"firth\"`."
  )
}

# Cases, sets or clusters: list(count, of_row, title).
units_to_draw <- function(fit, rows, cluster) {
  weights <- rows$response$weights
  of_sets <- !is.null(rows$sets)
  used <- if (of_sets) rows$sets$at %||% seq_along(weights) else which(weights > 0)
  group <- if (!is.null(cluster)) {
    numbered_groups(fit, cluster, "cluster")
  } else if (of_sets) {
    rows$sets$of_row
  } else {
    seq_along(weights)
  }
  of_row <- integer(length(weights))
  of_row[used] <- match(group[used], unique(group[sort(used)]))
  count <- max(of_row)
  title <- if (!is.null(cluster)) "cluster" else if (of_sets) "set" else "case"
  if (count < 2L) {
    input_error("there is one ", sub("case", "row", title), ": nothing to draw.")
  }
  list(count = count, of_row = of_row, title = title)
}

# What is to be known of replicates without an estimate, a line for each kind.
told_replicates <- function(object) {
  replicates <- object$replicates[, !is.na(object$estimate), drop = FALSE]
  ended <- object$status != "not converged"
  infinite <- colSums(is.infinite(replicates)) > 0
  missing <- is.na(replicates) & object$status == "converged"
  named <- function(which) named_shortly(colnames(replicates)[which])
  of <- function(count, one, many, ...) {
    if (count) paste0(count, " of ", object$R, " replicates ", if (count == 1L) one else many, ...)
  }
  c(
    of(
      sum(object$status == "separated"), "is separated", "are separated",
      if (any(infinite)) paste0(", with infinite estimates of ", named(infinite))
    ),
    of(sum(!ended), "did not converge", "did not converge", ", without estimates"),
    of(
      sum(rowSums(missing) > 0), "has no estimate of ", "have no estimate of ",
      named(colSums(missing) > 0), ", which depends on other columns there"
    )
  )
}

# --- what the replicates say ----------------------------------------------------------------------

#' @export
coef.fastlogit_bootstrap <- function(object, ...) object$estimate

#' @export
vcov.fastlogit_bootstrap <- function(object, ...) {
  replicates <- object$replicates
  names <- colnames(replicates)
  has_variance <- !is.na(object$estimate) & colSums(is.infinite(replicates)) == 0
  known <- stats::complete.cases(replicates[, has_variance, drop = FALSE])
  covariance <- matrix(NA_real_, length(names), length(names), dimnames = list(names, names))
  covariance[has_variance, has_variance] <-
    stats::cov(replicates[known, has_variance, drop = FALSE])
  covariance
}

# Of a fit, by `vcov = "bootstrap"` or by what bootstrap() has returned; see covariance_of().
bootstrap_covariance <- function(fit, given) {
  if (identical(given, "bootstrap")) given <- bootstrap(fit)
  if (!identical(given$estimate, flat_estimates(fit))) {
    input_error(
      "`vcov` is a bootstrap of another fit: its estimates are not those of this one. Use ",
      "bootstrap() on this fit."
    )
  }
  list(covariance = stats::vcov(given), title = bootstrap_title(given), df = own_df(fit))
}

bootstrap_title <- function(object) {
  paste0(
    "the bootstrap, ", counted(object$R, "replicate"), " of ",
    counted(object$units$count, object$units$title)
  )
}
