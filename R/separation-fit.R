# Separation as a fit meets it: when to ask, what follows, and what is shown.

# Is there a sign that the maximum may be at infinity? A fit that did not converge is one. One that
# did, on Newton's quadratic way, has a maximum: its last steps fell off, while on the way to
# infinity each promises about a third of the gain of the one before. So the question costs nothing
# where means are not near 0 or 1, and next to nothing where they are.
looks_separated <- function(solved, family = NULL) {
  if (!solved$status %in% c("converged", "boundary")) return(TRUE)
  ends <- range(solved$linear.predictors)
  extreme <- if (is.null(family)) {
    max(abs(ends)) > 10
  } else {
    any(abs(family$linkinv(ends) - 0.5) > 0.5 - 1e-5)
  }
  extreme && !fell_off(solved$history$decrement)
}

# Did one of the last two steps promise next to nothing beside the one before?
fell_off <- function(decrement) {
  last <- utils::tail(decrement, 3L)
  length(last) == 3L && any(last[-1L] < 1e-2 * last[-3L])
}

# A two-class fit, after all that there is to ask. solve(control, response): the fit again;
# find(solved): what the data say, NULL where that remains unknown.
without_doubt <- function(solved, family, response, control, solve, find) {
  if (!looks_separated(solved, family)) return(solved)
  found <- find(solved)
  if (is.null(found)) return(solved)
  solved <- settle_separation(solved, found, control, solve)
  solved$recession <- with_limit(solved$recession, function(found) {
    solve(quietly(control), without_rows(response, found$rows))
  })
  solved
}

# A function of what the solver found.
separation_finder <- function(design, response, family, names, control, solve) {
  function(solved) {
    if (is_too_large(design)) {
      refit <- function(response) solve(quietly(control), response)
      if (is.null(design$sparse)) design <- make_sparse(design)
      return(find_sparse_separation(design, response, family, solved, refit))
    }
    find_separation(design, response, family, names$rows, names$response, solved$coefficients)
  }
}

# Where there is a maximum after all, it is far away: steps keep their pace for long, which must not
# stop the iterations.
settle_separation <- function(solved, found, control, solve) {
  cut_short <- solved$status == "converged" && length(solved$history$step) >= control$maxit
  if (found$kind != "none") {
    solved$status <- "diverging"
    solved$recession <- found
  } else if (solved$status == "diverging" || cut_short) {
    control$finite <- TRUE
    control$maxit <- 10 * control$maxit
    solved <- solve(control)
    if (solved$status == "diverging") solved$status <- "singular"
  }
  solved
}

# The estimates of the rows that are not separated, and their variances: the limits of the finite
# ones. solve_rest(found): the fit of these rows.
with_limit <- function(found, solve_rest) {
  if (is.null(found) || found$kind == "complete") return(found)
  solved <- solve_rest(found)
  kept <- list(
    coefficients = ifelse(solved$aliased, NA, solved$coefficients), cholesky = as_cholesky(solved)
  )
  if (!solved$status %in% c("converged", "boundary") || is.null(kept$cholesky$expected)) {
    return(found)
  }
  variances <- rep(NA_real_, length(kept$coefficients))
  variances[!solved$aliased] <- unscaled_variances(
    kept, if (!has_sparse_factor(kept)) inverse_information(kept)
  )
  found$limit <- list(coefficients = solved$coefficients, variances = variances)
  found
}

# For a fit on the way to another one.
quietly <- function(control) {
  control$trace <- FALSE
  control$maxit <- max(control$maxit, 100)
  control
}

# fit$separation: of coefficients with these labels, of many classes by class.
signs_of_infinity <- function(solved, labels, classes = NULL) {
  if (!is.null(solved$recession)) return(solved$recession$coefficients)
  zero <- numeric(as.double(length(labels)) * max(1L, length(classes)))
  shaped(zero, labels, if (!is.null(classes)) list(classes, labels))
}

# After a change of the baseline of many classes.
rebased_separation <- function(fit) {
  design <- as_design(model.matrix(fit))
  observed <- all_probabilities(fit) + all_residuals(fit)
  response <- list(y = round(observed, 12), weights = fit$weights, levels = fit$lab)
  find_class_separation(design, response, rownames(fit$fitted.values))
}

# --- what is shown -------------------------------------------------------------------------------

# The coefficients with infinite ones as such; NA where the data leave them open.
shown_estimates <- function(fit) {
  estimates <- fit$coefficients
  found <- fit$recession
  if (is.null(found)) return(estimates)
  if (!is.null(found$limit)) {
    estimates[!is.na(estimates)] <- found$limit$coefficients[!is.na(estimates)]
  }
  affected <- is.na(found$coefficients) | found$coefficients != 0
  estimates[affected] <- found$coefficients[affected]
  estimates
}

# The summary of a two-class fit.
with_infinite_estimates <- function(out, fit) {
  found <- fit$recession
  estimated <- rownames(out$coefficients)
  at <- match(estimated, names(fit$coefficients))
  table <- out$coefficients
  table[, 1L] <- shown_estimates(fit)[at]
  if (!is.null(found$limit)) table[, 2L] <- sqrt(out$dispersion * found$limit$variances[at])
  table[!is.finite(table[, 1L]), 2L] <- NA
  table[, 3L] <- table[, 1L] / table[, 2L]
  table[, 4L] <- if (grepl("z", colnames(table)[4L])) {
    2 * stats::pnorm(-abs(table[, 3L]))
  } else {
    2 * stats::pt(-abs(table[, 3L]), fit$df.residual)
  }
  out$coefficients <- table
  out$infinite <- infinite_note(found)
  out
}

infinite_note <- function(found) {
  note <- paste0(capitalised(found$kind), " separation: ", estimates_told(found), ".")
  open <- anyNA(found$coefficients)
  paste0(note, if (open) " These are shown as NA.", " See separation().")
}

capitalised <- function(text) paste0(toupper(substr(text, 1L, 1L)), substring(text, 2L))

#' @rdname separation
#' @export
print.separation <- function(x, ...) {
  if (x$kind == "none") {
    cat(wrapped(paste0(
      "No separation: all maximum-likelihood estimates are finite (", counted(x$used, "row"), ")."
    )), sep = "\n")
    return(invisible(x))
  }
  cat(wrapped(paste0(capitalised(x$kind), " separation: ", estimates_told(x), ".")), "", sep = "\n")
  print(x$coefficients)
  cat("\n0: finite. Inf, -Inf: infinite.", if (anyNA(x$coefficients)) "NA: the data leave it open.")
  cat("\n", wrapped(paste0("Because: ", x$cause, ".")), sep = "\n")
  rows <- if (is.null(names(x$rows))) x$rows else names(x$rows)
  cat(wrapped(paste0("Separated: ", rows_listed_at_length(rows))), sep = "\n")
  invisible(x)
}

rows_listed_at_length <- function(rows) {
  paste0(if (length(rows) == 1L) "row " else "rows ", listed(rows, 20L), ".")
}

has_numbers <- function(table) nrow(table) == 0L || any(is.finite(table[, 1:2]))

# --- in words ------------------------------------------------------------------------------------

# "the estimate of `a` is +Inf, those of `b`, `c` are -Inf; the data leave `d` open"
estimates_told <- function(found) {
  names <- flat_names(found)
  values <- flat_values(found)
  of <- function(names, value, first) {
    if (length(names) == 0L) return(NULL)
    one <- length(names) == 1L
    noun <- if (first) paste0("the estimate", if (!one) "s") else if (one) "that" else "those"
    paste0(noun, " of ", named_shortly(names), if (one) " is " else " are ", value)
  }
  up <- names[!is.na(values) & values == Inf]
  down <- names[!is.na(values) & values == -Inf]
  open <- names[is.na(values)]
  infinite <- paste(
    c(of(up, "+Inf", TRUE), of(down, "-Inf", length(up) == 0L)),
    collapse = ", "
  )
  left_open <- if (length(open)) paste0("the data leave ", named_shortly(open), " open")
  paste(c(if (nzchar(infinite)) infinite, left_open), collapse = "; ")
}

affected_estimates <- function(found) {
  values <- flat_values(found)
  flat_names(found)[is.na(values) | values != 0]
}

# Class by class.
flat_values <- function(found) {
  coefficients <- found$coefficients
  as.vector(if (is.matrix(coefficients)) t(coefficients) else coefficients)
}

flat_names <- function(found) {
  coefficients <- found$coefficients
  if (is.matrix(coefficients)) return(coefficient_names(coefficients))
  if (is.null(names(coefficients))) seq_along(coefficients) else names(coefficients)
}

named_shortly <- function(names) {
  if (length(names) <= 6L) return(quoted(names))
  paste0(quoted(names[1:5]), ", ... (", length(names), " in all)")
}

# "13 rows, all with HG = 1, have NV = 1"
cause_of <- function(found, x, separated, y, name) {
  if (found$kind == "none") return("")
  if (found$kind == "complete") return(rows_apart(found))
  outcome <- unique(y[separated])
  response <- gsub("^the response |`", "", name)
  same <- if (length(outcome) == 1L) paste0(", all with ", response, " = ", outcome, ",")
  moving <- which(found$direction != 0)
  common <- Filter(function(j) {
    value <- unique(x[separated, j])
    length(value) == 1L && value != 0 && any(x[!separated, j] != value)
  }, moving)
  labels <- names(found$direction)
  if (length(common) == 0L || length(common) > 3L || is.null(labels)) {
    return(paste0(rows_apart(found), sub(",$", "", same)))
  }
  values <- vapply(common, function(j) format(x[which(separated)[1L], j]), "")
  paste0(
    counted(length(found$rows), "row"), same, if (length(found$rows) == 1L) " has " else " have ",
    paste0(labels[common], " = ", values, collapse = ", ")
  )
}

rows_apart <- function(found) {
  all <- length(found$rows) == found$used
  paste0(
    "the classes are told apart in ", if (all) "all " else paste0(length(found$rows), " of "),
    counted(found$used, "row")
  )
}
