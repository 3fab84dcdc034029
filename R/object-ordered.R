# The object of ordered classes: what MASS's polr() returns, with what is ours behind it.
#
# The core has the coefficients of the cuts first, then those of terms that vary from cut to cut,
# column by column, then the slopes; an object has the slopes, the varying ones, and the cut-points,
# `zeta`. fit$position: where in the core's order each of the object's is.

as_fit.ordered_model <- function(model, solved, rows, null, options) {
  design <- rows$design
  levels <- rows$response$levels
  layout <- ordered_layout(model, design, levels)
  values <- stats::setNames(solved$coefficients[layout$position], layout$names)
  aliased <- solved$aliased[layout$position]
  values[aliased] <- NA
  zeta <- seq.int(to = length(values), length.out = length(levels) - 1L)
  edf <- sum(!aliased)
  used <- total_weight(rows)
  deviance <- -2 * solved$logLik
  # Around a class there is the observed information, see src/core/family/cumulative.h.
  if (model$around) solved$expected <- solved$observed
  fit <- list(
    coefficients = values[-zeta], zeta = values[zeta], deviance = deviance, lev = levels,
    lab = levels, df.residual = used - edf, edf = edf, rank = edf, n = used, nobs = used,
    method = polr_methods[[model$link]], convergence = as.integer(solved$status != "converged"),
    niter = c(
      f.evals.function = length(solved$history$iteration),
      g.evals.gradient = length(solved$history$iteration)
    ),
    iter = length(solved$history$iteration), converged = solved$status == "converged",
    algorithm = options$method, status = solved$status, history = as_history(solved$history),
    cholesky = list(expected = solved$expected, observed = solved$observed),
    orthogonalised = solved$orthogonalised, threads = solved$threads, link = model$link,
    steps = model$steps, varying = model$varying, position = layout$position,
    columns = design$labels
  )
  fit$separation <- if (is.null(solved$separation)) {
    stats::setNames(numeric(length(values)), layout$names)
  } else {
    solved$separation$coefficients
  }
  fit$separation_details <- solved$separation
  fit <- c(fit, ordered_parts_by_row(rows, model, solved))
  fit$stored <- kept_of(rows, NULL, solved)
  fit
}

# What polr() calls the links.
polr_methods <- list(
  logit = "logistic", probit = "probit", cloglog = "cloglog", loglog = "loglog",
  cauchit = "cauchit"
)

# Of positive weight, as polr() counts them.
total_weight <- function(rows) {
  if (are_in_memory(rows)) sum(rows$response$weights) else sum(rows$response$totals)
}

# Linear predictors x'b, with an offset, and where nothing varies and there are not too many, the
# probabilities. Of stored rows nothing.
ordered_parts_by_row <- function(rows, model, solved) {
  if (!are_in_memory(rows)) return(NULL)
  response <- rows$response
  parts <- list(
    weights = response$weights, offset = rows$offset,
    category = response$category + 1L, row_names = rows$names
  )
  shown <- matrix(solved$linear.predictors, length(response$category))
  if (ncol(shown) > 1L) return(c(list(predictors = shown), parts))
  c(list(lp = stats::setNames(shown[, 1L], rows$names)), parts)
}

finish_fit.ordered_model <- function(model, fit, rows, spec, options) {
  fit <- with_call(with_rows(rows, fit, options), spec, rows$blueprint)
  class(fit) <- c(if (is_stored(fit)) "fastordinal_stored", "fastordinal", "polr")
  # Others read them from the list itself.
  if (!is_stored(fit) && length(fit$category) * length(fit$lev) <= few_probabilities) {
    fit$fitted.values <- fitted_probabilities(fit)
  }
  if (length(fit$position) <= many_coordinates) fit$Hessian <- polr_information(fit)
  fit
}

few_probabilities <- 1e5

# --- parts that are made of others ----------------------------------------------------------------

made_of_ordered <- c("fitted.values", "Hessian", "lp", "weights")

# What there is of each row, whether it is kept or made.
ordered_row_components <- c(
  "fitted.values", "lp", "predictors", "weights", "category", "row_names"
)

made_ordered_component <- function(fit, name) {
  if (name == "Hessian") return(polr_information(fit))
  if (is_stripped(fit)) return(stripped_component(fit, name))
  if (is_stored(fit)) fit <- with_ordered_rows(fit)
  if (name == "fitted.values") fitted_probabilities(fit) else .subset2(fit, name)
}

# n x (K - 1)
ordered_predictors <- function(fit) {
  check_has_rows_left(fit)
  if (!is.null(fit$predictors)) return(fit$predictors)
  outer(-unname(.subset2(fit, "lp")), unname(fit$zeta), `+`)
}

# Of stored rows, by a pass over them: what one in memory keeps of each.
with_ordered_rows <- function(fit) {
  problem <- problem_of_fit(fit, 1L)
  runs <- list()
  for_each_run(fit$stored$handle, function(first, last) {
    run <- ordered_run(fit, problem, first, last)
    runs[[length(runs) + 1L]] <<- unclass(run)[c("weights", "category", "lp", "predictors")]
  })
  together <- function(name, bind) do.call(bind, lapply(runs, `[[`, name))
  fit$weights <- together("weights", c)
  fit$category <- together("category", c)
  fit$lp <- together("lp", c)
  fit$predictors <- together("predictors", rbind)
  class(fit) <- setdiff(class(fit), "fastordinal_stored")
  fit
}

# A run of blocks as a fit to these rows keeps them.
ordered_run <- function(fit, problem, first, last) {
  run <- class_run(fit$stored, first, last)
  eta <- stored_predictors(problem, known_start(core_values(fit)), first, last)$eta
  fit$weights <- run$weights
  fit$category <- max.col(run$observed, "first")
  if (ncol(eta) > 1L) fit$predictors <- eta else fit$lp <- eta[, 1L]
  fit
}

fitted_probabilities <- function(fit) {
  probability <- ordered_probabilities(ordered_predictors(fit), fit$steps, fit$link)
  dimnames(probability) <- list(fit$row_names, fit$lev)
  probability
}

# polr()'s Hessian is by the first cut-point and the logarithms of the steps from one to the next.
polr_information <- function(fit) {
  factor <- fit$cholesky$observed %||% fit$cholesky$expected
  values <- c(fit$coefficients, fit$zeta)
  kept <- !is.na(values)
  names <- names(values)[kept]
  if (is.null(factor)) {
    return(matrix(NaN, length(names), length(names), dimnames = list(names, names)))
  }
  information <- if (is.list(factor)) {
    crossprod(as_triangle(factor, rep(TRUE, length(values))))
  } else {
    crossprod(factor)
  }
  # The factor is of the core's coefficients that are not aliased.
  at <- rank(fit$position[kept])
  information <- information[at, at, drop = FALSE]
  zeta <- seq.int(to = length(at), length.out = length(fit$zeta))
  to_zeta <- diag(length(at))
  to_zeta[zeta, zeta] <- from_steps(fit$zeta)
  information <- crossprod(to_zeta, information %*% to_zeta)
  dimnames(information) <- list(names, names)
  information
}

# The derivatives of cut-points in the first of them and the logarithms of the steps.
from_steps <- function(zeta) {
  steps <- c(1, diff(zeta))
  lower.tri(diag(length(zeta)), diag = TRUE) * rep(steps, each = length(zeta))
}
