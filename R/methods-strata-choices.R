# Choices: probabilities by alternative, and what a change of one alternative does to all of them.

#' Average effects and shares of choices
#'
#' [average_effects()] and [average_predictions()] of a fit by [fastclogit()] in which each set is
#' an occasion, its rows are the alternatives, and one of them was chosen.
#'
#' A change of a variable x in alternative k changes the probabilities of all:
#' \deqn{\frac{\partial p_j}{\partial x_k} = p_j (1[j = k] - p_k) \frac{\partial u_k}{\partial
#'   x_k},}{dp_j / dx_k = p_j (1[j = k] - p_k) du_k / dx_k,}
#' where \eqn{u_k}{u_k} is the alternative's linear predictor, in which the variable may stand in
#' several terms, products and functions. `"slope"` is the average of that over the occasions,
#' `"elasticity"` that of \eqn{x_k (1[j = k] - p_k) \partial u_k / \partial x_k}{x_k (1[j = k] -
#' p_k) du_k / dx_k}, the relative change of \eqn{p_j}{p_j} for a relative change of
#' \eqn{x_k}{x_k}. By the irrelevance of other alternatives, which this likelihood assumes, the
#' cross-elasticities of all other alternatives are the same on an occasion.
#'
#' @section Use:
#' `average_effects(fit, variables = , comparison = c("slope", "elasticity"), by = , newdata = ,
#' vcov = , level = )`: `variables` are names of numbers, by default all of them. `by` is the name
#' of the variable that says which alternative a row is, such as `"mode"`: there is a row for each
#' alternative j and each changed alternative k, averaged over the occasions that have
#' both. Without it there are two rows, of own effects and of cross effects.
#'
#' `average_predictions(fit, by = , newdata = , vcov = , level = )`: the average probability of each
#' alternative, its share.
#'
#' @return A data frame of class `"choice_effects"` with the columns `variable`, `alternative`
#'   (j), `changed` (k; or `effect`, `"own"` and `"cross"`), `estimate`, `std.error` (by the delta
#'   method), `statistic`, `p.value`, `conf.low` and `conf.high`, which prints and plots; of shares
#'   the variable of `by` in the place of the first three.
#' @references
#' Train, K. E. (2009) *Discrete Choice Methods with Simulation*, 2nd ed. Cambridge University
#' Press, section 3.6.
#' @name choice_effects
#' @examples
#' d <- data.frame(
#'   trip = rep(1:40, each = 3), mode = rep(c("bus", "car", "train"), 40),
#'   cost = c(2, 5, 3) + rep(sin(1:40), each = 3) * c(1, -1, 0.5)
#' )
#' d$chosen <- as.numeric(d$mode == rep(c("bus", "train", "bus", "car"), 10)[d$trip])
#' fit <- fastclogit(chosen ~ cost + strata(trip), data = d)
#' average_effects(fit, "cost", comparison = "elasticity", by = "mode")
#' average_predictions(fit, by = "mode")
NULL

choice_effects <- function(fit, variables, comparison, by, newdata, vcov, level) {
  comparison <- check_choice(comparison, c("slope", "elasticity"), "comparison")
  rows <- choice_rows(fit, by, newdata, level)
  numbers <- numbers_in(fit, rows$data)
  variables <- variables %||% numbers
  check_that(
    is.character(variables) && length(variables) > 0L && all(variables %in% numbers), variables,
    "`variables` must name numbers in the model, ", quoted(numbers)
  )
  found <- covariance_of(fit, vcov)
  tables <- lapply(variables, function(name) {
    moved <- utility_slopes(fit, rows, name)
    pairs <- alternatives_by_pair(rows, if (comparison == "elasticity") rows$data[[name]])
    estimate <- function(beta) pairs$average(rows, beta, drop(moved %*% beta))
    cbind(variable = name, pairs$shown, estimates_of(estimate, fit, found, level))
  })
  as_result_table(
    do.call(rbind, tables), "choice_effects",
    paste0("Average ", if (comparison == "slope") "slopes of probabilities" else "elasticities",
           " of choices"),
    c(level_line(level), covariance_line(found)),
    axis = if (comparison == "slope") "change of probability" else "elasticity"
  )
}

choice_shares <- function(fit, by, newdata, vcov, level) {
  rows <- choice_rows(fit, by, newdata, level)
  if (is.null(by)) {
    input_error("`by` has to name the variable that says which alternative a row is.")
  }
  found <- covariance_of(fit, vcov)
  values <- alternatives_of(rows)
  weight <- rows$weight
  estimate <- function(beta) {
    chance <- chances_of(rows, beta)
    vapply(values, function(value) {
      sum((weight * chance)[rows$alternative == value]) / sum(weight[rows$first])
    }, 0)
  }
  shown <- stats::setNames(data.frame(values), by)
  as_result_table(
    cbind(shown, estimates_of(estimate, fit, found, level)), "choice_effects",
    "Average probabilities of the alternatives", c(level_line(level), covariance_line(found)),
    axis = "probability"
  )
}

level_line <- function(level) paste0(format(100 * level), " % intervals by the delta method.")

# The rows of the data that the fit used, or new ones: data, x, offset, set, alternative, weight,
# and the first row of each set.
choice_rows <- function(fit, by, newdata, level) {
  check_level(level, "level")
  if (is_separated(fit)) {
    input_error(
      "the fit has infinite estimates: averages of it have no standard errors. See ?separation.",
      class = "fastlogit_separation"
    )
  }
  if (!fit$sets$single) {
    input_error("effects and shares are of choices: sets have to have one case.")
  }
  data <- newdata %||% data_of_choices(fit)
  rows <- new_set_rows(fit, data, stats::na.pass, TRUE, FALSE)
  known <- !is.na(rowSums(rows$x)) & !is.na(rows$set)
  if (!all(known)) {
    return(choice_rows(fit, by, data[known, , drop = FALSE], level))
  }
  in_order <- order(rows$set)
  rows$data <- data[in_order, , drop = FALSE]
  rows$x <- rows$x[in_order, , drop = FALSE]
  rows$offset <- rep_len(rows$offset, nrow(rows$x))[in_order]
  rows$set <- rows$set[in_order]
  rows$first <- !duplicated(rows$set)
  weights <- if (is.null(newdata)) fit$weights
  rows$weight <- if (is.null(weights)) rep.int(1, nrow(rows$x)) else weights[in_order]
  if (!is.null(by)) {
    check_that(
      is.character(by) && length(by) == 1L && by %in% names(data), by,
      "`by` must name the variable of the data that says which alternative a row is"
    )
    rows$alternative <- rows$data[[by]]
    twice <- duplicated(data.frame(rows$set, rows$alternative))
    if (any(twice)) {
      input_error("`", by, "` must differ within a set: found an alternative twice in one.")
    }
  }
  rows
}

# The data that were fitted, for the rows used.
data_of_choices <- function(fit) {
  data <- eval(fit$call$data, environment(fit$terms))
  if (!is.data.frame(data)) {
    input_error("the data of the fit are not at hand as a data frame: give `newdata`.")
  }
  kept <- match(attr(stats::model.frame(fit), "row.names"), attr(data, "row.names"))
  if (anyNA(kept)) input_error("the data of the fit have changed: give `newdata`.")
  data[kept, , drop = FALSE]
}

alternatives_of <- function(rows) {
  if (is.factor(rows$alternative)) levels(droplevels(rows$alternative)) else
    sort(unique(rows$alternative))
}

numbers_in <- function(fit, data) {
  used <- all.vars(stats::delete.response(fit$terms))
  sets <- unlist(lapply(attr(fit$terms, "specials")$strata, function(i) {
    all.vars(attr(fit$terms, "variables")[[i + 1L]])
  }))
  Filter(function(name) is.numeric(data[[name]]), setdiff(intersect(used, names(data)), sets))
}

# The derivatives of the rows of the design in a variable.
utility_slopes <- function(fit, rows, name) {
  value <- rows$data[[name]]
  step <- 1e-4 * max(stats::sd(value), 1e-8 * max(abs(value)), .Machine$double.xmin)
  at <- function(shift) {
    moved <- rows$data
    moved[[name]] <- as.numeric(value) + shift
    new_set_rows(fit, moved, stats::na.pass, TRUE, FALSE)$x
  }
  slopes <- (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
  slopes[, is.na(fit$coefficients)] <- 0
  slopes
}

chances_of <- function(rows, beta) {
  eta <- drop(rows$x %*% beta) + rows$offset
  y <- as.numeric(rows$first)
  y - residuals_within_sets(eta, y, rows$set)
}

# Which pairs there are, and a function of their averages: of alternative j where k is changed.
# relative: the values whose relative change counts, NULL for slopes.
alternatives_by_pair <- function(rows, relative) {
  in_set <- split(seq_along(rows$set), rows$set)
  j <- unlist(lapply(in_set, function(at) rep(at, length(at))))
  k <- unlist(lapply(in_set, function(at) rep(at, each = length(at))))
  own <- j == k
  if (is.null(rows$alternative)) {
    group <- ifelse(own, 1L, 2L)
    shown <- data.frame(effect = c("own", "cross")[sort(unique(group))])
  } else {
    values <- alternatives_of(rows)
    of <- match(as.character(rows$alternative), as.character(values))
    pair <- (of[k] - 1L) * length(values) + of[j]
    kinds <- sort(unique(pair))
    group <- match(pair, kinds)
    shown <- data.frame(
      alternative = values[(kinds - 1L) %% length(values) + 1L],
      changed = values[(kinds - 1L) %/% length(values) + 1L]
    )
  }
  weight <- rows$weight[j]
  total <- drop(rowsum(weight, group))
  average <- function(rows, beta, slope) {
    chance <- chances_of(rows, beta)
    effect <- (own - chance[k]) * slope[k]
    effect <- effect * (if (is.null(relative)) chance[j] else relative[k])
    unname(drop(rowsum(weight * effect, group))) / unname(total)
  }
  list(shown = shown, average = average)
}

# A vector-valued function of the coefficients, with its errors.
estimates_of <- function(estimate, fit, found, level) {
  beta <- ifelse(is.na(fit$coefficients), 0, fit$coefficients)
  value <- estimate(beta)
  errors <- errors_by(found)
  used <- which(!is.na(fit$coefficients) & is.finite(errors))
  slopes <- vapply(used, function(i) {
    step <- 1e-3 * errors[i]
    at <- function(times) estimate(replace(beta, i, beta[i] + times * step))
    (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)
  }, numeric(length(value)))
  slopes <- matrix(slopes, length(value))
  error <- sqrt(rowSums((slopes %*% found$covariance[used, used, drop = FALSE]) * slopes))
  tail <- quantile_for(level, found$df)
  data.frame(
    estimate = value, std.error = error, statistic = value / error,
    p.value = two_sided(value / error, found$df), conf.low = value - tail * error,
    conf.high = value + tail * error
  )
}

#' @rdname choice_effects
#' @param x a table of effects or shares.
#' @param digits the number of significant digits.
#' @param ... as for [print.data.frame()]; for `plot()` nothing.
#' @export
print.choice_effects <- function(x, digits = max(3L, getOption("digits") - 3L), ...) NextMethod()
