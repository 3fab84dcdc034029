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
file <- tempfile(fileext = ".csv")
write.csv(d, file, row.names = FALSE)

fits <- alist(
  dense = fastlogit(y ~ x + z, data = d, threads = threads),
  wide = fastlogit(y ~ ., data = wide, threads = threads),
  factors = fastlogit(y ~ x + f + g, data = d, threads = threads),
  patterns = fastlogit(y ~ k + f, data = d, threads = threads),
  sparse = fastlogit(y ~ x + f + g, data = d, sparse = TRUE, threads = threads),
  probit = fastlogit(y ~ x + z, binomial("probit"), d, threads = threads),
  gradient = fastlogit(y ~ x + z, data = d, method = "gradient", threads = threads),
  offset = fastlogit(y ~ x, data = d, offset = z, threads = threads),
  classes = fastmultinom(c ~ x + z, data = d, threads = threads),
  firth = fastlogit(y ~ x + z + f, data = d, penalty = "firth", threads = threads),
  median = fastlogit(y ~ x + z, data = d, penalty = "median", threads = threads),
  classes_firth = fastmultinom(c ~ x, data = d, penalty = "firth", threads = threads),
  source = fastlogit(y ~ x + z + f, data = source_files(file), threads = threads),
  class_source = fastmultinom(c ~ x + z, data = source_files(file), threads = threads)
)
answers <- alist(
  confint = confint(fit, 1:3, threads = threads),
  profile = profile(fit, 2, threads = threads),
  robust = vcov(fit, type = "robust"),
  tests = lr_test(fit)
)

at_threads <- function(call, threads, fit = NULL) {
  eval(call, list(threads = threads, fit = fit), globalenv())
}

for (name in names(fits)) {
  one <- at_threads(fits[[name]], 1L)
  four <- at_threads(fits[[name]], 4L)
  stopifnot(identical(coef(one), coef(four)), identical(vcov(one), vcov(four)))
  cat(name, "\n")
}
fit <- at_threads(fits$dense, 4L)
for (name in names(answers)) {
  stopifnot(identical(
    at_threads(answers[[name]], 1L, fit)[1:2], at_threads(answers[[name]], 4L, fit)[1:2]
  ))
  cat(name, "\n")
}
