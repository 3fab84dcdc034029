# Separation in words: which estimates are infinite, and why.

# Such as: the estimate of `a` is +Inf, those of `b`, `c` are -Inf; the data leave `d` open.
estimates_told <- function(found) {
  names <- flat_names(found)
  values <- flat_values(found)
  of <- function(names, value, first) {
    if (length(names) == 0L) return(NULL)
    one <- length(names) == 1L
    noun <- if (first) paste0("the estimate", if (!one) "s") else if (one) "that" else "those"
    paste0(noun, " of ", named_shortly(names), if (one) " is " else " are ", value)
  }
  up <- names[!is.na(values) & values == Inf]
  down <- names[!is.na(values) & values == -Inf]
  open <- setdiff(names[is.na(values)], found$undecided)
  infinite <- paste(c(of(up, "+Inf", TRUE), of(down, "-Inf", length(up) == 0L)), collapse = ", ")
  left_open <- if (length(open)) paste0("the data leave ", named_shortly(open), " open")
  not_decided <- if (length(found$undecided)) {
    paste(named_shortly(found$undecided), if (length(found$undecided) == 1L) "is" else "are",
          "not decided")
  }
  paste(c(if (nzchar(infinite)) infinite, left_open, not_decided), collapse = "; ")
}

undecided_told <- function(found, before) {
  if (length(found$undecided) == 0L) return("")
  paste0(
    before, "Not decided, as fits did not tell and linear programs would take too long: ",
    named_shortly(found$undecided), "."
  )
}

# Infinite ones as such, the others as those of the rows that are left. found: NULL of a fit that is
# not separated.
estimates_in_limit <- function(estimates, found) {
  if (is.null(found)) return(estimates)
  if (!is.null(found$limit)) {
    estimates[!is.na(estimates)] <- found$limit$coefficients[!is.na(estimates)]
  }
  affected <- is.na(found$coefficients) | found$coefficients != 0
  estimates[affected] <- found$coefficients[affected]
  estimates
}

affected_estimates <- function(found) {
  values <- flat_values(found)
  flat_names(found)[is.na(values) | values != 0]
}

# Class by class.
flat_values <- function(found) {
  coefficients <- all_coefficients(found)
  as.vector(if (is.matrix(coefficients)) t(coefficients) else coefficients)
}

# Of ordered classes with the cut-points.
all_coefficients <- function(found) {
  if (inherits(found, "fastordinal")) c(found$coefficients, found$zeta) else found$coefficients
}

flat_names <- function(found) {
  coefficients <- all_coefficients(found)
  if (is.matrix(coefficients)) return(coefficient_names(coefficients))
  if (is.null(names(coefficients))) seq_along(coefficients) else names(coefficients)
}

named_shortly <- function(names) {
  if (length(names) <= 6L) return(quoted(names))
  paste0(quoted(names[1:5]), ", ... (", length(names), " in all)")
}

# "13 rows, all with HG = 1, have NV = 1". ranges: of separated rows and others, see ranges_of().
cause_of <- function(found, ranges, name) {
  if (found$kind == "none") return("")
  if (found$kind == "complete") return(rows_apart(found))
  value <- ranges$separated[1L, ]
  affected <- is.na(found$coefficients) | found$coefficients != 0
  common <- which(
    affected & value != 0 & ranges$separated[2L, ] == value &
      (ranges$others[1L, ] != value | ranges$others[2L, ] != value)
  )
  labels <- names(found$coefficients)
  known <- length(common) <= 3L && !is.null(labels)
  cause_told(
    found, unique(ranges$outcome), name,
    if (known) stats::setNames(value[common], labels[common])
  )
}

# outcome: those of the separated rows. common: what they have and others have not, by column.
cause_told <- function(found, outcome, name, common) {
  response <- gsub("^the response |`", "", name)
  same <- if (length(outcome) == 1L) paste0(", all with ", response, " = ", outcome, ",")
  if (length(common) == 0L) return(paste0(rows_apart(found), sub(",$", "", same)))
  one <- found$separated == 1
  paste0(
    counted(found$separated, "row"), same, if (one) " has " else " have ",
    paste0(names(common), " = ", vapply(common, format, ""), collapse = ", ")
  )
}

# The least and the largest value of each column in separated rows, and in the others; the least and
# the largest outcome of separated rows.
ranges_of <- function(x, y, separated) {
  list(
    separated = column_ranges(x, separated), others = column_ranges(x, !separated),
    outcome = if (any(separated)) range(y[separated])
  )
}

joined_ranges <- function(a, b) {
  join <- function(a, b) rbind(pmin(a[1L, ], b[1L, ]), pmax(a[2L, ], b[2L, ]))
  list(
    separated = join(a$separated, b$separated), others = join(a$others, b$others),
    outcome = c(a$outcome, b$outcome)
  )
}

# Of some rows, 2 x p; the columns of none go from Inf to -Inf.
column_ranges <- function(x, rows) {
  none <- rbind(rep(Inf, ncol(x)), -Inf)
  if (!any(rows)) return(none)
  if (is.matrix(x)) return(vapply(seq_len(ncol(x)), function(j) range(x[rows, j]), numeric(2)))
  x <- x[rows, , drop = FALSE]
  entries <- methods::as(x, "TsparseMatrix")
  upwards <- order(entries@x)
  downwards <- rev(upwards)
  zero <- tabulate(entries@j + 1L, ncol(x)) < nrow(x)
  none[1L, entries@j[downwards] + 1L] <- entries@x[downwards]
  none[2L, entries@j[upwards] + 1L] <- entries@x[upwards]
  none[1L, zero] <- pmin(none[1L, zero], 0)
  none[2L, zero] <- pmax(none[2L, zero], 0)
  none
}

rows_apart <- function(found) {
  some <- paste0(format(found$separated, scientific = FALSE), " of ")
  paste0(
    "the classes are told apart in ", if (found$separated == found$used) "all " else some,
    counted(found$used, "row")
  )
}

decided <- function(found, model) {
  if (!is.null(found)) return(found)
  if (identical(model$link, user_link)) {
    fit_error(
      "fastlogit_not_decided",
      "whether estimates are infinite is not known under the ", name_of_link(model$family),
      " link: its means do not rise from 0 to 1."
    )
  }
  fit_error(
    "fastlogit_not_decided",
    "whether there is separation could not be decided: the design is too large for linear ",
    "programs, and no fit of some rows converges. Drop nearly dependent columns."
  )
}

# --- the object ----------------------------------------------------------------------------------

# separated: which of the rows used. labels of a vector, or dimnames of a matrix by classes.
as_separation <- function(cone, separated, used, row_names, labels, by_class) {
  kind <- if (!any(separated)) "none" else if (all(separated)) "complete" else "quasi-complete"
  rows <- used[separated]
  names(rows) <- row_names[rows]
  counts <- list(separated = length(rows), used = length(used))
  new_separation(kind, cone, rows, counts, labels, by_class)
}

new_separation <- function(kind, cone, rows, counts, labels, by_class) {
  found <- c(
    list(
      kind = kind, coefficients = shaped(cone$signs, labels, by_class), rows = rows,
      direction = shaped(cone$direction, labels, by_class)
    ),
    counts, list(cause = "")
  )
  found$undecided <- as.character(flat_names(found)[cone$undecided > 0])
  structure(found, class = "separation")
}

no_separation <- function(labels, by_class, used) {
  zero <- numeric(if (is.null(by_class)) length(labels) else prod(lengths(by_class)))
  cone <- list(signs = zero, direction = zero, undecided = zero > 0)
  as_separation(cone, logical(used), seq_len(used), NULL, labels, by_class)
}

# Of rows that are stored.

nothing_found <- function(rows) {
  design <- rows$design
  found <- no_separation(design$labels, class_dimnames(rows), 0L)
  found$used <- rows$response$n_ok
  found
}

class_dimnames <- function(rows) {
  levels <- rows$response$levels
  if (is.null(rows$response$by_class)) return(NULL)
  list(levels[-1L], rows$design$labels)
}

as_stored_separation <- function(cone, answer, rows, kept) {
  labels <- rows$design$labels
  classes <- length(cone$direction) / length(kept)
  spread <- function(values) {
    all <- matrix(0, length(labels), classes)
    all[kept, ] <- values
    as.vector(all)
  }
  apart <- if (classes > 1) answer$apart else answer$separated
  by_class <- class_dimnames(rows)
  # Rows are left out by their linear predictors in this direction, see core/engine/stored_rows.h:
  # those of the others are rounding.
  size <- sqrt(answer$least * max(answer$most, 1e-12 * answer$least))
  cone$direction <- cone$direction * leaves_out / size
  spread_out <- lapply(cone[c("signs", "direction", "undecided")], spread)
  kind <- if (apart == answer$used) "complete" else "quasi-complete"
  counts <- answer[c("separated", "used")]
  found <- new_separation(kind, spread_out, answer$named, counts, labels, by_class)
  found$cause <- if (is.null(by_class)) {
    cause_of(found, answer$ranges, rows$response$name)
  } else {
    rows_apart(found)
  }
  found
}

leaves_out <- 1e-9
