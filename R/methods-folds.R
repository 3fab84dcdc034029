# Folds: which rows are left out together in a cross-validation.

# A list of
#   of_row  the number of each row's fold, a column for each repeat
#   names   of the folds
#   title   how they were made
# folds: their number, or the user's own; see cross_validate(). rows: see rated_rows().
folds_of_rows <- function(fit, rows, folds, by, repeats) {
  count <- length(rows$weights)
  if (!is_number(folds)) {
    if (!is.null(by)) input_error("`by` is for folds that are drawn, and `folds` gives them all.")
    if (repeats > 1) {
      input_error("`repeats` is for folds that are drawn, and `folds` gives them all.")
    }
    return(given_folds(folds, count, fit))
  }
  sets <- !is.null(rows$set) && is.null(by)
  group <- if (is.null(by)) seq_len(count) else numbered_groups(fit, by, "by")
  units <- if (sets) count_used_sets(rows) else max(group)
  check_number_of_folds(folds, units, if (sets) "sets" else if (is.null(by)) "rows" else "groups")
  stratum <- if (is.null(by) && !sets) outcome_numbers(rows$observed)
  of_row <- vapply(seq_len(repeats), function(i) {
    if (sets) return(folds_of_sets(rows, folds))
    if (is.null(by)) stratified_folds(stratum, folds) else drawn_folds(units, folds)[group]
  }, integer(count))
  list(
    of_row = matrix(of_row, count), names = as.character(seq_len(folds)),
    title = if (sets) {
      ", whole sets"
    } else if (!is.null(by)) {
      paste0(", ", counted(units, "group"), " kept together")
    } else if (folds < units && length(unique(stratum)) > 1L) {
      ", stratified by the response"
    }
  )
}

check_number_of_folds <- function(folds, units, title) {
  if (folds >= 2 && folds <= units && folds == round(folds)) return(invisible())
  input_error(
    "`folds` must be a number of folds from 2 to ", units, ", the number of ", title, ": found ",
    format(folds), "."
  )
}

# The class of each row, 0 where there are several.
outcome_numbers <- function(observed) {
  number <- max.col(observed, "first")
  replace(number, observed[cbind(seq_along(number), number)] < 1, 0L)
}

# Each stratum in random order, one after another, dealt out to the folds in turn: these have the
# strata, and the rows, in equal shares but for one row.
stratified_folds <- function(stratum, folds) {
  in_order <- order(stratum, sample.int(length(stratum)))
  replace(integer(length(stratum)), in_order, rep_len(seq_len(folds), length(stratum)))
}

drawn_folds <- function(units, folds) sample(rep_len(seq_len(folds), units))

# --- the user's -----------------------------------------------------------------------------------

given_folds <- function(folds, count, fit) {
  of_row <- if (is.list(folds)) {
    folds_of_list(folds, count)
  } else {
    values_of_rows(folds, "a fold for each", count, fit$na.action, "folds")
  }
  names <- sort(unique(of_row))
  if (length(names) < 2L) {
    input_error("all rows are in one fold of `folds`: there have to be two or more.")
  }
  number <- match(of_row, names)
  check_whole_sets(fit, number, "folds", "folds")
  labels <- if (is.list(folds)) names(folds) %||% as.character(names) else as.character(names)
  list(of_row = matrix(number, count), names = labels, title = ", as given")
}

# Each with the numbers of its rows.
folds_of_list <- function(folds, count) {
  listed_rows <- unlist(folds, use.names = FALSE)
  check_that(
    is.numeric(listed_rows) && all(lengths(folds) > 0), folds,
    "`folds` must be a number of folds, a value for each row, or a list of the rows of each fold"
  )
  times <- tabulate(ifelse(listed_rows %in% seq_len(count), listed_rows, 0), count)
  if (length(listed_rows) == count && all(times == 1L)) {
    return(rep.int(seq_along(folds), lengths(folds))[order(listed_rows)])
  }
  other <- setdiff(listed_rows, seq_len(count))
  wrong <- which(times != 1L)
  in_none <- times[wrong[1L]] == 0L
  input_error(
    "`folds` must name each of the ", count, " rows of the fit once: found ",
    if (length(other)) paste("row", other[1L]) else rows_listed(wrong),
    if (length(other) == 0L) if (in_none) " in none" else " in several", "."
  )
}

# Whole sets, those that vary in equal numbers. A fold for each row.
folds_of_sets <- function(rows, folds) {
  sets <- unique(rows$set)
  set <- match(rows$set, sets)
  varies <- tabulate(set[rows$weights > 0], length(sets)) > 0
  stratified_folds(varies, folds)[set]
}

count_used_sets <- function(rows) length(unique(rows$set[rows$weights > 0]))
