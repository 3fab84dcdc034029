# Rscript bench/survey.R [rows = 1e6] [rounds = 3]
#
# A fit of a stratified, clustered survey design with 8 predictors, and its summary, against
# survey::svyglm(family = quasibinomial): seconds, medians of interleaved rounds, the ratio, and the
# largest relative differences of estimates and standard errors.

library(fastlogit)
suppressMessages(library(survey))

arguments <- as.numeric(commandArgs(trailingOnly = TRUE))
n <- if (length(arguments) > 0) arguments[1] else 1e6
rounds <- if (length(arguments) > 1) arguments[2] else 3

set.seed(20240601)
d <- as.data.frame(matrix(rnorm(7 * n), n))
d$f <- factor(sample(3, n, TRUE))
d$cluster <- (seq_len(n) - 1) %/% 50
d$stratum <- d$cluster %% 20
d$w <- runif(n, 1, 5)
d$y <- rbinom(n, 1, plogis(d$V1 / 2 - d$V2 / 3))
design <- svydesign(~cluster, strata = ~stratum, weights = ~w, data = d)
formula <- y ~ V1 + V2 + V3 + V4 + V5 + V6 + V7 + f

ours <- function() summary(fastlogit(formula, data = design))
theirs <- function() summary(svyglm(formula, design, family = quasibinomial()))
seconds <- replicate(rounds, {
  c(system.time(a <<- ours())[["elapsed"]], system.time(b <<- theirs())[["elapsed"]])
})
medians <- apply(seconds, 1, median)
apart <- apply(abs(coef(a)[, 1:2] / coef(b)[, 1:2] - 1), 2, max)
cat(sprintf(
  "%.0f rows: fastlogit %.2f s, svyglm %.2f s (%.1fx); apart: estimates %.1e, errors %.1e\n",
  n, medians[1], medians[2], medians[2] / medians[1], apart[1], apart[2]
))
