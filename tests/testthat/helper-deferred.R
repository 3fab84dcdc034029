# A small fit in the shape that a large one has: without what is made on demand.
as_deferred <- function(fit) {
  many <- is.null(fit$family)
  beta <- coef(fit)
  bare <- unclass(fit)
  bare[c("qr", "R", "effects")] <- NULL
  bare$deferred <- list(
    rows = number_of_rows(fit), used = used_rows(fit), total = if (many) cases_of(fit),
    coefficients = replace(flat_values(list(coefficients = beta)), is.na(flat_values(fit)), 0),
    range_of_means = if (!many) range(fit$fitted.values)
  )
  bare <- defer_rows(bare, NULL, list(model = TRUE))
  if (!many) bare <- without_doubles(bare)
  structure(bare, class = class(fit))
}

# Fits of all kinds to many rows, by name: `fit(data, ...)` makes them.
many_rows <- function(n = 12000) {
  set.seed(41)
  d <- data.frame(
    x = rnorm(n), z = rexp(n), f = factor(sample(letters[1:6], n, TRUE)), w = rep_len(0:3, n),
    o = rnorm(n) / 5, g = factor(sample(c("a", "b", "c"), n, TRUE))
  )
  d$y <- rbinom(n, 1, plogis(d$x / 2 - d$z / 5))
  d$n1 <- rbinom(n, 5, 0.4)
  d$n2 <- 5 - d$n1
  d$gap <- replace(d$x, sample(n, 300), NA)
  d
}
