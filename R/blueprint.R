# The blueprint: terms, levels, contrasts and column names, learnt once from the first model frame
# and replayed on whatever rows come later (design_from()).

# A list of
#   terms      of the model frame
#   used       which variables are in terms, by position
#   columns    names of the design's columns
#   assign     for each column the number of its term, 0 for the intercept
#   pieces     for each term list(variables =, codings =): which variables it multiplies, by
#              position among the terms' variables, and for each of them its coding (NULL for
#              numbers, see coding_of())
#   levels     for each variable its levels (NULL for numbers)
#   contrasts, xlevels  as glm() returns them
learn_blueprint <- function(frame, contrasts = NULL) {
  terms <- attr(frame, "terms")
  variables <- unclass(frame)
  used <- used_variables(terms)
  response <- attr(terms, "response")
  for (i in seq_len(length(attr(terms, "variables")) - 1L)) {
    x <- variables[[i]]
    if (i == response || is.numeric(x) && !is.matrix(x)) next
    return(learn_levels(variables, terms, used, contrasts))
  }
  if (!is.null(contrasts) || holds_response(terms)) {
    return(learn_levels(variables, terms, used, contrasts))
  }
  learn_numbers(terms, used)
}

# Most models are small and of numbers only: what is asked about levels would be a tenth of their
# time.
learn_numbers <- function(terms, used) {
  factors <- attr(terms, "factors")
  labels <- attr(terms, "term.labels")
  intercept <- attr(terms, "intercept") > 0L
  pieces <- lapply(seq_along(labels), function(j) {
    variables <- which(factors[, j] > 0L, useNames = FALSE)
    list(variables = variables, codings = vector("list", length(variables)))
  })
  list(
    terms = terms, used = used,
    columns = if (intercept) c("(Intercept)", labels) else labels,
    assign = if (intercept) c(0L, seq_along(labels)) else seq_along(labels),
    pieces = if (intercept) c(list(intercept_piece), pieces) else pieces,
    levels = vector("list", length(attr(terms, "variables")) - 1L),
    xlevels = no_levels(terms)
  )
}

intercept_piece <- list(variables = integer(), codings = list())

# Positions of the variables that the terms use, among all of them.
used_variables <- function(terms) {
  factors <- attr(terms, "factors")
  if (length(factors) == 0L) return(integer())
  used <- which(rowSums(factors) > 0, useNames = FALSE)
  used[used != attr(terms, "response")]
}

# Terms with the response in them are dropped.
holds_response <- function(terms, term = seq_along(attr(terms, "term.labels"))) {
  response <- attr(terms, "response")
  response > 0L && length(term) > 0L && any(attr(terms, "factors")[response, term] > 0L)
}

check_variable <- function(x, name) {
  if (is.numeric(x) || is.factor(x) || is.character(x) || is.logical(x)) return(invisible())
  if (inherits(x, c("Date", "POSIXct", "difftime"))) return(invisible())
  input_error("predictor `", name, "` must be numeric, logical, character or a factor: found ",
    described(x), ".")
}

# What .getXlevels() says of numbers only.
no_levels <- function(terms) {
  predictors <- length(attr(terms, "variables")) - 1L - attr(terms, "response")
  if (predictors > 0L) no_levels_at_all
}

no_levels_at_all <- stats::setNames(list(), character())

# The same where there are factors, or matrices of numbers: model.matrix() knows best how their
# columns are coded and named, and needs no rows for that.
learn_levels <- function(variables, terms, used, contrasts) {
  variables <- variables[seq_len(length(attr(terms, "variables")) - 1L)]
  for (i in used) check_variable(variables[[i]], names(variables)[i])
  levels <- lapply(variables, levels_of)
  check_levels(levels[used])
  prototype <- Map(prototype_of, variables, levels)
  attributes(prototype) <- list(
    names = names(prototype), class = "data.frame", row.names = integer(), terms = terms
  )
  x <- stats::model.matrix(terms, prototype, contrasts)
  known <- attr(x, "contrasts")
  codings <- coding_of_terms(terms, levels)
  kept <- Filter(function(j) !holds_response(terms, j), seq_along(codings))
  pieces <- lapply(kept, function(j) {
    positions <- which(codings[[j]] > 0L)
    list(variables = positions, codings = lapply(positions, function(i) {
      coding_of(levels[[i]], codings[[j]][i] == 2L, prototype[[i]], known[[names(prototype)[i]]])
    }))
  })
  predictors <- setdiff(seq_along(variables), attr(terms, "response"))
  list(
    terms = terms, used = used, columns = colnames(x), assign = attr(x, "assign"),
    pieces = c(if (attr(terms, "intercept") > 0L) list(intercept_piece), pieces),
    levels = levels, contrasts = known,
    xlevels = if (length(predictors)) {
      Filter(Negate(is.null), levels[predictors[!vapply(variables[predictors], is.logical, NA)]])
    }
  )
}

levels_of <- function(x) {
  if (is.factor(x)) return(levels(x))
  if (is.character(x)) return(levels(factor(unique(x))))
  if (is.logical(x)) c("FALSE", "TRUE")
}

# A factor of one level has no contrasts.
check_levels <- function(levels) {
  for (name in names(levels)) {
    if (length(levels[[name]]) != 1L) next
    input_error(
      "factor `", name, "` has a single level (\"", levels[[name]], "\") in the rows used: ",
      "remove it from the formula."
    )
  }
}

# The variable without rows.
prototype_of <- function(x, levels) {
  if (is.character(x)) return(factor(character(), levels))
  if (is.matrix(x)) x[0L, , drop = FALSE] else x[0L]
}

# For each term, how its variables take part: 0 not at all, 1 by contrasts, 2 by an indicator of
# each level. Without an intercept the first factor has indicators.
coding_of_terms <- function(terms, levels) {
  factors <- attr(terms, "factors")
  codings <- lapply(seq_along(attr(terms, "term.labels")), function(j) factors[, j])
  if (attr(terms, "intercept") > 0L) return(codings)
  for (j in seq_along(codings)) {
    for (i in which(codings[[j]] > 0L)) {
      if (is.null(levels[[i]])) next
      codings[[j]][i] <- 2L
      return(codings)
    }
  }
  codings
}

# NULL for numbers; for a factor a matrix (levels x columns), or the levels that have an indicator.
coding_of <- function(levels, all_levels, prototype, contrasts) {
  if (is.null(levels)) return(NULL)
  count <- length(levels)
  if (all_levels) return(list(levels = count, kept = seq_len(count)))
  if (identical(contrasts, "contr.treatment")) {
    return(list(levels = count, kept = seq_len(count)[-1L]))
  }
  prototype <- factor(prototype, levels, ordered = is.ordered(prototype), exclude = NULL)
  attr(prototype, "contrasts") <- contrasts
  unname(stats::contrasts(prototype))
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
