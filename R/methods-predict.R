#' Predictions from a logistic regression
#'
#' Linear predictors (log odds), probabilities and terms, as from [stats::predict.glm()], and
#' classes and confidence intervals.
#'
#' @param object a fit by [fastlogit()].
#' @param newdata a data frame; by default the rows of the fit.
#' @param type `"link"`: linear predictors; `"response"`, or `"probs"` as for many classes:
#'   probabilities of success; `"terms"`: the terms' contributions to the linear predictor, a
#'   matrix; `"class"`: the more probable outcome, a factor (the levels of the response where that
#'   is a factor, otherwise `"0"` and `"1"`, or `"FALSE"` and `"TRUE"`). With `interval =
#'   "confidence"` the default is `"response"`.
#' @param se.fit logical: standard errors as well?
#' @param interval `"none"` or `"confidence"`: symmetric on the scale of the linear predictor, and
#'   taken to the probabilities by the inverse link.
#' @param level the confidence level.
#' @param threshold for `"class"`: success is predicted where its probability is at least this.
#' @param dispersion,terms,na.action as for [stats::predict.glm()].
#' @param vcov which covariance matrix standard errors and intervals come from, see [covariances].
#' @param ... disregarded, with a warning.
#' @return As `predict.glm()`: a vector of a value for each of the n rows, on the scale that `type`
#'   names: log odds for `"link"` and the logit link, probabilities for `"response"`; for `"terms"`
#'   a matrix of n rows and a column for each term, on the scale of the linear predictor, with the
#'   attribute `constant`; for `"class"` a factor of length n. With `se.fit` a list of `fit`,
#'   `se.fit` (of the same shape) and `residual.scale`. With an interval a matrix of columns `fit`,
#'   `lower` and `upper`, one row for each row of the data; with both a list as
#'   [stats::predict.lm()] has it: `fit`, a matrix of columns `fit`, `lwr` and `upr`, `se.fit`, `df`
#'   and `residual.scale`.
#' @section Standard errors:
#' Under separation a linear predictor that goes to infinity has the standard error `Inf`, and its
#' mean has none (`NA`): its interval is all that is possible. The other linear predictors have the
#' standard errors that they tend to, those of the rows that separation leaves; see [separation()].
#' Where the information at the estimate is not positive definite, standard errors are `NA`, with a
#' warning.
#' @seealso [classify()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring)
#' predict(fit, data.frame(temp = c(31, 53, 70)), type = "response")
#' predict(fit, data.frame(temp = 31), interval = "confidence", level = 0.9)
#' predict(fit, type = "class")
#' @export
predict.fastlogit <- function(object, newdata = NULL,
                              type = c("link", "response", "terms", "class", "probs"),
                              se.fit = FALSE, interval = c("none", "confidence"), level = 0.95,
                              threshold = 0.5, dispersion = NULL, terms = NULL,
                              na.action = stats::na.pass, vcov = NULL, ...) {
  warn_of_unknown()
  interval <- check_choice(interval, c("none", "confidence"), "interval")
  if (missing(type) && interval == "confidence") type <- "response"
  type <- check_choice(type, c("link", "response", "terms", "class", "probs"), "type")
  if (type == "probs") type <- "response"
  se.fit <- check_flag(se.fit, "se.fit")
  given <- !missing(newdata)  # glm() pads for na.exclude only where it is not
  check_level(level, "level")
  newdata <- without_long_integers(newdata)
  if (type %in% c("response", "class")) check_rows_of_link(object, newdata)
  # Terms are relative to the means of the fit's rows.
  if (is.null(newdata) || type == "terms") object <- in_memory(object)
  check_has_errors(type, se.fit, interval)
  arguments <- list(newdata = newdata, terms = terms, na.action = na.action)
  if (!given) arguments$newdata <- NULL
  values <- function(type) {
    if (is.null(newdata)) return(predicted_values(object, newdata, type, arguments))
    with_newdata_errors(
      object, newdata, na.action, predicted_values(object, newdata, type, arguments)
    )
  }
  if (type == "class") return(as_class(values("response"), object, threshold))
  if (!se.fit && interval == "none") return(values(type))
  predicted <- values(if (type == "terms") type else "link")
  how <- list(dispersion = dispersion, na.action = na.action, pad = !given)
  if (!is.null(vcov) || is_surveyed(object)) how$found <- covariance_of(object, vcov)
  found <- with_errors(predicted, object, newdata, type, how)
  if (interval == "none") return(found[c("fit", "se.fit", "residual.scale")])
  df <- if (is.null(how$found)) own_df(object) else how$found$df
  limits <- confidence_limits(found, object, level, type, df)
  if (!se.fit) return(limits)
  # As predict.lm() has it.
  colnames(limits) <- c("fit", "lwr", "upr")
  c(list(fit = limits), found["se.fit"], list(df = object$df.residual), found["residual.scale"])
}

check_has_errors <- function(type, se.fit, interval) {
  if (type == "class" && (se.fit || interval != "none")) {
    input_error("there are neither standard errors nor intervals for `type = \"class\"`.")
  }
  if (type == "terms" && interval != "none") {
    input_error("there are no intervals for `type = \"terms\"`.")
  }
}

# By predict.glm(), with these arguments; those of the fit's own rows are at hand.
predicted_values <- function(object, newdata, type, arguments) {
  if (is.null(newdata) && type != "terms") {
    values <- if (type == "response") object$fitted.values else object$linear.predictors
    padded <- !"newdata" %in% names(arguments)
    return(if (padded) stats::napredict(.subset2(object, "na.action"), values) else values)
  }
  # Without rows, the inverse link has nothing to work on.
  if (type == "response" && NROW(newdata) == 0L) type <- "link"
  if (is_sparse_fit(object) && type != "terms") {
    return(predict_sparse(object, newdata, type, arguments$na.action))
  }
  light <- as_light_glm(object)
  offsets <- c(attr(object$terms, "offset"), object$call$offset)
  if (!is.null(newdata) && length(offsets)) {
    # predict.lm() would look for them in its package's environment, and in all rows.
    frame <- frame_of_newdata(object, newdata, arguments$na.action)
    light$call$offset <- offset_of_newdata(object, newdata, frame)
    attr(light$terms, "offset") <- NULL
  }
  arguments <- c(list(light, type = type), arguments)
  with_classed_warnings("fastlogit_predict_warning", do.call(stats::predict.glm, arguments))
}

# Limits on the scale of the linear predictor, taken to the means for `type = "response"`.
confidence_limits <- function(found, object, level, type, df) {
  half <- quantile_for(level, df) * found$link.error
  limits <- cbind(fit = found$link, lower = found$link - half, upper = found$link + half)
  if (type != "response" || !length(limits)) return(limits)
  # Beyond the edges of the link's domain there are no means.
  domain <- domain_of(object$family, rows_of_links(object))
  means <- limits
  means[] <- object$family$linkinv(pmin(pmax(limits, domain[1L]), domain[2L]))
  falling <- which(means[, "lower"] > means[, "upper"])  # as some links of users' are
  if (length(falling) == 0L) return(means)
  means[falling, c("lower", "upper")] <- means[falling, c("upper", "lower")]
  means
}

# A user's link by rows knows the rows of the fit only.
check_rows_of_link <- function(object, newdata) {
  if (is.null(newdata) || core_link(object$family) != user_link) return(invisible())
  rows <- rows_of_links(object)
  if (NROW(newdata) %in% rows || !is_by_row(object$family, rows)) return(invisible())
  input_error(
    "the ", name_of_link(object$family), " link gives each of the ", counted(rows, "row"),
    " of the fit a link of its own, which ", counted(NROW(newdata), "other row"),
    " do not have: ask for `type = \"link\"`."
  )
}

# As describe_link() takes it.
rows_of_links <- function(object) if (!is_stored(object)) number_of_rows(object)

check_level <- function(level, name) {
  inside <- is_number(level) && level > 0 && level < 1
  check_that(inside, level, "`", name, "` must be a number between 0 and 1")
}

as_class <- function(probability, object, threshold) {
  check_level(threshold, "threshold")
  levels <- object$outcomes
  factor(stats::setNames(levels[(probability >= threshold) + 1L], names(probability)), levels)
}

#' Classify rows by their predicted probability
#'
#' The outcome that is predicted for each row: of two, success from a threshold on; of many, the
#' most probable one.
#'
#' @param fit a fit by [fastlogit()], or one by [fastmultinom()], of which the most probable class
#'   is predicted.
#' @param newdata a data frame; by default the rows of the fit.
#' @param threshold of a fit by [fastlogit()]: a row is classified as a success where its predicted
#'   probability is at least this.
#' @param ... `na.action`, as for [predict.fastlogit()].
#' @return A factor of a value for each row, as `predict(fit, newdata, type = "class")`, with the
#'   names of the rows; its levels are the outcomes.
#' @seealso [predict.fastlogit()], [metrics()]
#' @examples
#' two <- droplevels(subset(iris, Species != "setosa"))
#' fit <- fastlogit(Species ~ Petal.Length + Petal.Width, data = two)
#' table(two$Species, classify(fit))
#' @export
classify <- function(fit, newdata = NULL, threshold = 0.5, ...) {
  check_no_unknown(also = "na.action")
  if (inherits(fit, "fastmultinom")) {
    if (!missing(threshold)) {
      input_error("`threshold` is for fits by fastlogit(): of classes the most probable is taken.")
    }
    return(stats::predict(fit, newdata, type = "class", ...))
  }
  check_fit(fit, "fit")
  if (is.null(newdata)) return(stats::predict(fit, type = "class", threshold = threshold, ...))
  stats::predict(fit, newdata, type = "class", threshold = threshold, ...)
}

#' @importFrom stats residuals
#' @export
residuals.fastlogit <- function(object, type = c("deviance", "pearson", "working", "response",
                                                 "partial"), ...) {
  warn_of_unknown()
  if (has_values_by_row(object)) return(NextMethod())
  object <- in_memory(object)
  type <- check_choice(type, eval(formals()$type), "type")
  if (type == "partial") return(stats::residuals(object, type, ...))
  # A million names cost more than the residuals, each time that something is computed from them.
  names <- names(object$residuals)
  omitted <- object$na.action
  object["na.action"] <- list(NULL)
  object[row_components] <- lapply(unclass(object)[row_components], unname)
  values <- stats::residuals(object, type, ...)
  names(values) <- names
  stats::naresid(omitted, values)
}

#' @importFrom stats simulate
#' @export
simulate.fastlogit <- function(object, nsim = 1, seed = NULL, ...) {
  warn_of_unknown()
  if (has_values_by_row(object)) return(NextMethod())
  stats::simulate(in_memory(object), nsim, seed, ...)
}

# A data frame of draws, and the seed as stats' methods have it.
simulated <- function(nsim, seed, row_names, draw) {
  if (!exists(".Random.seed", envir = globalenv(), inherits = FALSE)) stats::runif(1L)
  state <- before <- get(".Random.seed", envir = globalenv())
  if (!is.null(seed)) {
    set.seed(seed)
    state <- structure(seed, kind = as.list(RNGkind()))
    on.exit(assign(".Random.seed", before, envir = globalenv()))
  }
  draws <- lapply(seq_len(nsim), function(i) draw())
  structure(
    draws, names = paste0("sim_", seq_len(nsim)), class = "data.frame", row.names = row_names,
    seed = state
  )
}

# As predict.glm(), for links and means.
predict_sparse <- function(fit, newdata, type, na.action) {
  rows <- sparse_rows(fit, newdata, na.action)
  eta <- rows$offset + rows$padded(rows$x %*% ifelse(is.na(fit$coefficients), 0, fit$coefficients))
  if (length(eta)) names(eta) <- rows$names
  value <- if (type == "response") fit$family$linkinv(eta) else eta
  if (fit$rank < length(fit$coefficients)) warn_rank_deficient()
  value
}

warn_rank_deficient <- function() {
  fit_warning("fastlogit_rank_deficient", "prediction from a rank-deficient fit may be misleading")
}
