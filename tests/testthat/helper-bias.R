# Panels of a few periods.

short_panel <- function(individuals, periods, seed, link = "logit") {
  set.seed(seed)
  id <- rep(seq_len(individuals), each = periods)
  t <- rep(seq_len(periods), individuals)
  shift <- rnorm(individuals)[id]
  d <- data.frame(x = rnorm(length(id)) + shift / 2, g = rbinom(length(id), 1, 0.4))
  eta <- shift + 0.7 * d$x - 0.5 * d$g + 0.2 * sin(t)
  d$y <- rbinom(length(id), 1, binomial(link)$linkinv(eta))
  d$id <- factor(id)
  d$t <- factor(t)
  d
}

corrected_fit <- function(...) suppressWarnings(fastlogit(...))
