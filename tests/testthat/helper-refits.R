# Fits whose rows are weighed anew.

births_to_refit <- function() {
  d <- transform(births(), id = rep_len(1:40, 189), trials = 1 + ftv)
  d$counts <- cbind(d$low + d$ftv, 2)
  d
}

# One of each kind, of the rows of births_to_refit() or of those whose patterns repeat; all with
# `data = d`.
fits_to_refit <- function(d = births_to_refit()) {
  list(
    plain = fastlogit(low ~ age + lwt + race + smoke, data = d),
    weighted = fastlogit(low ~ age + lwt, data = d, weights = twice),
    probit = fastlogit(low ~ age * smoke, binomial("probit"), data = d),
    cauchit = fastlogit(low ~ lwt + smoke, binomial("cauchit"), data = d),
    log = fastlogit(low ~ smoke + age, binomial("log"), data = d),
    offset = fastlogit(low ~ lwt + offset(age / 50), data = d),
    counts = fastlogit(counts ~ age + race, data = d),
    sparse = fastlogit(low ~ age + lwt + race, data = d, sparse = TRUE),
    gradient = fastlogit(low ~ scale(age) + smoke, data = d, method = "gradient"),
    firth = fastlogit(low ~ age + lwt + smoke, data = d, penalty = "firth"),
    ridge = fastlogit(low ~ age + lwt, data = d, penalty = penalty_ridge(2)),
    classes = fastmultinom(race ~ age + lwt + smoke, data = d),
    class_firth = fastmultinom(race ~ lwt + smoke, data = d, penalty = "firth"),
    class_counts = fastmultinom(cbind(1 + low, ftv, ptl) ~ age + smoke, data = d)
  )
}

patterns_to_refit <- function() {
  set.seed(61)
  n <- 9000
  d <- data.frame(a = factor(sample(letters[1:4], n, TRUE)), b = sample(0:2, n, TRUE))
  d$y <- rbinom(n, 1, plogis((d$a == "b") - d$b / 2))
  d$class <- factor(sample(c("u", "v", "w"), n, TRUE))
  d
}

# The fit by its own call, of rows whose weights are multiplied.
with_times <- function(fit, d, times) {
  d$weight_of_row <- times * if (is.null(fit$call$weights)) 1 else eval(fit$call$weights, d)
  call <- fit$call
  call$weights <- quote(weight_of_row)
  call$data <- quote(d)
  suppressWarnings(suppressMessages(eval(call)))
}

drawn_once <- function(n) tabulate(sample.int(n, n, TRUE), n)
