# The worker's side of an engine: it holds the rows of its partitions, decoded, and answers orders.

# For each fit an environment with the rows of partitions by their numbers.
held <- new.env(parent = emptyenv())

# What is sent to workers: small, as it goes with every order.
answer_order_here <- function(order) answer_order(order)

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
  if (!exists(order$fit, held, inherits = FALSE)) {
    forget_session(order$fit, held)
    assign(order$fit, new.env(parent = emptyenv()), held)
  }
  here <- get(order$fit, held)
  for (key in names(order$rows)) {
    assign(key, hold_partition(order$rows[[key]], order$sharing), here)
  }
  keys <- as.character(order$partitions)
  present <- vapply(keys, exists, NA, envir = here, inherits = FALSE)
  list(
    answers = lapply(keys[present], function(key) answer_of(get(key, here), order$request)),
    missing = order$partitions[!present]
  )
}

# A session has one fit at a time; one that was interrupted could not say that it had ended.
forget_session <- function(fit, keys) {
  session <- sub("/.*", "/", fit)
  rm(list = Filter(function(key) startsWith(key, session), ls(keys)), envir = keys)
}

# part: see hold_partition(). Most questions are for the C++ core; of a source's partition also what
# was seen of it, or what a function of its rows returns.
answer_of <- function(part, request) {
  switch(request$what,
    read = part$read,
    run = request$run(part),
    answer_impl(part$held, request)
  )
}

# description: list(design, response, model, threads), as fit_impl() takes rows, or that of a
# source's partition, see spread_rows(). Workers on one machine share its cores.
hold_partition <- function(description, sharing) {
  if (is.null(description$threads)) {
    description["threads"] <- list(max(1L, default_threads_impl() %/% sharing))
  }
  part <- if (is.null(description$source)) {
    list(problem = description)
  } else {
    source_part(description)
  }
  if (!is.null(part$problem)) part$held <- hold_rows_impl(part$problem)
  part
}
