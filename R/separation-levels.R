# Levels of which all rows had the same outcome: individuals without variation, and the like.
#
# The indicator of such a level is a direction of recession: strict in the level's rows, zero in all
# others. Where the score of a fit of the rows that are left proves a maximum there, and no more
# columns are lost than there are such levels, the cone C is in the span of these directions, and
# where each of them is alone in some row, C asks that none is negative. No program is solved, and
# the fit of the rest is the one that the limit takes anyway. Levels are asked again once others are
# left out: a large multiple of the first directions outweighs what the next ones do to their rows.

# A list of `found`, see separation_in(), and the fit of the rest, `limit`; NULL where this does not
# settle it.
separation_of_levels <- function(solved, model, rows, solve) {
  apart <- levels_apart(model, rows)
  if (is.null(apart)) return(NULL)
  rest <- solve(list(rows = apart$rows))
  lost <- rest$aliased & !solved$aliased
  if (any(solved$aliased & !rest$aliased) || sum(lost) != nrow(apart$levels$found)) return(NULL)
  if (looks_separated(rest, model$link)) return(NULL)
  list(found = found_in_levels(apart, rows), limit = rest)
}

# The same before any fit of all rows, where no other column is aliased: the rows that are left have
# a rank less by the number of these levels at least. No iterations are left: the fit of all rows
# ends where it starts, with the levels' coefficients far out.
levels_ahead <- function(model, rows, starts, control, solve) {
  traced <- isTRUE(as.logical(control$trace))
  if (length(starts) > 1L || traced || identical(model$link, user_link)) return(NULL)
  if (!is.null(model$penalty)) return(NULL)
  if (rows$design$rows > rows_of_a_level * length(rows$design$names)) return(NULL)
  apart <- levels_apart(model, rows)
  if (is.null(apart)) return(NULL)
  rest <- solve(quietly(control), without = list(rows = apart$rows))
  if (sum(rest$aliased) != nrow(apart$levels$found) || looks_separated(rest, model$link)) {
    return(NULL)
  }
  found <- found_in_levels(apart, rows)
  times <- times_far_out(apart, model, predictors_at(rows, model, rest$coefficients))
  start <- rest$coefficients + times * unname(found$direction)
  list(found = found, limit = rest, starts = list(list(coefficients = start)))
}

# ahead: see above, or NULL.
control_after <- function(ahead, control) {
  if (is.null(ahead)) control else replace(control, "maxit", 0)
}

# Levels of more rows than this seldom have one outcome: looking for them would take longer than it
# saves.
rows_of_a_level <- 100

# How often the direction brings the rows of these levels to means within 1e-9 of their ends. A
# level's own part in the predictors of its rows is at least half of what it has there, and all of
# it where others are not to follow.
times_far_out <- function(apart, model, eta) {
  round <- apart$levels$round[apart$rows]
  demand <- apart$demand[apart$rows]
  part <- (2 * length(apart$terms))^(1 - round) / if (max(round) > 1L) 2 else 1
  far <- abs(model$family$linkfun(c(1e-9, 1 - 1e-9)))[1L + (demand > 0)]
  max((far - demand * eta[apart$rows]) / part)
}

# The levels of one outcome: a list of `levels`, see constant_levels(), the `terms` and `demand`
# they are found in, and their `rows`; NULL where there are none, or they do not tell all.
levels_apart <- function(model, rows) {
  asks <- model$kind == "binary" && are_in_memory(rows) &&
    is_mostly_zero(rows$design, many_coordinates)
  if (!asks) return(NULL)
  response <- rows$response
  open <- open_sides(model$family, length(response$y))
  terms <- indicator_terms(rows$design)
  if (is.null(open) || length(terms) == 0L) return(NULL)
  demand <- demands(response, open)
  demand[response$weights == 0] <- NA
  levels <- constant_levels(terms, demand)
  if (!can_be_told(levels, terms) || all(levels$round > 0L | is.na(demand))) return(NULL)
  list(levels = levels, terms = terms, demand = demand, rows = which(levels$round > 0L))
}

# The terms that are a factor's indicators: a list of the `code` of each row and the `column` of
# each level, NA of one that has none. That of the first level is the intercept's column less those
# of the others.
indicator_terms <- function(design) {
  if (is.null(design$terms)) return(list())
  widths <- vapply(design$terms, columns_of_term, 0, design)
  before <- cumsum(widths) - widths
  found <- lapply(seq_along(widths), function(k) {
    term <- design$terms[[k]]
    if (!is_factor_alone(term)) return(NULL)
    coding <- term$codings[[1L]]
    column <- rep(NA_integer_, coding$levels)
    column[coding$row] <- as.integer(before[k] + coding$column)
    list(code = as.integer(design$variables[[term$variables]]), column = column)
  })
  Filter(Negate(is.null), found)
}

is_factor_alone <- function(term) {
  length(term$variables) == 1L && is_indicators(term$codings[[1L]])
}

# demand: see demands(); NA where a row does not count. A list of
#   round    for each row, in which round its level was found, or 0
#   members  for each row, in how many of these levels it is
#   found    a data frame of term, level, sign and round; NULL where there are none
constant_levels <- function(terms, demand) {
  round <- members <- integer(length(demand))
  found <- NULL
  for (now in seq_along(demand)) {
    signs <- lapply(terms, function(term) {
      signs_of_levels_impl(term$code, length(term$column), demand, round)
    })
    if (!any(unlist(signs) != 0L)) break
    left <- round == 0L & !is.na(demand)
    for (k in seq_along(terms)) {
      level <- which(signs[[k]] != 0L)
      inside <- signs[[k]][terms[[k]]$code] != 0L
      round[inside & left] <- now
      members <- members + inside
      found <- rbind(found, data.frame(
        term = rep(k, length(level)), level = level, sign = signs[[k]][level],
        round = rep(now, length(level))
      ))
    }
  }
  list(round = round, members = members, found = found)
}

# Do the signs follow? Each level is alone in some row; and one without a column, whose direction
# takes those of the others, was found at once.
can_be_told <- function(levels, terms) {
  found <- levels$found
  if (is.null(found)) return(FALSE)
  all(vapply(unique(found$term), function(k) {
    own <- found[found$term == k, ]
    based <- is.na(terms[[k]]$column[own$level])
    if (any(based) && any(found$round > 1L)) return(FALSE)
    all(own$level %in% terms[[k]]$code[levels$members == 1L])
  }, NA))
}

found_in_levels <- function(apart, rows) {
  levels <- apart$levels
  terms <- apart$terms
  design <- rows$design
  columns <- length(design$names)
  up <- down <- logical(columns)
  direction <- numeric(columns)
  for (k in unique(levels$found$term)) {
    own <- levels$found[levels$found$term == k, ]
    column <- terms[[k]]$column[own$level]
    size <- own$sign * (2 * length(terms))^(1 - own$round)
    at <- !is.na(column)
    direction[column[at]] <- direction[column[at]] + size[at]
    up[column[at & own$sign > 0]] <- TRUE
    down[column[at & own$sign < 0]] <- TRUE
    for (s in own$sign[!at]) {
      others <- terms[[k]]$column[!is.na(terms[[k]]$column)]
      direction[1L] <- direction[1L] + s
      direction[others] <- direction[others] - s
      up[c(if (s > 0) 1L, if (s < 0) others)] <- TRUE
      down[c(if (s < 0) 1L, if (s > 0) others)] <- TRUE
    }
  }
  signs <- ifelse(up, Inf, ifelse(down, -Inf, 0))
  cone <- list(
    signs = replace(signs, up & down, NA), direction = direction, undecided = logical(columns)
  )
  used <- which(!is.na(apart$demand))
  found <- as_separation(cone, levels$round[used] > 0L, used, rows$names, design$labels, NULL)
  common <- which(signs != 0)
  found$cause <- cause_told(
    found, unique(rows$response$y[found$rows]), response_of(rows),
    if (nrow(levels$found) == 1L && length(common) == 1L) stats::setNames(1, design$labels[common])
  )
  found
}

# In messages.
response_of <- function(rows) {
  if (is.null(rows$blueprint)) "`y`" else response_name(rows$blueprint$terms)
}
