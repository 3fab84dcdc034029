# The model of matched sets: which rows are cases, given how many of each set are. Its response is 0
# or 1; which rows make a set is said by the formula's term strata(), which is none of the design.

strata_model <- function(penalty = NULL) {
  list(
    class = strata_class, kind = "strata", coding = "cases", family = pseudo_family(logit_family),
    link = "conditional", penalty = penalty, empty_levels = FALSE
  )
}

strata_class <- structure(list(), class = "strata_model")

model_of.fastclogit <- function(fit) strata_model(fit$penalty)

core_model.strata_model <- function(model, response, design) {
  list(family = model$link, predictors = 1L, penalty = model$penalty)
}

code_offset.strata_model <- function(model, offset, rows, response) {
  code_offset.binary_model(model, offset, rows, response)
}

# A list of y (1 for a case), weights and n, as code_response() of two classes has them.
code_response.strata_model <- function(model, y, weights, name) {
  y <- as_cases(y, name)
  n <- length(y)
  list(
    y = y, weights = if (is.null(weights)) rep.int(1, n) else as.numeric(weights),
    n = rep.int(1, n)
  )
}

as_cases <- function(y, name) {
  if (inherits(y, "Surv")) {
    input_error(
      name, " is a survival time: give who is a case, as 0 and 1, such as case ~ x + strata(set)."
    )
  }
  y <- as_numbers(y)
  plain <- (is.numeric(y) || is.logical(y)) && !is.factor(y) && is.null(dim(y))
  if (plain) {
    found <- zeros_and_ones(y)  # as nearly always
    if (!is.null(found)) return(found$y)
  }
  if (is.factor(y) && nlevels(y) > 2L) check_two_levels(y, name)
  check_response(y, name)
  if (is.matrix(y) && ncol(y) > 1L) {
    input_error(name, " must tell each row's outcome, as 0 and 1: found counts in two columns.")
  }
  if (is.factor(y)) return(as.numeric(as.integer(y) > 1L))
  y <- as.numeric(y)
  bad <- which(y != 0 & y != 1)
  if (length(bad) == 0L) return(y)
  input_error(
    name, " must be 0 or 1: found ", format(y[[bad[1L]]]), " in ", rows_listed(bad),
    ". Of a set the rows that are cases (or chosen) are 1."
  )
}

check_two_levels <- function(y, name) {
  input_error(
    name, " must have two levels, no case and case: found ", nlevels(y), " (",
    listed(paste0("\"", levels(y), "\"")), ")."
  )
}

# What is observed less expected, of each row given how many of its set are cases. set: numbers that
# never fall.
residuals_within_sets <- function(eta, y, set) within_sets(eta, y, set)$residual

# The same with the `loglik`. weights: of the sets, by row; residuals are times these.
within_sets <- function(eta, y, set, weights = NULL) conditional_impl(eta, y, set, weights)

# --- the formula ----------------------------------------------------------------------------------

# The formula with a strata() of ours where it is looked up, so that no package has to be attached.
with_strata_function <- function(formula) {
  here <- new.env(parent = environment(formula))
  here$strata <- strata_of_rows
  formula <- without_namespace(formula)
  environment(formula) <- here
  formula
}

# survival::strata() by its bare name, by which terms() knows it.
without_namespace <- function(expression) {
  if (!is.call(expression)) return(expression)
  if (identical(expression[[1L]], quote(survival::strata))) expression[[1L]] <- quote(strata)
  for (i in seq_along(expression)[-1L]) {
    part <- expression[[i]]
    if (is.call(part)) expression[[i]] <- without_namespace(part)
  }
  expression
}

# What strata() stands for in a formula: the value that the rows of a set share. Of several
# variables the sets are their combinations, numbered in order. na.group: are missing values a group
# of their own? shortlabel, sep: of survival's strata(), which names groups.
strata_of_rows <- function(..., na.group = FALSE, shortlabel = NULL, sep = ", ") {
  variables <- list(...)
  if (length(variables) == 1L && is.list(variables[[1L]])) variables <- as.list(variables[[1L]])
  for (x in variables) check_strata_variable(x)
  if (length(variables) == 0L) input_error("strata() names no variable: give strata(set).")
  if (length(variables) == 1L && !na.group) return(variables[[1L]])
  if (length(unique(lengths(variables))) > 1L) {
    input_error("the variables in strata() have different numbers of values.")
  }
  number <- numbers_of_sets(variables)
  missing <- Reduce(`|`, lapply(variables, is.na))
  if (na.group) number else replace(number, missing, NA)
}

check_strata_variable <- function(x) {
  if (is.atomic(x) && is.null(dim(x)) && !is.null(x)) return(invisible())
  input_error(
    "strata() takes vectors that say which set each row belongs to: found ", described(x), "."
  )
}

# Of each row the number of the set: equal values have equal numbers, in their order.
numbers_of_sets <- function(variables) set_numbers_impl(lapply(unname(variables), set_values))

# As numbers in the order of the values.
set_values <- function(x) {
  if (is.factor(x) || is.logical(x)) return(as.integer(x))
  if (is.object(x)) x <- unclass(x)
  if (is.numeric(x)) return(x)
  x <- as.character(x)
  match(x, sort(unique(x), method = "radix"))
}

# Positions of the strata terms among the variables, and among the terms.
strata_terms <- function(terms) {
  variables <- attr(terms, "specials")$strata %||% strata_calls(terms)
  if (length(variables) == 0L) no_strata()
  labels <- attr(terms, "term.labels")
  factors <- attr(terms, "factors")
  with_strata <- which(colSums(factors[variables, , drop = FALSE] > 0L) > 0L)
  alone <- colSums(factors[-variables, with_strata, drop = FALSE] > 0L) == 0L
  if (!all(alone)) {
    input_error(
      "strata() says which rows are compared, and stands alone: found ",
      quoted(labels[with_strata[!alone]]), ". For effects that differ between groups use the ",
      "grouping variable itself, such as x:group."
    )
  }
  used <- variables %in% which(rowSums(factors[, with_strata, drop = FALSE] > 0L) > 0L)
  if (!any(used)) no_strata()
  list(variables = variables[used], terms = unname(with_strata))
}

# Of terms that do not know them by name.
strata_calls <- function(terms) {
  variables <- as.list(attr(terms, "variables"))[-1L]
  which(vapply(variables, function(x) is.call(x) && identical(x[[1L]], quote(strata)), NA))
}

# A source's chunks cannot number combinations: strata(a, b) is strata(a) + strata(b).
with_single_strata <- function(expression) {
  if (!is.call(expression)) return(expression)
  if (identical(expression[[1L]], quote(strata))) {
    parts <- as.list(expression)[-1L]
    named <- names(parts) %||% character(length(parts))
    if (any(named != "")) input_error("strata() of a source has no arguments but variables.")
    return(Reduce(function(a, b) call("+", a, b), lapply(parts, function(x) call("strata", x))))
  }
  for (i in seq_along(expression)[-1L]) {
    if (is.call(expression[[i]])) expression[[i]] <- with_single_strata(expression[[i]])
  }
  expression
}

no_strata <- function() {
  input_error(
    "`formula` has no strata() term: it says which rows make a set, such as case ~ x + ",
    "strata(set). Without sets use fastlogit()."
  )
}

# Terms that other functions of survival know, and that have no meaning here.
check_no_other_specials <- function(terms) {
  found <- attr(terms, "specials")
  if (!is.null(found$cluster)) {
    input_error(
      "`formula` has a cluster() term: ask for the variances that it stands for, such as ",
      "summary(fit, vcov = ~ id)."
    )
  }
  other <- setdiff(names(Filter(Negate(is.null), found)), "strata")
  if (length(other)) input_error(other[1L], "() in `formula` has no meaning for matched sets.")
}

strata_specials <- c("strata", "cluster", "tt", "frailty", "ridge", "pspline")

# The design of the terms but for those of strata(), without the intercept: what all rows of a set
# share cancels. Factors are coded as beside one.
blueprint_for.strata_model <- function(model, frame, contrasts) {
  terms <- attr(frame, "terms")
  strata <- strata_terms(terms)
  bare <- frame
  for (i in strata$variables) bare[[i]] <- numeric(nrow(frame))
  inside <- terms
  kept <- setdiff(seq_along(attr(terms, "term.labels")), strata$terms)
  attr(inside, "factors") <- if (length(kept)) {
    attr(terms, "factors")[, kept, drop = FALSE]
  } else {
    integer()
  }
  attr(inside, "term.labels") <- attr(terms, "term.labels")[kept]
  attr(inside, "order") <- attr(terms, "order")[kept]
  attr(inside, "intercept") <- 1L
  attr(bare, "terms") <- inside
  blueprint <- learn_blueprint(bare, contrasts)
  blueprint$columns <- blueprint$columns[-1L]
  blueprint$assign <- kept[blueprint$assign[-1L]]
  blueprint$pieces <- blueprint$pieces[-1L]
  if (is.null(attr(terms, "specials"))) {
    attr(terms, "specials") <- pairlist(strata = strata$variables)
  }
  blueprint$terms <- terms
  blueprint
}
