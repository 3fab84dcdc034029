# The rows of a bias correction: what their levels, and their columns within levels, come to.

# The density f of a link's distribution function, and its first and second derivatives.
curves_of <- function(link) {
  switch(link,
    logit = function(eta) {
      mu <- stats::plogis(eta)
      f <- stats::dlogis(eta)
      list(f = f, f1 = f * (1 - 2 * mu), f2 = f * (1 - 6 * f))
    },
    probit = function(eta) {
      f <- stats::dnorm(eta)
      list(f = f, f1 = -eta * f, f2 = (eta^2 - 1) * f)
    },
    cloglog = function(eta) {
      e <- exp(eta)
      f <- exp(eta - e)
      list(f = f, f1 = f * (1 - e), f2 = f * (1 - 3 * e + e^2))
    },
    loglog = function(eta) {
      e <- exp(-eta)
      f <- exp(-eta - e)
      list(f = f, f1 = f * (e - 1), f2 = f * (1 - 3 * e + e^2))
    },
    cauchit = function(eta) {
      q <- 1 + eta^2
      list(f = 1 / (pi * q), f1 = -2 * eta / (pi * q^2), f2 = (6 * eta^2 - 2) / (pi * q^3))
    }
  )
}

# What the corrections ask of the rows that are not separated: a list of
#   used      their numbers
#   codes     for each effect the level of each of them, 1, 2, ... without gaps
#   columns   the design's columns that are no levels, nor their sum, nor aliased; `x` has them
#   curves    see curves_of(); eta, mu; and as weights and residuals, w, v and z of these
panel_of <- function(rows, model, effects, coefficients, apart) {
  design <- rows$design
  used <- setdiff(seq_len(design$rows), apart)
  estimates <- replace(coefficients, is.na(coefficients), 0)
  own <- unlist(lapply(effects, `[[`, "column"))
  columns <- setdiff(which(!is.na(coefficients)), c(own, which(design$assign == 0L)))
  panel <- list(
    used = used, codes = lapply(effects, function(e) dense_codes(e$code[used])),
    columns = columns, x = columns_of_design(design, columns)[used, , drop = FALSE]
  )
  at_point(panel, rows, model, estimates)
}

dense_codes <- function(code) match(code, sort(unique(code)))

# The columns of some terms, dense, picked from those of all terms that have one of them.
columns_of_design <- function(design, columns) {
  widths <- vapply(design$terms, columns_of_term, 0, design)
  term <- rep(seq_along(widths), widths)
  kept <- sort(unique(term[columns]))
  of_kept <- which(term %in% kept)
  part <- part_of_design(design, of_kept, kept)
  x <- numbers_of_design(part)
  x[, match(columns, of_kept), drop = FALSE]
}

part_of_design <- function(design, columns, terms) {
  design$names <- design$names[columns]
  design$labels <- design$labels[columns]
  design$assign <- design$assign[columns]
  design$terms <- design$terms[terms]
  design
}

at_point <- function(panel, rows, model, coefficients) {
  panel$eta <- predictors_at(rows, model, coefficients)[panel$used]
  panel$curves <- curves_of(model$link)(panel$eta)
  panel$mu <- model$family$linkinv(panel$eta)
  h <- if (model$link == "logit") 1 else panel$curves$f / (panel$mu * (1 - panel$mu))
  panel$v <- h * (rows$response$y[panel$used] - panel$mu)
  panel$w <- h * panel$curves$f
  panel$z <- h * panel$curves$f1
  panel
}

sums_by <- function(x, code) rowsum(x, code)

# The weighted least-squares fit of columns by the levels.
projected <- function(panel, x) {
  x <- as.matrix(x)
  code <- panel$codes[[1L]]
  w <- panel$w
  if (length(panel$codes) == 1L) {
    return((sums_by(w * x, code) / as.vector(sums_by(w, code)))[code, , drop = FALSE])
  }
  other <- panel$codes[[2L]]
  if (max(other) > max(code)) {
    swapped <- code
    code <- other
    other <- swapped
  }
  size <- as.vector(sums_by(w, code))
  joint <- Matrix::sparseMatrix(i = code, j = other, x = w)
  share <- joint / size
  left <- diag(as.vector(sums_by(w, other)), max(other)) -
    as.matrix(Matrix::crossprod(joint, share))
  first <- sums_by(w * x, code)
  right <- sums_by(w * x, other) - as.matrix(Matrix::crossprod(share, first))
  # The levels of one factor add up to those of the other: one of them is left out.
  of_other <- qr.coef(qr(left, tol = 1e-10), right)
  of_other[is.na(of_other)] <- 0
  of_first <- (first - as.matrix(joint %*% of_other)) / size
  of_first[code, , drop = FALSE] + of_other[other, , drop = FALSE]
}

# The sum over levels of the average of some columns, by factor.
levels_bias <- function(panel, x) {
  Reduce(`+`, lapply(panel$codes, function(code) {
    colSums(sums_by(as.matrix(x), code) / as.vector(sums_by(panel$w, code)))
  })) / 2
}

slopes_information <- function(panel, within = panel$x - projected(panel, panel$x)) {
  crossprod(within, panel$w * within)
}

# By factor, the levels of which no row is left.
dropped_levels <- function(rows, effects, used) {
  dropped <- lapply(names(effects), function(label) {
    code <- effects[[label]]$code
    rows$blueprint$xlevels[[label]][setdiff(sort(unique(code)), code[used])]
  })
  stats::setNames(dropped, names(effects))
}

nothing_to_correct <- function() {
  fit_error("fastlogit_no_correction", "without other predictors there is nothing to correct.")
}
