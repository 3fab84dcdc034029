# The worker's side of an engine: it holds the rows of its partitions, decoded, and answers orders.

# For each fit an environment with the rows of partitions by their numbers.
held <- new.env(parent = emptyenv())

# order: list(fit, pass, partitions, request, rows = descriptions of partitions that are new here,
# sharing = how many workers this machine has). The reply has the tags of the order and
#   answers   of the partitions that are held here, in their order
#   missing   the partitions that are not
# or an error, in words, and its classes.
answer_order <- function(order) {
  tags <- order[c("fit", "pass", "partitions")]
  tryCatch(
    c(tags, answers_to(order)),
    error = function(e) c(tags, list(error = conditionMessage(e), class = class(e)))
  )
}

answers_to <- function(order) {
  if (isTRUE(order$forget)) {
    forget_session(order$fit, held)
    forget_session(order$fit, encoded)
    return(list(answers = list(), missing = integer()))
  }
  here <- place_for(order$fit, held)
  for (key in names(order$rows)) assign(key, hold_partition(order$rows[[key]], order$sharing), here)
  keys <- as.character(order$partitions)
  present <- vapply(keys, exists, NA, envir = here, inherits = FALSE)
  list(
    answers = lapply(keys[present], function(key) answer_of(get(key, here), order$request)),
    missing = order$partitions[!present]
  )
}

# An environment for what belongs to a key.
place_for <- function(key, keys) {
  if (!exists(key, keys, inherits = FALSE)) {
    forget_session(key, keys)
    assign(key, new.env(parent = emptyenv()), keys)
  }
  get(key, keys)
}

# A session has one fit at a time; one that was interrupted could not say that it had ended.
forget_session <- function(fit, keys) {
  session <- sub("/.*", "/", fit)
  rm(list = Filter(function(key) startsWith(key, session), ls(keys)), envir = keys)
}

# part: see hold_partition(). Most questions are for the C++ core; of a source's partition also what
# was seen of it, or what a function of its rows returns.
answer_of <- function(part, request) {
  switch(request$what, read = part$read, run = request$run(part), answer_impl(part$held, request))
}

# description: list(design, response, model, threads), as fit_impl() takes rows, or that of a
# source's partition, see spread_rows(). Workers on one machine share its cores.
hold_partition <- function(description, sharing) {
  if (is.null(description$threads)) {
    description["threads"] <- list(max(1L, threads_of(NULL) %/% sharing))
  }
  part <- if (is.null(description$source)) list(problem = description) else source_part(description)
  if (!is.null(part$problem)) part$held <- hold_rows_impl(part$problem)
  part
}

# For each set of data an environment with the encoded partitions, by their numbers: they outlive
# the models that are made of them.
encoded <- new.env(parent = emptyenv())

# list(handle, seen, kinds), of which seen is NULL where a partition has no rows that are used.
encoded_partition <- function(description) {
  here <- place_for(description$data, encoded)
  key <- as.character(description$number)
  if (!exists(key, here, inherits = FALSE)) assign(key, read_partition(description), here)
  get(key, here)
}

read_partition <- function(description) {
  known <- description$family
  # Responses are the same under all links.
  family <- if (!is.null(known)) getExportedValue("stats", known)()
  tryCatch(
    {
      read <- as_in_session(description$session, encoded_rows(
        description$source, description$spec, description$coding, family, description$cache
      ))
      c(read, list(kinds = read$seen$kinds))
    },
    fastlogit_no_rows = function(e) list(handle = NULL, seen = NULL, kinds = e$kinds)
  )
}

# A partition of a source: what was `read` of it or, once there is a model, its `rows` and the
# `problem` that the C++ core has to solve with them.
source_part <- function(description) {
  part <- encoded_partition(description)
  if (is.null(description$rows)) {
    seen <- if (!is.null(part$seen)) without_environments(part$seen)
    return(list(read = list(seen = seen, kinds = part$kinds)))
  }
  rows <- rows_in_part(description$rows, part$seen)
  rows$handle <- part$handle
  problem <- stored_problem(
    rows, description$model, description$threads, list(direction = description$leave_out)
  )
  list(rows = rows, problem = problem)
}

# With the tables from the codes of a partition, whose dictionaries are its own.
rows_in_part <- function(rows, seen) {
  names <- names(rows$levels)
  for (i in seq_along(rows$design$variables)) {
    if (is.null(rows$design$variables[[i]]$table)) next
    words <- seen$variables[[names[i]]]$words
    rows$design$variables[[i]]$table <- match(words, rows$levels[[i]], 0L)
  }
  words <- seen$response$dictionary$words
  known <- rows$response
  if (!is.null(known$rows$outcome)) {
    rows$response$rows$outcome <- as.numeric(!words %in% known$levels[1L])
  }
  if (!is.null(known$rows$classes)) {
    rows$response$rows$classes <- match(words, known$levels, 1L) - 1L
  }
  c(list(class = stored_class), rows)
}
