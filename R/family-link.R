# Links of the user's: what there is to know of their functions before a fit.
#
# A link is asked at single linear predictors, and told by its answers: whether rows have links of
# their own (a vector inside, as exposures in days), where its domain ends, in which direction its
# mean goes and how far. What cannot be told so is not claimed.

# As src/r_link.h takes it, and besides
#   limits   the means far below and far above, a row of both for each link
#   rising   do means nowhere fall as the linear predictor rises?
# rows: how many there are; NULL where they are asked for by blocks, of any size.
describe_link <- function(family, rows = NULL) {
  functions <- unclass(family)[c("linkinv", "mu.eta", "valideta")]
  by_row <- is_by_row(family, rows)
  count <- link_count(by_row, rows)
  at <- link_prober(functions, count)
  inside <- find_inside(family, at, count)
  lower <- look_outwards(at, inside, -1)
  upper <- look_outwards(at, inside, 1)
  c(functions, list(
    lower = lower$edge, upper = upper$edge, inside = inside, by_row = by_row,
    limits = cbind(lower$mean, upper$mean), rising = lower$rising && upper$rising
  ))
}

# How many links there are: rows in blocks have one.
link_count <- function(by_row, rows) if (by_row && !is.null(rows)) rows else 1L

# Do the functions give each row a link of its own? They are asked out of order, and for one alone.
is_by_row <- function(family, rows = NULL) {
  count <- if (is.null(rows)) 23L else rows
  eta <- rep_len(c(0.31, 0.83, 0.57, -0.4, 1.7, 0.12, -1.3, 2.6, 0.94), count)
  turned <- rev(seq_len(count))
  for (f in unclass(family)[c("linkinv", "mu.eta")]) {
    values <- suppressWarnings(f(eta))
    if (length(values) != count) {
      if (is.null(rows)) return(TRUE)
      wrong_length(family, length(values), rows)
    }
    held <- length(suppressWarnings(f(eta[1L])))
    if (held != 1L && !is.null(rows) && held != rows) wrong_length(family, held, rows)
    if (held != 1L) return(TRUE)
    if (!identical(suppressWarnings(f(eta[turned])), values[turned])) return(TRUE)
  }
  FALSE
}

wrong_length <- function(family, found, rows) {
  input_error(
    "the functions of the ", name_of_link(family), " link have ", counted(found, "value"), " for ",
    counted(rows, "row"), ": a link by rows has a value for each of the rows that are used (those ",
    "left by `subset` and `na.action`)."
  )
}

# A function of one linear predictor, the same in all rows: list(mean, slope), or NULL where it is
# none.
link_prober <- function(functions, count) {
  function(eta) {
    eta <- rep.int(eta, count)
    if (!all(functions$valideta(eta))) return(NULL)
    mean <- suppressWarnings(functions$linkinv(eta))
    slope <- suppressWarnings(functions$mu.eta(eta))
    if (!all(is.finite(c(mean, slope))) || any(mean < 0 | mean > 1)) return(NULL)
    list(mean = mean, slope = slope)
  }
}

# A linear predictor that every row may have: of some that are tried the one at which means change
# most.
find_inside <- function(family, at, count) {
  tried <- c(at_means(family, c(0.5, 0.75, 0.9, 0.25, 0.1), count), 0, 0.5, -0.5, 1, -1, 2, -2)
  slope <- vapply(tried, function(eta) {
    here <- at(eta)
    if (is.null(here) || any(here$mean <= 0 | here$mean >= 1)) 0 else min(abs(here$slope))
  }, 0)
  if (max(slope) > 0) return(tried[which.max(slope)])
  input_error(
    "the ", name_of_link(family), " link takes none of the linear predictors tried to a mean ",
    "between 0 and 1: check its functions."
  )
}

# Linear predictors of means, as far as `linkfun` knows any.
at_means <- function(family, means, count) {
  eta <- vapply(means, function(mean) {
    stats::median(suppressWarnings(family$linkfun(rep.int(mean, count))))
  }, 0)
  eta[is.finite(eta)]
}

# How far the domain goes from `inside` in a direction: list(edge, mean, rising), of which the first
# is infinite where means settle before they end, and the second is the last that was seen.
look_outwards <- function(at, inside, direction) {
  known <- at(inside)
  last <- inside
  rising <- all(known$slope >= 0)
  edge <- direction * Inf
  for (distance in 2^(-10:40)) {
    eta <- inside + direction * distance
    here <- at(eta)
    if (is.null(here)) {
      edge <- edge_between(at, last, eta)
      break
    }
    known <- here
    last <- eta
    rising <- rising && all(known$slope >= 0)
    if (all(abs(known$slope) * max(1, abs(eta)) < 1e-13)) break
  }
  list(edge = edge, mean = known$mean, rising = rising)
}

# By bisection, to the last digit but for one that is zero. Where a mean comes to be 0 or 1, that is
# the edge.
edge_between <- function(at, valid, invalid) {
  for (i in 1:200) {
    middle <- valid + (invalid - valid) / 2
    if (middle == valid || middle == invalid) break
    if (is.null(at(middle))) invalid <- middle else valid <- middle
  }
  edge <- if (any(at(valid)$mean %in% 0:1)) valid else invalid
  if (abs(edge) < 1e-14) 0 else edge
}

# --- checks, once at the start -------------------------------------------------------------------

# in_blocks: why all rows are not asked for together, or NULL.
check_user_link <- function(family, link, rows, in_blocks) {
  if (link$by_row && !is.null(in_blocks)) {
    input_error(
      "the ", name_of_link(family), " link gives each row a link of its own, by a vector in its ",
      "functions, and ", in_blocks, ". Fit a data frame, without `workers`."
    )
  }
  check_slopes(family, link, rows)
}

# Is `mu.eta` the derivative of `linkinv`? Told by central differences at some means; where a mean
# is next to 0 or 1 there is nothing to see.
check_slopes <- function(family, link, rows) {
  count <- link_count(link$by_row, rows)
  at <- link_prober(link, count)
  points <- at_means(family, c(0.03, 0.1, 0.25, 0.4, 0.5, 0.55, 0.7, 0.8, 0.9, 0.97), count)
  points <- unique(c(link$inside, points[points > link$lower & points < link$upper]))
  step <- 1e-5 * stats::median(c(diff(sort(points)), min(1, link$upper - link$lower)))
  for (eta in points) {
    here <- at(eta)
    above <- at(eta + step)
    below <- at(eta - step)
    if (is.null(here) || is.null(above) || is.null(below)) next
    quotient <- (above$mean - below$mean) / (2 * step)
    seen <- here$mean > 1e-6 & here$mean < 1 - 1e-6
    bad <- which(seen & abs(quotient - here$slope) > 1e-5 * abs(quotient) + 1e-9)
    if (length(bad)) wrong_slope(family, eta, here$slope[bad[1L]], quotient[bad[1L]])
  }
}

wrong_slope <- function(family, eta, slope, quotient) {
  input_error(
    "`mu.eta` of the ", name_of_link(family), " link is not the derivative of its `linkinv`: at a ",
    "linear predictor of ", format(eta, digits = 4L), " it is ", format(slope, digits = 6L),
    ", while the mean changes by ", format(quotient, digits = 6L), " a unit."
  )
}

# --- what a fit asks -----------------------------------------------------------------------------

# Linear predictors of a mean, for each row where rows have links of their own; some that is in the
# domain where a link does not reach the mean.
predictor_of_mean <- function(family, link, mean, rows = NULL) {
  if (link$by_row) mean <- rep_len(mean, rows)
  eta <- suppressWarnings(family$linkfun(mean))
  inside <- is.finite(eta) & eta > link$lower & eta < link$upper
  eta[!inside] <- link$inside
  back <- suppressWarnings(link$linkinv(eta))
  ifelse(abs(back - mean) < 1e-6, eta, link$inside)
}

# The linear predictors there are, as c(lower, upper). rows: as of describe_link().
domain_of <- function(family, rows = NULL) {
  switch(core_link(family),
    log = c(-Inf, 0), identity = c(0, 1),
    "user link" = unlist(describe_link(family, rows)[c("lower", "upper")]), c(-Inf, Inf)
  )
}

# May the linear predictor of a success rise for ever, its likelihood with it, and that of a failure
# fall? NULL where that is not known: where means do not go from 0 to 1.
open_sides <- function(family, rows = NULL) {
  link <- core_link(family)
  if (link != user_link) {
    return(c(success = !link %in% c("log", "identity"), failure = link != "identity"))
  }
  link <- describe_link(family, rows)
  far <- 1e-6
  open <- c(success = link$upper == Inf, failure = link$lower == -Inf)
  reached <- c(all(link$limits[, 2L] > 1 - far), all(link$limits[, 1L] < far))
  if (link$rising && all(reached | !open)) open
}
