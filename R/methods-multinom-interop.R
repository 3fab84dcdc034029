# Many classes, other packages. What they do with a multinom is right for ours as well where nothing
# stands here: emmeans for factor responses, effects, car's deltaMethod, insight, performance,
# parameters. The methods below are registered when, and only when, the package is there.

# --- broom ---------------------------------------------------------------------------------------

# As broom's; a class is named also where there are only two, and counts are a response like others.
#' @exportS3Method generics::tidy
tidy.fastmultinom <- function(x, conf.int = FALSE, conf.level = 0.95, exponentiate = FALSE, ...) {
  coefficients <- coefficient_matrix(x)
  estimate <- as.vector(t(coefficients))
  error <- unname(sqrt(diag(vcov.fastmultinom(x))))
  table <- data.frame(
    y.level = rep(rownames(coefficients), each = ncol(coefficients)),
    term = rep(colnames(coefficients), nrow(coefficients)), estimate = estimate, std.error = error,
    statistic = estimate / error, p.value = 2 * stats::pnorm(-abs(estimate / error))
  )
  if (conf.int) {
    check_level(conf.level, "conf.level")
    half <- stats::qnorm((1 + conf.level) / 2) * error
    table$conf.low <- estimate - half
    table$conf.high <- estimate + half
  }
  if (exponentiate) {
    ratios <- intersect(c("estimate", "conf.low", "conf.high"), names(table))
    table[ratios] <- lapply(table[ratios], exp)
  }
  as_tibble_if_any(table)
}

# broom counts the rows, not their weights.
#' @exportS3Method generics::glance
glance.fastmultinom <- function(x, ...) {
  as_tibble_if_any(data.frame(
    edf = x$edf, deviance = x$deviance, AIC = x$AIC, nobs = nrow(x$residuals)
  ))
}

# `.fitted` is the predicted class, as for broom's other models of classes; the probabilities follow
# as `.fitted_<class>`, and their standard errors as `.se.fit_<class>`.
#' @exportS3Method generics::augment
augment.fastmultinom <- function(x, data = stats::model.frame(x), newdata = NULL, se_fit = FALSE,
                                 ...) {
  rows <- if (is.null(newdata)) data else newdata
  found <- predict_all_classes(x, rows, se_fit)
  out <- as_tibble_if_any(as.data.frame(rows))
  out$.fitted <- most_probable(found$fit, x$lab)
  out[paste0(".fitted_", x$lab)] <- as.data.frame(found$fit)
  if (se_fit) out[paste0(".se.fit_", x$lab)] <- as.data.frame(found$se.fit)
  out
}

# n x K matrices, whatever n and K.
predict_all_classes <- function(fit, newdata, se_fit = FALSE) {
  rows <- rows_to_predict(fit, newdata, stats::na.pass, design = se_fit)
  found <- predict_probabilities(fit, rows, se_fit, 0.95)
  lapply(found, function(values) `dimnames<-`(values, list(NULL, fit$lab)))
}

as_tibble_if_any <- function(table) {
  if (requireNamespace("tibble", quietly = TRUE)) tibble::as_tibble(table) else table
}

# --- sandwich, lmtest ----------------------------------------------------------------------------

# n x (K - 1)p, in the order of vcov(): the derivatives of each row's log-likelihood.
#' @exportS3Method sandwich::estfun
estfun.fastmultinom <- function(x, ...) {
  design <- stats::model.matrix(x)
  coefficients <- coefficient_matrix(x)
  kept <- !is.na(coefficients[1L, ])
  design <- design[, kept, drop = FALSE]
  scores <- as.vector(x$weights) * all_residuals(x)[, -1L, drop = FALSE]
  blocks <- lapply(seq_len(ncol(scores)), function(k) scores[, k] * design)
  scores <- do.call(cbind, blocks)
  colnames(scores) <- coefficient_names(coefficients[, kept, drop = FALSE])
  scores
}

# sandwich() divides by the number of rows of estfun().
#' @exportS3Method sandwich::bread
bread.fastmultinom <- function(x, ...) {
  vcov.fastmultinom(x, complete = FALSE) * nrow(x$residuals)
}

# lmtest's default methods expect a vector of coefficients; the tests are z tests.
in_one_row <- function(fit) structure(fit, class = c("fastmultinom_row", class(fit)))

#' @export
coef.fastmultinom_row <- function(object, ...) {
  coefficients <- coefficient_matrix(object)
  known <- !is.na(as.vector(t(coefficients)))
  stats::setNames(as.vector(t(coefficients)), coefficient_names(coefficients))[known]
}

#' @export
vcov.fastmultinom_row <- function(object, complete = FALSE, ...) {
  vcov.fastmultinom(object, complete = FALSE)
}

#' @exportS3Method lmtest::coeftest
coeftest.fastmultinom <- function(x, vcov. = NULL, df = Inf, ...) {
  utils::getS3method("coeftest", "default", envir = asNamespace("lmtest"))(
    in_one_row(x), vcov. = vcov., df = df, ...
  )
}

#' @exportS3Method lmtest::coefci
coefci.fastmultinom <- function(x, parm = NULL, level = 0.95, vcov. = NULL, df = Inf, ...) {
  utils::getS3method("coefci", "default", envir = asNamespace("lmtest"))(
    in_one_row(x), parm = parm, level = level, vcov. = vcov., df = df, ...
  )
}

# --- car -----------------------------------------------------------------------------------------

# Likelihood-ratio tests as car's for a multinom, which are refits by multinom() of the columns of
# the design; these keep the offset, and end at the maximum.
#' @exportS3Method car::Anova
Anova.fastmultinom <- function(mod, type = c("II", "III", 2, 3), ...) {
  type <- check_choice(as.character(type), c("II", "III", "2", "3"), "type")
  second <- type %in% c("II", "2")
  terms <- attr(mod$terms, "term.labels")
  assign <- attr(stats::model.matrix(mod), "assign")
  factors <- attr(mod$terms, "factors") > 0
  # For type II, the terms that contain term i.
  above <- lapply(seq_along(terms), function(i) {
    contains <- colSums(factors[factors[, i], , drop = FALSE]) == sum(factors[, i])
    if (second) setdiff(which(contains), i) else integer()
  })
  without <- function(sets) deviances_without(mod, lapply(sets, function(s) which(assign %in% s)))
  smaller <- without(Map(c, seq_along(terms), above))
  larger <- without(above)
  statistic <- smaller$deviance - larger$deviance
  df <- larger$edf - smaller$edf
  table <- data.frame(
    `LR Chisq` = statistic, Df = df, `Pr(>Chisq)` = chi_squared_tail(statistic, df),
    check.names = FALSE, row.names = terms
  )
  heading <- paste0("Analysis of Deviance Table (Type ", if (second) "II" else "III", " tests)\n")
  structure(
    table,
    class = c("anova", "data.frame"),
    heading = c(heading, paste("Response:", deparse1(stats::formula(mod)[[2L]])))
  )
}

# --- emmeans -------------------------------------------------------------------------------------

# emmeans' own for a multinom, which takes the classes from `lev` (nnet has none for counts) and
# knows nothing of aliased columns: those go, and what cannot be estimated without them is NA.
#' @exportS3Method emmeans::emm_basis
emm_basis.fastmultinom <- function(object, trms, xlev, grid, ...) {
  object$lev <- object$lab
  basis <- utils::getS3method("emm_basis", "multinom", envir = asNamespace("emmeans"))(
    object, trms, xlev, grid, ...
  )
  kept <- !is.na(coefficient_matrix(object)[1L, ])
  if (all(kept)) return(basis)
  frame <- stats::model.frame(trms, grid, na.action = stats::na.pass, xlev = xlev)
  x <- stats::model.matrix(trms, frame, contrasts.arg = object$contrasts)
  not_estimable <- estimability::nonest.basis(stats::model.matrix(object))
  known <- estimability::is.estble(x, not_estimable)
  columns <- rep(kept, length(object$lab) - 1L)
  basis$X <- basis$X[, columns, drop = FALSE]
  basis$X[!rep(known, length(object$lab)), ] <- NA
  basis$bhat <- basis$bhat[columns]
  basis
}

# --- marginaleffects -----------------------------------------------------------------------------

#' @exportS3Method marginaleffects::get_coef
get_coef.fastmultinom <- function(model, ...) coef.fastmultinom_row(model)

# The fit at other coefficients, for numerical derivatives: what predict() reads of it.
#' @exportS3Method marginaleffects::set_coef
set_coef.fastmultinom <- function(model, coefs, ...) {
  coefficients <- coefficient_matrix(model)
  values <- as.vector(t(coefficients))
  values[!is.na(values)] <- coefs
  coefficients[] <- matrix(values, nrow(coefficients), byrow = TRUE)
  model$coefficients <- if (nrow(coefficients) == 1L) coefficients[1L, ] else coefficients
  model
}
