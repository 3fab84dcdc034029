# Separation by brute force: linear programs on all rows, one for each coefficient and direction, in
# the units of the data. Nothing is shared with the package's own but the solver.

# The largest value of each row of `forms` on {b : ordered b >= 0, fixed b = 0, |b_j| <= 1}.
largest_on_cone <- function(forms, ordered, fixed) {
  p <- ncol(ordered)
  constraints <- rbind(cbind(ordered, -ordered), cbind(fixed, -fixed), diag(2 * p))
  counts <- c(nrow(ordered), nrow(fixed), 2 * p)
  vapply(seq_len(nrow(forms)), function(j) {
    lpSolve::lp(
      "max", c(forms[j, ], -forms[j, ]), constraints, rep(c(">=", "=", "<="), counts),
      rep(c(0, 0, 1), counts)
    )$objval
  }, 0)
}

brute_force_signs <- function(ordered, fixed) {
  up <- largest_on_cone(diag(ncol(ordered)), ordered, fixed) > 1e-6
  down <- largest_on_cone(-diag(ncol(ordered)), ordered, fixed) > 1e-6
  ifelse(up & down, NA, ifelse(up, Inf, ifelse(down, -Inf, 0)))
}

# What the data say of two classes: a list of the signs of all coefficients, the separated rows and
# the kind.
brute_force <- function(x, y, weights, link) {
  used <- which(weights > 0)
  decomposed <- qr(x[used, , drop = FALSE], tol = 1e-11)
  kept <- sort(decomposed$pivot[seq_len(decomposed$rank)])
  rows <- scaled_columns(x[used, kept, drop = FALSE])
  demand <- (y[used] == 1) * (link != "log") - (y[used] == 0)
  ordered <- (demand * rows)[demand != 0, , drop = FALSE]
  fixed <- rows[demand == 0, , drop = FALSE]
  signs <- numeric(ncol(x))
  signs[kept] <- brute_force_signs(ordered, fixed)
  separated <- used[demand != 0][largest_on_cone(ordered, ordered, fixed) > 1e-7]
  list(signs = signs, rows = separated, kind = kind_of(length(separated), length(used)))
}

# The same of many classes, y n x K counts: (K - 1) x p signs, by the stacked linear program.
brute_force_classes <- function(x, y, weights) {
  used <- weights > 0 & rowSums(y) > 0
  decomposed <- qr(x[used, , drop = FALSE], tol = 1e-11)
  kept <- sort(decomposed$pivot[seq_len(decomposed$rank)])
  rows <- scaled_columns(x[used, kept, drop = FALSE])
  y <- y[used, , drop = FALSE]
  stacked <- matrix(0, 0, length(kept) * (ncol(y) - 1))
  together <- logical()
  for (i in seq_len(nrow(y))) {
    first <- which(y[i, ] > 0)[1]
    for (class in setdiff(seq_len(ncol(y)), first)) {
      difference <- (seq_len(ncol(y)) == first) - (seq_len(ncol(y)) == class)
      stacked <- rbind(stacked, kronecker(difference[-1], rows[i, ]))
      together <- c(together, y[i, class] > 0)
    }
  }
  signs <- matrix(0, ncol(y) - 1, ncol(x))
  found <- brute_force_signs(
    stacked[!together, , drop = FALSE], stacked[together, , drop = FALSE]
  )
  signs[, kept] <- matrix(found, ncol(y) - 1, byrow = TRUE)
  signs
}

kind_of <- function(separated, used) {
  if (separated == 0) return("none")
  if (separated == used) "complete" else "quasi-complete"
}

scaled_columns <- function(x) x / rep(apply(abs(x), 2, max), each = nrow(x))

# --- random data sets ----------------------------------------------------------------------------

separation_formulas <- c(
  "x", "i", "x + i", "f", "f + x", "f * g", "g * i", "x + i + alias + g", "f + 0",
  "x + I(x^2) + g", "f:x"
)

# Columns, factors and interactions, rows of weight zero, duplicated rows, dependent columns,
# offsets and proportions, with effects from none to overwhelming. NULL where a factor is left with
# one level.
random_separation <- function() {
  n <- sample(5:40, 1)
  d <- data.frame(
    x = stats::rnorm(n), i = sample(0:3, n, TRUE), f = factor(sample(letters[1:4], n, TRUE)),
    g = factor(sample(c("u", "v"), n, TRUE)), w = sample(0:2, n, TRUE, c(0.15, 0.6, 0.25)),
    o = stats::rnorm(n)
  )
  d$alias <- d$x + d$i
  if (sample(2, 1) == 1) d <- d[sample(n, n, TRUE), ]
  eta <- stats::rnorm(1) + stats::rnorm(1, 0, 3) * d$x + stats::rnorm(1, 0, 2) * d$i +
    stats::rnorm(4, 0, 2)[d$f]
  d$y <- stats::rbinom(n, 1, stats::plogis(eta))
  if (sample(3, 1) == 1) d$y <- as.numeric(eta > 0)
  if (sample(6, 1) == 1) d$y[1:2] <- 0.5
  rownames(d) <- NULL
  d <- droplevels(d)
  left <- droplevels(d[d$w > 0, ])
  if (nlevels(left$f) < nlevels(d$f) || nlevels(left$g) < 2 || nlevels(left$f) < 2) return(NULL)
  list(
    data = d, formula = stats::as.formula(paste("y ~", sample(separation_formulas, 1))),
    link = sample(c("logit", "probit", "cloglog", "cauchit", "log"), 1),
    offset = sample(2, 1) == 1
  )
}

random_classes <- function() {
  n <- sample(8:40, 1)
  d <- data.frame(
    x = stats::rnorm(n), i = sample(0:2, n, TRUE), g = factor(sample(c("u", "v"), n, TRUE)),
    w = sample(0:2, n, TRUE, c(0.1, 0.6, 0.3))
  )
  d$alias <- d$x + d$i
  classes <- sample(3:4, 1)
  eta <- vapply(seq_len(classes), function(k) {
    stats::rnorm(1) + stats::rnorm(1, 0, 3) * d$x + stats::rnorm(1, 0, 2) * d$i
  }, numeric(n))
  noise <- -log(-log(matrix(stats::runif(n * classes), n))) * sample(0:1, 1)
  class <- max.col(eta + noise)
  d$y <- factor(letters[class], letters[seq_len(classes)])
  counts <- diag(classes)[class, , drop = FALSE]
  left <- d$w > 0
  if (length(unique(d$g[left])) < 2 || any(colSums(counts[left, , drop = FALSE]) == 0)) return(NULL)
  if (sample(3, 1) == 1) {
    both <- sample(n, ceiling(n / 6))
    counts[cbind(both, sample(classes, length(both), TRUE))] <- 1
    colnames(counts) <- letters[seq_len(classes)]
    d$y <- counts
  }
  formulas <- c("x", "i", "x + g", "g", "i * g", "x + i + alias")
  list(data = d, counts = counts, formula = stats::as.formula(paste("y ~", sample(formulas, 1))))
}

# `count` of them, from a fixed seed.
random_sets <- function(seed, count, random) {
  with_seed(seed, {
    sets <- list()
    while (length(sets) < count) sets <- c(sets, Filter(Negate(is.null), list(random())))
    sets
  })
}

# The value of `code` and the classes of its warnings, which are muffled.
with_warning_classes <- function(code) {
  seen <- character()
  value <- withCallingHandlers(code, warning = function(condition) {
    seen <<- c(seen, class(condition)[1])
    invokeRestart("muffleWarning")
  })
  list(value = value, warnings = seen)
}

# One level of `g` is all successes: its estimate is infinite, the others are finite.
separated_rows <- function() {
  set.seed(11)
  d <- data.frame(g = factor(rep(c("a", "b", "c"), c(20, 20, 10))), x = rnorm(50), z = rnorm(50))
  d$y <- c(rbinom(40, 1, plogis(0.5 * d$x[1:40])), rep(1L, 10))
  d
}
