# Components that are made when they are asked for: what takes another n x p, and of rows that are
# stored all that there is for each of them. So `$` and `[[` are methods, once for all objects.

#' @export
`$.fastlogit` <- function(x, name) {
  value <- .subset2(x, name)
  if (!is.null(value)) return(value)
  name <- full_name(name, c(names(x), made_on_demand(x)), known_components(x))
  value <- .subset2(x, name)
  if (is.null(value)) made_component(x, name) else value
}

#' @export
`[[.fastlogit` <- function(x, i, ...) {
  value <- .subset2(x, i, ...)
  if (!is.null(value) || !is.character(i) || length(i) != 1L) return(value)
  made_component(x, i)
}

#' @export
`$.fastmultinom` <- `$.fastlogit`

#' @export
`[[.fastmultinom` <- `[[.fastlogit`

is_of_classes <- function(fit) inherits(fit, "fastmultinom")

made_on_demand <- function(fit) {
  if (is_of_classes(fit)) return(if (is_stored(fit)) class_row_components)
  c(on_demand, if (is_stored(fit)) row_components)
}

# NULL where there is nothing to make.
made_component <- function(fit, name) {
  if (!name %in% made_on_demand(fit)) return(NULL)
  if (name %in% on_demand) return(decompose_again(in_memory(fit))[[name]])
  if (is_of_classes(fit)) read_class_rows(fit)[[name]] else read_components(fit, name)[[name]]
}

# The names that a glm, or a multinom, may have, and no other, can be asked for by their beginnings:
# code that tries `fit$se` must not be given `separation`.
known_components <- function(fit) if (is_of_classes(fit)) multinom_components else glm_components

glm_components <- c(
  "coefficients", "residuals", "fitted.values", "effects", "R", "rank", "qr", "family",
  "linear.predictors", "deviance", "aic", "null.deviance", "iter", "weights", "prior.weights",
  "df.residual", "df.null", "y", "converged", "boundary", "model", "call", "formula", "terms",
  "data", "offset", "control", "method", "contrasts", "xlevels", "na.action", "x"
)

multinom_components <- c(
  "n", "nunits", "nconn", "conn", "nsunits", "decay", "entropy", "softmax", "censored", "value",
  "wts", "convergence", "fitted.values", "residuals", "lev", "call", "terms", "weights", "deviance",
  "rank", "lab", "coefnames", "vcoefnames", "contrasts", "xlevels", "edf", "AIC", "Hessian",
  "model", "na.action"
)

# present: the names that the fit has.
full_name <- function(name, present, components) {
  if (name %in% present) return(name)
  at <- pmatch(name, components[components %in% present])
  if (is.na(at)) name else components[components %in% present][at]
}

# A fit to rows that are stored as one in memory, with all its rows: as large as they are.
in_memory <- function(fit) {
  if (!is_stored(fit)) return(fit)
  many <- is_of_classes(fit)
  class <- setdiff(class(fit), c("fastlogit_stored", "fastmultinom_stored"))
  names <- if (many) class_row_components else row_components
  parts <- if (many) read_class_rows(fit) else read_components(fit, names)
  rows <- rows_of(fit)
  fit <- unclass(fit)
  fit[names] <- parts[names]
  fit$model <- stored_frame(rows)
  fit["stored"] <- NULL
  fit$offset <- if (many) stored_class_offset(rows, fit$declared) else offset_in_frame(fit$model)
  structure(fit, class = class)
}
