# What rows in memory say of separation: their demands, of two classes or of many, and the cone.

# What the rows say of infinite estimates: the `found` of separation(), or NULL where that remains
# unknown. estimate: the coefficients of a fit, or NULL.
separation_in <- function(rows, model, estimate = NULL) {
  UseMethod("separation_in", rows$class)
}

separation_in.memory_rows <- function(rows, model, estimate = NULL) {
  separation_by(model, rows, estimate)
}

# Of rows in memory, as each model asks them.
separation_by <- function(model, rows, estimate) UseMethod("separation_by", model$class)

separation_by.binary_model <- function(model, rows, estimate) {
  find_separation(
    rows$design, rows$response, model$family, rows$names, response_of(rows), estimate
  )
}

separation_by.classes_model <- function(model, rows, estimate) {
  find_class_separation(rows$design, rows$response, rows$names, function() {
    known_or_running(estimate, rows, model)
  })
}

# The coefficients of a fit without penalty, if only of one that nobody has asked for.
known_or_running <- function(estimate, rows, model) {
  if (is.null(estimate)) {
    model$penalty <- NULL
    core <- core_model(model, rows$response, rows$design)
    start <- list(coefficients = numeric(coefficient_count(core, length(rows$design$names))))
    control <- complete_control(list(maxit = 100, trace = FALSE), "newton")
    problem <- problem_of(rows, model, control$threads)
    estimate <- solve_problem(problem, list(start), control, "newton")$coefficients
  }
  numbers_or_zero(estimate)
}

numbers_or_zero <- function(x) ifelse(is.finite(x), x, 0)

# What the fit would be without its penalty.
separation_of_rows <- function(fit) {
  model <- model_of(fit)
  decided(separation_in(rows_of(fit), model), model)
}

# A fit that has asked whether there is a maximum, or has found one.
is_known_to_be_finite <- function(fit) {
  fit$converged || is.null(fit$family) || core_link(fit$family) != user_link
}

# estimate: the coefficients of a fit, or NULL. NULL where the design is so large that only fits can
# tell, and they do not, or where the link is one of which that is not known.
find_separation <- function(design, response, family, row_names = NULL, name = "the response",
                            estimate = NULL) {
  used <- which(response$weights > 0)
  x <- used_rows_of(design, used)
  open <- open_sides(family, length(response$y))
  if (is.null(open)) return(NULL)
  demand <- demands(response, open)[used]
  cone <- demanded_cone(x, demand, estimate)
  if (is.null(cone)) return(NULL)
  found <- as_separation(cone, cone$strict, used, row_names, design$labels, NULL)
  found$cause <- cause_of(found, ranges_of(x, response$y[used], cone$strict), name)
  found
}

# The cone of rows and what they ask for; its `strict` is by row of x.
demanded_cone <- function(x, demand, estimate = NULL) {
  distinct <- distinct_rows(x)
  if (length(distinct$first) < nrow(x)) x <- x[distinct$first, , drop = FALSE]
  # A row of which both outcomes were observed must stay.
  of_kind <- function(value) tabulate(distinct$number[demand == value], length(distinct$first)) > 0L
  sign <- (of_kind(1) - of_kind(-1)) * !of_kind(0)
  cone <- if (is.matrix(x) && length(x) > few_numbers) generated_cone_of_rows(x, sign, estimate)
  if (is.null(cone)) cone <- stored_cone_of_rows(x, sign, estimate)
  if (is.null(cone)) return(NULL)
  cone$strict <- cone$strict[distinct$number]
  cone
}

generated_cone_of_rows <- function(x, sign, estimate) {
  coordinates <- orthonormal_rows(x)
  set <- row_set(coordinates$rows, sign)
  generated_cone(set, coordinates$back, in_coordinates(coordinates$back, estimate))
}

# All demands as rows.
stored_cone_of_rows <- function(x, sign, estimate) {
  ordered <- sign[sign != 0] * x[sign != 0, , drop = FALSE]
  cone <- cone_of_rows(ordered, x[sign == 0, , drop = FALSE], estimate)
  if (is.null(cone)) return(NULL)
  strict <- logical(length(sign))
  strict[sign != 0] <- cone$strict
  cone$strict <- strict
  cone
}

# estimate: a function of no arguments: the coefficients of a fit, class by class.
find_class_separation <- function(design, response, row_names, estimate) {
  used <- which(response$weights > 0)
  x <- rows_of_classes(design, used, length(response$levels))
  observed <- observed_or_not(response, used)
  kind <- response$category[used] %||% drop(observed %*% 2^seq_len(ncol(observed)))
  distinct <- distinct_rows(x, kind)
  at <- distinct$first
  if (length(at) < nrow(x)) {
    x <- x[at, , drop = FALSE]
    observed <- observed[at, , drop = FALSE]
  }
  cone <- cone_of_classes(x, observed, estimate)
  if (is.null(cone)) return(NULL)
  # A row is complete where its class is told from all others.
  told <- rowSums(cone$apart)
  labels <- list(response$levels[-1L], design$labels)
  strict <- (told > 0)[distinct$number]
  found <- as_separation(cone, strict, used, row_names, NULL, labels)
  if (found$kind == "complete" && any(told < ncol(observed) - 1L)) found$kind <- "quasi-complete"
  found$cause <- rows_apart(found)
  found
}

# Sparse where they are mostly zeros, and many.
rows_of_classes <- function(design, used, classes) {
  sparse <- !is.null(design$sparse) || is_mostly_zero(design, many_coordinates) ||
    is_too_large(design)
  if (sparse) used_rows_of(design, used, classes - 1L) else dense_rows(design, used)
}

# rows x classes, of rows that are used.
observed_or_not <- function(response, used) {
  if (!is.null(response$y)) return(unname(response$y[used, , drop = FALSE] > 0))
  observed <- matrix(FALSE, length(used), length(response$levels))
  observed[cbind(seq_along(used), response$category[used] + 1L)] <- TRUE
  observed
}

# --- as a fit meets it: when to ask, and what follows ---------------------------------------------

# A fit after all that there is to ask of its rows. Of a penalised one nothing is infinite.
# solve(control, without, light): the fit again, see solve_model(). settled: see levels_ahead().
resolve_separation <- function(solved, model, rows, control, solve, settled = NULL) {
  without <- function(found) solve(quietly(control), without = found)
  if (is.null(settled)) settled <- separation_of_levels(solved, model, rows, without)
  found <- settled$found %||% separation_in(rows, model, solved$coefficients)
  if (is.null(found)) return(solved)
  solved <- act_on_separation(solved, found, control, solve)
  if (model$kind == "ordered" && found$kind != "none") {
    solved <- nearer_to_limit(solved, control, solve)
  }
  if (model$kind %in% c("binary", "strata")) {
    solved$separation <- with_limit(
      solved$separation, function(found) settled$limit %||% without(found)
    )
  }
  solved
}

# Where there is a maximum after all, it is far away: steps keep their pace for long, which must not
# stop the iterations.
act_on_separation <- function(solved, found, control, solve) {
  cut_short <- solved$status == "converged" && length(solved$history$step) >= control$maxit
  if (found$kind != "none") {
    solved$status <- "diverging"
    solved$separation <- found
  } else if (solved$status %in% c("diverging", "stalled", "singular") || cut_short) {
    control$has_maximum <- TRUE
    control$maxit <- 10 * control$maxit
    solved <- solve(control)
    if (solved$status == "diverging") solved$status <- "singular"
  }
  solved
}

# A row of ordered classes that is told from those on one side has still a part in the likelihood:
# what is finite, and its variances, are those of iterations that go on until nothing is gained.
nearer_to_limit <- function(solved, control, solve) {
  control <- quietly(control)
  control$has_maximum <- TRUE
  further <- solve(control)
  if (further$status != "converged" || !identical(further$aliased, solved$aliased)) return(solved)
  further$status <- solved$status
  further$separation <- solved$separation
  further
}

# The estimates of the rows that are not separated, and their variances: the limits of the finite
# ones. solve_rest(found): the fit of these rows.
with_limit <- function(found, solve_rest) {
  if (is.null(found) || found$kind == "complete") return(found)
  solved <- solve_rest(found)
  kept <- list(
    coefficients = ifelse(solved$aliased, NA, solved$coefficients), cholesky = as_cholesky(solved)
  )
  if (!solved$status %in% c("converged", "boundary") || is.null(kept$cholesky$expected)) {
    return(found)
  }
  variances <- rep(NA_real_, length(kept$coefficients))
  variances[!solved$aliased] <- unscaled_variances(kept)
  found$limit <- c(kept, list(variances = variances, deviance = -2 * solved$logLik))
  found
}

# fit$separation: of coefficients with these labels, of many classes by class.
signs_of_infinity <- function(solved, labels, classes = NULL) {
  if (!is.null(solved$separation)) return(solved$separation$coefficients)
  if (is.null(classes)) {
    signs <- numeric(length(labels))
    names(signs) <- labels
    return(signs)
  }
  shaped(numeric(as.double(length(labels)) * length(classes)), labels, list(classes, labels))
}
