# The response of many classes: a factor, or what becomes one, or a matrix of counts.

# A list of
#   category  for each row its class, 0 for the baseline (or NULL)
#   y         n x K proportions, the baseline first (or NULL)
#   weights   prior weights times the numbers of trials
#   levels    the classes' names, the baseline first
#   entropy   sum of w y log y: what separates the likelihood from one relative to the saturated
#   model
as_class_response <- function(y, weights, reference, name = "the response") {
  check_has_response(y)
  nobs <- NROW(y)
  weights <- if (is.null(weights)) rep.int(1, nobs) else as.numeric(weights)
  if (is.matrix(y) && ncol(y) > 1L) return(as_class_counts(y, weights, reference, name))
  y <- as_class_factor(y, name)
  y <- drop_empty_classes(y, weights)
  levels <- with_reference_first(levels(y), reference, name)
  check_two_classes(levels, name)
  # A row of weight zero may belong to a class that was dropped: any class will do for it.
  category <- match(levels(y), levels)[as.integer(y)] - 1L
  category[is.na(category)] <- 0L
  list(category = category, weights = weights, levels = levels, entropy = 0)
}

as_class_factor <- function(y, name) {
  if (is.matrix(y)) y <- y[, 1L]
  if (!(is.factor(y) || is.character(y) || is.logical(y) || is.numeric(y))) {
    input_error(
      name, " must be a factor, character, logical, or a matrix of class counts: found ",
      described(y), "."
    )
  }
  if (anyNA(y)) input_error("missing value in ", name, " (", rows_listed(which(is.na(y))), ").")
  if (is.factor(y)) y else factor(y)
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

with_reference_first <- function(levels, reference, name) {
  if (is.null(reference)) return(levels)
  if (length(reference) != 1L || !as.character(reference) %in% levels) {
    input_error(
      "`reference` must be one of the classes of ", name, ", ",
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
  if (is.null(colnames(y))) colnames(y) <- seq_len(ncol(y))
  trials <- rowSums(y)
  used <- colSums(y * (weights > 0)) > 0
  if (!all(used)) warn_empty_classes(colnames(y)[!used])
  levels <- with_reference_first(colnames(y)[used], reference, name)
  check_two_classes(levels, name)
  proportions <- unname(y[, levels, drop = FALSE]) / ifelse(trials > 0, trials, 1)
  weights <- weights * trials
  positive <- proportions > 0
  terms <- (weights * proportions * log(ifelse(positive, proportions, 1)))
  list(y = proportions, weights = weights, levels = levels, entropy = sum(terms))
}

check_counts <- function(y, name) {
  if (!is.numeric(y)) {
    input_error(name, " must hold class counts, as numbers: found ", described(y), ".")
  }
  check_finite(y, name)
  bad <- which(rowSums(y < 0) > 0)
  if (length(bad)) input_error(name, " has a negative count (", rows_listed(bad), ").")
}

# The offset of each predictor, n x (K - 1): one column serves all of them; K columns are taken
# relative to the first, the baseline's.
as_class_offset <- function(offset, nobs, classes) {
  if (is.null(offset)) return(NULL)
  check_row_values(offset, nobs, "offset")
  shape_class_offset(offset, classes)
}

# The shape alone: new rows may have missing values.
shape_class_offset <- function(offset, classes) {
  offset <- as.matrix(offset)
  if (ncol(offset) == classes) offset <- offset[, -1L, drop = FALSE] - offset[, 1L]
  if (ncol(offset) == 1L) offset <- offset[, rep.int(1L, classes - 1L), drop = FALSE]
  if (ncol(offset) == classes - 1L) return(unname(offset))
  input_error(
    "`offset` must be a vector, or a matrix of ", classes - 1L, " columns, one for each class but ",
    "the baseline: found ", ncol(offset), " columns."
  )
}
