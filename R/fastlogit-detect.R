# Separation without a fit.

#' @rdname separation
#' @order 2
#' @export
detect_separation <- function(formula, family = binomial(), data, weights, subset, na.action,
                              offset, contrasts = NULL, ...) {
  check_no_unknown()
  call <- match.call()
  caller <- parent.frame()
  if (missing(formula)) no_formula()
  formula <- as_model_formula(formula, caller)
  if (missing(data)) data <- environment(formula) else check_data(data)
  family <- as_binomial_family(family, caller)
  spec <- list(call = call, formula = formula, env = caller, contrasts = contrasts)
  if (is_survey_design(data)) {
    family <- pseudo_family(family)
    spec <- spec_of_design(spec, data)
    data <- data$variables
  }
  model <- binary_model(family)
  frame <- frame_of_call(data, spec, classes_model())
  y <- stats::model.response(frame, "any")
  check_has_response(y)
  if (has_many_classes(y)) {
    model <- classes_model()
  } else if (is.character(y) || is.factor(y)) {
    frame[[attr(attr(frame, "terms"), "response")]] <- droplevels(as.factor(y))
  }
  rows <- rows_of_frame(frame, learn_blueprint(frame, contrasts), model)
  # All rows are named, as those of many classes are.
  rows$names <- as.character(attr(frame, "row.names"))
  decided(separation_in(rows, model), model)
}

# What fastlogit() would send to fastmultinom().
has_many_classes <- function(y) {
  if (is.matrix(y)) return(ncol(y) > 2L)
  if (is.factor(y)) return(nlevels(droplevels(y)) > 2L)
  is.character(y) && length(unique(y)) > 2L
}
