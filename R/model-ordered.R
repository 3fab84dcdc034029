# The model of ordered classes: its response is coded as that of many classes, whose order counts.
# Each cut between two classes next to each other has a linear predictor, theta_j - x'b, or with
# terms that vary from cut to cut theta_j + z'gamma_j - x'b, as MASS's polr() has the signs.

# steps: what the predictors make of the classes, "cumulative", "adjacent" or "continuation".
# parallel: TRUE, FALSE, or a one-sided formula of the terms that have one slope for all cuts.
# varying: the numbers of the others, found out once for a fit, see with_varying_terms().
ordered_model <- function(link = "logit", steps = "cumulative", parallel = TRUE, penalty = NULL,
                          fisher = FALSE, varying = NULL) {
  # Cumulative probabilities ask for the predictors around a row's class alone, but for what takes
  # the expected information.
  around <- steps == "cumulative" && !fisher && !adjusts_score(penalty)
  list(
    class = ordered_class, kind = "ordered", coding = "classes", link = link, steps = steps,
    parallel = parallel, penalty = penalty, fisher = fisher, around = around, reference = NULL,
    empty_levels = TRUE, varying = varying
  )
}

ordered_class <- structure(list(), class = c("ordered_model", "classes_model"))

model_of.fastordinal <- function(fit) {
  ordered_model(
    fit$link, fit$steps, penalty = fit$penalty, fisher = fit$algorithm == "fisher",
    varying = fit$varying
  )
}

ordered_links <- c("logit", "probit", "cloglog", "loglog", "cauchit")
ordered_steps <- c("cumulative", "adjacent", "continuation")

code_response.ordered_model <- function(model, y, weights, name) {
  response <- as_class_response(as_ordered_response(y, name), weights, NULL, name)
  check_total(sum(response$weights), "the weights")
  response
}

# Numbers are classes in their order, however many.
as_ordered_response <- function(y, name) {
  check_has_response(y)
  if (is.matrix(y) && ncol(y) > 1L) {
    input_error(
      name, " has ", ncol(y), " columns: an ordered response is one factor. Counts of classes are ",
      "given as rows with `weights`."
    )
  }
  if (is.matrix(y)) y <- y[, 1L]
  if (is.factor(y)) return(y)
  if (!is_number_like(y) || is.logical(y)) {
    input_error(
      name, " must be a factor, whose levels are in order, or numbers: found ", described(y), "."
    )
  }
  y <- as_numbers(y)
  check_finite(y, name)
  values <- sort(unique(y))
  structure(match(y, values), levels = as.character(values), class = "factor")
}

# What takes the predictors of all cuts has their products in each row.
check_few_cuts <- function(model, classes) {
  if (model$around || classes <= most_classes_of_all_cuts) return(invisible())
  input_error(
    "the response has ", classes, " classes: ",
    if (model$steps != "cumulative") {
      paste0("family = \"", model$steps, "\"")
    } else if (model$fisher) {
      "method = \"fisher\""
    } else {
      penalty_title(model$penalty)
    },
    " takes the products of all cuts in each row, and is for up to ", most_classes_of_all_cuts,
    ". Cumulative models by Newton's method, or with penalty_ridge(), have no limit."
  )
}

most_classes_of_all_cuts <- 200L

check_three_classes <- function(levels, name) {
  if (length(levels) >= 3L) return(invisible())
  input_error(
    name, " has two classes only (", listed(paste0("\"", levels, "\"")), "): that is a model of ",
    "fastlogit()."
  )
}

code_offset.ordered_model <- function(model, offset, rows, response) {
  code_offset.binary_model(model, offset, rows, response)
}

# design: whose columns those of the predictors are.
core_model.ordered_model <- function(model, response, design) {
  count <- length(response$levels) - 1L
  list(
    family = paste(model$steps, model$link), predictors = if (model$around) 2L else count,
    penalty = model$penalty,
    cuts = list(
      count = count, columns = length(design$names), intercept = intercept_number(design),
      varying = varying_columns(model, design), around = model$around
    )
  )
}

# 0: there is none.
intercept_number <- function(design) match("(Intercept)", design$names, 0L)

varying_columns <- function(model, design) which(design$assign %in% model$varying)

# The names of the coefficients in the object's order, and their positions in the core's.
ordered_layout <- function(model, design, levels) {
  count <- length(levels) - 1L
  cuts <- paste(levels[-length(levels)], levels[-1L], sep = "|")
  varying <- varying_columns(model, design)
  shared <- setdiff(seq_along(design$names), c(intercept_number(design), varying))
  own <- count * (1L + length(varying))
  of_varying <- if (length(varying)) {
    paste(rep(cuts, length(varying)), rep(design$labels[varying], each = count), sep = ":")
  }
  list(
    names = c(design$labels[shared], of_varying, cuts),
    position = c(
      own + seq_along(shared), count + seq_len(count * length(varying)), seq_len(count)
    )
  )
}

# --- which terms vary -----------------------------------------------------------------------------

# What a model has to know of the terms before it can be solved.
with_varying_terms <- function(model, terms) {
  if (model$kind != "ordered") return(model)
  model$varying <- varying_terms(model$parallel, terms)
  model
}

varying_terms <- function(parallel, terms) {
  labels <- attr(terms, "term.labels")
  if (isTRUE(parallel)) return(integer())
  if (isFALSE(parallel)) return(seq_along(labels))
  kept <- attr(stats::terms(parallel), "term.labels")
  sorted <- function(of) vapply(of, sorted_label, "")
  unknown <- kept[!sorted(kept) %in% sorted(labels)]
  if (length(unknown)) {
    input_error(
      "`parallel` must name terms of the model: found ", quoted(unknown), "; known are ",
      listed(paste0("\"", labels, "\""), 10L), "."
    )
  }
  which(!sorted(labels) %in% sorted(kept))
}

check_parallel <- function(parallel) {
  if (inherits(parallel, "formula") && length(parallel) == 2L) return(parallel)
  flag <- is.logical(parallel) && length(parallel) == 1L && !is.na(parallel)
  check_that(
    flag, parallel,
    "`parallel` must be TRUE, FALSE, or a one-sided formula of the terms that have one slope"
  )
  parallel
}

# --- what the predictors make of the classes ------------------------------------------------------

# The logarithms of F, 1 - F and F' of a link, which are finite far out, and F's inverse.
distributions <- list(
  logit = list(
    below = function(x) stats::plogis(x, log.p = TRUE),
    above = function(x) stats::plogis(-x, log.p = TRUE),
    density = function(x) stats::dlogis(x, log = TRUE), quantile = stats::qlogis
  ),
  probit = list(
    below = function(x) stats::pnorm(x, log.p = TRUE),
    above = function(x) stats::pnorm(-x, log.p = TRUE),
    density = function(x) stats::dnorm(x, log = TRUE), quantile = stats::qnorm
  ),
  cloglog = list(
    below = function(x) log_of_rest(exp(x)), above = function(x) -exp(x),
    density = function(x) x - exp(x), quantile = function(p) log(-log1p(-p))
  ),
  loglog = list(
    below = function(x) -exp(-x), above = function(x) log_of_rest(exp(-x)),
    density = function(x) -x - exp(-x), quantile = function(p) -log(-log(p))
  ),
  cauchit = list(
    below = function(x) stats::pcauchy(x, log.p = TRUE),
    above = function(x) stats::pcauchy(-x, log.p = TRUE),
    density = function(x) stats::dcauchy(x, log = TRUE), quantile = stats::qcauchy
  )
)

# The logarithm of 1 - exp(-x).
log_of_rest <- function(x) ifelse(x < 0.7, log(-expm1(-x)), log1p(-exp(-x)))

# n x K probabilities of n x (K - 1) predictors.
ordered_probabilities <- function(eta, steps, link) {
  of <- distributions[[link]]
  count <- ncol(eta)
  below <- apply_to(eta, of$below)
  above <- apply_to(eta, of$above)
  if (steps == "cumulative") {
    # The difference of whichever tails are small.
    below <- exp(below)
    above <- exp(above)
    probability <- cbind(below, 1) - cbind(0, below)
    upper <- which(cbind(FALSE, below > 0.5))
    probability[upper] <- (cbind(1, above) - cbind(above, 0))[upper]
    return(probability)
  }
  if (steps == "continuation") {
    passed <- matrix(0, nrow(eta), count + 1L)
    for (j in seq_len(count)) passed[, j + 1L] <- passed[, j] + above[, j]
    return(exp(passed + cbind(below, 0)))
  }
  ratio <- matrix(0, nrow(eta), count + 1L)
  for (j in rev(seq_len(count))) ratio[, j] <- ratio[, j + 1L] + below[, j] - above[, j]
  ratio <- exp(ratio - row_largest(ratio))
  ratio / rowSums(ratio)
}

# The logarithms of those of one class of each row, which are finite where they have rounded to 0.
ordered_log_probability <- function(eta, class, steps, link) {
  of <- distributions[[link]]
  rows <- seq_along(class)
  if (steps == "cumulative") {
    # Between two cuts, by whichever tails are small.
    upper <- cbind(eta, Inf)[cbind(rows, class)]
    lower <- cbind(-Inf, eta)[cbind(rows, class)]
    left <- of$below(upper)
    right <- of$above(lower)
    by_left <- left < right
    larger <- ifelse(by_left, left, right)
    smaller <- ifelse(by_left, of$below(lower), of$above(upper))
    return(larger + log_of_rest(larger - smaller))
  }
  below <- apply_to(eta, of$below)
  above <- apply_to(eta, of$above)
  if (steps == "continuation") {
    passed <- row_sums_so_far(cbind(0, above))
    return((passed + cbind(below, 0))[cbind(rows, class)])
  }
  ratio <- row_sums_so_far(cbind(0, (below - above)[, rev(seq_len(ncol(eta))), drop = FALSE]))
  largest <- row_largest(ratio)
  ratio[cbind(rows, ncol(ratio) + 1L - class)] - largest - log(rowSums(exp(ratio - largest)))
}

row_sums_so_far <- function(values) {
  for (j in seq_len(ncol(values))[-1L]) values[, j] <- values[, j] + values[, j - 1L]
  values
}

apply_to <- function(x, f) {
  x[] <- f(x)
  x
}

# The derivatives of the probabilities in predictor j, n x K.
probability_slopes <- function(eta, steps, link, probability, j) {
  of <- distributions[[link]]
  slope <- matrix(0, nrow(eta), ncol(eta) + 1L)
  density <- of$density(eta[, j])
  if (steps == "cumulative") {
    slope[, j] <- exp(density)
    slope[, j + 1L] <- -exp(density)
    return(slope)
  }
  later <- seq.int(j + 1L, ncol(slope))
  below <- of$below(eta[, j])
  above <- of$above(eta[, j])
  if (steps == "continuation") {
    slope[, j] <- probability[, j] * exp(density - below)
    slope[, later] <- -probability[, later] * exp(density - above)
    return(slope)
  }
  rate <- exp(density - below - above)
  beyond <- rowSums(probability[, later, drop = FALSE])
  slope[, -later] <- probability[, -later] * rate * beyond
  slope[, later] <- -probability[, later] * rate * (1 - beyond)
  slope
}
