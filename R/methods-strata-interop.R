# Matched sets, other packages: what they do with a clogit is right for ours as well where nothing
# stands here.

#' @exportS3Method generics::tidy
tidy.fastclogit <- function(x, conf.int = FALSE, conf.level = 0.95, exponentiate = FALSE,
                            vcov = NULL, ...) {
  warn_of_unknown()
  found <- covariance_of(x, vcov)
  table <- data.frame(
    term = names(x$coefficients), tidy_columns(shown_estimates(x), errors_by(found), found$df)
  )
  if (conf.int) {
    check_level(conf.level, "conf.level")
    bounds <- stats::confint(x, level = conf.level, vcov = vcov)
    table$conf.low <- unname(bounds[, 1L])
    table$conf.high <- unname(bounds[, 2L])
  }
  as_tibble_if_any(if (exponentiate) as_ratios(table) else table)
}

#' @exportS3Method generics::glance
glance.fastclogit <- function(x, vcov = NULL, ...) {
  warn_of_unknown()
  of <- summary(x)
  as_tibble_if_any(with_vcov_type(data.frame(
    n = x$n, nevent = x$nevent, sets = x$sets$used,
    statistic.log = of$logtest[["test"]], p.value.log = of$logtest[["pvalue"]],
    statistic.sc = of$sctest[["test"]], p.value.sc = of$sctest[["pvalue"]],
    statistic.wald = of$waldtest[["test"]], p.value.wald = of$waldtest[["pvalue"]],
    r.squared = of$rsq[["rsq"]], r.squared.max = of$rsq[["maxrsq"]],
    concordance = of$concordance[[1L]] %||% NA_real_,
    std.error.concordance = of$concordance[[2L]] %||% NA_real_,
    logLik = as.numeric(stats::logLik(x)), AIC = stats::AIC(x), BIC = stats::BIC(x),
    nobs = stats::nobs(x)
  ), x, vcov))
}

#' @exportS3Method generics::augment
augment.fastclogit <- function(x, data = stats::model.frame(x), newdata = NULL, se_fit = FALSE,
                               type.predict = "expected", ...) {
  warn_of_unknown()
  rows <- if (is.null(newdata)) data else newdata
  found <- if (is.null(newdata)) {
    stats::predict(x, type = type.predict, se.fit = se_fit)
  } else {
    stats::predict(x, newdata, type = type.predict, se.fit = se_fit)
  }
  out <- as_tibble_if_any(as.data.frame(rows))
  out$.fitted <- unname(if (se_fit) found$fit else found)
  if (se_fit) out$.se.fit <- unname(found$se.fit)
  if (is.null(newdata)) out$.resid <- unname(stats::residuals(x))
  out
}

# Of the probability of a row one cannot make a curve over time.
#' @exportS3Method survival::survfit
survfit.fastclogit <- function(formula, ...) {
  input_error(
    "there are no survival curves of matched sets: the time of their rows has no meaning. See ",
    "predict(type = \"expected\") for the probabilities within sets."
  )
}

#' @exportS3Method survival::concordance
concordance.fastclogit <- function(object, ...) {
  inherited_method("survival", "concordance", "coxph")(in_memory(object), ...)
}

# The derivatives of the rows' part in the log-likelihood: their sums over sets are independent.
#' @exportS3Method sandwich::estfun
estfun.fastclogit <- function(x, ...) {
  x <- in_memory(x)
  scores <- own_set_rows(x)$x * x$residuals * (x$weights %||% 1)
  scores[, !is.na(x$coefficients), drop = FALSE]
}

#' @exportS3Method sandwich::bread
bread.fastclogit <- function(x, ...) {
  stats::vcov(x, complete = FALSE) * number_of_rows(x)
}

# z tests, with the coefficients that there are.
#' @exportS3Method emmeans::emm_basis
emm_basis.fastclogit <- function(object, trms, xlev, grid, ...) {
  if (is_separated(object)) {
    object <- limit_model(object) %||% refuse_wald(object, "emmeans", "predict(se.fit = TRUE)")
  }
  frame <- stats::model.frame(
    trms, grid, na.action = stats::na.pass, xlev = xlev
  )
  attr(trms, "intercept") <- 1L
  x <- stats::model.matrix(trms, frame, contrasts.arg = object$contrasts)[, -1L, drop = FALSE]
  list(
    X = x, bhat = object$coefficients, nbasis = not_estimable(object),
    V = stats::vcov(object, complete = FALSE),
    dffun = function(k, dfargs) Inf, dfargs = list(),
    misc = list(tran = "log", inv.lbl = "odds")
  )
}

# What the rows, less the means of their sets, do not tell.
not_estimable <- function(fit) {
  if (!anyNA(fit$coefficients)) return(matrix(NA))
  estimability::nonest.basis(about_sets(stats::model.matrix(fit), in_memory(fit)$set))
}

#' @exportS3Method emmeans::recover_data
recover_data.fastclogit <- function(object, ...) {
  terms <- stats::delete.response(object$terms)
  strata <- strata_terms(object$terms)$terms
  kept <- stats::drop.terms(terms, strata, keep.response = FALSE)
  emmeans::recover_data(
    object$call, kept, object$na.action, frame = stats::model.frame(object), ...
  )
}
