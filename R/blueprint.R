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
  known <- attr(frame, "known")
  of_terms <- variables_of_terms(terms)
  response <- attr(terms, "response")
  positions <- seq_len(length(attr(terms, "variables")) - 1L)
  is_used <- logical(length(positions))
  is_used[unlist(of_terms)] <- TRUE
  is_used[response] <- FALSE
  used <- positions[is_used]
  numbers <- is.null(contrasts) && !holds_response(terms)
  for (i in positions[positions != response]) {
    if (!numbers) break
    x <- variables[[i]]
    numbers <- is.numeric(x) && is.null(dim(x))
  }
  if (numbers) return(learn_numbers(terms, of_terms, used))
  learn_levels(variables, terms, used, contrasts, known)
}

# Most models are small and of numbers only: what is asked about levels would be a tenth of their
# time.
learn_numbers <- function(terms, of_terms, used) {
  labels <- attr(terms, "term.labels")
  intercept <- attr(terms, "intercept") > 0L
  pieces <- lapply(of_terms, function(variables) {
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

# For each term the positions of its variables, among all of them.
variables_of_terms <- function(terms) {
  factors <- attr(terms, "factors")
  if (length(factors) == 0L) return(list())
  rows <- nrow(factors)
  at <- which(factors > 0L)
  variables <- (at - 1L) %% rows + 1L
  if (length(at) == ncol(factors)) return(as.list(variables))
  unname(split(variables, (at - 1L) %/% rows))
}

# Terms with the response in them are dropped.
holds_response <- function(terms, term = seq_along(attr(terms, "term.labels"))) {
  response <- attr(terms, "response")
  response > 0L && length(term) > 0L && any(attr(terms, "factors")[response, term] > 0L)
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

# What .getXlevels() says of numbers only.
no_levels <- function(terms) {
  predictors <- length(attr(terms, "variables")) - 1L - attr(terms, "response")
  if (predictors > 0L) no_levels_at_all
}

no_levels_at_all <- stats::setNames(list(), character())

# The same where there are factors, or matrices of numbers. Columns are named and ordered as
# model.matrix() does, whose own code would make the contrasts of a factor (levels x levels) as a
# dense matrix.
learn_levels <- function(variables, terms, used, contrasts, known = NULL) {
  variables <- variables[seq_len(length(attr(terms, "variables")) - 1L)]
  plain <- vapply(variables, is.numeric, NA) & !vapply(variables, is.object, NA) &
    vapply(lapply(variables, dim), is.null, NA)
  for (i in used[!plain[used]]) check_variable(variables[[i]], names(variables)[i])
  levels <- prototype <- vector("list", length(variables))
  names(levels) <- names(prototype) <- names(variables)
  for (i in which(!plain)) levels[i] <- list(levels_of(variables[[i]], known[[i]]))
  check_levels(levels[used])
  prototype[plain] <- list(numeric())
  prototype[!plain] <- mapply(prototype_of, variables[!plain], levels[!plain], SIMPLIFY = FALSE)
  chosen <- contrasts_of(prototype, levels, terms, contrasts)
  roles <- coding_of_terms(terms, levels)
  labels <- rownames(attr(terms, "factors"))  # with backticks where a name needs them
  dropped <- logical(length(roles))
  if (holds_response(terms)) {
    dropped <- vapply(seq_along(roles), holds_response, NA, terms = terms)
    warn_response_dropped(attr(terms, "term.labels")[dropped])
  }
  coded <- lapply(which(!dropped), function(j) {
    positions <- which(roles[[j]] > 0L, useNames = FALSE)
    if (length(positions) == 1L && plain[positions]) {
      piece <- list(variables = positions, codings = list(NULL))
      return(list(piece = piece, columns = labels[positions]))
    }
    label <- attr(terms, "term.labels")[j]
    code_term(label, positions, roles[[j]], prototype, labels, levels, chosen)
  })
  intercept <- attr(terms, "intercept") > 0L
  columns <- lapply(coded, `[[`, "columns")
  pieces <- lapply(coded, `[[`, "piece")
  predictors <- setdiff(seq_along(variables), attr(terms, "response"))
  list(
    terms = terms, used = used,
    columns = c(if (intercept) "(Intercept)", unlist(columns)),
    assign = c(if (intercept) 0L, rep.int(which(!dropped), lengths(columns))),
    pieces = c(if (intercept) list(intercept_piece), pieces),
    levels = levels, contrasts = chosen,
    xlevels = if (length(predictors)) {
      found <- levels[predictors[!vapply(variables[predictors], is.logical, NA)]]
      found[!vapply(found, is.null, NA)]
    }
  )
}

# The piece of a term, and what its columns are called.
code_term <- function(label, positions, roles, prototype, labels, levels, contrasts) {
  parts <- lapply(positions, function(i) {
    of_variable <- contrasts[[names(prototype)[i]]]
    code_variable(prototype[[i]], labels[i], levels[[i]], roles[i] == 2L, of_variable)
  })
  columns <- if (length(parts) == 1L) {
    parts[[1L]]$columns
  } else {
    check_term_size(label, parts)
    column_products(lapply(parts, `[[`, "columns"))
  }
  piece <- list(variables = positions, codings = lapply(parts, `[[`, "coding"))
  list(piece = piece, columns = columns)
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

# How a variable takes part in a term: its coding, see coding_of(), and what its columns are called.
code_variable <- function(prototype, name, levels, all_levels, contrasts) {
  if (is.null(levels)) {
    width <- if (is.matrix(prototype)) ncol(prototype) else 1L
    columns <- if (width == 1L) name else paste0(rep.int(name, width), names_or_numbers(prototype))
    return(list(coding = NULL, columns = columns, cells = 1))
  }
  coding <- coding_of(prototype, name, levels, all_levels, contrasts)
  names <- attr(coding, "columns")
  attr(coding, "columns") <- NULL
  list(coding = coding, columns = paste0(name, names), cells = length(levels))
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

# The variable without rows.
prototype_of <- function(x, levels) {
  if (is.character(x)) return(factor(character(), levels))
  if (is.logical(x)) return(logical())
  if (is.matrix(x)) x[0L, , drop = FALSE] else x[0L]
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
