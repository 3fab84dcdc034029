# Factors of many levels and sparse designs beside their peers, by turns, medians of three: seconds
# of the whole call. Rscript bench/levels.R [library]. Peers that are not installed are left out.
# fixest's intervals of levels are asked for by fixef(); glmnet has no standard errors.
where <- commandArgs(TRUE)
if (length(where)) .libPaths(c(where[1L], .libPaths()))
library(fastlogit)

has <- function(package) requireNamespace(package, quietly = TRUE)

panel <- function(rows, individuals, second = 0L) {
  set.seed(1)
  id <- sample(rep_len(seq_len(individuals), rows))
  d <- data.frame(x1 = rnorm(rows), x2 = rnorm(rows), x3 = rnorm(rows), id = factor(id))
  eta <- rnorm(individuals)[id] + 0.5 * d$x1 - 0.3 * d$x2
  if (second) {
    g <- sample(second, rows, TRUE)
    d$g <- factor(g)
    eta <- eta + rnorm(second)[g]
  }
  d$y <- rbinom(rows, 1, plogis(eta))
  d
}

by_turns <- function(name, calls) {
  seconds <- replicate(3L, vapply(calls, function(f) {
    suppressMessages(suppressWarnings(system.time(f())[["elapsed"]]))
  }, 0))
  medians <- apply(matrix(seconds, length(calls)), 1L, median)
  cat(name, ": ", paste(names(calls), format(round(medians, 2L)), collapse = ", "), "\n", sep = "")
}

one <- panel(1e6, 1e5)
by_turns("1e5 levels", Filter(Negate(is.null), list(
  fastlogit = function() summary(fastlogit(y ~ x1 + x2 + x3 + id, data = one)),
  fixest = if (has("fixest")) function() {
    fixest::fixef(fixest::feglm(y ~ x1 + x2 + x3 | id, one, family = binomial()))
  },
  alpaca = if (has("alpaca")) function() {
    alpaca::feglm(y ~ x1 + x2 + x3 | id, one, binomial())
  }
)))
by_turns("1e5 levels, corrected", Filter(Negate(is.null), list(
  fastlogit = function() {
    fastlogit(y ~ x1 + x2 + x3 + id, data = one, bias_correction = "analytical")
  },
  bife = if (has("bife")) function() {
    bife::bias_corr(bife::bife(y ~ x1 + x2 + x3 | id, data = one))
  }
)))
two <- panel(1e6, 1e4, 1e3)
by_turns("1e4 and 1e3 levels", Filter(Negate(is.null), list(
  fastlogit = function() summary(fastlogit(y ~ x1 + x2 + x3 + id + g, data = two)),
  fixest = if (has("fixest")) function() {
    fixest::fixef(fixest::feglm(y ~ x1 + x2 + x3 | id + g, two, family = binomial()))
  }
)))

rows <- 1e6
columns <- 5000L
set.seed(2)
x <- Matrix::sparseMatrix(
  rep(seq_len(rows), each = 10L), sample.int(columns, 10 * rows, TRUE), x = rnorm(10 * rows),
  dims = c(rows, columns)
)
y <- rbinom(rows, 1, plogis(as.vector(x %*% rnorm(columns)) / 3))
by_turns("sparse, 5000 columns", Filter(Negate(is.null), list(
  fastlogit = function() fastlogit_fit(cbind(1, x), y, family = binomial()),
  glmnet = if (has("glmnet")) function() {
    glmnet::glmnet(x, y, "binomial", lambda = 0, standardize = FALSE, thresh = 1e-10)
  }
)))
