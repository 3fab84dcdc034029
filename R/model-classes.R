# The model of many classes: its response, a factor, or what becomes one, or a matrix of counts.

# Many classes. reference: the name of the baseline, NULL for the first class.
classes_model <- function(penalty = NULL, reference = NULL) {
  list(
    class = classes_class, kind = "classes", coding = "classes", penalty = penalty,
    reference = reference, empty_levels = TRUE
  )
}

classes_class <- structure(list(), class = "classes_model")

model_of.fastmultinom <- function(fit) classes_model(fit$penalty, fit$lab[1L])

code_response.classes_model <- function(model, y, weights, name) {
  response <- as_class_response(y, weights, model$reference, name)
  check_total(sum(response$weights), "the weights, times the counts,")
  response
}

code_offset.classes_model <- function(model, offset, rows, response) {
  as_class_offset(offset, rows, response)
}

core_model.classes_model <- function(model, response, design) {
  list(
    family = "multinomial", predictors = length(response$levels) - 1L, penalty = model$penalty
  )
}

# --- the response ---------------------------------------------------------------------------------

# A list of
#   category  for each row its class, 0 for the baseline (or NULL)
#   y         n x K proportions, the baseline first (or NULL)
#   weights   prior weights times the numbers of trials
#   levels    the classes' names, the baseline first
#   all       the same in the response's order, those without rows among them
#   entropy   sum of w y log y: what separates the likelihood from one relative to the saturated
#   model
as_class_response <- function(y, weights, reference, name = "the response") {
  check_has_response(y)
  nobs <- NROW(y)
  weights <- if (is.null(weights)) rep.int(1, nobs) else as.numeric(weights)
  if (is.matrix(y) && ncol(y) > 1L) return(as_class_counts(y, weights, reference, name))
  y <- as_class_factor(y, name)
  all <- levels(y)
  y <- drop_empty_classes(y, weights)
  levels <- with_reference_first(levels(y), reference, name)
  check_two_classes(levels, name)
  # A row of weight zero may belong to a class that was dropped: any class will do for it.
  category <- match(levels(y), levels)[as.integer(y)] - 1L
  category[is.na(category)] <- 0L
  list(category = category, weights = weights, levels = levels, all = all, entropy = 0)
}

as_class_factor <- function(y, name) {
  if (is.matrix(y)) y <- y[, 1L]
  if (!(is.factor(y) || is.character(y) || is.logical(y) || is_number_like(y))) {
    input_error(
      name, " must be a factor, character, logical, or a matrix of class counts: found ",
      described(y), "."
    )
  }
  if (anyNA(y)) input_error("missing value in ", name, " (", rows_listed(which(is.na(y))), ").")
  if (is.factor(y)) {
    check_codes(y, name)
    return(y)
  }
  # Dates and the like have names of their own.
  if (is.numeric(y) && (!is.object(y) || inherits(y, c("AsIs", "ts", "haven_labelled")))) {
    check_whole(as_numbers(y), name)
  }
  factor(y)
}

check_whole <- function(y, name) {
  bad <- which(y != round(y))
  if (length(bad) == 0L) return(invisible())
  input_error(
    name, " is continuous: found ", format(y[[bad[1L]]]), " in ", rows_listed(bad), ". Classes ",
    "are whole numbers, words or the levels of a factor; cut() makes a factor of intervals."
  )
}

# A class that no row of positive weight belongs to has no estimates.
drop_empty_classes <- function(y, weights) {
  used <- levels(y) %in% as.character(unique(y[weights > 0]))
  if (all(used)) return(y)
  warn_empty_classes(levels(y)[!used])
  factor(y, levels(y)[used])
}

warn_empty_classes <- function(classes) {
  fit_warning(
    "fastlogit_empty_class",
    if (length(classes) == 1L) "the class " else "the classes ",
    listed(paste0("\"", classes, "\"")),
    if (length(classes) == 1L) " has" else " have", " no rows: dropped from the model."
  )
}

with_reference_first <- function(levels, reference, name, argument = "reference") {
  if (is.null(reference)) return(levels)
  if (length(reference) != 1L || !as.character(reference) %in% levels) {
    input_error(
      "`", argument, "` must be one of the classes of ", name, ", ",
      listed(paste0("\"", levels, "\""), 10L), ": found ", described(reference), "."
    )
  }
  c(as.character(reference), setdiff(levels, as.character(reference)))
}

check_two_classes <- function(levels, name) {
  if (length(levels) >= 2L) return(invisible())
  input_error(
    name, " has ", if (length(levels)) paste0("one class only (\"", levels, "\")") else "no class",
    ": a model needs two or more."
  )
}

as_class_counts <- function(y, weights, reference, name) {
  check_counts(y, name)
  y <- y + 0  # logical indicators become numbers, and sums of integers would overflow
  colnames(y) <- class_names(y, name)
  trials <- rowSums(y)
  used <- colSums(y * (weights > 0)) > 0
  if (!all(used)) warn_empty_classes(colnames(y)[!used])
  levels <- with_reference_first(colnames(y)[used], reference, name)
  check_two_classes(levels, name)
  proportions <- unname(y[, levels, drop = FALSE]) / ifelse(trials > 0, trials, 1)
  weights <- weights * trials
  positive <- proportions > 0
  terms <- (weights * proportions * log(ifelse(positive, proportions, 1)))
  list(
    y = proportions, weights = weights, levels = levels, all = colnames(y), entropy = sum(terms)
  )
}

# Columns without a name are called by their numbers.
class_names <- function(y, name) {
  names <- colnames(y) %||% character(ncol(y))
  blank <- which(is.na(names) | names == "")
  names[blank] <- blank
  twice <- names[duplicated(names)]
  if (length(twice) == 0L) return(names)
  input_error(
    name, " has several columns called ", quoted(unique(twice)), ": the classes need names of ",
    "their own."
  )
}

check_counts <- function(y, name) {
  if (!is.numeric(y) && !is.logical(y)) {
    input_error(name, " must hold class counts, as numbers: found ", described(y), ".")
  }
  check_finite(y, name)
  bad <- which(rowSums(y < 0) > 0)
  if (length(bad)) input_error(name, " has a negative count (", rows_listed(bad), ").")
}

# The offset of each predictor, n x (K - 1). classes: see shape_class_offset().
as_class_offset <- function(offset, nobs, classes) {
  if (is.null(offset)) return(NULL)
  check_row_values(offset, nobs, "offset")
  shape_class_offset(offset, classes)
}

# The shape alone: new rows may have missing values. One column serves all predictors.
# classes: list(levels =, all =), those of the model, the baseline first, and those of the response
# in its order, with or without rows.
shape_class_offset <- function(offset, classes) {
  offset <- as.matrix(offset)
  of <- offset_columns(ncol(offset), colnames(offset), classes)
  relative <- offset[, of$others, drop = FALSE]
  if (!is.null(of$base)) relative <- relative - offset[, of$base]
  unname(relative)
}

# Which of `count` columns are those of the classes but the baseline (`others`, in the order of the
# predictors), and which the baseline's (`base`, NULL where it is zero): by name where the names are
# those of classes, else by the order of the response's levels.
offset_columns <- function(count, names, classes) {
  levels <- classes$levels
  named <- any(names %in% classes$all)
  if (count == 1L && !named) return(list(base = NULL, others = rep.int(1L, length(levels) - 1L)))
  of <- if (named) check_offset_names(names, classes) else offset_order(count, classes)
  base <- match(levels[1L], of)
  list(base = if (!is.na(base)) base, others = match(levels[-1L], of))
}

check_offset_names <- function(names, classes) {
  right <- !anyDuplicated(names) && all(names %in% classes$all) &&
    all(classes$levels[-1L] %in% names)
  if (right) return(names)
  input_error(
    "the columns of `offset` must be named after the classes, with or without the baseline: ",
    "classes are ", listed(paste0("\"", classes$levels, "\""), 10L), ", columns ",
    listed(paste0("\"", names, "\""), 10L), "."
  )
}

# The classes of columns without names.
offset_order <- function(count, classes) {
  if (count == length(classes$all)) return(classes$all)
  others <- length(classes$levels) - 1L
  empty <- setdiff(classes$all, classes$levels)
  if (length(empty) == 0L && count == others) return(classes$levels[-1L])
  if (length(empty) && count %in% c(others, others + 1L, length(classes$all) - 1L)) {
    input_error(
      "it is not clear which classes the ", count, " columns of `offset` belong to, as ",
      listed(paste0("\"", empty, "\"")), if (length(empty) == 1L) " has" else " have",
      " no rows: name them after the classes."
    )
  }
  input_error(
    "`offset` must be a vector, or a matrix of ", others, " columns, one for each class but ",
    "the baseline: found ", count, " columns."
  )
}

# --- shapes ---------------------------------------------------------------------------------------

# Two classes have a vector of coefficients. A matrix of one number would lose its names.
without_single_row <- function(m) {
  if (nrow(m) == 1L) stats::setNames(m[1L, ], colnames(m)) else m
}

# Proportions of the classes, n x K.
observed_classes <- function(response) {
  if (!is.null(response$y)) return(response$y)
  observed <- matrix(0, length(response$category), length(response$levels))
  observed[cbind(seq_along(response$category), response$category + 1L)] <- 1
  observed
}

as_predictors <- function(eta, predictors, row_names = NULL, levels = NULL) {
  eta <- matrix(eta, ncol = predictors)
  if (!is.null(levels)) dimnames(eta) <- list(row_names, levels[-1L])
  eta
}

# n x q linear predictors to n x K; n may be 0.
with_baseline <- function(eta) cbind(numeric(nrow(eta)), eta)

row_largest <- function(values) {
  do.call(pmax, lapply(seq_len(ncol(values)), function(j) values[, j]))
}

# n x q linear predictors to n x K probabilities, without overflow, column by column.
class_probabilities <- function(eta) {
  most <- numeric(nrow(eta))
  for (j in seq_len(ncol(eta))) most <- pmax(most, eta[, j])
  odds <- matrix(exp(-most), nrow(eta), ncol(eta) + 1L)
  for (j in seq_len(ncol(eta))) odds[, j + 1L] <- exp(eta[, j] - most)
  odds / rowSums(odds)
}

# "level:term", level by level; only "term" for two classes.
coefficient_names <- function(coefficients) {
  if (nrow(coefficients) == 1L) return(colnames(coefficients))
  paste(rep(rownames(coefficients), each = ncol(coefficients)), colnames(coefficients), sep = ":")
}

shaped <- function(values, labels, by_class) {
  if (is.null(by_class)) return(stats::setNames(values, labels))
  out <- matrix(values, length(by_class[[1L]]), byrow = TRUE, dimnames = by_class)
  without_single_row(out)
}
