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
  on.exit(release(rows))
  report_ordered(model, rows)
  fit <- fit_rows(model, rows, options)
  if (!is.null(rows$engine)) fit$workers <- workers_left(rows$engine)
  if (!is.null(rows$survey)) fit <- with_survey(fit, model, rows, options)
  finish_fit(model, fit, rows, spec, options)
}

# The object, without what only the call knows.
fit_rows <- function(model, rows, options) {
  check_penalised_columns(model$penalty, rows$design$names)
  model <- with_described_link(
    with_varying_terms(model, rows$blueprint$terms), rows$response
  )
  check_link_of(model, rows)
  empty <- length(rows$design$names) == 0L
  if (empty && !may_be_empty(rows, model)) no_columns()
  if (model$kind == "classes") check_affordable(rows)
  null <- null_model(model, rows, options$control)
  solved <- solve_model(model, rows, null, options)
  if (!is.null(options$bias_correction)) solved <- correct_bias(solved, model, rows, options)
  report_solution(solved)
  check_singular(solved, rows$design, options$singular.ok)
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
  if (is.null(model$described)) return(invisible())
  in_blocks <- if (!is.null(rows$engine)) {
    "workers see parts of the rows"
  } else if (!inherits(rows$class, "memory_rows")) {
    "the rows of a source come in blocks"
  }
  check_user_link(model$family, model$described, rows$design$rows, in_blocks)
}

# Of many classes the information is a dense matrix, whatever the design is. A machine that promises
# more memory than it has would end the session half way.
check_affordable <- function(rows, free = available_memory()) {
  columns <- length(rows$design$names)
  classes <- length(rows$response$levels) - 1L
  copies <- 4  # the sums of two threads, all of them, and the factor
  needed <- copies * 8 * (as.double(columns) * classes)^2
  if (needed <= free) return(invisible())
  gigabytes <- function(bytes) paste(format(bytes / 1e9, digits = 2L), "GB")
  fit_error(
    "fastlogit_out_of_memory",
    "the information of ", as.double(columns) * classes, " coefficients (", columns, " for each ",
    "of ", classes, " classes) takes ", gigabytes(needed), " with its factor, and ",
    gigabytes(free), " of memory are free: join rare classes, or leave columns out."
  )
}

# As glm(y ~ 0): there is an object, though nothing is estimated.
may_be_empty <- function(rows, model) model$kind == "binary" && inherits(rows$class, "memory_rows")

check_singular <- function(solved, design, singular.ok) {
  if (singular.ok || !any(solved$aliased)) return(invisible())
  fit_error(
    "fastlogit_singular",
    "the design is singular and `singular.ok` is FALSE: ",
    quoted(design$names[solved$aliased]),
    if (sum(solved$aliased) == 1L) " is a linear combination" else " are linear combinations",
    " of the columns before."
  )
}

# The list that glm.fit() returns, of a matrix; penalty: see as_penalty().
fit_matrix <- function(x, y, weights = rep.int(1, nobs), start = NULL, etastart = NULL,
                       mustart = NULL, offset = rep.int(0, nobs), family = stats::gaussian(),
                       control = list(), intercept = TRUE, singular.ok = TRUE, penalty = NULL) {
  nobs <- NROW(y)
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
      x, y, weights, start, etastart, mustart, offset, family, control, intercept, singular.ok
    ))
  }
  check_stock(family)
  x <- if (is_sparse(x)) as_compressed(x) else as.matrix(x)
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
  if (is_sparse(x)) fit else with_decomposition(fit, function() x, dimnames(x), offset)
}
