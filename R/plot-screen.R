# Pictures of a screen: where the small p-values are, and whether there are too many of them.

#' Pictures of a screen
#'
#' \describe{
#'   \item{`"manhattan"`}{-log10 of the p-values, candidate by candidate, in their order, with
#'     Bonferroni's line for a level of 0.05; the smallest p-values above it by name.}
#'   \item{`"qq"`}{the same, sorted, against what is expected where no candidate has an effect,
#'     with a pointwise 95% band (of the order statistics of independent tests). The line above says
#'     the genomic-control factor lambda, the median of the chi-squared statistics over what it is
#'     where no candidate has an effect.}
#' }
#'
#' @param x,object what [screen()] returns.
#' @param which which pictures: their names, or their numbers in the order above.
#' @param labels how many candidates the Manhattan plot names.
#' @param ... nothing: an unknown argument is an error.
#' @return `plot()`: invisibly a list of what was drawn, a data frame for each picture, by its name.
#'   `autoplot()`: a plot of package ggplot2, or a list of two that prints as a page. Of very many
#'   candidates a point for each place is drawn, and all of the smallest.
#' @section Errors:
#' It is an error (of class `"fastlogit_input_error"`) if no candidate has a p-value.
#' @seealso [screen()]
#' @examples
#' set.seed(1)
#' fit <- fastlogit(case ~ spontaneous, data = infert)
#' s <- screen(fit, matrix(rbinom(248 * 300, 2, 0.3), 248))
#' plot(s)
#' @export
plot.fastlogit_screen <- function(x, which = c("manhattan", "qq"), labels = 5L, ...) {
  check_no_unknown()
  pictures <- pictures_of_screen(x, which, labels)
  draw_pictures(list(list(panels = unlist(lapply(pictures, `[[`, "panels"), recursive = FALSE))))
  invisible(lapply(pictures, `[[`, "data"))
}

#' @rdname plot.fastlogit_screen
#' @method autoplot fastlogit_screen
#' @rawNamespace S3method(ggplot2::autoplot,fastlogit_screen)
autoplot.fastlogit_screen <- function(object, which = c("manhattan", "qq"), labels = 5L, ...) {
  check_no_unknown()
  as_ggplots(pictures_of_screen(object, which, labels))
}

pictures_of_screen <- function(x, which, labels) {
  known <- list(manhattan = manhattan_picture, qq = qq_picture)
  check_that(is_number(labels) && labels >= 0, labels, "`labels` must be a number, 0 or more")
  if (is.numeric(which)) {
    inside <- length(which) && all(which %in% seq_along(known))
    check_that(inside, which, "`which` must be names of pictures, or numbers from 1 to 2")
    which <- names(known)[which]
  }
  if (!is.character(which) || !length(which)) check_choice(which, names(known), "which")
  names <- unique(vapply(which, check_choice, "", names(known), "which", USE.NAMES = FALSE))
  rarity <- rarity_of(x)
  if (all(is.na(rarity))) input_error("no candidate has a p-value: there is nothing to draw.")
  lapply(known[names], function(picture) picture(x, rarity, labels))
}

# -log10 of the p-values, also where these underflow.
rarity_of <- function(x) {
  tail <- stats::pchisq(
    chi_squared_of_screen(x), attr(x, "df"), lower.tail = FALSE, log.p = TRUE
  )
  -tail / log(10)
}

manhattan_picture <- function(x, rarity, labels) {
  tested <- which(!is.na(rarity))
  bound <- -log10(0.05 / length(tested))
  in_order <- tested[order(rarity[tested], decreasing = TRUE)]
  kept <- if (length(tested) > many_points) {
    seen <- pmin(rarity[tested], max(rarity[is.finite(rarity)]))
    tested[few_of_many(tested, seen, match(in_order, tested))]
  } else {
    in_order
  }
  data <- data.frame(candidate = kept, name = x$name[kept], rarity = rarity[kept])
  above <- utils::head(data[data$rarity > bound, ], labels)
  label <- data.frame(x = above$candidate, y = above$rarity, label = above$name)
  panel <- as_panel(
    list(
      rule_at(h = bound), as_layer("points", data.frame(x = data$candidate, y = data$rarity)),
      as_layer("labels", label, "black")
    ),
    axis_of("candidate", c(1, nrow(x))), axis_of("-log10 p", c(0, bound, data$rarity)),
    title = "Manhattan plot", note = paste("Bonferroni's line:", counted(length(tested), "test"))
  )
  rownames(data) <- NULL
  as_picture(list(panel), data)
}

qq_picture <- function(x, rarity, labels) {
  observed <- sort(rarity, decreasing = TRUE)
  count <- length(observed)
  at <- seq_len(count)
  data <- data.frame(
    expected = -log10((at - 0.5) / count), observed = observed,
    lower = -log10(stats::qbeta(0.975, at, count - at + 1)),
    upper = -log10(stats::qbeta(0.025, at, count - at + 1))
  )
  if (count > many_points) {
    data <- data[sort(few_of_many(data$expected, pmin(observed, 1e4), at)), ]
  }
  panel <- as_panel(
    list(
      as_layer(
        "band", data.frame(x = data$expected, lower = data$lower, upper = data$upper),
        grey_of_bounds
      ),
      diagonal(), as_layer("points", data.frame(x = data$expected, y = data$observed))
    ),
    axis_of("expected -log10 p", c(0, data$expected)),
    axis_of("observed -log10 p", c(0, data$observed)), title = "QQ plot",
    note = paste("genomic-control lambda", format(genomic_control(x), digits = 3L))
  )
  rownames(data) <- NULL
  as_picture(list(panel), data)
}
