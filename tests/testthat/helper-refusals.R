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

# The condition that `call` signals, if it is an error. Warnings and messages on the way are errors
# of the test.
refusal_of <- function(call, env) {
  tryCatch(
    {
      eval(call, env)
      NULL
    },
    error = function(condition) condition
  )
}

# cases: a named alist() of calls. Each is refused by a classed error without a call; the messages
# are a snapshot, one line each, behind the names.
expect_refusals <- function(cases, class = "fastlogit_input_error", env = parent.frame()) {
  messages <- character()
  for (name in names(cases)) {
    refusal <- refusal_of(cases[[name]], env)
    expect_s3_class(refusal, c(class, "fastlogit_error", "error", "condition"), exact = FALSE)
    if (is.null(refusal)) fail(paste0(name, ": no error"))
    expect_null(conditionCall(refusal), label = paste(name, "has a call, which"))
    expect_no_match(conditionMessage(refusal), internal_words, label = name)
    messages[name] <- conditionMessage(refusal)
  }
  expect_snapshot(cat(paste0("* ", names(messages), ": ", messages), sep = "\n"))
}

# The text below R's own words: for messages that quote them, which differ between versions of R.
expect_classed_error <- function(call, class = "fastlogit_input_error", env = parent.frame()) {
  refusal <- refusal_of(call, env)
  expect_s3_class(refusal, class)
  expect_null(conditionCall(refusal), label = deparse1(call))
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
