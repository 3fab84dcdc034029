# Contract checkers: what every fit, and every link, must satisfy.

# TRUE if `code` fails an expectation: for the tests of the checkers themselves.
fails <- function(code) {
  tryCatch(
    {
      code
      FALSE
    },
    expectation_failure = function(condition) TRUE
  )
}

# --- components ---------------------------------------------------------------------------------

# How it was computed, not what.
not_compared <- c("call", "iter", "method")

# Every component of glm()'s object, with names and attributes. `glm_fit` should have been started
# at the estimate: glm()'s weights and QR decomposition are those of its last iterate but one.
expect_glm_equal <- function(fit, glm_fit, tolerance = 1e-9, except = not_compared) {
  expect_s3_class(fit, c("glm", "lm"))
  for (name in setdiff(names(glm_fit), except)) {
    expect_equal(
      component_of(fit, name), component_of(glm_fit, name),
      tolerance = tolerance, ignore_formula_env = TRUE, label = paste0("fit$", name)
    )
  }
}

# A family is told by its name and link. What a decomposition holds of aliased columns is rounding
# error.
component_of <- function(fit, name) {
  component <- fit[[name]]
  if (name == "family") return(component[c("family", "link")])
  if (name == "qr" && !is.null(component)) {
    kept <- seq_len(component$rank)
    component$qr <- component$qr[, kept, drop = FALSE]
    component$qraux <- component$qraux[kept]
  }
  component
}

# Warnings of glm.fit() that a drop-in must repeat. (Not the one of fitted probabilities numerically
# 0 or 1, which summary() tells of.)
glm_warnings <- "non-integer #successes"

# The value of `code` and which of glm_warnings it gave; all its warnings are muffled.
catch_glm_warnings <- function(code) {
  caught <- character()
  value <- withCallingHandlers(code, warning = function(condition) {
    told <- vapply(glm_warnings, grepl, NA, conditionMessage(condition), fixed = TRUE)
    caught <<- union(caught, glm_warnings[told])
    invokeRestart("muffleWarning")
  })
  list(value = value, warnings = sort(caught))
}

# --- methods ------------------------------------------------------------------------------------

# Every S3 method that R and MASS have for a glm gives the same for `fit`; what fails there fails
# here.
expect_methods_equal <- function(fit, glm_fit, tolerance = 1e-6, calls = method_calls()) {
  for (generic in setdiff(glm_generics(), sub(" .*", "", names(calls)))) {
    fail(sprintf("no entry for generic %s() in method_calls()", generic))
  }
  for (name in names(calls)) {
    expected <- outcome_of(calls[[name]], glm_fit)
    found <- outcome_of(calls[[name]], fit)
    expect_same_outcome(found, expected, tolerance, label = deparse1(calls[[name]]))
  }
}

# The generics with a method for class "glm" or "lm" that comes with R or MASS.
glm_generics <- function(packages = c("base", "stats", "graphics", "MASS")) {
  packages <- packages[vapply(packages, requireNamespace, NA, quietly = TRUE)]
  sort(unique(unlist(lapply(packages, generics_of_package, homes = packages))))
}

# A method is registered where its generic is defined, by whatever package it comes from.
generics_of_package <- function(package, homes) {
  namespace <- asNamespace(package)
  table <- namespace[[".__S3MethodsTable__."]]
  methods <- grep("[.](glm|lm)$", ls(table), value = TRUE)
  home <- vapply(methods, function(name) environmentName(topenv(environment(table[[name]]))), "")
  generics <- sub("[.](glm|lm)$", "", methods[home %in% homes])
  # print.summary.glm is a method of print() for another class.
  generics[vapply(generics, exists, NA, envir = namespace, mode = "function")]
}

# Evaluates a call of method_calls() with `fit`, the data it was fitted to, and no device.
outcome_of <- function(call, fit) {
  env <- list2env(list(fit = fit), parent = environment(stats::formula(fit)))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  tryCatch(
    list(failed = FALSE, value = comparable(suppressWarnings(suppressMessages(eval(call, env))))),
    error = function(condition) list(failed = TRUE, message = conditionMessage(condition))
  )
}

# Where glm() knows no start, as for the log link, a fit may well succeed.
no_start <- "no valid set of coefficients|cannot find valid starting values|length of 'start'"

expect_same_outcome <- function(found, expected, tolerance, label) {
  if (expected$failed && grepl(no_start, expected$message)) return(invisible())
  if (found$failed || expected$failed) {
    same <- found$failed == expected$failed
    message <- c(found$message, expected$message)[1]
    return(expect(same, sprintf("%s fails for one of the two only: %s", label, message)))
  }
  expect_equal(
    like(found$value, expected$value), expected$value,
    tolerance = tolerance, label = label
  )
}

# What says how, where or by whom a result was computed.
not_comparable <- c(
  "call", "iter", "method", "original.fit", "fit", "fits", ".Environment", "summary", "srcref"
)

# A result without calls, environments and functions.
comparable <- function(result) {
  if (is.function(result) || is.environment(result)) return(NULL)
  if (inherits(result, "family")) return(unclass(result)[c("family", "link")])
  if (is.language(result)) return(deparse1(result))
  kept <- setdiff(names(attributes(result)), c("names", "dim", not_comparable))
  others <- lapply(attributes(result)[kept], comparable)
  others$class <- oldClass(result)
  if (is.list(result)) {
    result <- unclass(result)
    if (!is.null(names(result))) result <- result[!names(result) %in% not_comparable]
    result <- lapply(result, comparable)
  } else {
    shape <- intersect(names(attributes(result)), c("names", "dim"))
    attributes(result) <- attributes(result)[shape]
  }
  list(value = result, attributes = others)
}

# Ours may say more: list components, attributes, classes and printed lines that glm()'s result has
# not are left out.
like <- function(found, expected) {
  if (!is.list(found) || !is.list(expected)) return(found)
  class <- expected$attributes$class
  if (!is.null(class)) found$attributes$class <- intersect(found$attributes$class, class)
  if ("printed" %in% class) found$value <- intersect(found$value, expected$value)
  if (!is.null(names(expected))) {
    found <- found[stats::na.omit(match(names(expected), names(found)))]
  }
  for (i in seq_len(min(length(found), length(expected)))) {
    if (!is.null(found[[i]])) found[[i]] <- like(found[[i]], expected[[i]])
  }
  found
}

# --- links --------------------------------------------------------------------------------------

# The derivatives of a link against finite differences and against R's own family. The grid is one
# of probabilities, so that it suits any link.
expect_link_contract <- function(link) {
  probability <- c(1e-4, 0.01, 0.2, 0.45, 0.5, 0.7, 0.97, 1 - 1e-4)
  grid <- expand.grid(mu = probability, y = c(0, 0.3, 1), weight = c(1, 0.25))
  grid$eta <- stats::binomial(link_of(link))$linkfun(grid$mu)
  expect_derivatives(link, grid)
  expect_weights_agree(link, grid)
  expect_agreement_with_r(link, grid)
  expect_rows_add(link, grid)
  expect_tails(link)
}

# One row of `grid` at a time, moved by `shift`.
evaluate_rows <- function(link, grid, curvature = "observed", shift = 0, y = grid$y,
                          complement = NULL) {
  rows <- lapply(seq_len(nrow(grid)), function(i) {
    evaluate_link(
      link, grid$eta[i] + rep_len(shift, nrow(grid))[i], y[i], grid$weight[i], curvature,
      complement[i]
    )
  })
  column <- function(name) vapply(rows, function(row) as.numeric(row[[name]]), 0)
  list(loglik = column("loglik"), residual = column("residual"), weight = column("weight"))
}

evaluate_link <- function(link, eta, y, weight = rep(1, length(y)), curvature = "observed",
                          complement = NULL) {
  evaluate_family_impl(link, matrix(eta), y, complement, weight, curvature)
}

# Fourth-order central differences over a step that moves the smaller probability by a thousandth.
expect_derivatives <- function(link, grid) {
  step <- 1e-3 * pmin(grid$mu, 1 - grid$mu) / stats::binomial(link_of(link))$mu.eta(grid$eta)
  moved <- lapply(c(-2, -1, 1, 2), function(k) evaluate_rows(link, grid, shift = k * step))
  difference <- function(name) {
    value <- lapply(moved, `[[`, name)
    (value[[1]] - 8 * value[[2]] + 8 * value[[3]] - value[[4]]) / (12 * step)
  }
  at <- evaluate_rows(link, grid)
  scale <- abs(at$loglik) + grid$weight * 1e-3
  expect_close(at$residual, difference("loglik"), scale / step, 1e-11, link, "residual")
  expect_close(
    at$weight, -difference("residual"), abs(at$residual) / step, 1e-10, link, "observed weight"
  )
}

# |found - expected| <= tolerance * max(scale, |expected|), row by row.
expect_close <- function(found, expected, scale, tolerance, link, what) {
  bad <- which(!(abs(found - expected) <= tolerance * pmax(scale, abs(expected))))
  expect(length(bad) == 0, sprintf(
    "%s, %s: %s instead of %s (row %s of the grid).", link, what,
    toString(signif(found[bad], 9)), toString(signif(expected[bad], 9)), toString(bad)
  ))
}

# The expected weight is the observed one with the response averaged over its distribution.
expect_weights_agree <- function(link, grid) {
  observed <- function(y) evaluate_rows(link, grid, y = rep(y, nrow(grid)))$weight
  average <- grid$mu * observed(1) + (1 - grid$mu) * observed(0)
  expected <- evaluate_rows(link, grid, "expected")$weight
  expect_close(expected, average, abs(average), 1e-10, link, "expected weight")
  for (curvature in c("expected", "observed")) {
    given <- evaluate_rows(link, grid, curvature, complement = 1 - grid$y)
    expect_equal(given, evaluate_rows(link, grid, curvature), tolerance = 1e-14, label = link)
  }
}

expect_agreement_with_r <- function(link, grid) {
  family <- stats::binomial(link_of(link))
  mu <- family$linkinv(grid$eta)
  slope <- family$mu.eta(grid$eta)
  variance <- family$variance(mu)
  found <- evaluate_rows(link, grid, "expected")
  close <- function(found, expected, what) {
    expect_close(found, expected, abs(expected), 1e-10, link, what)
  }
  close(-2 * found$loglik, family$dev.resids(grid$y, mu, grid$weight), "deviance")
  close(found$residual, grid$weight * (grid$y - mu) * slope / variance, "residual")
  close(found$weight, grid$weight * slope^2 / variance, "expected weight")
}

# A block is the sum of its rows, and a row of no weight is nothing at all.
expect_rows_add <- function(link, grid) {
  rows <- evaluate_rows(link, grid)
  block <- evaluate_link(link, grid$eta, grid$y, grid$weight)
  expect_equal(block$loglik, sum(rows$loglik), tolerance = 1e-14, label = link)
  expect_identical(as.numeric(block$residual), rows$residual, label = link)
  expect_identical(as.numeric(block$weight), rows$weight, label = link)
  nothing <- evaluate_link(link, 1e300, 0.5, 0)
  expect_true(all(unlist(nothing) == 0), label = link)
}

# Never NaN; a log-likelihood is never positive, and finite where doubles can hold it; outside of
# the domain it is -Inf.
expect_tails <- function(link) {
  family <- stats::binomial(link_of(link))
  for (eta in c(-1e5, -700, -30, 30, 700, 1e5)) {
    inside <- family$linkinv(eta) >= 0 && family$linkinv(eta) <= 1
    for (y in c(0, 0.5, 1)) {
      found <- lapply(c("expected", "observed"), function(curvature) {
        evaluate_link(link, eta, y, curvature = curvature)
      })
      label <- sprintf("%s at eta = %g, y = %g", link, eta, y)
      loglik <- found[[1]]$loglik
      if (!inside) {
        expect_identical(loglik, -Inf, label = label)
        next
      }
      expect_false(anyNA(unlist(found)), label = label)
      expect_lte(loglik, 0, label = label)
      expect_gte(as.numeric(found[[1]]$weight), 0, label = label)
      if (abs(eta) <= 30) expect_true(all(is.finite(unlist(found))), label = label)
      if (y == (eta > 0)) expect_gt(loglik, -0.02, label = label)
    }
  }
}
