# What a fit has to say about itself: one warning for each thing that went wrong.

# What there is to say of the iterations.
report_solution <- function(solved) {
  if (solved$starts > 1L && solved$start != 1L) report_start()
  if (!is.null(solved$maxima) && solved$maxima > 1L) report_local_maxima(solved$maxima)
  if (solved$ill_conditioned) report_ill_conditioned()
}

# Classes in order have a model that knows it.
report_ordered <- function(rows) {
  frame <- rows$frame %||% rows$prototype
  y <- stats::model.response(frame)
  if (!is.ordered(y) || length(rows$response$levels) < 3L) return(invisible())
  fit_message(
    "fastlogit_ordered_response",
    response_name(rows$blueprint$terms), " is an ordered factor, whose order does not count here: ",
    "fastordinal() fits ordered classes."
  )
}

report_start <- function() {
  fit_message(
    "fastlogit_start",
    "the start given is no use: the log-likelihood there is not finite, or too flat to go on ",
    "from. The default start was used instead."
  )
}

# Links and penalties for which the (penalised) log-likelihood is not concave.
report_local_maxima <- function(maxima) {
  fit_message(
    "fastlogit_local_maxima",
    "the log-likelihood has several local maxima: from different starts ", maxima,
    " were found, of which the fit is the highest. There may be a higher one; `start` looks for it."
  )
}

report_ill_conditioned <- function() {
  fit_warning(
    "fastlogit_ill_conditioned",
    "columns of the design are nearly dependent, and the sparse design is too large to be ",
    "orthogonalised: few digits of the standard errors of their coefficients can be trusted. ",
    "Drop or combine such columns."
  )
}

report_fit <- function(fit) {
  if (is_separated(fit)) return(report_separation(fit))
  if (isTRUE(fit$boundary)) report_boundary(fit)
  if (!fit$converged) report_no_convergence(fit)
}

# A line of the summary, where glm.fit() warns: NULL unless there is something to say. Of a fit that
# is separated, or has not converged, other lines tell more.
extreme_means_note <- function(fit) {
  if (!fit$converged || is_separated(fit)) return(NULL)
  if (!any_extreme(known_of_rows(fit)$bounds_of_means %||% fitted_means(fit))) return(NULL)
  if (!any_extreme(fitted_means(fit))) return(NULL)
  "Fitted probabilities numerically 0 or 1 occur, as they may: the estimates are finite."
}

any_extreme <- function(mu) {
  tiny <- 10 * .Machine$double.eps
  max(mu) > 1 - tiny || min(mu) < tiny
}

# The least and the largest, where the others are not at hand.
fitted_means <- function(fit) {
  known <- known_of_rows(fit)
  if (!is.null(known$bounds_of_means)) return(range_of_deferred(fit))
  known$range_of_means %||% fit$fitted.values
}

report_separation <- function(fit) {
  found <- fit$separation_details
  y <- outcomes_seen(fit)
  constant <- length(y) > 0L && all(y == y[1L])
  affected <- affected_estimates(found)
  fit_warning(
    "fastlogit_separation",
    if (constant) paste0("the response is constant (", format(y[[1L]]), " in all rows used): "),
    found$kind, " separation: ", estimates_told(found), " (", found$cause, "). ",
    consequences(found, sum(!is.na(fit$coefficients))), " ",
    if (!constant) paste0("Refit with `penalty = \"firth\"`, or drop ", remedy(affected), ". "),
    "See ?separation."
  )
}

# Of rows of positive weight; of stored ones, only whether they differ is known.
outcomes_seen <- function(fit) {
  if (!is_stored(fit)) return(fit$y[fit$prior.weights > 0])
  of <- fit$stored$response
  if (is.null(of$successes)) return(numeric())
  if (of$successes %in% c(0, of$total)) of$successes / of$total else c(0, 1)
}

# estimated: how many coefficients there are, but for aliased ones.
consequences <- function(found, estimated) {
  if (found$kind == "complete") {
    return("The likelihood has no maximum, and standard errors mean nothing.")
  }
  affected <- length(affected_estimates(found))
  one <- affected == 1L
  paste0(
    if (one) "Its standard error means nothing" else "Their standard errors mean nothing",
    if (affected < estimated) {
      paste0("; the other estimates are those of the rows ", if (one) "it leaves" else "they leave")
    },
    "."
  )
}

remedy <- function(affected) {
  affected <- setdiff(affected, "(Intercept)")
  if (length(affected) == 1L) quoted(affected) else "the predictors that separate the classes"
}

report_boundary <- function(fit) {
  mu <- if (is_stored(fit)) fitted_means(fit) else fit$fitted.values
  if (!is_stored(fit)) mu[fit$prior.weights == 0] <- 0.5
  at_edge <- which.max(abs(mu - 0.5))
  fit_warning(
    "fastlogit_boundary",
    "the estimate lies on the boundary of the parameter space: the fitted probability of ",
    if (is_stored(fit)) "a row" else paste("row", at_edge), " is ",
    format(round(mu[[at_edge]], 7L)), ", and the ", link_title(fit),
    " allows no more. Standard errors do not hold there. Try another link."
  )
}

report_no_convergence <- function(fit) {
  last <- utils::tail(fit$history, 1L)
  reached <- sprintf("deviance %.6g", fit$deviance)
  if (nrow(last)) {
    reached <- sprintf("%s, last step %.2g, decrement %.2g", reached, last$step, last$decrement)
  }
  fit_warning(
    "fastlogit_not_converged",
    "algorithm did not converge: ",
    switch(fit$status,
      "iteration limit" = paste0("stopped at maxit, after ", counted(fit$iter, "iteration")),
      "stalled" = paste0(
        "no step improved the log-likelihood after ", counted(fit$iter, "iteration")
      ),
      "diverging" = paste0("coefficients grow without bound, for ", counted(fit$iter, "iteration")),
      "singular" = paste0(
        "the information matrix collapsed after ", counted(fit$iter, "iteration")
      )
    ),
    " (", reached, "). ",
    switch(fit$status,
      "iteration limit" = paste0(
        "Try a larger `maxit`", if (fit$algorithm != "newton") ", or method = \"newton\"", "."
      ),
      "stalled" = "Try another `start` or model.",
      "diverging" = "Drop or merge predictors, or use `penalty = \"firth\"`.",
      "singular" = "Try another `start` or model."
    )
  )
}

# --- how a fit was found --------------------------------------------------------------------------

# "Newton-Raphson, logit link: converged in 5 iterations (decrement 3e-21); 23 rows, 1 thread"
how_it_was_found <- function(fit) {
  rows <- number_of_rows(fit)
  if (!is_stripped(fit)) fit <- unclass(fit)  # nothing here is made on demand
  decrement <- fit$history$decrement[length(fit$history$decrement)]
  paste0(
    method_title(fit$algorithm), ", ", information_used(fit), ", ", link_title(fit),
    if (!is.null(fit$penalty)) paste0(", ", penalty_title(fit$penalty)),
    if (is_corrected(fit)) paste0(", ", correction_title(fit)), ": ",
    outcome_title(fit$status), " ", counted(fit$iter, "iteration"),
    if (length(decrement)) sprintf(" (decrement %.1g)", decrement),
    "; ", counted(rows, "row"), ", ", who_worked(fit),
    if (fit$orthogonalised) "; nearly dependent columns, orthogonalised"
  )
}

who_worked <- function(fit) {
  if (is.null(fit$workers)) counted(fit$threads, "thread") else counted(fit$workers, "worker")
}

method_title <- function(algorithm) {
  switch(algorithm,
    newton = "Newton-Raphson", fisher = "Fisher scoring", gradient = "L-BFGS"
  )
}

information_used <- function(fit) {
  if (fit$algorithm == "gradient") return("first derivatives")
  if (fit$algorithm == "fisher" || has_canonical_link(fit)) return("expected information")
  "observed information"
}

link_title <- function(fit) {
  if (!is.null(fit$sets)) return("conditional likelihood")
  if (!is.null(fit$family)) return(paste0(name_of_link(fit$family), " link"))
  classes <- counted(length(fit$lab), "class", "es")
  if (is.null(fit$steps)) classes else paste0(fit$steps, " ", fit$link, ", ", classes)
}

outcome_title <- function(status) {
  switch(status,
    converged = "converged in", boundary = "on the boundary after",
    diverging = "separation, stopped after",
    paste0("not converged (", status, "), stopped after")
  )
}
