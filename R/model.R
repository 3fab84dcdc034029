# Models: what a response is, and what its numbers mean. A model knows neither where rows are nor how
# they are solved; what is asked of it, here and in the rooms above:
#   code_response(), code_offset()  the rows' response and offset, as the C++ core reads them
#   core_model()                    the family, the number of predictors and the penalty, likewise
#   starts_of(), null_model()       where the iterations may begin, and the fit without predictors
#   as_fit(), finish_fit()          the object

# Two classes. family: binomial() or quasibinomial(); penalty: see as_penalty(). empty_levels: are
# levels of the response that no row has worth a word?
binary_model <- function(family, penalty = NULL) {
  structure(
    list(kind = "binary", family = family, link = family$link, penalty = penalty,
         empty_levels = FALSE),
    class = c("binary_model", "fastlogit_model")
  )
}

# Many classes. reference: the name of the baseline, NULL for the first class.
classes_model <- function(penalty = NULL, reference = NULL) {
  structure(
    list(kind = "classes", penalty = penalty, reference = reference, empty_levels = TRUE),
    class = c("classes_model", "fastlogit_model")
  )
}

code_response <- function(model, y, weights, name) UseMethod("code_response")
code_offset <- function(model, offset, rows, response) UseMethod("code_offset")
core_model <- function(model, response) UseMethod("core_model")

code_response.binary_model <- function(model, y, weights, name) {
  response <- as_response(without_names(y), weights, model$family, name)
  if (is.null(response$successes)) {
    if (all(response$weights == 0)) {
      input_error(name, " holds no trials: all counts are zero.")
    }
    check_total(sum(response$weights), "the numbers of trials, times the weights,")
  }
  response
}

code_response.classes_model <- function(model, y, weights, name) {
  response <- as_class_response(y, weights, model$reference, name)
  check_total(sum(response$weights), "the weights, times the counts,")
  response
}

code_offset.binary_model <- function(model, offset, rows, response) {
  check_one_column(offset, "offset")
  check_row_values(offset, rows, "offset")
  if (is.null(offset) || all(offset == 0)) return(NULL)
  offset
}

code_offset.classes_model <- function(model, offset, rows, response) {
  as_class_offset(offset, rows, response)
}

core_model.binary_model <- function(model, response) {
  list(family = model$link, predictors = 1L, penalty = model$penalty)
}

core_model.classes_model <- function(model, response) {
  list(
    family = "multinomial", predictors = length(response$levels) - 1L, penalty = model$penalty
  )
}

# The model of a fit.
model_of <- function(fit) {
  if (is.null(fit$family)) return(classes_model(fit$penalty, fit$lab[1L]))
  binary_model(fit$family, fit$penalty)
}

# The response and the weights as the user gave them. Dates and the like have names of their own as
# classes; multinom() takes conditions as weights, too.
response_for <- function(model, frame) {
  if (model$kind == "binary") response_in_frame(frame) else stats::model.response(frame, "any")
}

weights_for <- function(model, frame) {
  weights <- weights_in_frame(frame)
  if (model$kind == "classes" && is.logical(weights)) as.numeric(weights) else weights
}
