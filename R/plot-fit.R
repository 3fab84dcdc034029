# plot() and autoplot() of fits: which pictures there are, and of which the fit can be asked.

#' Pictures of a fit
#'
#' Pictures made for outcomes of 0 and 1: calibration, binned residuals, the ROC curve, influence,
#' effect curves, the forest of odds ratios and the convergence, in base graphics by `plot()`, and
#' by `autoplot()` as plots of package ggplot2.
#'
#' \describe{
#'   \item{`"calibration"`}{the observed proportion against the mean predicted probability, in bins
#'     of about equal weight, with 95% (Wilson) intervals; the larger a point, the more weight there
#'     is in its bin. With `smooth = TRUE` a curve of local lines (those of
#'     `loess(degree = 1)`) with pointwise 95% bounds. Of many classes a panel for each. The points
#'     of a calibrated model scatter around the diagonal.}
#'   \item{`"residuals"`}{binned residuals (Gelman and Hill 2007): the mean of observed less
#'     predicted, y - p, in bins of neighbouring rows, against the linear predictor and each of the
#'     predictors, of a factor by its levels. The grey bounds are two standard errors by the model,
#'     \eqn{\pm 2 \sqrt{\bar{p(1 - p)} / n}}{+-2 sqrt(mean(p(1 - p)) / n)}; bins beyond them are in
#'     orange. Of two classes.}
#'   \item{`"roc"`}{the ROC curve, sensitivity against 1 - specificity, and the area under it with
#'     DeLong's interval, see [metrics()]. Of two classes.}
#'   \item{`"influence"`}{Cook's distance against leverage; the rows of the largest distances by
#'     name. Of two classes. Of matched sets the displacement of each set, \eqn{s' V s}{s'Vs} with
#'     its score s and the covariance matrix V: about twice the log-likelihood that its deletion
#'     costs (Cook 1986). Sets go by their first rows.}
#'   \item{`"effects"`}{effect curves: the average probability over the rows with a predictor set to
#'     each of its values, see [average_predictions()], with confidence bands that are symmetric on
#'     the scale of the link (of many classes of the logit), as those of [predict.fastlogit()]. Of a
#'     factor, and of a number of few values, points and intervals. Where the predictor interacts
#'     with another, a curve for each level of that, or for its quartiles. Of many classes a curve
#'     for each.}
#'   \item{`"odds ratios"`}{a forest plot of [odds_ratios()], for other links of the ratios that
#'     these have. The intervals are those of the profile likelihood, and Wald's with `vcov` or
#'     where rows times coefficients are more than five million; the line above says which.}
#'   \item{`"convergence"`}{the log-likelihood and Newton's decrement, iteration by iteration, from
#'     `fit$history`.}
#' }
#'
#' @param x,object a fit by [fastlogit()], [fastmultinom()] or [fastordinal()]; by [fastclogit()],
#'   of which there are the pictures `"odds ratios"`, `"influence"` and `"convergence"`.
#' @param which which pictures: their names, or numbers in the order above. By default all. Of
#'   numbers and by default those are left out that the fit does not have, and a message says why.
#' @param ask logical: ask before each page? By default on a screen, if there are several pages.
#' @param variables the predictors that residuals and effects are shown of, by name; by default all,
#'   up to twelve.
#' @param bins how many bins: for the calibration 10 by default, for residuals the square root of
#'   the number of rows, up to 100. Rows of equal values share one, so there may be fewer.
#' @param smooth logical: the calibration as a smooth curve?
#' @param level the confidence level of effects and odds ratios.
#' @param vcov which covariance matrix effects and odds ratios go by, see [covariances].
#' @param labels how many rows the influence picture names.
#' @param ... nothing: an unknown argument is an error.
#' @return `plot()`: invisibly a list of what was drawn, a data frame for each picture, by its name.
#'   Probabilities, proportions and their errors are on the scale of the response, from 0 to 1.
#'   `autoplot()`: a plot of package ggplot2, or where there are several panels a list of them,
#'   which prints as pages and which `ggsave()` takes.
#' @details
#' Each picture is on a page of its own, its panels side by side, unless the device has been divided
#' by `par(mfrow = )`, whose places are then filled panel by panel.
#'
#' Weights count as numbers of rows, and of counts each trial is a row. Fits to survey designs have
#' no bounds of calibration and residuals, as rows of a design are not independent. A fit with
#' infinite estimates, see [separation()], has no influence and no effects; its odds ratios of 0 and
#' `Inf` are arrows.
#'
#' Of very many rows bins are drawn, and of the influence one point for each place; effects are then
#' averages over rows that are drawn evenly from all, by their weights, as a line says. Of a source
#' the predictors are read again, and the binned residuals against them are those of at most half a
#' million rows.
#' @section Errors:
#' A picture that the fit does not have and that was asked for by name is an error (of class
#' `"fastlogit_input_error"`) that says why.
#' @references
#' Cook, R. D. (1986) Assessment of local influence. *Journal of the Royal Statistical Society,
#' Series B* **48**, 133-169.
#'
#' Gelman, A. and Hill, J. (2007) *Data Analysis Using Regression and Multilevel/Hierarchical
#' Models*. Cambridge University Press.
#'
#' Okabe, M. and Ito, K. (2008) *Color Universal Design: how to make figures and presentations that
#' are friendly to colorblind people*. J*FLY.
#' @seealso [metrics()], [gof_test()], [average_predictions()], [odds_ratios()], whose results have
#'   a `plot()` of their own
#' @examplesIf requireNamespace("MASS", quietly = TRUE)
#' fit <- fastlogit(low ~ age + lwt + factor(race) + smoke, data = MASS::birthwt)
#' plot(fit, "calibration")
#' plot(fit, c("roc", "odds ratios"))
#' plot(fit, "effects", variables = c("lwt", "smoke"))
#'
#' house <- fastmultinom(Sat ~ Infl + Type + Cont, data = MASS::housing, weights = Freq)
#' plot(house, "calibration", bins = 8)
#' @export
plot.fastlogit <- function(x, which = c("calibration", "residuals", "roc", "influence", "effects",
                                        "odds ratios", "convergence"),
                           ask = NULL, variables = NULL, bins = NULL, smooth = FALSE,
                           level = 0.95, vcov = NULL, labels = 3L, ...) {
  check_no_unknown()
  if (!is.null(ask)) check_flag(ask, "ask")
  pictures <- pictures_of_fit(x, if (!missing(which)) which, list(
    variables = variables, bins = bins, smooth = smooth, level = level, vcov = vcov,
    labels = labels
  ))
  draw_pictures(pictures, ask)
  invisible(lapply(pictures, `[[`, "data"))
}

#' @rdname plot.fastlogit
#' @export
plot.fastmultinom <- plot.fastlogit

#' @rdname plot.fastlogit
#' @export
plot.fastordinal <- plot.fastlogit

#' @rdname plot.fastlogit
#' @export
plot.fastclogit <- function(x, which = c("odds ratios", "influence", "convergence"), ask = NULL,
                            level = 0.95, vcov = NULL, labels = 3L, ...) {
  check_no_unknown()
  if (!is.null(ask)) check_flag(ask, "ask")
  pictures <- pictures_of_fit(x, if (!missing(which)) which, set_settings(level, vcov, labels))
  draw_pictures(pictures, ask)
  invisible(lapply(pictures, `[[`, "data"))
}

set_settings <- function(level, vcov, labels) {
  list(
    variables = NULL, bins = NULL, smooth = FALSE, level = level, vcov = vcov, labels = labels
  )
}

#' @rdname plot.fastlogit
#' @method autoplot fastclogit
#' @rawNamespace S3method(ggplot2::autoplot,fastclogit)
autoplot.fastclogit <- function(object, which = "odds ratios", level = 0.95, vcov = NULL,
                                labels = 3L, ...) {
  check_no_unknown()
  as_ggplots(pictures_of_fit(object, which, set_settings(level, vcov, labels)))
}

#' @rdname plot.fastlogit
#' @method autoplot fastlogit
#' @rawNamespace S3method(ggplot2::autoplot,fastlogit)
autoplot.fastlogit <- function(object, which = "calibration", variables = NULL, bins = NULL,
                               smooth = FALSE, level = 0.95, vcov = NULL, labels = 3L, ...) {
  check_no_unknown()
  as_ggplots(pictures_of_fit(object, which, list(
    variables = variables, bins = bins, smooth = smooth, level = level, vcov = vcov,
    labels = labels
  )))
}

#' @rdname plot.fastlogit
#' @method autoplot fastmultinom
#' @rawNamespace S3method(ggplot2::autoplot,fastmultinom)
autoplot.fastmultinom <- autoplot.fastlogit

#' @rdname plot.fastlogit
#' @method autoplot fastordinal
#' @rawNamespace S3method(ggplot2::autoplot,fastordinal)
autoplot.fastordinal <- autoplot.fastlogit

# --- which ----------------------------------------------------------------------------------------

kinds_of_pictures <- function(fit = NULL) {
  if (!is.null(fit) && is_of_sets(fit)) {
    return(list(
      `odds ratios` = odds_ratios_picture, influence = set_influence_picture,
      convergence = convergence_picture
    ))
  }
  list(
    calibration = calibration_picture, residuals = residuals_picture, roc = roc_picture,
    influence = influence_picture, effects = effects_picture,
    `odds ratios` = odds_ratios_picture, convergence = convergence_picture
  )
}

of_two_classes <- c("residuals", "roc", "influence")

# which: NULL for all that there are. What is asked for by name has to be there.
pictures_of_fit <- function(fit, which, settings) {
  check_settings(settings)
  of <- as_subject(fit, settings)
  names <- check_pictures(which, fit)
  if (is.character(which)) {
    return(lapply(kinds_of_pictures(fit)[names], function(picture) picture(of)))
  }
  pictures <- lapply(kinds_of_pictures(fit)[names], function(picture) {
    tryCatch(picture(of), fastlogit_input_error = conditionMessage)
  })
  missing <- vapply(pictures, is.character, NA)
  if (all(missing)) input_error("there is no picture of the fit: ", pictures[[1L]])
  if (any(missing)) tell_left_out(names[missing], unlist(pictures[missing]))
  pictures[!missing]
}

check_settings <- function(settings) {
  bins <- settings$bins
  right <- is.null(bins) || (is_number(bins) && bins >= 1)
  check_that(right, bins, "`bins` must be a number, at least 1")
  check_flag(settings$smooth, "smooth")
  check_level(settings$level, "level")
  labels <- settings$labels
  check_that(is_number(labels) && labels >= 0, labels, "`labels` must be a number, 0 or more")
}

# By name, or by number.
check_pictures <- function(which, fit) {
  known <- names(kinds_of_pictures(fit))
  if (is.null(which)) return(setdiff(known, if (is_of_many(fit)) of_two_classes))
  if (is.numeric(which)) {
    inside <- length(which) && all(which %in% seq_along(known))
    check_that(inside, which, "`which` must be names of pictures, or numbers from 1 to ",
      length(known))
    which <- known[which]
  }
  if (!is.character(which) || length(which) == 0L) check_choice(which, known, "which")
  names <- unique(vapply(which, check_choice, "", known, "which", USE.NAMES = FALSE))
  not <- intersect(names, if (is_of_many(fit)) of_two_classes)
  if (length(not) == 0L) return(names)
  input_error(
    "`which = \"", not[1L], "\"` is of two classes: of many there are ",
    enumerated(paste0("\"", setdiff(known, of_two_classes), "\"")), "."
  )
}
