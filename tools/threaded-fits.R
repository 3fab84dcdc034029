# Fits on several threads of every storage, place, likelihood and penalty, each compared with the
# fit on one: what tools/sanitize.sh watches for races. Sizes are such that threads are used.

library(fastlogit)

set.seed(1)
n <- 60000
d <- data.frame(
  x = rnorm(n), z = rnorm(n), f = factor(sample(40, n, TRUE)), g = factor(sample(30, n, TRUE)),
  k = sample(3, n, TRUE)
)
eta <- d$x - d$z / 2 + rnorm(40)[d$f]
d$y <- rbinom(n, 1, plogis(eta))
d$c <- factor(sample(3, n, TRUE, prob = c(1, 2, 1)))
wide <- as.data.frame(matrix(rnorm(4000 * 60), 4000))
wide$y <- rbinom(4000, 1, plogis(wide$V1))
# Columns for drafts in single precision, and for an information of all rows at once.
columns <- as.data.frame(matrix(rnorm(6000 * 300), 6000))
columns$y <- rbinom(6000, 1, plogis(columns$V1))
entries <- rep(seq_len(n), 8)
scattered <- Matrix::sparseMatrix(
  entries, 1 + sample(600, length(entries), TRUE), x = rnorm(length(entries)), dims = c(n, 601)
) + Matrix::sparseMatrix(seq_len(n), rep(1, n), x = 1, dims = c(n, 601))
d$o <- factor(d$c, ordered = TRUE)
d$id <- factor(sample(1500, n, TRUE))
d$set <- rep(seq_len(n / 4), each = 4)
d$case <- as.numeric(seq_len(n) %% 4 == 1)
file <- tempfile(fileext = ".csv")
write.csv(d, file, row.names = FALSE)

fits <- alist(
  dense = fastlogit(y ~ x + z, data = d, threads = threads),
  wide = fastlogit(y ~ ., data = wide, threads = threads),
  factors = fastlogit(y ~ x + f + g, data = d, threads = threads),
  patterns = fastlogit(y ~ k + f, data = d, threads = threads),
  sparse = fastlogit(y ~ x + f + g, data = d, sparse = TRUE, threads = threads),
  columns = fastlogit(y ~ ., data = columns, threads = threads),
  scattered = fastlogit_fit(scattered, d$y,
    family = binomial(), control = fastlogit_control(threads = threads)
  ),
  levels = fastlogit(y ~ x + z + id, data = d, threads = threads),
  probit = fastlogit(y ~ x + z, binomial("probit"), d, threads = threads),
  gradient = fastlogit(y ~ x + z, data = d, method = "gradient", threads = threads),
  offset = fastlogit(y ~ x, data = d, offset = z, threads = threads),
  classes = fastmultinom(c ~ x + z, data = d, threads = threads),
  many_classes = fastmultinom(f ~ x + z, data = d, threads = threads),
  ordered = fastordinal(o ~ x + z, data = d, threads = threads),
  sets = fastclogit(case ~ x + z + strata(set), data = d, threads = threads),
  firth = fastlogit(y ~ x + z + f, data = d, penalty = "firth", threads = threads),
  median = fastlogit(y ~ x + z, data = d, penalty = "median", threads = threads),
  classes_firth = fastmultinom(c ~ x, data = d, penalty = "firth", threads = threads),
  source = fastlogit(y ~ x + z + f, data = source_files(file), threads = threads),
  class_source = fastmultinom(c ~ x + z, data = source_files(file), threads = threads)
)
answers <- alist(
  confint = confint(fit, 1:3, threads = threads),
  profile = profile(fit, 2, threads = threads)[1:2],
  robust = vcov(fit, type = "robust"),
  tests = lr_test(fit),
  screen = screen(fit, candidates, threads = threads)[c("estimate", "statistic")],
  firth = screen(fit, candidates, penalty = "firth", threads = threads)[c("estimate", "std.error")],
  bootstrap = bootstrap(fit, R = 20, seed = 1, threads = threads)$replicates,
  folds = attr(cross_validate(fit, folds = 4, seed = 1, threads = threads), "predictions")
)
candidates <- matrix(sample(0:2, n * 20, TRUE), n)
candidates[sample(n, 10), 3] <- NA

at_threads <- function(call, threads, fit = NULL) {
  eval(call, list(threads = threads, fit = fit), globalenv())
}

covariance <- function(fit) if (is.object(fit)) vcov(fit) else unclass(fit$cholesky)

for (name in names(fits)) {
  one <- at_threads(fits[[name]], 1L)
  four <- at_threads(fits[[name]], 4L)
  stopifnot(identical(coef(one), coef(four)), identical(covariance(one), covariance(four)))
  cat(name, "\n")
}
fit <- at_threads(fits$dense, 4L)
for (name in names(answers)) {
  stopifnot(identical(
    at_threads(answers[[name]], 1L, fit), at_threads(answers[[name]], 4L, fit)
  ))
  cat(name, "\n")
}
