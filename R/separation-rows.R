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
  find_class_separation(rows$design, rows$response, rows$names)
}

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
  x <- x[distinct$first, , drop = FALSE]
  # A row of which both outcomes were observed must stay.
  of_kind <- function(value) tabulate(distinct$number[demand == value], length(distinct$first)) > 0L
  sign <- (of_kind(1) - of_kind(-1)) * !of_kind(0)
  ordered <- sign[sign != 0] * x[sign != 0, , drop = FALSE]
  cone <- cone_of_rows(ordered, x[sign == 0, , drop = FALSE], estimate)
  if (is.null(cone)) return(NULL)
  strict <- logical(length(sign))
  strict[sign != 0] <- cone$strict
  cone$strict <- strict[distinct$number]
  cone
}

find_class_separation <- function(design, response, row_names = NULL) {
  used <- which(response$weights > 0)
  classes <- length(response$levels)
  x <- used_rows_of(design, used, classes - 1L)
  observed <- observed_classes(response)[used, , drop = FALSE] > 0
  distinct <- distinct_rows(x, drop(observed %*% 2^seq_len(classes)))
  at <- distinct$first
  cone <- class_cone(x[at, , drop = FALSE], observed[at, , drop = FALSE])
  if (is.null(cone)) return(NULL)
  # A row is complete where its class is told from all others.
  strict <- tabulate(cone$row[cone$strict], length(at)) > 0L
  apart <- tabulate(cone$row[cone$strict], length(at)) == ncol(observed) - 1L
  labels <- list(response$levels[-1L], design$labels)
  found <- as_separation(cone, strict[distinct$number], used, row_names, NULL, labels)
  if (found$kind == "complete" && !all(apart)) found$kind <- "quasi-complete"
  found$cause <- rows_apart(found)
  found
}

# As recession_cone(), with the row of each demand; stages and witnesses are in the units of x.
# back: the way from there to the coefficients, where x is in others. held: those that do not move,
# class by class.
class_cone <- function(x, observed, back = NULL, held = integer()) {
  if (!is.matrix(x)) {
    stacked <- class_demands(x, observed)
    free <- setdiff(seq_len(ncol(stacked$ordered)), held)
    cone <- cone_of_rows(stacked$ordered[, free, drop = FALSE], stacked$fixed[, free, drop = FALSE])
    if (is.null(cone)) return(NULL)
    cone$direction <- replace(numeric(ncol(stacked$ordered)), free, cone$direction)
    cone$signs <- replace(numeric(ncol(stacked$ordered)), free, cone$signs)
    return(c(cone, list(row = stacked$row)))
  }
  coordinates <- orthonormal_rows(x)
  stacked <- class_demands(coordinates$rows, observed)
  of_classes <- diag(ncol(observed) - 1L)
  to_coefficients <- kronecker(
    of_classes, if (is.null(back)) coordinates$back else back %*% coordinates$back
  )
  fixed <- rbind(stacked$fixed, to_coefficients[held, , drop = FALSE])
  cone <- recession_cone(stacked$ordered, fixed, to_coefficients)
  to_x <- kronecker(of_classes, coordinates$back)
  cone$stages <- to_x %*% cone$stages
  cone$witnesses <- to_x %*% cone$witnesses
  c(cone, list(row = stacked$row))
}

# Of rows in coordinates, a demand for each class that was not observed: it must not gain on one
# that was. Classes that were observed together stay together.
class_demands <- function(rows, observed) {
  first <- max.col(observed, "first")
  pairs <- which(col(observed) != first, arr.ind = TRUE)
  row <- pairs[, 1L]
  stacked <- stacked_demands(rows[row, , drop = FALSE], first[row], pairs[, 2L], ncol(observed))
  together <- observed[pairs]
  list(
    ordered = stacked[!together, , drop = FALSE], fixed = stacked[together, , drop = FALSE],
    row = row[!together], class = pairs[!together, 2L]
  )
}

# +1 for the class that was observed, -1 for the other; the baseline has no coefficients. Sparse
# rows have entries in the blocks of these two classes alone.
stacked_demands <- function(rows, own, other, classes) {
  if (is.matrix(rows)) {
    return(do.call(cbind, lapply(seq_len(classes)[-1L], function(class) {
      rows * ((own == class) - (other == class))
    })))
  }
  demand <- seq_along(own)
  of_classes <- Matrix::sparseMatrix(
    i = c(own, other), j = c(demand, demand), x = rep(c(1, -1), each = length(demand)),
    dims = c(classes, length(demand))
  )
  Matrix::t(Matrix::KhatriRao(of_classes[-1L, , drop = FALSE], Matrix::t(rows)))
}

# --- as a fit meets it: when to ask, and what follows ---------------------------------------------

# A fit after all that there is to ask of its rows. Of a penalised one nothing is infinite.
# solve(control, without, light): the fit again, see solve_model(). settled: see levels_ahead().
resolve_separation <- function(solved, model, rows, control, solve, settled = NULL) {
  known <- !is.null(settled)
  if (!is.null(model$penalty) || !known && !looks_separated(solved, model$link)) return(solved)
  without <- function(found) solve(quietly(control), without = found)
  if (!known) settled <- separation_of_levels(solved, model, rows, without)
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
