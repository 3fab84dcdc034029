# Rows with their outcomes and what is predicted of them: those of the fit, or new ones. What
# measures of prediction and tests of fit are computed from.

# Rows of weight zero are left out. A list of
#   outcomes     names: failure and success, or the classes, the baseline first
#   observed     n x K proportions
#   probability  n x K
#   eta          n x (K - 1) linear predictors
#   weights      prior weights times the numbers of trials
#   family       of two classes; NULL of many
#   ordered      of ordered classes `steps` and `link`
#   survey       are the weights those of a survey design?
#   new          are they not those of the fit?
#   omitted      how many new rows were left out, as something in them is missing
#   used         which rows of the fit they are, if not all
# A multinomial fit of two classes is one of two classes.
rated_rows <- function(fit, newdata = NULL) {
  rows <- all_rated_rows(fit, newdata)
  if (all(rows$weights > 0)) rows else some_rated_rows(rows, which(rows$weights > 0))
}

# Those of weight zero among them.
all_rated_rows <- function(fit, newdata = NULL) {
  if (is_of_sets(fit)) {
    rows <- c(rated_set_rows(fit, newdata), new = !is.null(newdata), survey = FALSE)
    check_some_rows(sum(rows$weights > 0))
    return(rows)
  }
  rows <- if (is.null(newdata)) own_rows(fit) else new_rows(fit, newdata)
  rows$outcomes <- if (is_of_many(fit)) fit$lab else fit$outcomes
  if (is_ordered_fit(fit)) rows$ordered <- c(steps = fit$steps, link = fit$link)
  rows$family <- if (is_of_classes(fit)) (if (ncol(rows$eta) == 1L) logit_family) else fit$family
  rows$new <- !is.null(newdata)
  rows$survey <- !rows$new && is_surveyed(fit)
  check_some_rows(sum(rows$weights > 0))
  rows
}

some_rated_rows <- function(rows, which) {
  by_row <- c("observed", "probability", "eta")
  rows[by_row] <- lapply(rows[by_row], function(values) values[which, , drop = FALSE])
  by_row <- intersect(c("weights", "y", "set"), names(rows))
  rows[by_row] <- lapply(rows[by_row], `[`, which)
  rows$used <- which
  rows
}

# Of each outcome.
totals_of <- function(rows) colSums(rows$weights * rows$observed)

check_some_rows <- function(count) {
  if (count > 0L) return(invisible())
  input_error(
    "there are no rows to measure: `newdata` is empty, or all its rows have missing values or ",
    "weight zero."
  )
}

own_rows <- function(fit) {
  if (is_ordered_fit(fit)) {
    if (is_stored(fit)) fit <- with_ordered_rows(fit)
    check_has_rows_left(fit)
    return(list(
      observed = diag(length(fit$lev))[fit$category, , drop = FALSE],
      probability = unname(fitted_probabilities(fit)), eta = unname(ordered_predictors(fit)),
      weights = fit$weights, omitted = 0
    ))
  }
  if (is_of_classes(fit)) {
    fit <- in_memory(fit)
    return(list(
      observed = unname(observed_of(fit)), probability = unname(all_probabilities(fit)),
      eta = unname(fit$linear.predictors), weights = as.vector(fit$weights), omitted = 0
    ))
  }
  names <- c("y", "linear.predictors", "fitted.values", "prior.weights")
  of <- components_by_row(fit, names)
  y <- of$y %||% rows_of(fit)$response$y  # `y = FALSE` keeps none
  list(
    observed = cbind(1 - y, y, deparse.level = 0L),
    probability = cbind(1 - of$fitted.values, of$fitted.values, deparse.level = 0L),
    eta = matrix(of$linear.predictors), weights = of$prior.weights, omitted = 0
  )
}

# --- new rows -------------------------------------------------------------------------------------

new_rows <- function(fit, newdata) {
  if (!is.list(newdata)) {
    input_error("`newdata` must be a data frame: found ", described(newdata), ".")
  }
  newdata <- without_long_integers(as.data.frame(newdata))
  check_some_rows(nrow(newdata))
  y <- response_of_newdata(fit, newdata)
  weights <- weights_of_newdata(fit, newdata)
  predicted <- predictions_of_newdata(fit, newdata)
  complete <- stats::complete.cases(predicted$eta, y, weights)
  check_some_rows(sum(complete))
  y <- if (is.matrix(y)) y[complete, , drop = FALSE] else y[complete]
  coded <- code_new_response(fit, y, weights[complete])
  predicted <- lapply(predicted, function(values) unname(values[complete, , drop = FALSE]))
  list(
    observed = coded$observed, probability = predicted$probability, eta = predicted$eta,
    weights = coded$weights, omitted = sum(!complete)
  )
}

# Of all rows: a link of the user's may be one for each of them.
predictions_of_newdata <- function(fit, newdata) {
  if (is_ordered_fit(fit)) {
    eta <- ordered_rows_to_predict(fit, newdata, stats::na.pass)$eta
    return(list(eta = eta, probability = ordered_probabilities(eta, fit$steps, fit$link)))
  }
  if (is_of_classes(fit)) {
    eta <- rows_to_predict(fit, newdata, stats::na.pass, design = FALSE)$eta
    return(list(eta = eta, probability = class_probabilities(eta)))
  }
  check_rows_of_link(fit, newdata)
  eta <- stats::predict(fit, newdata, type = "link")
  success <- check_probabilities(fit$family$linkinv(eta), fit)
  list(eta = matrix(eta), probability = cbind(1 - success, success, deparse.level = 0L))
}

# Under the log link nothing keeps a new row's probability below 1.
check_probabilities <- function(probability, fit, of = "`newdata`") {
  beyond <- sum(probability < 0 | probability > 1, na.rm = TRUE)
  if (beyond == 0L) return(probability)
  input_error(
    "predictions are no probabilities in ", counted(beyond, "row"), " of ", of, ": under the ",
    name_of_link(fit$family), " link they go beyond 1 or 0 there."
  )
}

# As the formula makes it.
response_of_newdata <- function(fit, newdata) {
  terms <- fit$terms
  expression <- attr(terms, "variables")[[attr(terms, "response") + 1L]]
  if (!any(all.vars(expression) %in% names(newdata))) {
    input_error(
      "`newdata` lacks the response `", deparse1(expression), "`: without what came of the rows ",
      "there is nothing to compare predictions with."
    )
  }
  value <- value_in_newdata(expression, newdata, environment(terms), "the response")
  if (is.factor(value)) check_codes(value, response_name(terms))
  as_numbers(value)
}

# Those that the call of the fit has, of the new rows.
weights_of_newdata <- function(fit, newdata) {
  expression <- fit$call$weights
  if (is.null(expression)) return(rep.int(1, nrow(newdata)))
  weights <- value_in_newdata(expression, newdata, environment(fit$terms), "the fit's `weights`")
  weights <- as_numbers(weights)
  if (is.null(weights)) return(rep.int(1, nrow(newdata)))
  check_weights(ifelse(is.na(weights), 0, weights), nrow(newdata))
  as.numeric(weights)
}

value_in_newdata <- function(expression, newdata, env, what) {
  missing <- not_found(expression, newdata, env)
  if (length(missing)) {
    input_error(
      "`newdata` lacks ", if (length(missing) == 1L) "the column " else "the columns ",
      quoted(missing), " of ", what, "."
    )
  }
  value <- tryCatch(eval(expression, newdata, env), error = function(e) {
    input_error(what, " cannot be made of `newdata`: ", conditionMessage(e), ".")
  })
  if (is.null(value) || NROW(value) == nrow(newdata)) return(value)
  input_error(
    what, " (`", shortened(deparse1(expression), 60L), "`) has ", counted(NROW(value), "value"),
    ", and `newdata` has ", counted(nrow(newdata), "row"), ": fit with a column of the data."
  )
}

# observed: n x K proportions, in the fit's order of outcomes; weights: times the trials.
code_new_response <- function(fit, y, weights) {
  name <- paste(response_name(fit$terms), "of `newdata`")
  if (is.matrix(y) && ncol(y) == 1L) y <- y[, 1L]
  if (is_of_many(fit)) {
    if (is.matrix(y) && is_of_classes(fit)) return(code_new_counts(fit, y, weights, name))
    observed <- diag(length(fit$lab))[code_words_as(y, fit$lab, name), , drop = FALSE]
    return(list(observed = observed, weights = weights))
  }
  known <- levels_of_response(fit)
  if (is.factor(y) || is.character(y) || !is.null(known)) {
    success <- code_words_as(y, known %||% fit$outcomes, name) > 1L
    return(list(observed = cbind(!success, success, deparse.level = 0L) + 0, weights = weights))
  }
  response <- as_response(y, weights, fit$family, name)
  list(
    observed = cbind(1 - response$y, response$y, deparse.level = 0L), weights = response$weights
  )
}

# NULL where the response is no factor.
levels_of_response <- function(fit) {
  levels(response_itself(frame_prototype(fit)))
}

# The numbers of words, or of what reads like them, among those that are known.
code_words_as <- function(y, known, name) {
  if (is.matrix(y)) {
    input_error(name, " has ", ncol(y), " columns, and that of the fit is a factor.")
  }
  words <- as.character(y)
  codes <- match(words, known)
  new <- unique(words[is.na(codes)])
  if (length(new) == 0L) return(codes)
  input_error(
    name, " has ", if (length(new) == 1L) "a level" else "levels", " that the fit did not see: ",
    listed(paste0("\"", new, "\"")), "; known are ",
    listed(paste0("\"", known, "\""), 10L), "."
  )
}

# Counts of classes; columns without names are in the order of the fit's response.
code_new_counts <- function(fit, y, weights, name) {
  check_counts(y, name)
  of <- colnames(y)
  if (is.null(of) && ncol(y) == length(fit$declared$all)) of <- fit$declared$all
  seen <- of[colSums(y) > 0]
  if (anyDuplicated(of) || !all(fit$lab %in% of) || !all(seen %in% fit$lab)) {
    input_error(
      name, " must have a column for each class, ", listed(paste0("\"", fit$lab, "\""), 10L),
      ": found ", if (is.null(of)) ncol(y) else listed(paste0("\"", of, "\""), 10L), "."
    )
  }
  counts <- unname(`colnames<-`(y, of)[, fit$lab, drop = FALSE]) + 0
  trials <- rowSums(counts)
  list(observed = counts / ifelse(trials > 0, trials, 1), weights = weights * trials)
}

# --- matched sets ---------------------------------------------------------------------------------

# As all_rated_rows() has them, with `y` and `set`, set by set. Those of sets that do not vary have
# the weight zero.
rated_set_rows <- function(fit, newdata = NULL) {
  rows <- if (is.null(newdata)) own_rated_sets(fit) else new_rated_sets(fit, newdata)
  found <- find_sets(list(rows$set), list(y = rows$y, weights = rows$weights))
  used <- found$at %||% seq_along(rows$y)
  rows$weights <- replace(numeric(length(rows$y)), used, rows$weights[used])
  rows$outcomes <- c("others", "cases")
  rows$observed <- cbind(1 - rows$y, rows$y, deparse.level = 0L)
  with_chances(rows)
}

own_rated_sets <- function(fit) {
  fit <- in_memory(fit)
  y <- case_of_rows(fit)
  list(
    y = y, set = fit$set, eta = matrix(unname(fit$linear.predictors)),
    weights = fit$weights %||% rep.int(1, length(y)), omitted = 0
  )
}

# The sets are those of the rows that have no missing values.
new_rated_sets <- function(fit, newdata) {
  if (!is.list(newdata)) {
    input_error("`newdata` must be a data frame: found ", described(newdata), ".")
  }
  y <- response_of_newdata(fit, newdata)
  weights <- weights_of_newdata(fit, newdata)
  rows <- new_set_rows(fit, newdata, stats::na.pass, TRUE, FALSE)
  beta <- ifelse(is.na(fit$coefficients), 0, fit$coefficients)
  eta <- drop(rows$x %*% beta) + rows$offset
  complete <- stats::complete.cases(eta, y, weights, rows$set)
  check_some_rows(sum(complete))
  list(
    y = as_cases(y[complete], paste(response_name(fit$terms), "of `newdata`")),
    set = rows$set[complete], eta = matrix(eta[complete]), weights = weights[complete],
    omitted = sum(!complete)
  )
}
