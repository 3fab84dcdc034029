# A fit without its rows: what strip() has left of it. In `fit$stripped` is what only the rows could
# tell, a list of
#   components       the names of what was taken out, of which `$` tells that it is gone
#   rows, used, total, range_of_means, dispersion
#                    as of a fit whose rows are deferred
#   family           name and link; its functions are made anew
#   prototype        the model frame without rows
#   example          the variables of the data, without rows
#   survey           which covariance matrix is that of the design, in words
#   hauck.donner     the coefficients whose Wald tests mislead
#   limit            of separated fits, see errors_in_limit()

removed_from <- function(fit) {
  of <- .subset2(fit, "stripped")
  if (!is.null(of)) c(of$components, if (!is.null(of$family)) "family")
}

stripped_component <- function(fit, name) {
  if (name != "family") check_has_rows_left(fit, paste0("`", name, "`"))
  of <- .subset2(fit, "stripped")$family
  family_with(of$name, of$link)
}

# known: what the fit says of its rows, see above. slim: from an environment to the part of it that
# is needed.
fit_without_rows <- function(fit, known, slim) {
  class <- grep("^fast.*_stored$", oldClass(fit), value = TRUE, invert = TRUE)
  terms <- slim_formula(fit$terms, slim)
  door <- class[1L]
  fit <- unclass(fit)
  gone <- c(
    known$components, "family", if (door != "fastordinal") "method", "stored", "deferred",
    "survey.design"
  )
  left <- fit[setdiff(names(fit), gone)]
  attributes(known$prototype)[c("terms", "na.action")] <- NULL  # the fit's own
  left$terms <- terms
  left$formula <- slim_formula(fit$formula, slim)
  left$call <- slim_call(fit$call, door, slim)
  if (!is.null(fit$userCall)) left$userCall <- left$call
  left$history <- utils::tail(fit$history, 100L)
  left$na.action <- only_counted(fit$na.action)
  left$separation_details <- slim_separation(fit$separation_details)
  left$stripped <- known
  structure(left, class = class)
}

slim_formula <- function(formula, slim) {
  if (inherits(formula, "formula")) environment(formula) <- slim(environment(formula))
  formula
}

# Where a program has made the call, values may stand in it: those of rows go. door: the function.
slim_call <- function(call, door, slim) {
  if (is.function(call[[1L]])) call[[1L]] <- as.name(door)
  for (name in names(call)[-1L]) {
    value <- call[[name]]
    if (inherits(value, "formula")) {
      call[[name]] <- slim_formula(value, slim)
    } else if (!is.language(value) && utils::object.size(value) > 1000) {
      call[[name]] <- as.name(paste0("<", class(value)[1L], ">"))
    }
  }
  call
}

# What na.action has left out, for print().
only_counted <- function(omitted) {
  if (length(omitted) && !inherits(omitted, "rows_omitted")) {
    return(structure(length(omitted), class = "rows_omitted"))
  }
  omitted
}

# As of a source: not all rows are named.
slim_separation <- function(found) {
  if (is.null(found)) return(NULL)
  found$separated <- found$separated %||% length(found$rows)
  found$rows <- utils::head(found$rows, 20L)
  found
}
