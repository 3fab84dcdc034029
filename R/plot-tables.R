# plot() and autoplot() of tables of results.

# The picture of a table.
picture_of <- function(x) UseMethod("picture_of")

picture_of.odds_ratios <- function(x) ratios_picture(x)

picture_of.average_effects <- function(x) {
  axis <- attr(x, "axis")
  ratio <- attr(axis, "ratio")
  intervals_picture(x, row_labels(x), as.vector(axis), if (ratio) 1 else 0, log = ratio)
}

picture_of.average_predictions <- function(x) {
  intervals_picture(x, row_labels(x), attr(x, "axis"))
}

picture_of.metrics <- function(x) roc_of_curve(attr(x, "roc"), x["auc", ])

# Of two outcomes one says it all.
picture_of.gof_test <- function(x) {
  table <- attr(x, "groups")
  if (is.null(table)) input_error("there are no groups to plot: ask for \"hosmer-lemeshow\".")
  outcomes <- sub("^observed[.]", "", grep("^observed[.]", names(table), value = TRUE))
  if (length(outcomes) == 2L) outcomes <- outcomes[2L]
  parts <- lapply(stats::setNames(nm = outcomes), function(outcome) {
    share <- table[[paste0("observed.", outcome)]] / table$n
    data.frame(
      bin = seq_along(share), weight = table$n, observed = share,
      predicted = table[[paste0("expected.", outcome)]] / table$n,
      wilson_interval(share, table$n)
    )
  })
  calibration_of_parts(parts, "Hosmer-Lemeshow groups")
}

draw_table <- function(x, main, ...) {
  picture <- picture_of(x)
  if (!is.null(main)) picture$panels[[1L]]$title <- main
  draw_pictures(list(picture))
  invisible(x)
}

#' @rdname odds_ratios
#' @export
plot.odds_ratios <- function(x, main = NULL, ...) {
  check_no_unknown()
  draw_table(x, main)
}

#' @rdname average_effects
#' @param x what `average_effects()` or `average_predictions()` returns.
#' @param main the title of the plot.
#' @param ... nothing: an unknown argument is an error.
#' @export
plot.average_effects <- plot.odds_ratios

#' @rdname average_predictions
#' @inheritParams plot.average_effects
#' @export
plot.average_predictions <- plot.odds_ratios

#' @rdname metrics
#' @param x what `metrics()` returns.
#' @param main a title of the plot.
#' @export
plot.metrics <- plot.odds_ratios

#' @rdname gof_test
#' @param main a title of the plot.
#' @export
plot.gof_test <- plot.odds_ratios

#' Pictures of tables of results, by package ggplot2
#'
#' `autoplot()` makes of odds ratios, average effects, predictions, metrics or goodness-of-fit tests
#' the plot that `plot()` draws in base graphics, to be changed by ggplot2's means.
#'
#' @param object what [odds_ratios()], [average_effects()], [average_predictions()], [metrics()] or
#'   [gof_test()] returns.
#' @param main a title of the plot.
#' @param ... nothing: an unknown argument is an error.
#' @return A plot of package ggplot2, of what `plot()` of the table draws.
#' @seealso [plot.fastlogit()] for pictures of fits
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' fit <- fastlogit(case ~ spontaneous + induced, data = infert)
#' ggplot2::autoplot(odds_ratios(fit))
#' @name autoplot.fastlogit_table
#' @method autoplot fastlogit_table
#' @rawNamespace S3method(ggplot2::autoplot,fastlogit_table)
autoplot.fastlogit_table <- function(object, main = NULL, ...) {
  check_no_unknown()
  picture <- picture_of(object)
  if (!is.null(main)) picture$panels[[1L]]$title <- main
  as_ggplots(list(picture))
}
