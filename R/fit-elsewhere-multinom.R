# Fits of many classes to rows that are elsewhere.

# how: as for fit_source(), with `reference`.
fit_class_source <- function(source, asked, how) {
  placed <- place_rows(
    source, asked, "classes", NULL, how$contrasts, how$cache, how$reference, how$control$engine
  )
  settled <- placed$settled
  design <- settled$design
  check_sizes(design)
  columns <- as.double(length(design$names))
  classes <- length(settled$response$levels)
  check_unpenalised(how$penalty, design$names)
  check_start(how$start, columns * (classes - 1L), "start", "class but the baseline and column")
  check_has_columns(columns)
  model <- class_model(classes, how$penalty)
  rows <- cache_rows(placed$handle, settled, model, how$control$threads)
  given <- by_class(how$start)
  watch <- watch_fit(
    how$checkpoint, schema_of(placed, model, how$method), given, columns * (classes - 1L)
  )
  on.exit(watch$done())
  starts <- class_starts_from(settled$response$totals, design, watch$start)
  solve <- function(control) {
    control$after_pass <- watch$after_pass
    solve_problem(rows, starts, control, how$method)
  }
  solved <- solve(how$control)
  if (led_nowhere(watch, solved)) {
    starts <- starts[-1L]
    solved <- solve(how$control)
  }
  if (is.null(how$penalty) && looks_separated(solved)) {
    found <- find_separation_elsewhere(placed, rows, NULL)
    if (!is.null(found)) solved <- settle_separation(solved, found, how$control, solve)
  }
  check_start_aliased(given, solved$aliased, design$names)
  report_start(solved, starts)
  method <- if (adjusts_score(how$penalty)) "fisher" else how$method
  fit <- as_class_fit_elsewhere(solved, placed, method)
  fit$recession <- solved$recession
  if (!is.null(how$penalty)) fit <- with_penalty(fit, how$penalty, solved, design)
  report_class_fit(fit)
  fit
}

# The object of a fit in memory, of no rows.
as_class_fit_elsewhere <- function(solved, placed, method) {
  settled <- placed$settled
  known <- settled$response
  none <- list(
    category = if (is.null(known$rows$y)) integer(),
    y = if (!is.null(known$rows$y)) matrix(0, 0L, length(known$levels)),
    weights = numeric(), levels = known$levels, all = known$all, entropy = known$entropy
  )
  range_of_means <- stats::plogis(as.numeric(solved$linear.predictors))
  solved$linear.predictors <- numeric()
  fit <- as_multinom_fit(solved, settled$design, NULL, none, NULL, NULL, method)
  fit[class_row_components] <- NULL
  fit$df.residual <- known$n_ok * (length(known$levels) - 1L) - fit$edf
  fit$elsewhere <- c(
    placed[c("handle", "settled", "rows", "plan", "asked")], list(range_of_means = range_of_means)
  )
  fit$na.action <- rows_left_out(placed)
  fit
}

finish_classes_elsewhere <- function(fit, call, formula, source) {
  blueprint <- fit$elsewhere$settled$blueprint
  structure(
    c(fit, list(
      call = call, formula = formula, terms = blueprint$terms, contrasts = blueprint$contrasts,
      xlevels = blueprint$xlevels, data = source
    )),
    class = c("fastmultinom_elsewhere", "fastmultinom", "multinom", "nnet")
  )
}

class_row_components <- c("fitted.values", "residuals", "linear.predictors", "weights")

#' @export
`$.fastmultinom_elsewhere` <- function(x, name) {
  name <- full_name(name, c(names(x), class_row_components), multinom_components)
  value <- .subset2(x, name)
  if (is.null(value) && name %in% class_row_components) read_class_rows(x)[[name]] else value
}

#' @export
`[[.fastmultinom_elsewhere` <- function(x, i, ...) {
  value <- .subset2(x, i, ...)
  if (!is.null(value) || !is.character(i) || length(i) != 1L) return(value)
  if (i %in% class_row_components) read_class_rows(x)[[i]]
}

# What a fit in memory keeps of its rows, by one pass.
read_class_rows <- function(fit) {
  of <- fit$elsewhere
  levels <- fit$lab
  coefficients <- t(coefficient_matrix(fit))
  coefficients[is.na(coefficients)] <- 0
  rows <- rows_elsewhere(fit, 1L)
  eta <- matrix(0, of$rows, length(levels) - 1L, dimnames = list(NULL, levels[-1L]))
  observed <- matrix(0, of$rows, length(levels))
  weights <- matrix(0, of$rows, 1L)
  done <- 0
  for_each_run(of$handle, function(first, last) {
    predicted <- stored_predictors(rows, as.vector(coefficients), first, last)$eta
    run <- class_run(of, first, last)
    at <- done + seq_len(nrow(predicted))
    eta[at, ] <<- predicted
    observed[at, ] <<- run$observed
    weights[at, ] <<- run$weights
    done <<- done + nrow(predicted)
  })
  probabilities <- class_probabilities(eta)
  colnames(probabilities) <- levels
  parts <- nnet_components(coefficient_matrix(fit), probabilities, observed, fit$deviance)
  c(parts[c("fitted.values", "residuals")], list(linear.predictors = eta, weights = weights))
}

# Proportions of the classes, and weights.
class_run <- function(of, first, last) {
  known <- of$settled$response
  read <- function(columns) stored_columns(of$handle, columns, first, last)
  observed <- if (is.null(known$rows$category)) {
    do.call(cbind, read(known$rows$y))
  } else {
    category <- known$rows$classes[read(known$rows$category)[[1L]]]
    observed_classes(list(category = category, levels = known$levels))
  }
  list(observed = observed, weights = if (is.null(known$weights)) 1 else read(known$weights)[[1L]])
}

#' @export
nobs.fastmultinom_elsewhere <- function(object, ...) sum(object$elsewhere$settled$response$totals)

#' @export
fitted.fastmultinom_elsewhere <- function(object, ...) {
  stats::napredict(.subset2(object, "na.action"), object$fitted.values)
}

#' @export
model.frame.fastmultinom_elsewhere <- function(formula, ...) frame_elsewhere(formula)

#' @export
anova.fastmultinom_elsewhere <- function(object, ...) {
  others <- lapply(list(...), function(fit) {
    if (inherits(fit, "fastmultinom_elsewhere")) bring_class_rows(fit) else fit
  })
  do.call(stats::anova, c(list(bring_class_rows(object)), others))
}

# The fit as one in memory, with all its rows: as large as they are.
bring_class_rows <- function(fit) {
  class <- setdiff(class(fit), "fastmultinom_elsewhere")
  fit <- unclass(fit)
  fit[class_row_components] <- read_class_rows(fit)[class_row_components]
  fit$model <- frame_elsewhere(fit)
  if (!is.null(fit$elsewhere$settled$offset)) {
    blocks <- as.integer(cache_facts(fit$elsewhere$handle)$blocks)
    read <- function(columns) stored_columns(fit$elsewhere$handle, columns, 1L, blocks)
    fit$offset <- shape_class_offset(offset_elsewhere(fit$elsewhere$settled, read), fit$declared)
  }
  fit["elsewhere"] <- NULL
  structure(fit, class = class)
}
