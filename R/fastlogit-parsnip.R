#' Engines for parsnip
#'
#' When packages fastlogit and parsnip are loaded, parsnip's `logistic_reg()` and `multinom_reg()`
#' know the engine `"fastlogit"`: `logistic_reg() |> set_engine("fastlogit") |> fit(formula, data)`.
#' It takes case weights, can be tuned (packages dials, tune), and works in workflows; `tidy()`,
#' `glance()` and `augment()` are those of the fit. These functions are what parsnip calls.
#'
#' Predictions are of type `"class"`, `"prob"` and `"raw"`, for two classes also `"conf_int"`, as of
#' the engines `"glm"` and `"nnet"`. As there, the second level of the outcome is the success of
#' `logistic_reg()`, and intervals are by t quantiles on the residual degrees of freedom.
#'
#' @section The penalty:
#' A number is the ridge penalty of glmnet (with `alpha = 0`), by its scale, so that engines can be
#' exchanged and tuned over the same grid: with the log-likelihood l and the sum of the
#' weights W the estimates maximise \eqn{l / W - penalty \sum_j s_j^2 \beta_j^2 / 2}{l / W -
#' penalty / 2 times the sum of s_j^2 beta_j^2}, where s_j is the (weighted) standard deviation of
#' column j with the divisor W; intercepts are left alone. For `multinom_reg()` the
#' sum is over the coefficients of all classes, and the penalty symmetric. By [penalty_ridge()]
#' that is `penalty_ridge(penalty * W * s^2, symmetric = )`. Unlike glmnet's, columns that depend on
#' others linearly are left out before.
#'
#' There is no lasso: `mixture` has to be 0, which is the default here. Other penalties are
#' arguments of the engine: `set_engine("fastlogit", penalty = "firth")`. So are the other arguments
#' of [fastlogit()] and [fastmultinom()].
#'
#' @param formula,data a formula, and a data frame.
#' @param weights case weights, numbers, or `NULL`.
#' @param penalty a non-negative number, see below, or a penalty as for [fastlogit()].
#' @param mixture 0.
#' @param ... arguments of [fastlogit()], or [fastmultinom()].
#' @return A fit by [fastlogit()], or by [fastmultinom()].
#' @seealso [penalty_ridge()]
#' @examples
#' fit_logistic_reg(fail ~ temp, data = oring, penalty = 0.1)
#' if (requireNamespace("parsnip", quietly = TRUE)) {
#'   spec <- parsnip::set_engine(parsnip::logistic_reg(penalty = 0.1), "fastlogit")
#'   parsnip::fit(spec, factor(fail) ~ temp, data = oring)
#' }
#' @export
fit_logistic_reg <- function(formula, data, weights = NULL, penalty = 0, mixture = 0, ...) {
  check_no_unknown(also = c(names(formals(fastlogit)), control_arguments))
  fit_of_engine(quote(fastlogit), formula, data, weights, penalty, mixture, ...)
}

#' @rdname fit_logistic_reg
#' @export
fit_multinom_reg <- function(formula, data, weights = NULL, penalty = 0, mixture = 0, ...) {
  check_no_unknown(also = c(names(formals(fastmultinom)), control_arguments, nnet_arguments))
  fit_of_engine(quote(fastmultinom), formula, data, weights, penalty, mixture, ...)
}

fit_of_engine <- function(door, formula, data, weights, penalty, mixture, ...) {
  check_no_lasso(mixture)
  call <- as.call(list(door, formula = formula, data = quote(data)))
  if (!is.null(weights)) {
    # By a name that no column of the data has, and where the formula's variables are looked up.
    call$weights <- as.name("(case weights)")
    found <- list2env(list(`(case weights)` = weights), parent = environment(formula))
    environment(call$formula) <- found
  }
  if (is.numeric(penalty)) {
    check_that(
      is_number(penalty) && penalty >= 0, penalty, "`penalty` must be a number, at least 0"
    )
    penalty <- if (penalty > 0) ridge_by_mean(call, data, penalty, list(...)) else "none"
  }
  if (!identical(penalty, "none")) call$penalty <- penalty
  eval(as.call(c(as.list(call), list(...))))
}

check_no_lasso <- function(mixture) {
  if (is.null(mixture) || identical(as.numeric(mixture), 0)) return(invisible())
  input_error(
    "`mixture` must be 0, which is ridge: found ", described(mixture), ". For the lasso, and for ",
    "what is between the two, use the engine \"glmnet\"."
  )
}

# glmnet's ridge penalty, which is of the mean log-likelihood, and of columns in units of their
# standard deviations. given: further arguments of the call.
ridge_by_mean <- function(call, data, lambda, given) {
  frame_call <- as.call(c(as.list(call), given[names(given) %in% c("subset", "na.action")]))
  frame_call[[1L]] <- quote(stats::model.frame)
  frame <- eval(frame_call)
  x <- stats::model.matrix(attr(frame, "terms"), frame, contrasts.arg = given$contrasts)
  x <- x[, colnames(x) != "(Intercept)", drop = FALSE]
  weights <- stats::model.weights(frame)
  weights <- if (is.null(weights)) rep(1, nrow(x)) else as.numeric(weights)
  sums <- colSums(weights * sweep(x, 2L, colSums(weights * x) / sum(weights))^2)
  if (length(sums) == 0L) return("none")
  penalty_ridge(lambda * sums, symmetric = identical(call[[1L]], quote(fastmultinom)))
}

# --- what parsnip is told -------------------------------------------------------------------------

register_engines <- function() {
  engine <- "fastlogit"
  known <- parsnip::get_from_env("logistic_reg")$engine
  if (engine %in% known) return(invisible())
  for (model in c("logistic_reg", "multinom_reg")) {
    tell <- function(what, ...) what(model, "classification", engine, ...)
    tell(parsnip::set_model_engine)
    parsnip::set_dependency(model, engine, "fastlogit", "classification")
    for (argument in c("penalty", "mixture")) {
      parsnip::set_model_arg(
        model, engine, argument, argument, list(pkg = "dials", fun = argument),
        has_submodel = FALSE
      )
    }
    tell(parsnip::set_fit, list(
      interface = "formula", protect = c("formula", "data", "weights"),
      func = c(pkg = "fastlogit", fun = paste0("fit_", model)), defaults = list()
    ))
    tell(parsnip::set_encoding, list(
      predictor_indicators = "traditional", compute_intercept = TRUE, remove_intercept = TRUE,
      allow_sparse_x = FALSE
    ))
  }
  # A fit is a glm, and what parsnip makes of that is told already.
  predictions <- parsnip::get_from_env("logistic_reg_predict")
  for (i in which(predictions$engine == "glm" & predictions$mode == "classification")) {
    parsnip::set_pred(
      "logistic_reg", "classification", engine, predictions$type[i], predictions$value[[i]]
    )
  }
  for (type in c("class", "prob", "raw")) {
    parsnip::set_pred(
      "multinom_reg", "classification", engine, type, prediction_of_classes(type)
    )
  }
}

prediction_of_classes <- function(type) {
  list(
    pre = NULL, post = if (type == "prob") probabilities_by_class, func = c(fun = "predict"),
    args = c(
      list(object = quote(object$fit), newdata = quote(new_data)),
      switch(type, class = list(type = "class"), prob = list(type = "probs"))
    )
  )
}

# predict() has a vector for one row, and for two classes the probability of the second.
probabilities_by_class <- function(x, object) {
  classes <- object$fit$lab
  if (is.null(dim(x))) {
    x <- if (length(classes) == 2L) cbind(1 - x, x) else matrix(x, 1L)
  }
  colnames(x) <- classes
  as_tibble_if_any(as.data.frame(x))
}
