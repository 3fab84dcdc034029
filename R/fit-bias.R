# Fixed effects of many levels: with few rows each, the estimates of the levels are poor, and what
# is wrong with them makes the other estimates biased (the incidental parameters of Neyman and
# Scott). The bias is of the order of one over the rows of a level, and can be estimated: from
# derivatives (Fernandez-Val 2009; Fernandez-Val and Weidner 2016 of two factors), or by leaving
# out one row of each level at a time (Hahn and Newey 2004).

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
  if (!inherits(rows$class, "memory_rows") || !is.null(options$workers)) {
    input_error("`bias_correction` is for rows in memory, without workers.")
  }
  if (!is.null(rows$survey)) input_error("`bias_correction` is not for survey designs.")
  if (is.null(curves_of(model$link))) {
    input_error("`bias_correction` is not for the ", name_of_link(model$family), " link.")
  }
  if (any(rows$response$weights != 1) || !all(rows$response$y %in% c(0, 1))) {
    input_error("`bias_correction` is for outcomes of 0 and 1 without weights, one a row.")
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

# --- the panel ------------------------------------------------------------------------------------

# The density f of a link's distribution function, and its first and second derivatives.
curves_of <- function(link) {
  switch(link,
    logit = function(eta) {
      mu <- stats::plogis(eta)
      f <- stats::dlogis(eta)
      list(f = f, f1 = f * (1 - 2 * mu), f2 = f * (1 - 6 * f))
    },
    probit = function(eta) {
      f <- stats::dnorm(eta)
      list(f = f, f1 = -eta * f, f2 = (eta^2 - 1) * f)
    },
    cloglog = function(eta) {
      e <- exp(eta)
      f <- exp(eta - e)
      list(f = f, f1 = f * (1 - e), f2 = f * (1 - 3 * e + e^2))
    },
    loglog = function(eta) {
      e <- exp(-eta)
      f <- exp(-eta - e)
      list(f = f, f1 = f * (e - 1), f2 = f * (1 - 3 * e + e^2))
    },
    cauchit = function(eta) {
      q <- 1 + eta^2
      list(f = 1 / (pi * q), f1 = -2 * eta / (pi * q^2), f2 = (6 * eta^2 - 2) / (pi * q^3))
    }
  )
}

# What the corrections ask of the rows that are not separated: a list of
#   used      their numbers
#   codes     for each effect the level of each of them, 1, 2, ... without gaps
#   columns   the design's columns that are no levels, nor their sum, nor aliased; `x` has them
#   curves    see curves_of(); eta, mu; and as weights and residuals, w, v and z of these
panel_of <- function(rows, model, effects, coefficients, apart) {
  design <- rows$design
  used <- setdiff(seq_len(design$rows), apart)
  estimates <- replace(coefficients, is.na(coefficients), 0)
  own <- unlist(lapply(effects, `[[`, "column"))
  columns <- setdiff(which(!is.na(coefficients)), c(own, which(design$assign == 0L)))
  panel <- list(
    used = used, codes = lapply(effects, function(e) dense_codes(e$code[used])),
    columns = columns, x = columns_of_design(design, columns)[used, , drop = FALSE]
  )
  at_point(panel, rows, model, estimates)
}

dense_codes <- function(code) match(code, sort(unique(code)))

# The columns of some terms, dense, picked from those of all terms that have one of them.
columns_of_design <- function(design, columns) {
  widths <- vapply(design$terms, columns_of_term, 0, design)
  term <- rep(seq_along(widths), widths)
  kept <- sort(unique(term[columns]))
  of_kept <- which(term %in% kept)
  part <- part_of_design(design, of_kept, kept)
  x <- design_matrix_impl(part)
  x[, match(columns, of_kept), drop = FALSE]
}

part_of_design <- function(design, columns, terms) {
  design$names <- design$names[columns]
  design$labels <- design$labels[columns]
  design$assign <- design$assign[columns]
  design$terms <- design$terms[terms]
  design
}

at_point <- function(panel, rows, model, coefficients) {
  panel$eta <- predictors_at(rows, model, coefficients)[panel$used]
  panel$curves <- curves_of(model$link)(panel$eta)
  panel$mu <- model$family$linkinv(panel$eta)
  h <- if (model$link == "logit") 1 else panel$curves$f / (panel$mu * (1 - panel$mu))
  panel$v <- h * (rows$response$y[panel$used] - panel$mu)
  panel$w <- h * panel$curves$f
  panel$z <- h * panel$curves$f1
  panel
}

predictors_at <- function(rows, model, coefficients) {
  at <- at_rows_impl(problem_of(rows, model), coefficients)
  as.numeric(at$linear.predictors)
}

sums_by <- function(x, code) rowsum(x, code)

# The weighted least-squares fit of columns by the levels.
projected <- function(panel, x) {
  x <- as.matrix(x)
  code <- panel$codes[[1L]]
  w <- panel$w
  if (length(panel$codes) == 1L) {
    return((sums_by(w * x, code) / as.vector(sums_by(w, code)))[code, , drop = FALSE])
  }
  other <- panel$codes[[2L]]
  if (max(other) > max(code)) {
    swapped <- code
    code <- other
    other <- swapped
  }
  size <- as.vector(sums_by(w, code))
  joint <- Matrix::sparseMatrix(i = code, j = other, x = w)
  share <- joint / size
  left <- diag(as.vector(sums_by(w, other)), max(other)) -
    as.matrix(Matrix::crossprod(joint, share))
  first <- sums_by(w * x, code)
  right <- sums_by(w * x, other) - as.matrix(Matrix::crossprod(share, first))
  # The levels of one factor add up to those of the other: one of them is left out.
  of_other <- qr.coef(qr(left, tol = 1e-10), right)
  of_other[is.na(of_other)] <- 0
  of_first <- (first - as.matrix(joint %*% of_other)) / size
  of_first[code, , drop = FALSE] + of_other[other, , drop = FALSE]
}

# The sum over levels of the average of some columns, by factor.
levels_bias <- function(panel, x) {
  Reduce(`+`, lapply(panel$codes, function(code) {
    colSums(sums_by(as.matrix(x), code) / as.vector(sums_by(panel$w, code)))
  })) / 2
}

slopes_information <- function(panel, within = panel$x - projected(panel, panel$x)) {
  crossprod(within, panel$w * within)
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
  panel <- panel_of(rows, model, effects, estimates, found$rows)
  if (length(panel$columns) == 0L) {
    fit_error("fastlogit_no_correction", "without other predictors there is nothing to correct.")
  }
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
    uncorrected = stats::setNames(slopes, rows$design$labels[panel$columns])
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
  eta <- as.numeric(at$linear.predictors)
  y <- rows$response$y
  deviance <- function(eta) {
    sum(model$family$dev.resids(y[used], model$family$linkinv(eta[used]), rep(1, length(used))))
  }
  if (is.null(found)) {
    solved[c("coefficients", "expected", "observed", parts)] <-
      at[c("coefficients", "expected", "observed", parts)]
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

# In words: "analytical bias correction for `id`".
correction_title <- function(fit) {
  correction <- fit$bias_correction
  if (is.null(correction)) return(NULL)
  paste0(correction$type, " bias correction for ", quoted(correction$effects))
}

is_corrected <- function(fit) !is.null(.subset2(fit, "bias_correction"))
