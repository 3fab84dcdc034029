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
#
# Columns are named and ordered as model.matrix() does, whose own code would make the contrasts of a
# factor (levels x levels) as a dense matrix.
learn_blueprint <- function(frame, contrasts = NULL) {
  terms <- attr(frame, "terms")
  variables <- unclass(frame)[seq_len(length(attr(terms, "variables")) - 1L)]
  found <- describe_terms_impl(terms, variables)
  if (length(found$dropped)) warn_response_dropped(attr(terms, "term.labels")[found$dropped])
  coded <- found$coded
  levels <- levels_of_each(variables, coded, found$used, attr(frame, "known"))
  chosen <- if (length(coded) || !is.null(contrasts)) {
    contrasts_of(variables, levels, terms, contrasts)
  }
  if (length(coded)) found <- with_coded_terms(found, terms, variables, levels, chosen)
  columns <- as.character(unlist(found$columns))
  assign <- rep.int(found$kept, lengths(found$columns))
  pieces <- found$pieces
  if (attr(terms, "intercept") > 0L) {
    columns <- c("(Intercept)", columns)
    assign <- c(0L, assign)
    pieces <- c(list(intercept_piece), pieces)
  }
  list(
    terms = terms, used = found$used, columns = columns, assign = assign, pieces = pieces,
    levels = levels, contrasts = chosen,
    xlevels = if (length(variables) > min(attr(terms, "response"), 1L)) {
      levels_of_words(levels, variables, coded)
    }
  )
}

# Of a product of numbers there is one column, which describe_terms_impl() knows; here are those of
# the other terms.
with_coded_terms <- function(found, terms, variables, levels, contrasts) {
  labels <- attr(terms, "term.labels")
  names <- rownames(attr(terms, "factors"))  # with backticks where a name needs them
  roles <- coding_of_terms(terms, levels)
  for (k in seq_along(found$kept)) {
    if (!is.null(found$pieces[[k]])) next
    j <- found$kept[k]
    at <- found$of_terms[[k]]
    coding <- code_term(labels[j], at, names[at], roles[[j]][at], variables, levels, contrasts)
    found$columns[[k]] <- coding$columns
    found$pieces[[k]] <- list(variables = at, codings = coding$codings)
  }
  found
}

intercept_piece <- list(variables = integer(), codings = list())

holds_response <- function(terms, term = seq_along(attr(terms, "term.labels"))) {
  response <- attr(terms, "response")
  response > 0L && length(term) > 0L && any(attr(terms, "factors")[response, term] > 0L)
}

# Of those variables that are coded, NULL of the others. known: see plain_frame().
levels_of_each <- function(variables, coded, used, known) {
  levels <- vector("list", length(variables))
  names(levels) <- names(variables)
  for (i in coded) {
    if (i %in% used) check_variable(variables[[i]], names(variables)[i])
    levels[i] <- list(levels_of(variables[[i]], known[[i]]))
  }
  if (length(coded)) check_levels(levels[used])
  levels
}

# Numbers of any class, as model.matrix() takes them: dates, differences of times, units, ...
check_variable <- function(x, name) {
  codes <- is.factor(x) || is.character(x) || is.logical(x)
  if (length(dim(x)) > 2L || codes && NCOL(x) != 1L) {
    input_error(
      "predictor `", name, "` is ", if (codes) "a matrix of words or logicals" else "an array",
      ": give its columns one by one, or a matrix of numbers."
    )
  }
  if (codes || is_number_like(x)) return(invisible())
  input_error("predictor `", name, "` must be numeric, logical, character or a factor: found ",
    described(x), ".")
}

# As .getXlevels() has them.
levels_of_words <- function(levels, variables, coded) {
  for (i in coded) {
    if (is.null(levels[[i]]) || is.logical(variables[[i]])) coded <- coded[coded != i]
  }
  levels[coded]
}

# The codings of a term's variables, and what its columns are called.
code_term <- function(label, positions, names, roles, variables, levels, contrasts) {
  parts <- lapply(seq_along(positions), function(k) {
    i <- positions[k]
    of_variable <- contrasts[[names(variables)[i]]]
    code_variable(variables[[i]], names[k], levels[[i]], roles[[k]] == 2L, of_variable)
  })
  columns <- if (length(parts) == 1L) {
    parts[[1L]]$columns
  } else {
    check_term_size(label, parts)
    column_products(lapply(parts, `[[`, "columns"))
  }
  list(codings = lapply(parts, `[[`, "coding"), columns = columns)
}

warn_response_dropped <- function(labels) {
  for (label in labels) {
    fit_warning(
      "fastlogit_response_dropped",
      "the response appeared on the right-hand side and was dropped: the term ", quoted(label),
      " has no columns"
    )
  }
}

# How a variable takes part in a term: its coding, see coding_of(), what its columns are called, and
# how many cells it has.
code_variable <- function(x, name, levels, all_levels, contrasts) {
  if (is.null(levels)) {
    columns <- if (is.matrix(x) && ncol(x) != 1L) {
      paste0(rep.int(name, ncol(x)), names_or_numbers(x))
    } else {
      name
    }
    return(list(coding = NULL, columns = columns, cells = 1))
  }
  coding <- coding_of(x, name, levels, all_levels, contrasts)
  columns <- paste0(name, attr(coding, "columns"))
  attr(coding, "columns") <- NULL
  list(coding = coding, columns = columns, cells = length(levels))
}

# Columns, and cells (combinations of levels), are counted by integers.
check_term_size <- function(label, parts) {
  columns <- prod(lengths(lapply(parts, `[[`, "columns")))
  cells <- prod(vapply(parts, `[[`, 0, "cells"))
  if (max(columns, cells) <= .Machine$integer.max) return(invisible())
  input_error(
    "the term ", quoted(label), " has ", format(cells), " combinations of levels and ",
    format(columns), " columns: at most 2^31 - 1 can be counted."
  )
}

# The names of the products, those of the first variable running fastest.
column_products <- function(columns) {
  Reduce(function(a, b) paste(rep.int(a, length(b)), rep(b, each = length(a)), sep = ":"), columns)
}

# known: see plain_frame().
levels_of <- function(x, known = NULL) {
  if (is.factor(x)) return(levels(x))
  if (is.character(x)) return(levels(factor((known %||% words_of(x))$words)))
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

# For each term, how its variables take part: 0 not at all, 1 by contrasts, 2 by an indicator of
# each level. Without an intercept the first factor has indicators.
coding_of_terms <- function(terms, levels) {
  factors <- attr(terms, "factors")
  codings <- lapply(seq_along(attr(terms, "term.labels")), function(j) factors[, j])
  if (attr(terms, "intercept") > 0L) return(codings)
  for (j in Filter(function(j) !holds_response(terms, j), seq_along(codings))) {
    for (i in which(codings[[j]] > 0L)) {
      if (is.null(levels[[i]])) next
      codings[[j]][i] <- 2L
      return(codings)
    }
  }
  codings
}

# An interaction by the names of its variables in order: x:z is z:x.
sorted_label <- function(label) {
  paste(sort(strsplit(label, ":", fixed = TRUE)[[1L]]), collapse = ":")
}
