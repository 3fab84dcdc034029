# Rows of matched sets that are stored: the rows of the sets that vary are written once more, set by
# set, with a column of the sets' numbers. From then on each pass streams that file, in blocks of
# whole sets (src/core/engine/set_blocks.h).

# What arrange_rows() does of stored rows. Of each row its set, its outcome and its weight are in
# memory while the file is written, and of the others some at a time.
arrange_stored_sets <- function(rows, cache) {
  known <- rows$response
  read <- function(column) read_column(rows$handle, column)
  variables <- lapply(strata_columns(rows), function(of) read(of$columns))
  y <- read(known$rows$y)
  if (!is.null(known$rows$outcome)) y <- known$rows$outcome[y]
  check_cases(y, known$name)
  weights <- if (is.null(known$rows$weights)) rep.int(1, length(y)) else read(known$rows$weights)
  found <- find_sets(variables, list(y = y, weights = weights))
  check_some_set(found, known$name)
  at <- found$at %||% seq_along(y)
  rows$ungrouped <- rows
  file <- grouped_file(rows, at, found$number, cache)
  rows$counted <- list(n = as.integer(length(y)), nevent = sum(y[weights > 0]))
  rows$sets <- sets_counted(list(sets = found))
  rows$handle <- file
  rows$design$rows <- length(at)
  rows$response$rows$set <- cache_facts(file)$columns
  rows$response$n_ok <- length(at)
  rows
}

# The model frame of all rows, in the order of the source, with the values of strata().
frame_of_stored_sets <- function(rows) {
  all <- rows$ungrouped
  frame <- stored_frame(all)
  columns <- unclass(frame)
  names <- names(all$prototype)
  sets <- names[strata_terms(all$blueprint$terms)$variables]
  columns[sets] <- lapply(strata_columns(all), function(of) {
    values <- read_column(all$handle, of$columns)
    if (is.null(of$words)) values else of$words[values]
  })
  in_order <- c(intersect(names, names(columns)), setdiff(names(columns), names))
  structure(
    columns[in_order], class = "data.frame", row.names = .row_names_info(frame, 0L),
    terms = attr(frame, "terms")
  )
}

# The rows of the source, in memory.
sets_in_memory <- function(rows, model) {
  rows_of_frame(frame_of_stored_sets(rows), rows$blueprint, model)
}

read_column <- function(handle, column) {
  stored_columns(handle, column, 1L, as.integer(cache_facts(handle)$blocks))[[1L]]
}

# The `columns` of the variables of strata(), numbers or the codes of `words`.
strata_columns <- function(rows) {
  variables <- as.list(attr(rows$blueprint$terms, "variables"))[-1L]
  names <- vapply(variables[strata_terms(rows$blueprint$terms)$variables], variable_name, "")
  lapply(names, function(name) rows$set_columns[[name]])
}

check_cases <- function(y, name) {
  bad <- which(y != 0 & y != 1)
  if (length(bad) == 0L) return(invisible())
  input_error(name, " must be 0 or 1: found ", format(y[bad[1L]]), " in ", rows_listed(bad), ".")
}

# The rows `at`, in this order, and their sets' numbers. In the folder of a cache the file stays, by
# the name of the one that it was made of.
grouped_file <- function(rows, at, number, cache) {
  old <- rows$handle
  kept <- !is.null(cache) && !is.null(old$path) && is.null(old$process)
  path <- if (kept) sub("[.]rows$", "-sets.rows", old$path) else
    tempfile("fastlogit-sets-", fileext = ".rows")
  if (kept && file.exists(path)) return(row_cache(path, TRUE))
  facts <- cache_facts(old)
  writer <- cache_writer(path, facts$columns + 1, length(at))
  done <- FALSE
  on.exit(if (!done) writer$abandon())
  for (first in seq.int(1, length(at), by = rows_at_once(facts$columns))) {
    part <- seq.int(first, min(first + rows_at_once(facts$columns) - 1, length(at)))
    writer$append(c(gathered_rows(old, at[part], facts), list(as.double(number[part]))))
  }
  writer$finish()
  done <- TRUE
  row_cache(path, kept)
}

# About 160 megabytes.
rows_at_once <- function(columns) max(1e4, floor(2e7 / columns))

# All columns of some rows, from the blocks that they lie in.
gathered_rows <- function(handle, at, facts) {
  columns <- seq_len(facts$columns)
  out <- lapply(columns, function(j) numeric(length(at)))
  block <- (at - 1) %/% facts$block_rows + 1
  for (b in sort(unique(block))) {
    here <- which(block == b)
    inside <- at[here] - (b - 1) * facts$block_rows
    values <- stored_columns(handle, columns, as.integer(b), as.integer(b))
    for (j in columns) out[[j]][here] <- values[[j]][inside]
  }
  out
}

# Workers are sent partitions of whole sets from the file, as dense rows; the scale of the columns
# and the unit of the weights are those of all rows.
set_answerer <- function(rows, core, threads) {
  engine <- rows$engine
  if (!identical(engine$rows, core)) {
    known <- rows$response$rows
    plain <- stored_problem(rows, core, 1L)
    block_rows <- cache_facts(rows$handle)$block_rows
    set <- as.integer(read_column(rows$handle, known$set))
    starts <- between_sets(
      partition_starts(length(set), coefficient_count(core, length(rows$design$names))), set
    )
    largest <- 0
    for_each_run(rows$handle, function(first, last) {
      largest <<- pmax(largest, apply(abs(stored_design(plain, first, last)), 2L, max))
    })
    heaviest <- if (!is.null(known$weights)) max(read_column(rows$handle, known$weights))
    slice_of <- function(i) {
      at <- seq(starts[i], starts[i + 1L] - 1)
      blocks <- as.integer((range(at) - 1) %/% block_rows + 1)
      inside <- at - (blocks[1L] - 1) * block_rows
      column <- function(number) {
        if (is.null(number)) return(NULL)
        stored_columns(rows$handle, number, blocks[1L], blocks[2L])[[1L]][inside]
      }
      y <- column(known$y)
      design <- as_design(stored_design(plain, blocks[1L], blocks[2L])[inside, , drop = FALSE])
      design$names <- rows$design$names
      design$largest <- list(largest)
      list(
        design = design, model = core, threads = threads,
        response = list(
          y = if (is.null(known$outcome)) y else known$outcome[y], complement = NULL,
          category = NULL, weights = column(known$weights), heaviest = heaviest,
          offset = column(rows$offset$columns), set = set[at]
        )
      )
    }
    place_partitions(engine, length(starts) - 1L, slice_of, batch = 1)
    engine$rows <- core
  }
  function(request) ask(engine, request)
}
