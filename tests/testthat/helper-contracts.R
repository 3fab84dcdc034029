# Contract checkers: what every fit, and every link, must satisfy.

# --- components ---------------------------------------------------------------------------------

# How it was computed, not what.
not_compared <- c("call", "iter", "method")

# Every component of glm()'s object, with names and attributes. `glm_fit` should have been started at
# the estimate: glm()'s weights and QR decomposition are those of its last iterate but one.
expect_glm_equal <- function(fit, glm_fit, tolerance = 1e-9) {
  expect_s3_class(fit, c("glm", "lm"))
  for (name in setdiff(names(glm_fit), not_compared)) {
    expect_equal(
      without_functions(fit[[name]]), without_functions(glm_fit[[name]]),
      tolerance = tolerance, ignore_formula_env = TRUE, label = paste0("fit$", name)
    )
  }
}

# A family is told by its name and link.
without_functions <- function(component) {
  if (inherits(component, "family")) return(component[c("family", "link")])
  component
}

# Warnings of glm.fit() that a drop-in must repeat.
glm_warnings <- c("fitted probabilities numerically 0 or 1 occurred", "non-integer #successes")

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

# Every S3 method that R and MASS have for a glm gives the same for `fit`; what fails there fails here.
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

expect_same_outcome <- function(found, expected, tolerance, label) {
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
  kept <- setdiff(names(attributes(result)), c("names", "dim", "levels", not_comparable))
  others <- lapply(attributes(result)[kept], comparable)
  if (is.list(result)) {
    names <- names(result)
    if (!is.null(names)) result <- unclass(result)[!names %in% not_comparable]
    result <- lapply(result, comparable)
  } else {
    attributes(result) <- attributes(result)[intersect(names(attributes(result)), c("names", "dim"))]
  }
  list(value = result, attributes = others)
}

# Ours may say more: list components, classes and printed lines that glm()'s result has not are left out.
like <- function(found, expected) {
  if (is.list(found) && is.list(expected)) {
    if (!is.null(names(expected))) found <- found[intersect(names(expected), names(found))]
    for (i in seq_along(found)) {
      if (i <= length(expected) && !is.null(found[[i]])) found[[i]] <- like(found[[i]], expected[[i]])
    }
  }
  if (is.character(found) && is.character(expected)) found <- found[found %in% expected]
  found
}

# --- links --------------------------------------------------------------------------------------
