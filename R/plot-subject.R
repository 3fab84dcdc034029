# What pictures are of: a fit, what was asked for, and its rows, which are read once for all of
# them.

# settings: list(variables, bins, smooth, level, vcov, labels). An environment of these, and
#   rows()        see rated_rows()
#   dispersion()  in which variances are measured
#   facts()       see formula_facts()
#   names()       of the predictors to show, predictors() their values, see values_to_show()
as_subject <- function(fit, settings) {
  of <- list2env(c(list(fit = fit), settings))
  of$rows <- once(function() rated_rows(fit))
  of$dispersion <- once(function() if (is_of_many(fit)) 1 else dispersion_of(fit))
  of$facts <- once(function() formula_facts(fit))
  of$names <- once(function() names_to_show(of))
  of$predictors <- once(function() values_to_show(of))
  of
}

once <- function(f) {
  value <- NULL
  function() {
    if (is.null(value)) value <<- list(f())
    value[[1L]]
  }
}

# --- predictors -----------------------------------------------------------------------------------

most_predictors <- 12L

# Those that were asked for, or the first of them. What has several columns cannot be shown.
names_to_show <- function(of) {
  facts <- of$facts()
  if (!is.null(of$variables)) {
    is_names <- is.character(of$variables) && !anyNA(of$variables)
    check_that(is_names, of$variables, "`variables` must be names of predictors")
    check_predictors(facts, of$variables, "variables")
    return(unique(of$variables))
  }
  names <- Filter(function(name) NCOL(facts$example(name)) == 1L, predictor_names(facts))
  if (length(names) <= most_predictors) return(names)
  fit_message(
    "fastlogit_some_predictors", "shown are the first ", most_predictors, " of ", length(names),
    " predictors: `variables` names others."
  )
  names[seq_len(most_predictors)]
}

# A list of
#   values  of each predictor that is shown, and of all others that predictions need, as `all`
#   at      which of rows() they are of, NULL for all
values_to_show <- function(of) {
  names <- unique(c(of$names(), predictor_names(of$facts(), offsets = TRUE)))
  used <- of$rows()$used
  found <- if (is_stored(of$fit)) {
    values_in_source(of$fit, names)
  } else {
    list(values = data_of_rows(of$fit, names)[names], at = NULL)
  }
  if (is.null(used)) return(found)
  if (is.null(found$at)) return(list(values = rows_at(found$values, used), at = NULL))
  at <- match(found$at, used)
  list(values = rows_at(found$values, !is.na(at)), at = at[!is.na(at)])
}

# Of a source every second row, or fourth, ..., so that there are never more than so many.
most_rows_shown <- 2^19

values_in_source <- function(fit, names, most = most_rows_shown) {
  seen <- list2env(list(parts = list(), every = 1, rows = 0))
  begin <- function() list2env(list(parts = list(), every = 1, rows = 0), seen)
  blocks_of_source(fit, names, begin, function(block) {
    at <- seen$rows + seq_len(block$rows)
    seen$rows <- seen$rows + block$rows
    kept <- (at - 1) %% seen$every == 0
    part <- list(at = at[kept], values = rows_at(block$data[names], kept))
    seen$parts <- c(seen$parts, list(part))
    while (sum(vapply(seen$parts, function(part) length(part$at), 0L)) > most) {
      seen$every <- 2 * seen$every
      seen$parts <- lapply(seen$parts, function(part) {
        kept <- (part$at - 1) %% seen$every == 0
        list(at = part$at[kept], values = rows_at(part$values, kept))
      })
    }
  })
  values <- lapply(stats::setNames(names, names), function(name) {
    do.call(joined, lapply(seen$parts, function(part) part$values[[name]]))
  })
  at <- unlist(lapply(seen$parts, `[[`, "at"))
  list(values = values, at = if (seen$every > 1) at)
}

# Of chunks whose levels may differ.
joined <- function(first, ...) {
  if (is.factor(first)) return(unlist(list(first, ...)))
  if (is.matrix(first)) rbind(first, ...) else c(first, ...)
}

# What a predictor is told apart by: NULL for a number.
levels_to_show <- function(values) {
  if (is.factor(values)) return(levels(droplevels(values)))
  if (is.logical(values)) return(c("FALSE", "TRUE"))
  if (is.character(values)) return(sort(unique(values)))
  if (all(values == 0 | values == 1)) c("0", "1")
}

# Numbers of no more values than these are shown as points.
few_values <- 5L

tell_left_out <- function(names, reasons) {
  fit_message(
    "fastlogit_no_picture", "left out: ",
    paste0(names, " (", sub("[.]$", "", reasons), ")", collapse = ", "), "."
  )
}
