# Matched sets: the rows of a fit, and new ones, as other methods ask for them.

# A list of x, offset, set, cases (how many of them are, by row), names and na.action.
own_set_rows <- function(fit) {
  rows <- set_rows_at_hand(fit)
  y <- rows$response$y
  list(
    x = design_matrix(rows$design), offset = rows$offset %||% 0, set = rows$sets$of_row, y = y,
    names = rows$names %||% seq_along(y), na.action = fit$na.action
  )
}

set_rows_at_hand <- function(fit) {
  rows_of(if (is_stored(fit)) in_memory(fit) else fit)
}

new_set_rows <- function(fit, newdata, na.action, by_set, with_cases) {
  if (!is.data.frame(newdata)) {
    input_error("`newdata` must be a data frame: found ", described(newdata), ".")
  }
  terms <- stats::delete.response(fit$terms)
  if (!by_set) environment(terms) <- without_sets(terms, nrow(newdata))
  frame <- tryCatch(
    stats::model.frame(terms, newdata, na.action = na.action, xlev = fit$xlevels),
    error = function(e) frame_error(e, terms)
  )
  known <- stats::complete.cases(frame)
  x <- matrix(NA_real_, nrow(frame), length(fit$coefficients))
  if (any(known)) {
    complete <- frame[known, , drop = FALSE]
    x[known, ] <- design_matrix(design_from(blueprint_of_newdata(fit), complete))
  }
  at <- attr(terms, "specials")$strata
  strata <- unclass(frame)[at]
  set <- if (by_set) numbers_of_sets(strata)
  left <- attr(frame, "na.action")
  list(
    x = x, offset = offset_in_frame(frame) %||% 0, set = set,
    fitted = if (by_set) fitted_sets(fit, strata, attr(terms, "variables")[at + 1L]),
    y = if (with_cases) cases_of_newdata(fit, newdata, set, left),
    names = as.character(attr(frame, "row.names")), na.action = left
  )
}

# Where strata() need not be known.
without_sets <- function(terms, n) {
  here <- new.env(parent = environment(terms))
  here$strata <- function(...) rep.int(1L, n)
  here
}

# Which rows are cases where newdata says so; else any one of each set: who it is does not matter.
cases_of_newdata <- function(fit, newdata, set, left) {
  response <- attr(fit$terms, "variables")[[2L]]
  known <- all(all.vars(response) %in% names(newdata))
  if (!known) return(as.numeric(!duplicated(set)))
  y <- eval(response, newdata, environment(fit$terms))
  if (length(left)) y <- y[-left]
  if (anyNA(y)) return(as.numeric(!duplicated(set)))
  as_cases(without_names(y), paste0("the response `", deparse1(response), "`"))
}

# Which of the fit's sets the rows are of. A list of the fit's `rows`, and of numbers of sets,
# `own`, of these, and `new`; NULL where there are none to compare: several variables are known by
# their combinations' numbers only. strata: the values of the terms, `calls`.
fitted_sets <- function(fit, strata, calls) {
  if (is_stripped(fit) || any(lengths(as.list(calls)) != 2L)) return(NULL)
  own <- unclass(stats::model.frame(fit))[names(strata)]
  together <- Map(function(a, b) {
    words <- is.factor(a) || is.factor(b)
    if (words) c(as.character(a), as.character(b)) else c(a, b)
  }, own, strata)
  number <- numbers_of_sets(together)
  of_fit <- seq_along(own[[1L]])
  list(rows = own_set_rows(fit), own = number[of_fit], new = number[-of_fit])
}

# Of each row the means of its set: those of the fit's rows where that has the set, see
# fitted_sets(). values: x and the offset of the rows.
means_of_sets <- function(rows, values) {
  means <- values - about_sets(values, rows$set)
  of <- rows$fitted
  if (is.null(of)) return(means)
  fitted <- cbind(of$rows$x, of$rows$offset)
  at <- match(of$new, of$own)
  known <- !is.na(at)
  means[known, ] <- (fitted - about_sets(fitted, of$own))[at[known], , drop = FALSE]
  means
}

# Less the mean of the set.
about_sets <- function(x, set) {
  sums <- rowsum(x, set, reorder = FALSE)
  at <- match(set, as.integer(rownames(sums)))
  counts <- tabulate(at, nrow(sums))
  x - (sums / counts)[at, , drop = FALSE]
}

# As limit_model(): each separated row is a set of its own, and so drops out.
limit_of_sets <- function(fit) {
  fit <- in_memory(fit)
  set <- fit$set
  out <- fit$separation_details$rows
  set[out] <- max(set) + seq_along(out)
  frame <- stats::model.frame(fit)
  for (i in strata_terms(fit$terms)$variables) frame[[i]] <- set
  model <- model_of(fit)
  options <- list(
    control = complete_control(list(threads = fit$threads), "newton"), method = "newton",
    singular.ok = TRUE, model = TRUE
  )
  found <- suppressWarnings(suppressMessages(
    fit_rows(model, rows_of_frame(frame, blueprint_of(fit), model), options)
  ))
  fit[names(found)] <- found
  fit$model <- frame
  fit$separation_details <- NULL
  fit
}

#' @importFrom stats model.frame model.matrix formula logLik nobs
#' @export
model.frame.fastclogit <- function(formula, ...) {
  if (!is.null(formula$model)) return(formula$model)
  check_has_rows_left(formula)
  if (is_stored(formula)) return(frame_of_stored_sets(formula$stored))
  frame_of_call(
    eval(formula$call$data, environment(formula$terms)),
    list(call = formula$call, formula = formula$terms, env = environment(formula$terms)),
    model_of(formula)
  )
}

# Without the intercept, which cancels, and without the sets.
#' @export
model.matrix.fastclogit <- function(object, data = NULL, ...) {
  if (!is.null(data)) return(new_set_rows(object, data, stats::na.pass, FALSE, FALSE)$x)
  x <- own_set_rows(object)$x
  attr(x, "assign") <- rep.int(seq_along(object$assign), lengths(object$assign))
  x
}

#' @export
formula.fastclogit <- function(x, ...) stats::formula(x$terms)

# As survival counts them: the cases.
#' @export
nobs.fastclogit <- function(object, ...) object$nevent

#' @export
logLik.fastclogit <- function(object, ...) {
  structure(object$loglik[2L], df = object$rank, nobs = object$nevent, class = "logLik")
}

#' @export
extractAIC.fastclogit <- function(fit, scale = 0, k = 2, ...) {
  c(fit$rank, -2 * fit$loglik[2L] + k * fit$rank)
}

#' @export
deviance.fastclogit <- function(object, ...) -2 * object$loglik[2L]
