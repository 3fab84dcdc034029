# After the schema pass: levels in their order, the blueprint, and the design and response of a
# cache as the C++ core reads them (src/cache_problem.h).

# A list of design, response, offset (see schema_of_offset()), terms, contrasts, xlevels, prototype.
schema_of_rows <- function(seen, model, contrasts) {
  frame <- prototype_frame(seen)
  blueprint <- blueprint_for(model, frame, contrasts)
  terms <- blueprint$terms
  names <- vapply(as.list(attr(terms, "variables"))[-1L], variable_name, "")
  stored <- lapply(names, function(name) stored_variable(name, seen, frame))
  used <- seq_along(names) %in% blueprint$used
  stored[!used] <- list(NULL)
  largest <- lapply(seq_along(names), function(i) {
    if (used[i] && is.null(stored[[i]]$table)) seen$variables[[names[i]]]$largest
  })
  names(largest) <- names
  response <- if (model$coding != "classes") {
    schema_of_binary(seen$response)
  } else {
    schema_of_classes(seen$response, model$reference)
  }
  list(
    design = list(
      rows = seen$rows, names = blueprint$columns,
      labels = if (length(blueprint$columns)) blueprint$columns, assign = blueprint$assign,
      contrasts = blueprint$contrasts, variables = stored, largest = largest,
      terms = blueprint$pieces
    ),
    response = response, offset = schema_of_offset(seen$offset, model$kind, response),
    blueprint = blueprint, prototype = frame,
    set_columns = if (model$kind == "strata") lapply(seen$variables, `[`, c("columns", "words"))
  )
}

# The model frame without rows: what model.frame() would make of all of them.
prototype_frame <- function(seen) {
  terms <- seen$plan$terms
  if (length(seen$parameters)) {
    variables <- as.list(attr(terms, "variables"))[-1L]
    names(variables) <- vapply(variables, variable_name, "")
    variables[names(seen$parameters)] <- seen$parameters
    attr(terms, "predvars") <- as.call(c(list(quote(list)), unname(variables)))
  }
  frame <- suppressWarnings(stats::model.frame(terms, seen$head, na.action = stats::na.pass))
  terms <- attr(frame, "terms")
  # predict() evaluates them without the rows of the fit.
  if (is.null(attr(terms, "predvars"))) attr(terms, "predvars") <- attr(terms, "variables")
  response <- attr(terms, "response")
  columns <- unclass(frame)
  columns <- Map(function(x, name) {
    known <- seen$variables[[name]]
    if (name == names(columns)[response]) known <- seen$response$dictionary
    if (!is.null(known$words) && !is.logical(x)) return(factor_of_levels(x, known, name))
    if (is.matrix(x)) x[0L, , drop = FALSE] else x[0L]
  }, columns, names(columns))
  structure(columns, class = "data.frame", row.names = integer(), terms = terms)
}

# A factor without rows, of the levels that some row has.
factor_of_levels <- function(x, known, name) {
  levels <- levels_in_order(known, name)
  made <- factor(character(), levels, ordered = is.ordered(x))
  if (identical(levels, levels(x))) {
    attr(made, "contrasts") <- attr(x, "contrasts")
  } else if (!is.null(attr(x, "contrasts"))) {
    warn_contrasts_dropped(name)
  }
  made
}

# The levels in the order that factor() gives them, or in that of a factor's own levels. numbers: is
# the factor one of numbers?
levels_in_order <- function(known, name, numbers = NULL) {
  words <- known$words
  in_order <- if (is.null(known$sets)) sort(words) else merged_sets(known$sets, words, name)
  in_order[in_order %in% words[known$counts > 0]]
}

# Chunks of a factor whose levels were declared agree. Where each chunk has made its own, as by
# factor(x), the order is that of one chunk that has them all, of numbers, or of the alphabet.
merged_sets <- function(sets, words, name) {
  longest <- sets[[which.max(lengths(sets))]]
  if (all(vapply(sets, function(set) is_part_of(set, longest), NA))) return(longest)
  numbers <- suppressWarnings(as.numeric(words))
  orders <- list(if (!anyNA(numbers)) words[order(numbers)], sort(words))
  for (order in orders) {
    if (!is.null(order) && all(vapply(sets, is_part_of, NA, whole = order))) return(order)
  }
  input_error(
    "the levels of the factor `", name, "` differ between chunks, and so does their order: give ",
    "them by factor(, levels = )."
  )
}

# In the same order, with or without others in between.
is_part_of <- function(part, whole) {
  at <- match(part, whole)
  !anyNA(at) && !is.unsorted(at)
}

# A variable's columns, with a table from codes to levels where it is a factor.
stored_variable <- function(name, seen, frame) {
  known <- seen$variables[[name]]
  if (is.null(known)) return(NULL)
  if (known$kind == "number") return(list(columns = known$columns))
  # 0: a level that no row has.
  list(columns = known$columns, table = match(known$words, levels_of(frame[[name]]), 0L))
}

# --- the response --------------------------------------------------------------------------------

# As response_rows(), with the columns' numbers in place of rows, and what is known of all of them:
# n_ok, total, successes, saturated.
schema_of_binary <- function(known) {
  outcome <- NULL
  if (!is.null(known$dictionary)) {
    levels <- levels_in_order(known$dictionary, known$name)
    report_many_levels(levels, known$name)
    outcome <- as.numeric(!known$dictionary$words %in% levels[1L])
    known$successes <- sum(known$by_code * outcome)
    known$levels <- levels
  }
  check_total(known$total, "the weights")
  if (known$total == 0) {
    if (is.null(known$counts) || !known$counts) check_weights(0, 1L)
    input_error(known$name, " holds no trials: all counts are zero.")
  }
  known$rows <- list(
    y = known$y, outcome = outcome, complement = known$complement, weights = known$weights,
    largest_weight = known$largest_weight, single = known$single
  )
  known
}

schema_of_classes <- function(known, reference) {
  if (is.null(known$dictionary)) {
    used <- known$by_code > 0
    classes <- known$classes
  } else {
    words <- known$dictionary$words
    classes <- class_order(known)
    used <- classes %in% words[known$by_code > 0]
  }
  if (!all(used)) warn_empty_classes(classes[!used])
  levels <- with_reference_first(classes[used], reference, known$name)
  check_two_classes(levels, known$name)
  check_total(sum(known$by_code), "the weights")
  known$by_class <- TRUE
  known$levels <- levels
  known$all <- classes
  known$rows <- if (is.null(known$dictionary)) {
    known$totals <- known$by_code[match(levels, known$classes)]
    list(y = known$y[match(levels, known$classes)])
  } else {
    table <- match(words, levels, 1L) - 1L  # of rows of weight zero any class will do
    known$totals <- known$by_code[match(levels, words)]
    list(category = known$category, classes = table)
  }
  known$rows <- c(known$rows, list(
    weights = known$weights, largest_weight = known$largest_weight, single = FALSE
  ))
  known
}

# All classes that were declared, those without rows among them.
class_order <- function(known) {
  words <- known$dictionary$words
  if (known$numbers) return(words[order(as.numeric(words))])
  merged_sets(known$dictionary$sets, words, known$name)
}

# A list of `columns`, one for each predictor, and `base`, a column to subtract from them, see
# shape_class_offset(). NULL where all are zero.
schema_of_offset <- function(known, kind, response) {
  if (is.null(known) || (kind != "classes" && !known$any)) return(NULL)
  if (kind != "classes") return(known["columns"])
  of <- offset_columns(length(known$columns), known$names, response)
  list(columns = known$columns[of$others], base = known$columns[of$base])
}
