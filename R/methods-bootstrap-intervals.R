# Intervals from bootstrap replicates, and the table of both.

#' Intervals from bootstrap replicates
#'
#' For each coefficient, from quantiles of its replicates or from their mean and spread.
#'
#' @param object what [bootstrap()] returns.
#' @param parm the coefficients, by number or name; by default all.
#' @param level the confidence level.
#' @param type which interval, as `boot::boot.ci()` computes it:
#'   \describe{
#'     \item{`"percentile"`}{the quantiles of the replicates.}
#'     \item{`"bca"`}{quantiles that are adjusted for bias and acceleration (Efron 1987), of second
#'       order accuracy. The bias is told by the replicates below the estimate; the acceleration by
#'       the infinitesimal jackknife, the skewness of the influences that cases (or clusters) have
#'       on the estimate: the inverse information times their scores.}
#'     \item{`"basic"`}{twice the estimate less the quantiles.}
#'     \item{`"normal"`}{the estimate less its bias, plus and minus normal quantiles times the
#'       standard error.}
#'   }
#' @param ... nothing: an unknown argument is an error.
#' @return A matrix with a row for each coefficient, on its scale (log odds for the logit link), and
#'   a column for each bound. Quantiles are interpolated on the normal scale (Davison and Hinkley
#'   1997, eq. 5.8). Bounds are infinite where the replicates are, and `NA` where the interval does
#'   not exist, see [bootstrap()]. Where there are too few replicates for the tails, the bounds are
#'   the most extreme of them, with a warning.
#' @references
#' Davison, A. C. and Hinkley, D. V. (1997) *Bootstrap Methods and Their Application*. Cambridge
#' University Press.
#'
#' Efron, B. (1987) Better bootstrap confidence intervals. *Journal of the American Statistical
#' Association* **82**, 171-185.
#' @seealso [bootstrap()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring, penalty = "firth")
#' b <- bootstrap(fit, R = 500, seed = 1)
#' confint(b, type = "bca")
#' exp(confint(b, "temp"))
#' @export
confint.fastlogit_bootstrap <- function(object, parm, level = 0.95,
                                        type = c("percentile", "bca", "basic", "normal"), ...) {
  check_no_unknown()
  type <- check_choice(type, c("percentile", "bca", "basic", "normal"), "type")
  check_level(level, "level")
  parm <- match_terms(parm, names(object$estimate))
  bounds <- bootstrap_bounds(object, parm, level, type)
  told <- told_few(bounds)
  if (length(told)) fit_warning("fastlogit_few_replicates", told)
  matrix(bounds[, 1:2], ncol = 2L, dimnames = list(rownames(bounds), percentages(level)))
}

# A row for each of `which`: two bounds, and whether they are the most extreme replicates.
bootstrap_bounds <- function(object, which, level, type) {
  acceleration <- if (type == "bca") acceleration_of(object)
  ends <- vapply(which, function(j) {
    replicates <- object$replicates[, j]
    replicates <- replicates[!is.na(replicates)]
    if (is.na(object$estimate[[j]]) || length(replicates) < 2L) return(c(NA, NA, FALSE))
    replicate_ends(replicates, object$estimate[[j]], level, type, acceleration[[j]])
  }, numeric(3L))
  matrix(t(ends), ncol = 3L, dimnames = list(names(object$estimate)[which], NULL))
}

told_few <- function(bounds) {
  few <- which(bounds[, 3L] > 0)
  if (length(few) == 0L) return(NULL)
  paste0(
    "There are too few replicates for the tails: bounds of ",
    named_shortly(rownames(bounds)[few]), " are the most extreme of them. Use a larger `R`."
  )
}

# The bounds, and whether they are the most extreme replicates for want of others.
replicate_ends <- function(replicates, estimate, level, type, acceleration = NULL) {
  tails <- c((1 - level) / 2, (1 + level) / 2)
  if (type %in% c("basic", "normal") && any(is.infinite(replicates))) return(c(NA, NA, FALSE))
  if (type == "normal") {
    centre <- 2 * estimate - mean(replicates)
    return(c(centre + stats::qnorm(tails) * stats::sd(replicates), FALSE))
  }
  if (type == "bca") {
    shift <- stats::qnorm(mean(replicates < estimate))
    z <- shift + stats::qnorm(tails)
    tails <- stats::pnorm(shift + z / (1 - acceleration * z))
    if (anyNA(tails) || is.infinite(shift)) return(c(NA, NA, FALSE))  # all on one side
  }
  if (type == "basic") tails <- rev(tails)
  at <- tails * (length(replicates) + 1)
  few <- any(at <= 1 | at >= length(replicates))
  quantiles <- replicate_quantiles(replicates, tails)
  c(if (type == "basic") 2 * estimate - quantiles else quantiles, few)
}

# Those of orders k / (R + 1) are the replicates; between two, linear on the normal scale.
replicate_quantiles <- function(replicates, tails) {
  sorted <- sort(replicates)
  count <- length(sorted)
  at <- pmin(pmax(tails * (count + 1), 1), count)
  below <- floor(at)
  low <- sorted[below]
  high <- sorted[pmin(below + 1, count)]
  z <- function(order) stats::qnorm(order / (count + 1))
  share <- (z(at) - z(below)) / (z(below + 1) - z(below))
  ifelse(at == below | low == high | is.infinite(low), low, low + share * (high - low))
}

# --- influences -----------------------------------------------------------------------------------

# A sixth of the skewness of the influences, of each coefficient; NA of aliased ones.
acceleration_of <- function(object) {
  fit <- object$fit
  known <- !is.na(object$estimate)
  scores <- scores_of_units(fit, object$units)[, known, drop = FALSE]
  inverse <- if (is_ordered_fit(fit)) {
    stats::vcov(fit, complete = FALSE)
  } else {
    inverse_of_all(fit, curvature_of_influence(fit))
  }
  second <- third <- numeric(sum(known))
  # Of a sparse design the scores are sparse, and the influences are not.
  together <- max(1, weights_at_most %/% sum(known))
  for (first in seq(1, nrow(scores), by = together)) {
    of <- seq(first, min(first + together - 1, nrow(scores)))
    influence <- as.matrix(scores[of, , drop = FALSE] %*% inverse)
    second <- second + colSums(influence^2)
    third <- third + colSums(influence^3)
  }
  replace(object$estimate, known, third / (6 * second^1.5))
}

# Of cases or clusters, count x p q.
scores_of_units <- function(fit, units) {
  # Rows of weight zero have no score, whatever they are counted to.
  unit <- pmax(units$of_row, 1L)
  design <- rows_of(fit)$design
  if (!is_ordered_fit(fit)) return(scores_by_group(design, scores_in_eta(fit), unit, units$count))
  scores <- ordered_group_scores(fit, design, ordered_scores(fit), unit, units$count)
  scores[, fit$position, drop = FALSE]
}

# The estimate moves by the inverse of minus the second derivative.
curvature_of_influence <- function(fit) {
  plain <- !is.null(fit$family) && is.null(fit$penalty)
  if (plain && !is.null(fit$cholesky$observed)) "observed" else "expected"
}

# --- printing -------------------------------------------------------------------------------------

#' @rdname bootstrap
#' @param object what `bootstrap()` returns.
#' @param level,type of the intervals, see [confint.fastlogit_bootstrap()].
#' @export
summary.fastlogit_bootstrap <- function(object, level = 0.95,
                                        type = c("percentile", "bca", "basic", "normal"), ...) {
  check_no_unknown()
  type <- check_choice(type, c("percentile", "bca", "basic", "normal"), "type")
  check_level(level, "level")
  bounds <- bootstrap_bounds(object, seq_along(object$estimate), level, type)
  replicates <- object$replicates
  bias <- colMeans(replicates, na.rm = TRUE) - object$estimate
  table <- data.frame(
    term = names(object$estimate), estimate = unname(object$estimate),
    bias = unname(ifelse(is.finite(bias), bias, NA)),
    std.error = unname(sqrt(diag(stats::vcov(object)))), conf.low = unname(bounds[, 1L]),
    conf.high = unname(bounds[, 2L]), replicates = unname(colSums(is.finite(replicates)))
  )
  footer <- c(
    paste0(format(100 * level), " % intervals: ", titles_of_intervals[[type]], "."),
    told_few(bounds),
    paste0(capitalised(told_replicates(object)), recycle0 = TRUE, ".")
  )
  title <- capitalised(sub("^the ", "", bootstrap_title(object)))
  as_result_table(table, "summary.fastlogit_bootstrap", title, footer, axis = "coefficient")
}

titles_of_intervals <- c(
  percentile = "percentiles", bca = "percentiles, corrected for bias and acceleration (BCa)",
  basic = "basic", normal = "normal"
)

#' @export
print.fastlogit_bootstrap <- function(x, ...) {
  print(summary.fastlogit_bootstrap(x), ...)
  invisible(x)
}
