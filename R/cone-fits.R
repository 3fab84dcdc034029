# What fits say of a cone: the logistic likelihood of the demands has the same directions of
# recession whatever the model was.

# Which rows are strict, or may be: for the others the score of a fit proves that they are not. With
# the columns that are aliased on all rows, and those that are on the others (`left_out`).
tell_apart <- function(rows, ordered) {
  apart <- logical(nrow(rows))
  aliased <- NULL
  for (attempt in seq_len(most_attempts)) {
    if (all(apart)) return(list(apart = apart, aliased = aliased, left_out = !logical(ncol(rows))))
    solved <- fit_demands(rows, ordered, !apart)
    if (is.null(aliased)) aliased <- solved$aliased
    if (solved$certified) {
      return(list(apart = apart, aliased = aliased, left_out = solved$aliased))
    }
    eta <- as.vector(rows %*% solved$coefficients)
    open <- ordered & !apart
    highest <- max(eta[open], 0)
    if (!is.finite(highest) || highest <= 0) return(NULL)
    apart <- apart | (open & eta > min(certain_eta, highest / 2))
  }
  NULL
}

most_attempts <- 50L

# A linear predictor that means near certainty.
certain_eta <- 4

# A demand is a success; a row that must stay was observed both ways.
fit_demands <- function(rows, ordered, used, to_the_end = FALSE) {
  response <- list(y = ifelse(ordered, 1, 0.5), weights = as.numeric(used))
  starts <- list(list(coefficients = numeric(ncol(rows))))
  control <- complete_control(list(maxit = 100, trace = FALSE), "newton")
  control$has_maximum <- to_the_end
  # A matrix without zeros is no sparse one.
  if (!is.matrix(rows) && 3 * length(rows@x) > length(rows)) rows <- as.matrix(rows)
  core <- core_model(binary_model(logit_family), response)
  problem <- plain_problem(as_design(rows), response, NULL, core, control$threads)
  solve_problem(problem, starts, control, "newton")
}

# As signs_seen(), for a cone with a point inside. If a form is negative somewhere on it, it is
# also at a point where all rows are positive, so with the form's negative as one more row all of
# them can be separated at once. A fit shows that, or proves that it cannot be.
signs_by_fits <- function(rows, forms, zero, inside) {
  size <- sqrt(Matrix::rowSums(forms^2))
  forms <- forms / ifelse(size > 0, size, 1)
  seen <- as_seen(inside, forms)
  seen$up <- seen$up | zero
  seen$down <- seen$down | zero
  questions <- 0
  ask <- function(form) {
    questions <<- questions + 1
    if (questions * length(rows) * ncol(rows) > most_work) return(FALSE)
    with_form <- rbind(rows, form)
    z <- inside_of(with_form)
    if (is.null(z)) {
      told <- tell_apart(with_form, !logical(nrow(with_form)))
      return(!is.null(told) && !all(told$apart))
    }
    found <- as_seen(z, forms)
    seen$up <<- seen$up | found$up
    seen$down <<- seen$down | found$down
    seen$witnesses <<- cbind(seen$witnesses, z)
    TRUE
  }
  for (j in which(!zero)) {
    decided <- (seen$up[j] || ask(forms[j, , drop = FALSE])) &&
      (seen$down[j] || ask(-forms[j, , drop = FALSE]))
    seen$undecided[j] <- !decided && !(seen$up[j] && seen$down[j])
  }
  seen
}

# A point where all rows are positive; NULL where a fit shows none.
inside_of <- function(rows) {
  for (to_the_end in c(FALSE, TRUE)) {
    all <- !logical(nrow(rows))
    solved <- fit_demands(rows, all, all, to_the_end)
    z <- solved$coefficients
    if (solved$certified || !all(is.finite(z)) || max(abs(z)) == 0) return(NULL)
    z <- z / max(abs(z))
    if (all(as.vector(rows %*% z) > least_value)) return(z)
  }
  NULL
}

as_seen <- function(point, forms) {
  values <- as.vector(forms %*% point)
  list(
    up = values > least_value, down = values < -least_value, undecided = logical(length(values)),
    witnesses = as.matrix(point)
  )
}

# In more dimensions a linear program takes seconds, and there are two for each coefficient.
few_dimensions <- 30L

# Of all questions, in rows times squared columns; what is left by then is not decided.
most_work <- 1e11
