# The same fit to a source and to the data frame, and what must agree.

# bigglm's protocol: chunks of `size` rows.
chunks_of <- function(data, size) {
  at <- 0
  function(reset) {
    if (reset) {
      at <<- 0
      return(NULL)
    }
    if (at >= nrow(data)) return(NULL)
    rows <- seq(at + 1, min(at + size, nrow(data)))
    at <<- max(rows)
    data[rows, , drop = FALSE]
  }
}

# Numbers, factors whose levels are in some chunks only, weights, offset, missing values.
source_data <- function(n = 3000) {
  set.seed(7)
  d <- data.frame(
    x = round(rnorm(n), 4), z = round(rexp(n), 4), g = sample(letters[1:4], n, TRUE),
    k = sample(c(1, 2, 10), n, TRUE), w = sample(0:3, n, TRUE), o = round(rnorm(n) / 5, 4),
    m = sample(5, n, TRUE), id = sample(40, n, TRUE), l = sample(c(TRUE, FALSE), n, TRUE)
  )
  late <- seq_len(n) > n / 2
  d$g[late & d$g == "a"] <- "e"  # levels that come late, or go
  d$g[!late & d$g == "b"] <- "c"
  eta <- -0.5 + 0.5 * d$x - 0.3 * d$z + 0.4 * (d$g == "c") + 0.1 * d$k
  d$y <- rbinom(n, 1, plogis(eta))
  d$s <- rbinom(n, d$m, plogis(eta))
  d$f <- ifelse(d$y == 1, "yes", "no")
  d$c <- c("a", "b", "c")[1 + rbinom(n, 2, plogis(eta))]
  d$x[sample(n, 20)] <- NA
  d
}

# call: a call of a fitting function without `data`. Returns both fits.
fit_twice <- function(call, data, source = source_function(chunks_of(data, 700)),
                     env = parent.frame()) {
  fit <- function(data) {
    call$data <- data
    eval(call, env)
  }
  list(there = fit(source), here = fit(data))
}

expect_same_fit <- function(fits, tolerance = 1e-10) {
  there <- fits$there
  here <- fits$here
  expect_equal(coef(there), coef(here), tolerance = tolerance)
  expect_equal(vcov(there), vcov(here), tolerance = tolerance)
  expect_equal(deviance(there), deviance(here), tolerance = tolerance)
  expect_equal(AIC(there), AIC(here), tolerance = tolerance)
  expect_equal(BIC(there), BIC(here), tolerance = tolerance)
  for (name in c("null.deviance", "df.residual", "df.null", "rank", "xlevels", "contrasts")) {
    expect_equal(there[[name]], here[[name]], tolerance = tolerance, info = name)
  }
}

# An expression with a function of the package replaced.
with_replaced <- function(name, value, expr) {
  namespace <- asNamespace("fastlogit")
  old <- get(name, namespace)
  replace <- function(value) {
    unlockBinding(name, namespace)
    assign(name, value, namespace)
    lockBinding(name, namespace)
  }
  replace(value)
  on.exit(replace(old))
  expr
}

# A source of one file, with columns of every kind.
local_rows <- function(d = source_data(600), env = parent.frame()) {
  file <- withr::local_tempfile(fileext = ".csv", .local_envir = env)
  utils::write.csv(d, file, row.names = FALSE)
  source_files(file)
}

# All fitted probabilities, also of the failures and of two classes.
all_means <- function(fit) {
  if (inherits(fit, "fastmultinom")) all_probabilities(fit) else c(fit$fitted.values)
}
