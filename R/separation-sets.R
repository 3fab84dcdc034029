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

# A list of `ordered`, a row for each demand, and by demand its `set`, and the rows that make it, as
# `ahead` and `behind`. A set of more than `most_pairs` pairs asks by way of a threshold (0 for the
# other row), which all cases reach and no other row passes: a coordinate more for the set, but one
# demand for each row.
set_demands <- function(x, response, most_pairs = 2000) {
  number <- response$set
  sizes <- tabulate(number)
  cases <- tabulate(number[response$y == 1], length(sizes))
  pairs <- cases * (sizes - cases)
  wide <- which(pairs > most_pairs)
  by_set <- split(seq_along(number), number)
  asked <- lapply(seq_along(by_set), function(s) {
    rows <- by_set[[s]]
    is_case <- response$y[rows] == 1
    if (s %in% wide) {
      return(cbind(ifelse(is_case, rows, 0), ifelse(is_case, 0, rows), s))
    }
    ahead <- rows[is_case]
    behind <- rows[!is_case]
    cbind(rep(ahead, each = length(behind)), rep(behind, length(ahead)), s)
  })
  asked <- do.call(rbind, asked)
  of_rows <- function(at) {
    part <- x[pmax(at, 1L), , drop = FALSE]
    if (any(at == 0)) part[at == 0, ] <- 0
    part
  }
  ordered <- of_rows(asked[, 1L]) - of_rows(asked[, 2L])
  if (length(wide)) {
    threshold <- matrix(0, nrow(asked), length(wide))
    at <- match(asked[, 3L], wide)
    by_threshold <- which(!is.na(at))
    sign <- ifelse(asked[by_threshold, 1L] > 0, -1, 1)
    threshold[cbind(by_threshold, at[by_threshold])] <- sign
    ordered <- cbind(ordered, threshold)
  }
  list(
    ordered = ordered, ahead = asked[, 1L], behind = asked[, 2L], set = asked[, 3L],
    rows = length(number)
  )
}

# The cone of the demands in some columns, with all thresholds; `strict` by demand.
cone_of_sets <- function(asked, columns, estimate = NULL) {
  thresholds <- seq_len(ncol(asked$ordered))[-seq_len(length(columns))]
  ordered <- asked$ordered
  distinct <- distinct_rows(ordered)
  nothing <- ordered[0L, , drop = FALSE]
  hint <- if (length(thresholds) == 0L) estimate
  cone <- cone_of_rows(ordered[distinct$first, , drop = FALSE], nothing, hint)
  if (is.null(cone)) return(NULL)
  cone$strict <- cone$strict[distinct$number]
  kept <- seq_along(columns)
  cone[c("direction", "signs")] <- lapply(cone[c("direction", "signs")], `[`, kept)
  if (!is.null(cone$undecided)) cone$undecided <- cone$undecided[kept]
  cone
}

# Which rows are ahead of, or behind, all that they are compared with.
rows_decided <- function(asked, strict) {
  open <- logical(asked$rows)
  open[c(asked$ahead[!strict], asked$behind[!strict])] <- TRUE
  !open
}

# What stored sets say of separation, where their rows fit into memory.
stored_set_separation <- function(rows, model, estimate) {
  size <- as.double(rows$design$rows) * length(rows$design$names)
  if (size > dense_enough) return(NULL)
  separation_by(model, sets_in_memory(rows, model), estimate)
}
