# The one way from a call to an object.

# model: see model.R. source: a data frame, an environment, or a source of rows. spec: what the call
# says of the rows, a list of call, formula, env and contrasts. options: a list of method, control,
# start, singular.ok, and where they have a meaning sparse, workers, cache, checkpoint, and which
# parts the object keeps (model, x, y).
fit_model <- function(model, source, spec, options) {
  if (!is.null(options$workers) && identical(model$link, user_link)) {
    model$family <- family_to_travel(model$family)
  }
  rows <- ingest_rows(source, spec, model, options)
  if (!is.null(rows$engine)) on.exit(close_engine(rows$engine))
  if (model$kind == "classes") report_ordered(rows)
  fit <- fit_rows(model, rows, options)
  if (!is.null(rows$engine)) fit$workers <- workers_left(rows$engine)
  if (!is.null(rows$survey)) fit <- with_survey(fit, model, rows, options)
  finish_fit(model, fit, rows, spec, options)
}

# The object, without what only the call knows.
fit_rows <- function(model, rows, options) {
  if (!is.null(model$penalty)) check_penalised_columns(model$penalty, rows$design$names)
  if (model$kind == "ordered") model <- with_varying_terms(model, rows$blueprint$terms)
  if (identical(model$link, user_link)) {
    model <- with_described_link(model, rows$response)
    check_link_of(model, rows)
  }
  empty <- length(rows$design$names) == 0L
  if (empty && !may_be_empty(rows, model)) no_columns()
  check_dense_size(model, rows)
  null <- null_model(model, rows, options$control)
  solved <- solve_model(model, with_held_design(rows), null, options)
  if (!is.null(options$bias_correction)) solved <- correct_bias(solved, model, rows, options)
  report_solution(solved)
  if (!options$singular.ok) check_regular(solved, rows$design)
  if (adjusts_score(model$penalty)) options$method <- "fisher"
  fit <- as_fit(model, solved, rows, null, options)
  if (!is.null(model$penalty)) {
    core <- core_model(model, rows$response, rows$design)
    columns <- columns_of_coefficients(core, rows$design$names)
    fit <- with_penalty(fit, model$penalty, solved, columns)
  }
  fit$bias_correction <- solved$bias_correction
  report_fit(fit)
  if (empty) fit$boundary <- TRUE  # as glm.fit() has it
  fit
}

# A user's link, once at the start.
check_link_of <- function(model, rows) {
  in_blocks <- if (!is.null(rows$engine)) {
    "workers see parts of the rows"
  } else if (!are_in_memory(rows)) {
    "the rows of a source come in blocks"
  }
  check_user_link(model$family, model$described, rows$design$rows, in_blocks)
}

# As glm(y ~ 0): there is an object, though nothing is estimated.
may_be_empty <- function(rows, model) model$kind == "binary" && are_in_memory(rows)

check_regular <- function(solved, design) {
  if (!any(solved$aliased)) return(invisible())
  fit_error(
    "fastlogit_singular",
    "the design is singular and `singular.ok` is FALSE: ",
    quoted(design$names[solved$aliased]),
    if (sum(solved$aliased) == 1L) " is a linear combination" else " are linear combinations",
    " of the columns before."
  )
}

# The list that glm.fit() returns, of a matrix; penalty: see as_penalty().
fit_matrix <- function(x, y, weights = NULL, start = NULL, etastart = NULL,
                       mustart = NULL, offset = NULL, family = stats::gaussian(),
                       control = list(), intercept = TRUE, singular.ok = TRUE, penalty = NULL) {
  x <- without_long_integers(x)
  y <- as_numbers(y)
  weights <- as_numbers(weights)
  offset <- as_numbers(offset)
  if (!is_binomial(family)) {
    if (!is.null(penalty)) {
      input_error("penalties are for binomial families: found ", family$family, "().")
    }
    control <- control[intersect(names(control), names(formals(stats::glm.control)))]
    return(stats::glm.fit(
      x, y, weights %||% rep.int(1, NROW(y)), start, etastart, mustart,
      offset %||% rep.int(0, NROW(y)), family, control, intercept, singular.ok
    ))
  }
  check_stock(family)
  if (is.object(x) || !is.matrix(x)) x <- if (is_sparse(x)) as_compressed(x) else as.matrix(x)
  if (is.logical(x)) storage.mode(x) <- "double"  # as the design of `y ~ 0` is
  control <- complete_control(control, "newton", penalty)
  model <- binary_model(family, penalty)
  rows <- memory_rows(
    model, as_design(x, control$threads), y, weights, offset, "`y`",
    row_names = row_names_of(model, y), etastart = etastart, mustart = mustart,
    intercept = intercept
  )
  options <- list(control = control, method = "newton", start = start, singular.ok = singular.ok)
  fit <- fit_rows(model, rows, options)
  if (is_sparse(x)) return(with_errors_on_demand(fit))
  with_decomposition(fit, function() x, dimnames(x), offset)
}

# Of a sparse matrix there is no decomposition to take them from.
with_errors_on_demand <- function(fit) {
  make <- function(name) unname(sqrt(own_variances(fit)))
  coefficients <- fit$coefficients
  errors <- numbers_on_demand(make, "std.errors", length(coefficients), names(coefficients))
  c(fit, list(std.errors = errors))
}
