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

# --- exactly, in whole numbers -------------------------------------------------------------------

# The extreme rays of {b : demands b >= 0}, as rows, by double description (Motzkin et al. 1953):
# all numbers are small integers, so that doubles hold them exactly. demands: integers, of full
# column rank.
extreme_rays <- function(demands) {
  size <- ncol(demands)
  done <- qr(t(demands))
  done <- done$pivot[seq_len(done$rank)]
  first <- demands[done, , drop = FALSE]
  determinant <- round(det(first))
  rays <- t(round(solve(first) * determinant) * sign(determinant))
  for (i in setdiff(seq_len(nrow(demands)), done)) {
    value <- drop(rays %*% demands[i, ])
    zero <- rays %*% t(demands[done, , drop = FALSE]) == 0
    pairs <- expand.grid(up = which(value > 0), down = which(value < 0))
    new <- Map(function(up, down) {
      common <- zero[up, ] & zero[down, ]
      others <- setdiff(seq_len(nrow(rays)), c(up, down))
      if (any(rowSums(zero[others, common, drop = FALSE]) == sum(common))) return(NULL)
      in_lowest_terms(value[up] * rays[down, ] - value[down] * rays[up, ])
    }, pairs$up, pairs$down)
    rays <- rbind(rays[value >= 0, , drop = FALSE], do.call(rbind, new))
    if (is.null(rays) || nrow(rays) == 0) return(matrix(0, 0, size))
    done <- c(done, i)
  }
  rays
}

in_lowest_terms <- function(values) {
  divisor <- 0
  for (value in abs(values)) {
    while (value > 0) {
      rest <- divisor %% value
      divisor <- value
      value <- rest
    }
  }
  if (divisor > 0) values / divisor else values
}

# The signs of all coefficients of a design of integers, demands of 1, 0 and -1.
exact_signs <- function(x, demand) {
  kept <- qr(x, tol = 1e-11)
  kept <- sort(kept$pivot[seq_len(kept$rank)])
  signs <- numeric(ncol(x))
  x <- x[, kept, drop = FALSE]
  ordered <- (demand * x)[demand != 0, , drop = FALSE]
  fixed <- x[demand == 0, , drop = FALSE]
  rays <- extreme_rays(unname(rbind(ordered, fixed, -fixed)))
  up <- colSums(rays > 0) > 0
  down <- colSums(rays < 0) > 0
  signs[kept] <- ifelse(up & down, NA_real_, ifelse(up, Inf, ifelse(down, -Inf, 0)))
  signs
}

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

# Whole numbers and a factor in hundreds of rows, of which few are different from what separates
# them; complete, quasi-complete, in stages, or but for some rows.
random_rows <- function(seed, n = 400, classes = 2) {
  with_seed(seed, {
    x <- cbind(
      1, sample(-9:9, n, TRUE), stats::rnorm(n), stats::rbinom(n, 1, 0.1), stats::rbinom(n, 1, 0.3)
    )
    effects <- matrix(stats::rnorm(5 * classes, 0, 2), 5)
    effects[sample(2:5, sample(0:2, 1)), ] <- 0
    kind <- sample(c("complete", "noise", "rows", "stages", "group"), 1)
    noise <- matrix(-log(-log(stats::runif(n * classes))), n)
    eta <- x %*% effects
    class <- max.col(eta + if (kind %in% c("noise", "stages", "group")) 3 * noise else 0)
    if (kind == "rows") class[sample(n, 2)] <- sample(classes, 2, TRUE)
    if (kind == "stages") class[x[, 2] != 0] <- ifelse(x[x[, 2] != 0, 2] > 0, 1, classes)
    if (kind == "group") class[x[, 4] == 1] <- sample(classes, 1)
    missing <- setdiff(seq_len(classes), class)
    class[seq_along(missing)] <- missing
    observed <- outer(class, seq_len(classes), `==`)
    if (sample(3, 1) == 1) observed[sample(n, 5), 1] <- TRUE
    if (sample(3, 1) == 1) x <- cbind(x, x[, 2] - x[, 4])
    list(x = x, observed = observed, kind = kind)
  })
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

# Whole numbers, factors and what depends on them, weights from 1e-12 to 1e12, offsets.
random_integers <- function() {
  n <- sample(8:40, 1)
  d <- data.frame(
    i = sample(-4:4, n, TRUE), j = sample(0:3, n, TRUE),
    f = factor(sample(letters[1:4], n, TRUE), letters[1:4]), g = sample(0:1, n, TRUE)
  )
  eta <- sample(-2:2, 1) + sample(-2:2, 1) * d$i + sample(-2:2, 1) * d$j +
    sample(-3:3, 4, TRUE)[d$f]
  d$y <- stats::rbinom(n, 1, stats::plogis(sample(c(0.3, 1, 3), 1) * eta))
  if (sample(2, 1) == 1) d$y <- as.numeric(eta > 0)
  if (sample(4, 1) == 1) d$y[d$f == "a"] <- 1
  d$w <- if (sample(3, 1) == 1) sample(c(0, 1, 1e-12, 1e12, 2), n, TRUE) else 1
  d$o <- if (sample(3, 1) == 1) stats::rnorm(n, 0, 10) else 0
  left <- d[d$w > 0, ]
  if (nlevels(droplevels(left$f)) < 4 || length(unique(left$y)) < 2) return(NULL)
  formulas <- c(
    "i", "i + j", "f", "f + i", "f * g", "g * i", "f + 0", "i + j + I(i + j) + g", "f:i"
  )
  list(
    data = d, formula = stats::as.formula(paste("y ~", sample(formulas, 1))),
    link = sample(c("logit", "probit", "cloglog", "cauchit"), 1)
  )
}

# The value of `code` and the messages of its warnings, which are muffled.
with_warnings_said <- function(code) {
  said <- character()
  value <- withCallingHandlers(code, warning = function(condition) {
    said <<- c(said, conditionMessage(condition))
    invokeRestart("muffleWarning")
  })
  list(value = value, said = said)
}
