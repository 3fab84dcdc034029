# Rows: where they are, and what is asked of them there. Of all kinds are
#   design, response, offset   what they hold, see design.R and code_response(); of rows that are
#                              stored, what is known of all of them
#   blueprint                  how they were made from variables
#   engine                     the workers that share them, or NULL
# and the answers to
#   problem_of()      the rows as src/r_problem.h takes them
#   separation_in()   what the data say of infinite estimates
# whose methods are found by `rows$class`, see model.R. They know no likelihood: of a model they see
# what core_model() says.

# model: see model.R. without: a `found` of separation(), whose separated rows are left out. light:
# sparse, if that is less.
problem_of <- function(rows, model, threads = NULL, without = NULL, light = !is.null(without)) {
  UseMethod("problem_of", rows$class)
}

# source: where the rows come from. spec: what the call says of them, a list of call, formula, env
# and contrasts. options: see fit_model().
ingest_rows <- function(source, spec, model, options) UseMethod("ingest_rows")

are_in_memory <- function(rows) inherits(rows$class, "memory_rows")

# As src/r_problem.h takes rows in memory.
plain_problem <- function(design, response, offset, core, threads) {
  list(
    design = design, response = response_rows(response, offset),
    model = core_of_columns(core, design), threads = threads
  )
}

# core: see core_model(). With the penalty as the columns of a design have it.
core_of_columns <- function(core, design) {
  if (is.null(core$penalty)) return(core)
  columns <- columns_of_coefficients(core, design$names)
  core$penalty <- penalty_of_columns(core$penalty, columns)
  core
}

# The response as the C++ core reads it. single: is it known to be zeros and ones?
response_rows <- function(response, offset) {
  list(
    y = response$y, complement = response$complement, category = response$category,
    weights = if (is.null(response$successes) && any(response$weights != 1)) response$weights,
    offset = offset, set = response$set, single = !is.null(response$successes)
  )
}

is_stored <- function(fit) !is.null(.subset2(fit, "stored"))

# --- in memory ------------------------------------------------------------------------------------

# Of a model frame, or of a matrix.

# y: the response as the user gave it. name: what messages call it.
memory_rows <- function(model, design, y, weights, offset, name, row_names = NULL, ...) {
  count <- design$rows
  check_has_rows(count)
  check_sizes(design)
  if (!is.null(weights)) check_weights(weights, count)
  check_has_response(y)
  check_length(y, count, "y")
  response <- code_response(model, y, weights, name)
  list(
    class = memory_class, design = design, response = response, names = row_names,
    offset = if (!is.null(offset)) code_offset(model, offset, count, response), ...
  )
}

memory_class <- structure(list(), class = "memory_rows")

ingest_rows.default <- function(source, spec, model, options) {
  report_bars(spec$formula, source)
  threads <- options$control$threads
  frame <- frame_of_call(source, spec, model, threads, sized = TRUE)
  blueprint <- blueprint_for(model, frame, spec$contrasts)
  known <- attr(frame, "known")
  attr(frame, "known") <- NULL
  rows <- rows_of_frame(
    frame, blueprint, model, storage_of(model, options), threads, known = known
  )
  report_light(rows$design, model)
  if (is.null(options$workers)) return(rows)
  if (is_wide_pattern(rows$design, model, options)) {
    report_kept_here("workers are not used")
  } else {
    rows$engine <- as_engine(options$workers)
  }
  rows
}

# The model frame, without levels that no row has, but those of a response of classes.
frame_of_call <- function(data, spec, model, threads = NULL, sized = FALSE) {
  frame <- frame_from_call(spec$call, spec$formula, spec$env, data, threads, sized)
  kept <- if (model$empty_levels) attr(attr(frame, "terms"), "response") else integer()
  drop_unused_levels(frame, except = kept, threads)
}

# store: what becomes of the design.
rows_of_frame <- function(frame, blueprint, model, store = identity, threads = NULL,
                          offset = offset_in_frame(frame), known = NULL) {
  design <- store(design_from(blueprint, frame, threads, known))
  y <- response_for(model, frame)
  arrange_rows(model, memory_rows(
    model, design, y, weights_for(model, frame), offset, response_name(blueprint$terms),
    row_names = row_names_of(model, y, frame), blueprint = blueprint, frame = frame,
    etastart = .subset2(frame, "(etastart)"), mustart = .subset2(frame, "(mustart)"),
    given_offset = offset, intercept = attr(blueprint$terms, "intercept") > 0L
  ))
}

# How a fit stores its design. Workers have no patterns.
storage_of <- function(model, options) {
  if (model$kind != "binary" || isFALSE(options$sparse)) return(identity)
  function(design) {
    if (is_mostly_zero(design, sparse_by_itself)) return(as_light(design))
    alone <- is.null(options$workers)
    if (alone && is_mostly_zero(design, levels_by_themselves) && has_wide_factors(design)) {
      return(as_light(design))
    }
    if (!isTRUE(options$sparse)) return(design)
    if (alone) as_light(design) else make_sparse(design)
  }
}

# A glm has those of the response; one in a model frame has the frame's, where it has none itself.
row_names_of <- function(model, y, frame = NULL) {
  row_names <- attr(frame, "row.names")
  if (model$kind == "strata") return(given_row_names(row_names))
  own <- if (is.matrix(y)) rownames(y) else if (is.null(frame)) names(y)
  if (is.null(own) && !is.null(frame)) as.character(row_names) else own
}

# NULL where they are but numbers in order.
given_row_names <- function(names) {
  if (is.character(names)) return(names)
  if (length(names) && (names[1L] != 1L || is.unsorted(names) || max(names) != length(names))) {
    as.character(names)
  }
}

problem_of.memory_rows <- function(rows, model, threads = NULL, without = NULL,
                                   light = !is.null(without)) {
  design <- if (light) light_design(rows$design) else rows$design
  if (!is.null(rows$held)) design$held <- rows$held
  core <- core_model(model, rows$response, design)
  problem <- if (!is.null(rows$sets)) {
    read <- if (is.null(without)) rows$grouped else grouped_without(rows, without$rows)
    plain_problem(read$design, read$response, read$offset, core_of_sets(core, read), threads)
  } else {
    response <- if (is.null(without)) rows$response else without_rows(rows$response, without$rows)
    plain_problem(design, response, rows$offset, core, threads)
  }
  if (!is.null(rows$engine)) problem$ask <- answerer(rows$engine, problem)
  problem
}

# For several fits: a design with a pattern is read, and its pattern found, once.
with_held_design <- function(rows) {
  if (are_in_memory(rows) && is_light(rows$design) && is.null(rows$engine)) {
    rows$held <- hold_design_impl(rows$design)
  }
  rows
}

without_rows <- function(response, rows) {
  response$weights[rows] <- 0
  response$successes <- NULL
  response
}

# --- of a fit -------------------------------------------------------------------------------------

# The rows of a fit once more, for passes after it: those that are stored, or what the model frame
# and the blueprint make of it.

rows_of <- function(fit, threads = NULL, sparse = is_sparse_fit(fit)) {
  if (is_stored(fit)) return(fit$stored)
  frame <- stats::model.frame(fit)
  model <- model_of(fit)
  # Of many classes the offset is relative to their baseline, whatever it was.
  offset <- if (model$kind != "classes") offset_in_frame(frame)
  # What there is to say has been said.
  rows <- suppressWarnings(
    rows_of_frame(
      frame, blueprint_of(fit), model, if (sparse) make_sparse else identity, threads, offset
    )
  )
  if (model$kind == "classes") rows$offset <- fit$offset
  rows
}

# As the C++ core reads them.
problem_of_fit <- function(fit, threads = NULL) {
  problem_of(rows_of(fit, threads), model_of(fit), threads)
}

# As learn_blueprint() made it.
blueprint_of <- function(fit) {
  if (is.null(fit$blueprint)) return(learn_blueprint(stats::model.frame(fit), fit$contrasts))
  c(list(terms = fit$terms), fit$blueprint, list(contrasts = fit$contrasts, xlevels = fit$xlevels))
}

# The same for frames without a response, as those of new rows are.
blueprint_of_newdata <- function(fit) {
  blueprint <- blueprint_of(fit)
  response <- attr(blueprint$terms, "response")
  if (response == 0L) return(blueprint)
  moved <- function(positions) positions - (positions > response)
  blueprint$terms <- stats::delete.response(blueprint$terms)
  blueprint$used <- moved(blueprint$used)
  blueprint$levels <- blueprint$levels[-response]
  blueprint$pieces <- lapply(blueprint$pieces, function(piece) {
    replace(piece, "variables", list(moved(piece$variables)))
  })
  blueprint
}
