# Whether there is anything to ask of the rows, and what they demand.

# Is there a doubt that a maximum exists? There is none where the score at the end proves it, by
# whatever method and with whatever link the fit has come there (Coordinates::certify() in the
# core). That costs nothing, and it is so for nearly all fits.
looks_separated <- function(solved, link) {
  if (all(solved$aliased)) return(FALSE)
  if (solved$status == "diverging" || !solved$certified) return(TRUE)
  !is_certain(solved, link)
}

# Are the linear predictors within bounds? Where there are none, what no row can exceed is known.
is_certain <- function(solved, link) {
  range <- solved$range
  if (is.null(range)) {
    eta <- solved$linear.predictors
    range <- if (is.null(eta)) c(-solved$reach, solved$reach) else c(min(eta), max(eta))
  }
  are_within(range[1L], range[2L], link)
}

# The least and the largest linear predictors of some fits.
are_within <- function(least, largest, link) {
  within <- predictors_within(link)
  least >= within[1L] & largest <= within[2L]
}

# link: NULL of classes.
predictors_within <- function(link) {
  certain_predictors[[link %||% "logit"]] %||% c(-6, 6)  # of a link that is not listed
}

# Where no row's residual is lost in underflow, nor its weight beyond a thousand times that: only
# large offsets lead further.
certain_predictors <- list(
  logit = c(-300, 300), probit = c(-30, 30), cloglog = c(-300, 6), cauchit = c(-1e6, 1e6),
  log = c(-300, 0), identity = c(0, 1), loglog = c(-6, 300), conditional = c(-300, 300)
)

# What each row asks of a direction: 1 and -1 that its linear predictor must not fall or rise, 0
# that it must stay. open: see open_sides().
demands <- function(response, open) {
  success <- response$y == 1
  if (!is.null(response$complement)) success <- response$complement == 0
  failure <- response$y == 0
  (success & open[["success"]]) - (failure & open[["failure"]])
}
