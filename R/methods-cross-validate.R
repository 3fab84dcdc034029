# Cross-validation: predictions of rows by fits of the others.

#' Cross-validation
#'
#' How well the model predicts rows that it has not seen: the rows are dealt out to folds, and each
#' fold is predicted by a fit of all others (Stone 1974).
#'
#' The fits are those of the one design that is there, begin at the estimate of all rows and share
#' the threads. Whatever is learnt from all rows before the fit, such as the knots of splines or a
#' standardisation by `scale()`, stays as it is: only the coefficients are fitted anew. So the
#' predictions are those of a loop of fits whose `weights` are 0 in a fold.
#'
#' Where a fit of a training set is separated, or does not converge, or lacks coefficients (a column
#' that depends on others there, as a level that only the fold has), the predictions are those that
#' [predict.fastlogit()] makes of such a fit: by the coefficients that it stopped at, which are
#' large, and by zero for those that are `NA`. A warning (of class `"fastlogit_folds"`) names the
#' folds.
#'
#' Of matched sets (fits by [fastclogit()]) folds are of whole sets, those that vary in equal
#' numbers, and what is predicted is the probability of each row to be a case given how many its set
#' has.
#'
#' @param fit a fit by [fastlogit()], [fastmultinom()], [fastordinal()] or [fastclogit()], penalised
#'   or not; of rows in memory, and not of a survey design.
#' @param folds the number of folds, drawn at random so that each has the outcomes in nearly the
#'   same shares (rows of proportions are a kind of their own); as many as there are rows leave one
#'   out at a time. Or folds of your own: a value for each row, equal for rows of the same fold, or
#'   a list with the numbers of the rows of each.
#' @param by `NULL`, or whose rows must not be told apart: a formula such as `~ id`, evaluated in
#'   the data of the fit, or a value for each row. All rows of a group are in the same fold; folds
#'   have equal numbers of groups, but for one, and are not stratified.
#' @param repeats how often to draw folds.
#' @param metrics which measures, by their names in [metrics()], of matched sets by default with
#'   `"concordance"` for `"auc"`; `NULL`: all that it has for the
#'   model. Where the weights of a fold's rows differ they count as in `metrics()`.
#' @param seed a number for [set.seed()], after which the random numbers of the session go on as if
#'   nothing had been drawn; or `NULL`: the session's own random numbers.
#' @param threads the number of threads, by default as many as there are cores. The results do not
#'   depend on it, down to the last bit.
#' @param ... nothing: an unknown argument is an error.
#' @return A data frame of class `"cross_validation"` with a row for each measure, named as in
#'   [metrics()], and the columns
#'   \item{measure}{in words.}
#'   \item{estimate}{the mean over the folds (of all repeats).}
#'   \item{std.error}{the standard deviation over the folds of a repeat (the root of the mean
#'     variance, over repeats), divided by the root of the number of folds. Folds share training
#'     rows, so that it is a guide, and no more.}
#'
#'   Its attributes are
#'   \item{predictions}{what the fits predict of the rows that they have not seen, in the order of
#'     the rows: probabilities of success, a vector, or a matrix with a column for each repeat. Of
#'     many classes a matrix with a column for each class, or an array of rows, classes and repeats.
#'     With `na.exclude` rows that were left out are `NA`.}
#'   \item{folds}{a data frame with a row for each fold: `repeat`, `fold`, its number of `rows`, the
#'     `status` of the fit without it (`"converged"`, `"separated"` or `"not converged"`),
#'     `aliased`, how many coefficients that fit lacks beyond those of all rows, and the measures in
#'     the fold.}
#'   \item{fold}{the number of each row's fold, a matrix with a column for each repeat.}
#' @section Errors and missing answers:
#' A measure that one of the folds does not have, as the AUC of a fold without a success, is `NA`,
#' with the folds named below the table. It is an error if a predicted probability is above 1, as it
#' may be under the log link.
#' @references
#' Stone, M. (1974) Cross-validatory choice and assessment of statistical predictions. *Journal of
#' the Royal Statistical Society, Series B* **36**, 111-147.
#' @seealso [metrics()], [bootstrap()]
#' @examples
#' fit <- fastlogit(case ~ spontaneous + induced, data = infert)
#' cv <- cross_validate(fit, by = ~ stratum, seed = 1)
#' cv
#' attr(cv, "folds")
#' head(attr(cv, "predictions"))
#' @export
cross_validate <- function(fit, folds = 10, by = NULL, repeats = 1,
                           metrics = c("log_loss", "brier", "auc", "accuracy"), seed = NULL,
                           threads = NULL, ...) {
  check_no_unknown()
  check_is_fit(fit)
  check_that(
    is_number(repeats) && repeats >= 1 && repeats == round(repeats), repeats,
    "`repeats` must be a number of repeats, at least 1"
  )
  nest <- nest_of_refits(fit, threads, "cross_validate()")
  rows <- all_rated_rows(fit)
  rows$new <- TRUE
  if (missing(metrics) && is_of_sets(fit)) metrics[metrics == "auc"] <- "concordance"
  metrics <- check_metrics(metrics, rows)
  of <- with_stream(seed, folds_of_rows(fit, rows, folds, by, repeats))
  check_training_sets(of, rows$weights)
  count <- length(of$names)
  found <- refits_of(nest, count * repeats, function(numbers) {
    outside_folds(of$of_row, numbers, count)
  }, "cross-validation: fold")
  predicted <- lapply(seq_len(repeats), function(i) {
    of_repeat <- found$coefficients[, (i - 1L) * count + seq_len(count), drop = FALSE]
    predict_folds(fit, nest, rows, of_repeat, of$of_row[, i])
  })
  table <- table_of_folds(fit, found, of, predicted, metrics)
  report_folds(table)
  out <- as_result_table(
    summary_of_folds(table, metrics, count), "cross_validation",
    title_of_folds(of, rows, repeats), notes_on_folds(table, metrics), axis = NULL
  )
  attr(out, "predictions") <- shaped_predictions(fit, predicted)
  attr(out, "folds") <- table
  attr(out, "fold") <- of$of_row
  out
}

# 1 for rows that are not in the folds by these numbers, counted repeat by repeat; else 0.
outside_folds <- function(of_row, numbers, count) {
  in_repeat <- of_row[, (numbers - 1L) %/% count + 1L, drop = FALSE]
  (in_repeat != rep((numbers - 1L) %% count + 1L, each = nrow(of_row))) + 0
}

# By name; NULL: all that there are.
check_metrics <- function(metrics, rows) {
  known <- measures_known(rows)
  if (is.null(metrics)) return(known)
  if (is.character(metrics) && length(metrics) && all(metrics %in% known)) return(unique(metrics))
  unknown <- if (is.character(metrics)) setdiff(metrics, known)
  input_error(
    "`metrics` must name measures, ", listed(paste0("\"", known, "\""), 10L), ": found ",
    if (length(unknown)) listed(paste0("\"", unknown, "\"")) else described(metrics), "."
  )
}

check_training_sets <- function(of, weights) {
  for (i in seq_len(ncol(of$of_row))) {
    total <- tapply(weights > 0, of$of_row[, i], sum)
    all <- which(total == sum(weights > 0))
    if (length(all)) {
      input_error("fold \"", of$names[all[1L]], "\" has all rows of weight above zero.")
    }
  }
}

# The rows as the fits without them predict them.
predict_folds <- function(fit, nest, rows, coefficients, fold) {
  if (is_of_sets(fit)) return(predict_set_folds(nest, rows, coefficients, fold))
  model <- nest$model
  if (is_ordered_fit(fit)) model$around <- FALSE
  problem <- problem_of(nest$rows, model, nest$control$threads)
  rows$eta <- predictors_by_group_impl(problem, coefficients, fold)
  if (is_ordered_fit(fit)) {
    check_order_of_cuts(fit, rows$eta, "the folds")
    rows$probability <- ordered_probabilities(rows$eta, fit$steps, fit$link)
  } else if (is_of_classes(fit)) {
    rows$probability <- class_probabilities(rows$eta)
  } else {
    success <- check_probabilities(fit$family$linkinv(rows$eta[, 1L]), fit, "the folds")
    rows$probability <- cbind(1 - success, success, deparse.level = 0L)
  }
  rows
}

# As the fits without them predict them. coefficients: by fold.
predict_set_folds <- function(nest, rows, coefficients, fold) {
  x <- design_matrix(nest$rows$design)
  rows$eta <- matrix(rowSums(x * t(coefficients)[fold, , drop = FALSE]))
  if (!is.null(nest$rows$offset)) rows$eta <- rows$eta + nest$rows$offset
  with_chances(rows)
}

# --- tables ---------------------------------------------------------------------------------------

# A row for each fold, with its measures.
table_of_folds <- function(fit, found, of, predicted, metrics) {
  parts <- expand.grid(fold = seq_along(of$names), `repeat` = seq_along(predicted))
  measures <- t(vapply(seq_len(nrow(parts)), function(i) {
    rows <- predicted[[parts[["repeat"]][i]]]
    in_fold <- of$of_row[, parts[["repeat"]][i]] == parts$fold[i]
    measures_of_fold(some_rated_rows(rows, which(in_fold & rows$weights > 0)), metrics)
  }, stats::setNames(numeric(length(metrics)), metrics)))
  if (length(metrics) == 1L) measures <- matrix(measures, dimnames = list(NULL, metrics))
  predictors <- nrow(found$coefficients) / nrow(found$aliased)
  lost <- found$aliased & !is.na(core_values(fit))[seq_len(nrow(found$aliased))]
  data.frame(
    `repeat` = parts[["repeat"]], fold = of$names[parts$fold],
    rows = as.vector(apply(of$of_row, 2L, tabulate, length(of$names))), status = found$status,
    aliased = colSums(lost) * predictors, measures, check.names = FALSE
  )
}

# NA of a fold without rows of positive weight.
measures_of_fold <- function(rows, metrics) {
  if (length(rows$weights) == 0L) return(rep(NA_real_, length(metrics)))
  measures_of(rows, metrics)$estimate[metrics]
}

summary_of_folds <- function(table, metrics, count) {
  measures <- as.matrix(table[metrics])
  variances <- rowsum(
    (measures - means_by(measures, table[["repeat"]]))^2, table[["repeat"]]
  ) / (count - 1)
  data.frame(
    measure = unname(names_of_measures[metrics]), estimate = unname(colMeans(measures)),
    std.error = unname(sqrt(colMeans(variances) / count)), row.names = metrics
  )
}

# Of each row that of its group.
means_by <- function(values, group) {
  (rowsum(values, group) / as.vector(table(group)))[as.character(group), , drop = FALSE]
}

title_of_folds <- function(of, rows, repeats) {
  paste0(
    "Cross-validation of ", counted(sum(rows$weights > 0), "row"), " in ",
    counted(length(of$names), "fold"), of$title,
    if (repeats > 1) paste0(", ", repeats, " times")
  )
}

notes_on_folds <- function(table, metrics) {
  lost <- Filter(function(name) anyNA(table[[name]]), metrics)
  c(
    "Means over the folds of what fits of the other rows predict.",
    vapply(lost, function(name) {
      paste0(
        names_of_measures[[name]], ": not to be had in ", folds_listed(table, is.na(table[[name]])),
        "."
      )
    }, "", USE.NAMES = FALSE),
    told_folds(table)
  )
}

# "folds 2, 7"
folds_listed <- function(table, which) {
  which <- which(which)
  several <- max(table[["repeat"]]) > 1L
  names <- paste0(table$fold[which], if (several) paste0(" of repeat ", table[["repeat"]][which]))
  paste(if (length(which) == 1L) "fold" else "folds", listed(names, 5L))
}

# What went wrong without them.
told_folds <- function(table) {
  of <- function(which, what) if (any(which)) paste0("Without ", folds_listed(table, which), what)
  c(
    of(table$status == "separated", " the rows are separated: predictions are by large estimates."),
    of(table$status == "not converged", " the fit did not converge."),
    of(table$aliased > 0, paste0(
      " columns depend on others, and count as zero in predictions, which may be misleading."
    ))
  )
}

report_folds <- function(table) {
  told <- told_folds(table)
  if (length(told)) fit_warning("fastlogit_folds", paste(told, collapse = " "))
}

# In the order of the rows, without a dimension of one repeat.
shaped_predictions <- function(fit, predicted) {
  many <- is_of_many(fit) && length(fit$lab) > 2L
  shown <- lapply(predicted, function(rows) {
    of_success <- if (many) rows$probability else rows$probability[, 2L]
    stats::napredict(fit$na.action, named_predictions(fit, of_success, many))
  })
  if (length(shown) == 1L) return(shown[[1L]])
  if (!many) return(do.call(cbind, shown))
  array(unlist(shown), c(dim(shown[[1L]]), length(shown)), c(dimnames(shown[[1L]]), list(NULL)))
}

named_predictions <- function(fit, values, many) {
  if (many) return(`dimnames<-`(values, list(rownames(fit$fitted.values), fit$lab)))
  fitted <- fit$fitted.values
  stats::setNames(values, if (is.matrix(fitted)) rownames(fitted) else names(fitted))
}
