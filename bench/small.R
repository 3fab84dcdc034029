# Small fits beside glm()'s: Rscript bench/small.R [library]. Microseconds of a call in a process that
# is warm, twenty calls at a time by turns, medians of forty turns.
library <- commandArgs(TRUE)
if (length(library)) .libPaths(c(library, .libPaths()))
suppressWarnings(suppressPackageStartupMessages(library("fastlogit", character.only = TRUE)))

data_of <- function(rows, predictors) {
  x <- matrix(rnorm(rows * predictors), rows)
  data.frame(y = rbinom(rows, 1, plogis(x[, 1] / 2)), x)
}

matrix_of <- function(d) list(x = cbind("(Intercept)" = 1, as.matrix(d[-1])), y = d$y)

set.seed(1)
few <- data_of(200, 3)
more <- data_of(2000, 6)
with_factor <- transform(few, f = factor(sample(letters[1:4], 200, TRUE)))
with_missing <- replace(with_factor, "X2", list(replace(few$X2, c(3, 50, 120), NA)))
few_x <- matrix_of(few)
more_x <- matrix_of(more)
fitted_by <- list(ours = fastlogit(y ~ ., data = few), theirs = glm(y ~ ., binomial, few))

# In each call FIT is the one or the other.
formula_calls <- list(
  `n = 200, p = 4` = quote(FIT(y ~ ., binomial, few)),
  `n = 2000, p = 7` = quote(FIT(y ~ ., binomial, more)),
  `a factor of four levels` = quote(FIT(y ~ ., binomial, with_factor)),
  `a factor and missing values` = quote(FIT(y ~ ., binomial, with_missing)),
  `subset = X1 > -1` = quote(FIT(y ~ ., binomial, few, subset = X1 > -1))
)
matrix_calls <- list(
  `matrix, n = 200, p = 4` = quote(FIT(few_x$x, few_x$y, family = binomial())),
  `matrix, n = 2000, p = 7` = quote(FIT(more_x$x, more_x$y, family = binomial()))
)
method_calls <- list(
  `summary(), n = 200` = quote(summary(FIT)), `predict(), n = 200` = quote(predict(FIT)),
  `vcov(), n = 200` = quote(vcov(FIT))
)

pair <- function(call, ours, theirs) {
  run <- function(fit) {
    body <- eval(substitute(substitute(CALL, list(FIT = fit)), list(CALL = call)))
    compiler::cmpfun(as.function(list(body)))
  }
  list(ours = run(ours), theirs = run(theirs))
}

pairs <- c(
  lapply(formula_calls, pair, quote(fastlogit), quote(glm)),
  lapply(matrix_calls, pair, quote(fastlogit_fit), quote(glm.fit)),
  lapply(method_calls, pair, quote(fitted_by$ours), quote(fitted_by$theirs))
)

microseconds <- function(run, calls = 20) {
  start <- Sys.time()
  for (i in seq_len(calls)) run()
  1e6 * as.numeric(Sys.time() - start, units = "secs") / calls
}

by_turns <- function(pair, turns = 40) {
  for (run in pair) microseconds(run)
  seen <- replicate(turns, vapply(pair[sample(2)], microseconds, 0)[c("ours", "theirs")])
  apply(seen, 1L, median)
}

found <- t(vapply(pairs, by_turns, c(ours = 0, theirs = 0)))
print(round(cbind(found, ratio = found[, "theirs"] / found[, "ours"]), 2))
