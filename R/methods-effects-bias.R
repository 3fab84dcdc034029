# Average effects of a fit with bias correction: the bias that the levels leave in the averages
# themselves is taken off, too.

corrected_effects <- function(fit, variables, comparison, given, level) {
  if (comparison != "difference" || any(!vapply(given, is.null, NA))) {
    input_error(
      "after a bias correction there are average effects as differences, over the rows of the ",
      "fit, with errors of their own: leave out ", quoted(c("comparison", names(given))), "."
    )
  }
  check_has_rows_left(fit, "what effects are averaged over after a bias correction")
  check_level(level, "level")
  facts <- formula_facts(fit)
  effects <- fit$bias_correction$effects
  if (is.null(variables)) variables <- setdiff(predictor_names(facts), effects)
  asked <- variables_asked(facts, variables)
  contrasts <- unlist(
    lapply(asked, contrasts_of_variable, facts, fit, NULL, comparison), recursive = FALSE
  )
  plan <- map_changes(facts, changes_of(contrasts))
  if (plan$columns > length(fit$coefficients)) {
    input_error(
      "after a bias correction there are average effects of variables that enter as they are, ",
      "not by functions of them."
    )
  }
  found <- corrected_averages(fit, contrasts, plan)
  rows <- lapply(seq_along(contrasts), function(k) {
    list(
      estimate = matrix(found$estimate[k]),
      gradient = matrix(as.numeric(seq_along(contrasts) == k))
    )
  })
  found <- list(
    groups = no_groups, estimated = !logical(length(contrasts)),
    covariance = list(covariance = found$covariance, title = correction_title(fit), df = Inf)
  )
  effects_table(fit, contrasts, rows, found, comparison, level)
}

# A list of `estimate` and `covariance`. Rows that are separated count with effects of zero.
corrected_averages <- function(fit, contrasts, plan) {
  rows <- rows_of(fit, fit$threads, sparse = FALSE)
  model <- model_of(fit)
  effects <- factors_of(rows)[fit$bias_correction$effects]
  apart <- fit$separation_details$rows
  estimates <- unname(fit$coefficients)
  if (is_separated(fit)) estimates <- fit$separation_details$limit$coefficients
  panel <- panel_of(rows, model, effects, estimates, apart)
  maps <- split(plan$maps, rep(seq_along(contrasts), lengths(lapply(contrasts, maps_of))))
  estimates[is.na(estimates)] <- 0
  all <- rows$design$rows
  at <- lapply(seq_along(contrasts), function(k) {
    effect_by_row(contrasts[[k]], maps[[k]], panel, rows, model, estimates)
  })
  totals <- vapply(at, function(one) sum(one$effect), 0) / all
  estimate <- if (fit$bias_correction$type == "jackknife") {
    jackknifed_averages(fit, contrasts, maps, rows, model, effects, apart)
  } else {
    totals - averages_bias(panel, at) / length(panel$used)
  }
  list(estimate = estimate, covariance = averages_covariance(panel, at, all))
}

maps_of <- function(contrast) contrast[c("high", "low")]

# The effect in each row, its first and second derivatives in the linear predictor, and the sum's
# gradient in the coefficients of the panel's columns where the levels stay.
effect_by_row <- function(contrast, maps, panel, rows, model, estimates) {
  size <- length(estimates)
  offset <- (rows$offset %||% numeric(rows$design$rows))[panel$used]
  reached <- function(map) {
    predictors_at(rows, model, mapped_point(map, estimates_matrix(estimates), size))[panel$used]
  }
  gradient <- function(map, weight) {
    mapped_back(map, column_sums(panel, rows$design, weight), size, size)[panel$columns]
  }
  if (contrast$high$kind == "slope") {
    slope <- reached(maps[[1L]]) - offset
    curves <- panel$curves
    return(list(
      effect = slope * curves$f, first = slope * curves$f1, second = slope * curves$f2,
      gradient = crossprod(panel$x, slope * curves$f1)[, 1L] + gradient(maps[[1L]], curves$f)
    ))
  }
  curves <- curves_of(model$link)
  high <- reached(maps[[1L]])
  low <- reached(maps[[2L]])
  up <- curves(high)
  down <- curves(low)
  list(
    effect = model$family$linkinv(high) - model$family$linkinv(low), first = up$f - down$f,
    second = up$f1 - down$f1, gradient = gradient(maps[[1L]], up$f) - gradient(maps[[2L]], down$f)
  )
}

estimates_matrix <- function(estimates) matrix(estimates, ncol = 1L)

# X' weight, over the rows of the panel.
column_sums <- function(panel, design, weight) {
  sums <- numeric(length(design$names))
  sums[design$assign == 0L] <- sum(weight)
  sums[panel$columns] <- crossprod(panel$x, weight)
  sums
}

averages_bias <- function(panel, at) {
  first <- do.call(cbind, lapply(at, `[[`, "first"))
  second <- do.call(cbind, lapply(at, `[[`, "second"))
  levels_bias(panel, second + projected(panel, -first / panel$w) * panel$z)
}

averages_covariance <- function(panel, at, all) {
  within <- panel$x - projected(panel, panel$x)
  first <- do.call(cbind, lapply(at, `[[`, "first"))
  gradient <- do.call(cbind, lapply(at, `[[`, "gradient"))
  # The levels follow the coefficients.
  gradient <- gradient - crossprod(panel$x - within, first)
  by_row <- within %*% solve(slopes_information(panel, within), gradient)
  crossprod((by_row - projected(panel, -first / panel$w)) * panel$v) / all^2
}

jackknifed_averages <- function(fit, contrasts, maps, rows, model, effects, apart) {
  options <- list(control = complete_control(fit$control, fit$algorithm), method = fit$algorithm)
  start <- unname(replace(fit$coefficients, is.na(fit$coefficients), 0))
  fitter <- subset_fitter(rows, model, options, start)
  average <- function(coefficients, apart, all) {
    panel <- panel_of(rows, model, effects, coefficients, apart)
    vapply(seq_along(contrasts), function(k) {
      sum(effect_by_row(contrasts[[k]], maps[[k]], panel, rows, model, coefficients)$effect)
    }, 0) / all
  }
  left_out <- leave_out_fits(rows, model, effects, apart, fitter)
  all <- rows$design$rows
  fewer <- all * (1 - 1 / length(left_out))
  jackknifed(
    average(fitter(apart)$coefficients, apart, all),
    lapply(left_out, function(one) average(one$coefficients, one$apart, fewer))
  )
}
