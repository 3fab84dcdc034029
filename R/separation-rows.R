# What rows in memory say of separation: their demands, of two classes or of many, and the cone.

# What the rows say of infinite estimates: the `found` of separation(), or NULL where that remains
# unknown. estimate: the coefficients of a fit, or NULL.
separation_in <- function(rows, model, estimate = NULL) {
  UseMethod("separation_in", rows$class)
}

separation_in.memory_rows <- function(rows, model, estimate = NULL) {
  if (model$kind == "classes") return(find_class_separation(rows$design, rows$response, rows$names))
  name <- if (is.null(rows$blueprint)) "`y`" else response_name(rows$blueprint$terms)
  find_separation(rows$design, rows$response, model$family, rows$names, name, estimate)
}

# What each row asks of a direction: 1 and -1 that its linear predictor must not fall or rise, 0
# that it must stay.
# open: see open_sides().
demands <- function(response, open) {
  success <- response$y == 1
  if (!is.null(response$complement)) success <- response$complement == 0
  failure <- response$y == 0
  (success & open[["success"]]) - (failure & open[["failure"]])
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
  distinct <- if (is.matrix(x)) distinct_rows(x) else distinct_sparse_rows(x, 0)
  x <- x[distinct$first, , drop = FALSE]
  # A row of which both outcomes were observed must stay.
  of_kind <- function(value) {
    tabulate(distinct$number[demand == value], length(distinct$first)) > 0L
  }
  sign <- (of_kind(1) - of_kind(-1)) * !of_kind(0)
  ordered <- sign[sign != 0] * x[sign != 0, , drop = FALSE]
  cone <- cone_of_rows(ordered, x[sign == 0, , drop = FALSE], estimate)
  if (is.null(cone)) return(NULL)
  strict <- logical(length(sign))
  strict[sign != 0] <- cone$strict
  cone$strict <- strict[distinct$number]
  cone
}

# In the units of the data; sparse where there are many coordinates.
cone_of_rows <- function(ordered, fixed, estimate = NULL) {
  if (!is.matrix(ordered)) {
    cone <- wide_cone(ordered, fixed)
    if (!is.null(cone) || length(ordered) + length(fixed) > dense_enough) return(cone)
    ordered <- as.matrix(ordered)
    fixed <- as.matrix(fixed)
  }
  coordinates <- orthonormal_rows(rbind(ordered, fixed))
  first <- seq_len(nrow(ordered))
  recession_cone(
    coordinates$rows[first, , drop = FALSE],
    coordinates$rows[seq_len(nrow(fixed)) + nrow(ordered), , drop = FALSE], coordinates$back,
    if (!is.null(estimate)) qr.coef(qr(coordinates$back, tol = 0), estimate)
  )
}

find_class_separation <- function(design, response, row_names = NULL) {
  used <- which(response$weights > 0)
  classes <- length(response$levels)
  x <- used_rows_of(design, used, classes - 1L)
  observed <- observed_classes(response)[used, , drop = FALSE] > 0
  key <- drop(observed %*% 2^seq_len(classes))
  distinct <- if (is.matrix(x)) distinct_rows(x, key) else distinct_sparse_rows(x, key)
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
  # +1 for the class that was observed, -1 for the other; the baseline has no coefficients.
  blocks <- lapply(seq_len(ncol(observed))[-1L], function(class) {
    rows[row, , drop = FALSE] * ((first[row] == class) - (pairs[, 2L] == class))
  })
  stacked <- do.call(cbind, blocks)
  together <- observed[pairs]
  list(
    ordered = stacked[!together, , drop = FALSE], fixed = stacked[together, , drop = FALSE],
    row = row[!together], class = pairs[!together, 2L]
  )
}
