# Fits of models with some of the terms, on the rows that are there: the deviances that the tests of
# terms compare, and score statistics, which need no further fit.

# What fits of some of the terms take. terms: those that the columns of the rows' design are of.
# start: coefficients to begin with, class by class.
nest_of <- function(fit, rows = rows_of(fit), terms = fit$terms,
                    start = known_start(core_values(fit))) {
  # Those of the user are for all terms.
  rows["etastart"] <- rows["mustart"] <- list(NULL)
  model <- model_of(fit)
  control <- if (is.null(fit$control)) list() else fit$control[c("epsilon", "maxit")]
  list(
    rows = rows, model = model, terms = terms, start = unname(start),
    control = complete_control(control, fit$algorithm), algorithm = fit$algorithm,
    predictors = core_model(model, rows$response, rows$design)$predictors,
    # L-BFGS is for designs whose information is too large; under separation there is none.
    shares = !is_separated(fit) && !identical(fit$algorithm, "gradient")
  )
}

# The models of several sets of terms, by their numbers: `deviance`, the number `edf` of
# coefficients, and the `coefficients` by column of the whole design, zero where a column has none;
# `exact` ones have more digits than the deviance asks for.
fits_of_terms <- function(nest, sets, exact = FALSE) {
  refit_unknown(nest, sets, shared_fits(nest, sets, exact))
}

# From the coefficients at hand, by passes over the rows that serve all sets. The deviance is NA
# where that may not lead to the maximum: columns depend on each other, or there is none.
shared_fits <- function(nest, sets, exact = FALSE) {
  columns <- lapply(sets, columns_of_set, nest)
  found <- if (!nest$shares || !length(sets)) {
    list(
      loglik = rep(NA_real_, length(sets)),
      coefficients = matrix(0, length(nest$start), length(sets))
    )
  } else {
    problem <- problem_of(nest$rows, nest$model, nest$control$threads)
    submodels_impl(problem, nest$start, columns, exact)
  }
  list(
    deviance = deviance_of(found$loglik, nest), edf = as.numeric(lengths(columns)),
    coefficients = found$coefficients
  )
}

# The coefficients of some terms, by their numbers.
columns_of_set <- function(set, nest) {
  assign <- nest$rows$design$assign
  if (nest$model$kind == "ordered") return(ordered_columns_of_set(set, nest))
  of_classes <- (seq_len(nest$predictors) - 1L) * length(assign)
  as.integer(outer(which(assign %in% c(0L, set)), of_classes, "+"))
}

# Of a set of terms, with the cut-points, in the core's order.
ordered_columns_of_set <- function(set, nest) {
  design <- nest$rows$design
  cuts <- core_model(nest$model, nest$rows$response, design)$cuts
  shared <- setdiff(seq_along(design$names), c(cuts$intercept, cuts$varying))
  own <- cuts$count * (1L + length(cuts$varying))
  varying <- which(design$assign[cuts$varying] %in% set)
  as.integer(c(
    seq_len(cuts$count), outer(seq_len(cuts$count), varying * cuts$count, "+"),
    own + which(design$assign[shared] %in% set)
  ))
}

# loglik: as the core gives it.
deviance_of <- function(loglik, nest) {
  entropy <- if (nest$model$coding == "classes") nest$rows$response$entropy else 0
  deviance <- -2 * (loglik + entropy)
  deviance[is.nan(deviance)] <- NA
  deviance
}

refit_unknown <- function(nest, sets, found) {
  for (i in which(is.na(found$deviance))) {
    refit <- refit_terms(sets[[i]], nest)
    found$deviance[i] <- refit$deviance
    found$edf[i] <- refit$edf
    found$coefficients[columns_of_set(sets[[i]], nest), i] <- refit$coefficients
  }
  found
}

# By a fit of its own, from the start that any fit begins with.
refit_terms <- function(set, nest) {
  rows <- nest$rows
  model <- nest$model
  control <- nest$control
  rows$design <- design_of_terms(rows$design, nest$terms, set)
  binary <- model$kind == "binary" && are_in_memory(rows)
  if (length(rows$design$names) == 0L && !binary) {
    return(list(deviance = class_deviance_at(rows), edf = 0, coefficients = numeric()))
  }
  solved <- if (binary) {
    options <- list(control = control, method = nest$algorithm)
    solve_model(model, rows, null_model(model, rows, control), options)
  } else {
    problem <- problem_of(rows, model, control$threads)
    solve_problem(problem, starts_of(model, rows, list(start = 0), list()), control, nest$algorithm)
  }
  least <- least_deviance(solved$separation)
  if (is.null(solved$separation) && !solved$status %in% c("converged", "boundary")) {
    warn_refit(solved)
  }
  # A column has a coefficient for each predictor, but where these share them.
  times <- length(solved$coefficients) / max(1L, length(solved$aliased))
  list(
    deviance = least %||% deviance_of(solved$logLik, nest), edf = sum(!solved$aliased) * times,
    coefficients = solved$coefficients
  )
}

warn_refit <- function(solved) {
  fit_warning(
    "fastlogit_not_converged",
    "the fit of a smaller or larger model did not converge (", solved$status, "): its deviance, ",
    sprintf("%.6g", -2 * solved$logLik), ", is larger than the least there is."
  )
}

design_of_terms <- function(design, all, set) {
  kept <- design$assign %in% c(0L, set)
  if (!is.null(design$sparse)) {
    of_rows <- design[c("contrasts", "row_names")]
    x <- design$sparse[, kept, drop = FALSE]
    return(c(list(assign = design$assign[kept]), of_rows, as_sparse_design(x)))
  }
  of_columns <- c("names", "labels", "assign")
  design[of_columns] <- lapply(design[of_columns], function(x) x[kept])
  numbers <- seq_along(attr(all, "term.labels"))
  numbers <- Filter(function(term) !holds_response(all, term), numbers)
  design$terms <- design$terms[c(if (attr(all, "intercept") > 0L) 0L, numbers) %in% c(0L, set)]
  # Only what is needed is read.
  needed <- unlist(lapply(design$terms, `[[`, "variables"))
  design$variables[setdiff(seq_along(design$variables), needed)] <- list(NULL)
  design
}

# Of many classes in memory, without a coefficient.
class_deviance_at <- function(rows) {
  response <- rows$response
  eta <- rows$offset %||% matrix(0, rows$design$rows, length(response$levels) - 1L)
  likely <- log(class_probabilities(eta)) * observed_classes(response)
  -2 * sum(response$weights * likely)
}

# --- score tests ----------------------------------------------------------------------------------

# Rao's statistics, as stats computes them: the sum of squares that a weighted regression of the
# working residuals on the columns of some terms explains, beyond that on their mean alone. It is
# u' I^-1 u, by the score and the information at the coefficients.

# A function of coefficients, by column of the nest's design, and sets of terms.
score_tests <- function(nest, about_mean = TRUE) {
  rows <- nest$rows
  columns <- length(rows$design$assign)
  if (about_mean && !0L %in% rows$design$assign) rows$design <- with_intercept(rows$design)
  mean <- if (about_mean) match("(Intercept)", rows$design$names) else integer()
  problem <- problem_of(rows, nest$model, nest$control$threads)
  function(coefficients, sets) {
    at <- c(coefficients, numeric(length(rows$design$names) - columns))
    groups <- c(list(mean), lapply(sets, columns_of_set, nest))
    statistics <- score_statistics(problem, at, groups)
    pmax(0, statistics[-1L] - statistics[1L])
  }
}

# Of groups of coefficients, at others.
score_statistics <- function(problem, coefficients, groups) {
  score_statistics_impl(problem, coefficients, groups)
}

# As the last column, which is of no term.
with_intercept <- function(design) {
  design$names <- c(design$names, "(Intercept)")
  design$labels <- c(design$labels, "(Intercept)")
  if (is.null(design$sparse)) {
    design$terms <- c(design$terms, list(intercept_piece))
    return(design)
  }
  design[c("sparse", "largest")] <- list(cbind(design$sparse, 1), c(design$largest, 1))
  design
}

# --- larger models --------------------------------------------------------------------------------

# The terms that add1() is asked for, by name.
scope_of_additions <- function(fit, scope) {
  if (missing(scope) || is.null(scope)) input_error("add1() needs a `scope`: the terms to add.")
  if (!is.character(scope)) scope <- stats::add.scope(fit, stats::update.formula(fit, scope))
  if (!length(scope)) input_error("no terms in scope for adding to object.")
  scope
}

# The nest of the model with all of `scope`, on the rows that it leaves; `sets` of terms in it: the
# fit's own, and these with one of `scope`; and `omitted`, how many rows of the fit's are not there.
nest_of_additions <- function(fit, scope) {
  added <- stats::reformulate(c(".", scope))
  environment(added) <- environment(fit$terms)
  terms <- stats::terms(stats::update.formula(fit, added))
  model <- model_of(fit)
  frame <- frame_from_call(fit$call, terms, environment(fit$terms), fit$data)
  kept <- if (model$empty_levels) attr(attr(frame, "terms"), "response") else integer()
  frame <- drop_unused_levels(frame, except = kept)
  blueprint <- learn_blueprint(frame, fit$contrasts)
  rows <- suppressWarnings(rows_of_frame(
    frame, blueprint, model, if (is_sparse_fit(fit)) make_sparse else identity
  ))
  nest <- nest_of(fit, rows, terms, start_of_columns(fit, rows$design$labels))
  labels <- vapply(attr(terms, "term.labels"), sorted_label, "")
  own <- match(vapply(attr(fit$terms, "term.labels"), sorted_label, ""), labels)
  new <- match(vapply(scope, sorted_label, ""), labels)
  list(
    nest = nest, sets = c(list(own), lapply(new, c, own)),
    omitted = number_of_rows(fit) - rows$design$rows
  )
}

# The fit's coefficients where there are columns of their names, else zero.
start_of_columns <- function(fit, labels) {
  known <- t(coefficient_table(fit))
  known_start(as.vector(known[match(labels, rownames(known)), , drop = FALSE]))
}
