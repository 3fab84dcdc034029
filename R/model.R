# Models: what a response is, and what its numbers mean. A model knows neither where rows are nor
# how they are solved. Its methods are those of `model$class`: it is a plain list itself, as `$` of
# one with a class looks for methods each time, which in all was a twentieth of a small fit. What is
# asked of it, here and in the rooms above:
#   code_response(), code_offset()  the rows' response and offset, as the C++ core reads them
#   core_model()                    the family, the number of predictors and the penalty, likewise
#   starts_of(), null_model()       where the iterations may begin, and the fit without predictors
#   as_fit(), finish_fit()          the object
# `kind` is which model it is; `coding` how its response is coded: "binary", "cases" of sets, or
# "classes".

# The blueprint of a model frame, see learn_blueprint().
blueprint_for <- function(model, frame, contrasts) UseMethod("blueprint_for", model$class)
blueprint_for.default <- function(model, frame, contrasts) learn_blueprint(frame, contrasts)

code_response <- function(model, y, weights, name) UseMethod("code_response", model$class)
code_offset <- function(model, offset, rows, response) UseMethod("code_offset", model$class)
core_model <- function(model, response, design) UseMethod("core_model", model$class)

# How many coefficients a model has on some columns: each predictor one for each of them, or cuts
# with slopes that they share. core: see core_model().
coefficient_count <- function(core, columns) {
  cuts <- core$cuts
  if (is.null(cuts)) return(as.double(columns) * core$predictors)
  varying <- length(cuts$varying)
  cuts$count * (1 + varying) + columns - varying - (cuts$intercept > 0L)
}

# The column that each coefficient belongs to, as far as penalties tell them apart.
columns_of_coefficients <- function(core, names) {
  cuts <- core$cuts
  if (is.null(cuts)) return(names)
  shared <- setdiff(seq_along(names), c(cuts$intercept, cuts$varying))
  c(rep("(Intercept)", cuts$count), rep(names[cuts$varying], each = cuts$count), names[shared])
}

# The model of a fit.
model_of <- function(fit) UseMethod("model_of")

# The response and the weights as the user gave them. Dates and the like have names of their own as
# classes; multinom() takes conditions as weights, too.
response_for <- function(model, frame) {
  if (model$kind == "strata") return(response_itself(frame))  # names would cost more than all else
  if (model$coding != "classes") response_in_frame(frame) else stats::model.response(frame, "any")
}

weights_for <- function(model, frame) {
  if (is.null(.subset2(frame, "(weights)"))) return(NULL)
  weights <- weights_in_frame(frame)
  if (model$coding == "classes" && is.logical(weights)) as.numeric(weights) else weights
}
