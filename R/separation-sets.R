# What matched sets say of separation. A direction is one of recession if along it no case of a set
# falls behind any of its other rows: x_case'b >= x_other'b. What is strict takes rows out of the
# sets: a case that is ahead of all others, and a row that all cases are ahead of, are decided;
# those that are tied remain.

separation_by.strata_model <- function(model, rows, estimate) {
  read <- all_grouped(rows)
  used <- rows$sets$at %||% seq_len(read$design$rows)
  asked <- set_demands(set_design(read$design), read$response)
  cone <- cone_of_sets(asked, seq_along(read$design$names), estimate)
  if (is.null(cone)) return(NULL)
  found <- as_separation(
    cone, rows_decided(asked, cone$strict), used, rows$names, read$design$labels, NULL
  )
  if (found$kind != "none") {
    apart <- length(unique(asked$set[cone$strict]))
    found$cause <- paste0(
      "cases are told from others in ", if (apart == length(rows$sets$size)) "all " else
        paste0(apart, " of "), counted(length(rows$sets$size), "set")
    )
  }
  found
}

set_design <- function(design) used_rows_of(design, seq_len(design$rows))

# For each demand its `set`, and the rows that make it, as `ahead` and `behind`; and `rows(at)`,
# some demands as rows. A set of more than `most_pairs` pairs asks by way of a threshold (0 for the
# other row), which all cases reach and no other row passes: a coordinate more for the set, but one
# demand for each row.
set_demands <- function(x, response, most_pairs = 2000) {
  sizes <- tabulate(response$set)
  cases <- tabulate(response$set[response$y == 1], length(sizes))
  wide <- as.double(cases) * (sizes - cases) > most_pairs
  asked <- compared_rows(response$set, response$y == 1, wide)
  list(
    rows = function(at) set_demand_rows(x, lapply(asked, `[`, at), which(wide)),
    ahead = asked$ahead, behind = asked$behind, set = asked$set, count = length(response$set),
    thresholds = sum(wide), columns = ncol(x)
  )
}

# All cases with all others of their sets; of a wide set each row alone.
compared_rows <- function(set, is_case, wide) {
  by_set <- order(set)
  cases <- by_set[is_case[by_set] & !wide[set[by_set]]]
  others <- by_set[!is_case[by_set]]
  count <- tabulate(set[others], length(wide))
  of_case <- count[set[cases]]
  before <- (cumsum(count) - count)[set[cases]]
  alone <- which(wide[set])
  ahead <- c(rep(cases, of_case), ifelse(is_case[alone], alone, 0L))
  behind <- c(others[rep(before, of_case) + sequence(of_case)], ifelse(is_case[alone], 0L, alone))
  list(ahead = ahead, behind = behind, set = set[pmax(ahead, behind)])
}

# asked: see compared_rows(). wide: the sets that have a threshold.
set_demand_rows <- function(x, asked, wide) {
  of_rows <- function(at) {
    part <- x[pmax(at, 1L), , drop = FALSE]
    if (any(at == 0L)) part[at == 0L, ] <- 0
    part
  }
  ordered <- of_rows(asked$ahead) - of_rows(asked$behind)
  if (length(wide) == 0L) return(ordered)
  threshold <- matrix(0, length(asked$set), length(wide))
  at <- match(asked$set, wide)
  by_threshold <- which(!is.na(at))
  sign <- ifelse(asked$ahead[by_threshold] > 0L, -1, 1)
  threshold[cbind(by_threshold, at[by_threshold])] <- sign
  cbind(ordered, threshold)
}

# The cone of the demands in some columns, with all thresholds; `strict` by demand.
cone_of_sets <- function(asked, columns, estimate = NULL) {
  moving <- moving_columns(asked, columns)
  hint <- if (asked$thresholds == 0L) estimate
  make <- function(at) asked$rows(at)[, moving, drop = FALSE]
  cone <- cone_as_made(length(asked$set), make, hint)
  if (is.null(cone)) return(NULL)
  kept <- seq_along(columns)
  of_columns <- c("direction", "signs", "undecided")
  cone[of_columns] <- lapply(cone[of_columns], `[`, kept)
  cone
}

# With all thresholds.
moving_columns <- function(asked, columns) c(columns, asked$columns + seq_len(asked$thresholds))

# Which rows are ahead of, or behind, all that they are compared with.
rows_decided <- function(asked, strict) {
  open <- logical(asked$count)
  open[c(asked$ahead[!strict], asked$behind[!strict])] <- TRUE
  !open
}

# What stored sets say of separation, where their rows fit into memory.
stored_set_separation <- function(rows, model, estimate) {
  size <- as.double(rows$design$rows) * length(rows$design$names)
  if (size > dense_enough) return(NULL)
  separation_by(model, sets_in_memory(rows, model), estimate)
}
