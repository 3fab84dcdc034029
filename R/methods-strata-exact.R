# Exact conditional inference: the distribution of a coefficient's sufficient statistic given those
# of all others.

#' Exact conditional tests and intervals
#'
#' For small or sparse sets, where likelihood ratios are not chi-squared: given the sufficient
#' statistics of all other coefficients, that of a coefficient, the sum t of its column over
#' the cases, has a distribution that depends on this coefficient alone, and can be counted (Cox
#' 1970; Hirji, Mehta and Patel 1987; Mehta and Patel 1995).
#'
#' The estimate is the median-unbiased one: the middle between the values of the coefficient at
#' which \eqn{P(T \ge t) = 1/2}{P(T >= t) = 1/2} and \eqn{P(T \le t) = 1/2}{P(T <= t) = 1/2}; where
#' t is the largest or the smallest value there is, the one of the two that exists. The interval has
#' the values at which neither tail is below half of `1 - level` (Clopper and Pearson's principle:
#' it covers at least as often). The p-value is twice the smaller tail at zero, which belongs to
#' this interval; `p.probability` is the probability at zero of all values that are as unlikely as
#' the one observed (Fisher's). With `midp` tails count the value observed by half, which is less
#' conservative.
#'
#' Columns have to be on a grid (whole numbers, or decimals with up to eight places), or the
#' other statistics fix the one asked for: where only one value is possible, nothing can be said.
#'
#' @param object a fit by [fastclogit()].
#' @param parm the coefficients, by number or name; by default all.
#' @param level the confidence level.
#' @param midp logical: mid-p values and intervals?
#' @param work how many additions are allowed for a coefficient. More is an error, of class
#'   `fastlogit_too_much_work`, which says how much it might be.
#' @param ... nothing: an unknown argument is an error.
#' @return A data frame of class `"exact_tests"`, a row for each coefficient: `term`, `statistic`,
#'   the number of `values` it can have, `estimate`, `conf.low`, `conf.high`, `p.value` and
#'   `p.probability`. `NA` for aliased coefficients.
#' @references
#' Cox, D. R. (1970) *Analysis of Binary Data*. Chapman & Hall.
#'
#' Hirji, K. F., Mehta, C. R. and Patel, N. R. (1987) Computing distributions for exact logistic
#' regression. *Journal of the American Statistical Association* **82**, 1110-1117.
#'
#' Mehta, C. R. and Patel, N. R. (1995) Exact logistic regression: theory and examples. *Statistics
#' in Medicine* **14**, 2143-2160.
#' @seealso [lr_test()], whose `exact = TRUE` is this
#' @examples
#' # 3 of 3 discordant pairs: the estimate is infinite, its interval is not
#' d <- data.frame(
#'   pair = rep(1:5, each = 2), case = rep(1:0, 5), x = c(1, 0, 1, 0, 1, 0, 1, 1, 0, 0)
#' )
#' fit <- suppressWarnings(fastclogit(case ~ x + strata(pair), data = d))
#' exact_test(fit)
#' @export
exact_test <- function(object, parm, level = 0.95, midp = FALSE, work = 1e7, ...) {
  check_no_unknown()
  if (!inherits(object, "fastclogit")) {
    input_error("`object` must be a fit by fastclogit(): found ", described(object), ".")
  }
  check_level(level, "level")
  check_flag(midp, "midp")
  check_that(is_number(work) && work > 0, work, "`work` must be a positive number")
  names <- names(object$coefficients)
  parm <- match_terms(parm, names)
  rows <- all_grouped(set_rows_at_hand(object))
  if (any(rows$response$weights != 1)) {
    input_error("exact tests count sets: `weights` have no meaning there.")
  }
  known <- which(!is.na(object$coefficients))
  x <- design_matrix(rows$design)
  found <- lapply(parm, function(j) {
    if (!j %in% known) return(exact_row(NA_real_))
    exact_of_one(x[, c(setdiff(known, j), j), drop = FALSE], rows, names[j], level, midp, work)
  })
  table <- do.call(rbind, found)
  table <- cbind(term = names[parm], table)
  rownames(table) <- names[parm]
  as_result_table(
    table, "exact_tests", "Exact conditional inference", c(
      paste0(
        format(100 * level), " % intervals by the exact conditional distribution",
        if (midp) ", mid-p", "; estimates are median-unbiased."
      )
    ), axis = "log odds ratio"
  )
}

#' @rdname exact_test
#' @param x what `exact_test()` returns.
#' @param digits the number of significant digits.
#' @export
print.exact_tests <- function(x, digits = max(3L, getOption("digits") - 3L), ...) NextMethod()

exact_row <- function(statistic, values = NA_integer_, estimate = NA_real_, low = NA_real_,
                      high = NA_real_, p = NA_real_, p_probability = NA_real_) {
  data.frame(
    statistic = statistic, values = values, estimate = estimate, conf.low = low, conf.high = high,
    p.value = p, p.probability = p_probability
  )
}

# The last column is the one asked for.
exact_of_one <- function(x, rows, name, level, midp, work) {
  grids <- lapply(seq_len(ncol(x)), function(j) on_grid(x[, j]))
  whole <- vapply(grids, `[[`, numeric(nrow(x)), "whole")
  whole <- matrix(whole, nrow(x))
  response <- rows$response
  offset <- rows$offset %||% numeric(nrow(x))
  found <- exact_sums_impl(whole, response$y, response$set, offset, work)
  if (length(found$value) == 0L) too_much_work(name, whole, response, work)
  unit <- grids[[ncol(x)]]$unit
  base <- grids[[ncol(x)]]$base * sum(response$y)
  at <- match(sum(whole[response$y == 1, ncol(x)]), found$value)
  ends <- exact_ends(found$value, found$log_ways, at, level, midp)
  observed <- unit * found$value[at] + base
  scaled <- lapply(ends[c("estimate", "low", "high")], `/`, unit)
  exact_row(
    observed, length(found$value), scaled$estimate, scaled$low, scaled$high, ends$p,
    ends$p_probability
  )
}

# x = base + unit * whole, exactly or to rounding: decimals of up to eight places, else as they are.
on_grid <- function(x) {
  base <- min(x)
  for (unit in 10^-(0:8)) {
    whole <- round((x - base) / unit)
    if (all(abs((x - base) / unit - whole) < 1e-6) && max(whole) < 2^50) {
      shared <- Reduce(greatest_divisor, unique(whole))
      return(list(whole = whole / max(shared, 1), unit = unit * max(shared, 1), base = base))
    }
  }
  unit <- (max(x) - base) / 2^40
  list(whole = round((x - base) / unit), unit = unit, base = base)
}

greatest_divisor <- function(a, b) {
  while (b > 0) {
    rest <- a %% b
    a <- b
    b <- rest
  }
  a
}

# value, log_ways: the values of the statistic and the logs of the ways to them; at: the observed.
exact_ends <- function(value, log_ways, at, level, midp) {
  if (length(value) == 1L) {
    return(list(estimate = NA_real_, low = -Inf, high = Inf, p = 1, p_probability = 1))
  }
  log_chance <- function(theta) {
    log_weight <- log_ways + theta * (value - value[at])
    log_weight - max(log_weight) - log(sum(exp(log_weight - max(log_weight))))
  }
  part <- if (midp) 0.5 else 1
  tail <- function(theta, upper) {
    chance <- exp(log_chance(theta))
    beyond <- if (upper) value > value[at] else value < value[at]
    sum(chance[beyond]) + part * chance[at]
  }
  # At which theta the tail is q; the upper tail rises with theta.
  root <- function(q, upper) {
    side <- if (at == 1L) -Inf else if (at == length(value)) Inf else 0
    last <- side == if (upper) -Inf else Inf
    if (last && !midp || midp && q == 0.5 && side != 0) return(side)
    f <- function(theta) tail(theta, upper) - q
    solve_rising(if (upper) f else function(theta) -f(theta))
  }
  alpha <- (1 - level) / 2
  low <- root(alpha, TRUE)
  high <- root(alpha, FALSE)
  middle <- c(root(0.5, TRUE), root(0.5, FALSE))
  at_zero <- exp(log_chance(0))
  list(
    estimate = if (all(is.infinite(middle))) middle[1L] else mean(middle[is.finite(middle)]),
    low = low, high = high, p = min(1, 2 * min(tail(0, TRUE), tail(0, FALSE))),
    p_probability = min(1, sum(at_zero[at_zero <= at_zero[at] * (1 + 1e-7)]))
  )
}

# The zero of a rising function; infinite where it has none.
solve_rising <- function(f) {
  reach <- 1
  while (f(-reach) > 0 && reach < 1e8) reach <- 2 * reach
  if (reach >= 1e8) return(-Inf)
  low <- -reach
  reach <- 1
  while (f(reach) < 0 && reach < 1e8) reach <- 2 * reach
  if (reach >= 1e8) return(Inf)
  stats::uniroot(f, c(low, reach), tol = 1e-13, maxiter = 10000L)$root
}

# At most as many sums as there are values, or ways to choose.
too_much_work <- function(name, whole, response, work) {
  rows <- split(seq_along(response$set), response$set)
  ways <- vapply(rows, function(at) choose(length(at), sum(response$y[at])), 0)
  spread <- vapply(rows, function(at) {
    cases <- sum(response$y[at])
    vapply(seq_len(ncol(whole)), function(j) {
      values <- sort(whole[at, j])
      sum(rev(values)[seq_len(cases)]) - sum(values[seq_len(cases)])
    }, 0)
  }, numeric(ncol(whole)))
  spread <- matrix(spread, ncol(whole))
  log_values <- function(sums) sum(log1p(sums))
  reached <- cumsum(log(ways))
  totals <- t(apply(spread, 1L, cumsum))
  if (nrow(spread) == 1L) totals <- matrix(cumsum(spread), 1L)
  states <- pmin(reached, apply(totals, 2L, log_values))
  of_set <- pmin(log(ways), apply(spread, 2L, log_values))
  most <- c(0, states[-length(states)]) + of_set
  total <- max(most) + log(sum(exp(most - max(most))))
  fit_error(
    "fastlogit_too_much_work",
    "the exact distribution of `", name, "` takes more than the ", format(work),
    " additions allowed: up to about ", format(exp(total), digits = 2L), ". Allow more by `work`",
    ", round the predictors, or use lr_test() or confint()."
  )
}
