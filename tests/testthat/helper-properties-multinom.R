# Random problems of many classes, and of penalties, with their properties: see helper-properties.R.

# --- many classes --------------------------------------------------------------------------------

random_class_problem <- function(seed) with_seed(seed, make_class_problem())

make_class_problem <- function() {
  n <- sample(c(8:20, 30, 60, 120), 1L)
  classes <- sample(c(2:5), 1L, prob = c(1, 4, 2, 1))
  data <- random_columns(n)
  terms <- sample(c(
    "1", "x", "z", "x + z", "x + i", "f", "g * x", "h", "f - 1", "x - 1", "z + big", "z + small",
    "z + i + alias", "alone + z", "g * h", "l + x", "z + twin"
  ), 1L)
  strength <- sample(c(0, 1, 4), 1L)
  eta <- outer(as.numeric(scale(data$x)), strength * stats::rnorm(classes)) +
    rep(stats::rnorm(classes), each = n)
  eta[is.na(eta)] <- 0
  offset <- one_of(NULL, NULL, NULL, 0.5, 5, 50)
  if (!is.null(offset)) {
    data$o <- matrix(stats::rnorm(n * classes, 0, offset), n, dimnames = list(NULL, NULL))
  }
  noise <- -log(-log(matrix(stats::runif(n * classes), n)))
  names <- letters[seq_len(classes)]
  data$y <- factor(names[max.col(eta + noise)], names)
  data$y[seq_len(classes)] <- names
  form <- sample(c("y", "y", "counts"), 1L)
  if (form == "counts") {
    data$counts <- diag(classes)[as.integer(data$y), , drop = FALSE] +
      sample(0:1, 1L) * matrix(stats::rpois(n * classes, 1), n)
    colnames(data$counts) <- names
  }
  weights <- sample(c("none", "none", "zeros", "fractional", "large"), 1L)
  data$w <- switch(weights,
    none = 1, zeros = sample(0:3, n, TRUE), fractional = round(stats::rexp(n), 3),
    large = round(10^stats::runif(1, 6, 12) * stats::runif(n, 0.5, 1))
  )
  data$w[seq_len(classes)] <- pmax(1, data$w[seq_len(classes)])
  list(
    data = data, formula = stats::as.formula(paste(form, "~", terms)),
    arguments = c(
      if (weights != "none") alist(weights = w), if (!is.null(offset)) alist(offset = o)
    ),
    label = paste0(
      "n = ", n, ", ", classes, " classes, ", form, " ~ ", terms, ", weights ", weights,
      ", offset ", if (is.null(offset)) "none" else offset
    )
  )
}

fit_class_problem <- function(problem, fitter = "fastmultinom", ..., data = problem$data) {
  quietly_fitted({
    formula <- problem$formula
    environment(formula) <- list2env(list(d = data), parent = globalenv())
    arguments <- utils::modifyList(as.list(problem$arguments), list(...))
    if (fitter == "glm") {
      fitter <- "multinom"
      arguments$trace <- FALSE
      if (!is.null(arguments$offset)) {  # nnet reads an offset in the formula only
        arguments$offset <- NULL
        formula <- stats::update(formula, . ~ . + offset(o))
      }
    }
    eval(
      as.call(c(as.name(fitter), formula, data = quote(d), arguments)),
      list(fastmultinom = fastmultinom, multinom = nnet::multinom), environment(formula)
    )
  })
}

class_parts_of <- function(fit) {
  x <- stats::model.matrix(fit)
  coefficients <- rbind(stats::coef(fit))
  kept <- !is.na(coefficients[1L, ])
  y <- stats::model.response(stats::model.frame(fit))
  counts <- if (is.matrix(y)) y[, fit$lab, drop = FALSE] else class_indicators(factor(y, fit$lab))
  weights <- stats::model.weights(stats::model.frame(fit))
  list(
    x = x, kept = kept, beta = coefficients, counts = unname(counts),
    weights = if (is.null(weights)) rep(1, nrow(x)) else weights,
    offset = if (is.null(fit$offset)) 0 else fit$offset
  )
}

class_log_means <- function(parts) {
  eta <- parts$x[, parts$kept, drop = FALSE] %*% t(parts$beta[, parts$kept, drop = FALSE])
  eta <- cbind(0, eta + parts$offset)
  largest <- apply(eta, 1L, max)
  eta - largest - log(rowSums(exp(eta - largest)))
}

property_classes_deviance <- function(problem, fit, other) {
  parts <- class_parts_of(fit)
  terms <- parts$weights * parts$counts * class_log_means(parts)
  terms[parts$counts == 0 | parts$weights == 0] <- 0
  expected <- -2 * sum(terms)
  if (is_separated(fit)) return(character())
  if (abs(fit$deviance - expected) <= 1e-8 * (1 + abs(expected))) return(character())
  sprintf("deviance %.10g, by the definition %.10g", fit$deviance, expected)
}

# Each score beside the rounding of its terms, or in standard errors.
property_classes_solve <- function(problem, fit, other) {
  if (!fit$converged || is_separated(fit)) return(character())
  parts <- class_parts_of(fit)
  means <- exp(class_log_means(parts))
  residual <- parts$weights * (parts$counts - rowSums(parts$counts) * means)
  x <- parts$x[, parts$kept, drop = FALSE]
  score <- crossprod(x, residual[, -1L, drop = FALSE])
  size <- crossprod(abs(x), abs(residual[, -1L, drop = FALSE]))
  errors <- matrix(sqrt(diag(stats::vcov(fit, complete = FALSE))), ncol(x))
  distance <- pmin(abs(score) / pmax(size, 1e-300) * 1e4, abs(score) * errors)
  if (all(distance < 1e-6)) return(character())
  sprintf("the score is %.2g standard errors from zero", max(distance))
}

property_classes_converge <- function(problem, fit, other) {
  if (fit$converged || is_separated(fit)) return(character())
  paste("not separated, and did not converge:", fit$status)
}

property_classes_maximum <- function(problem, fit, other) {
  if (!fit$converged || is.null(other)) return(character())
  # nnet counts counts in another way, and adds both columns of an offset up for two classes.
  if (length(fit$lab) == 2L || grepl("counts", deparse1(problem$formula))) return(character())
  if (fit$deviance <= other$deviance * (1 + 1e-7) + 1e-6) return(character())
  sprintf("deviance %.10g, nnet's is %.10g", fit$deviance, other$deviance)
}

property_classes_separation <- function(problem, fit, other) {
  if (grepl("twin", deparse1(problem$formula))) return(character())
  parts <- class_parts_of(fit)
  truth <- brute_force_classes(parts$x, parts$counts, parts$weights)
  if (identical(flat(rbind(fit$separation)), flat(truth))) return(character())
  paste0(
    "separation ", paste(flat(fit$separation), collapse = " "), ", by brute force ",
    paste(flat(truth), collapse = " ")
  )
}

property_classes_permuted <- function(problem, fit, other) {
  rows <- sample(nrow(problem$data))
  same_model("rows permuted", fit, fit_class_problem(problem, data = problem$data[rows, ]))
}

property_classes_threads <- function(problem, fit, other) {
  other <- fit_class_problem(problem, control = list(threads = 2L))$fit
  if (identical(stats::coef(fit), stats::coef(other))) return(character())
  "two threads give other bits than one"
}

property_classes_source <- function(problem, fit, other) {
  chunks <- source_function(chunks_of(problem$data, 7L))
  same_model("source", fit, fit_class_problem(problem, data = chunks))
}

# Another baseline is the same model: each class's coefficients less those of the baseline.
property_classes_reference <- function(problem, fit, other) {
  reference <- fit$lab[length(fit$lab)]
  rebased <- fit_class_problem(problem, reference = reference)
  if (!is.null(rebased$error)) return(paste("reference:", conditionMessage(rebased$error)))
  rebased <- rebased$fit
  if (fit$converged != rebased$converged) return("reference: converges for one of the two")
  if (!fit$converged || is_separated(fit)) return(character())
  gap <- abs(fit$deviance - rebased$deviance)
  if (gap <= 1e-7 * (1 + fit$deviance)) return(character())
  sprintf("reference: deviances %.3g apart", gap)
}

# Two classes are a logistic regression.
property_classes_binary <- function(problem, fit, other) {
  if (length(fit$lab) != 2L) return(character())
  parts <- class_parts_of(fit)
  offset <- if (is.null(fit$offset)) NULL else as.numeric(fit$offset)
  binary <- quietly_fitted(fastlogit_fit(
    parts$x, parts$counts[, 2:1], parts$weights, offset = offset, family = stats::binomial()
  ))
  same_model("binary", fit, binary, deviance = FALSE)  # that of counts has another constant
}

property_classes_answer <- function(problem, fit, other) {
  answers_of(expression(
    summary(fit), vcov(fit), predict(fit, problem$data, "probs"), predict(fit, problem$data),
    residuals(fit), confint(fit), print(fit), anova(fit)
  ), environment())
}

class_properties <- function() {
  list(
    deviance = property_classes_deviance, solves = property_classes_solve,
    converges = property_classes_converge, maximum = property_classes_maximum,
    separation = property_classes_separation, permuted = property_classes_permuted,
    threads = property_classes_threads, source = property_classes_source,
    reference = property_classes_reference, binary = property_classes_binary,
    answers = property_classes_answer
  )
}

class_disagreements <- function(seed) {
  disagreements(
    seed, random_class_problem, fit_class_problem,
    function(problem, fit) fit_class_problem(problem, "glm", reltol = 1e-12, maxit = 1000)$fit,
    class_properties()
  )
}

# --- penalties -----------------------------------------------------------------------------------

# Within what plain arithmetic bears: beyond it (offsets of sd 5 and more, counts of 1e6 and more,
# columns that differ by 1e-6) expected informations underflow or lose their digits, adjusted scores
# that are nobody's gradient have several roots, and penalised fits may end unconverged, with a
# warning.
random_penalised_problem <- function(seed, wild = FALSE) {
  problem <- random_problem(seed)
  if (!wild && grepl("offset 50?,|weights large|twin", problem$label)) {
    return(random_penalised_problem(seed + 1e6))
  }
  with_seed(seed, {
    problem$arguments$penalty <- one_of(
      "firth", "firth", "median", "jeffreys", penalty_ridge(0.1), penalty_ridge(3, NULL)
    )
    name <- problem$arguments$penalty
    problem$label <- paste0(problem$label, ", ", if (is.character(name)) name else "ridge")
    problem
  })
}

# The adjusted score vanishes, in standard errors of the expected information.
property_penalised_solves <- function(problem, fit, other) {
  if (!fit$converged || fit$boundary || anyNA(stats::coef(fit))) return(character())
  if (grepl("twin", deparse1(problem$formula))) return(character())
  parts <- parts_of(fit)
  beta <- stats::coef(fit)
  # A row of exp(-exp(5)) adds nothing, where R's own inverse link has a floor of 2e-16.
  eta <- drop(parts$x %*% beta) + parts$offset
  kept <- problem$link != "cloglog" | eta < 5 | parts$y < 1
  of <- list(
    x = parts$x[kept, , drop = FALSE], y = parts$y[kept], trials = parts$weights[kept],
    offset = parts$offset[kept], link = problem$link
  )
  score <- tryCatch(adjusted_score(of, beta, fit$penalty), error = function(e) NULL)
  if (is.null(score) || !all(is.finite(score))) return(character())  # beyond plain arithmetic
  distance <- max(abs(score) * sqrt(diag(stats::vcov(fit))))
  if (distance < 1e-5) return(character())
  sprintf("the adjusted score is %.2g standard errors from zero", distance)
}

property_penalised_converges <- function(problem, fit, other) {
  # Jeffreys' penalty of the log link has no maximum where a mean can come to 1.
  if (fit$converged || problem$link %in% c("log", "cauchit")) return(character())
  paste("did not converge:", fit$status)
}

penalised_properties <- function() {
  kept <- c("permuted", "threads", "sparse", "source", "duplicated", "answers")
  c(
    list(solves = property_penalised_solves, converges = property_penalised_converges),
    binary_properties()[kept]
  )
}

penalised_disagreements <- function(seed) {
  disagreements(
    seed, random_penalised_problem, fit_problem, function(problem, fit) NULL, penalised_properties()
  )
}
