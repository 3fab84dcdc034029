# The blueprint: terms, levels, contrasts and column names, learnt once from the first model frame
# and replayed on whatever rows come later.

# The design matrix of a model frame, with what was learnt from it.
learn_blueprint <- function(frame, contrasts = NULL, sparse = FALSE) {
  terms <- attr(frame, "terms")
  # Most small models have numbers only, and what is asked of levels would be a tenth of their time.
  has_levels <- any(vapply(frame, function(column) is.factor(column) || is.character(column), NA))
  if (has_levels) check_levels(frame, terms)
  x <- if (stats::is.empty.model(terms)) {
    matrix(numeric(), NROW(frame), 0L)
  } else if (sparse) {
    sparse_model_matrix(terms, frame, contrasts)
  } else {
    stats::model.matrix(terms, frame, contrasts)
  }
  list(
    x = x,
    terms = terms,
    contrasts = attr(x, "contrasts"),
    xlevels = if (has_levels) stats::.getXlevels(terms, frame) else no_levels(terms)
  )
}

# What .getXlevels() says of numbers only.
no_levels <- function(terms) {
  predictors <- length(attr(terms, "variables")) - 1L - attr(terms, "response")
  if (predictors > 0L) stats::setNames(list(), character())
}

# A factor of one level has no contrasts.
check_levels <- function(frame, terms) {
  predictors <- frame[setdiff(seq_along(frame), attr(terms, "response"))]
  in_terms <- intersect(names(predictors), rownames(attr(terms, "factors")))
  for (name in in_terms) {
    column <- predictors[[name]]
    if (!(is.factor(column) || is.character(column))) next
    used <- if (is.factor(column)) levels(column) else unique(column)
    if (length(used) >= 2L || length(column) == 0L) next
    input_error(
      "factor `", name, "` has a single level (\"", used, "\") in the rows used: ",
      "remove it from the formula."
    )
  }
}

# The model frame of new rows: as glm() would make it, or an error that names the column at fault.
check_newdata <- function(object, newdata) {
  terms <- stats::delete.response(object$terms)
  # An offset that was an argument of the fit is part of the model, too.
  needed <- union(all.vars(terms), all.vars(object$call$offset))
  missing <- setdiff(needed, c(names(newdata), visible_from(environment(terms), needed)))
  if (length(missing)) {
    input_error("`newdata` lacks ", if (length(missing) == 1L) "the column " else "the columns ",
      quoted(missing), ".")
  }
  for (name in intersect(names(object$xlevels), names(newdata))) {
    values <- unique(as.character(newdata[[name]]))
    new <- setdiff(values[!is.na(values)], object$xlevels[[name]])
    if (length(new)) {
      input_error(
        "`newdata$", name, "` has ", if (length(new) == 1L) "a level" else "levels",
        " that the fit did not see: ", listed(paste0("\"", new, "\"")), "; known are ",
        listed(paste0("\"", object$xlevels[[name]], "\""), 10L), "."
      )
    }
  }
}

visible_from <- function(env, names) {
  if (is.null(env)) return(character())
  Filter(function(name) exists(name, envir = env), names)
}
