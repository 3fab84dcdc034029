# From changes of variables to linear maps: where a variable is replaced, each column of the design
# becomes a combination of columns of the row as it is, as x:f becomes x where f is at a level, and
# x + 1 is x and the intercept's column. So a predictor after the change is the row's own at other
# coefficients, and one pass over rows, wherever they are, answers for all changes. Columns that
# are not there yet, such as those of a spline at x + 1, are added to the design.

# A list of
#   maps      for each change the vectors i, j and x, by which the columns j of the design become x
#             times those of i, and `constant`, a number, after which comes a column that is added
#   terms     the terms that are added to the design, with their variables `extra`, of which
#             extra_values() has the values
#   columns   how many columns there are then
map_changes <- function(facts, changes) {
  layout <- new_layout(facts)
  maps <- lapply(changes, function(change) {
    if (is.null(change)) return(identity_map(facts))
    of_terms <- lapply(seq_along(facts$blueprint$pieces), function(k) map_term(layout, k, change))
    map <- list(
      i = unlist(lapply(of_terms, `[[`, "i")), j = unlist(lapply(of_terms, `[[`, "j")),
      x = as.double(unlist(lapply(of_terms, `[[`, "x")))
    )
    if (change$offset) {
      map$constant <- place_term(layout, as_term(place_extra(layout, 0L, change), list(NULL)))
    }
    map
  })
  list(maps = maps, terms = layout$terms, extra = layout$extra, columns = layout$columns)
}

identity_map <- function(facts) {
  columns <- seq_along(facts$blueprint$columns)
  list(i = columns, j = columns, x = rep.int(1, length(columns)))
}

as_term <- function(variables, codings) list(variables = variables, codings = codings)

# What is in the design, and what is added to it.
new_layout <- function(facts) {
  widths <- vapply(facts$blueprint$pieces, term_width, 0, facts$widths)
  list2env(list(
    facts = facts, first = cumsum(c(0, widths)), widths = facts$widths,
    columns = length(facts$blueprint$columns), terms = list(), extra = list()
  ))
}

term_width <- function(term, widths) {
  prod(vapply(seq_along(term$variables), function(k) {
    as.double(width_of(term$codings[[k]], widths[term$variables[k]]))
  }, 0))
}

width_of <- function(coding, width) {
  if (is.null(coding)) width else if (is.list(coding)) coding$columns else ncol(coding)
}

# Before the first column of a term, which may be one of the design.
place_term <- function(layout, term) {
  known <- c(layout$facts$blueprint$pieces, layout$terms)
  for (k in seq_along(known)) {
    if (identical(known[[k]]$variables, term$variables) &&
          identical(known[[k]]$codings, term$codings)) {
      return(layout$first[k])
    }
  }
  before <- layout$columns
  layout$terms <- c(layout$terms, list(term))
  layout$columns <- before + term_width(term, layout$widths)
  layout$first <- c(layout$first[seq_along(known)], before, layout$columns)
  before
}

# The position of a variable that is added: what the change makes of the variable `of`, or of the
# offset (0).
place_extra <- function(layout, of, change) {
  wanted <- list(of = of, change = change[c("kind", "raw")])
  for (k in seq_along(layout$extra)) {
    if (identical(layout$extra[[k]], wanted)) return(length(layout$facts$calls) + k)
  }
  layout$extra <- c(layout$extra, list(wanted))
  layout$widths <- c(layout$widths, if (of == 0L) 1L else layout$facts$widths[of])
  length(layout$facts$calls) + length(layout$extra)
}

# --- a term ---------------------------------------------------------------------------------------

# Its columns after the change (of a slope, their derivatives): list(i, j, x).
map_term <- function(layout, k, change) {
  term <- layout$facts$blueprint$pieces[[k]]
  own <- layout$first[k] + seq_len(term_width(term, layout$facts$widths))
  fixed <- lapply(term$variables, function(i) change$fixed[[as.character(i)]])
  moved <- which(term$variables %in% change$moved)
  rows <- lapply(seq_along(fixed), function(m) {
    if (is.null(fixed[[m]]) || is.null(term$codings[[m]])) return(fixed[[m]])
    coding_row(term$codings[[m]], fixed[[m]])
  })
  changed <- length(moved) > 0L || any(lengths(rows) > 0L)
  if (change$kind == "slope") {
    parts <- lapply(moved, function(m) map_slope(layout, term, m, change))
  } else if (!changed) {
    return(list(i = own, j = own, x = rep.int(1, length(own))))
  } else if (change$kind == "step" && length(moved) == 1L && is_own(layout, term, moved, change)) {
    rows[[moved]] <- 1
    parts <- list(list(from = own, x = rep.int(1, length(own))), map_product(layout, term, rows))
  } else {
    term$variables[moved] <- vapply(
      term$variables[moved], function(i) place_extra(layout, i, change), 0L
    )
    parts <- list(map_product(layout, term, rows))
  }
  list(
    i = unlist(lapply(parts, `[[`, "from")), j = rep.int(own, length(parts)),
    x = unlist(lapply(parts, `[[`, "x"))
  )
}

# One factor of a product is derived, as (uv)' = u'v + uv'.
map_slope <- function(layout, term, m, change) {
  rows <- vector("list", length(term$variables))
  if (is_own(layout, term, m, change)) {
    rows[[m]] <- 1
  } else {
    term$variables[m] <- place_extra(layout, term$variables[m], change)
  }
  map_product(layout, term, rows)
}

# Is the term's m-th variable the one that changes, itself?
is_own <- function(layout, term, m, change) {
  identical(layout$facts$calls[[term$variables[m]]], as.name(change$raw))
}

# rows: for each variable of the term NULL, or what it is in all rows, a number for each of its
# columns. Then each column is one of the product of the other variables, times a number.
map_product <- function(layout, term, rows) {
  at <- 1
  x <- 1
  stride <- 1
  for (m in seq_along(rows)) {
    if (is.null(rows[[m]])) {
      width <- width_of(term$codings[[m]], layout$widths[term$variables[m]])
      at <- as.vector(outer(at, (seq_len(width) - 1) * stride, `+`))
      x <- rep.int(x, width)
      stride <- stride * width
    } else {
      at <- rep.int(at, length(rows[[m]]))
      x <- as.vector(outer(x, rows[[m]]))
    }
  }
  kept <- vapply(rows, is.null, NA)
  rest <- if (any(kept)) as_term(term$variables[kept], term$codings[kept]) else intercept_piece
  list(from = place_term(layout, rest) + at, x = x)
}

# What a level has in the columns of a coding.
coding_row <- function(coding, code) {
  if (!is.list(coding)) return(coding[code, ])
  row <- numeric(coding$columns)
  here <- coding$row == code
  row[coding$column[here]] <- coding$value[here]
  row
}

# --- applied --------------------------------------------------------------------------------------

# The coefficients after the change, columns x q. beta: p x q; offset: what an offset counts as.
mapped_point <- function(map, beta, columns, offset = 1) {
  point <- sums_at(map$x * beta[map$j, , drop = FALSE], map$i, columns)
  if (!is.null(map$constant)) point[map$constant + 1L, ] <- point[map$constant + 1L, ] + offset
  point
}

# Gradients in the p columns of the fit, predictor by predictor; of those in all columns.
mapped_back <- function(map, gradients, columns, p) {
  gradients <- matrix(gradients, columns)
  sums_at(map$x * gradients[map$i, , drop = FALSE], map$j, p)
}

# Rows of a matrix added up by where they belong, of `size` places.
sums_at <- function(x, at, size) {
  out <- matrix(0, size, ncol(x))
  if (length(at)) out[unique(at), ] <- rowsum(x, at, reorder = FALSE)
  out
}
