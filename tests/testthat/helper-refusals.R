# Checkers of refusals: errors that say what was wrong, what was found and what to do.

# Words of R's internals, of Rcpp and of Eigen that no message may contain.
internal_words <- paste(
  c(
    "Rcpp", "Eigen", "std::", "argument is of length zero", "missing value where TRUE/FALSE needed",
    "subscript out of bounds", "non-conformable", "foreign function call", "NULL value passed",
    "not subsettable", "invalid for atomic vectors"
  ),
  collapse = "|"
)

# The error that `call` ends with, or NULL.
refusal_of <- function(call, env) {
  tryCatch(
    {
      eval(call, env)
      NULL
    },
    error = function(condition) condition
  )
}

# `call` ends with an error of this class, which has no call of its own and speaks our language.
# Returns its message.
expect_refusal <- function(call, class = "fastlogit_input_error", env = parent.frame()) {
  label <- paste(deparse1(call), collapse = " ")
  refusal <- refusal_of(call, env)
  if (is.null(refusal)) {
    fail(paste0(label, ": no error"))
    return("")
  }
  expect(inherits(refusal, class), sprintf("%s: %s", label, conditionMessage(refusal)))
  expect(inherits(refusal, "fastlogit_error"), paste0(label, ": not an error of ours"))
  expect_null(conditionCall(refusal), label = paste0("the error's call of ", label))
  message <- conditionMessage(refusal)
  expect(!grepl(internal_words, message), sprintf("%s: internals leak: %s", label, message))
  invisible(message)
}

# cases: a named alist() of calls; their messages are a snapshot, one line each, behind the names.
expect_refusals <- function(cases, class = "fastlogit_input_error", env = parent.frame()) {
  messages <- vapply(cases, expect_refusal, "", class = class, env = env)
  expect_snapshot(cat(paste0("* ", names(messages), ": ", messages), sep = "\n"))
}

# Ours and glm()'s fit of one call, in which the fitting function is called `fitter`; all warnings
# are muffled.
fit_both <- function(call, env = parent.frame()) {
  lapply(list(fit = fastlogit, glm = stats::glm), function(fitter) {
    suppressWarnings(eval(call, list2env(list(fitter = fitter), parent = env)))
  })
}

# The same coefficients, names and counts of rows as glm()'s, where glm() has the digits.
expect_like_glm <- function(call, tolerance = 1e-6, env = parent.frame()) {
  both <- fit_both(call, env)
  label <- deparse1(call)
  for (name in c("coefficients", "deviance", "null.deviance", "aic", "fitted.values")) {
    expect_equal(both$fit[[name]], both$glm[[name]], tolerance = tolerance, label = label)
  }
  same <- c("rank", "df.residual", "df.null", "prior.weights", "y", "xlevels", "contrasts")
  for (name in same) expect_equal(both$fit[[name]], both$glm[[name]], label = paste(label, name))
  expect_equal(
    both$fit$na.action, both$glm$na.action, label = paste(label, "na.action")
  )
  invisible(both)
}
