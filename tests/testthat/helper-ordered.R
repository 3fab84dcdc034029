# What the tests of ordered classes share.

# The bitterness of wine (Randall 1989), as counts.
wine_counts <- function() {
  wine <- expand.grid(
    rating = factor(1:5, ordered = TRUE), temp = c("cold", "warm"), contact = c("no", "yes")
  )
  wine$count <- c(4, 9, 5, 0, 0, 0, 5, 8, 3, 2, 1, 7, 8, 2, 0, 0, 1, 5, 7, 5)
  wine
}

# Rows of ordered classes with numbers, a factor, weights, an offset and clusters.
ordered_data <- function(n = 200, classes = 4, seed = 11) {
  set.seed(seed)
  d <- data.frame(
    x = rnorm(n), u = runif(n), g = factor(sample(letters[1:3], n, TRUE)),
    w = sample(0:3, n, TRUE), o = rnorm(n) / 2, id = sample(12, n, TRUE)
  )
  latent <- 0.7 * d$x - 0.5 * d$u + 0.4 * (d$g == "b") + rlogis(n)
  d$y <- cut(latent, c(-Inf, quantile(latent, seq_len(classes - 1) / classes), Inf),
             labels = paste0("l", seq_len(classes)), ordered_result = TRUE)
  d
}

all_estimates <- function(fit) c(fit$coefficients, fit$zeta)

# The log-likelihood as it is written in a book. beta: slopes; theta: cut-points.
book_likelihood <- function(x, y, w, beta, theta, link, family = "cumulative") {
  f <- switch(link,
    logit = plogis, probit = pnorm, cloglog = function(q) 1 - exp(-exp(q)),
    loglog = function(q) exp(-exp(-q)), cauchit = pcauchy
  )
  p <- f(outer(-drop(x %*% beta), theta, `+`))
  p <- switch(family,
    cumulative = cbind(p, 1) - cbind(0, p),
    continuation = cbind(p, 1) * t(apply(cbind(1, 1 - p), 1L, cumprod)),
    adjacent = {
      odds <- t(apply(cbind(p / (1 - p), 1)[, rev(seq_len(ncol(p) + 1L))], 1L, cumprod))
      odds <- odds[, rev(seq_len(ncol(odds)))]
      odds / rowSums(odds)
    }
  )
  sum(w * log(p[cbind(seq_along(y), as.integer(y))]))
}

# UCLA's example of ordered classes, as statsmodels has it (BSD licence).
ologit_data <- function() {
  data <- utils::read.csv(test_path("fixtures", "ologit.csv"))
  data$apply <- factor(data$apply, c("unlikely", "somewhat likely", "very likely"), ordered = TRUE)
  data
}
