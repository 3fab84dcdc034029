# Fixed effects of many levels: with few rows each, the estimates of the levels are poor, and what
# is wrong with them makes the other estimates biased (the incidental parameters of Neyman and
# Scott). The bias is of the order of one over the rows of a level, and can be estimated: from
# derivatives (Fernandez-Val 2009; Fernandez-Val and Weidner 2016 of two factors), or by leaving
# out one row of each level at a time (Hahn and Newey 2004).

#' Fixed effects of many levels, and their bias
#'
#' A factor of many levels (individuals, firms), `fastlogit(y ~ x + id, data)`, is fitted with all
#' its coefficients and their standard errors, in time and memory that go with the rows and levels.
#' Levels in which all outcomes are the same have infinite estimates, and the others are those of
#' the rows that are left. Beyond 20000 coefficients there is no covariance matrix; `summary()`,
#' `confint()` (by Wald's method), `predict(se.fit = TRUE)` and `average_effects()` do without.
#'
#' With T rows a level the other coefficients have a bias of the order of 1/T (incidental
#' parameters). `bias_correction = "analytical"` takes an estimate of it off (Fernandez-Val 2009;
#' with two factors, Fernandez-Val and Weidner 2016), for predictors that do not depend on earlier
#' outcomes; `"jackknife"` leaves out the first, the second, ... row of each level, in the order of
#' the data, and needs as many rows in each (Hahn and Newey 2004). The factor is the one that has
#' ten times as many levels as any other, or the one that a formula names. The levels are estimated
#' again, and standard errors are those of the information there. `fit$bias_correction` has the
#' `type`, the `effects` (the factors), the `uncorrected` coefficients, and by factor the names of
#' the levels that were `dropped`, of one outcome in all rows; the last line of `print()` and
#' `summary()` counts them. [average_effects()] are corrected, too, with rows of levels without
#' variation as effects of zero, and the errors of Fernandez-Val (2009), as packages bife and alpaca
#' have them; these compare 1 with 0 where a number has no other values, which is
#' `average_effects(fit, list(x = 0:1))`. Outcomes are 0 and 1, one a row, without weights (rows
#' that count several times are to be repeated); offsets, `subset` and missing values are as ever.
#' After a correction there are Wald's tests and intervals, and robust errors (`vcov = "HC1"`,
#' `~ id`), but no likelihood ratios, no plain form ([as_glm()]) and no [gof_test()]; `update()`
#' corrects again.
#'
#' A source's rows, and those of a fit that asks for `workers`, are held in memory together where
#' there are more than 1000 columns of mostly zeros, which a message says. [fastmultinom()],
#' [fastordinal()] and [fastclogit()] have a dense information whatever the columns are: beyond
#' 20000 coefficients they are refused, with the way that there is instead.
#'
#' `bias_correction` may name the factors, as in `analytical ~ id` or `analytical ~ id + year`.
#' @name fixed_effects
#' @references
#' Fernandez-Val, I. (2009) Fixed effects estimation of structural parameters and marginal effects
#' in panel probit models. *Journal of Econometrics* **150**, 71-85.
#' \doi{10.1016/j.jeconom.2009.02.007}
#'
#' Fernandez-Val, I. and Weidner, M. (2016) Individual and time effects in nonlinear panel models
#' with large N, T. *Journal of Econometrics* **192**, 291-312. \doi{10.1016/j.jeconom.2015.12.014}
#'
#' Hahn, J. and Newey, W. (2004) Jackknife and analytical bias reduction for nonlinear panel models.
#' *Econometrica* **72**, 1295-1319. \doi{10.1111/j.1468-0262.2004.00533.x}
#' @examples
#' panel <- data.frame(id = gl(30, 8), x = sin(1:240), y = as.numeric(cos((1:240)^2) > 0.2))
#' fit <- fastlogit(y ~ x + id, data = panel, bias_correction = "analytical")
#' coef(fit)["x"]
#' fit$bias_correction$uncorrected
#' average_effects(fit)
#' confint(fit, "x")
#' panel$y[panel$id == 3] <- 1
#' suppressWarnings(update(fit))$bias_correction$dropped
NULL

# --- what is asked --------------------------------------------------------------------------------

# bias_correction: a type, or a formula of a type and the factors. A list of `type` and `effects`
# (labels of terms, NULL where they are to be found); NULL of no correction.
as_bias_correction <- function(value, penalty) {
  if (identical(value, "none")) return(NULL)
  effects <- NULL
  if (inherits(value, "formula")) {
    if (length(value) != 3L || !is.name(value[[2L]])) {
      input_error(
        "`bias_correction` as a formula names the type and the factors, as in `analytical ~ id`: ",
        "found `", deparse1(value), "`."
      )
    }
    effects <- attr(stats::terms(value[-2L]), "term.labels")
    value <- as.character(value[[2L]])
    if (length(effects) == 0L || length(effects) > 2L) {
      input_error("`bias_correction` is for the levels of one factor, or of two.")
    }
  }
  type <- check_choice(value, c("none", "analytical", "jackknife"), "bias_correction")
  if (type == "none") return(NULL)
  if (!is.null(penalty)) {
    input_error(
      "`bias_correction` corrects the maximum-likelihood estimate: leave `penalty` out."
    )
  }
  list(type = type, effects = effects)
}

# The terms that are a factor's indicators, by label, as indicator_terms() has them.
factors_of <- function(rows) {
  terms <- rows$blueprint$terms
  labels <- c("(Intercept)", attr(terms, "term.labels"))[unique(rows$blueprint$assign) + 1L]
  alone <- vapply(rows$design$terms, is_factor_alone, NA)
  stats::setNames(indicator_terms(rows$design), labels[alone])
}

# Those whose levels are the incidental parameters: as asked, or the one that has ten times the
# levels of any other.
effects_of <- function(asked, rows) {
  factors <- factors_of(rows)
  if (length(factors) == 0L) {
    input_error("`bias_correction` is for the levels of a factor: the formula has none.")
  }
  levels <- vapply(factors, function(factor) length(factor$column), 0L)
  if (is.null(asked)) {
    most <- which.max(levels)
    if (any(10 * levels[-most] > levels[most])) {
      input_error(
        "which factor has the incidental parameters? ", listed(paste0(
          "`", names(factors), "` (", levels, " levels)"
        )), " may be meant: say so, as in `bias_correction = analytical ~ ", names(factors)[most],
        "`."
      )
    }
    asked <- names(factors)[most]
  }
  unknown <- setdiff(asked, names(factors))
  if (length(unknown)) {
    input_error(
      quoted(unknown), " in `bias_correction` must be a factor that is a term of the formula: ",
      "there are ", listed(paste0("`", names(factors), "`")), "."
    )
  }
  factors[asked]
}

check_can_be_corrected <- function(model, rows, options, effects) {
  if (!are_in_memory(rows) || !is.null(options$workers)) {
    input_error("`bias_correction` is for rows in memory, without workers.")
  }
  if (!is.null(rows$survey)) input_error("`bias_correction` is not for survey designs.")
  if (is.null(curves_of(model$link))) {
    input_error("`bias_correction` is not for the ", name_of_link(model$family), " link.")
  }
  if (any(rows$response$weights != 1) || !all(rows$response$y %in% c(0, 1))) {
    input_error(
      "`bias_correction` is for outcomes of 0 and 1 without weights, one a row: of counts, repeat ",
      "the rows, as in `data[rep(seq_len(nrow(data)), weights), ]`."
    )
  }
  factors <- attr(rows$blueprint$terms, "factors")
  together <- names(effects)[rowSums(factors[names(effects), , drop = FALSE] > 0) > 1L]
  if (length(together)) {
    input_error(
      "`bias_correction` is for levels that shift the linear predictor: ", quoted(together),
      " is in an interaction."
    )
  }
}

# --- corrections ----------------------------------------------------------------------------------

# A solution with the estimates corrected, and what there is of the information where they are.
correct_bias <- function(solved, model, rows, options) {
  asked <- options$bias_correction
  effects <- effects_of(asked$effects, rows)
  check_can_be_corrected(model, rows, options, effects)
  found <- solved$separation
  estimates <- ifelse(solved$aliased, NA, solved$coefficients)
  if (!is.null(found)) estimates <- found$limit$coefficients
  if (is.null(estimates) || (is.null(found) && !solved$status %in% "converged")) {
    fit_error(
      "fastlogit_no_correction",
      "there is no estimate to correct: ",
      if (is.null(found)) "the fit has not converged." else "the classes are told apart entirely."
    )
  }
  rows <- with_held_design(rows)
  panel <- panel_of(rows, model, effects, estimates, found$rows)
  if (length(panel$columns) == 0L) nothing_to_correct()
  fitter <- subset_fitter(rows, model, options, replace(estimates, is.na(estimates), 0))
  slopes <- estimates[panel$columns]
  corrected <- if (asked$type == "analytical") {
    within <- panel$x - projected(panel, panel$x)
    slopes + drop(solve(slopes_information(panel, within), levels_bias(panel, within * panel$z)))
  } else {
    left_out <- leave_out_fits(rows, model, effects, found$rows, fitter)
    jackknifed(slopes, lapply(left_out, function(one) one$coefficients[panel$columns]))
  }
  at <- with_slopes(rows, model, effects, panel, corrected, fitter)
  solved$bias_correction <- list(
    type = asked$type, effects = names(effects),
    uncorrected = stats::setNames(slopes, rows$design$labels[panel$columns]),
    dropped = dropped_levels(rows, effects, panel$used)
  )
  replaced_solution(solved, at, model, rows, found)
}

# Of T estimates that leave out a row of each level.
jackknifed <- function(estimate, left_out) {
  count <- length(left_out)
  count * estimate - (count - 1) * Reduce(`+`, left_out) / count
}

# A fit without some rows.
subset_fitter <- function(rows, model, options, start) {
  function(apart, of = rows, start_at = start) {
    solved <- solve_problem(
      problem_of(of, model, options$control$threads, list(rows = apart)),
      list(list(coefficients = start_at)), quietly(options$control), options$method
    )
    if (solved$status != "converged") {
      fit_error("fastlogit_no_correction", "a fit of the correction ended as: ", solved$status, ".")
    }
    solved
  }
}

# The fits that leave out the first, the second, ... row of each level of the first effect, and
# those levels (of all factors) in which then all outcomes are the same: a list of `coefficients`
# and the rows that are `apart`.
leave_out_fits <- function(rows, model, effects, apart, fitter) {
  used <- setdiff(seq_len(rows$design$rows), apart)
  if (length(effects) > 1L) {
    input_error("`bias_correction = \"jackknife\"` is for the levels of one factor.")
  }
  code <- effects[[1L]]$code
  number <- integer(length(code))
  number[order(code)] <- sequence(tabulate(code)[sort(unique(code))])
  counts <- tabulate(dense_codes(code[used]))
  if (any(counts != counts[1L]) || counts[1L] < 2L) {
    input_error(
      "the jackknife leaves out one row of each level at a time: each level of `", names(effects),
      "` has to have as many rows, two at least (found ", min(counts), " to ", max(counts), ")."
    )
  }
  factors <- indicator_terms(rows$design)
  open <- open_sides(model$family, length(code))
  lapply(seq_len(counts[1L]), function(k) {
    demand <- demands(rows$response, open)
    demand[c(apart, which(number == k))] <- NA
    gone <- which(is.na(demand) | constant_levels(factors, demand)$round > 0L)
    list(coefficients = fitter(gone)$coefficients, apart = gone)
  })
}

# The fit of the levels with the other coefficients as they are; the coefficients of all columns.
with_slopes <- function(rows, model, effects, panel, slopes, fitter) {
  design <- rows$design
  widths <- vapply(design$terms, columns_of_term, 0, design)
  term <- rep(seq_along(widths), widths)
  own <- unlist(lapply(effects, `[[`, "column"))
  kept <- which(design$assign == 0L | seq_along(design$names) %in% own)
  part <- rows
  part["held"] <- list(NULL)
  part$design <- part_of_design(design, kept, sort(unique(term[kept])))
  x <- columns_of_design(design, panel$columns)
  part$offset <- (rows$offset %||% 0) + drop(x %*% slopes)
  apart <- setdiff(seq_len(design$rows), panel$used)
  levels <- fitter(apart, part, numeric(length(kept)))
  coefficients <- numeric(length(design$names))
  coefficients[panel$columns] <- slopes
  coefficients[kept] <- ifelse(levels$aliased, 0, levels$coefficients)
  # At responses equal to the means these are the maximum, and the information is the expected one.
  expected <- rows
  expected$response$y <- model$family$linkinv(predictors_at(rows, model, coefficients))
  expected$response$complement <- 1 - expected$response$y
  expected$response$successes <- NULL
  at <- fitter(apart, expected, coefficients)
  at$coefficients <- ifelse(at$aliased, 0, coefficients)
  at
}

replaced_solution <- function(solved, at, model, rows, found) {
  used <- setdiff(seq_len(rows$design$rows), found$rows)
  parts <- c("linear.predictors", "weights")
  solved["range"] <- NULL  # of the fit that is replaced
  eta <- as.numeric(at$linear.predictors)
  y <- rows$response$y
  deviance <- function(eta) {
    sum(model$family$dev.resids(y[used], model$family$linkinv(eta[used]), rep(1, length(used))))
  }
  if (is.null(found)) {
    parts <- c("coefficients", "expected", "observed", parts)
    solved[parts] <- at[parts]
    solved$logLik <- -deviance(eta) / 2
    return(solved)
  }
  for (part in parts) solved[[part]][used] <- at[[part]][used]
  solved$coefficients[!at$aliased] <- at$coefficients[!at$aliased]
  solved$logLik <- solved$logLik + (found$limit$deviance - deviance(eta)) / 2
  solved$separation <- with_limit(
    found, function(found) replace(at, "logLik", list(-deviance(eta) / 2))
  )
  solved
}

# In words: "analytical bias correction for `id`", and how many of its levels had but one outcome.
correction_title <- function(fit) {
  correction <- fit$bias_correction
  if (is.null(correction)) return(NULL)
  left_out <- sum(lengths(correction$dropped))
  note <- if (left_out > 0L) paste0(" (without ", left_out, " of one outcome)")
  paste0(correction$type, " bias correction for ", quoted(correction$effects), note)
}

is_corrected <- function(fit) !is.null(.subset2(fit, "bias_correction"))
