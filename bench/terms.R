# Tests of terms beside the fit: seconds of each, with fastlogit() and with glm(), medians of rounds
# in turn; and of fastlogit how many times the fit's.
#
#     Rscript bench/terms.R                # 3 rounds of 1e5 rows
#     Rscript bench/terms.R 5 1e4          # 5 rounds of 1e4

arguments <- as.numeric(commandArgs(trailingOnly = TRUE))
rounds <- if (length(arguments) >= 1) arguments[1] else 3
rows <- if (length(arguments) >= 2) arguments[2] else 1e5

library(fastlogit)

# Eight predictors, of which some matter much, some hardly and two not at all.
set.seed(1)
predictors <- paste0("x", 1:8)
d <- as.data.frame(matrix(rnorm(rows * 8), rows, dimnames = list(NULL, predictors)))
effects <- c(0.5, 0.4, 0.3, 0.2, 0.1, 0.02, 0, 0)
d$y <- rbinom(rows, 1, plogis(drop(as.matrix(d) %*% effects) - 1))
formula <- reformulate(predictors, "y")

fitters <- list(
  fastlogit = function(formula) fastlogit(formula, binomial, d),
  glm = function(formula) glm(formula, binomial, d)
)

tests <- list(
  fit = function(fits) fits$fitter(formula),
  drop1 = function(fits) drop1(fits$all, test = "LRT"),
  `drop1, Rao` = function(fits) drop1(fits$all, test = "Rao"),
  add1 = function(fits) add1(fits$some, formula, test = "LRT"),
  `add1, Rao` = function(fits) add1(fits$some, formula, test = "Rao"),
  anova = function(fits) anova(fits$all, test = "Chisq"),
  `anova, Rao` = function(fits) anova(fits$all, test = "Rao"),
  `step, backward` = function(fits) step(fits$all, trace = 0),
  `step, both` = function(fits) step(fits$none, formula, trace = 0),
  `Anova, II` = function(fits) car::Anova(fits$all),
  `Anova, III` = function(fits) car::Anova(fits$all, type = "III"),
  `Anova, Wald` = function(fits) car::Anova(fits$all, test.statistic = "Wald")
)
if (!requireNamespace("car", quietly = TRUE)) tests <- tests[!startsWith(names(tests), "Anova")]

fits <- lapply(fitters, function(fitter) {
  list(
    fitter = fitter, all = fitter(formula), some = fitter(y ~ x1 + x2), none = fitter(y ~ 1)
  )
})

seconds <- array(
  NA_real_, c(rounds, length(tests), length(fits)), list(NULL, names(tests), names(fits))
)
for (round in seq_len(rounds)) {
  for (test in names(tests)) {
    for (fitter in names(fits)) {
      gc()
      seconds[round, test, fitter] <- system.time(tests[[test]](fits[[fitter]]))[["elapsed"]]
    }
  }
}

table <- as.data.frame(apply(seconds, 2:3, median))
table[["times the fit"]] <- table$fastlogit / table["fit", "fastlogit"]
table[["times faster"]] <- table$glm / table$fastlogit
print(signif(table, 3))
