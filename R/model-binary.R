# The model of two classes: what model.frame() holds becomes proportions, their
# complements and weights.

# Two classes. family: binomial() or quasibinomial(); penalty: see as_penalty(). empty_levels: are
# levels of the response that no row has worth a word?
binary_model <- function(family, penalty = NULL) {
  list(
    class = binary_class, kind = "binary", coding = "binary", family = family,
    link = core_link(family), penalty = penalty, empty_levels = FALSE
  )
}

binary_class <- structure(list(), class = "binary_model")

model_of.glm <- function(fit) binary_model(fit$family, fit$penalty)

# Of one that is being made.
model_of.list <- function(fit) model_of.glm(fit)

code_response.binary_model <- function(model, y, weights, name) {
  response <- as_response(without_names(y), weights, model$family, name)
  if (is.null(response$successes)) {
    if (all(response$weights == 0)) {
      input_error(name, " holds no trials: all counts are zero.")
    }
    check_total(sum(response$weights), "the numbers of trials, times the weights,")
  }
  response
}

code_offset.binary_model <- function(model, offset, rows, response) {
  if (is.null(offset)) return(NULL)
  check_one_column(offset, "offset")
  check_row_values(offset, rows, "offset")
  if (all(offset == 0)) NULL else offset
}

core_model.binary_model <- function(model, response, design) {
  core <- list(family = model$link, predictors = 1L, penalty = model$penalty)
  if (model$link == user_link) core$link <- described_link(model, response)
  core
}

# With what there is to know of a user's link, found out once for a fit.
with_described_link <- function(model, response) {
  if (model$kind != "binary" || model$link != user_link) return(model)
  model$described <- described_link(model, response)
  model
}

described_link <- function(model, response) {
  if (!is.null(model$described)) return(model$described)
  describe_link(model$family, rows_with_links(response))
}

# How many rows a user's link has to answer for at a time; NULL of rows that come in blocks.
rows_with_links <- function(response) if (is.null(response$rows)) length(response$y)

# --- the response ---------------------------------------------------------------------------------

# Checks first, in our words; then R's own `family$initialize`, so that y, n, weights and the
# starting means are glm()'s.
#   y           proportions of successes
#   complement  proportions of failures without the rounding of 1 - y, for counts in two columns
#   weights     prior weights times the numbers of trials
#   n           numbers of trials, for the family's aic()
#   mustart     the means that glm() starts from
#   successes   how many, where each row is a single trial of weight one; else NULL
as_response <- function(y, weights, family, name = "the response") {
  if (is.null(dim(y)) && (is.null(weights) || all(weights == 1))) {
    trials <- single_trials(y, name)
    if (!is.null(trials)) return(trials)
  }
  if (is.numeric(y) && !is.matrix(y)) y[weights == 0] <- 0  # what is there does not matter
  check_response(y, name)
  counts <- if (is.matrix(y) && ncol(y) == 2L) y <- y + 0  # integers would overflow
  if (is.matrix(y) && ncol(y) == 1L) y <- drop(y)
  nobs <- NROW(y)
  weights <- if (is.null(weights)) rep.int(1, nobs) else as.numeric(weights)
  initialized <- initialize_family(family, y, weights, nobs)
  complement <- if (!is.null(counts)) complement_of(counts)
  list(
    y = as.numeric(initialized$y), complement = complement,
    weights = initialized$weights, n = initialized$n, mustart = initialized$mustart
  )
}

# What the families make of zeros and ones, of a factor of two levels, or of a logical vector; NULL
# for other responses.
single_trials <- function(y, name) {
  two_levels <- is.factor(y) && typeof(y) == "integer" && nlevels(y) == 2L
  if (!(two_levels || is.numeric(y) || is.logical(y))) return(NULL)
  found <- zeros_and_ones(y, zero = as.integer(two_levels))
  if (is.null(found)) return(NULL)
  one <- ones(length(y))
  list(y = found$y, weights = one, n = one, mustart = NULL, successes = found$successes)
}

# As doubles, with their sum; NULL where there are others.
zeros_and_ones <- function(y, zero = 0L) zeros_and_ones_impl(y, zero, is.null(attributes(y)))

# So many of them. Of many rows hardly anybody reads them: they are made when somebody does.
ones <- function(n) {
  if (n < 1e4) return(rep.int(1, n))
  numbers_on_demand(function(name) rep.int(1, n), "ones", n)
}

# Numbers that make(name) gives when they are read.
numbers_on_demand <- function(make, name, length, names = NULL) {
  numbers_on_demand_impl(make, name, length, names)
}

# The means that glm() starts from.
starting_means <- function(response) {
  if (is.null(response$successes)) response$mustart else (response$y + 0.5) / 2
}

# Evaluates the expression with which a family prepares a fit.
initialize_family <- function(family, y, weights, nobs) {
  frame <- list2env(
    list(y = y, weights = weights, nobs = nobs, etastart = NULL, mustart = NULL, start = NULL,
         family = family),
    parent = asNamespace("stats")
  )
  with_classed_warnings("fastlogit_response_warning", eval(family$initialize, frame))
  mget(c("y", "weights", "n", "mustart"), envir = frame, ifnotfound = list(n = rep.int(1, nobs)))
}

complement_of <- function(counts) {
  trials <- counts[, 1L] + counts[, 2L]
  ifelse(trials == 0, 1, counts[, 2L] / trials)
}

# Whatever is computed from a vector with a million names copies them, too.
without_names <- function(y) {
  if (is.matrix(y)) return(unname(y))
  names(y) <- NULL
  y
}

check_response <- function(y, name) {
  if (is.factor(y)) return(check_levels_of_response(y, name))
  if (is.character(y)) {
    input_error(name, " is character: turn it into a factor whose first level is failure.")
  }
  if (!(is.numeric(y) || is.logical(y))) {
    input_error(name, " must be numeric, logical, a factor or two columns of counts: found ",
      described(y), ".")
  }
  if (is.matrix(y) && !ncol(y) %in% 1:2) {
    input_error(name, " has ", ncol(y), " columns: give one, or two columns of counts, successes ",
      "and failures (fastmultinom() takes counts of more classes).")
  }
  check_response_values(y, name)
}

check_has_response <- function(y) {
  if (is.null(y)) input_error("`formula` has no response: write it to the left of `~`.")
}

# As for glm(), the first level is failure and the others are success.
check_levels_of_response <- function(y, name) {
  check_codes(y, name)
  check_finite(as.integer(y), name)
  report_many_levels(levels(droplevels(y)), name, is.ordered(y))
}

report_many_levels <- function(used, name, ordered = FALSE) {
  if (length(used) <= 2L) return(invisible())
  fit_warning(
    "fastlogit_many_levels",
    name, " is a factor of ", length(used), " levels (", listed(paste0("\"", used, "\"")),
    "): the first is failure, and all others are success. fastmultinom() fits a class for each",
    if (ordered) ", fastordinal() their order", "."
  )
}

check_response_values <- function(y, name) {
  check_finite(y, name)
  if (is.matrix(y) && ncol(y) == 2L) {
    bad <- which(y[, 1L] < 0 | y[, 2L] < 0)
    if (length(bad)) input_error(name, " has a negative count (", rows_listed(bad), ").")
    return(invisible())
  }
  bad <- which(y < 0 | y > 1)
  if (length(bad) && all(y %in% 1:2)) {
    input_error(
      name, " is coded 1 and 2: make it a factor, whose first level is failure, or subtract 1."
    )
  }
  if (length(bad)) {
    input_error(
      name, " must lie between 0 and 1: found ", format(y[[bad[1L]]]), " in ",
      rows_listed(bad), ". Counts are given as cbind(successes, failures)."
    )
  }
}
