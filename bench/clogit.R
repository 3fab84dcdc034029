# Matched sets: whole calls of fastclogit() and of survival::clogit(), seconds, medians of rounds in
# turn.
#
#     Rscript bench/clogit.R               # 5 rounds
#     Rscript bench/clogit.R 3

arguments <- as.numeric(commandArgs(trailingOnly = TRUE))
rounds <- if (length(arguments) >= 1) arguments[1] else 5

library(fastlogit)
library(survival)

set.seed(1)

# Pairs with two predictors.
pairs <- function(n) {
  x <- rnorm(2 * n)
  z <- rbinom(2 * n, 1, 0.4)
  eta <- matrix(x + z / 2, 2)
  first <- rbinom(n, 1, plogis(eta[1, ] - eta[2, ]))
  data.frame(set = rep(seq_len(n), each = 2), x, z, y = as.vector(rbind(first, 1 - first)))
}

# Sets of a size, with so many cases each.
sets <- function(n, size, cases, predictors) {
  x <- matrix(rnorm(n * size * predictors), ncol = predictors)
  colnames(x) <- paste0("x", seq_len(predictors))
  y <- unlist(lapply(seq_len(n), function(i) {
    weight <- exp(rowSums(x[(i - 1) * size + seq_len(size), , drop = FALSE]) / 4)
    as.numeric(seq_len(size) %in% sample(size, cases, prob = weight))
  }))
  data.frame(set = rep(seq_len(n), each = size), y, x)
}

tasks <- list(
  `50000 pairs, 2 predictors` = list(y ~ x + z + strata(set), pairs(5e4), TRUE),
  `2000 sets of 10, 3 cases` = list(y ~ x1 + x2 + x3 + strata(set), sets(2000, 10, 3, 3), TRUE),
  `2000 sets of 10, 5 cases` = list(y ~ x1 + x2 + x3 + strata(set), sets(2000, 10, 5, 3), TRUE),
  `10000 choices among 5` = list(y ~ x1 + x2 + x3 + strata(set), sets(1e4, 5, 1, 3), TRUE),
  # survival gives NA above about 1950 rows.
  `1 set of 20000, 400 cases` = list(
    y ~ x1 + x2 + x3 + x4 + x5 + strata(set), sets(1, 2e4, 400, 5), FALSE
  )
)

seconds <- array(NA_real_, c(rounds, length(tasks), 2), list(NULL, names(tasks), c("ours", "peer")))
for (round in seq_len(rounds)) {
  for (task in names(tasks)) {
    formula <- tasks[[task]][[1]]
    data <- tasks[[task]][[2]]
    gc()
    seconds[round, task, "ours"] <- system.time(fastclogit(formula, data = data))[["elapsed"]]
    if (!tasks[[task]][[3]]) next
    gc()
    seconds[round, task, "peer"] <- system.time(
      clogit(formula, data = data, method = "exact")
    )[["elapsed"]]
  }
}

table <- as.data.frame(apply(seconds, 2:3, median))
table$ratio <- table$peer / table$ours
names(table) <- c("fastclogit", "clogit", "ratio")
print(signif(table, 3))
