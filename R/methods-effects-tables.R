# Averages and their functions with standard errors by the delta method, and their tables.

# For some changes (see value_change(); NULL: the rows as they are) a list of
#   mean, slope  functions of a change: for each group and outcome its estimate and the gradient, a
#                list of `estimate`, groups x K, and `gradient`, p q x (groups K)
#   groups       the values of `by`, a data frame
#   outcomes     what there is a mean of: the classes, NULL for success alone
#   covariance   see covariance_of(); which coefficients are `estimated`
# over: list(newdata =, by =).
averages <- function(fit, facts, changes, over, vcov) {
  covariance <- covariance_of(fit, vcov)
  slopes <- vapply(changes, function(change) identical(change$kind, "slope"), NA)
  points <- c(list(NULL), Filter(Negate(is.null), unique(changes[!slopes])))
  slopes <- unique(changes[slopes])
  plan <- map_changes(facts, c(points, slopes))
  plan$places <- if (is_ordered_fit(fit)) places_by_cut(fit, plan) else places_by_class(fit, plan)
  is_point <- seq_along(plan$maps) <= length(points)
  at <- Map(plan$places$core, plan$maps, is_point)
  size <- length(at[[1L]])
  plan$points <- matrix(unlist(at[is_point]), size)
  directions <- distinct_directions(matrix(as.double(unlist(at[!is_point])), size))
  plan$directions <- directions$distinct
  groups <- sums_of_means(fit, facts, plan, over$newdata, over$by)
  answer <- answer_of_sums(groups, plan, directions)
  by_name <- lapply(groups, `[[`, "by")
  # As match() would, for each change anew.
  keys <- list(points = as.character(points), slopes = as.character(slopes))
  at <- function(change, kind) match(as.character(list(change)), keys[[kind]])
  list(
    mean = function(change) answer$mean(at(change, "points")),
    slope = function(change) answer$slope(at(change, "slopes")),
    groups = do.call(rbind, by_name),
    outcomes = if (is.null(fit$family)) fit$lab, covariance = covariance,
    estimated = !is.na(flat_values(fit))
  )
}

# From the coefficients of a fit to those that the core takes after a change, and back:
#   core  a function of a map (see map_changes()) and of whether it is of rows or of their slopes
#   own   a function of the same, between them gradients in the core's coefficients, a column each;
#         to those in the fit's, as flat_values() has them
places_by_class <- function(fit, plan) {
  beta <- t(coefficient_table(fit))
  beta[is.na(beta)] <- 0
  list(
    core = function(map, rows) as.vector(mapped_point(map, beta, plan$columns)),
    own = function(map, gradients, rows) {
      own <- mapped_back(map, gradients, plan$columns, nrow(beta))
      matrix(own, length(beta))
    }
  )
}

# Directions that are multiples of others are asked for once: those of all numbers without
# interactions are.
distinct_directions <- function(directions) {
  columns <- lapply(seq_len(ncol(directions)), function(j) directions[, j])
  scale <- vapply(columns, function(x) {
    largest <- x[which.max(abs(x))]
    if (largest == 0) 1 else largest
  }, 0)
  unit <- Map(`/`, columns, scale)
  distinct <- unique(unit)
  list(
    distinct = matrix(as.double(unlist(distinct)), nrow(directions)), scale = scale,
    of = match(unit, distinct)
  )
}

# groups: see sums_of_means(). From sums to averages, with gradients in the coefficients of the fit.
answer_of_sums <- function(groups, plan, directions) {
  outcomes <- nrow(groups[[1L]]$values)
  points <- ncol(plan$points)
  columns <- function(k) (k - 1L) * outcomes + seq_len(outcomes)
  of_groups <- function(f) {
    found <- lapply(groups, f)
    list(
      estimate = do.call(rbind, lapply(found, `[[`, "estimate")),
      gradient = do.call(cbind, lapply(found, `[[`, "gradient"))
    )
  }
  back <- function(map, group, k) {
    gradients <- group$gradients[, columns(k), drop = FALSE]
    plan$places$own(plan$maps[[map]], gradients, map <= points) / group$weight
  }
  list(
    mean = function(k) {
      of_groups(function(group) {
        list(estimate = group$values[, k] / group$weight, gradient = back(k, group, k))
      })
    },
    slope = function(k) {
      at <- points + directions$of[k]
      scale <- directions$scale[k]
      # What the coefficients do to the mean's slope, and to the direction.
      of_groups(function(group) {
        list(
          estimate = scale * group$values[, at] / group$weight,
          gradient = scale * back(1L, group, at) + back(points + k, group, 1L)
        )
      })
    }
  )
}

# --- comparisons ----------------------------------------------------------------------------------

# As averages() has estimates; of ratios with `log_gradient`, that of the logarithm.
estimate_contrast <- function(contrast, found, comparison) {
  if (contrast$high$kind == "slope") return(found$slope(contrast$high))
  high <- found$mean(contrast$high)
  low <- found$mean(contrast$low)
  if (comparison == "difference") {
    return(list(
      estimate = high$estimate - low$estimate, gradient = high$gradient - low$gradient
    ))
  }
  high <- as_log(high, comparison)
  low <- as_log(low, comparison)
  estimate <- exp(high$estimate - low$estimate)
  gradient <- high$gradient - low$gradient
  list(
    estimate = estimate, gradient = times_columns(gradient, t(estimate)), log_gradient = gradient
  )
}

# The logarithm of a mean, or of its odds.
as_log <- function(mean, comparison) {
  mu <- mean$estimate
  odds <- comparison == "odds ratio"
  list(
    estimate = if (odds) stats::qlogis(mu) else log(mu),
    gradient = times_columns(mean$gradient, t(if (odds) 1 / (mu * (1 - mu)) else 1 / mu))
  )
}

times_columns <- function(x, by) x * rep(as.vector(by), each = nrow(x))

# For each column of gradients. Aliased coefficients have no say.
delta_errors <- function(gradient, found) {
  kept <- found$estimated
  if (!is.null(found$covariance$forms)) {
    return(sqrt(pmax(diag(found$covariance$forms(gradient * kept)), 0)))
  }
  gradient <- gradient[kept, , drop = FALSE]
  covariance <- found$covariance$covariance[kept, kept, drop = FALSE]
  sqrt(pmax(colSums(gradient * (covariance %*% gradient)), 0))
}

# --- tables ---------------------------------------------------------------------------------------

# rows: for each of `labels` (a data frame) its estimates.
estimates_table <- function(labels, rows, found, level) {
  outcomes <- length(found$outcomes)
  each <- Map(function(row, k) {
    groups <- nrow(row$estimate)
    estimate <- as.vector(t(row$estimate))
    error <- delta_errors(row$gradient, found)
    on_log <- !is.null(row$log_gradient)
    test_error <- if (on_log) delta_errors(row$log_gradient, found) else error
    shown <- intervals_of(estimate, error, test_error, on_log, found$covariance$df, level)
    at <- rep(seq_len(groups), each = max(1L, outcomes))
    parts <- list(
      labels[rep(k, length(estimate)), , drop = FALSE],
      if (outcomes) data.frame(class = rep(found$outcomes, groups)),
      if (ncol(found$groups)) found$groups[at, , drop = FALSE], shown
    )
    do.call(cbind, lapply(Filter(Negate(is.null), parts), `row.names<-`, NULL))
  }, rows, seq_along(rows))
  table <- do.call(rbind, each)
  if (anyNA(table$estimate)) warn_outside()
  table
}

intervals_of <- function(estimate, error, test_error, on_log, df, level) {
  quantile <- quantile_for(level, df)
  centre <- if (on_log) log(estimate) else estimate
  statistic <- centre / test_error
  limits <- cbind(centre - quantile * test_error, centre + quantile * test_error)
  if (on_log) limits <- exp(limits)
  data.frame(
    estimate = estimate, std.error = error, statistic = statistic,
    p.value = two_sided(statistic, df), conf.low = limits[, 1L], conf.high = limits[, 2L]
  )
}

warn_outside <- function() {
  fit_warning(
    "fastlogit_outside_domain",
    "averages are NA where the link gives some row, as it is changed, a probability above 1 or ",
    "below 0."
  )
}

effects_table <- function(fit, contrasts, rows, found, comparison, level) {
  labels <- data.frame(
    term = vapply(contrasts, `[[`, "", "term"), contrast = vapply(contrasts, `[[`, "", "contrast")
  )
  table <- estimates_table(labels, rows, found, level)
  title <- paste(switch(comparison,
    difference = "Average effects on the", ratio = "Ratios of the average",
    "Odds ratios of the average"
  ), probability_told(fit))
  as_result_table(
    table, "average_effects", title, effects_footer(found, level, comparison),
    structure(title, ratio = comparison != "difference")
  )
}

predictions_table <- function(fit, shown, rows, found, level) {
  title <- paste("Average", probability_told(fit))
  table <- estimates_table(shown, rows, found, level)
  as_result_table(
    table, "average_predictions", title, effects_footer(found, level, "prediction"), title
  )
}

# Of success, or of the class of a factor that is success.
probability_told <- function(fit) {
  terms <- fit$terms
  response <- deparse1(attr(terms, "variables")[[attr(terms, "response") + 1L]])
  if (is.null(fit$family)) return(paste("probabilities of the classes of", response))
  success <- fit$outcomes[2L]
  named <- !is.null(success) && !success %in% c("1", "TRUE", NA)
  paste0("probability of ", response, if (named) paste(" =", success))
}

effects_footer <- function(found, level, comparison) {
  df <- found$covariance$df
  c(
    paste0(
      format(100 * level), " % intervals by the delta method",
      if (comparison %in% c("ratio", "odds ratio")) ", on the scale of the logarithm",
      if (is.null(found$covariance$title) && is.finite(df)) {
        paste0("; t distribution with ", counted(df, "degree"), " of freedom")
      }, "."
    ),
    covariance_line(found$covariance)
  )
}
