# Random problems of two classes, and what must hold of any fit to them. A problem is a list:
#   data, formula, link
#   arguments   further arguments of glm(), quoted
#   label       what it is made of, in words
# A property is a function of the problem, the fit and glm()'s fit (NULL where that failed) that
# returns its disagreements in words: none, if it holds. The registry is binary_properties().

# --- problems ------------------------------------------------------------------------------------

one_of <- function(...) sample(list(...), 1L)[[1L]]

random_problem <- function(seed) with_seed(seed, make_problem())

make_problem <- function() {
  n <- sample(c(6:20, 30, 60, 120, 200), 1L)
  data <- random_columns(n)
  terms <- random_terms()
  eta <- stats::rnorm(1) + sample(c(0, 0.5, 1, 3), 1L) * as.numeric(scale(data$x)) +
    stats::rnorm(4)[data$f] * sample(c(0, 1), 1L)
  eta[is.na(eta)] <- 0
  link <- sample(all_links, 1L, prob = c(4, 2, 2, 1, 1))
  offset <- one_of(NULL, NULL, NULL, 0.5, 5, 50)
  # Far below zero a mean of the log link is nothing but zero.
  if (!is.null(offset) && link == "log") offset <- min(offset, 5)
  if (!is.null(offset)) data$o <- stats::rnorm(n, 0, offset) - (link == "log") * 3 * offset
  mean <- stats::plogis(eta)
  response <- random_response(n, mean)
  data <- cbind(data, response$columns)
  missing <- sample(c("none", "none", "omit", "exclude"), 1L)
  if (missing != "none") data$x[sample(n, 1L)] <- NA
  list(
    data = data, link = link,
    formula = stats::as.formula(paste(response$formula, "~", terms)),
    arguments = c(
      response$arguments, if (!is.null(offset)) alist(offset = o), random_contrasts(terms),
      if (missing == "exclude") alist(na.action = na.exclude)
    ),
    label = paste0(
      "n = ", n, ", ", link, ", ", response$formula, " ~ ", terms, ", weights ", response$weights,
      ", offset ", if (is.null(offset)) "none" else offset, ", missing ", missing
    )
  )
}

# Columns plain, whole, of odd units, nearly and exactly dependent; factors with an empty level and
# with a level of one row.
random_columns <- function(n) {
  data <- data.frame(
    x = round(stats::rnorm(n), 2), z = stats::rnorm(n), i = sample(0:3, n, TRUE),
    f = factor(sample(letters[1:4], n, TRUE), letters[1:5]),
    g = sample(c("u", "v"), n, TRUE), h = factor(sample(3, n, TRUE), ordered = TRUE),
    l = sample(c(TRUE, FALSE), n, TRUE)
  )
  data$alone <- factor(c("one", rep("more", n - 1L)))[sample(n)]
  data$big <- 1e9 * stats::rexp(n)
  data$small <- 1e-9 * stats::rnorm(n)
  data$twin <- data$z + 1e-6 * stats::rnorm(n)
  data$alias <- data$z + data$i
  if (sample(3L, 1L) == 1L) data <- data[sample(n, n, TRUE), ]
  rownames(data) <- NULL
  data
}

random_terms <- function() {
  sample(c(
    "1", "x", "z", "x + z", "x + i", "f", "f + x", "g * x", "f * g", "h", "h * z", "f:x", "x - 1",
    "f - 1", "f + x - 1", "l + x", "alone + z", "z + big", "z + small", "z + twin",
    "z + i + alias", "poly(z, 2) + g", "I(z^2) + z", "log(big) + h", "g * h", "x + z + i + g + h",
    "0 + x:g", "(x + z + i)^2", "alias + z + i + f", "big:g + small"
  ), 1L)
}

random_contrasts <- function(terms) {
  if (!grepl("f", terms) || sample(2L, 1L) == 1L) return(NULL)
  list(contrasts = list(f = sample(c("contr.sum", "contr.helmert", "contr.poly"), 1L)))
}

# The response in one of its forms, with weights of one of the kinds that go with it.
random_response <- function(n, mean) {
  y <- stats::rbinom(n, 1L, mean)
  if (sample(6L, 1L) == 1L) y <- as.integer(mean > 0.5)
  m <- sample(0:20, n, TRUE)
  m[sample(n, 1L)] <- 5L
  s <- stats::rbinom(n, m, mean)
  size <- 10^stats::runif(1, 6, 12)
  weights <- sample(c("none", "none", "zeros", "fractional", "large"), 1L)
  columns <- data.frame(
    y = y, l1 = y == 1L, yes = factor(c("no", "yes")[y + 1L], c("no", "yes")), s = s, fail = m - s,
    rate = ifelse(m > 0, s / pmax(m, 1L), 0), m = m,
    w = switch(weights,
      none = 1, zeros = sample(0:3, n, TRUE), fractional = round(stats::rexp(n), 3),
      large = round(size * stats::runif(n, 0.5, 1))
    )
  )
  if (all(columns$w == 0)) columns$w[1L] <- 1
  if (sample(4L, 1L) == 1L) {
    return(list(
      columns = columns, formula = "rate", weights = "trials", arguments = alist(weights = m)
    ))
  }
  list(
    columns = columns, formula = sample(c("y", "y", "l1", "yes", "cbind(s, fail)"), 1L),
    weights = weights, arguments = if (weights != "none") alist(weights = w)
  )
}

# --- fits ----------------------------------------------------------------------------------------

# The value and the classes of the warnings, or list(error =).
quietly_fitted <- function(code) {
  found <- tryCatch(
    suppressMessages(with_warning_classes(code)), error = function(e) list(error = e)
  )
  if (is.null(found$error)) c(list(fit = found$value), found["warnings"]) else found
}

fit_problem <- function(problem, fitter = "fastlogit", ...) {
  quietly_fitted(call_problem(problem, fitter, ...))
}

call_problem <- function(problem, fitter = "fastlogit", ..., data = problem$data) {
  formula <- problem$formula
  environment(formula) <- list2env(list(d = data), parent = globalenv())
  arguments <- utils::modifyList(as.list(problem$arguments), list(...))
  family <- call("binomial", link = problem$link)
  eval(
    as.call(c(as.name(fitter), formula, family = family, data = quote(d), arguments)),
    list(fastlogit = fastlogit, glm = stats::glm, binomial = stats::binomial),
    environment(formula)
  )
}

# glm() at its own full convergence, started where it does not go astray: NULL where it fails.
glm_of_problem <- function(problem, fit) {
  start <- unname(stats::coef(fit))
  start[is.na(start)] <- 0
  control <- list(epsilon = 1e-14, maxit = 200L)
  tried <- list(
    fit_problem(problem, "glm", control = control, start = start),
    fit_problem(problem, "glm", control = control)
  )
  fits <- Filter(function(fit) isTRUE(fit$converged), lapply(tried, `[[`, "fit"))
  if (!length(fits)) return(NULL)
  fits[[which.min(vapply(fits, stats::deviance, 0))]]
}

# What the properties of estimates need: the design of the columns that are estimated, the response,
# and whether the problem's own numbers leave digits to compare.
parts_of <- function(fit) {
  x <- stats::model.matrix(fit)
  kept <- !is.na(stats::coef(fit))
  used <- fit$prior.weights > 0
  list(
    x = x[used, kept, drop = FALSE], all = x, kept = kept, used = used,
    y = as.numeric(fit$y)[used], weights = as.numeric(fit$prior.weights)[used],
    offset = if (is.null(fit$offset)) numeric(sum(used)) else as.numeric(fit$offset)[used]
  )
}

is_separated <- function(fit) any(is.na(fit$separation) | fit$separation != 0)

# --- properties of the estimate ------------------------------------------------------------------

# At a fit's own coefficients, by formulae that clamp no mean.
moments_at <- function(fit, parts) {
  eta <- parts$offset
  if (ncol(parts$x)) eta <- eta + drop(parts$x %*% stats::coef(fit)[parts$kept])
  reference_moments(eta, parts$y, parts$weights, fit$family$link)
}

exact_deviance <- function(fit) {
  parts <- parts_of(fit)
  saturated <- sum(parts$weights * (xlogx(parts$y) + xlogx(1 - parts$y)))
  2 * (saturated - moments_at(fit, parts)$loglik)
}

# How far the score equations are from holding: in standard errors, the working residuals projected
# on the columns of sqrt(W) X; or beside the terms of their sums, where those are large and cancel.
distance_to_solution <- function(fit) {
  parts <- parts_of(fit)
  if (!ncol(parts$x)) return(0)
  moments <- moments_at(fit, parts)
  if (!is.finite(moments$loglik)) return(Inf)
  # The linear predictors themselves are rounded.
  size <- abs(parts$offset) + abs(parts$x) %*% abs(stats::coef(fit)[parts$kept])
  terms <- parts$x * moments$residual
  noise <- abs(parts$x) * drop(abs(moments$observed) * size) * 10 * .Machine$double.eps
  if (all(abs(colSums(terms)) <= 1e-9 * colSums(abs(terms)) + colSums(noise))) return(0)
  weight <- if (all(moments$observed >= 0)) moments$observed else moments$expected
  good <- weight > 0 & is.finite(weight)
  root <- sqrt(weight[good])
  columns <- parts$x[good, , drop = FALSE] * root
  columns <- columns / rep(pmax(sqrt(colSums(columns^2)), 1e-300), each = nrow(columns))
  decomposed <- qr(columns, tol = 1e-10)
  projected <- qr.qty(decomposed, moments$residual[good] / root)
  rounding <- 10 * .Machine$double.eps * sqrt(sum((root * size[good])^2))
  max(0, sqrt(sum(projected[seq_len(decomposed$rank)]^2)) - rounding)
}

property_solves <- function(problem, fit, glm_fit) {
  if (is_separated(fit) || !fit$converged || fit$boundary) return(character())
  distance <- distance_to_solution(fit)
  # Its square is the deviance still to be gained, which its rounding hides.
  if (distance < max(1e-6, 1e-8 * sqrt(stats::deviance(fit)))) return(character())
  sprintf("the score is %.2g standard errors from zero", distance)
}

# A likelihood that is concave in eta has a maximum unless the classes are separated.
property_converges <- function(problem, fit, glm_fit) {
  if (fit$converged || is_separated(fit)) return(character())
  if (problem$link == "cauchit" && is.null(glm_fit)) return(character())
  # Offsets lead to the edge of the log link's domain, where a fit may end with a warning.
  if (problem$link == "log" && "offset" %in% names(problem$arguments)) return(character())
  paste("not separated, and did not converge:", fit$status)
}

property_maximum <- function(problem, fit, glm_fit) {
  if (is.null(glm_fit) || !fit$converged) return(character())
  reached <- exact_deviance(glm_fit)
  if (!is.finite(reached) || stats::deviance(fit) <= reached * (1 + 1e-8) + 1e-8) {
    return(character())
  }
  sprintf("deviance %.10g, glm's is %.10g", stats::deviance(fit), reached)
}

property_separation <- function(problem, fit, glm_fit) {
  parts <- parts_of(fit)
  # Nearly dependent columns are beyond a linear program in the columns' own coordinates.
  if (!ncol(parts$all) || grepl("twin", deparse1(problem$formula))) return(character())
  truth <- brute_force(
    stats::model.matrix(fit), as.numeric(fit$y), as.numeric(fit$prior.weights), problem$link
  )
  if (identical(unname(fit$separation), truth$signs)) return(character())
  paste0(
    "separation ", paste(fit$separation, collapse = " "), ", by brute force ",
    paste(truth$signs, collapse = " ")
  )
}

# --- properties of the object --------------------------------------------------------------------

# Where glm() reached the same solution, everything it holds is the same, in units in which rounding
# of the solution does not show: the columns may be nearly dependent, so coefficients are compared
# in standard errors. glm() clamps means near 0 and 1, which changes its deviance there.
property_components <- function(problem, fit, glm_fit) {
  if (is.null(glm_fit) || !fit$converged || is_separated(fit) || fit$boundary) return(character())
  apart <- abs(stats::deviance(fit) - stats::deviance(glm_fit))
  clamped <- any(abs(glm_fit$fitted.values - 0.5) > 0.5 - 1e-9)
  if (clamped || apart > 1e-7 * (1 + stats::deviance(fit))) return(character())
  exact <- c(
    "rank", "df.residual", "df.null", "na.action", "xlevels", "contrasts", "prior.weights", "y",
    "offset", "terms", "model"
  )
  close <- c("deviance", "aic", "fitted.values", "linear.predictors", "weights")
  c(
    unlist(lapply(exact, differs, fit, glm_fit, 1e-12)),
    unlist(lapply(close, differs, fit, glm_fit, 1e-5)),
    estimates_differ(fit, glm_fit)
  )
}

differs <- function(name, fit, glm_fit, tolerance) {
  same <- all.equal(
    fit[[name]], glm_fit[[name]], tolerance = tolerance, ignore.formula.env = TRUE
  )
  if (isTRUE(same)) return(character())
  paste0("$", name, ": ", paste(same, collapse = "; "))
}

# The best intercept beside the offset.
property_null_deviance <- function(problem, fit, glm_fit) {
  intercept <- attr(stats::terms(fit), "intercept") == 1L
  if (!intercept || fit$family$link == "cauchit") return(character())
  parts <- parts_of(fit)
  if (all(parts$y == parts$y[1L])) return(character())  # there is no best one
  saturated <- sum(parts$weights * (xlogx(parts$y) + xlogx(1 - parts$y)))
  deviance_at <- function(b) {
    eta <- b + parts$offset
    loglik <- reference_moments(eta, parts$y, parts$weights, fit$family$link)$loglik
    if (is.finite(loglik)) 2 * (saturated - loglik) else 1e300
  }
  ends <- -rev(range(parts$offset)) + c(-20, 20)
  if (problem$link == "log") ends[2L] <- -max(parts$offset)
  best <- stats::optimize(deviance_at, ends, tol = 1e-9)$objective
  if (abs(fit$null.deviance - best) <= 1e-5 * (1 + best)) return(character())
  sprintf("null deviance %.8g, by a search %.8g", fit$null.deviance, best)
}

estimates_differ <- function(fit, glm_fit) {
  if (!identical(is.na(stats::coef(fit)), is.na(stats::coef(glm_fit)))) return("other aliasing")
  if (!length(stats::coef(fit))) return(character())
  errors <- sqrt(diag(stats::vcov(fit, complete = TRUE)))
  other <- sqrt(diag(stats::vcov(glm_fit, complete = TRUE)))
  apart <- abs(stats::coef(fit) - stats::coef(glm_fit)) / errors
  c(
    if (any(apart > 1e-4, na.rm = TRUE)) sprintf("estimates %.2g errors apart", max(apart)),
    if (any(abs(errors / other - 1) > 1e-3, na.rm = TRUE)) "other standard errors"
  )
}

# --- the fit to the same data in another form ----------------------------------------------------

# The same model told in another way: estimates in standard errors, deviances, verdicts. by: what
# the coefficients of the other fit have to be multiplied with.
same_model <- function(what, fit, other, by = 1, deviance = TRUE) {
  if (!is.null(other$error)) return(paste0(what, ": ", conditionMessage(other$error)))
  other <- other$fit
  if (!identical(flat(fit$separation), flat(other$separation) * sign(by))) {
    return(paste0(what, ": another verdict of separation"))
  }
  if (fit$converged != other$converged) return(paste0(what, ": converges for one of the two"))
  if (!fit$converged || is_separated(fit)) return(character())
  gap <- abs(stats::deviance(fit) - stats::deviance(other))
  if (deviance && gap > 1e-7 * (1 + stats::deviance(fit))) {
    return(sprintf("%s: deviances %.3g apart", what, gap))
  }
  here <- flat(stats::coef(fit))
  there <- flat(stats::coef(other)) * by
  if (!identical(is.na(here), is.na(there))) return(paste0(what, ": other aliased columns"))
  apart <- abs(here - there) / sqrt(diag(stats::vcov(fit, complete = TRUE)))
  if (!any(apart > 1e-4, na.rm = TRUE)) return(character())
  sprintf("%s: estimates %.2g standard errors apart", what, max(apart, na.rm = TRUE))
}

# Coefficients class by class, as their covariances are ordered.
flat <- function(coefficients) {
  if (is.matrix(coefficients)) as.vector(t(coefficients)) else unname(coefficients)
}

property_permuted <- function(problem, fit, glm_fit) {
  rows <- sample(nrow(problem$data))
  same_model("rows permuted", fit, fit_problem(problem, data = problem$data[rows, ]))
}

property_threads <- function(problem, fit, glm_fit) {
  other <- fit_problem(problem, control = list(threads = 2L))$fit
  if (identical(stats::coef(fit), stats::coef(other))) return(character())
  "two threads give other bits than one"
}

property_sparse <- function(problem, fit, glm_fit) {
  same_model("sparse", fit, fit_problem(problem, sparse = TRUE))
}

property_source <- function(problem, fit, glm_fit) {
  if (grepl("poly", deparse1(problem$formula))) return(character())
  chunks <- source_function(chunks_of(problem$data, 7L))
  same_model("source", fit, fit_problem(problem, data = chunks))
}

# Rows twice are rows of twice the weight.
property_duplicated <- function(problem, fit, glm_fit) {
  if (grepl("cbind|rate|poly", deparse1(problem$formula))) return(character())
  rows <- rep(seq_len(nrow(problem$data)), sample(1:3, nrow(problem$data), TRUE))
  weights <- tabulate(rows, nrow(problem$data))
  data <- problem$data
  data$w <- data$w * weights
  with_weights <- problem
  with_weights$arguments$weights <- quote(w)
  pooled <- fit_problem(with_weights, data = data)
  if (!is.null(pooled$error)) return(conditionMessage(pooled$error))
  same_model(
    "rows duplicated", pooled$fit, fit_problem(with_weights, data = problem$data[rows, ])
  )
}

property_scaled <- function(problem, fit, glm_fit) {
  if (!"z" %in% all.vars(problem$formula[[3L]])) return(character())
  if (grepl("poly|\\^|alias|twin", deparse1(problem$formula))) return(character())
  by <- 2^sample(c(-30L, 30L), 1L)
  data <- problem$data
  data$z <- data$z * by
  scaled <- fit_problem(problem, data = data)
  scales <- ifelse(grepl("z", names(stats::coef(fit))), by, 1)
  same_model("a column scaled", fit, scaled, scales)
}

# Success is failure to those links that are symmetric.
property_swapped <- function(problem, fit, glm_fit) {
  response <- deparse1(problem$formula[[2L]])
  if (!problem$link %in% c("logit", "probit", "cauchit") || !response %in% c("y", "l1")) {
    return(character())
  }
  swapped <- problem
  swapped$formula[[2L]] <- switch(response, y = quote(1 - y), l1 = quote(!l1))
  if ("offset" %in% names(problem$arguments)) swapped$arguments$offset <- quote(-o)
  same_model("success and failure swapped", fit, fit_problem(swapped), -1)
}

# --- inference -----------------------------------------------------------------------------------

# What summary(), predict() and vcov() say must be numbers, or an error of ours.
property_answers <- function(problem, fit, glm_fit) {
  answers_of(expression(
    summary(fit), vcov(fit), vcov(fit, type = "robust"), predict(fit, se.fit = TRUE),
    predict(fit, problem$data, type = "response", se.fit = TRUE), residuals(fit, "pearson"),
    anova(fit, test = "Chisq"), print(fit)
  ), environment())
}

answers_of <- function(calls, where) {
  unlist(lapply(calls, function(call) {
    failed <- NULL
    utils::capture.output(tryCatch(
      suppressWarnings(eval(call, where)),
      fastlogit_error = function(e) NULL, error = function(e) failed <<- conditionMessage(e)
    ))
    if (!is.null(failed)) paste0(deparse1(call), ": ", failed)
  }))
}

# One coefficient at zero, by its test and by the fit of the other columns.
property_lr_test <- function(problem, fit, glm_fit) {
  parts <- parts_of(fit)
  if (!fit$converged || is_separated(fit) || fit$boundary || sum(parts$kept) < 2L) {
    return(character())
  }
  j <- sample(which(parts$kept), 1L)
  tested <- tryCatch(lr_test(fit, names(stats::coef(fit))[j]), error = identity)
  if (inherits(tested, "error")) return(paste("lr_test():", conditionMessage(tested)))
  refit <- quietly_fitted(fit_matrix_of(parts, setdiff(which(parts$kept), j), problem$link))
  if (!is.null(refit$error)) return(character())
  expected <- refit$fit$deviance - stats::deviance(fit)
  found <- tested$LRT[1L]
  if (isTRUE(abs(found - expected) < 1e-5 * (1 + abs(expected)))) return(character())
  sprintf("lr_test() of %s: %.7g, by a refit %.7g", names(stats::coef(fit))[j], found, expected)
}

fit_matrix_of <- function(parts, columns, link) {
  fastlogit_fit(
    parts$all[parts$used, columns, drop = FALSE], parts$y, parts$weights, offset = parts$offset,
    family = stats::binomial(link), intercept = FALSE
  )
}

binary_properties <- function() {
  list(
    solves = property_solves, converges = property_converges, maximum = property_maximum,
    separation = property_separation, components = property_components,
    null_deviance = property_null_deviance,
    permuted = property_permuted, threads = property_threads, sparse = property_sparse,
    source = property_source, duplicated = property_duplicated, scaled = property_scaled,
    swapped = property_swapped, answers = property_answers, lr_test = property_lr_test
  )
}

# All disagreements of the problem of a seed: a data frame of seed, property and what was found.
disagreements <- function(seed, random = random_problem, fit = fit_problem,
                          reference = glm_of_problem, properties = binary_properties()) {
  problem <- random(seed)
  told <- function(property, what) {
    data.frame(seed = rep(seed, length(what)), property = rep(property, length(what)), found = what)
  }
  fitted <- fit(problem, control = list(threads = 1L))
  if (!is.null(fitted$error)) {
    if (!is.null(fit(problem, "glm")$error)) return(told("refused", character()))
    return(told("refused", conditionMessage(fitted$error)))
  }
  other <- reference(problem, fitted$fit)
  with_seed(seed, do.call(rbind, lapply(names(properties), function(name) {
    found <- tryCatch(
      properties[[name]](problem, fitted$fit, other),
      error = function(e) paste("failed:", conditionMessage(e))
    )
    told(name, found)
  })))
}
