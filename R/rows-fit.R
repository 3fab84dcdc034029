# The rows of a fit once more, for passes after it: those that are stored, or what the model frame and
# the blueprint make of it.

rows_of <- function(fit, threads = NULL) {
  if (is_stored(fit)) return(fit$stored)
  frame <- stats::model.frame(fit)
  model <- model_of(fit)
  # Of many classes the offset is relative to their baseline, whatever it was.
  offset <- if (model$kind == "binary") offset_in_frame(frame)
  # What there is to say has been said.
  rows <- suppressWarnings(
    rows_of_frame(frame, blueprint_of(fit), model, is_sparse_fit(fit), threads, offset)
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

# The deviance and the number of coefficients of the model of some of the terms, by their numbers, on
# the same rows.
fit_terms <- function(terms, fit) {
  rows <- rows_of(fit)
  model <- model_of(fit)
  rows$design <- design_of_terms(rows$design, fit$terms, terms)
  if (length(rows$design$names) == 0L) return(list(deviance = class_deviance_at(rows), edf = 0))
  control <- if (is.null(fit$control)) list() else fit$control[c("epsilon", "maxit")]
  control <- complete_control(control, fit$algorithm)
  starts <- starts_of(model, rows, list(start = 0), list())
  solved <- solve_problem(problem_of(rows, model, control$threads), starts, control, fit$algorithm)
  entropy <- if (model$kind == "classes") rows$response$entropy else 0
  list(
    deviance = -2 * (solved$logLik + entropy),
    edf = sum(!solved$aliased) * core_model(model, rows$response)$predictors
  )
}

design_of_terms <- function(design, all, terms) {
  kept <- design$assign %in% c(0L, terms)
  of_columns <- c("names", "labels", "assign")
  design[of_columns] <- lapply(design[of_columns], function(x) x[kept])
  numbers <- seq_along(attr(all, "term.labels"))
  numbers <- Filter(function(term) !holds_response(all, term), numbers)
  design$terms <- design$terms[c(if (attr(all, "intercept") > 0L) 0L, numbers) %in% c(0L, terms)]
  # Only what is needed is read.
  needed <- unlist(lapply(design$terms, `[[`, "variables"))
  design$variables[setdiff(seq_along(design$variables), needed)] <- list(NULL)
  design
}

# Of many classes in memory, without a coefficient.
class_deviance_at <- function(rows) {
  response <- rows$response
  eta <- rows$offset
  if (is.null(eta)) eta <- matrix(0, rows$design$rows, length(response$levels) - 1L)
  likely <- log(class_probabilities(eta)) * observed_classes(response)
  -2 * sum(response$weights * likely)
}

# The same of several sets of terms: a list of deviances and numbers of coefficients.
fits_of_terms <- function(fit, sets) {
  fits <- lapply(sets, fit_terms, fit)
  list(deviance = vapply(fits, `[[`, 0, "deviance"), edf = vapply(fits, `[[`, 0, "edf"))
}
